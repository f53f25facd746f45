import pytest

from lightdiar.errors import FormatError, LightdiarError
from lightdiar.io.lines import numbered_lines


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_line_ends_blank_lines_and_comments(text_file, line_end):
    text = "\ufeffone\n\n;; not this\n  two \n".replace("\n", line_end)
    assert list(numbered_lines(text_file(text))) == [(1, "one"), (4, "two")]


def test_a_format_error_is_a_value_error_of_ours():
    assert issubclass(FormatError, LightdiarError)
    assert issubclass(FormatError, ValueError)


def test_text_that_is_not_utf8_is_refused_with_its_line(text_file):
    with pytest.raises(FormatError, match=":2: not UTF-8"):
        list(numbered_lines(text_file("ann\nzoë\n", encoding="latin-1")))
