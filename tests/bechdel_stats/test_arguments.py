"""Wrong arguments of public functions: a line that says what came and what is allowed, not an error of a library."""

import numpy as np
import pandas as pd
import pytest

import bechdel_stats
from bechdel_stats import (
    adjust_fdr,
    cross_validate,
    evaluate,
    explain,
    film_types,
    find_film,
    imputed_odds_ratios,
    influential_films,
    join_ear,
    load_model,
    make_report,
    odds_ratios,
    partial_dependence,
    pass_rates,
    permutation_importance,
    post_stratify,
    predict_bechdel,
    rcs,
    read_ear,
    read_films,
    read_key,
    standardise,
    validate_over_time,
    what_if,
    wilson,
)

FILMS = pd.DataFrame(
    {
        "title": [f"Quay {n}" for n in range(40)],
        "year": np.arange(1980, 2020),
        "genres": ["Drama", "War"] * 20,
        "rating": [0, 1, 2, 3] * 10,
    }
)
ONE = FILMS.iloc[[0]]
TABLES = {"None": None, "a path": "films.csv", "a dict": {"year": [1999]}, "a Series": FILMS["year"], "a number": 5}
OF_FILMS = (
    "predict_bechdel predict_films fit_model fit_trees cross_validate validate_over_time permutation_importance "
    "compare_with_ear enough_heard without standardise campaign disputed_sensitivity film_types odds_ratios "
    "odds_with_and_without_gender imputed_odds_ratios trend ordinal_odds_ratios multinomial_odds_ratios design_columns "
    "make_report"
).split()


@pytest.mark.parametrize("name", OF_FILMS)
@pytest.mark.parametrize("films", TABLES.values(), ids=TABLES)
def test_what_is_no_table_of_films_is_refused(name, films):
    with pytest.raises(TypeError, match=r"^films must be a .*DataFrame.*; got \w+\."):
        getattr(bechdel_stats, name)(films)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: cross_validate(FILMS, n_folds=1), ValueError, "n_folds must be a whole number, 2 or more; got 1."),
        (lambda: cross_validate(FILMS, n_folds="a"), TypeError, "n_folds must be a whole number, 2 or more; got 'a'."),
        (lambda: cross_validate(FILMS, n_folds=500), ValueError,
         "500 folds need 500 films that pass and 500 that fail; the rarer outcome has 10."),
        (lambda: cross_validate(FILMS, groups=["year"]), TypeError,
         "groups must be the name of a column, such as year; got list."),
        (lambda: cross_validate(FILMS, fit=None), TypeError,
         "fit must be a function that returns a model, such as fit_model; got NoneType."),
        (lambda: cross_validate(FILMS, until="2000"), TypeError,
         "until must be a whole number, 0 or more; got '2000'."),
        (lambda: cross_validate(FILMS, seed=-1), ValueError, "seed must be a whole number, 0 or more; got -1."),
        (lambda: validate_over_time(FILMS, 2000), TypeError,
         "until must be years in a row, such as [2007, 2012]; got int."),
        (lambda: validate_over_time(FILMS, []), ValueError,
         "until must hold a year or more, such as [2007, 2012]; got none."),
        (lambda: permutation_importance(FILMS, n_repeats=0), ValueError,
         "n_repeats must be a whole number, 1 or more; got 0."),
        (lambda: partial_dependence(FILMS, "year", []), ValueError,
         "values must be one or more known numbers in a row; got []."),
        (lambda: partial_dependence(FILMS, "year", ["a"]), TypeError,
         "values must hold numbers, such as [0.2, 0.5]; got ['a']."),
        (lambda: partial_dependence(FILMS, ["year"]), TypeError,
         "column must be the name of a column, such as year; got list."),
        (lambda: predict_bechdel(FILMS, model="x"), TypeError,
         "model must be a BechdelModel, as fit_model and load_model return it; got str."),
        (lambda: what_if(ONE, ["year"]), TypeError,
         'changes must be a dict, such as {"cast_female_share": 0.5}; got list.'),
        (lambda: explain(ONE, 5), TypeError,
         "model must be a BechdelModel, as fit_model and load_model return it; got int."),
        (lambda: find_film(FILMS, 5), TypeError,
         "which must be text: a title, an IMDb id, or a row such as '1'; got int."),
        (lambda: load_model(None), TypeError,
         "folder must be the path of a folder that `bechdel-stats fit` has written; got NoneType."),
        (lambda: evaluate(["a"], [[0.5, 0.5]]), TypeError, "rating must hold numbers, such as [0, 3]; got ['a']."),
        (lambda: join_ear(FILMS, None), TypeError, "ear must be a DataFrame, as read_ear returns it; got NoneType."),
        (lambda: join_ear(FILMS, FILMS), ValueError,
         "ear: no column recording, p_two_women, p_women_talk, female_share, female_share_low, female_share_high, "
         "exchanges, exchange_seconds, places, imdb_id. read_ear gives a table that has them."),
        (lambda: read_ear([1]), TypeError, "source must be a path or a DataFrame of recordings; got list."),
        (lambda: read_films(FILMS, columns=["title"]), TypeError,
         'columns must be a dict, such as {"Ma note": "rating"}; got list.'),
        (lambda: standardise(FILMS, "title"), TypeError,
         'columns must be a dict, such as {"Ma note": "rating"}; got str.'),
        (lambda: pass_rates(FILMS, ["genres"]), TypeError,
         "by must be the name of a column, such as genres; got list."),
        (lambda: pass_rates(FILMS, "genres", conf_level="95 %"), TypeError,
         "conf_level must be a number between 0 and 1; got str. Usual is 0.95."),
        (lambda: pass_rates(FILMS, "genres", min_films="a"), TypeError,
         "min_films must be a whole number, 0 or more; got 'a'."),
        (lambda: pass_rates(FILMS, "genres", weights="year"), TypeError,
         "weights must hold numbers, such as [1.0, 2.5], one for each film; got 'year'."),
        (lambda: film_types(FILMS, n_types=2.5), TypeError, "n_types must be a whole number, 0 or more; got 2.5."),
        (lambda: post_stratify(FILMS, None), TypeError,
         "margins must be a DataFrame with a column n or share and columns of films; got NoneType."),
        (lambda: post_stratify(FILMS, pd.DataFrame({"year": [None], "n": [5]})), ValueError,
         "margins: none of the 40 films is in a cell of each margin. Are years, countries and genres written as here?"),
        (lambda: odds_ratios(FILMS, 5), TypeError,
         "formula must be text, such as `passes ~ year + cast_female_10`; got int."),
        (lambda: odds_ratios(FILMS, "passes ~ year", cluster=["year"]), TypeError,
         "cluster must be the name of a column, such as year; got list."),
        (lambda: imputed_odds_ratios(FILMS, n_imputations=1.5), TypeError,
         "n_imputations must be a whole number, 2 or more; got 1.5."),
        (lambda: influential_films(None, FILMS), TypeError,
         "result must be an OddsRatioResult, as odds_ratios returns it; got NoneType."),
        (lambda: wilson("a", 5), TypeError, "n_passes must hold numbers, such as 81; got 'a'."),
        (lambda: wilson([1, 2, 3], [4, 5]), ValueError, "n_passes and n_films must be as many; got 3 and 2."),
        (lambda: adjust_fdr(["a"]), TypeError, "p_values must hold numbers, such as [0.01, 0.2]; got ['a']."),
        (lambda: rcs([1, 2], "a"), TypeError, "knots must hold numbers, such as [1935, 1970, 1992]; got 'a'."),
        (lambda: rcs([1, 2], 5), ValueError,
         "a restricted cubic spline needs at least 3 increasing knots; got 5.0."),
        (lambda: read_key(5), TypeError,
         "file must be the path of a text file that contains the key; got int."),
        (lambda: make_report(FILMS, "audit"), TypeError,
         "audit must be an Audit, as in read_films(...).audit; got str."),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_told_in_one_line(call, error, message):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == message
