"""What of a sound is heard: a part of it, its channels, and its name."""

import io

import numpy as np
import pytest
import soundfile

from lightdiar.errors import AudioError
from lightdiar.io.audio import Audio
from lightdiar.systems.diarizer import Diarizer, count_speakers, detect_speech, diarize
from lightdiar.systems.sound import open_channels, open_sound
from lightdiar.timeline import Segment

RATE = 16000
RAMP = (np.arange(4 * RATE) / (4 * RATE)).astype(np.float32)


def joined(blocks):
    return np.concatenate(list(blocks))


@pytest.fixture
def ramp(tmp_path):
    """Four seconds, from 0 to 1 on the first channel and from 1 to 0 on the second."""
    path = tmp_path / "ramp.wav"
    soundfile.write(path, np.stack([RAMP, 1 - RAMP], axis=1), RATE, subtype="FLOAT")
    return path


def test_a_part_is_the_same_in_memory_and_in_a_file(ramp):
    soundfile.write(ramp, RAMP, RATE, subtype="FLOAT")
    for start, end, expected in ((1.25, 2.5, RAMP[20000:40000]), (0, 2, RAMP[:32000]), (3, 99, RAMP[48000:])):
        for sound in (ramp, io.BytesIO(ramp.read_bytes()), Audio(RAMP, RATE), (RAMP, RATE)):
            assert np.array_equal(joined(open_sound(sound, start=start, end=end)[1]), expected)
    assert np.array_equal(joined(open_sound((RAMP, RATE), track=1)[1]), RAMP)


def test_of_each_channel_the_same_part_is_heard(ramp):
    name, numbers, streams = open_channels(ramp, "separate", start=1.0, end=1.5)
    assert (name, numbers) == ("ramp", [1, 2])
    first, second = map(joined, streams)
    assert np.array_equal(first, RAMP[16000:24000]) and np.array_equal(second, (1 - RAMP)[16000:24000])
    for channels, expected in ((2, 1 - RAMP), ("mix", np.full_like(RAMP, 0.5)), (None, np.full_like(RAMP, 0.5))):
        (blocks,) = open_channels(ramp, channels, start=1.0, end=1.5)[2]
        assert np.allclose(joined(blocks), expected[16000:24000], atol=1e-7)


@pytest.mark.parametrize(("start", "end"), [(-1, None), (2, 2), (3, 1), (float("nan"), None), (0, float("inf"))])
def test_a_part_is_an_interval(ramp, start, end):
    for sound in (ramp, (RAMP, RATE)):
        with pytest.raises(ValueError, match=rf"start={start} s, end={end} s; need 0 <= start < end"):
            diarize(sound, start=start, end=end)


def test_a_part_begins_before_the_end(ramp):
    with pytest.raises(
        AudioError, match=r"ramp\.wav: ends before 4 s, where it was to be heard from; start earlier\.$"
    ):
        diarize(ramp, start=4.0)
    with pytest.raises(AudioError, match=r"^the 4\.000 s in memory end before 5\.5 s; start earlier\.$"):
        diarize((RAMP, RATE), start=5.5)


def test_samples_in_memory_are_one_track():
    for track in (2, "fra"):
        with pytest.raises(AudioError, match=f"^samples in memory are one audio track: there is no track {track}"):
            count_speakers((RAMP, RATE), track=track)


def halves(analysis):
    """Two speakers: the first 1.6 s, and the rest."""
    return (np.arange(len(analysis)) >= 160).astype(int)


def test_times_are_those_of_the_whole_recording(ramp):
    """Of 4 s those from 0.5 to 3.5 s are heard, of which half is one speaker and half another."""
    stages = {
        "detector": lambda analysis: np.arange(len(analysis)) >= 20,
        "resegmenter": lambda analysis, stretches, labels: halves(analysis),
        "gender": lambda analysis, mask, by_voiceprint: (0.9, 0.1, 0.0),
    }
    diarizer, seen = Diarizer(num_speakers=2, channels="mix", **stages), []
    soundfile.write(ramp, np.random.default_rng(0).normal(0, 0.1, 4 * RATE), RATE)
    part = diarizer.predict(ramp, start=0.5, end=3.5, progress=seen.append)
    cut = diarizer.predict((soundfile.read(ramp)[0][8000:56000], RATE))
    assert part.duration == 3.5 and seen[-1] == 3.0  # the end of what was heard; seconds heard
    assert cut.duration == 3.0 and len(cut.turns) == 2
    assert [(t.start, t.end, t.speaker) for t in part.turns] == [
        (pytest.approx(t.start + 0.5), pytest.approx(t.end + 0.5), t.speaker) for t in cut.turns
    ]
    assert [s.seconds for s in part.speakers] == pytest.approx([s.seconds for s in cut.speakers])
    assert part.to_textgrid().split("xmax = ")[1].startswith("3.500")


def test_where_anyone_speaks_is_told_in_the_time_of_the_whole(conversation_file):
    samples = soundfile.read(conversation_file)[0][4 * RATE : 8 * RATE]
    cut = detect_speech((samples, RATE))
    assert cut and detect_speech(conversation_file, start=4.0, end=8.0) == [
        Segment(s.start + 4.0, s.end + 4.0) for s in cut
    ]
