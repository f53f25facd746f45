import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.describe.rates import pass_rates
from bechdel_stats.pictures.canvas import has_matplotlib, save_plot, to_svg
from bechdel_stats.pictures.odds import plot_odds, plot_odds_pair, plot_steps, reading_order
from bechdel_stats.pictures.predictions import plot_calibration, plot_dependence, plot_importance
from bechdel_stats.pictures.rates import plot_rates, plot_types
from bechdel_stats.words.messages import FilmsError

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def no_window(monkeypatch):
    """Nothing shows a window, and no figure stays open."""
    monkeypatch.setattr(plt, "show", lambda *_, **__: pytest.fail("a plot called show"))
    yield
    plt.close("all")


@pytest.fixture
def odds():
    """Three terms; the interval of the last goes to infinity."""
    terms = ["runtime", "genre_war", "cast_female_10"]
    contrasts = ["92 -> 116", "1 against 0", "+10 points"]
    table = pd.DataFrame({"term": terms, "contrast": contrasts, "odds_ratio": [1.25, 0.5, 2.0]})
    return SimpleNamespace(table=table.assign(ci_low=[1.0, 0.25, 1.6], ci_high=[1.5, 0.8, np.inf]))


@pytest.fixture
def rates():
    films = pd.DataFrame({"year": [1995] * 40 + [2005] * 60, "genres": ["War"] * 40 + ["Horror"] * 60})
    films["passes"] = [1] * 10 + [0] * 30 + [1] * 45 + [0] * 15
    return {by: pass_rates(films, by) for by in ("year", "genres")}


def labels(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def intervals(ax, across=True):
    """Ends of all intervals drawn, along the axis of the values."""
    lines = [segment for container in ax.containers for segment in container.lines[2][0].get_segments()]
    return np.array(lines)[:, :, 0 if across else 1]


def test_odds_ratios_are_where_they_are_on_a_log_axis_with_a_line_at_one(odds):
    ax = plot_odds(odds)
    assert ax.get_xscale() == "log"
    assert any(np.array_equal(line.get_xdata(), [1, 1]) for line in ax.lines)
    assert labels(ax.yaxis) == ["Cast: +10 points of women", "Runtime: 92 → 116 min", "War"]
    assert ax.containers[0].lines[0].get_xdata().tolist() == [2.0, 1.25, 0.5]
    # an interval without an end stops at the edge
    np.testing.assert_allclose(intervals(ax), [[1.6, 20], [1.0, 1.5], [0.25, 0.8]])
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first row is on top


def test_an_ax_that_is_given_is_drawn_into_and_returned(odds, rates):
    figure, (first, second) = plt.subplots(1, 2)
    assert plot_odds(odds, first) is first
    assert plot_rates(rates["genres"], second) is second
    assert plt.get_fignums() == [figure.number]


def test_genres_are_read_by_ratio_after_gender_and_numbers():
    terms = ["year", "genre_war", "genre_horror", "language_fr", "genre_drama", "director_woman"]
    table = pd.DataFrame({"term": terms, "odds_ratio": [0.1, 0.5, 1.6, 9.0, np.nan, 0.2]})
    order = reading_order(table, "odds_ratio")["term"].tolist()
    assert order[:2] == ["director_woman", "year"] and order[-1] == "language_fr"
    assert order.index("genre_horror") < order.index("genre_war")


def test_a_pair_has_two_kinds_of_marks_and_leaves_out_what_one_model_lacks(odds):
    table = odds.table.rename(columns=lambda name: f"{name}_with" if name not in ("term", "contrast") else name)
    for name in ("odds_ratio", "ci_low", "ci_high"):
        table[f"{name}_without"] = [1.0, 0.3, np.nan]
    ax = plot_odds_pair(SimpleNamespace(table=table), language="fr")
    with_gender, without = (container.lines[0] for container in ax.containers)
    assert (len(with_gender.get_xdata()), len(without.get_xdata())) == (3, 2)
    assert with_gender.get_marker() != without.get_marker()
    assert [text.get_text()[:4] for text in ax.get_legend().get_texts()] == ["avec", "sans"]
    assert "Guerre" in labels(ax.yaxis) and "échelle log" in ax.get_xlabel()
    assert "0,5" in labels(ax.xaxis)


def test_steps_stand_beside_the_common_odds_ratio(odds):
    table = odds.table.assign(odds_ratio_1=[1.1, 0.6, 1.9], odds_ratio_2=[1.2, 0.5, 2.0], odds_ratio_3=[1.3, 0.4, 99.0])
    ax = plot_steps(SimpleNamespace(table=table))
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert sorted(names) == ["all steps", "reaching score 1", "reaching score 2", "reaching score 3"]
    drawn = {line.get_label(): line.get_xdata() for line in ax.lines}
    assert drawn["reaching score 1"].tolist() == [1.9, 1.1, 0.6]
    assert drawn["reaching score 3"].tolist() == [20.0, 1.3, 0.4]


def test_rates_are_drawn_in_per_cent_with_wilson_intervals(rates):
    ax = plot_rates(rates["genres"])
    assert labels(ax.yaxis) == ["War (40)", "Horror (60)"]
    assert ax.containers[0].lines[0].get_xdata().tolist() == [25, 75]
    np.testing.assert_allclose(intervals(ax), [[14.187, 40.194], [62.768, 84.223]], atol=1e-3)
    assert ax.get_xlim() == (0, 100)


def test_decades_go_from_left_to_right(rates):
    ax = rates["year"].plot()
    assert labels(ax.xaxis) == ["1990", "2000"]
    assert ax.containers[0].lines[0].get_ydata().tolist() == [25, 75]
    np.testing.assert_allclose(intervals(ax, across=False)[0], [14.187, 40.194], atol=1e-3)
    ax = plot_rates(rates["year"], language="fr")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Décennie", "Films qui réussissent (%),\nintervalle à 95\u00a0%")


def test_types_are_drawn_by_rate_and_need_an_outcome():
    names = ["Horror, Thriller; small budgets", "Comedy, Romance"]
    table = pd.DataFrame({"name": names, "n_films": [30, 1200], "pass_rate": [0.7, 0.5]})
    table = table.assign(ci_low=table["pass_rate"] - 0.1, ci_high=table["pass_rate"] + 0.1)
    ax = plot_types(SimpleNamespace(table=table), language="fr")
    assert labels(ax.yaxis) == ["Comédie, Romance (1\u202f200)", "Horreur, Thriller\u00a0; petits budgets\n(30)"]
    np.testing.assert_allclose(intervals(ax), [[40, 60], [60, 80]])
    with pytest.raises(FilmsError, match="without an outcome"):
        plot_types(SimpleNamespace(table=table[["name", "n_films"]]))


def test_calibration_stands_beside_the_diagonal():
    curve = pd.DataFrame({"predicted": [0.2, 0.8], "pass_rate": [0.25, 0.75], "ci_low": [0.2, 0.7], "ci_high": 0.9})
    ax = plot_calibration(SimpleNamespace(calibration=curve))
    assert ax.containers[0].lines[0].get_xydata().tolist() == [[20, 25], [80, 75]]
    np.testing.assert_allclose(intervals(ax, across=False), [[20, 90], [70, 90]])
    assert [0, 100] in [list(line.get_xdata()) for line in ax.lines if line.get_linestyle() == "--"]


def test_importance_is_drawn_with_its_deviation():
    table = pd.DataFrame({"variable": ["cast gender", "year"], "auc_loss": [0.13, 0.02], "auc_loss_sd": [0.01, 0.005]})
    ax = plot_importance(table, language="fr")
    assert labels(ax.yaxis) == ["femmes et hommes de la\ndistribution", "année"]
    np.testing.assert_allclose(intervals(ax), [[0.12, 0.14], [0.015, 0.025]])
    assert all("." not in label for label in labels(ax.xaxis))


def test_dependence_is_a_mean_over_films_and_their_band():
    curves = np.tile([[0.1, 0.5], [0.3, 0.7]], (30, 1))
    table = pd.DataFrame({"value": [0.0, 0.5], "probability": [0.2, 0.6], "low": [0.1, 0.5], "high": [0.3, 0.7]})
    dependence = SimpleNamespace(column="cast_female_share", curves=curves, table=table)
    ax = plot_dependence(dependence)
    mean = next(line for line in ax.lines if line.get_label() == "mean")
    np.testing.assert_allclose(mean.get_xydata(), [[0, 20], [50, 60]])
    assert len(ax.lines) == 31  # thirty of the sixty films, and the mean
    assert ax.collections[0].get_paths()[0].get_extents().extents.round(6).tolist() == [0, 10, 50, 70]
    assert ax.get_xlabel() == "Women in the cast (%)"


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_picture_is_the_same_file(tmp_path, odds, suffix):
    files = [tmp_path / f"{number}.{suffix}" for number in range(2)]
    for file in files:
        save_plot(plot_odds(odds), file)
    first, second = (file.read_bytes() for file in files)
    assert first == second and len(first) > 1000
    assert b"Date" not in first and str(tmp_path).encode() not in first


def test_pictures_are_written_as_png_svg_or_pdf(tmp_path, odds):
    ax = plot_odds(odds)
    with pytest.raises(ValueError, match=r"\.png, \.svg or \.pdf; got \.bmp"):
        save_plot(ax, tmp_path / "odds.bmp")
    with pytest.raises(FileNotFoundError, match="no folder"):
        save_plot(ax, tmp_path / "missing" / "odds.png")
    assert not list(tmp_path.iterdir())


def test_svg_keeps_text_as_text_and_global_settings_as_they_were(odds):
    before = dict(matplotlib.rcParams)
    svg = to_svg(lambda ax: plot_odds(odds, ax, "fr"), 3)
    assert ">Guerre</text>" in svg and not plt.get_fignums()
    assert dict(matplotlib.rcParams) == before


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch, odds):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"^pictures need matplotlib: pip install lightdiar\[plot\]$"):
        plot_odds(odds)
    assert not has_matplotlib()


def test_other_languages_are_refused(odds):
    with pytest.raises(ValueError, match="language must be one of en, fr; got 'de'"):
        plot_odds(odds, language="de")
