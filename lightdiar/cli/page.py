"""``lightdiar page``: a page in the browser, from this machine to this machine only."""

import signal
import threading
import warnings
import webbrowser

from lightdiar.common.commandline import say, show

SUMMARY = "a page in the browser: drop or record a sound, see who speaks, correct it and save it"


def add_arguments(parser):
    parser.add_argument("--port", type=int, metavar="N", help="where to listen on this machine; by default a free one")
    parser.add_argument("--language", choices=["en", "fr"], default="en", help="English or French (en)")
    parser.add_argument("--no-browser", action="store_true", help="print the address, and open no browser")


def run(arguments):
    """Serve the page until Ctrl-C."""
    try:
        from lightdiar.page.server import serve
        from lightdiar.page.work import Work
    except ModuleNotFoundError as error:
        if error.name not in ("starlette", "uvicorn", "anyio"):
            raise
        raise ImportError(f'the page needs {error.name}: python -m pip install "lightdiar[page]"') from None
    if arguments.port is not None and not 1 <= arguments.port <= 65535:
        raise ValueError(f"--port {arguments.port}: must be from 1 to 65535; leave it out, and a free one is taken.")
    work, printed = Work(report=say), []

    def announce(address):
        if printed:
            say(f"the page was opened; to open it again: {address}")
            return
        printed.append(address)
        show(f"{address} opens the page, once; Ctrl-C here ends it")
        if not arguments.no_browser:
            open_browser(address)

    warnings.showwarning = lambda message, *_args, **_kwargs: work.note(str(message))  # until this command ends
    before = signal.signal(signal.SIGINT, _end)
    try:
        serve(work, announce=announce, port=arguments.port, language=arguments.language)
    except KeyboardInterrupt:  # which is how a page ends
        pass
    finally:
        signal.signal(signal.SIGINT, before)
    say("the page has ended; nothing of it is left but what was saved")


def open_browser(address):
    """Open an address; a browser in the terminal would keep the server waiting."""
    threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()


def _end(_number, _frame):
    raise KeyboardInterrupt
