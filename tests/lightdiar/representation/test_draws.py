"""Draws of what may be true: certain where all is certain, never at odds with themselves, the same every time."""

from dataclasses import fields, replace

import numpy as np
import pytest

from lightdiar.representation.draws import draw_truths, may_hide
from lightdiar.representation.reliability import load_reliability
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn


def spoken(*turns, **voices):
    """A result: turns of (speaker, seconds) after one another, with the probability of a woman for each speaker."""
    ends = np.cumsum([seconds for _, seconds in turns])
    annotation = Annotation([Turn(end - seconds, end, name) for (name, seconds), end in zip(turns, ends)])
    seconds = annotation.seconds()
    speakers = [Speaker(name, seconds[name], *np.atleast_1d(p)) for name, p in voices.items()]
    return Diarization(annotation, speakers, float(ends[-1]) if turns else 1.0, agreement=1.0)


def random_result(rng, most=8):
    """Up to `most` speakers of any voice who take turns at random."""
    names = [f"S{number}" for number in range(rng.integers(0, most + 1))]
    turns = [(str(rng.choice(names)), rng.uniform(0.2, 9)) for _ in range(rng.integers(1, 40))] if names else []
    voices = {name: (rng.random(), rng.random() ** 8) for name in sorted({name for name, _ in turns})}
    result = spoken(*turns, **voices)
    return replace(result, snr=rng.choice([None, rng.uniform(-10, 60)]), agreement=rng.choice([0.2, 0.6, 1.0]))


TALK = spoken(("ann", 6), ("bea", 3), ("cy", 2), ("ann", 1), ann=0.9, bea=0.8, cy=0.1)


def test_where_all_is_certain_the_counts_are_exact(sure):
    draws = draw_truths(TALK, sure, 50)
    assert set(draws.women) == {2} and set(draws.men) == {1} and set(draws.missed_women) == {0}
    assert draws.pairs.tolist() == [[0, 1], [0, 2], [1, 2]]
    assert draws.pairs_talk.all(axis=0).tolist() == [True, False, False] and not draws.pairs_talk[:, 1:].any()
    assert draws.women_talk.all()
    assert draws.female_share == pytest.approx(10 / 12)


def test_women_who_never_answer_each_other_do_not_talk(sure):
    draws = draw_truths(spoken(("ann", 6), ("cy", 2), ("bea", 3), ann=0.9, bea=0.8, cy=0.1), sure, 50)
    assert set(draws.women) == {2} and not draws.women_talk.any() and not draws.pairs_talk.any()


def test_a_part_of_somebody_else_is_nobody(sure):
    draws = draw_truths(TALK, replace(sure, distinct=-sure.distinct), 50)
    assert set(draws.men) == {0}
    assert set(draws.women) == {2} and draws.women_talk.all()  # two women who talk are two women
    alone = draw_truths(spoken(("ann", 6), ann=0.9), replace(sure, distinct=-sure.distinct), 50)
    assert set(alone.women) == set(alone.men) == {0}


def test_who_was_missed_is_a_woman_as_often_as_those_who_were_found(sure):
    many = replace(sure, missed=np.array([np.log(50), 0, 0, 0, 0]))
    draws = draw_truths(TALK, many, 4000)
    assert draws.missed_women.mean() == pytest.approx(50 * 3 / 5, rel=0.02)  # 2 of 3 found, by Laplace's rule
    assert (draws.women - 2 == draws.missed_women).all()
    assert (draws.men - 1).mean() == pytest.approx(50 * 2 / 5, rel=0.02)


def test_a_woman_who_was_missed_may_talk_with_another(sure):
    men_and_ann = spoken(("ann", 6), ("cy", 2), ann=0.9, cy=0.1)
    model = replace(sure, missed=np.array([np.log(2), 0, 0, 0, 0]), hidden=0.3)
    draws = draw_truths(men_and_ann, model, 20_000)
    hidden = draws.missed_women >= 1  # with ann they are two
    assert not draws.women_talk[~hidden].any()
    assert draws.women_talk[hidden].mean() == pytest.approx(0.3, abs=0.02)
    assert may_hide(np.array([1, 2, 2, 5]), np.array([1, 0, 1, 2])).tolist() == [False, False, True, True]
    men = draw_truths(spoken(("bob", 6), ("cy", 2), bob=0.1, cy=0.1), replace(model, hidden=1.0), 4000)
    assert (men.women_talk == (men.missed_women >= 2)).all()


def test_probabilities_are_shares_of_the_draws(sure):
    even = replace(sure, gender=np.array([0.0, 1.0, 0.0]), talking=np.array([0, 0, np.log(3), 0, 0]))
    draws = draw_truths(TALK, even, 100_000)
    assert (draws.women == 3).mean() == pytest.approx(0.9 * 0.8 * 0.1, abs=0.005)
    assert draws.pairs_talk.mean(axis=0) == pytest.approx(np.array([0.72, 0.09, 0.08]) * 3 / 4, abs=0.006)
    assert draws.female_share.mean() == pytest.approx((7 * 0.9 + 3 * 0.8 + 2 * 0.1) / 12, abs=0.005)


def test_time_that_belongs_to_somebody_else_moves_the_share(sure):
    half = replace(sure, confusion=np.array([np.log(1 / 3), 0, 0, 30.0]))  # a quarter, to women or to men
    share = draw_truths(TALK, half, 50_000).female_share
    assert share.mean() == pytest.approx(0.75 * 10 / 12 + 0.25 / 2, abs=0.003)
    quarter = share[share > 10 / 12]  # it went to women
    spread = np.sqrt(0.25 * 0.75 / 31) * (2 / 12)  # beta distribution, of men's share
    assert quarter.std() == pytest.approx(spread, rel=0.05) and len(quarter) == pytest.approx(25_000, rel=0.02)


def test_nobody(sure, unsure):
    for model in (sure, unsure):
        draws = draw_truths(Diarization(Annotation(), [], 3.0), model, 10)
        for name in ("women", "men", "missed_women"):
            assert getattr(draws, name).tolist() == [0] * 10
        assert np.isnan(draws.female_share).all() and not draws.women_talk.any()
        assert draws.pairs.shape == (0, 2) and draws.pairs_talk.shape == (10, 0)


def test_one_speaker(sure):
    draws = draw_truths(spoken(("ann", 6), ann=0.9), sure, 10)
    assert set(draws.women) == {1} and set(draws.men) == {0} and not draws.women_talk.any()
    assert draws.female_share == pytest.approx(1) and draws.pairs_talk.shape == (10, 0)


def test_a_girl_counts_but_has_no_share_of_the_time_of_women_and_men(sure):
    draws = draw_truths(spoken(("zoe", 6), ("bea", 3), ("cy", 1), zoe=(0.9, 0.99), bea=0.8, cy=0.1), sure, 10)
    assert set(draws.women) == {2} and draws.women_talk.all() and draws.female_share == pytest.approx(3 / 4)
    children = draw_truths(spoken(("zoe", 6), ("tim", 3), zoe=(0.9, 0.99), tim=(0.2, 0.99)), sure, 10)
    assert set(children.women) == set(children.men) == {1} and np.isnan(children.female_share).all()


@pytest.mark.parametrize("seed", range(5))
def test_the_same_result_gives_the_same_draws(seed, unsure):
    result = random_result(np.random.default_rng(seed))
    again = replace(result, speakers=result.speakers[::-1])  # stored in order of appearance
    one, two = draw_truths(result, unsure), draw_truths(again, unsure)
    for field in fields(one):
        assert np.array_equal(getattr(one, field.name), getattr(two, field.name), equal_nan=True)
    assert len(one.women) == 4000


@pytest.mark.parametrize("shipped", [False, True])
def test_draws_agree_with_themselves(shipped, unsure):
    """Over 200 results: two women who talk are two women, so that criterion 2 is never likelier than criterion 1."""
    model, rng = load_reliability() if shipped else unsure, np.random.default_rng(7)
    n_talking = 0
    for _ in range(200):
        result = random_result(rng)
        draws = draw_truths(result, model, 300)
        assert (draws.women[draws.women_talk] >= 2).all()
        assert draws.women_talk.mean() <= (draws.women >= 2).mean()
        assert (draws.women >= draws.missed_women).all() and (draws.men >= 0).all()
        assert (draws.women_talk >= draws.pairs_talk.any(axis=1)).all()
        share = draws.female_share[~np.isnan(draws.female_share)]
        assert ((share >= 0) & (share <= 1)).all()
        n_talking += draws.women_talk.any()
    assert n_talking > 20


def test_names_do_not_matter(unsure):
    result = random_result(np.random.default_rng(3))
    renamed = {speaker.name: f"{99 - number}" for number, speaker in enumerate(result.speakers)}
    other = replace(
        result,
        annotation=result.annotation.relabel(renamed),
        speakers=[replace(speaker, name=renamed[speaker.name]) for speaker in result.speakers],
    )
    one, two = draw_truths(result, unsure), draw_truths(other, unsure)
    assert np.array_equal(one.women, two.women) and np.array_equal(one.women_talk, two.women_talk)


def test_forty_speakers_of_a_long_film(unsure):
    rng = np.random.default_rng(0)
    names = [f"S{number:02}" for number in range(40)]
    turns = [(name, rng.uniform(1, 8)) for _ in range(40) for name in rng.permutation(names)]
    result = spoken(*turns, **{name: number / 39 for number, name in enumerate(names)})
    draws = draw_truths(result, unsure)
    assert len(draws.pairs) > 600 and draws.pairs_talk.shape == (4000, len(draws.pairs))
    assert 0 <= draws.women.min() and 10 < draws.women.mean() < 30 and draws.women_talk.mean() > 0.99


def test_where_the_number_was_given_nobody_is_missed_and_nobody_is_a_part_of_another(unsure):
    draws = draw_truths(replace(TALK, agreement=None), unsure)
    assert (draws.women + draws.men == 3).all() and not draws.missed_women.any()


def test_a_gender_that_a_person_said_is_certain(unsure):
    told = [replace(speaker, p_female=float(speaker.name == "bea")) for speaker in TALK.speakers]
    draws = draw_truths(replace(TALK, speakers=told, agreement=None), unsure)
    assert (draws.women == 1).all() and (draws.men == 2).all()
