"""A sound as its spectrogram, and its pitch over it."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from lightdiar.common.axes import SKY, new_axes
from lightdiar.show.canvas import COLUMNS, blocks, colour_bar, heat_map, legend_above, one_channel, say, time_axis
from lightdiar.signal.frames import runs
from lightdiar.signal.pitch import Pitch

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WINDOW = 0.040  # seconds: long enough to tell the harmonics of a low voice apart
_LEAST_STEP, _MOST_STEP = 0.001, 0.020  # seconds
_FMIN, _FMAX, _BANDS_PER_OCTAVE = 50.0, 8000.0, 32  # Hz
_LEAST_RATE = 1000  # Hz
_TICKS = (50, 100, 200, 500, 1000, 2000, 4000, 8000)  # Hz
_DEEPEST = 60.0  # dB below the loudest; what is quieter is drawn alike
_BLOCK_FRAMES = 1024


def plot_spectrogram(
    samples: ArrayLike, sample_rate: int, pitch: Pitch | None = None, ax: "Axes | None" = None
) -> "Axes":
    """Draw how strong which frequencies are when, and the pitch of the voice over it.

    The frequency axis is logarithmic, so that pitch and formants are seen together; afterwards
    ``ax.set_yscale("linear")`` changes that and ``ax.set_xlim(2, 4)`` shows two seconds.

    Parameters
    ----------
    samples : array-like of shape (n_samples,)
        Waveform at any scale. Of a long sound, each of at most 1000 columns is the mean power of all frames in it.
    sample_rate : int
        Hz, at least 1000.
    pitch : Pitch, optional
        Such as ``lightdiar.f0(samples, sample_rate)``: F0 is drawn as a line, and where it is voiced as a bar at the
        foot.
    ax : matplotlib Axes, optional

    Returns
    -------
    ax : matplotlib Axes
        An empty sound gives empty axes that say so.

    Raises
    ------
    ValueError
        If the samples are not one-dimensional and finite, or the sample rate is too low.
    """
    samples = one_channel(samples)
    if not sample_rate >= _LEAST_RATE:
        raise ValueError(f"sample_rate={sample_rate} Hz: a spectrogram needs at least {_LEAST_RATE} Hz.")
    ax = new_axes(ax, 3.6)
    fmax = min(_FMAX, sample_rate / 2)
    ax.set_yscale("log")
    ax.set_ylim(_FMIN, fmax)
    ax.set_yticks([tick for tick in _TICKS if tick <= fmax], [str(tick) for tick in _TICKS if tick <= fmax])
    ax.minorticks_off()
    ax.set_ylabel("Frequency (Hz)")
    time_axis(ax, len(samples) / sample_rate or 1.0)
    if len(samples) == 0:
        say(ax, "no sound")
        return ax
    times, frequencies, level = _spectrogram(samples, sample_rate, fmax)
    mesh = heat_map(ax, times, frequencies, level, cmap="magma", vmin=-_DEEPEST, vmax=0)
    colour_bar(ax, mesh, "Level (dB below the loudest)")
    if pitch is not None:
        _draw_pitch(ax, pitch)
    return ax


def _spectrogram(samples, sample_rate, fmax):
    """Edges of columns (seconds) and bands (Hz), and levels in dB (n_bands, n_columns), the highest 0."""
    from scipy.signal import get_window
    from scipy.signal import spectrogram as power_spectra

    n_samples, length = len(samples), round(_WINDOW * sample_rate)
    step = np.clip(n_samples / sample_rate / COLUMNS, _LEAST_STEP, _MOST_STEP)
    hop = max(1, round(step * sample_rate))
    n_frames, n_fft = -(-n_samples // hop), 2 ** int(np.ceil(np.log2(2 * length)))
    edges = _band_edges(fmax)
    weights = _band_weights(edges, sample_rate / n_fft, n_fft // 2 + 1)
    columns, power = blocks(n_frames), []
    for first in range(0, len(columns) - 1, n_columns := max(1, _BLOCK_FRAMES // columns[1])):
        mine = columns[first : first + n_columns + 1]
        piece = _piece(samples, mine[0] * hop + hop // 2 - length // 2, (mine[-1] - mine[0] - 1) * hop + length)
        window = get_window("hann", length)
        _, _, spectra = power_spectra(piece, sample_rate, window, length, length - hop, n_fft, detrend=False)
        power.append(weights @ (np.add.reduceat(spectra, mine[:-1] - mine[0], axis=1) / np.diff(mine)))
    total = np.concatenate(power, axis=1)
    loudest = total.max() or 1.0
    level = 10 * np.log10(np.maximum(total / loudest, 10 ** (-_DEEPEST / 10)))
    return np.minimum(columns * hop, n_samples) / sample_rate, edges, level


def _piece(samples, start, n):
    """`n` samples from `start`, as floats, zeros where there is no sound."""
    inside = np.asarray(samples[max(0, start) : start + n], dtype=np.float64)
    before = max(0, -start)
    return np.pad(inside, (before, n - before - len(inside)))


def _band_edges(fmax):
    n_bands = round(_BANDS_PER_OCTAVE * np.log2(fmax / _FMIN))
    return np.geomspace(_FMIN, fmax, n_bands + 1)


def _band_weights(edges, spacing, n_bins):
    """Share of each Fourier bin in the mean of each band, shape (n_bands, n_bins); a bin is `spacing` Hz wide."""
    below = np.clip((edges / spacing + 0.5)[:, None] - np.arange(n_bins), 0, 1)  # share of a bin below an edge
    weights = np.diff(below, axis=0)
    return weights / weights.sum(axis=1, keepdims=True)


def _draw_pitch(ax, pitch):
    """F0 as a line, and a bar at the foot where it is voiced."""
    from matplotlib.patheffects import withStroke

    times, f0 = _thinned(pitch.grid.times(len(pitch.f0)), np.asarray(pitch.f0, dtype=float))
    outline = [withStroke(linewidth=4, foreground="black")]
    ax.plot(times, f0, color=SKY, linewidth=2, path_effects=outline, label="F0")
    step = times[1] - times[0] if len(times) > 1 else pitch.grid.step
    voiced = [(times[start] - step / 2, step * (end - start)) for start, end in runs(np.isfinite(f0))]
    foot = {"transform": ax.get_xaxis_transform(), "edgecolor": "black", "linewidth": 0.5}
    ax.broken_barh(voiced, (0.0, 0.03), facecolor="white", label="voiced", **foot)
    legend_above(ax, ncols=2)


def _thinned(times, f0):
    """At most as many points as there are columns: of each block the middle F0 of those that are voiced."""
    edges = blocks(len(f0), 2 * COLUMNS)
    parts = [np.sort(f0[a:b]) for a, b in pairwise(edges)]  # NaN comes last
    middle = [part[max(0, np.isfinite(part).sum() - 1) // 2] for part in parts]
    return (times[edges[:-1]] + times[edges[1:] - 1]) / 2, np.array(middle)
