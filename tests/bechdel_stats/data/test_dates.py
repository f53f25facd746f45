import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.dates import years_of
from bechdel_stats.data.schema import standardise
from bechdel_stats.words.messages import FilmsWarning


@pytest.mark.parametrize(
    ("texts", "year"),
    [
        (("1999", "1999.0", "1999,0", "(1999)", "circa 1999", "c. 1999", "1999-12-31", "1999-12-31T00:00:00Z"), 1999),
        (("31/12/1999", "12/31/1999", "31.12.1999", "31 Dec 1999", "December 31, 1999", "31 décembre 1999"), 1999),
        (("19991231", "1999-2001", "1999–", "31/12/99", "31-Dec-99", "12/31/99", "1999 (France)"), 1999),
        (("1,999", "1.999"), 1999), (("2,005",), 2005), (("1,2", "1.500", "1,9999"), 1),
        (("36525",), 1999), (("946598400", "946598400000"), 1999), (("-315619200000", "-315619200"), 1960),
        (("31121999", "12311999", "19991231.0", "1121999"), 1999),
        (("991231", "990331"), 1999), (("311299", "010199"), 1999), (("123199", "010199"), 1999), (("199903",), 1999),
        (("01/02/26", "26-Jan-26"), 2026), (("1/10/27", "01-Oct-27"), 1927),
        (("99",), 99), (("0",), 0), (("9999",), 9999),
        (("soon", "MCMXC", "12/31", "9" * 400, "1999%", "", "1999365", "99999999"), np.nan),
        (("86400", "500000"), np.nan),  # seconds of the first days of 1970
        (("190112",), np.nan),  # January of 1901, or a day of 2019 or 2012
        (("19544",), np.nan), (("922838400000000000",), np.nan),
    ],
)  # fmt: skip
def test_years_and_dates_in_any_common_order(texts, year):
    np.testing.assert_equal(years_of(texts), dict.fromkeys(texts, year))


def test_a_column_says_what_its_long_numbers_are():
    assert years_of(["20455", "20455.0", "20090"]) == {"20455": 1956, "20455.0": 1956, "20090": 1955}
    assert years_of(["990331", "11201", "870715"]) == {"990331": 1999, "11201": 2001, "870715": 1987}
    assert years_of(["36525", "1956"]) == {"36525": 1999, "1956": 1956}
    np.testing.assert_equal(years_of(["20455", "1956"]), {"20455": np.nan, "1956": 1956})


@pytest.mark.parametrize("years", [[1999, 2004, 19544], ["1999", "2004", "19544"], [1999, 2004, 123456789]])
def test_a_slip_of_the_keys_among_years_is_no_day(years):
    with pytest.warns(
        FilmsWarning, match=r"^column year: 1 of 3 values cannot be used \(first: .*\): allowed: 1870 to 2100"
    ):
        found = standardise(pd.DataFrame({"year": years}))["year"]
    np.testing.assert_array_equal(found, [1999, 2004, np.nan])


@pytest.mark.parametrize("kind", [int, str])
def test_dates_without_separators_are_dates(kind):
    for dates in ([31031999, 1122001], [19990331, 20011201], [990331, 11201]):
        films = standardise(pd.DataFrame({"release_date": list(map(kind, dates))}))
        assert films["year"].tolist() == [1999, 2001]


def test_a_decade_is_no_year():
    texts = ["1990s", "1990's", "1990\u2019s", "the 1990s", "1990er", "années 1990", "Años 1990", "décennie 1990"]
    with pytest.warns(FilmsWarning, match=r"^column year: 8 of 9 values cannot be used \(first: '1990s', \"1990's\", "):
        years = standardise(pd.DataFrame({"year": [*texts, "1999 erste Fassung"]}))["year"]
    np.testing.assert_array_equal(years, [np.nan] * 8 + [1999])


def test_a_year_before_or_after_which_a_film_was_made_is_not_its_year():
    texts = ["before 1970", "pre-1970", "avant 1970", "nach 1945", "1970"]
    np.testing.assert_array_equal(list(years_of(texts).values()), [np.nan] * 4 + [1970])
