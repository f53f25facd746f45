import csv
import os
import sys
from pathlib import Path

import pytest

import lightdiar
from lightdiar.datasets import manifest as module
from lightdiar.datasets.manifest import KINDS, Manifest, manifest
from lightdiar.datasets.rows import Clip, Conversation, FilmClip, Unplaced
from lightdiar.errors import DoubtfulResultWarning


def cells(path):
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))


def test_a_manifest_says_what_is_in_it():
    rows = (
        Clip(Path("a/1.wav"), "a", "F", 3600.0),
        Clip(Path("a/2.wav"), "a", "", 1800.0),
        Clip(Path("b/1.wav"), "b", "M", None),
        Clip(Path("c/1.wav"), "c", "", 360.0),
        Clip(Path("d/1.wav"), "d", "F", 0.0),
        Clip(Path("d/2.wav"), "d", "M", 0.0),  # of whom both are said
    )
    unplaced = (*(Unplaced(f"x{n}.wav", "is not listed") for n in range(5)), Unplaced("\x1b.wav", "is empty (0 bytes)"))
    found = Manifest("people", rows, unplaced)
    assert repr(found) == "<Manifest: people, 6 recordings, 6 not placed>"
    assert str(found) == (
        "people: 6 recordings, 1.6 h (of 1 the header does not tell)\n"
        "speakers: 4 (women 1, men 1, not told 2)\n"
        "not placed: 6\n"
        "  is not listed: x0.wav, x1.wav, x2.wav and 2 more\n"
        "  is empty (0 bytes): \\x1b.wav"
    )
    assert found.genders == {"a": "F", "b": "M", "c": "", "d": ""}


def test_conversations_and_films_say_what_is_in_them():
    talks = [Conversation(Path(f"{n}.wav"), Path(f"{n}.rttm"), n, 60.0) for n in (2, 5)]
    assert str(Manifest("ami", tuple(talks))) == "ami: 2 recordings, 120 s\nspeakers in a recording: 2 to 5"
    clips = (FilmClip(Path("Alien/1.mp4"), "Alien"), FilmClip(Path("Alien/2.mp4"), "Alien"))
    assert str(Manifest("films", clips)) == "films: 2 recordings\nfilms: 1"


def test_of_many_reasons_the_first_ten_are_shown():
    unplaced = tuple(Unplaced(f"{n}.rttm", f"reason {n:02d}") for n in range(12))
    lines = str(Manifest("films", (FilmClip(Path("a.mkv"), "a"),), unplaced)).splitlines()
    assert lines[2:] == [
        "not placed: 12",
        *(f"  reason {n:02d}: {n}.rttm" for n in range(10)),
        "  and 2 for other reasons",
    ]


def test_paths_are_relative_to_the_table(dataset, tmp_path):
    folder = dataset({"ann/1, 2.wav": 0.5, "=bob/1.wav": 0.25})
    found = manifest(folder)
    (tmp_path / "lists/new").mkdir(parents=True)
    for place, before in (
        (tmp_path, "set/"),
        (folder, ""),
        (tmp_path / "lists/new", "../../set/"),
        (folder / "ann", "../"),
    ):
        found.to_csv(place / "m.csv")
        assert cells(place / "m.csv") == [
            ["path", "speaker", "gender", "seconds", "language", "age"],
            [f"{before}=bob/1.wav" if before else "./=bob/1.wav", "'=bob", "", "0.25", "", ""],
            ["1, 2.wav" if place.name == "ann" else f"{before}ann/1, 2.wav", "ann", "", "0.5", "", ""],
        ]
        for row in cells(place / "m.csv")[1:]:
            assert (place / row[0]).is_file()


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no links to everybody")
def test_paths_lead_to_the_sounds_also_from_a_folder_behind_a_link(dataset, tmp_path):
    found = manifest(dataset({"ann/1.wav": 0.5}))
    (tmp_path / "far/away").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "far/away")
    found.to_csv(tmp_path / "link/m.csv")
    assert (tmp_path / "link" / cells(tmp_path / "link/m.csv")[1][0]).is_file()


def test_the_same_folder_gives_the_same_bytes(dataset, tmp_path):
    folder = dataset({"zoe/1.wav": 0.1234, "ann/1.wav": 10.0})
    manifest(folder).to_csv(tmp_path / "m.csv")
    manifest(str(folder)).to_csv(tmp_path / "n.csv")
    assert (tmp_path / "m.csv").read_bytes() == (tmp_path / "n.csv").read_bytes()
    assert (tmp_path / "m.csv").read_bytes() == (
        b"path,speaker,gender,seconds,language,age\nset/ann/1.wav,ann,,10,,\nset/zoe/1.wav,zoe,,0.123,,\n"
    )


def test_more_rows_than_are_read_are_a_warning(dataset, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_ROWS", 1)
    with pytest.warns(DoubtfulResultWarning, match="m.csv: 2 rows; `train`, `trials` and `tune` read at most 1"):
        manifest(dataset({"a/1.wav": 0.1, "a/2.wav": 0.1})).to_csv(tmp_path / "m.csv")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="all names are text there")
def test_a_name_that_is_no_text_is_not_placed(dataset, reasons, tmp_path):
    folder = dataset({"ann/1.wav": 0.5, "ann/2.wav": 0.5})
    os.rename(folder / "ann/1.wav", os.fsencode(folder / "ann") + b"/\xe9.wav")
    found = manifest(folder)
    assert reasons(found) == {"ann/\udce9.wav": "its name is not UTF-8"}
    assert str(found).splitlines()[-1] == "  its name is not UTF-8: ann/\\udce9.wav"
    other = os.fsdecode(os.fsencode(tmp_path) + b"/\xe9")
    os.rename(folder, other)
    with pytest.raises(ValueError, match="m.csv: UTF-8 cannot hold the name of the folder of the data set; rename it"):
        manifest(other).to_csv(tmp_path / "m.csv")
    assert not (tmp_path / "m.csv").exists()


def test_a_folder_that_could_be_two_kinds_is_not_guessed(dataset):
    folder = dataset({"ann/1.wav": 0.5, "ann/1.mp4": b"not looked into"})
    with pytest.raises(ValueError, match="set: could be people or films; say which: --kind people, say."):
        manifest(folder)
    assert len(manifest(folder, kind="people").rows) == 2


def test_two_data_sets_in_one_folder_are_not_guessed(dataset):
    folder = dataset({"vox/id10001/v/00001.wav": 0.5, "TRAIN/DR1/FCJF0/SA1.WAV": 0.5})
    with pytest.raises(ValueError, match="could be voxceleb or timit"):
        manifest(folder)
    assert manifest(folder, kind="timit").genders == {"FCJF0": "F"}


def test_a_folder_without_a_data_set_is_refused(dataset):
    with pytest.raises(
        ValueError, match=r"set: laid out as no data set that is known here \(librispeech, .*films\); sounds found: 1."
    ):
        manifest(dataset({"loose.wav": 1}))
    with pytest.raises(ValueError, match="kind='ted' must be one of librispeech, voxceleb, commonvoice, timit, ami"):
        manifest(dataset({"a/1.wav": 1}), kind="ted")


def test_nothing_placed_is_an_error_with_a_reason(dataset):
    with pytest.raises(ValueError, match="nothing could be placed as people .*; a/1.wav: is empty \\(0 bytes\\)."):
        manifest(dataset({"a/1.wav": b""}))


def test_kinds_are_named_after_themselves():
    assert [KINDS[name].name for name in KINDS] == list(KINDS)
    assert lightdiar.manifest is manifest and lightdiar.Manifest is Manifest
