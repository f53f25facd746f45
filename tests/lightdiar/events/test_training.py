import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from lightdiar.events import training
from lightdiar.events.classifiers import KINDS, Kind
from lightdiar.events.logistic import Logistic
from lightdiar.events.smoothing import smoothed
from lightdiar.events.training import class_weights, train_class

SMALL = {"boosting": {"n_trees": 30}, "nmf": {"n_bands": 4, "n_spectra": 8}, "gmm": {"n_components": 4}, "logistic": {}}


def drawn(n, seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 6)).astype(np.float32)
    return X, X[:, 1] - X[:, 2] + 0.5 * rng.normal(size=n) > 1.5


@pytest.fixture(scope="module")
def steps():
    return (*drawn(3000, 0), *drawn(2000, 1))


def test_threshold_by_hand():
    """In falling order + - + + - + -: finding four is best, 3 of them right; 4 found and 4 there."""
    scores = np.array([7.0, 6, 5, 4, 3, 2, 1])
    truth = np.array([1, 0, 1, 1, 0, 1, 0], bool)
    order = np.array([3, 0, 6, 1, 5, 2, 4])
    found = training._best_threshold(scores[order], truth[order])
    assert found == {"f1": 0.8, "error_rate": 0.5, "threshold": 1.5}  # all six: 2 * 4 / 10; four: 2 * 3 / 8 = 0.75


def test_equal_scores_are_not_told_apart():
    found = training._best_threshold(np.array([2.0, 2.0, 2.0, 0.0]), np.array([1, 1, 0, 0], bool))
    assert found == {"f1": 0.8, "error_rate": 0.5, "threshold": 1.0}


def test_of_equal_thresholds_the_one_in_the_middle():
    """One of one found, two of three and three of five: F1 is 1/2, 2/3, 3/4 of 3; here 1/2 three times."""
    scores, truth = np.array([5.0, 4, 3, 2, 1, 0]), np.array([1, 0, 0, 1, 0, 0], bool)
    found = training._best_threshold(scores, truth)
    assert found["f1"] == pytest.approx(2 / 3) and found["threshold"] == 4.5
    scores, truth = np.arange(9.0)[::-1], np.array([1, 1, 0, 0, 1, 0, 0, 1, 0], bool)
    found = training._best_threshold(scores, truth)
    places = [2, 5, 8]  # 4 / 6, 6 / 9 and 8 / 12
    assert found["f1"] == pytest.approx(2 / 3) and found["threshold"] == 9 - places[1] - 0.5


def test_thresholds_at_the_ends_leave_a_nat():
    assert training._best_threshold(np.array([3.0, 2.0]), np.array([True, True]))["threshold"] == 1.0
    found = training._best_threshold(np.array([3.0, 2.0, 1.0, 0.5]), np.array([0, 0, 0, 1], bool))
    assert found == {"f1": 0.0, "error_rate": 1.0, "threshold": 4.0}  # one right of four: rather nothing


@pytest.mark.parametrize(("scores", "threshold"), [([2.0, -np.inf, -np.inf], 1.0), ([-np.inf] * 3, 0.0)])
def test_thresholds_are_finite_where_nothing_is_long_enough(scores, threshold):
    found = training._best_threshold(np.array(scores), np.array([True, True, False]))
    f1 = 2 / 3 if np.isfinite(scores).any() else 0.0
    assert found == {"f1": pytest.approx(f1), "error_rate": 1 - f1 * 3 / 4, "threshold": threshold}


def test_training_has_one_thread_so_that_sums_round_the_same_everywhere(steps, monkeypatch):
    n_threads = []

    def stages(*others, **options):
        n_threads.extend(library["num_threads"] for library in threadpool_info())
        yield 1, Logistic(np.ones(6), 0.0)

    monkeypatch.setitem(KINDS, "logistic", Kind(Logistic, stages, "epochs"))
    with threadpool_limits(limits=2):
        train_class(*steps, kind="logistic")
    assert set(n_threads) == {1}


def test_threshold_is_the_best_of_all_that_are_allowed(rng):
    for _ in range(200):
        n = rng.integers(2, 30)
        scores, truth = rng.integers(0, 10, n).astype(float), rng.random(n) < 0.4
        truth[0] = True
        found = training._best_threshold(scores, truth)
        best = 0.0
        for threshold in np.arange(-0.5, 11):
            active = scores > threshold
            right, wrong = np.count_nonzero(active & truth), np.count_nonzero(active != truth)
            if wrong <= truth.sum():
                best = max(best, 2 * right / (active.sum() + truth.sum()))
        assert found["f1"] == pytest.approx(best) and found["error_rate"] <= 1
        active = scores > found["threshold"]
        assert 2 * np.count_nonzero(active & truth) / (active.sum() + truth.sum()) == pytest.approx(best)


def test_segments_are_seconds_of_each_recording():
    values = np.arange(27)
    assert training._segments(values, [12, 0, 15]).tolist() == [9, 11, 21, 26]
    assert training._segments(values[:0], []).tolist() == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_learns_a_class_and_keeps_its_best_stage(steps, kind):
    X, y, held_X, held_y = steps
    classifier, threshold, history = train_class(
        X, y, held_X, held_y, kind=kind, lengths=[500] * 4, options=SMALL[kind]
    )
    kept = [row for row in history if row.kept]
    assert len(kept) == 1 and kept[0].f1 == max(row.f1 for row in history) > 0.6
    assert kept[0].threshold == threshold
    assert [row.stage for row in history] == list(range(1, len(history) + 1))
    assert isinstance(classifier, KINDS[kind].classifier)
    found = training._segments(classifier.scores(held_X), [500] * 4) > threshold
    truth = training._segments(held_y, [500] * 4)
    assert 2 * np.count_nonzero(found & truth) / (found.sum() + truth.sum()) == pytest.approx(kept[0].f1)
    assert np.count_nonzero(found != truth) / truth.sum() == pytest.approx(kept[0].error_rate)


@pytest.mark.parametrize("kind", KINDS)
def test_probabilities_are_as_often_true_as_they_say(steps, kind):
    X, y, held_X, held_y = steps
    classifier, _, _ = train_class(X, y, held_X, held_y, kind=kind, options=SMALL[kind])
    p = 1 / (1 + np.exp(-classifier.scores(held_X)))
    assert p.mean() == pytest.approx(held_y.mean(), abs=0.002)
    sure = p > np.quantile(p, 0.8)
    assert p[sure].mean() == pytest.approx(held_y[sure].mean(), abs=0.06)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_scores(steps, kind):
    X, y, held_X, held_y = (part[:600] for part in steps)
    one, two = (train_class(X, y, held_X, held_y, kind=kind, seed=3, options=SMALL[kind]) for _ in range(2))
    assert np.array_equal(one[0].scores(held_X), two[0].scores(held_X)) and one[1:] == two[1:]


def scripted(monkeypatch, qualities):
    """A kind whose stages are right to the given degree."""

    def stages(X, y, weights, *, seed):
        for number, quality in enumerate(qualities):
            used.append(number)
            yield number, Logistic(np.array([quality, 1 - quality]), 0.0)

    used = []
    monkeypatch.setitem(KINDS, "scripted", Kind(Logistic, stages, "acts"))
    return used


@pytest.fixture
def hints(rng):
    """The first column tells the class, the second is noise."""
    y = rng.random(2000) < 0.2
    return np.stack([y, rng.normal(size=2000)], axis=1).astype(np.float32), y


def test_patience_ends_the_training_and_the_best_is_kept(hints, monkeypatch):
    X, y = hints
    used = scripted(monkeypatch, [0.2, 0.7, 0.6, 0.5, 0.4, 0.99])
    told = []
    classifier, _, history = train_class(
        X, y, X, y, kind="scripted", patience=3, tell=lambda so_far: told.append(len(so_far))
    )
    assert used == [0, 1, 2, 3, 4] and told == [1, 2, 3, 4, 5]
    assert [row.kept for row in history] == [False, True, False, False, False]
    assert classifier.slopes[0] / classifier.slopes[1] == pytest.approx(7 / 3)
    used.clear()
    _, _, history = train_class(X, y, X, y, kind="scripted", patience=4)
    assert len(used) == 6 and history[-1].kept


def test_stages_that_find_nothing_do_not_end_the_training(monkeypatch):
    y = np.arange(2000) < 40
    X = np.stack([y, 0 * y], axis=1).astype(np.float32)
    used = scripted(monkeypatch, [-1.0, -1.0, -1.0, -1.0, 0.9, 0.8])
    _, _, history = train_class(X, y, X, y, kind="scripted", patience=2)
    assert len(used) == 6 and [row.f1 > 0 for row in history] == [False] * 4 + [True] * 2
    assert history[4].kept
    scripted(monkeypatch, [-1.0, -1.0, -2.0])
    _, _, history = train_class(X, y, X, y, kind="scripted", patience=1)
    assert [row.f1 for row in history] == [0, 0, 0] and history[-1].kept


@pytest.mark.parametrize("held", [False, True])
def test_a_class_that_cannot_be_validated_keeps_the_last_stage(hints, monkeypatch, held):
    X, y = hints
    scripted(monkeypatch, [0.9, 0.5, 0.2])
    classifier, threshold, history = train_class(X, y, X, np.full(2000, held), kind="scripted", patience=1)
    assert threshold == 0.0 and classifier.slopes.tolist() == [0.2, 0.8]
    assert [row.kept for row in history] == [False, False, True]
    assert all(np.isnan(row.f1) and np.isnan(row.error_rate) for row in history)
    again = train_class(X, y, X[:0], y[:0], kind="scripted")
    assert again[0].slopes.tolist() == [0.2, 0.8]


def test_a_classifier_that_is_wrong_is_not_turned_round(hints, monkeypatch):
    X, y = hints
    scripted(monkeypatch, [-5.0])
    classifier, _, _ = train_class(X, y, X, y, kind="scripted")
    assert classifier.slopes.tolist() == [-5.0, 6.0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("present", [True, False])
def test_always_or_never_there_is_what_it_is(steps, kind, present):
    X, _, held_X, held_y = steps
    classifier, threshold, (row,) = train_class(X[:9], np.full(9, present), held_X, held_y, kind=kind)
    expected = np.log(10) if present else -np.log(10)
    assert classifier.scores(held_X) == pytest.approx(np.full(2000, expected))
    assert threshold == 0.0 and row.stage == 0 and row.kept


@pytest.mark.parametrize("kind", KINDS)
def test_three_rows_one_of_them_positive_and_a_constant_column(kind):
    X = np.array([[1, 2, 5, -1], [1, 3, 4, -1], [9, 8, 0, -1]], np.float32)
    y = np.array([False, False, True])
    classifier, threshold, history = train_class(X, y, X, y, kind=kind, options=SMALL[kind])
    assert np.isfinite(classifier.scores(X)).all() and np.isfinite(threshold)
    assert history[0].f1 in (0.0, 1.0)


def test_weights_balance_the_classes():
    y = np.array([True, False, False, False])
    weights = class_weights(y)
    assert weights[y].sum() == pytest.approx(weights[~y].sum()) and weights.sum() == pytest.approx(4)
    assert class_weights(np.ones(3, bool)).tolist() == [0.5, 0.5, 0.5]


def test_what_does_not_fit_is_said(steps):
    X, y, held_X, held_y = steps
    with pytest.raises(ValueError, match=r"X \(3000, 6\) needs at least one row, y \(2999,\) one value for each"):
        train_class(X, y[:-1], held_X, held_y)
    with pytest.raises(ValueError, match=r"X \(0, 6\) needs at least one row"):
        train_class(X[:0], y[:0], held_X, held_y)
    with pytest.raises(ValueError, match="lengths add up to 1999 steps; 2000 are held out"):
        train_class(X, y, held_X, held_y, lengths=[1999])
    bad = X.copy()
    bad[5, 2] = np.nan
    with pytest.raises(ValueError, match="X has numbers that are not finite"):
        train_class(bad, y, held_X, held_y)


def test_a_threshold_is_chosen_on_smoothed_scores():
    """A spike alone is found without smoothing; after it, it is gone, and only what lasts can be found."""
    X = np.zeros((200, 1), np.float32)
    X[50:80] = 1.0
    y = X[:, 0] > 0
    held_X, held_y = X.copy(), y.copy()
    held_X[150] = 1.0

    def f1(smooth):
        return train_class(X, y, held_X, held_y, kind="logistic", lengths=[100, 100], smooth=smooth)[2][0].f1

    assert f1(None) == pytest.approx(6 / 7) and f1(lambda scores: smoothed(scores, 3)) == 1.0
