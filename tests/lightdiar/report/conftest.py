"""Results whose figures can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn


@pytest.fixture(scope="session")
def talk():
    """Ann and Bea answer each other, then Carl speaks: 12, 6 and 12 s; women have 60 %, without any doubt."""
    times = [(0, 6, "Ann"), (6, 12, "Bea"), (13, 19, "Ann"), (30, 42, "Carl")]
    speakers = [Speaker("Ann", 12.0, 1.0), Speaker("Bea", 6.0, 1.0), Speaker("Carl", 12.0, 0.0)]
    return Diarization(Annotation([Turn(*time) for time in times], "talk"), speakers, 60.0, snr=12.4)


@pytest.fixture(scope="session")
def turns_only(talk):
    """The same turns as they come from RTTM: nothing is known of anybody's gender."""
    return replace(talk, speakers=[replace(speaker, p_female=0.5) for speaker in talk.speakers])


@pytest.fixture(scope="session")
def film():
    """A film of two hours with 14 voices, who take about 2,500 turns."""
    rng = np.random.default_rng(3)
    names = [f"SPEAKER_{number:02d}" for number in range(14)]
    turns, time = [], 10.0
    while time < 7100:
        pair = rng.choice(14, 2, replace=False)
        for place in range(rng.integers(2, 12)):
            length = 0.4 + rng.gamma(2, 0.9)
            turns.append(Turn(time, time + length, names[pair[place % 2]]))
            time += length + rng.exponential(0.3)
        time += rng.exponential(2)
    annotation = Annotation(turns, "film")
    p_female = rng.beta(0.4, 0.6, 14)
    speakers = [Speaker(name, seconds, p) for (name, seconds), p in zip(annotation.seconds().items(), p_female)]
    return Diarization(annotation, speakers, 7200.0, agreement=0.6)
