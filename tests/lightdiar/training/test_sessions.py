import numpy as np
import pytest

from lightdiar.stages.speech import Column
from lightdiar.training import sessions
from lightdiar.training.manifests import Utterance, read_speech_manifest
from lightdiar.training.sessions import (
    VOICE_CONDITIONS,
    draw_sessions,
    scene_frames,
    session_copies,
    session_sounds,
    voice_copies,
)


def test_everybody_is_in_one_session_of_two_to_six():
    people = [Utterance(None, f"{n // 2}", "F", 30) for n in range(200)]
    drawn = draw_sessions(people, np.random.default_rng(0))
    assert sorted(id(u) for session in drawn for u in session) == sorted(map(id, people))
    sizes = [len({u.speaker for u in session}) for session in drawn]
    assert set(sizes[:-1]) == {2, 3, 4, 5, 6}
    assert sizes[-1] == 100 - sum(sizes[:-1]) <= 6  # what is left


def test_half_of_a_session_is_said_with_another_effort(corpus, monkeypatch):
    heard = []
    monkeypatch.setattr(sessions.augment, "vocal_effort", lambda rng, samples: heard.append(1) or samples)
    utterances = read_speech_manifest(corpus / "speech.csv")
    for number in range(20):
        session_copies(utterances, "clean", (corpus / "noise.csv", ()), number)
    assert 0.35 < len(heard) / (20 * len(utterances)) < 0.65


def test_who_shares_a_recording_is_compared_with_the_others(corpus, monkeypatch):
    """The mean taken off is theirs together: alone, each voice keeps a mean of its own."""
    monkeypatch.setattr(sessions, "_ACTED", 0)
    utterances = read_speech_manifest(corpus / "speech.csv")
    sounds = corpus / "noise.csv", ()
    copies = session_copies(utterances, "clean", sounds, 0)
    assert [name for name, _ in copies] == [u.speaker for u in utterances]
    means = np.array([X[:, :19].mean(axis=0) for _, X in copies])
    own, others = means[0] - means[1], means[0] - means[2]  # of the same voice, of two
    assert np.linalg.norm(others) > 1.5 * np.linalg.norm(own)
    ((_, alone),) = session_copies(utterances[:1], "clean", sounds, 0)
    assert alone[:, :19].mean(axis=0) == pytest.approx(np.zeros(19), abs=1e-4)


def test_the_utterances_of_one_speaker_have_the_same_share_of_a_recording(corpus):
    utterances = read_speech_manifest(corpus / "speech.csv")
    heard, share = session_sounds(utterances, "room", (corpus / "noise.csv", ()), 0)
    names = np.array([name for name, _, _ in heard])
    assert share.sum() == pytest.approx(1) and len({share[names == name].sum() for name in names}) == len({*names})
    assert all(len(set(share[names == name])) == 1 for name in names)
    _, another = session_sounds(utterances, "room", (corpus / "noise.csv", ()), 1)
    assert not np.allclose(share, another)


def test_voices_are_heard_in_every_condition_at_their_own_pitch_and_others(corpus):
    """As drawn from the number of the utterance: half of the copies are raised or lowered, the others are not."""
    (utterance, *_), sounds = read_speech_manifest(corpus / "speech.csv"), (corpus / "noise.csv", ())
    copies = [list(voice_copies(utterance, sounds, number)) for number in range(4)]
    assert {len(clips) for clips in copies} == {len(VOICE_CONDITIONS)}
    pitch = np.array([[np.nanmedian(analysis.f0[speech]) for analysis, speech in clips] for clips in copies])
    moved = np.abs(np.log2(pitch / np.nanmedian(pitch))) > 0.1
    assert 0.2 < moved.mean() < 0.8
    (again, _), *_ = voice_copies(utterance, sounds, 0)
    np.testing.assert_array_equal(again.mfcc, copies[0][0][0].mfcc)


@pytest.mark.parametrize("number", [0, 1])
def test_frames_of_a_scene_in_pieces_or_whole(corpus, number):
    utterances = read_speech_manifest(corpus / "speech.csv")
    sounds = corpus / "noise.csv", ()
    X, labels = scene_frames(utterances, sounds, number)
    assert X.shape == (len(labels), Column.N) and np.isfinite(X).all()
    assert 20 < len(labels) / 20 and set(labels) <= {0, 1, 2, 3, 4}  # seconds: every fifth frame
    other, _ = scene_frames(utterances, sounds, number, seed=1)
    assert len(other) != len(X)
    again, same = scene_frames(utterances, sounds, number)
    np.testing.assert_array_equal(again, X)
    np.testing.assert_array_equal(same, labels)
