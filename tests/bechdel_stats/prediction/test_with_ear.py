import json

import numpy as np
import pandas as pd
import pytest

import bechdel_stats.prediction.metrics as metrics
from bechdel_stats.prediction.evaluation import without
from bechdel_stats.prediction.explanation import explain
from bechdel_stats.prediction.model import fit_model, load_model
from bechdel_stats.prediction.with_ear import LEAST, compare_with_ear, enough_heard
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import FilmsError

EAR = ["ear_two_women", "ear_women_talk", "ear_female_share"]


def invented(n_films, n_heard, slope, *, seed=1):
    """Films with pass and fail: the log odds are 4 (share of women in the cast - 0.4) + slope * log odds by ear."""
    rng = np.random.default_rng(seed)
    cast, by_ear = rng.uniform(0, 0.8, n_films), rng.normal(0, 2, n_films).clip(-4, 4)
    passes = rng.random(n_films) < 1 / (1 + np.exp(-(4 * (cast - 0.4) + slope * by_ear)))
    talk = np.where(np.arange(n_films) < n_heard, 1 / (1 + np.exp(-by_ear)), np.nan)
    films = pd.DataFrame({"title": [f"Film {n}" for n in range(n_films)], "year": rng.integers(1950, 2020, n_films)})
    films = films.assign(cast_female_share=cast, passes=passes * 1.0)
    return films.assign(ear_two_women=(talk + 0.1).clip(0, 1), ear_women_talk=talk, ear_female_share=0.3 + talk / 5)


@pytest.fixture(scope="module", autouse=True)
def few_draws():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(metrics, "N_BOOTSTRAP", 60)
        yield


@pytest.fixture(scope="module")
def films():
    return invented(900, 160, 1.0)


@pytest.fixture(scope="module")
def model(films):
    return fit_model(films)


def test_films_without_a_recording_are_predicted_as_if_nothing_had_been_heard_of_any(films, model):
    unaware = fit_model(films.drop(columns=EAR))
    assert model.uses_ear and not unaware.uses_ear
    np.testing.assert_allclose(model.predict_proba(films[160:]), unaware.predict_proba(films[160:]), atol=1e-12)
    np.testing.assert_allclose(
        model.predict_proba(without(films, "ear")), unaware.predict_proba(films), rtol=0, atol=1e-12
    )
    assert list(model.coefficients) == [
        *[("basics",), ("basics", "ear"), ("basics", "gender"), ("basics", "gender", "ear")]
    ]


def test_what_is_heard_of_a_few_films_is_found_on_top_of_all_others(films, model):
    """Three columns that say nearly the same here share the slope that made the films."""
    low, high = (
        model.predict_proba(films[:1].assign(ear_two_women=p, ear_women_talk=p - 0.1, ear_female_share=0.28 + p / 5))
        for p in (0.3, 0.9)
    )
    logits = [np.log(p[0, 1] / p[0, 0]) for p in (low, high)]
    expected = np.log(0.8 / 0.2) - np.log(0.2 / 0.8)
    assert logits[1] - logits[0] == pytest.approx(expected, rel=0.3)


def test_what_is_not_known_of_a_recording_is_expected_from_the_other_recordings(films, model):
    means = dict(zip(model.columns, model.normal.mean))
    assert means["year"] == pytest.approx(films["year"].mean())
    assert means["heard_female_10"] == pytest.approx(10 * films["ear_female_share"].mean())


def test_a_probability_beyond_99_to_1_says_no_more(model, films):
    certain, nearly = (model.predict_proba(films[:1].assign(ear_women_talk=p)) for p in (1.0, 0.99))
    np.testing.assert_allclose(certain, nearly, atol=1e-12)


def test_a_recording_without_speech_has_no_share_and_is_predicted(model, films):
    silent = films[:3].assign(ear_female_share=np.nan, ear_two_women=0.01, ear_women_talk=0.01)
    probabilities = model.predict_proba(silent)
    assert np.isfinite(probabilities).all()
    assert (probabilities[:, 1] < model.predict_proba(without(silent, "ear"))[:, 1]).all()


def test_models_with_the_ear_are_loaded_as_they_were_saved_and_explain_it(films, model, tmp_path):
    model.save(tmp_path)
    loaded = load_model(tmp_path)
    assert loaded.uses_ear
    np.testing.assert_allclose(loaded.predict_proba(films), model.predict_proba(films), rtol=0, atol=1e-12)
    table = explain(films[:1], loaded).table.set_index("variable")
    assert table.loc["what is heard", "block"] == "ear" and table.loc["what is heard", "log_odds"] != 0


def test_a_model_whose_columns_do_not_fit_the_ear_is_refused(model, tmp_path):
    model.save(tmp_path)
    card = json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))
    card["columns"].remove("log_odds_women_talk")
    (tmp_path / "card.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(FilmsError, match="mean has shape"):
        load_model(tmp_path)


def test_scores_are_fitted_with_the_ear_too(films):
    rated = films.assign(rating=np.where(films["passes"] == 1, 3, np.arange(900) % 3)).drop(columns="passes")
    probabilities = fit_model(rated).predict_proba(rated)
    assert probabilities.shape == (900, 4) and np.allclose(probabilities.sum(axis=1), 1)
    heard, passes = probabilities[:160, 3], films["passes"][:160] == 1
    assert heard[passes].mean() - heard[~passes].mean() > 0.3


def test_too_few_recordings_are_told_and_nothing_is_fitted_with_them(films):
    few = films.assign(**{name: films[name].where(films.index < 12) for name in EAR})
    n_pass = int(films["passes"][:12].sum())
    needed = "What is heard is not fitted: recordings of 15 films that pass and of 15 that fail are needed; there are"
    with pytest.warns(match=f"{needed} {n_pass} and {12 - n_pass}."):
        model = fit_model(few)
    assert not model.uses_ear
    with pytest.warns(match="What is heard is not fitted: recordings of 19 films that pass and of 19 that fail are ne"):
        assert not set(EAR) & set(enough_heard(few))


def test_the_least_number_is_five_events_for_each_column_in_four_fifths_of_the_films(films):
    assert LEAST == 19 and (LEAST - 1) * 4 / 5 < 15 <= LEAST * 4 / 5
    passing, failing = (films.index[:160][films["passes"][:160] == value] for value in (1, 0))
    for n, enough in ((19, True), (18, False)):
        kept = films.index.isin([*passing[:n], *failing[:40]])
        part = films.assign(**{name: films[name].where(kept) for name in EAR})
        if enough:
            assert set(EAR) <= set(enough_heard(part))
        else:
            with pytest.warns(match="; there are 18 and 40."):
                enough_heard(part)
            with pytest.raises(FilmsError, match="there are 18 and 40"):
                compare_with_ear(part)


def test_the_comparison_finds_an_ear_that_helps(films):
    result = compare_with_ear(films)
    assert (result.n_films, result.n_pass, result.n_others) == (160, int(films["passes"][:160].sum()), 740)
    table = result.table.set_index("metric")
    assert table.index.tolist() == ["auc", "brier", "log_loss", "accuracy"]
    assert table.loc["auc", "difference"] > 0.08 and table.loc["log_loss", "ci_high"] < 0
    np.testing.assert_allclose(table["difference"], table["with_ear"] - table["without_ear"])
    assert (table["ci_low"] < table["difference"]).all() and (table["difference"] < table["ci_high"]).all()
    assert result.verdict.code == "ear_better"
    assert repr(compare_with_ear(films)) == repr(result)  # the same films, the same figures
    assert result.protocol == "5-fold cross-validation, stratified by passing, seed 0"
    assert result.figures[0] == f"160 films with a recording ({result.n_pass} pass), unseen, {result.protocol}"
    lines = str(result.summary()).splitlines()
    assert lines[:3] == [
        "Predictions without and with what is heard",
        "films with a recording  160",
        f"of these pass           {result.n_pass}",
    ]
    assert lines[5].split() == ["metric", "without_ear", "with_ear", "difference"]
    assert lines[-1] == "With what is heard these films are predicted better (log_loss)."
    assert Words("fr").message(result.verdict) == "Avec ce qui s'entend, ces films sont mieux prédits (log_loss)."


def test_no_film_is_predicted_by_a_model_that_has_seen_it(films, monkeypatch):
    fitted, predicted = [], []

    class Recorded:
        """It remembers the films that it is fitted to and asked for."""

        def __init__(self, films):
            fitted.append(set(films["title"]))

        def predict_proba(self, films):
            predicted.append((set(films["title"]), "ear_women_talk" in films))
            return np.full((len(films), 2), 0.5)

    monkeypatch.setattr("bechdel_stats.prediction.with_ear.fit_model", Recorded)
    compare_with_ear(films)
    assert len(fitted) == 5 and [aware for _, aware in predicted] == [False, True] * 5
    for seen, (unaware, _), (aware, _) in zip(fitted, predicted[::2], predicted[1::2]):
        assert unaware == aware and not seen & aware
        assert set(films["title"][160:]) <= seen and len(seen) + len(aware) == 900


def test_the_comparison_does_not_find_what_is_not_there():
    result = compare_with_ear(invented(400, 100, 0.0, seed=5))
    assert result.verdict.code == "ear_unsettled"


def test_shuffled_recordings_do_not_help(films):
    """Heard of other films: what remains is noise, of which nothing may be learnt from the films that are tested."""
    heard = films[:160]
    order = np.random.default_rng(0).permutation(160)
    wrong = films.assign(**{name: films[name].where(films.index >= 160, np.nan) for name in EAR})
    wrong.loc[:159, EAR] = heard[EAR].to_numpy()[order]
    assert compare_with_ear(wrong).table.set_index("metric").loc["auc", "difference"] < 0.05
