from dataclasses import dataclass, field

import pytest

from lightdiar.events.fields import from_json


@dataclass(frozen=True)
class Shape:
    width: float = 1.0
    sides: int = 4
    filled: bool = True
    name: str = "box"
    marks: tuple[float, ...] = (0.5, 1.0)
    inner: tuple = field(default_factory=tuple)

    def __post_init__(self):
        if self.sides < 3:
            raise ValueError(f"sides={self.sides}: three are the least.")


def test_what_is_missing_keeps_its_default_and_lists_become_tuples():
    assert from_json(Shape, {}) == Shape()
    content = {"width": 2, "sides": 3, "filled": False, "name": "", "marks": [1, 2.5]}
    assert from_json(Shape, content) == Shape(2, 3, False, "", (1, 2.5))
    assert from_json(Shape, {"inner": "abc"}, read={"inner": tuple}).inner == ("a", "b", "c")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([1], r"shape: \[1\] must be an object with any of width, sides, filled, name, marks, inner\."),
        ({"colour": 1, "age": 2}, "shape: 'age' is not known; known are width, sides, filled, name, marks, inner"),
        ({"width": True}, "shape: width=True must be a number, such as 1"),
        ({"width": None}, "shape: width=None must be a number"),
        ({"width": 1e300}, "must be a number"),
        ({"sides": 4.0}, "shape: sides=4.0 must be a whole number, such as 4"),
        ({"sides": 10**30}, "must be a whole number"),
        ({"sides": True}, "must be a whole number"),
        ({"filled": 1}, "shape: filled=1 must be true or false"),
        ({"name": 3}, "shape: name=3 must be a text, such as box"),
        ({"marks": [1, "x"]}, r"shape: marks=\[1, 'x'\] must be numbers, such as \[0.5, 1.0\]"),
        ({"marks": 1}, "must be numbers"),
        ({"sides": 2}, "shape: sides=2: three are the least."),
    ],
)
def test_what_does_not_fit_is_said(content, message):
    with pytest.raises(ValueError, match=message):
        from_json(Shape, content, "shape")
