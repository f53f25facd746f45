import numpy as np
import pandas as pd
import pytest

from bechdel_stats.describe.campaign import campaign
from bechdel_stats.levels import country_names
from bechdel_stats.words.messages import FilmsError


def test_campaigns_refuse_what_they_cannot_use(rng, random_films):
    films = random_films(rng, 50)
    with pytest.raises(FilmsError, match="holds only 1"):
        campaign(films.assign(passes=1))
    with pytest.raises(FilmsError, match="no attribute to combine"):
        campaign(films[["passes"]])
    with pytest.raises(FilmsError, match="no combination of these 50 films has 60 or more"):
        campaign(films, min_films=60)


def test_tables_are_not_modified_and_a_double_index_does_no_harm(rng, random_films):
    films = random_films(rng, 300)
    before = films.copy()
    once = campaign(films)
    pd.testing.assert_frame_equal(films, before)
    pd.testing.assert_frame_equal(once.table, campaign(films.set_axis([7] * 300)).table)


def test_campaign_against_fisher_by_hand(rng, table):
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


def test_campaign_finds_the_planted_combination_and_counts_films_of_it(rng, random_films):
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
def test_noise_is_seldom_declared(random_films):
    rng = np.random.default_rng(5)
    films = random_films(rng, 600)
    declared = [campaign(films.assign(passes=rng.integers(0, 2, 600))).table["p_value_fdr"].lt(0.05) for _ in range(30)]
    assert min(map(len, declared)) > 50
    assert sum(any_.any() for any_ in declared) <= 4  # 1.5 expected at most


def test_shrinking_keeps_luck_from_the_top(rng):
    places = list(country_names())[:40]
    films = pd.DataFrame({"country": places * 40, "passes": rng.integers(0, 2, 1600)})
    found = campaign(films).table
    assert len(found) == len(places)
    assert found["shrunken_rate"].std() < 0.35 * found["pass_rate"].std()  # noise: nearly all is shrunken away
    films["passes"] = (films["country"].map(places.index) % 2).to_numpy()
    found = campaign(films).table
    assert found["shrunken_rate"].to_numpy() == pytest.approx(found["pass_rate"], abs=0.01)  # all of it is real


def test_unknown_levels_are_not_tested(rng, random_films):
    films = random_films(rng, 300)
    films.loc[films["country"] == "Japan", "country"] = None
    assert set(campaign(films).table["country"]) == {"any", "France", "United States"}


def test_what_fails_more_beyond_chance_is_not_given_the_rate_of_all_films(table):
    genres = ("Comedy", "Crime", "Western", "Drama", "Romance", "Animation", "Horror", "Action")
    films = table(("War", 14, 43), *((genre, 28 + i % 3, 30 - i % 3) for i, genre in enumerate(genres)))
    found = campaign(films).table.set_index("genres")
    assert found["fails_more"].tolist() == [True] + [False] * 8
    mean = films["passes"].mean()
    assert found["shrunken_rate"]["War"] < mean - 0.7 * (mean - 14 / 57)
    assert (found["shrunken_rate"].drop("War") - mean).abs().max() < 0.05


def test_combinations_are_drawn_towards_what_their_levels_add_up_to(rng):
    """War fails everywhere; in Japan, 30 of its films pass by luck as often as other films."""
    films = pd.DataFrame({"genres": ["War"] * 430 + ["Drama"] * 800, "country": ["France"] * 400 + ["Japan"] * 830})
    films["passes"] = [1] * 80 + [0] * 320 + [1] * 13 + [0] * 17 + [0, 1] * 400
    found = campaign(films).table.set_index(["genres", "country"])["shrunken_rate"]
    assert found["War", "any"] == pytest.approx(93 / 430, abs=0.01)
    assert 0.22 < found["War", "Japan"] < 13 / 30 - 0.05


@pytest.mark.slow
def test_shrunken_rates_of_combinations_are_nearer_to_the_truth_than_raw_ones():
    errors = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        films = pd.DataFrame(
            {
                "genres": rng.choice(["Drama", "Comedy", "War", "Horror", "Crime", "Western"], 1500),
                "country": rng.choice(["France", "Japan", "Italy", "Spain", "India"], 1500),
            }
        )
        effects = {level: rng.normal(0, 0.4) for name in films for level in sorted(films[name].unique())}
        cells = {key: rng.normal(0, 0.3) for key in sorted(set(zip(films["genres"], films["country"])))}
        odds = [effects[g] + effects[c] + cells[g, c] for g, c in zip(films["genres"], films["country"])]
        truth = pd.Series(1 / (1 + np.exp(-np.array(odds))))
        films["passes"] = (rng.random(1500) < truth).astype(int)
        found = campaign(films).table
        for _, row in found.iterrows():
            own = np.logical_and.reduce([films[n].eq(row[n]) | (row[n] == "any") for n in ("genres", "country")])
            rates = row["pass_rate"], films["passes"].mean(), row["shrunken_rate"]
            errors.append([(rate - truth[own].mean()) ** 2 for rate in rates])
    raw, pooled, shrunken = np.mean(errors, axis=0)
    assert shrunken < 0.8 * raw and shrunken < 0.5 * pooled
