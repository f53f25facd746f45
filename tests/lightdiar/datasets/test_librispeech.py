import pytest

from lightdiar.datasets.manifest import manifest
from lightdiar.datasets.rows import Clip
from lightdiar.errors import FormatError

SPEAKERS = """\
; Some pipe(|) separated metadata about all LibriVox readers, whose work was used
;
;ID  |SEX| SUBSET           |MINUTES| NAME
14   | F | train-clean-360  | 25.03 | Kristin LeMoine
60   | M | train-clean-100  | 20.18 | |CBW|Simon
"""


def librispeech(speakers=SPEAKERS):
    return {
        "SPEAKERS.TXT": speakers,
        "BOOKS.TXT": "; about books",
        "train-clean-360/14/208/14-208-0000.flac": 0.5,
        "train-clean-360/14/208/14-208.trans.txt": "14-208-0000 CHAPTER ONE\n",
        "train-clean-100/60/121082/60-121082-0000.flac": 0.25,
        "train-clean-100/61/70968/61-70968-0000.flac": 1,
    }


def test_genders_come_from_speakers_txt_also_behind_names_with_bars(dataset):
    folder = dataset(librispeech())
    found = manifest(folder)
    assert found.kind == "librispeech"
    assert found.rows == (
        Clip(folder / "train-clean-100/60/121082/60-121082-0000.flac", "60", "M", 0.25, "en"),
        Clip(folder / "train-clean-100/61/70968/61-70968-0000.flac", "61", "", 1.0, "en"),  # not in the table
        Clip(folder / "train-clean-360/14/208/14-208-0000.flac", "14", "F", 0.5, "en"),
    )
    assert found.unplaced == ()


def test_one_subset_finds_the_table_above_it(dataset):
    folder = dataset(librispeech())
    assert [row.gender for row in manifest(folder / "train-clean-360").rows] == ["F"]


def test_sounds_that_lie_elsewhere_are_listed(dataset, reasons):
    files = librispeech() | {"extra/14-208-0001.flac": 1, "train-clean-100/60/121082/60-121082-0001.flac": b""}
    assert reasons(manifest(dataset(files))) == {
        "extra/14-208-0001.flac": "not named SPEAKER/CHAPTER/SPEAKER-CHAPTER-...",
        "train-clean-100/60/121082/60-121082-0001.flac": "is empty (0 bytes)",
    }


@pytest.mark.parametrize("line", ["14 | female | train | 25.03 | Ann", "14 F train 25.03 Ann", "14 | F"])
def test_a_broken_line_of_the_table_is_refused(dataset, line):
    with pytest.raises(FormatError, match=r"SPEAKERS.TXT:6: a speaker is a line such as: 14 \| F"):
        manifest(dataset(librispeech(SPEAKERS + line)))
