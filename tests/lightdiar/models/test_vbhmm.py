import numpy as np
import pytest

from lightdiar.models.vbhmm import soften, vb_hmm

PHI = np.linspace(8, 0.2, 20)


@pytest.fixture(scope="module")
def meeting():
    """Embeddings drawn from the model: four speakers, turns of ten windows."""
    rng = np.random.default_rng(0)
    speakers = rng.normal(size=(4, len(PHI))) * np.sqrt(PHI)
    labels = np.repeat(rng.integers(0, 4, 40), 10)
    return speakers[labels] + rng.normal(size=(400, len(PHI))), labels


def start(n_speakers, seed=1):
    return soften(np.random.default_rng(seed).integers(0, n_speakers, 400))


def test_superfluous_speakers_vanish_and_the_others_are_found(meeting):
    Y, labels = meeting
    halves = 2 * labels + np.arange(400) % 20 // 10  # every speaker taken for two
    posterior = vb_hmm(Y, PHI, soften(halves))
    assert posterior.convergence.converged
    n_speakers = len(set(labels))
    assert np.count_nonzero(posterior.weights) == np.count_nonzero(posterior.responsibilities.any(axis=0)) == n_speakers
    found = posterior.responsibilities.argmax(axis=1)
    assert len(set(zip(found, labels))) == len(set(found)) == n_speakers


@pytest.mark.parametrize("loop_probability", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("fa, fb", [(1.0, 1.0), (0.4, 10.0)])
def test_the_bound_never_falls(meeting, loop_probability, fa, fb):
    Y, responsibilities = meeting[0][:200], start(8)[:200]
    posterior = vb_hmm(Y, PHI, responsibilities, loop_probability=loop_probability, fa=fa, fb=fb, tolerance=-1.0)
    assert len(posterior.elbo) == 40
    assert np.diff(posterior.elbo).min() > -1e-8
    assert not posterior.convergence.converged


def test_responsibilities_agree_with_all_paths_written_out():
    """Three embeddings, two speakers: sum over the eight paths; one iteration of the published equations."""
    Y, phi, gamma = (
        np.array([[1.0], [0.8], [-1.0]]),
        np.array([2.0]),
        np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]]),
    )
    loop, fa, fb = 0.7, 0.5, 2.0
    inverse_L = 1 / (1 + fa / fb * gamma.sum(axis=0) * 2.0)
    alpha = fa / fb * inverse_L * (gamma.T @ (Y[:, 0] * np.sqrt(2.0)))
    log_p = fa * (Y * np.sqrt(2.0) * alpha - 0.5 * (inverse_L + alpha**2) * 2.0 - 0.5 * Y**2 - 0.5 * np.log(2 * np.pi))
    p, step = np.exp(log_p), loop * np.eye(2) + (1 - loop) * 0.5
    paths = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)])
    joint = np.array([0.5 * p[0, a] * step[a, b] * p[1, b] * step[b, c] * p[2, c] for a, b, c in paths])
    expected = np.stack([((paths == k) * joint[:, None]).sum(axis=0) for k in (0, 1)], axis=1) / joint.sum()
    prior = 0.5 * (np.log(inverse_L) - inverse_L - alpha**2 + 1).sum()

    posterior = vb_hmm(Y, phi, gamma, loop_probability=loop, fa=fa, fb=fb, n_iter=1)
    assert posterior.responsibilities == pytest.approx(expected)
    assert posterior.elbo == pytest.approx([np.log(joint.sum()) + fb * prior])


def test_one_embedding_and_one_speaker():
    posterior = vb_hmm(np.ones((1, 20)), PHI, np.ones((1, 1)))
    assert posterior.responsibilities.tolist() == [[1.0]] and posterior.weights.tolist() == [1.0]


def test_time_may_run_backwards(meeting):
    Y, _ = meeting
    forwards, backwards = vb_hmm(Y, PHI, start(6)), vb_hmm(Y[::-1], PHI, start(6)[::-1])
    assert forwards.responsibilities == pytest.approx(backwards.responsibilities[::-1], abs=1e-6)


def test_soft_labels():
    assert soften([1, 0], sharpness=np.log(3)) == pytest.approx(np.array([[0.25, 0.75], [0.75, 0.25]]))


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"Y \(3, 2\), phi \(2,\) and responsibilities \(4, 2\) do not match"):
        vb_hmm(np.ones((3, 2)), np.ones(2), np.full((4, 2), 0.5))
    with pytest.raises(ValueError, match=r"loop_probability=1.0 must be in \[0, 1\)"):
        vb_hmm(np.ones((3, 2)), np.ones(2), np.full((3, 2), 0.5), loop_probability=1.0)
