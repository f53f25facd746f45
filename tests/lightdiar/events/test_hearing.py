import numpy as np
import pytest

from lightdiar.errors import DoubtfulResultWarning, FormatError
from lightdiar.events.config import Config
from lightdiar.events.corpus import Recording
from lightdiar.events.features import FrontEnd
from lightdiar.events.hearing import hear, labels_of, split, with_events
from lightdiar.events.labels import LabelSet
from lightdiar.io.audio import Audio, write
from lightdiar.timeline import Event

CONFIG = Config(
    front_end=FrontEnd(8000, n_filters=4, context=(), average=True, envelope=False, reference="none"), validation=0.4
)
LABELS = LabelSet(("beep",))


@pytest.fixture
def recordings(tones, tmp_path):
    """A beep in each of three sounds of 1, 2 and 3 s, and one of which nothing is told."""
    found = []
    for seconds in (1, 2, 3):
        path = tmp_path / f"{seconds}.wav"
        write(path, tones([(0.2, 0.5, "beep")], seconds))
        found.append(Recording(path, (Event(0.2, 0.5, "beep"),), f"scene{seconds % 2}"))
    return (*found, Recording(tmp_path / "none.wav", None))


def test_features_and_truth_of_all_recordings_are_in_steps(recordings):
    heard = hear(with_events(recordings), LABELS, CONFIG)
    assert [X.shape for X in heard.features] == [(10, 8), (20, 8), (30, 8)] and heard.durations == [1.0, 2.0, 3.0]
    assert {X.dtype for X in heard.features} == {np.dtype(np.float32)}
    assert [np.flatnonzero(active).tolist() for active in heard.active] == [[2, 3, 4]] * 3
    assert heard.held.sum() == 1 and heard.trained.tolist() == np.flatnonzero(~heard.held).tolist()
    X, active, lengths = heard.joined([2, 0])
    assert lengths == [30, 10] and (X[30:] == heard.features[0]).all() and active.shape == (40, 1)


@pytest.mark.slow
def test_any_number_of_processes_hears_the_same(recordings):
    one, two = (hear(with_events(recordings), LABELS, CONFIG, n_jobs) for n_jobs in (1, 2))
    assert all((a == b).all() for a, b in zip(one.features, two.features))


def test_all_labels_are_learnt_or_those_of_the_settings(recordings):
    assert labels_of(CONFIG, recordings) == LabelSet(("beep",))
    chosen = LabelSet(("b",), {"a": ("beep", "c")})
    assert labels_of(Config(chosen), recordings) == chosen
    with pytest.raises(FormatError, match="no event is listed in the training recordings"):
        labels_of(CONFIG, [Recording(recordings[0].path, ())])


def test_scenes_are_held_out_evenly_too():
    recordings = [Recording(f"{n}.wav", (), "street" if n % 4 else "home") for n in range(40)]
    for seed in range(8):
        held = split(Config(validation=0.25, seed=seed), LABELS, recordings)
        assert held.sum() == 10 and held[::4].sum() in (2, 3)


def test_the_recordings_that_the_corpus_names_are_held_out():
    recordings = [Recording(f"{n}.wav", (Event(0, 1, "beep"),), validation=n in (3, 4)) for n in range(10)]
    assert np.flatnonzero(split(Config(validation=0.5), LABELS, recordings)).tolist() == [3, 4]
    assert split(Config(validation=0.5), LABELS, recordings[3:5]).sum() == 1  # if all are named, it is drawn


def test_where_none_can_be_held_out_all_are_validated_on_and_told(recordings):
    with pytest.warns(DoubtfulResultWarning, match="no training recording could be held out"):
        heard = hear(recordings[:1], LABELS, CONFIG)
    assert heard.trained.tolist() == heard.validated.tolist() == [0]


def test_what_is_doubtful_is_told_once_for_each_file(recordings, tmp_path):
    import soundfile

    write(tmp_path / "2.wav", Audio(np.zeros(8000), 4000))
    samples = np.zeros(8000)
    samples[100] = np.nan
    soundfile.write(tmp_path / "1.wav", samples, 8000, subtype="FLOAT")
    with pytest.warns(DoubtfulResultWarning) as caught:
        hear(with_events(recordings), LABELS, CONFIG)
    told = [str(warning.message) for warning in caught]
    assert len(told) == 2 and told[0].startswith(f"{tmp_path / '1.wav'}: 1 sample is not a number")
    assert told[1].startswith("1 of 3 training recordings are sampled at less than 8000 Hz; what they lack")


def test_an_empty_recording_has_no_steps(recordings, tmp_path):
    write(tmp_path / "1.wav", Audio(np.zeros(0), 8000))
    heard = hear(with_events(recordings), LABELS, CONFIG)
    assert heard.features[0].shape == (0, 8) and heard.active[0].shape == (0, 1)
