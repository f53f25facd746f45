"""One label for each recording: by hand, against scikit-learn, and rubbish."""

import math

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from lightdiar.metrics.tagging import tagging

LABELS = ["dog", "rain", "saw"]


def test_figures_by_hand():
    """Four of dog, one heard as rain; two of rain, both right; none of saw, which was answered once for dog."""
    counts = tagging(["dog"] * 4 + ["rain"] * 2, "dog dog rain saw rain rain".split(), LABELS)
    assert counts.confusion.tolist() == [[2, 1, 1], [0, 2, 0], [0, 0, 0]]
    assert counts.accuracy == 4 / 6
    assert counts.precision.tolist() == [1, 2 / 3, 0]
    assert counts.recall[:2].tolist() == [0.5, 1]
    assert math.isnan(counts.recall[2])
    assert counts.f1.tolist() == pytest.approx([2 / 3, 0.8, 0])
    assert counts.macro_f1 == pytest.approx((2 / 3 + 0.8) / 3)
    assert str(counts) == "accuracy 66.7 % (4 of 6), macro F1 48.9 %"


def test_figures_are_those_of_scikit_learn(rng):
    true = rng.choice(LABELS, 200)
    answers = np.where(rng.random(200) < 0.6, true, rng.choice(LABELS, 200))
    counts = tagging(true.tolist(), answers.tolist(), LABELS)
    precision, recall, f1, n_reference = precision_recall_fscore_support(true, answers, labels=LABELS)
    assert counts.confusion.tolist() == confusion_matrix(true, answers, labels=LABELS).tolist()
    assert counts.accuracy == accuracy_score(true, answers)
    frame = counts.to_frame()
    assert frame["precision"].tolist() == pytest.approx(precision)
    assert frame["recall"].tolist() == pytest.approx(recall)
    assert frame["f1"].tolist() == pytest.approx(f1)
    assert frame["n_reference"].tolist() == n_reference.tolist()
    assert counts.macro_f1 == pytest.approx(f1.mean())


def test_recordings_add():
    parts = [tagging([true], [answer], LABELS) for true, answer in [("dog", "dog"), ("dog", "saw"), ("saw", "saw")]]
    assert sum(parts).confusion.tolist() == [[1, 0, 1], [0, 0, 0], [0, 0, 1]]
    with pytest.raises(ValueError, match="counts of dog, rain, saw and of dog, saw do not add"):
        parts[0] + tagging(["dog"], ["dog"], ["dog", "saw"])


def test_a_label_neither_true_nor_answered_is_left_out_of_the_average():
    assert tagging(["dog"], ["dog"], LABELS).macro_f1 == 1
    nothing = tagging([], [], LABELS)
    assert math.isnan(nothing.accuracy)
    assert math.isnan(nothing.macro_f1)


def test_the_table_names_rows_and_columns():
    table = tagging(["dog"], ["saw"], LABELS).table()
    assert (table.index.name, table.columns.name) == ("true", "answered")
    assert table.loc["dog", "saw"] == 1


def test_rubbish_is_named():
    with pytest.raises(ValueError, match="2 recordings and 1 answers"):
        tagging(["dog", "saw"], ["dog"], LABELS)
    with pytest.raises(ValueError, match="'cat', 'cow' are not among the labels dog, rain, saw"):
        tagging(["dog", "saw"], ["cow", "cat"], LABELS)
