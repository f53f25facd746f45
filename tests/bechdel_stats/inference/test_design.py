import numpy as np
import pandas as pd
import pytest

from bechdel_stats.attributes import TERM_OF_GENRE
from bechdel_stats.data.schema import standardise
from bechdel_stats.inference import design
from bechdel_stats.inference.design import design_columns, design_matrix, names_in, rcs, same_design
from bechdel_stats.words.messages import FilmsError, FilmsWarning


def columns_of(**table):
    return design_columns(standardise(pd.DataFrame(table)))


def test_rcs_by_hand():
    # knots 0, 1, 3: ((x-0)^3 - (x-1)^3 * 3/2 + (x-3)^3 * 1/2) / 9, each cube 0 left of its knot
    basis = rcs([-1.0, 0.5, 2.0, 4.0], (0, 1, 3))
    assert basis[:, 0].tolist() == [-1, 0.5, 2, 4]
    assert basis[:, 1] == pytest.approx([0, 0.125 / 9, (8 - 1.5) / 9, (64 - 1.5 * 27 + 0.5) / 9])


def test_rcs_is_linear_beyond_its_knots_and_smooth_at_them():
    outside = np.r_[np.linspace(-9, 0, 5), np.linspace(3, 9, 5)]
    for part in (outside[:5], outside[5:]):
        assert np.diff(rcs(part, (0, 1, 2, 3)), n=2, axis=0) == pytest.approx(0, abs=1e-10)
    step = 1e-3
    for knot in (0, 1, 2, 3):  # the second derivative does not jump
        left, right = (np.diff(rcs(knot + step * np.arange(3) + s, (0, 1, 2, 3)), n=2, axis=0) for s in (-step * 2, 0))
        assert (right - left) / step**2 == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("knots", [(1, 2), (1, 1, 2), (3, 2, 1)])
def test_rcs_refuses_knots(knots):
    with pytest.raises(ValueError, match="at least 3 increasing knots; got"):
        rcs([1.0], knots)


def test_every_number_has_the_unit_in_which_it_is_read():
    row = columns_of(
        year=[2010],
        runtime=[130],
        budget=[1e6],
        genres=["War|Drama"],
        language=["FR"],
        country=["UK"],
        cast_female_share=[0.25],
        director_female_share=[0.5],
        writer_female_share=[0.0],
        cast_women=[np.e - 1],
        imdb_votes=[1000],
    ).iloc[0]
    expected = {
        "decade": 2010,
        "half_hour": 1,
        "log10_budget": 6,
        "budget_missing": 0,
        "genre_war": 1,
        "genre_drama": 1,
        "genre_comedy": 0,
        "language_fr": 1,
        "language_ja": 0,
        "language_other": 0,
        "country_gb": 1,
        "country_us": 0,
        "cast_female_10": 2.5,
        "director_woman": 1,
        "writer_woman": 0,
        "log_cast_women": 1,
        "log10_imdb_votes": 3,
    }
    assert row[list(expected)].to_dict() == pytest.approx(expected)


def test_what_is_not_known_is_nan_and_budgets_say_so():
    columns = columns_of(year=[2000.0, np.nan], budget=[0.0, 5e6], genres=[None, "War"], language=["pl", None])
    assert columns["budget_missing"].tolist() == [1, 0]  # 0 dollars are not known
    assert columns["genre_war"].isna().tolist() == [True, False]
    assert columns["language_other"].tolist()[0] == 1 and np.isnan(columns["language_other"][1])
    assert columns["decade"].isna().tolist() == [False, True]
    assert columns.drop(columns=["budget_missing"]).loc[:, "log_words":].isna().all().all()


def test_a_serial_is_no_more_than_very_long():
    assert columns_of(runtime=[900, 240])["half_hour"].nunique() == 1


def test_words_of_the_summary_by_hand():
    row = columns_of(overview=["She and her sister meet a MAN; the man's brother... she"]).iloc[0]
    # she and her sister meet a man the man s brother she: 12 words, she her sister she; man man brother
    logs = ["log_words", "log_women_words", "log_men_words", "log_different_women_words", "log_different_men_words"]
    assert np.expm1(row[logs]).tolist() == pytest.approx([12, 4, 3, 3, 2])
    assert row["women_words_share"] == pytest.approx(4.5 / 8)


def test_equal_texts_are_read_once_and_in_their_rows(monkeypatch):
    read = []
    monkeypatch.setattr(
        "bechdel_stats.inference.design.people_in_title", lambda title: (read.append(title) or title == "Emma", False)
    )
    titles = pd.Series(["Emma", None, "Alien", "Emma", np.nan], index=[3, 3, 1, 0, 9], dtype=object)
    columns = design_columns(pd.DataFrame({"title": titles}))
    assert read == ["Emma", "Alien"]
    assert columns.index.tolist() == [3, 3, 1, 0, 9]
    assert columns["title_woman"].tolist() == pytest.approx([1, np.nan, 0, 1, np.nan], nan_ok=True)


def test_a_design_is_the_same_for_other_films():
    formula = "rcs(year, (1950, 1970, 1990)) + war:runtime"
    one = {name: np.zeros(1) for name in ("year", "war", "runtime")}
    other = {"year": np.array([1940.0, 1980, 2010]), "war": np.array([0.0, 1, 1]), "runtime": np.array([90.0, 100, 1])}
    X = same_design(design_matrix(formula, one).design_info, other)
    np.testing.assert_array_equal(X, design_matrix(formula, other))
    with pytest.raises(FilmsError, match="runtime"):
        same_design(X.design_info, other | {"runtime": np.full(3, np.inf)})


def test_an_empty_summary_is_not_known():
    assert columns_of(overview=["...", "A man"])["log_words"].isna().tolist() == [True, False]


@pytest.mark.parametrize("index", [[5, 5], pd.MultiIndex.from_tuples([("a", 1), ("a", 1)])])
def test_the_index_stays_whatever_it_is(index):
    films = pd.DataFrame({"year": [2000, 2010], "genres": ["War", None]}, index=index)
    columns = design_columns(standardise(films))
    assert columns.index.equals(films.index) and columns["decade"].tolist() == [2000, 2010]


def test_no_film_and_no_column():
    assert columns_of(year=[]).shape[0] == 0
    assert design_columns(pd.DataFrame(index=[1, 2])).loc[:, list(TERM_OF_GENRE.values())].isna().all().all()


def test_design_matrix_says_what_is_wrong_with_a_formula():
    columns = pd.DataFrame({"year": [1990.0, 2000, 2010]})
    assert np.asarray(design_matrix("I(year - 2000)", columns)).tolist() == [[1, -10], [1, 0], [1, 10]]
    with pytest.raises(FilmsError, match="'votes' is not defined. It may name year"):
        design_matrix("votes", columns)
    with pytest.raises(
        FilmsError, match="^formula 'year .': at character 6, '.': something is missing, too many or out"
    ):
        design_matrix("year +", columns)
    with pytest.raises(FilmsError, match="cannot be used: df=1 is too small for degree=3 .* It may name year"):
        design_matrix("bs(year, df=1)", columns)
    with pytest.raises(FilmsError, match="at least 3 increasing knots"):
        design_matrix("rcs(year, (1, 2))", columns)
    with pytest.raises(FilmsError, match="missing values"):
        design_matrix("year", columns.assign(year=[1990, np.nan, 2010]))


def test_a_formula_is_read_and_not_run(tmp_path):
    columns = pd.DataFrame({"year": [1990.0, 2000, 2010]})
    for formula in (
        f"I(open('{tmp_path / 'run'}', 'w') and year)",
        "I(exit(7) or year)",
        "exit",
        "print",
        "__builtins__",
    ):
        with pytest.raises(FilmsError):
            design_matrix(formula, columns)
    assert not list(tmp_path.iterdir())


NAMES = [
    "rcs",
    "np",
    "C",
    "I",
    "Q",
    "log",
    "bs",
    "center",
    "Treatment",
    "abs",
    "Intercept",
    "_patsy_stobj_0__bs__",
    "class",
]


def test_columns_named_like_functions_are_no_obstacle():
    columns = pd.DataFrame({"year": [1990.0, 2000, 2010, 2020, 1995], "runtime": [90.0, 91, 100, 120, 99]})
    others = columns.assign(**{name: [1.0, 2, 4, np.nan, 6] for name in NAMES})
    for formula in (
        "rcs(year, (1990, 2000, 2010)) + np.log(runtime)",
        "C(year, Treatment(2000)) + I(runtime / 2)",
        "bs(year, df=3) + center(runtime) + log(Q('year')) + abs(runtime)",
    ):
        assert np.array_equal(design_matrix(formula, others), design_matrix(formula, columns))
        assert np.array_equal(design_matrix(formula, dict(others.items())), design_matrix(formula, columns))
    known = others.dropna()
    assert np.asarray(design_matrix("log", known)).tolist() == [[1, 1], [1, 2], [1, 4], [1, 6]]
    assert np.asarray(design_matrix("np:log", known))[:, 1].tolist() == [1, 4, 16, 36]
    assert np.asarray(design_matrix("log(np) + Q('class')", known))[2].tolist() == [1, np.log(4), 4]


@pytest.mark.parametrize(
    "formula, name",
    [("np + np.log(year)", "np"), ("rcs + rcs(year, (1, 2, 3))", "rcs"), ("log(log)", "log"), ("C(C)", "C")],
)
def test_a_name_has_one_meaning_in_a_formula(formula, name):
    columns = pd.DataFrame({n: [1.0, 2, 4] for n in ["year", "np", "rcs", "log", "C"]})
    with pytest.raises(FilmsError, match=f": {name} is both a column and a function there. Rename the column."):
        design_matrix(formula, columns)


def test_names_in_a_formula_are_those_of_columns():
    columns = ["rcs", "np", "log", "year", "my score", 7]
    assert names_in("rcs(year, (1, 2, 3)) + np.log(Q('my score'))", columns) == {"year", "my score"}
    assert names_in("log + I(np - other)", columns) == {"log", "np"}


def test_a_matrix_has_at_most_so_many_columns(monkeypatch):
    columns = pd.DataFrame({"year": [1990.0, 2000, 2010, 2010], "runtime": [90.0, 91, 91, 91]})
    monkeypatch.setattr(design, "MOST_COLUMNS", 7)
    assert design_matrix("C(year):C(runtime)", columns).shape == (4, 6)  # of 1 + 3 * 2, as patsy needs no more
    message = r"^formula 'C.year.:C.runtime. . year': up to 8 columns; at most 7 are possible. Leave interactions or C"
    with pytest.raises(FilmsError, match=message):
        design_matrix("C(year):C(runtime) + year", columns)
    assert design._n_levels(columns, {"year", "runtime"}) == 4  # not 3 * 2: there are no more films


def test_values_whose_squares_overflow_count_as_endless():
    columns = pd.DataFrame({"year": [1.0, 2, 9.9e9]})
    assert np.asarray(design_matrix("I(year ** 10)", columns))[2, 1] > 9e99
    with pytest.raises(FilmsError, match=r"^I.year \*\* 10. has no finite value in some films"):
        design_matrix("I(year ** 10)", 2 * columns)


def test_a_numeric_column_of_the_table_comes_before_ours_of_that_name():
    table = {"genres": ["War", "Horror", None], "genre_horror": [0, 1, 1], "genre_war": [None] * 3, "decade": ["x"] * 3}
    columns = design_columns(standardise(pd.DataFrame(table).assign(year=[1950, 1961, 1972], genre_western=np.nan)))
    assert columns["genre_horror"].tolist() == [0, 1, 1]  # known though the genres are not
    assert columns["genre_war"].tolist()[:2] == [1, 0] and columns["genre_western"].tolist()[:2] == [0, 0]  # empty
    assert columns["decade"].tolist() == [1950, 1960, 1970]  # theirs is text


def test_a_column_of_the_table_that_contradicts_the_rest_is_told():
    table = pd.DataFrame({"genres": ["War", "Horror", None], "genre_horror": [3, 1, 1], "decade": [195, 196, 197]})
    message = (
        "^column genre_horror of the table is used as it is, not computed from genres; in 1 film the two differ. "
        "Rename the column if it means something else.$"
    )
    with pytest.warns(FilmsWarning, match=message) as told:
        columns = design_columns(standardise(table))
    assert len(told) == 1 and columns["genre_horror"].tolist() == [3, 1, 1] and columns["decade"].tolist()[0] == 195


def test_attributes_of_the_schema_are_read_as_such():
    columns = design_columns(standardise(pd.DataFrame({"runtime": [900, 100]})))
    assert columns["runtime"].tolist() == [240, 100]
