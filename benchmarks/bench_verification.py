"""Is it the same speaker? Error of supervectors, of i-vectors, and of what is learnt on top of them.

Run as `python benchmarks/bench_verification.py --shared ../shared --out results.csv`.
"""

import argparse
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from recordings import SAMPLE_RATE, print_table, read_samples, write_rows

from lightdiar.metrics.verification import cllr, equal_error_rate, fit_calibration
from lightdiar.models.ivectors import supervectors, whiten
from lightdiar.models.plda import cosine_scores, fit_lda, fit_wccn
from lightdiar.signal.frontend import analyse
from lightdiar.stages.embedding import speaker_features
from lightdiar.systems import bundle
from lightdiar.training import augment
from lightdiar.training.manifests import backgrounds, by_speaker, read_speech_manifest
from lightdiar.training.sessions import draw_sessions, session_copies
from lightdiar.training.train import N_PLDA

TRAINING = "librispeech", "speechocean762"
CORPORA = "librispeech", "speechocean762", "ravdess", "emodb"
CONDITIONS = "clean", "film"
TRAINING_CONDITIONS = "clean", "room", "band", "film"
WINDOW_FRAMES = 150  # of speech in one embedding
ENROLMENT, TEST = 15 * SAMPLE_RATE, 4 * SAMPLE_RATE
LEAVE_OUT = ("*chinese*",)  # backgrounds that hold voices, as in the models that ship
PROTOCOL = (
    "Enrolment: a speaker's first files, at most half, to 15 s. Tests: its other files, joined and cut to 4 s.\n"
    "All share a room, as in one recording; the mean of all speech of a corpus is taken off.\n"
    "Every test against all speakers of its corpus; pooled: one threshold for the trials of all corpora.\n"
    "EER in %; at: the score where it is reached. Missed and false at a log likelihood ratio of 0, in %.\n"
    "Cllr in bits; calibrated: after the best slope and offset for the very trials."
)


def enrolment_and_tests(utterances):
    """Enrolment and tests of a speaker, samples at 16 kHz and the same level; no file is in two of them."""
    files = [augment.level(read_samples(utterance.path)) for utterance in utterances]
    lengths = np.cumsum([len(samples) for samples in files])
    n_enrolled = min(np.searchsorted(lengths, ENROLMENT) + 1, (len(files) + 1) // 2)
    tests, waiting = [], []
    for samples in files[n_enrolled:]:
        waiting.append(samples)
        if sum(map(len, waiting)) >= TEST:
            tests.append(np.concatenate(waiting)[:TEST])
            waiting = []
    return [np.concatenate(files[:n_enrolled])[:ENROLMENT], *tests]


def statistics(ubm, X):
    """Baum-Welch statistics of all frames, of first order whitened."""
    N, F = ubm.statistics(X)
    return N, whiten(ubm, N, F)


def heard(utterances, number, condition, noise):
    """Cepstra and slopes of the speech in the enrolment and the tests of a speaker in a condition, list of arrays."""
    found = []
    for place, samples in enumerate(enrolment_and_tests(utterances)):
        active = augment.speech_activity(samples)
        if condition == "film":
            rng, shared = np.random.default_rng([11, number, place]), np.random.default_rng(11)
            samples = augment.copy(samples, "film", rng, backgrounds(noise, ()), shared=shared)
        mfcc = analyse([samples]).mfcc
        found.append(speaker_features(mfcc, np.zeros(mfcc.shape[1]))[np.flatnonzero(active[: len(mfcc)])])
    return found


def in_one_recording(corpus):
    """Statistics of each speaker's enrolment and tests, less the mean that all speakers of a corpus have in common."""
    mean = np.mean([np.concatenate(features).mean(axis=0) for features in corpus], axis=0)
    mean[mean.size // 2 :] = 0  # slopes are not touched
    return [[statistics(bundle.load().ubm, X - mean) for X in features] for features in corpus]


def training_ivectors(session, condition, noise, number):
    """i-vectors of each 1.5 s of the speech of a session, and who speaks in each."""
    models = bundle.load()
    pieces = [
        (name, piece)
        for name, X in session_copies(session, condition, (noise, LEAVE_OUT), number)
        for piece in np.array_split(X, max(1, round(len(X) / WINDOW_FRAMES)))
    ]
    statistics_of = stacked(statistics(models.ubm, X) for _, X in pieces)
    return models.extractor.embed(*statistics_of), [name for name, _ in pieces]


def systems(W, speakers):
    """Name to function of the statistics of enrolments and tests, each a pair (N, F), that scores all pairs.

    LDA and WCCN learn from the i-vectors `W` of `speakers`; all else is as it ships.
    """
    models = bundle.load()
    lda, wccn = fit_lda(W, speakers, N_PLDA), fit_wccn(W, speakers)

    def of_ivectors(view, score):
        return lambda *sides: score(*(view(models.extractor.embed(*side)) for side in sides))

    return {
        "supervector": lambda *sides: cosine_scores(*(supervectors(models.ubm, *side) for side in sides)),
        "i-vector": of_ivectors(lambda V: V - W.mean(axis=0), cosine_scores),
        "i-vector WCCN": of_ivectors(wccn.project, cosine_scores),
        "i-vector LDA": of_ivectors(lda.project, cosine_scores),
        "i-vector PLDA": of_ivectors(models.plda.project, models.plda.log_likelihood_ratio),
    }


def measure(target, other, is_ratio):
    """Figures of one set of trials."""
    rate, threshold = equal_error_rate(target, other)
    slope, offset = fit_calibration(target, other)
    figures = {
        "targets": len(target),
        "others": len(other),
        "EER": 100 * rate,
        "at": threshold,
        "calibrated Cllr": cllr(slope * target + offset, slope * other + offset),
    }
    if is_ratio:
        at_zero = {"missed": 100 * np.mean(target < 0), "false": 100 * np.mean(other >= 0)}
        figures |= {"Cllr": cllr(target, other), **at_zero, "slope": slope, "offset": offset}
    return figures


def stacked(pairs):
    """Statistics of many recordings as two arrays."""
    return tuple(np.array(parts) for parts in zip(*pairs))


def trials(speakers, score):
    """Scores of all tests against all speakers of a corpus, whether it is the speaker, whether of its gender."""
    scores = score(stacked(found[0] for found, _ in speakers), stacked(s for found, _ in speakers for s in found[1:]))
    owner = np.repeat(np.arange(len(speakers)), [len(found) - 1 for found, _ in speakers])
    genders = np.array([gender for _, gender in speakers])
    return scores, np.arange(len(speakers))[:, None] == owner, genders[:, None] == genders[owner]


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help="folder with corpora/train, /dev and /noise")
    parser.add_argument("--out", required=True, help="CSV of all figures")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--quick", action="store_true", help="a tenth of the training speech, ten speakers a corpus")
    arguments = parser.parse_args(argv)
    corpora, parallel = arguments.shared / "corpora", Parallel(n_jobs=arguments.jobs)
    noise, unheard = (corpora / folder / "manifest.csv" for folder in ("noise", "dev/noise"))

    rng, step = np.random.default_rng(0), 10 if arguments.quick else 1
    meetings = [
        (session, condition)
        for name in TRAINING
        for condition in TRAINING_CONDITIONS
        for session in draw_sessions(read_speech_manifest(corpora / "train" / name / "manifest.csv")[::step], rng)
    ]
    windows = parallel(delayed(training_ivectors)(*pair, noise, number) for number, pair in enumerate(meetings))
    W = np.concatenate([vectors for vectors, _ in windows])
    scored = systems(W, np.concatenate([names for _, names in windows]))

    rows = []
    for condition in CONDITIONS:
        speakers = {}
        for name in CORPORA:
            known = by_speaker(read_speech_manifest(corpora / "dev" / name / "manifest.csv"))
            people = list(known.values())[: 10 if arguments.quick else None]
            calls = (delayed(heard)(mine, number, condition, unheard) for number, mine in enumerate(people))
            found = in_one_recording(parallel(calls))
            speakers[name] = [(parts, mine[0].gender) for parts, mine in zip(found, people)]
        for system, score in scored.items():
            tried = {name: trials(speakers[name], score) for name in CORPORA}
            tried["pooled"] = [np.concatenate([one.ravel() for one in parts]) for parts in zip(*tried.values())]
            for name, (scores, same, alike) in tried.items():
                for others, chosen in (("all", ~same), ("same gender", ~same & alike)):
                    case = {"system": system, "corpus": name, "condition": condition, "against": others}
                    rows.append(case | measure(scores[same], scores[chosen], system == "i-vector PLDA"))
    table = write_rows(rows, arguments.out)
    rates = table.pivot_table("EER", ["system", "against"], ["condition", "corpus"], sort=False)
    print_table(rates.reset_index(), PROTOCOL)
    print_table(table.dropna(subset="Cllr").drop(columns=["system", "targets", "others"]), "\nRatios of the PLDA")


if __name__ == "__main__":
    main()
