import numpy as np
import pytest

from lightdiar.report.summary import _count
from lightdiar.report.words import Words

EN = Words("en")


@pytest.mark.parametrize(
    ("n", "p", "said"),
    [
        (2, [0.02, 0.1, 0.7, 0.16, 0.02], "2. This number is right with a probability of 70%; 1 to 3 with 95%."),
        (1, [0.02, 0.96, 0.02], "1. This number is right with a probability of 96%; others have less than 5%"),
        (4, [0.0, 1.0], "4 found. The likeliest number is 1, with a probability of over 99%; others have less than 5%"),
        (3, None, "3"),
    ],
)
def test_how_sure_a_number_is(n, p, said):
    assert _count(EN, n, None if p is None else np.array(p)).removesuffix(" together.") == said
