"""Average marginal effects of an ordinal model: how a term goes with the probability of each score."""

import numpy as np

from bechdel_stats.inference.contrasts import Contrast


def score_margins(
    X: np.ndarray, slopes: np.ndarray, cuts: np.ndarray, cov_params: np.ndarray, contrast: Contrast
) -> tuple[np.ndarray, np.ndarray]:
    """Average marginal effect of a term on the probability of each score, with standard errors by the delta method.

    The average is over all films with their other terms as observed: of the slope for a number, otherwise of the
    difference between `high` and `low`. The effects of all scores add up to 0.

    Parameters
    ----------
    X : ndarray of shape (n_films, n_slopes)
        Without the intercept.
    slopes : ndarray of shape (n_slopes,)
    cuts : ndarray of shape (n_scores - 1,)
        The odds of a score up to the j-th are ``exp(cuts[j] - X @ slopes)``.
    cov_params : ndarray of shape (n_slopes + n_scores - 1, n_slopes + n_scores - 1)
        Of the slopes and cuts.
    contrast : Contrast

    Returns
    -------
    effects, standard_errors : ndarray of shape (n_scores,)
        NaN if the term cannot be varied on its own.
    """
    if not contrast.alone:
        return np.full(len(cuts) + 1, np.nan), np.full(len(cuts) + 1, np.nan)
    positions = [column - 1 for column in contrast.columns]  # of X, which has no intercept
    if contrast.low is None:
        effects, gradient = _slopes_of(X, slopes, cuts, positions)
    else:
        (high, rise), (low, fall) = (_means(X, slopes, cuts, positions, ends) for ends in (contrast.high, contrast.low))
        effects, gradient = high - low, rise - fall
    # of at most each score, to of that score: differences, with 0 before the first and 1 (without a gradient) at last
    effects, gradient = _between(effects), _between(gradient)
    return effects, np.sqrt(np.einsum("si,ij,sj->s", gradient, cov_params, gradient))


def _means(X, slopes, cuts, positions, values):
    """Mean probability of at most each score but the last, with a term at some values, and its gradient."""
    changed = X.copy()
    changed[:, positions] = values
    p = 1 / (1 + np.exp((changed @ slopes)[:, None] - cuts))
    density = p * (1 - p)
    return p.mean(axis=0), np.hstack([-density.T @ changed / len(X), np.diag(density.mean(axis=0))])


def _slopes_of(X, slopes, cuts, positions):
    """Mean slope by a number of the probability of at most each score but the last, and its gradient."""
    (own,) = positions
    p = 1 / (1 + np.exp((X @ slopes)[:, None] - cuts))
    density, bend = p * (1 - p), p * (1 - p) * (1 - 2 * p)
    by_slopes = slopes[own] * bend.T @ X / len(X)
    by_slopes[:, own] -= density.mean(axis=0)
    return -slopes[own] * density.mean(axis=0), np.hstack([by_slopes, np.diag(-slopes[own] * bend.mean(axis=0))])


def _between(cumulative):
    """From effects on the probability of at most each score to effects on that of each score."""
    edge = np.zeros((1, *cumulative.shape[1:]))
    return np.diff(np.concatenate([edge, cumulative, edge]), axis=0)
