"""How often the gender of a speaker is right and its probability true, and how many children are found.

Run as `python benchmarks/bench_gender.py MANIFEST... --noise NOISE_MANIFEST --out results.csv`, with noise and music
that no model was trained with.

Clips of up to 6 s of one speaker each, from CSV manifests with path,speaker,gender[,age]: one by one, and together up
to 20 s of a speaker. Only frames of speech are heard, found by level on the clip as it is. Adults are 16 and older,
children 12 and younger, those between are left out. `right`, `women`, `men`: the likelier gender; `certain`: a gender
is stated; `ece`: expected calibration error over tenths; `brier`: mean squared error of the probability; `child`:
declared a child. All in %, brier from 0 to 1.
"""

import argparse
import csv

import numpy as np

from lightdiar.io import audio
from lightdiar.io.resample import resample
from lightdiar.metrics.calibration import calibration
from lightdiar.signal.frontend import SAMPLE_RATE, analyse
from lightdiar.systems import bundle
from lightdiar.systems.result import CERTAIN, Speaker
from lightdiar.training import augment
from lightdiar.training.manifests import read_noise_manifest, read_speech_manifest, voice_of

LONGEST = 6 * SAMPLE_RATE
MUCH = 2000  # frames of speech


def conditions(samples, number, backgrounds):
    """The clip in each condition."""
    yield "as it is", samples
    yield "film", augment.copy(samples, "film", np.random.default_rng([9, number]), backgrounds)
    yield "8 kHz", resample(resample(samples, SAMPLE_RATE, 8000), 8000, SAMPLE_RATE)[: len(samples)]
    yield "phone", augment.copy(samples, "phone", np.random.default_rng([9, number]), backgrounds)


def hear(manifest, backgrounds):
    """Dict (speaker, voice, is a woman, condition) -> list of (mfcc, f0) of its clips."""
    heard = {}
    for number, utterance in enumerate(read_speech_manifest(manifest)):
        if voice_of(utterance) is None:
            continue
        sound = audio.read(utterance.path)
        samples = resample(sound.samples, sound.sample_rate, SAMPLE_RATE)[:LONGEST]
        active = augment.speech_activity(samples)
        voice = "child" if voice_of(utterance) == "child" else "adult"
        for condition, samples_heard in conditions(samples, number, backgrounds):
            analysis = analyse([samples_heard])
            speech = np.flatnonzero(active[: len(analysis)])
            who = utterance.speaker, voice, utterance.gender == "F", condition
            heard.setdefault(who, []).append((analysis.mfcc[speech], analysis.f0[speech]))
    return heard


def together(clips):
    """The clips of a speaker joined to pieces of 20 s of speech; what remains is left out unless it is all there is."""
    pieces, piece = [], []
    for clip in clips:
        piece.append(clip)
        if sum(len(mfcc) for mfcc, _ in piece) >= MUCH:
            pieces.append(piece)
            piece = []
    return [[np.concatenate(parts) for parts in zip(*piece)] for piece in pieces or [piece]]


def summary(verdicts):
    """Figures of a list of (is a woman, Speaker)."""
    woman, speakers = np.array([woman for woman, _ in verdicts]), [speaker for _, speaker in verdicts]
    p = np.array([speaker.p_female for speaker in speakers])
    right, confidence = (p >= 0.5) == woman, np.maximum(p, 1 - p)
    error = calibration(confidence, right).error
    child = np.mean([speaker.gender == "child" for speaker in speakers])
    values = right.mean(), right[woman].mean(), right[~woman].mean(), (confidence >= CERTAIN).mean(), child, error
    figures = dict(
        zip(("right", "women", "men", "certain", "child", "ece"), (f"{100 * value:.1f}" for value in values))
    )
    return {**figures, "brier": f"{np.mean((p - woman) ** 2):.3f}"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifests", nargs="+", metavar="MANIFEST")
    parser.add_argument("--noise", required=True, metavar="NOISE_MANIFEST")
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    backgrounds, model = read_noise_manifest(arguments.noise), bundle.load().gender
    verdicts = {}
    for manifest in arguments.manifests:
        for (name, voice, woman, condition), clips in hear(manifest, backgrounds).items():
            for length, pieces in (("clip", clips), ("20 s", together(clips))):
                for mfcc, f0 in pieces:
                    p_woman, _, p_child = model.probabilities(mfcc, f0)
                    speaker = Speaker(name, len(mfcc) / 100, p_woman + p_child / 2, p_child)
                    verdicts.setdefault((voice, length, condition), []).append((woman, speaker))
    rows = [
        {"voice": voice, "length": length, "condition": condition, "n": len(found), **summary(found)}
        for (voice, length, condition), found in sorted(verdicts.items())
    ]
    with open(arguments.out, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for row in [dict.fromkeys(rows[0]), *rows]:
        print("  ".join(str(value if value is not None else key).rjust(8) for key, value in row.items()))


if __name__ == "__main__":
    main()
