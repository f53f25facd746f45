import re

import pandas as pd
import pytest

from bechdel_stats.data.schema import standardise
from bechdel_stats.levels import COUNTRIES, COUNTRY_CODES, GENRES, LANGUAGES, OTHER_COUNTRIES, OTHER_GENRES


@pytest.mark.parametrize(
    "others, known, column", [(OTHER_GENRES, GENRES, "genres"), (OTHER_COUNTRIES, COUNTRIES, "country")]
)
def test_every_other_spelling_points_to_a_level_that_is_known(others, known, column):
    assert set(others.values()) <= set(known)
    assert [name for name in others if name != name.lower() or name.strip() != name] == []
    assert set(others) & {name.lower() for name in known} == set()
    for change in (str, str.upper, str.title):
        films = standardise(pd.DataFrame({column: [change(name) for name in others]}))
        assert films[column].tolist() == list(others.values())


def test_languages_are_two_letter_codes_without_the_one_they_are_compared_with():
    assert [code for code in LANGUAGES if not re.fullmatch("[a-z]{2}", code)] == []
    assert "en" not in LANGUAGES
    for english, french in LANGUAGES.values():
        assert english.istitle() and french.islower()


def test_countries_that_stand_alone_are_known_under_their_code():
    assert [code for code in COUNTRY_CODES if not re.fullmatch("[a-z]{2}", code)] == []
    assert COUNTRY_CODES == {code: OTHER_COUNTRIES[code] for code in COUNTRY_CODES}


@pytest.mark.parametrize("known", [GENRES, COUNTRIES, LANGUAGES], ids=["genres", "countries", "languages"])
def test_no_two_levels_share_a_name_in_either_language(known):
    pairs = [pair if isinstance(pair, tuple) else (name, pair) for name, pair in known.items()]
    for names in zip(*pairs):
        assert len({name.lower() for name in names}) == len(names)
        assert all(name.strip() == name and name for name in names)


def test_genres_need_no_separator_in_their_names():
    assert not any(re.search(r"[|;,/]", name) for name in GENRES)
