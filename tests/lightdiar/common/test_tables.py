from lightdiar.common.tables import aligned

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
