"""Pitch against laryngograph references: gross, octave and voicing errors, and CPU time.

    python benchmarks/bench_pitch.py F0_FOLDER --out benchmarks/results/pitch.csv

F0_FOLDER holds utterances (.flac) with a reference beside each (.f0ref, one line per 15 ms, Hz, 0 = unvoiced).
Line i of a reference is taken for the moment i * 15 ms: at that offset the deviation of Praat's pitch from
the reference is smallest. Each moment is compared with the nearest frame of a system. All systems search
60-400 Hz and keep their own defaults otherwise; errors are counted at a step of 5 ms, which meets every
moment, CPU time at 10 ms. A peer that is not installed is left out.

gross    frames voiced in both that are off by more than 20 %, share of the frames voiced in both
octave   the part of them within 20 % of twice or half the reference
voicing  frames wrongly called voiced or unvoiced, share of all frames
total    frames with a voicing or a gross error, share of all frames
ms_per_s CPU milliseconds (all threads) per second of sound at a step of 10 ms, least of the repeats
"""

import argparse
import time
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

import lightdiar.signal.pitch

FMIN, FMAX = 60.0, 400.0  # Hz
REFERENCE_STEP, ERROR_STEP, COST_STEP = 0.015, 0.005, 0.010  # seconds


def ours(samples, sample_rate, step):
    pitch = lightdiar.signal.pitch.f0(samples, sample_rate, fmin=FMIN, fmax=FMAX, step=step)
    return pitch.grid.times(len(pitch.f0)), np.nan_to_num(pitch.f0)


def praat(samples, sample_rate, step):
    import parselmouth

    pitch = parselmouth.Sound(samples, sample_rate).to_pitch_ac(time_step=step, pitch_floor=FMIN, pitch_ceiling=FMAX)
    return pitch.xs(), pitch.selected_array["frequency"]


def pyin(samples, sample_rate, step):
    import librosa

    # 1024 samples: 64 ms at 16 kHz; its default of 2048 is meant for 22.05 kHz
    hop_length = round(step * sample_rate)
    f0, *_ = librosa.pyin(samples, fmin=FMIN, fmax=FMAX, sr=sample_rate, frame_length=1024, hop_length=hop_length)
    return librosa.times_like(f0, sr=sample_rate, hop_length=hop_length), np.nan_to_num(f0)


SYSTEMS = {"lightdiar": ours, "praat-parselmouth": praat, "librosa": pyin}


def nearest(times, values, moments):
    """Value of the frame nearest to each moment."""
    return values[np.searchsorted((times[1:] + times[:-1]) / 2, moments)]


def errors(reference, estimate):
    """Gross, octave, voicing and total error of frames in Hz (0 = unvoiced), in per cent."""
    both = (reference > 0) & (estimate > 0)
    ratio = estimate[both] / reference[both]
    gross = np.abs(ratio - 1) > 0.2
    octave = gross & ((np.abs(ratio / 2 - 1) <= 0.2) | (np.abs(ratio * 2 - 1) <= 0.2))
    voicing = (reference > 0) != (estimate > 0)
    total = (voicing.sum() + gross.sum()) / len(reference)
    shares = {"gross": gross.mean(), "octave": octave.mean(), "voicing": voicing.mean(), "total": total}
    return {name: round(100 * share, 2) for name, share in shares.items()}


def bench(package, system, recordings, repeats):
    estimates = []
    for samples, sample_rate, reference in recordings:
        times, track = system(samples, sample_rate, ERROR_STEP)
        estimates.append(nearest(times, track, np.arange(len(reference)) * REFERENCE_STEP))
    costs = []
    for _ in range(repeats):
        start = time.process_time()
        for samples, sample_rate, _ in recordings:
            system(samples, sample_rate, COST_STEP)
        costs.append(time.process_time() - start)
    seconds = sum(len(samples) / sample_rate for samples, sample_rate, _ in recordings)
    return {
        "system": package,
        "version": metadata.version(package) if package != "lightdiar" else "this",
        "audio_seconds": round(seconds, 1),
        **errors(np.concatenate([reference for *_, reference in recordings]), np.concatenate(estimates)),
        "ms_per_s": round(1000 * min(costs) / seconds, 2),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="utterances (.flac) with .f0ref beside them")
    parser.add_argument("--out", type=Path, help="CSV file to write")
    parser.add_argument("--quick", action="store_true", help="every fifth utterance, one repeat")
    args = parser.parse_args()
    paths = sorted(args.folder.glob("*.flac"))[:: 5 if args.quick else 1]
    recordings = [(*soundfile.read(path), np.loadtxt(path.with_suffix(".f0ref"))) for path in paths]
    installed = {"lightdiar", *(package.metadata["Name"] for package in metadata.distributions())}
    table = pd.DataFrame(
        bench(package, system, recordings, repeats=1 if args.quick else 3)
        for package, system in SYSTEMS.items()
        if package in installed
    )
    print(table.to_string(index=False))
    if args.out:
        table.to_csv(args.out, index=False, encoding="utf-8", lineterminator="\n")


if __name__ == "__main__":
    main()
