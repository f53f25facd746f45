import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta, binom

from bechdel_stats.describe import shrinkage
from bechdel_stats.describe.shrinkage import shrink


def test_one_component_is_the_beta_binomial_by_hand(monkeypatch):
    """A correlation of 1/11 counts as ten films at the mean."""
    monkeypatch.setattr(shrinkage, "_ROOTS", np.array([11**-0.5]))
    monkeypatch.setattr(shrinkage, "_PRIOR", np.array([1.0]))
    assert shrink([2, 30], [10, 40], [0.5, 0.3]) == pytest.approx([(2 + 5) / 20, (30 + 3) / 50])


def test_two_components_by_integration(monkeypatch):
    monkeypatch.setattr(shrinkage, "_ROOTS", np.array([1 / 2, 1 / 10]))  # 3 and 99 films at the mean
    monkeypatch.setattr(shrinkage, "_PRIOR", np.array([0.5, 0.5]))
    monkeypatch.setattr(shrinkage, "_N_STEPS", 1)
    priors = [beta(3 * 0.4, 3 * 0.6), beta(99 * 0.4, 99 * 0.6)]
    joint = [quad(lambda p, prior=prior: prior.pdf(p) * binom.pmf(9, 12, p), 0, 1)[0] for prior in priors]
    means = [(9 + 3 * 0.4) / 15, (9 + 99 * 0.4) / 111]
    assert shrink([9], [12], 0.4) == pytest.approx([np.dot(joint, means) / sum(joint)])


def test_what_clearly_differs_keeps_its_rate_and_what_does_not_is_given_the_mean():
    one, *others = shrink([14, *[26, 28, 30] * 6], [57] * 19, 0.47)
    assert 0.25 < one < 0.33  # raw 0.246
    assert np.ptp(others) < 0.3 * np.ptp([26, 28, 30]) / 57
    assert shrink([0, 40], [40, 40], 0.5) == pytest.approx([0, 1], abs=0.02)
    assert shrink([20, 20], 40, 0.5) == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("spread", [0.0, 0.05, 0.1, 0.2])
def test_errors_are_smaller_than_those_of_raw_rates_and_not_much_larger_than_those_of_the_mean(rng, spread):
    errors = []
    for _ in range(60):
        n = rng.integers(30, 200, 18)
        rates = np.clip(0.5 + rng.normal(0, spread, 18), 0.02, 0.98)
        k = rng.binomial(n, rates)
        mean = k.sum() / n.sum()
        errors.append([np.mean((found - rates) ** 2) for found in (k / n, mean, shrink(k, n, mean))])
    raw, pooled, shrunken = np.mean(errors, axis=0)
    assert shrunken < raw and shrunken < pooled + 0.0004


def test_errors_are_smaller_than_those_of_both_where_one_group_differs(rng):
    errors, first = [], []
    for _ in range(60):
        n, rates = rng.integers(30, 200, 18), np.array([0.25, *[0.5] * 17])
        k = rng.binomial(n, rates)
        found = shrink(k, n, k.sum() / n.sum())
        errors.append([np.mean((each - rates) ** 2) for each in (k / n, k.sum() / n.sum(), found)])
        first.append(found[0])
    raw, pooled, shrunken = np.mean(errors, axis=0)
    assert shrunken < 0.5 * min(raw, pooled) and np.mean(first) < 0.33
