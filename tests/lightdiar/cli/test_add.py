import os
import stat
import unicodedata

import pytest

from lightdiar.cli import main
from lightdiar.recognition.voices import Voices


def test_a_person_and_then_another_session_are_added(own_file, sounds, capsys):
    before = {name: own[0].vector.tobytes() for name, own in Voices.load(own_file)._people.items()}
    for n_sessions in (1, 2):
        assert main(["add", "Bruno Q", str(sounds["Bruno"]), str(sounds["Bruno"]), "--voices", str(own_file)]) == 0
        voices, captured = Voices.load(own_file), capsys.readouterr()
        assert captured.out == f"{own_file}: Bruno Q has {voices.seconds('Bruno Q'):.1f} s of speech now\n"
        found = f"{voices.seconds('Bruno Q'):.1f} s of speech found in 2 sounds"
        few = f"lightdiar: warning: Bruno Q: {found}; with less than 10 s there will be more errors.\n"
        assert captured.err == (few if n_sessions == 1 else "")  # then there are more than 10 s in all
        assert len(voices._people["Bruno Q"]) == n_sessions and voices.names == ("Adam", "Clara", "Emil", "Bruno Q")
        assert {name: own[0].vector.tobytes() for name, own in voices._people.items() if name in before} == before


def test_a_name_in_another_unicode_form_is_the_same(own_file, sounds, capsys):
    for form in ("NFD", "NFC"):
        name = unicodedata.normalize(form, "Zoë")
        assert main(["add", name, str(sounds["Bruno"]), "--voices", str(own_file)]) == 0
        assert f"{name} has " in capsys.readouterr().out
    assert Voices.load(own_file).names == ("Adam", "Clara", "Emil", "Zoë")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "adam",
            "the names 'Adam' and 'adam' are too much alike, they differ only in capitals, accents' form or blanks",
        ),
        ("a/b", "the name a/b contains a slash or a backslash; write - instead."),
        ("SPEAKER_03", "the name SPEAKER_03 is what people who are not known are called; choose another."),
        ("Somebody else", "the name Somebody else is what people who are not known are called; choose another."),
        ("", "the name '' is empty; give one, such as ann."),
        ("a\nb", "the name a\\nb contains a control character; take it out."),
    ],
)
def test_impossible_names_give_one_line(own_file, sounds, capsys, name, message):
    before = own_file.read_bytes()
    assert main(["add", name, str(sounds["Bruno"]), "--voices", str(own_file)]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith(f"lightdiar: {message}") and captured.err.count("\n") == 1
    assert own_file.read_bytes() == before


def test_too_little_speech_and_no_sound_give_one_line(own_file, silence, capsys):
    before = own_file.read_bytes()
    for name in ("Bob", "Adam"):  # new, enrolled
        assert main(["add", name, str(silence), "--voices", str(own_file)]) == 2
        assert capsys.readouterr() == (
            "",
            f"lightdiar: {name}: 0.0 s of speech found in 1 sound; at least 3 s are needed, better 30 s.\n",
        )
    assert main(["add", "Bob", str(own_file), "--voices", str(own_file)]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith(f"lightdiar: {own_file}: ") and captured.err.count("\n") == 1
    assert own_file.read_bytes() == before


def test_a_sound_that_cannot_be_read_is_left_out_and_told_by_the_exit_status(own_file, sounds, text_file, capsys):
    sound, text = sounds["Bruno"], text_file("no sound")
    assert main(["add", "Bruno", str(sound), str(sound), str(text), "--voices", str(own_file)]) == 2
    captured = capsys.readouterr()
    assert captured.err.splitlines()[0].startswith(f"lightdiar: Bruno: left out: {text}: ")
    assert captured.out.startswith(f"{own_file}: Bruno has ") and "Bruno" in Voices.load(own_file)


def test_a_link_stays_one_and_what_it_leads_to_is_changed(own_file, linked, sounds, capsys):
    assert main(["add", "Bruno", str(sounds["Bruno"]), str(sounds["Bruno"]), "--voices", str(linked)]) == 0
    assert capsys.readouterr().out.startswith(f"{linked}: Bruno has ")
    assert linked.is_symlink() and not own_file.is_symlink()
    assert Voices.load(own_file).names == ("Adam", "Clara", "Emil", "Bruno")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_permissions_are_kept(own_file, sounds, mode):
    own_file.chmod(mode)
    before = own_file.read_bytes()
    assert main(["add", "Bruno", str(sounds["Bruno"]), "--voices", str(own_file)]) == 0
    assert stat.S_IMODE(own_file.stat().st_mode) == mode and own_file.read_bytes() != before


def test_a_file_of_voices_is_needed(sounds, tmp_path, capsys):
    assert main(["add", "Bob", str(sounds["Bruno"]), "--voices", str(tmp_path / "no.voices")]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and "no.voices" in captured.err and captured.err.count("\n") == 1
    with pytest.raises(SystemExit) as stop:
        main(["add", "Bob", str(sounds["Bruno"])])
    assert stop.value.code == 2 and "required: --voices" in capsys.readouterr().err
