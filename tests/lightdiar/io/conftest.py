"""Machines with another ffmpeg, or none."""

import os
import stat
import struct
import sys
import textwrap

import numpy as np
import pytest


@pytest.fixture
def no_ffmpeg(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


@pytest.fixture
def fake_ffmpeg(monkeypatch, tmp_path):
    """A function that puts a program with the given Python body on PATH, named ffmpeg if nothing else is said."""
    if os.name == "nt":
        pytest.skip("the fake ffmpeg is a script with a #! line")

    def install(body, name="ffmpeg"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        head = f"#!{sys.executable}\nimport sys\nout = sys.stdout.buffer\n"
        program.write_text(head + textwrap.dedent(body), encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(program.parent))

    return install


def element(identifier, data):
    """An element of a Matroska file whose length is written in 8 bytes."""
    return bytes.fromhex(identifier) + (1 << 56 | len(data)).to_bytes(8, "big") + data


def to_matroska(rate, n_channels, blocks):
    """Blocks of (seconds, samples) as ffmpeg pipes them, each in a cluster of its own."""
    audio = element("B5", struct.pack(">d", rate)) + element("9F", bytes([n_channels]))
    segment = bytes.fromhex("18538067") + b"\x01" + b"\xff" * 7  # open to the end
    tracks = element("1654AE6B", element("AE", element("D7", b"\1") + element("E1", audio)))
    clusters = [
        element("1F43B675", element("E7", struct.pack(">I", ms)) + element("A3", b"\x81\0\0\x80" + samples))
        for ms, samples in ((round(1000 * seconds), np.asarray(s, "<f4").tobytes()) for seconds, s in blocks)
    ]
    head = element("1A45DFA3", b"header") + segment + element("EC", bytes(50)) + tracks
    return head + b"".join(clusters) + element("1C53BB6B", bytes(20))


@pytest.fixture
def matroska():
    return to_matroska
