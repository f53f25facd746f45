"""Pictures of results: each function draws into an `ax` (a new one if none is given), and returns it.

Colours are those of Okabe and Ito, which the colour-blind tell apart, and marks differ in shape for prints in grey.
Whatever is estimated is drawn with its interval; ratios have a log axis with a line at 1.
"""

import io
import textwrap
from pathlib import Path

import numpy as np

from bechdel_stats.attributes import ATTRIBUTE_OF_TERM
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import FilmsError, Message
from lightdiar.common.files import write_bytes

BLUE, VERMILLION, GREEN, ORANGE, GREY = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#808080"
_STYLE = {
    "font.size": 11,
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "bechdel_stats",
}
_WIDTH = 6.2  # inches
_FURTHEST = 20.0  # a ratio beyond this, or below one over it, is drawn at the edge
_N_CURVES = 30


def plot_odds(result, ax=None, language="en"):
    """Draw odds ratios with their intervals.

    Parameters
    ----------
    result : OddsRatioResult
    ax : matplotlib Axes, optional
    language : {"en", "fr"}

    Returns
    -------
    ax : matplotlib Axes
    """
    words = Words(language)
    table = reading_order(result.table, "odds_ratio")
    ax = _axes(ax, height(len(table)))
    _forest(ax, table, [("", "odds_ratio", "ci_low", "ci_high")], words, words("odds_axis"))
    return ax


def plot_odds_pair(pair, ax=None, language="en"):
    """Draw the odds ratios of an `OddsPair`, with and without gender side by side; see `plot_odds`."""
    words = Words(language)
    table = reading_order(pair.table, "odds_ratio_without")
    ax = _axes(ax, height(len(table)))
    series = [
        (words(f"{kind}_gender"), f"odds_ratio_{kind}", f"ci_low_{kind}", f"ci_high_{kind}")
        for kind in ("with", "without")
    ]
    _forest(ax, table, series, words, words("odds_axis"))
    return ax


def plot_steps(result, ax=None, language="en"):
    """Draw the common odds ratios of an `OrdinalResult` with their intervals, and those of each step beside them."""
    words = Words(language)
    table = reading_order(result.table, "odds_ratio")
    ax = _axes(ax, height(len(table)))
    _forest(ax, table, [(words("all_steps"), "odds_ratio", "ci_low", "ci_high")], words, words("steps_axis"))
    marks = zip((1, 2, 3), "1v^", (VERMILLION, GREEN, ORANGE))
    for score, mark, colour in marks:
        if f"odds_ratio_{score}" in table:
            label = words("reaching", score=score)
            x = table[f"odds_ratio_{score}"].clip(1 / _FURTHEST, _FURTHEST)
            ax.plot(x, np.arange(len(table)) + 0.3, mark, color=colour, markersize=5, label=label)
    _legend(ax)
    return ax


def plot_rates(rates, ax=None, language="en"):
    """Draw pass rates with their intervals: decades from left to right, other levels below one another.

    Parameters
    ----------
    rates : PassRates
    ax : matplotlib Axes, optional
    language : {"en", "fr"}

    Returns
    -------
    ax : matplotlib Axes
    """
    words, table = Words(language), rates.table
    if rates.by == "year":
        ax = _axes(ax, 3.2)
        labels = [level[:-1] if level.endswith("0s") else words.name(level) for level in table["year"]]
        x = np.arange(len(table))
        ax.errorbar(x, 100 * table["pass_rate"], _rate_errors(table), fmt="o-", color=BLUE, linewidth=1)
        ax.set_xticks(x, labels, rotation=45, ha="right", rotation_mode="anchor")
        ax.set(xlabel=words("decade_axis"), ylabel=_wrap(words("rate_axis_short"), 26), ylim=(-3, 100))
        ax.grid(axis="y", alpha=0.3)
        return ax
    labels = [f"{words.name(level)} ({words.number(n, 0)})" for level, n in zip(table[rates.by], table["n_films"])]
    ax = _axes(ax, height(len(table)))
    _rate_rows(ax, table, labels, words("rate_axis"))
    return ax


def plot_types(types, ax=None, language="en"):
    """Draw the pass rate of each of some `FilmTypes`, the lowest at the bottom; see `plot_rates`."""
    words = Words(language)
    if "pass_rate" not in types.table:
        raise FilmsError(Message("types_without_outcome"))
    table = types.table.sort_values("pass_rate", kind="stable")
    labels = [
        _wrap(f"{words.name(name)} ({words.number(n, 0)})", 34) for name, n in zip(table["name"], table["n_films"])
    ]
    ax = _axes(ax, height(len(table), lines=2))
    _rate_rows(ax, table, labels, words("rate_axis"))
    return ax


def plot_calibration(evaluation, ax=None, language="en"):
    """Draw the share of films that pass against the predicted probability, for tenths of the films.

    Parameters
    ----------
    evaluation : Evaluation
    ax : matplotlib Axes, optional
    language : {"en", "fr"}

    Returns
    -------
    ax : matplotlib Axes
    """
    words, curve = Words(language), evaluation.calibration
    ax = _axes(ax, 4.6)
    ax.plot([0, 100], [0, 100], "--", color=GREY, linewidth=1, label=words("perfect"))
    ax.errorbar(
        100 * curve["predicted"], 100 * curve["pass_rate"], _rate_errors(curve), fmt="o-", color=BLUE, linewidth=1
    )
    ax.set(xlabel=words("calibration_x"), ylabel=words("calibration_y"), xlim=(0, 100), ylim=(0, 100), aspect="equal")
    ax.legend(frameon=False, loc="lower right")
    ax.grid(alpha=0.3)
    return ax


def plot_importance(table, ax=None, language="en"):
    """Draw what `permutation_importance` returns: the loss of AUC of each variable, with its standard deviation."""
    words = Words(language)
    ax = _axes(ax, height(len(table), lines=2))
    y = np.arange(len(table))[::-1]
    ax.axvline(0, color="black", linewidth=0.8)
    ax.errorbar(table["auc_loss"], y, xerr=table["auc_loss_sd"], fmt="o", color=BLUE, capsize=2)
    ax.set_yticks(y, [_wrap(words.name(name), 24) for name in table["variable"]])
    ax.set_xlabel(words("importance_axis"))
    ax.locator_params(axis="x", nbins=5)
    ax.xaxis.set_major_formatter(lambda value, _: words.number(value, 3))
    ax.grid(axis="x", alpha=0.3)
    return ax


def plot_dependence(dependence, ax=None, language="en"):
    """Draw the mean predicted probability over some films' own curves, and the band of the middle 80 % of them.

    Parameters
    ----------
    dependence : Dependence
    ax : matplotlib Axes, optional
    language : {"en", "fr"}

    Returns
    -------
    ax : matplotlib Axes
    """
    words, table, column = Words(language), dependence.table, dependence.column
    ax = _axes(ax, 3.9)
    scale = 100 if column.endswith("_share") else 1
    x = scale * table["value"]
    chosen = np.unique(np.linspace(0, len(dependence.curves) - 1, _N_CURVES).astype(int))
    for number, row in enumerate(chosen):
        label = words("single_films") if number == 0 else None
        ax.plot(x, 100 * dependence.curves[row], color=GREY, linewidth=0.5, alpha=0.6, label=label)
    ax.fill_between(x, 100 * table["low"], 100 * table["high"], color=BLUE, alpha=0.15, label=words("middle_80"))
    ax.plot(x, 100 * table["probability"], color=BLUE, linewidth=2.5, label=words("mean_curve"))
    ax.set(ylabel=words("dependence_axis"), ylim=(0, 100))
    ax.margins(x=0)
    ax.set_xlabel(words.axis(column))
    ax.grid(alpha=0.3)
    _legend(ax)
    return ax


def save_plot(ax, path):
    """Write the picture that `ax` is part of: .png, .svg or .pdf; the same picture gives the same bytes.

    Raises
    ------
    ValueError
        If the suffix is another one.
    OSError
        If the file cannot be written.
    """
    suffix = Path(path).suffix
    if suffix not in (".png", ".svg", ".pdf"):
        raise ValueError(f"a picture is written as .png, .svg or .pdf; got {suffix or 'no suffix'}.")
    write_bytes(path, _bytes(ax.figure, suffix[1:]))


def to_svg(draw, inches):
    """Return a picture as SVG, with its text as text and without a date.

    Parameters
    ----------
    draw : callable
        `draw(ax)` draws it.
    inches : float
        Height; the width is always the same.
    """
    from matplotlib.figure import Figure

    with _matplotlib().rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, inches), layout="constrained")
        draw(figure.subplots())
        return _bytes(figure, "svg").decode("utf-8")


def height(n_rows, lines=1):
    """Height in inches of a picture with a row per term or level, of so many lines of text."""
    return 1.4 + (0.02 + 0.22 * lines) * n_rows


def reading_order(table, ratio):
    """Return a table of terms as it is read: gender, then numbers, then genres and languages by their ratio."""
    keys = []
    for number, (term, value) in enumerate(zip(table["term"], table[ratio])):
        group = _group_of(term)
        keys.append((group, -value if group > 1 else number, number))
    return table.iloc[[key[-1] for key in sorted(keys)]]


def _group_of(term):
    """0 for gender, 1 for numbers, 2 for genres, 3 for languages."""
    attribute = ATTRIBUTE_OF_TERM.get(term)
    if attribute is None:
        return 1
    return {"genres": 2, "language": 3}.get(attribute.name, 0 if attribute.block == "gender" else 1)


def has_matplotlib():
    """Whether pictures can be drawn."""
    try:
        _matplotlib()
    except ImportError:
        return False
    return True


def _matplotlib():
    try:
        import matplotlib
    except ImportError:
        raise ImportError("pictures need matplotlib: pip install lightdiar[plot]") from None
    return matplotlib


def _axes(ax, inches):
    if ax is not None:
        return ax
    matplotlib = _matplotlib()
    import matplotlib.pyplot as plt

    with matplotlib.rc_context(_STYLE):
        return plt.subplots(figsize=(_WIDTH, inches), layout="constrained")[1]


def _bytes(figure, kind):
    """A figure as a file without date or version."""
    metadata = {"svg": {"Date": None, "Creator": None}, "pdf": {"CreationDate": None}, "png": {"Software": None}}
    buffer = io.BytesIO()
    with _matplotlib().rc_context(_STYLE):
        figure.savefig(buffer, format=kind, metadata=metadata[kind], dpi=150)
    return buffer.getvalue()


def _forest(ax, table, series, words, label):
    """Draw ratios and intervals, a row per term; `series` are (label, ratio, low, high), the last three columns."""
    y = np.arange(len(table))
    offsets = np.linspace(-0.17, 0.17, len(series)) if len(series) > 1 else [0.0]
    styles = (("o", BLUE, BLUE), ("s", VERMILLION, "white"))
    ax.axvline(1, color="black", linewidth=0.8)
    for (name, ratio, low, high), offset, (mark, colour, face) in zip(series, offsets, styles):
        known = table[ratio].notna().to_numpy()
        shown = table.loc[known, [ratio, low, high]].clip(1 / _FURTHEST, _FURTHEST)
        errors = np.array([shown[ratio] - shown[low], shown[high] - shown[ratio]])
        style = {"fmt": mark, "color": colour, "markerfacecolor": face, "markersize": 4.5, "elinewidth": 1.2}
        ax.errorbar(shown[ratio], y[known] + offset, xerr=errors, label=name or None, **style)
    ax.set_xscale("log")
    low, high = ax.get_xlim()
    ticks = [tick for tick in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if low <= tick <= high]
    ax.set_xticks(ticks, [words.number(tick, 0 if tick >= 1 else 2 if tick < 0.1 else 1) for tick in ticks])
    ax.minorticks_off()
    ax.set_yticks(y, [words.term(term, contrast) for term, contrast in zip(table["term"], table["contrast"])])
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set_xlabel(_wrap(label))
    ax.grid(axis="x", alpha=0.3)
    if len(series) > 1:
        _legend(ax)


def _rate_rows(ax, table, labels, label):
    """Draw pass rates and intervals, the first row at the bottom."""
    y = np.arange(len(table))
    ax.errorbar(100 * table["pass_rate"], y, xerr=_rate_errors(table), fmt="o", color=BLUE, capsize=2)
    ax.set_yticks(y, labels)
    ax.set(xlabel=_wrap(label), xlim=(0, 100), ylim=(-0.6, len(table) - 0.4))
    ax.grid(axis="x", alpha=0.3)


def _rate_errors(table):
    """How far intervals of pass rates reach below and above them, in points; never negative by rounding."""
    errors = np.array([table["pass_rate"] - table["ci_low"], table["ci_high"] - table["pass_rate"]])
    return 100 * errors.clip(0)


def _legend(ax):
    """Put the legend above the picture, where it covers nothing."""
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), frameon=False)


def _wrap(text, width=42):
    return textwrap.fill(text, width, break_on_hyphens=False, break_long_words=False)
