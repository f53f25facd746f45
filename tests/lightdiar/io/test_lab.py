import pytest

from lightdiar.errors import FormatError
from lightdiar.io.lab import read_lab
from lightdiar.timeline import Segment


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
