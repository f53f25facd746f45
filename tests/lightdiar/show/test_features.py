"""Features read back from the drawn colours."""

import numpy as np
import pytest

from lightdiar.show.features import plot_features
from lightdiar.signal.frames import FrameGrid

pytestmark = pytest.mark.usefixtures("no_window")

GRID = FrameGrid(16000)


def picture(ax):
    mesh = ax.collections[0]
    edges = mesh.get_coordinates()
    return edges[0, :, 0], edges[:, 0, 1], np.asarray(mesh.get_array())


def test_each_feature_is_drawn_by_its_distance_from_its_mean():
    """1, 3 and 5: the standard deviation is the root of 8/3; a constant feature has the colour of the mean."""
    times, rows, values = picture(plot_features([[1, 7, 500], [3, 7, 300], [5, 7, 100]], GRID))
    far = 2 / np.sqrt(8 / 3)
    np.testing.assert_allclose(values, [[-far, 0, far], [0, 0, 0], [far, 0, -far]], atol=1e-12)
    assert rows.tolist() == [-0.5, 0.5, 1.5, 2.5]
    np.testing.assert_allclose(times, [0.0075, 0.0175, 0.0275, 0.0375])  # a frame speaks for the step in its middle


def test_axes_are_named_and_colours_too(axes, drawn):
    ax = plot_features(np.eye(24), GRID, "Mel filter", axes)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Time", "Mel filter")
    assert drawn(ax.yaxis)[:2] == ["0", "3"] or drawn(ax.yaxis)[1:3] == ["0", "3"]
    (bar,) = (other for other in ax.figure.axes if other is not ax)
    assert bar.get_ylabel() == "Standard deviations\nfrom its mean"
    assert ax.collections[0].get_clim() == (-3, 3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_of_many_frames_the_means_are_drawn(rng, dtype):
    X = rng.normal(100, 2, (4001, 2)).astype(dtype)
    times, _, values = picture(plot_features(X, GRID))
    assert values.shape == (2, 801)  # of 5 frames, the last one of 1
    np.testing.assert_allclose(values[:, 0], (X[:5].mean(axis=0) - X.mean(axis=0)) / X.std(axis=0), atol=1e-4)
    np.testing.assert_allclose(values[:, -1], (X[-1] - X.mean(axis=0)) / X.std(axis=0), atol=1e-4)
    assert times[1] - times[0] == pytest.approx(0.05) and times[-1] - times[-2] == pytest.approx(0.01)


@pytest.mark.parametrize("shape", [(0, 13), (5, 0)])
def test_nothing_says_so(shape):
    ax = plot_features(np.zeros(shape), GRID)
    assert [text.get_text() for text in ax.texts] == ["no frames"] and not ax.collections


def test_rubbish_is_refused():
    with pytest.raises(ValueError, match=r"^X has shape \(3,\); features have shape \(n_frames, n_features\)"):
        plot_features([1, 2, 3], GRID)
    with pytest.raises(ValueError, match="^X contains NaN or infinity, which have no colour"):
        plot_features([[1, np.nan]], GRID)
