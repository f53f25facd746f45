import pytest
import soundfile

from lightdiar.cli import main
from lightdiar.metrics.diarization import diarization_error
from lightdiar.systems.diarizer import diarize


@pytest.fixture
def seeds(conversation, monkeypatch, heard_once):
    """The seeds that were asked for; the conversation is always that of seed 0, which is at hand."""
    asked = []

    def synthesize(*, seed):
        asked.append(seed)
        return conversation

    monkeypatch.setattr("lightdiar.training.synthesis.synthesize_conversation", synthesize)
    return asked


def test_demo_finds_the_four_voices_and_saves_the_sound(tmp_path, capsys, seeds):
    path = tmp_path / "demo.wav"
    assert main(["demo", "--save", str(path)]) == 0
    out = capsys.readouterr().out
    assert "4 speakers (2 M, 2 F)" in out and "DER " in out
    assert soundfile.info(path).duration > 30 and seeds == [0]


@pytest.mark.parametrize("command", ["demo", "tune a.wav --out a.json", "train --speech a.csv --noise b.csv --out m"])
@pytest.mark.parametrize("seed", ["-1", "1.5", "x"])
def test_a_seed_is_a_whole_number(capsys, command, seed):
    with pytest.raises(SystemExit) as stop:
        main([*command.split(), f"--seed={seed}"])
    assert stop.value.code == 2
    assert capsys.readouterr().err.endswith(f"error: argument --seed: '{seed}' must be a whole number, 0 or more.\n")


def test_demo_tells_truth_answer_and_error(conversation, capsys, seeds):
    assert main(["demo", "--seed", "7"]) == 0
    sound, truth, genders = conversation
    found = diarize(sound)
    assert capsys.readouterr().out.splitlines() == [
        "truth: 4 speakers, 16 turns",
        *(f"  {name:10}  {genders[name]}  {seconds:6.1f} s" for name, seconds in truth.seconds().items()),
        *f"found: {found}".splitlines(),
        f"{diarization_error(truth, found.annotation)}, no collar",
    ]
    assert seeds == [7]
