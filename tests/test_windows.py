"""What can be told about Windows from any system: imports, consoles, line ends, names."""

import ast
import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bechdel_stats
import bechdel_stats.cli
import lightdiar
import lightdiar.cli
from lightdiar.common.files import write_bytes, write_text
from lightdiar.io.genders import read_genders
from lightdiar.io.lab import read_lab
from lightdiar.io.rttm import read_rttm
from lightdiar.io.uem import read_uem
from lightdiar.systems.settings import Settings
from lightdiar.training.manifests import read_speech_manifest
from tests.fuzz import seeds
from tests.lifecycle.commands import contents, environment, run

ROOTS = [Path(package.__file__).parent for package in (lightdiar, bechdel_stats)]
MODULES = sorted(path for root in ROOTS for path in root.rglob("*.py"))
PROGRAMS = {"lightdiar": lightdiar.cli, "bechdel-stats": bechdel_stats.cli}
COMMANDS = [(program, command) for program, package in PROGRAMS.items() for command in ("", *package.COMMANDS)]
POSIX_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"}
POSIX_NAMES = {  # that raise AttributeError on Windows; getattr with a default is the way to them
    "os": "fork geteuid getuid getgid getpgid killpg setsid mkfifo chown chroot uname statvfs fchmod sched_getaffinity "
    "O_NOFOLLOW O_NONBLOCK O_DIRECTORY O_CLOEXEC WNOHANG wait waitid".split(),
    "signal": "SIGHUP SIGKILL SIGPIPE SIGALRM SIGXFSZ SIGUSR1 SIGCHLD alarm pause pthread_sigmask".split(),
    "socket": ["AF_UNIX"],
    "time": ["tzset", "clock_gettime"],
}


def top_level(tree):
    """Nodes that run when a module is imported."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield node
            yield from top_level(node)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(path.parents[2]).as_posix())
def test_no_module_needs_posix(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        name.partition(".")[0]
        for node in top_level(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert not imported & POSIX_MODULES
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.attr not in POSIX_NAMES.get(node.value.id, ()), f"line {node.lineno}: {node.attr}"


WITHOUT_POSIX = """
import os, pkgutil, importlib, signal, subprocess, sys, types
for name in "asyncio multiprocessing.pool joblib matplotlib.pyplot pandas scipy.signal sklearn soundfile".split():
    importlib.import_module(name)
import statsmodels.formula.api  # what others import is not our concern
for name in {modules!r}:
    sys.modules[name] = None
locked = []
sys.modules["msvcrt"] = types.SimpleNamespace(LK_NBLCK=2, locking=lambda *call: locked.append(call))
for name in ("SIGHUP", "SIGKILL", "SIGPIPE"):
    if hasattr(signal, name):
        delattr(signal, name)
import bechdel_stats, lightdiar
for package in (lightdiar, bechdel_stats):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
from lightdiar.cli import main
assert main(["diarize", "a.wav", "--out", "out"]) == 0
assert locked
"""


@pytest.mark.slow
def test_both_packages_work_without_the_modules_of_posix(tmp_path):
    (tmp_path / "a.wav").write_bytes(seeds.tiny_wav())
    hidden = sorted(POSIX_MODULES - {"posix", "readline"})  # the interpreter itself has these here
    code = WITHOUT_POSIX.format(modules=hidden)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment(), capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert set(contents(tmp_path / "out")) == {"a.rttm", "a.json"}


# --- consoles --------------------------------------------------------------------------------------------------------


@pytest.fixture
def console(monkeypatch):
    """A function that runs a command in this process on a console of code page 1252: status and what was shown."""

    def use(program, *arguments):
        streams = [io.TextIOWrapper(io.BytesIO(), "cp1252", newline="\n") for _ in "oe"]
        monkeypatch.setattr(sys, "stdout", streams[0])
        monkeypatch.setattr(sys, "stderr", streams[1])
        try:
            status = PROGRAMS[program].main([str(argument) for argument in arguments])
        except SystemExit as error:
            status = error.code
        for stream in streams:
            stream.flush()
        return status, *(stream.buffer.getvalue().decode("cp1252") for stream in streams)

    return use


@pytest.mark.parametrize(("program", "command"), COMMANDS)
def test_help_can_be_shown_in_code_page_1252(program, command, console):
    status, out, err = console(program, *filter(None, [command]), "--help")
    assert (status, err) == (0, "") and out.startswith("usage: ")
    assert "\\u" not in out and "\\x" not in out


def test_names_that_a_console_lacks_are_shown_as_escapes(console, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [dict(row) for row in seeds.film_rows()[:3]]
    for row, title in zip(rows, ("Am\u00e9lie", "\u6771\u4eac\u7269\u8a9e", "Le Ch\u0153ur")):
        row["title"] = title
    Path("f.csv").write_bytes(seeds.table(rows))
    status, out, _ = console("bechdel-stats", "predict", "f.csv")
    assert status == 0
    assert "Am\u00e9lie" in out and "Le Ch\u0153ur" in out and "\\u6771\\u4eac" in out
    Path("\u00e9t\u00e9 \u6771.wav").write_bytes(seeds.tiny_wav())
    status, out, err = console("lightdiar", "count", "\u00e9t\u00e9 \u6771.wav")
    assert (status, err) == (0, "")
    assert out.startswith("\u00e9t\u00e9 \\u6771.wav: M ")
    status, _, err = console("lightdiar", "count", "\u6771.wav")
    assert status == 2 and err.startswith("lightdiar: \\u6771.wav: ")


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_help_of_a_process_with_an_old_code_page(program):
    old = environment(PYTHONIOENCODING="cp1252", PYTHONUTF8="0", LC_ALL="C")
    done = run(program, "--help", env=old, encoding="cp1252")
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("usage: ")


@pytest.mark.parametrize("program", PROGRAMS)
def test_scripts_need_not_be_on_the_path(program):
    done = run(program, "--version")
    assert done.returncode == 0 and done.stdout.startswith(f"{program} ")


# --- line ends -------------------------------------------------------------------------------------------------------


def _films(path):
    return bechdel_stats.read_films(path).table.to_csv()


TEXTS = [
    (read_rttm, "x.rttm", seeds.RTTM.encode()),
    (read_uem, "x.uem", seeds.UEM.encode()),
    (read_lab, "x.lab", seeds.LAB.encode()),
    (read_genders, "x.csv", seeds.GENDERS.encode()),
    (Settings.load, "x.json", seeds.SETTINGS.encode()),
    (read_speech_manifest, "x.csv", seeds.SPEECH_MANIFEST.encode()),
    (_films, "x.csv", seeds.film_file(seeds.film_rows(), ".csv")),
    (_films, "x.tsv", seeds.film_file(seeds.film_rows(), ".tsv")),
    (_films, "x.jsonl", seeds.film_file(seeds.film_rows(), ".jsonl")),
    (_films, "x.json", json.dumps(seeds.tmdb(), indent=1).encode()),
    (_films, "x.csv.gz", seeds.film_file(seeds.film_rows(), ".csv")),
]


@pytest.mark.filterwarnings("ignore::bechdel_stats.words.messages.FilmsWarning")
@pytest.mark.parametrize(("read", "name", "content"), TEXTS, ids=[f"{read.__name__}-{name}" for read, name, _ in TEXTS])
def test_texts_saved_on_windows_read_the_same(read, name, content, tmp_path):
    path = tmp_path / name
    pack = gzip.compress if name.endswith(".gz") else bytes
    path.write_bytes(pack(content))
    expected = read(path)
    path.write_bytes(pack(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")))
    assert read(path) == expected


def test_what_is_written_has_the_line_ends_of_all_systems(tmp_path, monkeypatch):
    """The same bytes everywhere: no text file is opened in a mode that translates."""
    monkeypatch.setattr(os, "linesep", "\r\n")
    write_text(tmp_path / "x.txt", "a\nb\n")
    assert (tmp_path / "x.txt").read_bytes() == b"a\nb\n"


# --- names -----------------------------------------------------------------------------------------------------------


def test_names_that_windows_does_not_tell_apart_are_refused_before_the_work(console, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder, name in (("a", "Talk.wav"), ("b", "talk.WAV")):
        Path(folder).mkdir()
        Path(folder, name).write_bytes(seeds.tiny_wav())
    status, out, err = console("lightdiar", "diarize", "a/Talk.wav", "b/talk.WAV", "--out", "out")
    assert (status, out) == (2, "") and err.count("\n") == 1
    assert "several files are called Talk" in err
    assert not Path("out").exists() or not contents(Path("out"))


def test_a_temporary_name_is_short_whatever_the_name_of_the_target(tmp_path, monkeypatch):
    """Windows allows 260 signs for a whole path: a target that fits must not fail for its temporary name."""
    seen = []
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda source, target: (seen.append(Path(source)), replace(source, target)))
    for name in ("x.txt", "l" * 251 + ".txt"):
        write_bytes(tmp_path / name, b"text")
        assert (tmp_path / name).read_bytes() == b"text"
    assert all(path.parent == tmp_path and len(path.name) <= 48 for path in seen)
    assert not any(set(path.name) & set('<>:"|?*') for path in seen)
