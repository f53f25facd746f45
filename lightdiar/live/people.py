"""Who is who in a stream: windows of speech that are remembered, the voices in them, and which voices became one.

Two clusterings work together. With each step, the windows that are not yet certain go to the voices known so far, or to
a new one, which is cheap: what is certain cannot be taken back, but two voices can become one later. Now and then all
windows that are remembered are clustered as offline. That tells better how the voices sound, and which of them are one.

Points move as the mean of the cepstra does, so the windows are remembered as features, and seen anew as it moves.
"""

from collections.abc import Sequence

import numpy as np

from lightdiar.models.vbhmm import soften, vb_hmm
from lightdiar.signal.features import deltas
from lightdiar.stages.clustering import cluster_scores
from lightdiar.stages.embedding import N_STATIC, Embedder, window_statistics
from lightdiar.stages.voting import VBClusterer
from lightdiar.systems.settings import Settings

Piece = tuple[np.ndarray, np.ndarray]  # features (n_frames, 38) of a window, and which of its frames are speech

_MOST_WINDOWS, _TOO_MANY = 400, 440  # remembered: five minutes of speech; thinned out when there are too many
_NEW_VOICE = 0.2  # share of the offline prior for a new voice
_FULL_PRIOR_WINDOWS, _FEWEST_WINDOWS = 300, 60  # as offline the prior grows with them, but from a minute's on
_SHARPNESS, _ROUNDS = 7.0, 5  # nats, and iterations, of the clustering at each step
_SEEN_ANEW = 1.1  # times as much speech as when the mean was taken last
_MOST_SPEECH = 60_000  # frames in the mean, ten minutes; after that, older ones count less and less
_NEWS, _FEWEST_NEWS = 0.07, 4  # windows since the last clustering of all: a share of them, and at least so many
_TOGETHER = 0.6  # share of the windows of a voice that lie in a cluster of another one,
_TIMES = 2  # in so many clusterings one after the other
_SETTLED = 6  # windows after which a voice that filled none is not expected to
_BLOCK = 64  # windows seen at once


class People:
    """The voices of a stream; they are numbers.

    Parameters
    ----------
    embedder : Embedder
    settings : Settings
    max_speakers : int, optional

    Attributes
    ----------
    n_voices : int
        How many numbers are taken; those from here on are new voices.
    """

    def __init__(self, embedder: Embedder, settings: Settings, max_speakers: int | None = None) -> None:
        self._embedder, self._settings, self._most = embedder, settings, max_speakers
        self._cluster = VBClusterer(embedder.plda, settings.speaker_prior, settings.loop_probability)
        self._pieces: list[Piece] = []  # of the windows, in time order
        self._points = np.zeros((0, len(embedder.plda.phi)), np.float32)
        self._voice, self._said = np.zeros((2, 0), int)  # what each was found to be last, and what it was said to be
        self.n_voices = 0
        self._sum, self._n_speech = np.zeros(N_STATIC - 1), 0  # of the cepstra of speech
        self._mean: np.ndarray | None = None
        self._n_in_mean = 0
        self._n_news = 0
        self._doubts: dict[tuple[int, int], int] = {}  # pairs of voices that were one in so many clusterings
        self._n_heard = 0  # windows in all
        self._beside: dict[int, tuple[int, int]] = {}  # less than half of a window: of which voice, and when
        self._into: dict[int, int] = {}  # what voices turned out to be,
        self._merged: list[tuple[int, int]] = []  # and those of them that nobody has asked for

    @staticmethod
    def pieces(mfcc: np.ndarray, speech: np.ndarray, windows: np.ndarray) -> list[Piece]:
        """What is remembered of windows of frames."""
        static = mfcc[:, 1:N_STATIC]
        X = np.concatenate([static, deltas(static)], axis=1).astype(np.float32, copy=False)
        return [(X[start:end].copy(), speech[start:end].copy()) for start, end in windows]

    def points(self, pieces: Sequence[Piece]) -> np.ndarray:
        """Points of windows in PLDA space, shape (n_windows, n_dimensions), float32."""
        if self._mean is None:
            total, n_frames = self._sum.copy(), self._n_speech
            for X, speech in pieces:
                total += X[speech, : N_STATIC - 1].sum(axis=0, dtype=np.float64)
                n_frames += np.count_nonzero(speech)
            return self._project(pieces, total / max(n_frames, 1))
        return self._project(pieces, self._mean)

    def judge(self, points: np.ndarray, said: np.ndarray) -> np.ndarray:
        """Voices of windows that are not yet certain, those that come after all that are remembered.

        Parameters
        ----------
        points : ndarray of shape (n_windows, n_dimensions)
        said : ndarray of int, shape (n_windows,)
            The voice of what is already certain in each, -1 if nothing is.

        Returns
        -------
        voices : ndarray of int, shape (n_windows,)
        """
        plda, n = self._embedder.plda, len(self._points)
        begun = _begin(cluster_scores(plda.log_likelihood_ratio(points)), said)
        known = np.unique(np.concatenate([self._voice, begun[begun >= 0]]))
        new = np.unique(begun[begun < 0])[::-1]
        if self._most:
            new = new[: max(0, self._most - len(known))]
        states = [*known.tolist(), *new.tolist()]
        place = {state: number for number, state in enumerate(states)}
        start = np.array([place.get(state, 0) for state in [*self._voice.tolist(), *begun.tolist()]])
        share = min(1.0, np.sqrt(max(n + len(points), _FEWEST_WINDOWS) / _FULL_PRIOR_WINDOWS))
        found = vb_hmm(
            np.concatenate([self._points, points]),
            plda.phi,
            soften(start, sharpness=_SHARPNESS),
            loop_probability=self._settings.loop_probability,
            fb=_NEW_VOICE * share * self._settings.speaker_prior,
            n_iter=_ROUNDS,
        )
        names: dict[int, int] = {}
        voices = []
        for number in found.responsibilities[n:].argmax(axis=1):
            state = states[number]
            voices.append(state if state >= 0 else names.setdefault(state, self.n_voices + len(names)))
        return np.array(voices)

    def say(self, voice: int) -> None:
        """A voice is certain: its number is taken."""
        self.n_voices = max(self.n_voices, voice + 1)

    def remember(self, piece: Piece, point: np.ndarray, voice: int, said: np.ndarray) -> None:
        """Remember a window: what it was found to be, and the certain voices of its frames."""
        X, speech = piece
        mostly = int(np.bincount(said).argmax()) if len(said) else voice
        self._beside.update(dict.fromkeys(set(said.tolist()) - {mostly}, (mostly, self._n_heard)))
        self._n_heard += 1
        self._pieces.append(piece)
        self._points = np.concatenate([self._points, point[None]])
        self._voice, self._said = np.append(self._voice, voice), np.append(self._said, mostly)
        self.say(max(voice, mostly))
        self._sum += X[speech, : N_STATIC - 1].sum(axis=0, dtype=np.float64)
        self._n_speech += np.count_nonzero(speech)
        self._n_news += 1

    def review(self, *, last: bool = False) -> float:
        """Look at all windows again if there is enough news, and always at the end; return the agreement."""
        n = len(self._pieces)
        if n > _TOO_MANY:
            self._thin()
        if self._n_speech and (self._n_speech >= _SEEN_ANEW * self._n_in_mean or last):
            self._mean, self._n_in_mean = self._sum / self._n_speech, self._n_speech
            self._points = self._project(self._pieces, self._mean)
            if self._n_speech > _MOST_SPEECH:
                self._sum, self._n_speech = self._sum / 2, self._n_speech // 2
                self._n_in_mean = self._n_speech
        if n and (last or self._n_news >= max(_FEWEST_NEWS, _NEWS * n)):
            self._n_news = 0
            labels, agreement = self._cluster(self._points, None, self._most)
            self._match(labels, 1 if last else _TIMES)
            self._settle(0 if last else _SETTLED)
            return agreement
        return 1.0

    def merged(self) -> list[tuple[int, int]]:
        """Voices that turned out to be others since this was asked last: which, and what they are now."""
        merged, self._merged = self._merged, []
        return merged

    def _match(self, labels, times):
        """Call clusters by the voices that they were said to be, and find voices that have become one."""
        from scipy.optimize import linear_sum_assignment

        voices, numbers = np.unique(self._said), np.arange(labels.max() + 1)
        shared = (self._said == voices[:, None]).astype(float) @ (labels[:, None] == numbers)
        of_cluster = {
            cluster: int(voices[row]) for row, cluster in zip(*linear_sum_assignment(-shared)) if shared[row, cluster]
        }
        doubts, together = {}, 0 if len(voices) > (self._most or len(voices)) else _TOGETHER
        for voice, row in zip(voices.tolist(), shared):
            cluster = row.argmax()
            into = of_cluster.get(cluster, voice)
            if voice not in of_cluster.values() and into != voice and row[cluster] >= together * row.sum():
                pair = max(voice, into), min(voice, into)
                doubts[pair] = self._doubts.get(pair, 0) + 1
        for cluster in numbers:
            if cluster not in of_cluster:  # nobody has been said to be this one yet
                of_cluster[cluster] = self.n_voices
                self.n_voices += 1
        self._voice = np.array([of_cluster[cluster] for cluster in labels])
        self._doubts = {pair: n_times for pair, n_times in doubts.items() if n_times < times}
        for pair, n_times in doubts.items():
            if n_times >= times:
                self._merge(*pair)

    def _settle(self, patience):
        """Voices that never filled half a window, and none since, are slips of those beside them."""
        for voice, (into, when) in list(self._beside.items()):
            if voice in self._said:
                del self._beside[voice]
            elif self._n_heard - when >= patience:
                del self._beside[voice]
                self._merge(voice, into)

    def _merge(self, voice, into):
        voice, into = self._now(voice), self._now(into)
        if voice == into:
            return
        self._into[voice] = into
        self._voice[self._voice == voice] = into
        self._said[self._said == voice] = into
        self._merged.append((voice, into))

    def _now(self, voice):
        """The voice that a voice is by now."""
        while voice in self._into:
            voice = self._into[voice]
        return voice

    def _project(self, pieces, mean):
        """Points of windows in PLDA space, the mean of the cepstra taken off."""
        offset = np.concatenate([mean, np.zeros(N_STATIC - 1)]).astype(np.float32)
        points = [np.zeros((0, len(self._embedder.plda.phi)), np.float32)]
        for first in range(0, len(pieces), _BLOCK):
            block = pieces[first : first + _BLOCK]
            ends = np.cumsum([len(X) for X, _ in block])
            windows = np.stack([np.concatenate([[0], ends[:-1]]), ends], axis=1)
            X = np.concatenate([X for X, _ in block]) - offset
            speech = np.concatenate([speech for _, speech in block])
            statistics = window_statistics(self._embedder.ubm, X, windows, speech)
            points.append(self._embedder.plda.project(self._embedder.extractor.embed(*statistics)))
        return np.concatenate(points).astype(np.float32)

    def _thin(self):
        """Forget every second window of the voice that has most of them, until few enough are left."""
        while len(self._pieces) > _MOST_WINDOWS:
            voices, counts = np.unique(self._voice, return_counts=True)
            own = np.flatnonzero(self._voice == voices[counts.argmax()])
            kept = np.ones(len(self._pieces), bool)
            kept[own[1 : 2 * (len(self._pieces) - _MOST_WINDOWS) : 2]] = False
            for voice in set(self._said[~kept].tolist()) - set(self._said[kept].tolist()):
                self._beside[voice] = int(self._voice[~kept][self._said[~kept] == voice][0]), self._n_heard
            self._pieces = [piece for piece, keep in zip(self._pieces, kept) if keep]
            self._points, self._voice, self._said = self._points[kept], self._voice[kept], self._said[kept]


def _begin(clusters, said):
    """Where windows begin their search: what was said of them, or of their cluster; negative numbers for new voices."""
    begun = np.array(said)
    for cluster in range(clusters.max() + 1):
        own = clusters == cluster
        spoken = said[own & (said >= 0)]
        begun[own & (said < 0)] = spoken[0] if len(spoken) else -1 - cluster
    return begun
