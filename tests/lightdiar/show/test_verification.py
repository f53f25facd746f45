"""Pictures of trials, read back from their axes: what is drawn is what was computed."""

import numpy as np
import pytest
from scipy.special import ndtri

from lightdiar.metrics.verification import equal_error_rate, reliability
from lightdiar.show.verification import plot_det, plot_reliability, plot_scores

pytestmark = pytest.mark.usefixtures("no_window")


def normal(rng, distance, n_targets=500, n_others=3000):
    return rng.normal(distance, 1, n_targets), rng.normal(0, 1, n_others)


def texts(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def labels(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def test_a_det_curve_passes_through_its_points():
    """At 3, 1 of 4 is missed and 1 of 4 accepted; at 2, 1/4 and 1/2; at 3.5, 1/2 and 1/4."""
    ax = plot_det({"hand": ([1, 3, 4, 5], [0, 1.5, 2, 3.5])})
    _, curve, mark = ax.lines
    drawn = np.round(curve.get_xydata(), 6).tolist()
    for accepted, missed in ((0.25, 0.5), (0.25, 0.25), (0.5, 0.25), (0.75, 0.25)):
        assert np.round(ndtri([accepted, missed]), 6).tolist() in drawn
    assert mark.get_xydata().tolist() == [[ndtri(0.25), ndtri(0.25)]]
    assert texts(ax) == ["both errors equal", "hand: EER 25.0 %"]


def test_normal_scores_of_one_variance_lie_on_a_line_of_slope_minus_1(rng):
    """Means 2 apart: the deviates of both errors add up to -2."""
    ax = plot_det({"normal": normal(rng, 2, 20_000, 20_000)})
    x, y = ax.lines[1].get_xydata().T
    inside = (ndtri(0.01) < x) & (x < ndtri(0.4))
    assert inside.sum() > 100
    np.testing.assert_allclose((x + y)[inside], -2, atol=0.1)


def test_systems_differ_without_colour_and_axes_are_in_per_cent(rng):
    systems = {name: normal(rng, distance) for name, distance in (("PLDA", 3.2), ("cosine", 2.4), ("GMM", 1.6))}
    ax = plot_det(systems)
    curves, marks = ax.lines[1::2], ax.lines[2::2]
    assert len({str(curve._dash_pattern) for curve in curves}) == len({mark.get_marker() for mark in marks}) == 3
    for mark, scores in zip(marks, systems.values()):
        assert mark.get_xdata()[0] == mark.get_ydata()[0] == ndtri(equal_error_rate(*scores)[0])
    assert [text.split(":")[0] for text in texts(ax)[1:]] == list(systems)
    assert labels(ax.xaxis) == labels(ax.yaxis) and {"1", "2", "5", "10", "20", "40"} <= set(labels(ax.xaxis))
    assert ax.get_xlabel() == "False alarms: different people taken for one (%)"
    assert ax.get_ylabel() == "Misses: one person taken for two (%)"


@pytest.mark.parametrize(
    ("scores", "text"),
    [
        (([3.0, 4.0], [1.0, 2.0]), "EER 0 %"),
        (([1.0, 2.0], [3.0, 4.0]), "EER 100.0 %"),
        (([1.0], [1.0]), "EER 50.0 %"),
        ((np.r_[-1.0, np.full(399, 2.0)], np.r_[3.0, np.zeros(399)]), "EER 0.25 %"),
    ],
)
def test_curves_at_the_ends_are_drawn_too(scores, text):
    ax = plot_det({"end": scores})
    ax.figure.canvas.draw()
    assert texts(ax)[1] == f"end: {text}"
    (at,) = ax.lines[2].get_xydata()
    low, high = ax.get_xlim()
    assert low <= at[0] == at[1] <= high


def test_a_curve_of_a_million_trials_is_thinned_without_being_seen(rng):
    target, other = normal(rng, 2.5, 200_000, 800_000)
    ax = plot_det({"many": (target, other)})
    x, y = ax.lines[1].get_xydata().T
    assert len(x) < 15_000
    threshold = 1.0
    at = np.interp(ndtri(np.mean(other >= threshold)), x, y)
    assert at == pytest.approx(ndtri(np.mean(target < threshold)), abs=0.01)


def test_no_system_is_refused():
    with pytest.raises(ValueError, match="no system to draw; give at least one"):
        plot_det({})


def test_scores_of_both_kinds_are_drawn_in_shares_with_the_threshold():
    """At 2, one of three others is accepted and one of four targets refused."""
    ax = plot_scores([1, 3, 4, 5], [0, 1, 2], 2)
    assert texts(ax) == [
        "different people (3 trials)",
        "same person (4 trials)",
        "threshold 2: accepts 33.3 % of different people,\nrefuses 25.0 % of the same person",
    ]
    assert list(ax.lines[0].get_xdata()) == [2, 2]
    heights = [np.unique(patch.get_xy()[:, 1].round(6)).tolist() for patch in ax.patches]
    assert heights == [[0, 33.333333], [0, 25]]
    others, targets = ax.patches
    assert others.get_hatch() and not others.get_fill() and targets.get_fill() and not targets.get_hatch()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Score", "Trials of each kind (%)")


def test_the_threshold_is_by_default_that_of_equal_errors(rng, axes):
    scores = normal(rng, 2)
    assert plot_scores(*scores, ax=axes) is axes
    assert axes.lines[0].get_xdata()[0] == equal_error_rate(*scores)[1]


def test_scores_that_are_all_alike_can_be_drawn():
    ax = plot_scores([1, 1], [1, 1, 1])
    ax.figure.canvas.draw()
    assert len(ax.patches) == 2 and not ax.lines  # nothing is accepted: a threshold of infinity has no place


def test_infinite_scores_are_refused():
    with pytest.raises(ValueError, match="2 scores are infinite and have no place; clip them"):
        plot_scores([1, np.inf], [0, -np.inf])


def test_reliability_stands_beside_the_diagonal_with_its_numbers(axes):
    targets, others = np.log([9, 9, 1 / 9]), np.log([9, 1 / 9, 1 / 9, 1 / 9])
    table = reliability(targets, others)
    assert plot_reliability(targets, others, ax=axes) is axes
    diagonal, _, points = axes.lines
    assert diagonal.get_xydata().tolist() == [[0, 0], [100, 100]]
    np.testing.assert_allclose(points.get_xydata(), 100 * table[["predicted", "observed"]])
    assert [text.get_text() for text in axes.texts] == ["4", "3"]
    assert texts(axes) == ["as predicted", "observed, with the number of trials"]
    assert axes.get_xlabel() == "Predicted: same person (%), at a prior of 50 %"
    assert axes.get_ylabel() == "Observed: same person (%)"


def test_reliability_at_another_prior():
    ax = plot_reliability(np.log([4, 1]), np.log([4, 1, 1, 1]), prior=0.2, n_bins=5)
    np.testing.assert_allclose(ax.lines[2].get_xydata(), [[20, 100 / 7], [50, 100 / 3]])
    assert ax.get_xlabel().endswith("at a prior of 20 %")
