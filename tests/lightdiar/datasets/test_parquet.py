import builtins
import io

import numpy as np
import pytest
import soundfile

from lightdiar.datasets.manifest import manifest
from lightdiar.datasets.rows import Conversation
from lightdiar.errors import FormatError
from lightdiar.io.rttm import read_rttm
from lightdiar.timeline import Turn

pyarrow = pytest.importorskip("pyarrow")


def wav(seconds):
    file = io.BytesIO()
    soundfile.write(file, np.zeros(round(16000 * seconds)), 16000, format="WAV")
    return file.getvalue()


def record(path, seconds=2.0, starts=(0.4, 1.2), ends=(1.4, 1.7), speakers=("spk00", "spk01")):
    sound = {"bytes": wav(seconds) if seconds else None, "path": path}
    return {"audio": sound, "timestamps_start": starts, "timestamps_end": ends, "speakers": speakers}


SCHEMA = pyarrow.schema(
    {
        "audio": pyarrow.struct({"bytes": pyarrow.binary(), "path": pyarrow.string()}),
        "timestamps_start": pyarrow.list_(pyarrow.float64()),
        "timestamps_end": pyarrow.list_(pyarrow.float64()),
        "speakers": pyarrow.list_(pyarrow.string()),
    }
)


@pytest.fixture
def copy(tmp_path):
    """Write records into Parquet files as a copy of VoxConverse has them; its folder."""

    def write(**files):
        from pyarrow.parquet import write_table

        (tmp_path / "set/data").mkdir(parents=True)
        for name, records in files.items():
            write_table(pyarrow.Table.from_pylist(records, SCHEMA), tmp_path / f"set/data/{name}.parquet")
        return tmp_path / "set"

    return write


def test_sounds_and_turns_are_taken_out_as_they_are(copy, tmp_path):
    folder = copy(dev=[record("abjxc.wav")], test=[record("aepyx.wav", 3.0, (0.5,), (2.0,), ("spk07",))])
    out = tmp_path / "m"
    found = manifest(folder, extract=out)
    assert (found.kind, found.unplaced) == ("parquet", ())
    assert found.rows == (
        Conversation(out / "abjxc.wav", out / "abjxc.rttm", 2, 2.0),
        Conversation(out / "aepyx.wav", out / "aepyx.rttm", 1, 3.0),
    )
    assert (out / "abjxc.wav").read_bytes() == wav(2.0)
    assert read_rttm(out / "abjxc.rttm")["abjxc"].turns == (Turn(0.4, 1.4, "spk00"), Turn(1.2, 1.7, "spk01"))


def test_names_from_strangers_stay_in_the_folder_and_differ(copy, tmp_path):
    paths = ["/data/one.wav", "../../two.wav", "C:\\x\\three.wav", None, "ONE.wav", "con.wav", "a\x1b.wav"]
    found = manifest(copy(dev=[record(path) for path in paths]), extract=tmp_path / "m")
    names = ["a", "dev-00003", "dev-00004", "dev-00005", "one", "three", "two"]
    assert [row.path for row in found.rows] == [tmp_path / f"m/{name}.wav" for name in names]


def test_records_that_are_of_no_use_are_listed(copy, reasons, tmp_path):
    folder = copy(
        dev=[
            record("good.wav"),
            record("gone.wav", None),
            record("odd.wav", speakers=("spk00",)),
            record("back.wav", ends=(0.1, 1.7)),
            record("other.wav", 1.0),  # shorter than when somebody begins to speak
            record("zero.wav", starts=(0.4, 1.7)),  # a turn of no length is none
            record("noise.wav") | {"audio": {"bytes": b"no sound", "path": None}},
        ]
    )
    found = manifest(folder, extract=tmp_path / "m")
    assert [(row.path.name, row.speakers) for row in found.rows] == [("good.wav", 2), ("zero.wav", 1)]
    assert reasons(found) == {
        "data/dev.parquet, record 1 (gone)": "holds no sound, only where it was",
        "data/dev.parquet, record 2 (odd)": "has not as many speakers as times",
        "data/dev.parquet, record 3 (back)": "has turns that cannot be read: the end lies 0.3 s before the start",
        "data/dev.parquet, record 4 (other)": "somebody begins to speak after its end: the turns may be of another "
        "recording",
        "data/dev.parquet, record 6 (dev-00006)": "holds no sound that can be read",
    }
    written = sorted(path.name for path in (tmp_path / "m").iterdir())
    assert written == ["good.rttm", "good.wav", "zero.rttm", "zero.wav"]


def test_other_parquet_is_refused(tmp_path):
    from pyarrow.parquet import write_table

    (tmp_path / "set").mkdir()
    write_table(pyarrow.table({"audio": [b""], "text": ["x"]}), tmp_path / "set/a.parquet")
    with pytest.raises(FormatError, match="a.parquet: no column timestamps_start, timestamps_end, speakers; it needs"):
        manifest(tmp_path / "set", extract=tmp_path / "m")
    (tmp_path / "set/a.parquet").write_bytes(b"PAR1 rubbish PAR1")
    with pytest.raises(FormatError, match="a.parquet: not Parquet that can be read: "):
        manifest(tmp_path / "set", extract=tmp_path / "m")


def test_without_pyarrow_it_says_what_to_install(copy, tmp_path, monkeypatch):
    folder = copy(dev=[record("abjxc.wav")])
    real = builtins.__import__

    def without(name, *arguments, **options):
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r'dev.parquet: needs pyarrow: pip install "lightdiar\[tables\]"'):
        manifest(folder, extract=tmp_path / "m")
