import tracemalloc
import warnings
from importlib.metadata import version

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightdiar.metrics import diarization
from lightdiar.metrics.diarization import (
    DiarizationScore,
    coverage,
    diarization_error,
    gender_error,
    jaccard_error_rate,
    purity,
    speaker_count_error,
)
from lightdiar.timeline import Annotation, Segment, Turn, union

# Worked out by hand. A and B overlap from 8 to 10 s; speaker 2 takes over from A two seconds too early.
REFERENCE = Annotation([Turn(0, 10, "A"), Turn(8, 12, "B")])
HYPOTHESIS = Annotation([Turn(0, 6, "1"), Turn(6, 12, "2")])
SILENCE = Annotation()

turns = st.builds(
    lambda start, length, speaker: Turn(start / 100, (start + length) / 100, speaker),
    st.integers(0, 2000),
    st.integers(1, 600),
    st.sampled_from("abcd"),
)
annotations = st.lists(turns, max_size=10).map(Annotation)


def random_annotation(rng, n_turns=20, n_speakers=5, duration=40.0, prefix=""):
    """Overlapping turns of at least 50 ms; nobody overlaps itself."""
    starts = rng.uniform(0, duration, n_turns)
    ends = starts + 0.05 + rng.exponential(2.0, n_turns)
    names = [f"{prefix}{number}" for number in rng.integers(n_speakers, size=n_turns)]
    return Annotation(map(Turn, starts, ends, names)).fill_gaps(0.0)


@pytest.mark.parametrize(
    "options, expected",
    [
        ({}, DiarizationScore(total=14, missed=2, false_alarm=0, confusion=2)),
        ({"skip_overlap": True}, DiarizationScore(total=10, missed=0, false_alarm=0, confusion=2)),
        ({"collar": 0.5}, DiarizationScore(total=10, missed=1, false_alarm=0, confusion=1.5)),
        ({"uem": Segment(0, 8)}, DiarizationScore(total=8, missed=0, false_alarm=0, confusion=2)),
        ({"uem": [Segment(9, 11), Segment(10, 99)]}, DiarizationScore(4, 1, 0, 0)),
    ],
)
def test_der_by_hand(options, expected):
    assert diarization_error(REFERENCE, HYPOTHESIS, **options) == expected


def test_der_is_the_sum_of_errors_over_speech():
    score = DiarizationScore(total=20, missed=1, false_alarm=2, confusion=3)
    assert score.der == 0.3
    assert str(score) == "DER 30.0 % (missed 1.0 s, false alarm 2.0 s, confusion 3.0 s of 20.0 s of speech)"


def test_scores_of_a_corpus_add():
    scores = [DiarizationScore(10, 1, 0, 1), DiarizationScore(30, 0, 6, 0)]
    assert sum(scores, DiarizationScore()) == DiarizationScore(40, 1, 6, 1)
    assert sum(scores, DiarizationScore()).der == 0.2
    with pytest.raises(TypeError):
        scores[0] + 1


def test_silence_has_a_defined_score():
    assert diarization_error(SILENCE, SILENCE).der == 0.0
    assert diarization_error(SILENCE, HYPOTHESIS) == DiarizationScore(0, 0, 12, 0)
    assert diarization_error(SILENCE, HYPOTHESIS).der == 1.0
    assert diarization_error(REFERENCE, SILENCE).der == 1.0
    assert jaccard_error_rate(SILENCE, SILENCE) == 0.0
    assert jaccard_error_rate(SILENCE, HYPOTHESIS) == jaccard_error_rate(REFERENCE, SILENCE) == 1.0
    assert purity(REFERENCE, SILENCE) == coverage(SILENCE, HYPOTHESIS) == 1.0
    assert purity(SILENCE, HYPOTHESIS) == coverage(REFERENCE, SILENCE) == 0.0
    assert diarization_error(REFERENCE, HYPOTHESIS, uem=[]) == DiarizationScore()


def test_wrong_arguments_say_what_to_do():
    with pytest.raises(ValueError, match="0 or more; got -0.25"):
        diarization_error(REFERENCE, HYPOTHESIS, collar=-0.25)
    for collar in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match=f"0 or more; got {collar}"):
            purity(REFERENCE, HYPOTHESIS, collar=collar)
    with pytest.raises(TypeError, match="an Annotation is needed; got dict. read_turns gives one per recording"):
        diarization_error({"news": REFERENCE}, HYPOTHESIS)


def test_jer_by_hand():
    # A with 1: 6 s shared of 10 s joint; B with 2: 4 s of 6 s
    assert jaccard_error_rate(REFERENCE, HYPOTHESIS) == pytest.approx((0.4 + 1 / 3) / 2)
    # within 8 to 10 s only A (no partner left: 1) or B (perfect: 0)
    assert jaccard_error_rate(REFERENCE, HYPOTHESIS, uem=Segment(8, 10)) == 0.5


def test_of_mappings_that_share_as_much_the_lowest_jer_counts_whatever_the_names():
    """A talks 0-4 s; one found speaker 0-4 s (JER 0), another 0-8 s (JER 1/2): both share 4 s."""
    reference = Annotation([Turn(0, 4, "A")])
    for short, long in ("12", "21"):
        hypothesis = Annotation([Turn(0, 4, short), Turn(0, 8, long)])
        assert jaccard_error_rate(reference, hypothesis) == 0.0
        assert jaccard_error_rate(hypothesis, reference) == 0.5  # long stays alone: 1, and short is right: 0
    # a mapping that shares more goes first: 4 of 8 s beat 3.9 s that are all there is
    longer = Annotation([Turn(0, 3.9, "1"), Turn(0, 8, "2")])
    assert jaccard_error_rate(reference, longer) == 0.5


def shared_seconds(one, other, regions):
    parts = (a.overlap(b) for a in one.crop(regions).fill_gaps(0) for b in other.crop(regions).fill_gaps(0))
    return sum(parts)


def jer_of_best_mappings(reference, hypothesis, regions):
    """Of every mapping that shares the most time: the JER, by trying all."""
    R, H = (
        [Annotation([turn for turn in each if turn.speaker == name]) for name in each.speakers]
        for each in (reference.crop(regions), hypothesis.crop(regions))
    )
    shared = [[shared_seconds(r, h, regions) for h in H] for r in R]
    joint = [[sum(s.duration for s in union([*r, *h])) for h in H] for r in R]

    def mappings(r, free):
        """Time shared and Jaccard indices, of every mapping of the true speakers from number r on."""
        if r == len(R):
            yield 0.0, 0.0
            return
        yield from mappings(r + 1, free)
        for h in free:
            if shared[r][h] > 0:
                for total, index in mappings(r + 1, free - {h}):
                    yield total + shared[r][h], index + shared[r][h] / joint[r][h]

    every = list(mappings(0, frozenset(range(len(H)))))
    most = max(total for total, _ in every)
    return [1 - index / len(R) for total, index in every if total > most - 1e-9]


few = st.lists(turns, min_size=1, max_size=6).map(lambda found: Annotation(found).relabel({"d": "a"}))


@settings(max_examples=60, deadline=None)
@given(few, few, st.permutations("abc"), st.permutations("abc"))
def test_names_change_no_measure(reference, hypothesis, true_names, found_names):
    def measures(r, h):
        return [measure(r, h) for measure in (diarization_error, jaccard_error_rate, purity, coverage)]

    renamed = [a.relabel(dict(zip("abc", names))) for a, names in ((reference, true_names), (hypothesis, found_names))]
    assert measures(*renamed) == measures(reference, hypothesis)
    regions = [Segment(0, 100)]
    expected = min(jer_of_best_mappings(reference, hypothesis, regions))
    assert jaccard_error_rate(reference, hypothesis) == pytest.approx(expected, abs=1e-5)


def test_few_and_many_speakers_are_mapped_alike(monkeypatch):
    """The full matrix of few and the sparse one of many give the same errors, where there are ties too."""
    rng = np.random.default_rng(0)
    pairs = [
        [random_annotation(rng, rng.integers(1, 40), rng.integers(1, 12), prefix=prefix) for prefix in "rh"]
        for _ in range(40)
    ]
    assert len({len(r.speakers) > len(h.speakers) for r, h in pairs}) == 2
    full = [(diarization_error(r, h), jaccard_error_rate(r, h)) for r, h in pairs]
    monkeypatch.setattr(diarization, "_SMALL", 0)
    for (r, h), (score, jer) in zip(pairs, full):
        assert vars(diarization_error(r, h)) == pytest.approx(vars(score), abs=1e-12)
        assert jaccard_error_rate(r, h) == pytest.approx(jer, abs=1e-5)


def test_ten_thousand_speakers_take_neither_long_nor_much():
    """As a full matrix of speakers they would take 800 MB, and as one of speakers and intervals 1,600."""
    crowd = Annotation([Turn(n, n + 1.5, f"s{n}") for n in range(10_000)])
    tracemalloc.start()
    try:
        score = diarization_error(crowd, crowd)
        assert jaccard_error_rate(crowd, crowd) == 0.0
        assert tracemalloc.get_traced_memory()[1] < 60e6
    finally:
        tracemalloc.stop()
    assert score == DiarizationScore(total=15_000)


def test_purity_and_coverage_by_hand():
    assert purity(REFERENCE, HYPOTHESIS) == pytest.approx(10 / 12)
    assert coverage(REFERENCE, HYPOTHESIS) == pytest.approx(10 / 14)
    everyone = Annotation([Turn(0, 12, "one")])
    disjoint = REFERENCE.crop([Segment(0, 8), Segment(10, 12)])
    assert coverage(disjoint, everyone) == 1.0
    assert purity(disjoint, everyone) == pytest.approx(8 / 12)


def test_purity_and_coverage_of_what_is_scored_by_hand():
    # 0-8 s: 1 is pure, and 2 has 2 s of A alone; of A 6 of 8 s are with 1
    assert purity(REFERENCE, HYPOTHESIS, uem=Segment(0, 8)) == 1.0
    assert coverage(REFERENCE, HYPOTHESIS, uem=[Segment(0, 8)]) == 0.75
    # half a second around 0, 8, 10 and 12 s is gone: 1 has 5.5 s of A; 2 has 1.5 + 1 s of A and 1 + 1 s of B in 3.5 s
    assert purity(REFERENCE, HYPOTHESIS, collar=0.5) == pytest.approx((5.5 + 2.5) / 9)
    assert coverage(REFERENCE, HYPOTHESIS, collar=0.5) == pytest.approx((5.5 + 2) / 10)
    # around true boundaries only: the one of the output at 6 s stays
    assert coverage(REFERENCE, HYPOTHESIS, collar=0.5, uem=Segment(5.5, 6.5)) == 0.5
    assert purity(REFERENCE, HYPOTHESIS, uem=[]) == coverage(REFERENCE, HYPOTHESIS, uem=[]) == 1.0


def test_speaker_count_error_is_signed_and_ignores_who_says_little():
    found = Annotation([*HYPOTHESIS, Turn(20, 22, "3"), Turn(30, 31.9, "4")])
    assert speaker_count_error(REFERENCE, found) == 1
    assert speaker_count_error(found, REFERENCE) == -1
    assert speaker_count_error(REFERENCE, found, min_seconds=1.0) == 2


def test_gender_error_by_hand():
    reference = Annotation([Turn(0, 10, "ann"), Turn(10, 20, "bob"), Turn(20, 30, "kim")])
    hypothesis = Annotation([Turn(0, 12, "1"), Turn(12, 18, "2"), Turn(18, 40, "3"), Turn(25, 35, "1")])
    genders = {"ann": "F", "bob": "M", "kim": "unknown"}
    found = {"1": "F", "2": "M", "3": "uncertain"}
    # 10-12 s wrong, 18-20 s no answer, 20-30 s not scored, 30-35 s nobody there
    expected = DiarizationScore(total=20, missed=2, false_alarm=5, confusion=2)
    assert gender_error(reference, hypothesis, genders, found) == expected
    assert gender_error(reference, hypothesis, genders, found, uem=Segment(0, 12)) == DiarizationScore(12, 0, 0, 2)


def test_two_women_at_once_need_two_female_voices():
    both = Annotation([Turn(0, 2, "ann"), Turn(0, 2, "eve")])
    women, couple = {"ann": "F", "eve": "F"}, {"ann": "F", "eve": "M"}
    assert gender_error(both, both, women, women) == DiarizationScore(4, 0, 0, 0)
    assert gender_error(both, both, women, couple) == DiarizationScore(4, 0, 0, 2)


@given(annotations)
def test_the_truth_has_no_errors_whatever_its_speakers_are_called(annotation):
    renamed = annotation.relabel(dict(zip("abcd", "cdab")))
    assert diarization_error(annotation, renamed).der == 0.0
    assert jaccard_error_rate(annotation, renamed) == pytest.approx(0.0, abs=1e-12)


@given(annotations, annotations)
def test_errors_are_bounded_by_the_speaking_times(reference, hypothesis):
    score = diarization_error(reference, hypothesis)
    found = sum(hypothesis.seconds().values())
    assert score.total == pytest.approx(sum(reference.seconds().values()))
    assert score.total - score.missed == pytest.approx(found - score.false_alarm)
    assert min(score.missed, score.false_alarm, score.confusion) >= 0
    assert 0 <= jaccard_error_rate(reference, hypothesis) <= 1
    assert -1e-9 <= purity(reference, hypothesis) <= 1 + 1e-9


@pytest.mark.parametrize("seed", range(25))
def test_equal_to_pyannote_metrics(seed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("pyannote.metrics", reason="pyannote.metrics is not installed")
        from pyannote import core
        from pyannote.metrics import diarization as theirs

        def converted(annotation):
            converted = core.Annotation()
            for segment, track, speaker in annotation.itertracks(yield_label=True):
                converted[core.Segment(segment.start, segment.end), track] = speaker
            return converted

        rng = np.random.default_rng(seed)
        reference = random_annotation(rng, rng.integers(1, 30), rng.integers(1, 6), prefix="r")
        hypothesis = random_annotation(rng, rng.integers(1, 30), rng.integers(1, 7), prefix="h")
        starts = rng.uniform(-3, 40, 4)
        regions = [*union(map(Segment, starts, starts + rng.uniform(1, 9, 4))), Segment(50, 60)]
        r, h = converted(reference), converted(hypothesis)

        for uem, their_uem in [
            (None, None),
            (regions, core.Timeline(core.Segment(s.start, s.end) for s in regions)),
        ]:
            for collar, skip_overlap in [(0.0, False), (0.25, False), (0.0, True), (0.25, True)]:
                metric = theirs.DiarizationErrorRate(collar=2 * collar, skip_overlap=skip_overlap)
                expected = metric(r, h, uem=their_uem, detailed=True)
                score = diarization_error(reference, hypothesis, collar=collar, skip_overlap=skip_overlap, uem=uem)
                assert score.total == pytest.approx(expected["total"], abs=1e-9)
                assert score.missed == pytest.approx(expected["missed detection"], abs=1e-9)
                assert score.false_alarm == pytest.approx(expected["false alarm"], abs=1e-9)
                assert score.confusion == pytest.approx(expected["confusion"], abs=1e-9)
                assert score.der == pytest.approx(expected["diarization error rate"], abs=1e-9)
            # theirs is 1 where nobody speaks in the scored regions, ours 0 if nothing was found there
            if reference.crop(uem or Segment(0, 99)).turns:
                best = jer_of_best_mappings(reference, hypothesis, uem or Segment(0, 99))
                assert jaccard_error_rate(reference, hypothesis, uem=uem) == pytest.approx(min(best), abs=1e-5)
                if max(best) - min(best) < 1e-9:  # theirs hangs on the names where several mappings are best
                    expected = theirs.JaccardErrorRate()(r, h, uem=their_uem)
                    assert jaccard_error_rate(reference, hypothesis, uem=uem) == pytest.approx(expected, abs=1e-9)
            if version("pyannote.metrics") < "4":  # 3.2 gives another purity where speech overlaps
                continue
            for collar in (0.0, 0.25):
                # theirs crops to regions and collars in a step of its own
                parts = theirs.DiarizationErrorRate().uemify(r, h, uem=their_uem, collar=2 * collar)
                found = [measure(reference, hypothesis, collar=collar, uem=uem) for measure in (purity, coverage)]
                expected = [measure()(*parts) for measure in (theirs.DiarizationPurity, theirs.DiarizationCoverage)]
                assert found == pytest.approx(expected, abs=1e-9)


def test_a_jaccard_error_is_never_below_0():
    turns = [Turn(1.08, 2.2, "d"), Turn(2.21, 2.22, "a"), Turn(2.21, 2.22, "d")]
    reference = Annotation([Turn(0.2, 1.08, "d"), *turns])
    hypothesis = Annotation([Turn(0.2, 1.09, "d"), *turns, Turn(2.21, 2.22, "b"), Turn(2.21, 2.22, "c")])
    assert 0 <= jaccard_error_rate(reference, hypothesis) <= 1
