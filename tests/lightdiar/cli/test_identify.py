import numpy as np
import pytest

from lightdiar.cli import main
from lightdiar.recognition.listening import pooled
from lightdiar.recognition.voices import Voices
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems.diarizer import Diarizer
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn


@pytest.fixture
def found(monkeypatch):
    """Function that says which voiceprints the diarizer shall find, and returns the diarizers that were used."""

    def find(*voices):
        used = []

        def predict(diarizer, path, progress):
            used.append(diarizer)
            turns = [Turn(5 * k, 5 * k + 5, f"SPEAKER_{k:02d}") for k in range(len(voices))]
            speakers = [Speaker(turn.speaker, 5.0, 0.5, voice=voice) for turn, voice in zip(turns, voices)]
            return Diarization(Annotation(turns, path.stem), speakers, 60.0)

        monkeypatch.setattr(Diarizer, "predict", predict)
        return used

    return find


def ask(path, voices_file, *options):
    return main(["identify", str(path), "--voices", str(voices_file), *options])


def test_one_voice_is_identified(voices, voices_file, sounds, capsys):
    for name, headline in (("Clara", "Clara, 4."), ("Bruno", "nobody for certain, 4.")):
        assert ask(sounds[name], voices_file) == 0
        captured = capsys.readouterr()
        title, first, head, best, *others = captured.out.splitlines()
        assert captured.err == "" and title == f"{sounds[name]}: one voice"
        assert first.startswith(headline) and first.endswith(" s of speech, prior of a known person 0.5")
        assert head == "person         probability  log ratio" and len(others) == 3
        assert best.startswith("Clara" if name == "Clara" else "somebody else")


def test_several_people_are_each_identified(voices, voices_file, found, silence, capsys):
    prints = [voices._people["Clara"][0], voices._people["Adam"][0]]
    found(*prints)
    assert ask(silence, voices_file) == 0
    one, other = voices.identify_voiceprints(prints)
    expected = f"{silence}: speaker 1\n{one}\n{silence}: speaker 2\n{other}\n"
    assert capsys.readouterr() == (expected, "") and (one.name, other.name) == ("Clara", "Adam")


def test_speakers_who_are_surely_one_person_are_one_voice(voices, voices_file, found, silence, capsys):
    own = voices._people["Clara"][0]
    prints = [own, Voiceprint(own.vector + np.float32(0.1), 20.0)]
    found(*prints)
    assert ask(silence, voices_file, "--known", "0.01") == 0
    (answer,) = voices.identify_voiceprints([pooled(prints)], known=0.01)
    assert capsys.readouterr() == (f"{silence}: one voice\n{answer}\n", "") and answer.known == 0.01


def test_a_conversation_is_diarized_first_and_its_speakers_numbered(voices_file, conversation_file, heard_once, capsys):
    assert ask(conversation_file, voices_file) == 0
    lines = capsys.readouterr().out.splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith(f"{conversation_file}: ")]
    assert [lines[place] for place in places] == [f"{conversation_file}: speaker {number}" for number in (1, 2, 3, 4)]
    assert {"Adam", "Clara"} <= {lines[place + 1].split(",")[0] for place in places}


def test_options_and_voices_reach_the_diarizer(voices_file, found, silence, voices, capsys):
    used = found(voices._people["Adam"][0])
    assert ask(silence, voices_file, "--max-speakers", "3", "--channels", "mix", "--repeat-names") == 0
    (diarizer,) = used
    assert (diarizer.max_speakers, diarizer.channels, diarizer.repeat_names) == (3, "mix", True)
    assert isinstance(diarizer.voices, Voices) and diarizer.voices.names == ("Adam", "Clara", "Emil")


def test_without_speech_that_is_said(voices_file, silence, capsys):
    assert ask(silence, voices_file) == 0
    assert capsys.readouterr() == (f"{silence}: no speech found\n", "")


def test_a_bad_file_does_not_stop_the_others(voices_file, silence, tmp_path, capsys):
    (tmp_path / "words.wav").write_text("words")
    files = [str(tmp_path / "words.wav"), str(silence)]
    assert main(["identify", *files, "--voices", str(voices_file)]) == 2
    captured = capsys.readouterr()
    assert captured.out == f"{silence}: no speech found\n"
    assert captured.err.startswith(f"lightdiar: {tmp_path / 'words.wav'}: ") and captured.err.count("\n") == 1


@pytest.mark.parametrize("known", ["0", "1", "-1", "nan"])
def test_a_prior_is_a_probability(voices, voices_file, found, silence, capsys, known):
    found(voices._people["Adam"][0])
    assert ask(silence, voices_file, f"--known={known}") == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    assert f"known={float(known)} is a probability between 0 and 1; 0.5 is usual." in captured.err


def test_voices_are_needed(silence, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["identify", str(silence)])
    assert stop.value.code == 2 and "arguments are required: --voices" in capsys.readouterr().err
