"""bechdel_stats: which films fail the Bechdel test, and what goes with it; classical statistics on any laptop.

>>> import bechdel_stats
>>> films = bechdel_stats.read_films("films.csv").table  # doctest: +SKIP
>>> bechdel_stats.predict_bechdel(films)  # doctest: +SKIP
0    3
1    1
Name: score, dtype: int64
"""

from importlib import import_module

_HOME = {
    "predict_bechdel": "prediction",
    "fit_model": "prediction",
    "load_model": "prediction",
    "read_films": "tables",
    "standardise": "schema",
    "FilmsError": "schema",
    "FilmsWarning": "schema",
    "pass_rates": "rates",
    "campaign": "rates",
    "wilson": "rates",
    "adjust_fdr": "rates",
    "odds_ratios": "regression",
    "odds_with_and_without_gender": "regression",
    "influential_films": "regression",
    "ordinal_odds_ratios": "ordinal",
    "film_types": "clusters",
    "cross_validate": "evaluation",
    "evaluate": "evaluation",
    "fit_trees": "evaluation",
    "without": "evaluation",
    "permutation_importance": "importance",
    "partial_dependence": "importance",
    "what_if": "importance",
    "make_report": "report",
    "fetch_ratings": "fetch",
    "fetch_tmdb": "fetch",
}
__all__ = list(_HOME)


def __getattr__(name):
    """Load a public name when it is first used: importing the package stays instant."""
    if name not in _HOME:
        raise AttributeError(f"module 'bechdel_stats' has no attribute {name!r}; it has {', '.join(_HOME)}.")
    return getattr(import_module(f"bechdel_stats.{_HOME[name]}"), name)


def __dir__():
    return __all__
