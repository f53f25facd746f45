from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.inference.trend import trend
from bechdel_stats.report.analyses import Lack
from bechdel_stats.report.blocks import Picture, Table, Text
from bechdel_stats.report.trends import over_time, recent_change
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import Message

EN, FR = Words("en"), Words("fr")


@pytest.fixture
def told(trend_of):
    """A function: the sentence on changes (model, first, last, points per decade, its interval)."""

    def tell(*changes, words=EN, n_films=(30, 30)):
        return recent_change(SimpleNamespace(trend=trend_of(*changes, n_films=n_films)), words)

    return tell


def test_a_change_is_told_in_its_direction_and_as_none_where_its_interval_holds_0(told):
    assert told(("crude", 2003, 2023, 4.0, 1.0, 7.0)) == (
        "From 2003 to 2023, the share of films that pass has risen by 4.0 [1.0 to 7.0] percentage points per decade."
    )
    assert told(("crude", 2003, 2023, -4.0, -7.0, -1.0), words=FR) == (
        "De 2003 à 2023, la part des films qui réussissent a baissé de 4,0 [1,0 à 7,0] points de pourcentage par "
        "décennie."
    )
    assert told(("crude", 2003, 2023, 4.0, -1.0, 9.0)) == (
        "From 2003 to 2023, there is no clear change in the share of films that pass: +4.0 [\u22121.0 to +9.0] "
        "percentage points per decade."
    )


@pytest.mark.parametrize("low, risen", [(0.06, True), (0.04, False), (-0.04, False)])
def test_a_change_whose_interval_is_shown_to_begin_at_0_is_not_clear(told, low, risen):
    assert ("has risen" in told(("crude", 2003, 2023, 10.0, low, 20.0))) == risen


def test_the_adjusted_change_of_the_last_years_is_told_where_there_is_one(told):
    crude, adjusted = ("crude", 2003, 2023, 4.0, 1.0, 7.0), ("adjusted", 2003, 2023, 5.0, 2.0, 8.0)
    whole = [(model, 1990, 2023, 1.0, 0.5, 1.5) for model in ("crude", "adjusted")]
    assert told(whole[0], crude, whole[1], adjusted) == (
        "From 2003 to 2023, the share of films that pass has risen by 5.0 [2.0 to 8.0] percentage points per decade, "
        "among films that are otherwise alike."
    )
    assert "4.0 [1.0 to 7.0]" in told(whole[0], crude, whole[1], (*adjusted[:4], np.nan, np.nan))


def test_few_years_or_few_films_have_no_sentence(told):
    assert told(("crude", 1990, 2023, 4.0, 1.0, 7.0)) is None  # over all years only
    change = ("crude", 2003, 2023, 4.0, 1.0, 7.0)
    assert told(change, n_films=(29, 30)) is None and told(change, n_films=(30, 29)) is None
    assert told(change, n_films=(30, 30))
    assert recent_change(SimpleNamespace(trend=Lack(Message("none"))), EN) is None


@pytest.fixture(scope="module")
def chapters(films):
    """The chapter of invented films in both languages, with and without an adjusted curve."""
    found = {"adjusted": trend(films), "crude": trend(films[["year", "rating"]])}
    return {
        (kind, words.language): list(over_time(SimpleNamespace(trend=result), words))
        for kind, result in found.items()
        for words in (EN, FR)
    }


def test_the_chapter_has_the_curves_their_changes_and_their_tests(chapters):
    blocks = chapters["adjusted", "en"]
    (picture,) = (block for block in blocks if isinstance(block, Picture))
    changes, tests = (block for block in blocks if isinstance(block, Table))
    assert "stroke-dasharray" in picture.svg and ">curve of all films<" in picture.svg
    assert picture.svg.count("<title>") == 1 and "From 1999 to 2019, " in picture.svg
    (curves, years, points, p), heads = ([*zip(*changes.columns(EN))][n] for n in (1, 0))
    assert heads == ("Curve", "Years", "Points per decade [95% CI]", "p") and len(points) == len(p) == 4
    assert curves == ["all films"] * 2 + ["adjusted"] * 2 and years == ["1940\u20132019", "1999\u20132019"] * 2
    assert next(cells for head, cells, _ in tests.columns(FR) if head == "Hypothèse testée") == [
        "aucune tendance", "une ligne droite",
    ] * 2  # fmt: skip
    assert any(isinstance(block, Text) and block.text.startswith("Adjusted: the mean prob") for block in blocks)


def test_without_other_attributes_the_crude_curve_stands_alone_and_the_chapter_says_why(chapters):
    blocks = chapters["crude", "fr"]
    (picture,) = (block for block in blocks if isinstance(block, Picture))
    assert "stroke-dasharray" not in picture.svg and "fill-opacity" in picture.svg
    assert any(getattr(block, "text", "").startswith("Pas de courbe ajustée\u00a0: ") for block in blocks)
    assert pd.isna(next(b for b in blocks if isinstance(b, Table)).summary.table["ci_low"]).sum() == 0
