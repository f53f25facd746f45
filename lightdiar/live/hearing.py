"""What is heard, from the past alone: features and evidence of speech of a sound that goes on.

Offline, level, pitch and offset are relative to the whole recording, or to a minute of it. Here they are relative to
what was heard until now. Hum is left in: to find it takes 16 s.
"""

import numpy as np

from lightdiar.signal.features import mfcc
from lightdiar.signal.frontend import GRID, N_FILTERS, N_MFCC, SAMPLE_RATE
from lightdiar.signal.pitch import f0
from lightdiar.stages.speech import SpeechDetector, detector_features, speech_level

KEPT_FRAMES = 2000  # of features
_MINUTE = 60  # seconds that level and offset are taken from
_PITCH_FRAMES, _PITCH_LEAD = 100, 30  # that are tracked at a time, and those of them that only lead to the others
_REACH, _CONTEXT = 350, 330  # frames whose surroundings may still change, and what is around them
_LOUD_FRAMES = 30_000  # five minutes of surely voiced frames tell the level of speech
_VOICED = 0.7  # as `lightdiar.stages.speech.speech_level`
_DITHER, _LEAST_DITHER = 10 ** (-55 / 20), 10 ** (-75 / 20)  # of the level, as `lightdiar.signal.frontend`
_NOTHING_HEARD = 10 ** (-100 / 20)
_SILENCE = 0.03  # of the peaks: below it nothing is voiced
_ROUNDING = 1e-6


class Loudness:
    """How loud the sound and the speech were so far; it outlives gaps."""

    def __init__(self):
        self._steps = []  # of the last minute: number of samples, sum, sum of squares
        self._peaks = np.zeros(0, np.float32)  # of 10 ms each
        self._energy, self._strength = np.zeros((2, 0), np.float32)
        self._loudest = 0.0
        self.offset = self.dither = 0.0

    def hear(self, samples):
        """Take note of the samples of a step."""
        exact = samples.astype(np.float64)
        self._steps.append((len(exact), exact.sum(), exact @ exact))
        while len(self._steps) > 1 and sum(n for n, _, _ in self._steps[1:]) >= _MINUTE * SAMPLE_RATE:
            del self._steps[0]
        n, total, squares = np.sum(self._steps, axis=0)
        self.offset = total / n
        level = np.sqrt(max(squares / n - self.offset**2, 0.0))
        if level < _ROUNDING * abs(self.offset):
            level = 0.0
        self._loudest = max(self._loudest, level)
        self.dither = max(_LEAST_DITHER * self._loudest, _DITHER * level) or _NOTHING_HEARD
        self._peaks = np.concatenate([self._peaks, _peaks(exact - self.offset)])[-100 * _MINUTE :]

    def silence(self, samples):
        """Share of the peaks of some samples below which they are silent."""
        here = np.quantile(_peaks(samples), 0.99)
        return float(min(1.0, _SILENCE * np.quantile(self._peaks, 0.99) / max(here, 1e-30)))

    def hear_speech(self, energy, strength):
        """Take note of frames: log energy and strength of pitch, shape (n_frames,)."""
        energy, strength = np.concatenate([self._energy, energy]), np.concatenate([self._strength, strength])
        surely = strength > _VOICED
        if np.count_nonzero(surely) > 100:
            energy, strength = energy[surely], strength[surely]
        self._energy, self._strength = energy[-_LOUD_FRAMES:], strength[-_LOUD_FRAMES:]

    @property
    def of_speech(self):
        """Log energy of loud speech so far."""
        return speech_level(self._energy, self._strength)


class Hearing:
    """The last seconds of a sound without gaps.

    Parameters
    ----------
    detector : SpeechDetector
    loudness : Loudness

    Attributes
    ----------
    n_frames : int
        Number of frames heard so far.
    first : int
        The first of them that is kept.
    mfcc : ndarray of shape (n_kept, 24), float32
    f0, strength : ndarray of shape (n_kept,), float32
        As in `lightdiar.signal.frontend.Analysis`.
    odds : ndarray of shape (n_kept,), float32
        Log odds of speech.
    """

    def __init__(self, detector: SpeechDetector, loudness: Loudness):
        self._detector, self._loudness = detector, loudness
        self._samples, self._from, self._n_steps = np.zeros(0, np.float32), 0, 0
        self.first = 0
        self.mfcc = np.zeros((0, N_MFCC), np.float32)
        self.f0, self.strength, self.odds = np.zeros((3, 0), np.float32)

    @property
    def n_frames(self) -> int:
        return self.first + len(self.mfcc)

    def push(self, samples: np.ndarray) -> None:
        """Hear a step of samples at 16 kHz."""
        if not len(samples):
            return
        self._loudness.hear(samples)
        self._samples = np.concatenate([self._samples, samples])
        self._n_steps += 1
        n_new = self._n_complete() - self.n_frames
        if n_new > 0:
            self._analyse(n_new)
            self._judge()
        self._forget()

    def _n_complete(self):
        """Number of frames that do not reach beyond what was heard."""
        n_samples = self._from + len(self._samples)
        return max(0, (n_samples - GRID.frame_length) // GRID.hop_length + 1)

    def _analyse(self, n_new):
        """Cepstra of new frames, and the pitch of the last second."""
        first = self._pitch_start(n_new)
        samples = self._samples[first * GRID.hop_length - self._from :].astype(np.float64) - self._loudness.offset
        noise = np.random.default_rng(self._n_steps).standard_normal(len(samples))
        samples = samples + self._loudness.dither * noise
        lead = max(0, self.n_frames - first - 1)
        X = mfcc(samples[lead * GRID.hop_length :], SAMPLE_RATE, n_mfcc=N_MFCC, n_filters=N_FILTERS)
        X = X[self.n_frames - first - lead :][:n_new].astype(np.float32)
        pitch = f0(samples, SAMPLE_RATE, step=2 * GRID.step, silence_threshold=self._loudness.silence(samples))
        tracks = np.stack([pitch.f0, pitch.strength]).astype(np.float32)
        n_all = self.n_frames + n_new - first
        tracks = tracks[:, np.clip((np.arange(n_all) - 1) // 2, 0, tracks.shape[1] - 1)]
        self._loudness.hear_speech(X[:, 0], tracks[1, -n_new:])
        kept = first + (_PITCH_LEAD if first else 0)  # from here on the pitch is tracked again
        before = max(0, min(kept, self.n_frames) - self.first)
        self.f0, self.strength = (
            np.concatenate([old[:before], new[self.first + before - first :]])
            for old, new in zip((self.f0, self.strength), tracks)
        )
        self.mfcc = np.concatenate([self.mfcc, X])

    def _pitch_start(self, n_new):
        """First frame of those whose pitch is tracked, an even number."""
        first = max(0, self.n_frames - max(_PITCH_LEAD, _PITCH_FRAMES - n_new))
        return first - first % 2

    def _judge(self):
        """Log odds of speech of the last frames."""
        n = len(self.mfcc)
        start = min(len(self.odds), max(0, n - _REACH))
        around = slice(max(0, start - _CONTEXT), n)
        X = detector_features(self.mfcc[around], self.f0[around], self.strength[around], self._loudness.of_speech)
        odds = self._detector.log_odds(X[start - around.start :])
        self.odds = np.concatenate([self.odds[:start], odds.astype(np.float32)])

    def _forget(self):
        """Keep what is needed."""
        n = len(self.mfcc) - KEPT_FRAMES
        if n > KEPT_FRAMES // 4:
            self.first += n
            self.mfcc, self.f0, self.strength, self.odds = (
                kept[n:].copy() for kept in (self.mfcc, self.f0, self.strength, self.odds)
            )
        needed = max(0, self.n_frames - _PITCH_FRAMES - 2) * GRID.hop_length
        if needed - self._from > SAMPLE_RATE:
            self._samples, self._from = self._samples[needed - self._from :].copy(), needed


def _peaks(samples):
    """Largest absolute value in each 10 ms, float32."""
    n = len(samples) // GRID.hop_length
    if n == 0:
        return abs(samples).max(initial=0.0, keepdims=True).astype(np.float32)
    return abs(samples[: n * GRID.hop_length]).reshape(n, -1).max(axis=1).astype(np.float32)
