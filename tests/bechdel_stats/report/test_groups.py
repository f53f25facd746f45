import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact

from bechdel_stats.describe.rates import PassRates, pass_rates
from bechdel_stats.report.groups import difference, few_pooled, groups_that_fail_more


@pytest.fixture
def films():
    """100 films: 10 of 40 in War pass, 45 of 60 in Horror; the other groups are too small, or not known."""
    films = pd.DataFrame({"genres": ["War"] * 40 + ["Horror"] * 60})
    films["passes"] = [1] * 10 + [0] * 30 + [1] * 45 + [0] * 15
    films["director_woman"] = ["no"] * 60 + ["yes"] * 30 + [None] * 10
    return films


def rows(*counts):
    """Pass rates by decade: name, films, passes."""
    table = pd.DataFrame(counts, columns=["year", "n_films", "n_passes"])
    table = table.assign(pass_rate=table["n_passes"] / table["n_films"], ci_low=0.0, ci_high=1.0)
    return PassRates("year", table, int(table["n_films"].sum()), 0, 0.95, ())


def test_groups_are_compared_with_all_other_films(films):
    rates = {"genres": pass_rates(films, "genres"), "country": None}
    groups = groups_that_fail_more(films["passes"], rates, {"director_woman": pass_rates(films, "director_woman")})
    table = groups.table.set_index("level")
    assert table.index.tolist() == ["War", "Horror", "no"] and table["fails_more"].tolist() == [True, False, True]
    assert table["difference"].tolist() == pytest.approx([25 - 75, 50, 100 * (30 / 60 - 25 / 30)])
    smallest = 2 * fisher_exact([[10, 30], [45, 15]], alternative="less")[1]
    assert table.loc["War", "p_value_fdr"] == pytest.approx(smallest * 3 / 2)  # both genres say the same
    assert table.loc["no", "p_value_fdr"] == pytest.approx(2 * fisher_exact([[30, 30], [25, 5]], "less")[1])
    assert groups.of_kind("genres")["level"].tolist() == ["War"] and groups.of_kind("budget").empty


def test_nothing_to_compare_is_no_group():
    groups = groups_that_fail_more(pd.Series([0.0, 1.0]), {}, {"director_woman": None})
    assert groups.table.empty and groups.of_kind("genres").empty


def test_where_nothing_differs_no_group_stands_out(films):
    films["passes"] = np.arange(100) % 2
    groups = groups_that_fail_more(films["passes"], {"genres": pass_rates(films, "genres")}, {})
    assert len(groups.table) == 2 and not groups.table["fails_more"].any()


def test_the_interval_of_a_difference_is_newcombes():
    """Newcombe (1998), table II, method 10: 56 of 70 against 48 of 80."""
    first, second = ({"n_passes": k, "n_films": n} for k, n in ((56, 70), (48, 80)))
    assert difference(first, second) == pytest.approx((20.0, 5.24, 33.39), abs=0.01)


def test_decades_with_few_films_are_pooled_at_both_ends():
    rates = rows(
        ("1890s", 40, 0), ("1910s", 29, 10), ("1950s", 30, 15), ("1990s", 90, 50), ("2010s", 20, 15), ("2020s", 10, 5)
    )
    pooled = few_pooled(rates).table
    assert pooled[["year", "n_films", "n_passes"]].values.tolist() == [
        ["before 1920", 69, 10], ["1950s", 30, 15], ["1990s", 90, 50], ["2010 and later", 30, 20],
    ]  # fmt: skip
    assert pooled.loc[3, ["pass_rate", "ci_low", "ci_high"]].tolist() == pytest.approx(
        [2 / 3, 0.4878, 0.8077], abs=1e-4
    )


def test_one_that_is_still_too_few_is_pooled_with_the_next_and_unknown_stays_last():
    pooled = few_pooled(rows(("1930s", 5, 1), ("1950s", 30, 15), ("1960s", 40, 20), ("unknown", 3, 1))).table
    assert pooled["year"].tolist() == ["before 1960", "1960s", "unknown"]
    assert pooled["n_films"].tolist() == [35, 40, 3]


def test_decades_stay_where_all_have_enough_films_or_hardly_any_has():
    for rates in (
        rows(("1950s", 30, 15), ("1960s", 40, 20)),
        rows(("1950s", 3, 1), ("1960s", 4, 2)),
        rows(("1950s", 3, 1)),
    ):
        assert few_pooled(rates).table["year"].tolist() == rates.table["year"].tolist()
