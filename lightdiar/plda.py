"""Two-covariance PLDA: is it the same speaker? As a log likelihood ratio.

An embedding is ``speaker + deviation``, both Gaussian. A linear transform makes the deviation white and the
speakers' covariance diagonal (``phi``), where every formula works on each dimension alone.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class PLDA:
    """Transform to the space in which classes have unit covariance, and the speakers' variances there.

    Parameters
    ----------
    mean : ndarray of shape (n_factors,)
    transform : ndarray of shape (n_factors, n_dimensions)
    phi : ndarray of shape (n_dimensions,)
        Between-speaker variance of each dimension, largest first; the within-speaker variance is 1.

    References
    ----------
    .. [1] Ioffe, "Probabilistic linear discriminant analysis", ECCV 2006.
    .. [2] Brummer and De Villiers, "The speaker partitioning problem", Odyssey 2010.
    """

    mean: np.ndarray
    transform: np.ndarray
    phi: np.ndarray

    def __post_init__(self):
        if np.shape(self.transform) != np.shape(self.mean) + np.shape(self.phi) or np.ndim(self.phi) != 1:
            raise ValueError(
                f"transform {np.shape(self.transform)} must be (n_factors, n_dimensions), "
                f"mean {np.shape(self.mean)} and phi {np.shape(self.phi)} its two sides."
            )
        if np.min(self.phi) <= 0:
            raise ValueError("phi holds variances and must be positive.")

    def project(self, embeddings):
        """Length-normalised embeddings in PLDA space, shape (n, n_dimensions)."""
        return length_normalise(embeddings - self.mean) @ self.transform

    def log_likelihood_ratio(self, Y, Z=None):
        """Same speaker against different speakers, nats, for all pairs of projected rows, shape (n, m)."""
        Z = Y if Z is None else Z
        phi = self.phi
        total = phi + 1
        determinant = total**2 - phi**2
        # log N([y z]; same) - log N(y; total) - log N(z; total), per dimension
        cross = phi / determinant
        own = 0.5 * (1 / total - total / determinant)
        constant = 0.5 * (2 * np.log(total) - np.log(determinant)).sum()
        return (Y * cross) @ Z.T + ((Y**2) @ own)[:, None] + ((Z**2) @ own)[None, :] + constant


def length_normalise(X):
    """Rows scaled to a length of sqrt(n_columns), shape kept (Garcia-Romero and Espy-Wilson 2011)."""
    return X * np.sqrt(X.shape[1]) / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12)


def fit_plda(embeddings, speakers, n_dimensions):
    """Estimate the transform from labelled embeddings.

    Parameters
    ----------
    embeddings : ndarray of shape (n, n_factors)
    speakers : ndarray of shape (n,)
        A label for each row; speakers with one row tell nothing of the within-speaker covariance.
    n_dimensions : int
        Directions kept, those in which speakers differ most (this is LDA).

    Returns
    -------
    plda : PLDA

    Raises
    ------
    ValueError
        If there are fewer than two speakers, or none of them has a second row.
    """
    from scipy.linalg import eigh

    _, labels, counts = np.unique(speakers, return_inverse=True, return_counts=True)
    if not 2 <= len(counts) < len(labels):
        raise ValueError(
            f"{len(labels)} embeddings of {len(counts)} speakers do not show how speakers differ and how one "
            "varies; give two speakers or more, with several embeddings each."
        )
    mean = embeddings.mean(axis=0, dtype=np.float64)
    X = length_normalise(embeddings - mean)
    centroids = np.zeros((len(counts), X.shape[1]))
    np.add.at(centroids, labels, X)
    centroids /= counts[:, None]
    deviation = X - centroids[labels]
    within = deviation.T @ deviation / (len(X) - len(counts))
    # the spread of centroids holds within / n of noise
    between = np.cov(centroids.T) - within * (1 / counts).mean()
    phi, transform = eigh(between, within)
    order = np.argsort(-phi)[:n_dimensions]
    return PLDA(mean, transform[:, order], np.maximum(phi[order], 1e-3))
