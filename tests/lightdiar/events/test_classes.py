import math

import numpy as np
import pytest

from lightdiar.errors import FormatError, ModelError
from lightdiar.events.classes import history_table, history_text, is_trained, read_histories, read_label, train_label
from lightdiar.events.config import Config, DecodingConfig
from lightdiar.events.features import FrontEnd
from lightdiar.events.runs import Run
from lightdiar.events.training import Validation

HISTORY = [Validation(1, 0.25, 0.5, 0.75, -0.5), Validation(2, 0.5, 0.625, 0.5, 0.25, True)]
FRONT_END = FrontEnd(8000, n_filters=4, context=(), average=False, envelope=False, reference="none")
CONFIG = Config(front_end=FRONT_END, model="logistic", decoding=DecodingConfig(median=0, least_event=0, least_gap=0))


@pytest.fixture
def steps():
    """Of the first of four columns the class is the sign, nearly: X, y, and as many held out."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 4)).astype(np.float32)
    y = X[:, 0] + 0.3 * rng.normal(size=600) > 1
    return X[:300], y[:300], X[300:], y[300:]


def train(run, steps, config=CONFIG, number=0, label="door"):
    X, y, held_X, held_y = steps
    return train_label(run, number, label, X, y, held_X, held_y, [100, 200], config)


def test_a_class_is_kept_with_its_history_and_the_same_bytes(tmp_path, steps, files_in):
    one, other = Run(tmp_path / "one"), Run(tmp_path / "other", 1)
    kept = train(one, steps)
    assert train(other, steps) == kept and kept.kept and kept.f1 > 0.8
    assert files_in(one.class_folder(0)) == files_in(other.class_folder(0))
    assert sorted(files_in(one.class_folder(0))) == ["card.json", "history.csv", "parameters.npz"]
    assert is_trained(one, 0) and not is_trained(one, 1)
    classifier, threshold = read_label(one, 0, 4)
    assert threshold == kept.threshold
    assert np.mean((classifier.scores(steps[2]) > threshold) == steps[3]) > 0.9


def test_the_history_is_there_while_a_class_is_trained(tmp_path, steps, monkeypatch):
    """As if it was killed after the third validation: there is a history, and no class."""
    run, seen = Run(tmp_path), []

    def killed(text):
        seen.append(read_histories(run))
        if len(seen) == 3:
            raise KeyboardInterrupt

    def watched(path, text):
        path.write_text(text)
        killed(text)

    monkeypatch.setattr("lightdiar.events.classes.write_text", watched)
    with pytest.raises(KeyboardInterrupt):
        train(run, steps)
    assert [len(histories["door"]) for histories in seen] == [1, 2, 3] and not is_trained(run, 0)


def test_steps_without_the_class_are_drawn_and_stand_for_the_others(tmp_path, steps, monkeypatch):
    given = []

    def train_class(X, y, *held, weights, **options):
        given.append((X, y, weights))
        raise KeyboardInterrupt

    monkeypatch.setattr("lightdiar.events.classes.train_class", train_class)
    X, y = steps[:2]
    n_true = y.sum()
    for weights, most in (("balanced", 100), ("none", 100), ("none", 1000)):
        with pytest.raises(KeyboardInterrupt):
            config = Config(front_end=CONFIG.front_end, model="logistic", class_weights=weights, most_negatives=most)
            train(Run(tmp_path), steps, config)
    (X1, y1, balanced), (X2, y2, plain), (X3, _, whole) = given
    assert len(X1) == len(y1) == n_true + 100 and (y1.sum(), y2.sum()) == (n_true, n_true)
    assert balanced[y1].sum() == pytest.approx(balanced[~y1].sum())
    assert set(plain[y2]) == {1.0} and plain[~y2].sum() == pytest.approx(300 - n_true)
    assert (X1 == X2).all() and (X3 == X).all() and set(whole) == {1.0}


def test_a_dictionary_is_told_how_many_bands_there_are(tmp_path, steps, monkeypatch):
    given = []

    def train_class(*arrays, options, **others):
        given.append(options)
        raise KeyboardInterrupt

    monkeypatch.setattr("lightdiar.events.classes.train_class", train_class)
    for model in ("nmf", "boosting"):
        with pytest.raises(KeyboardInterrupt):
            train(Run(tmp_path), steps, Config(front_end=CONFIG.front_end, model=model))
    assert given == [{"n_bands": 4}, None]


@pytest.mark.parametrize(("kind", "smooths"), [("threshold", True), ("hmm", False)])
def test_thresholds_are_chosen_on_what_will_be_decided(tmp_path, steps, monkeypatch, kind, smooths):
    given = []

    def train_class(*arrays, smooth, **others):
        given.append(smooth)
        raise KeyboardInterrupt

    monkeypatch.setattr("lightdiar.events.classes.train_class", train_class)
    with pytest.raises(KeyboardInterrupt):
        decoding = DecodingConfig(kind, median=0.3, least_event=0, least_gap=0)
        train(Run(tmp_path), steps, Config(front_end=FRONT_END, decoding=decoding))
    assert bool(given[0]) == smooths
    if smooths:
        assert given[0](np.array([0.0, 1.0, 0.0, 2.0, 2.0])).tolist() == [0.0, 0.0, 1.0, 2.0, 2.0]


def write_history(run, number, histories):
    run.class_folder(number).mkdir(parents=True)
    (run.class_folder(number) / "history.csv").write_text(history_text(histories), encoding="utf-8")


def test_histories_are_csv_and_come_back(tmp_path):
    unknown = [Validation(0, 0.0, math.nan, math.nan, 0.0, True)]
    assert history_text({"=door": HISTORY, "rain": unknown}) == (
        "label,stage,amount,f1,error_rate,threshold,kept\n"
        "'=door,1,0.25,0.5,0.75,-0.5,0\n"
        "'=door,2,0.5,0.625,0.5,0.25,1\n"
        "rain,0,0,,,0,1\n"
    )
    run = Run(tmp_path)
    write_history(run, 0, {"=door": HISTORY})
    write_history(run, 1, {"rain": unknown})
    histories = read_histories(run)
    assert histories["=door"] == HISTORY and str(histories["rain"]) == str(unknown)


def test_histories_are_in_the_order_of_the_labels_however_many_there_are(tmp_path):
    run = Run(tmp_path)
    for number in (100, 9, 11, 10):
        write_history(run, number, {f"label {number}": HISTORY})
    assert list(read_histories(run)) == ["label 9", "label 10", "label 11", "label 100"]


def test_the_table_shows_classes_that_are_finished_and_others(tmp_path):
    run = Run(tmp_path)
    write_history(run, 0, {"door": HISTORY})
    write_history(run, 1, {"rain": [Validation(1, 10, 0.25, 1.0, 0.0), Validation(2, 20, 0.125, 1.0, 0.0)]})
    write_history(run, 2, {"wind": [Validation(1, 10, math.nan, math.nan, 0.0, True)]})
    assert history_table(run, "trees") == [
        ("label", "", "trees", "F1 %", "error rate", "F1 % of each validation"),
        ("door", "finished", "0.5", "62.5", "0.50", "50.0 62.5"),
        ("rain", "training", "10", "25.0", "1.00", "25.0 12.5"),
        ("wind", "finished", "10", "-", "-", "-"),
    ]
    assert history_table(Run(tmp_path / "none"), "trees")[1:] == []


@pytest.mark.parametrize("content", ["", "a,b\n", "label,stage,amount,f1,error_rate,threshold,kept\ndoor,1\n", "\0"])
def test_a_damaged_history_is_said(tmp_path, content):
    run = Run(tmp_path)
    run.class_folder(0).mkdir(parents=True)
    (run.class_folder(0) / "history.csv").write_text(content)
    with pytest.raises(FormatError, match=r"history\.csv: is not as `lightdiar events train` wrote it"):
        read_histories(run)


def test_a_damaged_class_is_said(tmp_path, steps):
    run = Run(tmp_path)
    train(run, steps)
    card = run.class_folder(0) / "card.json"
    card.write_text(card.read_text().replace("threshold", "treshold"))
    with pytest.raises(ModelError, match=r"card\.json: has no threshold; remove the folder and train again"):
        read_label(run, 0, 4)
