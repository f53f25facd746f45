"""Sources of live sound: the rate they give, gaps, and the time they take."""

import io
import types
from itertools import islice

import numpy as np
import pytest

from lightdiar.errors import AudioError
from lightdiar.io.audio import Audio, write
from lightdiar.io.resample import resample
from lightdiar.live import sources
from lightdiar.live.update import Gap

TONE = (0.3 * np.sin(np.arange(20000) / 5)).astype(np.float32)


def test_a_microphone_is_resampled_and_a_gap_does_not_shift_what_follows(system):
    system.add("desk", rate=48000, rates=())
    samples = (TONE * 32768).astype(np.int16)
    blocks = np.split(samples[:19200], 4)
    system.calls = [(part, 0.1 * number, False) for number, part in enumerate(blocks)]
    heard = np.concatenate(list(islice(sources.microphone(), 4)))
    expected = resample(samples[:19200] / np.float32(32768), 48000, 16000)
    np.testing.assert_array_equal(heard, expected[: len(heard)])

    pieces = [samples[:4800] / np.float32(32768), Gap(2.5), samples[4800:9600] / np.float32(32768)]
    found = list(sources._resampled(pieces, 48000))
    (place,) = (place for place, block in enumerate(found) if isinstance(block, Gap))
    assert found[place] == Gap(2.5)
    before, after = np.concatenate(found[:place]), np.concatenate(found[place + 1 :])
    np.testing.assert_array_equal(before, resample(pieces[0], 48000, 16000))
    np.testing.assert_array_equal(after, resample(pieces[2], 48000, 16000))


@pytest.fixture
def piped_in(monkeypatch):
    def pipe(data, terminal=False):
        stdin = types.SimpleNamespace(buffer=io.BytesIO(data), isatty=lambda: terminal)
        monkeypatch.setattr("sys.stdin", stdin)

    return pipe


def test_standard_input_is_samples_at_the_rate_that_is_told(piped_in):
    samples = (TONE * 32768).astype("<i2")
    for rate in (16000, 8000):
        piped_in(samples.tobytes())
        blocks = list(sources.standard_input(rate))
        assert all(map(len, blocks))
        heard = np.concatenate(blocks)
        np.testing.assert_array_equal(heard, resample(samples / np.float32(32768), rate, 16000))


def test_a_terminal_or_nothing_at_all_is_no_standard_input(piped_in, monkeypatch):
    piped_in(b"", terminal=True)
    with pytest.raises(AudioError, match="^standard input: nothing is piped into it. Write, for instance, ffmpeg -i"):
        next(sources.standard_input())
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(AudioError, match="^standard input: nothing is piped into it"):
        next(sources.standard_input())


@pytest.fixture
def clock(monkeypatch):
    """Seconds slept; time goes by only then, and while `busy` is added."""
    slept = []
    clock = types.SimpleNamespace(now=100.0, slept=slept, busy=0.0)

    def sleep(seconds):
        slept.append(seconds)
        clock.now += seconds

    monkeypatch.setattr(sources.time, "monotonic", lambda: clock.now)
    monkeypatch.setattr(sources.time, "sleep", sleep)
    return clock


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "film.wav"
    write(path, Audio(TONE, 16000))
    return path


@pytest.mark.parametrize(("speed", "seconds"), [(1.0, 1.25), (4.0, 0.3125), (0.5, 2.5)])
def test_a_file_takes_as_long_as_its_sound_at_a_speed(film, clock, speed, seconds):
    blocks = list(sources.played(film, speed))
    assert sum(clock.slept) == pytest.approx(seconds)
    heard = np.concatenate(blocks)
    assert np.abs(heard - TONE).max() < 1e-4 and len(heard) == len(TONE)
    assert [len(block) for block in blocks[:-1]] == [round(1600 * max(1, speed))] * (len(blocks) - 1)


def test_time_that_the_listener_takes_is_not_waited_for_again(film, clock):
    for _block in sources.played(film):
        clock.now += 0.04
    assert clock.now - 100 == pytest.approx(1.25 + 0.04)
    clock.slept.clear()
    for _block in sources.played(film):
        clock.now += 0.2
    assert sum(clock.slept) == pytest.approx(0.1)


def test_at_infinite_speed_nothing_waits(film, clock):
    assert [len(block) for block in sources.played(film, np.inf)] == [16000, 4000] and not clock.slept


@pytest.mark.parametrize("speed", [0, -1, np.nan])
def test_a_speed_is_above_0(film, speed):
    with pytest.raises(ValueError, match="is impossible: 1 is as recorded, 2 twice as fast, inf without waiting"):
        next(sources.played(film, speed))
