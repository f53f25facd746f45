"""What only ffmpeg can read: a stand-in that writes Matroska, and the real one where there is one."""

import os
import shutil
import subprocess
import sys
import threading
import time

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
def film(tmp_path, fake_ffmpeg, matroska):
    """A function: a file that ffmpeg decodes to blocks of (seconds, samples) at 22050 Hz, then does more."""

    def make(blocks, more="", n_channels=1):
        (tmp_path / "decoded").write_bytes(matroska(22050, n_channels, blocks))
        fake_ffmpeg(f"out.write(open({str(tmp_path / 'decoded')!r}, 'rb').read())\nout.flush()\n{more}")
        path = tmp_path / "film.mkv"
        path.write_bytes(b"\x1aE\xdf\xa3 not really")
        return path

    return make


def read_raw(path):
    """Samples, whatever is complained of."""
    with pytest.warns(DoubtfulResultWarning) as caught:
        samples = read(path).samples
    (warning,) = caught
    return samples, str(warning.message)


def test_containers_are_read_through_ffmpeg(tmp_path, monkeypatch, film):
    stereo = np.repeat(RAMP, 2)
    log = f"open({str(tmp_path / 'log')!r}, 'w').write(chr(10).join(sys.argv[1:]))"
    path = film([(0, stereo[:20000]), (10000 / 22050, stereo[20000:])], log, n_channels=2)
    path = path.rename(tmp_path / "-i film.mkv")
    monkeypatch.chdir(tmp_path)
    audio = read("-i film.mkv")
    assert audio.sample_rate == 22050 and np.allclose(audio.samples, RAMP)
    arguments = (tmp_path / "log").read_text(encoding="utf-8").split("\n")
    assert arguments[arguments.index("-i") + 1] == f"file:{path}"
    assert "-nostdin" in arguments and arguments[-1] == "pipe:1" and "-copyts" not in arguments
    assert arguments[arguments.index("-protocol_whitelist") + 1] == "file"
    formats = arguments[arguments.index("-format_whitelist") + 1].split(",")
    assert {"mov", "matroska", "mpegts"} < set(formats)
    assert not {"concat", "hls", "dash", "image2", "sdp", "lavfi", "rtsp", "imf", "tedcaptions"} & set(formats)
    assert np.array_equal(read("-i film.mkv", start=0.5, end=1.5).samples, audio.samples[11025:33075])
    whole = resample(audio.samples, 22050, 16000)
    assert np.concatenate(list(blocks("-i film.mkv", seconds=0.3))).tobytes() == whole.tobytes()
    next(blocks("-i film.mkv", seconds=0.3)).sum()  # stopping early leaves no process and no warning behind
    (tmp_path / "film.mp4").write_bytes(b"\0\0\0\x18ftypisom")  # its time line begins at 0
    read("film.mp4")
    assert "-copyts" in (tmp_path / "log").read_text(encoding="utf-8")


def test_nothing_is_written_to_a_temporary_folder(film, monkeypatch, tmp_path):
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert read(film([(0, RAMP)])).duration == 2.0


def test_silence_stands_where_the_time_stamps_have_a_hole(film, recwarn):
    ones = np.ones(2205)
    audio = read(film([(1.0, ones), (1.1, ones), (1.5, ones)])).samples  # 0.1 s each
    expected = np.concatenate([np.zeros(22050), ones, ones, np.zeros(6615), ones])  # 0.3 s of silence from 1.2 s
    assert np.array_equal(audio, expected) and not recwarn.list
    path = film([(1.0, ones), (1.1, ones), (1.5, ones)])
    assert np.array_equal(read(path, start=0.9, end=1.45).samples, expected[19845:31972])


def test_the_shortest_hole(film):
    ones = np.ones(2205)
    assert len(read(film([(0, ones), (0.2, ones)])).samples) == 4410  # 0.1 s: the rounding of a container
    assert len(read(film([(0, ones), (0.201, ones)])).samples) == 4410 + 2227


def test_the_longest_hole(film, monkeypatch):
    assert ffmpeg.LONGEST_HOLE == 3600
    monkeypatch.setattr(ffmpeg, "LONGEST_HOLE", 2.0)
    ones = np.ones(2205)
    assert read(film([(2, ones)])).duration == 2.1
    assert read(film([(2.001, ones), (2.101, ones)])).duration == 0.2  # cut out of a longer recording
    samples, message = read_raw(film([(0, ones), (10.1, ones), (11.2, ones)]))
    assert len(samples) == 3 * 2205 + 22050  # the hole of 1 s counts from the time after the jump
    assert "its time stamps jump by 10 s at 0.100 s, which was left out; the 1.300 s that could be read" in message


def test_no_more_sound_than_a_file_of_its_size_can_hold(film, monkeypatch):
    assert (ffmpeg.FREE_SECONDS, ffmpeg.SECONDS_PER_BYTE) == (600, 0.04)
    monkeypatch.setattr(ffmpeg, "FREE_SECONDS", 1.4)
    path = film([(0, RAMP[:22050]), (1, RAMP[:22050])])
    path.write_bytes(bytes(15))  # 0.04 s for each byte
    assert read(path).duration == 2.0
    path.write_bytes(bytes(14))
    samples, message = read_raw(path)
    assert len(samples) == 22050 and "claims to hold more than the 2 s that fit its size; the 1.000 s that" in message
    for start, expected in ((1.9, 22050 + 19845 + 2), (1.97, 22050)):  # silence counts, too
        film([(0, RAMP[:22050]), (start, RAMP[:2])])
        path.write_bytes(bytes(14))
        if start < 1.95:
            assert len(read(path).samples) == expected
        else:
            assert len(read_raw(path)[0]) == expected


def test_errors_and_complaints_are_passed_on(tmp_path, fake_ffmpeg, film):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\0film")
    fake_ffmpeg("sys.exit('[mov @ 0x55d0c8] moov atom not found' + chr(10) + 'more')")
    with pytest.raises(AudioError, match=r"can read it as audio \(ffmpeg says: \[mov\] moov atom not found\)\."):
        read(path)
    fake_ffmpeg("sys.exit(\"Stream map '0:a:0' matches no streams.\")")
    with pytest.raises(AudioError, match=r"film\.mp4: it has no sound: there is nothing to listen to\.$"):
        read(path)
    fake_ffmpeg("sys.exit('film.mp4: Invalid data found when processing input')")
    with pytest.raises(AudioError, match=r"film\.mp4: it is no sound or film that soundfile or ffmpeg knows\. Give"):
        read(path)
    fake_ffmpeg("sys.exit(\"[concat @ 0x5] Format not on whitelist 'aac,ac3'\")")
    with pytest.raises(AudioError, match=r"film\.mp4: it is no sound or film that soundfile or ffmpeg knows\. Give"):
        read(path)  # a picture, say
    path.write_text("#EXTM3U\n", encoding="utf-8")
    with pytest.raises(AudioError, match=r"\(it is a playlist, or of a kind that is not opened\)"):
        read(path)
    assert read_raw(film([(0, RAMP)], "sys.exit(3)"))[1].count("ffmpeg says: exit code 3; the 2.000 s that could") == 1


@pytest.mark.parametrize("complaint", ["Format not on whitelist", "x: Invalid data found when processing input"])
def test_sound_without_a_header_needs_its_rate(tmp_path, fake_ffmpeg, complaint):
    fake_ffmpeg(f"sys.exit({complaint!r})")
    for name in ("a.raw", "a.PCM", "a.sln"):
        (tmp_path / name).write_bytes(b"\0\x10" * 1000)
        with pytest.raises(AudioError, match=r"Is it sound without a header\? Give its rate: --raw-rate 8000 \(in Py"):
            read(tmp_path / name)


def test_what_is_wrong_with_the_file_is_told_at_its_end(film):
    path = film([(0, RAMP)])
    path.write_bytes(b"caff\0\1\0\0data" + (1000).to_bytes(8, "big") + bytes(999))
    samples, message = read_raw(path)
    assert len(samples) == 44100 and "film.mkv: is shorter than its header says; the 2.000 s that could" in message
    assert read(path, end=1.0).duration == 1.0


@pytest.mark.parametrize(
    ("content", "is_text"),
    [
        ("text\r\n".encode("utf-16"), True),
        (("é" * 3000).encode()[1:], False),
        (b"x" + ("é" * 3000).encode(), True),  # its 4096th byte is half of a letter
        (b"ID3\x04\0", False),
    ],
)
def test_text_is_no_sound_whatever_ffmpeg_says(tmp_path, fake_ffmpeg, content, is_text):
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    fake_ffmpeg("sys.exit('[mov @ 0x55d0c8] moov atom not found')")
    with pytest.raises(AudioError, match="it is text, no sound" if is_text else "moov atom not found"):
        read(path)


def test_many_complaints_neither_stop_ffmpeg_nor_fill_the_memory(film):
    samples, message = read_raw(film([(0, RAMP)], "for _ in range(30000): sys.stderr.write('Error in a frame\\n')"))
    assert len(samples) == 44100 and message.count("Error in a frame") == 1


def test_no_thread_is_left(film):
    path, before = film([(0, RAMP)]), threading.active_count()
    read(path)
    next(blocks(path, seconds=0.1))
    assert threading.active_count() == before


def test_an_ffmpeg_that_cannot_be_started(tmp_path, fake_ffmpeg):
    (tmp_path / "film.mp4").write_bytes(b"film")
    fake_ffmpeg("")
    (tmp_path / "bin" / "ffmpeg").write_bytes(b"\x7fELF")
    with pytest.raises(AudioError, match=r"film\.mp4: ffmpeg cannot be started \(.+\)\. Install it anew"):
        read(tmp_path / "film.mp4")


def test_the_duration_of_a_container(film):
    assert duration(film([(0, RAMP)], "sys.exit('  Duration: 01:02:03.45, start: 0.0')")) == pytest.approx(3723.45)
    assert duration(film([(0, RAMP)], "sys.exit('  Duration: N/A, start: 0.0')")) is None


@pytest.fixture
def sought(tmp_path, fake_ffmpeg, matroska, monkeypatch):
    """A function: a film of 2 s, and what ffmpeg gives when it is told to begin elsewhere; the places it is told.

    Samples are frame / 22050, in blocks of 0.1 s; half a second is a long way, with a run-up of 0.2 s.
    """
    monkeypatch.setattr(ffmpeg, "_LONG_WAY", 0.5)
    monkeypatch.setattr(ffmpeg, "_RUN_UP", 0.2)
    path, places = tmp_path / "film.mkv", tmp_path / "places"

    def make(elsewhere, first=0.0, head=b"\x1aE\xdf\xa3"):
        path.write_bytes(head + bytes(100))
        whole = [(first + k / 10, np.arange(k * 2205, (k + 1) * 2205) / 22050) for k in range(20)]
        (tmp_path / "whole").write_bytes(matroska(22050, 1, whole))
        (tmp_path / "elsewhere").write_bytes(elsewhere)
        fake_ffmpeg(
            "place = sys.argv[sys.argv.index('-ss') + 1] if '-ss' in sys.argv else 'whole'\n"
            f"open({str(places)!r}, 'a').write(' '.join(sys.argv[1:]) + chr(10))\n"
            f"out.write(open({str(tmp_path)!r} + ('/whole' if place == 'whole' else '/elsewhere'), 'rb').read())"
        )
        return path

    def told():
        """Where ffmpeg was told to begin, each time but for the question what tracks there are."""
        lines = [line.split() for line in places.read_text(encoding="utf-8").splitlines()]
        places.unlink()
        return [line[line.index("-ss") + 1] if "-ss" in line else "whole" for line in lines if "-map" in line]

    make.told = told
    return make


def ramp(start, stop):
    return np.arange(start, stop, dtype=np.float32) / 22050


def test_far_into_a_film_ffmpeg_begins_near_and_the_time_stamps_tell_where(sought, matroska):
    near = [(0.7 + k / 10, np.arange(2205 * (7 + k), 2205 * (8 + k)) / 22050) for k in range(13)]
    path = sought(matroska(22050, 1, near))
    assert np.allclose(read(path, start=1.0, end=1.25).samples, ramp(22050, 27562), atol=1e-6)
    assert sought.told() == ["whole", "0.800"]  # it began at 0.7 s, where there was a key frame
    assert np.allclose(read(path, start=0.4, end=0.45).samples, ramp(8820, 9922), atol=1e-6)
    assert sought.told() == ["whole"]  # not far
    path = sought(matroska(22050, 1, near), head=b"RIFF0000")
    assert np.allclose(read(path, start=1.0, end=1.25).samples, ramp(22050, 27562), atol=1e-6)
    assert sought.told() == ["whole"]  # no container whose index is exact


def test_the_time_line_is_that_of_the_whole_wherever_it_begins(sought, matroska):
    """The first sample is at 0.06 s, which is taken for 0; then at 0.5 s, before which there is silence."""
    for first, moved in ((0.06, 0), (0.5, 11025)):
        near = [(first + 0.7 + k / 10, np.arange(2205 * (7 + k), 2205 * (8 + k)) / 22050) for k in range(13)]
        path = sought(matroska(22050, 1, near), first)
        part = read(path, start=1.3, end=1.5).samples
        assert np.allclose(part, ramp(28665 - moved, 33075 - moved), atol=1e-6)
        assert sought.told() == ["whole", f"{1.3 + (first if not moved else 0) - 0.2:.3f}"]


@pytest.mark.parametrize("fault", ["nothing", "too late", "two channels", "another rate"])
def test_if_nothing_is_found_there_all_is_decoded(sought, matroska, fault):
    late = [(1.1, np.ones(2205))]
    found = {
        "nothing": b"",
        "too late": matroska(22050, 1, late),
        "two channels": matroska(22050, 2, [(0.8, np.ones(4410))]),
        "another rate": matroska(44100, 1, [(0.8, np.ones(2205))]),
    }
    path = sought(found[fault])
    assert np.allclose(read(path, start=1.0, end=1.25).samples, ramp(22050, 27562), atol=1e-6)
    assert sought.told() == ["whole", "0.800", "whole"]


def test_a_part_beyond_the_end_of_a_film(sought, matroska):
    path = sought(b"")
    assert len(read(path, start=5).samples) == 0
    with pytest.raises(
        AudioError, match=r"film\.mkv: ends before 5 s, where it was to be heard from; start earlier\.$"
    ):
        next(blocks(path, start=5))
    assert len(np.concatenate(list(blocks(path, start=1.5, end=99)))) == 8000


@pytest.fixture
def convert(tmp_path):
    """A function: two seconds of noise through the real ffmpeg."""
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, 32000).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", noise, 16000, subtype="FLOAT")

    def run(name, *arguments, before=()):
        path = tmp_path / name
        command = ["ffmpeg", "-v", "error", *before, "-i", tmp_path / "a.wav", *arguments, path]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        return path, noise

    return run


@needs_ffmpeg
@pytest.mark.parametrize("name", ["a.mkv", "a.mov", "a.avi"])
def test_real_containers_without_a_hole_are_the_same_samples(convert, name):
    path, noise = convert(name, "-c:a", "pcm_f32le")
    assert np.array_equal(read(path).samples, noise)


@needs_ffmpeg
def test_sound_that_damage_takes_out_of_an_avi_is_missed(convert):
    path, _ = convert("a.avi", "-c:a", "pcm_f32le")
    data = bytearray(path.read_bytes())
    data[40_000:100_000] = bytes(60_000)  # 0.94 s
    path.write_bytes(data)
    samples, message = read_raw(path)
    missing = 2 - len(samples) / 16000
    assert missing > 0.5
    assert f"a.avi: its sound is {missing:.1f} s shorter than the film; the {2 - missing:.3f} s" in message


@needs_ffmpeg
@pytest.mark.parametrize("name", ["a.m4a", "a.mkv"])
def test_the_first_samples_of_a_coder_move_nothing(convert, name):
    """AAC begins with 1024 samples of its own; mp4 tells to leave them out, Matroska does not."""
    path, noise = convert(name, "-c:a", "aac", "-b:a", "128k")
    samples = read(path).samples
    lag = {"a.m4a": 0, "a.mkv": 1024}[name]
    assert len(samples) == pytest.approx(32000 + lag, abs=1024)
    assert np.corrcoef(samples[lag : lag + 30000], noise[:30000])[0, 1] > 0.9


@needs_ffmpeg
def test_a_real_hole_and_a_late_start(convert):
    path, noise = convert("hole.mkv", "-c:a", "pcm_f32le", "-af", "asetnsamples=160,aselect=lt(t\\,0.5)+gte(t\\,1.5)")
    expected = np.where((np.arange(32000) < 8000) | (np.arange(32000) >= 24000), noise, 0)
    assert np.abs(read(path).samples - expected).max() < 1e-6
    path, noise = convert("late.mov", "-c:a", "pcm_f32le", before=["-itsoffset", "1.5"])
    assert np.array_equal(read(path).samples, np.concatenate([np.zeros(24000, np.float32), noise]))


@needs_ffmpeg
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "codec", "before"),
    [
        ("aac.mp4", "aac", []),  # an edit list leaves out the first samples of the coder
        ("late.mp4", "aac", ["-itsoffset", "1.5"]),  # an edit list tells that nothing is there at first
        ("late.mkv", "ac3", ["-itsoffset", "1.5"]),
        ("early.mp4", "aac", ["-itsoffset", "-1.234"]),  # an edit list begins in the middle of the sound
        ("early.mkv", "libopus", ["-itsoffset", "-1.234"]),
        ("ac3.ts", "ac3", []),
    ],
)
def test_a_part_of_a_real_film_is_where_it_is_in_the_whole(tmp_path, monkeypatch, name, codec, before):
    """With a picture that has a key frame every 5 s and frames that refer to later ones; to 2 ms."""
    monkeypatch.setattr(ffmpeg, "_LONG_WAY", 3.0)
    begun, begin = [], ffmpeg.FfmpegSource._start
    monkeypatch.setattr(ffmpeg.FfmpegSource, "_start", lambda self, at=None: begun.append(at) or begin(self, at))
    noise = np.convolve(np.random.default_rng(0).uniform(-0.3, 0.3, 16000 * 20), np.full(5, 0.2), "same")
    soundfile.write(tmp_path / "a.wav", noise, 16000)
    sound = [*before, "-i", tmp_path / "a.wav", "-c:a", codec, "-ar", "48000"]
    picture = ["-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=21", "-c:v", "mpeg4", "-g", "125", "-bf", "2"]
    command = ["ffmpeg", "-v", "error", *picture[:4], *sound[:-4], *picture[4:], *sound[-4:], tmp_path / name]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    whole = read(tmp_path / name).samples
    begun.clear()
    for start in (7.77, 16.005):
        at = round(start * 48000)
        part = read(tmp_path / name, start=start, end=start + 1).samples
        lag = np.correlate(whole[at - 480 : at + 24480], part[:24000]).argmax() - 480
        assert len(part) == 48000 and abs(lag) <= 96, (start, lag)
    assert [at is None for at in begun] == ([True] * 2 if name.endswith("ts") else [True, False] * 2)


@needs_ffmpeg
@pytest.mark.slow
@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="processes are looked for in /proc")
def test_a_killed_run_leaves_no_ffmpeg_behind(tmp_path):
    """What it decodes waits in a pipe, which breaks when nobody holds the other end."""
    path = tmp_path / "long.mkv"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=300:d=120", "-c:a", "flac", path]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    code = (
        "import sys, time; from lightdiar.io.ffmpeg import ffmpeg_source\n"
        "source = ffmpeg_source(sys.argv[1], sys.argv[1], 10**7)\n"
        "print(source._process.pid, len(source.read(1000)), flush=True)\n"
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE, text=True) as process:
        number, n_read = process.stdout.readline().split()
        assert n_read == "1000" and is_running(number)
        process.kill()
    deadline = time.monotonic() + 20
    while is_running(number) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(number)


@pytest.mark.slow
def test_an_interpreter_that_ends_in_the_middle_of_a_film_ends_in_order(film):
    """As after SIGTERM: what was not read to its end is closed when little of Python is left."""
    path = film([(0, RAMP), (2, RAMP), (4, RAMP)], "import time\nif '-map' in sys.argv: time.sleep(60)")
    code = (
        "import sys; from lightdiar.io.audio import blocks\n"
        "held = blocks(sys.argv[1], 22050, seconds=0.1); next(held); sys.exit(3)"
    )
    ended = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=False, timeout=30)
    assert (ended.returncode, ended.stderr) == (3, "")


def is_running(number):
    try:
        with open(f"/proc/{number}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@needs_ffmpeg
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "codec", "layout"),
    [
        ("a.mp4", "aac", "5.1"),
        ("a.mkv", "ac3", "5.1(side)"),
        ("b.mkv", "flac", "7.1"),
        ("a.ogg", "libvorbis", "5.1"),  # libsndfile reads it, in another order
    ],
)
def test_the_front_of_a_real_film_is_heard(tmp_path, name, codec, layout):
    """A tone of 300 Hz in the first channel, of 500 Hz in the second, and so on: of the mix they are 1, 1, 2, 0, ..."""
    n_channels, time = {"5": 6, "7": 8}[layout[0]], np.arange(48000) / 48000
    tones = np.stack([0.1 * np.sin(2 * np.pi * (300 + 200 * k) * time) for k in range(n_channels)], axis=1)
    soundfile.write(tmp_path / "a.wav", tones, 48000)
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-channel_layout",
        layout,
        "-i",
        tmp_path / "a.wav",
        "-c:a",
        codec,
        "-b:a",
        "512k",
    ]
    subprocess.run([*command, tmp_path / name], check=True, stdin=subprocess.DEVNULL)
    samples = read(tmp_path / name).samples[4800:43200]
    powers = np.abs(np.fft.rfft(samples))[[round((300 + 200 * k) * 0.8) for k in range(n_channels)]] / len(samples) * 2
    assert np.allclose(powers / 0.1 * 4, [1, 1, 2] + [0] * (n_channels - 3), atol=0.1)


@needs_ffmpeg
def test_a_text_that_names_other_files_is_no_sound(tmp_path, convert):
    path, _ = convert("a.flac")
    playlists = {
        "concat.mp4": f"ffconcat version 1.0\nfile {path.name}\n",
        "hls.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{path.name}\n#EXT-X-ENDLIST\n",
        "sdp.mp4": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
    }
    for name, text in playlists.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(AudioError, match=f"{name}: neither soundfile nor ffmpeg can read it as audio"):
            read(tmp_path / name)
