import numpy as np
import pandas as pd
import pytest

from bechdel_stats.describe.rates import campaign, pass_rates
from bechdel_stats.words.messages import FilmsError


def table(*groups):
    """Films of (genres, number that pass, number that fail)."""
    rows = [(value, outcome) for value, *counts in groups for outcome, n in zip((1, 0), counts) for _ in range(n)]
    return pd.DataFrame({"genres": [value for value, _ in rows], "passes": [outcome for _, outcome in rows]})


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


def test_rates_by_hand_and_as_printed():
    films = table(("War", 10, 30), ("Drama|Romance", 30, 10), (None, 1, 1))
    films.loc[len(films)] = ["War", np.nan]
    rates = pass_rates(films, "genres")
    assert rates.table["n_films"].tolist() == [40, 40, 40, 2]
    assert rates.table["n_passes"].tolist() == [10, 30, 30, 1]
    assert repr(rates) == "PassRates(by='genres', 4 levels, n_films=82)"
    assert str(rates.summary()) == (
        "Pass rate by genres\n"
        "films                  82\n"
        "left out (no outcome)  1\n"
        "confidence level       0.95\n"
        "genres   n_films  n_passes  pass_rate  ci_low  ci_high\n"
        "War           40        10      0.250   0.142    0.402\n"
        "Drama         40        30      0.750   0.598    0.858\n"
        "Romance       40        30      0.750   0.598    0.858\n"
        "unknown        2         1      0.500   0.095    0.905\n"
        "A film counts in each of its genres, so the rows overlap."
    )
    assert rates._repr_html_() == rates.summary()._repr_html_()


def test_small_levels_are_pooled_and_a_film_with_two_of_them_counts_once():
    films = table(("War", 20, 20), ("Music|Western", 2, 1), ("Music", 0, 4), ("Sport", 1, 0))
    rates = pass_rates(films, "genres", min_films=10)
    assert rates.table["genres"].tolist() == ["War", "other (3 levels)"]
    assert rates.table[["n_films", "n_passes"]].to_numpy().tolist() == [[40, 20], [8, 3]]
    assert rates.notes[-1] == "3 levels with fewer than 10 films are pooled."


def test_one_small_level_keeps_its_name():
    rates = pass_rates(table(("War", 20, 20), ("Sport", 1, 0)), "genres")
    assert rates.table["genres"].tolist() == ["War", "Sport"] and len(rates.notes) == 1


def test_years_come_as_decades_and_periods_in_their_order():
    films = pd.DataFrame({"year": [2021, 1999, 1990, 1969, None, 2004, 2005], "passes": [1, 0, 1, 0, 1, 0, 1]})
    assert pass_rates(films, "year").table["year"].tolist() == ["1960s", "1990s", "2000s", "2020s", "unknown"]
    rates = pass_rates(films, "period").table
    assert rates["period"].tolist() == ["before 1970", "1990-2004", "2005 and later", "unknown"]
    assert rates["n_films"].tolist() == [1, 3, 2, 1]


def test_budgets_are_compared_within_their_period():
    films = pd.DataFrame({"year": [1960] * 6 + [2010] * 7, "passes": [1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1]})
    films["budget"] = [1e4, 1e4, 2e4, 2e4, 3e4, 3e4, 1e8, 1e8, 2e8, 2e8, 3e8, 3e8, None]
    rates = pass_rates(films, "budget").table
    assert rates["budget"].tolist() == ["low", "middle", "high", "unknown"]
    assert rates["n_films"].tolist() == [4, 4, 4, 1] and rates["n_passes"].tolist() == [4, 0, 0, 1]
    pd.testing.assert_frame_equal(rates, pass_rates(films[::-1], "budget").table)


def test_any_other_column_numbers_in_four_groups():
    films = pd.DataFrame({"passes": [0, 1] * 20, "runtime": range(61, 101), "lead_female": [0.0, 1.0] * 20})
    rates = pass_rates(films, "runtime").table
    assert rates["n_films"].tolist() == [10] * 4 and rates["runtime"].iloc[0] == "61 to 70.75"
    rates = pass_rates(films, "lead_female").table
    assert rates["lead_female"].tolist() == ["0", "1"] and rates["pass_rate"].tolist() == [0, 1]


def test_rates_refuse_what_they_cannot_use(rng):
    films = random_films(rng, 50)
    with pytest.raises(FilmsError, match="no column language; this table has genres, year"):
        pass_rates(films, "language")
    with pytest.raises(FilmsError, match="no outcome"):
        pass_rates(films.drop(columns="passes"), "year")
    with pytest.raises(FilmsError, match="holds only 1"):
        campaign(films.assign(passes=1))
    with pytest.raises(FilmsError, match="no attribute to combine"):
        campaign(films[["passes"]])
    with pytest.raises(FilmsError, match="no combination has 60 of the 50 films"):
        campaign(films, min_films=60)


def test_tables_are_not_modified_and_a_double_index_does_no_harm(rng):
    films = random_films(rng, 300)
    before = films.copy()
    once = campaign(films), pass_rates(films, "genres")
    pd.testing.assert_frame_equal(films, before)
    twice = campaign(films.set_axis([7] * 300)), pass_rates(films.set_axis([7] * 300), "genres")
    for one, two in zip(once, twice):
        pd.testing.assert_frame_equal(one.table, two.table)


def test_campaign_against_fisher_by_hand(rng):
    from scipy.stats import fisher_exact

    films = table(("War", 10, 40), ("Drama", 40, 10), ("Comedy", 25, 25))
    found = campaign(films)
    war = found.table.iloc[0]
    assert war[["genres", "n_films", "n_passes"]].tolist() == ["War", 50, 10]
    assert war["difference"] == pytest.approx(100 * (10 / 50 - 65 / 100))
    lower = fisher_exact([[10, 40], [65, 35]], alternative="less")[1]
    assert war["p_value"] == pytest.approx(2 * lower)
    assert war["p_value_fdr"] == pytest.approx(3 * 2 * lower / 2)  # Drama is as far on the other side
    assert found.table["fails_more"].tolist() == [True, False, False]
    assert found.notes[-1] == "Not in the table of films: budget, year, country."


def test_campaign_finds_the_planted_combination_and_counts_films_of_it(rng):
    films = random_films(rng, 3000)
    planted = films["genres"].str.contains("War") & (films["country"] == "Japan") & (films["year"] < 1970)
    films["passes"] = (rng.random(3000) < np.where(planted, 0.1, 0.6)).astype(int)
    found = campaign(films)
    first = found.table[found.table["fails_more"] & found.table["budget"].eq("any")].iloc[0]
    assert first[["genres", "budget", "period", "country"]].tolist() == ["War", "any", "before 1970", "Japan"]
    assert first["n_films"] == planted.sum()
    assert repr(found).startswith(f"Campaign(n_tested={found.n_tested}, ")
    assert str(found.summary()).splitlines()[3] == f"combinations tested       {found.n_tested}"


@pytest.mark.slow
def test_noise_is_seldom_declared():
    rng = np.random.default_rng(5)
    films = random_films(rng, 600)
    declared = [campaign(films.assign(passes=rng.integers(0, 2, 600))).table["p_value_fdr"].lt(0.05) for _ in range(30)]
    assert min(map(len, declared)) > 50
    assert sum(any_.any() for any_ in declared) <= 4  # 1.5 expected at most


def test_shrinking_keeps_luck_from_the_top(rng):
    groups = [(f"Place {number}", 0, 0) for number in range(40)]
    films = pd.DataFrame({"country": [f"Place {i % 40}" for i in range(1600)], "passes": rng.integers(0, 2, 1600)})
    found = campaign(films).table
    assert len(found) == len(groups)
    assert found["shrunken_rate"].std() < 0.35 * found["pass_rate"].std()  # noise: nearly all is shrunken away
    films["passes"] = (films["country"].str[6:].astype(int) % 2).to_numpy()
    found = campaign(films).table
    assert found["shrunken_rate"].to_numpy() == pytest.approx(found["pass_rate"], abs=0.01)  # all of it is real


def test_unknown_levels_are_not_tested(rng):
    films = random_films(rng, 300)
    films.loc[films["country"] == "Japan", "country"] = None
    assert set(campaign(films).table["country"]) == {"any", "France", "United States"}
