"""Where a voice lies between the voices of men and of women."""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from lightdiar.common.axes import new_axes
from lightdiar.show.canvas import INK
from lightdiar.show.svg import COLORS
from lightdiar.signal.norms import F0_MEN, F0_SPREAD, F0_WOMEN, female_by_pitch

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_F0_ENDS, _F0_TICKS = (55.0, 520.0), (60, 80, 100, 150, 200, 300, 400)  # Hz
_ROOM = 1.75  # times the height of the curves: above them is the scale of probabilities
_CHANCES = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)


def plot_gender(f0: ArrayLike, p_female: float | None = None, ax: "Axes | None" = None) -> "Axes":
    """Draw the pitch of a voice over that of men and of women, and how probable it is that it is a woman's.

    The two curves are the published figures that `lightdiar.signal.norms.female_by_pitch` uses, not the voices that the
    models were trained with, of which nothing but parameters is kept. Pitch is one sign among others: a man who
    shouts has a woman's pitch, so the probability by pitch alone and that of the model, which hears the vocal tract
    too, stand above each other on one scale. It is stretched at both ends: equal steps are equal steps of log odds.

    Parameters
    ----------
    f0 : array-like of shape (n_frames,)
        Hz, NaN where unvoiced: the frames of one speaker, such as ``analysis.f0[mask]``.
    p_female : float, optional
        Probability, 0 to 1, that a model gives, such as `Speaker.p_female`.
    ax : matplotlib Axes, optional

    Returns
    -------
    ax : matplotlib Axes
        Those of F0. Without voiced frames they show the two curves alone.

    Raises
    ------
    ValueError
        If `f0` is not one-dimensional and positive, or `p_female` no probability.
    """
    values = np.asarray(f0, dtype=float)
    if values.ndim != 1 or np.isinf(values).any() or (values <= 0).any():
        raise ValueError("f0 must be one-dimensional, Hz above 0, and NaN where unvoiced.")
    if p_female is not None and not 0 <= p_female <= 1:
        raise ValueError(f"p_female is a probability from 0 to 1; got {p_female}.")
    ax = new_axes(ax, 3.8)
    voiced = values[np.isfinite(values)]
    _draw_curves(ax)
    _draw_voice(ax, voiced)
    ax.set_xscale("log")
    ax.set_xlim(*_F0_ENDS)
    ax.set_xticks(_F0_TICKS, [str(tick) for tick in _F0_TICKS])
    ax.minorticks_off()
    ax.set_ylim(0, _ROOM)
    ax.set_yticks([])
    ax.spines[["left", "top", "right"]].set_visible(False)
    chances = {"by pitch alone": female_by_pitch(voiced), "by the model": p_female}
    _draw_chances(ax, {name: chance for name, chance in chances.items() if chance is not None})
    return ax


def _draw_curves(ax):
    """F0 of men and of women, as assumed, each with its peak at 1."""
    f0 = np.geomspace(*_F0_ENDS, 300)
    for word, gender, mean, dash, away in (("men", "M", F0_MEN, "--", -1), ("women", "F", F0_WOMEN, "-", 1)):
        density = np.exp(-0.5 * (np.log(f0 / mean) / F0_SPREAD) ** 2)
        ax.fill_between(f0, density, color=COLORS[gender], alpha=0.25, linewidth=0)
        ax.plot(f0, density, color=COLORS[gender], linestyle=dash, linewidth=2)
        side = {"ha": "right" if gender == "M" else "left", "va": "center", "fontsize": 9}
        ax.text(mean * math.exp(away * 1.3 * F0_SPREAD), 0.75, f"{word}\nmean {mean:g} Hz", **side)


def _draw_voice(ax, f0):
    """The median F0 of this voice, and between which values it lies four times in five."""
    if not len(f0):
        ax.set_xlabel("F0 (Hz); this voice: nowhere voiced")
        return
    low, median, high = np.percentile(f0, [10, 50, 90])
    ax.plot([median, median], [0, 1.05], color=INK, linewidth=2)
    ax.plot([low, high], [0, 0], color=INK, linewidth=7, solid_capstyle="butt", clip_on=False)
    ax.set_xlabel(f"F0 (Hz); this voice (black): median {median:.0f}, mostly {low:.0f} to {high:.0f}")


def _draw_chances(ax, chances):
    """Probabilities in the upper part of `ax`, a row for each, on a scale of log odds."""
    ends = _log_odds(_CHANCES[0]), _log_odds(_CHANCES[-1])
    height = 0.1 * len(chances)
    rows = ax.inset_axes((0.22, 0.9 - height, 0.76, height))
    rows.axvline(0.0, color=INK, linewidth=0.8)
    for row, chance in enumerate(chances.values()):
        color = COLORS["F" if chance > 0.5 else "M" if chance < 0.5 else "uncertain"]
        at = np.clip(_log_odds(np.clip(chance, 1e-9, 1 - 1e-9)), *ends)
        rows.plot([0.0, at], [row, row], color=color, linewidth=3, solid_capstyle="butt")
        rows.plot([at], [row], marker="o", color=color, markeredgecolor=INK, markersize=8, clip_on=False)
    rows.set_xlim(*ends)
    rows.set_xticks(_log_odds(np.array(_CHANCES)), [f"{100 * chance:g}" for chance in _CHANCES], fontsize=8)
    labels = [f"{name}: {_percent(chance)}" for name, chance in chances.items()]
    rows.set_yticks(range(len(chances)), labels, fontsize=9)
    rows.set_ylim(len(chances) - 0.4, -0.6)
    rows.tick_params(axis="y", length=0)
    rows.patch.set_visible(False)
    rows.spines[["left", "top", "right"]].set_visible(False)
    rows.set_title("Probability that the voice is a woman's (%)", fontsize=9, pad=2)


def _percent(p):
    """Whole per cent, none of which is certainty."""
    return "<1 %" if p < 0.01 else ">99 %" if p > 0.99 else f"{100 * p:.0f} %"


def _log_odds(p):
    return np.log(p / (1 - p))
