"""Woman, man or child: what is kept of each voice of a stream to tell, however long it speaks."""

import numpy as np

from lightdiar.signal.frontend import N_MFCC
from lightdiar.stages.gender import GenderModel

_MOST_FRAMES = 2000  # voiced, of a voice; the model counts 150 in full
_NEWS = 1.1  # times as many frames as when it was judged last
_LEAST = 1e-4  # as in `lightdiar.systems.diarizer`: 0 and 1 are kept for what a person has said


class Evidence:
    """Voiced frames of a voice, evenly drawn from all of them.

    Parameters
    ----------
    model : GenderModel

    Attributes
    ----------
    n_heard : int
        How many frames there were.
    p_female, p_child : float
        Probabilities that the voice is female, and that it is a child's.
    """

    def __init__(self, model: GenderModel) -> None:
        self._model = model
        self._mfcc, self._f0 = np.zeros((0, N_MFCC), np.float32), np.zeros(0, np.float32)
        self._stride, self._next = 1, 0  # every so many are kept; how many are left out before the next one
        self.n_heard = self._n_judged = 0
        self.p_female, self.p_child = 0.5, 0.0

    def hear(self, mfcc: np.ndarray, f0: np.ndarray) -> None:
        """Take note of frames of the voice: (n_frames, 24), and Hz or NaN."""
        voiced = np.flatnonzero(np.isfinite(f0))
        self.n_heard += len(voiced)
        self._mfcc = np.concatenate([self._mfcc, mfcc[voiced[self._next :: self._stride]]])
        self._f0 = np.concatenate([self._f0, f0[voiced[self._next :: self._stride]]])
        self._next = (self._next - len(voiced)) % self._stride
        self._thin()
        self._judge()

    def join(self, other: "Evidence") -> None:
        """Add what is known of a voice that turned out to be the same."""
        self.n_heard += other.n_heard
        while self._stride < other._stride:
            self._halve()
        while other._stride < self._stride:
            other._halve()
        self._mfcc = np.concatenate([self._mfcc, other._mfcc])
        self._f0 = np.concatenate([self._f0, other._f0])
        self._n_judged = 0
        self._thin()
        self._judge()

    def _judge(self):
        """Judge anew if there is enough news."""
        if self.n_heard > _NEWS * self._n_judged:
            woman, _, child = self._model.probabilities(self._mfcc, self._f0)
            self.p_female = min(max(woman + child / 2, _LEAST), 1 - _LEAST)
            self.p_child = min(child, 1 - _LEAST)
            self._n_judged = self.n_heard

    def _thin(self):
        while len(self._f0) > _MOST_FRAMES:
            self._halve()

    def _halve(self):
        self._next = self._next + self._stride * (len(self._f0) % 2)
        self._mfcc, self._f0, self._stride = self._mfcc[::2].copy(), self._f0[::2].copy(), 2 * self._stride
