"""What a recording may suffer before the answer changes: hum, level, codecs, rates, channels, clipping, rooms.

Run as `python benchmarks/bench_robustness.py FOLDER... --rooms ROOMS.csv --out results.csv`.
"""

import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile
from recordings import (
    SAMPLE_RATE,
    all_recordings,
    counted,
    error_row,
    pooled_errors,
    print_table,
    read_arguments,
    read_samples,
    write_rows,
)

from lightdiar import Audio, diarize
from lightdiar.io.manifests import read_manifest
from lightdiar.io.resample import resample
from lightdiar.metrics.diarization import diarization_error
from lightdiar.timeline import Annotation, Segment, Turn

LONGEST = 90  # seconds of each recording
SILENCE = 10  # seconds
PROTOCOL = (
    f"The first {LONGEST} s of each recording, spoilt: DER in % and its parts against what lightdiar finds in them\n"
    "unspoilt, and DER against the truth; no collar, overlap scored, pooled over all recordings. In how many of them\n"
    "are as many speakers of 2 s or more found (number), as many men and women (counts), the same turns to 10 ms?\n"
    "Hum and rumble are relative to the level of speech. Codecs need ffmpeg, rooms a manifest of responses."
)


def with_noise(wave, decibels, samples):
    """Add a wave of unit RMS, `decibels` above the level of the speech (of samples within 26 dB of the peak)."""
    magnitude = np.abs(samples)
    speech = np.sqrt(np.mean(np.square(samples[magnitude > 0.05 * magnitude.max()], dtype=np.float64)))
    return samples + speech * 10 ** (decibels / 20) * wave(len(samples))


def tones(frequencies, n_samples):
    """Sines, each half the amplitude of the one before; unit RMS."""
    phase = 2 * np.pi * np.arange(n_samples) / SAMPLE_RATE
    wave = sum(np.sin(frequency * phase + number) / 2**number for number, frequency in enumerate(frequencies))
    return wave / wave.std()


def wandering(n_samples):
    """50 Hz and its harmonics as a recorder hears them: 0.03 Hz off, wandering by as much; unit RMS."""
    t = np.arange(n_samples) / SAMPLE_RATE
    phase = 2 * np.pi * (50.03 * t + 0.09 * np.sin(t / 3))
    wave = sum(np.sin(k * phase + k) / k for k in range(1, 9))
    return wave / wave.std()


def rumble(n_samples):
    """Noise from 10 to 30 Hz, unit RMS."""
    from scipy.signal import butter, sosfilt

    sos = butter(2, [10, 30], "bandpass", fs=SAMPLE_RATE, output="sos")
    wave = sosfilt(sos, np.random.default_rng(0).standard_normal(n_samples))
    return wave / wave.std()


def clipped(samples):
    """Cut off at a quarter of the peak, 12 dB too loud."""
    limit = np.abs(samples).max() / 4
    return np.clip(samples, -limit, limit)


def two_microphones(order, samples):
    """Two channels, the second later and weaker; `order` of the channels."""
    second = 0.5 * np.concatenate([np.zeros(5), samples[:-5]])
    return np.stack([samples, second], axis=1)[:, order]


def reversed_channel(samples):
    """Two equal channels, one of them in opposite phase."""
    return np.stack([samples, -samples], axis=1)


def in_room(response, samples):
    """The sound as it arrives in a room, at half of full scale."""
    from scipy.signal import fftconvolve

    heard = fftconvolve(samples, response)[: len(samples)]
    return heard / (2 * np.abs(heard).max())


def rooms(manifest):
    """A condition for each place of a manifest (path,place,use) that no model may train on, by its first response."""
    paths = {}
    for _, row in read_manifest(manifest, ("path", "place", "use")):
        if row["use"] == "dev":
            paths.setdefault(row["place"].replace("_", " "), Path(manifest).parent / row["path"])
    for place, path in paths.items():
        response = read_samples(path)
        yield place, partial(in_room, response[max(0, np.abs(response).argmax() - SAMPLE_RATE // 1000) :])


def written(spoil, samples, folder):
    """Write spoilt samples: the path of the file."""
    path = Path(folder, "spoilt.wav")
    soundfile.write(path, spoil(samples.astype(np.float64)).astype(np.float32), SAMPLE_RATE, "FLOAT")
    return path


def at_rate(rate, samples, _folder):
    """The samples at another rate."""
    return Audio(resample(samples, SAMPLE_RATE, rate), rate)


def coded(suffix, options, samples, folder):
    """Write through ffmpeg: the path of the file, or None where there is no ffmpeg."""
    if not shutil.which("ffmpeg"):
        return None
    plain, path = Path(folder, "plain.wav"), Path(folder, f"coded{suffix}")
    soundfile.write(plain, samples, SAMPLE_RATE, "FLOAT")
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", plain, *options, path], check=True, stdin=subprocess.DEVNULL)
    return path


SAMPLES = {  # spoilt samples, at 16 kHz
    "unspoilt": lambda samples: samples,
    **{
        f"{name}, {decibels} dB": partial(with_noise, wave, decibels)
        for name, wave in {
            "50 Hz": partial(tones, [50]),
            "60 Hz and harmonics": partial(tones, range(60, 600, 60)),
            "wandering hum": wandering,
            "20 Hz": partial(tones, [20]),
            "rumble": rumble,
        }.items()
        for decibels in (0, 10)
    },
    "-20 dB": lambda samples: samples * 0.1,
    "+20 dB": lambda samples: samples * 10,
    "offset of 0.1": lambda samples: samples + 0.1,
    "polarity": lambda samples: -samples,
    "clipped": clipped,
    "silence before": lambda samples: np.concatenate([np.zeros(SILENCE * SAMPLE_RATE), samples]),
    "two channels": partial(two_microphones, [0, 1]),
    "the other order": partial(two_microphones, [1, 0]),
    "one channel reversed": reversed_channel,
}
CODECS = {
    "mp3, 32 kbit/s": (".mp3", ["-c:a", "libmp3lame", "-b:a", "32k"]),
    "opus, 12 kbit/s": (".ogg", ["-c:a", "libopus", "-b:a", "12k"]),
}
RATES = {"8 kHz": 8000, "44.1 kHz": 44100, "48 kHz": 48000}
CONDITIONS = {  # functions of samples and a folder to write in, which give a sound, or None if it cannot be made
    **{name: partial(written, spoil) for name, spoil in SAMPLES.items()},
    **{name: partial(coded, *how) for name, how in CODECS.items()},
    **{name: partial(at_rate, rate) for name, rate in RATES.items()},
}


def hear(samples, condition, spoiled, folder):
    """Turns and counts of spoilt samples, in the time of the unspoilt ones; None if the condition cannot be made."""
    sound = spoiled(samples, folder)
    if sound is None:
        return None
    result = diarize(sound)
    start = SILENCE if condition == "silence before" else 0
    turns = [Turn(max(0, t.start - start), t.end - start, t.speaker) for t in result.turns if t.end > start]
    return Annotation(turns), result.counts()


def rows_of(recording, conditions, folder):
    """A row for each condition: errors against the unspoilt answer, which comes first, and against the truth."""
    samples = read_samples(recording.path)[: LONGEST * SAMPLE_RATE]
    heard = [Segment(0, len(samples) / SAMPLE_RATE)]
    truth = recording.annotation()
    own, own_counts = hear(samples, "unspoilt", CONDITIONS["unspoilt"], folder)
    for condition, spoiled in conditions.items():
        answer = hear(samples, condition, spoiled, folder)
        if answer is None:
            print(f"{condition}: left out, ffmpeg is missing", file=sys.stderr)
            continue
        found, counts = answer
        errors = diarization_error(truth, found, uem=heard)
        yield error_row(
            recording,
            condition,
            diarization_error(own, found, uem=heard),
            total_truth=errors.total,
            errors_truth=errors.missed + errors.false_alarm + errors.confusion,
            n_own=len(counted(own)),
            n_found=len(counted(found)),
            same_counts=counts == own_counts,
            same=same_turns(own, found),
        )


def same_turns(one, other):
    """Whether two annotations are equal to 10 ms."""
    times = [[(round(turn.start, 2), round(turn.end, 2), turn.speaker) for turn in side] for side in (one, other)]
    return times[0] == times[1]


def pool(rows):
    """The line of one condition."""
    return {
        **pooled_errors(rows),
        "DER, truth": 100 * rows["errors_truth"].sum() / rows["total_truth"].sum(),
        "number": int((rows["n_found"] == rows["n_own"]).sum()),
        "counts": int(rows["same_counts"].sum()),
        "same": int(rows["same"].sum()),
    }


def main(argv=None):
    def extend(parser):
        parser.add_argument("--rooms", metavar="CSV", help="manifest of room responses: path,place,use")

    arguments = read_arguments(__doc__.splitlines()[0], CONDITIONS, argv, default=list(CONDITIONS), extend=extend)
    conditions = {name: CONDITIONS[name] for name in arguments.systems}
    if arguments.rooms:
        conditions |= {place: partial(written, spoil) for place, spoil in rooms(arguments.rooms)}
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for recording in all_recordings(arguments, truth=[".rttm"]):
            rows += rows_of(recording, conditions, folder)
    frame = write_rows(rows, arguments.out)
    groups = frame.groupby("system", sort=False)
    print_table(pd.DataFrame([{"condition": name, **pool(group)} for name, group in groups]), PROTOCOL)


if __name__ == "__main__":
    main()
