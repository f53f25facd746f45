import os

# before numpy and scikit-learn load: on small data, waiting for threads takes longer than the work
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import pytest  # noqa: E402

from lightdiar.gmm import GMM  # noqa: E402


@pytest.fixture(scope="session")
def shared():
    """Folder of recordings that are not part of the project."""
    if "LIGHTDIAR_SHARED" not in os.environ:
        pytest.skip("set LIGHTDIAR_SHARED to the folder of shared recordings")
    return Path(os.environ["LIGHTDIAR_SHARED"])


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def voice():
    """Three seconds at 16 kHz: harmonics of 120 Hz, loud and soft four times a second, in steady noise."""
    t = np.arange(48000) / 16000
    harmonics = sum(np.sin(2 * np.pi * 120 * k * t) / k for k in range(1, 30))
    noise = np.random.default_rng(0).normal(size=len(t))
    samples = 0.1 * harmonics * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * t)) + 0.01 * noise
    return (samples - samples.mean()).astype(np.float32)


@pytest.fixture(scope="session")
def mixture():
    """A mixture of four Gaussians in three dimensions, neither centred nor of unit scale."""
    rng = np.random.default_rng(1)
    return GMM(np.array([0.1, 0.2, 0.3, 0.4]), rng.normal(5, 4, (4, 3)), rng.uniform(0.5, 3, (4, 3)))


@pytest.fixture(scope="session")
def drawn(mixture):
    """5000 frames drawn from `mixture`, shape (5000, 3)."""
    rng = np.random.default_rng(2)
    component = rng.choice(4, 5000, p=mixture.weights)
    return mixture.means[component] + rng.normal(size=(5000, 3)) * np.sqrt(mixture.covariances[component])
