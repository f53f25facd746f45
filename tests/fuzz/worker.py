"""A process that runs case after case: in a folder of its own, its output caught, its memory measured."""

import collections
import contextlib
import ctypes
import gc
import importlib
import io
import os
import pickle
import pkgutil
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.fuzz.calls import call, is_own
from tests.fuzz.entries import BY_NAME, Draw
from tests.fuzz.judge import Outcome, fault

KEPT = 60.0  # megabytes that a process may hold after a case, above its models; then it is replaced
_STATUS = Path("/proc/self/status")
_DESCRIPTORS = Path("/proc/self/fd")


def serve(pipe, seed: int, sounds_path: str, folder: str, limit_mb: int) -> None:
    """Answer each number of a case with (fault or None, refused, seconds, megabytes, detail, worn) until None comes."""
    sounds = pickle.loads(Path(sounds_path).read_bytes())
    worker = Worker(seed, sounds, Path(folder), limit_mb)
    pipe.send("ready")
    while (wanted := pipe.recv()) is not None:
        name, number = wanted
        pipe.send(worker.run(name, number))


class Worker:
    """Runs cases in this process."""

    def __init__(self, seed, sounds, folder, limit_mb):
        self.seed, self.sounds, self.folder, self.limit_mb = seed, sounds, folder, limit_mb
        folder.mkdir(parents=True, exist_ok=True)
        self.server = None
        self.screen = os.dup(1), os.dup(2)
        self.caches = _import_everything()
        self.resident = _memory("VmRSS")
        _load_models()
        self.settled = max(self.resident, _memory("VmRSS"))
        _bound_memory()

    def run(self, name, number):
        """Make a case, run it and judge it."""
        case = BY_NAME[name].make(Draw(self.seed, number, self.sounds))
        # the process starts in the folder of the case; what is left of the last one is removed first
        os.chdir(self.folder)
        room, temporary = self.folder / "case", self.folder / "tmp"
        for each in (room, temporary):
            shutil.rmtree(each, ignore_errors=True)
            each.mkdir()
        put(case, room)
        if any(name.startswith("model/") or name == "n.csv" for name in case.files):
            for remembered in self.caches:  # of files of this name, of another case
                remembered.cache_clear()
        os.chdir(room)
        argv = case.argv
        if case.answers:
            argv = tuple(self._address(case.answers) if part == "SERVER" else part for part in argv)
        before, opened = contents(room), _opened()
        _reset_peak()
        start = _processor_time()
        status, out, err, trace = self._caught(argv, case.environment, temporary)
        seconds = _processor_time() - start
        said = sum(len(body) for _, _, body in case.answers) / 1e6  # by the server, which is in this process
        used = max(0.0, _memory("VmHWM") - self.resident - said)
        left = [f"temporary file {name}" for name in contents(temporary)]
        if not case.answers:
            left += _children() + _descriptors(opened)
        outcome = Outcome(status, out, err, trace, before, contents(room), tuple(left))
        found = fault(case, outcome)
        if found is None and used > self.limit_mb:
            found = f"memory: {used:.0f} MB over the interpreter with its imports"
        detail = (trace or err.decode("utf-8", "replace"))[-6000:] if found else ""
        return found, status == 2, seconds, used, detail, self._is_worn()

    def _is_worn(self):
        """Whether this process holds on to so much memory that it would be charged to the next case."""
        if _memory("VmRSS") < self.settled + KEPT:
            return False
        gc.collect()
        with contextlib.suppress(OSError, TypeError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
        return _memory("VmRSS") >= self.settled + KEPT

    def _address(self, answers):
        from tests.fuzz.server import Server

        self.server = self.server or Server()
        self.server.answers = list(answers)
        return self.server.url

    def _caught(self, argv, environment, temporary):
        """Status, stdout, stderr and traceback of a command that runs in this process."""
        paths = [self.folder / "out", self.folder / "err"]
        for number, path in enumerate(paths, 1):
            with open(path, "wb") as file:
                os.dup2(file.fileno(), number)
        streams = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = (_stream(number) for number in (1, 2))
        saved = {name: os.environ.get(name) for name in ("TMPDIR", *environment)}
        os.environ.update({"TMPDIR": str(temporary), **environment})
        tempfile.tempdir = None
        real_sleep, time.sleep = time.sleep, lambda seconds: real_sleep(min(max(seconds, 0), 0.001))
        status, trace = None, ""
        try:
            status = _run(argv)
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else (0 if error.code is None else 1)
        except BaseException:
            trace = traceback.format_exc()
        finally:
            time.sleep = real_sleep
            _flush_library()
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(ValueError, OSError):
                    stream.flush()
            sys.stdout, sys.stderr = streams
            for number, screen in enumerate(self.screen, 1):
                os.dup2(screen, number)
            for name, value in saved.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
            tempfile.tempdir = None
        return status, paths[0].read_bytes(), paths[1].read_bytes(), trace


def _stream(number):
    return io.TextIOWrapper(io.FileIO(number, "w", closefd=False), "utf-8", write_through=number == 2)


def put(case, folder: Path) -> None:
    """Write the files of a case, and its links."""
    for name, content in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for name, target in case.links.items():
        (folder / name).symlink_to(target)


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _run(argv):
    program, *arguments = argv
    if program == "lightdiar":
        from lightdiar.cli import main

        return main(arguments)
    if program == "bechdel-stats":
        from bechdel_stats.cli import main

        return main(arguments)
    try:
        call(*arguments)
        return 0
    except Exception as error:
        if not is_own(error):
            raise
        os.write(2, str(error).encode("utf-8", "backslashreplace"))
        return 2


def _import_everything():
    """Import, so that a case is not charged for what it is the first to need; return the functions that remember."""
    import matplotlib

    import bechdel_stats
    import lightdiar

    matplotlib.use("agg")
    for name in (
        "matplotlib.pyplot scipy.signal scipy.stats sklearn.cluster sklearn.linear_model statsmodels.formula.api "
        "statsmodels.miscmodels.ordinal_model"
    ).split():
        importlib.import_module(name)
    caches = []
    for package in (lightdiar, bechdel_stats):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                module = importlib.import_module(found.name)
                caches += [each for each in vars(module).values() if hasattr(each, "cache_clear")]
    return caches


def _load_models():
    """Use the models that ship once: they stay, and are charged to every case, but do not wear the process out."""
    from lightdiar.systems import bundle
    from lightdiar.systems.voice_models import load_voice_models

    bundle.load()
    load_voice_models()


def _bound_memory():
    """Two gigabytes more than now, so that a runaway ends in MemoryError and not in a machine that swaps."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        most = int(_memory("VmSize") * 1e6) + 2_000_000_000
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _flush_library():
    """What C libraries printed stands in a buffer of their own; it belongs to this case."""
    with contextlib.suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).fflush(None)


def _reset_peak():
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _memory(what):
    """Megabytes; 0 where the system does not say."""
    with contextlib.suppress(OSError):
        for line in _STATUS.read_text(encoding="ascii").splitlines():
            if line.startswith(f"{what}:"):
                return int(line.split()[1]) / 1000
    return 0.0


def _processor_time():
    """Seconds of this process and its children; the time of day would count what else the machine does."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _opened():
    """Number of open files by what they lead to; fonts, which matplotlib keeps, are left out."""
    found = collections.Counter()
    for entry in os.listdir(_DESCRIPTORS) if _DESCRIPTORS.exists() else ():
        with contextlib.suppress(OSError):
            found[os.readlink(_DESCRIPTORS / entry)] += 1
    return collections.Counter({name: n for name, n in found.items() if not name.endswith((".ttf", ".otf", ".afm"))})


def _descriptors(before):
    if _opened() - before:
        gc.collect()
    return [f"{name} stays open" for name in _opened() - before if not name.startswith("/proc/")]


def _children():
    if not hasattr(os, "WNOHANG"):
        return []
    try:
        process, _ = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return []
    return [f"a child process that {'nobody waited for' if process else 'still runs'}"]
