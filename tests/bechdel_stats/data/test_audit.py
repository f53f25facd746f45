import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.audit import VOLUNTEERS, make_audit
from bechdel_stats.data.schema import checked
from bechdel_stats.data.tables import read_films
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import Message


@pytest.fixture
def decades():
    """Sixty films: budgets of the 1950s are not known, runtimes miss now and then in both decades."""
    year = np.repeat([1955, 1965, 1995], [15, 15, 30])
    table = pd.DataFrame({"year": year, "rating": np.tile([0, 3, 3], 20), "budget": np.where(year < 1970, 0, 5e6)})
    table["runtime"] = np.where(np.arange(60) % 6, 90, np.nan)
    table["imdb_id"] = np.arange(1, 61)
    return table


def test_missing_values_by_column_and_by_year(decades):
    report = read_films(decades).audit
    missing = report.missing.set_index("column")
    assert missing.loc["budget"].tolist() == [30, 0.5] and missing.loc["runtime"].tolist() == [10, 1 / 6]
    assert missing.loc["rating", "n_missing"] == 0
    by_year = report.missing_by_year
    assert list(by_year) == ["decade", "n_films", "runtime", "budget"]
    assert by_year["decade"].tolist() == ["1950s", "1960s", "1990s"]
    assert by_year["n_films"].tolist() == [15, 15, 30] and by_year["budget"].tolist() == [1, 1, 0]


def test_missingness_that_follows_the_year_is_said_and_other_missingness_is_not(decades):
    decades["year"] = np.repeat([1955, 1995], 30)
    notes = read_films(decades).audit.notes
    assert "Missingness varies with the year in 1 column: budget (0% in the 1990s to 100% in the 1950s)." in notes
    assert not any("runtime" in note for note in notes)
    even = decades.assign(budget=np.where(np.arange(60) % 2, 5e6, 0))
    assert not any("varies with the year" in note for note in read_films(even).audit.notes)


@pytest.mark.parametrize(("missing", "said"), [((2, 5, 20), False), ((10, 18, 100), False), ((20, 80, 400), True),
                                               ((100, 190, 1000), False), ((0, 19, 19), False)])  # fmt: skip
def test_only_differences_between_decades_that_are_large_and_not_chance_are_said(missing, said):
    first, second, n_films = missing  # missing values in each of two decades of so many films
    table = pd.DataFrame({"year": np.repeat([1955, 1995], n_films), "runtime": 90.0})
    table.loc[: first - 1, "runtime"] = np.nan
    table.loc[n_films : n_films + second - 1, "runtime"] = np.nan
    note = "Missingness varies with the year in 1 column: runtime (5% in the 1950s to 20% in the 1990s)."
    assert read_films(table).audit.notes == ((note,) if said else ())


def test_films_without_a_year_are_a_row_of_their_own():
    films = pd.DataFrame({"imdb_id": ["1", "2", "3"], "year": [1999, None, 2001], "runtime": [None, None, 90]})
    table = read_films(films).audit.missing_by_year
    assert table.values.tolist() == [["1990s", 1, 1], ["2000s", 1, 0], ["not known", 1, 1]]


def test_volunteers_are_mentioned_where_there_are_ratings(ratings):
    assert any("chosen and rated by volunteers" in note for note in read_films(pd.DataFrame(ratings)).audit.notes)
    assert read_films(pd.DataFrame({"title": ["x"]})).audit.notes == ()


def test_gender_by_source():
    films = pd.DataFrame(
        {
            "rating": [3, 0, 3, 3, 0],
            "cast_female_share": [0.2, 0.4, 0.6, np.nan, np.nan],
            "cast_gender_source": ["tmdb", "TMDB", "imdb", "imdb", None],
        }
    )
    report = read_films(films).audit
    np.testing.assert_array_equal(report.gender["source"], ["imdb", "tmdb", "not known"])
    assert report.gender["n_films"].tolist() == [1, 2, 2]
    np.testing.assert_allclose(report.gender["mean_female_share"], [0.6, 0.3, np.nan])
    np.testing.assert_allclose(report.gender["pass_rate"], [1, 0.5, 0.5])
    assert "The gender of the cast comes from 2 sources; the share of women is 60% (imdb), 30% (tmdb)." in report.notes


def test_sources_of_gender_are_compared_on_the_same_films():
    films = pd.DataFrame(
        {
            "cast_women": [1, 2, 3, 0, 5], "cast_men": [3, 2, 1, 0, 5],  # .25 .5 .75 - .5
            "named_women": [1, 1, 1, 1, None], "named_men": [1, 3, 0, 1, None],  # .5 .25 1 .5 -
        }
    )  # fmt: skip
    report = read_films(films).audit
    compared = report.gender_agreement.iloc[0]
    assert compared["compared"] == "cast - first names" and compared["n_films"] == 3
    assert compared["mean_difference"] == pytest.approx((1.5 - 1.75) / 3)
    assert compared["correlation"] == pytest.approx(np.corrcoef([0.25, 0.5, 0.75], [0.5, 0.25, 1])[0, 1])
    assert any("has a correlation of 0.65 between cast and first names (3 films)" in note for note in report.notes)


def test_sources_of_gender_that_agree_are_not_called_different():
    films = pd.DataFrame({"cast_women": [1, 2, 3], "cast_men": [3, 2, 1]})
    films = films.assign(named_women=films["cast_women"], named_men=films["cast_men"])
    report = read_films(films).audit
    assert report.gender_agreement["correlation"].tolist() == [pytest.approx(1)] and report.notes == ()
    assert read_films(films.iloc[[0, 0]]).audit.gender_agreement["correlation"].isna().all()  # nothing varies


def test_printed_audit(ratings, movie):
    films = read_films([ratings[0], ratings[1], {**ratings[1], "id": 9}], [movie(5, "tt0087015", title="CHUD")])
    assert repr(films) == "<Films: 2 films, 18 columns, 1 row dropped>"
    assert repr(films.audit) == "<Audit: 2 films from 2 sources, 1 row dropped>"
    summaries = films.audit.summaries()
    assert repr(summaries[0]).split("\n") == [
        "Where the films come from",
        "films         2",
        "rows dropped  1",
        "warnings      0",
        "source  shape            rows_in  rows_kept  rows_dropped  rows_without_id  rows_rated",
        "list 1  bechdeltest.com        3          2             1                0           2",
        "list 2  TMDB                   1          1             0                0           0",
        "Films are chosen and rated by volunteers: rates hold for the films they chose, not for all films.",
    ]
    lines = repr(summaries[1]).split("\n")
    assert [lines[0], *map(str.split, lines[1:3])] == [
        "What the columns were taken for",
        ["source", "column", "taken_for", "n_known", "n_unusable"],
        ["list", "1", "imdbid", "imdb_id", "3", "0"],
    ]
    assert lines[-1] == "Not used: bechdel_id, original_title, cast_nonbinary, cast_unknown."
    assert repr(summaries[2]).split("\n") == [
        "Rows left out",
        "source  reason                                 n_rows  examples",
        "list 1  same film as another row that is kept       1  The Tale of Despereaux",
    ]
    assert [summary.title for summary in summaries[3:6]] == [
        "Duplicate films", "Disagreements between sources", "Missing values",
    ]  # fmt: skip
    by_decade = next(summary for summary in summaries if "decade" in summary.title)
    assert repr(by_decade).split("\n")[1:3] == [
        "column                 1980s  2000s",
        "tmdb_id                 0.00   1.00",
    ]
    assert films._repr_html_() == "".join(summary._repr_html_() for summary in summaries)


def test_all_of_the_audit_as_one_table(decades):
    frame = read_films(decades).audit.to_frame()
    rows = frame.set_index(["part", "row", "item"])["value"]
    assert rows["rows", "table 1", "rows_in"] == 60
    assert rows["missing", "budget", "share"] == 0.5
    assert rows["missing_by_year", "1990s", "budget"] == 0


def test_two_runs_are_equal(ratings, decades):
    one, two = (read_films(ratings, decades) for _ in range(2))
    assert [repr(part) for part in one.audit.summaries()] == [repr(part) for part in two.audit.summaries()]
    assert one.table.to_csv() == two.table.to_csv()


# ---- the account alone


@pytest.fixture
def account():
    """A function that makes the audit of a table, with an account of one source that kept all of it."""

    def account(table, *, dropped=0, warnings=()):
        rows = pd.DataFrame({"source": ["a.csv"], "rows_in": [len(table) + dropped]})
        left_out = pd.DataFrame({"source": ["a.csv"], "reason": ["twice"], "n_rows": [dropped], "examples": ["x; y"]})
        nothing = pd.DataFrame()
        return make_audit(checked(table), rows, left_out.head(dropped), nothing, nothing, nothing, nothing, warnings)

    return account


def test_the_account_of_a_small_table_by_hand(account):
    table = pd.DataFrame({"rating": [3.0, 0, np.nan], "year": [1999.0, np.nan, 2001], "own": [np.nan, 1, 2]})
    found = account(table, dropped=1, warnings=[Message("none")])
    assert (found.n_films, found.n_dropped, found.warnings) == (3, 1, ("none",))
    assert found.notes == (VOLUNTEERS,)
    # columns that are not ours are not counted; `passes` was made of the rating
    assert found.missing.values.tolist() == [["rating", 1, 1 / 3], ["passes", 1, 1 / 3], ["year", 1, 1 / 3]]
    assert found.missing_by_year.to_dict("list") == {
        "decade": ["1990s", "2000s", "not known"],
        "n_films": [1, 1, 1],
        "rating": [0, 1, 0],
        "passes": [0, 1, 0],
    }
    assert all(part.empty for part in (found.gender, found.gender_agreement, found.people))
    assert [summary.title for summary in found.summaries()] == [
        "Where the films come from", "Rows left out", "Missing values", "Share missing, by decade",
    ]  # fmt: skip
    assert dict(found.summary().header) == {"films": 3, "rows dropped": 1, "warnings": 1}


def test_all_tables_as_one_by_hand(account):
    frame = account(pd.DataFrame({"year": [1999.0, 1990]}), dropped=1).to_frame()
    assert frame.values.tolist() == [
        ["rows", "a.csv", "rows_in", 3],
        ["dropped", "a.csv: twice", "n_rows", 1],
        ["dropped", "a.csv: twice", "examples", "x; y"],
        ["missing", "year", "n_missing", 0],
        ["missing", "year", "share", 0.0],
        ["missing_by_year", "1990s", "n_films", 2],
    ]


def test_the_three_columns_that_follow_the_year_most_are_named_those_of_one_source_once(account):
    table = pd.DataFrame({"year": np.repeat([1955.0, 1995], 100), "passes": 1.0, "overview": None})

    def known(early, late, value):
        """A column that has this value in so many of the hundred films of each decade."""
        values = [*[value] * early, *[None] * (100 - early), *[value] * late, *[None] * (100 - late)]
        return pd.Series(values, dtype=object)

    table["runtime"], table["cast_women"] = known(50, 100, 90.0), known(10, 90, 3.0)
    table["cast_men"] = table["cast_women"]
    table["budget"], table["country"] = known(100, 70, 1e6), known(80, 100, "France")
    (_, note) = account(table).notes
    assert note == (
        "Missingness varies with the year in 5 columns, most in cast_women (10% in the 1990s to 90% in the 1950s), "
        "runtime (0% in the 1990s to 50% in the 1950s), budget (0% in the 1950s to 30% in the 1990s)."
    )
    assert Words("fr").message(note) == (
        "La part des valeurs manquantes varie avec l'année dans 5 colonnes, surtout\u00a0: femmes dans la distribution "
        "(10\u00a0% dans les années 1990 à 90\u00a0% dans les années 1950), durée (0\u00a0% dans les années 1990 à "
        "50\u00a0% dans les années 1950), budget (0\u00a0% dans les années 1950 à 30\u00a0% dans les années 1990)."
    )


def test_decades_of_few_films_and_votes_do_not_count(account):
    table = pd.DataFrame({"year": np.repeat([1925.0, 1955, 1995], [19, 100, 100]), "runtime": 90.0, "imdb_votes": 9.0})
    table.loc[:18, "runtime"] = np.nan  # all of the 1920s, and those are nineteen
    table.loc[19:118, "imdb_votes"] = np.nan  # known after release
    assert account(table).notes == ()


def test_people_in_no_share_are_counted(account):
    found = account(pd.DataFrame({"title": ["a", "b"], "cast_nonbinary": [1, 0], "cast_unknown": [2.0, 3.0]}))
    assert found.people.values.tolist() == [["non-binary", 1], ["not known", 5]]


def test_every_table_of_the_account_has_a_french_title(movie):
    same = {"imdb_id": ["1", "1"], "year": 1998, "cast_women": 2, "cast_men": 5, "principal_women": 1}
    films = read_films([movie(5, "1", cast=[1, 2], year=1999)], pd.DataFrame(same).assign(principal_men=1))
    titles = [summary.title for summary in films.audit.summaries()]
    assert len(titles) == 9
    assert [title for title in titles if Words("fr").head(title) == title] == []
