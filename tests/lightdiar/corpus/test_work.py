import os
import warnings
from dataclasses import replace

import pytest

from lightdiar.corpus import work as module
from lightdiar.corpus.film import Film, State
from lightdiar.corpus.folder import Folder
from lightdiar.corpus.options import Options
from lightdiar.corpus.process import CannotGoOn
from lightdiar.corpus.work import Diarizing
from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.io.rttm import read_rttm
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

RESULT = Diarization(Annotation([Turn(1, 3, "S0")], "e1"), [Speaker("S0", 2.0, 0.9)], 9.0)


class Fake:
    """A diarizer that does what it is told to, and keeps what it was asked."""

    def __init__(self, act=lambda sound: None):
        self.act, self.asked = act, []

    def predict(self, sound, **heard):
        self.asked.append((sound, heard))
        self.act(sound)
        return replace(RESULT, duration=heard["start"] + RESULT.duration)


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "films/e1.mkv"
    path.parent.mkdir()
    path.write_bytes(b"sound" * 100)
    return Film("s1_e1", str(path), "s1/e1.mkv", {"year": "1999"}, track=2, start=90.0)


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path / "results")
    folder.recordings.mkdir(parents=True)
    folder.unfinished.mkdir()
    return folder


@pytest.fixture
def work(folder, monkeypatch):
    """A function that works on a film with a fake diarizer, and gives it."""

    def work(film, fake=None, **options):
        fake = fake or Fake()
        monkeypatch.setattr(module, "_diarizer", lambda options: fake)
        Diarizing(folder.path, Options(**options))(film)
        return fake

    return work


def test_the_results_of_a_film_are_put_in_place(work, film, folder):
    work(film)
    row = folder.row("s1_e1")
    assert (row.path, row.columns, row.duration, row.n_women) == ("s1/e1.mkv", {"year": "1999"}, 9.0, 1)
    assert row.state == State.of(film.file)
    assert (row.warning, row.error) == ("", "")
    assert 0 <= row.cpu_seconds < 5
    place = folder.recordings / "s1_e1"
    assert sorted(each.name for each in place.iterdir()) == ["row.json", "s1_e1.json", "s1_e1.rttm"]
    assert Diarization.read_json(place / "s1_e1.json").annotation.recording == "s1_e1"
    assert list(read_rttm(place / "s1_e1.rttm")) == ["s1_e1"]


def test_what_the_list_says_of_a_film_comes_before_what_holds_for_all(work, film):
    fake = work(film, track=1, end=600.0, start=3.0)
    assert fake.asked == [(film.file, {"raw_rate": None, "track": 2, "start": 90.0, "end": 600.0})]


def test_a_film_that_is_done_is_not_done_again(work, film):
    work(film)
    assert work(film).asked == []


def test_what_is_doubtful_stands_in_the_row_once_and_without_the_place_of_the_file(work, film, folder):
    def act(sound):
        for _ in range(2):
            warnings.warn(f"{sound}: its end is missing", DoubtfulResultWarning, stacklevel=1)
        warnings.warn("the right track?", DoubtfulResultWarning, stacklevel=1)
        warnings.warn("numpy is old", DeprecationWarning, stacklevel=1)

    work(film, Fake(act))
    assert folder.row("s1_e1").warning == "its end is missing; the right track?"


def test_a_file_that_grows_while_it_is_read_is_told_and_known_as_it_was(work, film, folder):
    def act(sound):
        with open(sound, "ab") as file:
            file.write(b"more")

    work(film, Fake(act))
    row = folder.row("s1_e1")
    assert row.warning == "the file changed while it was read; run again when it is complete"
    assert row.state.size == 500
    assert State.of(film.file) != row.state


def test_why_a_film_cannot_be_diarized_is_raised_and_nothing_is_written(work, film, folder):
    def act(sound):
        raise AudioError(f"{sound}: is empty (0 bytes).")

    with pytest.raises(AudioError, match=r"is empty \(0 bytes\)\.$"):
        work(film, Fake(act))
    assert list(folder.recordings.iterdir()) == list(folder.unfinished.iterdir()) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder in which one may not write")
def test_results_that_may_not_be_written_end_everything(work, film, folder):
    folder.unfinished.chmod(0o500)
    with pytest.raises(CannotGoOn, match="results cannot be written: Permission denied"):
        work(film)


def test_results_whose_folder_is_gone_end_everything(work, film, folder):
    folder.unfinished.rmdir()
    with pytest.raises(CannotGoOn, match="results cannot be written: No such file or directory"):
        work(film)


def test_options_that_no_diarizer_can_have_end_everything(film, folder, tmp_path):
    module._diarizer.cache_clear()
    (tmp_path / "class.voices").write_bytes(b"rubbish")
    with pytest.raises(CannotGoOn, match=r"class\.voices"):
        Diarizing(folder.path, Options(voices=tmp_path / "class.voices"))(film)
