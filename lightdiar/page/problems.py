"""What went wrong or is doubtful, as the page says it.

The functions that say it say it in English; here are the French sentences for what can happen on the page. What is
technical stays as it is, in parentheses.
"""

import re
from collections.abc import Mapping
from typing import Any

from lightdiar.common.notation import typeset

_FILE = r"(?P<file>.*?): "
_FRENCH = {  # a pattern of the English sentence, and the French one
    # sounds
    rf"{_FILE}it has no sound": "{file} : ce fichier n'a pas de piste sonore.",
    rf"{_FILE}it is text": "{file} : c'est un texte, pas un son ni un film. Choisissez un son.",
    rf"{_FILE}it is no sound or film": (
        "{file} : ce n'est pas un son ni un film que l'on sait lire. Choisissez un son, ou cherchez ce fichier de "
        "nouveau."
    ),
    rf"{_FILE}no sound, but (?:turns|a result)": (
        "{file} : ce n'est pas un son, mais des tours de parole. Choisissez un son."
    ),
    rf"{_FILE}.*there is no ffmpeg": (
        "{file} : ce fichier ne peut pas être lu sans ffmpeg. Installez ffmpeg, ou convertissez-le en WAV ou en FLAC."
    ),
    rf"{_FILE}neither soundfile nor ffmpeg can read it as audio \((?P<why>.*)\)\. Convert": (
        "{file} : ce n'est pas un son que l'on sait lire ({why}). Choisissez un son, ou convertissez-le en WAV ou en "
        "FLAC."
    ),
    r"(?P<file>.*?): is empty \(0 bytes\)": "{file} : le fichier est vide. Choisissez-en un autre.",
    r"the file is empty \(0 bytes\)": "Le fichier est vide. Choisissez-en un autre.",
    rf"{_FILE}(?P<why>.*); nothing could be read": (
        "{file} : le fichier est endommagé, on n'a rien pu en lire ({why})."
    ),
    rf"{_FILE}(?P<why>.*); the (?P<seconds>[\d.]+) s that could be read were used": (
        "{file} : le fichier semble endommagé ; seules {seconds} s ont pu être lues ({why})."
    ),
    rf"{_FILE}(?P<why>it(?:s sample rate is| has) .*)\. Its header may be damaged": (
        "{file} : l'en-tête du fichier semble endommagé ({why})."
    ),
    r"the file is larger than (?P<n>[\d,]+) bytes": (
        "Le fichier est trop grand (plus de {n} octets) : coupez-le, ou utilisez `lightdiar diarize`."
    ),
    r"the file broke off": "Le fichier s'est interrompu en route ; envoyez-le de nouveau.",
    r"the disk is full": (
        "Le disque est plein : libérez de la place, ou lancez la page là où TMPDIR (TEMP sous Windows) est sur un "
        "autre disque."
    ),
    r".*: the number of people must be": (
        "Le nombre de personnes va de 1 à 99 ; ne l'indiquez pas si vous n'en êtes pas sûr."
    ),
    # names
    r"the name (?P<name>.*) contains a slash": "Le nom {name} contient une barre oblique ; écrivez - à la place.",
    r"the name (?P<name>.*) contains a control": "Le nom {name} contient un caractère de commande ; retirez-le.",
    r"the name (?P<name>.*) is what people who are not known": (
        "{name} est le nom que reçoivent les voix inconnues ; choisissez-en un autre."
    ),
    r"the name .*is empty": "Le nom est vide ; écrivez-en un.",
    r"the name .*has (?P<n>\d+) characters": "Le nom a {n} caractères ; 100 au plus sont possibles.",
    r"the names (?P<one>.*) and (?P<other>.*) are too much alike": (
        "Les noms {one} et {other} se ressemblent trop ; changez-en un."
    ),
    # people
    r"a voiceprint is biometric data": (
        "Une empreinte vocale est une donnée biométrique : demandez d'abord son accord à la personne, et cochez la "
        "case."
    ),
    r"nobody is enrolled": "Aucune voix n'est connue ; apprenez-en d'abord.",
    r"(?P<name>.*) is not enrolled": "La voix de {name} n'est pas connue.",
    rf"{_FILE}(?P<seconds>[\d.]+) s of speech found in .*at least (?P<least>[\d.]+) s": (
        "{file} : {seconds} s de parole seulement ; il en faut au moins {least}, mieux 30."
    ),
    rf"{_FILE}(?P<seconds>[\d.]+) s of speech found in .*there will be more errors": (
        "{file} : {seconds} s de parole seulement ; il y aura plus d'erreurs."
    ),
    rf"{_FILE}(?P<seconds>[\d.]+) s of speech found; the answer is not reliable": (
        "{file} : {seconds} s de parole seulement ; la réponse n'est pas fiable."
    ),
    rf"{_FILE}no speech found": "{file} : on n'a entendu aucune parole.",
    rf"{_FILE}(?P<n>\d+) people seem to speak": (
        "{file} : {n} personnes semblent parler, alors qu'une seule voix est demandée."
    ),
    rf"{_FILE}is not a file of voices, or damaged: (?P<why>.*)\.": (
        "{file} : ce n'est pas un fichier de voix, ou il est endommagé ({why})."
    ),
    rf"{_FILE}is not a file of voices": (
        "{file} : ce n'est pas un fichier de voix. Choisissez celui que vous avez sauvegardé ici."
    ),
    rf"{_FILE}was made by other models": (
        "{file} : ce fichier vient d'une autre version de lightdiar ; apprenez de nouveau les voix."
    ),
    # the page
    r"that is not here": "Cela n'est pas ici, ou n'y est plus.",
}
_PATH = re.compile("Give the path of")
_PATTERNS = [(re.compile(english, re.DOTALL), french) for english, french in _FRENCH.items()]


def said(problem: str, language: str) -> str:
    """A problem in a language; one that has no French sentence stays in English, and it is said that it is.

    In the browser a file has no path: one is chosen.

    Examples
    --------
    >>> said("film.mp4: is empty (0 bytes). Fetch or record it again.", "fr")
    'film.mp4\\xa0: le fichier est vide. Choisissez-en un autre.'
    """
    if language == "en" or not problem:
        return _PATH.sub("Choose", problem)
    for english, french in _PATTERNS:
        if found := english.match(problem):
            return typeset(french, language).format(**found.groupdict())
    return f"Remarque de lightdiar, en anglais\u00a0: {problem}"


def told(answer: Any, language: str) -> Any:
    """An answer of the server, with its problems and notes in a language."""
    if isinstance(answer, list):
        return [told(part, language) for part in answer]
    if not isinstance(answer, Mapping):
        return answer
    return {key: _told(key, part, language) for key, part in answer.items()}


def _told(key, part, language):
    if key == "problem":
        return said(part, language)
    if key == "notes":
        return [said(note, language) for note in part]
    return part if key == "turns" else told(part, language)
