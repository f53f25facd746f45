"""How often the gender of a speaker is right and its probability true, and how many children are found.

Run as `python benchmarks/bench_gender.py MANIFEST... --noise NOISE_MANIFEST --out results.csv`, with noise and music
that no model was trained with.

Clips of up to 6 s of one speaker each, from CSV manifests with path,speaker,gender[,age]: one by one, and together up
to 20 s of a speaker. Only frames of speech are heard, found by level on the clip as it is. Adults are 16 and older,
children 12 and younger, those between are left out. With `--recordings FOLDER...`, the speakers of conversations as
well, each heard in the turns of the truth; there, whose age is not known counts as an adult. `right`, `women`, `men`:
the likelier gender; `all right`: recordings in which that holds for all who speak for 2 s; `certain`: a gender is
stated; `ece`: expected calibration error over tenths; `brier`: mean squared error of the probability; `log loss`: minus
its mean logarithm, in nats; `child`: declared a child. All but brier and log loss in %.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
from recordings import counted, find_recordings

from lightdiar.io import audio
from lightdiar.io.resample import resample
from lightdiar.metrics.calibration import calibration
from lightdiar.signal.frontend import GRID, SAMPLE_RATE, analyse
from lightdiar.stages.gender import pooled
from lightdiar.systems import bundle
from lightdiar.systems.result import CERTAIN, Speaker
from lightdiar.systems.voice_models import load_voice_models
from lightdiar.training import augment
from lightdiar.training.manifests import read_noise_manifest, read_speech_manifest, voice_of

LONGEST = 6 * SAMPLE_RATE
MUCH = 2000  # frames of speech
_LEAST = 1e-4  # of a probability, so that its logarithm is finite


def conditions(samples, number, backgrounds):
    """The clip in each condition."""
    yield "as it is", samples
    yield "film", augment.copy(samples, "film", np.random.default_rng([9, number]), backgrounds)
    yield "8 kHz", resample(resample(samples, SAMPLE_RATE, 8000), 8000, SAMPLE_RATE)[: len(samples)]
    yield "phone", augment.copy(samples, "phone", np.random.default_rng([9, number]), backgrounds)


def hear(manifest, backgrounds):
    """Dict (speaker, voice, is a woman, condition) -> list of what `heard_of` says of its clips."""
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
            mask = np.zeros(len(analysis), bool)
            mask[: len(active)] = active[: len(analysis)]
            who = utterance.speaker, voice, utterance.gender == "F", condition
            heard.setdefault(who, []).append(heard_of(analysis, mask))
    return heard


def heard_of(analysis, mask):
    """MFCC and F0 of a voice, and the statistics of its voiceprint."""
    N, F = load_voice_models().voiceprinter.statistics(analysis, [mask])
    return analysis.mfcc[mask], analysis.f0[mask], N, F


def together(clips):
    """The clips of a speaker joined to pieces of 20 s of speech; what remains is left out unless it is all there is."""
    pieces, piece = [], []
    for clip in clips:
        piece.append(clip)
        if sum(len(mfcc) for mfcc, *_ in piece) >= MUCH:
            pieces.append(piece)
            piece = []
    for joined in pieces or [piece]:
        mfcc, f0, N, F = zip(*joined)
        yield np.concatenate(mfcc), np.concatenate(f0), sum(N), sum(F)


def hear_recordings(folder):
    """List of (recording, name, is a woman, `heard_of`): those who speak for long enough, in their true turns."""
    heard = []
    for recording in find_recordings(folder, (".rttm",)):
        annotation, genders = recording.annotation(), recording.genders()
        analysis = analyse(audio.blocks(recording.path, SAMPLE_RATE))
        for name in counted(annotation):
            if name in genders:
                mask = GRID.mask([turn for turn in annotation if turn.speaker == name], len(analysis))
                heard.append((recording.name, name, genders[name] == "F", heard_of(analysis, mask)))
    return heard


def summary(verdicts):
    """Figures of a list of (is a woman, Speaker)."""
    woman, speakers = np.array([woman for woman, _ in verdicts]), [speaker for _, speaker in verdicts]
    p = np.array([speaker.p_female for speaker in speakers])
    right, confidence = (p >= 0.5) == woman, np.maximum(p, 1 - p)
    error = calibration(confidence, right).error
    child = np.mean([speaker.gender == "child" for speaker in speakers])
    women, men = (right[of].mean() if of.any() else np.nan for of in (woman, ~woman))
    values = right.mean(), women, men, (confidence >= CERTAIN).mean(), child, error
    figures = dict(
        zip(("right", "women", "men", "certain", "child", "ece"), (f"{100 * value:.1f}" for value in values))
    )
    surprise = -np.log(np.maximum(np.where(woman, p, 1 - p), _LEAST)).mean()
    return {**figures, "brier": f"{np.mean((p - woman) ** 2):.3f}", "log loss": f"{surprise:.3f}"}


def all_right(verdicts):
    """Share of the recordings, in %, in which everybody is right, from a list of (recording, is a woman, Speaker)."""
    by_recording = {}
    for recording, woman, speaker in verdicts:
        by_recording.setdefault(recording, []).append((speaker.p_female >= 0.5) == woman)
    return f"{100 * np.mean([all(right) for right in by_recording.values()]):.1f}"


def judge(model, name, mfcc, f0, N, F):
    """The speaker as a diarization says."""
    voices = load_voice_models()
    vectors = voices.voiceprinter.project(N, F, np.array([len(mfcc)]))
    woman, _, child = pooled(model.probabilities(mfcc, f0), voices.women_men_children(vectors)[0])
    return Speaker(name, len(mfcc) / 100, min(1.0, woman + child / 2), child)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifests", nargs="+", metavar="MANIFEST")
    parser.add_argument("--noise", required=True, metavar="NOISE_MANIFEST")
    parser.add_argument(
        "--recordings", nargs="+", default=[], metavar="FOLDER", help="of sound, .rttm and .genders.csv"
    )
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    backgrounds, model = read_noise_manifest(arguments.noise), bundle.load().gender
    verdicts = {}
    for manifest in arguments.manifests:
        for (name, voice, woman, condition), clips in hear(manifest, backgrounds).items():
            for length, pieces in (("clip", clips), ("20 s", together(clips))):
                for piece in pieces:
                    verdicts.setdefault((voice, length, condition), []).append((woman, judge(model, name, *piece)))
    rows = [
        {"voice": voice, "length": length, "condition": condition, "n": len(found), **summary(found), "all right": ""}
        for (voice, length, condition), found in sorted(verdicts.items())
    ]
    for folder in arguments.recordings:
        found = [
            (recording, woman, judge(model, name, *own)) for recording, name, woman, own in hear_recordings(folder)
        ]
        figures = summary([verdict for _, *verdict in found])
        row = {"voice": "speaker", "length": "turns", "condition": Path(folder).name, "n": len(found), **figures}
        rows.append({**row, "all right": all_right(found)})
    with open(arguments.out, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for row in [dict.fromkeys(rows[0]), *rows]:
        print("  ".join(str(value if value is not None else key).rjust(8) for key, value in row.items()))


if __name__ == "__main__":
    main()
