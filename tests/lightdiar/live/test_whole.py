"""A stream that tells all at the end: the thread takes everything, fails loudly, and never keeps a program alive."""

import subprocess
import sys

import numpy as np
import pytest

from lightdiar.live import whole as module
from lightdiar.live.whole import Whole
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Segment, Turn

NOTHING = np.zeros(0, np.float32)


class Collecting:
    """A diarizer that keeps what it hears, and finds one speaker in all of it; it may fail at some block."""

    def __init__(self, fails_at=None):
        self.heard, self.fails_at = [], fails_at

    def predict_blocks(self, blocks):
        for number, block in enumerate(blocks):
            if number == self.fails_at:
                raise ValueError("the models are broken.")
            self.heard.append(block)
        seconds = sum(map(len, self.heard)) / 16000
        return Diarization(Annotation([Turn(0, seconds, "A")]), [Speaker("A", seconds, 0.5)], seconds)


def test_all_is_heard_in_order_in_blocks_of_bounded_size(rng, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK", 1000)
    diarizer, samples = Collecting(), rng.normal(size=20_500).astype(np.float32)
    whole = Whole(diarizer)
    assert whole.hear(samples[:3]).certain == ()
    whole.hear(samples[3:20_000])
    whole.finish(samples[20_000:], 20_500 / 16000, [])
    assert np.array_equal(np.concatenate(diarizer.heard), samples) and max(map(len, diarizer.heard)) == 1000


def test_what_follows_a_gap_is_so_much_later_and_no_turn_is_in_it():
    diarizer = Collecting()
    whole = Whole(diarizer)
    whole.hear(np.ones(8000, np.float32))
    gap = Segment(0.75, 30.125)
    whole.skip(np.ones(4000, np.float32), gap)
    result = whole.finish(np.ones(14000, np.float32), 31.0, [gap])
    heard = np.concatenate(diarizer.heard)
    assert len(heard) == 31 * 16000 and np.flatnonzero(heard == 0).tolist() == list(range(12000, 482_000))
    assert [(turn.start, turn.end) for turn in result.turns] == [(0, 0.75), (30.125, 31)]
    assert result.speakers[0].seconds == 1.625


def test_who_was_only_in_a_gap_is_nobody():
    result = Diarization(Annotation([Turn(1, 2, "A"), Turn(4, 5, "B")]), [Speaker("A", 1, 0), Speaker("B", 1, 1)], 6.0)
    assert [speaker.name for speaker in module.without(result, [Segment(0.5, 3)]).speakers] == ["B"]


@pytest.mark.parametrize("fails_at", [0, 5])
def test_a_failure_is_raised_where_somebody_listens(fails_at, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE", 0.01)
    whole = Whole(Collecting(fails_at))
    with pytest.raises(ValueError, match="the models are broken"):
        for _ in range(fails_at + module._MOST_BLOCKS + 2):
            whole.hear(np.ones(10, np.float32))
    with pytest.raises(ValueError, match="the models are broken"):
        whole.finish(NOTHING, 1.0, [])


@pytest.mark.slow
def test_a_program_can_end_in_the_middle():
    program = "import numpy, lightdiar; lightdiar.Stream(latency=float('inf')).push(numpy.zeros(16000)); print('end')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "end\n", "")
