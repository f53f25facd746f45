import pytest

from lightdiar.errors import FormatError
from lightdiar.io.lab import audacity_text, read_audacity, read_lab
from lightdiar.timeline import Annotation, Segment, Turn


def test_lab(text_file):
    marks = read_lab(text_file("0.00000 0.20981 S\r\n0.20981 0.77443 V\n1\t2\tdog barks\n3 3 V\n"))
    assert marks == [
        (Segment(0, 0.20981), "S"),
        (Segment(0.20981, 0.77443), "V"),
        (Segment(1, 2), "dog barks"),
    ]
    with pytest.raises(FormatError, match=r":1: a label line has 3 fields \(start end label\), not 2: 0 1"):
        read_lab(text_file("0 1\n"))


def test_shared_label_files_hold_speech_and_silence(shared):
    for path in (shared / "corpora").rglob("*.lab"):
        assert {label for _, label in read_lab(path)} == {"S", "V"}


def test_labels_of_audacity_come_back(text_file):
    talk = Annotation([Turn(0.5, 2, "Ann\xa0Lee <b>"), Turn(1, 3, "2 3"), Turn(3, 3.0004, "x")], "file")
    text = audacity_text(talk)
    assert text == "0.500\t2.000\tAnn\xa0Lee <b>\n1.000\t3.000\t2 3\n"
    assert read_audacity(text_file(text)) == {"file": Annotation(talk.turns[:2], "file")}


def test_frequencies_of_spectral_selections_are_left_out(text_file):
    marks = read_lab(text_file("0.500000\t2.000000\tann\n\\\t100.5\t2000.0\n"))
    assert marks == [(Segment(0.5, 2), "ann")]
