"""Sound events against truth: by hand, against sed_eval on random pairs and on its own examples, and rubbish."""

import csv
import gzip
import json
import math
import runpy
from pathlib import Path

import numpy as np
import pytest

from lightdiar.metrics.sound_events import event_based, segment_based
from lightdiar.timeline import Event

DATA = Path(__file__).parents[2] / "data"
OURS = {  # names of sed_eval
    "f_measure": "f1",
    "precision": "precision",
    "recall": "recall",
    "error_rate": "error_rate",
    "substitution_rate": "substitutions",
    "deletion_rate": "deletions",
    "insertion_rate": "insertions",
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced_accuracy",
}
CARS = [Event(0, 2.5, "car"), Event(2.8, 4.5, "car"), Event(6, 10, "car")]


def random_events(rng, n, labels="ab", duration=30):
    starts, lengths, places = rng.uniform(0, duration, n), rng.uniform(0.05, 3, n), rng.integers(len(labels), size=n)
    return [Event(start, start + length, labels[place]) for start, length, place in zip(starts, lengths, places)]


def tallies(counts):
    return [counts.true_positives.tolist(), counts.false_positives.tolist(), counts.false_negatives.tolist()]


# --- segments, by hand


def test_a_class_is_active_in_every_segment_that_an_event_touches():
    """0.9-1.1 touches the first and second; 2-3 exactly the third, and 3.999-4 the fourth."""
    counts = segment_based([Event(0.9, 1.1, "a"), Event(2, 3, "a"), Event(3.999, 4, "a")], [], ["a"], duration=6)
    assert tallies(counts) == [[0], [0], [4]]
    assert counts.true_negatives.tolist() == [2]


def test_substitutions_deletions_and_insertions_by_hand():
    """Second by second: a for b; b missed; c invented; a and b for c; all silent."""
    truth = [Event(0, 1, "a"), Event(1, 2, "b"), Event(3, 4, "a"), Event(3, 4, "b")]
    found = [Event(0, 1, "b"), Event(2, 3, "c"), Event(3, 4, "c")]
    counts = segment_based(truth, found, "a b c".split(), duration=5)
    assert (counts.substitutions, counts.deletions, counts.insertions) == (2, 2, 1)
    assert counts.error_rate == 5 / 4
    assert counts.f1 == 0
    assert counts.micro.accuracy == 8 / 15
    assert counts.micro.specificity == 8 / 11
    assert counts.of("a").error_rate == 1  # two misses of two
    assert counts.of("b").error_rate == 3 / 2  # and one invented
    assert math.isnan(counts.of("c").error_rate)
    assert counts.macro().error_rate == 5 / 4  # c is never heard


def test_what_was_reported_instead_by_hand():
    truth = [Event(0, 1, "a"), Event(1, 2, "b"), Event(3, 4, "a"), Event(3, 5, "b")]
    found = [Event(0, 1, "b"), Event(2, 3, "c"), Event(3, 4, "c"), Event(4, 5, "b"), Event(4, 5, "c")]
    table = segment_based(truth, found, ["a", "b", "c"], duration=6).confusion()
    assert table.columns.tolist() == table.index.tolist() == ["a", "b", "c", "(nothing)"]
    assert (table.index.name, table.columns.name) == ("true", "reported")
    assert table.to_numpy().tolist() == [
        [0, 1, 1, 0],  # a, once reported as b, once as c
        [0, 1, 1, 1],  # b, once right, once reported as c (a second counts for both), once missed without a trace
        [0, 0, 0, 0],
        [0, 0, 2, 1],  # c twice where nothing was missed; and a second in which all is right, or silent
    ]


def test_the_segments_of_silence_are_not_confusions():
    """The corner of the table, nothing for nothing, holds the segments that are right."""
    counts = segment_based([Event(0, 1, "a")], [Event(0, 1, "a")], ["a"], duration=4)
    assert counts.confusion().to_numpy().tolist() == [[1, 0], [0, 4]]


def test_segments_shorter_and_longer_than_a_second():
    truth, found = [Event(0.25, 0.75, "a")], [Event(0.5, 0.8, "a")]
    assert tallies(segment_based(truth, found, ["a"], duration=1, segment=0.25)) == [[1], [1], [1]]
    assert tallies(segment_based(truth, found, ["a"], duration=1, segment=5.0)) == [[1], [0], [0]]


def test_borders_are_rounded_as_by_sed_eval():
    """0.3 / 0.1 is 2.9999999999999996: the third segment is touched, too."""
    assert tallies(segment_based([Event(0.3, 0.4, "a")], [], ["a"], segment=0.1)) == [[0], [0], [2]]


def test_nothing_counts_beyond_the_duration_nor_before_the_start():
    truth, found = [Event(-2, 1, "a"), Event(8, 12, "a")], [Event(9.5, 30, "a"), Event(40, 41, "a")]
    counts = segment_based(truth, found, ["a"], duration=9.7)
    assert tallies(counts) == [[1], [0], [2]]
    assert counts.true_negatives.tolist() == [7]


def test_without_a_duration_the_last_offset_of_either_ends_the_recording():
    assert segment_based([Event(0, 1, "a")], [Event(4, 4.5, "a")], ["a"]).true_negatives.tolist() == [3]
    assert segment_based([], [], ["a"]).confusion().to_numpy().sum() == 0


# --- events, by hand


def test_onsets_within_the_collar_and_offsets_within_half_the_length():
    truth = [Event(10, 11, "a")]
    assert event_based(truth, [Event(10.2, 11.5, "a")], ["a"], collar=0.25).f1 == 1
    assert event_based(truth, [Event(10.25, 11, "a")], ["a"], collar=0.25).f1 == 1
    assert event_based(truth, [Event(10.26, 11, "a")], ["a"], collar=0.25).f1 == 0
    assert event_based(truth, [Event(10, 11.51, "a")], ["a"], collar=0.25).f1 == 0
    assert event_based(truth, [Event(10, 11.51, "a")], ["a"], collar=0.25, offset=False).f1 == 1
    assert event_based(truth, [Event(10, 11.51, "a")], ["a"], collar=0.25, percentage=0.6).f1 == 1
    assert event_based(truth, [Event(10, 10.8, "a")], ["a"], collar=0.25, percentage=0).f1 == 1  # the collar is more


def test_an_event_of_another_class_at_the_right_time_is_a_substitution():
    truth = [Event(0, 1, "a"), Event(5, 6, "a"), Event(8, 9, "b")]
    found = [Event(0, 1, "b"), Event(0.1, 1, "b"), Event(5, 6, "a")]
    counts = event_based(truth, found, ["a", "b"])
    assert tallies(counts) == [[1, 0], [0, 2], [1, 1]]
    assert (counts.substitutions, counts.deletions, counts.insertions) == (1, 1, 1)
    assert counts.error_rate == 1


@pytest.mark.parametrize("truth", [[1.0, 1.5], [1.5, 1.0]])
@pytest.mark.parametrize("found", [[1.25, 1.75], [1.75, 1.25]])
def test_as_many_as_possible_are_matched_in_any_order(truth, found):
    """1.25 could take either; only if it takes 1.0 does 1.75 find one (sed_eval's own example)."""
    truth, found = ([Event(start, 3, "a") for start in starts] for starts in (truth, found))
    assert event_based(truth, found, ["a"], collar=0.25, offset=False).f1 == 1


def test_a_class_never_found_costs_its_share_of_the_average_unless_left_out():
    """sed_eval's example: its average F is 1.0, or 0.5 with empty_system_output_handling="zero_score"."""
    options = dict(labels=["A", "B"], collar=0.2, percentage=0.2)
    first = event_based([Event(0.3, 0.8, "A")], [Event(0.2, 0.9, "A")], **options)
    counts = first + event_based([Event(0.1, 0.8, "B")], [], **options)
    assert counts.macro(found_only=True).f1 == 1
    assert counts.macro().f1 == 0.5


# --- truths


def test_a_copy_is_perfect_and_silence_has_an_error_rate_of_1(rng):
    events = random_events(rng, 40)
    for measure in (segment_based, event_based):
        same, silence = measure(events, events[::-1], ["a", "b"]), measure(events, [], ["a", "b"])
        assert (same.f1, same.error_rate, same.macro().f1) == (1, 0, 1)
        assert (silence.f1, silence.error_rate, silence.macro().f1, silence.micro.deletions) == (0, 1, 0, 1)


def test_order_of_events_and_of_labels_changes_nothing_that_is_matched(rng):
    truth, found = random_events(rng, 60), random_events(rng, 60)
    for measure in (segment_based, event_based):
        counts, other = measure(truth, found, ["a", "b"]), measure(truth[::-1], found[::-1], ["b", "a"])
        assert counts.f1 == other.f1 > 0
        assert counts.of("a") == other.of("a")


def test_recordings_add(rng):
    """Two recordings one after the other are one of the summed counts."""
    pairs = [(random_events(rng, 20), random_events(rng, 20)) for _ in range(2)]
    later = [[Event(event.start + 40, event.end + 40, event.label) for event in events] for events in pairs[1]]
    whole = segment_based(pairs[0][0] + later[0], pairs[0][1] + later[1], ["a", "b"], duration=80)
    added = sum(segment_based(*pair, ["a", "b"], duration=40) for pair in pairs)
    assert added.micro == whole.micro
    assert added.confusion().equals(whole.confusion())
    whole = event_based(pairs[0][0] + later[0], pairs[0][1] + later[1], ["a", "b"])
    assert sum(event_based(*pair, ["a", "b"]) for pair in pairs).micro == whole.micro


def test_what_is_missed_is_substituted_or_deleted(rng):
    truth, found = random_events(rng, 80, "abcd"), random_events(rng, 70, "abcd")
    for measure in (segment_based, event_based):
        counts = measure(truth, found, "a b c d".split())
        assert counts.substitutions > 0
        assert counts.substitutions + counts.deletions == counts.false_negatives.sum()
        assert counts.substitutions + counts.insertions == counts.false_positives.sum()


# --- sed_eval


@pytest.fixture(scope="module")
def reference_rows():
    """Figures of sed_eval by pair, measure and class (or micro, macro); those it does not give are left out."""
    with gzip.open(DATA / "sed_eval_reference.csv.gz", "rt", encoding="ascii", newline="") as file:
        rows = {}
        for row in csv.DictReader(file):
            key = int(row.pop("pair")), row.pop("measure"), row.pop("of")
            rows[key] = {OURS[name]: float(value) for name, value in row.items() if value}
    return rows


def test_500_random_pairs_are_those_of_sed_eval(reference_rows):
    """All figures of a class and of all together; what sed_eval leaves undefined is NaN, or an F1 of 0."""
    random_pair = runpy.run_path(str(DATA / "make_sed_eval_reference.py"))["random_pair"]
    n_whole = 0
    for number in range(500):
        truth, found, labels, segments, matching = random_pair(number)
        truth, found = ([Event(*event) for event in events] for events in (truth, found))
        for measure, counts in {
            "segment": segment_based(truth, found, labels, **segments),
            "event": event_based(truth, found, labels, **matching),
        }.items():
            parts = {label: counts.of(label) for label in labels}
            for name, figures in {"micro": counts.micro, **parts}.items():
                check_figures(figures, reference_rows[number, measure, name])
            theirs = reference_rows[number, measure, "macro"]
            check_same(counts.macro(found_only=True), theirs, ["f1", "precision", "recall"])
            if not any(math.isnan(value) for part in parts.values() for value in vars(part).values()):
                check_same(counts.macro(), theirs, theirs)
                n_whole += 1
    assert n_whole == 691  # of 1,000 averages: those in which every class is heard, reported and sometimes silent


def check_figures(ours, theirs):
    """Those of sed_eval, except where it divides by nearly 0."""
    check_same(ours, theirs, ["precision", "recall"])
    heard, reported = (not math.isnan(value) for value in (ours.recall, ours.precision))
    if heard and reported:
        check_same(ours, theirs, ["f1"])
    else:  # sed_eval: NaN
        assert math.isnan(theirs["f1"])
        assert ours.f1 == 0 if heard or reported else math.isnan(ours.f1)
    for name in theirs.keys() - {"f1", "precision", "recall"}:
        if math.isnan(getattr(ours, name)):  # sed_eval: 0, or errors in units of 2e-16
            assert theirs[name] == 0 or theirs[name] > 1e14 or name == "balanced_accuracy"
        else:
            check_same(ours, theirs, [name])
        needed = {"specificity": True, "accuracy": True, "balanced_accuracy": heard}.get(name, heard)
        assert needed or math.isnan(getattr(ours, name))


def check_same(ours, theirs, names):
    for name in names:
        one, other = getattr(ours, name), theirs[name]
        assert abs(one - other) <= 1e-9 or (math.isnan(one) and math.isnan(other)), (name, one, other)


EXAMPLES = {  # files of truth and output for each of the values
    "binary1+2": [("binary1.txt", "binary1_detected.txt"), ("binary2.txt", "binary2_detected.txt")],
    "mini_a": [("mini_reference.txt", "mini_detected_a.txt")],
    "mini_b": [("mini_reference.txt", "mini_detected_b.txt")],
    "office_snr0 (file_list.txt: high+med)": [
        ("office_snr0_high_v2.txt", "office_snr0_high_v2_detected.txt"),
        ("office_snr0_med_v2.txt", "office_snr0_med_v2_detected.txt"),
    ],
    "office_snr0_high only": [("office_snr0_high_v2.txt", "office_snr0_high_v2_detected.txt")],
    "office_snr0_med only": [("office_snr0_med_v2.txt", "office_snr0_med_v2_detected.txt")],
    "street_fold1": [("street_fold1_reference.txt", "street_fold1_detected.txt")],
}


def recordings(truth, output):
    """Events of truth and output of each recording in two lists; one of no length gets the least there is."""
    lists = []
    for path in (truth, output):
        by_recording = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            *before, start, end, label = (part.strip() for part in line.split("\t"))
            start, end = float(start), max(float(end), math.nextafter(float(start), math.inf))
            by_recording.setdefault(before[0] if before else "", []).append(Event(start, end, label))
        lists.append(by_recording)
    return [(lists[0].get(name, []), lists[1].get(name, [])) for name in sorted(lists[0].keys() | lists[1].keys())]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_sed_eval_have_its_values(shared, example):
    folder = shared / "corpora/events/sed_eval_examples"
    values = json.loads((folder / "reference_values.json").read_text(encoding="utf-8"))[example]
    pairs = [pair for names in EXAMPLES[example] for pair in recordings(*(folder / "sound_event" / n for n in names))]
    labels = list(values["segment_1.0"]["class_wise"])
    for setting, expected in values.items():
        kind, *options = setting.split("_")
        if "greedy" in options:  # not offered: it depends on the order of events
            continue
        if kind == "segment":
            counts = sum(segment_based(*pair, labels, segment=float(options[0])) for pair in pairs)
        else:
            collar, percentage = (float(option.strip("colarpt")) for option in options[:2])
            options = dict(collar=collar, percentage=percentage, offset=options[3] == "onoff")
            counts = sum(event_based(*pair, labels, **options) for pair in pairs)
        for name, part in expected.get("class_wise", {}).items():
            check_figures(counts.of(name), flat(part))
        check_figures(counts.micro, flat(expected["overall"]))
        average = flat(expected["class_wise_average"])
        check_same(counts.macro(found_only=True), average, average)


def flat(part):
    """Figures of sed_eval in one dict; None is NaN."""
    figures = {**part["f_measure"], **part["error_rate"], **part["accuracy"]}
    return {OURS[name]: math.nan if value is None else value for name, value in figures.items()}


def test_street_scenes_have_the_error_rate_that_sed_eval_states(shared):
    folder = shared / "corpora/events/sed_eval_examples/sound_event"
    pairs = recordings(folder / "street_fold1_reference.txt", folder / "street_fold1_detected.txt")
    labels = sorted({event.label for truth, _ in pairs for event in truth})
    counts = sum(segment_based(*pair, labels) for pair in pairs)
    assert counts.error_rate == pytest.approx(1.0616698292220115, abs=1e-12)
    assert counts.micro.accuracy == pytest.approx(0.84244791666, abs=1e-10)
    longer = sum(segment_based(*pair, labels, duration=1200) for pair in pairs)
    assert longer.micro.accuracy == pytest.approx(0.9719907407407408, abs=1e-12)
    assert longer.error_rate == counts.error_rate


def test_the_values_that_sed_eval_states_for_its_examples_in_code():
    counts = segment_based(CARS, [Event(1, 3.5, "car"), Event(7, 8, "car")], ["car"])
    assert counts.micro.accuracy == 0.5
    assert counts.error_rate == pytest.approx(0.5556, abs=5e-5)
    counts = event_based(CARS, [Event(0.2, 3.5, "car"), Event(6, 8, "car")], ["car"], collar=0.2)
    assert counts.f1 == pytest.approx(0.8)
    assert counts.error_rate == pytest.approx(0.3333, abs=5e-5)


# --- rubbish


@pytest.mark.parametrize("measure", [segment_based, event_based])
def test_empty_truth_and_empty_output_have_defined_figures(measure):
    invented, nothing = measure([], [Event(0, 1, "a")], ["a", "b"]), measure([], [], ["a", "b"])
    assert (invented.f1, invented.micro.precision, invented.macro().f1) == (0, 0, 0)
    assert invented.insertions == 1
    for figure in (invented.error_rate, invented.micro.recall, invented.of("b").f1, nothing.f1, nothing.macro().f1):
        assert math.isnan(figure)


@pytest.mark.parametrize("measure", [segment_based, event_based])
@pytest.mark.parametrize("truth", [[], [Event(0, 1, "bird")]])
def test_a_label_that_is_not_listed_is_named(measure, truth):
    found = [] if truth else [Event(0, 1, "bird")]
    message = "'bird' is not among the labels car, dog. List every label that counts, and leave out what has others."
    with pytest.raises(ValueError) as raised:
        measure(truth, found, ["car", "dog"])
    assert str(raised.value) == message


@pytest.mark.parametrize("measure", [segment_based, event_based])
def test_labels_are_different_and_not_a_text(measure):
    with pytest.raises(ValueError, match=r"3 labels \(2 different\) must be at least one, all different"):
        measure([], [], ["a", "b", "a"])
    with pytest.raises(ValueError, match=r"0 labels"):
        measure([], [], [])
    with pytest.raises(TypeError, match=r"got the text 'car'. Use \['car'\]"):
        measure([], [], "car")


@pytest.mark.parametrize("value", [0, -1, math.inf, math.nan])
def test_lengths_are_positive(value):
    with pytest.raises(ValueError, match=f"segment={value} must be a positive"):
        segment_based([], [], ["a"], segment=value)
    with pytest.raises(ValueError, match=f"duration={value} must be the positive length"):
        segment_based([], [], ["a"], duration=value)


@pytest.mark.parametrize("name", ["collar", "percentage"])
@pytest.mark.parametrize("value", [-0.1, math.inf, math.nan])
def test_collars_are_not_negative(name, value):
    with pytest.raises(ValueError, match=f"{name}={value} must be 0 or more"):
        event_based([], [], ["a"], **{name: value})


def test_ten_thousand_events_in_a_minute_are_matched(rng):
    """Of ten classes; as many as possible by scipy, which knows nothing of the rest."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_bipartite_matching

    truth, found = (random_events(rng, 10_000, "abcdefghij", 60) for _ in range(2))
    counts = event_based(truth, found, list("abcdefghij"), offset=False)
    starts, labels = (
        [np.array([getattr(event, name) for event in events]) for events in (truth, found)]
        for name in ("start", "label")
    )
    order = np.argsort(starts[1])
    low, high = (np.searchsorted(starts[1][order], starts[0] + step) for step in (-0.2, 0.2))
    rows = np.repeat(np.arange(10_000), high - low)
    columns = order[np.concatenate([np.arange(*ends) for ends in zip(low, high)])]
    same = labels[0][rows] == labels[1][columns]
    graph = csr_matrix((np.ones(same.sum()), (rows[same], columns[same])), shape=(10_000, 10_000))
    assert counts.true_positives.sum() == (maximum_bipartite_matching(graph) >= 0).sum()


@pytest.mark.parametrize("segment", [1e-7, 5e-324])
def test_more_segments_than_memory_holds_are_refused_in_one_line(segment):
    with pytest.raises(
        ValueError, match=r"^9 s in segments of \S+ s, of 2 labels, are too many to count; at most 1000"
    ):
        segment_based([Event(0, 9, "a")], [], ["a", "b"], segment=segment)


def test_more_pairs_than_memory_holds_are_refused_in_one_line():
    crowd = [Event(0, 1, "a")] * 4000
    message = (
        r"16000000 pairs of the 4000 true and 4000 reported events begin within 0.2 s of each other; at most 10000000"
    )
    with pytest.raises(ValueError, match=message):
        event_based(crowd, crowd, ["a"])
