import numpy as np
import pandas as pd
import pytest

from bechdel_stats.prediction.local_effects import accumulated_local_effects
from bechdel_stats.words.messages import FilmsError


class Linear:
    """Probability of passing is runtime / 1000 + year / 10,000 (a tenth of it below 100 minutes)."""

    def predict_proba(self, films):
        passing = films["runtime"] / 1000 + films["year"] / 10_000
        return np.column_stack([1 - passing, passing])


def test_effects_by_hand():
    films = pd.DataFrame({"runtime": [60.0, 100, 100, 140], "year": [1990.0, 2000, 2010, 2000]})
    table = accumulated_local_effects(films, "runtime", n_bins=3, model=Linear()).table
    assert table["value"].tolist() == [60, 100, 140] and table["n_films"].tolist() == [0, 3, 1]
    # steps of .04 each; the middles of the bins, .02 and .06, have the mean (3 * .02 + .06) / 4 = .03
    assert table["effect"].tolist() == pytest.approx([-0.03, 0.01, 0.05])


def test_a_column_is_not_blamed_for_another_that_goes_with_it(rng):
    runtime = rng.uniform(60, 200, 400)
    films = pd.DataFrame({"runtime": runtime, "year": (1900 + runtime / 2).round()})
    table = accumulated_local_effects(films, "runtime", model=Linear()).table
    slope = np.polyfit(table["value"], table["effect"], 1)[0]
    assert slope == pytest.approx(1 / 1000)  # that of runtime alone, not of both
    effects = accumulated_local_effects(films, "runtime", model=Linear())
    assert repr(effects) == "LocalEffects(runtime, 400 films, 20 bins)"
    assert str(effects.summary()).startswith(
        "Accumulated local effects of runtime on the probability of passing\n value  effect"
    )


def test_other_columns_that_count_the_cast_are_left_out(films):
    class Sees:
        def predict_proba(self, films):
            assert "cast_women" not in films and "cast_female_share" in films
            return np.column_stack([1 - films["cast_female_share"], films["cast_female_share"]])

    table = accumulated_local_effects(films, "cast_female_share", model=Sees()).table
    assert np.diff(table["effect"]) == pytest.approx(np.diff(table["value"]))


@pytest.mark.parametrize(
    "column, message",
    [
        ("genres", "'genres' is not a numeric column that a model uses"),
        ("shoe_size", "'shoe_size' is not a numeric column that a model uses"),
        ("metascore", "'metascore' is not a numeric column that a model uses, with values in this table"),
        ("budget", "'budget' is 5000 in all films: nothing changes along it"),
    ],
)
def test_columns_without_effects(films, column, message):
    with pytest.raises(FilmsError, match=message):
        accumulated_local_effects(films.assign(budget=5000), column, model=Linear())
