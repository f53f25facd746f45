"""Figures of counts: the values that sed_eval states for its functions, tables, text, and what does not add."""

import math
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from lightdiar.metrics.event_counts import EventCounts, SegmentCounts


def counts_of(right, wrong, missed, substitutions=0, labels=("a",)):
    return EventCounts(labels, *(np.atleast_1d(values) for values in (right, wrong, missed)), substitutions)


def segment_counts(right, wrong, missed, silent):
    numbers = [np.atleast_1d(values) for values in (right, wrong, missed)]
    return SegmentCounts(("a",), *numbers, 0, np.atleast_1d(silent), np.zeros((2, 2), int))


def test_the_functions_of_sed_eval_by_its_own_values():
    assert counts_of(10, 90, 0).micro.precision == 0.1
    assert counts_of(8, 72, 2).micro.f1 == pytest.approx(0.17777777, abs=1e-8)  # precision 0.1, recall 0.8
    assert segment_counts(10, 0, 10, 0).micro.sensitivity == 0.5
    assert segment_counts(0, 100, 0, 1).micro.specificity == pytest.approx(0.00990099, abs=1e-8)
    assert segment_counts(1, 5, 9, 5).micro.balanced_accuracy == pytest.approx(0.3)  # sensitivity 0.1, specificity 0.5
    assert counts_of(0, 10, 100, 10).micro.substitutions == 0.1
    assert counts_of([0], 170, 100, 150).micro.error_rate == pytest.approx(1.2)


def test_classes_weigh_alike_in_the_average_and_by_their_events_in_all_together():
    counts = counts_of([8, 0], [2, 1], [0, 2], 1, ("a", "b"))
    assert (counts.micro.precision, counts.macro().precision) == (8 / 11, 0.4)
    assert (counts.micro.recall, counts.macro().recall) == (0.8, 0.5)
    assert (counts.micro.error_rate, counts.macro().error_rate) == (0.4, (0.25 + 1.5) / 2)
    assert (counts.f1, counts.error_rate) == (counts.micro.f1, counts.micro.error_rate)


def test_a_class_neither_heard_nor_reported_is_left_out_of_averages():
    counts = counts_of([4, 0], [0, 0], [0, 0], 0, ("a", "b"))
    assert counts.macro() == counts.of("a")
    assert all(math.isnan(value) for value in vars(counts.of("b")).values())


def test_the_table_has_a_row_for_each_class_and_two_for_all():
    frame = counts_of([8, 0], [2, 1], [0, 2], 1, ("a", "b")).to_frame()
    assert frame.index.tolist() == ["a", "b", "micro", "macro"]
    assert frame.columns.tolist() == (
        "n_reference n_estimated f1 precision recall error_rate substitutions deletions insertions".split()
    )
    assert frame["n_reference"].tolist() == [8, 2, 10, 10]
    assert frame["n_estimated"].tolist() == [10, 1, 11, 11]
    assert frame["precision"].tolist() == [0.8, 0, 8 / 11, 0.4]
    assert (
        segment_counts(1, 2, 3, 4).to_frame().columns[-3:].tolist() == "specificity accuracy balanced_accuracy".split()
    )


def test_the_text_gives_the_error_rate_and_its_parts():
    counts = counts_of([8, 0], [2, 1], [0, 2], 1, ("a", "b"))
    assert str(counts) == "F1 76.2 %, error rate 0.40 (0.10 substituted, 0.10 deleted, 0.20 inserted)"


def test_counts_add_by_class_and_never_change():
    counts = counts_of([1, 2], [3, 4], [5, 6], 1, ("a", "b"))
    total = sum([counts, counts, counts])
    assert total.true_positives.tolist() == [3, 6]
    assert total.false_positives.tolist() == [9, 12]
    assert total.false_negatives.tolist() == [15, 18]
    assert total.substitutions == 3
    assert counts.true_positives.tolist() == [1, 2]
    with pytest.raises(FrozenInstanceError):
        counts.substitutions = 0


def test_counts_of_other_labels_or_kinds_do_not_add():
    with pytest.raises(ValueError) as raised:
        counts_of([1, 2], [3, 4], [5, 6], 1, ("a", "b")) + counts_of([1, 2], [3, 4], [5, 6], 1, ("b", "a"))
    assert str(raised.value) == (
        "counts of a, b and of b, a do not add. Count all recordings with the same labels, in the same order."
    )
    with pytest.raises(TypeError, match="unsupported operand"):
        counts_of(1, 1, 1) + segment_counts(1, 1, 1, 1)
    with pytest.raises(TypeError, match="unsupported operand"):
        1 + counts_of(1, 1, 1)


def test_a_class_that_was_not_counted_is_named():
    with pytest.raises(ValueError, match="label 'dog' is not among a"):
        counts_of(1, 1, 1).of("dog")
