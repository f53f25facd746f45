from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.pictures.rates import plot_rates, plot_types, rate_errors
from bechdel_stats.words.messages import FilmsError


def test_rates_are_drawn_in_per_cent_with_wilson_intervals(rates, labels, intervals):
    ax = plot_rates(rates["genres"])
    assert labels(ax.yaxis) == ["War (40)", "Horror (60)"]
    assert ax.containers[0].lines[0].get_xdata().tolist() == [25, 75]
    np.testing.assert_allclose(intervals(ax), [[14.187, 40.194], [62.768, 84.223]], atol=1e-3)
    assert ax.get_xlim() == (0, 100)


def test_decades_go_from_left_to_right(rates, labels, intervals):
    ax = rates["year"].plot()
    assert labels(ax.xaxis) == ["1990", "2000"]
    assert ax.containers[0].lines[0].get_ydata().tolist() == [25, 75]
    np.testing.assert_allclose(intervals(ax, across=False)[0], [14.187, 40.194], atol=1e-3)
    ax = plot_rates(rates["year"], language="fr")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Décennie", "Films qui réussissent (%),\nintervalle à 95\u00a0%")


def test_types_are_drawn_by_rate_and_need_an_outcome(labels, intervals):
    names = ["Horror, Thriller; small budgets", "Comedy, Romance"]
    table = pd.DataFrame({"name": names, "n_films": [30, 1200], "pass_rate": [0.7, 0.5]})
    table = table.assign(ci_low=table["pass_rate"] - 0.1, ci_high=table["pass_rate"] + 0.1)
    ax = plot_types(SimpleNamespace(table=table), language="fr")
    assert labels(ax.yaxis) == ["Comédie, Romance (1\u202f200)", "Horreur, Thriller\u00a0; petits budgets\n(30)"]
    np.testing.assert_allclose(intervals(ax), [[40, 60], [60, 80]])
    with pytest.raises(FilmsError, match="without an outcome"):
        plot_types(SimpleNamespace(table=table[["name", "n_films"]]))


def test_intervals_reach_to_both_sides_and_never_backwards():
    table = pd.DataFrame({"pass_rate": [0.25, 0.0], "ci_low": [0.125, 1e-17], "ci_high": [0.5, 0.125]})
    assert rate_errors(table).tolist() == [[12.5, 0], [25, 12.5]]
