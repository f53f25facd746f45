"""Work that crashes, hangs, is killed or complains, as its task is called; and corpora that are heard in a moment."""

import os
import sys
import warnings
from pathlib import Path

import pytest

from lightdiar.common.commandline import told
from lightdiar.corpus import running
from lightdiar.corpus.options import Options
from lightdiar.corpus.outcome import Outcome
from lightdiar.corpus.process import CannotGoOn
from lightdiar.corpus.work import _diarizer
from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

MODULE = """
import os, signal, subprocess, sys, time
from dataclasses import dataclass
from pathlib import Path

from lightdiar.corpus.process import CannotGoOn

@dataclass(frozen=True)
class Work:
    folder: Path

    def __call__(self, task):
        with open(self.folder / f"{task}.begun", "a") as file:
            print(os.getpid(), file=file)
        kind = task.partition("-")[0]
        if kind == "crashes":
            os._exit(7)
        if kind == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if kind == "kills":
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(30)
        if kind == "stopped" and not (self.folder / "killed once").exists():
            (self.folder / "killed once").touch()
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(30)
        if kind == "hangs":
            subprocess.run([sys.executable, "-c", "import time; time.sleep(30)"])
        if kind == "raises":
            raise ValueError("film.wav: holds no sound.")
        if kind == "unexpected":
            {}["key"]
        if kind == "memory":
            raise MemoryError
        if kind == "leaves":
            sys.exit("bye")
        if kind == "prints":
            os.write(1, b"x" * 100_000)
        if kind == "ends":
            raise CannotGoOn("the disk is full.")
        if kind == "threads":
            (self.folder / "threads").write_text(os.environ["OMP_NUM_THREADS"])
        if kind == "slow":
            time.sleep(0.2)
        (self.folder / f"{task}.done").touch()
"""


@pytest.fixture(scope="session")
def _module(tmp_path_factory):
    """A module that other processes can import too: they are given the path of this one."""
    folder = tmp_path_factory.mktemp("modules")
    (folder / "odd_work.py").write_text(MODULE, encoding="utf-8")
    sys.path.insert(0, str(folder))
    import odd_work

    yield odd_work
    sys.path.remove(str(folder))


@pytest.fixture
def work(_module, tmp_path):
    """Work on tasks called, for instance, fine-1, crashes or hangs; what was begun and done is seen in its folder."""
    return _module.Work(tmp_path)


@pytest.fixture
def begun(tmp_path):
    """A function that tells how often a task was begun."""

    def begun(task):
        return len((tmp_path / f"{task}.begun").read_text().split())

    return begun


class Letters:
    """A diarizer of texts: each F, M or C is a woman, a man or a child who speaks for 4 s, and / is a pause of 1 s."""

    def __init__(self):
        self.heard = []

    def predict(self, file, *, raw_rate, track, start, end):
        self.heard.append((Path(file).name, track, start, end))
        try:
            text = Path(file).read_text(encoding="utf-8")
        except OSError as error:
            raise AudioError(f"{file}: {error.strerror}. Give the path of an audio file.") from None
        if "bad" in text:
            raise AudioError(f"{file}: is no sound. See {file}.")
        if "odd" in text:
            warnings.warn(f"{file}: ends too early.", DoubtfulResultWarning, stacklevel=2)
            warnings.warn("of no importance", ImportWarning, stacklevel=2)
        if "grows" in text:
            Path(file).write_text(f"{text}F", encoding="utf-8")
        turns, speakers, time = [], [], 0.0
        for letter in text:
            if letter in "FMC":
                name = f"SPEAKER_{len(speakers):02d}"
                turns.append(Turn(time, time + 4, name))
                speakers.append(Speaker(name, 4.0, {"F": 0.9, "M": 0.1, "C": 0.6}[letter], 0.97 * (letter == "C")))
            time += {"F": 4, "M": 4, "C": 4, "/": 1}.get(letter, 0)
        return Diarization(Annotation(turns, Path(file).stem), speakers, time, agreement=0.8)


@pytest.fixture
def letters(monkeypatch):
    """Recordings are texts, heard by `Letters` in this process, one by one; gives what was heard."""
    diarizer = Letters()

    def run_here(work, tasks, *, n_jobs, time_limit):
        for task in tasks:
            error = None
            try:
                work(task)
            except CannotGoOn:
                raise
            except Exception as caught:
                error = told(caught)
            yield Outcome(task, error, 1)

    _diarizer.cache_clear()
    monkeypatch.setattr(os, "fsync", lambda handle: None)  # there is no power cut here, and disks take their time
    monkeypatch.setattr(Options, "diarizer", lambda options: diarizer)
    monkeypatch.setattr(running, "run_local", run_here)
    yield diarizer.heard
    _diarizer.cache_clear()


@pytest.fixture
def films(tmp_path):
    """A function that writes a folder of recordings, as `Letters` hears them, and returns it."""

    def write(**texts):
        folder = tmp_path / "films"
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.wav").write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def tree():
    """A function that gives the bytes of all files below a folder by name, without seconds of CPU."""

    def tree(folder):
        found = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".parquet":
                text = path.read_text(encoding="utf-8")
                if path.name == "row.json":
                    text = text.partition('"cpu_seconds"')[0]
                if path.name == "recordings.csv":
                    text = "\n".join(line.rpartition(",")[0] for line in text.splitlines())
                found[path.relative_to(folder).as_posix()] = text
        return found

    return tree
