from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.describe.rates import pass_rates


@pytest.fixture(autouse=True)
def no_window(monkeypatch):
    """Nothing shows a window, and no figure stays open."""
    pytest.importorskip("matplotlib").use("Agg")
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.close("all")
    monkeypatch.setattr(plt, "show", lambda *_, **__: pytest.fail("a plot called show"))
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def labels():
    """A function that reads what stands at the ticks of an axis."""
    return lambda axis: [label.get_text() for label in axis.get_ticklabels()]


@pytest.fixture(scope="session")
def intervals():
    """A function that reads the ends of all intervals drawn, along the axis of the values."""

    def intervals(ax, across=True):
        lines = [segment for container in ax.containers for segment in container.lines[2][0].get_segments()]
        return np.array(lines)[:, :, 0 if across else 1]

    return intervals


@pytest.fixture
def odds():
    """Three terms; the interval of the last goes to infinity."""
    terms = ["runtime", "genre_war", "cast_female_10"]
    contrasts = ["92 -> 116", "1 against 0", "+10 points"]
    table = pd.DataFrame({"term": terms, "contrast": contrasts, "odds_ratio": [1.25, 0.5, 2.0]})
    return SimpleNamespace(table=table.assign(ci_low=[1.0, 0.25, 1.6], ci_high=[1.5, 0.8, np.inf]))


@pytest.fixture
def rates():
    films = pd.DataFrame({"year": [1995] * 40 + [2005] * 60, "genres": ["War"] * 40 + ["Horror"] * 60})
    films["passes"] = [1] * 10 + [0] * 30 + [1] * 45 + [0] * 15
    return {by: pass_rates(films, by) for by in ("year", "genres")}
