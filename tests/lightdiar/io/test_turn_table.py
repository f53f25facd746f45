import csv
import io

import pytest

from lightdiar.errors import FormatError
from lightdiar.io.turn_table import TurnTable, read_turn_table, turn_table_text
from lightdiar.timeline import Annotation, Turn

TALK = Annotation([Turn(0.5, 2, "=1+1"), Turn(1, 3, 'bob "B", jr'), Turn(4, 5, "'=x")], "talk")
TEXT = """\
recording,start,end,speaker,gender
talk,0.500,2.000,'=1+1,F
talk,1.000,3.000,"bob ""B"", jr",
talk,4.000,5.000,''=x,uncertain
"""
GENDERS = {"=1+1": "F", "'=x": "uncertain"}


def test_table_to_the_letter(text_file):
    assert turn_table_text(TALK, GENDERS) == TEXT
    assert read_turn_table(text_file(TEXT)) == {"talk": TurnTable(TALK, GENDERS)}


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "'=1", "''+", "'Tis"])
def test_no_cell_is_a_formula_and_every_name_comes_back(text_file, name):
    text = turn_table_text(Annotation([Turn(0, 1, name)], name))
    row = list(csv.reader(io.StringIO(text)))[1]
    assert not any(cell[0] in "=+-@" for cell in (row[0], row[3]))
    assert read_turn_table(text_file(text)) == {name: TurnTable(Annotation([Turn(0, 1, name)], name), {})}


def test_what_a_spreadsheet_saves_is_read(text_file):
    text = 'Speaker;Start;End;Note;Gender\r\nZo\u00eb;0,5;1,25;"a;b\nc";F\r\n;;;;\r\nBob;2;3;;M\r\nZo\u00eb;3;3;;\r\n'
    talk = Annotation([Turn(0.5, 1.25, "Zo\u00eb"), Turn(2, 3, "Bob")], "file")
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert read_turn_table(text_file(text, encoding)) == {"file": TurnTable(talk, {"Zo\u00eb": "F", "Bob": "M"})}
    tabs = "start\tend\tspeaker\n0.5\t1\tann, the first\n"
    assert read_turn_table(text_file(tabs))["file"].annotation.speakers == ["ann, the first"]


def test_other_columns_may_have_one_name(text_file):
    text = "start,end,speaker,note,note,,\n0,1,ann,x,y,,\n"
    assert read_turn_table(text_file(text))["file"].annotation == Annotation([Turn(0, 1, "ann")], "file")


def test_recordings_are_in_order_of_appearance(text_file):
    found = read_turn_table(text_file("recording,start,end,speaker\nb,0,1,x\na,0,1,x\nb,2,3,y\n,0,1,z\n"))
    assert [(name, len(table.annotation)) for name, table in found.items()] == [("b", 2), ("a", 1), ("file", 1)]
    assert read_turn_table(text_file("recording,start,end,speaker\n")) == {}


HEADER = "the header needs the columns start, end and speaker, and may have recording and gender"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"1: {HEADER}: (empty file)"),
        ("\nstart,speaker\n", f"2: {HEADER}: start,speaker"),
        ("start,end,Speaker,speaker\n", "1: the header names the column speaker twice: start,end,Speaker,speaker"),
        ("start,end,speaker\n0,1\n", "2: the header has 3 columns, this line 2: 0,1"),
        ("start,end,speaker\n0,1,\n", "2: the speaker's name is empty: 0,1,"),
        ("start,end,speaker\n0,x,ann\n", "2: x is not a number of seconds: 0,x,ann"),
        ("start,end,speaker\n1,0,ann\n", "2: the end lies 1 s before the start: 1,0,ann"),
        (
            "start,end,speaker,gender\n0,1,ann,W\n",
            "2: gender must be one of F, M, child, uncertain, unknown: 0,1,ann,W",
        ),
        ("start,end,speaker,gender\n0,1,ann,F\n2,3,ann,M\n", "3: the gender of ann was F before: 2,3,ann,M"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text_file, text, message):
    path = text_file(text)
    with pytest.raises(FormatError) as caught:
        read_turn_table(path)
    assert str(caught.value) == f"{path}:{message}"


def test_a_cell_without_end_is_told(text_file):
    path = text_file(f'start,end,speaker\n0,1,"{"x" * 200_000}')
    with pytest.raises(FormatError, match="file.txt:2: not CSV that can be read: field larger than field limit"):
        read_turn_table(path)
