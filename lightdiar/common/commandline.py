"""Shared by both command lines: subcommands, one-line warnings and errors, and the exit status."""

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module

from lightdiar._version import __version__
from lightdiar.errors import LightdiarError

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


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
        0 on success, 2 if something could not be used, 130 if interrupted.
    """
    for name in THREADS:  # before numpy loads: at these sizes a second thread doubles the time for the same result
        os.environ.setdefault(name, "1")
    for stream in (sys.stdout, sys.stderr):  # a name that the terminal cannot display must not stop the run
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")

    def show_warning(message, *_args, **_kwargs):
        print(f"{program}: warning: {message}", file=sys.stderr)

    arguments = _parser(program, package, commands, description, epilog).parse_args(argv)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", category)
        warnings.showwarning = show_warning
        try:
            if check:
                check(arguments)
            status = arguments.run(arguments) or 0
            sys.stdout.flush()  # here, so that a reader who is gone is noticed
            return status
        except BrokenPipeError:  # the reader closed the pipe, as `head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except (LightdiarError, ValueError, OSError, ImportError) as error:
            print(f"{program}: {error}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print(f"{program}: interrupted", file=sys.stderr)
            return 130


def say(line: str) -> None:
    """Report the progress of a long job on stderr."""
    print(line, file=sys.stderr, flush=True)


def _parser(program, package, commands, description, epilog):
    parser = argparse.ArgumentParser(
        prog=program, description=description, epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"{program} {__version__}")
    added = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in commands:
        module = import_module(f"{package}.{name}")
        sub = added.add_parser(name, help=module.SUMMARY, description=module.SUMMARY)
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    return parser
