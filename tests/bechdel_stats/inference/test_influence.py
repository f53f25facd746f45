import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from bechdel_stats.inference.influence import influential_films
from bechdel_stats.inference.regression import odds_ratios
from bechdel_stats.words.messages import FilmsError


def test_cooks_distance_by_hand(films):
    few = films.head(120)
    result = odds_ratios(few, "passes ~ cast_female_10 + genre_war")
    table = influential_films(result, few, n_films=120)
    assert table["cooks_distance"].is_monotonic_decreasing and len(table) == 120
    X, y = result.model_results.model.exog, result.model_results.model.endog
    p = sm.Logit(y, X).fit(disp=0).predict()  # Pregibon (1981), equation 4.7 over the number of coefficients
    leverage = ((X * (p * (1 - p))[:, None]) @ np.linalg.inv((X * (p * (1 - p))[:, None]).T @ X) * X).sum(axis=1)
    expected = pd.Series((y - p) ** 2 / (p * (1 - p)) * leverage / (1 - leverage) ** 2 / 3, few["title"])
    table = table.set_index("title")
    assert table["cooks_distance"].to_dict() == pytest.approx(expected.to_dict(), rel=1e-6)
    assert table["probability"].to_dict() == pytest.approx(dict(zip(few["title"], p)), rel=1e-6)
    assert table["passes"].to_dict() == dict(zip(few["title"], y))


def test_influence_needs_the_films_of_the_fit(films):
    with pytest.raises(FilmsError, match="these are 100 films; the result was fitted to a table of 600"):
        influential_films(odds_ratios(films, "passes ~ genre_war"), films.head(100))


def test_influence_refuses_films_in_another_order(films):
    with pytest.raises(FilmsError, match="not the films of the result, or not in their order"):
        influential_films(odds_ratios(films, "passes ~ genre_war"), films.iloc[::-1])


def test_what_a_film_shifts_is_what_a_step_without_it_gives_back(films):
    """DFBETAS are one Newton step from the estimates without the film, over the usual standard error."""
    few = films.head(120)
    result = odds_ratios(few, "passes ~ cast_female_10 + genre_war")
    first = influential_films(result, few, n_films=1).iloc[0]
    own = few["title"] == first["title"]
    assert first["year"] == few.loc[own, "year"].item()
    X, y = result.model_results.model.exog, result.model_results.model.endog
    theirs = sm.Logit(y, X).fit(disp=0)
    p, rest = theirs.predict(), ~own.to_numpy()
    information = (X[rest] * (p * (1 - p))[rest, None]).T @ X[rest]
    step = np.linalg.solve(information, X[rest].T @ (y - p)[rest])
    names = result.model_results.model.exog_names
    shifts = pd.Series(-step / theirs.bse, names).drop("Intercept")
    assert first["shifts"] == shifts.abs().idxmax()
    assert first["shift"] == pytest.approx(shifts[first["shifts"]], rel=1e-6)


def test_films_without_titles_and_years_go_by_their_index(films):
    bare = films[["rating", "genres"]].set_axis(range(1000, 1600))
    table = influential_films(odds_ratios(bare, "passes ~ genre_war"), bare, n_films=3)
    assert "year" not in table and table["title"].between(1000, 1599).all()
