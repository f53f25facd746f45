import numpy as np
import pytest

from lightdiar.stages.voting import vote


@pytest.mark.parametrize(
    ("numbers", "chosen", "agreement"),
    [
        ([2, 2, 2, 2, 2], 0, 1.0),
        ([2, 2, 3, 3, 3], 0, 0.6),  # the middle is of the majority
        ([2, 3, 4, 3, 3], -1, 0.6),  # it is not: the nearest that is, the lower first
        ([1, 2, 3, 4, 5], 0, 0.2),
    ],
)
def test_clusterings_vote_on_the_number_of_speakers(numbers, chosen, agreement):
    labels, share = vote([np.append(np.arange(number), 0) for number in numbers])
    assert labels.tolist() == [*range(numbers[chosen + 2]), 0]
    assert share == agreement
