"""The frame of a command line: its exit status, and one line for each thing that goes wrong."""

import io
import os
import shlex
import signal
import subprocess
import sys
import types
import warnings
from pathlib import Path

import pytest

import lightdiar
from lightdiar import __version__
from lightdiar.common import commandline
from lightdiar.common.commandline import THREADS, say, show, show_text
from lightdiar.common.files import replacing
from lightdiar.errors import DoubtfulResultWarning, FormatError, LeftOutWarning


@pytest.fixture
def run(monkeypatch):
    """A function that runs the command line `shop`, whose one command `buy` does what it is told."""

    def run(act, *argv, check=None):
        module = types.ModuleType("shop.buy")
        module.SUMMARY = "buy something"
        module.add_arguments = lambda parser: parser.add_argument("--price", type=int, default=1)
        module.run = act
        monkeypatch.setitem(sys.modules, "shop.buy", module)
        argv = list(argv) or ["buy"]
        return commandline.run("shop", "shop", ["buy"], "Sells.", "Open.", DoubtfulResultWarning, argv, check)

    return run


def raising(error):
    def act(arguments):
        raise error

    return act


@pytest.mark.parametrize(("returned", "status"), [(None, 0), (0, 0), (2, 2)])
def test_the_status_is_that_of_the_command(run, capsys, returned, status):
    assert run(lambda arguments: returned) == status
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (FormatError("films.csv:3: no title"), "films.csv:3: no title"),
        (ValueError("price=0 must be 1 or more."), "price=0 must be 1 or more."),
        (
            FileNotFoundError(2, "No such file or directory", "x.csv"),
            "x.csv: No such file or directory. Look for a typing error in its name, or in that of its folder.",
        ),
        (ImportError("No module named 'matplotlib'"), "No module named 'matplotlib'"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_cannot_be_used_is_one_line_and_status_2(run, capsys, error, line):
    assert run(raising(error)) == 2
    assert capsys.readouterr() == ("", f"shop: {line}\n")


def test_what_is_left_out_is_an_error_and_a_doubt_is_a_warning(run, capsys):
    for category, status, mark in ((DoubtfulResultWarning, 0, "warning: "), (LeftOutWarning, 2, "")):
        assert run(lambda arguments, kind=category: warnings.warn("bread: is sold out", kind, 2)) == status
        assert capsys.readouterr() == ("", f"shop: {mark}bread: is sold out\n")


def test_an_interrupt_is_status_130(run, capsys):
    assert run(raising(KeyboardInterrupt())) == 130
    assert capsys.readouterr() == ("", "shop: interrupted\n")


def test_a_fault_of_ours_is_not_dressed_up_as_the_users(run):
    with pytest.raises(ZeroDivisionError, match="^ours$"):
        run(raising(ZeroDivisionError("ours")))


def test_arguments_reach_the_command(run):
    seen = []
    run(lambda arguments: seen.append(arguments.price), "buy", "--price", "3")
    run(lambda arguments: seen.append(arguments.price), "buy")
    assert seen == [3, 1]


def test_a_check_refuses_before_any_work(run, capsys):
    def check(arguments):
        if arguments.price > 2:
            raise ValueError("too dear")

    done = []
    assert run(done.append, "buy", "--price", "3", check=check) == 2
    assert capsys.readouterr() == ("", "shop: too dear\n") and done == []
    assert run(lambda arguments: done.append(arguments.price), "buy", "--price", "2", check=check) == 0
    assert done == [2]


@pytest.mark.parametrize(
    ("argv", "status", "message"),
    [
        (["buy", "--price", "much"], 2, "shop buy: error: argument --price: invalid int value: 'much'"),
        (["sell"], 2, "shop: error: argument COMMAND: invalid choice: 'sell'"),
        (["--fast"], 2, "shop: error: the following arguments are required: COMMAND"),
    ],
)
def test_what_the_parser_refuses(run, capsys, argv, status, message):
    with pytest.raises(SystemExit) as stop:
        run(raising(AssertionError("nothing may be done")), *argv)
    assert stop.value.code == status
    assert message in capsys.readouterr().err


def test_version_and_help(run, capsys):
    with pytest.raises(SystemExit) as stop:
        run(None, "--version")
    assert stop.value.code == 0 and capsys.readouterr().out == f"shop {__version__}\n"
    with pytest.raises(SystemExit) as stop:
        run(None, "--help")
    lines = capsys.readouterr().out.splitlines()
    assert stop.value.code == 0 and "Sells." in lines and lines[-1] == "Open."
    assert [line.split() for line in lines if "buy" in line] == [["buy", "buy", "something"]]


def test_warnings_of_the_category_are_one_line_each_and_others_are_silent(run, capsys):
    def act(arguments):
        for _ in range(2):  # the second of the same place too
            warnings.warn("very little speech", DoubtfulResultWarning, stacklevel=1)
        warnings.warn("of no concern to the user", UserWarning, stacklevel=1)
        warnings.warn("nor this", DeprecationWarning, stacklevel=1)

    shown, filters = warnings.showwarning, list(warnings.filters)
    assert run(act) == 0
    assert capsys.readouterr() == ("", 2 * "shop: warning: very little speech\n")
    assert warnings.showwarning is shown and warnings.filters == filters  # as they were


def test_numpy_is_told_to_use_one_thread_unless_somebody_decided_otherwise(run, monkeypatch):
    for name in THREADS:
        monkeypatch.setenv(name, "0")  # so that it is put back
        monkeypatch.delenv(name)
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    seen = {}
    run(lambda arguments: seen.update({name: os.environ.get(name) for name in THREADS}))
    assert seen == {
        "OMP_NUM_THREADS": "4",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "VECLIB_MAXIMUM_THREADS": "1",
    }


def test_a_name_the_terminal_cannot_show_does_not_end_the_work(run, monkeypatch):
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="\n"))

    def act(arguments):
        print("Zoë 電影.wav: M 1  F 0")
        raise ValueError("Zoë.wav: damaged")

    assert run(act) == 2
    sys.stdout.flush(), sys.stderr.flush()
    assert sys.stdout.buffer.getvalue() == rb"Zo\xeb \u96fb\u5f71.wav: M 1  F 0" + b"\n"
    assert sys.stderr.buffer.getvalue() == rb"shop: Zo\xeb.wav: damaged" + b"\n"


def test_a_stream_that_is_no_terminal_at_all_will_do(run, monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert run(lambda arguments: print("Zoë")) == 0
    assert sys.stdout.getvalue() == "Zoë\n"


def test_a_reader_that_had_enough_is_no_error(tmp_path):
    """As in `shop buy | head -1`."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "buy.py").write_text(
        "from lightdiar.common.commandline import show\n"
        "SUMMARY = 'buy'\n"
        "def add_arguments(parser): pass\n"
        "def run(arguments):\n"
        "    for number in range(100_000):\n"
        "        show(f'bought {number}')\n"
        "    raise AssertionError('nobody reads so far')\n",
        encoding="utf-8",
    )
    code = (
        "import sys; from lightdiar.common.commandline import run\n"
        "sys.exit(run('shop', 'shop', ['buy'], '', '', UserWarning, ['buy']))"
    )
    shop = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
    )
    assert shop.stdout.readline().split() == [b"bought", b"0"]
    shop.stdout.close()
    assert shop.stderr.read() == b""
    shop.stderr.close()
    assert shop.wait() == 0


def test_what_a_long_job_says_goes_to_the_terminal_and_not_into_the_result(capsys):
    say("trial 1 of 2")
    assert capsys.readouterr() == ("", "trial 1 of 2\n")


def test_a_short_answer_that_nobody_reads_is_no_error(tmp_path):
    (tmp_path / "shop").mkdir()
    text = "SUMMARY = 'buy'\ndef add_arguments(parser): pass\ndef run(arguments): show('bought')\n"
    text = f"from lightdiar.common.commandline import show\n{text}"
    (tmp_path / "shop" / "buy.py").write_text(text, encoding="utf-8")
    code = (
        "import sys; from lightdiar.common.commandline import run\n"
        "sys.exit(run('shop', 'shop', ['buy'], '', '', UserWarning, ['buy']))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdout=writer,
        stderr=subprocess.PIPE,
        env=environment | {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def shell(command, **environment):
    """Run a command of the shell with `lightdiar` for this interpreter's; stdout, stderr, status."""
    paths = os.pathsep.join([str(Path(lightdiar.__file__).parents[1]), *sys.path])
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = command.replace("lightdiar", f"{shlex.quote(sys.executable)} -m lightdiar")
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, env=kept | {"PYTHONPATH": paths} | environment
    )
    return done.stdout, done.stderr, done.returncode


needs_full_disk = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full disk here")
FULL = "lightdiar: standard output cannot be written: No space left on device; nothing more was done.\n"


@needs_full_disk
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", ["models", "--help", "count --help", "--version"])
def test_a_full_disk_is_one_line_and_status_2(command, unbuffered):
    assert shell(f"lightdiar {command} > /dev/full", PYTHONUNBUFFERED=unbuffered) == ("", FULL, 2)


@needs_full_disk
@pytest.mark.parametrize("command", ["models > /dev/full 2>&1", "models 2>&1 >&-", "models 2>/dev/full >&-"])
def test_where_nothing_can_be_said_the_status_says_it(command):
    assert shell(f"lightdiar {command}")[2] == 2


@pytest.mark.skipif(os.name == "nt", reason="needs bash")
def test_a_closed_output_is_no_success():
    closed = "lightdiar: standard output is closed; nothing more was done.\n"
    assert shell("lightdiar models >&-") == ("", closed, 2)
    stdout, stderr, status = shell("lightdiar models 2>&-")
    assert (status, stderr) == (0, "") and stdout.startswith("sources:")


@pytest.mark.skipif(os.name == "nt", reason="needs bash")
@pytest.mark.parametrize("command", ["lightdiar models | head -0", "lightdiar --help | true"])
def test_a_reader_that_reads_nothing_is_no_error(command):
    assert shell(f"{command}; exit ${{PIPESTATUS[0]}}") == ("", "", 0)


def test_control_characters_are_shown_and_lines_stay_lines(run, capsys):
    def act(arguments):
        show("esc\x1b[31m.wav: M 1\nforged.wav: M 9")
        show_text("two\nli\tnes\x1b\n")
        warnings.warn("a\nb", DoubtfulResultWarning, stacklevel=1)
        raise ValueError("x\x9by\n")

    assert run(act) == 2
    assert capsys.readouterr() == (
        "esc\\x1b[31m.wav: M 1\\nforged.wav: M 9\ntwo\nli\tnes\\x1b\n",
        "shop: warning: a\\nb\nshop: x\\x9by\\n\n",
    )


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_to_end_cleans_up_and_is_the_status(run, name, tmp_path):
    def act(arguments):
        with replacing(tmp_path / "a.txt") as file:
            file.write(b"half")
            os.kill(os.getpid(), getattr(signal, name))
            raise AssertionError("not reached")

    with pytest.raises(SystemExit) as stop:
        run(act)
    assert stop.value.code == 128 + getattr(signal, name)
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(getattr(signal, name)) == signal.SIG_DFL


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs signals")
def test_a_hangup_that_is_ignored_stays_ignored(run):
    """As `nohup` asks for."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert run(lambda arguments: os.kill(os.getpid(), signal.SIGHUP)) == 0
    finally:
        signal.signal(signal.SIGHUP, before)


def test_what_libraries_print_by_themselves_is_kept_out(tmp_path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "buy.py").write_text(
        "import os, sys\n"
        "SUMMARY = 'buy'\n"
        "def add_arguments(parser): pass\n"
        "def run(arguments):\n"
        "    os.write(2, b'[mpg123] error: of no concern\\n')\n"
        "    print('of concern', file=sys.stderr)\n"
        "    1 / 0\n",
        encoding="utf-8",
    )
    code = "from lightdiar.common.commandline import run; run('shop', 'shop', ['buy'], '', '', UserWarning, ['buy'])"
    paths = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": paths}
    )
    lines = done.stderr.splitlines()
    assert (lines[0], lines[1], lines[-1]) == (
        "of concern",
        "Traceback (most recent call last):",
        "ZeroDivisionError: division by zero",
    )


@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
def test_a_signal_that_a_library_makes_an_error_of_is_still_that_signal(run, name, status, capsys):
    """As numpy does while it is imported."""
    if not hasattr(signal, name) or os.name == "nt":
        pytest.skip("no such signal here")

    def act(arguments):
        try:
            os.kill(os.getpid(), getattr(signal, name))
        except BaseException:
            raise ImportError("PyCapsule_Import could not import module 'datetime'") from None

    try:
        ended = run(act)
    except SystemExit as stop:
        ended = stop.code
    assert ended == status
    assert capsys.readouterr() == ("", "shop: interrupted\n" if name == "SIGINT" else "")
