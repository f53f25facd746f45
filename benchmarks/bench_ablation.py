"""What each stage is worth: the pipeline with one of its stages left out or replaced, on recordings with a truth.

Run as `python benchmarks/bench_ablation.py FOLDER... --system all --out results.csv`.
"""

import numpy as np
from recordings import LIGHTDIAR, find_recordings, pooled, print_table, read_arguments, versions, write_rows

from lightdiar import audio, bundle
from lightdiar.clustering import cluster_bic, cluster_embeddings, cluster_nclr, number_by_appearance
from lightdiar.embedding import embed_windows, recording_mean, speaker_features, whiten
from lightdiar.frontend import GRID, SAMPLE_RATE, analyse
from lightdiar.metrics import DiarizationScore, diarization_error
from lightdiar.pipeline import Diarizer, annotate
from lightdiar.plda import cosine_scores
from lightdiar.segmentation import bic_changes
from lightdiar.spectral import cluster_spectral
from lightdiar.untrained import UntrainedDiarizer
from lightdiar.vbhmm import soften, vb_hmm

MIN_SPEAKER_SECONDS = 2.0
PROTOCOL = (
    "DER in % of the speaking time: no collar, overlap scored, own speech detection unless said, pooled over a folder.\n"
    "Speakers count from 2 s of speech on. Everything else is as in the full pipeline."
)


class ReferenceSpeech(Diarizer):
    """Speech where the truth has it."""

    def detect(self, analysis):
        return GRID.mask(self.truth.speech(), len(analysis))


class EnergySpeech(Diarizer):
    """Speech halfway, in dB, between the recording's floor and its top."""

    def detect(self, analysis):
        energy = analysis.mfcc[:, 0]
        floor, top = np.quantile(energy, [0.05, 0.95])
        return energy > (floor + top) / 2


class WithoutVb(Diarizer):
    """Agglomerative clustering has the last word."""

    def cluster(self, Y):
        return cluster_embeddings(Y, self.models.plda.log_likelihood_ratio, self.settings.threshold)


class StartFromSpectral(Diarizer):
    """Spectral clustering with the normalised maximum eigengap in place of agglomerative clustering."""

    def cluster(self, Y):
        return self.refine(Y, cluster_spectral(self.affinity(Y)))

    def affinity(self, Y):
        return 1 / (1 + np.exp(-self.models.plda.log_likelihood_ratio(Y)))

    def refine(self, Y, labels):
        return vb_hmm(Y, self.models.plda.phi, soften(labels)).responsibilities.argmax(axis=1)


class SpectralOnly(StartFromSpectral):
    """Spectral clustering without VB-HMM."""

    def refine(self, Y, labels):
        return labels


class Cosine(Diarizer):
    """i-vectors compared by the cosine, without PLDA; the threshold is the best of 0.1, 0.2, 0.3 and 0.4."""

    threshold = 0.2

    def embed(self, analysis, windows, speech):
        return embed_windows(self.models.ubm, self.models.extractor, analysis.mfcc, windows, speech)

    def cluster(self, Y):
        return cluster_embeddings(Y - Y.mean(axis=0), cosine_scores, self.threshold)


class OneSpeakerTest(Diarizer):
    """One speaker if the evidence of the VB-HMM for one is not below that for several."""

    def cluster(self, Y):
        labels = super().cluster(Y)
        one, several = (
            vb_hmm(Y, self.models.plda.phi, soften(start)).elbo[-1] for start in (np.zeros(len(Y), int), labels)
        )
        return labels if several > one else np.zeros(len(Y), int)


class Bic(Diarizer):
    """The classical pipeline: changes and clusters by the Bayesian information criterion."""

    def label(self, analysis):
        labels = np.full(len(analysis), -1)
        speech = self.detect(analysis)
        X = analysis.mfcc[:, :13].astype(float)
        changes = [0, *bic_changes(X[speech]), np.count_nonzero(speech)]
        segments = np.stack([changes[:-1], changes[1:]], axis=1)
        if np.count_nonzero(speech) == 0:
            return labels
        found = self.assign(analysis, speech, X[speech], segments)
        labels[speech] = np.repeat(found, np.diff(changes))
        return self.join(labels)

    def assign(self, analysis, speech, X, segments):
        return cluster_bic(X, segments)


class BicNclr(Bic):
    """The same, then clusters merged by the normalised cross likelihood ratio of adapted mixtures."""

    def assign(self, analysis, speech, X, segments):
        first = cluster_bic(X, segments, penalty_weight=2.5)
        ubm = self.models.ubm
        features = speaker_features(analysis.mfcc, recording_mean(analysis.mfcc, speech))[speech]
        frames = np.repeat(first, np.diff(segments, axis=1)[:, 0])
        statistics = [ubm.statistics(features[frames == label]) for label in range(first.max() + 1)]
        N, F = (np.stack(part) for part in zip(*statistics))
        return number_by_appearance(cluster_nclr(N, whiten(ubm, N, F))[first])


class JoinedRaw(Diarizer):
    """Pauses and edges as the detector has them."""

    def join(self, labels):
        return labels


SYSTEMS = {
    "full": Diarizer,
    "reference speech": ReferenceSpeech,
    "speech by energy": EnergySpeech,
    "pauses not filled": JoinedRaw,
    "no VB-HMM": WithoutVb,
    "spectral, then VB-HMM": StartFromSpectral,
    "spectral only": SpectralOnly,
    "one-speaker test": OneSpeakerTest,
    "cosine, AHC": Cosine,
    "BIC": Bic,
    "BIC, then NCLR": BicNclr,
    "untrained": UntrainedDiarizer,
}
