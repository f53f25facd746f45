"""Damaged files, and what only ffmpeg can read."""

import os
import stat
import sys
import textwrap

import numpy as np
import pytest
import soundfile

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.io.audio import blocks, duration, read
from lightdiar.io.resample import resample


def tone(frequency, sample_rate, seconds=1.0, amplitude=0.5):
    return amplitude * np.sin(2 * np.pi * frequency * np.arange(int(seconds * sample_rate)) / sample_rate)


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
        head = f"#!{sys.executable}\nimport struct, sys\nout = sys.stdout.buffer\n"
        program.write_text(head + textwrap.dedent(body), encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(program.parent))

    return install


def test_what_is_no_sound_file_gets_one_clear_line(tmp_path, no_ffmpeg):
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.wav").write_text("hello\n" * 100, encoding="utf-8")
    (tmp_path / "text.au").write_text("hello\n" * 100, encoding="utf-8")
    (tmp_path / "bytes.raw").write_bytes(bytes(100))
    cases = {
        "missing.wav": "No such file or directory. Give the path of an audio file.",
        "": "is a folder. Give the path of an audio file in it.",
        "empty.wav": r"is empty \(0 bytes\). Fetch or record it again.",
        "text.wav": "soundfile cannot read it as audio, and there is no ffmpeg on PATH to try. Install ffmpeg",
        "text.au": "soundfile cannot read it as audio",
        "bytes.raw": "soundfile cannot read it as audio",
    }
    for name, message in cases.items():
        for use in (read, duration, lambda path: next(blocks(path))):
            with pytest.raises(AudioError, match=message) as caught:
                use(tmp_path / name)
            assert str(caught.value).startswith(str(tmp_path / name)) and "\n" not in str(caught.value)


def test_a_header_with_an_impossible_rate(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(10), 500_000_000)
    with pytest.raises(AudioError, match="its sample rate is 500000000 Hz; 1000 to 384000 Hz can be read"):
        read(tmp_path / "a.wav")


@pytest.mark.parametrize(
    ("suffix", "message"),
    [("wav", "shorter than its header"), ("flac", "(damaged|shorter than its)"), ("mp3", "shorter than its")],
)
def test_of_a_truncated_file_the_rest_is_used(tmp_path, suffix, message):
    path = tmp_path / f"a.{suffix}"
    soundfile.write(path, tone(300, 44100, seconds=8), 44100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.warns(DoubtfulResultWarning, match=rf"{message}.* the \d\.\d+ s that could be read were used"):
        audio = read(path)
    assert 2.5 < audio.duration < 4.5
    assert len(read(path, end=1.0).samples) == 44100  # before the damage: nothing to warn of


def test_a_recorder_that_streamed_wav_is_not_called_damaged(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(300, 16000), 16000)
    data = path.read_bytes()
    path.write_bytes(data[:40] + b"\xff\xff\xff\xff" + data[44:])
    assert read(path).duration == 1.0


RAMP_IN_AU = """
    rate, n_channels, n = 22050, 2, 44100
    out.write(struct.pack(">4s5I", b".snd", 32, 0xFFFFFFFF, 6, rate, n_channels) + b"comment!")
    out.write(b"".join(struct.pack(">2f", i / n, i / n) for i in range(n)))
"""


def test_containers_are_read_through_ffmpeg(tmp_path, monkeypatch, fake_ffmpeg):
    fake_ffmpeg(RAMP_IN_AU + f"    open({str(tmp_path / 'log')!r}, 'w').write(chr(10).join(sys.argv[1:]))")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-i film.mkv").write_bytes(b"\x1aE\xdf\xa3 not really")
    audio = read("-i film.mkv")
    assert audio.sample_rate == 22050 and np.allclose(audio.samples, np.arange(44100) / 44100)
    arguments = (tmp_path / "log").read_text(encoding="utf-8").split("\n")
    assert arguments[arguments.index("-i") + 1] == f"file:{tmp_path / '-i film.mkv'}"
    assert "-nostdin" in arguments and arguments[-1] == "pipe:1"
    assert np.array_equal(read("-i film.mkv", start=0.5, end=1.5).samples, audio.samples[11025:33075])
    whole = resample(audio.samples, 22050, 16000)
    assert np.concatenate(list(blocks("-i film.mkv", seconds=0.3))).tobytes() == whole.tobytes()
    next(blocks("-i film.mkv", seconds=0.3)).sum()  # stopping early leaves no process and no warning behind


def test_ffmpeg_errors_and_complaints_are_passed_on(tmp_path, fake_ffmpeg):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"film")
    fake_ffmpeg("sys.exit('[mov @ 0x55d0c8] moov atom not found' + chr(10) + 'more')")
    with pytest.raises(AudioError, match=r"can read it as audio \(ffmpeg says: \[mov\] moov atom not found\)\."):
        read(path)
    fake_ffmpeg("sys.exit(\"Stream map '0:a:0' matches no streams.\")")
    with pytest.raises(AudioError, match=r"\(it has no audio track\)\. Convert"):
        read(path)
    fake_ffmpeg(RAMP_IN_AU + "    sys.exit(3)")
    with pytest.warns(DoubtfulResultWarning, match=r"ffmpeg says: exit code 3; the 2\.000 s that could be read"):
        assert read(path).duration == 2.0


def test_the_duration_of_a_container(tmp_path, fake_ffmpeg):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"film")
    fake_ffmpeg(RAMP_IN_AU + "    sys.exit('  Duration: 01:02:03.45, start: 0.0')")
    assert duration(path) == pytest.approx(3723.45)
    fake_ffmpeg(RAMP_IN_AU + "    sys.exit('  Duration: N/A, start: 0.0')")
    assert duration(path) is None
