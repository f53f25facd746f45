"""Every text of the page, in English and French, and the document that holds them.

Texts of errors and notes come from the functions that say them; in French, from `lightdiar.page.problems`.
"""

import json
from html import escape
from pathlib import Path
from string import Template

from lightdiar.common.notation import LANGUAGES, typeset
from lightdiar.report.texts import TEXTS as REPORT

_AS_IN_REPORTS = ("timeline", "play", "pause", "closer", "wider", "F", "M", "child", "uncertain")
TEXTS = {key: REPORT[key] for key in _AS_IN_REPORTS} | {
    "language": ("en", "fr"),
    "other_language": ("fr", "en"),
    "other_language_name": ("Français", "English"),
    "title": ("Who speaks?", "Qui parle ?"),
    "lead": (
        "Give a recording, and see who speaks when, and how many women and men.",
        "Donnez un enregistrement, et voyez qui parle quand, et combien de femmes et d'hommes.",
    ),
    "private": (
        "Everything stays on this computer. When lightdiar ends, all of it is forgotten but what you have saved.",
        "Tout reste sur cet ordinateur. Quand lightdiar s'arrête, tout est oublié sauf ce que vous avez sauvegardé.",
    ),
    # a recording
    "recording": ("A recording", "Un enregistrement"),
    "choose": ("Choose a sound or film", "Choisir un son ou un film"),
    "drop": ("or drop it here", "ou déposez-le ici"),
    "record": ("Record", "Enregistrer au micro"),
    "stop": ("Stop", "Arrêter"),
    "cancel": ("Cancel", "Annuler"),
    "number": ("How many people speak?", "Combien de personnes parlent ?"),
    "number_hint": ("if you know", "si vous le savez"),
    "no_microphone": (
        "The microphone cannot be used: allow it in the browser, or choose a file.",
        "Le micro ne peut pas être utilisé : autorisez-le dans le navigateur, ou choisissez un fichier.",
    ),
    "silent_microphone": (
        "The microphone gives no sound yet.",
        "Le micro ne donne encore aucun son.",
    ),
    "level": ("Loudness", "Niveau sonore"),
    "recorded": ("recording", "enregistrement"),
    # progress
    "sending": ("Reading {title} ...", "Lecture de {title} ..."),
    "waiting": ("{title}: waiting for its turn ...", "{title} : en attente ..."),
    "listening": ("Listening to {title}", "Écoute de {title}"),
    "telling": ("Telling the voices apart ...", "Distinction des voix ..."),
    "ready": ("{title} is ready.", "{title} est prêt."),
    "cancelled": ("Cancelled.", "Annulé."),
    "too_large": (
        "{title} is larger than {largest} GB: too large for this page.",
        "{title} dépasse {largest} Go : trop grand pour cette page.",
    ),
    "stopped": (
        "lightdiar has stopped. What you see stays here and can still be saved; for anything new, start it again.",
        "lightdiar s'est arrêté. Ce que vous voyez reste ici et peut encore être sauvegardé ; pour la suite, "
        "relancez-le.",
    ),
    # the result
    "recordings": ("Recordings", "Enregistrements"),
    "nobody": ("Nobody is heard to speak.", "On n'entend personne parler."),
    "women": ("one woman's voice|{n} women's voices", "une voix de femme|{n} voix de femmes"),
    "men": ("one man's voice|{n} men's voices", "une voix d'homme|{n} voix d'hommes"),
    "children": ("one child's voice|{n} children's voices", "une voix d'enfant|{n} voix d'enfants"),
    "nobody_long": ("Nobody speaks for 2 seconds or more.", "Personne ne parle pendant 2 secondes ou plus."),
    "heard": ("{who} is heard.|{who} are heard.", "On entend {who}."),
    "seems": ("It sounds like {who}.", "On croit entendre {who}."),
    "share": (
        "{share} of the speaking time of women and men is heard in women's voices.",
        "{share} du temps de parole des femmes et des hommes est entendu dans des voix de femmes.",
    ),
    "interval": (
        "With a probability of 95%, the true share lies between {low} and {high}.",
        "Avec une probabilité de 95 %, la part réelle se situe entre {low} et {high}.",
    ),
    "open": (
        "How large the true share is cannot be told: it hangs on voices that may be a woman's or a man's.",
        "La part réelle ne peut pas être dite : elle tient à des voix qui peuvent être d'une femme ou d'un homme.",
    ),
    "sure_number": (
        "The number of voices is fairly sure: all 5 ways of counting agree.",
        "Le nombre de voix est assez sûr : les 5 façons de compter concordent.",
    ),
    "unsure_number": (
        "The number of voices is not sure: {n} of 5 ways of counting finds it. Listen, and correct below.|"
        "The number of voices is not sure: {n} of 5 ways of counting find it. Listen, and correct below.",
        "Le nombre de voix n'est pas sûr : {n} façon de compter sur 5 le trouve. Écoutez, et corrigez ci-dessous.|"
        "Le nombre de voix n'est pas sûr : {n} façons de compter sur 5 le trouvent. Écoutez, et corrigez ci-dessous.",
    ),
    "given_number": (
        "The number of voices is taken as you gave it.",
        "Le nombre de voix est pris tel que vous l'avez donné.",
    ),
    "number_F": (
        "The number of women's voices is right with a probability of {p}.",
        "Le nombre de voix de femmes est exact avec une probabilité de {p}.",
    ),
    "number_M": (
        "The number of men's voices is right with a probability of {p}.",
        "Le nombre de voix d'hommes est exact avec une probabilité de {p}.",
    ),
    "other_number_F": (
        "The likeliest number of women's voices is {likely}, with a probability of {p}.",
        "Le nombre le plus probable de voix de femmes est {likely}, avec une probabilité de {p}.",
    ),
    "other_number_M": (
        "The likeliest number of men's voices is {likely}, with a probability of {p}.",
        "Le nombre le plus probable de voix d'hommes est {likely}, avec une probabilité de {p}.",
    ),
    "told": (
        "What you set by hand is taken as certain.",
        "Ce que vous avez indiqué à la main est tenu pour certain.",
    ),
    "unsure_gender": (
        "Of one voice it is not sure whether it is a woman's or a man's.|"
        "Of {n} voices it is not sure whether they are women's or men's.",
        "Pour une voix, on ne sait pas bien si c'est celle d'une femme ou d'un homme.|"
        "Pour {n} voix, on ne sait pas bien si ce sont celles de femmes ou d'hommes.",
    ),
    "not_counted": (
        "One voice of less than 2 seconds is not counted.|{n} voices of less than 2 seconds each are not counted.",
        "Une voix de moins de 2 secondes n'est pas comptée.|{n} voix de moins de 2 secondes ne sont pas comptées.",
    ),
    "voices_only": (
        "A computer hears voices, not people: whether a voice sounds like a woman's or a man's says nothing certain "
        "about the person.",
        "Un ordinateur entend des voix, pas des personnes : qu'une voix ressemble à celle d'une femme ou d'un homme "
        "ne dit rien de certain sur la personne.",
    ),
    "timeline_hint": ("Click where you want to listen.", "Cliquez là où vous voulez écouter."),
    "nobody_now": ("nobody", "personne"),
    "unplayable": (
        "The browser cannot play this kind of sound. Everything else works.",
        "Le navigateur ne sait pas lire ce type de son. Tout le reste fonctionne.",
    ),
    "speakers": ("Voices", "Voix"),
    "correct_hint": (
        "You know better? Write the name, choose the gender. Two rows with one name become one person.",
        "Vous savez mieux ? Écrivez le nom, choisissez le genre. Deux lignes du même nom deviennent une personne.",
    ),
    "name": ("Name", "Nom"),
    "gender": ("Heard as", "Entendue comme"),
    "time": ("Time", "Durée"),
    "part": ("Share", "Part"),
    "sure": ("How sure", "Certitude"),
    "name_of": ("Name of {name}", "Nom de {name}"),
    "gender_of": ("Voice of {name}", "Voix de {name}"),
    "by_hand": ("by hand", "à la main"),
    "name_sure": ("name: {p}", "nom : {p}"),
    "report": ("Report", "Rapport"),
    "sound": ("Sound", "Son"),
    "save_recording": ("Save what was recorded", "Sauvegarder ce qui a été enregistré"),
    "undo": ("Undo all corrections", "Annuler toutes les corrections"),
    "corrected": ("Corrected.", "Corrigé."),
    "save": ("Save", "Sauvegarder"),
    "refused_sign": (
        "{format} cannot hold “{sign}” in a name: change the name above, or save in another format.",
        "{format} ne peut pas contenir « {sign} » dans un nom : changez le nom ci-dessus, ou choisissez un autre "
        "format.",
    ),
    "refused_name": (
        "{format} cannot hold these names: change the names above, or save in another format.",
        "{format} ne peut pas contenir ces noms : changez les noms ci-dessus, ou choisissez un autre format.",
    ),
    "forget": ("Forget this recording", "Oublier cet enregistrement"),
    # people
    "people": ("People by their voices", "Des personnes par leur voix"),
    "people_lead": (
        "Let lightdiar learn the voices of a class or a team: 15 to 30 seconds of each. Later recordings then show "
        "their names, and you can ask whose voice it is.",
        "Apprenez à lightdiar les voix d'une classe ou d'une équipe : 15 à 30 secondes de chacune. Les enregistrements "
        "suivants montrent alors les noms, et vous pouvez demander à qui est une voix.",
    ),
    "consent_lead": (
        "A voiceprint is biometric data. Ask each person first, in writing and in plain words: what is kept (some 400 "
        "numbers, no sound), for what, who can use it, for how long. Of children, ask the parents too. Saying no must "
        "cost nothing, and whoever asks to be forgotten is forgotten at once.",
        "Une empreinte vocale est une donnée biométrique. Demandez d'abord à chaque personne, par écrit et en mots "
        "simples : ce qui est gardé (quelque 400 nombres, aucun son), pour quoi, qui peut s'en servir, combien de "
        "temps. Pour les enfants, demandez aussi aux parents. Dire non ne doit rien coûter, et qui demande à être "
        "oublié l'est aussitôt.",
    ),
    "consent": (
        "This person has agreed to it (of children, the parents too).",
        "Cette personne a donné son accord (pour un enfant, les parents aussi).",
    ),
    "need_consent": (
        "First ask the person, and tick the box.",
        "Demandez d'abord à la personne, et cochez la case.",
    ),
    "need_name": ("First write the name.", "Écrivez d'abord le nom."),
    "learn": ("Learn a voice", "Apprendre une voix"),
    "choose_file": ("Choose a file", "Choisir un fichier"),
    "enrolled": ("{name} is known now.", "Voix apprise : {name}."),
    "nobody_enrolled": ("Nobody yet.", "Personne pour l'instant."),
    "known": ("Known voices", "Voix connues"),
    "speech": ("{seconds} s of speech", "{seconds} s de parole"),
    "little": ("a little short: record some more", "un peu court : enregistrez encore"),
    "remove": ("Forget", "Oublier"),
    "remove_name": ("Forget {name}", "Oublier {name}"),
    "removed": ("{name} is forgotten.", "Voix oubliée : {name}."),
    "ask": ("Whose voice is it?", "À qui est cette voix ?"),
    "ask_lead": (
        "One person should speak, for 4 seconds or more.",
        "Une seule personne devrait parler, 4 secondes au moins.",
    ),
    "person": ("Ask about", "Question"),
    "anybody": ("Whose voice is it?", "À qui est cette voix ?"),
    "is_it": ("Is it {name}?", "Est-ce {name} ?"),
    "voice": ("the voice", "la voix"),
    "no_speech": ("No speech was heard.", "On n'a entendu aucune parole."),
    "it_is": ("It is probably {name}.", "C'est probablement {name}."),
    "nobody_certain": ("Nobody for certain.", "Personne avec certitude."),
    "yes": (
        "Yes, that is probably {name}: {p}.",
        "Oui, c'est probablement {name} : {p}.",
    ),
    "no": (
        "No, that is probably somebody else; {name}: {p}.",
        "Non, c'est probablement quelqu'un d'autre ; {name} : {p}.",
    ),
    "somebody_else": ("somebody else", "quelqu'un d'autre"),
    "never_alone": (
        "A decision about a person (a mark, access, a suspicion) must never rest on a voice alone.",
        "Une décision sur une personne (une note, un accès, un soupçon) ne doit jamais reposer sur une voix seule.",
    ),
    "save_voices": ("Save the voices", "Sauvegarder les voix"),
    "load_voices": ("Open a file of voices", "Ouvrir un fichier de voix"),
    "replace_voices": (
        "The people of the file take the place of those who are here now. Go on?",
        "Les personnes du fichier prennent la place de celles qui sont ici. Continuer ?",
    ),
    "loaded": ("{title} is open.", "{title} est ouvert."),
    "voices_file": ("class.voices", "classe.voices"),
}

_DOCUMENT = Path(__file__).parent / "assets" / "index.html"


def texts(language: str) -> dict[str, str]:
    """All texts in one language, "en" or "fr"; a bar parts the form for one from that for several."""
    place = LANGUAGES.index(language)
    return {key: typeset(both[place], language) for key, both in TEXTS.items()}


def page_html(language: str) -> str:
    """The page in one language; its scripts find the texts in a block of data."""
    own = texts(language)
    data = json.dumps(own, ensure_ascii=False).replace("<", "\\u003c")
    words = {key: escape(text) for key, text in own.items()}
    return Template(_DOCUMENT.read_text(encoding="utf-8")).substitute(words, words=data)
