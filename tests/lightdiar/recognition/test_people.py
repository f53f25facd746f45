import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from lightdiar.errors import DoubtfulResultWarning
from lightdiar.io.audio import Audio
from lightdiar.recognition.people import as_people, check_name, check_names, find_people


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def in_words(people, folder):
    return {
        name: {session: [path.relative_to(folder).as_posix() for path in files] for session, files in sessions.items()}
        for name, sessions in people.items()
    }


def test_a_person_is_a_folder_and_a_session_the_folder_of_the_sounds(tmp_path):
    touch(tmp_path, "103/1241/103-1241-0001.flac", "103/1241/103-1241-0000.flac", "103/1241/103-1241.trans.txt")
    touch(tmp_path, "103/1240/103-1240-0000.FLAC", "1034/a/b/c/x.Mp3", "1034/y.wav", "notes.txt")
    found = find_people(str(tmp_path))
    assert in_words(found, tmp_path) == {
        "103": {"1240": ["103/1240/103-1240-0000.FLAC"],
                "1241": ["103/1241/103-1241-0000.flac", "103/1241/103-1241-0001.flac"]},
        "1034": {".": ["1034/y.wav"], "a/b/c": ["1034/a/b/c/x.Mp3"]},
    }  # fmt: skip
    assert list(found) == ["103", "1034"]
    assert list(found["103"]) == ["1240", "1241"]
    assert isinstance(found["103"]["1240"], tuple)
    assert isinstance(found["103"]["1240"][0], Path)


def test_what_is_hidden_is_passed_over(tmp_path):
    touch(tmp_path, "ann/a.wav", "ann/._a.wav", "ann/.cache/b.wav", ".git/c.wav", "__MACOSX/ann/a.wav", ".d.wav")
    (tmp_path / "ann" / "folder.wav").mkdir()
    assert in_words(find_people(tmp_path), tmp_path) == {"ann": {".": ["ann/a.wav"]}}


def test_what_belongs_to_nobody_is_counted_in_a_line(tmp_path):
    touch(tmp_path, "ann/a.wav", "bob/readme.txt", "one.wav", "two.wav")
    with pytest.warns(DoubtfulResultWarning) as caught:
        assert list(find_people(tmp_path)) == ["ann"]
    assert [str(warning.message) for warning in caught] == [
        f"{tmp_path}: sounds that belong to nobody are left out (2): one.wav, two.wav",
        f"{tmp_path}: folders without sound are left out (1): bob",
    ]
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ((), "is empty; it must hold one folder of sounds for each person"),
        (("a.wav", "b.wav"), "folders with sound: 0 of 0; sounds beside them: 2; put the sounds of each person into a"),
        (("ann/a.txt", "bob/b.txt", "c.wav"), "folders with sound: 0 of 2; sounds beside them: 1; put the sounds"),
    ],
)
def test_a_folder_of_nobody_is_refused(tmp_path, files, found):
    touch(tmp_path, *files)
    with pytest.raises(ValueError, match=f": {found}"):
        find_people(tmp_path)


def test_what_is_no_folder_is_refused(tmp_path):
    touch(tmp_path, "a.wav")
    with pytest.raises(NotADirectoryError, match="a.wav: is a file; name a folder that holds one folder for each"):
        find_people(tmp_path / "a.wav")
    with pytest.raises(NotADirectoryError, match="nowhere: does not exist"):
        find_people(tmp_path / "nowhere")


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
def test_links_are_followed_but_not_back_or_up(tmp_path):
    people = tmp_path / "people"
    touch(people, "ann/a.wav", "ann/deep/b.wav")
    touch(tmp_path, "elsewhere/carl/c.wav", "elsewhere/dora/d.wav", "more/e.wav")
    for link, target in {
        "ann/here": people / "ann",
        "ann/deep/up": tmp_path,
        "ann/everybody": people,
        "ann/more": tmp_path / "more",
        "ann/more_again": tmp_path / "more",
        "ann/gone.wav": tmp_path / "gone.wav",
        "carl": tmp_path / "elsewhere" / "carl",
    }.items():
        (people / link).symlink_to(target)
    (tmp_path / "elsewhere" / "carl" / "up").symlink_to(tmp_path / "elsewhere")
    assert in_words(find_people(people), people) == {
        "ann": {".": ["ann/a.wav"], "deep": ["ann/deep/b.wav"], "more_again": ["ann/more_again/e.wav"]},
        "carl": {".": ["carl/c.wav"]},
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows and macOS know one of them only")
def test_folders_with_one_name_for_the_eye_are_refused(tmp_path):
    touch(tmp_path, "ann smith/a.wav", "Ann_Smith/a.wav")
    if len(os.listdir(tmp_path)) == 2:
        with pytest.raises(ValueError, match="the names 'Ann_Smith' and 'ann smith' are too much alike"):
            find_people(tmp_path)


@pytest.mark.parametrize("name", ["ann", "Ann Smith", "Zoë", "Лев", "王", "19-198", "<b>", "O'Neil", "a" * 100])
def test_names_that_stay_as_they_are(name):
    assert check_name(name) == name


def test_a_name_has_one_form():
    assert check_name(unicodedata.normalize("NFD", "Zoë")) == "Zoë"
    assert check_name("an\u200bn") == "ann"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "the name '' is empty; give one, such as ann."),
        (" \u200b ", "is empty"),
        (" ann", "the name ' ann' begins or ends with a blank; write 'ann'."),
        ("ann\u00a0", "begins or ends with a blank"),
        ("a\nb", r"the name a\\nb contains a control character; take it out."),
        ("a\x1b[31m", r"the name a\\x1b\[31m contains a control character"),
        ("a\u2028b", "control character"),
        ("\udce9", "control character"),
        ("a/b", "the name a/b contains a slash or a backslash; write - instead."),
        ("a\\b", "slash"),
        ("speaker  00", "the name speaker  00 is what people who are not known are called"),
        ("<NA>", "the name <NA> is what people who are not known are called; choose another."),
        ("<na>", "is what people who are not known are called"),
        ("a" * 101, "has 101 characters; at most 100 are possible."),
    ],
)
def test_impossible_names_are_refused_in_one_line(name, message):
    with pytest.raises(ValueError, match=message) as error:
        check_name(name)
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 150


def test_a_name_is_text():
    with pytest.raises(TypeError, match="a name is text, not int: 7"):
        check_name(7)


@pytest.mark.parametrize("pair", [("ann", "ANN"), ("a b", "a_b"), ("a b", "a  b"), ("straße", "STRASSE")])
def test_names_that_are_alike_are_refused_together(pair):
    first, second = pair
    with pytest.raises(ValueError, match=f"the names '{first}' and '{second}' are too much alike"):
        check_names(["carl", *pair])


def test_names_that_occur_twice_are_refused():
    with pytest.raises(ValueError, match="the name 'Zoë' occurs twice; rename one."):
        check_names(["Zoë", unicodedata.normalize("NFD", "Zoë")])
    assert check_names(iter(["b", "a", "ab"])) == ["b", "a", "ab"]


def test_sounds_in_memory_are_one_session():
    samples = np.zeros(800, np.float32)
    audio = Audio(samples, 8000)
    pair = (samples, 8000)
    mono = {"waveform": samples, "sample_rate": 8000}
    people = as_people({"ann": audio, "bob": pair, "carl": mono, "dora": [audio, pair, mono], "eve": ("a.wav", "b")})
    assert people["ann"] == {"": (audio,)}
    assert people["bob"][""][0] is pair
    assert people["carl"] == {"": (mono,)}
    assert [len(people[name][""]) for name in ("bob", "dora", "eve")] == [1, 3, 2]


def test_a_folder_and_what_was_found_there_are_the_same_people(tmp_path):
    touch(tmp_path, "ann/1/a.wav", "ann/2/a.wav", "bob/b.wav")
    assert as_people(tmp_path) == as_people(str(tmp_path)) == as_people(find_people(tmp_path)) == find_people(tmp_path)


@pytest.mark.parametrize(
    ("people", "error", "message"),
    [
        (["a.wav"], TypeError, "people of type list cannot be read; give a folder"),
        ({}, ValueError, "there is nobody"),
        ({"ann": []}, ValueError, "ann: there is no sound; give at least one."),
        ({"ann": {}}, ValueError, "ann: there is no sound"),
        ({"ann": {"1": ["a.wav"], "2": []}}, ValueError, "ann: there is no sound"),
        ({"ann": np.zeros(8)}, TypeError, "ndarray cannot be read; say their rate"),
        ({"ann": (8000, np.zeros(8))}, TypeError, "swap them"),
        ({"ann": None}, TypeError, "sound of type NoneType"),
        ({"ann": "a.wav", "Ann": "b.wav"}, ValueError, "too much alike"),
        ({7: "a.wav"}, TypeError, "a name is text"),
    ],
)
def test_rubbish_is_refused(people, error, message):
    with pytest.raises(error, match=message):
        as_people(people)
