"""Coefficients of which every test knows what they say."""

from dataclasses import replace

import numpy as np
import pytest

from lightdiar.representation.reliability import Reliability

_SURE = 60.0  # log odds


@pytest.fixture
def sure():
    """Everything is as the diarization says: genders as they lean, nobody split or missed, all who seem to talk do."""
    return Reliability(
        gender=np.array([0.0, _SURE, 0.0]),
        distinct=np.array([0.0, _SURE, 0.0, 0.0, 0.0]),
        missed=np.array([-_SURE, 0.0, 0.0, 0.0, 0.0]),
        talking=np.array([0.0, 0.0, _SURE, 0.0, 0.0]),
        hidden=0.0,
        confusion=np.array([-_SURE, 0.0, 0.0, 50.0]),
    )


@pytest.fixture
def unsure(sure):
    """Everything may be otherwise."""
    return replace(
        sure,
        gender=np.array([0.1, 0.8, 0.0]),
        distinct=np.array([0.5, -1.0, 0.0, 0.0, 0.0]),
        missed=np.array([-1.0, 0.0, 0.0, 0.3, 0.0]),
        talking=np.array([0.5, 0.3, -1.0, 0.0, 0.0]),
        hidden=0.4,
        confusion=np.array([-2.0, 0.0, 0.0, 8.0]),
    )
