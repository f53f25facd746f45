from types import SimpleNamespace

import numpy as np
import pandas as pd

from bechdel_stats.pictures.predictions import (
    plot_calibration,
    plot_dependence,
    plot_explanation,
    plot_importance,
    plot_local_effects,
)


def test_calibration_stands_beside_the_diagonal(intervals):
    curve = pd.DataFrame({"predicted": [0.2, 0.8], "pass_rate": [0.25, 0.75], "ci_low": [0.2, 0.7], "ci_high": 0.9})
    ax = plot_calibration(SimpleNamespace(calibration=curve))
    assert ax.containers[0].lines[0].get_xydata().tolist() == [[20, 25], [80, 75]]
    np.testing.assert_allclose(intervals(ax, across=False), [[20, 90], [70, 90]])
    assert [0, 100] in [list(line.get_xdata()) for line in ax.lines if line.get_linestyle() == "--"]


def test_importance_is_drawn_with_its_deviation(labels, intervals):
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


def test_an_explanation_is_a_way_from_one_probability_to_the_other(labels):
    table = pd.DataFrame({"variable": ["genres", "year"], "log_odds": [2.0, -0.5]})
    ax = plot_explanation(SimpleNamespace(table=table, film="Anna (1999)", average=0.5, passes=0.8), language="fr")
    bars = [(bar.get_x(), bar.get_width()) for bar in ax.patches]
    np.testing.assert_allclose(bars, [(0, 2), (2, -0.5)])  # from even odds, the second from where the first ends
    assert sorted(line.get_xdata()[0] for line in ax.lines) == [0, 1.5]
    assert labels(ax.yaxis) == ["genres", "année"] and ax.get_title(loc="left") == "Anna (1999)"
    assert labels(ax.xaxis) == ["50", "60", "70", "80"]  # on an axis in log odds; 2 is 88 %


def test_local_effects_are_drawn_in_points():
    table = pd.DataFrame({"value": [0.0, 0.5], "effect": [-0.1, 0.2], "n_films": [0, 9]})
    ax = plot_local_effects(SimpleNamespace(column="cast_female_share", table=table))
    np.testing.assert_allclose(ax.lines[-1].get_xydata(), [[0, -10], [50, 20]])
    assert ax.get_xlabel() == "Women in the cast (%)"
