"""Scripts keep what their kind promises, and plays keep to the script."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from lightdiar.representation.dialogue import LONGEST_PAUSE, find_exchanges
from lightdiar.timeline import Annotation, Turn
from lightdiar.training.conversations import CONDITIONS, KINDS, LARGEST_CAST, Script, draw_script, play

RATE = 16000
SCRIPT = Script((Turn(1, 3, "W1"), Turn(3.2, 4, "M1"), Turn(6, 7.5, "W1")), 9.0)
SEEDS = range(200)


@cache
def scripts(kind):
    return [draw_script(kind, np.random.default_rng(seed)) for seed in SEEDS]


def women(script):
    return [role for role in script.roles if role.startswith("W")]


def women_talk(script):
    """Pairs of women who take turns with each other."""
    exchanges = find_exchanges(Annotation(script.turns))
    return {tuple(sorted(e.speakers)) for e in exchanges if all(name.startswith("W") for name in e.speakers)}


@pytest.mark.parametrize("kind", KINDS)
def test_turns_of_every_script_are_in_order_apart_and_within_it(kind):
    for script in scripts(kind):
        turns = script.turns
        assert turns[0].start >= 0.5 and 0.5 <= script.seconds - turns[-1].end <= 2
        assert all(before.end <= after.start for before, after in pairwise(turns))
        assert all(0.59 <= turn.duration <= 12.01 for turn in turns)
        assert script.roles == sorted({turn.speaker for turn in turns})
        assert all(role[0] in "WM" and role[1:].isdigit() for role in script.roles)
        assert len(women(script)) <= LARGEST_CAST[0] and len(script.roles) <= sum(LARGEST_CAST)


def test_where_nobody_but_men_speaks():
    assert all(women(script) == [] and len(script.roles) >= 1 for script in scripts("men only"))


def test_one_woman_is_one():
    """In a few scripts she has no turn in her only scene: then there is none, and the truth says so."""
    n_women = [len(women(script)) for script in scripts("one woman")]
    assert max(n_women) == 1 and np.mean(n_women) > 0.9


def test_women_who_never_meet_never_share_an_exchange():
    n_women = []
    for script in scripts("women who never meet"):
        assert women_talk(script) == set()
        n_women.append(len(women(script)))
        apart = [turn for turn in script.turns if turn.speaker.startswith("W")]
        for before, after in pairwise(apart):
            assert before.speaker == after.speaker or after.start - before.end > LONGEST_PAUSE
    assert np.mean(np.array(n_women) >= 2) > 0.9


def test_women_who_meet_have_a_scene_together():
    """They mostly talk with each other in it, not only with men who are there too."""
    found = scripts("women who meet")
    assert np.mean([bool(women_talk(script)) for script in found]) > 0.7
    assert np.mean([("W1", "W2") in women_talk(script) for script in found]) > 0.6


def test_company_is_mixed_and_many_are_many():
    mixed = [bool(women_talk(script)) for script in scripts("mixed company")]
    assert 0.25 < np.mean(mixed) < 0.75
    many = scripts("many")
    assert np.mean([len(script.roles) for script in many]) > 7 and np.mean([s.seconds for s in many]) > 180


def test_the_same_seed_draws_the_same_script():
    for kind in KINDS:
        assert draw_script(kind, np.random.default_rng(4)) == draw_script(kind, np.random.default_rng(4))
    assert draw_script("many", np.random.default_rng(4)) != draw_script("many", np.random.default_rng(5))


@pytest.mark.parametrize("kind", KINDS)
def test_a_script_of_another_length_breaks_off_or_goes_on(kind):
    usual = scripts(kind)
    short, long = ([draw_script(kind, np.random.default_rng(seed), length) for seed in SEEDS] for length in (0.25, 2.5))
    seconds, people = ([np.mean(list(map(measure, found))) for found in (short, usual, long)] for measure in (_s, _n))
    assert np.divide(seconds, seconds[1]) == pytest.approx([0.25, 1, 2.5], rel=0.2)
    assert all(one.turns == whole.turns[: len(one.turns)] and one.turns for one, whole in zip(short, usual))
    assert people[0] <= people[1] <= people[2] <= sum(LARGEST_CAST)


def _s(script):
    return script.seconds


def _n(script):
    return len(script.roles)


@pytest.mark.parametrize("length", [0, -1, np.inf, np.nan])
def test_a_length_that_cannot_be_is_refused(length):
    with pytest.raises(ValueError, match="length=.* must be above 0; 1 is usual"):
        draw_script("mixed company", np.random.default_rng(0), length)


@pytest.fixture(scope="module")
def cast():
    """Two people who say tones with pauses."""
    t = np.arange(2 * RATE) / RATE
    loud = (t % 1 < 0.7)[: len(t)]
    return {
        role: [(0.1 * loud * np.sin(2 * np.pi * f0 * t)).astype(np.float32)] for role, f0 in (("W1", 220), ("M1", 110))
    }


@pytest.fixture(scope="module")
def backgrounds():
    rng = np.random.default_rng(0)
    return {"noise": [rng.normal(0, 0.1, RATE).astype(np.float32)], "music": [np.sin(np.arange(RATE) / 9)]}


def played(cast, backgrounds, condition="clean", seed=0, **options):
    return play(SCRIPT, cast, condition, backgrounds, np.random.default_rng(seed), **options)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_truth_is_the_script(cast, backgrounds, condition):
    samples, truth = played(cast, backgrounds, condition)
    assert truth == Annotation(SCRIPT.turns)
    assert len(samples) == 9 * RATE and samples.dtype == np.float32 and np.isfinite(samples).all()
    rms = np.sqrt(np.square(samples, dtype=float).mean())
    assert -32.01 <= 20 * np.log10(rms) <= -19.99


def power(samples, start, end):
    return np.square(samples[round(start * RATE) : round(end * RATE)], dtype=float).mean()


def test_people_speak_without_pauses_and_where_nobody_speaks_there_is_only_hiss(cast, backgrounds):
    samples, _ = played(cast, backgrounds)
    hiss = [power(samples, start, end) for start, end in ((0, 1), (3, 3.2), (4, 6), (7.5, 9))]
    assert max(hiss) < 1.3 * min(hiss)
    for turn in SCRIPT.turns:
        tenths = np.arange(turn.start + 0.05, turn.end - 0.1, 0.1)  # the utterances themselves pause for 0.3 s
        loud = [power(samples, tenth, tenth + 0.1) > 10 * max(hiss) for tenth in tenths]
        assert np.mean(loud) > 0.8


def test_everybody_speaks_with_their_own_voice(cast, backgrounds):
    samples, _ = played(cast, backgrounds)
    for turn, f0 in zip(SCRIPT.turns, (220, 110, 220)):
        own = samples[round(turn.start * RATE) : round(turn.end * RATE)]
        spectrum = np.abs(np.fft.rfft(own * np.hanning(len(own))))
        assert np.fft.rfftfreq(len(own), 1 / RATE)[spectrum.argmax()] == pytest.approx(f0, rel=0.12)  # when said again


def test_conditions_sound_as_they_are_called(cast, backgrounds):
    def between(condition, seed, start, end):
        """How loud it is where nobody speaks, in decibels below the first turn."""
        samples, _ = played(cast, backgrounds, condition, seed)
        return 10 * np.log10(power(samples, start, end) / power(samples, 1, 3))

    clean, room, film = (
        np.mean([[between(condition, seed, *part) for part in ((7.5, 7.55), (8.2, 9))] for seed in range(4)], axis=0)
        for condition in ("clean", "room", "film")
    )
    assert clean[0] < clean[1] + 1 and room[0] > room[1] + 3  # the last word echoes for a moment
    assert film[1] > clean[1] + 6

    def high(samples):
        spectrum = np.square(np.abs(np.fft.rfft(samples)))
        return spectrum[len(spectrum) * 5 // 8 :].sum() / spectrum.sum()  # above 5 kHz

    assert high(played(cast, backgrounds, "phone")[0]) < 1e-3 * high(played(cast, backgrounds)[0])


def test_acted_speech_changes_its_pitch(cast, backgrounds):
    calm, _ = played(cast, backgrounds)
    acted, truth = played(cast, backgrounds, acted=True)
    assert truth == Annotation(SCRIPT.turns) and not np.allclose(calm, acted, atol=1e-3)


def test_the_same_seed_gives_the_same_bytes(cast, backgrounds):
    for acted in (False, True):
        one, two, other = (played(cast, backgrounds, "film", seed, acted=acted)[0] for seed in (3, 3, 4))
        assert one.tobytes() == two.tobytes() != other.tobytes()


def test_utterances_are_left_as_they_were(cast, backgrounds):
    before = {role: own[0].copy() for role, own in cast.items()}
    played(cast, backgrounds, "film", acted=True)
    assert all(np.array_equal(before[role], own[0]) for role, own in cast.items())


def test_a_condition_nobody_knows(cast, backgrounds):
    with pytest.raises(ValueError, match="condition='sea' is not one of clean, room, film, phone"):
        played(cast, backgrounds, "sea")


def test_a_film_needs_backgrounds(cast):
    with pytest.raises(ValueError, match="backgrounds contain no clips"):
        played(cast, {"noise": [], "music": []}, "film")
