"""What all commands share."""

import json
import subprocess
import sys

import pytest

from lightdiar import __version__
from lightdiar.cli import COMMANDS, main


def test_help_reads_like_a_manual_and_loads_nothing_heavy():
    code = (
        "import sys\n"
        "from lightdiar.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as stop: status = stop.code\n"
        "print(status, [m for m in ('numpy', 'scipy', 'sklearn', 'pandas', 'statsmodels') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert lines[-1] == "0 []"
    for name in COMMANDS:
        assert any(line.split()[:1] == [name] for line in lines)
    shown = list(dict.fromkeys(line.split()[1] for line in lines if line.startswith("  lightdiar ")))
    assert shown[:5] == list(COMMANDS[:5]) == ["count", "diarize", "page", "report", "bechdel"]
    assert "Exit status: 0 done, 2 " in done.stdout and done.stdout.isascii()


def test_counting_needs_no_library_that_takes_a_second_to_load(conversation_file):
    code = (
        "import sys\n"
        "from lightdiar.cli import main\n"
        "status = main(['count', sys.argv[1]])\n"
        "print(status, [m for m in ('sklearn', 'pandas', 'statsmodels', 'scipy.stats') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, conversation_file], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


def test_version(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"lightdiar {__version__}\n"


def test_silence_has_nobody(silence, capsys):
    assert main(["count", str(silence)]) == 0
    assert capsys.readouterr().out == f"{silence}: M 0  F 0\n"
    assert main(["count", "--json", str(silence)]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": str(silence),
        "M": 0,
        "F": 0,
        "agreement": 1.0,
        "p_men": [1],
        "p_women": [1],
    }
    assert main(["diarize", str(silence)]) == 0
    assert capsys.readouterr().out == "silence: 2.0 s, no speech found\n"
    assert main(["speech", str(silence)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "missing.wav: "),
        (lambda path: path.mkdir(), "missing.wav: "),
        (lambda path: path.write_bytes(b""), "missing.wav: "),
        (lambda path: path.write_text("words, not sound"), "missing.wav: "),
        (lambda path: path.write_bytes(b"RIFF\x24\x00\x00\x00WAVE"), "missing.wav: "),
    ],
    ids=["no file", "folder", "empty", "text", "header only"],
)
def test_what_is_no_sound_gives_one_line_and_status_2(tmp_path, capsys, make, message, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))  # without ffmpeg; what it says is in the tests of decoders
    path = tmp_path / "missing.wav"
    make(path)
    for command in ("count", "diarize", "speech"):
        assert main([command, str(path)]) == 2
        captured = capsys.readouterr()
        assert captured.out == "" and captured.err.count("\n") == 1
        assert captured.err.startswith("lightdiar: ") and message in captured.err


def test_an_interrupt_is_no_traceback(silence, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", interrupted)
    assert main(["count", str(silence)]) == 130
    assert capsys.readouterr().err == "lightdiar: interrupted\n"


def test_an_output_that_cannot_be_is_refused_before_the_work(silence, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", None)
    assert main(["diarize", str(silence), "--out", str(silence)]) == 2
    assert "silence.wav: cannot be used as a folder" in capsys.readouterr().err
    assert main(["features", str(silence), "--out", str(tmp_path / "none" / "x.npz")]) == 2
    assert "none does not exist. Create it, or write elsewhere." in capsys.readouterr().err
