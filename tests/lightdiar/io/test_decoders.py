"""What is no sound file, damaged files, odd names, and sound without a header."""

import io
import os
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.io.audio import blocks, duration, read
from lightdiar.io.decoders import MOST_CHANNELS


def tone(frequency, sample_rate, seconds=1.0, amplitude=0.5):
    return amplitude * np.sin(2 * np.pi * frequency * np.arange(int(seconds * sample_rate)) / sample_rate)


def test_what_is_no_sound_file_gets_one_clear_line(tmp_path, no_ffmpeg):
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.wav").write_text("hello\n" * 100, encoding="utf-8")
    (tmp_path / "text.au").write_text("hello\n" * 100, encoding="utf-8")
    for name in ("bytes.bin", "bytes.raw"):
        (tmp_path / name).write_bytes(bytes(100))
    for name in ("talk.json", "talk.csv", "talk.RTTM"):
        (tmp_path / name).write_text("hello\n", encoding="utf-8")
    cases = {
        "missing.wav": "No such file or directory. Give the path of an audio file.",
        "": "is a folder. Give the path of an audio file in it.",
        "empty.wav": r"is empty \(0 bytes\). Fetch or record it again.",
        "text.wav": r"it is text, no sound or film\. Give the path of one\.",
        "text.au": "it is text, no sound or film",
        "bytes.bin": "soundfile cannot read it as audio, and there is no ffmpeg on PATH to try. Install ffmpeg",
        "bytes.raw": r"Is it sound without a header\? Give its rate: --raw-rate 8000 \(in Python raw_rate=8000\)\.$",
        "talk.json": "no sound, but a result by its ending. `lightdiar report` and `bechdel` take those",
        "talk.csv": "no sound, but turns by its ending. `lightdiar convert .*talk.csv --to json --out DIR` makes",
        "talk.RTTM": "no sound, but turns by its ending",
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


def test_pipes_and_devices_are_refused_at_once(tmp_path):
    if os.name == "nt":
        pytest.skip("no named pipes in folders")
    os.mkfifo(tmp_path / "pipe.wav")
    for use in (read, duration, lambda path: next(blocks(path))):
        with pytest.raises(AudioError, match=r"pipe\.wav: a pipe cannot be read; save it first"):
            use(tmp_path / "pipe.wav")
        with pytest.raises(AudioError, match="/dev/null: a device cannot be read"):
            use("/dev/null")
    reading, writing = os.pipe()
    with pytest.raises(AudioError, match=f"/dev/fd/{reading}: a pipe cannot be read"):
        read(f"/dev/fd/{reading}")
    with open(reading, "rb") as pipe, pytest.raises(AudioError, match=r"a pipe cannot be read; .* io\.BytesIO"):
        read(pipe)
    os.close(writing)


def test_standard_input_is_not_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AudioError, match="^-: there is no such file, and the standard input is not read"):
        read("-")
    with pytest.raises(AudioError, match="null (byte|character)"):
        read("a\0b.wav")


def test_what_is_neither_a_name_nor_a_file_is_refused():
    with pytest.raises(AudioError, match="^'' is no file name. Give the path of an audio file.$"):
        read("")
    for sound, kind in (
        (None, "NoneType"),
        ((np.zeros(5), 8000), "tuple"),
        (np.zeros(5), "ndarray"),
        (b"RIFF", "bytes"),
    ):
        message = f"^sound of type {kind} cannot be read; give a path, a file open in binary mode, or an io.BytesIO.$"
        for use in (read, duration, lambda sound: next(blocks(sound))):
            with pytest.raises(TypeError, match=message):
                use(sound)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_names_that_are_not_text_are_read(tmp_path, encoding):
    if sys.platform in ("win32", "darwin"):
        pytest.skip("names are Unicode there")
    soundfile.write(tmp_path / "a.flac", np.zeros(8000), 8000)
    name = os.fsencode(tmp_path) + b"/\xe9t\xe9.flac"
    os.rename(tmp_path / "a.flac", name)
    assert read(os.fsdecode(name)).duration == 1.0
    code = "import glob, sys, lightdiar; print(lightdiar.read(glob.glob(sys.argv[1] + '/*.flac')[0]).duration)"
    plain = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    env = plain if encoding == "ascii" else dict(os.environ)
    printed = subprocess.run(
        [sys.executable, "-c", code, tmp_path], env=env, capture_output=True, text=True, check=True
    )
    assert printed.stdout == "1.0\n"


@pytest.mark.parametrize("n_channels", [MOST_CHANNELS, MOST_CHANNELS + 1])
def test_most_channels(tmp_path, n_channels):
    soundfile.write(tmp_path / "a.wav", np.full((100, n_channels), 0.5), 8000)
    if n_channels <= MOST_CHANNELS:
        assert np.allclose(read(tmp_path / "a.wav").samples, 0.5, atol=1e-4)
    else:
        with pytest.raises(AudioError, match="it has 65 channels; at most 64 can be read"):
            read(tmp_path / "a.wav")


def test_rates_at_both_limits(tmp_path):
    path = tmp_path / "a.wav"
    for rate in (1_000, 384_000):
        soundfile.write(path, np.zeros(10), rate)
        assert read(path).sample_rate == rate
    for rate in (999, 384_001):
        soundfile.write(path, np.zeros(10), rate)
        with pytest.raises(AudioError, match=f"its sample rate is {rate} Hz; 1000 to 384000 Hz can be read"):
            read(path)


def test_open_files_are_read_from_their_start(tmp_path):
    path = tmp_path / "a.flac"
    soundfile.write(path, tone(300, 16000, seconds=3), 16000)
    whole = read(path)
    memory = io.BytesIO(path.read_bytes())
    memory.seek(0, io.SEEK_END)
    assert np.array_equal(read(memory).samples, whole.samples) and duration(memory) == 3.0
    with path.open("rb") as file:
        assert np.array_equal(np.concatenate(list(blocks(file))), whole.samples)
        assert np.array_equal(read(file, start=1, end=2).samples, whole.samples[16000:32000])
        assert not file.closed
    with pytest.raises(AudioError, match=r"a\.flac: .*closed file"):
        read(file)
    with (
        path.open(encoding="latin-1") as text,
        pytest.raises(TypeError, match=r"is open as text; .*open\(path, 'rb'\)"),
    ):
        read(text)
    with pytest.raises(AudioError, match=r"<BytesIO>: is empty \(0 bytes\)"):
        read(io.BytesIO())
    with pytest.raises(
        AudioError, match="<BytesIO>: soundfile cannot read it as audio, and ffmpeg reads only files on disk"
    ):
        read(io.BytesIO(b"film" * 100))


def test_samples_without_a_header(tmp_path):
    pcm = np.random.default_rng(0).integers(-32768, 32768, 20000).astype("<i2")
    for name in ("call.raw", "call.pcm", "call.wav"):
        path = tmp_path / name
        path.write_bytes(pcm.tobytes())
        audio = read(path, raw_rate=8000)
        assert np.array_equal(audio.samples * 32768, pcm) and audio.sample_rate == 8000
        assert np.array_equal(read(path, start=1, end=2, raw_rate=8000).samples, audio.samples[8000:16000])
        assert len(read(path, start=9, raw_rate=8000).samples) == 0 and duration(path, raw_rate=8000) == 2.5
        assert sum(len(block) for block in blocks(path, raw_rate=8000)) == 40000
    path.write_bytes(pcm.tobytes()[:-1])
    with pytest.warns(DoubtfulResultWarning, match="has an odd number of bytes, so it may not be 16-bit samples"):
        assert len(read(path, raw_rate=8000).samples) == 19999
    with pytest.raises(AudioError, match="sample_rate=999 must be an integer from 1000"):
        read(path, raw_rate=999)
    soundfile.write(path, np.zeros(10), 8000)
    with pytest.raises(AudioError, match=r"call\.wav: has a header, which tells its rate\. Leave out the rate"):
        read(path, raw_rate=8000)


def test_of_what_is_cut_right_behind_its_header_nothing_can_be_read(tmp_path):
    soundfile.write(tmp_path / "a.flac", tone(300, 16000), 16000)
    data = (tmp_path / "a.flac").read_bytes()
    (tmp_path / "a.flac").write_bytes(data[: data.find(b"\xff\xf8") + 20])
    with pytest.raises(AudioError, match=r"a\.flac: is .*; nothing could be read\. Fetch or convert the file again\.$"):
        read(tmp_path / "a.flac")
