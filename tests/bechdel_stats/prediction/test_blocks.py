import pytest

from bechdel_stats.inference.design import design_matrix
from bechdel_stats.prediction.blocks import BLOCKS, combinations, formula, n_terms, names_of


def test_formulas_name_only_what_is_there():
    assert formula(["runtime", "genre_war"]) == "rcs(runtime, (75, 95, 110, 140)) + genre_war + (genre_war):half_hour"
    assert formula(["lead_female"]) == "lead_female"


def test_what_is_heard_stands_behind_everything_else():
    names = ["log_odds_women_talk", "year", "genre_war"]
    assert formula(names).endswith(" + genre_war + (genre_war):decades_since_2000 + log_odds_women_talk")


def test_combinations_go_from_fewer_blocks_to_more():
    assert list(combinations(["gender", "text"])) == [
        ("basics",),
        ("basics", "text"),
        ("basics", "gender"),
        ("basics", "gender", "text"),
    ]
    assert len(set(combinations())) == 16


@pytest.mark.parametrize(
    "names",
    [
        ["year"],
        ["year", "runtime", "log10_budget"],
        ["genre_war", "genre_drama", "language_fr"],
        ["runtime", "genre_war", "genre_drama"],
        sum(BLOCKS.values(), ()),
    ],
    ids=len,
)
def test_terms_are_counted_as_patsy_makes_them(names, rng):
    columns = {name: rng.random(3) for name in [*names, "decades_since_2000", "half_hour"]}
    assert design_matrix(formula(names), columns).shape == (3, 1 + n_terms(names))
    assert (
        n_terms(["runtime", "genre_war", "genre_drama"]) == 3 + 2 + 2
    )  # a curve of 4 knots, genres, genres by runtime


def test_names_keep_their_order():
    assert names_of(["metascore", "year", "log_words"], ["reception", "basics"]) == ["metascore", "year"]
