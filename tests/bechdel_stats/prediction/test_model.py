import hashlib
import io
import json
import re
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.schema import standardise
from bechdel_stats.data.shapes import opened
from bechdel_stats.data.tables import read_films
from bechdel_stats.prediction.blocks import BLOCKS
from bechdel_stats.prediction.model import (
    COEFFICIENTS,
    fit_model,
    load_model,
    missing_columns,
    predict_bechdel,
)
from bechdel_stats.words.messages import FilmsError, FilmsWarning
from lightdiar.common.archive import CARD, write_archive

SCORES = ["score_0", "score_1", "score_2", "score_3"]
ABOUT_THE_RATING = {
    "rating": 3,
    "passes": 1,
    "score_2023": 3,
    "dubious": 1,
    "bechdel_id": 7,
    "bechdel_added": "2010-01-01",
    "split": "test",
    "core_complete": 1,
}


@pytest.fixture(scope="module")
def model(films):
    return fit_model(films)


@pytest.fixture(scope="module")
def few(films):
    """The films without what takes long to fit: their genres, which multiply by year and runtime, and summaries."""
    return films.drop(columns=["genres", "overview"])


@pytest.fixture(scope="module")
def small(few):
    """A model of them, for what is the same with any model."""
    return fit_model(few)


def predict(films, model, proba=True):
    """Predict without a word about missing columns; any other warning is an error."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "predicted without", FilmsWarning)
        return predict_bechdel(films, proba, model)


@pytest.mark.parametrize(
    "change",
    [
        lambda films: films.head(9),
        lambda films: films.sample(20, random_state=0),
        lambda films: films.head(9).set_axis([3] * 9),
        lambda films: films.head(3).set_axis(pd.MultiIndex.from_tuples([("a", 1), ("a", 1), ("b", 2)])),
        lambda films: films.head(0),
        lambda films: films.head(1),
        lambda films: films[["year"]].head(5),
        lambda films: films[["title"]].head(5),
        lambda films: films[[]].head(5),
        lambda films: pd.DataFrame(),
        lambda films: films.head(4).assign(**dict.fromkeys(films, np.nan)),
    ],
    ids="head shuffled same multi no_row one_row one_column no_known_column no_column nothing all_missing".split(),
)
def test_one_row_per_film_in_order_under_its_index(films, small, change):
    table = change(films)
    scores, probabilities = predict(table, small, proba=False), predict(table, small)
    assert scores.index.equals(table.index) and probabilities.index.equals(table.index)
    assert scores.dtype == np.int64 and scores.name == "score" and scores.isin(range(4)).all()
    assert probabilities.columns.tolist() == [*SCORES, "passes"]
    np.testing.assert_allclose(probabilities[SCORES].sum(axis=1), 1, atol=1e-12)
    assert (probabilities["passes"] == probabilities["score_3"]).all()
    assert (probabilities[SCORES].to_numpy().argmax(axis=1) == scores.to_numpy()).all() or not len(table)


def test_nothing_known_gives_the_shares_of_the_ratings(films, model):
    found = predict(pd.DataFrame(index=[0]), model)[SCORES].iloc[0]
    shares = films["rating"].value_counts(normalize=True).sort_index()
    assert found.tolist() == pytest.approx(shares.tolist(), abs=0.03)


def test_a_film_has_the_same_probability_alone_or_among_others(films, small):
    among = predict(films, small)
    order = np.random.default_rng(1).permutation(len(films))
    np.testing.assert_allclose(predict(films.iloc[order], small), among.iloc[order], rtol=0, atol=1e-12)
    for row in (0, 17, 300):
        np.testing.assert_allclose(predict(films.iloc[[row]], small), among.iloc[[row]], rtol=0, atol=1e-12)


def test_more_films_than_are_predicted_at_a_time(films, small, monkeypatch):
    once = predict(films, small)
    monkeypatch.setattr("bechdel_stats.prediction.model._ROWS", 77)
    np.testing.assert_allclose(predict(films, small), once, rtol=0, atol=1e-12)


def test_what_is_about_the_rating_never_changes_a_prediction(films, small):
    unrated = films.drop(columns="rating").head(60)
    expected = predict(unrated, small)
    for name, value in ABOUT_THE_RATING.items():
        pd.testing.assert_frame_equal(predict(unrated.assign(**{name: value}), small), expected)
    for rubbish in ({"rating": "yes"}, {"rating": 3, "passes": 0}, {"score": 99}):
        pd.testing.assert_frame_equal(predict(unrated.assign(**rubbish), small), expected)
    used = set(sum(BLOCKS.values(), ()))
    assert not used & set(ABOUT_THE_RATING) and not any(re.search("dubious|bechdel|score_2023", name) for name in used)


@pytest.mark.parametrize(
    "columns",
    [
        {"director_gender": [1, 2, 2]},
        {"lead_gender": [2, 1, 0]},
        {"runtime (h)": [2.25, 1.5, 2]},
        {"budget (millions)": [12.5, 100, 3]},
        {"Director (codes)": [1, 2, 0], "gender of the director": [2, 2, 1]},
    ],
)
def test_what_a_header_says_of_its_values_counts(columns, model):
    """Codes and units are in the names that a table came with, which the front door has to see."""
    table = pd.DataFrame({"year": [1990] * 3, "score": [3, 0, 1], **columns})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FilmsWarning)
        read = standardise(table)
        pd.testing.assert_frame_equal(
            predict_bechdel(table, proba=True, model=model), predict_bechdel(read, proba=True, model=model)
        )


def test_what_is_about_the_rating_never_changes_a_fit(few, small):
    leaky = few.assign(dubious=few["rating"] == 3, score_2023=few["rating"], bechdel_id=few.index)
    fitted = fit_model(leaky)
    assert fitted.columns == small.columns
    np.testing.assert_array_equal(fitted.predict_proba(few), small.predict_proba(few))


def test_films_are_not_modified(films, few, small):
    before = films.copy()
    predict(films, small)
    fit_model(few)
    pd.testing.assert_frame_equal(films, before)
    pd.testing.assert_frame_equal(few, before.drop(columns=["genres", "overview"]))


def test_the_score_is_the_most_probable_one_not_the_rounded_expectation(films, model):
    probabilities, scores = predict(films, model), predict(films, model, proba=False)
    rounded = (probabilities[SCORES] @ np.arange(4)).round().astype(int)
    differ = scores != rounded
    assert differ.sum() > 20
    assert (scores[differ] == films["rating"][differ]).mean() > (rounded[differ] == films["rating"][differ]).mean()


def test_the_truth_is_found(films, model):
    probabilities = predict(films, model)
    assert np.corrcoef(probabilities["passes"], films["cast_female_share"])[0, 1] > 0.8
    one = films.iloc[[0]].drop(columns=["cast_women", "cast_men"]).assign(cast_female_share=0.4)
    drama, war, horror = (predict(one.assign(genres=g), model)["passes"].item() for g in ("Drama", "War", "Horror"))
    assert war < drama < horror


def test_probabilities_mean_what_they_say(films):
    many = pd.concat([films.drop(columns=["overview", "imdb_rating", "imdb_votes"])] * 8)
    probability, passes = predict(many, fit_model(many))["passes"], many["rating"] == 3
    assert probability.mean() == pytest.approx(passes.mean(), abs=0.005)
    for third in (probability < 0.4, probability.between(0.4, 0.6), probability > 0.6):
        assert passes[third].mean() == pytest.approx(probability[third].mean(), abs=0.06)


# ---- what comes in


@pytest.mark.parametrize(
    "value", [lambda films: films["year"], lambda films: [1999, 2000], lambda films: {"year": [1]}]
)
def test_only_tables(films, model, value):
    with pytest.raises(TypeError, match="films must be a pandas DataFrame; got (Series|list|dict)"):
        predict_bechdel(value(films), model=model)


@pytest.mark.filterwarnings("ignore:predicted without")
@pytest.mark.parametrize(
    "table",
    {
        "credits of TMDB": {
            "id": [1, 2],
            "original_title": ["A", "B"],
            "release_date": ["1999-01-02", "2001-03-04"],
            "credits": [{"cast": [{"id": 5, "gender": 1, "name": "x"}]}, {"cast": [{"id": 5, "gender": 2}]}],
        },
        "genres of TMDB": {"original_title": ["A", "B"], "genre_ids": ["[18, 10749]", "[10752]"]},
        "genres in columns": {"year": [1999, 2001], "genre1": ["Drama", "War"], "genre2": ["Romance", None]},
        "flags of genres": {"year": [1999, 2001], "genre_Drama": [1, 0], "genre_War": [0, 1]},
        "years in titles": {"title": ["A (1999)", "B (1950)"]},
    }.items(),
    ids=lambda item: item[0],
)
def test_a_table_is_opened_as_read_films_opens_it(table):
    films = pd.DataFrame(table[1], index=["b", "a"])
    found = predict_bechdel(films, proba=True)
    assert found.index.tolist() == ["b", "a"]
    assert found["passes"].nunique() == 2  # nothing known would be one probability
    read = predict_bechdel(read_films(films).table, proba=True)
    assert np.array_equal(found.to_numpy(), read.to_numpy())


@pytest.mark.parametrize("levels", [["year"], ["title", "year"]])
def test_what_the_index_says_of_films_counts(films, small, levels):
    indexed = films.set_index(levels)
    predicted = predict(indexed, small)
    np.testing.assert_array_equal(predicted, predict(films, small))
    assert predicted.index.equals(indexed.index) and list(predicted.index.names) == levels


def test_a_table_of_people_is_not_opened_as_films():
    people = pd.DataFrame({"id": [1, 1], "gender": [1, 2], "credit_id": ["p", "q"], "character": ["A", "B"]})
    assert opened(people) is people
    for names in (["genre1", "genre1"], pd.MultiIndex.from_tuples([("film", "year"), ("film", "genre1")])):
        table = pd.DataFrame([[1, 2]], columns=names)
        assert opened(table) is table


def test_missing_columns_are_said_once_from_the_line_of_the_user(films, small):
    with pytest.warns(FilmsWarning) as caught:
        predict_bechdel(films, model=small)
    assert len(caught) == 1 and caught[0].filename == __file__
    text = str(caught[0].message)
    assert text.startswith("predicted without lead_female, named_women, named_men,") and "metascore" in text
    assert "year" not in text and "mpaa" not in text  # what is there, and what no model uses
    assert missing_columns(films.assign(overview=None, score=1))[-1] == "revenue"
    assert "overview" in missing_columns(films.assign(overview=None))


@pytest.mark.parametrize(
    "column, values, usable, message",
    [
        ("runtime", ["100", "long", "90"], [100, None, 90], "runtime: 1 of 3 values cannot be used .first: 'long'"),
        (
            "cast_female_share",
            [45, 0.3, 0.2],
            [None, 0.3, 0.2],
            "cast_female_share: 1 of 3 .*allowed: 0 to 1, or 0 % to 100 %",
        ),
        ("year", [1999, 20, 2001], [1999, None, 2001], "year: 1 of 3 values cannot be used .first: 20"),
        (
            "genres",
            ["War", "Drama|Mumblecore", None],
            ["War", "Drama", None],
            "genres: 1 unknown name .*: Mumblecore .1.",
        ),
    ],
)
def test_values_that_cannot_be_used_are_named_and_count_as_missing(films, model, column, values, usable, message):
    three = films.head(3)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = predict_bechdel(three.assign(**{column: values}), True, model)
    assert {warning.category for warning in caught} == {FilmsWarning}
    assert any(re.search(message, str(warning.message)) for warning in caught)
    np.testing.assert_array_equal(found, predict(three.assign(**{column: usable}), model))


def test_a_column_in_per_cent_is_read_as_such(films, model):
    three = films.head(3)
    with pytest.warns(FilmsWarning, match="column cast_female_share: most values are above 1 and are read as per cent"):
        found = predict(three.assign(cast_female_share=[45, 30, 20]), model)
    np.testing.assert_array_equal(found, predict(three.assign(cast_female_share=[0.45, 0.3, 0.2]), model))


def test_numbers_as_text_and_other_names_are_the_same_films(films, small):
    texts = films.assign(year=films["year"].astype(str), runtime=films["runtime"].astype(str) + " ")
    texts = texts.rename(
        columns={"country": "country_main", "language": "original_language", "cast_women": "cast_female_tmdb"}
    )
    np.testing.assert_array_equal(predict(texts, small), predict(films, small))


# ---- fitting


@pytest.mark.parametrize("column", ["budget", "year", "runtime", "genres", "language", "crew_female_share", "overview"])
def test_a_model_is_fitted_to_whatever_columns_there_are(films, few, column):
    films = few.assign(**{column: films[column]}).drop(columns=["imdb_rating", "imdb_votes"])
    model = fit_model(films.drop(columns=column))
    with_it, without_it = predict(films, model), predict(films.drop(columns=column), model)
    np.testing.assert_array_equal(with_it, without_it)
    assert np.corrcoef(with_it["passes"], films["cast_female_share"])[0, 1] > 0.6


def test_unrated_films_are_left_out(few, small):
    more = pd.concat([few, few.head(50).assign(rating=np.nan, year=1900)])
    np.testing.assert_array_equal(fit_model(more).predict_proba(few), small.predict_proba(few))


def test_a_block_known_of_too_few_films_is_not_used_and_said(films, few):
    told = few.assign(overview=films["overview"].where(films.index < 2)).drop(columns=["imdb_rating", "imdb_votes"])
    with pytest.warns(FilmsWarning, match="text known for . films, which do not cover all outcomes: too few to use"):
        model = fit_model(told)
    assert list(model.coefficients) == [("basics",), ("basics", "gender")]
    np.testing.assert_array_equal(predict(told, model), predict(told.drop(columns="overview"), model))


def test_fits_at_once_limit_threads_one_after_the_other(few, monkeypatch):
    set_to = []

    @contextmanager
    def limits(limits):
        set_to.append(limits)
        yield
        set_to.append(None)

    monkeypatch.setattr("threadpoolctl.threadpool_limits", limits)
    parts = [few.sample(120, random_state=number).drop(columns=["imdb_rating", "imdb_votes"]) for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        models = list(pool.map(fit_model, parts))
    assert set_to == [1, None] * 4
    np.testing.assert_array_equal(models[0].predict_proba(few), fit_model(parts[0]).predict_proba(few))


def test_a_column_constant_but_for_rounding_tells_nothing(few):
    model = fit_model(few.assign(crew_female_share=0.1, budget=3e7))
    one = few.iloc[[0]]
    high, low = (predict(one.assign(crew_female_share=x, budget=y), model) for x, y in ((0.9, 1e8), (0.1, 3e7)))
    assert high["passes"].item() == pytest.approx(low["passes"].item(), abs=1e-6)


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda films: films.drop(columns="rating"), "no outcome: a column rating .0-3. is needed"),
        (lambda films: films[films["rating"] == 1], "column rating holds only 1 in 165 rows"),
        (lambda films: films[films["rating"] != 2], "column rating: no film has 2; a model needs each of 0-3"),
        (lambda films: films[["rating"]], "nothing is known of these films"),
        (lambda films: films.head(0), "column rating holds no value in 0 rows"),
    ],
)
def test_films_that_cannot_be_fitted(films, change, message):
    with pytest.raises(FilmsError, match=message):
        fit_model(change(films))


@pytest.fixture(scope="module")
def binary(few):
    """A model of the same films, of which only is known whether they pass."""
    return fit_model(few.assign(passes=(few["rating"] == 3) * 1).drop(columns="rating"))


def test_pass_and_fail_give_a_logistic_regression(few, binary):
    import statsmodels.api as sm

    assert not binary.has_scores and repr(binary) == repr(binary)[:-1] + ")" and "pass or fail" in repr(binary)
    probabilities = binary.predict_proba(few)
    assert probabilities.shape == (len(few), 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    passes = (few["rating"] == 3).to_numpy()
    assert probabilities[:, 1].mean() == pytest.approx(passes.mean(), abs=0.01)
    share = sm.Logit(passes, sm.add_constant(few["cast_female_share"])).fit(disp=0).predict()
    assert np.corrcoef(share, probabilities[:, 1])[0, 1] > 0.9


def test_a_model_of_pass_and_fail_has_probabilities_but_no_scores(few, binary, tmp_path):
    found = predict(few, binary)
    assert found.columns.tolist() == ["passes"]
    with pytest.raises(FilmsError, match="fitted to pass and fail, so it has no scores 0-3. Ask for probabilities"):
        predict(few, binary, proba=False)
    binary.save(tmp_path)
    np.testing.assert_array_equal(load_model(tmp_path).predict_proba(few), binary.predict_proba(few))


def test_ratings_go_before_pass_and_fail(few, small):
    both = pd.concat([few, few.head(9).assign(rating=np.nan, passes=1)])
    np.testing.assert_array_equal(fit_model(both).predict_proba(few), small.predict_proba(few))
    with pytest.raises(FilmsError, match="column passes holds only 1 in 600 rows"):
        fit_model(few.assign(rating=np.nan, passes=1))


def test_years_after_the_last_one_are_predicted_as_that_one(few, small):
    assert small.last_year == few["year"].max() == 2019
    in_2019, in_2030, in_2018 = (small.predict_proba(few.assign(year=year)) for year in (2019, 2030, 2018))
    np.testing.assert_array_equal(in_2030, in_2019)
    assert np.abs(in_2018 - in_2019).max() > 1e-6
    assert fit_model(few.drop(columns="year")).last_year == np.inf


def test_the_title_tells_where_nothing_else_does(rng):
    titles = np.array(["Two Sisters", "The Cowboy", "Stones"])[rng.integers(0, 3, 600)]
    share = pd.Series(titles).map({"Two Sisters": 0.9, "The Cowboy": 0.2, "Stones": 0.5})
    passes = (rng.random(600) < share) * 1
    model = fit_model(pd.DataFrame({"title": titles, "passes": passes}))
    assert set(model.columns) == {"title_woman", "title_man"}
    found = predict(pd.DataFrame({"title": ["Anna", "Robert", "Stones"]}), model)["passes"]
    assert found.tolist() == pytest.approx([0.9, 0.2, 0.5], abs=0.2)  # shrunk by the penalty
    assert found[0] > 0.7 and found[1] < 0.4


# ---- files


def test_a_model_survives_saving_and_is_the_same_bytes_twice(films, few, model, small, tmp_path):
    card = {"source": "made up", "licence": "none"}
    fit_model(few, card).save(tmp_path / "one")
    replace(small, card=card).save(tmp_path / "other")  # fitted to the same films before
    for file in (COEFFICIENTS, CARD):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()
    loaded = load_model(tmp_path / "one")
    np.testing.assert_array_equal(loaded.predict_proba(films), small.predict_proba(films))
    assert loaded.last_year == small.last_year == 2019
    assert loaded.card["source"] == "made up" and repr(loaded) == repr(small)
    assert repr(model) == "BechdelModel(55 columns, 8 combinations of blocks)"
    assert not any(title in (tmp_path / "one" / CARD).read_text() for title in films["title"])
    loaded.save(tmp_path / "again")
    assert (tmp_path / "again" / COEFFICIENTS).read_bytes() == (tmp_path / "one" / COEFFICIENTS).read_bytes()


def test_a_model_fitted_anew_is_read_anew(small, tmp_path):
    for name in ("first", "second"):
        replace(small, card={"source": name}).save(tmp_path)
        assert load_model(tmp_path).card["source"] == name
    assert load_model() is load_model()


def write_model(folder, content, card):
    folder.mkdir(exist_ok=True)
    (folder / COEFFICIENTS).write_bytes(content)
    (folder / CARD).write_text(json.dumps(card | {"sha256": hashlib.sha256(content).hexdigest()}))


class Bomb:
    def __reduce__(self):
        return print, ("a model ran code",)


@pytest.mark.parametrize(
    "damage", ["flipped", "other", "no card", "no folder", "pickle", "empty", "text", "list", "columns"]
)
def test_damaged_models_are_refused_and_run_nothing(model, small, tmp_path, damage, capsys):
    folder = tmp_path / damage
    if damage != "no folder":
        model.save(folder)
        card, content = json.loads((folder / CARD).read_text()), (folder / COEFFICIENTS).read_bytes()
    if damage == "flipped":
        (folder / COEFFICIENTS).write_bytes(content[:999] + bytes([content[999] ^ 1]) + content[1000:])
    elif damage == "other":  # can be read, but is not the one of the card
        small.save(folder)
        (folder / CARD).write_text(json.dumps(card))
    elif damage == "no card":
        (folder / CARD).unlink()
    elif damage == "pickle":
        buffer = io.BytesIO()
        np.savez(buffer, mean=np.array([Bomb()], dtype=object), covariance=np.eye(1))
        write_model(folder, buffer.getvalue(), card)
    elif damage in ("empty", "text"):
        write_model(folder, b"" if damage == "empty" else b"PK\x03\x04 no zip", card)
    elif damage == "list":
        (folder / CARD).write_text("[]")
    elif damage == "columns":
        write_model(folder, content, card | {"columns": ["rating"] * len(card["columns"])})
    with pytest.raises(FilmsError, match="not a model that can be used: .* Fit one with `bechdel-stats fit`"):
        load_model(folder)
    assert capsys.readouterr().out == ""


def saved(model, folder, change, **card):
    """A model with other arrays, and the right checksum in its card, as somebody clever would write it."""
    arrays = {"mean": model.normal.mean, "covariance": model.normal.covariance}
    arrays |= {"_".join(blocks): values for blocks, values in model.coefficients.items()}
    change(arrays)
    write_archive(folder / COEFFICIENTS, arrays, {"columns": list(model.columns)} | card)
    return folder


def with_variance(arrays, row, column, factor):
    arrays["covariance"] = arrays["covariance"].copy()
    arrays["covariance"][row, column] *= factor


@pytest.mark.parametrize(
    "change, reason",
    [
        (lambda arrays: arrays.pop("mean"), "mean is missing"),
        (lambda arrays: arrays.pop("covariance"), "covariance is missing"),
        (lambda arrays: arrays.pop("basics"), "basics is missing"),
        (
            lambda arrays: arrays.update(basics=arrays["basics"][:, :1]),
            r"basics has shape \(26, 1\); .* need \(26, 4\)",
        ),
        (lambda arrays: arrays.update(basics=arrays["basics"][:-1]), r"basics has shape \(25, 4\); .* need \(26, 4\)"),
        (lambda arrays: arrays.update(basics=arrays["basics"].T), r"basics has shape \(4, 26\)"),
        (lambda arrays: arrays.update(mean=arrays["mean"][:-3]), r"mean has shape \(25,\); its columns need \(28,\)"),
        (lambda arrays: arrays.update(covariance=arrays["covariance"][:-1]), r"covariance has shape \(27, 28\)"),
        (lambda arrays: arrays.update(basics_music=arrays["basics"]), "'basics_music' is no combination of blocks"),
        (lambda arrays: arrays.update(gender_basics=arrays["basics"]), "'gender_basics' is no combination of blocks"),
        (lambda arrays: arrays.update(basics_text=arrays["basics"]), "basics_text has no column of text"),
        (lambda arrays: arrays.update(basics=arrays["basics"] * np.nan), "basics must be finite"),
        (lambda arrays: arrays.update(basics=arrays["basics"] + 1.1e9), "basics has values up to 1e.09; at most 1e.09"),
        (lambda arrays: arrays.update(basics=np.full(arrays["basics"].shape, "a")), "basics must be finite float16"),
        (
            lambda arrays: arrays.update(basics=arrays["basics"].astype(int)),
            "basics must be finite float16 or float32 or float64",
        ),
        (lambda arrays: arrays.update(last_year=np.array(1869.0)), "last_year is 1869, which is no year of a film"),
        (lambda arrays: arrays.update(last_year=np.array([2020.0])), r"last_year has shape \(1,\)"),
        (lambda arrays: arrays.update(covariance=-arrays["covariance"]), "covariance is not symmetric and positive"),
        (lambda arrays: with_variance(arrays, 2, 2, 1e-3), "covariance is not symmetric and positive semi-definite"),
        (lambda arrays: with_variance(arrays, 2, 3, 2), "covariance is not symmetric and positive semi-definite"),
    ],
)
def test_altered_arrays_are_refused(small, tmp_path, change, reason):
    with pytest.raises(FilmsError, match=f"not a model that can be used: .*{reason}.*[.] Fit one with") as refused:
        load_model(saved(small, tmp_path / "model", change))
    assert "\n" not in str(refused.value) and ".. " not in str(refused.value)


@pytest.mark.parametrize(
    "columns",
    [None, 5, "year", {"year": 1}, [], [[]], 7 * ["year"], ["year", "rating"], ["runtime", "year"], 100_000 * [0]],
    ids="none number text object empty nested same unknown order many".split(),
)
def test_altered_columns_are_refused(small, tmp_path, columns):
    with pytest.raises(
        FilmsError, match="not a model that can be used: (its columns are not those|it has no column of)"
    ):
        load_model(saved(small, tmp_path / "model", lambda arrays: None, columns=columns))


def test_a_model_without_basics_is_refused(small, tmp_path):
    with pytest.raises(FilmsError, match="it has no column of the basics, and could not predict every film"):
        load_model(saved(small, tmp_path / "model", lambda arrays: None, columns=["lead_female"]))


def test_the_order_of_the_arrays_does_not_change_a_prediction(films, small, tmp_path):
    def reverse(arrays):
        for name in list(arrays)[::-1]:
            arrays[name] = arrays.pop(name)

    loaded = load_model(saved(small, tmp_path / "model", reverse))
    assert list(loaded.coefficients) == list(small.coefficients)
    np.testing.assert_array_equal(loaded.predict_proba(films), small.predict_proba(films))


def test_constant_columns_do_not_make_a_model_unusable(few, tmp_path):
    constant = few.assign(language="fr", budget=3e7, crew_female_share=0.1)
    fit_model(constant).save(tmp_path / "model")
    assert np.diag(load_model(tmp_path / "model").normal.covariance).min() == 0


# ---- the model that ships


def test_the_shipped_model_knows_the_direction_and_holds_no_films():
    films = pd.DataFrame(
        {
            "year": [1955, 2019],
            "genres": ["Western", "Drama|Romance"],
            "cast_women": [1, 9],
            "cast_men": [12, 6],
            "cast_female_share": [0.08, 0.6],
        }
    )
    passes = predict(films, None)["passes"]
    assert passes[0] < 0.3 < 0.7 < passes[1]
    model = load_model()
    assert model.card["columns"] == list(model.columns) and len(model.coefficients) == 8
    assert set(model.columns) <= set(sum(BLOCKS.values(), ()))


def test_the_shipped_model_predicts_the_made_up_films(films):
    found = predict(films, None)
    assert found.index.equals(films.index) and found.notna().all().all()
    assert np.corrcoef(found["passes"], films["cast_female_share"])[0, 1] > 0.7
