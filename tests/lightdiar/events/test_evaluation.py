import csv
import io

import pytest

from lightdiar.events.evaluation import Scored, evaluate
from lightdiar.events.result import SoundEvents
from lightdiar.timeline import Event


@pytest.fixture
def scored():
    """Two recordings of 4 s: car half right; the horn, which no model knows, missed."""
    one = SoundEvents([Event(0, 2, "car", 0.9), Event(3, 4, "rain", 0.6)], ("car", "rain"), 4.0, "one")
    other = SoundEvents([], ("car", "rain"), 4.0, "other")
    return [
        Scored(one, (Event(0.1, 2, "car"), Event(3, 4, "car"))),
        Scored(other, (Event(1, 2, "horn"),)),
    ]


def test_counts_are_pooled_and_what_is_not_learnt_is_missed(scored):
    found = evaluate(scored, ["car", "horn", "rain"], n_draws=100)
    assert found.unknown == ("horn",) and found.n_recordings == 2
    rows = {(row.measure, row.label or row.average): row for row in found.rows}
    assert list(rows)[:5] == [("segments", name) for name in ("micro", "macro", "car", "horn", "rain")]
    segments = rows["segments", "micro"]  # 2 right; car missed at 3 s, where rain is invented: a substitution; horn
    assert (segments.n_true, segments.n_found) == (4, 3)
    assert segments.f1.value == pytest.approx(4 / 7) and segments.error_rate.value == 2 / 4
    assert rows["segments", "car"].f1.value == pytest.approx(4 / 5)
    assert rows["segments", "horn"].f1.value == 0 and rows["segments", "horn"].error_rate.value == 1
    assert rows["segments", "macro"].f1.value == pytest.approx((4 / 5 + 0 + 0) / 3)
    onsets = rows["onsets", "micro"]
    assert (onsets.n_true, onsets.n_found, onsets.f1.value) == (3, 2, pytest.approx(2 / 5))
    assert segments.f1.low <= segments.f1.value <= segments.f1.high == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))


def test_an_event_that_ends_too_early_has_its_onset_only():
    found = SoundEvents([Event(0, 1, "car", 0.9)], ("car",), 4.0)
    rows = evaluate([Scored(found, (Event(0.2, 4, "car"),))], ["car"], n_draws=10).rows
    assert {row.measure: row.f1.value for row in rows if row.average == "micro"} == {
        "segments": pytest.approx(2 / 5),
        "onsets": 1.0,
        "events": 0.0,
    }


def test_it_prints_a_table_for_each_measure(scored):
    assert str(evaluate(scored, ["car", "horn", "rain"], n_draws=100)).splitlines()[:6] == [
        "segments of 1 s   true  found  F1 %          95 %  error rate          95 %",
        "(all together)       4      3  57.1   [0.0, 66.7]        0.50  [0.33, 1.00]",
        "(mean of labels)     4      3  26.7   [0.0, 40.0]        0.67  [0.33, 1.00]",
        "car                  3      2  80.0  [80.0, 80.0]        0.33  [0.33, 0.33]",
        "horn                 1      0   0.0    [0.0, 0.0]        1.00  [1.00, 1.00]",
        "rain                 0      1   0.0    [0.0, 0.0]           -",
    ]


def test_csv_has_fractions_and_nothing_where_there_is_nothing_to_measure(scored):
    rows = list(csv.DictReader(io.StringIO(evaluate(scored, ["car", "horn", "rain"], n_draws=100).to_csv())))
    assert len(rows) == 15 and rows[0]["f1"] == "0.571429" and rows[0]["label"] == ""
    assert rows[4] | {"f1_low": "", "f1_high": ""} == {
        "measure": "segments",
        "average": "label",
        "label": "rain",
        "n_true": "0",
        "n_found": "1",
        "f1": "0.000000",
        "f1_low": "",
        "f1_high": "",
        "error_rate": "",
        "error_rate_low": "",
        "error_rate_high": "",
    }


def test_no_recordings_are_an_error_and_empty_ones_count():
    with pytest.raises(ValueError, match="no recording"):
        evaluate([], ["car"])
    nothing = evaluate([Scored(SoundEvents((), ("car",), 0.0), ())], ["car"], n_draws=10)
    assert str(nothing).splitlines()[1].split() == ["(all", "together)", "0", "0", "-", "-"]
