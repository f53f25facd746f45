"""Writing of files: complete or not at all, and never over what somebody else made."""

import os
import subprocess
import sys
import threading

import pytest

from lightdiar.common import files
from lightdiar.common.files import (
    check_folder,
    check_new_folder,
    check_output,
    is_reserved,
    is_taken,
    lock,
    replacing,
    sweep,
    write_bytes,
    write_text,
)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_interrupted_write_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(KeyboardInterrupt), replacing(path) as file:
        file.write(b"half of the n")
        raise KeyboardInterrupt
    assert path.read_text() == "old" and names(tmp_path) == ["a.txt"]


def test_text_is_utf8_with_the_newlines_it_has(tmp_path):
    write_text(tmp_path / "a.txt", "Zoë\nand\r\nBob")
    assert (tmp_path / "a.txt").read_bytes() == "Zoë\nand\r\nBob".encode()


def test_half_a_surrogate_pair_is_written_as_an_escape(tmp_path):
    write_text(tmp_path / "a.txt", "\udce9t\udce9.wav")
    assert (tmp_path / "a.txt").read_bytes() == rb"\udce9t\udce9.wav"


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"a.txt: folder .*none does not exist. Create it, or write elsewhere."):
        check_folder(tmp_path / "none" / "a.txt")
    with pytest.raises(FileNotFoundError, match="none does not exist"):
        write_text(tmp_path / "none" / "a.txt", "")


def test_a_link_planted_for_the_temporary_file_is_not_followed(tmp_path, monkeypatch):
    monkeypatch.setattr("secrets.token_hex", lambda n: "guessed")
    victim = tmp_path / "victim.txt"
    victim.write_text("precious")
    try:
        (tmp_path / f"lightdiar-{os.getpid()}-guessed.part").symlink_to(victim)
    except OSError:
        pytest.skip("no links here")
    with pytest.raises(FileExistsError):
        write_text(tmp_path / "a.txt", "mine")
    assert victim.read_text() == "precious" and not (tmp_path / "a.txt").exists()


def test_threads_that_write_one_path_do_not_meet(tmp_path):
    path, contents = tmp_path / "a.txt", [str(number) * 50_000 for number in range(8)]
    writers = [threading.Thread(target=write_text, args=(path, content)) for content in contents]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert path.read_text() in contents and names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("n_bytes, fits", [(255, True), (256, False)])
def test_the_longest_name_that_the_file_system_takes_can_be_written(tmp_path, n_bytes, fits):
    path = tmp_path / ("l" * (n_bytes - 4) + ".csv")
    if fits:
        check_output(path)
        assert not is_taken(path)
        write_bytes(path, b"1")
        assert is_taken(path) and path.read_bytes() == b"1"
    else:
        with pytest.raises(OSError, match="l.csv: cannot be written: File name too long"):
            is_taken(path)
        with pytest.raises(OSError, match="l.csv: cannot be written: File name too long"):
            check_output(path)


def test_what_exists_is_only_replaced_when_asked(tmp_path):
    own = tmp_path / "own.csv"
    check_output(own, inputs=[own])
    own.write_text("mine")
    with pytest.raises(FileExistsError, match=r"own.csv: exists. Name another file, or add --overwrite to replace it"):
        check_output(own)
    linked = tmp_path / "folder" / ".." / "own.csv"
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileExistsError, match=r"own.csv: is an input. Name another file"):
        check_output(linked, inputs=["none.csv", own])
    check_output(own, inputs=[own], overwrite=True)
    for overwrite in (True, False):
        with pytest.raises(FileExistsError, match="folder: is a folder; name a file"):
            check_output(tmp_path / "folder", overwrite=overwrite)
    assert own.read_text() == "mine"


def test_a_device_is_never_replaced():
    if not os.path.exists("/dev/null"):
        pytest.skip("no devices here")
    with pytest.raises(FileExistsError, match="/dev/null: is a pipe or a device; name a file"):
        check_output("/dev/null", overwrite=True)


@pytest.mark.parametrize(
    "name", ["con", "Nul.rttm", "aux .json", "LPT9.csv", "com\u00b9", "a.", "a ", "a:b.csv", "what?.csv"]
)
def test_names_that_windows_cannot_write_are_refused_there(name):
    assert is_reserved(name)


@pytest.mark.parametrize(
    "name", ["console.csv", "com.csv", "com10", "film.con", "a b.csv", "nul_1.json", "Amélie.rttm"]
)
def test_other_names_are_good_everywhere(name):
    assert not is_reserved(name)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PermissionError, match=r"a.csv: folder .* is not writable; write elsewhere."):
        check_output(tmp_path / "a.csv")
    with pytest.raises(PermissionError, match=r"new: folder .* is not writable; write elsewhere."):
        check_new_folder(tmp_path / "new")


def test_a_new_folder_is_checked_and_not_made(tmp_path):
    check_new_folder(tmp_path / "deep" / "er")
    assert names(tmp_path) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match=r"er: .*file is a file; name a folder."):
        check_new_folder(tmp_path / "file" / "er")
    with pytest.raises(NotADirectoryError, match=r"file: .*file is a file; name a folder."):
        check_new_folder(tmp_path / "file")


def test_what_a_killed_process_left_is_swept_and_what_a_running_one_writes_is_not(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / f"lightdiar-{dead.pid}-abc.part").write_text("half")
    (tmp_path / "mine.part").write_text("mine")
    with replacing(tmp_path / "a.txt") as file:
        file.write(b"on the way")
        check_output(tmp_path / "b.txt")
        assert len(names(tmp_path)) == 2  # ours, and mine
    assert names(tmp_path) == ["a.txt", "mine.part"]


@pytest.mark.skipif(os.name == "nt", reason="there, open files protect themselves")
def test_a_file_that_a_process_elsewhere_has_locked_is_not_swept(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_is_running", lambda pid: False)  # as seen from another container
    with replacing(tmp_path / "a.txt") as file:
        file.write(b"on the way")
        sweep(tmp_path)
    assert (tmp_path / "a.txt").read_bytes() == b"on the way"


def test_a_lock_is_held_until_the_file_is_closed(tmp_path):
    with open(tmp_path / "a", "wb") as first:
        assert lock(first)
        with open(tmp_path / "a", "rb") as second:
            assert not lock(second)
    with open(tmp_path / "a", "rb") as second:
        assert lock(second)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full disk here")
def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left on device"):
        write_text(tmp_path / "a.txt", "x")
    assert names(tmp_path) == []


def failing(error):
    def fail(*_, **__):
        raise error

    return fail


@pytest.mark.parametrize("step", ["open", "fsync"])
def test_what_cannot_be_written_is_named_as_it_was_asked_for(tmp_path, monkeypatch, step):
    monkeypatch.setattr(os, step, failing(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space left on device") as caught:
        write_text(tmp_path / "a.txt", "x")
    assert (caught.value.errno, caught.value.filename) == (28, str(tmp_path / "a.txt"))


def test_the_name_is_that_of_the_output_where_the_temporary_one_failed(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(OSError) as caught:
        write_text(tmp_path / "a.txt", "x")
    assert (caught.value.filename, caught.value.filename2) == (str(tmp_path / "a.txt"), None)
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    "error", [FileNotFoundError(2, "No such file or directory", "font.ttf"), OSError("no picture")]
)
def test_what_fails_while_writing_and_is_about_something_else_stays_as_it_is(tmp_path, error):
    with pytest.raises(OSError) as caught, replacing(tmp_path / "a.png"):
        raise error
    assert caught.value is error and names(tmp_path) == []
