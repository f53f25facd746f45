import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.schema import standardise
from bechdel_stats.words.messages import FilmsWarning


def only(name, values, attribute):
    """The values of an attribute in a table of one column."""
    return standardise(pd.DataFrame({name: values}))[attribute].tolist()


@pytest.mark.parametrize(
    ("codes", "shares"),
    [(["2", "1|2", "1, 2, 2"], [0, 0.5, 1 / 3]), (["1|1", "0|2"], [1, 0]),
     (["2"], [0]), (["1", "2", "0"], [1, 0, np.nan]), (["1.0", "2.0", "3.0", ""], [1, 0, np.nan, np.nan])],
)  # fmt: skip
def test_codes_of_gender_may_be_texts(codes, shares):
    with pytest.warns(FilmsWarning, match="director_female_share: 1 is read as a woman and 2 as a man"):
        np.testing.assert_array_equal(only("director_gender", codes, "director_female_share"), shares)


def test_shares_and_words_in_a_column_of_gender_are_no_codes():
    with pytest.warns(
        FilmsWarning, match="director_female_share: 1 is read as a woman and 0 as a man, as its name does"
    ):
        assert only("director_gender", ["1", "0", "1"], "director_female_share") == [1, 0, 1]
    assert only("sexe du réalisateur (1 = femme)", [1, 0], "director_female_share") == [1, 0]
    assert only("director_gender", ["F", "M", "1"], "director_female_share") == [1, 0, 1]


def test_small_whole_numbers_are_no_shares_unless_a_header_says_per_cent():
    match = (
        r"^column director_female_share: 2 of 2 values cannot be used \(first: 2, 1\): allowed: 0 to 1, or 0 % to 100 %"
    )
    with pytest.warns(FilmsWarning, match=match):
        assert "director_female_share" not in standardise(pd.DataFrame({"female_director": [2, 1]}))
    assert only("Part de femmes (%)", [2, 1], "cast_female_share") == [0.02, 0.01]
    assert only("Part de femmes (%)", ["35,5", "n.c.", "0"], "cast_female_share")[::2] == [0.355, 0]


def test_two_parts_of_a_hundred_are_told():
    match = r"share: 1 of 2 values cannot be used \(first: '40/60'\): allowed: 0 to 1, or 0 % to 100 %."
    with pytest.warns(FilmsWarning, match=match):
        shares = only("Part de femmes", ["40/60", "50/50"], "cast_female_share")
    np.testing.assert_array_equal(shares, [np.nan, 0.5])


@pytest.mark.parametrize(
    ("name", "marks"),
    [("imdb_rating", [7.5, 8, 7.5, 6]), ("vote_average", [7.5, 8, 7.5, 6]), ("metascore", [75, 80, 7.5, 6])],
)
def test_marks_of_another_scale_are_brought_to_ours(name, marks):
    read = standardise(pd.DataFrame({name: ["75/100", "4/5", "7,5", "6"]}))
    assert read.iloc[:, 0].tolist() == marks


@pytest.mark.parametrize("name", ["Durée (secondes)", "runtime (s)", "Duration (sec)"])
@pytest.mark.parametrize("values", [[6120, 5400.0], ["6120", "5400,0"], ["6120 s", "1h30"]])
def test_lengths_headed_in_seconds_are_minutes(name, values):
    assert only(name, values, "runtime") == [102, 90]


def test_eu_is_no_country():
    with pytest.warns(
        FilmsWarning, match="column country: 1 of 3 values cannot be used .first: 'EU'.: not a known name"
    ):
        assert only("country", ["EU", "É.-U.", "US"], "country") == [None, "United States", "United States"]


@pytest.mark.parametrize(
    "name", ["budget (thousands)", "Budget (in thousands)", "budget (k$)", "budget (k€)", "budget (£k)",
             "Budget (en milliers)", "Budget (en milliers d'euros)", "budget (USD k)"],
)  # fmt: skip
@pytest.mark.parametrize("values", [[12500, 300], ["12500", "300"], ["12,500", "0.3M"]])
@pytest.mark.filterwarnings("ignore:.*without conversion")
def test_amounts_headed_in_thousands_are_in_full(name, values):
    assert only(name, values, "budget") == [12_500_000, 300_000]


@pytest.mark.parametrize("name", ["budget (USD m)", "budget (USD million)", "budget (US$ m)", "budget (EUR M)"])
@pytest.mark.filterwarnings("ignore:.*without conversion")
def test_a_header_may_name_the_currency_before_millions(name):
    assert only(name, [12.5], "budget") == [12_500_000]


@pytest.mark.parametrize("name", ["budget", "budget (USD)"])
def test_amounts_without_a_scale_stay_as_they_are(name):
    assert only(name, [12500], "budget") == [12500]


@pytest.mark.parametrize("name", ["runtime", "Duration", "Durée"])
@pytest.mark.parametrize("values", [[2.25, 1.5, 2.0, 0], ["2.25", "1.5", "2", ""], ["2,25", "1,5 ", "2", None]])
def test_lengths_that_can_only_be_hours_are_read_as_hours(name, values):
    with pytest.warns(FilmsWarning, match="runtime: lengths from 1 to 10 that are not all whole are read as hours"):
        np.testing.assert_array_equal(only(name, values, "runtime"), [135, 90, 120, np.nan])


@pytest.mark.parametrize(
    ("name", "minutes"),
    [("runtime", [5, 3, 7]), ("runtime", [2, 3]), ("runtime", [5.5, 7.25, 4]), ("runtime", [1.5, 90]),
     ("runtime (min)", [1.5, 2.25]), ("duration_minutes", [1.5, 2.25]), ("durée (mn)", [1.5, 2.25])],
)  # fmt: skip
def test_minutes_of_short_films_stay_minutes(name, minutes):
    assert only(name, minutes, "runtime") == minutes


@pytest.mark.parametrize(
    "cell",
    ['[{"iso_3166_1": "CI", "name": "Cote D\'Ivoire"}]', '[{\'iso_3166_1\': \'CI\', \'name\': "Cote D\'Ivoire"}]',
     r"[{'iso_3166_1': 'CI', 'name': 'Cote D\'Ivoire', 'x': None}]",
     r"[{'name': 'Cote\xa0D\'Ivoire', 'x': 'a \"b\" \\'}]",
     {"iso_3166_1": "CI", "name": "Cote D'Ivoire"}],
)  # fmt: skip
def test_an_apostrophe_in_a_list_is_no_quote(cell):
    assert only("country", [cell], "country") == ["Ivory Coast"]


@pytest.mark.parametrize(
    "cell",
    ["[{'name': 'Drama', 'x': None}]", "[{'name': 'Drama', 'adult': False, 'x': nan}]", {"id": 18, "name": "Drama"},
     "{'id': 18, 'name': 'Drama'}", '{"id": 18, "name": "Drama"}', "['Drama']", ("Drama",), frozenset({"Drama"})],
)  # fmt: skip
def test_names_in_any_list_of_python(cell):
    assert only("genres", [cell], "genres") == ["Drama"]


def test_a_set_that_cannot_change_keeps_all_its_names():
    assert only("genres", [frozenset({"Action", "Drama"})], "genres") == ["Action|Drama"]


@pytest.mark.parametrize("cell", ["Action, Drama, ", "Action,, Drama", "Action|Drama|", "Action;Drama;"])
def test_nothing_between_commas_is_no_genre(cell):
    assert only("genres", [cell, ", "], "genres") == ["Action|Drama", None]


@pytest.mark.parametrize("title", ["[REC]", "{Proof}", "[REC]'", "['night"])
def test_a_title_in_brackets_is_a_title(title):
    assert only("title", [title], "title") == [title]


def test_a_cell_of_quotes_takes_no_time():
    import time

    before = time.process_time()
    cells = ["[" + sign * 50_000 + "]" for sign in ("'", '"', r"\'", "'\"", "None", "{'")]
    with pytest.warns(FilmsWarning, match="unknown"):
        only("genres", cells, "genres")
    assert time.process_time() - before < 3


@pytest.mark.parametrize("sign", ["✔", "✔\ufe0f", "✅"])
def test_signs_of_an_outcome(sign):
    assert only("passes", [sign, "✖", "✖\ufe0f", "❌"], "passes") == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("name", "currency"), [("Devis (€)", "€"), ("Budget EUR", "€"), ("budget_gbp", "£"), ("Budget (CAD)", "CAD")]
)
def test_a_currency_that_only_the_header_names_is_told(name, currency):
    with pytest.warns(FilmsWarning, match=f"budget: amounts in {currency} are read as they are, without conversion"):
        assert only(name, [1_000_000], "budget") == [1_000_000]


@pytest.mark.parametrize(
    ("name", "value", "attribute", "read"),
    [
        ("budget_millions", 12.5, "budget", 12_500_000), ("Box office million USD", 3, "revenue", 3_000_000),
        ("duration_seconds", 5400, "runtime", 90), ("length in seconds", "5400", "runtime", 90),
        ("runtime_hours", 1.5, "runtime", 90), ("Laufzeit (Std.)", "1,5", "runtime", 90),
        ("cast_female_share_pct", 45, "cast_female_share", 0.45),
    ],
)  # fmt: skip
def test_units_behind_a_header_without_brackets(name, value, attribute, read):
    assert only(name, [value], attribute) == [read]


def test_per_cent_in_a_header_above_fractions_is_told():
    with pytest.warns(FilmsWarning, match="its name says per cent, but no value is above 1: 0.5 is read as 50 %"):
        assert only("Women in cast (%)", [0.5, 1], "cast_female_share") == [0.5, 1]
    assert only("Women in cast (%)", ["0.5 %", "1 %"], "cast_female_share") == [0.005, 0.01]
    assert only("Female director (%)", [0, 1], "director_female_share") == [0, 1]
