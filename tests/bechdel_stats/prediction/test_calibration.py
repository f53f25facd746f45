import numpy as np
import pytest
from scipy.special import expit, logit

from bechdel_stats.prediction.calibration import auc_interval, by_decade, calibration_in_the_large, measure_period

PASSES = np.array([True, True, True, False, False])
PROBABILITY = np.array([0.9, 0.6, 0.4, 0.6, 0.2])


def test_auc_and_its_interval_by_hand():
    # of 6 pairs: .9 wins both; .6 ties with .6 and wins over .2; .4 loses to .6 and wins over .2
    # placements of films that pass: 1, .75, .5 (variance .0625); of films that fail: .5, 1 (variance .125)
    half = 1.959964 * np.sqrt(0.0625 / 3 + 0.125 / 2)
    assert auc_interval(PASSES, PROBABILITY) == pytest.approx((0.75, 0.75 - half, 1.0))
    assert np.isnan(auc_interval(PASSES[:3], PROBABILITY[:3])).all()
    assert np.isnan(auc_interval(PASSES[:4], PROBABILITY[:4])).tolist() == [False, True, True]


def test_auc_is_that_of_scikit_learn_and_its_interval_holds_the_truth(rng):
    from sklearn.metrics import roc_auc_score

    held = 0
    for number in range(200):
        passes = rng.random(120) < 0.6
        value = np.round(rng.normal(passes * 1.0, 1.0), 1)  # with ties
        auc, low, high = auc_interval(passes, value)
        assert number > 9 or auc == pytest.approx(roc_auc_score(passes, value))
        held += low <= 0.760 <= high  # of two normals one deviation apart: Phi(1 / sqrt 2)
    assert 180 <= held <= 198


def test_calibration_in_the_large_is_what_has_to_be_added():
    shift = calibration_in_the_large(PASSES, PROBABILITY)
    assert expit(logit(PROBABILITY) + shift).sum() == pytest.approx(3)
    assert shift > 0  # 2.7 were expected
    assert calibration_in_the_large(PASSES, np.full(5, 0.6)) == pytest.approx(0, abs=1e-9)
    assert np.isnan(calibration_in_the_large(PASSES[:3], PROBABILITY[:3]))
    assert np.isfinite(calibration_in_the_large(PASSES, np.array([1.0, 1, 1, 0, 0])))


def test_the_large_equals_a_logit_with_an_offset(rng):
    import statsmodels.api as sm

    probability = rng.uniform(0.1, 0.9, 300)
    passes = rng.random(300) < expit(logit(probability) + 0.7)
    model = sm.GLM(passes * 1.0, np.ones(300), family=sm.families.Binomial(), offset=logit(probability))
    assert calibration_in_the_large(passes, probability) == pytest.approx(model.fit().params[0], abs=1e-6)


def test_decades_are_measured_each_for_itself():
    years = np.array([1990.0, 1999, 1999, 1989, np.nan])
    table = by_decade(PASSES, PROBABILITY, years)
    assert table["period"].tolist() == ["1980s", "1990s", "not known"]
    assert table["n_films"].tolist() == [1, 3, 1] and table["pass_rate"].tolist() == [0, 1, 0]
    assert table["predicted"].tolist() == pytest.approx([0.6, (0.9 + 0.6 + 0.4) / 3, 0.2])
    assert table[["auc", "slope", "in_the_large"]].isna().all(axis=None)  # nothing to compare in any
    whole = by_decade(PASSES, PROBABILITY, np.full(5, 2001.0))
    assert whole.drop(columns="period").iloc[0].to_dict() == pytest.approx(
        measure_period(PASSES, PROBABILITY), nan_ok=True
    )
