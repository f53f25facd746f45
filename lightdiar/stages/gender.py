"""Woman, man or child: probabilities for each speaker, from the voiced frames of their turns.

The means of small background models are adapted to the speaker [1]_; how far they move describes the vocal tract, by
as many numbers for an hour as for two seconds [2]_. The mixtures cover frames of every pitch, so a man who shouts is
compared with other shouting, where F0 alone, whatever the threshold, would call him a woman. The mean over the speaker
holds the voice and the microphone alike, so there are two views: less half of that mean, and less all of it. A single
logistic model predicts woman, man or child from these shifts and F0 together, and learns how far to trust each.

A second model judges the voiceprint, which knows all frames and finer mixtures. Their errors are not the same, so both
are asked and the mean of their log probabilities counts [3]_.

Before it breaks, a child's voice does not reveal the child's sex, so children are a class of their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.models.gmm import GMM, adapted_means, fit_gmm
from lightdiar.signal.norms import female_by_pitch

if TYPE_CHECKING:
    from lightdiar.signal.frontend import Analysis

VOICES = ("woman", "man", "child")
MEAN_SHARES = 0.5, 1.0  # of the speaker's mean that each view lacks: it contains the channel, but also the voice
_MOST_FRAMES = 150  # voiced frames of a speaker that count in full; more make the means surer, not the decision
_RELEVANCE = 16.0  # prior frames per mixture component
_MIDDLE_PITCH = 190.0  # Hz
_EXCERPT_FRAMES = 20, 50, 150  # voiced frames of training excerpts: teach the model how little 0.2 s reveals
_UBM_FRAMES = 30  # per clip
_CHILD_WEIGHT = 0.15  # relative to women and to men
_LEAST = 1e-9  # of a probability, so that its logarithm is finite


@dataclass(frozen=True, eq=False)
class GenderModel:
    """Background models, and the logistic model that uses their adapted means and F0.

    Parameters
    ----------
    ubm, centred_ubm : GMM
        Trained on voiced frames of all kinds of voices, MFCC without log energy: less half of the mean of each voice,
        and less all of it.
    coefficients : ndarray of shape (3, 2, n_components, n_features)
        Applied to the `mean_shift` of both, for each of `VOICES`.
    pitch : ndarray of shape (3, 3)
        Applied to `pitch_shift`, for each of `VOICES`.
    intercepts : ndarray of shape (3,)

    References
    ----------
    .. [1] Reynolds, Quatieri and Dunn, "Speaker verification using adapted Gaussian mixture models",
       Digital Signal Processing 10, 2000.
    .. [2] Campbell, Sturim and Reynolds, "Support vector machines using GMM supervectors for speaker
       verification", IEEE Signal Processing Letters 13, 2006.
    """

    ubm: GMM
    centred_ubm: GMM
    coefficients: np.ndarray
    pitch: np.ndarray
    intercepts: np.ndarray

    def __post_init__(self):
        expected = {"coefficients": (3, 2, *self.ubm.means.shape), "pitch": (3, 3), "intercepts": (3,)}
        if self.centred_ubm.means.shape != self.ubm.means.shape:
            raise ValueError(f"centred_ubm {self.centred_ubm.means.shape} must be as ubm, {self.ubm.means.shape}.")
        for name, shape in expected.items():
            if np.shape(getattr(self, name)) != shape:
                raise ValueError(f"{name} {np.shape(getattr(self, name))} must be {shape}, first {', '.join(VOICES)}.")

    def __call__(
        self, analysis: "Analysis", mask: np.ndarray, by_voiceprint: Sequence[float] | None = None
    ) -> tuple[float, float, float]:
        """Probabilities (woman, man, child) for the speaker of the frames in a mask (n_frames,) of an `Analysis`.

        They are pooled with those by the voiceprint, if there are any.
        """
        by_frames = self.probabilities(analysis.mfcc[mask], analysis.f0[mask])
        return by_frames if by_voiceprint is None else pooled(by_frames, by_voiceprint)

    def probabilities(self, mfcc: np.ndarray, f0: np.ndarray) -> tuple[float, float, float]:
        """Probabilities that a speaker is a woman, a man or a child.

        Parameters
        ----------
        mfcc : ndarray of shape (n_frames, 1 + n_features)
            All frames of the speaker, log energy first, not normalised.
        f0 : ndarray of shape (n_frames,)
            Hz, NaN where unvoiced; only voiced frames are used.

        Returns
        -------
        woman, man, child : float
            They sum to 1; 0.5, 0.5 and 0 without voiced frames.

        Raises
        ------
        ValueError
            If the shapes do not match each other or the model.
        """
        X, f0 = _voiced(mfcc, f0)
        if X.shape[1] != self.ubm.means.shape[1]:
            n_mfcc = 1 + self.ubm.means.shape[1]
            raise ValueError(
                f"mfcc has {X.shape[1] + 1} columns; this model needs {n_mfcc}, the first one the log energy."
            )
        if not len(X):
            return 0.5, 0.5, 0.0
        shifts = _shifts((self.ubm, self.centred_ubm), X)
        logits = np.tensordot(self.coefficients, shifts, axes=3) + self.pitch @ pitch_shift(f0) + self.intercepts
        return tuple(_softmax(logits).tolist())


@dataclass(frozen=True, eq=False)
class VoiceprintGender:
    """Logistic model of supervectors in PLDA space.

    Parameters
    ----------
    coefficients : ndarray of shape (3, n_dimensions)
        For each of `VOICES`.
    intercepts : ndarray of shape (3,)
    """

    coefficients: np.ndarray
    intercepts: np.ndarray

    def __post_init__(self):
        shapes = np.shape(self.coefficients), np.shape(self.intercepts)
        if len(shapes[0]) != 2 or shapes[0][0] != len(VOICES) or shapes[1] != (len(VOICES),):
            raise ValueError(f"coefficients {shapes[0]} and intercepts {shapes[1]} must be (3, n) and (3,).")

    def probabilities(self, vectors: np.ndarray) -> np.ndarray:
        """Probabilities of `VOICES`, shape (n_voices, 3), from vectors of shape (n_voices, n_dimensions)."""
        return _softmax(vectors @ self.coefficients.T + self.intercepts)


def pooled(*opinions: Sequence[float]) -> tuple[float, float, float]:
    """Woman, man and child from several judgements of them: the geometric means, divided by their sum [3]_.

    References
    ----------
    .. [3] Genest and Zidek, "Combining probability distributions: a critique and an annotated bibliography",
       Statistical Science 1, 1986.

    Examples
    --------
    >>> print("{:.2f} {:.2f} {:.2f}".format(*pooled((0.8, 0.2, 0), (0.5, 0.5, 0))))
    0.67 0.33 0.00
    """
    return tuple(_softmax(np.log(np.maximum(opinions, _LEAST)).mean(axis=0)).tolist())


def gender_by_pitch(
    analysis: "Analysis", mask: np.ndarray, by_voiceprint: Sequence[float] | None = None
) -> tuple[float, float, float]:
    """Woman or man by median F0 alone, without training: probabilities (woman, man, child).

    See `lightdiar.signal.norms.female_by_pitch`.

    Parameters
    ----------
    analysis : Analysis
    mask : ndarray of bool, shape (n_frames,)
        Frames of the speaker.
    by_voiceprint : sequence of float, optional
        Not asked.
    """
    woman = female_by_pitch(analysis.f0[mask])
    return woman, 1 - woman, 0.0


def mean_shift(ubm: GMM, X: np.ndarray, mean_share: float) -> np.ndarray:
    """How far the speaker of frames `X` moves the mixture's means, shape (n_components, n_features).

    In standard deviations of the component, times the square root of its weight: squared lengths then
    approximate divergences between speakers [2]_.

    Parameters
    ----------
    ubm : GMM
    X : ndarray of shape (n_frames, n_features)
        At least one frame.
    mean_share : float
        How much of the mean of `X` is taken off first, one of `MEAN_SHARES`.
    """
    N, F = ubm.statistics(_centred(X, mean_share))
    scale = min(1.0, _MOST_FRAMES / len(X))
    shift = adapted_means(ubm, scale * N, scale * F, _RELEVANCE) - ubm.means
    return shift * np.sqrt(ubm.weights[:, None] / ubm.covariances)


def pitch_shift(f0: np.ndarray) -> np.ndarray:
    """Octaves from 190 Hz to the median of voiced frames `f0`, and between it and the 10th and 90th percentiles.

    Percentiles are used because octave errors in a few frames do not move them. Like the means of the mixture, they
    are pulled towards 0 while there are few frames.
    """
    low, median, high = np.percentile(np.log2(f0 / _MIDDLE_PITCH), [10, 50, 90])
    n_frames = min(_MOST_FRAMES, len(f0))
    return np.array([median, median - low, high - median]) * n_frames / (n_frames + _RELEVANCE)


def fit_gender_model(
    clips: Sequence[tuple[np.ndarray, np.ndarray]],
    voices: Sequence[str],
    speakers: Sequence[object],
    *,
    n_components: int = 32,
    C: float = 2.0,
    seed: int = 0,
) -> GenderModel:
    """Train on clips of known voices.

    Shorter excerpts of every clip are used too, so that probabilities are calibrated for short turns. All
    speakers of a kind have the same weight, and women in total as much as men.

    Parameters
    ----------
    clips : list of (mfcc, f0)
        Speech frames of one clip each, as for `GenderModel.probabilities`. They should cover the recording
        conditions and the pitches (raised voices) to be expected: the model is only as broad as these.
    voices : sequence of {"woman", "man", "child"}
    speakers : sequence of str or int
    n_components : int
    C : float
        Inverse of the logistic model's ridge penalty.
    seed : int

    Returns
    -------
    model : GenderModel

    Raises
    ------
    ValueError
        If the lengths differ or one of the three voices is missing.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> means = {"woman": [0, 5, 0], "man": [0, 0, 5], "child": [0, 5, 5]}
    >>> voices = ["woman", "man", "child"] * 10
    >>> clips = [(rng.normal(means[voice], 1, (200, 3)), np.full(200, 150.0)) for voice in voices]
    >>> model = fit_gender_model(clips, voices, speakers=range(30), n_components=2)
    >>> [VOICES[np.argmax(model.probabilities(*clip))] for clip in clips[:3]]
    ['woman', 'man', 'child']
    """
    if not len(clips) == len(voices) == len(speakers):
        raise ValueError(
            f"{len(clips)} clips, {len(voices)} voices, {len(speakers)} speakers; "
            "each clip needs one voice and one speaker."
        )
    if set(voices) != set(VOICES):
        came = ", ".join(sorted(set(voices)))
        raise ValueError(f"voices are {came or 'none'}; all of {', '.join(VOICES)} are needed.")
    rng = np.random.default_rng(seed)
    voiced = [_voiced(*clip) for clip in clips]
    ubms = []
    for share in MEAN_SHARES:
        frames = np.concatenate([_sample(rng, _centred(X, share)) for X, _ in voiced if len(X)])
        ubms.append(fit_gmm(frames, n_components, n_iter=10, seed=seed))

    excerpts = [(clip, part) for clip, (X, _) in enumerate(voiced) for part in draw_excerpts(rng, len(X))]
    shifts = np.array([_row(ubms, *(frames[part] for frames in voiced[clip])) for clip, part in excerpts])
    clip = np.array([clip for clip, _ in excerpts])
    voice = np.array([VOICES.index(voice) for voice in voices])[clip]
    logistic = _fit_logistic(shifts, voice, np.asarray(speakers)[clip], C)
    ubm, centred_ubm = ubms
    coefficients, pitch = np.split(logistic.coef_, [2 * ubm.means.size], axis=1)
    shape = len(VOICES), len(MEAN_SHARES), *ubm.means.shape
    return GenderModel(ubm, centred_ubm, coefficients.reshape(shape), pitch, logistic.intercept_)


def fit_voiceprint_gender(
    vectors: np.ndarray, voices: Sequence[str], speakers: Sequence[object], *, C: float = 0.003
) -> VoiceprintGender:
    """Train on supervectors of known voices.

    Parameters
    ----------
    vectors : ndarray of shape (n_vectors, n_dimensions)
        In PLDA space, whose unit is the spread within a speaker.
    voices, speakers : sequence
        As for `fit_gender_model`, and weighed likewise.
    C : float
        Inverse of the ridge penalty.
    """
    voice = np.array([VOICES.index(voice) for voice in voices])
    logistic = _fit_logistic(vectors, voice, np.asarray(speakers), C)
    return VoiceprintGender(logistic.coef_, logistic.intercept_)


def _fit_logistic(X, voice, speakers, C):
    """Logistic regression of places in `VOICES`, every speaker and every voice weighed as `_weights` says."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=C, max_iter=300, tol=1e-3).fit(X, voice, sample_weight=_weights(voice, speakers))


def _softmax(logits):
    """Probabilities along the last axis."""
    return np.exp(logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True))


def _voiced(mfcc, f0):
    """Voiced frames without log energy (n_voiced, n_features), and their F0 (n_voiced,)."""
    if np.ndim(mfcc) != 2 or np.shape(f0) != np.shape(mfcc)[:1]:
        raise ValueError(f"mfcc {np.shape(mfcc)} and f0 {np.shape(f0)} must be (n_frames, n_mfcc) and (n_frames,).")
    voiced = np.isfinite(f0)
    return np.asarray(mfcc)[voiced, 1:], np.asarray(f0)[voiced]


def _shifts(ubms, X):
    """The shifts of both views, shape (2, n_components, n_features)."""
    return np.stack([mean_shift(ubm, X, share) for ubm, share in zip(ubms, MEAN_SHARES)])


def _row(ubms, X, f0):
    """All shifts in one row of float32, because there are tens of thousands of them."""
    return np.concatenate([_shifts(ubms, X).ravel(), pitch_shift(f0)]).astype(np.float32)


def _centred(X, mean_share):
    return X - (mean_share * X.mean(axis=0, dtype=np.float64)).astype(X.dtype)


def _sample(rng, X):
    return X[rng.choice(len(X), min(len(X), _UBM_FRAMES), replace=False)]


def draw_excerpts(rng: np.random.Generator, n_frames: int, lengths: Sequence[int] = _EXCERPT_FRAMES) -> Iterator[slice]:
    """The clip and, where it is longer, a random excerpt of each length."""
    if n_frames:
        yield slice(0, n_frames)
    for length in lengths:
        if length < n_frames:
            start = rng.integers(n_frames - length + 1)
            yield slice(start, start + length)


def _weights(voice, speakers):
    """Weight of each excerpt: equal for the speakers of a voice, then for the voices; mean 1."""
    _, speaker, counts = np.unique(speakers, return_inverse=True, return_counts=True)
    weights = 1 / counts[speaker]
    total = np.bincount(voice, weights)
    weights = weights * np.array([1, 1, _CHILD_WEIGHT])[voice] / total[voice]
    return weights * len(weights) / weights.sum()
