import numpy as np
import pandas as pd
import pytest

from bechdel_stats.describe.profiles import features_of, profiles_of, rate_of
from bechdel_stats.words.language import Words


def profiles(attributes, labels, **columns):
    films = pd.DataFrame(columns)
    labels = np.array(labels)
    return profiles_of(films, labels, features_of(attributes, labels), np.zeros(len(labels)))


def test_types_that_share_a_name_are_told_apart_by_what_they_differ_in_most():
    attributes = pd.DataFrame({"Horror": [1.0, 1, 1, 1, 0, 0, 0, 0], "Drama": [1.0, 1, 0, 0, 0, 1, 0, 1]})
    attributes["year"] = [1990.0, 1990, 1990, 1990, 1980, 2000, 1990, 1990]
    labels, year = [1, 1, 2, 2, 3, 3, 3, 3], attributes["year"]
    table = profiles(attributes, labels, year=year)
    assert table["name"].tolist() == ["Horror, Drama", "Horror", "mixed genres"]  # not the same: left as they are
    attributes["Drama"] = [0.6, 0.6, 0.4, 0.4, 0, 1, 0, 1]
    table = profiles(attributes, labels, year=year)
    assert table["name"].tolist() == ["Horror; Drama", "Horror; without Drama", "mixed genres"]
    attributes["Drama"], attributes["year"] = 0.5, [1991.0, 1992, 1988, 1989, 1970, 2010, 1990, 1990]
    table = profiles(attributes, labels, year=attributes["year"])
    assert table["name"].tolist() == ["Horror; 1991-1992", "Horror; 1988-1989", "mixed genres"]


def test_names_are_distinct_where_nothing_tells_types_apart():
    attributes = pd.DataFrame({"Horror": [1, 1, 1, 1, 0, 0]}, dtype=float)
    names = profiles(attributes, [1, 1, 2, 2, 3, 3], title=list("abcdef"))["name"].tolist()
    assert names == ["Horror; type 1", "Horror; type 2", "mixed genres"]


def test_names_read_well_in_french():
    name = "Horror; without Drama; in English; feature-length; small budgets; from the United States"
    assert Words("fr").name(name) == (
        "Horreur\u00a0; sans Drame\u00a0; en anglais\u00a0; longs métrages\u00a0; petits budgets\u00a0; des États-Unis"
    )
    assert Words("fr").name("without words") == "without words"


def test_rates_of_films_without_an_outcome():
    assert np.isnan(list(rate_of(pd.Series([np.nan])).values())).all()
    assert rate_of(pd.Series([1.0, 0, np.nan]))["pass_rate"] == pytest.approx(0.5)
