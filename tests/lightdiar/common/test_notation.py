import pytest

from lightdiar.common.notation import check_language, notation, typeset


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("12345.60", "12,345.60", "12\u202f345,60"),
        ("5e+09", "5,000,000,000", "5\u202f000\u202f000\u202f000"),
        ("<0.001", "<0.001", "<0,001"),
        ("-0.0", "0.0", "0,0"),
        ("-4.6%", "\u22124.6%", "\u22124,6\u00a0%"),
        ("inf", "∞", "∞"),
    ],
)
def test_numbers(text, english, french):
    assert notation(text, "en") == english
    assert notation(text, "fr") == french


def test_french_punctuation_stays_with_its_word():
    text = "« Oui » : 5 % ; non ?"
    assert typeset(text, "en") == text
    assert typeset(text, "fr") == "«_Oui_»_: 5_%_; non_?".replace("_", "\u00a0")


def test_other_languages_are_refused():
    check_language("fr")
    with pytest.raises(ValueError, match="language must be one of en, fr; got 'FR'"):
        check_language("FR")
