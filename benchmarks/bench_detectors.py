"""What the speech detector should look at: variants of it trained alike, and 10 ms frames each gets wrong.

Run as `python benchmarks/bench_detectors.py FOLDER... --speech M.csv... --noise N.csv --out results.csv`. The long-term
features are those of the literature on top of the detector's own; a detector that sees them is trained like the others.
"""

import argparse

import numpy as np
from bench_speech import PROTOCOL, SYSTEMS, pool, score
from recordings import all_recordings, pooled, print_table, read_samples, write_rows

from lightdiar.signal.frontend import GRID, analyse
from lightdiar.stages.speech import Column, detector_features, fit_speech_detector, log_bands
from lightdiar.training.manifests import read_noise_manifest, read_speech_manifest
from lightdiar.training.scenes import make_scene

EVERY = 5  # frames to train on


def own(analysis):
    """What the detector that ships looks at."""
    return detector_features(analysis.mfcc, analysis.f0, analysis.strength)


def static(analysis):
    """Level and spectrum of the frame alone."""
    return own(analysis)[:, : Column.SPREAD.start]


def without_pitch(analysis):
    """Without periodicity and the movement of F0."""
    return own(analysis)[:, : Column.PERIODICITY]


def without_movement(analysis):
    """Without modulation, flux and the course of pitch."""
    return own(analysis)[:, : Column.MODULATION.start]


def divergence(analysis):
    """The long-term spectral divergence of `lightdiar.stages.speech.ltsd_vad`."""
    from scipy.ndimage import maximum_filter1d

    power = np.exp(log_bands(analysis.mfcc))
    loudness = power.sum(axis=1)
    power += 1e-6 * np.quantile(loudness, 0.95)
    noise = power[loudness <= np.quantile(loudness, 0.1)].mean(axis=0)
    return np.log(np.mean(maximum_filter1d(power, 13, axis=0) / noise, axis=1, keepdims=True))


VARIANTS = {
    "static": [static],
    "without-pitch": [without_pitch],
    "without-movement": [without_movement],
    "own": [own],
    "own+ltsd": [own, divergence],
}


def train_variant(scenes, features):
    """A detector of other sight."""
    X = np.concatenate([look(analysis, features)[::EVERY] for analysis, _ in scenes])
    return fit_speech_detector(X, np.concatenate([labels[::EVERY] for _, labels in scenes]))


def look(analysis, features):
    return np.column_stack([feature(analysis) for feature in features]).astype(np.float32)


def read_scenes(speech, noise, n_scenes):
    """Analyses of synthetic scenes with the class of each frame."""
    utterances = [utterance for path in speech for utterance in read_speech_manifest(path)]
    backgrounds = read_noise_manifest(noise, ["*chinese*"])  # people talk in those
    scenes = []
    for number in range(n_scenes):
        samples, labels = make_scene(
            lambda rng: read_samples(utterances[rng.integers(len(utterances))].path),
            backgrounds,
            np.random.default_rng(number),
        )
        padded = np.append(samples, np.zeros(GRID.frame_length - GRID.hop_length))  # a frame for each label
        scenes.append((analyse([padded]), labels))
    return scenes


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help="recordings with truth; pooled by folder")
    parser.add_argument("--speech", nargs="+", required=True, help="manifests of `lightdiar train`")
    parser.add_argument("--noise", required=True, help="manifest of `lightdiar train`")
    parser.add_argument("--scenes", type=int, default=60, help="to train on")
    parser.add_argument("--out", required=True, help="CSV of the rows of all recordings")
    parser.add_argument("--quick", action="store_true", help="two recordings of each folder")
    arguments = parser.parse_args(argv)
    recordings = all_recordings(arguments)
    scenes = read_scenes(arguments.speech, arguments.noise, arguments.scenes)
    analyses = {recording.path: analyse([read_samples(recording.path)]) for recording in recordings}
    rows = [score(r, system, SYSTEMS[system]) for system in ("energy", "ltsd") for r in recordings]
    for name, features in VARIANTS.items():
        detector = train_variant(scenes, features)

        def detect(path, detector=detector, features=features):
            return GRID.segments(detector.best_path(detector.log_odds(look(analyses[path], features))))

        rows += [score(recording, name, detect) for recording in recordings]
    print_table(pooled(write_rows(rows, arguments.out), pool), PROTOCOL)


if __name__ == "__main__":
    main()
