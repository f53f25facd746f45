import errno
import json
import os
import subprocess
import sys

import pytest

from lightdiar.corpus import folder as module
from lightdiar.corpus.folder import Folder, opened
from lightdiar.corpus.process import CannotGoOn
from lightdiar.corpus.rows import Row
from lightdiar.errors import FormatError

MADE = {"layout": 1, "lightdiar": "0.8.0", "options": {"method": "trained", "end": None}, "models": {"voices": "ab"}}
FILES = {".rttm": "turns\n", ".json": "{}\n"}


@pytest.fixture
def results(tmp_path):
    return tmp_path / "results"


def content(path):
    return {each.name: each.read_text() for each in path.iterdir()}


def test_a_recording_appears_whole(results):
    with opened(results, MADE) as folder:
        folder.place(Row("film", "a/film.mkv"), FILES)
        assert content(results / "recordings/film") == {
            "film.rttm": "turns\n",
            "film.json": "{}\n",
            "row.json": Row("film", "a/film.mkv").to_json(),
        }
        assert list(folder.unfinished.iterdir()) == []
        assert folder.row("film") == Row("film", "a/film.mkv")
    assert sorted(each.name for each in results.iterdir()) == ["lock", "recordings", "run.json"]
    assert json.loads((results / "run.json").read_text()) == MADE


@pytest.mark.parametrize("broken", ["write_text", "_keep"])
def test_a_full_disk_leaves_nothing_half_and_is_told(results, monkeypatch, broken):
    work = getattr(module, broken)

    def full(path, *rest):
        if os.fspath(path).endswith("row.json") or broken == "_keep":
            raise OSError(errno.ENOSPC, "No space left on device", "lightdiar-1-ab.part")
        return work(path, *rest)

    with opened(results, MADE) as folder:
        folder.place(Row("one", "one.wav"), FILES)
        monkeypatch.setattr(module, broken, full)
        with pytest.raises(CannotGoOn) as told:
            folder.place(Row("two", "two.wav"), FILES)
        assert str(told.value) == (
            f"{results}: results cannot be written: No space left on device. What is done is kept; run again to go on."
        )
        assert [row.recording for row in folder.rows()] == ["one"]
        assert list(folder.unfinished.iterdir()) == []


def test_who_comes_second_with_a_recording_changes_nothing(results):
    with opened(results, MADE) as folder:
        folder.place(Row("film", "film.mkv", cpu_seconds=1.0), FILES)
        folder.place(Row("film", "film.mkv", cpu_seconds=2.0), FILES)
        assert folder.row("film").cpu_seconds == 1.0
        assert list(folder.unfinished.iterdir()) == []


def test_what_killed_runs_left_is_removed(results):
    with opened(results, MADE):
        pass
    (results / "unfinished/abc").mkdir(parents=True)
    (results / "unfinished/abc/film.rttm").touch()
    (results / "lightdiar-999999999-ab.part").touch()
    with opened(results, MADE) as folder:
        assert list(folder.unfinished.iterdir()) == []
    assert sorted(each.name for each in results.iterdir()) == ["lock", "recordings", "run.json"]


def test_a_row_that_cannot_be_read_is_none(results):
    with opened(results, MADE) as folder:
        folder.place(Row("film", "film.mkv"), FILES)
        (folder.recordings / "film/row.json").write_text('{"recording": "film"')
        assert folder.row("film") is None
        assert folder.row("nothing") is None


@pytest.mark.slow
def test_two_runs_refuse_each_other_and_a_killed_one_leaves_no_lock(results):
    script = (
        "import sys, time; from lightdiar.corpus.folder import opened\n"
        f"with opened(sys.argv[1], {MADE!r}):\n"
        "    print('in', flush=True); time.sleep(30)"
    )
    other = subprocess.Popen([sys.executable, "-c", script, str(results)], stdout=subprocess.PIPE)
    try:
        assert other.stdout.readline().strip() == b"in"
        with pytest.raises(BlockingIOError) as told, opened(results, MADE):
            pass
        assert str(told.value) == f"{results}: another run writes there. Wait until it ends, or name another folder."
    finally:
        other.kill()
        other.communicate()
    with opened(results, MADE):
        pass


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({"options": {"method": "textbook", "end": None}}, "method was 'trained', is 'textbook'"),
        ({"lightdiar": "0.9.0"}, "lightdiar was '0.8.0', is '0.9.0'"),
        ({"models": {"voices": "cd"}}, "the models of voices are others"),
    ],
)
def test_results_made_otherwise_are_not_mixed(results, now, told):
    with opened(results, MADE) as folder:
        folder.place(Row("film", "film.mkv"), FILES)
    with pytest.raises(ValueError) as refused, opened(results, MADE | now):
        pass
    assert str(refused.value).startswith(f"{results}: {told}. ")
    with opened(results, MADE) as folder:
        assert folder.row("film")


def test_a_folder_of_another_layout_or_of_somebody_else_is_refused(results, tmp_path):
    results.mkdir()
    (results / "notes.txt").touch()
    with pytest.raises(ValueError, match=r"such as notes\.txt\. Name a new folder"), opened(results, MADE):
        pass
    assert [each.name for each in results.iterdir()] == ["notes.txt"]
    with pytest.raises(FormatError, match=r"results: holds no results of `lightdiar corpus`\.$"):
        Folder(results).described()
    (results / "run.json").write_text(json.dumps(MADE | {"layout": 2, "lightdiar": "9.1"}))
    with pytest.raises(FormatError, match=r"results: was made by lightdiar 9\.1, whose"), opened(results, MADE):
        pass


@pytest.mark.parametrize("rubbish", ["[1]", "{}", '{"layout": "1"}', '{"layout": 7, "lightdiar": 3}', "{"])
def test_rubbish_in_place_of_the_description_is_one_line(results, rubbish):
    results.mkdir()
    (results / "run.json").write_text(rubbish)
    with pytest.raises(FormatError, match="results"):
        Folder(results).described()


def test_a_file_in_place_of_the_folder_is_told(results):
    results.touch()
    with pytest.raises(OSError, match="results"), opened(results, MADE):
        pass
