from types import SimpleNamespace

import pandas as pd
import pytest

from bechdel_stats.report.origin import by_volunteers, from_tmdb, n_unrated


def made(films, shape=None, dropped=None):
    rows = pd.DataFrame({"shape": [shape]}) if shape else pd.DataFrame()
    return SimpleNamespace(
        films=pd.DataFrame(films), audit=SimpleNamespace(rows=rows, dropped=pd.DataFrame(dropped or {}))
    )


@pytest.mark.parametrize(
    "films, shape, expected",
    [
        ({"passes": [1]}, "table", False),
        ({"passes": [1]}, "bechdeltest.com", True),
        ({"passes": [1]}, "FiveThirtyEight", True),
        ({"passes": [1], "dubious": [0]}, "table", True),
        ({"passes": [1], "bechdel_id": [7]}, None, True),
    ],
)
def test_volunteers_are_spoken_of_only_where_they_chose(films, shape, expected):
    assert by_volunteers(made(films, shape)) == expected


def test_tmdb_is_spoken_of_only_where_gender_comes_from_it():
    assert not from_tmdb(made({"passes": [1], "cast_female_share": [0.5]}, "table"))
    assert from_tmdb(made({"passes": [1]}, "TMDB credits"))
    assert from_tmdb(made({"cast_gender_source": ["tmdb"]})) and not from_tmdb(made({"cast_gender_source": ["names"]}))


def test_films_without_a_rating_are_counted_in_the_table_and_left_out_of_it():
    dropped = {"reason": ["no rating in any source", "not on TMDB"], "n_rows": [6, 2]}
    assert n_unrated(made({"passes": [1, None, 0]}, dropped=dropped)) == 7
    assert n_unrated(made({"passes": [1, 0]})) == 0
