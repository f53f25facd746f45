import os
import signal
import socket
import subprocess
import sys
import threading
import warnings

import pytest

from lightdiar.cli import main
from lightdiar.errors import DoubtfulResultWarning


@pytest.fixture
def served(monkeypatch):
    """What the server was told, in place of serving; it announces two addresses."""
    told = []

    def serve(work, *, announce, port, language):
        told.append((port, language))
        announce("http://127.0.0.1:1/?key=a")
        announce("http://127.0.0.1:1/?key=b")
        told.append(work)

    monkeypatch.setattr("lightdiar.page.server.serve", serve)
    yield told
    told[-1].close()


def test_the_address_is_printed_and_opened_once(served, monkeypatch, capsys):
    addresses = []
    monkeypatch.setattr("lightdiar.cli.page.open_browser", addresses.append)
    assert main(["page"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "http://127.0.0.1:1/?key=a opens the page, once; Ctrl-C here ends it\n"
    assert captured.err.splitlines() == [
        "the page was opened; to open it again: http://127.0.0.1:1/?key=b",
        "the page has ended; nothing of it is left but what was saved",
    ]
    assert addresses == ["http://127.0.0.1:1/?key=a"] and served[0] == (None, "en")


def test_no_browser_a_port_and_french(served, monkeypatch):
    monkeypatch.setattr("lightdiar.cli.page.open_browser", None)
    assert main(["page", "--no-browser", "--port", "8123", "--language", "fr"]) == 0
    assert served[0] == (8123, "fr")


def test_doubts_are_noted_on_the_page_and_not_printed(monkeypatch, capsys):
    def serve(work, **_options):
        def doubt(_job):
            warnings.warn("it is noisy", DoubtfulResultWarning, stacklevel=1)
            done.set()
            return {}

        done = threading.Event()
        job = work.start(doubt)
        done.wait(5)
        work.close()
        assert (job.state, job.notes) == ("done", ["it is noisy"])

    before = warnings.showwarning
    monkeypatch.setattr("lightdiar.page.server.serve", serve)
    assert main(["page", "--no-browser"]) == 0
    assert "noisy" not in "".join(capsys.readouterr()) and warnings.showwarning is before


def test_a_used_port_is_one_line(capsys):
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        port = sock.getsockname()[1]
        assert main(["page", "--no-browser", "--port", str(port)]) == 2
    captured = capsys.readouterr()
    (line,) = captured.err.splitlines()
    assert line.startswith(f"lightdiar: --port {port}: ") and line.endswith("leave it out, and a free one is taken.")
    assert captured.out == ""


@pytest.mark.parametrize("port", ["0", "-1", "65536"])
def test_impossible_ports(port, capsys):
    assert main(["page", "--no-browser", f"--port={port}"]) == 2
    problem = f"lightdiar: --port {port}: must be from 1 to 65535; leave it out, and a free one is taken.\n"
    assert capsys.readouterr().err == problem


def test_without_its_libraries_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "lightdiar.page.server", raising=False)
    assert main(["page"]) == 2
    assert capsys.readouterr().err == ('lightdiar: the page needs uvicorn: python -m pip install "lightdiar[page]"\n')


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole terminal")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_it_ends_in_order_and_leaves_nothing(tmp_path, number, status):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "lightdiar", "page", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as page:
        assert page.stdout.readline().startswith("http://127.0.0.1:")
        assert [path.name[:15] for path in tmp_path.iterdir()] == ["lightdiar-page-"]
        page.send_signal(number)
        assert page.wait(30) == status
        assert "Traceback" not in page.stderr.read()
    assert list(tmp_path.iterdir()) == []
