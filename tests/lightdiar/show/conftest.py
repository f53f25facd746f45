"""Axes to draw on, and a watch over what drawing must leave alone."""

import pytest


@pytest.fixture
def no_window(monkeypatch):
    """Nothing shows a window or changes a setting, and no figure stays open."""
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.close("all")
    monkeypatch.setattr(plt, "show", lambda *_, **__: pytest.fail("a plot called show"))
    settings = dict(matplotlib.rcParams)
    yield
    assert dict(matplotlib.rcParams) == settings
    plt.close("all")


@pytest.fixture
def axes(no_window):
    """Axes of 6 x 3 inches."""
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(6, 3), layout="constrained")[1]


@pytest.fixture
def drawn():
    """A function that draws the figure of `ax` and returns its texts on an axis, those of ticks first."""

    def texts(axis):
        axis.axes.figure.canvas.draw()
        return [label.get_text() for label in axis.get_ticklabels()]

    return texts
