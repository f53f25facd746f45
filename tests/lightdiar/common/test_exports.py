import inspect

from lightdiar.common.exports import export


class Answer:
    def __init__(self, text):
        self.text = text

    @export
    def to_text(self):
        """The answer."""
        return self.text


def test_a_text_is_returned_or_written(tmp_path):
    assert Answer("é\n").to_text() == "é\n"
    assert Answer("é\n").to_text(tmp_path / "a.txt") is None
    assert (tmp_path / "a.txt").read_bytes() == b"\xc3\xa9\n"


def test_the_method_looks_like_one(tmp_path):
    assert Answer.to_text.__name__ == "to_text" and Answer.to_text.__doc__ == "The answer."
    assert list(inspect.signature(Answer.to_text).parameters) == ["self", "path"]
