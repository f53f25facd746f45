import os
import subprocess
import sys

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from lightdiar.models import boosting
from lightdiar.models.boosting import Boosting, _trees, stages


@pytest.fixture(scope="module")
def steps():
    rng = np.random.default_rng(0)
    X = rng.normal(-5, 2, (3000, 12)).astype(np.float32)
    X[:, 11] = np.round(X[:, 11])  # many equal values
    return X, X[:, 0] + X[:, 11] * X[:, 2] / 5 + rng.normal(size=3000) > 1


def stump(threshold=1.5, left=-1.0, right=2.0):
    """One split of column 1."""
    nodes = [np.array(row, float) for row in ([1, 0, 0], [threshold, 0, 0], [1, 1, 2], [2, 1, 2], [0, left, right])]
    return Boosting(np.zeros(1), *nodes, 0.25)


def test_a_stump_by_hand():
    X = np.array([[9, 1.5], [0, 1.6], [0, -3]], np.float32)
    assert stump().scores(X).tolist() == [-0.75, 2.25, -0.75]
    assert stump().rescaled(2.0, 1.0).scores(X).tolist() == [-0.5, 5.5, -0.5]
    assert stump().scores(X[:0]).shape == (0,)


@pytest.mark.parametrize("leaves", [2, 15, 31])
def test_scores_are_those_of_scikit_learn(steps, leaves, monkeypatch):
    monkeypatch.setattr(boosting, "_BLOCK", 30 * 700)  # several blocks
    X, y = steps
    model = HistGradientBoostingClassifier(max_iter=30, max_leaf_nodes=leaves, early_stopping=False).fit(X, y)
    ours = _trees(model)
    assert ours.n_trees == 30
    assert np.abs(ours.scores(X) - model.decision_function(X)).max() < 1e-6
    other = np.random.default_rng(1).normal(-5, 9, (2000, 12)).astype(np.float32)
    assert np.abs(ours.scores(other) - model.decision_function(other)).max() < 1e-6


def test_values_next_to_a_threshold_go_where_scikit_learn_sends_them():
    """The threshold lies between two neighbouring float32, nearer to the upper one when rounded."""
    low = np.float32(1.0)
    high = np.nextafter(low, np.float32(2))
    X = np.repeat([low, high], 50)[:, None]
    model = HistGradientBoostingClassifier(max_iter=1, early_stopping=False).fit(X, X[:, 0] == high)
    assert _trees(model).scores(X) == pytest.approx(model.decision_function(X), abs=1e-9)
    thresholds = np.array([0.1, 0.2, 0.3, 1 / 3])
    rounded = boosting._rounded_down(thresholds)
    assert (rounded <= thresholds).all() and (np.nextafter(rounded, np.float32(9)) > thresholds).all()


def test_stages_are_the_first_trees_of_one_fit(steps):
    X, y = steps
    given = dict(stages(X, y, np.ones(len(X)), n_trees=25, every=10))
    assert list(given) == [10, 20, 25]
    alone = HistGradientBoostingClassifier(max_iter=10, max_bins=63, early_stopping=False, random_state=0).fit(X, y)
    assert np.abs(given[10].scores(X) - alone.decision_function(X)).max() < 1e-6
    errors = [np.mean((classifier.scores(X) > 0) != y) for classifier in given.values()]
    assert errors[0] > errors[1] > errors[2]


def test_weights_count(steps):
    X, y = steps
    (_, even), (_, odd) = (
        next(stages(X, y, weights, n_trees=10)) for weights in (np.ones(len(X)), np.where(y, 5.0, 1.0))
    )
    assert odd.offset - even.offset == pytest.approx(np.log(5))


_PRINT = """
import hashlib, numpy as np
from lightdiar.models.boosting import stages
rng = np.random.default_rng(0)
X = rng.normal(size=(5000, 8)).astype(np.float32)
y = X[:, 0] + rng.normal(size=5000) > 0
(_, last), = stages(X, y, np.where(y, 1.5, 0.7), n_trees=10)
parts = (last.feature, last.threshold, last.left, last.right, last.value)
print(hashlib.sha256(b"".join(np.asarray(part).tobytes() for part in parts)).hexdigest())
"""


@pytest.mark.slow
def test_the_number_of_threads_changes_no_byte():
    digests = [
        subprocess.run(
            [sys.executable, "-c", _PRINT],
            env={**os.environ, "OMP_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "3")
    ]
    assert len(digests[0]) == 65 and digests[0] == digests[1]


@pytest.mark.parametrize("n_rows", [3, 30])
def test_fewer_rows_than_leaves_give_the_odds(n_rows):
    X = np.arange(n_rows * 2, dtype=np.float32).reshape(-1, 2)
    y = np.arange(n_rows) < n_rows // 3
    *_, (_, last) = stages(X, y, np.ones(n_rows), n_trees=5)
    assert last.scores(X) == pytest.approx(np.full(n_rows, np.log(1 / 2)), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "index", "value", "message"),
    [
        ("left", 0, 0, "the children of a node must come after it"),  # only half a leaf
        ("right", 0, 0, "the children of a node must come after it"),
        ("right", 2, 0, "the children of a node must come after it"),  # round and round
        ("right", 0, 3, "right must be whole numbers from 0 to 2"),
        ("left", 0, 1.5, "left must be whole numbers from 0 to 2"),
        ("feature", 0, -1, "feature must be whole numbers from 0 to 16777215"),
        ("roots", 0, 3, "roots must be whole numbers from 0 to 2"),
    ],
)
def test_what_is_no_tree_is_refused(name, index, value, message):
    good = stump()
    parts = {key: np.array(part) for key, part in vars(good).items() if not key.startswith("_")}
    parts[name][index] = value
    with pytest.raises(ValueError, match=message):
        Boosting(**parts)


def test_a_tree_as_deep_as_a_mine_is_refused():
    own = np.arange(600.0)
    chain = np.minimum(own + 1, 599)
    with pytest.raises(ValueError, match="a tree has more than 255 levels"):
        Boosting(np.zeros(1), np.zeros(600), np.zeros(600), chain, chain, np.zeros(600), 0.0)


def test_columns_that_are_missing_are_said():
    with pytest.raises(ValueError, match="the trees ask for column 1; got 1 columns"):
        stump().scores(np.zeros((2, 1), np.float32))
