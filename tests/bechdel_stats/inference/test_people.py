import pytest

from bechdel_stats.inference.design import design_columns
from bechdel_stats.inference.people import (
    MEN_IN_TITLES,
    MEN_NAMES,
    MEN_WORDS,
    WOMEN_IN_TITLES,
    WOMEN_NAMES,
    WOMEN_WORDS,
    people_in_title,
)

WOMEN, MEN = (WOMEN_WORDS, WOMEN_IN_TITLES, WOMEN_NAMES), (MEN_WORDS, MEN_IN_TITLES, MEN_NAMES)


@pytest.mark.parametrize(
    "title, woman, man",
    [
        ("Thelma & Louise", True, False),
        ("ROBERT", False, True),
        ("Les Frères Dupont", False, True),
        ("Mädchen in Uniform", True, False),
        ("Romeo's Sister, The", True, False),
        ("Maria and her Brother", True, True),
        ("Woman", True, False),  # not a man
        ("Womanhood", False, False),
        ("Don't Look", False, False),
        ("April in Dallas", False, False),
        ("東京", False, False),
        ("", False, False),
    ],
)
def test_whom_a_title_names(title, woman, man):
    assert people_in_title(title) == (woman, man)


def test_no_word_speaks_of_both_and_all_can_be_found():
    assert not frozenset().union(*WOMEN) & frozenset().union(*MEN)
    for words, found in ((WOMEN, (True, False)), (MEN, (False, True))):
        assert sum(map(len, words)) == len(frozenset().union(*words)), "each word is in one list"
        assert {people_in_title(word) for part in words for word in part} == {found}


def test_titles_as_columns(films):
    titles = ["Anna", "Stones", None]
    columns = design_columns(films.head(3).assign(title=titles))
    assert columns["title_woman"].tolist()[:2] == [1, 0] and columns["title_man"].tolist()[:2] == [0, 0]
    assert columns[["title_woman", "title_man"]].isna().all(axis=1).tolist() == [False, False, True]
