import os

import pytest

from lightdiar.datasets.tree import read_tree


def test_all_files_are_listed_once_with_slashes_and_sorted(dataset):
    folder = dataset({"b/c/one.wav": "", "b/two.WAV": "", "a.txt": "", ".hidden/x.wav": "", "__MACOSX/b/one.wav": ""})
    tree = read_tree(folder)
    assert tree.files == ("a.txt", "b/c/one.wav", "b/two.WAV")
    assert [str(sound) for sound in tree.sounds] == ["b/c/one.wav", "b/two.WAV"]
    assert [str(file) for file in tree.ending(".wav", ".txt")] == ["a.txt", "b/c/one.wav", "b/two.WAV"]


def test_a_file_is_found_near_the_top_or_above(dataset):
    folder = dataset({"x/y/Speakers.txt": "", "x/SPEAKERS.TXT": "", "a/b/SPEAKERS.TXT": "", "x/y/z/w/a.wav": ""})
    assert read_tree(folder).near("speakers.txt") == folder / "x/SPEAKERS.TXT"
    assert read_tree(folder / "x/y/z").near("SPEAKERS.txt") == folder / "x/y/Speakers.txt"
    assert read_tree(folder).near("nothing.txt") is None


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no links to everybody")
def test_links_are_followed_but_not_in_circles_nor_up(dataset, tmp_path):
    folder = dataset({"data/real/one.wav": ""})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/two.wav").touch()
    (folder / "same").symlink_to(folder / "data/real")  # where a folder lies is told, not the first link to it
    (folder / "data/real/circle").symlink_to(folder)
    (folder / "up").symlink_to(tmp_path)
    (folder / "west").symlink_to(tmp_path / "elsewhere")
    (folder / "self.wav").symlink_to("self.wav")
    (folder / "gone.wav").symlink_to(tmp_path / "gone.wav")
    (folder / "notes.txt").symlink_to(tmp_path / "notes.txt")
    os.mkfifo(folder / "pipe.wav")
    tree = read_tree(folder)
    assert tree.files == ("data/real/one.wav", "west/two.wav")
    nothing = "a link to nothing"
    assert tree.left_out == (("gone.wav", nothing), ("pipe.wav", "not a file"), ("self.wav", nothing))


def test_a_folder_that_may_not_be_read_is_told(dataset, monkeypatch):
    folder = dataset({"shut/one.wav": "", "two.wav": ""})
    scandir = os.scandir

    def refuse(path):
        if path.name == "shut":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    tree = read_tree(folder)
    assert (tree.files, tree.left_out) == (("two.wav",), (("shut", "a folder that may not be read"),))


def test_what_is_no_folder_is_refused(tmp_path):
    (tmp_path / "a.wav").touch()
    with pytest.raises(NotADirectoryError, match="a.wav: is a file; name the folder of a data set"):
        read_tree(tmp_path / "a.wav")
    with pytest.raises(NotADirectoryError, match="none: does not exist"):
        read_tree(tmp_path / "none")
