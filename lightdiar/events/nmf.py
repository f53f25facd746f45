"""Dictionaries of spectra: what mixture of known spectra makes up the sound of a step?

Non-negative matrix factorisation [1]_ finds a few spectra that make up the steps where a class sounds, and a few for
those where it does not. The spectrum of a step is then explained by all of them, and a logistic regression reads the
class from their shares. Sounds add up in energy, so this one works on energies: it takes the exponential of the first
columns, which have to be log-mel energies, and leaves the others aside. Loudness does not count.

References
----------
.. [1] Lee and Seung, "Algorithms for non-negative matrix factorization", NIPS 2000.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from lightdiar.events.logistic import Logistic, fit_logistic

_MOST_ROWS = 5_000  # of each dictionary
_LEARNING, _EXPLAINING = 50, 30  # rounds of updates
_BLOCK = 4096  # steps at once
_LEAST_SHARE = 1e-3  # smaller shares are all the same
_TINY = 1e-9


@dataclass(frozen=True, eq=False)
class Nmf:
    """Spectra, and what their shares say.

    Parameters
    ----------
    spectra : ndarray of shape (n_spectra, n_bands)
        Energies, 0 or more; each sums to 1.
    logistic : Logistic
        From the logarithms of the shares to log odds.
    """

    spectra: np.ndarray
    logistic: Logistic

    def __post_init__(self):
        if np.ndim(self.spectra) != 2 or np.shape(self.logistic.slopes) != (len(self.spectra),):
            raise ValueError(
                f"spectra of shape {np.shape(self.spectra)} and {np.shape(self.logistic.slopes)} slopes; every "
                "spectrum needs one slope."
            )
        if np.min(self.spectra) < 0 or not np.allclose(self.spectra.sum(axis=1), 1, rtol=0, atol=1e-3):
            raise ValueError("spectra must be 0 or more and sum to 1.")

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Log odds of each step, shape (n_steps,).

        Parameters
        ----------
        X : ndarray of shape (n_steps, n_columns)
            Its first columns are log-mel energies.
        """
        n_bands = self.spectra.shape[1]
        if X.shape[1] < n_bands:
            raise ValueError(f"the spectra have {n_bands} bands; got {X.shape[1]} columns.")
        scores = np.empty(len(X))
        for start in range(0, len(X), _BLOCK):
            energies = _energies(X[start : start + _BLOCK, :n_bands])
            scores[start : start + _BLOCK] = self.logistic.scores(_log_shares(energies, self.spectra))
        return scores

    def rescaled(self, slope: float, offset: float) -> "Nmf":
        """The classifier whose scores are ``slope * score + offset``."""
        return replace(self, logistic=self.logistic.rescaled(slope, offset))


def stages(
    X: np.ndarray, y: np.ndarray, weights: np.ndarray, *, seed: int = 0, n_bands: int = 40, n_spectra: int = 32
) -> Iterator[tuple[int, Nmf]]:
    """Train one class, with dictionaries of 4, 8, 16 and more spectra.

    Parameters
    ----------
    X : ndarray of shape (n_steps, n_columns)
        Its first `n_bands` columns are log-mel energies.
    y : ndarray of bool, shape (n_steps,)
        Where the class sounds; both values occur.
    weights : ndarray of shape (n_steps,)
        Of the logistic regression; in the dictionaries all steps count the same.
    seed : int
    n_bands : int, default=40
    n_spectra : int, default=32
        At most, in each of both dictionaries, and no more than there are steps.

    Yields
    ------
    n_spectra : int
        Of both dictionaries.
    classifier : Nmf
    """
    energies = _energies(X[:, :n_bands])
    rng = np.random.default_rng(seed)
    n, done = 4, 0
    while done < n_spectra:
        done = min(n, n_spectra)
        spectra = np.vstack([_dictionary(energies[side], done, rng) for side in (y, ~y)])
        shares = np.vstack(
            [_log_shares(energies[start : start + _BLOCK], spectra) for start in range(0, len(X), _BLOCK)]
        )
        yield len(spectra), Nmf(spectra, fit_logistic(shares, y, weights))
        n *= 2


def _energies(log_mel):
    """Energies that sum to 1 in each step, float32."""
    energies = np.exp(log_mel - log_mel.max(axis=1, keepdims=True))
    return (energies / energies.sum(axis=1, keepdims=True)).astype(np.float32)


def _dictionary(energies, n_spectra, rng):
    """Spectra that explain the rows, each summing to 1; they start as some of the rows."""
    rows = rng.permutation(len(energies))[:_MOST_ROWS]
    energies = energies[np.sort(rows)]
    spectra = energies[rng.permutation(len(energies))[:n_spectra]] + _TINY
    shares = np.full((len(energies), len(spectra)), 1 / len(spectra), np.float32)
    for _ in range(_LEARNING):
        shares *= energies / (shares @ spectra + _TINY) @ spectra.T  # spectra sum to 1: nothing to divide by
        spectra = spectra * (shares.T @ (energies / (shares @ spectra + _TINY))) + _TINY
        spectra /= spectra.sum(axis=1, keepdims=True)
    return spectra


def _log_shares(energies, spectra):
    """Logarithm of the share of each spectrum in each row, by updates that lower the Kullback-Leibler divergence."""
    spectra = np.asarray(spectra, np.float32)
    shares = np.full((len(energies), len(spectra)), 1 / len(spectra), np.float32)
    for _ in range(_EXPLAINING):
        shares *= energies / (shares @ spectra + _TINY) @ spectra.T
    return np.log(shares + _LEAST_SHARE)
