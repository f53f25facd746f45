import re

import pytest

from bechdel_stats.describe.grouping import BUDGETS, FLAGS, PERIODS, SHARES, UNKNOWN
from bechdel_stats.prediction.evaluation import METRICS
from bechdel_stats.words import names
from bechdel_stats.words.language import Words


def test_languages_are_english_and_french():
    assert names.LANGUAGES == ("en", "fr")


@pytest.mark.parametrize("table", [names.METRICS, names.HEADS], ids=["metrics", "heads"])
def test_every_head_and_measure_is_in_two_languages(table):
    for pair in table.values():
        english, french = pair
        assert english.strip() and french.strip()
        assert english.count("[95% CI]") == french.count("[IC à 95\u00a0%]")
        assert not re.search(r"(?<!\u00a0)[:;]|[^\u00a0] ?%(?=\])", french), "a space before the sign must not break"


def test_every_measure_has_a_name():
    assert tuple(names.METRICS) == METRICS


def test_levels_of_rates_have_french_names():
    periods = [level for level in PERIODS.values() if not re.fullmatch(r"\d+-\d+", level)]
    levels = [UNKNOWN, "any", *BUDGETS, *SHARES, *FLAGS, *periods]
    assert [level for level in levels if Words("fr").name(level) == level] == []
    assert [word for word, french in names.WORDS.items() if not french.strip() or word == french] == []


def test_codes_read_well_in_both_languages():
    assert set(names.READABLE) <= set(names.WORDS)
    for language in names.LANGUAGES:
        assert [word for word in names.READABLE if "_" in Words(language).name(word)] == []
    assert Words("en").name("imdb_principals") == "IMDb principals"
    assert Words("fr").name("imdb_principals") == "rôles principaux sur IMDb"


def test_a_head_beats_the_name_of_an_attribute():
    assert (Words("en").head("year"), Words("en").name("year")) == ("Decade", "year")
    assert (Words("fr").head("share"), Words("fr").head("runtime")) == ("Part, %", "durée")
