import re
import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.attributes import ATTRIBUTE, ATTRIBUTES
from bechdel_stats.data.schema import check_outcome, split_genres, standardise, without_outcome
from bechdel_stats.data.tables import read_films
from bechdel_stats.describe.rates import pass_rates
from bechdel_stats.prediction.model import predict_bechdel
from bechdel_stats.prediction.predictions import predict_films
from bechdel_stats.words.messages import FilmsError, FilmsWarning


def test_known_names_become_ours_and_the_table_stays_as_it_was():
    films = pd.DataFrame({"imdbid": ["tt0087015"], "score": ["2"], "country_main": ["USA"], "other": [5]}, index=[7])
    before = films.copy(deep=True)
    standard = standardise(films)
    pd.testing.assert_frame_equal(films, before)
    assert list(standard) == ["imdb_id", "rating", "country", "other", "passes"]
    assert standard.loc[7].tolist() == ["tt0087015", 2.0, "United States", 5, 0.0]


def test_every_column_is_described_and_no_name_is_used_twice():
    names = [name for column in ATTRIBUTES for name in (column.name, *column.aliases)]
    assert len(names) == len(set(names))
    assert all(column.about and column.name.islower() for column in ATTRIBUTES)


def test_to_standardise_twice_changes_nothing():
    genres = ["Sci-Fi, War", "drama", None]
    films = pd.DataFrame({"score": [3, 1, None], "genres": genres, "release_date": ["1999-01-02"] * 3})
    once = standardise(films)
    pd.testing.assert_frame_equal(standardise(once), once)


@pytest.mark.parametrize("text", ["", "NA", "n/a", "None", "unknown", r"\N", "-", " nan "])
def test_words_for_not_known_are_missing_without_a_warning(text):
    films = standardise(pd.DataFrame({"runtime": [text, "90"], "language": [text, "EN"]}))
    assert np.isnan(films["runtime"][0]) and films["runtime"][1] == 90
    assert films["language"][0] is None and films["language"][1] == "en"


def test_errors_of_spreadsheets_are_no_titles():
    titles = standardise(pd.DataFrame({"title": ["#REF!", "#N/A", "#Alive", " #NAME? "]}))["title"]
    assert titles.tolist() == [None, None, "#Alive", None]


def test_a_film_may_be_called_unknown():
    titles = standardise(pd.DataFrame({"title": ["Unknown", "NA", "", None, np.nan]}))["title"]
    assert titles.tolist() == ["Unknown", "NA", None, None, None]


@pytest.mark.parametrize("column", ["budget", "revenue", "runtime", "imdb_votes", "tmdb_vote_count", "tmdb_id"])
def test_zero_is_not_known(column):
    films = standardise(pd.DataFrame({column: [0, 5000 if column in ("budget", "revenue") else 50]}))
    assert films[column].isna().tolist() == [True, False]


def test_strings_among_numbers_are_counted_in_a_warning_that_names_the_column():
    films = pd.DataFrame({"year": ["1999", "MCMXC", "2001", None]})
    with pytest.warns(FilmsWarning, match=r"column year: 1 of 3 values .*first: 'MCMXC'.*: allowed: 1870 to 2100"):
        years = standardise(films)["year"]
    assert years.isna().tolist() == [False, True, False, True]


def test_warnings_point_to_the_line_of_the_caller():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        standardise(pd.DataFrame({"year": [1999, 99]}))
    assert caught[0].filename == __file__


@pytest.mark.parametrize("values", [[35, 50], ["35", "50"], ["35 %", "50%"], ["35,0", "50,0"]])
def test_shares_in_per_cent_are_read_as_such(values, recwarn):
    shares = standardise(pd.DataFrame({"cast_female_share": values}))["cast_female_share"]
    np.testing.assert_allclose(shares, [0.35, 0.5])
    told = [str(warning.message) for warning in recwarn]
    bare = not any("%" in str(value) for value in values)
    assert told == ["column cast_female_share: most values are above 1 and are read as per cent."] * bare


@pytest.mark.parametrize("rating", [4, -1, 1.5, "three"])
def test_impossible_ratings_are_not_used(rating):
    with pytest.warns(FilmsWarning, match="column rating: 1 of 3"):
        films = standardise(pd.DataFrame({"rating": [rating, 3, 0]}))
    assert films["rating"].isna().tolist() == films["passes"].isna().tolist() == [True, False, False]


def test_only_a_rating_of_three_passes():
    passes = standardise(pd.DataFrame({"rating": [0, 1, 2, 3, np.nan]}))["passes"]
    np.testing.assert_array_equal(passes, [0, 0, 0, 1, np.nan])


def test_passes_fills_in_where_the_rating_is_not_known():
    films = standardise(pd.DataFrame({"rating": [3, None], "passes": [None, 1]}))
    assert films["passes"].tolist() == [1, 1]


def test_rating_and_passes_that_contradict_each_other_are_both_unknown():
    with pytest.warns(FilmsWarning, match=r"rating and passes contradict each other in 1 row \(first: b\); both count"):
        films = standardise(pd.DataFrame({"rating": [3, 2], "passes": [1, 1]}, index=["a", "b"]))
    np.testing.assert_array_equal(films[["rating", "passes"]], [[3, 1], [np.nan, np.nan]])


@pytest.mark.parametrize("codes", [[0, 1], [1, 2]])
def test_two_scores_without_a_3_may_be_an_outcome_and_are_told(codes):
    message = (
        "column bechdel_score: two scores and no 3 among 20 films, so that none passes. If the scores are a pass and a "
        "fail, write 1 and 0, and say so: --column 'bechdel_score=passes'."
    )
    with pytest.warns(FilmsWarning, match=f"^{re.escape(message)}$"):
        films = standardise(pd.DataFrame({"bechdel_score": codes * 10}))
    assert films["rating"].tolist() == codes * 10 and not films["passes"].any()
    standardise(pd.DataFrame({"bechdel_score": [*codes * 10, 3]}))
    standardise(pd.DataFrame({"bechdel_score": codes * 9}))


def test_a_second_column_of_one_name_that_differs_in_the_outcome_is_told(tmp_path):
    (tmp_path / "a.csv").write_text("title,year,rating,rating\nAlien,1979,3,1\nHeat,1995,1,1\n")
    message = "a.csv: columns rating and rating.1 differ in 1 row (first: 0); rating is read. If rating.1 is right, "
    with pytest.warns(FilmsWarning, match=f"^{re.escape(message)}"):
        assert read_films(tmp_path / "a.csv").table["rating"].tolist() == [3, 1]
    assert "rating" not in standardise(pd.DataFrame({"rating.1": [3]}))


@pytest.mark.parametrize(
    ("films", "columns", "values"),
    [
        ({"rating": [3, 0, 1], "bechdel_score": [3, 2, None]}, ("bechdel_score", "rating"), {"rating": [3, 2, np.nan]}),
        ({"pass": ["yes", "no", ""], "Fails": ["no", "no", "no"]}, ("pass", "Fails"), {"passes": [1, 0, np.nan]}),
    ],
)
def test_of_two_outcomes_that_differ_one_is_read_and_told(films, columns, values):
    films, (used, other) = pd.DataFrame(films, index=["a", "b", "c"]), columns
    message = (
        f"columns {used} and {other} differ in 1 row (first: b); {used} is read. If {other} is right, leave the other "
        f"out: --column '{used}='."
    )
    with pytest.warns(FilmsWarning) as caught:
        read = standardise(films)
    assert [str(warning.message) for warning in caught] == [message]
    for name, expected in values.items():
        np.testing.assert_array_equal(read[name], expected)
    standardise(films, {used: ""})
    without_outcome(films)


@pytest.mark.parametrize(
    "given",
    ["Science Fiction|Drama", "sci-fi, drama", "Drama;Sci-Fi", '["Drama", "Science Fiction"]', "['Drama', 'Sci-Fi']",
     '[{"id": 18, "name": "Drama"}, {"id": 878, "name": "Science Fiction"}]', ["Drama", "Sci-Fi"],
     [{"id": 18, "name": "Drama"}, {"id": 878, "name": "Science Fiction"}]],
)  # fmt: skip
def test_genres_in_any_dress(given):
    genres = standardise(pd.DataFrame({"genres": [given, None, "", []]}))["genres"]
    assert genres.tolist() == ["Drama|Science Fiction", None, None, None]
    assert split_genres(genres).tolist() == [["Drama", "Science Fiction"], [], [], []]


def test_unknown_genres_are_missing_and_told_once_with_their_films():
    told = r"^genres: 2 unknown names count as missing, with the number of films: Mumblecore \(2\), Nouvelle \(1\)\.$"
    with pytest.warns(FilmsWarning, match=told) as caught:
        films = standardise(pd.DataFrame({"genres": ["Mumblecore|War", "Mumblecore", "Nouvelle|Drame", "Guerre"]}))
    assert len(caught) == 1 and films["genres"].tolist() == ["War", None, "Drama", "War"]


def test_the_year_comes_from_the_release_date_and_the_country_is_the_first():
    films = pd.DataFrame({"release_date": ["1999-03-30", ""], "countries": ["GB|US", "Burkina-Faso"]})
    films = standardise(films)
    np.testing.assert_array_equal(films["year"], [1999, np.nan])
    assert films["country"].tolist() == ["United Kingdom", "Burkina Faso"]


def test_of_columns_that_occur_twice_the_second_fills_in():
    films = standardise(pd.DataFrame([[1999, 2000], [None, 2001]], columns=["year", "Year"]))
    assert films["year"].tolist() == [1999, 2001] and list(films) == ["year", "Year"]


def test_what_is_no_table_is_an_error():
    with pytest.raises(TypeError, match="got list. read_films reads files"):
        standardise([{"year": 1999}])


def test_names_of_columns_on_several_levels_are_refused_with_what_joins_them():
    films = pd.DataFrame([["A", 1999]], columns=pd.MultiIndex.from_tuples([("film", "title"), ("film", "year")]))
    message = (
        "films has names of columns on 2 levels, such as ('film', 'title'); one is allowed. read_films(films).table "
        "joins them."
    )
    for read in (standardise, predict_films, predict_bechdel, pass_rates):
        with pytest.raises(FilmsError, match=f"^{re.escape(message)}$"):
            read(films)


def test_complex_numbers_are_told_and_not_used():
    films = pd.DataFrame({"title": ["A", "B"], "runtime": [2j, 100], "score": [3j, 1], "cast_women": [1j, 2]})
    with pytest.warns(FilmsWarning) as caught:
        read = standardise(films)
    assert [str(warning.message) for warning in caught] == [
        "column runtime: 2 of 2 values cannot be used (first: 2j, (100+0j)): not a number. The column is not used.",
        "column score holds no numbers and is not taken for Bechdel scores.",
        "column cast_women: 2 of 2 values cannot be used (first: 1j, (2+0j)): not a number. The column is not used.",
    ]
    assert list(read) == ["title", "their_runtime", "their_score", "their_cast_women"]


def test_an_empty_table_stays_empty():
    films = standardise(pd.DataFrame({"rating": [], "genres": [], "title": []}))
    assert films.empty and "passes" in films


def test_a_duplicate_index_is_no_trouble():
    films = standardise(pd.DataFrame({"rating": [3, 0], "year": ["1999", "2000"]}, index=[1, 1]))
    assert films["passes"].tolist() == [1, 0] and films.index.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("films", "message"),
    [
        ({"year": [1999]}, r"no outcome: a column passes \(0 or 1\) or rating \(0-3\) is needed; this table has year"),
        ({"passes": [1.0, 1.0]}, "column passes holds only 1 in 2 rows: nothing to compare"),
        ({"passes": [np.nan]}, "column passes holds no value in 1 row"),
    ],
)
def test_without_two_outcomes_there_is_nothing_to_compare(films, message):
    with pytest.raises(FilmsError, match=message):
        check_outcome(pd.DataFrame(films))


def test_what_is_about_the_rating_itself_enters_no_model():
    assert not {"bechdel_added", "score_2023", "split"} & set(ATTRIBUTE)
    assert (ATTRIBUTE["dubious"].block, ATTRIBUTE["dubious"].terms) == ("", ())
    assert {name for name, column in ATTRIBUTE.items() if column.block == "reception"} >= {"imdb_votes", "revenue"}


def test_one_per_cent_is_not_all_in_a_column_that_is_mostly_in_per_cent():
    with pytest.warns(FilmsWarning, match="cast_female_share: most values are above 1 and are read as per cent"):
        films = standardise(pd.DataFrame({"cast_female_share": [13.9, 40, 55, 0, 1.0, 0.5]}))
    np.testing.assert_allclose(films["cast_female_share"], [0.139, 0.4, 0.55, 0, 0.01, 0.005])


def test_numbers_too_large_for_a_computer_count_as_missing():
    with pytest.warns(FilmsWarning, match="column year: 1 of 2 values cannot be used"):
        assert standardise(pd.DataFrame({"year": [10**400, 2000]}, dtype=object))["year"].isna().tolist() == [
            True,
            False,
        ]


def test_an_outcome_may_be_pass_and_fail():
    words = ["PASS", "Fail", " passed ", "no", "TRUE", "0", "", None]
    passes = standardise(pd.DataFrame({"passes": words}))["passes"]
    np.testing.assert_array_equal(passes, [1, 0, 1, 0, 1, 0, np.nan, np.nan])


def test_what_is_no_outcome_is_told_with_what_is():
    with pytest.warns(
        FilmsWarning, match=r"passes: 1 of 2 .*'maybe'.*: allowed: 0 and 1, yes and no, PASS and FAIL. They count"
    ):
        standardise(pd.DataFrame({"passes": ["PASS", "maybe"]}))
    with pytest.warns(FilmsWarning, match="column year: 1 of 2 .*'pass'.*: allowed: 1870 to 2100"):
        standardise(pd.DataFrame({"year": ["pass", "1999"]}))


@pytest.mark.parametrize("unknown", [None, np.nan, pd.NA])
def test_true_and_false_among_unknown_values_are_numbers(unknown):
    films = standardise(pd.DataFrame({"sequel": pd.Series([True, False, unknown], dtype=object), "year": 1999}))
    assert films["sequel"].dtype == float
    np.testing.assert_array_equal(films["sequel"], [1, 0, np.nan])


def test_columns_of_other_things_stay_as_they_are():
    columns = {"b": ["True", None, "False"], "c": [True, 2, None], "d": [None, None, None]}
    films = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()}).assign(a=True)
    pd.testing.assert_frame_equal(standardise(films), films)


def test_values_in_messages_are_short_and_on_one_line():
    with pytest.warns(FilmsWarning) as caught:
        standardise(pd.DataFrame({"year": ["x" * 1000, "1999"], "genres": ["a\x1b\n" + "b" * 1000, None]}))
    texts = [str(warning.message) for warning in caught]
    assert f"(first: '{'x' * 59}...)" in texts[0] and rf": a\x1b {'b' * 54}... (1)." in texts[1]
    with pytest.raises(FilmsError) as error:
        check_outcome(pd.DataFrame({"a\n" + "b" * 1000: [1]}))
    assert str(error.value).endswith(rf"this table has a\n{'b' * 57}.")


@pytest.mark.parametrize("text", ["[" * 50_000 + "]" * 50_000, "['" * 50_000 + "]", "[" + "9" * 5_000 + "]"])
def test_a_cell_that_is_nested_or_long_beyond_reason_is_text(text):
    with pytest.warns(FilmsWarning, match="genres: 1 unknown"):
        assert standardise(pd.DataFrame({"genres": [text]}))["genres"].tolist() == [None]


def test_films_with_their_audit_are_told_from_their_table():
    films = SimpleNamespace(table=pd.DataFrame({"year": [1999]}))
    with pytest.raises(TypeError, match=r"films must be a pandas DataFrame; got SimpleNamespace. Take its .table."):
        standardise(films)


def test_years_in_the_first_row_of_each_block_are_told():
    films = pd.DataFrame({"Jahr": [1999, None, None, "2000", None], "Titel": list("ABCDE")})
    match = "year: known in the first row of each block only, .* the other 3 rows count as unknown. Fill it down."
    with pytest.warns(FilmsWarning, match=match):
        years = standardise(films)["year"]
    np.testing.assert_array_equal(years, [1999, np.nan, np.nan, 2000, np.nan])
    standardise(films.assign(Jahr=[2001, None, None, 1999, 2003]))  # films that happen to lack it
    standardise(films.assign(Jahr=[1999, None, None, None, 2001], Titel=["A", None, None, None, "E"]))  # empty rows
