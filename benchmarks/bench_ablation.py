"""What each stage is worth: the pipeline with one of its stages left out or replaced, on recordings with a truth.

Run as `python benchmarks/bench_ablation.py FOLDER... --out results.csv`.
"""

import numpy as np
from lightdiar.systems.untrained import UntrainedDiarizer
from recordings import (
    all_recordings,
    counted,
    error_row,
    pooled,
    pooled_errors,
    print_table,
    read_arguments,
    write_rows,
)

from lightdiar.io import audio
from lightdiar.metrics.diarization import diarization_error
from lightdiar.models.ivectors import embed_windows, recording_mean, speaker_features, whiten
from lightdiar.models.plda import cosine_scores
from lightdiar.models.vbhmm import soften, vb_hmm
from lightdiar.signal.frontend import GRID, SAMPLE_RATE, analyse
from lightdiar.stages.clustering import cluster_bic, cluster_embeddings, cluster_nclr, number_by_appearance
from lightdiar.stages.segmentation import bic_changes
from lightdiar.stages.spectral import cluster_spectral
from lightdiar.systems.diarizer import Diarizer, annotate

PROTOCOL = (
    "DER in % of the speaking time: no collar, overlap scored, own speech detection unless said, pooled over a\n"
    "folder. Speakers count from 2 s of speech on. What the name does not say is as in the full pipeline; BIC and\n"
    "untrained are pipelines of their own."
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


class WithoutVote(Diarizer):
    """One clustering instead of five that vote."""

    trials = ((18, 1.0),)


class WithoutVb(Diarizer):
    """Agglomerative clustering down to a mean log likelihood ratio of -4 has the last word."""

    def cluster(self, Y):
        return cluster_embeddings(Y, self.models.plda.log_likelihood_ratio, -4.0), 1.0


class SpectralOnly(Diarizer):
    """Spectral clustering with the normalised maximum eigengap in place of agglomerative clustering and VB-HMM."""

    def cluster(self, Y):
        return cluster_spectral(1 / (1 + np.exp(-self.models.plda.log_likelihood_ratio(Y)))), 1.0


class SpectralThenVb(SpectralOnly):
    """Spectral clustering in place of agglomerative clustering."""

    def cluster(self, Y):
        labels, _ = super().cluster(Y)
        found = vb_hmm(Y, self.models.plda.phi, soften(labels)).responsibilities
        return number_by_appearance(found.argmax(axis=1)), 1.0


class OneSpeakerTest(Diarizer):
    """One speaker unless the VB-HMM has more evidence for several."""

    def refine(self, Y, *begun):
        labels = super().refine(Y, *begun)
        alone = np.zeros_like(labels)
        one, several = (vb_hmm(Y, self.models.plda.phi, soften(start)).elbo[-1] for start in (alone, labels))
        return labels if several > one else alone


class Cosine(Diarizer):
    """i-vectors compared by the cosine, without PLDA; average linkage down to -0.05, the best of five values."""

    def embed(self, analysis, windows, speech):
        return embed_windows(self.models.ubm, self.models.extractor, analysis.mfcc, windows, speech)

    def cluster(self, Y):
        return cluster_embeddings(Y - Y.mean(axis=0), cosine_scores, -0.05), 1.0


class WithoutResegmentation(Diarizer):
    """Changes of speaker where the windows have them."""

    def resegment(self, analysis, speech, labels):
        return labels


class Bic(Diarizer):
    """The classical pipeline: changes and clusters by the Bayesian information criterion."""

    def label(self, analysis):
        labels, speech = np.full(len(analysis), -1), self.detect(analysis)
        if speech.any():
            X = analysis.mfcc[speech, :13].astype(float)
            changes = [0, *bic_changes(X), len(X)]
            speaker = self.assign(analysis, speech, X, np.stack([changes[:-1], changes[1:]], axis=1))
            labels[speech] = np.repeat(speaker, np.diff(changes))
        return self.join(labels), 1.0

    def assign(self, analysis, speech, X, segments):
        return cluster_bic(X, segments)


class BicNclr(Bic):
    """The same, then clusters merged by the normalised cross likelihood ratio of adapted mixtures."""

    def assign(self, analysis, speech, X, segments):
        first, ubm = cluster_bic(X, segments, penalty_weight=2.5), self.models.ubm
        features = speaker_features(analysis.mfcc, recording_mean(analysis.mfcc, speech))[speech]
        frames = np.repeat(first, np.diff(segments, axis=1)[:, 0])
        statistics = [ubm.statistics(features[frames == label]) for label in range(first.max() + 1)]
        N, F = (np.stack(part) for part in zip(*statistics))
        return number_by_appearance(cluster_nclr(N, whiten(ubm, N, F))[first])


class PausesKept(Diarizer):
    """Pauses within turns and their edges as the detector has them."""

    def join(self, labels):
        return labels


SYSTEMS = {
    "full": Diarizer,
    "reference speech": ReferenceSpeech,
    "speech by energy": EnergySpeech,
    "pauses not filled": PausesKept,
    "no vote": WithoutVote,
    "one-speaker test": OneSpeakerTest,
    "no VB-HMM": WithoutVb,
    "spectral, then VB-HMM": SpectralThenVb,
    "spectral only": SpectralOnly,
    "cosine, no PLDA, no VB-HMM": Cosine,
    "no resegmentation": WithoutResegmentation,
    "BIC": Bic,
    "BIC, then NCLR": BicNclr,
    "untrained": UntrainedDiarizer,
}


def score(recording, systems):
    """One row for each system: seconds of each error, and the counts."""
    analysis, truth = analyse(audio.blocks(recording.path, SAMPLE_RATE)), recording.annotation()
    for system in systems:
        diarizer = SYSTEMS[system]()
        diarizer.truth = truth
        labels, agreement = diarizer.label(analysis)
        found = annotate(labels, analysis.duration)
        errors = diarization_error(truth, found)
        more = dict(n_true=len(counted(truth)), n_found=len(counted(found)), agreement=agreement)
        yield error_row(recording, system, errors, **more)


def pool(rows):
    """The line of one folder and system: errors weighed by speaking time."""
    return {**pooled_errors(rows), "count right %": 100 * (rows["n_found"] == rows["n_true"]).mean()}


def print_agreement(rows):
    """How often the number of speakers of the full pipeline is right, by how far its clusterings agree."""
    full = rows[rows["system"] == "full"]
    print("\nagreement  recordings  count right %")
    for agreement, group in full.groupby("agreement"):
        print(f"{agreement:9.0%}  {len(group):10}  {100 * (group['n_found'] == group['n_true']).mean():13.0f}")


def main(argv=None):
    arguments = read_arguments(__doc__.splitlines()[0], SYSTEMS, argv, default=list(SYSTEMS))
    recordings = all_recordings(arguments, truth=[".rttm"])
    rows = [row for recording in recordings for row in score(recording, arguments.systems)]
    frame = write_rows(rows, arguments.out)
    print_table(pooled(frame, pool), PROTOCOL)
    print_agreement(frame)


if __name__ == "__main__":
    main()
