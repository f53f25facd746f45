"""The stream as users push it: cuts, gaps, what is refused, and what stays."""

import math
from itertools import pairwise

import numpy as np
import pytest

import lightdiar
from lightdiar import Audio, Gap, Stream
from lightdiar.metrics.diarization import diarization_error
from lightdiar.timeline import Segment
from lightdiar.training.synthesis import VOICES, synthesize_conversation, synthesize_speech

RATE = 16000


@pytest.fixture(scope="module")
def talk():
    """Three seconds of a man who talks from beginning to end, read-only."""
    samples = synthesize_speech(VOICES["Adam"], 3.0).astype(np.float32)
    samples.flags.writeable = False
    return samples


def told(updates):
    """All that was certain, and the merges, in the order in which they came."""
    return [turn for u in updates for turn in u.certain], [merge for u in updates for merge in u.merges]


def play(blocks, **options):
    stream = Stream(**options)
    updates = [stream.push(block) for block in blocks]
    return stream, updates, stream.finish()


def cut(samples, n_samples):
    return [samples[start : start + n_samples] for start in range(0, len(samples), n_samples)]


def test_where_the_sound_is_cut_changes_not_a_byte(talk):
    results = []
    for n_samples in (700, 4096, 10**6):
        blocks = [*cut(talk[:40000], n_samples), Gap(0.5), *cut(talk[:30000], n_samples)]
        _, updates, result = play(blocks, step=0.5, latency=0.5)
        results.append((told(updates), updates[-1].guess, updates[-1].speakers, result.to_json()))
    assert results[0][0][0] and results[0] == results[1] == results[2]


def test_nothing_was_pushed_or_next_to_nothing():
    for blocks in ([], [np.zeros(0)], [np.ones(1)], [Gap(2.0)], [np.zeros(8000), Gap(0.001), np.zeros(5)]):
        stream, _, result = play(blocks)
        assert result.turns == () and result.duration == stream.time


def test_a_gap_shifts_nothing_and_ends_turns(talk):
    stream, updates, result = play([talk, Gap(10.0), talk], latency=1.0)
    assert updates[1].gaps == (Segment(3.0, 13.0),) and updates[1].time == 13 and updates[1].guess == ()
    assert result.duration == stream.time == 16
    assert [turn.speaker for turn in result.turns] == ["SPEAKER_00"] * 2
    times = [time for turn in result.turns for time in (turn.start, turn.end)]
    assert times == pytest.approx([0, 3, 13, 16], abs=0.07)  # its last word fades
    assert times[2:] == [time + 13 for time in times[:2]]
    assert result.speakers[0].seconds == pytest.approx(6, abs=0.14)


def test_without_latency_all_is_certain_at_once(talk):
    _, updates, result = play(cut(talk, 8000), latency=0.0)
    assert not any(update.guess for update in updates)
    assert all(update.time - 0.55 < turn.start for update in updates for turn in update.certain)
    heard = sum(turn.duration for turn in told(updates)[0])
    assert 1.5 < heard < 3 and result.annotation.speech()[-1].end > 2.93  # the first second is not clear enough yet


def test_times_do_not_drift_at_rates_that_are_no_multiple_of_the_step():
    blocks = [block for _ in range(20) for block in (np.zeros(441, np.int16), Gap(0.01))]
    stream, _, result = play(blocks, sample_rate=44100)
    assert stream.time == pytest.approx(0.4, abs=1e-9) and result.duration == stream.time


REFUSED = {
    "NaN": (np.array([0.0, np.nan]), r"1 of 2 samples are NaN or beyond 1e10.*what was found so far is kept"),
    "rate": (Audio(np.zeros(9), 8000), "a block at 8000 Hz cannot follow sound at 16000 Hz"),
    "channels": (np.zeros((9, 2)), "2 channels cannot follow 1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_blocks_are_refused_and_the_rest_is_kept(name, talk):
    block, message = REFUSED[name]
    stream = Stream()
    stream.push(talk[:20000])
    with pytest.raises(ValueError, match=message):
        stream.push(block)
    assert stream.time == 1.25
    updates = [stream.push(talk[20000:])]
    assert stream.finish() == play([talk])[2] and updates[0].time == 3


def test_the_end_is_the_end(talk):
    stream = Stream()
    stream.push(talk)
    assert stream.finish() is stream.finish()
    with pytest.raises(ValueError, match="the stream is finished; make another Stream"):
        stream.push(talk)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(step=0.05), r"step=0.05 s must be from 0.1 to 10, in hundredths"),
        (dict(step=0.123), "step=0.123 s must be"),
        (dict(step=math.nan), "step=nan s must be"),
        (dict(latency=-1), "latency=-1 s must be from 0 to 10, or inf"),
        (dict(latency=math.nan), "latency=nan s must be"),
        (dict(max_speakers=0), "max_speakers=0 must be an integer of at least 1"),
        (dict(sample_rate=10), "sample_rate=10 must be an integer from 1000"),
    ],
)
def test_impossible_numbers_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Stream(**options)


@pytest.fixture(scope="module")
def heard():
    """A conversation of a man and a woman with its truth, as a stream of tenths of a second told it."""
    sound, truth, _ = synthesize_conversation({name: VOICES[name] for name in ("Adam", "Clara")}, n_turns=12)
    offline = lightdiar.diarize(sound)
    stream, updates, result = play(cut(sound.samples, RATE // 10), latency=2.0)
    return truth, offline, stream, updates, result


@pytest.mark.slow
def test_a_conversation_is_followed(heard):
    truth, offline, _, updates, result = heard
    assert diarization_error(truth, result.annotation).der < diarization_error(truth, offline.annotation).der + 0.05
    assert result.counts() == updates[-1].counts == offline.counts()
    assert [s.p_female for s in result.speakers] == pytest.approx([s.p_female for s in offline.speakers], abs=0.1)
    assert updates[-1].womens_share == pytest.approx(result.female_share, abs=0.05)


@pytest.mark.slow
def test_what_is_certain_stays(heard):
    _, _, stream, updates, result = heard
    certain, _ = told(updates)
    assert all(one.end <= other.start + 1e-9 for one, other in pairwise(certain))
    into = {merge.speaker: merge.into for merge in stream.merges}
    for turn in certain:
        name = turn.speaker
        while name in into:
            name = into[name]
        (own,) = {found.speaker for found in result.turns if found.overlap(turn) > 1e-6}
        assert own == name
        assert sum(found.overlap(turn) for found in result.turns) == pytest.approx(turn.duration)


@pytest.mark.slow
def test_what_lies_back_by_the_latency_is_certain(heard):
    _, _, _, updates, _ = heard
    end = 0.0
    for update in updates:
        assert all(turn.end <= update.time - 2.0 + 0.011 for turn in update.certain)
        end = update.certain[-1].end if update.certain else end
        assert not update.guess or update.guess[0].start >= update.time - 2.0 - 0.5
        assert all(turn.end <= update.time for turn in update.guess)


@pytest.mark.slow
def test_names_are_given_up_only_by_merges(heard):
    _, _, _, updates, _ = heard
    known, gone = set(), set()
    for update in updates:
        now = {speaker.name for speaker in update.speakers}
        gone |= {merge.speaker for merge in update.merges}
        assert known - now <= gone and not now & gone
        known |= now


@pytest.mark.slow
def test_infinite_latency_is_diarize(conversation):
    sound, _, _ = conversation
    stereo = np.stack([sound.samples, sound.samples / 2], axis=1)
    _, updates, result = play(cut(stereo, 12_345), latency=math.inf)
    assert all(update == lightdiar.Update(update.time) for update in updates)
    assert result.to_json() == lightdiar.diarize((stereo, RATE)).to_json()


@pytest.mark.slow
def test_no_more_speakers_than_there_may_be(conversation):
    sound, _, _ = conversation
    _, _, result = play([sound.samples], max_speakers=2)
    assert len(result.speakers) == 2
