from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.report.blocks import Table
from bechdel_stats.report.predictions import predictions
from bechdel_stats.words.language import Words

EN, FR = Words("en"), Words("fr")
CURVE = pd.DataFrame({"predicted": [0.5], "pass_rate": [0.5], "ci_low": [0.4], "ci_high": [0.6]})


def blocks(*rows, words=EN, slope=1.0):
    """The chapter of predictions of periods: name, films, AUC, half of its interval."""
    periods = pd.DataFrame(rows, columns=["period", "n_films", "auc", "half"])
    periods = periods.assign(ci_low=periods["auc"] - periods["half"], ci_high=periods["auc"] + periods["half"])
    periods = periods.assign(pass_rate=0.5, predicted=0.625, slope=1.0, in_the_large=0.25)
    table = pd.DataFrame({"metric": ["auc"], "value": [0.8], "ci_low": [0.7], "ci_high": [0.9]})
    logistic = SimpleNamespace(
        table=table, rating=np.zeros(9), slope=slope, intercept=0.0, ece=0.1, calibration=CURVE, periods=periods
    )
    analyses = SimpleNamespace(logistic=logistic, without_gender=None, trees=None)
    return list(predictions(analyses, words))


def said(*rows, **options):
    return [block.text for block in blocks(*rows, **options) if hasattr(block, "text")]


def test_a_calibration_line_that_cannot_be_fitted_is_no_number():
    assert said()[1].startswith("Calibration of the logistic regression: slope 1.00 (1 is perfect)")
    assert said(slope=np.nan)[1].startswith("The logistic regression has no calibration line: its probabilities are a")
    assert said(slope=np.nan)[1].endswith("Mean gap between predicted and observed shares: 0.10.")


def test_decades_with_enough_films_stand_in_a_table():
    rows = [("1920s", 29, 0.8, 0.1), ("1930s", 30, 0.8, 0.1), ("1940s", 50, 0.8, 0.1), ("not known", 40, 0.7, 0.1)]
    table = [block for block in blocks(*rows, words=FR) if isinstance(block, Table)][-1]
    cells = {head: column for head, column, _ in table.columns(FR)}
    assert cells["Décennie"] == ["années 1930", "années 1940", "non renseigné"]
    assert cells["AUC [IC à 95\u00a0%]"][0] == "0,80 [0,70\u00a0; 0,90]"
    assert (cells["Taux de réussite, %"][0], cells["Prédiction moyenne, %"][0]) == ("50,0", "62,5")
    assert len([b for b in blocks(*rows[:2]) if isinstance(b, Table)]) == 1  # one decade is no comparison


@pytest.mark.parametrize("auc, less", [(0.70, True), (0.74, False), (0.95, False)])
def test_later_films_are_said_to_be_predicted_less_well_where_the_difference_is_clear(auc, less):
    """Two decades before of 0.8 +- 0.04: their mean has half 0.04 / sqrt(2) = 0.028, the difference 0.066 with 0.06."""
    rows = [("1990s", 90, 0.8, 0.04), ("2000s", 90, 0.8, 0.04), ("2010s", 90, auc, 0.06), ("not known", 90, 0.5, 0.01)]
    found = [text for text in said(*rows) if text.startswith("Later films")]
    assert found == less * [
        "Later films are predicted less well: the AUC of the films of the 2010s is lower than the mean of the decades "
        "before, by 0.10 [0.03 to 0.17]."
    ]


def test_decades_of_one_outcome_have_no_auc_and_are_not_compared():
    rows = [("1890s", 40, np.nan, np.nan), ("2000s", 90, 0.8, 0.04), ("2010s", 90, 0.5, 0.06)]
    assert any("by 0.30 [0.23 to 0.37]" in text for text in said(*rows))
    assert not any(text.startswith("Later") for text in said(*rows[:2]))
    table = [block for block in blocks(*rows) if isinstance(block, Table)][-1]
    assert next(column for head, column, _ in table.columns(EN) if head == "AUC [95% CI]")[0] == ""
