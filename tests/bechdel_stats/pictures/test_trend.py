from types import SimpleNamespace

import numpy as np
import pandas as pd

from bechdel_stats.pictures.trend import plot_trend


def test_rates_curves_and_band_are_drawn(intervals):
    table = pd.DataFrame({"year": [2000, 2001], "crude": 0.5, "adjusted": 0.4, "ci_low": 0.3, "ci_high": 0.5})
    points = pd.DataFrame({"year": [2000.4], "pass_rate": 0.6, "ci_low": 0.5, "ci_high": 0.8})
    ax = plot_trend(SimpleNamespace(table=table, points=lambda: points))
    curves = {line.get_label(): line.get_ydata().tolist() for line in ax.lines if line.get_label()[0] != "_"}
    assert curves == {"curve of all films": [50, 50], "adjusted for the other attributes": [40, 40]}
    assert (ax.get_xlabel(), len(ax.collections)) == ("Year", 2)  # the intervals of the rates, and the band
    np.testing.assert_allclose(intervals(ax, across=False), [[50, 80]])
    bare = plot_trend(SimpleNamespace(table=table.assign(adjusted=np.nan), points=lambda: points), language="fr")
    assert bare.get_xlabel() == "Année" and len(bare.lines) == 2
