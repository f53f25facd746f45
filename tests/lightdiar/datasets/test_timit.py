import numpy as np

import lightdiar
from lightdiar.datasets.manifest import manifest
from lightdiar.datasets.rows import Clip

HEADER = """\
NIST_1A
   1024
database_id -s5 TIMIT
database_version -s3 1.0
utterance_id -s8 cjf0_sa1
channel_count -i 1
sample_count -i 8000
sample_rate -i 16000
sample_min -i -2191
sample_max -i 2790
sample_n_bytes -i 2
sample_byte_format -s2 01
sample_sig_bits -i 16
end_head
"""
SAMPLES = np.arange(-4000, 4000, dtype="<i2")
SPHERE = HEADER.encode().ljust(1024) + SAMPLES.tobytes()


def test_the_first_letter_says_woman_or_man(dataset, reasons):
    folder = dataset(
        {
            "TRAIN/DR1/FCJF0/SA1.WAV": SPHERE,
            "TRAIN/DR1/FCJF0/SA1.WAV.wav": 0.5,  # as in copies
            "TRAIN/DR1/FCJF0/SA1.TXT": "0 46797 She had your dark suit in greasy wash water all year.\n",
            "test/dr8/mpam0/sx19.wav": 0.25,
            "DOC/hello.wav": 1,
        }
    )
    found = manifest(folder)
    assert found.kind == "timit"
    assert found.rows == (
        Clip(folder / "TRAIN/DR1/FCJF0/SA1.WAV", "FCJF0", "F", 0.5, "en"),
        Clip(folder / "test/dr8/mpam0/sx19.wav", "MPAM0", "M", 0.25, "en"),
    )
    assert reasons(found) == {
        "DOC/hello.wav": "not in DRn/SPEAKER",
        "TRAIN/DR1/FCJF0/SA1.WAV.wav": "the same utterance as another file",
    }


def test_its_files_can_be_read(dataset):
    folder = dataset({"TRAIN/DR1/FCJF0/SA1.WAV": SPHERE})
    audio = lightdiar.read(folder / "TRAIN/DR1/FCJF0/SA1.WAV")
    assert audio.sample_rate == 16000
    assert (audio.samples * 32768 == SAMPLES).all()
