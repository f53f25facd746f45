import pytest

from bechdel_stats.inference import grammar
from bechdel_stats.inference.grammar import LONGEST, read_formula, shown_formula
from bechdel_stats.words.messages import FilmsError


def terms(text):
    """Names of the columns in each term, without the intercept."""
    return [" ".join(sorted(name for factor in term for name in factor.names)) for term in read_formula(text).terms[1:]]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a", ["a"]),
        (" a +\tb\n+ c", ["a", "b", "c"]),
        ("a*b", ["a", "b", "a b"]),
        ("a:b + (c)", ["a b", "c"]),
        ("(a + b):c", ["a c", "b c"]),
        ("(a + b + c)**2 - a:b", ["a", "b", "c", "a c", "b c"]),
        ("a/b", ["a", "a b"]),
        ("log(a):Q('a b') - c", ["a a b"]),
        ("1", []),
        ("a + 1", ["a"]),
    ],
)
def test_formulas_expand_as_patsy_expands_them(text, expected):
    assert terms(text) == expected


def test_a_formula_without_intercept_is_read():
    assert [len(term) for term in read_formula("0 + a").terms] == [1]


def test_columns_are_counted_by_hand():
    levels = {frozenset("d"): 7, frozenset("e"): 5}
    count = lambda text: read_formula(text).n_columns(levels.get)  # noqa: E731
    assert count("a + b") == 3
    assert count("C(d)") == 1 + 7
    assert count("C(d):C(e) + a:C(d)") == 1 + 35 + 7
    assert count("bs(a, df=4):bs(b, df=3)") == 1 + 12


NO_PART = "not part of a formula, which holds columns, numbers, functions and + - * / : ** ( )."
SLIP = "something is missing, too many or out of place here."
QUOTED = 'text in quotes can only name a column, as in Q("my score").'
NUMBER = "a number other than 0 and 1 stands in a function or as an exponent."
POWER = "an exponent is a number up to 10, and a whole one outside functions."


@pytest.mark.parametrize(
    "text, place, found, reason",
    [
        ("a < | b", 5, "'|'", NO_PART),
        ("a; b", 2, "';'", NO_PART),
        ("a # b", 3, "'#'", NO_PART),
        ("a[0]", 2, "'['", NO_PART),
        ("{a}", 1, "'{'", NO_PART),
        ("a @ b", 3, "'@'", NO_PART),
        ("a ~ b", 3, "'~'", NO_PART),
        ("a \\ b", 3, r"'\\'", NO_PART),
        ("a\xa0+ b", 2, r"'\xa0'", NO_PART),
        ("a\x00", 2, r"'\x00'", NO_PART),
        ("a²", 1, "'a²'", NO_PART),
        ("lambda: 0", 1, "'lambda'", NO_PART),
        ("a if b else c", 3, "'if'", NO_PART),
        ("I(a or b)", 5, "'or'", NO_PART),
        ("None", 1, "'None'", NO_PART),
        ("a + 0x10", 5, "'0'", NO_PART),
        ("a + 1_000", 5, "'1'", NO_PART),
        ("I(1j * a)", 3, "'1'", NO_PART),
        ("I(٣ * a)", 3, "'٣'", NO_PART),
        ('"a"', 1, "'\"a\"'", QUOTED),
        ("I('a')", 3, "\"'a'\"", QUOTED),
        ("Q('a' 'b')", 7, "\"'b'\"", QUOTED),
        ("Q(f'a')", 4, "\"'a'\"", QUOTED),
        ("Q('a\\x41')", 3, '"\'"', NO_PART),
        ("a + 5", 5, "'5'", NUMBER),
        ("2020 - a", 1, "'2020'", NUMBER),
        ("9**9**9", 1, "'9'", NUMBER),
        ("a**11", 4, "'11'", POWER),
        ("a**99999999", 4, "'99999999'", POWER),
        ("a**0", 4, "'0'", POWER),
        ("a**2.0", 4, "'2.0'", POWER),
        ("a**-1", 4, "'-1'", POWER),
        ("a**b", 4, "'b'", POWER),
        ("a +", 3, "'+'", SLIP),
        ("+", 1, "'+'", SLIP),
        ("(a", 1, "'('", SLIP),
        ("a)", 2, "')'", SLIP),
        ("()", 2, "')'", SLIP),
        ("a::b", 3, "':'", SLIP),
        ("- a", 1, "'- a'", SLIP),
        ("1:a", 1, "'1'", SLIP),
        ("  b + exit(7)", 7, "'exit'", "the functions of a formula are "),
    ],
)
def test_what_is_in_no_formula_is_refused_with_its_place(text, place, found, reason):
    with pytest.raises(FilmsError) as refused:
        read_formula(text)
    assert str(refused.value).startswith(f"formula {text!r}: at character {place}, {found}: {reason}")


@pytest.mark.parametrize(
    "limit, value, inside, outside, message",
    [
        ("_DEEPEST", 3, "(((a)))", "((((a))))", r"at character 4, '\(': brackets are nested at most 3 deep"),
        ("_DEEPEST", 3, "(a) + (a) + (a) + (a)", "I(I(I(I(a))))", "brackets are nested at most 3 deep"),
        ("_MOST_OPERATORS", 3, "a + b + c + d", "a + b + c + d + e", "'b': at most 3 operators in a row"),
        ("_MOST_PARTS", 6, "I(a + b) + I(a + b)", "b + I(a + bb + c)", "at character 5, .* at most 6 names, numbers"),
        ("_MOST_TERMS", 6, "(a + b)**2", "(a + b + c)**2", "expands to more than 6 terms"),
        ("_MOST_TERMS", 3, "a*b", "a*b + c", "expands to more than 3 terms"),
        ("_MOST_TERMS", 4, "(a + b):(c + d)", "(a + b):(c + d + e)", "expands to more than 4 terms"),
        ("_LONGEST_NUMBER", 3, "I(999 * a)", "I(9999 * a)", "'9999': a number has at most 3 characters, and is finite"),
        ("LONGEST", 5, "a + b", "a + bc", "a formula of 6 characters; at most 5 are read"),
    ],
)
def test_limits_on_both_sides(monkeypatch, limit, value, inside, outside, message):
    monkeypatch.setattr(grammar, limit, value)
    read_formula.cache_clear()
    assert read_formula(inside).names
    with pytest.raises(FilmsError, match=message):
        read_formula(outside)
    read_formula.cache_clear()


@pytest.mark.parametrize(
    "text",
    [
        "(a + b + c + d)**10 * " * 9 + "a",
        "(" * 5000,
        "I(" + "-" * 9000 + "a)",
        "-" * 9000 + "a",
        "+a" * 4999,
        "a:" * 4000 + "b",
        "I(" + "9" * 9000 + " * a)",
        "I(1e999 * a)",
        "*" * LONGEST,
        "x" * (LONGEST + 1),
        "I(" * 25 + "a" + "]" * 25,
        "a**" * 2000 + "2",
    ],
    ids=lambda text: text[:9],
)
def test_large_formulas_are_refused_in_one_short_line(text):
    with pytest.raises(FilmsError) as refused:
        read_formula(text)
    assert len(str(refused.value)) < 500 and "\n" not in str(refused.value)


def test_long_formulas_are_cut_where_shown():
    assert shown_formula(200 * "x") == 200 * "x"
    assert shown_formula(201 * "x") == 200 * "x" + "..."
