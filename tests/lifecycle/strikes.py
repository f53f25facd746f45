"""Jobs that are stopped, what may be found after that, and what must be there after the next run."""

import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz import seeds
from tests.lifecycle.commands import command, contents, environment, is_temporary

CLEAN = {  # how a process may end that was told to: by its own status, or by the signal before it could answer
    "SIGTERM": (143, -15),
    "SIGHUP": (129, -1),
    "SIGINT": (130, -2),
    "SIGKILL": (-9,),
}
SIGNALS = tuple(CLEAN) if hasattr(signal, "SIGHUP") else ()


class Broken(AssertionError):
    """A promise was not kept."""


@dataclass
class Batch:
    """`diarize --out --resume` of many small files."""

    status = 0  # of a run that nobody stops

    folder: Path
    n_files: int = 200

    def __post_init__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sounds = self.folder / "sounds"
        self.sounds.mkdir()
        for number in range(self.n_files):
            (self.sounds / f"r{number:03d}.wav").write_bytes(seeds.tiny_wav(0.4 + number % 50 / 100))
        self.target = self.folder / "reference"
        start = time.monotonic()
        self.finish()
        self.seconds = time.monotonic() - start
        self.reference = contents(self.target)
        assert len(self.reference) == 2 * self.n_files
        self.target = self.folder / "out"

    @property
    def command(self):
        return command("lightdiar", "diarize", "--out", self.target, "--resume", *sorted(self.sounds.iterdir()))

    def begin(self):
        """Start anew if the last round is complete."""
        if len(contents(self.target)) >= 2 * self.n_files:
            shutil.rmtree(self.target)

    def check(self, left_behind: bool):
        """What is there is whole; temporary files only if the process could not clean up."""
        for name, content in contents(self.target).items():
            if is_temporary(name) and left_behind:
                continue
            if self.reference.get(name) != content:
                raise Broken(f"{name} is not what an undisturbed run writes")
            if name.endswith(".rttm") and not (self.target / name).with_suffix(".json").exists():
                raise Broken(f"{name} marks a recording as done whose .json is missing")

    def finish(self):
        """Run to the end."""
        done = subprocess.run(self.command, env=environment(), capture_output=True, text=True, encoding="utf-8")
        if done.returncode:
            raise Broken(f"status {done.returncode}: {done.stderr[-500:]}")

    def check_finished(self):
        if contents(self.target) != self.reference:
            names = set(contents(self.target)) ^ set(self.reference)
            raise Broken(f"after the next run: {sorted(names)[:5] or 'other contents'}")


@dataclass
class Corpus:
    """`corpus` of many small files; one file in ten is broken."""

    status = 2  # as of any command of which some files cannot be used

    folder: Path
    n_files: int = 200
    n_jobs: int = 2

    def __post_init__(self):
        self.sounds = self.folder / "sounds"
        self.sounds.mkdir(parents=True)
        for number in range(self.n_files):
            sound = b"" if number % 10 == 5 else seeds.tiny_wav(0.4 + number % 50 / 100)
            (self.sounds / f"r{number:03d}.wav").write_bytes(sound)
        self.target = self.folder / "reference"
        start = time.monotonic()
        self.finish()
        self.seconds = time.monotonic() - start
        self.reference = self.found()
        assert len(self.done()) == self.n_files
        self.target = self.folder / "out"

    @property
    def command(self):
        return command("lightdiar", "corpus", self.sounds, "--out", self.target, "--jobs", self.n_jobs)

    def done(self):
        """Names of the recordings that have results, or a row that says why not."""
        places = self.target / "recordings"
        return sorted(path.name for path in places.iterdir()) if places.exists() else []

    def found(self):
        """All that does not differ from run to run, as seconds of CPU do."""
        found = {}
        for name, content in contents(self.target).items():
            if name.endswith("row.json"):
                found[name] = content.partition(b'"cpu_seconds"')[0]
            elif name == "recordings.csv":
                found[name] = b"\n".join(line.rpartition(b",")[0] for line in content.splitlines())
            elif name != "recordings.parquet":
                found[name] = content
        return found

    def begin(self):
        """Start anew if the last round is complete."""
        if len(self.done()) == self.n_files:
            shutil.rmtree(self.target)

    def check(self, left_behind: bool):
        """What is in place is whole."""
        places = tuple(f"recordings/{name}/" for name in self.done())
        wanted = {name: content for name, content in self.reference.items() if name.startswith(places)}
        found = {name: content for name, content in self.found().items() if name.startswith("recordings/")}
        if found != wanted:
            raise Broken(f"{sorted(set(found) ^ set(wanted)) or 'a file'} is not what an undisturbed run writes")

    def finish(self):
        done = subprocess.run(self.command, env=environment(), capture_output=True, text=True, encoding="utf-8")
        if done.returncode != self.status:
            raise Broken(f"status {done.returncode}: {done.stderr[-500:]}")

    def check_finished(self):
        if self.found() != self.reference:
            names = set(self.found()) ^ set(self.reference)
            raise Broken(f"after the next run: {sorted(names)[:5] or 'other contents'}")


@dataclass
class Fit:
    """`fit` over an existing model."""

    status = 0

    folder: Path
    n_films: int = 300

    def __post_init__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.target = self.folder / "model"
        rows = seeds.film_rows(self.n_films)
        self.reference = {}
        for which, films in (("old", rows[: self.n_films // 2]), ("new", rows)):
            self.films = self.folder / f"{which}.csv"
            self.films.write_bytes(seeds.table(films))
            self.target = self.folder / which
            start = time.monotonic()
            self.finish()
            self.seconds = time.monotonic() - start
            self.reference[which] = self.loaded()
        self.target = self.folder / "model"
        self.new = contents(self.folder / "new")

    @property
    def command(self):
        return command("bechdel-stats", "fit", self.films, "--out", self.target)

    def loaded(self):
        """The model in the folder, as it is loaded."""
        from bechdel_stats.prediction.model import load_model

        model = load_model(self.target)
        return {name: values.tobytes() for name, values in model.coefficients.items()}, model.card

    def begin(self):
        shutil.rmtree(self.target, ignore_errors=True)
        shutil.copytree(self.folder / "old", self.target)

    def check(self, left_behind: bool):
        """The old model or the new one."""
        if self.loaded() not in self.reference.values():
            raise Broken("the model is neither the old one nor the new one")
        odd = [name for name in contents(self.target) if is_temporary(name)]
        if odd and not left_behind:
            raise Broken(f"left behind: {odd}")

    def finish(self):
        done = subprocess.run(self.command, env=environment(), capture_output=True, text=True, encoding="utf-8")
        if done.returncode:
            raise Broken(f"status {done.returncode}: {done.stderr[-500:]}")

    def check_finished(self):
        if contents(self.target) != self.new:
            raise Broken(f"after the next run there is {sorted(contents(self.target))}, or not the new model")


def strike(job, name: str, rng: random.Random) -> str:
    """Stop a job at a random moment by the signal of this name, check, and return how it ended.

    Raises
    ------
    Broken
        If something is half, lost or left behind, or the end was not as documented.
    """
    job.begin()
    process = subprocess.Popen(
        job.command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        time.sleep(rng.uniform(0.02, 0.9) * job.seconds)
        process.send_signal(getattr(signal, name))
        _, err = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        raise Broken(f"{name} did not end it within 60 s") from None
    ended = process.returncode
    if ended not in (job.status, *CLEAN[name]):
        raise Broken(f"{name}: status {ended}: {err.decode('utf-8', 'replace')[-300:]}")
    if b"Traceback" in err:
        raise Broken(f"{name}: a traceback: {err.decode('utf-8', 'replace')[-300:]}")
    if job.target.exists():
        job.check(left_behind=name == "SIGKILL" or ended == -CLEAN[name][0] + 128)
    return f"{ended}"


def recover(job) -> None:
    """Run the job to its end, and check that nothing is missing, doubled or left behind."""
    job.finish()
    job.check_finished()


def step_by_step(program: str, arguments, target: Path, begin, check) -> int:
    """Stop a command just before each thing that it does to files in a folder; return the number of steps.

    Parameters
    ----------
    program : str
    arguments : sequence
        Of the command.
    target : path
        The folder, whose file operations are counted.
    begin, check : callable
        Called before each run and after each that was stopped.
    """
    for step in range(1, 200):
        begin()
        stopper = [sys.executable, "-m", "tests.lifecycle.stopper", str(step), str(target), program]
        done = subprocess.run([*stopper, *map(str, arguments)], env=environment(), capture_output=True)
        if done.returncode != 137:
            assert not done.returncode, done.stderr.decode("utf-8", "replace")
            return step - 1
        check()
    raise Broken("more than 200 steps")


def one_line(done: subprocess.CompletedProcess, program: str) -> str:
    """The message of a refusal: status 2 and one line, beside warnings."""
    lines = errors(done.stderr)
    if done.returncode != 2 or len(lines) != 1 or not lines[0].startswith(f"{program}: "):
        raise Broken(f"status {done.returncode}: {done.stderr[-500:]}")
    return lines[0]


def errors(text: str) -> list[str]:
    """Lines of stderr that are not warnings."""
    return [line for line in text.splitlines() if not line.partition(": ")[2].startswith("warning: ")]
