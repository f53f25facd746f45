"""How fast and how large: the whole pipeline on 10 minutes, 1 hour and 2 hours of sound, one thread.

Run as `python benchmarks/bench_speed.py FOLDER --peer resemblyzer --out results.csv`.

Each measurement is a child process of its own: CPU seconds (imports included) and peak memory are those of
the process. Needs the `resource` module (Linux, macOS).
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from dataclasses import fields, replace
from itertools import cycle
from pathlib import Path
from time import perf_counter

import peers
import soundfile
from recordings import (
    LIGHTDIAR,
    SAMPLE_RATE,
    find_recordings,
    print_table,
    read_samples,
    versions,
    write_rows,
)

MINUTES = {"10 min": 10, "1 h": 60, "2 h": 120}
PEER_CASE = "10 min"  # spectral clustering of an hour of d-vectors does not fit a laptop
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMBA")}
PROTOCOL = (
    "CPU seconds of a child process with one thread, imports included; real_time_factor is seconds of sound\n"
    "per CPU second (larger is faster); peak_mb is its largest resident memory."
)


def write_long_recording(folder, seconds, path):
    """Lay the recordings of a folder end to end until `seconds` are full."""
    missing = round(seconds * SAMPLE_RATE)
    with soundfile.SoundFile(path, "w", SAMPLE_RATE, channels=1, subtype="PCM_16") as file:
        for recording in cycle(find_recordings(folder)):
            samples = read_samples(recording.path)[:missing]
            file.write(samples)
            missing -= len(samples)
            if not missing:
                return


def measure(system, path):
    """Run a system once in a child process with one thread: its seconds, memory and stages."""
    child = [sys.executable, __file__, "--child", system, str(path)]
    done = subprocess.run(child, env={**os.environ, **ONE_THREAD}, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def lightdiar(path):
    """The whole default pipeline; wall-clock seconds of each of its stages."""
    from lightdiar import Diarizer

    diarizer = Diarizer()
    seconds = {}

    def timed(name, stage):
        def run(*args):
            start = perf_counter()
            try:
                return stage(*args)
            finally:
                seconds[name] = seconds.get(name, 0.0) + perf_counter() - start

        return run

    stages = {field.name: getattr(diarizer.stages, field.name) for field in fields(diarizer.stages)}
    diarizer.stages = replace(diarizer.stages, **{name: timed(name, stage) for name, stage in stages.items()})
    diarizer.predict(path)
    return seconds


def run_child(system, path):
    """In the child: diarize, then print what it took as JSON."""
    stages = {}
    if system == "lightdiar":
        stages = lightdiar(path)
    else:
        peers.DIARIZERS[system](path)
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(json.dumps({"seconds": used.ru_utime + used.ru_stime, "peak_mb": peak, "stages": stages}))


def rows_of(case, audio_seconds, system, runs):
    """Tidy rows of one case: the whole, then each stage."""
    parts = {system: [run["seconds"] for run in runs]}
    parts |= {f"{system}: {stage}": [run["stages"][stage] for run in runs] for stage in runs[0]["stages"]}
    for part, seconds in parts.items():
        yield {
            "case": f"{case}, {part}",
            "audio_seconds": audio_seconds,
            "seconds_median": statistics.median(seconds),
            "seconds_min": min(seconds),
            "real_time_factor": audio_seconds / statistics.median(seconds),
            "peak_mb": max(run["peak_mb"] for run in runs),
            "n_threads": 1,
            "versions": versions(peers.PACKAGES.get(system, LIGHTDIAR)),
        }


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", metavar="FOLDER", help="recordings to lay end to end")
    parser.add_argument("--peer", choices=peers.DIARIZERS, help=f"measured beside it on {PEER_CASE}")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each case; the median counts")
    parser.add_argument("--out", required=True)
    parser.add_argument("--quick", action="store_true", help=f"one run of {PEER_CASE}")
    arguments = parser.parse_args(argv)

    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for case, minutes in MINUTES.items():
            if arguments.quick and case != PEER_CASE:
                continue
            path = Path(folder, "long.wav")
            write_long_recording(arguments.folder, 60 * minutes, path)
            systems = ["lightdiar", arguments.peer] if arguments.peer and case == PEER_CASE else ["lightdiar"]
            for system in systems:
                runs = [measure(system, path) for _ in range(1 if arguments.quick else arguments.repeats)]
                rows += rows_of(case, 60 * minutes, system, runs)
    frame = write_rows(rows, arguments.out)
    print_table(frame.drop(columns="versions"), PROTOCOL)
    if arguments.peer:
        seconds = frame.set_index("case")["seconds_median"]
        ratio = seconds[f"{PEER_CASE}, {arguments.peer}"] / seconds[f"{PEER_CASE}, lightdiar"]
        print(f"{arguments.peer} takes {ratio:.1f} times the CPU seconds of lightdiar ({PEER_CASE}).")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        run_child(*sys.argv[2:])
    else:
        main()
