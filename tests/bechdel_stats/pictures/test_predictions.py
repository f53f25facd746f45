from types import SimpleNamespace

import numpy as np
import pandas as pd

from bechdel_stats.pictures.predictions import plot_calibration, plot_dependence, plot_importance


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
