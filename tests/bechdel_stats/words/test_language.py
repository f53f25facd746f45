import pytest

from bechdel_stats.attributes import ATTRIBUTE, VARIABLES
from bechdel_stats.prediction.evaluation import METRICS
from bechdel_stats.words import names
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import MESSAGES, Message, Verbatim

EN, FR = Words("en"), Words("fr")


def test_numbers_have_the_decimal_sign_of_the_language():
    assert (EN.number(7913, 0), FR.number(7913, 0)) == ("7,913", "7\u202f913")
    assert (EN.number(-1.5), FR.number(-1.5)) == ("\u22121.50", "\u22121,50")
    assert (EN.percent(0.5849), FR.percent(0.5849)) == ("58.5%", "58,5\u00a0%")
    assert (EN.signed(4.25), FR.signed(-4.25)) == ("+4.2", "\u22124,2")
    assert EN.interval(EN.percent, 0.5, 0.4, 0.6) == "50.0% [40.0% to 60.0%]"
    assert FR.interval(FR.number, 1.6, 1.26, 1.97) == "1,60 [1,26 à 1,97]"


@pytest.mark.parametrize(
    "python, english, french",
    [
        ("5e+09", "5,000,000,000", "5\u202f000\u202f000\u202f000"),
        ("1e-07", "0.0000001", "0,0000001"),
        ("-0.0", "0.0", "0,0"),
        ("-4.60", "\u22124.60", "\u22124,60"),
        ("<0.001", "<0.001", "<0,001"),
        ("38%", "38%", "38\u00a0%"),
        ("inf", "∞", "∞"),
        ("-inf", "\u2212∞", "\u2212∞"),
    ],
)
def test_what_python_wrote_has_no_exponent_and_no_minus_before_zero(python, english, french):
    assert (EN.notation(python), FR.notation(python)) == (english, french)


def test_numbers_in_messages_have_the_notation_of_the_language():
    allowed = Message("allowed_range", low=1000.0, high=1e9)
    told = Message("unusable_values", column="budget", n=5, n_known=3979, first=5e9, reason=allowed)
    assert (
        "5 valeurs sur 3\u202f979 ne peuvent pas servir (les premières\u00a0: 5\u202f000\u202f000\u202f000)"
        in FR.message(told)
    )
    assert "admis\u00a0: de 1\u202f000 à 1\u202f000\u202f000\u202f000" in FR.message(told)
    assert "allowed: 1,000 to 1,000,000,000" in EN.message(told)
    assert "until=2017: 3 films without" in EN.message(Message("without_year", until=2017, n=3))
    assert FR.message(Message("gender_disagrees", correlation=-0.5, one="a", other="b", n=1)).count("\u22120,50") == 1


def test_periods_have_french_names_whatever_their_year():
    assert [FR.name(word) for word in ("before 1920", "2010 and later", "1990s", "before 19")] == [
        "avant 1920", "2010 et après", "années 1990", "before 19",
    ]  # fmt: skip


def test_terms_read_as_people_say_them():
    assert EN.term("genre_science_fiction", "1 against 0") == "Science Fiction"
    assert FR.term("genre_tv_movie", "1 against 0") == "Téléfilm"
    assert FR.term("language_fr") == "Langue\u00a0: français"
    assert EN.term("runtime", "92 -> 116") == "Runtime: 92 → 116 min"
    assert FR.term("log10_budget", "x 10") == "Budget × 10"
    assert FR.term("year", "1986.25 -> 2011") == "Année\u00a0: 1986 → 2011"
    assert EN.term("C(mpaa)[T.R]", "1 against 0") == "C(mpaa)[T.R]"
    assert EN.term("log_cast_women", "+1") == "log_cast_women (+1)"


def test_names_of_types_and_levels_are_translated_part_by_part():
    assert FR.name("Horror, Thriller; 1975-2005; small budgets") == (
        "Horreur, Thriller\u00a0; 1975-2005\u00a0; petits budgets"
    )
    assert (EN.name("1990s"), FR.name("1990s")) == ("1990s", "années 1990")
    assert FR.name("other (46 levels)") == "autres, 46 modalités"
    assert (EN.name("cast_female_share"), FR.name("budget")) == ("share of women in the cast", "budget")
    assert (EN.name("cast - first names"), FR.name("cast - first names")) == (
        "cast \u2212 first names",
        "distribution \u2212 prénoms",
    )


@pytest.mark.parametrize("word", ["Ruritania", "bechdel_id", "release_date", "a_my_films.csv", "united_states", "a_b"])
def test_an_unknown_word_stays_as_it_is(word):
    assert FR.name(word) == EN.name(word) == word
    told = Message("no_column", column="runtime", columns=[word])
    assert FR.message(told) == f"pas de colonne durée\u00a0; ce tableau contient {word}."


def test_messages_repeat_their_parts_in_the_language():
    parts = [Message("column_in_films", column=name, n=n) for name, n in (("cast_female_share", 884), ("genres", 284))]
    told = Message("films_left_out", n=900, n_films=1000, columns=parts)
    assert told == "900 of 1000 films are left out. Not known: cast_female_share in 884 films, genres in 284 films."
    assert (
        EN.message(told)
        == "900 of 1,000 films are left out. Not known: share of women in the cast in 884 films, genres in 284 films."
    )
    assert FR.message(told) == (
        "900 films sur 1\u202f000 sont écartés. Non renseigné\u00a0: "
        "part des femmes dans la distribution pour 884 films, genres pour 284 films."
    )
    shares = [Message("share_of_source", share=0.376, source="first_name_guess")]
    told = Message("gender_sources", n=2, shares=shares)
    assert told.endswith("the share of women is 38% (first_name_guess).")
    assert FR.message(told).endswith("y est\u00a0: 38\u00a0% (d'après les prénoms).")
    told = Message("gender_disagrees", correlation=0.345, one="cast", other="first names", n=7)
    assert "de 0,34 entre distribution et prénoms (7 films)" in FR.message(told)


def test_what_a_user_wrote_is_not_translated():
    assert (
        FR.message(Message("no_cluster_column", column=Verbatim("budget"))) == "grappes\u00a0: pas de colonne 'budget'."
    )
    assert FR.message("a text without a code, 1.5") == "a text without a code, 1.5"


def test_arrows_are_arrows_on_a_page():
    assert Message("quartiles").isascii()
    assert EN.message(Message("quartiles")).startswith("→ compares")


@pytest.mark.parametrize("words", [EN, FR], ids=names.LANGUAGES)
def test_everything_that_tables_name_has_a_name(words):
    assert set(METRICS) == set(names.METRICS)
    for word in (*VARIABLES, *ATTRIBUTE):
        assert "_" not in words.name(word)
    untranslated = {name for name in VARIABLES if FR.name(name) == name}
    assert untranslated == {"genres", "budget"}


def test_other_languages_are_refused():
    with pytest.raises(ValueError, match="language must be one of en, fr; got 'de'"):
        Words("de")


def test_every_message_can_be_said_in_both_languages():
    """With numbers and words in their places, nothing raises and no place is left open."""

    class Anything(dict):
        def __missing__(self, name):
            return 3

    for code in MESSAGES:
        for words in (EN, FR):
            message = Message.__new__(Message, "nothing")
            message.code, message.values = code, Anything()
            assert "{" not in words.message(message)


def test_the_word_beside_a_number_is_singular_or_plural_in_either_language():
    told = [Message("without_year", until=2000, n=n) for n in (0, 1, 2)]
    assert [EN.message(message)[12:25] for message in told] == ["0 films witho", "1 film withou", "2 films witho"]
    assert [FR.message(message)[13:26] for message in told] == ["0 film sans a", "1 film sans a", "2 films sans "]
