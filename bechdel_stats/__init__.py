"""bechdel_stats: which films fail the Bechdel test, and what is associated with it; classical statistics on any laptop.

>>> import bechdel_stats
>>> films = bechdel_stats.read_films("films.csv").table  # doctest: +SKIP
>>> bechdel_stats.predict_bechdel(films)  # doctest: +SKIP
0    3
1    1
Name: score, dtype: int64
"""

from typing import TYPE_CHECKING

from lightdiar._version import __version__
from lightdiar.common.lazy import lazy

_HOMES = {
    name: module
    for module, names in {
        "prediction.model": "predict_bechdel fit_model load_model BechdelModel",
        "prediction.predictions": "predict_films Predictions",
        "prediction.explanation": "explain find_film Explanation",
        "prediction.local_effects": "accumulated_local_effects LocalEffects",
        "prediction.evaluation": "cross_validate evaluate fit_trees without Evaluation",
        "prediction.with_ear": "compare_with_ear enough_heard EarComparison",
        "prediction.over_time": "validate_over_time OverTime",
        "prediction.importance": "permutation_importance partial_dependence what_if",
        "data.tables": "read_films Films",
        "data.audit": "Audit",
        "data.ear": "read_ear",
        "data.heard": "join_ear Heard",
        "data.schema": "standardise",
        "words.messages": "FilmsError FilmsWarning Message",
        "data.fetch": "fetch_ratings fetch_tmdb read_key",
        "describe.rates": "pass_rates",
        "describe.campaign": "campaign",
        "describe.disputed": "treat_disputed disputed_sensitivity",
        "describe.intervals": "wilson adjust_fdr",
        "describe.clusters": "film_types FilmTypes",
        "describe.weights": "post_stratify PostStratification",
        "inference.regression": "odds_ratios",
        "inference.odds_result": "OddsRatioResult",
        "inference.comparison": "odds_with_and_without_gender OddsPair",
        "inference.influence": "influential_films",
        "inference.multiple": "imputed_odds_ratios ImputedOddsResult",
        "inference.trend": "trend Trend",
        "inference.ordinal": "ordinal_odds_ratios OrdinalResult",
        "inference.multinomial": "multinomial_odds_ratios MultinomialResult",
        "inference.design": "design_columns rcs",
        "report.report": "make_report Report",
        "results": "Summary",
    }.items()
    for name in names.split()
}
__all__ = ["__version__", *_HOMES]
__getattr__, __dir__ = lazy(__name__, _HOMES)

if TYPE_CHECKING:  # the same names, for editors and type checkers
    from bechdel_stats.data.audit import Audit as Audit
    from bechdel_stats.data.ear import read_ear as read_ear
    from bechdel_stats.data.fetch import fetch_ratings as fetch_ratings
    from bechdel_stats.data.fetch import fetch_tmdb as fetch_tmdb
    from bechdel_stats.data.fetch import read_key as read_key
    from bechdel_stats.data.heard import Heard as Heard
    from bechdel_stats.data.heard import join_ear as join_ear
    from bechdel_stats.data.schema import standardise as standardise
    from bechdel_stats.data.tables import Films as Films
    from bechdel_stats.data.tables import read_films as read_films
    from bechdel_stats.describe.campaign import campaign as campaign
    from bechdel_stats.describe.clusters import FilmTypes as FilmTypes
    from bechdel_stats.describe.clusters import film_types as film_types
    from bechdel_stats.describe.disputed import disputed_sensitivity as disputed_sensitivity
    from bechdel_stats.describe.disputed import treat_disputed as treat_disputed
    from bechdel_stats.describe.intervals import adjust_fdr as adjust_fdr
    from bechdel_stats.describe.intervals import wilson as wilson
    from bechdel_stats.describe.rates import pass_rates as pass_rates
    from bechdel_stats.describe.weights import PostStratification as PostStratification
    from bechdel_stats.describe.weights import post_stratify as post_stratify
    from bechdel_stats.inference.comparison import OddsPair as OddsPair
    from bechdel_stats.inference.comparison import odds_with_and_without_gender as odds_with_and_without_gender
    from bechdel_stats.inference.design import design_columns as design_columns
    from bechdel_stats.inference.design import rcs as rcs
    from bechdel_stats.inference.influence import influential_films as influential_films
    from bechdel_stats.inference.multinomial import MultinomialResult as MultinomialResult
    from bechdel_stats.inference.multinomial import multinomial_odds_ratios as multinomial_odds_ratios
    from bechdel_stats.inference.multiple import ImputedOddsResult as ImputedOddsResult
    from bechdel_stats.inference.multiple import imputed_odds_ratios as imputed_odds_ratios
    from bechdel_stats.inference.odds_result import OddsRatioResult as OddsRatioResult
    from bechdel_stats.inference.ordinal import OrdinalResult as OrdinalResult
    from bechdel_stats.inference.ordinal import ordinal_odds_ratios as ordinal_odds_ratios
    from bechdel_stats.inference.regression import odds_ratios as odds_ratios
    from bechdel_stats.inference.trend import Trend as Trend
    from bechdel_stats.inference.trend import trend as trend
    from bechdel_stats.prediction.evaluation import Evaluation as Evaluation
    from bechdel_stats.prediction.evaluation import cross_validate as cross_validate
    from bechdel_stats.prediction.evaluation import evaluate as evaluate
    from bechdel_stats.prediction.evaluation import fit_trees as fit_trees
    from bechdel_stats.prediction.evaluation import without as without
    from bechdel_stats.prediction.explanation import Explanation as Explanation
    from bechdel_stats.prediction.explanation import explain as explain
    from bechdel_stats.prediction.explanation import find_film as find_film
    from bechdel_stats.prediction.importance import partial_dependence as partial_dependence
    from bechdel_stats.prediction.importance import permutation_importance as permutation_importance
    from bechdel_stats.prediction.importance import what_if as what_if
    from bechdel_stats.prediction.local_effects import LocalEffects as LocalEffects
    from bechdel_stats.prediction.local_effects import accumulated_local_effects as accumulated_local_effects
    from bechdel_stats.prediction.model import BechdelModel as BechdelModel
    from bechdel_stats.prediction.model import fit_model as fit_model
    from bechdel_stats.prediction.model import load_model as load_model
    from bechdel_stats.prediction.model import predict_bechdel as predict_bechdel
    from bechdel_stats.prediction.over_time import OverTime as OverTime
    from bechdel_stats.prediction.over_time import validate_over_time as validate_over_time
    from bechdel_stats.prediction.predictions import Predictions as Predictions
    from bechdel_stats.prediction.predictions import predict_films as predict_films
    from bechdel_stats.prediction.with_ear import EarComparison as EarComparison
    from bechdel_stats.prediction.with_ear import compare_with_ear as compare_with_ear
    from bechdel_stats.prediction.with_ear import enough_heard as enough_heard
    from bechdel_stats.report.report import Report as Report
    from bechdel_stats.report.report import make_report as make_report
    from bechdel_stats.results import Summary as Summary
    from bechdel_stats.words.messages import FilmsError as FilmsError
    from bechdel_stats.words.messages import FilmsWarning as FilmsWarning
    from bechdel_stats.words.messages import Message as Message
