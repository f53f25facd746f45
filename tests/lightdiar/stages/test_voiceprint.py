from dataclasses import fields, replace

import numpy as np
import pytest

from lightdiar.models.gmm import GMM
from lightdiar.models.plda import PLDA
from lightdiar.signal.frontend import Analysis
from lightdiar.stages import voiceprint
from lightdiar.stages.embedding import speaker_features
from lightdiar.stages.voiceprint import Voiceprint, Voiceprinter, frame_weights

N_FRAMES = 6700  # more than a block


@pytest.fixture(scope="module")
def recording():
    """Slowly varying coefficients, now loud, now soft."""
    rng = np.random.default_rng(3)
    mfcc = rng.normal(size=(N_FRAMES, 24)).cumsum(axis=0) / 4
    mfcc[:, 0] = 3 * np.sin(np.arange(N_FRAMES) / 30) + rng.normal(0, 0.3, N_FRAMES)
    return heard(mfcc)


def heard(mfcc):
    return Analysis(mfcc.astype(np.float32), np.zeros(len(mfcc)), np.zeros(len(mfcc)), len(mfcc) / 100)


@pytest.fixture(scope="module")
def printer(tiny_models):
    return tiny_models.voiceprinter


@pytest.fixture(scope="module")
def masks():
    """Of two voices who take turns and sometimes speak together."""
    frames = np.arange(N_FRAMES)
    return [frames % 100 < 60, frames % 100 >= 50]


@pytest.mark.parametrize("block_frames", [100, 999, 6000, 10_000])
def test_statistics_in_blocks_equal_one_pass(recording, printer, masks, block_frames, monkeypatch):
    monkeypatch.setattr(voiceprint, "_BLOCK_FRAMES", block_frames)
    N, F = printer.statistics(recording, masks)
    X = speaker_features(recording.mfcc, printer.mean).astype(float)
    gamma = printer.ubm.responsibilities(X) * frame_weights(recording.mfcc[:, 0])[:, None]
    for row, mask in enumerate(masks):
        assert N[row] == pytest.approx(gamma[mask].sum(axis=0), rel=1e-4, abs=1e-3)
        assert F[row] == pytest.approx(gamma[mask].T @ X[mask], rel=1e-3, abs=0.1)


def test_statistics_of_parts_add_up(recording, printer, masks):
    first, second = masks[0], ~masks[0]
    parts, whole = printer.statistics(recording, [first, second]), printer.statistics(recording, [first | second])
    for own, all_of_it in zip(parts, whole):
        assert own.sum(axis=0) == pytest.approx(all_of_it[0], rel=1e-5, abs=1e-2)
    assert parts[0].sum() == pytest.approx(frame_weights(recording.mfcc[:, 0]).sum(), rel=1e-5)


def test_a_voice_does_not_hang_on_who_else_speaks(recording, printer, masks):
    one, other = printer(recording, masks)
    (alone,), (late, early) = printer(recording, masks[:1]), printer(recording, masks[::-1])
    assert alone.vector == pytest.approx(one.vector, abs=1e-4)
    assert early.vector == pytest.approx(one.vector, abs=1e-4) and late.vector == pytest.approx(other.vector, abs=1e-4)
    assert one.vector != pytest.approx(other.vector, abs=1e-2)
    assert (one.seconds, other.seconds) == (40.2, 33.5)
    assert one.vector.shape == (8,) and one.vector.dtype == np.float32


def test_nobody_has_the_vector_of_an_average_voice(recording, printer):
    nobody = np.zeros(N_FRAMES, bool)
    (one,), (other,) = printer(recording, [nobody]), printer(heard(recording.mfcc[:50] + 9), [nobody[:50]])
    assert one.seconds == other.seconds == 0
    assert np.array_equal(one.vector, other.vector) and np.isfinite(one.vector).all()
    assert np.array_equal(one.vector, printer.project(np.zeros((1, 8)), np.zeros((1, 8, 38)), np.zeros(1))[0])
    assert one.vector[-1] == 0
    assert printer(recording, []) == []
    assert printer.statistics(recording, [])[1].shape == (0, 8, 38)


def test_without_frames_there_is_nobody(printer):
    (one,) = printer(heard(np.zeros((0, 24))), [np.zeros(0, bool)])
    assert one.seconds == 0 and one.vector.shape == (8,)


def test_no_voices_have_no_vectors(printer):
    assert printer.project(np.zeros((0, 8)), np.zeros((0, 8, 38)), np.zeros(0)).shape == (0, 8)


def test_a_recording_of_a_tenth_of_a_second(recording, printer):
    (one,) = printer(heard(recording.mfcc[:9]), [np.ones(9, bool)])
    assert one.seconds == pytest.approx(0.09) and np.isfinite(one.vector).all()


def test_loudness_does_not_matter_but_a_filter_does(recording, printer, masks):
    (one, *_), louder = printer(recording, masks), recording.mfcc.copy()
    louder[:, 0] += 4
    assert printer(heard(louder), masks)[0].vector == pytest.approx(one.vector, abs=1e-3)
    coloured = recording.mfcc + np.linspace(-3, 3, 24)
    assert printer(heard(coloured), masks)[0].vector != pytest.approx(one.vector, abs=1e-1)
    same = replace(printer, mean=printer.mean + np.linspace(-3, 3, 24)[:20])
    assert same(heard(coloured), masks)[0].vector == pytest.approx(one.vector, abs=1e-3)


def test_the_vector_is_the_ivector_then_the_supervector_then_the_clearness(recording, printer, masks):
    N, F = printer.statistics(recording, masks)
    (first, ivectors), (second, means) = printer.plans
    assert (first, second) == (slice(0, 4), slice(4, 7)) and printer.n_dimensions == 8
    assert ivectors is printer.ivector_plda and means is printer.supervector_plda
    deviations = (F - N[..., None] * printer.ubm.means) / np.sqrt(printer.ubm.covariances)
    W = ivectors.project(printer.extractor.embed(N, deviations))
    S = np.sqrt(1 / 8) * deviations / (N[..., None] + 8)
    V = printer.project(N, F, np.array([4020, 3350]))
    assert np.array_equal(V, printer.vectors(N, deviations, np.array([4020, 3350])))
    weights = frame_weights(recording.mfcc[:, 0])
    assert V[:, -1] == pytest.approx([weights[mask].mean() for mask in masks], rel=1e-4)
    assert V[:, first] == pytest.approx(W, abs=1e-5)
    assert V[:, second] == pytest.approx(means.project(S.reshape(2, -1)), abs=1e-5)


def test_weights_of_frames_worked_by_hand():
    """Single frames above a steady floor of 0: at 1.5 nats they begin to count, at 3.5 they count fully."""
    level = np.zeros(5000)
    heights = {1000: 1.0, 1200: 1.5, 1400: 2.0, 1600: 2.5, 1800: 3.5, 2000: 10.0, 4500: -5.0}
    for place, height in heights.items():
        level[place] = height
    weights = frame_weights(level)
    assert weights.shape == (5000,) and weights.dtype == np.float32
    found = {place: pytest.approx(float(weights[place]), abs=0.01) for place in heights}
    assert found == {1000: 0.001, 1200: 0.001, 1400: 0.25, 1600: 0.5, 1800: 1, 2000: 1, 4500: 0.001}
    assert weights[50] == pytest.approx(0.001)


def test_the_floor_is_that_of_five_seconds_on_either_side():
    """The lowest level within 5 s jumps from 0 to 5 nats at 3500; its mean rises to 2 at 3400: (5 - 2 - 1.5) / 2."""
    level = np.where(np.arange(6000) < 3000, 0.0, 5.0)
    weights = frame_weights(level)
    assert weights[:2000].max() == pytest.approx(0.001)
    assert weights[3010:3050].min() == 1 and weights[3400] == pytest.approx(0.75, abs=0.02)
    assert weights[4100:].max() == pytest.approx(0.001)


def test_weights_of_frames_do_not_hang_on_the_loudness_and_lie_between_their_bounds():
    level = np.random.default_rng(0).normal(0, 4, 5000)
    weights = frame_weights(level)
    assert frame_weights(level - 20) == pytest.approx(weights, abs=1e-4)
    assert weights.min() == np.float32(0.001) and weights.max() == 1
    assert np.isfinite(frame_weights(level[:1])).all() and len(frame_weights(level[:0])) == 0


def test_models_that_do_not_fit_are_refused(printer):
    wrong = {
        "mean": np.zeros(24),
        "ubm": GMM(np.ones(1), np.zeros((1, 38)), np.ones((1, 38))),
        "ivector_plda": PLDA(np.zeros(3), np.eye(3), np.ones(3)),
        "supervector_plda": printer.ivector_plda,
    }
    for name, part in wrong.items():
        with pytest.raises(ValueError, match=f"^{name} does not match the other models.$"):
            replace(printer, **{name: part})
    assert {field.name for field in fields(Voiceprinter)} == {*wrong, "extractor"}


def test_a_voiceprint_holds_a_vector_and_seconds_and_nothing_else():
    assert [field.name for field in fields(Voiceprint)] == ["vector", "seconds"]
