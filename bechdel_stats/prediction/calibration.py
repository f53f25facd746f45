"""Whether predicted probabilities mean what they say, and tell films that pass from others: of all, and by period.

References
----------
.. [1] Cox, "Two further applications of a model for binary regression", Biometrika, 1958 (calibration line).
.. [2] DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating
   characteristic curves", Biometrics, 1988 (variance of the AUC).
.. [3] Steyerberg, "Clinical prediction models", 2nd ed., 2019, section 15.3 (calibration in the large).
"""

import numpy as np
import pandas as pd

from bechdel_stats.describe.intervals import wilson

_LEAST = 1e-6  # a probability of 0 or 1 has no logit


def calibration_line(passes: np.ndarray, probability: np.ndarray) -> tuple[float, float]:
    """Regress the outcome on the logit of its predicted probability [1]_; return slope and intercept, ideally 1 and 0.

    Both are NaN if they are not finite: if all films have one probability, or those of films that pass and of films
    that fail do not overlap.
    """
    from statsmodels.discrete.discrete_model import Logit

    logit = logits(probability)
    yes, no = logit[passes], logit[~passes]
    if np.ptp(logit) == 0 or yes.min() >= no.max() or no.min() >= yes.max():
        return float("nan"), float("nan")
    intercept, slope = Logit(passes.astype(float), np.column_stack([np.ones(len(logit)), logit])).fit(disp=0).params
    return float(slope), float(intercept)


def calibration_curve(passes: np.ndarray, probability: np.ndarray, n_bins: int = 10) -> pd.DataFrame:
    """Return predicted probability and pass rate in bins of equally many films, one row each, with Wilson intervals."""
    order = np.argsort(probability, kind="stable")
    bins = [rows for rows in np.array_split(order, n_bins) if len(rows)]
    n_films = np.array([len(rows) for rows in bins])
    n_passes = np.array([passes[rows].sum() for rows in bins])
    low, high = wilson(n_passes, n_films)
    return pd.DataFrame(
        {
            "predicted": [probability[rows].mean() for rows in bins],
            "pass_rate": n_passes / n_films,
            "ci_low": low,
            "ci_high": high,
            "n_films": n_films,
        }
    )


def logits(probability: np.ndarray) -> np.ndarray:
    """Return log odds, of probabilities that are kept one millionth away from 0 and 1."""
    clipped = np.clip(probability, _LEAST, 1 - _LEAST)
    return np.log(clipped / (1 - clipped))


def calibration_in_the_large(passes: np.ndarray, probability: np.ndarray) -> float:
    """Return what has to be added to all logits so that as many films are expected to pass as do [3]_.

    Above 0, more films pass than predicted; NaN if all pass, or none do.
    """
    from scipy.optimize import brentq

    if passes.all() or not passes.any():
        return float("nan")
    logit, n_passes = logits(probability), passes.sum()
    return float(brentq(lambda shift: (1 / (1 + np.exp(-logit - shift))).sum() - n_passes, -50, 50))


def auc_interval(passes: np.ndarray, probability: np.ndarray) -> tuple[float, float, float]:
    """Return the AUC with its 95 % interval [2]_, all NaN if there is no pair of films to compare.

    The interval is NaN with fewer than two films of an outcome.
    """
    yes, no = probability[passes], probability[~passes]
    if not len(yes) or not len(no):
        return (float("nan"),) * 3
    below, above = np.sort(no), np.sort(yes)
    # the share of films of the other outcome that each film is rightly told from, ties by half
    placed = (np.searchsorted(below, yes, "left") + np.searchsorted(below, yes, "right")) / (2 * len(no))
    placed_no = 1 - (np.searchsorted(above, no, "left") + np.searchsorted(above, no, "right")) / (2 * len(yes))
    auc = float(placed.mean())
    if len(yes) < 2 or len(no) < 2:
        return auc, float("nan"), float("nan")
    half = 1.959964 * np.sqrt(placed.var(ddof=1) / len(yes) + placed_no.var(ddof=1) / len(no))
    return auc, float(max(auc - half, 0)), float(min(auc + half, 1))


def measure_period(passes: np.ndarray, probability: np.ndarray) -> dict[str, float]:
    """Return n_films, pass_rate, predicted (mean), auc, ci_low, ci_high, slope and in_the_large of some films."""
    auc, low, high = auc_interval(passes, probability)
    mixed = 0 < passes.sum() < len(passes)
    return {
        "n_films": len(passes),
        "pass_rate": float(passes.mean()),
        "predicted": float(probability.mean()),
        "auc": auc,
        "ci_low": low,
        "ci_high": high,
        "slope": calibration_line(passes, probability)[0] if mixed else float("nan"),
        "in_the_large": calibration_in_the_large(passes, probability),
    }


def by_decade(passes: np.ndarray, probability: np.ndarray, years: np.ndarray) -> pd.DataFrame:
    """Return `measure_period` of each decade, one row each; films without a year are the last row."""
    decade = np.where(np.isnan(years), np.inf, np.floor(years / 10) * 10)
    rows = [
        {"period": f"{value:.0f}s" if np.isfinite(value) else "not known"}
        | measure_period(passes[decade == value], probability[decade == value])
        for value in np.unique(decade)
    ]
    return pd.DataFrame(rows)
