"""Ten hours: what memory, cost and the number of people do when a recording gets longer.

Run as `python benchmarks/bench_long.py corpora/dev/librispeech/manifest.csv --out long.csv --picture long.png`.

Some five minutes in which eight people read, in turns of 3 to 9 s, are played again and again. Each length is heard by
a child process of its own with one thread, whose memory is looked at all the time. Needs the `resource` module (Linux,
macOS).
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from time import process_time

import numpy as np
import soundfile
from bench_speed import ONE_THREAD
from recordings import LIGHTDIAR, SAMPLE_RATE, print_table, read_samples, versions, write_rows

HOURS = (1 / 12, 1 / 4, 1, 2, 4, 10)
PEOPLE, SECONDS_EACH = 8, 40
PROTOCOL = (
    "people is how many are found of the eight (those who speak for 2 s); cpu_seconds include imports;\n"
    "over_imports_mb is the largest resident memory less that after the imports; third_hour and last_hour are CPU\n"
    "seconds while they were read: an hour is analysed in each, and one is diarized (the last two are at the end)."
)


def conversation(manifest, seed):
    """Eight people of a manifest taking turns, int16."""
    rng = np.random.default_rng(seed)
    with open(manifest, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    turns = []
    for speaker in rng.permutation(sorted({row["speaker"] for row in rows}))[:PEOPLE]:
        paths = [Path(manifest).parent / row["path"] for row in rows if row["speaker"] == speaker]
        samples = np.concatenate([read_samples(path) for path in paths])[: SECONDS_EACH * SAMPLE_RATE]
        edges = np.cumsum(rng.uniform(3, 9, SECONDS_EACH // 3) * SAMPLE_RATE).astype(int)
        turns += np.split(samples, edges[edges < len(samples) - SAMPLE_RATE])
    rng.shuffle(turns)
    pauses = [np.zeros(int(rng.uniform(0.1, 0.6) * SAMPLE_RATE)) for _ in turns]
    samples = np.concatenate([part for pair in zip(turns, pauses) for part in pair])
    samples = samples + 1e-3 * rng.standard_normal(len(samples))
    return np.int16(np.clip(samples, -1, 1) * 32767)


def write_loop(samples, seconds, path):
    """Play it again until `seconds` are full."""
    missing = round(seconds * SAMPLE_RATE)
    with soundfile.SoundFile(path, "w", SAMPLE_RATE, channels=1, subtype="PCM_16") as file:
        while missing > 0:
            file.write(samples[:missing])
            missing -= len(samples)


def resident():
    """Largest resident memory so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def run_child(path):
    """In the child: diarize; print what was found and the course of time and memory as JSON."""
    for name in ("scipy.cluster.hierarchy", "scipy.ndimage", "scipy.signal", "sklearn.mixture"):
        import_module(name)  # what the pipeline imports on its way
    from lightdiar import Diarizer

    imports, course = resident(), []
    result = Diarizer().predict(path, progress=lambda seconds: course.append((seconds, process_time(), resident())))
    people = sum(speaker.seconds >= result.min_speaker_seconds for speaker in result.speakers)
    course = [*course[:: max(1, len(course) // 500)], (result.duration, process_time(), resident())]
    print(json.dumps({"people": people, "imports": imports, "course": course}))


def row_of(hours, run):
    seconds, cpu, memory = np.array(run["course"]).T
    third, last = (np.diff(np.interp([end - 3600, end], seconds[:-1], cpu[:-1]))[0] for end in (10800, 3600 * hours))
    return {
        "hours": hours,
        "people": run["people"],
        "cpu_seconds": cpu[-1],
        "real_time_factor": 3600 * hours / cpu[-1],
        "third_hour": third if hours > 3 else np.nan,
        "last_hour": last if hours > 3 else np.nan,
        "imports_mb": run["imports"],
        "over_imports_mb": memory.max() - run["imports"],
        "versions": versions(LIGHTDIAR),
    }


def draw(runs, path):
    """Memory over the sound heard, of the longest recordings."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 3), layout="constrained")
    for hours, run in runs.items():
        if hours >= 1:
            seconds, _, memory = np.array(run["course"]).T
            axes.plot(seconds / 3600, memory - run["imports"], label=f"{hours:g} h")
    axes.set(xlabel="hours heard", ylabel="MB over the imports", ylim=(0, 300))
    axes.legend(frameon=False)
    figure.savefig(path, dpi=100, metadata={"Software": None})


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", metavar="MANIFEST", help="speech of single people: CSV with path and speaker")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", required=True)
    parser.add_argument("--picture", help="PNG of memory over the hours")
    parser.add_argument("--quick", action="store_true", help="not beyond an hour")
    arguments = parser.parse_args(argv)

    samples, runs = conversation(arguments.manifest, arguments.seed), {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.wav")
        for hours in HOURS:
            if arguments.quick and hours > 1:
                break
            write_loop(samples, 3600 * hours, path)
            child = [sys.executable, __file__, "--child", str(path)]
            done = subprocess.run(child, env={**os.environ, **ONE_THREAD}, stdout=subprocess.PIPE, check=True)
            runs[hours] = json.loads(done.stdout)
    frame = write_rows([row_of(hours, run) for hours, run in runs.items()], arguments.out)
    print_table(frame.drop(columns="versions"), PROTOCOL)
    if arguments.picture:
        draw(runs, arguments.picture)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        run_child(*sys.argv[2:])
    else:
        main()
