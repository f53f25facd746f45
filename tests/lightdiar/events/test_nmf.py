import numpy as np
import pytest
from sklearn.decomposition import NMF

from lightdiar.events import nmf
from lightdiar.events.logistic import Logistic
from lightdiar.events.nmf import Nmf, stages


def mixed(shares, spectra):
    return np.log(shares @ spectra).astype(np.float32)


SPECTRA = np.array([[0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.7]])


def test_shares_of_known_spectra_are_found():
    """A row is 3 parts of the first spectrum and 1 of the second: the log odds read their difference."""
    reader = Nmf(SPECTRA, Logistic(np.array([1.0, -1.0]), 0.0))
    X = mixed(np.array([[3.0, 1.0], [1.0, 1.0], [1.0, 3.0]]), SPECTRA)
    expected = [np.log(0.751 / 0.251), 0, -np.log(0.751 / 0.251)]
    assert reader.scores(X) == pytest.approx(expected, abs=0.01)
    assert reader.rescaled(2.0, 1.0).scores(X) == pytest.approx(2 * np.array(expected) + 1, abs=0.02)


def test_loudness_and_other_columns_do_not_count(rng, monkeypatch):
    reader = Nmf(SPECTRA, Logistic(np.array([1.0, -1.0]), 0.5))
    X = rng.normal(-8, 2, (50, 4)).astype(np.float32)
    wide = np.concatenate([X + 200, rng.normal(size=(50, 3))], axis=1, dtype=np.float32)
    whole = reader.scores(X)
    monkeypatch.setattr(nmf, "_BLOCK", 7)
    assert reader.scores(wide) == pytest.approx(whole, abs=1e-3)


def test_dictionaries_explain_as_well_as_those_of_scikit_learn(rng):
    true = rng.dirichlet(np.full(12, 0.3), 3)
    energies = (rng.dirichlet(np.ones(3), 400) @ true).astype(np.float32)
    ours = nmf._dictionary(energies, 3, np.random.default_rng(0))
    assert ours.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-5) and ours.min() >= 0
    shares = np.exp(nmf._log_shares(energies, ours)) - nmf._LEAST_SHARE
    theirs = NMF(3, solver="mu", beta_loss="kullback-leibler", init="random", max_iter=50, tol=0, random_state=0)
    other = theirs.fit_transform(energies) @ theirs.components_
    errors = [np.abs(energies - made).mean() / energies.mean() for made in (shares @ ours, other)]
    assert errors[0] < 0.1 and errors[0] < 1.5 * errors[1]


def test_updates_never_raise_the_divergence(rng, monkeypatch):
    energies = rng.dirichlet(np.ones(8), 40).astype(np.float32)
    spectra = rng.dirichlet(np.ones(8), 4).astype(np.float32)

    def divergence(rounds):
        monkeypatch.setattr(nmf, "_EXPLAINING", rounds)
        made = (np.exp(nmf._log_shares(energies, spectra)) - nmf._LEAST_SHARE) @ spectra
        return float((energies * np.log(energies / made) - energies + made).sum())

    divergences = [divergence(rounds) for rounds in (1, 2, 4, 8, 16, 32)]
    assert np.diff(divergences).max() <= 1e-4
    assert divergences[-1] < divergences[0]


@pytest.fixture
def scenes(rng):
    """The class adds its own spectrum to one of two beds."""
    y = np.arange(1200) % 3 == 0
    spectra = rng.dirichlet(np.full(10, 0.5), 3)
    shares = np.stack([rng.random(1200), rng.random(1200), y * rng.uniform(0.3, 2, 1200)], axis=1)
    return mixed(shares + 0.01, spectra), y


def test_a_class_is_heard_over_its_background(scenes):
    X, y = scenes
    given = dict(stages(X, y, np.ones(len(X)), n_bands=10, n_spectra=12))
    assert list(given) == [8, 16, 24]
    assert np.mean((given[24].scores(X) > 0) == y) > 0.9


def test_a_seed_gives_the_same_spectra(scenes):
    X, y = scenes
    one, two = (next(stages(X, y, np.ones(len(X)), seed=5, n_bands=10))[1] for _ in range(2))
    assert np.array_equal(one.spectra, two.spectra) and np.array_equal(one.logistic.slopes, two.logistic.slopes)


def test_three_rows_and_silence_have_finite_scores():
    X = np.array([[-23.0] * 4, [-23.0] * 4, [0, 1, 2, 3]], np.float32)
    for _, classifier in stages(X, np.array([False, False, True]), np.ones(3), n_bands=4):
        scores = classifier.scores(X)
        assert np.isfinite(scores).all() and scores[2] > scores[0] == scores[1]


def test_what_is_no_dictionary_is_refused():
    line = Logistic(np.zeros(2), 0.0)
    with pytest.raises(ValueError, match=r"spectra of shape \(3, 4\) and \(2,\) slopes"):
        Nmf(np.full((3, 4), 0.25), line)
    with pytest.raises(ValueError, match="0 or more and sum to 1"):
        Nmf(np.array([[1.5, -0.5], [0.5, 0.5]]), line)
    with pytest.raises(ValueError, match="the spectra have 4 bands; got 3 columns"):
        Nmf(SPECTRA, line).scores(np.zeros((1, 3), np.float32))
