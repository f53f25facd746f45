import pytest

from lightdiar.errors import FormatError
from lightdiar.io.uem import read_uem, write_uem
from lightdiar.timeline import Segment


def test_uem_goes_there_and_back(tmp_path, text_file):
    regions = {"news": [Segment(0, 10.5), Segment(20, 30)], "film": [Segment(1, 2)]}
    write_uem(tmp_path / "all.uem", regions)
    assert (tmp_path / "all.uem").read_bytes().startswith(b"news 1 0.000 10.500\nnews 1 20.000")
    assert read_uem(tmp_path / "all.uem") == regions
    with pytest.raises(FormatError, match=r"4 fields \(recording channel start end\), not 3: news 0 10"):
        read_uem(text_file("news 0 10\n"))
