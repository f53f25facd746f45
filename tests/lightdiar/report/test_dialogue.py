import re

from lightdiar.report.dialogue import dialogue
from lightdiar.report.heard import Heard
from lightdiar.report.words import Words
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

EN = Words("en")


def told(names, p_female, pause=0.0):
    """Of turns of one second, in this order, with the same pause between."""
    turns = [Turn(n * (1 + pause), n * (1 + pause) + 1, name) for n, name in enumerate(names)]
    talk = Annotation(turns)
    speakers = [Speaker(name, seconds, p_female[name]) for name, seconds in talk.seconds().items()]
    heard = Heard(Diarization(talk, speakers, 100.0), EN)
    return [re.sub("<[^>]+>", " ", block) for block in dialogue(heard)]


def test_between_which_voices_answers_go():
    intro, most, matrix = told("abcab", {"a": 1.0, "b": 0.9, "c": 0.0})
    assert "There are 4: 50% between women's voices and 50% between a woman's and a man's." in intro
    assert "a (woman's voice) and b (woman's voice) answer each other most: 2 times." in most
    assert matrix.split()[-9:] == ["a", "2", "0", "b", "0", "1", "c", "1", "0"]


def test_many_speakers_make_a_table_of_pairs():
    names = "abacadaeafagahai"
    table = told(names, dict.fromkeys(names, 0.0))[2]
    assert "Pairs that answer each other most" in table
    assert table.split()[-1] == "1"


def test_one_answer():
    assert "There is one." in told("ab", {"a": 1.0, "b": 0.0})[0]


def test_late_turns_answer_nobody():
    (only,) = told("abab", {"a": 1.0, "b": 0.0}, pause=5.5)
    assert "Nobody answers anybody: no turn begins within 5 seconds after another speaker's." in only
