import pytest

from lightdiar.io import languages
from lightdiar.io.languages import language_code


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        (("fre", "fra", "fr", "FR", "Fra", "fr-CA", "fra-Latn-CH"), "fra"),
        (("ger", "deu", "de"), "deu"),
        (("chi", "zho", "zh", "zh-Hans"), "zho"),
        (("cze", "ces", "cs"), "ces"),
        (("eng", "en", "en-US"), "eng"),
        (("fil",), "fil"),  # has no code of two letters
        (("fi", "fin"), "fin"),
        (("qaa",), "qaa"),  # what broadcasters call the original sound
    ],
)
def test_tags_of_one_language_are_one(tags, code):
    assert {language_code(tag) for tag in tags} == {code}


@pytest.mark.parametrize(
    "tag", ["", "und", "UND", "zxx", "mis", "f", "french", "fr_FR", "2", "fr-", "fré", "fr\n", "\x1b[m"]
)
def test_what_tells_no_language(tag):
    assert language_code(tag) == ""


def test_the_table_is_whole_and_leads_to_one_code():
    """ISO 639-1 has 184 codes; 20 languages have a bibliographic one."""
    two, english = (dict(p.split(":") for p in t.split()) for t in (languages._TWO_LETTERS, languages._ENGLISH_NAMES))
    assert (len(two), len(english)) == (184, 20)
    assert all(len(code) == 2 for code in two) and all(len(code) == 3 for code in (*two.values(), *english))
    assert len(set(two.values())) == 184 and set(english.values()) <= set(two.values())
    assert not set(english) & set(two.values())
