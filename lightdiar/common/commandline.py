"""Shared by both command lines: subcommands, output, one-line warnings and errors, and the exit status."""

import argparse
import errno
import os
import re
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

from lightdiar._version import __version__
from lightdiar.common.tables import printable
from lightdiar.errors import LeftOutWarning, LightdiarError

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class OutputLost(Exception):
    """Standard output cannot be written, so that there is no sense in going on."""


class ReaderGone(Exception):
    """The reader of standard output closed the pipe, as `head` does: nothing is wrong."""


def run(
    program: str,
    package: str,
    commands: Sequence[str],
    description: str,
    epilog: str,
    category: type[Warning],
    argv: Sequence[str] | None = None,
    check: Callable[[argparse.Namespace], object] | None = None,
) -> int:
    """Run a command line.

    Parameters
    ----------
    program : str
        Its name, printed before every message.
    package : str
        The package that holds the command modules. Each has SUMMARY, `add_arguments(parser)` and `run(arguments)`,
        which returns the exit status (None for 0).
    commands : sequence of str
        In the order in which the help lists them.
    description, epilog : str
    category : type
        Category of the warnings that are shown.
    argv : list of str, optional
    check : callable, optional
        `check(arguments)` raises ValueError, before any work starts, if the arguments are unusable.

    Returns
    -------
    status : int
        0 on success, 2 if something could not be used or the output was lost, 130 if interrupted.

    Raises
    ------
    SystemExit
        After --help (0) and arguments that cannot be parsed (2), and when SIGTERM or SIGHUP end the process (128 and
        the number of the signal).
    """
    for name in THREADS:  # before numpy loads: at these sizes a second thread doubles the time for the same result
        os.environ.setdefault(name, "1")
    if sys.stderr is None:  # closed; what is printed to None goes to stdout
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, stays open to the end
    for stream in (sys.stdout, sys.stderr):  # a name that the terminal cannot display must not stop the run
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")

    left_out = []

    def complain(message):
        say(f"{program}: {message}")

    def warn(message, kind):
        if issubclass(kind, LeftOutWarning):
            left_out.append(message)
            complain(message)
        else:
            complain(f"warning: {message}")

    try:
        if sys.stdout is None:
            raise OutputLost("is closed")
        with _own_stderr(), _terminated_cleanly(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("always", category)
            warnings.showwarning = lambda message, kind, *_args, **_kwargs: warn(message, kind)
            arguments = _parser(program, package, commands, description, epilog).parse_args(argv)
            if check:
                check(arguments)
            return arguments.run(arguments) or (2 if left_out else 0)
    except ReaderGone:
        _send_nowhere(sys.stdout)
        return 0
    except OutputLost as error:
        _send_nowhere(sys.stdout)
        complain(f"standard output {error}; nothing more was done.")
        return 2
    except (LightdiarError, ValueError, OSError, ImportError) as error:
        complain(told(error))
        return 2
    except KeyboardInterrupt:
        complain("interrupted")
        return 130


def told(error: Exception) -> str:
    """What an error says; of a file that the system refuses, its name and why, without the number of the error.

    Examples
    --------
    >>> told(FileNotFoundError(2, "No such file or directory", "films.csv"))
    'films.csv: No such file or directory. Look for a typing error in its name, or in that of its folder.'
    """
    if isinstance(error, OSError) and error.filename and error.strerror:
        advice = " Look for a typing error in its name, or in that of its folder."
        return f"{error.filename}: {error.strerror}." + advice * isinstance(error, FileNotFoundError)
    return str(error)


def show(line: object) -> None:
    """Print one line of a result on stdout, at once; control characters are escaped.

    Raises
    ------
    ReaderGone
        If the reader closed the pipe.
    OutputLost
        If it cannot be written for another reason, such as a full disk.
    """
    with _watched():
        print(printable(str(line)), flush=True)


def show_text(text: object) -> None:
    """Print lines on stdout as `show` does, with their tabs; names from strangers must be `printable` already."""
    cells = re.split(r"([\n\t])", str(text).removesuffix("\n"))
    with _watched():
        print("".join(cell if cell in "\n\t" else printable(cell) for cell in cells), flush=True)


def tell(text: object) -> None:
    """Print, as `show_text` does, what is in a file too: if nobody reads it any more, the work goes on."""
    try:
        show_text(text)
    except ReaderGone:
        _send_nowhere(sys.stdout)


def say(line: str) -> None:
    """Report a problem, or the progress of a long job, on stderr."""
    try:
        print(printable(line), file=sys.stderr, flush=True)
    except OSError:  # nobody reads it; the work goes on
        _send_nowhere(sys.stderr)


def _parser(program, package, commands, description, epilog):
    parser = _Parser(
        prog=program, description=description, epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"{program} {__version__}")
    added = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in commands:
        module = import_module(f"{package}.{name.replace('-', '_')}")
        sub = added.add_parser(name, help=module.SUMMARY, description=module.SUMMARY)
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    return parser


def given(name: str) -> str:
    """The name of a file or folder as it is; FileNotFoundError if it is empty, which would mean the current folder."""
    if not name:
        raise FileNotFoundError('"" names no file and no folder; is a variable of the shell not set? Give a name.')
    return name


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options):
        super().__init__(**options)
        self.register("type", Path, lambda name: Path(given(name)))  # wherever an argument has this type

    def _print_message(self, message, file=None):
        """Print help and usage as everything else is printed; argparse keeps silent if it cannot."""
        if message:
            (_say_text if file is sys.stderr else show_text)(message)


@contextmanager
def _own_stderr() -> Iterator[None]:
    """Keep out of stderr what libraries print there by themselves, as mpg123 does about a damaged MP3."""
    try:
        if sys.stderr.fileno() != 2:
            raise OSError("somebody else already took care of it")
        sys.stderr.flush()
        own = open(os.dup(2), "w", buffering=1, encoding=sys.stderr.encoding, errors="backslashreplace")  # noqa: SIM115
    except OSError:
        yield
        return
    before, sys.stderr = sys.stderr, own
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        sys.stderr = before
        os.dup2(own.fileno(), 2)
        with suppress(OSError):  # it is full
            own.close()


@contextmanager
def _terminated_cleanly() -> Iterator[None]:
    """End in order, without temporary files, when told to: SIGTERM, SIGHUP of a closed terminal, SIGINT of Ctrl-C."""

    told: list[BaseException] = []

    def end(number, _frame):
        told.append(KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number))
        raise told[-1]

    before = {}
    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        if number := getattr(signal, name, None):  # Windows has no SIGHUP
            try:
                if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):  # `nohup` ignores SIGHUP
                    before[number] = signal.signal(number, end)
            except ValueError:  # not in the main thread: whoever called is responsible
                break
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if told:  # numpy, while it is imported, makes an ImportError of it
            raise told[0] from None


@contextmanager
def _watched() -> Iterator[None]:
    """Tell what a failure of stdout means."""
    try:
        yield
    except OSError as error:
        if isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL):
            raise ReaderGone from None
        raise OutputLost(f"cannot be written: {error.strerror}") from None


def _say_text(text):
    for line in text.removesuffix("\n").split("\n"):
        say(line)


def _send_nowhere(stream):
    """Let what is left in the buffer go nowhere; otherwise the interpreter complains when it ends."""
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
