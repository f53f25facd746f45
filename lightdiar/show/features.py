"""Features of a sound, frame by frame, as colours."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from lightdiar.common.axes import new_axes
from lightdiar.show.canvas import all_finite, block_means, blocks, colour_bar, heat_map, say, time_axis
from lightdiar.signal.frames import FrameGrid

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FARTHEST = 3.0  # standard deviations; what is farther is drawn alike


def plot_features(X: ArrayLike, grid: FrameGrid, label: str = "Coefficient", ax: "Axes | None" = None) -> "Axes":
    """Draw features such as MFCC over time, each by how far it is from its own mean.

    Parameters
    ----------
    X : array-like of shape (n_frames, n_features)
        Such as ``lightdiar.mfcc(samples, sample_rate)``. Of many frames, each of at most 1000 columns is the mean of
        all frames in it.
    grid : FrameGrid
        Positions of the frames, such as ``lightdiar.FrameGrid(sample_rate)``.
    label : str, default="Coefficient"
        What the features are, beside the axis that numbers them from 0.
    ax : matplotlib Axes, optional

    Returns
    -------
    ax : matplotlib Axes
        A constant feature has the colour of the mean; without frames or features there are empty axes that say so.

    Raises
    ------
    ValueError
        If `X` is not two-dimensional and finite.
    """
    X = np.asarray(X)
    if X.ndim != 2:
        raise ValueError(f"X has shape {X.shape}; features have shape (n_frames, n_features).")
    if not all_finite(X):
        raise ValueError("X contains NaN or infinity, which have no colour; leave those frames or features out.")
    ax = new_axes(ax, 3.4)
    n_frames, n_features = X.shape
    edges = grid.times(n_frames + 1) - grid.hop_length / grid.sample_rate / 2
    time_axis(ax, edges[-1] if n_frames else 1.0)
    ax.set_ylabel(label)
    if X.size == 0:
        say(ax, "no frames")
        return ax
    from matplotlib.ticker import MaxNLocator

    columns = blocks(n_frames)
    means = block_means(X, columns)
    deviations = (means - X.mean(axis=0, dtype=np.float64)) / _spread(X)
    ax.set_ylim(-0.5, n_features - 0.5)
    ax.yaxis.set_major_locator(MaxNLocator(8, integer=True))
    limits = {"vmin": -_FARTHEST, "vmax": _FARTHEST}
    mesh = heat_map(ax, edges[columns], np.arange(n_features + 1) - 0.5, deviations.T, cmap="PuOr_r", **limits)
    colour_bar(ax, mesh, "Standard deviations\nfrom its mean", extend="both")
    return ax


def _spread(X):
    """Standard deviation of each feature; 1 if it is constant, but for rounding. Makes no copy of `X`."""
    square = np.einsum("ij,ij->j", X, X, dtype=np.float64, casting="same_kind") / len(X)
    variance = square - X.mean(axis=0, dtype=np.float64) ** 2
    return np.sqrt(np.where(variance > 1e-12 * square, variance, 1.0))
