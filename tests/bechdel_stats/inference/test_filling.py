import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.schema import standardise
from bechdel_stats.inference.design import design_columns
from bechdel_stats.inference.filling import default_attributes, filled_columns, imputation_blocks, source_of


@pytest.fixture
def columns():
    return design_columns(
        standardise(
            pd.DataFrame(
                {
                    "year": [1950, 1980, 2000, 2010, np.nan, 2019],
                    "genres": ["War", "Drama", "War|Drama", None, "Comedy", "Drama"],
                    "budget": [1e6, np.nan, np.nan, np.nan, 1e7, np.nan],
                    "imdb_votes": [10, 100, 1000, np.nan, np.nan, 1000],
                    "imdb_rating": [5, np.nan, np.nan, np.nan, np.nan, 7],
                    "language": ["fr", None, "fr", "fr", "fr", "fr"],
                    "mine": [1.0, 2, np.nan, 4, 5, 6],
                }
            )
        )
    )


def test_columns_belong_to_attributes():
    names = ("genre_war", "genre_other", "log10_budget", "budget", "mine")
    assert [source_of(name) for name in names] == ["genres", "genres", "budget", "budget", "mine"]


def test_default_attributes_are_those_of_the_default_formula():
    basics = {"year", "runtime", "budget", "genres", "language"}
    gender = {"cast_female_share", "director_female_share", "writer_female_share"}
    assert default_attributes(gender=False, pre_release=True) == basics
    assert default_attributes(gender=True, pre_release=True) == basics | gender
    assert default_attributes(gender=False, pre_release=False) == basics | {"imdb_rating", "imdb_votes"}


def test_what_is_needed_is_imputed_and_what_half_of_the_films_have_helps(columns):
    blocks = {block.name: block for block in imputation_blocks(columns, ["budget", "mine", "runtime"])}
    assert set(blocks) == {"year", "genres", "language", "budget", "imdb_votes", "mine"}  # ratings: 2 of 6
    assert blocks["budget"].targets[[0, 4], 0].tolist() == [6, 7]
    assert blocks["budget"].known.tolist() == [True, False, False, False, True, False]
    assert blocks["genres"].targets.shape == (6, 3)  # War, Drama, Comedy
    assert blocks["language"].targets.shape == (6, 0)  # French, as far as is known
    assert set(imputation_blocks(columns, [])) != set()
    assert "budget" not in {block.name for block in imputation_blocks(columns, [])}


def test_a_curve_predicts_where_its_knots_are_in_range():
    years = design_columns(standardise(pd.DataFrame({"year": np.arange(1920.0, 2020)})))
    (block,) = imputation_blocks(years, ["year"])
    assert block.targets.shape == (100, 1) and block.predictors.shape == (100, 4)  # five knots
    (block,) = imputation_blocks(years.iloc[80:], ["year"])
    assert block.predictors.shape == (20, 1)


def test_all_columns_of_an_attribute_come_from_the_donor(columns):
    rows = {"budget": np.array([0, 4, 0, 4, 4, 0]), "genres": np.array([0, 1, 2, 0, 4, 5])}
    filled = filled_columns(columns, rows)
    assert filled["log10_budget"].tolist() == [6, 7, 6, 7, 7, 6] and filled["budget"].tolist()[1] == 1e7
    assert filled["budget_missing"].tolist() == [0] * 6
    assert filled["genre_war"].tolist() == [1, 0, 1, 1, 0, 0] and filled["genre_comedy"][4] == 1
    pd.testing.assert_series_equal(filled["mine"], columns["mine"])
    assert columns["log10_budget"].isna().sum() == 4
