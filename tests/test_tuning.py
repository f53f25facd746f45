import pytest

from lightdiar.metrics import diarization_error
from lightdiar.pipeline import Diarizer
from lightdiar.settings import Settings
from lightdiar.synthesis import synthesize_conversation
from lightdiar.tuning import RANGES, tune


@pytest.fixture(scope="module")
def recordings():
    return [synthesize_conversation(seed=seed)[:2] for seed in range(3)]


DEAF = Settings(speech_bias=-30.0)  # hears next to nothing


@pytest.fixture(scope="module")
def tuning(recordings):
    return tune(recordings, start=DEAF, n_trials=4, seed=1)


def test_bad_settings_are_improved_on_recordings_the_search_never_saw(tuning):
    assert tuning.better
    assert tuning.tuned.der < 0.5 < tuning.default.der
    for name, (low, high) in RANGES.items():
        assert low <= getattr(tuning.settings, name) <= high


def test_the_error_on_the_hold_out_is_that_of_the_settings(recordings, tuning):
    def error(settings, sound, truth):
        return diarization_error(truth, Diarizer(settings=settings).predict(sound).annotation)

    assert any(error(tuning.settings, *recording) == tuning.tuned for recording in recordings)  # one of three is held
    assert any(error(DEAF, *recording) == tuning.default for recording in recordings)


def test_the_same_seed_gives_the_same_settings(recordings, tuning):
    assert tune(recordings, start=DEAF, n_trials=4, seed=1) == tuning


def test_what_does_not_help_on_the_hold_out_is_not_recommended(recordings):
    found = tune(recordings[:2], start=Settings(), n_trials=1, seed=0)
    assert found.better == (found.tuned.der < found.default.der)
    assert found.better or found.settings == Settings()


def test_the_search_reports_each_step(recordings):
    lines = []
    tune(recordings[:2], start=DEAF, n_trials=1, report=lines.append)
    assert lines[:2] == ["analysed 1 of 2", "analysed 2 of 2"]
    assert lines[2].startswith("defaults: DER ") and lines[2].endswith(" % of 1 recordings")
    assert lines[3].startswith("trial 1 of 1: DER ")


def test_one_recording_is_too_few(recordings):
    with pytest.raises(ValueError, match="1 recordings; tuning needs at least 2"):
        tune(recordings[:1])


@pytest.mark.parametrize("wrong", [dict(n_trials=0), dict(holdout=1.0), dict(holdout=0)])
def test_numbers_out_of_range_are_refused(recordings, wrong):
    with pytest.raises(ValueError, match="n_trials=.* must be 1 or more and holdout="):
        tune(recordings, **wrong)
