import re

import pytest

from bechdel_stats.inference.factors import USAGE, Reader, Slip


def read(text):
    return Reader(text, 0).factor()


@pytest.mark.parametrize(
    "text, names, functions, width",
    [
        ("year", "year", "", 1),
        ("I(year - 2000)", "year", "I", 1),
        ("I((year + runtime) / 10 * -2.5e3)", "year runtime", "I", 1),
        ("I(year ** 2 + runtime ** -0.5)", "year runtime", "I", 1),
        ("I(year // 10 % 7)", "year", "I", 1),
        ("year > 1970", "year", "", 2),
        ("log(I(year == 1970))", "year", "log I", 2),
        ("np.log1p(abs(year))", "year", "np abs", 1),
        ("center(sqrt(runtime))", "runtime", "center sqrt", 1),
        ('Q("my score")', "my.score", "Q", 1),
        ("log(Q('my score') + year)", "my.score year", "log Q", 1),
        ("C(decade)", "decade", "C", None),
        ("C(year // 10, Treatment(-1))", "year", "C Treatment", None),
        ("C(decade, Treatment(reference=1990))", "decade", "C Treatment", None),
        ("C(decade, Treatment)", "decade", "C Treatment", None),
        ("rcs(2020 - age, (0, 10.5, 1e2))", "age", "rcs", 7),
        ("rcs(year, knots=[1, 2, 3, 4])", "year", "rcs", 8),
        ("bs(year, 5)", "year", "bs", 5),
        ("bs(year, df=100, degree=0, include_intercept=True)", "year", "bs", 100),
        ("bs(log(year), knots=(1, 2), degree=5, lower_bound=0, upper_bound=9)", "year", "bs log", 8),
        ("cr(year, df=4)", "year", "cr", 4),
    ],
)
def test_what_a_factor_uses(text, names, functions, width):
    factor = read(text)
    assert factor.names == {name.replace(".", " ") for name in names.split()}
    assert factor.functions == set(functions.split()) and factor.width == width


@pytest.mark.parametrize("usage", [part for text in USAGE.values() for part in text.split(" or ")])
def test_how_functions_are_said_to_be_written_is_how_they_can_be(usage):
    assert len(read(usage).names) == 1


FUNCTIONS = "the functions of a formula are log, log2, "


@pytest.mark.parametrize(
    "text, place, found, reason",
    [
        ("I(2 3)", 2, "2 3)", "something is missing"),
        ("I(year / )", 9, ")", "something is missing"),
        ("exit(7)", 0, "exit", FUNCTIONS),
        ("I(exit(7) + year)", 2, "exit", FUNCTIONS),
        ("__import__(os).system(year)", 0, "__import__(os).system", FUNCTIONS),
        ("year.real", 0, "year.real", "something is missing"),
        ("log.__class__(year)", 0, "log.__class__", FUNCTIONS),
        ("np.load(year)", 0, "np.load", FUNCTIONS),
        ("np.I(year)", 0, "np.I", FUNCTIONS),
        ("np.linalg.log(year)", 0, "np.linalg.log", FUNCTIONS),
        ("pd.log(year)", 0, "pd.log", FUNCTIONS),
        ("I(year)(year)", 0, "I(year)", FUNCTIONS),
        ("I(year[0])", 2, "year[0]", "something is missing"),
        ("I(lambda: year)", 2, "lambda: year", "something is missing"),
        ("I([x for x in year])", 2, "[x for x in year]", "something is missing"),
        ("I((year, runtime))", 2, "(year, runtime)", "something is missing"),
        ("I(year if x else 2)", 2, "year if x else 2", "something is missing"),
        ("I(year and x)", 2, "year and x", "something is missing"),
        ("I(not year)", 2, "not year", "something is missing"),
        ("I(~year)", 2, "~year", "something is missing"),
        ("I(year & 1)", 2, "year & 1", "something is missing"),
        ("I(1 < year < 3)", 2, "1 < year < 3", "something is missing"),
        ("I((year := 5))", 3, "year := 5", "something is missing"),
        ("I(f'{exit()}')", 2, "f'{exit()}'", "something is missing"),
        ("I('a')", 2, "'a'", "something is missing"),
        ("I(True + year)", 2, "True", "something is missing"),
        ("I(2j * year)", 2, "2j", "something is missing"),
        ("log(C(year))", 4, "C(year)", "something is missing"),
        ("I(rcs(year, (1, 2, 3)))", 2, "rcs(year, (1, 2, 3))", "something is missing"),
        ("I(9 ** 9 ** 9)", 7, "9 ** 9", "an exponent is a number up to 10"),
        ("I(9 ** 9)", 7, "9", "an exponent is a number up to 10"),
        ("I(year ** 10.5)", 10, "10.5", "an exponent is a number up to 10"),
        ("I(year ** -11)", 10, "-11", "an exponent is a number up to 10"),
        ("I(year ** runtime)", 10, "runtime", "an exponent is a number up to 10"),
        ("I(2 + 3)", 0, "I(2 + 3)", "no column in it"),
        ("I()", 0, "I()", "it is written as I(year - 2000)"),
        ("np.log(year, runtime)", 0, "np.log(year, runtime)", "it is written as log(runtime)"),
        ("np.log(year, out=runtime)", 0, "np.log(year, out=runtime)", "it is written as log(runtime)"),
        ("log(*year)", 0, "log(*year)", "it is written as log(runtime)"),
        ("log(**year)", 0, "log(**year)", "it is written as log(runtime)"),
        ("Q(year)", 2, "year", "it is written as Q("),
        ("C(year, exit)", 8, "exit", "it is written as C(decade)"),
        ("C(year, Treatment(1, 2))", 8, "Treatment(1, 2)", "it is written as C(decade)"),
        ("C(year, Treatment(level=1))", 8, "Treatment(level=1)", "it is written as C(decade)"),
        ("C(year, Treatment(x))", 18, "x", "it is written as C(decade)"),
        ("C(year, levels=2)", 0, "C(year, levels=2)", "it is written as C(decade)"),
        ("rcs(year, 5)", 10, "5", "it is written as rcs(year, (1935"),
        ("rcs(year, (1, x, 3))", 14, "x", "it is written as rcs(year, (1935"),
        ("rcs(year, (1, 2, 3), knots=(1, 2))", 27, "(1, 2)", "it is written as rcs(year, (1935"),
        ("rcs(year)", 0, "rcs(year)", "it is written as rcs(year, (1935"),
        ("bs(year)", 0, "bs(year)", "it is written as bs(year, df=4)"),
        ("bs(year, df=4.0)", 12, "4.0", "it is written as bs(year, df=4)"),
        ("bs(year, df=4, degree=6)", 0, "bs(year, df=4, degree=6)", "it is written as bs(year, df=4)"),
        ("bs(year, df=4, include_intercept=1)", 33, "1", "it is written as bs(year, df=4)"),
        ("bs(year, df=101)", 0, "bs(year, df=101)", "a spline has at most 100 knots"),
        ("bs(année, 1, é, df=2)", 0, "bs(année, 1, é, df=2)", "it is written as bs(year, df=4)"),
        ("I(année + é[0])", 10, "é[0]", "something is missing"),
    ],
)
def test_everything_else_is_refused_with_its_place(text, place, found, reason):
    with pytest.raises(Slip, match=re.escape(reason)) as refused:
        read(text)
    assert (refused.value.place, refused.value.found) == (place, found)


def test_places_are_those_in_the_formula():
    with pytest.raises(Slip) as refused:
        Reader("I(exit(7))", 9).factor()
    assert (refused.value.place, refused.value.found) == (11, "exit")
