import pytest

from lightdiar.cli import main


def test_it_is_or_is_not_the_person(voices, voices_file, sounds, capsys):
    for name, answer in (("Adam", "yes"), ("Bruno", "no")):
        assert main(["verify", "Adam", str(sounds[name]), "--voices", str(voices_file)]) == 0
        captured = capsys.readouterr()
        assert captured == (f"{voices.verify('Adam', sounds[name])}\n", "")
        assert captured.out.startswith(f"Adam: {answer}, probability ")


def test_several_files_are_one_question_and_the_prior_is_stated(voices, voices_file, sounds, capsys):
    files = [sounds["Clara"], sounds["Clara"]]
    assert main(["verify", "Clara", *map(str, files), "--voices", str(voices_file), "--prior", "0.01"]) == 0
    text = capsys.readouterr().out
    assert text == f"{voices.verify('Clara', files, prior=0.01)}\n" and "(prior 0.01)" in text


def test_without_speech_there_is_no_answer(voices_file, silence, capsys):
    for prior in ("0.3", "0.9"):  # however probable it is
        assert main(["verify", "Adam", str(silence), "--voices", str(voices_file), "--prior", prior]) == 0
        assert capsys.readouterr() == (
            "Adam: no answer, no speech found\n",
            f"lightdiar: warning: {silence}: no speech found, so that nothing is learnt about the voice.\n",
        )


def test_two_people_in_one_file_are_warned_of(voices_file, conversation_file, heard_once, capsys):
    assert main(["verify", "Adam", str(conversation_file), "--voices", str(voices_file)]) == 0
    captured = capsys.readouterr()
    assert captured.out.count("\n") == captured.err.count("\n") == 1
    assert captured.err.startswith(f"lightdiar: warning: {conversation_file}: ")
    assert " people seem to speak, but one voice is asked for; " in captured.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["Bruno", "{sound}"], "'Bruno' is not enrolled; the people are Adam, Clara, Emil."),
        (["Adam", "{sound}", "--prior", "1"], "prior=1.0 is a probability between 0 and 1; 0.5 is usual."),
        (["Adam", "{sound}", "--prior", "nan"], "prior=nan is a probability between 0 and 1; 0.5 is usual."),
        (["Adam", "nowhere.wav"], "nowhere.wav: "),
    ],
)
def test_what_cannot_be_asked_gives_one_line(voices_file, sounds, capsys, words, message):
    words = [word.format(sound=sounds["Adam"]) for word in words]
    assert main(["verify", *words, "--voices", str(voices_file)]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith(f"lightdiar: {message}") and captured.err.count("\n") == 1


@pytest.mark.parametrize("left_out", ["NAME, FILE", "FILE", "--voices"])
def test_what_must_be_said(capsys, left_out):
    given = {"NAME, FILE": ["--voices", "x"], "FILE": ["Adam", "--voices", "x"], "--voices": ["Adam", "x.wav"]}
    with pytest.raises(SystemExit) as stop:
        main(["verify", *given[left_out]])
    assert stop.value.code == 2 and f"arguments are required: {left_out}" in capsys.readouterr().err
