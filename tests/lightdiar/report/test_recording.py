import json
import math
import re
from dataclasses import replace
from html import unescape

import pytest

from lightdiar.report.recording import recording_report
from lightdiar.report.sound import Sound
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

EMPTY = Diarization(Annotation([], "music"), [], 30.0)


def read(html):
    """The page as it is read: without marks, with plain blanks."""
    body = re.sub(r"(?s)<(style|script|head)\b.*?</\1>", "", html)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u202f", " "))


def test_the_figures_of_a_talk_in_english(talk):
    said = read(recording_report(talk))
    assert "1 min long, 30.0 s of speech" in said
    assert "60% of the speaking time of women and men is heard in women's voices." in said
    assert "Heard most Ann (woman's voice): 40% of the speech" in said
    assert "Speech is 12 dB louder than what is behind it." in said
    assert "There are 2: 100% between women's voices." in said
    assert "Ann (woman's voice) and Bea (woman's voice) answer each other most: 2 times." in said
    assert "women's voices 60% 2 18.0 s – men's voices 40% 1 12.0 s –" in said


def test_a_share_that_may_be_anything_is_no_headline():
    one = Diarization(Annotation([Turn(0, 20, "ann")], "call"), [Speaker("ann", 20.0, 0.55)], 20.0, agreement=1.0)
    said = read(recording_report(one))
    assert (
        "In short Women's share of the speaking time cannot be told: with a probability of 95%, it lies between 0% and "
        "100%. Heard most" in said
    )
    assert "is heard in women's voices" not in said
    assert "ne peut être établie : avec une probabilité de 95 %, elle se situe entre 0 % et 100 %." in read(
        recording_report(one, language="fr")
    )
    assert "100% of the speaking time" in read(recording_report(replace(one, speakers=[Speaker("ann", 20.0, 1.0)])))


def test_how_sure_the_number_of_voices_is(talk):
    def said(language, agreement):
        return read(recording_report(replace(talk, agreement=agreement), language=language))

    assert "How sure the number is 3 of five ways of counting found as many voices." in said("en", 0.6)
    assert "3 façons de compter sur cinq ont trouvé autant de voix." in said("fr", 0.6)
    assert "1 façon de compter sur cinq a trouvé autant de voix." in said("fr", 0.2)
    assert "How sure the number is All five ways of counting found as many voices." in said("en", 1.0)
    assert "Les cinq façons de compter ont trouvé autant de voix." in said("fr", 1.0)
    assert "Not judged: the number was given, or this result says nothing of it. Speech is" in said("en", None)
    assert "ways of counting" not in said("en", None) and "façon" not in said("fr", None)


@pytest.mark.parametrize(
    ("snr", "english", "french"),
    [
        (-3.4, "Speech is 3 dB quieter than", "La parole est plus faible de 3 dB que"),
        (-0.4, "Speech is 0 dB louder than", "La parole est plus forte de 0 dB que"),
        (7.0, "Speech is 7 dB louder than", "La parole est plus forte de 7 dB que"),
    ],
)
def test_speech_below_the_background_is_quieter(talk, snr, english, french):
    pages = [read(recording_report(replace(talk, snr=snr), language=language)) for language in ("en", "fr")]
    assert english in pages[0] and french in pages[1]


def test_the_figures_of_a_talk_in_french(talk):
    html = recording_report(talk, language="fr")
    said = read(html)
    assert "60 % du temps de parole des femmes et des hommes est entendu dans des voix de femmes." in said
    assert "Voix la plus entendue Ann (voix de femme) : 40 % de la parole" in said
    assert "Il y en a 2 : 100 % entre voix de femmes." in said
    assert "96,1 % des voix d'adultes" in said
    assert '<html lang="fr">' in html
    assert "60\u00a0%" in html
    assert not re.search(r"\w [:;?!%»]|« ", re.sub(r"(?s)<(style|script)\b.*?</\1>|<[^>]+>", "", html))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_page_says_that_a_recording_passes_the_test(talk, language):
    said = read(recording_report(talk, language=language))
    claims = re.findall(r"[^.]*(?:\bpass(?:es)?\b|réussi)[^.]*\.", said)
    assert len(claims) == 1
    assert claims[0].strip().startswith(("Nothing here says that", "Rien ici ne dit que"))


def test_where_to_listen(talk):
    html = recording_report(talk, sound=Sound("talk.wav", "talk.wav"))
    button = re.search(r'<button type="button" class="place"[^>]*>[^<]*</button>', html)[0]
    assert 'data-play="0.00 19.00"' in button
    assert 'aria-label="Play from 0:00"' in button
    assert 'aria-label="Show 0:00 on the timeline"' in recording_report(talk)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Nobody was heard to speak in this recording."), ("fr", "Aucune parole n'a été entendue dans cet ")],
)
def test_a_recording_in_which_nobody_speaks(language, sentence):
    html = recording_report(EMPTY, language=language)
    assert sentence in read(html)
    assert "<script" not in html
    assert "NaN" not in html and "nan" not in read(html)
    assert 'id="limits"' in html


def test_turns_without_genders_have_no_share_and_no_test(turns_only):
    html = recording_report(turns_only)
    said = read(html)
    assert "The genders are not known in this file" in said
    assert "Speakers 3" in said
    assert "There are 2. Ann and Bea answer each other most: 2 times." in said
    assert "Ann 40% not known 12.0 s 2 6.0 s" in said
    assert not re.search("women's voices|woman's|95%|clusterings|by ear|nan", said)
    assert "Les genres ne sont pas connus" in read(recording_report(turns_only, language="fr"))


def test_one_voice_at_even_odds_counts_with_nobody(talk):
    ann, bea, carl = talk.speakers
    said = read(recording_report(replace(talk, speakers=[replace(ann, p_female=0.5), bea, carl])))
    assert "33% of the speaking time of women and men is heard in women's voices." in said  # 6 of 18 s
    assert "women's voices 20% 1 6.0 s – men's voices 40% 1 12.0 s – not known 40% 1 12.0 s 12.0 s" in said
    assert "There are 2: 100% with a voice that is not known." in said


def test_a_gender_that_a_person_said_is_not_a_probability(talk):
    ann, bea, carl = talk.speakers
    mixed = replace(talk, speakers=[ann, replace(bea, p_female=0.9999), carl])
    said = read(recording_report(mixed))
    assert "Ann 40% woman's voice, said by a person 12.0 s" in said
    assert "Bea 20% woman's voice, >99% 6.0 s" in said
    assert "voix d'homme, indiqué par une personne" in read(recording_report(mixed, language="fr"))


def test_children_alone_have_no_share():
    child = Diarization(Annotation([Turn(0, 9, "Kim")]), [Speaker("Kim", 9.0, 0.5, 0.99)], 9.0)
    said = read(recording_report(child))
    assert "Only children's voices were heard" in said
    assert "Children's voices 1" in said
    assert "nan" not in said.lower().replace("nancy", "")


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</script><b>", "\x1b[31m"]
)
def test_names_are_text(name):
    talk = Annotation([Turn(0, 3, name), Turn(3, 6, "Bob")], name)
    html = recording_report(Diarization(talk, [Speaker(name, 3.0, 0.9), Speaker("Bob", 3.0, 0.1)], 6.0))
    assert name not in html
    assert "<img" not in html and "\x1b" not in html
    assert len(re.findall("<script", html)) == len(re.findall("</script>", html)) == 2


def test_the_page_is_whole_and_asks_nobody(talk):
    html = recording_report(talk)
    addresses = set(re.findall(r"(?i)[a-z]+://[^\s\"']+", html))
    assert addresses == {"http://www.w3.org/2000/svg"}  # the name of a language, which nobody fetches
    assert "src=" not in html
    assert "default-src 'none'" in html
    assert " style=" not in html and " onclick=" not in html


def test_the_same_result_gives_the_same_bytes(talk):
    assert recording_report(talk, language="fr") == recording_report(talk, language="fr")


def test_a_film_of_two_hours_is_small(film):
    html = recording_report(film)
    assert len(film.turns) > 2000
    assert len(html.encode()) < 500_000  # 3 MB are allowed


def test_what_the_script_draws_is_what_was_found(film):
    html = recording_report(film)
    content = json.loads(re.search(r'<script type="application/json" id="data">(.*)</script>', html)[1])
    turns = content["data"]["turns"]
    names = [speaker["name"] for speaker in content["data"]["speakers"]]
    assert [names[who] for _, _, who in turns] == [turn.speaker for turn in film.turns]
    assert all(math.isclose(start, turn.start, abs_tol=0.0051) for (start, _, _), turn in zip(turns, film.turns))


def test_another_language_is_refused(talk):
    with pytest.raises(ValueError, match="language must be one of en, fr; got 'de'"):
        recording_report(talk, language="de")
