"""All results that the report shows for one table of films, computed once; what cannot be computed has a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE
from bechdel_stats.data.audit import Audit, make_audit
from bechdel_stats.data.schema import CheckedFilms, check_outcome, first_columns
from bechdel_stats.describe.campaign import Campaign, campaign
from bechdel_stats.describe.clusters import FilmTypes, film_types
from bechdel_stats.describe.disputed import DisputedSensitivity, disputed_sensitivity
from bechdel_stats.describe.rates import PassRates, pass_rates
from bechdel_stats.inference.comparison import OddsPair, odds_with_and_without_gender
from bechdel_stats.inference.multiple import ImputedOddsResult, imputed_odds_ratios
from bechdel_stats.inference.odds_result import OddsRatioResult
from bechdel_stats.inference.ordinal import OrdinalResult, ordinal_odds_ratios
from bechdel_stats.inference.regression import odds_ratios
from bechdel_stats.inference.trend import Trend, trend
from bechdel_stats.prediction.evaluation import Evaluation, cross_validate, fit_trees, without
from bechdel_stats.prediction.importance import Dependence, partial_dependence, permutation_importance
from bechdel_stats.prediction.model import fit_model
from bechdel_stats.report.groups import Groups, few_pooled, groups_that_fail_more
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, collected

RATES = ("year", "genres", "budget", "country")
WOMEN = {"director_woman": "director_female_share", "writer_woman": "writer_female_share"}
_N_IMPUTATIONS = 10
_PER_GROUP, _LEAST = 20, (5, 30)  # a group that is shown has a twentieth of the films, within these limits
DEPENDENCES = ("cast_female_share", "year", "runtime")


@dataclass(frozen=True)
class Lack:
    """Stands for a result that these films do not allow, with the reason; always false."""

    reason: Message | str

    def __bool__(self) -> Literal[False]:
        return False


@dataclass(frozen=True, eq=False)
class Analyses:
    """Results for a table of films; each is a `Lack` if the films do not allow it.

    Parameters
    ----------
    films : DataFrame
        As returned by `standardise`.
    audit : Audit
    rates : dict of str -> PassRates
        By year (decades at the ends that have few films are pooled), genres, budget and country.
    women : dict of str -> PassRates
        With and without a woman among the directors, and among the writers.
    groups : Groups
        Groups of films whose pass rates are lower than those of the others.
    trend : Trend
        Passing by year, crude and adjusted.
    disputed : DisputedSensitivity
        Pass rates with disputed ratings as they are, as fails, and left out.
    pair : OddsPair
        Odds ratios with and without cast and crew gender.
    odds : OddsRatioResult or None
        The model without cast and crew gender, if there is no pair.
    imputed : ImputedOddsResult
        The same odds ratios as in the pair or the model, from all films, with unknown attributes imputed.
    steps : OrdinalResult
    logistic : Evaluation
        Predictions from what is known before release.
    without_gender, trees : Evaluation or None
        The same without gender and summary, and with boosted trees; None if there is nothing to compare with.
    importance : DataFrame
    dependences : dict of str -> Dependence
        By cast_female_share, year and runtime.
    types : FilmTypes
    campaign : Campaign
    """

    films: pd.DataFrame
    audit: Audit
    rates: dict[str, PassRates | Lack]
    women: dict[str, PassRates | Lack]
    groups: Groups
    trend: Trend | Lack
    disputed: DisputedSensitivity | Lack
    pair: OddsPair | Lack
    odds: OddsRatioResult | Lack | None
    imputed: ImputedOddsResult | Lack
    steps: OrdinalResult | Lack
    logistic: Evaluation | Lack
    without_gender: Evaluation | Lack | None
    trees: Evaluation | Lack | None
    importance: pd.DataFrame | Lack
    dependences: dict[str, Dependence | Lack]
    types: FilmTypes | Lack
    campaign: Campaign | Lack


def analyse(
    films: CheckedFilms, audit: Audit | None = None, progress: Callable[[str], object] | None = None
) -> Analyses:
    """Compute all results.

    Parameters
    ----------
    films : CheckedFilms
    audit : Audit, optional
        Audit of the sources; by default, of the table alone.
    progress : callable, optional
        `progress(part)` is called before each part: rates, odds, steps, predictions, basis, types, campaign.

    Returns
    -------
    analyses : Analyses
    """
    tell = progress or (lambda part: None)
    before = without(films, "reception")
    plain = without(before, "gender", "text")
    tell("rates")
    least = int(np.clip(films["passes"].notna().sum() // _PER_GROUP, *_LEAST))
    rates = {by: _attempt(pass_rates, films, by, min_films=least) for by in RATES}
    rates["year"] = rates["year"] and few_pooled(rates["year"])
    women = {term: _attempt(_rates_of_women, films, term, column) for term, column in WOMEN.items()}
    groups = groups_that_fail_more(check_outcome(films), rates, women)
    over_time = _attempt(_converged, trend, films)
    disputed = _attempt(disputed_sensitivity, films)
    tell("odds")
    pair = _attempt(odds_with_and_without_gender, films)
    odds = None if pair else _attempt(odds_ratios, films, gender=False)
    with collected():  # what these would warn of stands on the page
        imputed = _attempt(imputed_odds_ratios, films, gender=bool(pair), n_imputations=_N_IMPUTATIONS)
    tell("steps")
    steps = _attempt(ordinal_odds_ratios, films)
    tell("predictions")
    fit = _remembered(fit_model)  # importance needs the models of the folds again
    logistic = _attempt(cross_validate, before, fit=fit)
    compared = bool(logistic) and plain.shape[1] < before.shape[1]
    without_gender = _attempt(cross_validate, plain) if compared else None
    trees = _attempt(cross_validate, before, fit=fit_trees) if logistic else None
    tell("basis")
    importance = _attempt(permutation_importance, before, fit=fit, n_repeats=1)
    model = _attempt(fit_model, before)
    dependences = {
        column: model if isinstance(model, Lack) else _attempt(partial_dependence, before, column, model=model)
        for column in DEPENDENCES
    }
    tell("types")
    types = _attempt(film_types, films)
    tell("campaign")
    found = _attempt(campaign, films)
    return Analyses(
        films=films,
        audit=audit or _audit(films),
        rates=rates,
        women=women,
        groups=groups,
        trend=over_time,
        disputed=disputed,
        pair=pair,
        odds=odds,
        imputed=imputed,
        steps=steps,
        logistic=logistic,
        without_gender=without_gender,
        trees=trees,
        importance=importance,
        dependences=dependences,
        types=types,
        campaign=found,
    )


def _converged(compute, films):
    """A result whose fits converge; curves have no other place to say that theirs do not."""
    with collected() as messages:
        result = compute(films)
    if messages:
        raise FilmsError(messages[0])
    return result


def _rates_of_women(films, term, column):
    """Pass rates with and without a woman among some people."""
    if column not in films:
        raise FilmsError(Message("no_column", column=Verbatim(column), columns=first_columns(films)))
    woman = np.where(films[column] > 0, "yes", "no")
    return pass_rates(
        CheckedFilms(films.assign(**{term: np.where(films[column].isna(), None, woman)})), term, min_films=1
    )


def _remembered(fit):
    """A function that fits a model once to the same films."""
    models: dict[bytes, Any] = {}

    def remembered(films):
        known = films[[name for name in ATTRIBUTE if name in films]]
        key = pd.util.hash_pandas_object(known, index=False).to_numpy().tobytes()
        if key not in models:
            models[key] = fit(films)
        return models[key]

    return remembered


def _attempt(compute, *arguments, **options):
    """The result, or why these films do not allow it."""
    try:
        return compute(*arguments, **options)
    except FilmsError as error:
        return Lack(error.message)


def _audit(films):
    empty = pd.DataFrame()
    dropped = pd.DataFrame({"n_rows": pd.Series(dtype=int)})
    known = films[[name for name in ATTRIBUTE if name in films]].reset_index(drop=True)
    return make_audit(known, empty, dropped, empty, empty, empty, empty, ())
