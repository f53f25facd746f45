import re

import pytest

from bechdel_stats.levels import (
    COUNTRY_CODES,
    GENRES,
    LANGUAGES,
    country_names,
    country_of,
    genres_of,
    language_of,
    plain,
)


def rows(file):
    """Rows of one of the tables of names."""
    from bechdel_stats import levels

    return levels._rows(file)


def test_every_other_name_points_to_a_genre_of_ours_and_is_said_once():
    names = [plain(name) for name, _ in rows("genres.tsv")]
    assert sorted(set(names)) == sorted(names) and set(names) & {plain(genre) for genre in GENRES} == set()
    assert {genre for _, genres in rows("genres.tsv") for genre in genres.split("|") if genre} <= set(GENRES)


@pytest.mark.parametrize("change", [str, str.upper, str.title])
def test_every_genre_is_known_in_both_languages_and_any_case(change):
    for genre, french in GENRES.items():
        assert genres_of(change(genre)) == genres_of(change(french)) == ([genre], [])


@pytest.mark.parametrize(
    ("text", "genres"),
    [
        ("Sci Fi", ["Science Fiction"]), ("Sci-Fi", ["Science Fiction"]), ("SciFi", ["Science Fiction"]),
        ("Rom-Com", ["Comedy", "Romance"]), ("Drama & Romance", ["Drama", "Romance"]),
        ("Action and Adventure", ["Action", "Adventure"]), ("Policier et drame", ["Crime", "Drama"]),
        ("Comédie dramatique", ["Comedy", "Drama"]), ("Épouvante-horreur", ["Horror"]),
        ("Action Adventure Science Fiction", ["Action", "Adventure", "Science Fiction"]),
        ("(no genres listed)", []), ("Short", []), ("War & Politics", ["War"]),
    ],
)  # fmt: skip
def test_genres_as_people_write_them(text, genres):
    assert genres_of(text) == (genres, [])


def test_what_is_no_genre_is_told():
    assert genres_of("Drama|Mumblecore, Nouvelle Vague") == (["Drama"], ["Mumblecore", "Nouvelle Vague"])


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("en", "EN", "eng", "English", "anglais", "en-US", "en_GB", "English (UK)", "English, French"), "en"),
        (("fr", "fra", "fre", "French", "Français", "francais", "fr-CA", "French|English"), "fr"),
        (("de", "deu", "ger", "German", "allemand"), "de"), (("zh", "Mandarin", "chinois", "zh-CN"), "zh"),
        (("cn", "Cantonese", "yue"), "cn"), (("xx", "No Language", "zxx"), "xx"),
        (("VO", "Klingonese", "1999", ""), None),
    ],
)  # fmt: skip
def test_languages_as_people_write_them(texts, code):
    assert {text: language_of(text) for text in texts} == dict.fromkeys(texts, code)


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (("US", "usa", "U.S.A.", "UNITED STATES", "America", "États-Unis", "etats unis"), "United States"),
        (("GB", "UK", "England", "Royaume-Uni", "Great Britain", "United Kingdom|France"), "United Kingdom"),
        (("FRA", "fr", "France", "France / Belgique", "France & Italy", "France, Italie"), "France"),
        (("South Korea", "Korea, Republic of", "Corée du Sud"), "South Korea"),
        (("Trinidad and Tobago",), "Trinidad and Tobago"), (("West Germany", "Allemagne de l'Ouest"), "Germany"),
        (("Ruritania", "Europe", ""), None),
    ],
)  # fmt: skip
def test_countries_as_people_write_them(texts, name):
    assert {text: country_of(text) for text in texts} == dict.fromkeys(texts, name)


def test_no_name_means_two_languages_or_two_countries():
    for file, place in (("languages.tsv", 0), ("countries.tsv", 0)):
        meaning = {}
        for row in rows(file):
            for name in {plain(name) for cell in row for name in cell.split("|") if name}:
                assert meaning.setdefault(name, row[place]) == row[place], f"{file}: {name}"


def test_languages_are_two_letter_codes_without_the_one_they_are_compared_with():
    assert [code for code in LANGUAGES if not re.fullmatch("[a-z]{2}", code)] == []
    assert "en" not in LANGUAGES and all(language_of(code) == code for code in LANGUAGES)
    for english, french in LANGUAGES.values():
        assert english.istitle() and french.islower() and language_of(english) == language_of(french)


def test_countries_that_stand_alone_are_known_under_their_code():
    assert COUNTRY_CODES == {code: country_of(code) for code in COUNTRY_CODES}


@pytest.mark.parametrize("known", [GENRES, country_names(), LANGUAGES], ids=["genres", "countries", "languages"])
def test_no_two_levels_share_a_name_in_either_language(known):
    pairs = [pair if isinstance(pair, tuple) else (name, pair) for name, pair in known.items()]
    for names in zip(*pairs):
        assert len({name.lower() for name in names}) == len(names)
        assert all(name.strip() == name and name for name in names)


def test_genres_need_no_separator_in_their_names():
    assert not any(re.search(r"[|;,/]", name) for name in GENRES)
