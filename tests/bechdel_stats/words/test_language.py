import re
import string

import pytest

from bechdel_stats.data import schema
from bechdel_stats.inference.design import LANGUAGES
from bechdel_stats.prediction.evaluation import METRICS
from bechdel_stats.prediction.importance import VARIABLES
from bechdel_stats.words import names
from bechdel_stats.words.language import Words
from bechdel_stats.words.wordings import ENGLISH, FRENCH, TEXTS

EN, FR = Words("en"), Words("fr")
CAUSAL = {
    "en": r"\b(effects? of|because|leads? to|due to|thanks to|impacts?|results? in|caused?|drives?|raises?|makes)\b",
    "fr": r"\b(effets? de|à cause|parce que|grâce à|dûe?s? à|impacts?|entraîne|provoque|influence|augmente|baisse)\b",
}


def places(text):
    return sorted(field for _, field, _, _ in string.Formatter().parse(text) if field is not None)


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_say_the_same_things(key):
    english, french = TEXTS[key]
    assert places(english) == places(french)
    assert english.count("|") == french.count("|")


@pytest.mark.parametrize("english", FRENCH)
def test_translations_keep_what_they_repeat(english):
    assert len(places(english)) == len(places(FRENCH[english]))


def test_nothing_is_said_to_bring_about_anything():
    texts = {"en": [pair[0] for pair in TEXTS.values()] + list(ENGLISH.values())}
    texts["fr"] = [pair[1] for pair in TEXTS.values()] + list(FRENCH.values())
    for language, sentences in texts.items():
        found = [sentence for sentence in sentences if re.search(CAUSAL[language], sentence, re.IGNORECASE)]
        assert not found


def test_numbers_have_the_decimal_sign_of_the_language():
    assert (EN.number(7913, 0), FR.number(7913, 0)) == ("7,913", "7\u202f913")
    assert (EN.number(-1.5), FR.number(-1.5)) == ("\u22121.50", "\u22121,50")
    assert (EN.percent(0.5849), FR.percent(0.5849)) == ("58.5%", "58,5\u00a0%")
    assert (EN.signed(4.25), FR.signed(-4.25)) == ("+4.2", "\u22124,2")
    assert EN.interval(EN.percent, 0.5, 0.4, 0.6) == "50.0% [40.0% to 60.0%]"
    assert FR.interval(FR.number, 1.6, 1.26, 1.97) == "1,60 [1,26 à 1,97]"


def test_terms_read_as_people_say_them():
    assert EN.term("genre_science_fiction", "1 against 0") == "Science Fiction"
    assert FR.term("genre_tv_movie", "1 against 0") == "Téléfilm"
    assert FR.term("language_fr") == "Langue\u00a0: français"
    assert EN.term("runtime", "92 -> 116") == "Runtime: 92 → 116 min"
    assert FR.term("log10_budget", "x 10") == "Budget × 10"
    assert FR.term("year", "1986.25 -> 2011") == "Année\u00a0: 1986 → 2011"
    assert EN.term("C(mpaa)[T.R]", "1 against 0") == "C(mpaa)[T.R]"
    assert EN.term("metascore", "+1") == "metascore (+1)"


def test_names_of_types_and_levels_are_translated_part_by_part():
    assert FR.name("Horror, Thriller; 1975-2005; small budgets") == (
        "Horreur, Thriller\u00a0; 1975-2005\u00a0; petits budgets"
    )
    assert (EN.name("1990s"), FR.name("1990s")) == ("1990s", "années 1990")
    assert FR.name("other (46 levels)") == "autres, 46 niveaux"
    assert (EN.name("cast_female_share"), FR.name("budget")) == ("share of women in the cast", "budget")
    assert FR.name("Ruritania") == "Ruritania"


def test_notes_repeat_their_parts_in_the_language():
    note = "Not known: cast_female_share in 884 films, genres in 284 films."
    assert EN.sentence(note) == "Not known: share of women in the cast in 884 films, genres in 284 films."
    assert FR.sentence(note) == (
        "Non renseigné\u00a0: part des femmes dans la distribution pour 884 films, genres pour 284 films."
    )
    note = "The gender of the cast comes from 2 sources; women are 38% first_name_guess, 36% tmdb."
    assert FR.sentence(note).endswith("y est\u00a0: 38\u00a0% (d'après les prénoms), 36\u00a0% (TMDB).")
    assert FR.sentence("What nobody has translated 1.5") == "What nobody has translated 1,5"


@pytest.mark.parametrize("words", [EN, FR], ids=names.LANGUAGES)
def test_everything_that_tables_name_has_a_name(words):
    assert set(schema.COLUMN) == set(names.COLUMNS)
    assert set(schema.GENRES) == set(names.GENRES)
    assert set(LANGUAGES) == set(names.TONGUES)
    assert set(METRICS) == set(names.METRICS)
    for word in (*VARIABLES, *schema.COLUMN):
        assert "_" not in words.name(word)
    untranslated = {name for name in VARIABLES if FR.name(name) == name}
    assert untranslated == {"genres", "budget"}


def test_other_languages_are_refused():
    with pytest.raises(ValueError, match="language must be one of en, fr; got 'de'"):
        Words("de")
