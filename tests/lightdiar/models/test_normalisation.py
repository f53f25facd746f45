import numpy as np
import pytest

from lightdiar.models.normalisation import adaptive_s_norm


@pytest.fixture
def trials():
    """Scores of 4 enrolments and 3 tests, and of both against 50 strangers."""
    rng = np.random.default_rng(0)
    return rng.normal(3, 5, (4, 3)), rng.normal(-2, 3, (4, 50)), rng.normal(-4, 2, (3, 50))


def test_two_enrolments_and_two_tests_worked_by_hand():
    """Of the two nearest strangers: means 2 and 4 with deviations 1 and 2; 0 and 10 with deviations 1 and 5."""
    enrolled = np.array([[1.0, 3.0, -50.0], [6.0, -50.0, 2.0]])
    tests = np.array([[-1.0, -50.0, 1.0], [5.0, 15.0, -50.0]])
    scores = np.array([[5.0, 5.0], [8.0, 0.0]])
    expected = [[(3 / 1 + 5 / 1) / 2, (3 / 1 - 5 / 5) / 2], [(4 / 2 + 8 / 1) / 2, (-4 / 2 - 10 / 5) / 2]]
    assert adaptive_s_norm(scores, enrolled, tests, n_top=2) == pytest.approx(np.array(expected))


def test_with_all_strangers_it_is_the_symmetric_normalisation_of_the_textbook(trials):
    scores, enrolled, tests = trials
    z = (scores - enrolled.mean(axis=1, keepdims=True)) / enrolled.std(axis=1, keepdims=True)
    t = (scores - tests.mean(axis=1)) / tests.std(axis=1)
    for n_top in (50, 51, 200):
        assert adaptive_s_norm(scores, enrolled, tests, n_top=n_top) == pytest.approx((z + t) / 2)


def test_enrolment_and_test_may_change_places(trials):
    scores, enrolled, tests = trials
    one, other = adaptive_s_norm(scores, enrolled, tests), adaptive_s_norm(scores.T, tests, enrolled)
    assert other == pytest.approx(one.T)


def test_only_the_nearest_strangers_count_in_any_order(trials):
    scores, enrolled, tests = trials
    expected = adaptive_s_norm(scores, enrolled, tests, n_top=10)
    order = np.random.default_rng(1).permutation(50)
    assert adaptive_s_norm(scores, enrolled[:, order], tests[:, order], n_top=10) == pytest.approx(expected)
    far = np.full((7, 30), -1000.0)
    more = np.concatenate([enrolled, far[:4]], axis=1), np.concatenate([tests, far[:3]], axis=1)
    assert adaptive_s_norm(scores, *more, n_top=10) == pytest.approx(expected)
    assert adaptive_s_norm(scores, *more, n_top=60) != pytest.approx(expected)


def test_a_recording_that_scores_lower_or_flatter_against_everybody_is_put_right(trials):
    scores, enrolled, tests = trials
    expected = adaptive_s_norm(scores, enrolled, tests)
    assert adaptive_s_norm(0.2 * scores - 7, 0.2 * enrolled - 7, 0.2 * tests - 7) == pytest.approx(expected)


def test_each_trial_is_normalised_for_itself(trials):
    scores, enrolled, tests = trials
    whole = adaptive_s_norm(scores, enrolled, tests)
    assert adaptive_s_norm(scores[2:3, 1:2], enrolled[2:3], tests[1:2]) == pytest.approx(whole[2:3, 1:2])
    assert adaptive_s_norm(scores[:, :0], enrolled, tests[:0]).shape == (4, 0)
    assert adaptive_s_norm(scores[:0], enrolled[:0], tests).shape == (0, 3)


@pytest.mark.parametrize("n_top", [1, 5, 52, 53, 1000])
def test_those_who_are_enrolled_are_strangers_to_one_another(trials, n_top):
    """Truth: for each trial, a cohort of its own without the person in question."""
    scores, enrolled, tests = trials
    peers = np.random.default_rng(2).normal(1, 4, (4, 4))
    np.fill_diagonal(peers, 1e6)
    found = adaptive_s_norm(scores, enrolled, tests, peers=peers, n_top=n_top)
    for row in range(4):
        others = np.arange(4) != row
        left = np.sort(np.r_[enrolled[row], peers[row, others]])[-n_top:]
        for column in range(3):
            right = np.sort(np.r_[tests[column], scores[others, column]])[-n_top:]
            deviations = np.maximum([left.std(), right.std()], 1e-6)
            expected = ((scores[row, column] - [left.mean(), right.mean()]) / deviations).mean()
            assert found[row, column] == pytest.approx(expected)


def test_with_nobody_else_there_are_only_the_strangers(trials):
    scores, enrolled, tests = trials
    alone = adaptive_s_norm(scores[:1], enrolled[:1], tests, peers=np.zeros((1, 1)), n_top=10)
    assert alone == pytest.approx(adaptive_s_norm(scores, enrolled, tests, n_top=10)[:1])
    assert adaptive_s_norm(scores[:, :0], enrolled, tests[:0], peers=np.zeros((4, 4))).shape == (4, 0)


def test_scores_that_lie_far_from_zero_lose_nothing_to_their_squares(trials):
    scores, enrolled, tests = trials
    peers = np.random.default_rng(2).normal(1, 4, (4, 4))
    near = adaptive_s_norm(scores, enrolled, tests, peers=peers, n_top=10)
    far = adaptive_s_norm(*(part + 1e7 for part in trials), peers=peers + 1e7, n_top=10)
    assert far == pytest.approx(near, abs=1e-6)


def test_strangers_who_all_score_alike_give_no_infinite_score():
    alike = np.zeros((1, 5))
    assert np.isfinite(adaptive_s_norm(np.array([[1.0]]), alike, alike)).all()
    assert adaptive_s_norm(np.zeros((1, 1)), alike[:, :1], alike[:, :1]).tolist() == [[0.0]]


@pytest.mark.parametrize(
    ("shapes", "options", "message"),
    [
        (
            [(4, 3), (4, 50), (3, 49)],
            {},
            r"shapes \(4, 3\), \(4, 50\) and \(3, 49\) do not fit; they are .* same strangers",
        ),
        ([(4, 3), (4, 50), (4, 50)], {}, r"shapes \(4, 3\), \(4, 50\) and \(4, 50\) do not fit"),
        ([(4, 3), (4, 0), (3, 0)], {}, "n_top=100 of 0 strangers: both must be whole numbers, 1 or more"),
        ([(4, 3), (4, 50), (3, 50)], {"n_top": 0}, "n_top=0 of 50 strangers"),
        ([(4, 3), (4, 50), (3, 50)], {"n_top": 1.5}, "n_top=1.5 of 50 strangers"),
        ([(4, 3), (4, 50), (3, 50)], {"peers": np.zeros((4, 3))}, r"peers of shape \(4, 3\) must be \(4, 4\)"),
        (
            [(4,), (4, 50), (3, 50)],
            {},
            r"scores, float64 of shape \(4,\), must be numbers of shape \(n_enrolled, n_tests\)",
        ),
    ],
)
def test_scores_that_do_not_fit_are_refused(shapes, options, message):
    with pytest.raises(ValueError, match=message):
        adaptive_s_norm(*map(np.zeros, shapes), **options)


def test_cohort_scores_without_a_value_are_refused(trials):
    scores, enrolled, tests = trials
    with pytest.raises(ValueError, match=r"test_cohort, float64 of shape \(3, 50\), must be numbers .* without NaN"):
        adaptive_s_norm(scores, enrolled, tests * np.nan)
