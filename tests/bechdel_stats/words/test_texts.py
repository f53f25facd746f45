import ast
import re
from pathlib import Path

import pytest

import bechdel_stats
from bechdel_stats.report.closing import TERMS
from bechdel_stats.words.language import Words
from bechdel_stats.words.texts import TEXTS


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_say_the_same_things(places, key):
    english, french = TEXTS[key]
    assert places(english) == places(french)
    assert english.count("|") == french.count("|")


def test_every_text_is_used():
    """Their keys stand in the code of plots and reports, whole or composed."""
    folders = (Path(bechdel_stats.__file__).parent / name for name in ("report", "pictures"))
    trees = [ast.parse(path.read_text(encoding="utf-8")) for folder in folders for path in folder.glob("*.py")]
    said = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    composed = {f"{kind}_{term}" for kind in ("word", "meaning") for term in TERMS}
    composed |= {f"{who}_{level}" for who in ("directors", "writers") for level in ("yes", "no")}
    assert set(TEXTS) - said - composed == set()


def test_nothing_is_said_to_bring_about_anything(causal):
    assert causal(TEXTS.values()) == []
    assert causal([("War drives the rate", "x"), ("x", "La guerre entraîne un échec")]) == [  # it would be found
        "War drives the rate",
        "La guerre entraîne un échec",
    ]


def test_every_text_can_be_said_in_both_languages(places):
    english, french = Words("en"), Words("fr")
    for key, pair in TEXTS.items():
        values = dict.fromkeys(places(pair[0]), "3")
        assert english(key, **values) == pair[0].format(**values)
        said = french(key, **values)
        assert said.replace("\u00a0", " ") == pair[1].format(**values)
        assert not re.search(r" [:;?!%»]|« ", said), "these spaces must not break"


def test_french_has_no_english_quotes_and_english_no_guillemets():
    for english, french in TEXTS.values():
        assert not set(english) & set("«»") and not set(french) & set('“”"')
