import numpy as np
import pandas as pd
import pytest

from bechdel_stats.cli import main


@pytest.fixture(scope="session")
def run():
    """A function that runs the command line and returns its exit status."""
    return lambda *arguments: main([str(argument) for argument in arguments])


@pytest.fixture
def refused(run, capsys):
    """A function that runs a command which must fail with status 2 and one line, and returns that line."""

    def refused(*arguments):
        capsys.readouterr()
        assert run(*arguments) == 2
        error = capsys.readouterr().err
        assert error.startswith("bechdel-stats: ") and error.count("\n") == 1
        return error

    return refused


@pytest.fixture(scope="session")
def table():
    """400 invented films: women in the cast help, War does not; ten lack a runtime."""
    rng = np.random.default_rng(3)
    n = 400
    share = rng.uniform(0, 0.8, n)
    genres = rng.choice(["Drama", "War", "Comedy", "Horror|Drama"], n)
    logit = 5 * (share - 0.4) - 1.0 * (genres == "War")
    passes = rng.random(n) < 1 / (1 + np.exp(-logit))
    return pd.DataFrame(
        {
            "imdb_id": [f"tt{number:07d}" for number in range(1, n + 1)],
            "title": [f"Film {number}" for number in range(1, n + 1)],
            "year": rng.integers(1950, 2020, n),
            "rating": np.where(passes, 3, rng.integers(0, 3, n)),
            "genres": genres,
            "runtime": np.where(np.arange(n) < 10, np.nan, rng.integers(80, 150, n)),
            "language": rng.choice(["en", "fr"], n),
            "country": rng.choice(["United States", "France"], n),
            "budget": 10 ** rng.uniform(5.5, 8, n),
            "cast_female_share": share,
            "director_female_share": rng.integers(0, 2, n),
            "writer_female_share": rng.integers(0, 2, n),
        }
    )


@pytest.fixture(scope="session")
def path(table, tmp_path_factory):
    """The table as a file, which no test writes to."""
    path = tmp_path_factory.mktemp("cli") / "films.csv"
    table.to_csv(path, index=False)
    return path
