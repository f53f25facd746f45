"""Spectrograms of sounds whose frequencies are known, read back from the drawn colours."""

import numpy as np
import pytest

from lightdiar.show import spectrogram
from lightdiar.show.spectrogram import plot_spectrogram
from lightdiar.signal.frames import FrameGrid
from lightdiar.signal.pitch import Pitch, f0

pytestmark = pytest.mark.usefixtures("no_window")

RATE = 16000


def tone(frequency, seconds, rate=RATE):
    return np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)


def picture(ax):
    """Edges of the columns and of the bands, and the levels (n_bands, n_columns)."""
    mesh = ax.collections[0]
    edges = mesh.get_coordinates()
    return edges[0, :, 0], edges[:, 0, 1], np.asarray(mesh.get_array())


def loudest_band(ax, time):
    times, frequencies, level = picture(ax)
    band = level[:, np.searchsorted(times, time) - 1].argmax()
    return frequencies[band], frequencies[band + 1]


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
def test_a_tone_is_where_it_is_heard(rate):
    """200 Hz in the first half second, 1000 Hz in the second."""
    ax = plot_spectrogram(np.concatenate([tone(200, 0.5, rate), tone(1000, 0.5, rate)]), rate)
    for time, frequency in ((0.25, 200), (0.45, 200), (0.55, 1000), (0.98, 1000)):
        low, high = loudest_band(ax, time)
        assert low / 1.05 < frequency < high * 1.05
    times, frequencies, level = picture(ax)
    assert times[0] == 0 and times[-1] == pytest.approx(1) and ax.get_xlim() == (0, 1)
    assert frequencies[0] == pytest.approx(50) and frequencies[-1] == pytest.approx(min(8000, rate / 2))
    assert level.max() == 0 and level.min() >= -60


def test_levels_are_decibels():
    """A tenth of the amplitude is 20 dB less; silence is drawn as the deepest."""
    ax = plot_spectrogram(np.concatenate([tone(500, 0.5), 0.1 * tone(500, 0.5), np.zeros(RATE // 2)]), RATE)
    times, _, level = picture(ax)
    loud, quiet, silent = (level[:, np.searchsorted(times, time)].max() for time in (0.25, 0.75, 1.25))
    assert (loud - quiet, silent) == (pytest.approx(20, abs=0.1), -60)
    (bar,) = (other for other in ax.figure.axes if other is not ax)
    assert bar.get_ylabel() == "Level (dB below the loudest)"
    assert (ax.get_ylabel(), ax.get_xlabel(), ax.get_yscale()) == ("Frequency (Hz)", "Time", "log")


def test_scale_and_type_of_the_samples_do_not_matter():
    sound = np.round(20_000 * tone(300, 0.3)).astype(np.int16)
    np.testing.assert_allclose(
        picture(plot_spectrogram(sound, RATE))[2],
        picture(plot_spectrogram(1e-6 * sound.astype(float), RATE))[2],
        atol=1e-6,
    )


def test_a_long_sound_has_no_more_columns_and_loses_nothing(monkeypatch, rng):
    """A click of one frame in 200 s is still seen, and cutting into blocks changes nothing."""
    sound = 1e-3 * rng.normal(size=200 * 1000)
    sound[150_000:150_020] = 1.0
    times, _, level = picture(plot_spectrogram(sound, 1000))
    assert len(times) <= 1001 and times[-1] == 200
    assert abs(times[level.max(axis=0).argmax()] - 150) < 0.3
    monkeypatch.setattr(spectrogram, "_BLOCK_FRAMES", 64)
    np.testing.assert_allclose(picture(plot_spectrogram(sound, 1000))[2], level, atol=1e-9)


def test_every_column_is_a_mean_and_lies_at_its_time(rng):
    """A steady tone has one level, in the last, shorter column too; a click is drawn where it is."""
    _, _, level = picture(plot_spectrogram(tone(200, 60.11, 1000), 1000))
    assert np.ptp(level.max(axis=0)[1:-1]) < 0.01 and level.max(axis=0)[-1] > -4  # half of its window is past the end
    click = np.zeros(RATE // 2)
    click[4000] = 1.0
    times, _, level = picture(plot_spectrogram(click, RATE))
    heard = times[:-1][level.max(axis=0) > -10]
    assert (heard[0] + heard[-1]) / 2 == pytest.approx(0.25, abs=0.002)


def test_pitch_lies_over_its_harmonic_and_voicing_at_the_foot():
    """1 s of 150 Hz with harmonics, then silence, of which pitch takes no notice."""
    sound = np.concatenate([sum(tone(150 * k, 1.0) / k for k in range(1, 6)), np.zeros(RATE)])
    ax = plot_spectrogram(sound, RATE, f0(sound, RATE))
    (line,) = ax.lines
    times, pitch = line.get_data()
    voiced = np.isfinite(pitch)
    assert voiced[(times > 0.1) & (times < 0.9)].all() and not voiced[times > 1.1].any()
    np.testing.assert_allclose(pitch[(times > 0.1) & (times < 0.9)], 150, atol=1)
    (bar,) = ax.collections[1].get_paths()
    assert bar.get_extents().x0 == pytest.approx(times[voiced][0], abs=0.011)
    assert bar.get_extents().x1 == pytest.approx(times[voiced][-1], abs=0.011)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["F0", "voiced"]


def test_of_much_pitch_the_middle_of_each_stretch_is_drawn():
    grid = FrameGrid(1000, 0.025, 0.010)
    track = np.tile([100.0, np.nan, 300.0, 120.0], 2000)
    track[:400] = np.nan
    ax = plot_spectrogram(np.ones(80_000), 1000, Pitch(track, np.zeros(8000), grid))
    times, pitch = ax.lines[0].get_data()
    assert len(times) == 2000 and times[0] == pytest.approx(grid.times(4).mean())
    assert np.isnan(pitch[:100]).all() and (pitch[100:] == 120).all()


@pytest.mark.parametrize("n_samples", [1, 10, 400])
def test_a_moment_has_a_picture(n_samples):
    times, _, level = picture(plot_spectrogram(np.ones(n_samples), RATE))
    assert np.isfinite(level).all() and times[-1] == n_samples / RATE


def test_silence_is_dark_and_no_sound_says_so():
    assert (picture(plot_spectrogram(np.zeros(1600), RATE))[2] == -60).all()
    ax = plot_spectrogram([], RATE, f0([], RATE))
    assert [text.get_text() for text in ax.texts] == ["no sound"] and not ax.collections


def test_rubbish_is_refused():
    with pytest.raises(ValueError, match=r"^samples has shape \(2, 9\); give one channel"):
        plot_spectrogram(np.zeros((2, 9)), RATE)
    with pytest.raises(ValueError, match=r"^samples contain NaN"):
        plot_spectrogram([0, np.nan], RATE)
    with pytest.raises(ValueError, match="^sample_rate=100 Hz: a spectrogram needs at least 1000 Hz"):
        plot_spectrogram([0.0], 100)
