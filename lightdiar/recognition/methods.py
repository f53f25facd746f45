"""Forty years of speaker recognition, each method in a few lines.

All of them hear the same `Speech` of each person, learn who is who from it, and score pieces of speech against
everybody: the larger, the likelier the same speaker. `METHODS` lists them in the order in which the field adopted them;
`lightdiar.recognition.comparison.compare_methods` runs them on your own recordings.

The first five know nothing of other people. The others compare with a background: a universal background model, the
directions in which voices differ, or how much each voice varies.

References
----------
.. [1] Atal, "Effectiveness of linear prediction characteristics of the speech wave for automatic speaker
   identification and verification", Journal of the Acoustical Society of America 55, 1974.
.. [2] Davis and Mermelstein, "Comparison of parametric representations for monosyllabic word recognition in
   continuously spoken sentences", IEEE Trans. ASSP 28, 1980.
.. [3] Soong, Rosenberg, Rabiner and Juang, "A vector quantization approach to speaker recognition", ICASSP 1985.
.. [4] Reynolds and Rose, "Robust text-independent speaker identification using Gaussian mixture speaker models", IEEE
   Trans. Speech and Audio Processing 3, 1995.
.. [5] Reynolds, Quatieri and Dunn, "Speaker verification using adapted Gaussian mixture models", Digital Signal
   Processing 10, 2000.
.. [6] Campbell, Sturim and Reynolds, "Support vector machines using GMM supervectors for speaker verification", IEEE
   Signal Processing Letters 13, 2006.
.. [7] Dehak, Kenny, Dehak, Dumouchel and Ouellet, "Front-end factor analysis for speaker verification", IEEE Trans.
   Audio, Speech and Language Processing 19, 2011.
.. [8] Garcia-Romero and Espy-Wilson, "Analysis of i-vector length normalization in speaker recognition systems",
   Interspeech 2011.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from lightdiar.models.gaussian import sums_by_label
from lightdiar.models.gmm import GMM, adapted_means, fit_gmm
from lightdiar.models.ivectors import TotalVariability, supervectors, whiten
from lightdiar.models.plda import PLDA, Projection, cosine_scores, length_normalise
from lightdiar.models.svm import fit_linear_svm, imagined_supervectors

RELEVANCE = 8.0  # prior frames per component in MAP adaptation, for seconds of speech
_N_COMPONENTS = 32  # of a speaker's own mixture or codebook, at most
_FRAMES_PER_COMPONENT = 20
_N_IMAGINED = 300  # speakers on the other side of a support vector machine


@dataclass(frozen=True, eq=False)
class Speech:
    """What the methods hear: the frames of speech in one sound.

    Parameters
    ----------
    lpcc : ndarray of shape (n_frames, n_cepstra)
        Cepstra of linear prediction.
    mfcc : ndarray of shape (n_frames, n_mfcc)
        Cepstra of mel filters, without log energy.
    X : ndarray of shape (n_frames, n_features)
        Features of the background model.
    """

    lpcc: np.ndarray
    mfcc: np.ndarray
    X: np.ndarray

    def __len__(self) -> int:
        return len(self.X)

    def cut(self, start: int, end: int) -> "Speech":
        """Frames from `start` to `end`."""
        return Speech(self.lpcc[start:end], self.mfcc[start:end], self.X[start:end])


@dataclass(frozen=True, eq=False)
class Background:
    """What is known about voices in general.

    Parameters
    ----------
    ubm : GMM
    extractor : TotalVariability
    plda : PLDA
    lda, wccn : Projection
        Of i-vectors.
    """

    ubm: GMM
    extractor: TotalVariability
    plda: PLDA
    lda: Projection
    wccn: Projection


Enrolment = Sequence[Sequence[Speech]]  # the sounds of each person
Scorer = Callable[[Sequence[Speech]], np.ndarray]  # pieces of speech to scores, shape (n_pieces, n_people)
Fit = Callable[[Enrolment, Background, int], Scorer]


@dataclass(frozen=True)
class Method:
    """A way to recognise speakers.

    Parameters
    ----------
    name : str
    year : int
        Of `reference`.
    reference : str
        Authors and what to look for; in full in `lightdiar.recognition.methods`.
    fit : callable
        Called with the sounds of each person, the background and a seed, it learns who is who and gives a function that
        scores pieces of speech, shape (n_pieces, n_people).
    """

    name: str
    year: int
    reference: str
    fit: Fit


def mean_cepstra(
    enrolment: Enrolment, background: Background, seed: int = 0, *, cepstra: str = "mfcc", measure: str = "euclidean"
) -> Scorer:
    """The average spectrum of a voice, as a point: near points are one speaker [1]_, [2]_.

    Vowels and consonants average out over a few seconds, and what is left is the vocal tract, along with the
    microphone. `cepstra` is "mfcc" or "lpcc"; `measure` is the negative "euclidean" distance or the "cosine".
    """

    def mean(sounds):
        return np.concatenate([getattr(sound, cepstra) for sound in sounds]).mean(axis=0, dtype=float)

    people = np.array([mean(sounds) for sounds in enrolment])

    def score(pieces):
        points = np.array([mean([piece]) for piece in pieces])
        return cosine_scores(points, people) if measure == "cosine" else -_distances(points, people)

    return score


def codebooks(enrolment: Enrolment, background: Background, seed: int = 0) -> Scorer:
    """Vector quantisation: a few typical frames of each speaker, by k-means [3]_.

    The score is the negative mean squared distance of frames from the nearest entry of the speaker's codebook. Unlike
    the average, a codebook compares a vowel with vowels.
    """
    from sklearn.cluster import KMeans

    books = []
    for sounds in enrolment:
        frames = np.concatenate([sound.mfcc for sound in sounds]).astype(float)
        books.append(KMeans(_n_components(frames), n_init=1, random_state=seed).fit(frames).cluster_centers_)

    def score(pieces):
        return np.array(
            [[-(_distances(piece.mfcc, book).min(axis=1) ** 2).mean() for book in books] for piece in pieces]
        )

    return score


def speaker_mixtures(enrolment: Enrolment, background: Background, seed: int = 0) -> Scorer:
    """A Gaussian mixture for each speaker, trained on the speaker alone [4]_; the mean log likelihood of frames.

    The codebook's entries get weights and widths. Good at telling who of several it is; but an unclear piece is
    unlikely under every mixture, so one threshold for all pieces accepts too few or too many.
    """
    frames = [np.concatenate([sound.X for sound in sounds]) for sounds in enrolment]
    return partial(_mean_log_likelihoods, [fit_gmm(X, _n_components(X), seed=seed) for X in frames])


def adapted_mixtures(
    enrolment: Enrolment, background: Background, seed: int = 0, *, relevance: float = RELEVANCE
) -> Scorer:
    """GMM-UBM: the background model, adapted to each speaker [5]_, eqs. 11-14; the mean log likelihood ratio of frames.

    Where a speaker said little, the background model fills in; and dividing by it takes out how likely the piece is as
    speech, so that one threshold serves all pieces. `relevance` is the number of frames by which a Gaussian has moved
    half of the way to the speaker.
    """
    ubm = background.ubm
    models = []
    for sounds in enrolment:
        N, F = _statistics(ubm, sounds)
        models.append(GMM(ubm.weights, adapted_means(ubm, N, F, relevance), ubm.covariances))

    def score(pieces):
        return _mean_log_likelihoods(models, pieces) - _mean_log_likelihoods([ubm], pieces)

    return score


def supervector_machines(
    enrolment: Enrolment, background: Background, seed: int = 0, *, relevance: float = RELEVANCE
) -> Scorer:
    """GMM supervectors and a linear support vector machine for each speaker [6]_; the distance from its plane.

    The adapted means become one long vector, and the machine learns which of its thousands of numbers tell this speaker
    from others. The others are imagined, see `lightdiar.models.svm.imagined_supervectors`: the people compared do not
    train against one another.
    """
    own = [_supervectors(background.ubm, sounds, relevance) for sounds in enrolment]
    n_frames = float(np.mean([len(sound) for sounds in enrolment for sound in sounds]))
    others = imagined_supervectors(
        background.ubm, background.extractor, _N_IMAGINED, n_frames, relevance=relevance, seed=seed
    )
    machines = [fit_linear_svm(S, others) for S in own]

    def score(pieces):
        S = _supervectors(background.ubm, pieces, relevance)
        return np.stack([machine.score(S) for machine in machines], axis=1)

    return score


def ivector_cosine(enrolment: Enrolment, background: Background, seed: int = 0) -> Scorer:
    """i-vectors: a hundred numbers in place of the supervector, those in which recordings differ; their cosine [7]_."""
    people = ivectors(background, enrolment)
    return lambda pieces: cosine_scores(ivectors(background, [[piece] for piece in pieces]), people)


def ivector_lda(enrolment: Enrolment, background: Background, seed: int = 0) -> Scorer:
    """The cosine of i-vectors in the directions in which speakers differ more than one of them varies [7]_, LDA."""
    return _projected_cosine(background.lda, enrolment, background)


def ivector_wccn(enrolment: Enrolment, background: Background, seed: int = 0) -> Scorer:
    """The cosine of i-vectors in which the directions where one speaker varies are shrunk [7]_, WCCN."""
    return _projected_cosine(background.wccn, enrolment, background)


def ivector_plda(enrolment: Enrolment, background: Background, seed: int = 0) -> Scorer:
    """PLDA of i-vectors of equal length [8]_: the log likelihood ratio of one speaker against two.

    It knows how much speakers differ in each direction and what a voice of an average speaker is worth as evidence.
    """
    plda = background.plda
    people = plda.project(ivectors(background, enrolment))

    def score(pieces):
        return plda.log_likelihood_ratio(plda.project(ivectors(background, [[piece] for piece in pieces])), people)

    return score


METHODS: tuple[Method, ...] = (
    Method("mean LPC cepstra, Euclidean", 1974, "Atal", partial(mean_cepstra, cepstra="lpcc")),
    Method("mean LPC cepstra, cosine", 1974, "Atal", partial(mean_cepstra, cepstra="lpcc", measure="cosine")),
    Method("mean MFCC, Euclidean", 1980, "Davis and Mermelstein", mean_cepstra),
    Method("mean MFCC, cosine", 1980, "Davis and Mermelstein", partial(mean_cepstra, measure="cosine")),
    Method("codebook (VQ)", 1985, "Soong et al.", codebooks),
    Method("GMM per speaker", 1995, "Reynolds and Rose", speaker_mixtures),
    Method("GMM-UBM, MAP", 2000, "Reynolds, Quatieri and Dunn", adapted_mixtures),
    Method("supervector, linear SVM", 2006, "Campbell, Sturim and Reynolds", supervector_machines),
    Method("i-vector, cosine", 2011, "Dehak et al.", ivector_cosine),
    Method("i-vector, LDA", 2011, "Dehak et al.", ivector_lda),
    Method("i-vector, WCCN", 2011, "Dehak et al.", ivector_wccn),
    Method("i-vector, PLDA", 2011, "Garcia-Romero and Espy-Wilson", ivector_plda),
)


def ivectors(background: Background, groups: Sequence[Sequence[Speech]]) -> np.ndarray:
    """One i-vector for each group of sounds, from their pooled statistics, shape (n_groups, n_factors)."""
    statistics = [_statistics(background.ubm, sounds) for sounds in groups]
    return np.concatenate(
        [background.extractor.embed(N[None], whiten(background.ubm, N, F)[None]) for N, F in statistics]
    )


def smoothed_wccn(embeddings: np.ndarray, speakers: Sequence, mean: np.ndarray) -> Projection:
    """WCCN from few embeddings, whose within-speaker covariance may have no inverse.

    It is averaged with a multiple of the identity that counts for as many observations as there are dimensions. With
    many embeddings this is `lightdiar.models.plda.fit_wccn`, with very few it is the identity.

    Parameters
    ----------
    embeddings : ndarray of shape (n, n_factors)
    speakers : sequence of length n
        Label of each row.
    mean : ndarray of shape (n_factors,)
        Subtracted first; that of many speakers, not of these few.

    Returns
    -------
    projection : Projection
    """
    X = length_normalise(embeddings - mean)
    _, labels, counts = np.unique(speakers, return_inverse=True, return_counts=True)
    deviation = X - (sums_by_label(X, labels, len(counts)) / counts[:, None])[labels]
    scatter, n_free, d = deviation.T @ deviation, len(X) - len(counts), X.shape[1]
    variance = np.trace(scatter) / (n_free * d) if n_free else 1.0
    within = (scatter + d * variance * np.eye(d)) / (n_free + d)
    return Projection(mean, np.linalg.cholesky(np.linalg.inv(within)))


def _projected_cosine(projection, enrolment, background):
    people = projection.project(ivectors(background, enrolment))

    def score(pieces):
        return cosine_scores(projection.project(ivectors(background, [[piece] for piece in pieces])), people)

    return score


def _mean_log_likelihoods(models, pieces):
    """Mean log likelihood of the frames of each piece under each model, (n_pieces, n_models)."""
    X = np.concatenate([piece.X for piece in pieces])
    starts = np.cumsum([0, *(len(piece) for piece in pieces[:-1])])
    lengths = [len(piece) for piece in pieces]
    sums = [np.add.reduceat(model.score_samples(X).astype(float), starts) for model in models]
    return np.stack(sums, axis=1) / np.array(lengths)[:, None]


def _statistics(ubm, sounds):
    """Baum-Welch statistics of all sounds together."""
    return ubm.statistics(np.concatenate([sound.X for sound in sounds]))


def _supervectors(ubm, sounds, relevance):
    """A supervector of each sound."""
    N, F = (np.stack(parts) for parts in zip(*(_statistics(ubm, [sound]) for sound in sounds)))
    return supervectors(ubm, N, whiten(ubm, N, F), relevance)


def _n_components(X):
    return int(np.clip(len(X) // _FRAMES_PER_COMPONENT, 1, _N_COMPONENTS))


def _distances(X, Y):
    """Euclidean distances of all pairs of rows."""
    from scipy.spatial.distance import cdist

    return cdist(X, Y)
