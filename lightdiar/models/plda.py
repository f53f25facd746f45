"""Two-covariance PLDA: the log likelihood ratio of same against different speakers.

An embedding is ``speaker + deviation``, both Gaussian. A linear transform makes the deviation white and the
speakers' covariance diagonal (``phi``), so that every formula works on each dimension separately.

LDA and WCCN do part of this and are scored by cosine: WCCN only whitens the deviation, LDA also keeps only the
dimensions in which speakers differ most, and PLDA knows in addition how much they differ there. The pipeline uses
PLDA; LDA and WCCN are included for comparison and teaching.
"""

from dataclasses import dataclass

import numpy as np

from lightdiar.common.arrays import checked_rows
from lightdiar.models.gaussian import sums_by_label

_LEAST_PHI = 1e-3


@dataclass(frozen=True, eq=False)
class Projection:
    """Linear transform to the space in which embeddings are compared: that of LDA, WCCN or PLDA.

    Parameters
    ----------
    mean : ndarray of shape (n_factors,)
    transform : ndarray of shape (n_factors, n_dimensions)
    """

    mean: np.ndarray
    transform: np.ndarray

    def project(self, embeddings: np.ndarray) -> np.ndarray:
        """Length-normalised embeddings in this space, shape (n, n_dimensions)."""
        return length_normalise(embeddings - self.mean) @ self.transform


@dataclass(frozen=True, eq=False)
class PLDA(Projection):
    """Transform to a space with unit within-speaker covariance, and the between-speaker variances there.

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

    phi: np.ndarray

    def __post_init__(self):
        if np.shape(self.transform) != np.shape(self.mean) + np.shape(self.phi) or np.ndim(self.phi) != 1:
            raise ValueError(
                f"transform {np.shape(self.transform)} must be (n_factors, n_dimensions), "
                f"mean {np.shape(self.mean)} and phi {np.shape(self.phi)} must match its two dimensions."
            )
        if np.min(self.phi) <= 0:
            raise ValueError("phi holds variances and must be positive.")

    def log_likelihood_ratio(self, Y: np.ndarray, Z: np.ndarray | None = None) -> np.ndarray:
        """Same speaker against different speakers, in nats, for all pairs of projected rows, shape (n, m)."""
        Z = Y if Z is None else Z
        phi = self.phi
        total = phi + 1
        determinant = total**2 - phi**2
        # log N([y z]; same) - log N(y; total) - log N(z; total), per dimension
        cross = phi / determinant
        own = 0.5 * (1 / total - total / determinant)
        constant = 0.5 * (2 * np.log(total) - np.log(determinant)).sum()
        return (Y * cross) @ Z.T + ((Y**2) @ own)[:, None] + ((Z**2) @ own)[None, :] + constant

    def adapt(
        self, Y: np.ndarray, speakers: np.ndarray, *, n_points: float = 100.0, n_speakers: float = 5.0
    ) -> tuple["PLDA", np.ndarray]:
        """For one recording, whose speakers vary in ways of their own: moods, a language, music that changes.

        Both covariances are estimated maximum a posteriori [3]_, and the space is turned to the new ones. The trace of
        that within speakers is kept: what points tell in all stays the same, and only where they tell it changes.

        Parameters
        ----------
        Y : ndarray of shape (n, n_dimensions)
            Projected points of the recording.
        speakers : ndarray of int, shape (n,)
            Label of each, from 0 without gaps.
        n_points, n_speakers : float, default=100, 5
            Points that the covariance within the speakers of training is worth, and speakers that the one between
            them is worth.

        Returns
        -------
        plda : PLDA
        Y : ndarray of shape (n, n_dimensions)
            The same points in its space.

        References
        ----------
        .. [3] Gauvain and Lee, "Maximum a posteriori estimation for multivariate Gaussian mixture observations of
           Markov chains", IEEE Trans. Speech and Audio Processing 2, 1994.
        """
        n_dimensions, counts = len(self.phi), np.bincount(speakers)
        centroids, scatter = _centroids(Y, speakers, counts)
        spread = centroids - centroids.mean(axis=0)
        within = n_points * np.eye(n_dimensions) + scatter
        within *= n_dimensions / np.trace(within)
        between = (n_speakers * np.diag(self.phi) + spread.T @ spread) / (n_speakers + len(counts) - 1)
        phi, transform = _discriminants((within, between), n_dimensions)
        return PLDA(self.mean, self.transform @ transform, np.maximum(phi, _LEAST_PHI)), Y @ transform


def length_normalise(X: np.ndarray) -> np.ndarray:
    """Rows scaled to length sqrt(n_columns), same shape (Garcia-Romero and Espy-Wilson 2011)."""
    return X * np.sqrt(X.shape[1]) / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12)


def cosine_scores(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Cosine similarity of all pairs of rows, shape (n, m); 0 for a row of zeros."""
    X, Y = (checked_rows(each, "n", "n_dimensions") for each in (X, Y))
    return length_normalise(X) @ length_normalise(Y).T / X.shape[1]


def fit_plda(embeddings: np.ndarray, speakers: np.ndarray, n_dimensions: int) -> PLDA:
    """Estimate the transform from labelled embeddings.

    Parameters
    ----------
    embeddings : ndarray of shape (n, n_factors)
    speakers : ndarray of shape (n,)
        Label of each row; speakers with a single row say nothing about the within-speaker covariance.
    n_dimensions : int
        Number of directions kept, those in which speakers differ most (this is LDA).

    Returns
    -------
    plda : PLDA

    Raises
    ------
    ValueError
        If there are fewer than two speakers, or none of them has more than one row.
    """
    mean, X = _normalised(embeddings)
    phi, transform = _discriminants(_covariances(X, speakers), n_dimensions)
    return PLDA(mean, transform, np.maximum(phi, _LEAST_PHI))


def fit_supervector_plda(
    supervectors: np.ndarray, speakers: np.ndarray, n_components: int, n_dimensions: int, *, seed: int = 0
) -> PLDA:
    """Estimate the transform from vectors that are too long for their covariances.

    The length-normalised vectors are first seen from their `n_components` principal components, which are then part of
    the transform.

    Parameters
    ----------
    supervectors : ndarray of shape (n, n_long)
        Overwritten, as a copy may not fit into memory.
    speakers, n_dimensions
        As in `fit_plda`, at most `n_components` dimensions; errors too.
    n_components, seed : int

    Returns
    -------
    plda : PLDA
        Of mean (n_long,) and transform (n_long, n_dimensions).
    """
    from sklearn.utils.extmath import randomized_svd

    mean = supervectors.mean(axis=0, dtype=np.float64).astype(supervectors.dtype)
    supervectors -= mean
    supervectors *= np.sqrt(len(mean)) / np.maximum(np.linalg.norm(supervectors, axis=1, keepdims=True), 1e-12)
    _, _, axes = randomized_svd(supervectors, n_components, n_iter=2, random_state=seed)
    phi, transform = _discriminants(_covariances(supervectors @ axes.T, speakers), n_dimensions)
    return PLDA(mean, (axes.T @ transform).astype(mean.dtype), np.maximum(phi, _LEAST_PHI))


def fit_lda(embeddings: np.ndarray, speakers: np.ndarray, n_dimensions: int) -> Projection:
    """Linear discriminant analysis: the directions in which speakers differ most, relative to how each one varies.

    Parameters, errors and directions are those of `fit_plda`. The projection is white within speakers, which leaves
    nothing for WCCN to do.

    Returns
    -------
    projection : Projection
    """
    mean, X = _normalised(embeddings)
    return Projection(mean, _discriminants(_covariances(X, speakers), n_dimensions)[1])


def fit_wccn(embeddings: np.ndarray, speakers: np.ndarray) -> Projection:
    """Within-class covariance normalisation: keep all directions, shrink those in which a speaker varies [1]_.

    Parameters and errors are those of `fit_plda`.

    Returns
    -------
    projection : Projection
        Its transform is the Cholesky factor of the inverse of the within-speaker covariance.

    References
    ----------
    .. [1] Hatch, Kajarekar and Stolcke, "Within-class covariance normalization for SVM-based speaker recognition",
       Interspeech 2006.
    """
    mean, X = _normalised(embeddings)
    within, _ = _covariances(X, speakers)
    return Projection(mean, np.linalg.cholesky(np.linalg.inv(within)))


def _normalised(embeddings):
    """Mean of the embeddings, and what is left of them at the same length."""
    embeddings = checked_rows(embeddings, "n", "n_dimensions")
    mean = embeddings.sum(axis=0, dtype=np.float64) / max(1, len(embeddings))
    return mean, length_normalise(embeddings - mean)


def _covariances(X, speakers):
    """Covariances within and between speakers."""
    _, labels, counts = np.unique(speakers, return_inverse=True, return_counts=True)
    if not 2 <= len(counts) < len(labels):
        raise ValueError(
            f"{len(labels)} embeddings of {len(counts)} speakers cannot show both how speakers differ and how "
            "each one varies; provide at least two speakers, with several embeddings each."
        )
    centroids, scatter = _centroids(X, labels, counts)
    within = scatter / (len(X) - len(counts))
    # the spread of centroids includes within / n of noise
    return within, np.cov(centroids.T) - within * (1 / counts).mean()


def _centroids(X, labels, counts):
    """Centroid of each label, which so many rows have, and the scatter of the rows about them."""
    centroids = sums_by_label(X, labels, len(counts)) / counts[:, None]
    deviation = X - centroids[labels]
    return centroids, deviation.T @ deviation


def _discriminants(covariances, n_dimensions):
    """Variances between speakers relative to those within, largest first, and their directions, white within."""
    from scipy.linalg import eigh

    within, between = covariances
    phi, transform = eigh(between, within)
    order = np.argsort(-phi)[:n_dimensions]
    return phi[order], transform[:, order]
