import io
import warnings

import numpy as np
import pytest
import soundfile

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.events.decoding import Decoding
from lightdiar.events.detector import detect_events
from lightdiar.events.features import FrontEnd
from lightdiar.events.logistic import Logistic
from lightdiar.events.model import EventModel
from lightdiar.io.audio import Audio, write

RATE = 8000


def spans(result):
    return [(event.start, event.end, event.label) for event in result.events]


def test_events_are_found_where_they_are(loud, tones, tmp_path):
    sound = tones([(0.5, 1.0, "beep"), (2.0, 3.0, "buzz")], 4.0)
    write(tmp_path / "film.wav", sound)
    result = detect_events(tmp_path / "film.wav", loud)
    assert spans(result) == [(0.5, 1.0, "loud"), (2.0, 3.0, "loud")]
    assert (result.recording, result.duration, result.labels) == ("film", 4.0, ("loud",))
    assert 0.8 < result.events[0].probability < 1


def test_a_sound_is_the_same_in_memory_and_in_a_file(loud, tones, tmp_path):
    sound = tones([(0.5, 1.0, "beep")], 2.0)
    write(tmp_path / "film.wav", sound)
    found = detect_events(tmp_path / "film.wav", loud)
    kept = io.BytesIO((tmp_path / "film.wav").read_bytes())
    for other in (sound, (sound.samples, RATE), kept):
        assert spans(detect_events(other, loud)) == spans(found)
        assert detect_events(other, loud).recording == ""


def test_a_long_sound_is_heard_in_blocks_as_it_would_be_whole(tones):
    """The average takes a first reading, context reaches over the cuts: blocks are of 30 s, pieces of a minute."""
    front_end = FrontEnd(RATE, n_filters=4, context=(0.5, 2.0), average=True)
    rng = np.random.default_rng(0)
    model = EventModel(
        ("a", "b"),
        front_end,
        tuple(Logistic(rng.normal(0, 0.2, front_end.n_columns), 0.0) for _ in range(2)),
        Decoding([0.5, 0.5]),
    )
    sound = tones([(t, t + 3, "beep") for t in range(0, 120, 7)], 130.0)
    whole = model.probabilities(front_end.columns(sound.samples))
    kept = io.BytesIO()
    soundfile.write(kept, sound.samples, RATE, subtype="FLOAT", format="WAV")
    result = detect_events(kept, model)
    assert result.duration == 130.0
    assert spans(result) == [(e.start, e.end, e.label) for e in model.events(whole, 130.0)] and len(result.events) > 5


@pytest.mark.parametrize(("average", "reference"), [(False, "none"), (True, "none"), (False, "recording")])
def test_progress_goes_once_from_start_to_end(loud, tones, average, reference, tmp_path):
    front_end = FrontEnd(RATE, n_filters=4, context=(), average=average, reference=reference)
    model = EventModel(("a",), front_end, (Logistic(np.zeros(front_end.n_columns), 0.0),), Decoding([0.5]))
    write(tmp_path / "film.wav", tones([], 70.0))
    told = []
    detect_events(tmp_path / "film.wav", model, progress=told.append)
    assert told == sorted(told) and told[-1] == 70.0 and len(told) == 3 * front_end.n_readings


@pytest.mark.parametrize(
    ("seconds", "n_events"), [(0, 0), (1 / RATE, 0), (0.03, 1), (0.1, 1), (0.15, 1)], ids=lambda value: str(value)
)
def test_short_sounds_have_an_answer(loud, seconds, n_events):
    samples = np.full(round(seconds * RATE), 0.5, np.float32) * np.resize([1, -1], round(seconds * RATE))
    model = EventModel(loud.labels, loud.front_end, loud.classifiers, Decoding([0.5]))
    result = detect_events(Audio(samples, RATE), model)
    assert result.duration == len(samples) / RATE and len(result.events) == n_events
    assert all(event.end == result.duration for event in result.events)


def test_silence_has_no_events(loud):
    assert spans(detect_events(Audio(np.zeros(3 * RATE), RATE), loud)) == []


def test_samples_that_are_no_numbers_are_silence_and_told_once(tmp_path, tones):
    """Also by a model that reads the file twice."""
    front_end = FrontEnd(RATE, n_filters=4, context=(), average=True, envelope=False, reference="none")
    slopes = np.concatenate([np.full(4, 0.25), np.zeros(4)])
    model = EventModel(("loud",), front_end, (Logistic(slopes, 7.0),), Decoding([0.5], 1, 2, 2))
    samples = tones([(0.5, 1.5, "beep")], 3.0).samples.copy()
    samples[16000:17000] = np.nan
    soundfile.write(tmp_path / "film.wav", samples, RATE, subtype="FLOAT")
    with pytest.warns(DoubtfulResultWarning, match="1000 samples are not a number") as caught:
        assert spans(detect_events(tmp_path / "film.wav", model)) == [(0.5, 1.5, "loud")]
    assert len(caught) == 1
    told = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        detect_events(tmp_path / "film.wav", model, tell=told.append)
    assert len(told) == 1 and "1000 samples" in told[0]


def test_other_sample_rates_are_resampled(loud, tmp_path):
    t = np.arange(2 * 44100) / 44100
    sound = 0.2 * np.sin(2 * np.pi * 700 * t) * ((t >= 0.5) & (t < 1.5))
    soundfile.write(tmp_path / "film.wav", np.stack([sound, sound], axis=1), 44100)
    result = detect_events(tmp_path / "film.wav", loud)
    assert spans(result) == [(0.5, 1.5, "loud")] and result.duration == 2.0


def test_a_lower_rate_than_that_of_the_model_is_doubtful_once(loud, tmp_path):
    write(tmp_path / "call.wav", Audio(np.zeros(4000), 4000))
    expected = (
        f"{tmp_path / 'call.wav'}: is sampled at 4000 Hz, so that it has no sound above 2000 Hz; the model listens up "
        "to 4000 Hz and may miss events or take them for others."
    )
    with pytest.warns(DoubtfulResultWarning) as caught:
        detect_events(tmp_path / "call.wav", loud)
    assert [str(one.message) for one in caught] == [expected]
    with pytest.warns(DoubtfulResultWarning, match="^the sound: is sampled at 4000 Hz"):
        detect_events(Audio(np.zeros(4000), 4000), loud)


def test_what_is_no_sound_is_refused(loud, tmp_path):
    with pytest.raises(AudioError, match=r"nothing\.wav"):
        detect_events(tmp_path / "nothing.wav", loud)
    with pytest.raises(TypeError, match="cannot be read"):
        detect_events(3, loud)


def test_a_folder_is_no_model():
    with pytest.raises(TypeError, match=r"must be an EventModel; got 'exp/model'. Use EventModel.load\(folder\)\."):
        detect_events(Audio(np.zeros(1600), 16000), "exp/model")
