"""Write `sed_eval_reference.csv.gz`: the figures that sed_eval 0.2.1 gives for 500 random pairs of event lists.

    python -m pip install sed_eval==0.2.1
    python tests/data/make_sed_eval_reference.py

The pairs are made by `random_pair`, whose numbers are the same everywhere: the test makes them again.
"""

import csv
import gzip
import io
from pathlib import Path

import numpy as np

N_PAIRS = 500
FIGURES = "f_measure precision recall error_rate substitution_rate deletion_rate insertion_rate".split()
FIGURES += "sensitivity specificity accuracy balanced_accuracy".split()


def random_pair(number):
    """Truth and output as lists of (onset, offset, label), the labels, and settings of the measures.

    Times lie on a grid of 10 ms, in any order. Half of the reported events are true ones moved a little, sometimes
    with another label. Of every tenth pair, truth, output or both are empty.
    """
    rng = np.random.default_rng([23, number])
    labels = "abcd"[: 2 + number % 3]
    n_true, n_moved, n_false = rng.integers([2, 1, 0], [25, 15, 15])
    if number % 10 == 0:
        n_true, n_moved, n_false = [(0, 0, 4), (5, 0, 0), (0, 0, 0), (1, 0, 1)][number // 10 % 4]
    starts = rng.integers(0, 1500, n_true + n_false)
    ends = starts + rng.integers(5, 400, n_true + n_false)
    classes = rng.integers(0, len(labels), n_true + n_false)
    moved = rng.integers(0, max(n_true, 1), n_moved)
    moved_starts = np.maximum(0, starts[moved] + rng.integers(-30, 31, n_moved))
    moved_ends = np.maximum(moved_starts + 1, ends[moved] + rng.integers(-60, 61, n_moved))
    other = rng.integers(0, 4, n_moved) == 0
    moved_classes = np.where(other, rng.integers(0, len(labels), n_moved), classes[moved])

    def events(starts, ends, classes):
        rows = zip(starts.tolist(), ends.tolist(), classes.tolist())
        return [(start / 100, end / 100, labels[place]) for start, end, place in rows]

    truth = events(starts[:n_true], ends[:n_true], classes[:n_true])
    output = events(starts[n_true:], ends[n_true:], classes[n_true:]) + events(moved_starts, moved_ends, moved_classes)
    segments = {"segment": (1.0, 0.5, 0.1, 0.37)[number // 3 % 4], "duration": (None, 12.0, 25.3)[number // 2 % 3]}
    matching = {
        "collar": (0.2, 0.25, 0.5, 0.1)[number % 4],
        "percentage": (0.5, 0.2, 0.0)[number // 4 % 3],
        "offset": number % 5 > 1,
    }
    return truth, output, tuple(labels), segments, matching


def main():
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["pair", "measure", "of", *FIGURES])
    for number in range(N_PAIRS):
        for measure, results in zip(("segment", "event"), sed_eval_results(number)):
            parts = {"micro": results["overall"], "macro": results["class_wise_average"], **results["class_wise"]}
            for name, part in parts.items():
                figures = {**part["f_measure"], **part["error_rate"], **part["accuracy"]}
                values = [f"{figures[figure]:.12g}" if figure in figures else "" for figure in FIGURES]
                writer.writerow([number, measure, name, *values])
    path = Path(__file__).with_name("sed_eval_reference.csv.gz")
    path.write_bytes(gzip.compress(table.getvalue().encode("ascii"), mtime=0))


def sed_eval_results(number):
    """What sed_eval gives for a pair, by segments and by events."""
    import sed_eval

    truth, output, labels, segments, matching = random_pair(number)
    truth, output = (
        [{"event_onset": start, "event_offset": end, "event_label": label} for start, end, label in events]
        for events in (truth, output)
    )
    by_segment = sed_eval.sound_event.SegmentBasedMetrics(list(labels), time_resolution=segments["segment"])
    by_segment.evaluate(truth, output, evaluated_length_seconds=segments["duration"])
    by_event = sed_eval.sound_event.EventBasedMetrics(
        list(labels),
        evaluate_offset=matching["offset"],
        t_collar=matching["collar"],
        percentage_of_length=matching["percentage"],
    )
    by_event.evaluate(truth, output)
    return by_segment.results(), by_event.results()


if __name__ == "__main__":
    main()
