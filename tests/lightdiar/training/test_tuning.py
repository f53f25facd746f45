import pytest

from lightdiar.metrics.diarization import DiarizationScore
from lightdiar.systems.settings import Settings
from lightdiar.training import tuning
from lightdiar.training.synthesis import synthesize_conversation
from lightdiar.training.tuning import RANGES, tune


@pytest.fixture(scope="module")
def recordings():
    return [synthesize_conversation(seed=seed)[:2] for seed in range(3)]


@pytest.fixture(scope="module")
def short_recordings():
    """For what does not hang on what is said in them."""
    return [synthesize_conversation(n_turns=3, seed=seed)[:2] for seed in range(3)]


DEAF = Settings(speech_bias=-30.0)  # hears next to nothing


@pytest.fixture(scope="module")
def found(recordings):
    return tune(recordings, default=DEAF, n_trials=4, seed=1)


@pytest.mark.slow
def test_bad_settings_are_improved_on_recordings_the_search_never_saw(found):
    assert found.better
    assert found.tuned.der < 0.5 < found.default.der
    for name, (low, high) in RANGES.items():
        assert low <= getattr(found.settings, name) <= high


def test_the_hold_out_is_scored_only_in_the_end(short_recordings, monkeypatch, heard_once):
    heard = []

    def remember(settings, known, models):
        heard.append([id(truth) for _, truth in known])
        return DiarizationScore(1.0, 0.5)

    monkeypatch.setattr(tuning, "error_of", remember)
    found = tune(short_recordings, n_trials=3, seed=1)
    searched, held = heard[0], heard[-1]
    assert heard == [searched] * 4 + [held] * 2 and found.n_held == len(held) == 1
    assert sorted(searched + held) == sorted(id(truth) for _, truth in short_recordings)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_settings(recordings, found):
    assert tune(recordings, default=DEAF, n_trials=4, seed=1) == found


def test_what_does_not_help_on_the_hold_out_is_not_recommended(short_recordings, monkeypatch, heard_once):
    def luck(settings, known, models):
        """Every draw is better than the default where the search looks, and worse on the hold-out."""
        good = (settings != Settings()) == (len(known) == 2)
        return DiarizationScore(1.0, 0.1 if good else 0.9)

    monkeypatch.setattr(tuning, "error_of", luck)
    found = tune(short_recordings, n_trials=3)
    assert not found.better and found.settings == Settings()
    assert (found.tuned.der, found.default.der) == (0.9, 0.1)


def test_the_search_reports_each_step(short_recordings, heard_once):
    lines = []
    tune(short_recordings[:2], default=DEAF, n_trials=1, progress=lines.append)
    assert lines[:2] == ["analysed 1 of 2", "analysed 2 of 2"]
    assert lines[2].startswith("defaults: DER ") and lines[2].endswith(" % on 1 of 2 recordings")
    assert lines[3].startswith("trial 1 of 1: DER ")


def test_one_recording_is_too_few(short_recordings):
    with pytest.raises(ValueError, match="1 recordings; tuning needs at least 2"):
        tune(short_recordings[:1])


@pytest.mark.parametrize(
    "wrong, message",
    [
        (dict(n_trials=0), "0 trials: at least 1 is needed; 40 is usual"),
        (dict(holdout=1.0), "holdout=1.0 must be between 0 and 1; 0.3 is usual"),
        (dict(seed=-1), "seed=-1 must be 0 or more"),
    ],
)
def test_numbers_out_of_range_are_refused(short_recordings, wrong, message):
    with pytest.raises(ValueError, match=message):
        tune(short_recordings, **wrong)
