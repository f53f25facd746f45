"""The table of a fitted logistic regression: what each term compares, crude and adjusted, with films and levels."""

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE_OF_TERM
from bechdel_stats.describe.intervals import adjust_fdr
from bechdel_stats.inference.contrasts import Contrast, generalised_vif, marginal_effect
from bechdel_stats.inference.firth import profile_interval
from bechdel_stats.inference.fit import Fit, fit_logit

BINARY = "1 against 0"
_TOGETHER = {"log10_budget": "budget_missing", "budget_missing": "log10_budget"}  # together in crude odds ratios


def estimates(
    X: np.ndarray,
    y: np.ndarray,
    fit: Fit,
    contrasts: list[Contrast],
    conf_level: float,
    groups: np.ndarray | None = None,
    weights: np.ndarray | None = None,
) -> pd.DataFrame:
    """Return one row per term, as described in `OddsRatioResult`."""
    columns = {contrast.term: contrast.columns for contrast in contrasts}
    z = fit.critical_value(conf_level)
    rows = []
    for contrast in contrasts:
        alone = [0, *contrast.columns, *columns.get(_TOGETHER.get(contrast.term, ""), ())]
        crude = fit_logit(X[:, alone], y, [f"x{number}" for number in alone], groups, weights)
        positions = range(1, 1 + len(contrast.columns))
        crude_odds, crude_low, crude_high, *_ = _odds(X[:, alone], y, crude, contrast, positions, conf_level)
        odds, low, high, p_value, p_contrast = _odds(X, y, fit, contrast, contrast.columns, conf_level)
        effect, gradient = marginal_effect(X, fit.params, contrast, weights)
        error = float(np.sqrt(gradient @ fit.cov_params @ gradient))
        has = films_of_term(X, contrast, columns)
        rows.append(
            {
                "term": contrast.term,
                "contrast": contrast.label,
                "n_films": int(has.sum()),
                "n_passes": int(y[has].sum()),
                "crude_odds_ratio": crude_odds,
                "crude_ci_low": crude_low,
                "crude_ci_high": crude_high,
                "odds_ratio": odds,
                "ci_low": low,
                "ci_high": high,
                "p_value": p_value,
                "p_value_contrast": p_contrast,
                "p_value_fdr": np.nan,
                "ame": 100 * effect,
                "ame_ci_low": 100 * (effect - z * error),
                "ame_ci_high": 100 * (effect + z * error),
                "vif": generalised_vif(X, contrast.columns),
            }
        )
    table = pd.DataFrame(rows)
    table["p_value_fdr"] = adjust_fdr(table["p_value"])
    return table


def films_of_term(X: np.ndarray, contrast: Contrast, columns: dict[str, tuple[int, ...]]) -> np.ndarray:
    """Return which films a term describes: those at a level, those with a known budget, or all."""
    if contrast.label == BINARY:
        return X[:, contrast.columns[0]] == 1
    if contrast.term == "log10_budget" and "budget_missing" in columns:  # the others stand at the median
        return X[:, columns["budget_missing"][0]] == 0
    return np.ones(len(X), dtype=bool)


def levels(X: np.ndarray, y: np.ndarray, contrasts: list[Contrast], table: pd.DataFrame) -> pd.DataFrame:
    """Return the films and passes at each level and its reference.

    Levels of which a film has one at most, such as languages, share a reference; genres, which overlap, have one each.

    Parameters
    ----------
    X : ndarray of shape (n_films, n_columns)
    y : ndarray of shape (n_films,)
    contrasts : list of Contrast
    table : DataFrame
        As returned by `estimates`.

    Returns
    -------
    levels : DataFrame
        variable, level, n_films, n_passes, pass_rate, odds_ratio, ci_low and ci_high; the odds ratio of a reference is
        1, without an interval. Passes and films are counts, also with weights.
    """
    together: dict[str, list[Contrast]] = {}
    for contrast in contrasts:
        if contrast.label == BINARY and contrast.alone:
            together.setdefault(_variable(contrast.term), []).append(contrast)
    known = table.set_index("term")
    rows = []
    for variable, members in together.items():
        own = X[:, [contrast.columns[0] for contrast in members]] == 1
        if len(members) > 1 and (own.sum(axis=1) <= 1).all():
            parts = [(variable, members, own)]
        else:
            parts = [(contrast.term, [contrast], own[:, [number]]) for number, contrast in enumerate(members)]
        for name, chosen, has in parts:
            rows.append((name, "reference", ~has.any(axis=1), (1.0, np.nan, np.nan)))
            for contrast, films in zip(chosen, has.T):
                odds = tuple(known.loc[contrast.term, ["odds_ratio", "ci_low", "ci_high"]])
                rows.append((name, contrast.term, films, odds))
    return pd.DataFrame(
        [
            (name, level, int(films.sum()), int(y[films].sum()), y[films].mean() if films.any() else np.nan, *odds)
            for name, level, films, odds in rows
        ],
        columns=["variable", "level", "n_films", "n_passes", "pass_rate", "odds_ratio", "ci_low", "ci_high"],
    )


def _variable(term):
    """The attribute of a level, or the function of a categorical term."""
    return ATTRIBUTE_OF_TERM[term].name if term in ATTRIBUTE_OF_TERM else term.partition("[")[0]


def _odds(X, y, fit, contrast, positions, conf_level):
    """Odds ratio, interval, p of the term and p of the contrast; by profile likelihood where the term separates."""
    z = fit.critical_value(conf_level)
    odds, low, high = contrast.odds_ratio(fit.params, fit.cov_params, z, positions)
    if len(positions) == 1 and positions[0] in fit.separated:
        *ends, p_value = profile_interval(X, y, fit.results, positions[0], conf_level)
        with np.errstate(over="ignore"):
            low, high = np.exp(ends).tolist()
        return odds, low, high, p_value, p_value
    p_value = contrast.wald_test(fit.params, fit.cov_params, positions, fit.n_clusters)
    p_contrast = contrast.contrast_test(fit.params, fit.cov_params, positions, fit.n_clusters)
    return odds, low, high, p_value, p_contrast
