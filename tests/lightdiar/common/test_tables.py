import pandas as pd
import pytest

from lightdiar.common.tables import aligned, disarmed, disarmed_table, printable, rearmed

ROWS = [("speaker", "gender", "seconds"), ("ann", "F", "12.0"), ("bob", "uncertain", "3.5")]


def test_the_first_column_is_of_names_and_the_others_are_of_numbers():
    assert aligned(ROWS) == [
        "speaker     gender  seconds",
        "ann              F     12.0",
        "bob      uncertain      3.5",
    ]


def test_more_columns_of_words():
    assert aligned(ROWS, n_left=2) == [
        "speaker  gender     seconds",
        "ann      F             12.0",
        "bob      uncertain      3.5",
    ]


def test_nothing_but_numbers_and_nothing_but_words():
    assert aligned([("1", "10"), ("100", "2")], n_left=0) == ["  1  10", "100   2"]
    assert aligned([("a", "longer"), ("bb", "b")], n_left=2) == ["a   longer", "bb  b"]


def test_lines_end_where_their_text_ends():
    """Empty cells on the right leave no blanks behind; one in the middle keeps its place."""
    assert aligned([("name", "a", "b"), ("x", "", "7"), ("all", "1", "")]) == ["name  a  b", "x        7", "all   1"]
    assert aligned([("name", "word"), ("x", "")], n_left=2) == ["name  word", "x"]


def test_a_head_alone_and_no_table():
    assert aligned([("recording", "DER")]) == ["recording  DER"]
    assert aligned([]) == []


@pytest.mark.parametrize(
    "text, shown",
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("x.wav: M 9\ny", r"x.wav: M 9\ny"),
        ("a\tb\rc\x7f\x9b", r"a\tb\rc\x7f\x9b"),
        ("\u202egpj.exe\u2066", r"\u202egpj.exe\u2066"),
        ("Amélie \u200d 😀 \\x1b", "Amélie \u200d 😀 \\x1b"),
    ],
)
def test_control_characters_are_shown_and_not_sent_to_the_terminal(text, shown):
    assert printable(text) == shown
    assert aligned([("name",), (text,)]) == ["name", shown]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=", "\nx", "'=1", "''+1"])
def test_formulas_are_disarmed_and_come_back(text):
    assert disarmed(text) == f"'{text}" and rearmed(disarmed(text)) == text


@pytest.mark.parametrize("text", ["", "ann", "'Tis", "'", "a=1"])
def test_what_is_no_formula_stays(text):
    assert disarmed(text) == text == rearmed(text)


def test_of_a_table_texts_and_names_are_disarmed_and_numbers_stay():
    table = pd.DataFrame({"=a": ["@b", None], "n": [-1.5, 2.0], "-": [True, False]}, index=["+c", "d"])
    assert disarmed_table(table).to_csv(lineterminator="\n") == ",'=a,n,'-\n'+c,'@b,-1.5,True\nd,,2.0,False\n"
    assert table.columns[0] == "=a"
