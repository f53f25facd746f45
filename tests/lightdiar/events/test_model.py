import json
import shutil

import numpy as np
import pytest

from lightdiar.common.archive import pack_arrays, read_card, unpack_arrays, write_archive
from lightdiar.errors import ModelError
from lightdiar.events import model as model_module
from lightdiar.events.decoding import Decoding
from lightdiar.events.features import FrontEnd
from lightdiar.events.gmm_pair import GmmPair
from lightdiar.events.logistic import Logistic
from lightdiar.events.model import EventModel, check_labels
from lightdiar.models.gmm import GMM

FRONT_END = FrontEnd(8000, n_filters=4, context=(), average=False, envelope=False, reference="none")


@pytest.fixture
def model():
    """Two labels: the first column, and a pair of Gaussians."""
    at = {place: GMM(np.ones(1), np.full((1, 4), place), np.ones((1, 4))) for place in (0.0, 2.0)}
    pair = GmmPair(at[2.0], at[0.0], Logistic(np.array([0.5]), -1.0))
    decoding = Decoding([0.5, 0.25], [1, 3], 2, [2, 4])
    return EventModel(("door", "müsic"), FRONT_END, (Logistic(np.eye(4)[0], 0.0), pair), decoding)


def test_probabilities_are_those_of_the_log_odds(model):
    X = np.array([[0, 0, 0, 0], [np.log(3), 2, 2, 2]], np.float32)
    # log likelihood ratio of the pair: sum of (2 x - 2) over columns
    expected = [[1 / 2, 1 / (1 + np.exp(5))], [3 / 4, 1 / (1 + np.exp(1 - (2 * np.log(3) - 2 + 6) / 2))]]
    found = model.probabilities(X)
    assert found.dtype == np.float32 and found == pytest.approx(np.array(expected), rel=1e-5)
    assert model.probabilities(X[:0]).shape == (0, 2)


def test_events_have_the_labels_of_their_columns(model):
    probabilities = np.array([[0.9, 0.9], [0.7, 0.9], [0.1, 0.3], [0.1, 0.1]], np.float32)
    events = model.events(probabilities, 0.4)
    assert [(event.start, event.end, event.label) for event in events] == [(0.0, 0.2, "door"), (0.0, 0.3, "müsic")]
    assert [event.probability for event in events] == pytest.approx([0.8, 0.7])


def test_what_is_saved_is_loaded_and_the_same_bytes(model, tmp_path):
    for name in ("one", "two"):
        model.save(tmp_path / name, {"licence": ["none"]})
    for file in ("parameters.npz", "card.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    loaded = EventModel.load(tmp_path / "one")
    X = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    assert (loaded.probabilities(X) == model.probabilities(X)).all()
    assert (loaded.labels, loaded.front_end) == (model.labels, model.front_end)
    for name in ("thresholds", "median", "least_event", "least_gap", "penalty"):
        assert np.array_equal(getattr(loaded.decoding, name), getattr(model.decoding, name))
    card = json.loads((tmp_path / "one" / "card.json").read_text(encoding="utf-8"))
    assert card["task"] == "events" and card["labels"] == ["door", "müsic"] and card["licence"] == ["none"]


def test_the_penalty_of_an_hmm_is_kept(model, tmp_path):
    EventModel(model.labels, FRONT_END, model.classifiers, Decoding([0.5, 0.5], penalty=3.0)).save(tmp_path / "m", {})
    assert EventModel.load(tmp_path / "m").decoding.penalty == 3.0


def test_a_model_that_is_saved_anew_is_loaded_anew(model, tmp_path):
    model.save(tmp_path / "m", {})
    assert EventModel.load(tmp_path / "m").labels == ("door", "müsic")
    EventModel(("a", "b"), FRONT_END, model.classifiers, model.decoding).save(tmp_path / "m", {})
    assert EventModel.load(tmp_path / "m").labels == ("a", "b")


@pytest.mark.parametrize(
    "parts",
    [{"labels": ("door",)}, {"labels": ("door", "door")}, {"labels": ()}, {"decoding": Decoding([0.5])}],
)
def test_numbers_that_do_not_match_are_refused(model, parts):
    with pytest.raises(ValueError, match="must be as many, at least one"):
        EventModel(**{**vars(model), **parts})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"task": "voices"}, "is a model of another task; one of sound events is needed"),
        ({"labels": "door"}, "labels must be a list of texts"),
        ({"labels": ["door"]}, "label1.* is not a parameter of this model of 1 labels"),
        ({"labels": ["door", "door"]}, "2 labels; a model has 1 to 120, all of them different"),
        ({"labels": [f"label {number}" for number in range(121)]}, "121 labels; a model has 1 to 120"),
        ({"labels": ["door", 2]}, "labels must be a list of texts"),
        ({"labels": ["door", ""]}, "'' cannot be a label; a label has 1 to 200 characters"),
        ({"labels": ["door", "\x1b[31m"]}, r"'\\\\x1b\[31m' cannot be a label"),
        ({"labels": ["door", "x" * 201]}, "cannot be a label; a label has 1 to 200 characters"),
        ({"labels": ["a", "b", "c"]}, "label2 must be one classifier"),
        ({"labels": ["a", "x" * 200, *(f"label {number}" for number in range(118))]}, "label2 must be one classifier"),
        ({"front_end": None}, "front_end: None must be an object"),
        ({"front_end": {"sample_rate": 1}}, "front_end: sample_rate=1 Hz: must be from 4000"),
        ({"front_end": {"bands": 1}}, "front_end: 'bands' is not known"),
        ({"front_end": {"n_filters": 8, "context": [], "average": False}}, "does not fit features of 20 columns"),
        ({"front_end": {"context": [1.0] * 1000}}, "at most 8 lengths"),
    ],
)
def test_a_card_from_a_stranger_is_checked(model, tmp_path, changes, message):
    model.save(tmp_path / "m", {})
    path = tmp_path / "m" / "card.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}), encoding="utf-8")
    with pytest.raises(ModelError, match=message) as caught:
        EventModel.load(tmp_path / "m")
    assert "\n" not in str(caught.value) and "\x1b" not in str(caught.value)


def test_as_many_labels_as_are_allowed_can_be_kept(model, tmp_path):
    """Pairs of Gaussians have the most arrays."""
    labels, pair = tuple(map(str, range(model_module._MOST_LABELS))), model.classifiers[1]
    check_labels(labels)
    many = EventModel(labels, FRONT_END, (pair,) * len(labels), Decoding(np.full(len(labels), 0.5), penalty=1.0))
    many.save(tmp_path / "m", {})
    assert EventModel.load(tmp_path / "m").labels == labels


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label0.logistic.slopes": None}, "label0.logistic.slopes is missing"),
        ({"label0.logistic.slopes": np.zeros(3)}, "label0 does not fit features of 4 columns"),
        ({"label0.logistic.slopes": np.full(4, 1e9)}, "at most 1e[+]07 is possible"),
        ({"label0.logistic.slopes": np.full(4, np.nan)}, "must be finite"),
        ({"label0.logistic.colour": np.zeros(3)}, "label0.logistic.colour is not a parameter"),
        ({"label7.logistic.slopes": np.zeros(4)}, "label7.logistic.slopes is not a parameter"),
        ({"label1.gmm.present.weights": np.array([2.0])}, "weights must sum to 1"),
        ({"extra": np.zeros(3)}, "extra is not a parameter of this model of 2 labels"),
        ({"decoding.thresholds": None}, "decoding does not fit 2 labels"),
        ({"decoding.thresholds": np.array([0.5])}, "decoding does not fit 2 labels"),
        ({"decoding.thresholds": np.array([0.5, 2.0])}, "decoding does not fit 2 labels.*from 0 to 1"),
        ({"decoding.median": np.array([1.0, 2.0])}, "decoding does not fit 2 labels.*must be odd"),
        ({"decoding.median": np.array([1.0, 1e6 + 1])}, "at most 100000 are possible"),
        ({"decoding.colour": np.array(1.0)}, "decoding does not fit 2 labels"),
        ({"decoding.penalty": np.array([1.0, 2.0])}, "decoding does not fit 2 labels"),
        ({"decoding.penalty": np.array(-1.0)}, "penalty=-1.0 must be 0 or more"),
    ],
)
def test_parameters_from_a_stranger_are_checked(model, tmp_path, changes, message):
    model.save(tmp_path / "m", {})
    path = tmp_path / "m" / "parameters.npz"
    arrays = {**unpack_arrays(path.read_bytes(), path), **changes}
    card = json.loads((tmp_path / "m" / "card.json").read_text(encoding="utf-8"))
    write_archive(path, {name: array for name, array in arrays.items() if array is not None}, card)
    with pytest.raises(ModelError, match=message):
        EventModel.load(tmp_path / "m")


def test_files_that_do_not_belong_together_are_refused(model, tmp_path):
    with pytest.raises(ModelError, match=r"card\.json: cannot be read"):
        EventModel.load(tmp_path)
    model.save(tmp_path / "m", {})
    shutil.copytree(tmp_path / "m", tmp_path / "n")
    (tmp_path / "n" / "parameters.npz").write_bytes(pack_arrays({"x": np.zeros(1)}))
    with pytest.raises(ModelError, match="SHA-256 differs"):
        EventModel.load(tmp_path / "n")


def test_notes_on_a_card_do_not_replace_what_the_model_is(model, tmp_path):
    model.save(tmp_path, {"licence": ["MIT"], "labels": ["x"], "task": "voices"})
    assert EventModel.load(tmp_path).labels == ("door", "müsic")
    assert read_card(tmp_path)["task"] == "events"
