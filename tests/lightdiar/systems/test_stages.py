import numpy as np
import pytest

from lightdiar import UntrainedDiarizer, cli
from lightdiar.common import archive
from lightdiar.io.audio import Audio, write
from lightdiar.metrics.diarization import diarization_error
from lightdiar.signal.frontend import Analysis, analyse
from lightdiar.systems import bundle
from lightdiar.training.synthesis import synthesize_conversation


@pytest.fixture
def no_bundle(monkeypatch):
    """No parameters can be read from the package."""

    def refuse(path):
        raise AssertionError(f"{path} was read")

    monkeypatch.setattr(archive, "_read_bytes", refuse)
    bundle.load.cache_clear()


@pytest.fixture(scope="module")
def conversation():
    return synthesize_conversation(seed=0)


@pytest.fixture(scope="module")
def analysis(conversation):
    sound, _, _ = conversation
    return analyse([sound.samples])


def pitched(f0):
    """An analysis of a second of one pitch."""
    n = 100
    return Analysis(
        np.zeros((n, 24), np.float32),
        np.full(n, f0, np.float32),
        np.ones(n, np.float32),
        1.0,
    )


def test_a_conversation_without_any_shipped_model(conversation, no_bundle):
    sound, truth, _ = conversation
    result = UntrainedDiarizer(num_speakers=len(truth.speakers)).predict(sound)
    assert diarization_error(truth, result.annotation).der < 0.2
    assert result.counts() == {"M": 2, "F": 2}


def test_speech_is_found(conversation, analysis, no_bundle):
    _, truth, _ = conversation
    speech = UntrainedDiarizer().speech(analysis)
    marked = np.zeros(len(analysis), bool)
    for turn in truth:
        marked[round(100 * turn.start) : round(100 * turn.end)] = True
    assert (speech == marked).mean() > 0.85


@pytest.mark.parametrize(
    "bounds",
    [
        dict(num_speakers=1),
        dict(num_speakers=6),
        dict(min_speakers=5),
        dict(max_speakers=2),
    ],
)
def test_numbers_of_speakers_are_kept(bounds, analysis):
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
    with pytest.raises(ValueError, match="at least 3 speakers asked for, but there is no speech"):
        UntrainedDiarizer(num_speakers=3).predict(Audio(np.zeros(16000, np.float32), 16000))


def test_gender_is_that_of_the_median_pitch():
    everything = np.ones(100, bool)
    p = [UntrainedDiarizer().stages.gender(pitched(f0), everything)[0] for f0 in (80, 131, 169.76, 220, 400)]
    assert p == sorted(p)
    assert p[2] == pytest.approx(0.5, abs=1e-3)
    assert p[1] == pytest.approx(1 / (1 + np.exp(np.log(220 / 131) ** 2 / (2 * 0.25**2))))
    assert p[1] + p[3] == pytest.approx(1)
    assert UntrainedDiarizer().stages.gender(pitched(np.nan), everything) == (0.5, 0.5, 0.0)


def test_command_line(tmp_path, conversation, no_bundle, capsys):
    write(tmp_path / "talk.wav", conversation[0])
    assert cli.main(["count", "--untrained", str(tmp_path / "talk.wav")]) == 0
    assert "talk.wav: M " in capsys.readouterr().out
