import os
import shutil
import stat
import subprocess
import sys
import tempfile
from contextlib import suppress

import pytest

from lightdiar.page import scratch
from lightdiar.page.scratch import scratch_folder


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_folder_is_private_and_gone_at_the_end(place):
    with scratch_folder() as folder:
        (folder / "1.wav").write_bytes(b"x")
        assert folder.parent == place
        if os.name == "posix":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(place.iterdir()) == []


def test_it_is_gone_after_an_error_too(place):
    with pytest.raises(RuntimeError), scratch_folder():
        raise RuntimeError
    assert list(place.iterdir()) == []


def test_what_a_killed_page_left_is_removed_by_the_next_and_what_is_in_use_stays(place):
    code = "import os\nfrom lightdiar.page.scratch import scratch_folder\nwith scratch_folder() as f:\n"
    code += "    (f / '1.wav').write_bytes(b'x')\n    os._exit(9)"
    paths = {**os.environ, "TMPDIR": str(place), "TEMP": str(place), "TMP": str(place)}
    assert subprocess.run([sys.executable, "-c", code], env=paths).returncode == 9
    (left,) = place.iterdir()
    assert (left / "1.wav").exists()
    with scratch_folder() as first:
        assert not left.exists()
        (first / "1.wav").write_bytes(b"x")
        with scratch_folder():
            assert (first / "1.wav").exists()
    assert list(place.iterdir()) == []


def test_others_are_left_alone(place):
    (place / "lightdiar-page-notes.txt").write_bytes(b"x")
    (place / "lightdiar-page-mine").mkdir()
    (place / "elsewhere").mkdir()
    (place / "elsewhere" / "in-use").write_bytes(b"")
    with suppress(OSError):  # Windows asks for rights
        (place / "lightdiar-page-link").symlink_to(place / "elsewhere")
    before = sorted(place.iterdir())
    with scratch_folder():
        pass
    assert sorted(place.iterdir()) == before and (place / "elsewhere" / "in-use").exists()


def test_a_page_that_begins_at_the_same_time_takes_no_folder_away(place, monkeypatch):
    lock, tried = scratch.lock, []

    def beaten(file):
        tried.append(file.name)
        if len(tried) == 1:  # another page is between its lock and the removal
            return False
        if len(tried) == 2:  # another page has removed the folder
            shutil.rmtree(os.path.dirname(file.name), ignore_errors=True)
            return lock(file) and os.name == "posix"
        return lock(file)

    monkeypatch.setattr(scratch, "lock", beaten)
    with scratch_folder() as folder:
        assert len(set(tried)) == 3 and list(place.iterdir()) == [folder]
        assert scratch._LOCK in os.listdir(folder)
    assert list(place.iterdir()) == []


def test_nobody_can_begin_in_a_folder_that_is_being_removed(place, monkeypatch):
    left, own = place / "lightdiar-page-left", place / "lightdiar-page-own"
    left.mkdir()
    own.mkdir()
    (left / scratch._LOCK).write_bytes(b"")
    remove, taken = shutil.rmtree, []

    def watched(folder, **options):
        if (folder / scratch._LOCK).exists():
            with open(folder / scratch._LOCK, "rb") as file:
                taken.append(scratch.lock(file))
        remove(folder, **options)

    with monkeypatch.context() as patched:
        patched.setattr(scratch.shutil, "rmtree", watched)
        scratch._sweep(own)
    assert taken[0] is False and not left.exists()
