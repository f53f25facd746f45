import numpy as np
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


def total(scores):
    return sum(scores, DiarizationScore())


@pytest.mark.slow
def test_bad_settings_are_improved_on_recordings_the_search_never_saw(found):
    assert found.better
    assert total(found.tuned).der < 0.5 < total(found.default).der
    assert len(found.tuned) == len(found.default) == 3
    for name, (low, high) in RANGES.items():
        assert low <= getattr(found.settings, name) <= high


@pytest.mark.slow
def test_the_same_seed_gives_the_same_settings(recordings, found):
    assert tune(recordings, default=DEAF, n_trials=4, seed=1) == found


@pytest.fixture
def told(short_recordings, monkeypatch, heard_once):
    """A function that tunes where the error of each of the settings on each recording is given, seconds of ten."""

    def tuned(*errors, **options):
        left = [[DiarizationScore(10.0, seconds) for seconds in own] for own in errors]
        heard = []
        monkeypatch.setattr(tuning, "errors_of", lambda settings, *_: heard.append(settings) or left.pop(0))
        found = tune(short_recordings[: len(errors[0])], n_trials=len(errors) - 1, **options)
        assert not left  # each is heard once
        return found, heard

    return tuned


def test_each_recording_is_judged_by_what_is_best_on_the_others(told):
    found, heard = told((4, 4, 4), (1, 3, 9), (5, 1, 3))
    # without the first, the last is best (1 + 3); without the second too (5 + 3 against 8: the first of equals is the
    # defaults); without the third, the middle one (1 + 3)
    assert [score.missed for score in found.tuned] == [5, 4, 9]
    assert [score.missed for score in found.default] == [4, 4, 4]
    assert not found.better and found.settings == heard[0] == Settings()  # though 5 + 1 + 3 is less than 12


def test_what_helps_where_it_was_left_out_is_kept(told):
    found, heard = told((4, 4, 4), (3, 3, 2), (9, 9, 9))
    assert found.better and found.settings == heard[1]
    assert [score.missed for score in found.tuned] == [3, 3, 2]


def test_the_best_of_forty_by_luck_is_refused(told):
    """Errors that are all chance: whatever is best where the search looks, is as good as any elsewhere."""
    rng = np.random.default_rng(0)
    kept = [told(*rng.uniform(0, 10, (41, 3)))[0].better for _ in range(100)]
    assert 0.3 < np.mean(kept) < 0.7


def test_no_difference_is_not_better(told):
    found, _ = told((4, 4), (4, 4))
    assert not found.better and found.settings == Settings()


def test_settings_that_are_not_searched_stay(told, monkeypatch):
    monkeypatch.setattr(tuning, "RANGES", {"pause": (0.5, 0.5)})
    found, _ = told((4, 4), (3, 3), default=DEAF)
    assert found.settings == Settings(speech_bias=DEAF.speech_bias, pause=0.5)


def test_the_search_reports_each_step(short_recordings, heard_once):
    lines = []
    tune(short_recordings[:2], default=DEAF, n_trials=1, progress=lines.append)
    assert lines[:2] == ["analysed 1 of 2", "analysed 2 of 2"]
    assert lines[2].startswith("defaults: DER ") and lines[2].endswith(" % on 2 recordings")
    assert lines[3].startswith("trial 1 of 1: DER ")


def test_one_recording_is_too_few(short_recordings):
    with pytest.raises(ValueError, match="1 recordings; tuning needs at least 2"):
        tune(short_recordings[:1])


@pytest.mark.parametrize(
    "wrong, message",
    [
        (dict(n_trials=0), "0 trials: at least 1 is needed; 40 is usual"),
        (dict(seed=-1), "seed=-1 must be 0 or more"),
    ],
)
def test_numbers_out_of_range_are_refused(short_recordings, wrong, message):
    with pytest.raises(ValueError, match=message):
        tune(short_recordings, **wrong)
