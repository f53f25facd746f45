import pytest

from lightdiar.errors import DoubtfulResultWarning, FormatError
from lightdiar.io.uem import read_channels, read_uem, write_uem
from lightdiar.timeline import Segment


def test_uem_goes_there_and_back(tmp_path, text_file):
    regions = {"news": [Segment(0, 10.5), Segment(20, 30)], "film": [Segment(1, 2)]}
    write_uem(tmp_path / "all.uem", regions)
    assert (tmp_path / "all.uem").read_bytes().startswith(b"news 1 0.000 10.500\nnews 1 20.000")
    assert read_uem(tmp_path / "all.uem") == regions
    with pytest.raises(FormatError, match=r"4 fields \(recording channel start end\), not 3: news 0 10"):
        read_uem(text_file("news 0 10\n"))


def test_a_uem_keeps_channels_apart(text_file):
    path = text_file("call 1 0 10\ncall 2 0 4\ncall 1 20 30\nnews A 0 1\n")
    assert read_channels(path) == {
        ("call", "1"): [Segment(0, 10), Segment(20, 30)],
        ("call", "2"): [Segment(0, 4)],
        ("news", "A"): [Segment(0, 1)],
    }
    with pytest.warns(DoubtfulResultWarning, match="call: on several channels"):
        assert list(read_uem(path)) == ["call/1", "call/2", "news"]


@pytest.mark.parametrize(
    "line, reason",
    [
        ("my news 1 0 10", "4 fields"),
        ("my news 0 10", "the channel is a number or a letter, not news"),
        ("news 1 0 3600001", "later than any recording"),
        ("news 1 5 1", "the end lies 4 s before the start"),
    ],
)
def test_a_bad_uem_line_is_named_with_its_place(text_file, line, reason):
    with pytest.raises(FormatError, match=f":2: .*{reason}.*: {line}$"):
        read_uem(text_file(f"news 1 0 10\n{line}\n"))


def test_regions_are_of_recordings(tmp_path):
    with pytest.raises(TypeError, match=r"^a dict of regions by recording is needed; got list\.$"):
        write_uem(tmp_path / "a.uem", [Segment(0, 1)])
