"""Whose voice is it? Verification, identification and calibration, beside peers on the same trials.

Run as `python benchmarks/bench_voices.py --shared ../shared --out results.csv [--system resemblyzer]`.
"""

import argparse
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from recordings import SAMPLE_RATE, print_table, read_samples, write_rows

from lightdiar.metrics.identification import identification_rate
from lightdiar.metrics.verification import cllr, equal_error_rate, minimum_cllr
from lightdiar.recognition.answers import NAMED
from lightdiar.recognition.identification import N_HALVES, forget_halves
from lightdiar.recognition.listening import speech_of_a_voice
from lightdiar.recognition.voices import KNOWN
from lightdiar.signal.frontend import analyse
from lightdiar.systems.voice_models import centre, load_voice_models
from lightdiar.training import augment
from lightdiar.training.manifests import backgrounds, by_speaker, read_speech_manifest

ENROLMENT, TEST = 15, 4  # seconds of sound
SHORT_ENROLMENT = 6  # where people said little
SHORT = ("azdigits",)
POOLS = {"calm": ("librispeech", "speechocean762"), "emotion": ("ravdess", "emodb")}
CORPORA = ("librispeech", "speechocean762", "ravdess", "emodb", "ased_amharic", "bengali_digits", "azdigits")
CONDITIONS = (("clean", "clean"), ("film", "film"), ("clean", "film"), ("phone", "phone"))  # enrolment and test
LENGTHS = 2, 5, 15, 40
LONG = ("librispeech", "ased_amharic", "bengali_digits")  # a minute of each person
PROTOCOL = (
    f"Enrolment: {ENROLMENT} s of a person's first files, at most half of them; tests: the others, joined and cut to "
    f"{TEST} s.\nDigits ({', '.join(SHORT)}): {SHORT_ENROLMENT} s and two tests. Each has its own room, background and "
    "level; speech found by the detector.\nAll tests against all people of the corpus; pools: one threshold. EER, "
    "identified (closed set), open-set EER and the share of unknown people who are named\n(half of the people unknown, "
    f"{N_HALVES} draws; named from a posterior of {NAMED}, prior of a known person {KNOWN}) and of known refused: %."
)


def cut(files, enrolment, test, short):
    """Enrolment and tests of a person, samples at 16 kHz of the same level."""
    files = [augment.level(read_samples(path)) for path in files]
    if short:
        samples = np.concatenate(files)
        rest = samples[enrolment:]
        return [samples[:enrolment], *(rest[at : at + test] for at in range(0, len(rest) - test + 1, test)[:2])]
    lengths = np.cumsum([len(samples) for samples in files])
    n_enrolled = min(np.searchsorted(lengths, enrolment) + 1, (len(files) + 1) // 2)
    rest = np.concatenate(files[n_enrolled:]) if n_enrolled < len(files) else np.zeros(0, np.float32)
    tests = [rest[at : at + test] for at in range(0, len(rest) - test + 1, test)]
    return [np.concatenate(files[:n_enrolled])[:enrolment], *tests]


def sounds_of(mine, number, conditions, noise, enrolment, test, short):
    """The enrolment and the tests of a person as they sound in their conditions."""
    heard = []
    for place, samples in enumerate(cut([utterance.path for utterance in mine], enrolment, test, short)):
        condition = conditions[place > 0]
        if condition != "clean":
            rng = np.random.default_rng([11, number, place, len(condition)])
            samples = augment.copy(samples, condition, rng, backgrounds(noise, ()))
        heard.append(samples.astype(np.float32))
    return heard


class Lightdiar:
    """The models that ship."""

    name = "lightdiar"

    def embed(self, samples):
        analysis = analyse([samples])
        speech = speech_of_a_voice(analysis)
        return load_voice_models().voiceprinter(analysis, [speech])[0].vector

    def score(self, enrolled, tests):
        enrolled, tests = np.stack(enrolled), np.stack(tests)
        middle = centre(enrolled)
        return load_voice_models().log_likelihood_ratios(enrolled - middle, tests - middle, different=True)


class Resemblyzer:
    """d-vectors and their cosine; the score is the cosine, which is no likelihood ratio."""

    name = "resemblyzer"

    def embed(self, samples):
        from peers import resemblyzer_voice

        return resemblyzer_voice(samples)

    def score(self, enrolled, tests):
        return np.stack(enrolled) @ np.stack(tests).T


class Mixtures:
    """A mixture of 32 Gaussians for each person on MFCC and LPC cepstra, the recipe of skgmm."""

    name = "gmm-32"

    def __init__(self):
        self.mixtures, self.scores = {}, {}  # by place in memory, of one corpus

    def embed(self, samples):
        from lightdiar.signal.features import mfcc
        from lightdiar.signal.lpc import lpc_cepstra

        parts = mfcc(samples, SAMPLE_RATE, n_mfcc=20)[:, 1:], lpc_cepstra(samples, SAMPLE_RATE, order=15, n_cepstra=15)
        n_frames = min(map(len, parts))
        return np.concatenate([part[:n_frames] for part in parts], axis=1)

    def score(self, enrolled, tests):
        return np.array([[self._score(X, Y) for Y in tests] for X in enrolled])

    def _score(self, X, Y):
        if (id(X), id(Y)) not in self.scores:
            self.scores[id(X), id(Y)] = self._mixture(X).score(Y)
        return self.scores[id(X), id(Y)]

    def _mixture(self, X):
        from sklearn.mixture import GaussianMixture

        if id(X) not in self.mixtures:
            mixture = GaussianMixture(32, covariance_type="diag", reg_covar=1e-3, max_iter=50, tol=1e-2, random_state=0)
            self.mixtures[id(X)] = mixture.fit(X)
        return self.mixtures[id(X)]


SYSTEMS = {system.name: system for system in (Lightdiar, Resemblyzer, Mixtures)}


def embedded(system, *task):
    """What the system makes of the sounds of a person."""
    return [system().embed(samples) for samples in sounds_of(*task)]


def figures(same, other):
    """Figures of one set of trials."""
    rates = {"targets": len(same), "others": len(other), "EER": 100 * equal_error_rate(same, other)[0]}
    return rates | {"Cllr": cllr(same, other), "min Cllr": minimum_cllr(same, other)}


def corpus_rows(found, system, case):
    """Figures of one corpus, and the scores of the same and of different people."""
    system = system()
    enrolled, tests = [one[0] for one in found], [test for one in found for test in one[1:]]
    owner = np.repeat(np.arange(len(found)), [len(one) - 1 for one in found])
    scores = system.score(enrolled, tests)
    same = np.arange(len(found))[:, None] == owner

    def against(kept):
        return system.score([enrolled[place] for place in kept], tests).T

    halves = forget_halves(against, len(found), owner)
    opened = np.mean([half.figures(np.arange(len(owner))) for half in halves], axis=0)
    names = "open-set EER", "identified at 1 %", "unknown named", "known misnamed", "known refused"
    more = {"identified": 100 * identification_rate(scores.T, owner), **dict(zip(names, 100 * opened))}
    return case | figures(scores[same], scores[~same]) | more, (scores[same], scores[~same])


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help="folder with corpora/dev and corpora/dev/noise")
    parser.add_argument("--out", required=True, help="CSV of all figures")
    parser.add_argument("--system", choices=SYSTEMS, default="lightdiar")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--quick", action="store_true", help="clean sound, ten people a corpus, no other lengths")
    arguments = parser.parse_args(argv)
    dev = arguments.shared / "corpora" / "dev"
    noise, system, parallel = dev / "noise" / "manifest.csv", SYSTEMS[arguments.system], Parallel(arguments.jobs)

    def people_of(corpus):
        known = by_speaker(read_speech_manifest(dev / corpus / "manifest.csv"))
        return list(known.values())[: 10 if arguments.quick else None]

    def hear(corpus, conditions, enrolment, test):
        short = corpus in SHORT
        lengths = (SHORT_ENROLMENT if short else enrolment) * SAMPLE_RATE, test * SAMPLE_RATE
        tasks = [(mine, number, conditions, noise, *lengths, short) for number, mine in enumerate(people_of(corpus))]
        return [one for one in parallel(delayed(embedded)(system, *task) for task in tasks) if len(one) > 1]

    rows = []
    for conditions in CONDITIONS[: 1 if arguments.quick else None]:
        trials = {}
        case = {"system": system.name, "enrolment": conditions[0], "test": conditions[1], "seconds": TEST}
        for corpus in CORPORA:
            row, trials[corpus] = corpus_rows(hear(corpus, conditions, ENROLMENT, TEST), system, case | {"of": corpus})
            rows.append(row)
        for name, members in POOLS.items():
            rows.append(case | {"of": name} | figures(*map(np.concatenate, zip(*(trials[one] for one in members)))))
        for length in () if arguments.quick or conditions[0] != conditions[1] else LENGTHS:
            tried = [corpus_rows(hear(one, conditions, ENROLMENT, length), system, {})[1] for one in LONG]
            rows.append(case | {"of": "by length", "seconds": length} | figures(*map(np.concatenate, zip(*tried))))
    table = write_rows(rows, arguments.out)
    print_table(table.drop(columns=["system", "targets", "others"]), PROTOCOL)


if __name__ == "__main__":
    main()
