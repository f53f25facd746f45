"""Machines with another ffmpeg, or none."""

import os
import stat
import sys
import textwrap

import pytest


@pytest.fixture
def no_ffmpeg(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


@pytest.fixture
def fake_ffmpeg(monkeypatch, tmp_path):
    """A function that puts a program named ffmpeg with the given Python body on PATH."""
    if os.name == "nt":
        pytest.skip("the fake ffmpeg is a script with a #! line")

    def install(body):
        program = tmp_path / "bin" / "ffmpeg"
        program.parent.mkdir(exist_ok=True)
        head = f"#!{sys.executable}\nimport sys\nout = sys.stdout.buffer\n"
        program.write_text(head + textwrap.dedent(body), encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(program.parent))

    return install
