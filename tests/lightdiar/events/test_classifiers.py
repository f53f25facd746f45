import numpy as np
import pytest

from lightdiar.common.archive import read_arrays, write_archive
from lightdiar.errors import ModelError
from lightdiar.events.classifiers import KINDS, from_arrays, to_arrays

OPTIONS = {"nmf": {"n_bands": 4}, "boosting": {"n_trees": 10}}


@pytest.fixture(scope="module")
def steps():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 6)).astype(np.float32)
    return X, X[:, 1] - X[:, 2] + 0.3 * rng.normal(size=400) > 0


@pytest.fixture(scope="module")
def classifiers(steps):
    X, y = steps
    weights = np.ones(len(X))
    return {name: next(kind.stages(X, y, weights, **OPTIONS.get(name, {})))[1] for name, kind in KINDS.items()}


def test_all_kinds_find_a_class_better_than_chance(steps, classifiers):
    X, y = steps
    for classifier in classifiers.values():
        assert np.mean((classifier.scores(X) > 0) == y) > 0.7


@pytest.mark.parametrize("name", KINDS)
def test_scores_can_be_rescaled(steps, classifiers, name):
    X, _ = steps
    scores = classifiers[name].scores(X)
    assert classifiers[name].rescaled(0.5, -1.0).scores(X) == pytest.approx(0.5 * scores - 1, abs=1e-5)
    assert scores.shape == (400,) and classifiers[name].scores(X[:0]).shape == (0,)
    assert classifiers[name].scores(X[7:8]) == pytest.approx(scores[7:8], abs=1e-5)


def test_what_is_written_is_read_again(tmp_path, steps, classifiers):
    X, _ = steps
    path = tmp_path / "model.npz"
    arrays = {}
    for number, classifier in enumerate(classifiers.values()):
        arrays |= to_arrays(classifier, f"class{number}")
    write_archive(path, arrays, {})
    read = read_arrays(path, 1e6)
    for number, (name, classifier) in enumerate(classifiers.items()):
        again = from_arrays(read, f"class{number}", 6, path)
        assert type(again) is KINDS[name].classifier
        assert np.array_equal(again.scores(X), classifier.scores(X))
        assert all(key.startswith(f"class{number}.{name}.") for key in to_arrays(again, f"class{number}"))


def test_only_classifiers_are_written():
    with pytest.raises(TypeError, match="dict is not one of gmm, logistic, boosting, nmf"):
        to_arrays({}, "class0")


def test_prefixes_are_not_mixed_up(classifiers):
    arrays = to_arrays(classifiers["logistic"], "class1") | to_arrays(classifiers["nmf"], "class10")
    assert isinstance(from_arrays(arrays, "class1", 6, "m"), KINDS["logistic"].classifier)


def test_exactly_one_classifier(classifiers):
    both = to_arrays(classifiers["logistic"], "a") | to_arrays(classifiers["nmf"], "a")
    for arrays in ({}, both, {"a.forest.value": np.ones(1)}, {"a.": np.ones(1)}):
        with pytest.raises(
            ModelError, match="^m.npz: a must be one classifier, of the kind gmm, logistic, boosting, nmf"
        ):
            from_arrays(arrays, "a", 6, "m.npz")


@pytest.mark.parametrize("name", KINDS)
def test_every_array_is_needed_and_no_other(classifiers, name):
    arrays = to_arrays(classifiers[name], "a")
    for left_out in arrays:
        rest = {key: array for key, array in arrays.items() if key != left_out}
        with pytest.raises(ModelError, match="is missing|must be one classifier"):
            from_arrays(rest, "a", 6, "m.npz")
    with pytest.raises(ModelError, match=f"a.{name}.more is not a parameter"):
        from_arrays({**arrays, f"a.{name}.more": np.ones(1)}, "a", 6, "m.npz")


@pytest.mark.parametrize("name", KINDS)
def test_features_of_too_few_columns_are_refused(classifiers, name):
    with pytest.raises(ModelError, match="^m.npz: a does not fit features of 2 columns: "):
        from_arrays(to_arrays(classifiers[name], "a"), "a", 2, "m.npz")


@pytest.mark.parametrize("name", KINDS)
def test_rubbish_is_refused_or_gives_finite_scores(classifiers, name):
    """Values, shapes and types of each array are damaged at random: no error but ModelError."""
    rng = np.random.default_rng(4)
    good = to_arrays(classifiers[name], "a")
    refused = 0
    for _ in range(300):
        arrays = dict(good)
        key = list(good)[rng.integers(len(good))]
        arrays[key] = _damaged(arrays[key], rng)
        try:
            again = from_arrays(arrays, "a", 6, "m.npz")
        except ModelError as error:
            refused += 1
            assert str(error).startswith("m.npz: a") and "\n" not in str(error)
        else:
            assert np.isfinite(again.scores(rng.normal(0, 3, (20, 6)).astype(np.float32))).all()
    assert refused > 100


def _damaged(array, rng):
    kind = rng.integers(5)
    if kind == 0:
        return array[..., None]
    if kind == 1:
        return np.ravel(array)[: rng.integers(1, array.size + 1)]
    if kind == 2:
        return np.tile(array, 2)
    scale = rng.choice([1e-6, 1.0, 1e3, 1e6])
    if kind == 3:
        return np.clip(rng.normal(0, scale, array.shape), -1e6, 1e6).astype(array.dtype)
    damaged = np.array(array)
    damaged.flat[rng.integers(array.size)] = np.clip(rng.normal(0, scale), -1e6, 1e6)
    return damaged
