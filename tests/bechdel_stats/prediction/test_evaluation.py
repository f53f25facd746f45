import numpy as np
import pandas as pd
import pytest

import bechdel_stats.prediction.metrics as metrics
from bechdel_stats.data.schema import standardise
from bechdel_stats.prediction.evaluation import (
    calibration_curve,
    calibration_line,
    cross_validate,
    evaluate,
    fit_trees,
    folds,
    without,
)
from bechdel_stats.words.messages import FilmsError, FilmsWarning


@pytest.fixture(scope="module", autouse=True)
def few_draws():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(metrics, "N_BOOTSTRAP", 3)
        yield


@pytest.fixture(scope="module")
def bare(films):
    """Films with few columns: quick to fit."""
    return standardise(films[["title", "rating", "year", "runtime", "cast_female_share", "director_female_share"]])


@pytest.fixture(scope="module")
def halves(bare):
    """Each half of them predicted by a model of the other."""
    return cross_validate(bare, n_folds=2)


def certain(scores, p=0.7):
    """Probabilities that give each of these scores `p`, the others the rest in equal parts."""
    probabilities = np.full((len(scores), 4), (1 - p) / 3)
    probabilities[np.arange(len(scores)), scores] = p
    return probabilities


def values(result):
    return dict(zip(result.table["metric"], result.table["value"]))


class Base:
    """Fits the share of each rating; remembers what it saw."""

    seen = []

    def __init__(self, films):
        self.shares = np.bincount(films["rating"].astype(int), minlength=4) / len(films)
        self.train = set(films["title"])

    def predict_proba(self, films):
        Base.seen.append((self.train, films))
        return np.tile(self.shares, (len(films), 1))


@pytest.fixture
def seen(monkeypatch):
    monkeypatch.setattr(Base, "seen", [])
    return Base.seen


def test_metrics_by_hand():
    rating, scores = [0, 1, 3, 3, 2, 3], [0, 3, 3, 1, 1, 3]
    found = values(evaluate(rating, certain(scores)))
    # passing: .1 .7 .7 .1 .1 .7 against 0 0 1 1 0 1; of 9 pairs 4 are right, 4 are ties, 1 is wrong
    assert found["auc"] == pytest.approx((4 + 4 / 2) / 9)
    assert found["brier"] == pytest.approx((2 * 0.01 + 0.49 + 2 * 0.09 + 0.81) / 6)
    assert found["log_loss"] == pytest.approx(-(2 * np.log(0.9) + np.log(0.3) + 2 * np.log(0.7) + np.log(0.1)) / 6)
    assert found["accuracy"] == pytest.approx(4 / 6) and found["score_accuracy"] == 0.5
    # F1 of 0: 1, of 1 and 2: 0, of 3: 2 right of 3 said and 3 true
    assert found["macro_f1"] == pytest.approx((1 + 0 + 0 + 2 / 3) / 4)
    # squared distances: 4 + 4 + 1; by chance: mean over all 36 pairs, times 6
    chance = np.mean([(a - b) ** 2 for a in rating for b in scores]) * 6
    assert found["qwk"] == pytest.approx(1 - 9 / chance)


def test_perfect_predictions():
    result = evaluate([0, 1, 2, 3] * 5, certain([0, 1, 2, 3] * 5, 1.0))
    assert values(result) == pytest.approx(
        {"auc": 1, "brier": 0, "log_loss": 0, "accuracy": 1, "score_accuracy": 1, "macro_f1": 1, "qwk": 1}
    )
    assert result.ece == 0 and np.isnan([result.slope, result.intercept]).all()  # no line has a finite slope


def test_the_same_prediction_for_all():
    result = evaluate([0, 1, 2, 3] * 5, np.tile([0.1, 0.2, 0.3, 0.4], (20, 1)))
    found = values(result)
    assert (found["auc"], found["qwk"], found["score_accuracy"]) == (0.5, 0, 0.25)
    assert found["brier"] == pytest.approx((5 * 0.36 + 15 * 0.16) / 20)
    assert np.isnan([result.slope, result.intercept]).all()


def test_calibration_of_honest_and_of_boastful_probabilities(rng):
    logit = rng.normal(0, 1.5, 40_000)
    passes = rng.random(len(logit)) < 1 / (1 + np.exp(-logit))
    assert calibration_line(passes, 1 / (1 + np.exp(-logit))) == pytest.approx((1, 0), abs=0.04)
    assert calibration_line(passes, 1 / (1 + np.exp(-2 * logit))) == pytest.approx((0.5, 0), abs=0.04)
    assert calibration_line(passes, 1 / (1 + np.exp(-logit - 1))) == pytest.approx((1, -1), abs=0.04)
    curve = calibration_curve(passes, 1 / (1 + np.exp(-logit)))
    assert ((curve["ci_low"] <= curve["predicted"]) & (curve["predicted"] <= curve["ci_high"])).sum() >= 8
    assert curve["n_films"].tolist() == [4000] * 10


def test_calibration_curve_and_error_by_hand():
    probability = np.array([0.1, 0.9, 0.3, 0.7])
    curve = calibration_curve(np.array([False, True, True, False]), probability, n_bins=2)
    assert curve["predicted"].tolist() == pytest.approx([0.2, 0.8])
    assert curve["pass_rate"].tolist() == [0.5, 0.5] and curve["n_films"].tolist() == [2, 2]
    probabilities = np.column_stack([1 - probability, 0 * probability, 0 * probability, probability])
    # one film per bin: |.1 - 0| + |.9 - 1| + |.3 - 1| + |.7 - 0|, over 4
    assert evaluate([0, 3, 3, 0], probabilities).ece == pytest.approx((0.1 + 0.1 + 0.7 + 0.7) / 4)


def test_intervals_hold_the_value_and_shrink_with_films(rng, monkeypatch):
    monkeypatch.setattr(metrics, "N_BOOTSTRAP", 25)
    rating = rng.integers(0, 4, 1000)
    probabilities = certain(np.where(rng.random(1000) < 0.5, rating, rng.integers(0, 4, 1000)))
    few, many = evaluate(rating[:100], probabilities[:100]).table, evaluate(rating, probabilities).table
    for table in (few, many):
        assert ((table["ci_low"] <= table["value"]) & (table["value"] <= table["ci_high"])).all()
    widths = (many["ci_high"] - many["ci_low"]) / (few["ci_high"] - few["ci_low"])
    assert 0.15 < widths.median() < 0.6  # a third: ten times the films


def test_summary_prints_exactly_this():
    result = evaluate([0, 1, 2, 3] * 5, np.tile([0.1, 0.2, 0.3, 0.4], (20, 1)), protocol="by hand")
    lines = [line.rstrip() for line in str(result.summary()).splitlines()]
    assert lines[:7] == [
        "Predictions of unseen films",
        "films                  20",
        "protocol               by hand",
        "calibration slope",
        "calibration intercept",
        "calibration error      0.25",  # bins of two: .4 from a pass rate of 0 or .1 from one of a half
        "metric          value  ci_low  ci_high",
    ]
    assert lines[7] == "auc             0.500   0.500    0.500"
    assert repr(result) == "Evaluation(20 films, AUC 0.500, by hand)"


@pytest.mark.parametrize(
    "rating, probabilities, error, message",
    [
        ([0, 3], np.full((3, 4), 0.25), ValueError, r"2 ratings need probabilities of shape \(2, 4\); got \(3, 4\)"),
        ([0, 3], np.full((2, 3), 1 / 3), ValueError, r"got \(2, 3\)"),
        ([0, 3], np.full((2, 2), 0.5), ValueError, "outcomes must be 0 or 1. Leave films out that have none"),
        ([0, 3], np.full(2, 0.5), ValueError, r"got \(2,\)"),
        (
            [0, np.nan],
            np.full((2, 4), 0.25),
            ValueError,
            "ratings must be 0, 1, 2 or 3. Leave films out that have none",
        ),
        ([0, 4], np.full((2, 4), 0.25), ValueError, "ratings must be 0, 1, 2 or 3"),
        ([0, 3], np.full((2, 4), 0.5), ValueError, "must not be negative and must sum to 1"),
        ([0, 3], np.full((2, 4), np.nan), ValueError, "must not be negative and must sum to 1"),
        ([3, 3], np.full((2, 4), 0.25), FilmsError, "all films pass, or none"),
        ([0, 2], np.full((2, 4), 0.25), FilmsError, "all films pass, or none"),
    ],
)
def test_rubbish_predictions(rating, probabilities, error, message):
    with pytest.raises(error, match=message):
        evaluate(rating, probabilities)


# ---- unseen films


def test_no_film_is_fitted_and_predicted(films, seen):
    result = cross_validate(films, fit=Base)
    assert len(seen) == 5 and len(result.rating) == len(films)
    assert not any(train & set(test["title"]) for train, test in seen)
    assert sorted(title for _, test in seen for title in test["title"]) == sorted(films["title"])
    shares = [(test["rating"] == 3).mean() for _, test in seen]
    assert max(shares) - min(shares) < 0.02  # stratified
    assert values(result)["auc"] == pytest.approx(0.5, abs=0.03)


def test_groups_are_never_split(films, seen):
    holed = films.assign(series=np.where(films.index % 9 == 0, None, (films.index % 40).astype(str)))
    result = cross_validate(holed, fit=Base, groups="series")
    assert len(result.rating) == len(films) and result.protocol.endswith("grouped by series, seed 0")
    where = pd.Series({title: fold for fold, (_, test) in enumerate(seen) for title in test["title"]})
    assert where[holed["title"]].groupby(holed["series"].fillna("none").to_numpy()).nunique().eq(1).all()


def test_until_respects_time(films, seen):
    result = cross_validate(films, fit=Base, until=2000)
    ((train, test),) = seen
    assert test["year"].min() == 2001 and films.set_index("title")["year"][list(train)].max() == 2000
    assert len(result.rating) + len(train) == len(films) and result.protocol == "fitted to 2000 and before"
    with pytest.warns(FilmsWarning, match="until=2000: 100 films without a year are left out"):
        assert len(
            cross_validate(films.assign(year=films["year"].where(films.index >= 100)), fit=Base, until=2000).rating
        ) < len(result.rating)


def test_unrated_films_are_left_out(films, seen):
    result = cross_validate(films.assign(rating=films["rating"].where(films.index >= 60)), fit=Base)
    assert len(result.rating) == 540


def test_same_seed_same_bytes_and_another_seed_other_folds(bare, halves):
    one, other, third = halves, *(cross_validate(bare, n_folds=2, seed=seed) for seed in (0, 1))
    assert one.probabilities.tobytes() == other.probabilities.tobytes() != third.probabilities.tobytes()
    assert str(one.summary()) == str(other.summary())


def test_the_truth_is_predicted_and_a_shuffled_outcome_is_not(bare, halves):
    assert values(halves)["auc"] > 0.7
    shuffled = [
        values(cross_validate(bare.assign(rating=order, passes=(order == 3).astype(float)), n_folds=2))["auc"]
        for order in (np.random.default_rng(seed).permutation(bare["rating"]) for seed in range(3))
    ]
    assert np.mean(shuffled) == pytest.approx(0.5, abs=0.05)


def test_what_is_about_the_rating_never_helps(bare, halves):
    leaky = bare.assign(dubious=bare["rating"] == 3, score_2023=bare["rating"], bechdel_id=bare["rating"] * 100 + 1)
    assert cross_validate(leaky, n_folds=2).probabilities.tobytes() == halves.probabilities.tobytes()


@pytest.mark.parametrize("index", [[0] * 600, pd.MultiIndex.from_arrays([[0] * 600, [1] * 600])], ids=["same", "multi"])
def test_the_index_does_not_matter(bare, halves, index):
    moved = cross_validate(bare.set_axis(index), n_folds=2)
    assert moved.probabilities.tobytes() == halves.probabilities.tobytes()


@pytest.mark.parametrize(
    "change, options, message",
    [
        (lambda films: films.drop(columns="rating"), {}, "a column rating .0-3. is needed"),
        (
            lambda films: films[films["rating"] < 3],
            {},
            "5 folds need 5 films that pass and 5 that fail; the rarer outcome has 0",
        ),
        (lambda films: films.head(6), {}, "5 folds need 5 films that pass and 5 that fail"),
        (lambda films: films, {"groups": "language"}, "5 folds need 5 groups; language has 3 different values"),
        (lambda films: films, {"groups": "series"}, "groups: there is no column 'series'"),
        (lambda films: films, {"until": 2030}, "until=2030: 600 films up to then and 0 after; both are needed"),
        (lambda films: films.head(0), {}, "column rating holds no value in 0 rows"),
    ],
)
def test_tables_that_cannot_be_split(films, change, options, message):
    with pytest.raises(FilmsError, match=message):
        cross_validate(change(films), fit=Base, **options)


def test_until_without_a_year(films):
    with (
        pytest.warns(FilmsWarning, match="600 films without a year"),
        pytest.raises(FilmsError, match="both are needed"),
    ):
        cross_validate(films.drop(columns="year"), fit=Base, until=2000)


def test_folds_are_those_of_cross_validate(films):
    for train, test in folds(standardise(films), n_folds=3):
        assert not set(train) & set(test) and len(train) + len(test) == len(films)


# ---- trees


def test_trees_find_the_truth_and_never_the_rating(bare):
    train, test = bare.iloc[:200], bare.iloc[200:]
    trees = fit_trees(
        train.rename(columns={"rating": "score"}).drop(columns="passes").assign(dubious=train["rating"] == 3)
    )
    probabilities = trees.predict_proba(test)
    assert probabilities.sum(axis=1) == pytest.approx(1)
    np.testing.assert_array_equal(probabilities, trees.predict_proba(test.drop(columns=["rating", "passes"])))
    assert values(evaluate(test["rating"], probabilities))["auc"] > 0.6


def test_trees_without_a_rating_or_a_column(bare):
    some = bare.head(60)
    assert (fit_trees(some[some["rating"] != 2]).predict_proba(bare)[:, 2] == 0).all()
    with pytest.raises(FilmsError, match="no column tells these 600 films apart"):
        fit_trees(bare[["rating"]].assign(year=2000))


def test_without_leaves_the_rest(films):
    left = without(films, "gender", "text")
    assert not {"cast_female_share", "cast_women", "overview"} & set(left) and {"year", "imdb_votes", "rating"} <= set(
        left
    )
    assert "cast_women" in films


def test_decades_stand_beside_the_whole(halves, bare):
    periods = halves.periods
    assert periods["n_films"].sum() == len(bare) and periods["period"].tolist()[0] == "1940s"
    assert (periods["pass_rate"] * periods["n_films"]).sum() == pytest.approx((bare["rating"] == 3).sum())
    text = str(halves.summary_by_period())
    assert text.startswith("Predictions of unseen films, by decade\nperiod  n_films  pass_rate  predicted")
    assert evaluate([0, 3, 1, 3], certain([0, 3, 1, 3])).periods.empty


def test_pass_and_fail_are_cross_validated(bare, rng):
    passes = bare.assign(passes=(bare["rating"] == 3) * 1.0).drop(columns="rating")
    passes.loc[:9, "passes"] = np.nan
    result = cross_validate(standardise(passes), n_folds=2)
    assert result.table["metric"].tolist() == ["auc", "brier", "log_loss", "accuracy"]
    assert result.probabilities.shape == (590, 2) and result.n_left_out == 10
    assert result.passes.sum() == passes["passes"].sum() and values(result)["auc"] > 0.6
    assert str(result.summary()).splitlines()[2].split() == ["left", "out", "(no", "outcome)", "10"]
    trees = cross_validate(standardise(passes), n_folds=2, fit=fit_trees)
    assert trees.probabilities.shape == (590, 2)
