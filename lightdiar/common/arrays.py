"""Checks of arrays that users give."""

import numpy as np


def checked_rows(X: object, rows: str = "n_frames", columns: str = "n_features", name: str = "X") -> np.ndarray:
    """X as an array of finite numbers, of two dimensions; ValueError if it is none, in which they have these names."""
    array = np.asarray(X)
    if array.ndim != 2 or array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        what = f"{array.dtype} of shape {array.shape}"
        raise ValueError(f"{name}, {what}, must be numbers of shape ({rows}, {columns}), without NaN or infinity.")
    return array
