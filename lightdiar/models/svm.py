"""Linear support vector machines on supervectors: one speaker against many others.

The supervector of an utterance is the list of a background model's means, adapted to it, scaled so that the inner
product of two is a kernel between their mixtures (`lightdiar.models.ivectors.supervectors`). A machine for a speaker
separates the few supervectors of the speaker from those of many others by the widest margin [1]_.

References
----------
.. [1] Campbell, Sturim and Reynolds, "Support vector machines using GMM supervectors for speaker verification",
   IEEE Signal Processing Letters 13, 2006.
"""

from dataclasses import dataclass

import numpy as np

from lightdiar.models.gmm import GMM
from lightdiar.models.ivectors import TotalVariability, supervectors


@dataclass(frozen=True, eq=False)
class LinearSVM:
    """A plane between a speaker and others.

    Parameters
    ----------
    weights : ndarray of shape (n_features,)
        Normal of the plane, towards the speaker.
    offset : float
    """

    weights: np.ndarray
    offset: float

    def score(self, S: np.ndarray) -> np.ndarray:
        """Signed distance of rows from the plane, shape (n,), 1 at the margin; positive favours the speaker."""
        return S @ self.weights + self.offset


def fit_linear_svm(own: np.ndarray, others: np.ndarray, *, C: float = 1.0) -> LinearSVM:
    """Separate a speaker's vectors from those of others (scikit-learn).

    Parameters
    ----------
    own : ndarray of shape (n_own, n_features)
        At least one; both sides weigh the same, however many vectors each has.
    others : ndarray of shape (n_others, n_features)
    C : float, default=1
        Cost of a vector inside the margin, above 0; larger fits the vectors given more closely.

    Returns
    -------
    machine : LinearSVM

    Raises
    ------
    ValueError
        If a side is empty.
    """
    from sklearn.svm import SVC

    if not len(own) or not len(others):
        raise ValueError(f"{len(own)} vectors of the speaker and {len(others)} of others; a margin needs both sides.")
    S = np.concatenate([own, others]).astype(float)
    # vectors are few and long: their inner products are all that is needed; unlike LinearSVC it draws no numbers
    machine = SVC(C=C, kernel="precomputed", class_weight="balanced")
    machine.fit(S @ S.T, np.repeat([1, 0], [len(own), len(others)]))
    return LinearSVM(machine.dual_coef_[0] @ S[machine.support_], float(machine.intercept_[0]))


def imagined_supervectors(
    gmm: GMM, extractor: TotalVariability, n: int, n_frames: float, *, relevance: float = 16.0, seed: int = 0
) -> np.ndarray:
    """Supervectors of speakers who do not exist, drawn from the total variability model.

    They are the other side for `fit_linear_svm` where no recordings of other speakers are at hand: i-vectors are drawn
    from their prior, and sums of frames from the mixture whose means each i-vector moves.

    Parameters
    ----------
    gmm : GMM
        The background model.
    extractor : TotalVariability
    n : int
        Number of speakers.
    n_frames : float
        Frames of speech of each.
    relevance : float, default=16
        As in `lightdiar.models.ivectors.supervectors`.
    seed : int

    Returns
    -------
    S : ndarray of shape (n, n_components * n_features)
    """
    rng = np.random.default_rng(seed)
    w = rng.standard_normal((n, extractor.n_factors))
    N = np.tile(n_frames * gmm.weights, (n, 1))
    shift = np.tensordot(w, extractor.T, axes=([1], [2]))
    F = N[:, :, None] * shift + np.sqrt(N)[:, :, None] * rng.standard_normal(shift.shape)
    return supervectors(gmm, N, F, relevance)
