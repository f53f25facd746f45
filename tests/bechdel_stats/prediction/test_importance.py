import numpy as np
import pandas as pd
import pytest

from bechdel_stats.attributes import ATTRIBUTE, ATTRIBUTES, VARIABLES
from bechdel_stats.prediction.blocks import BLOCKS
from bechdel_stats.prediction.evaluation import without
from bechdel_stats.prediction.importance import CAUTION, partial_dependence, permutation_importance, what_if
from bechdel_stats.prediction.model import fit_model
from bechdel_stats.words.messages import FilmsError


class Known:
    """Passing by 1 / (1 + exp(-(share - 0.5) * runtime / 100))."""

    def predict_proba(self, films):
        logit = (films["cast_female_share"] - 0.5) * films["runtime"] / 100
        p = 1 / (1 + np.exp(-logit.to_numpy(float)))
        return np.column_stack([(1 - p) / 2, (1 - p) / 2, 0 * p, p])


@pytest.fixture(scope="module")
def model(films):
    return fit_model(films[["rating", "year", "genres", "cast_female_share", "cast_women", "cast_men"]])


@pytest.fixture(scope="module")
def cast_model(films):
    """A model without genres, which multiply by year and runtime and take long."""
    return fit_model(films[["rating", "year", "cast_female_share", "cast_women", "cast_men"]])


@pytest.mark.slow
def test_what_carries_the_information_loses_most_and_noise_nothing(films):
    table = permutation_importance(without(films, "text"), n_folds=2, n_repeats=1)
    assert table["variable"][0] == "cast gender" and table["auc_loss"][0] > 0.1
    assert table["auc_loss"].is_monotonic_decreasing
    losses = table.set_index("variable")["auc_loss"]
    for noise in ("year", "runtime", "budget", "language and country", "votes and ratings", "crew gender"):
        assert abs(losses[noise]) < 0.02
    assert losses["genres"] > 0.005
    assert "poster" not in losses and "summary of the plot" not in losses  # columns that are not there


def test_same_seed_same_importance_and_films_are_not_modified(films):
    bare = films[["rating", "year", "cast_female_share"]]
    before = bare.copy()
    one, other = (permutation_importance(bare, n_folds=2, n_repeats=1) for _ in range(2))
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(bare, before)
    moved = permutation_importance(bare.set_axis([0] * len(bare)), n_folds=2, n_repeats=1)
    pd.testing.assert_frame_equal(one, moved)


def test_films_predicted_together_are_as_if_alone(films, monkeypatch):
    bare = films[["rating", "year", "runtime"]]
    model = fit_model(bare)
    together = (
        permutation_importance(bare, fit=lambda _: model, n_folds=2),
        partial_dependence(bare, "year", model=model),
    )
    monkeypatch.setattr("bechdel_stats.prediction.importance._ROWS", 1)
    pd.testing.assert_frame_equal(permutation_importance(bare, fit=lambda _: model, n_folds=2), together[0])
    curves = partial_dependence(bare, "year", model=model).curves
    np.testing.assert_allclose(curves, together[1].curves, rtol=1e-12)
    changed = bare.iloc[[0]].assign(year=together[1].values[3])
    np.testing.assert_allclose(curves[0, 3], model.predict_proba(changed)[0, -1], rtol=1e-12)


def test_variables_are_columns_that_a_model_uses_each_once():
    named = [attribute.name for attribute in ATTRIBUTES if attribute.variable]
    assert {attribute.variable for attribute in ATTRIBUTES} == {"", *VARIABLES}
    assert set(named) == {name for name, column in ATTRIBUTE.items() if column.block in BLOCKS}


def test_partial_dependence_of_a_known_formula(films):
    some = films.head(7).assign(runtime=[80, 90, 100, 110, 120, 130, 140])
    found = partial_dependence(some, "cast_female_share", [0.0, 0.5, 1.0], model=Known())
    curves = 1 / (1 + np.exp(-np.outer(some["runtime"] / 100, [-0.5, 0, 0.5])))
    assert found.curves == pytest.approx(curves)
    assert found.table["probability"].tolist() == pytest.approx(curves.mean(axis=0).tolist())
    assert found.table["low"].tolist() == pytest.approx(np.quantile(curves, 0.1, axis=0).tolist())
    assert found.table["high"].tolist() == pytest.approx(np.quantile(curves, 0.9, axis=0).tolist())
    assert repr(found) == "Dependence(cast_female_share, 7 films, 3 values)"
    assert "Predicted probability of passing by cast_female_share" in found._repr_html_()


def test_partial_dependence_is_the_mean_of_its_curves_and_finds_the_truth(films, cast_model):
    before = films.copy()
    found = partial_dependence(films, "cast_female_share", model=cast_model, max_films=50)
    assert found.curves.shape == (50, 20) and found.table.shape == (20, 4)
    np.testing.assert_allclose(found.table["probability"], found.curves.mean(axis=0))
    assert found.table["probability"].is_monotonic_increasing
    assert found.values[[0, -1]].tolist() == pytest.approx(films["cast_female_share"].quantile([0.02, 0.98]).tolist())
    pd.testing.assert_frame_equal(films, before)
    ends = found.values[[0, -1]]
    moved = partial_dependence(films.set_axis([0] * 600), "cast_female_share", ends, model=cast_model, max_films=50)
    np.testing.assert_array_equal(moved.curves, found.curves[:, [0, -1]])


@pytest.mark.parametrize("column", ["rating", "passes", "tmdb_id", "genres", "metascore", "dubious"])
def test_columns_that_have_no_dependence(films, model, column):
    with pytest.raises(
        FilmsError, match=f"'{column}' is not a numeric column that a model uses, with values in this table"
    ):
        partial_dependence(films.assign(tmdb_id=5, dubious=1), column, model=model)


def test_values_out_of_range_and_no_films(films, model):
    with pytest.raises(FilmsError, match="cast_female_share = 45.0 is not possible; allowed: 0 to 1"):
        partial_dependence(films, "cast_female_share", [0, 45], model=model)
    with pytest.raises(FilmsError, match="'year' is not a numeric column"):
        partial_dependence(films.head(0), "year", model=model)


def test_what_if_prints_exactly_this():
    film = {"cast_female_share": 0.5, "runtime": 100, "cast_women": 5}
    summary = what_if(film, {"cast_female_share": 1.0}, model=Known())
    assert str(summary) == (
        "Predicted probabilities\n"
        "film                     score_0  score_1  score_2  score_3  passes\n"
        "as it is                    0.25     0.25     0.00     0.50    0.50\n"
        "cast_female_share = 1.0     0.19     0.19     0.00     0.62    0.62\n"
        "What the model predicts for films that are otherwise like this one, not what a change would bring about."
    )
    assert summary.notes == (CAUTION,)


def test_what_if_forgets_what_counted_the_old_cast(films, model):
    film = films.iloc[[0]]
    changed = what_if(film, {"cast_female_share": 0.9}, model=model).table
    forgotten = film.drop(columns=["cast_women", "cast_men"]).assign(cast_female_share=0.9)
    assert changed["passes"].tolist() == pytest.approx(
        [model.predict_proba(film)[0, 3], model.predict_proba(forgotten)[0, 3]], abs=1e-12
    )
    kept = what_if(film, {"year": 2015}, model=model).table["passes"][1]
    assert kept == pytest.approx(model.predict_proba(film.assign(year=2015))[0, 3], abs=1e-12)


def test_a_film_can_be_a_row_a_dict_or_a_table(films, model):
    row = films.iloc[3]
    tables = [
        what_if(film, {"genres": ["War", "Drama"]}, model=model).table for film in (row, dict(row), films.iloc[[3]])
    ]
    assert tables[0].equals(tables[1]) and tables[0].equals(tables[2])
    assert tables[0]["passes"][1] == pytest.approx(
        model.predict_proba(films.iloc[[3]].assign(genres="Drama|War"))[0, 3], abs=1e-12
    )


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"shoe_size": 43}, "no model uses shoe_size. Columns that can be changed: title, year, runtime"),
        ({"rating": 3, "year": 2000}, "no model uses rating"),
        ({"dubious": 1}, "no model uses dubious"),
        ({}, "no column to change. Columns that can be changed: title, year"),
    ],
)
def test_what_if_refuses_changes(films, model, changes, message):
    with pytest.raises(FilmsError, match=message):
        what_if(films.iloc[0], changes, model=model)


def test_what_if_takes_one_film(films, model):
    with pytest.raises(FilmsError, match="one film is needed; got 2 rows"):
        what_if(films.head(2), {"year": 2000}, model=model)
    with pytest.raises(TypeError, match="films must be a pandas DataFrame; got str"):
        what_if("Alien", {"year": 2000}, model=model)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"cast_female_share": 50}, "cast_female_share = 50 is not possible; allowed: 0 to 1, or 0 % to 100 %"),
        (
            {"cast_female_share": -1},
            "cast_female_share = -1 is not possible; allowed: 0 to 1, or 0 % to 100 %.",
        ),
        ({"year": "next"}, "year = next is not possible; allowed: 1870 to 2100."),
        ({"genres": "unknown"}, "genres = unknown is not possible; allowed: a known value."),
    ],
)
def test_what_if_refuses_what_cannot_be(films, model, changes, message):
    with pytest.raises(FilmsError, match=message):
        what_if(films.iloc[0], changes, model=model)
