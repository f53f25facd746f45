import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.schema import checked
from bechdel_stats.describe.grouping import column_named, levels_of
from bechdel_stats.words.messages import FilmsError


def levels(values, name):
    """Number of films of each level, in the order of the levels."""
    found, order = levels_of(checked(pd.DataFrame({name: values})), name)
    counts = found.value_counts()
    return [(level, int(counts[level])) for level in [*order, "unknown"] if level in counts]


@pytest.mark.parametrize(
    "name, values, expected",
    [
        ("director_female_share", [0.0] * 8 + [0.5] + [1.0] * 2 + [None], "none 8 some 1 all 2 unknown 1"),
        ("director_female_share", [0.0] * 3 + [1.0] * 5, "none 3 all 5"),
        ("writer_female_share", [*np.linspace(0.01, 1, 20), *[0.0] * 9], "none 9 some 19 all 1"),
        ("their_share", [0] * 5 + [50, 100], "0 5 50 1 100 1"),  # per cent
        ("my_share", [0, 0.25, 0.5, 0.75, 1] * 4, "0 4 0.25 4 0.5 4 0.75 4 1 4"),  # no value is common
        ("part", [0.2] * 5 + [0.3, 0.4], "0.2 5 0.3 1 0.4 1"),  # neither none nor all
        ("lead_female", [0.0, 1.0, None], "no 1 yes 1 unknown 1"),
        ("sequel", [True, False, True], "no 1 yes 2"),
        ("sequel", [0, 0, 0], "no 3"),
        ("rating", [0, 1, 1], "0 1 1 2"),
        ("runtime", range(61, 101), "61 to 70 10 71 to 80 10 81 to 90 10 91 to 100 10"),
        ("prizes", [0] * 60 + list(range(1, 41)), "0 60 1 to 20 20 21 to 40 20"),
        ("prizes", [5] * 40 + list(range(-4, 5)) + list(range(6, 70)), "-4 to 4 9 5 40 6 to 37 32 38 to 69 32"),
        ("cast_female_share", np.arange(0, 1, 0.05), "0 to 0.2 5 0.25 to 0.45 5 0.5 to 0.7 5 0.75 to 0.95 5"),
        ("takings", np.arange(1, 41) * 1000.4, "1,000 to 10,004 10 11,004 to 20,008 10 21,008 to 30,012 10 "
            "31,012 to 40,016 10"),
        ("tiny", np.arange(1, 17) / 1e5, "1e-05 to 4e-05 4 5e-05 to 8e-05 4 9e-05 to 0.00012 4 0.00013 to 0.00016 4"),
    ],
)  # fmt: skip
def test_levels_of_numbers(name, values, expected):
    assert " ".join(f"{level} {n}" for level, n in levels(values, name)) == expected


def test_groups_do_not_overlap_and_are_named_after_what_is_in_them(rng):
    values = rng.lognormal(3, 2, 500).round(3)
    found, order = levels_of(checked(pd.DataFrame({"amount": values})), "amount")
    ends = pd.Series(values).groupby(found).agg(["min", "max", "size"]).loc[order]
    assert len(order) == 4 and ends["size"].tolist() == [125] * 4
    for name, (low, high, _) in ends.iterrows():
        written = [float(end.replace(",", "")) for end in name.split(" to ")]
        assert written == pytest.approx([low, high], abs=0.6)
    assert (ends["max"].array[:-1] < ends["min"].array[1:]).all()


@pytest.mark.parametrize(
    "name, column",
    [("genre", "genres"), ("GENRES", "genres"), ("Langue", "language"), ("original_language", "language"),
     ("décennie", "year"), ("decade", "year"), ("année", "year"), ("Période", "period"), ("period", "period"),
     ("mon  studio", None), ("mon studio", "mon_studio"), ("pay", "country"), ("pays", "country"),
     ("part des femmes à la réalisation", "director_female_share")],
)  # fmt: skip
def test_columns_are_known_by_other_names(name, column):
    films = pd.DataFrame(columns=["genres", "language", "year", "country", "mon_studio", "director_female_share"])
    if column:
        assert column_named(films, name) == column
    else:
        with pytest.raises(FilmsError, match=f"^no column {name}: did you mean mon_studio"):
            column_named(films, name)


def test_what_is_like_nothing_gets_no_suggestion():
    films = pd.DataFrame(columns=["genres", "title"])
    with pytest.raises(FilmsError, match=r"^no column budget; this table has genres, title\.$"):
        column_named(films, "budget")
    with pytest.raises(FilmsError, match=r"^no column year; this table has genres, title\.$"):
        column_named(films, "period")
    with pytest.raises(FilmsError, match=r"^no column gneres: did you mean genres\? This table has genres, title\.$"):
        column_named(films, "gneres")


def test_a_users_own_periods_are_kept():
    films = checked(pd.DataFrame({"period": ["Vichy", "Ve"], "year": [1941, 1960]}))
    assert levels_of(films, "period")[0].tolist() == ["Vichy", "Ve"]
    assert levels_of(films[["year"]], "period")[0].tolist() == ["before 1970"] * 2
