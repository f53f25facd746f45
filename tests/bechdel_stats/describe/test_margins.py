import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.schema import checked
from bechdel_stats.describe.margins import _years, margins_of
from bechdel_stats.words.messages import FilmsError


@pytest.fixture
def films():
    return checked(
        pd.DataFrame(
            {
                "year": [1969, 1990, 1999, 2005, None],
                "genres": ["War", "War|Drama", "Drama", None, "Comedy"],
                "country": ["France", "United States", "France", "Japan", "France"],
                "sequel": [0, 1, 0, 0, 1],
            }
        )
    )


@pytest.mark.parametrize(
    "text, ends",
    [("1994", (1994, 1994)), ("1990s", (1990, 1999)), ("années 1990", (1990, 1999)), ("1990-1994", (1990, 1994)),
     ("1990 – 1994", (1990, 1994)), ("1990 à 1994", (1990, 1994)), ("before 1970", (-np.inf, 1969)),
     ("Avant 1970", (-np.inf, 1969)), ("<1970", (-np.inf, 1969)), ("2005+", (2005, np.inf)),
     ("2005 and later", (2005, np.inf)), ("2005 et après", (2005, np.inf))],
)  # fmt: skip
def test_ranges_of_years(text, ends):
    assert _years(text) == ends


def test_a_table_holds_several_margins_under_any_of_their_names(films):
    table = pd.DataFrame(
        {
            "Décennie": [1990.0, 1960, None, None, None, None],
            "genre": [None, None, "war", "Drama", None, ""],
            "pays": ["", None, None, "", "USA", "France"],
            " n ": [30, 10, 1, 3, 0, 5],
        }
    )
    year, genres, country = margins_of(films, table)
    assert (year.columns, genres.columns, country.columns) == (("year",), ("genres",), ("country",))
    assert year.cells == ("1990", "1960") and year.targets.tolist() == [0.75, 0.25]
    assert year.members.T.tolist() == [[False, True, True, False, False], [True, False, False, False, False]]
    assert genres.members.T.tolist() == [[True, True, False, False, False], [False, True, True, False, False]]
    assert country.cells == ("France",)  # a cell of 0 is none


def test_joint_cells_and_other_columns(films):
    table = pd.DataFrame({"year": ["1990s", "1990s"], "country": ["US", "France"], "share": [60, 40]})
    (margin,) = margins_of(films, table)
    assert margin.cells == ("1990s, US", "1990s, France") and margin.targets.tolist() == [0.6, 0.4]
    assert margin.members.sum(axis=0).tolist() == [1, 1] and margin.members[1, 0] and margin.members[2, 1]
    (flag,) = margins_of(films, pd.DataFrame({"sequel": ["no", "yes"], "n": [1, 1]}))
    assert flag.members[:, 1].tolist() == [False, True, False, False, True]
    (period,) = margins_of(films, pd.DataFrame({"period": ["before 1970", "1990-2004"], "n": [1, 1]}))
    assert period.members.sum(axis=0).tolist() == [1, 2]


@pytest.mark.parametrize(
    "table, message",
    [
        ({"year": ["1990"]}, r"^margins: a column n or share and .*; this table has year\.$"),
        ({"year": ["1990"], "n": [1], "share": [1]}, "a column n or share"),
        ({"n": [1]}, "one or more columns of films are needed"),
        ({"year": ["1990"], "n": ["many"]}, r"counts and shares are numbers of 0 or more; got many\.$"),
        ({"year": ["1990"], "n": [-1]}, "got -1"),
        ({"year": ["recent"], "n": [1]}, r"^margins: recent is not a range of years\. Write 1994, 1990s"),
        ({"year": ["1990s", "1995-2001"], "n": [1, 1]}, r"^margins: the cells 1990s and 1995-2001 overlap\."),
        ({"genre": ["War", "War"], "n": [1, 1]}, "the cells War and War overlap"),
        ({"studio": ["A"], "n": [1]}, "no column studio; this table has year"),
    ],
)
def test_what_is_no_table_of_margins_is_refused(films, table, message):
    with pytest.raises(FilmsError, match=message):
        margins_of(films, pd.DataFrame(table))
