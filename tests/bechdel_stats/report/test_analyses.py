from dataclasses import fields

import pandas as pd
import pytest

from bechdel_stats.attributes import ATTRIBUTES
from bechdel_stats.data.audit import VOLUNTEERS, Audit
from bechdel_stats.data.schema import checked
from bechdel_stats.data.tables import read_films
from bechdel_stats.describe.campaign import Campaign
from bechdel_stats.describe.clusters import FilmTypes
from bechdel_stats.describe.rates import PassRates
from bechdel_stats.inference.comparison import OddsPair
from bechdel_stats.inference.multiple import ImputedOddsResult
from bechdel_stats.inference.ordinal import OrdinalResult
from bechdel_stats.inference.trend import Trend
from bechdel_stats.prediction.evaluation import Evaluation, fit_trees
from bechdel_stats.prediction.importance import Dependence
from bechdel_stats.report import analyses as module
from bechdel_stats.report.analyses import DEPENDENCES, RATES, WOMEN, Analyses, Lack, analyse
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import FilmsError, Message, warn

PARTS = ["rates", "odds", "steps", "predictions", "basis", "types", "campaign"]
COMPUTED = {  # what computes each result, by the name under which `analyse` calls it
    "pass_rates", "trend", "disputed_sensitivity", "odds_with_and_without_gender", "odds_ratios", "imputed_odds_ratios",
    "ordinal_odds_ratios", "cross_validate", "permutation_importance", "fit_model", "partial_dependence", "film_types",
    "campaign",
}  # fmt: skip


@pytest.fixture
def calls(monkeypatch):
    """What `analyse` computes, in turn: (name, columns of the films, options); each result is a tuple of the same."""
    calls = []

    def stand_in(name):
        def compute(films, *arguments, **options):
            calls.append((name, set(films), *arguments, options))
            return calls[-1]

        return compute

    for name in COMPUTED:
        monkeypatch.setattr(module, name, stand_in(name))
    monkeypatch.setattr(module, "few_pooled", lambda rates: rates)
    monkeypatch.setattr(module, "groups_that_fail_more", lambda *arguments: arguments)
    return calls


@pytest.fixture
def everything():
    """Two films with every known column."""
    return checked(pd.DataFrame({a.name: [None, None] for a in ATTRIBUTES}).assign(passes=[0.0, 1.0]))


def named(calls, name):
    return [call for call in calls if call[0] == name]


def test_a_lack_is_false_and_carries_its_reason():
    lack = Lack(Message("types_too_few", least=100, n=6))
    assert not lack and lack.reason.code == "types_too_few" and lack.reason.values == {"least": 100, "n": 6}
    assert lack == Lack(Message("types_too_few", least=100, n=6)) != Lack(Message("none"))


def test_what_films_do_not_allow_is_a_lack_with_its_reason_and_nothing_stops():
    films = checked(pd.DataFrame({"title": list("abcdef"), "passes": [0, 1] * 3}))
    found = analyse(films)
    reasons = {field.name: getattr(found, field.name) for field in fields(Analyses)}
    lacks = {name: lack.reason.code for name, lack in reasons.items() if isinstance(lack, Lack)}
    assert lacks == {
        "trend": "no_years",
        "disputed": "no_disputed",
        "pair": "no_gender_to_pair",
        "odds": "all_alike",
        "imputed": "all_alike",
        "steps": "no_outcome",
        "logistic": "few_for_folds",
        "importance": "few_for_folds",
        "types": "types_too_few",
        "campaign": "nothing_to_combine",
    }
    assert {by: lack.reason.values["column"] for by, lack in found.rates.items()} == {by: by for by in RATES}
    assert {lack.reason.code for lack in found.dependences.values()} == {"not_a_model_column"}
    assert list(found.dependences) == list(DEPENDENCES)
    assert found.without_gender is None and found.trees is None  # nothing to compare with
    assert found.films is films


def test_only_errors_about_films_are_lacks(monkeypatch, everything, calls):
    def broken(*_, **__):
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(module, "film_types", broken)
    with pytest.raises(ZeroDivisionError, match="a fault of ours"):
        analyse(everything)


def test_parts_are_told_in_order_each_before_it_is_computed(everything, calls):
    told = []
    analyse(everything, progress=lambda part: told.append((part, len(calls))))
    assert [part for part, _ in told] == PARTS
    begun = {part: calls[n][0] for part, n in told}
    assert begun == {
        "rates": "pass_rates",
        "odds": "odds_with_and_without_gender",
        "steps": "ordinal_odds_ratios",
        "predictions": "cross_validate",
        "basis": "permutation_importance",
        "types": "film_types",
        "campaign": "campaign",
    }


def test_each_result_has_its_name(everything, calls):
    found = analyse(everything)
    assert {by: rates[:1] + rates[2:] for by, rates in found.rates.items()} == {
        by: ("pass_rates", by, {"min_films": 5}) for by in RATES
    }
    assert {term: rates[2] for term, rates in found.women.items()} == {term: term for term in WOMEN}
    assert found.groups[1:] == (found.rates, found.women)
    kinds = ("trend", "disputed", "pair", "imputed", "steps", "logistic", "importance", "types", "campaign")
    assert [getattr(found, name)[0] for name in kinds] == [
        "trend", "disputed_sensitivity", "odds_with_and_without_gender", "imputed_odds_ratios", "ordinal_odds_ratios",
        "cross_validate", "permutation_importance", "film_types", "campaign",
    ]  # fmt: skip
    assert found.imputed[-1] == {"gender": True, "n_imputations": 10}  # the same model as the pair's
    assert {column: found.dependences[column][2] for column in DEPENDENCES} == {name: name for name in DEPENDENCES}
    (model,) = named(calls, "fit_model")
    assert all(call[-1]["model"] is model for call in named(calls, "partial_dependence"))  # fitted once


def test_predictions_see_nothing_from_after_release_and_one_of_them_no_gender(everything, calls):
    found = analyse(everything)
    after = {attribute.name for attribute in ATTRIBUTES if attribute.block == "reception"}
    gender = {attribute.name for attribute in ATTRIBUTES if attribute.block in ("gender", "text")}
    known = set(everything)
    predictions = [call for call in calls if call[0] in {"cross_validate", "permutation_importance", "fit_model"}]
    assert len(predictions) == 5
    assert found.logistic[1] == found.trees[1] == found.importance[1] == known - after
    assert found.without_gender[1] == known - after - gender
    assert found.trees[-1] == {"fit": fit_trees} and found.without_gender[-1] == {}
    assert found.logistic[-1]["fit"] is found.importance[-1]["fit"]  # each model is fitted once
    assert found.types[1] == found.campaign[1] == known


def test_the_single_model_of_odds_is_only_fitted_where_there_is_no_pair(monkeypatch, everything, calls):
    assert analyse(everything).odds is None and named(calls, "odds_ratios") == []

    def no_pair(*_):
        raise FilmsError(Message("no_gender_to_pair", columns=[]))

    monkeypatch.setattr(module, "odds_with_and_without_gender", no_pair)
    found = analyse(everything)
    assert not found.pair and found.odds[0] == "odds_ratios" and found.odds[-1] == {"gender": False}
    assert found.imputed[-1]["gender"] is False


def test_a_trend_whose_fit_does_not_converge_is_lacking_and_warns_of_nothing(monkeypatch, everything, calls):
    def doubtful(films):
        warn(Message("not_converged"))
        return "a curve"

    monkeypatch.setattr(module, "trend", doubtful)
    assert analyse(everything).trend == Lack(Message("not_converged"))


def test_films_without_gender_and_summary_are_not_predicted_twice(everything, calls):
    plain = everything.without(a.name for a in ATTRIBUTES if a.block in ("gender", "text"))
    found = analyse(plain)
    assert found.without_gender is None and found.logistic and found.trees
    assert len(named(calls, "cross_validate")) == 2


def test_without_an_audit_the_table_alone_is_described_and_one_that_is_given_is_kept(calls):
    films = checked(pd.DataFrame({"own": [1, 2], "passes": [0.0, 1.0], "year": [1999.0, None]}, index=[4, 4]))
    audit = analyse(films).audit
    assert (audit.n_films, audit.n_dropped, len(audit.rows)) == (2, 0, 0)
    assert audit.missing[["column", "n_missing"]].values.tolist() == [["passes", 0], ["year", 1]]
    given = read_films(pd.DataFrame({"title": ["x"]})).audit
    assert analyse(films, given).audit is given


@pytest.mark.slow
def test_each_result_is_of_its_kind(analyses):
    kinds = {
        "audit": Audit,
        "trend": Trend,
        "imputed": ImputedOddsResult,
        "pair": OddsPair,
        "steps": OrdinalResult,
        "logistic": Evaluation,
        "without_gender": Evaluation,
        "trees": Evaluation,
        "importance": pd.DataFrame,
        "types": FilmTypes,
        "campaign": Campaign,
    }
    assert {name: type(getattr(analyses, name)) for name in kinds} == kinds
    assert {by: (type(rates), rates.by) for by, rates in analyses.rates.items()} == {
        by: (PassRates, by) for by in RATES
    }
    assert {name: (type(d), d.column) for name, d in analyses.dependences.items()} == {
        name: (Dependence, name) for name in DEPENDENCES
    }


@pytest.mark.slow
def test_notes_of_results_are_translated(analyses):
    french = Words("fr")
    odds, steps, types = analyses.pair, analyses.steps, analyses.types
    notes = [*odds.with_gender.notes(), *steps.notes()[1:], *types.notes, *analyses.campaign.notes]
    notes += [*analyses.rates["genres"].notes, *analyses.audit.notes, VOLUNTEERS]
    assert len(notes) > 8
    assert [note for note in notes if french.message(note) == note] == []
