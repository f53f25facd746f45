import numpy as np
import pandas as pd
import pytest

from bechdel_stats.describe.rates import pass_rates
from bechdel_stats.describe.weights import post_stratify
from bechdel_stats.words.messages import FilmsError


def films_of(counts):
    """Films by {(decade, country): number}."""
    rows = [key for key, n in counts.items() for _ in range(n)]
    return pd.DataFrame(rows, columns=["year", "country"])


@pytest.fixture
def films():
    return films_of({(1990, "France"): 10, (1990, "Japan"): 30, (2000, "France"): 40, (2000, "Japan"): 20})


def test_post_stratification_by_hand(films):
    films.index = np.arange(100) % 7  # an index may hold a label twice
    found = post_stratify(films, pd.DataFrame({"year": ["1990s", "2000s"], "n": [300, 100]}))
    w = found.weights.to_numpy()
    assert found.weights.index.equals(films.index)
    assert w[:40] == pytest.approx(0.75 / 0.4) and w[40:] == pytest.approx(0.25 / 0.6)
    assert found.design_effect == pytest.approx((40 * 1.875**2 + 60 * (5 / 12) ** 2) / 100)
    assert found.n_effective == pytest.approx(100 / found.design_effect)
    assert found.table.iloc[0].drop(["margin", "cell"]).tolist() == pytest.approx([40, 0.75, 0.4, 0.75, 1.875, 1.875])
    assert str(found.summary()) == (
        "Weights of films\n"
        "films                      100\n"
        "left out (in no cell)      0\n"
        "design effect              1.51\n"
        "effective number of films  66\n"
        "margin  cell   n_films  target_share  film_share  weighted_share  weight_low  weight_high\n"
        "year    1990s       40         0.750       0.400           0.750        1.88         1.88\n"
        "year    2000s       60         0.250       0.600           0.250        0.42         0.42"
    )
    assert repr(found) == "PostStratification(n_films=100, design_effect=1.51)"


def test_joint_cells_by_hand(films):
    cells = pd.DataFrame(
        {"decade": [1990, 1990, 2000, 2000], "country": ["France", "Japan"] * 2, "share": [4, 3, 2, 1]}
    )
    weights = post_stratify(films, cells).weights.to_numpy()
    assert weights == pytest.approx(np.repeat([4.0, 1, 0.5, 0.5], [10, 30, 40, 20]))


def test_several_margins_are_raked_as_deming_and_stephan_do(films):
    margins = pd.DataFrame(
        {"year": ["1990s", "2000s", "", ""], "country": ["", "", "France", "Japan"], "n": [7, 3, 6, 4]}
    )
    found = post_stratify(films, margins)
    table = np.array([[10.0, 30], [40, 20]])
    for _ in range(500):  # iterative proportional fitting
        table *= np.array([[70], [30]]) / table.sum(axis=1, keepdims=True)
        table *= np.array([60, 40]) / table.sum(axis=0)
    expected = np.repeat((table / [[10, 30], [40, 20]]).ravel(), [10, 30, 40, 20])
    assert found.weights.to_numpy() == pytest.approx(expected, rel=1e-6)
    assert found.table["weighted_share"].tolist() == pytest.approx([0.7, 0.3, 0.6, 0.4])


def test_a_film_counts_in_each_of_its_genres(films):
    films["genres"] = ["War", "War|Drama", "Drama", "Drama|Comedy", None] * 20
    found = post_stratify(films, pd.DataFrame({"genre": ["War", "Drama"], "n": [90, 30]}))
    w = found.weights.to_numpy().reshape(20, 5)
    assert np.isnan(w[:, 4]).all() and (found.n_films, found.n_dropped) == (80, 20)
    assert np.nanmean(w) == pytest.approx(1)
    war, both, drama, comedy = w[0, :4]
    assert (war + both) / (both + drama + comedy) == pytest.approx(3)
    assert drama == pytest.approx(comedy)  # Comedy is in no cell
    assert both > 0.3  # mentions are counted, not films: a film with both is in the way of neither
    assert found.notes == ("20 films are in no cell of some margin, and left out: genres (20).",)


def test_cells_without_films_are_told_and_too_many_refused(films):
    margins = pd.DataFrame({"country": ["France", "Japan", "Italy"], "n": [40, 45, 15]})
    found = post_stratify(films, margins)
    assert found.notes == ("Cells of the margins without films, 15.0% in all, are left out: Italy.",)
    assert found.table["target_share"].tolist() == pytest.approx([40 / 85, 45 / 85])
    with pytest.raises(
        FilmsError, match=r"hold 25% of the target, more than 20%: Italy\. No weights can stand for them"
    ):
        post_stratify(films, margins.assign(n=[40, 35, 25]))
    post_stratify(films, margins.assign(n=[40, 40, 20]))


def test_what_cannot_be_weighted_is_refused(films):
    with pytest.raises(FilmsError, match="none of the 100 films is in a cell of each margin"):
        post_stratify(films, pd.DataFrame({"country": ["Italy"], "n": [1]}))
    # all French films are of the 1990s, and all others of the 2000s: shares that differ cannot be met
    apart = films_of({(1990, "France"): 50, (2000, "Japan"): 50})
    margins = pd.DataFrame(
        {"year": ["1990s", "2000s", "", ""], "country": ["", "", "France", "Japan"], "n": [7, 3, 4, 6]}
    )
    with pytest.raises(
        FilmsError, match=r"^margins: no positive weights meet all of them\. Give fewer margins, or wider"
    ):
        post_stratify(apart, margins)


def test_weighted_rates_by_hand():
    films = pd.DataFrame({"country": ["France"] * 4, "passes": [1, 0, 1, 0]})
    w = np.array([1.0, 2, 3, 4])
    rates = pass_rates(films.assign(passes=[1, 0, 1, 0]), "country", weights=w)
    rate = 4 / 10
    variance = (1 * 0.6**2 + 4 * 0.4**2 + 9 * 0.6**2 + 16 * 0.4**2) / 100
    n = rate * (1 - rate) / variance
    z = 1.959963984540054
    middle, half = rate + z**2 / (2 * n), z * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    row = rates.table.iloc[0]
    assert row[["n_films", "n_passes"]].tolist() == [4, 2]
    assert row[["pass_rate", "n_effective"]].tolist() == pytest.approx([rate, n])
    assert row[["ci_low", "ci_high"]].tolist() == pytest.approx(
        [(middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)]
    )
    assert rates.overall.loc[0, "pass_rate"] == pytest.approx(rate)
    assert "pass rate of all, weighted       0.400 [" in str(rates.summary())
    assert rates.notes[-1].startswith("Weighted to the given margins (design effect 1.20)")


def test_equal_weights_change_nothing_and_missing_ones_leave_films_out(rng, random_films):
    films = random_films(rng, 300)
    plain, weighted = pass_rates(films, "genres"), pass_rates(films, "genres", weights=np.full(300, 2.5))
    pd.testing.assert_frame_equal(weighted.table[plain.table.columns], plain.table)
    assert weighted.table["n_effective"].tolist() == pytest.approx(plain.table["n_films"].tolist())
    gone = np.where(np.arange(300) % 3 == 0, np.nan, 1.0)
    some = pass_rates(films, "genres", weights=gone)
    assert (some.n_films, some.n_dropped) == (200, 100)
    rest = pass_rates(films[np.arange(300) % 3 > 0], "genres").table
    pd.testing.assert_frame_equal(some.table[rest.columns], rest)


def test_where_all_films_pass_the_effective_number_is_kishs():
    films = pd.DataFrame({"country": ["France"] * 3 + ["Japan"], "passes": [1, 1, 1, 0]})
    row = pass_rates(films, "country", weights=[1, 1, 2, 1], min_films=1).table.set_index("country").loc["France"]
    assert row["pass_rate"] == row["ci_high"] == 1 and row["n_effective"] == pytest.approx(16 / 6)


def test_weights_that_are_none_are_refused():
    films = pd.DataFrame({"country": ["France", "Japan"], "passes": [1, 0]})
    for weights in ([1], [1, -1], [1, np.inf], [np.nan, np.nan], [0, 0]):
        with pytest.raises(FilmsError, match=r"^weights: one number of 0 or more for each of the 2 films is needed"):
            pass_rates(films, "country", weights=weights)


@pytest.mark.slow
def test_weights_undo_a_choice_that_follows_the_margins():
    """Films of the 1990s pass more rarely and are chosen more rarely: intervals hold the rate of all films."""
    rng = np.random.default_rng(4)
    held, raw = 0, 0
    for _ in range(100):
        year = rng.choice([1990, 2000], 500, p=[0.2, 0.8])
        films = pd.DataFrame({"year": year, "passes": rng.random(500) < np.where(year == 1990, 0.3, 0.7)})
        weights = post_stratify(films, pd.DataFrame({"year": ["1990s", "2000s"], "n": [1, 1]})).weights
        row = pass_rates(films, "year", weights=weights).overall.loc[0]
        held += row["ci_low"] <= 0.5 <= row["ci_high"]
        raw += abs(films["passes"].mean() - 0.5) < 0.08
    assert 93 <= held and raw < 5
