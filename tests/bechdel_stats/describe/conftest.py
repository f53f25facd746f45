import pandas as pd
import pytest


@pytest.fixture(scope="session")
def table():
    """A function that makes films of (genres, number that pass, number that fail)."""

    def table(*groups):
        rows = [(value, outcome) for value, *counts in groups for outcome, n in zip((1, 0), counts) for _ in range(n)]
        return pd.DataFrame({"genres": [value for value, _ in rows], "passes": [outcome for _, outcome in rows]})

    return table


@pytest.fixture(scope="session")
def random_films():
    """A function that makes n films whose outcome follows nothing."""

    def random_films(rng, n):
        return pd.DataFrame(
            {
                "genres": ["|".join(rng.choice(["Drama", "Comedy", "War", "Horror"], 2, False)) for _ in range(n)],
                "year": rng.integers(1950, 2020, n),
                "country": rng.choice(["France", "Japan", "United States"], n),
                "budget": rng.lognormal(16, 1, n),
                "passes": rng.integers(0, 2, n),
            }
        )

    return random_films
