"""How often the gender of one clip is right: as it is, under film sound, and sampled at 8 kHz.

Run as `python benchmarks/bench_gender.py MANIFEST... --noise NOISE_MANIFEST --out results.csv`.

Clips of up to 6 s of one speaker each, from CSV manifests with path,speaker,gender[,age]; only frames of speech, found
by level on the clip as it is, are heard. Adults are 16 and older, children 12 and younger, those between are left out.
"""

import argparse
import csv

import numpy as np

from lightdiar import audio, augment, bundle
from lightdiar.frontend import SAMPLE_RATE, analyse
from lightdiar.result import CERTAIN
from lightdiar.training import read_noise_manifest, read_speech_manifest, voice_of

LONGEST = 6 * SAMPLE_RATE


def conditions(samples, number, backgrounds):
    """The clip in each condition."""
    yield "as it is", samples
    yield "film", augment.copy(samples, "film", np.random.default_rng([9, number]), backgrounds)
    yield "8 kHz", audio.resample(audio.resample(samples, SAMPLE_RATE, 8000), 8000, SAMPLE_RATE)[: len(samples)]


def judge(manifest, backgrounds):
    """Rows (corpus, condition, voice, is a woman, probability) of all clips of a manifest."""
    model = bundle.load().gender
    for number, utterance in enumerate(read_speech_manifest(manifest)):
        if voice_of(utterance) is None:
            continue
        sound = audio.read(utterance.path)
        samples = audio.resample(sound.samples, sound.sample_rate, SAMPLE_RATE)[:LONGEST]
        active = augment.speech_activity(samples)
        voice = "child" if voice_of(utterance) == "child" else "adult"
        for condition, heard in conditions(samples, number, backgrounds):
            analysis = analyse([heard])
            speech = np.flatnonzero(active[: len(analysis)])
            yield voice, condition, utterance.gender == "F", model.p_female(analysis.mfcc[speech], analysis.f0[speech])


def summary(clips):
    """Accuracy, that of women and of men, share of certain verdicts, expected calibration error; all in %."""
    woman, p = (np.array(column) for column in zip(*clips))
    right, confidence = (p >= 0.5) == woman, np.maximum(p, 1 - p)
    tenth = np.minimum((10 * confidence).astype(int), 9)
    gaps = [abs(right[tenth == k].mean() - confidence[tenth == k].mean()) * np.mean(tenth == k) for k in set(tenth)]
    values = right.mean(), right[woman].mean(), right[~woman].mean(), (confidence >= CERTAIN).mean(), sum(gaps)
    return dict(zip(("right", "women", "men", "certain", "ece"), (f"{100 * value:.1f}" for value in values)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifests", nargs="+", metavar="MANIFEST")
    parser.add_argument("--noise", required=True, metavar="NOISE_MANIFEST")
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    backgrounds = read_noise_manifest(arguments.noise)
    clips = {}
    for manifest in arguments.manifests:
        for voice, condition, woman, p in judge(manifest, backgrounds):
            clips.setdefault((voice, condition), []).append((woman, p))
    rows = [
        {"voice": voice, "condition": condition, "clips": len(found), **summary(found)}
        for (voice, condition), found in sorted(clips.items())
    ]
    with open(arguments.out, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for row in [dict.fromkeys(rows[0]), *rows]:
        print("  ".join(str(value if value is not None else key).rjust(9) for key, value in row.items()))


if __name__ == "__main__":
    main()
