"""Every stage keeps to its contract, whatever it is made of."""

from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pytest

from lightdiar.io.audio import Audio
from lightdiar.metrics.diarization import diarization_error
from lightdiar.signal.frontend import analyse
from lightdiar.systems import bundle
from lightdiar.systems.diarizer import UntrainedDiarizer
from lightdiar.systems.settings import Settings
from lightdiar.systems.stages import METHODS, Stages, cepstra_of_speech, cut_at_changes, cut_windows, segment_statistics


@pytest.fixture(scope="module", params=METHODS)
def chain(request, analysis):
    """What each stage of a method makes of the conversation, one after the other; its arrays are read-only."""
    stages = METHODS[request.param](bundle.load(), Settings())
    speech = stages.detector(analysis)
    segments = stages.segmenter(analysis, speech)
    Y = stages.embedder(analysis, segments, speech)
    for array in (speech, segments, *(Y if isinstance(Y, tuple) else [Y])):
        array.flags.writeable = False
    labels, agreement = stages.clusterer(Y, None, None)
    return SimpleNamespace(
        name=request.param, stages=stages, speech=speech, segments=segments, Y=Y, labels=labels, agreement=agreement
    )


def marked(truth, n_frames):
    """Frames in which somebody speaks, bool, shape (n_frames,)."""
    speech = np.zeros(n_frames, bool)
    for turn in truth:
        speech[round(100 * turn.start) : round(100 * turn.end)] = True
    return speech


def same(one, other):
    """Do two embedders' results agree to the bit?"""
    parts = zip(*([Y] if isinstance(Y, np.ndarray) else Y for Y in (one, other)), strict=True)
    return all(np.array_equal(a, b) for a, b in parts)


def test_the_methods_are_made_of_callables():
    assert list(METHODS) == ["trained", "textbook", "untrained"]
    for make in METHODS.values():
        stages = make(bundle.load(), Settings())
        assert isinstance(stages, Stages) and all(callable(getattr(stages, field.name)) for field in fields(stages))


def test_a_detector_gives_a_truth_for_each_frame(chain, analysis, conversation):
    assert chain.speech.dtype == bool and chain.speech.shape == (len(analysis),)
    assert (chain.speech == marked(conversation[1], len(analysis))).mean() > 0.85


def test_a_detector_hears_nothing_where_nothing_is(chain):
    for n_samples, n_frames in ((0, 0), (16000, 99)):
        speech = chain.stages.detector(analyse([np.zeros(n_samples, np.float32)]))
        assert speech.dtype == bool and speech.shape == (n_frames,) and not speech.any()


def test_segments_lie_in_order_and_cover_the_speech(chain, analysis):
    segments = chain.segments
    assert segments.ndim == 2 and segments.shape[1] == 2 and segments.dtype.kind == "i"
    assert (segments[:, 0] < segments[:, 1]).all()
    assert (np.diff(segments[:, 0]) > 0).all() and (np.diff(segments[:, 1]) > 0).all()
    covered = np.zeros(len(analysis), bool)
    for start, end in segments:
        assert 0 <= start and chain.speech[start]
        covered[start:end] = True
    assert covered[chain.speech].all()
    if chain.name != "textbook":  # whose segments hold the pauses of a speaker
        assert np.array_equal(covered, chain.speech)


def test_without_speech_there_are_no_segments(chain, analysis):
    for n_frames in (len(analysis), 0):
        segments = chain.stages.segmenter(analysis, np.zeros(n_frames, bool))
        assert segments.shape == (0, 2) and segments.dtype.kind == "i"


def test_an_embedder_has_a_row_for_each_segment(chain):
    n, n_speech = len(chain.segments), chain.speech.sum()
    shapes = {
        "trained": lambda Y: Y.shape == (n, 50),
        "textbook": lambda Y: [part.shape for part in Y] == [(n_speech, 13), (n, 2), (n, 256), (n, 256, 38)],
        "untrained": lambda Y: [part.shape for part in Y] == [(n_speech, 13), (n, 2)],
    }
    assert shapes[chain.name](chain.Y)
    for part in chain.Y if isinstance(chain.Y, tuple) else [chain.Y]:
        assert np.isfinite(part).all()


def test_a_segment_is_embedded_by_its_speech_alone(chain, analysis):
    """Where a pause lies inside a segment, its frames count for nothing."""
    speech = np.zeros(len(analysis), bool)
    speech[200:500] = True
    pause = speech & ~((np.arange(len(analysis)) >= 300) & (np.arange(len(analysis)) < 320))
    segments = np.array([[200, 350], [350, 500]])
    disturbed = SimpleNamespace(mfcc=analysis.mfcc.copy(), f0=analysis.f0, strength=analysis.strength)
    disturbed.mfcc[303:317] += 30  # farther from the speech than slopes reach
    one, other = (chain.stages.embedder(sound, segments, pause) for sound in (analysis, disturbed))
    assert same(one, other)
    assert not same(one, chain.stages.embedder(analysis, segments, speech))


def test_labels_are_numbered_from_0_by_appearance_without_gaps(chain):
    labels = chain.labels
    assert labels.shape == (len(chain.segments),) and labels.dtype.kind == "i"
    first = [labels.tolist().index(number) for number in range(labels.max() + 1)]  # ValueError where one is left out
    assert first == sorted(first) and labels.min() == 0
    assert 0 < chain.agreement <= 1
    if chain.name == "textbook":
        assert chain.agreement == 1


@pytest.mark.parametrize("bounds", [(1, 1), (9, 9), (None, 2), (12, None), (2, 15)])
def test_a_clusterer_keeps_to_its_bounds(chain, bounds):
    fewest, most = bounds
    labels, agreement = chain.stages.clusterer(chain.Y, fewest, most)
    assert set(labels) == set(range(labels.max() + 1)) and labels.shape == chain.labels.shape
    assert (fewest or 1) <= labels.max() + 1 <= (most or len(labels))
    assert 0 < agreement <= 1
    if fewest == most:
        assert agreement == 1
    if bounds == (2, 15):  # they do not matter
        assert np.array_equal(labels, chain.labels)


def test_a_clusterer_refuses_bounds_that_cannot_be_had(chain):
    n = len(chain.segments)
    with pytest.raises(
        ValueError, match=f"^{n + 1} (to {n} clusters is impossible|clusters requested from {n} pieces of speech)"
    ):
        chain.stages.clusterer(chain.Y, n + 1, n + 1)
    with pytest.raises(ValueError, match="3 to 2 clusters is impossible"):
        chain.stages.clusterer(chain.Y, 3, 2)
    assert set(chain.stages.clusterer(chain.Y, n, n)[0]) == set(range(n))


@pytest.fixture
def frame_labels(conversation, analysis):
    """Speaker of each frame as the truth has it, the boundaries late by 0.3 s; -1 where nobody speaks."""
    labels = np.full(len(analysis), -1)
    for turn in conversation[1]:
        labels[round(100 * turn.start) : round(100 * turn.end)] = conversation[1].speakers.index(turn.speaker)
    speech = labels >= 0
    late = labels[speech][np.maximum(np.arange(speech.sum()) - 30, 0)]
    labels[speech] = late
    labels.flags.writeable = False
    return labels


def test_a_resegmenter_gives_a_speaker_to_each_frame_of_speech(chain, analysis, frame_labels, heard_once):
    speech = frame_labels >= 0
    found = chain.stages.resegmenter(analysis, speech, frame_labels)
    assert found.shape == frame_labels.shape and found.dtype.kind == "i"
    assert set(found[speech]) <= set(frame_labels[speech])
    if chain.name == "textbook":
        assert np.array_equal(found, frame_labels)
    # what is not speech says nothing
    other = np.where(speech, frame_labels, 2)
    assert np.array_equal(chain.stages.resegmenter(analysis, speech, other)[speech], found[speech])


def test_gender_is_three_probabilities_of_the_frames_in_the_mask(chain, conversation, analysis):
    _, truth, genders = conversation
    for speaker in truth.speakers:
        mask = marked([turn for turn in truth if turn.speaker == speaker], len(analysis))
        p = chain.stages.gender(analysis, mask)
        assert len(p) == 3 and min(p) >= 0 and sum(p) == pytest.approx(1)
        assert (p[0] > p[1]) == (genders[speaker] == "F")
    assert chain.stages.gender(analysis, np.zeros(len(analysis), bool)) == (0.5, 0.5, 0.0)


@pytest.mark.parametrize("name", METHODS)
def test_a_bias_finds_more_speech_except_in_the_textbook(name, analysis):
    found = [
        METHODS[name](bundle.load(), Settings(speech_bias=bias)).detector(analysis).sum()
        for bias in (-100, -1, 0, 1, 100)
    ]
    if name == "textbook":
        assert len(set(found)) == 1
    else:
        assert found[0] == 0 < found[1] < found[2] < found[3] < found[4] == len(analysis)


def test_only_the_trained_chain_weighs_its_speakers_by_the_settings(chain):
    strict = METHODS[chain.name](bundle.load(), Settings(speaker_prior=1e6, loop_probability=0.5)).clusterer
    labels, _ = strict(chain.Y, None, None)
    if chain.name == "trained":
        assert set(labels) == {0} and (strict.speaker_prior, strict.loop_probability) == (7e5, 0.5)
    else:
        assert np.array_equal(labels, chain.labels)


def test_windows_by_hand(analysis):
    speech = np.zeros(1000, bool)
    speech[100:400] = speech[500:600] = True
    assert cut_windows(None, speech, window=150, shift=75).tolist() == [[100, 250], [175, 325], [250, 400], [500, 600]]
    assert cut_windows(None, speech, window=300, shift=300).tolist() == [[100, 400], [500, 600]]


def test_speech_is_cut_where_the_voice_changes_and_not_at_pauses():
    """A voice with a pause, another one, and the first again: three segments, cut to 0.1 s of speech."""
    rng = np.random.default_rng(0)
    mfcc = rng.normal(0, 1, (1500, 24)).astype(np.float32)
    mfcc[440:900, :13] += 2
    speech = np.ones(1500, bool)
    speech[:20] = speech[200:220] = speech[1480:] = False
    segments = cut_at_changes(SimpleNamespace(mfcc=mfcc), speech)
    assert segments.shape == (3, 2) and segments[0, 0] == 20 and segments[2, 1] == 1480
    assert segments[0, 1] == segments[1, 0] == pytest.approx(440, abs=10)
    assert segments[1, 1] == segments[2, 0] == pytest.approx(900, abs=10)
    # the coefficients above the thirteenth are not looked at
    mfcc[1200:, 13:] += 5
    assert np.array_equal(cut_at_changes(SimpleNamespace(mfcc=mfcc), speech), segments)


def test_cepstra_of_speech_by_hand():
    mfcc = np.arange(10 * 24, dtype=np.float32).reshape(10, 24)
    speech = np.array([0, 1, 1, 0, 1, 1, 1, 0, 0, 1], bool)
    X, places = cepstra_of_speech(SimpleNamespace(mfcc=mfcc), np.array([[1, 3], [2, 7], [9, 10]]), speech)
    assert X.dtype == np.float64 and np.array_equal(X, mfcc[[1, 2, 4, 5, 6, 9], :13])
    assert places.tolist() == [[0, 2], [1, 5], [5, 6]]


def test_counts_under_the_background_model_are_the_frames_of_speech(analysis):
    speech = np.ones(len(analysis), bool)
    speech[260:270] = False
    segments = np.array([[200, 300], [300, 420]])
    _, _, N, _ = segment_statistics(analysis, segments, speech, ubm=bundle.load().ubm)
    assert N.sum(axis=1) == pytest.approx([90, 120], rel=1e-4)


# the chain that needs no shipped model, as a whole


def test_a_conversation_without_any_shipped_model(conversation, no_bundle, heard_once):
    sound, truth, _ = conversation
    result = UntrainedDiarizer(num_speakers=len(truth.speakers)).predict(sound)
    assert diarization_error(truth, result.annotation).der < 0.2
    assert result.counts() == {"M": 2, "F": 2}


def test_speech_is_found(conversation, analysis, no_bundle):
    speech = UntrainedDiarizer().speech(analysis)
    assert (speech == marked(conversation[1], len(analysis))).mean() > 0.85


@pytest.mark.parametrize(
    "bounds",
    [
        dict(num_speakers=1),
        dict(num_speakers=6),
        dict(min_speakers=5),
        dict(max_speakers=2),
    ],
)
def test_numbers_of_speakers_are_kept(bounds, analysis, heard_once):
    n_found = UntrainedDiarizer(**bounds).label(analysis)[0].max() + 1
    assert bounds.get("num_speakers", n_found) == n_found
    assert bounds.get("min_speakers", 1) <= n_found <= bounds.get("max_speakers", 99)


def test_same_labels_again(analysis):
    one, two = (UntrainedDiarizer().label(analysis)[0] for _ in range(2))
    assert np.array_equal(one, two)


@pytest.mark.parametrize("seconds", [0, 0.1, 5])
def test_nobody_speaks_in_silence_or_noise(seconds):
    n = int(16000 * seconds)
    noise = np.random.default_rng(0).normal(0, 0.1, n).astype(np.float32)
    for samples in (np.zeros(n, np.float32), noise):
        assert UntrainedDiarizer().predict(Audio(samples, 16000)).speakers == ()


def test_too_many_speakers_are_refused():
    with pytest.raises(ValueError, match="at least 3 speakers requested, but there is no speech"):
        UntrainedDiarizer(num_speakers=3).predict(Audio(np.zeros(16000, np.float32), 16000))
