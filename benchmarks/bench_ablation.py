"""What each stage is worth: the pipeline with one of its stages left out or replaced, on recordings with a truth.

Run as `python benchmarks/bench_ablation.py FOLDER... --out results.csv`.
"""

import numpy as np
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
from lightdiar.models.plda import cosine_scores
from lightdiar.models.vbhmm import soften, vb_hmm
from lightdiar.signal.frontend import GRID, SAMPLE_RATE, analyse
from lightdiar.stages.clustering import cluster_bic, cluster_bounds, cluster_embeddings, number_by_appearance
from lightdiar.stages.spectral import cluster_spectral
from lightdiar.stages.voting import VBClusterer, distinct_windows, vote
from lightdiar.systems import bundle
from lightdiar.systems.diarizer import Diarizer, annotate
from lightdiar.systems.joining import join_voices, keep_voices
from lightdiar.systems.stages import cepstra_of_speech, cut_at_changes, keep_labels

PROTOCOL = (
    "DER in % of the speaking time: no collar, overlap scored, own speech detection unless said, pooled over a\n"
    "folder. Speakers count from 2 s of speech on. What the name does not say is as in the full pipeline; textbook\n"
    "and untrained are pipelines of their own."
)


MODELS = bundle.load()
RATIO = MODELS.plda.log_likelihood_ratio
USUAL = Diarizer().stages


def reference_speech(truth):
    """Speech where the truth has it."""
    return Diarizer(detector=lambda analysis: GRID.mask(truth.speech(), len(analysis)))


def energy(analysis):
    """Speech halfway, in dB, between the recording's floor and its top."""
    level = analysis.mfcc[:, 0]
    floor, top = np.quantile(level, [0.05, 0.95])
    return level > (floor + top) / 2


class PausesKept(Diarizer):
    """Pauses within turns and their edges as the detector has them."""

    def join(self, labels):
        return labels


def agglomerative(Y, *bounds):
    """Agglomerative clustering down to a mean log likelihood ratio of -4 has the last word."""
    return cluster_embeddings(Y, RATIO, -4.0), 1.0


def spectral(Y, *bounds):
    """Spectral clustering with the normalised maximum eigengap in place of agglomerative clustering and VB-HMM."""
    return cluster_spectral(1 / (1 + np.exp(-RATIO(Y)))), 1.0


def spectral_then_vb(Y, *bounds):
    """Spectral clustering in place of agglomerative clustering."""
    found = vb_hmm(Y, MODELS.plda.phi, soften(spectral(Y)[0])).responsibilities
    return number_by_appearance(found.argmax(axis=1)), 1.0


class OneSpeakerTest(VBClusterer):
    """One speaker unless the VB-HMM has more evidence for several."""

    def refine(self, Y, *begun):
        labels = super().refine(Y, *begun)
        alone = np.zeros_like(labels)
        one, several = (vb_hmm(Y, self.plda.phi, soften(start)).elbo[-1] for start in (alone, labels))
        return labels if several > one else alone


class NotAdapted(VBClusterer):
    """The PLDA of the training speech, whatever varies in the recording."""

    def __call__(self, Y, fewest=None, most=None):
        bounds = cluster_bounds(len(Y), None, fewest, most)
        return vote(self.labelings(Y, self.trials, distinct_windows(Y), bounds))


def ivectors(analysis, windows, speech):
    """i-vectors without PLDA."""
    return MODELS.embedder.ivectors(analysis.mfcc, windows, speech)


def by_cosine(W, *bounds):
    """Average linkage of cosines down to -0.05, the best of five values."""
    return cluster_embeddings(W - W.mean(axis=0), cosine_scores, -0.05), 1.0


def bic(Y, *bounds):
    """One clustering of segments between changes, by the Bayesian information criterion."""
    return cluster_bic(*Y), 1.0


def joined(clusterer, **stages):
    """Another clusterer, whose voices are joined as usual."""
    return Diarizer(clusterer=clusterer, joiner=join_voices, **stages)


BIC = {"segmenter": cut_at_changes, "embedder": cepstra_of_speech, "clusterer": bic, "resegmenter": keep_labels}
SYSTEMS = {  # name -> diarizer of a recording with this truth
    "full": lambda truth: Diarizer(),
    "reference speech": reference_speech,
    "speech by energy": lambda truth: Diarizer(detector=energy),
    "pauses not filled": lambda truth: PausesKept(),
    "not adapted": lambda truth: joined(NotAdapted(**vars(USUAL.clusterer))),
    "one-speaker test": lambda truth: joined(OneSpeakerTest(MODELS.plda)),
    "no VB-HMM": lambda truth: joined(agglomerative),
    "spectral, then VB-HMM": lambda truth: joined(spectral_then_vb),
    "spectral only": lambda truth: joined(spectral),
    "cosine, no PLDA, no VB-HMM": lambda truth: joined(by_cosine, embedder=ivectors),
    "voices not joined": lambda truth: Diarizer(joiner=keep_voices),
    "no resegmentation": lambda truth: Diarizer(resegmenter=keep_labels),
    "BIC": lambda truth: Diarizer(**BIC),
    "textbook": lambda truth: Diarizer(method="textbook"),
    "untrained": lambda truth: Diarizer(method="untrained"),
}


def score(recording, systems):
    """One row for each system: seconds of each error, and the counts."""
    analysis, truth = analyse(audio.blocks(recording.path, SAMPLE_RATE)), recording.annotation()
    for system in systems:
        labels, agreement = SYSTEMS[system](truth).label(analysis)
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
