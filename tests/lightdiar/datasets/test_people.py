import pytest

from lightdiar.datasets.manifest import manifest
from lightdiar.datasets.rows import Clip
from lightdiar.errors import DoubtfulResultWarning, FormatError


def test_a_person_is_a_folder_with_all_that_is_below_it(dataset, reasons):
    folder = dataset(
        {
            "ann/monday/1.wav": 0.5,
            "ann/2.flac": 0.25,
            "Zoë/1.wav": 0.5,
            "kid/1.wav": 0.5,
            "stray.wav": 1,
            "ann/notes.txt": "",
            "genders.csv": "speaker,gender\nann,F\nkid,child\n",
        }
    )
    found = manifest(folder)
    assert found.kind == "people"
    assert found.rows == (
        Clip(folder / "Zoë/1.wav", "Zoë", "", 0.5),
        Clip(folder / "ann/2.flac", "ann", "F", 0.25),
        Clip(folder / "ann/monday/1.wav", "ann", "F", 0.5),
        Clip(folder / "kid/1.wav", "kid", "", 0.5),
    )
    assert sorted(found.rows, key=lambda row: row.path.as_posix()) == list(found.rows)
    assert reasons(found) == {"stray.wav": "in nobody's folder"}


def test_one_person_with_folders_may_be_a_folder_of_people(dataset):
    folder = dataset({"class/ann/1.wav": 0.5, "class/bob/1.wav": 0.5})
    with pytest.warns(DoubtfulResultWarning, match="set: one person, class; if the folders in it are people"):
        assert manifest(folder).genders == {"class": ""}


def test_a_broken_table_of_genders_is_refused_with_the_line(dataset):
    with pytest.raises(FormatError, match="genders.csv:2: gender must be one of F, M"):
        manifest(dataset({"ann/1.wav": 0.5, "genders.csv": "speaker,gender\nann,female\n"}))
