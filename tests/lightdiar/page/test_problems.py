import re

import pytest

from lightdiar.io.audio import duration
from lightdiar.page import problems
from lightdiar.page.problems import said, told
from lightdiar.recognition.people import check_name, check_names
from lightdiar.recognition.voices import Voices


def raised(function, *arguments):
    with pytest.raises(ValueError) as error:
        function(*arguments)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "content", "french"),
    [
        ("empty.wav", b"", "empty.wav\xa0: le fichier est vide. Choisissez-en un autre."),
        ("page.wav", b"<html>" * 1000, "page.wav\xa0: c'est un texte, pas un son ni un film. Choisissez un son."),
        ("a.srt", b"1", "a.srt\xa0: ce n'est pas un son, mais des tours de parole. Choisissez un son."),
        ("x.voices", b"x", "x.voices\xa0: ce n'est pas un fichier de voix. Choisissez celui que .* ici."),
    ],
)
def test_errors_of_files(tmp_path, monkeypatch, name, content, french):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(content)
    problem = raised(Voices.load if name == "x.voices" else duration, name)
    assert re.fullmatch(french, said(problem, "fr"))
    assert said(problem, "en") == problem.replace("Give the path of", "Choose")


@pytest.mark.parametrize(
    ("name", "french"),
    [
        ("a/b", "Le nom a/b contient une barre oblique\xa0; écrivez - à la place."),
        ("a\x07", "Le nom a\\x07 contient un caractère de commande\xa0; retirez-le."),
        ("", "Le nom est vide\xa0; écrivez-en un."),
        ("x" * 101, "Le nom a 101 caractères\xa0; 100 au plus sont possibles."),
        ("SPEAKER_01", "SPEAKER_01 est le nom que reçoivent les voix inconnues\xa0; choisissez-en un autre."),
    ],
)
def test_errors_of_names(name, french):
    assert said(raised(check_name, name), "fr") == french


def test_errors_of_voices():
    assert said(raised(check_names, ["ann", "Ann"]), "fr") == (
        "Les noms 'ann' et 'Ann' se ressemblent trop\xa0; changez-en un."
    )
    assert said(raised(Voices().identify_voiceprints, []), "fr") == "Aucune voix n'est connue\xa0; apprenez-en d'abord."
    short = "Zoë: 1.2 s of speech found in 1 sound; at least 3 s are needed, better 30 s."
    assert said(short, "fr") == "Zoë\xa0: 1.2 s de parole seulement\xa0; il en faut au moins 3, mieux 30."


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("v.mp4: it has no sound: there is nothing to listen to.", "v.mp4\xa0: ce fichier n'a pas de piste sonore."),
        (
            "r.mp3: neither soundfile nor ffmpeg can read it as audio (Header missing). Convert it to WAV or FLAC.",
            "r.mp3\xa0: ce n'est pas un son que l'on sait lire (Header missing). Choisissez un son, ou convertissez-le "
            "en WAV ou en FLAC.",
        ),
        (
            "a.mp3: no frames; nothing could be read. Fetch or convert the file again.",
            "a.mp3\xa0: le fichier est endommagé, on n'a rien pu en lire (no frames).",
        ),
        ("it is \u7a7a.", "Remarque de lightdiar, en anglais\xa0: it is \u7a7a."),
        ("", ""),
    ],
)
def test_what_is_technical_stays_as_it_is(english, french):
    assert said(english, "fr") == french


def test_only_problems_and_notes_of_an_answer_change():
    answer = {
        "problem": "the file broke off",
        "title": "the file broke off",
        "answer": {"notes": ["a.wav: no speech found"]},
    }
    assert told(answer, "fr") == {
        "problem": "Le fichier s'est interrompu en route\xa0; envoyez-le de nouveau.",
        "title": "the file broke off",
        "answer": {"notes": ["a.wav\xa0: on n'a entendu aucune parole."]},
    }
    assert told(answer, "en") == answer


@pytest.mark.parametrize("pattern", problems._FRENCH)
def test_every_french_sentence_says_only_what_was_found(pattern):
    places = set(re.findall(r"\{(\w+)\}", problems._FRENCH[pattern]))
    assert places <= set(re.compile(pattern).groupindex)
