"""What only ffmpeg can read: a stand-in that writes Matroska, and the real one where there is one."""

import shutil
import subprocess
import threading

import numpy as np
import pytest
import soundfile

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.io import ffmpeg
from lightdiar.io.audio import blocks, duration, read
from lightdiar.io.resample import resample

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="no ffmpeg on PATH")
RAMP = np.arange(44100) / 44100


@pytest.fixture
def film(tmp_path, fake_ffmpeg):
    """A function: a file that ffmpeg decodes to blocks of (seconds, samples) at 22050 Hz, then does more."""
    from test_matroska import matroska

    def make(blocks, more="", n_channels=1):
        (tmp_path / "decoded").write_bytes(matroska(22050, n_channels, blocks))
        fake_ffmpeg(f"out.write(open({str(tmp_path / 'decoded')!r}, 'rb').read())\nout.flush()\n{more}")
        path = tmp_path / "film.mkv"
        path.write_bytes(b"\x1aE\xdf\xa3 not really")
        return path

    return make
