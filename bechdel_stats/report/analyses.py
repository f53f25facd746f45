"""Everything the report tells of one table of films, computed once; what cannot be is named with its reason."""

from dataclasses import dataclass

import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE
from bechdel_stats.data.audit import make_audit
from bechdel_stats.describe.clusters import film_types
from bechdel_stats.describe.rates import campaign, pass_rates
from bechdel_stats.inference.ordinal import ordinal_odds_ratios
from bechdel_stats.inference.regression import odds_ratios, odds_with_and_without_gender
from bechdel_stats.prediction.evaluation import cross_validate, fit_trees, without
from bechdel_stats.prediction.importance import partial_dependence, permutation_importance
from bechdel_stats.prediction.model import fit_model
from bechdel_stats.words.messages import FilmsError

RATES = ("year", "genres", "country")
DEPENDENCES = ("cast_female_share", "year", "runtime")


@dataclass(frozen=True, eq=False)
class Analyses:
    """Results by name.

    Parameters
    ----------
    films : DataFrame
        As `standardise` returns it.
    audit : Audit
    results : dict of str -> object
        rates_year, rates_genres, rates_country; odds (a pair, or the one model that these films allow); steps;
        logistic, without_gender, trees (evaluations); importance; dependence_* of some columns; types; campaign.
    lacks : dict of str -> Message
        Reason for each of them that could not be computed.
    """

    films: pd.DataFrame
    audit: object
    results: dict
    lacks: dict

    def get(self, name):
        """Return a result, or None."""
        return self.results.get(name)


def analyse(films, audit=None, progress=None):
    """Compute all results.

    Parameters
    ----------
    films : DataFrame
        As `standardise` returns it.
    audit : Audit, optional
        Of how the table came together; without it, what the table alone tells.
    progress : callable, optional
        `progress(part)` is called before each part: rates, odds, steps, predictions, basis, types, campaign.

    Returns
    -------
    analyses : Analyses
    """
    results, lacks = {}, {}
    for part, name, job in _jobs(films, results):
        if progress:
            progress(part)
        try:
            results[name] = job()
        except FilmsError as error:
            lacks[name] = error.message
    return Analyses(films, audit or _audit(films), results, lacks)


def _jobs(films, results):
    """Triples of part, name and what computes it; later ones may need the results of earlier ones."""
    before = without(films, "reception")
    plain = without(before, "gender", "text")
    for by in RATES:
        yield "rates", f"rates_{by}", lambda by=by: pass_rates(films, by)
    yield "odds", "pair", lambda: odds_with_and_without_gender(films)
    if "pair" not in results:
        yield "odds", "odds", lambda: odds_ratios(films, gender=False)
    yield "steps", "steps", lambda: ordinal_odds_ratios(films)
    yield "predictions", "logistic", lambda: cross_validate(before)
    if "logistic" in results:  # the others are compared with it
        if plain.shape[1] < before.shape[1]:
            yield "predictions", "without_gender", lambda: cross_validate(plain)
        yield "predictions", "trees", lambda: cross_validate(before, fit=fit_trees)
    yield "basis", "importance", lambda: permutation_importance(before, n_repeats=1)
    yield "basis", "model", lambda: fit_model(before)
    if "model" in results:
        for column in DEPENDENCES:
            yield (
                "basis",
                f"dependence_{column}",
                lambda column=column: partial_dependence(before, column, model=results["model"]),
            )
    yield "types", "types", lambda: film_types(films)
    yield "campaign", "campaign", lambda: campaign(films)


def _audit(films):
    empty = pd.DataFrame()
    dropped = pd.DataFrame({"n_rows": pd.Series(dtype=int)})
    known = films[[name for name in ATTRIBUTE if name in films]].reset_index(drop=True)
    return make_audit(known, empty, dropped, empty, empty, ())
