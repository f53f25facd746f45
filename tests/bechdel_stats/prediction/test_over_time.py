from functools import partial

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.prediction.evaluation import cross_validate
from bechdel_stats.prediction.over_time import figures, validate_over_time
from bechdel_stats.words.messages import FilmsError


class Share:
    """Predicts the pass rate of the films it is fitted to; remembers the years it saw."""

    seen = []

    def __init__(self, films):
        self.rate, self.years = films["passes"].mean(), films["year"]

    def predict_proba(self, films):
        Share.seen.append((self.years.max(), films["year"].min(), films["year"].max()))
        return np.tile([1 - self.rate, self.rate], (len(films), 1))


@pytest.fixture
def seen(monkeypatch):
    monkeypatch.setattr(Share, "seen", [])
    return Share.seen


def test_only_earlier_films_predict_later_ones(films, seen):
    result = validate_over_time(films, [2010, 1990, 1930, 2040], fit=Share)
    assert seen == [(1990, 1991, 2010), (2010, 2011, 2019)]
    table = result.table
    assert table["fitted_to"].tolist() == [1990, 2010] and table["tested"].tolist() == ["1991-2010", "2011-2019"]
    for row, (low, high) in zip(table.itertuples(), ((1990, 2010), (2010, 2019))):
        tested = films[(films["year"] > low) & (films["year"] <= high)]
        assert row.n_films == len(tested) and row.n_fitted == (films["year"] <= low).sum()
        assert row.pass_rate == pytest.approx((tested["rating"] == 3).mean())
        assert row.predicted == pytest.approx((films["rating"][films["year"] <= low] == 3).mean())
        assert row.auc == 0.5
    assert repr(result) == f"OverTime(2 models, {table['n_films'].sum()} later films)"


def test_films_without_outcome_or_year_are_counted(films, seen):
    holed = films.assign(rating=films["rating"].where(films.index >= 20), year=films["year"].where(films.index < 590))
    result = validate_over_time(holed, [2000], fit=Share)
    assert result.n_left_out == 30 and result.table["n_films"].item() + result.table["n_fitted"].item() == 570
    lines = str(result.summary()).splitlines()
    assert lines[:2] == ["Predictions of later films", "left out (no outcome or year)  30"]
    assert lines[-1].startswith("in_the_large: what all logits lack; above 0, more films pass than predicted.")


def test_there_must_be_films_on_both_sides(films):
    with pytest.raises(FilmsError, match="until=1930: 600 films up to then and 0 after; both are needed"):
        validate_over_time(films, [1930])
    with pytest.raises(FilmsError, match="both are needed"):
        validate_over_time(films.drop(columns="year"))


@pytest.fixture
def halves(monkeypatch):
    """Figures from two folds, which are quick."""
    monkeypatch.setattr("bechdel_stats.prediction.metrics.N_BOOTSTRAP", 2)
    monkeypatch.setattr("bechdel_stats.prediction.over_time.cross_validate", partial(cross_validate, n_folds=2))


def test_figures_of_a_card_begin_with_later_films(films, halves):
    few = films[["rating", "year", "cast_female_share"]]
    told = []
    lines = figures(few, told.append)
    assert told[0] == "later films" and len(told) == 6
    assert [line.split(",")[0] for line in lines[:3]] == [
        f"{n} films of {years}"
        for n, years in (
            (few["year"].between(2003, 2007).sum(), "2003-2007"),
            (few["year"].between(2008, 2012).sum(), "2008-2012"),
            (few["year"].between(2013, 2017).sum(), "2013-2017"),
        )
    ]
    assert "2-fold cross-validation" in lines[-1] and len(lines) == 10


def test_figures_of_films_of_one_year(films, halves):
    lines = figures(pd.DataFrame({"rating": films["rating"], "year": 2000.0, "runtime": films["runtime"]}))
    assert len(lines) == 6 and lines[0].startswith("600 films without gender")
