import os

# before numpy and scikit-learn load: on small data, waiting for threads takes longer than the work
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lightdiar.models.gmm import GMM


@pytest.fixture(scope="session")
def shared():
    """Folder of recordings that are not part of the project."""
    if "LIGHTDIAR_SHARED" not in os.environ:
        pytest.skip("set LIGHTDIAR_SHARED to the folder of shared recordings")
    return Path(os.environ["LIGHTDIAR_SHARED"])


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def text_file(tmp_path):
    """A function that writes a text into a file."""

    def write(text, encoding="utf-8"):
        path = tmp_path / "file.txt"
        path.write_bytes(text.encode(encoding))
        return path

    return write


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


@pytest.fixture(scope="session")
def start_browser():
    """A function that starts a Chromium without a window, by playwright, with more arguments if need be."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.skip(f"no browser is installed: none of {', '.join(names)} is on the PATH")
    quiet = "background-networking component-update sync gpu".split()
    arguments = ["--no-sandbox", "--no-first-run", *(f"--disable-{part}" for part in quiet)]
    with sync_api.sync_playwright() as playwright:
        started = []

        def start(*more):
            started.append(playwright.chromium.launch(executable_path=program, args=[*arguments, *more]))
            return started[-1]

        yield start
        for chromium in started:
            chromium.close()


@pytest.fixture(scope="session")
def browser(start_browser):
    """A Chromium without a window."""
    return start_browser()


FILMS_TRUTH = {"cast": 4.0, "Horror": 0.8, "War": -1.0}  # log odds of a step up: per whole share, per genre


@pytest.fixture(scope="session")
def films():
    """600 made-up films, proportional odds by `FILMS_TRUTH`; budget and summary have holes, titles count up."""
    rng = np.random.default_rng(7)
    n = 600
    genres = rng.random((n, 5)) < (0.5, 0.35, 0.2, 0.2, 0.15)
    genres[~genres.any(axis=1), 0] = True
    names = np.array(["Drama", "Comedy", "Horror", "War", "Romance"])
    cast = rng.binomial(12, rng.beta(2, 3, n))
    latent = 4 * (cast / 12 - 0.4) + 0.8 * genres[:, 2] - genres[:, 3] + rng.logistic(size=n)
    rating = np.searchsorted([-2.0, -0.3, 0.1], latent)
    budget = 10 ** rng.uniform(5.5, 8, n)
    budget[rng.random(n) < 0.3] = np.nan
    overview = np.where(rng.random(n) < 0.2, None, np.where(rng.random(n) < 0.5, "She and her sister", "A man alone"))
    return pd.DataFrame(
        {
            "title": [f"Film {number}" for number in range(n)],
            "rating": rating,
            "year": rng.integers(1940, 2020, n),
            "genres": ["|".join(names[row]) for row in genres],
            "runtime": rng.normal(105, 20, n).round(),
            "language": rng.choice(["en", "fr", "ja"], n, p=[0.7, 0.2, 0.1]),
            "country": rng.choice(["United States", "France", "Japan"], n),
            "budget": budget,
            "cast_female_share": cast / 12,
            "cast_women": cast,
            "cast_men": 12 - cast,
            "director_female_share": rng.integers(0, 2, n),
            "writer_female_share": rng.integers(0, 2, n),
            "crew_female_share": rng.random(n).round(2),
            "overview": overview,
            "imdb_rating": rng.uniform(3, 9, n).round(1),
            "imdb_votes": rng.integers(100, 100_000, n),
        }
    )
