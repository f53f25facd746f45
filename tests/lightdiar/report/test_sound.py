import base64
import io

import numpy as np
import pytest
import soundfile

from lightdiar.io.audio import Audio, write
from lightdiar.report.sound import LONGEST_EMBEDDED, Sound, sound_beside, sound_for

RATE = 16000


@pytest.fixture(scope="module")
def tone(tmp_path_factory):
    """Two seconds at 16 kHz, with full scale in them."""
    path = tmp_path_factory.mktemp("sound") / "a tone & é.wav"
    samples = 0.5 * np.sin(np.arange(2 * RATE) / 9)
    samples[100] = 1.0
    write(path, Audio(samples, RATE))
    return path


def test_the_embedded_sound_is_the_recording(tone):
    sound = sound_for(tone, "page.html", duration=2.0)
    head, _, content = sound.source.partition(",")
    assert head == "data:audio/flac;base64"
    heard, rate = soundfile.read(io.BytesIO(base64.b64decode(content)))
    truth, _ = soundfile.read(tone)
    assert rate == RATE and heard.shape == truth.shape
    assert np.abs(heard - truth).max() <= 1 / 32768
    assert sound == sound_for(tone, "page.html", duration=2.0)


def test_what_was_not_heard_at_the_end_is_not_embedded(tone):
    content = sound_for(tone, "page.html", 1.5, end=1.5).source.partition(",")[2]
    heard, _ = soundfile.read(io.BytesIO(base64.b64decode(content)))
    assert np.array_equal(heard, soundfile.read(tone)[0][: round(1.5 * RATE)])


def test_the_track_that_was_heard_is_embedded(monkeypatch):
    asked = []

    def blocks(path, rate, *, track, **options):
        asked.append(track)
        yield np.zeros(100, np.float32)

    monkeypatch.setattr("lightdiar.report.sound.blocks", blocks)
    sound_for("film.mkv", "page.html", 2.0, track="fra")
    assert asked == ["fra"]


def test_headerless_sound_is_embedded_at_its_rate(tmp_path):
    path = tmp_path / "call.raw"
    path.write_bytes(np.zeros(8000, np.int16).tobytes())
    content = sound_for(path, "page.html", 0.5, "embed", raw_rate=8000).source.partition(",")[2]
    assert soundfile.info(io.BytesIO(base64.b64decode(content))).frames == RATE


def test_long_recordings_lie_beside_the_page(tone, tmp_path):
    page = tone.parent / "reports" / "page.html"
    sound = sound_for(tone, page, duration=LONGEST_EMBEDDED + 1)
    assert sound == Sound("../a%20tone%20%26%20%C3%A9.wav", "../a tone & é.wav")
    assert sound_for(tone, tone.parent / "page.html", 2.0, "beside").source == "a%20tone%20%26%20%C3%A9.wav"


@pytest.mark.parametrize(
    ("recording", "how", "expected"),
    [
        ("film.mkv", "beside", Sound(lack="unplayable", suffix=".mkv")),
        ("film.MP4", "beside", Sound("film.MP4", "film.MP4")),
        ("film.wav", "none", Sound()),
        (None, None, Sound(lack="missing")),
        (None, "none", Sound()),
    ],
)
def test_why_there_is_no_sound(recording, how, expected):
    assert sound_for(recording, "page.html", 7200.0, how) == expected


def test_the_sound_beside_a_result_has_its_name(tmp_path):
    for name in ("film.1.json", "film.1.rttm", "film.1.MKV", "film.wav", "film.1b.wav"):
        (tmp_path / name).touch()
    assert sound_beside(tmp_path / "film.1.json") == tmp_path / "film.1.MKV"
    assert sound_beside(tmp_path / "other.json") is None
