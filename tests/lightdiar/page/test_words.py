import json
import re
from html import unescape
from pathlib import Path
from string import Formatter

import pytest

from lightdiar.page import words

ASSETS = Path(words.__file__).parent / "assets"


def places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", words.TEXTS)
def test_both_languages_say_the_same_things(key):
    english, french = words.TEXTS[key]
    assert english and french and places(english) == places(french)
    assert french.count("|") in (0, english.count("|"))


def test_every_text_is_used_and_every_text_that_is_used_is_there():
    used = set(re.findall(r"\$(\w+)", (ASSETS / "index.html").read_text(encoding="utf-8"))) - {"words"}
    scripts = "".join(path.read_text(encoding="utf-8") for path in ASSETS.glob("*.js"))
    used |= {key for key in words.TEXTS if re.search(rf'["\s.]{re.escape(key)}["\s,?]', scripts)}
    named = set(re.findall(r'(?:word|several)\("(\w+)"', scripts))
    assert named <= set(words.TEXTS)
    assert set(words.TEXTS) - used - {"F", "M", "child", "uncertain", "report", "refused_sign", "refused_name"} == set()


def test_the_document_holds_the_texts_as_data():
    document = words.page_html("fr")
    block = re.search(r'<script type="application/json" id="words">(.*?)</script>', document, re.DOTALL)[1]
    assert json.loads(block) == words.texts("fr")
    assert "<" not in block
    assert "$" not in re.sub(r"<script.*?</script>", "", document)
    assert words.texts("fr")["title"] == "Qui parle\u00a0?" and words.texts("fr")["title"] in unescape(document)
