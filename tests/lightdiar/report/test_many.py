from dataclasses import replace

import pytest
from scipy.stats import ttest_1samp

from lightdiar.report.many import compare
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn


def two(name, woman, man):
    """A recording in which a woman and a man speak for so many seconds."""
    turns = [Turn(0, woman, "Ann"), Turn(woman, woman + man, "Carl")]
    speakers = [Speaker("Ann", woman, 1.0), Speaker("Carl", man, 0.0)]
    return Diarization(Annotation(turns, name), speakers, woman + man)


def one_man(name):
    """A recording in which a man alone speaks."""
    return Diarization(Annotation([Turn(0, 9, "Carl")], name), [Speaker("Carl", 9.0, 0.0)], 9.0)


@pytest.fixture(scope="module")
def many():
    silent = Diarization(Annotation([], "mute"), [], 10.0)
    turns = replace(silent, annotation=Annotation([Turn(0, 9, "Zoe")]), speakers=[Speaker("Zoe", 9.0, 0.5)])
    films = {"c": two("c", 30, 10), "a": two("a", 10, 90), "b": two("b", 20, 20)}
    return compare({**films, "mute": silent, "turns": turns})


def test_films_stand_in_the_order_of_their_shares(many):
    assert [film.name for film in many.films] == ["a", "b", "c"]
    assert many.shares == pytest.approx([0.1, 0.5, 0.75])
    assert (many.silent, many.unknown) == (("mute",), ("turns",))
    assert many.duration == 180
    assert many.bins() == [0, 1, 0, 0, 0, 1, 0, 1, 0, 0]


def test_mean_and_pooled_share(many):
    assert many.mean == pytest.approx(0.45)
    assert many.together == pytest.approx((60 / 180, 180))


def test_the_interval_is_students(many):
    films = {f"{n}": two(f"{n}", n, 40) for n in (20, 25, 30, 28, 22)}
    some = compare(films)
    expected = ttest_1samp(some.shares, 0).confidence_interval(0.95)
    assert some.interval == pytest.approx((expected.low, expected.high))
    low, high = many.interval
    assert (low, high) == (0.0, pytest.approx(1.0))  # three that differ so much say nothing


def test_two_films_have_no_interval_and_no_extremes():
    pair = compare({"a": two("a", 1, 9), "b": two("b", 5, 5)})
    assert pair.interval is None
    assert pair.lowest == pair.highest == pair.likeliest == ()


def test_extremes_are_films_that_are_such(many):
    assert [[film.name for film in films] for films in (many.lowest, many.highest, many.likeliest)] == [
        ["a"],
        ["c"],
        [],
    ]
    probable = replace(many, films=tuple(replace(film, ear=replace(film.ear, p_women_talk=0.6)) for film in many.films))
    assert [film.name for film in probable.likeliest] == ["a"]
    doubtful = replace(many, films=tuple(replace(film, ear=replace(film.ear, p_women_talk=0.5)) for film in many.films))
    assert doubtful.likeliest == ()
    men = compare({name: two(name, 10, 90) for name in "ab"} | {"c": one_man("c")})
    assert [film.name for film in men.lowest] == ["c"] and [film.name for film in men.highest] == ["b"]
    nobody = compare({name: one_man(name) for name in "abcd"})
    assert nobody.highest == () and [film.name for film in nobody.lowest] == ["a", "b"]


def test_on_which_side_of_a_half(many):
    intervals = [(0.05, 0.6), (0.4, 0.6), (0.55, 0.9)]
    films = [
        replace(film, ear=replace(film.ear, share_interval=interval)) for film, interval in zip(many.films, intervals)
    ]
    sure = replace(many, films=tuple(films))
    assert sure.beside_half(True) == (1, 0)
    assert sure.beside_half(False) == (1, 1)
