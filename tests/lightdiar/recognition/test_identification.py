import numpy as np
import pytest

from lightdiar.metrics.bootstrap import Interval
from lightdiar.metrics.identification import drawn_open_set
from lightdiar.recognition.identification import CLOSED, OPEN, AllAgainstAll, best_posteriors, forget_halves
from lightdiar.recognition.voices import Voices
from lightdiar.stages.voiceprint import Voiceprint


def of(ratios, speakers, names=None, seed=0):
    """All tests against all people, whose ratios do not hang on who else is enrolled."""
    ratios, speakers = np.array(ratios, float), np.array(speakers)
    names = names or tuple(f"person {number}" for number in range(ratios.shape[1]))
    halves = forget_halves(lambda kept: ratios[:, kept], len(names), speakers, seed=seed)
    return AllAgainstAll(names, ratios, speakers, halves)


@pytest.fixture(scope="module")
def drawn():
    """Twelve people, the last two of whom have no test, five tests of each of the others; right more often than not."""
    rng = np.random.default_rng(3)
    speakers = np.repeat(np.arange(10), 5)
    ratios = rng.normal(-1, 4, (50, 12))
    ratios[np.arange(50), speakers] += 7
    return of(ratios, speakers, seed=4)


def test_the_closed_set_and_its_interval_by_hand():
    """Of two people one is always known, the other never: draws have both, one, or the other."""
    found = of([[2, 1, 0], [3, 1, 0], [2, 1, 3]], [0, 0, 1]).figures(n_draws=60)
    assert found[CLOSED] == Interval(2 / 3, 0.0, 1.0)
    assert tuple(found) == (CLOSED, *OPEN)


def test_the_open_set_is_that_of_metrics(drawn):
    found, known = drawn.figures(n_draws=5), drawn_open_set(drawn.ratios, drawn.speakers, seed=4)
    assert found[OPEN[0]].value == pytest.approx(known.equal_error_rate, abs=1e-12)
    assert found[OPEN[1]].value == pytest.approx(known.identified, abs=1e-12)


def test_the_last_three_are_what_identify_answers(drawn, monkeypatch, tiny_models):
    """The same halves are unknown; the answers are those of `Voices`, whose ratios are given."""
    rng, rates = np.random.default_rng(4), []
    questions = [Voiceprint(np.zeros(7, np.float32), 4.0)] * 50
    for _ in range(20):
        unknown = rng.choice(np.arange(10), 5, replace=False)
        kept = [place for place in range(12) if place not in unknown]
        voices = Voices(tiny_models)
        voices._people = {drawn.people[place]: [questions[0]] for place in kept}
        monkeypatch.setattr(voices, "log_likelihood_ratios", lambda asked, kept=kept: drawn.ratios[:, kept].T)
        answers = [answer.name for answer in voices.identify_voiceprints(questions)]
        alarms = [answer is not None for answer, who in zip(answers, drawn.speakers) if who in unknown]
        known = [(answer, drawn.people[who]) for answer, who in zip(answers, drawn.speakers) if who not in unknown]
        misnamed = [answer not in (None, own) for answer, own in known]
        rates.append([np.mean(alarms), np.mean(misnamed), np.mean([answer is None for answer, _ in known])])
    found = drawn.figures(n_draws=5)
    assert [found[name].value for name in OPEN[2:]] == pytest.approx(np.mean(rates, axis=0), abs=1e-12)
    assert min(np.mean(rates, axis=0)) > 0


def test_the_forgotten_are_half_of_those_who_have_tests():
    """Nobody asks for the ratios of those who are forgotten; who has no test is always known."""
    speakers, asked = np.array([0, 1, 1, 2, 4]), []

    def score(kept):
        asked.append(kept)
        return np.zeros((5, len(kept)))

    halves = forget_halves(score, 6, speakers)
    assert len(halves) == len(asked) == 20
    for half, kept in zip(halves, asked):
        assert len(kept) == 4 and {3, 5} <= set(kept)
        assert half.known.tolist() == [who in kept for who in speakers]
    assert len({tuple(kept) for kept in asked}) > 3


def test_intervals_hold_the_values_and_follow_from_the_seed(drawn):
    found = drawn.figures(n_draws=30)
    for name in (CLOSED, *OPEN[2:]):
        assert found[name].low < found[name].value < found[name].high
    assert drawn.figures(n_draws=30) == found != drawn.figures(n_draws=30, seed=1)


def test_intervals_narrow_with_the_people_not_with_their_tests(drawn):
    """A person's tests that all agree are one piece of evidence."""
    often = of(np.repeat(drawn.ratios, 9, axis=0), np.repeat(drawn.speakers, 9), seed=4)
    for name in (CLOSED, OPEN[4]):
        one, other = drawn.figures(n_draws=30)[name], often.figures(n_draws=30)[name]
        assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=1e-12)


def test_perfect_ratios():
    found = of(np.where(np.eye(4), 30.0, -30.0), np.arange(4)).figures(n_draws=20)
    assert found[CLOSED] == found[OPEN[1]] == Interval(1, 1, 1)
    assert all(found[name] == Interval(0, 0, 0) for name in (OPEN[0], *OPEN[2:]))


def test_of_one_person_with_tests_nobody_can_be_forgotten():
    assert of([[1.0, 0.0], [0.0, 1.0]], [0, 0]).figures(n_draws=3) == {CLOSED: Interval(0.5, 0.5, 0.5)}


def test_confusion_by_hand():
    table = of([[5, 1], [2, 3], [1, 4]], [0, 0, 1], ("ann", "bob")).confusion()
    assert table.to_dict("index") == {"ann": {"ann": 1, "bob": 1}, "bob": {"ann": 0, "bob": 1}}


def test_posteriors_of_huge_ratios_are_finite():
    """Two people at 1000 nats share all probability; at -1000, somebody else has it."""
    ratios = np.array([[1000.0, 1000.0], [-1000.0, -1000.0], [np.log(3), -1000.0]])
    assert best_posteriors(ratios) == pytest.approx([0.5, 0, 0.75 / 1.25])
    assert best_posteriors(ratios[2:], known=0.8) == pytest.approx([1.2 / 1.4])
