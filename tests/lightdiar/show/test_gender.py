"""Where a voice is drawn between those of men and of women."""

import numpy as np
import pytest

from lightdiar.show.gender import plot_gender

pytestmark = pytest.mark.usefixtures("no_window")


def scale(ax):
    """The axes of probabilities."""
    (rows,) = ax.child_axes
    return rows


def chances(ax, drawn):
    """Label, place and side of each row of probabilities."""
    marks = [line for line in scale(ax).lines if line.get_marker() == "o"]
    assert [mark.get_ydata()[0] for mark in marks] == list(range(len(marks)))
    labels = drawn(scale(ax).yaxis)
    return dict(zip(labels, (float(mark.get_xdata()[0]) for mark in marks), strict=True))


def test_the_curves_are_those_of_published_means(drawn):
    ax = plot_gender([150.0])
    men, women = ax.lines[:2]
    for curve, mean in ((men, 131), (women, 220)):
        x, y = curve.get_data()
        assert x[y.argmax()] == pytest.approx(mean, rel=0.01) and y.max() == pytest.approx(1, abs=1e-3)
        # a standard deviation of 0.25 in log F0: there the curve is at exp(-1/2)
        assert np.interp(mean * np.exp(0.25), x, y) == pytest.approx(np.exp(-0.5), abs=1e-3)
    assert men.get_linestyle() != women.get_linestyle()
    assert [text.get_text() for text in ax.texts] == ["men\nmean 131 Hz", "women\nmean 220 Hz"]
    assert ax.texts[0].get_position()[0] < 131 and ax.texts[1].get_position()[0] > 220
    assert ax.get_xscale() == "log" and "100" in drawn(ax.xaxis)


def test_the_voice_is_its_median_and_its_middle_four_fifths():
    f0 = np.r_[np.linspace(150, 250, 11), [np.nan] * 5]
    ax = plot_gender(f0)
    median, spread = ax.lines[2:4]
    assert list(median.get_xdata()) == [200, 200] and list(spread.get_xdata()) == [160, 240]
    assert ax.get_xlabel() == "F0 (Hz); this voice (black): median 200, mostly 160 to 240"


def test_probabilities_stand_on_a_scale_of_log_odds(drawn):
    """131 Hz is a woman's with the probability that `gender_by_pitch` gives, about 0.1."""
    ax = plot_gender([131.0, 131.0, np.nan], 0.75)
    places = chances(ax, drawn)
    by_pitch = np.log(220 / 131) ** 2 / 0.25**2 / 2
    assert places == {"by pitch alone: 10 %": pytest.approx(-by_pitch), "by the model: 75 %": pytest.approx(np.log(3))}
    assert drawn(scale(ax).xaxis) == ["0.1", "1", "10", "50", "90", "99", "99.9"]
    assert scale(ax).get_xticks()[[3, 4]].tolist() == pytest.approx([0, np.log(9)])
    assert scale(ax).get_title() == "Probability that the voice is a woman's (%)"


@pytest.mark.parametrize(("p", "label"), [(0.0, "by the model: <1 %"), (1.0, "by the model: >99 %")])
def test_certainty_stands_at_the_end_of_the_scale(p, label, drawn):
    ax = plot_gender([150.0], p)
    assert chances(ax, drawn)[label] == scale(ax).get_xlim()[int(p)]


def test_without_a_model_there_is_pitch_alone_and_without_pitch_even_odds(drawn):
    assert len(chances(plot_gender([220.0]), drawn)) == 1
    for nothing in ([], [np.nan, np.nan]):
        ax = plot_gender(nothing)
        assert chances(ax, drawn) == {"by pitch alone: 50 %": 0}
        assert ax.get_xlabel() == "F0 (Hz); this voice: nowhere voiced" and len(ax.lines) == 2


def test_rubbish_is_refused():
    for f0 in ([[120.0]], [0.0], [-100.0], [np.inf]):
        with pytest.raises(ValueError, match="^f0 must be one-dimensional, Hz above 0, and NaN where unvoiced"):
            plot_gender(f0)
    for p in (1.2, -0.1, np.nan):
        with pytest.raises(ValueError, match=f"^p_female is a probability from 0 to 1; got {p}"):
            plot_gender([120.0], p)
