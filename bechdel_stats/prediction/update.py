"""Coefficients of further columns on top of predictions that there are, as of what is heard in a few of many films.

Fitted anew to the few films that have them, the other coefficients would be lost; fitted to all films, the further
columns would hardly count. So predictions are kept as an offset, and only what the columns add is estimated, each with
a standard normal prior, which is weak where there are films enough to decide.

References
----------
.. [1] Steyerberg, "Clinical prediction models", 2nd ed., 2019, chapter 20 (updating for a new setting).
"""

import numpy as np


def fit_update(offset: np.ndarray, X: np.ndarray, outcome: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fit a multinomial logistic regression on top of given predictions [1]_.

    Parameters
    ----------
    offset : ndarray of shape (n_films, n_outcomes)
        Log of the predicted probabilities.
    X : ndarray of shape (n_films, n_columns)
        Without missing values.
    outcome : ndarray of int, shape (n_films,)
        0 to n_outcomes - 1; some may be missing.

    Returns
    -------
    shift : ndarray of shape (n_outcomes,)
        What is added to the intercepts.
    slopes : ndarray of shape (n_columns, n_outcomes)
        On the scale of X; the prior is on standardised columns.
    """
    from scipy.optimize import minimize
    from scipy.special import logsumexp

    mean, scale = X.mean(axis=0), X.std(axis=0)
    scale[scale <= 1e-9 * np.abs(X).max(axis=0)] = 1.0  # constant, up to rounding
    Z = np.column_stack([np.ones(len(X)), (X - mean) / scale])
    happened = np.eye(offset.shape[1])[outcome]

    def loss(flat):
        """Negative log posterior and its gradient."""
        added = flat.reshape(Z.shape[1], -1)
        logits = offset + Z @ added
        log_sums = logsumexp(logits, axis=1, keepdims=True)
        value = log_sums.sum() - (logits * happened).sum() + (added**2).sum() / 2
        return value, (Z.T @ (np.exp(logits - log_sums) - happened) + added).ravel()

    start = np.zeros(Z.shape[1] * offset.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 1000})
    added = found.x.reshape(Z.shape[1], -1)
    slopes = added[1:] / scale[:, None]
    return added[0] - mean @ slopes, slopes
