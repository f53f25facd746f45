import json
import time

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.credits import cast_shares, credits_shares, crew_shares, gender_shares, parse_list
from bechdel_stats.data.tables import read_films


def test_gender_0_is_not_a_woman_and_3_is_in_neither_count(movie):
    crew = [
        (2, "Director", "Directing"), (1, "Director", "Directing"), (0, "Director", "Directing"),
        (1, "Screenplay", "Writing"), (0, "Novel", "Writing"), (2, "Editor", "Editing"), (3, "Gaffer", "Lighting"),
    ]  # fmt: skip
    films = read_films([movie(1, cast=[0, 3, 2, 1, 1, 2, 2], crew=crew)])
    film = films.table.iloc[0]
    assert film[["cast_women", "cast_men", "cast_nonbinary", "cast_unknown"]].tolist() == [2, 3, 1, 1]
    assert film["cast_female_share"] == 2 / 5
    assert film["lead_female"] == 0  # the first who is a woman or a man
    assert film[["director_female_share", "writer_female_share", "crew_female_share"]].tolist() == [1 / 2, 1, 1 / 2]
    assert film["cast_gender_source"] == "tmdb"
    people = films.audit.people
    assert dict(zip(people["gender"], people["n_people"])) == {"non-binary": 1, "not known": 1}


@pytest.mark.parametrize("cast", [[], [0, 0, 0], [3, 0]])
def test_a_cast_of_unknown_gender_has_no_share(movie, cast):
    film = read_films([movie(1, cast=cast)]).table.iloc[0]
    columns = ["cast_women", "cast_men", "cast_female_share", "lead_female", "crew_female_share"]
    assert film[columns].isna().all() and film["cast_gender_source"] is None


def test_billing_is_by_order_and_someone_credited_twice_is_one_person():
    cast = [{"id": 7, "gender": 2, "order": 1}, {"id": 8, "gender": 1, "order": 0}, {"id": 7, "gender": 2, "order": 2}]
    crew = [{"id": 7, "gender": 2, "job": job, "department": "Writing"} for job in ("Story", "Screenplay")]
    crew.append({"id": 9, "gender": 1, "job": "Director", "department": "Directing"})
    film = read_films([{"id": 1, "original_title": "x", "cast": cast, "crew": crew}]).table.iloc[0]
    assert film[["cast_women", "cast_men", "lead_female"]].tolist() == [1, 1, 1]
    assert film["crew_female_share"] == 1 / 2


@pytest.mark.parametrize("rubbish", [None, "x", {"cast": "x"}, {"cast": [None, 5, {}]}, "{'cast': [", 5])
def test_rubbish_in_credits_is_not_known(movie, rubbish):
    film = read_films([{**movie(1), "credits": rubbish}]).table.iloc[0]
    assert np.isnan(film["cast_female_share"])


# ---- credits alone


def shares_of(cast=None, crew=None):
    return gender_shares(pd.DataFrame({"cast": [cast], "crew": [crew]})).iloc[0]


def test_every_spelling_of_a_gender_counts_and_no_other_value_does():
    women, men = [{"gender": value} for value in (1, 1.0, "1", "1.0")], [{"gender": value} for value in (2, 2.0, "2")]
    others = [{"gender": value} for value in (3, "3.0")]
    unknown = [{"gender": value} for value in (0, None, 4, -1, "woman", True, 1.5, [1])] + [{}]
    found = shares_of([*unknown, *men, *women, *others])
    counts = ["cast_women", "cast_men", "cast_nonbinary", "cast_unknown"]
    assert found[counts].tolist() == [4, 3, 2, 9]
    assert found["cast_female_share"] == 4 / 7 and found["lead_female"] == 0


def test_people_without_an_id_are_all_different_and_those_with_one_count_once_per_gender():
    found = shares_of([{"gender": 1}, {"gender": 1}, {"gender": 1, "id": 5}, {"gender": 1, "id": 5}, {"gender": 2}])
    assert found[["cast_women", "cast_men"]].tolist() == [3, 1]


@pytest.mark.parametrize("number", [None, [5], {"id": 5}, 5.5, float("nan")])
def test_people_with_an_id_that_is_none_are_all_different(number):
    found = shares_of([{"gender": 1, "id": number}, {"gender": 1, "id": number}, {"gender": 1, "id": "5"}])
    assert found["cast_women"] == 3


@pytest.mark.parametrize(
    "orders, lead_female",
    [((1, 0), 1), ((0, 1), 0), ((None, 7), 1), ((None, None), 0), ((2.5, 2), 1), (("0", 9), 1), ((np.nan, 7), 1)],
)
def test_the_lead_is_billed_first_and_those_without_a_place_come_last(orders, lead_female):
    man, woman = ({"gender": gender, "order": order} for gender, order in zip((2, 1), orders))
    assert shares_of([man, woman])["lead_female"] == lead_female


def test_directors_are_a_job_and_writers_a_department():
    crew = [
        {"id": 1, "gender": 1, "job": "Director", "department": "Directing"},
        {"id": 2, "gender": 2, "job": "Assistant Director", "department": "Directing"},
        {"id": 3, "gender": 2, "job": "Novel", "department": "Writing"},
        {"id": 4, "gender": 1, "job": "Writer", "department": "Production"},
    ]
    found = shares_of(crew=crew)
    shares = ["crew_female_share", "director_female_share", "writer_female_share"]
    assert found[shares].tolist() == [1 / 2, 1, 0]
    assert found.drop(shares)[["cast_women", "cast_female_share", "lead_female"]].isna().all()


def test_credits_in_one_column_in_two_and_as_text_are_the_same():
    cast, crew = [{"gender": 1, "name": "O'Brien"}], [{"gender": 2, "job": "Director"}]
    together = {"cast": cast, "crew": crew}
    expected = gender_shares(pd.DataFrame({"cast": [cast], "crew": [crew]}, index=["film"]))
    assert expected.index.tolist() == ["film"] and expected["director_female_share"].tolist() == [0]
    for records in (
        {"credits": [together]},
        {"credits": [json.dumps(together)]},
        {"credits": [repr(together)]},
        {"cast": [json.dumps(cast)], "crew": [repr(crew)]},
    ):
        pd.testing.assert_frame_equal(gender_shares(pd.DataFrame(records, index=["film"])), expected)


def test_no_films_have_no_shares_and_all_columns():
    assert gender_shares(pd.DataFrame({"credits": [{}]})).shape == (1, 9)
    assert gender_shares(pd.DataFrame(index=[3, 3])).index.tolist() == [3, 3]


@pytest.mark.parametrize(
    "value, expected",
    [
        ([1], [1]), ("[1, 2]", [1, 2]), ("  ['a', None]", ["a", None]), ('["\\u00e9"]', ["é"]), ("[]", []),
        ("{'a': 1}", None), ("[1", None), ("[a]", None), ("a list", None), ("", None), (None, None), (5, None),
        ((1,), None), ({"a": 1}, None),
    ],
    ids=range(14),
)  # fmt: skip
def test_lists_are_read_from_text_as_json_or_python(value, expected):
    assert parse_list(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        ["it's", 'a "b"', "\\", "new\nline\t\r", "\x1b\xe9\u2028\U0001f600", "None", "nan"],
        [{"a": None, "b": True, "c": [False, -1.5e-07, 0]}, []],
        [{"name": "None, True", "id": 5}],
    ],
    ids=range(3),
)
def test_what_python_writes_is_read_back(value):
    assert parse_list(repr(value)) == parse_list(json.dumps(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_000_000, "[" * 101 + "]" * 101, "['" * 100_000, "[" + "-" * 1_000_000 + "1]", "[{'a':" * 50_000,
        "[" + "1+" * 300_000 + "1]", "[" + "\\'" * 100_000, "['a'" * 50_000, "[" + "9" * 5_000 + "]", "['a']x",
        "[__import__('os')]",
    ],
    ids=range(11),
)  # fmt: skip
def test_lists_that_nobody_could_read_are_none_at_once(text):
    before = time.process_time()
    assert parse_list(text) is None
    assert time.process_time() - before < 2


def test_escapes_that_stand_for_nothing_stay_and_surrogates_are_replaced():
    assert parse_list(r"['\d\x1', '\ud800', '\UFFFFFFFF']") == [r"\d\x1", "\ufffd", "\U0010ffff"]


def test_credits_nested_to_the_limit_are_read():
    assert parse_list("[" * 100 + "]" * 100) is not None


def test_counted_credits_are_taken_as_they_are():
    cast, crew = [{"gender": 1}, {"gender": 2}], [{"gender": 1, "job": "Director"}]
    counted = {"credits": [credits_shares({"cast": cast, "crew": crew})]}
    expected = gender_shares(pd.DataFrame({"cast": [cast], "crew": [crew]}))
    pd.testing.assert_frame_equal(gender_shares(pd.DataFrame(counted)), expected)
    parts = {"cast": [cast_shares(cast)], "crew": [crew_shares(crew)]}
    pd.testing.assert_frame_equal(gender_shares(pd.DataFrame(parts)), expected)
    mixed = {"credits": [{"cast": [{"gender": 2}], "crew": crew}], "cast": [cast]}  # its own column counts
    pd.testing.assert_frame_equal(gender_shares(pd.DataFrame(mixed)), expected)
