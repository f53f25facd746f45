import re

import pytest

from lightdiar.errors import FormatError
from lightdiar.io.genders import read_genders


def test_genders(text_file):
    text = '\ufeffspeaker,gender,seconds\r\nann,F,51.20\r\n"lee, bob",M,18\r\nx,unknown,3\r\n'
    assert read_genders(text_file(text)) == {"ann": "F", "lee, bob": "M", "x": "unknown"}


@pytest.mark.parametrize(
    "text, message",
    [
        ("", ":1: the header needs the columns speaker and gender"),
        ("name,sex\nann,F\n", ":1: the header needs the columns speaker and gender: name,sex"),
        ("speaker,gender\nann,female\n", ":2: gender must be one of F, M, child, uncertain, unknown: ann,female"),
        ("speaker,gender\nann\n", ":2: the header has 2 columns, this line 1: ann"),
        ("speaker,gender\nann,F\nann,M\n", ":3: the speaker occurs twice: ann,M"),
        ("speaker,gender\nZo\u00eb,F\nZoe\u0308,M\n", ":3: the speaker occurs twice: Zo\u00eb,M"),
    ],
)
def test_a_bad_speaker_table_is_named_with_its_place(text_file, text, message):
    with pytest.raises(FormatError, match=re.escape(message)):
        read_genders(text_file(text))


def test_shared_speaker_tables_are_read(shared):
    for path in (shared / "corpora").rglob("*.genders.csv"):
        assert read_genders(path)
