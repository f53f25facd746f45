"""The frame of a command line: its exit status, and one line for each thing that goes wrong."""

import io
import os
import subprocess
import sys
import types
import warnings

import pytest

from lightdiar import __version__
from lightdiar.common import commandline
from lightdiar.common.commandline import THREADS, say
from lightdiar.errors import DoubtfulResultWarning, FormatError


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
        (FileNotFoundError(2, "No such file or directory", "x.csv"), "[Errno 2] No such file or directory: 'x.csv'"),
        (ImportError("No module named 'matplotlib'"), "No module named 'matplotlib'"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_cannot_be_used_is_one_line_and_status_2(run, capsys, error, line):
    assert run(raising(error)) == 2
    assert capsys.readouterr() == ("", f"shop: {line}\n")


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
        "SUMMARY = 'buy'\n"
        "def add_arguments(parser): pass\n"
        "def run(arguments):\n"
        "    for number in range(100_000):\n"
        "        print('bought', number)\n"
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
    text = "SUMMARY = 'buy'\ndef add_arguments(parser): pass\ndef run(arguments): print('bought')\n"
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
