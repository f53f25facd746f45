import re
from pathlib import Path
from string import Formatter

import pytest

import lightdiar.report
from lightdiar.report.texts import ACCURACY, TEXTS

SOURCES = {path.name: path.read_text(encoding="utf-8") for path in Path(lightdiar.report.__file__).parent.glob("*.py")}


def holders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_say_the_same(key):
    english, french = TEXTS[key]
    assert english and french
    assert holders(english) == holders(french)


@pytest.mark.parametrize("key", TEXTS)
def test_no_sentence_claims_a_cause_or_says_what_somebody_is(key):
    for text in TEXTS[key]:
        assert not re.search(
            r"\b(because|causes? |due to|leads? to|parce que|à cause|entraîne)\b", text.replace("no causes", "")
        )


def test_every_text_is_used():
    code = "\n".join(source for name, source in SOURCES.items() if name != "texts.py")
    made = {key for key in TEXTS if re.match("(F|M|child|uncertain)$|all_.|answers_|label_|limit_|quote_|sound_", key)}
    unused = {key for key in TEXTS if f'"{key}"' not in code} - made
    assert unused == set()


def test_the_accuracy_is_that_of_the_documentation():
    docs = Path(__file__).parents[3] / "docs" / "lightdiar.md"
    text = docs.read_text(encoding="utf-8")
    for name, figure in ACCURACY.items():
        assert re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d])", text), f"{name}: {figure} is not in {docs.name}"
