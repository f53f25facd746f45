import re

import pytest

from lightdiar.errors import FormatError
from lightdiar.io import trials
from lightdiar.io.trials import Trial, read_trials

BOTH = (Trial(True, "a.wav", "b.wav"), Trial(False, "a.wav", "c.wav"))


@pytest.mark.parametrize(
    "text",
    [
        "1 a.wav b.wav\n0 a.wav c.wav\n",
        "a.wav b.wav target\na.wav c.wav nontarget\n",  # Kaldi
        "target a.wav b.wav\nNonTarget a.wav c.wav",
        "a.wav b.wav 1\na.wav c.wav 0\n",
        "1\ta.wav\tb.wav\n0  a.wav \t c.wav  \n",
        "1,a.wav,b.wav\n0, a.wav , c.wav\n",
        '"1","a.wav","b.wav"\n0, "a.wav", "c.wav"\n',
        "\ufeff1 a.wav b.wav\r\n\r\n;; others\r\n0 a.wav c.wav\r\n",
        "label,enrol,test\n1,a.wav,b.wav\n0,a.wav,c.wav\n",
        ";; with names\nenrol test label\na.wav b.wav target\n0 a.wav c.wav\n",
    ],
)
def test_all_forms_say_the_same(text_file, text):
    assert read_trials(text_file(text)) == BOTH


def test_voxceleb_paths(text_file):
    text = "1 id10270/x6uYqmx31kE/00001.wav id10270/8jEAjG6SegY/00008.wav\n"
    (trial,) = read_trials(text_file(text))
    assert trial == Trial(True, "id10270/x6uYqmx31kE/00001.wav", "id10270/8jEAjG6SegY/00008.wav")


@pytest.mark.parametrize(
    "line", ['1,"my talk, 2.wav",b c.wav', '"my talk, 2.wav",b c.wav,target', "1\tmy talk, 2.wav\tb c.wav"]
)
def test_names_with_blanks_and_commas(text_file, line):
    assert read_trials(text_file(line)) == (Trial(True, "my talk, 2.wav", "b c.wav"),)


def test_a_comma_in_a_name_does_not_make_a_table(text_file):
    assert read_trials(text_file("1 a,b.wav c.wav\n")) == (Trial(True, "a,b.wav", "c.wav"),)


def test_a_person_may_be_called_1_where_the_label_is_a_word(text_file):
    found = read_trials(text_file("1 talk.wav nontarget\n0 talk.wav target\n"))
    assert found == (Trial(False, "1", "talk.wav"), Trial(True, "0", "talk.wav"))


def test_the_same_line_twice_is_two_trials(text_file):
    assert read_trials(text_file("1 a b\n1 a b\n")) == (Trial(True, "a", "b"),) * 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ":1: no trial in it; a trial is a line such as: 1 enrol test, or: enrol test nontarget: (empty list)"),
        (";; nothing\n\n", ":1: no trial in it;"),
        ("label enrol test\n", ":1: no trial in it;"),
        ("1 a b\n1 a\n", ":2: a trial is a line such as: 1 enrol test, or: enrol test nontarget; this has 2 fields. "),
        (
            "1 my talk.wav b.wav",
            ":1: a trial is a line such as: 1 enrol test, or: enrol test nontarget; this has 4 fields. "
            'For names with blanks use commas and quotes: 1,"a b.wav",c.wav: 1 my talk.wav b.wav',
        ),
        ("\n1 a b\n\n2 a b\n", ":4: the first or the last field must be the label: 1 or target, 0 or nontarget: 2 a b"),
        ("1 a b\nlabel enrol test\n", ":2: the first or the last field must be the label"),
        ("test enrol label\n", ":1: the first or the last field must be the label"),
        ("a target b\n", ":1: the first or the last field must be the label"),
        ("1.0 a b\n", ":1: the first or the last field must be the label"),
        (
            "1 a 0\n",
            ":1: the first and the last field could both be the label; write target or nontarget for it: 1 a 0",
        ),
        ("target a target\n", ":1: the first and the last field could both be the label"),
        ("1,,b.wav\n", ":1: one of the three fields is empty: 1,,b.wav"),
        ('1,"a b.wav\n', ":1: a trial is a line such as"),
    ],
)
def test_what_is_no_trial_is_named_with_its_place(text_file, text, message):
    with pytest.raises(FormatError, match=re.escape(message)):
        read_trials(text_file(text))


def test_what_is_not_text_is_refused(tmp_path):
    path = tmp_path / "trials.txt"
    path.write_bytes(b"1 a b\n0 a \xff\n")
    with pytest.raises(FormatError, match=re.escape("trials.txt:2: not UTF-8 text")):
        read_trials(path)


def test_a_list_of_too_many_trials_is_refused_where_they_become_too_many(text_file, monkeypatch):
    path = text_file("label,enrol,test\n1,a.wav,b.wav\n\n0,a.wav,c.wav\n")
    monkeypatch.setattr(trials, "MOST_TRIALS", 2)
    assert read_trials(path) == BOTH
    monkeypatch.setattr(trials, "MOST_TRIALS", 1)
    with pytest.raises(FormatError, match=r":4: more than 1 trials cannot be read; give a part of them: 0,a\.wav,c"):
        read_trials(path)


def test_a_name_is_kept_once_however_many_trials_have_it(text_file):
    first, second, third = read_trials(text_file("1 a.wav b.wav\na.wav b.wav 0\n1,b.wav,a.wav\n"))
    assert first.enrol is second.enrol is third.test and first.test is second.test is third.enrol


def test_a_trial_is_not_changed():
    with pytest.raises(AttributeError, match="cannot assign to field 'same'"):
        BOTH[0].same = False
