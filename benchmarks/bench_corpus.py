"""A corpus of 1,000 short files, 20 of them broken: one job, two jobs, a Dask cluster; workers and parents killed.

Run as `python benchmarks/bench_corpus.py --shared SHARED --out results.csv [--kill 5 --log kills.txt]`.

What is killed is killed by SIGKILL, at moments drawn with a seed. Every run must end with the same bytes as one that
nobody disturbed: 980 recordings and 20 errors, none lost, none done twice. Needs POSIX signals.
"""

import argparse
import csv
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
from recordings import LIGHTDIAR, SAMPLE_RATE, print_table, read_samples, versions, write_rows

N_FILES, N_BROKEN, QUICK = 1000, 20, 60
SECONDS = 3.0, 6.0  # of a file
N_PAIRS = 3  # of runs with one job and with two, in turn
PROTOCOL = (
    "Files of 3-6 s, two voices each. seconds: of the last command, imports and tables too; load: mean number of all\n"
    "processes that wanted a core; twice: doubled rows, and recordings done again though they were in place;\n"
    "same: tables (less cpu_seconds) and files of all recordings equal those of the first run, byte for byte."
)


def write_corpus(shared, folder, n_files):
    """Write the corpus, of which a fiftieth is broken; returns its seconds of sound."""
    manifest = Path(shared, "corpora", "dev", "librispeech", "manifest.csv")
    with open(manifest, encoding="utf-8", newline="") as file:
        speech = [read_samples(manifest.parent / row["path"]) for row in csv.DictReader(file)]
    rng = np.random.default_rng(24)
    broken = set(rng.permutation(n_files)[: n_files * N_BROKEN // N_FILES].tolist())
    seconds = 0.0
    for number in range(n_files):
        path = folder / f"{number // 100:02d}" / f"film-{number:04d}.wav"
        path.parent.mkdir(exist_ok=True)
        parts = [speech[place] for place in rng.choice(len(speech), 2, replace=False)]
        length = round(rng.uniform(*SECONDS) * SAMPLE_RATE)
        samples = np.concatenate([part[: length // 2] for part in parts])
        if number in broken:
            BROKEN[number % len(BROKEN)](path, samples, rng)
        else:
            soundfile.write(path, samples, SAMPLE_RATE, subtype="PCM_16")
            seconds += len(samples) / SAMPLE_RATE
    return seconds


def _empty(path, _samples, _rng):
    path.touch()


def _text(path, _samples, _rng):
    path.write_text("This is not the sound you are looking for.\n" * 50, encoding="utf-8")


def _noise(path, _samples, rng):
    path.write_bytes(rng.bytes(100_000))


def _no_samples(path, _samples, _rng):
    soundfile.write(path, np.zeros(0, np.float32), SAMPLE_RATE)


def _no_numbers(path, samples, _rng):
    soundfile.write(path, np.full_like(samples, np.nan), SAMPLE_RATE, subtype="FLOAT")


BROKEN = (_empty, _text, _noise, _no_samples, _no_numbers)


@dataclass(frozen=True)
class Run:
    """A run of the command: how long it took until the first recording and in all, what it said, and the load."""

    start: float
    seconds: float
    lines: list
    load: float


def run(source, out, *options, strike=None):
    """Run `lightdiar corpus`; `strike(process)` is called from another thread."""
    command = [sys.executable, "-m", "lightdiar", "corpus", str(source), "--out", str(out), *options]
    began, start, lines, load = time.perf_counter(), None, [], []
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    striking = threading.Thread(target=strike or (lambda _: None), args=(process,))
    striking.start()
    for line in process.stderr:
        start = start or time.perf_counter() - began
        lines.append(line.rstrip("\n"))
        if len(lines) % 20 == 1:
            load.append(_runnable())
    process.wait()
    seconds = time.perf_counter() - began
    striking.join()
    return Run(start or seconds, seconds, lines, statistics.mean(load or [_runnable()]))


def _runnable():
    """Processes that run or want to, ours among them; Linux tells, elsewhere the load of the last minute must do."""
    try:
        return int(Path("/proc/loadavg").read_text(encoding="ascii").split()[3].partition("/")[0])
    except OSError:
        return os.getloadavg()[0]


def contents(out):
    """All that a corpus says, without seconds of CPU: the bytes of each file and of each line of its tables."""
    found = {}
    for path in sorted(Path(out, "recordings").rglob("*")):
        if path.is_file():
            found[str(path.relative_to(out))] = re.sub(rb'"cpu_seconds": [\d.]+', b"", path.read_bytes())
    for name in ("recordings.csv", "speakers.csv"):
        with open(Path(out, name), encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        last = -1 if rows[0][-1] == "cpu_seconds" else None
        found[name] = [row[:last] for row in rows]
    return found


def row(case, ended, out, names, reference, twice=0):
    """A row of results: a run, and whether what it left is right and the same as the reference."""
    found = contents(out)
    header, *rows = found["recordings.csv"]
    listed = [cells[0] for cells in rows]
    errors = sum(bool(cells[header.index("error")]) for cells in rows)
    return {
        "case": case,
        "seconds": ended.seconds,
        "files_per_second": len(rows) / ended.seconds,
        "load": ended.load,
        "rows": len(rows) - errors,
        "errors": errors,
        "lost": len(set(names) - set(listed)),
        "twice": len(listed) - len(set(listed)) + twice,
        "same": reference is None or found == reference,
    }


def in_place(out):
    """When each recording that is in place was put there, nanoseconds; raises if one is half."""
    found = {}
    for folder in sorted(Path(out, "recordings").glob("*")):
        files = {path.suffix for path in folder.iterdir()}
        if files not in ({".json", ".rttm"}, {".json"}):
            raise SystemExit(f"{folder}: half a result: {files}")
        found[folder.name] = (folder / "row.json").stat().st_mtime_ns
    return found


def kill_parents(source, out, n_kills, calm, names, log, *options):
    """Run, kill the parent and run again, `n_kills` times and then to the end.

    Parameters
    ----------
    calm : Run
        One that nobody disturbed: the lives are random parts of its work, shorter than it together.

    Returns
    -------
    last : Run
    twice : int
        Recordings that were done again though they were in place.
    """
    rng = np.random.default_rng(5)
    before, twice, said = {}, 0, []
    for number in range(1, n_kills + 2):
        part = float(rng.uniform(0.2, 1.0)) * (calm.seconds - calm.start) / n_kills
        life = calm.start + part if number <= n_kills else None
        ended = run(source, out, *options, strike=life and partial(_strike, seconds=life))
        said += [found[1] for line in ended.lines if (found := re.match(r"\[\d+/\d+\] ([^:,]+)", line))]
        now = in_place(out)
        touched = sum(now.get(name) != moment for name, moment in before.items())
        twice += touched
        how = f"killed after {life:.1f} s" if life else f"to its end, {ended.seconds:.1f} s"
        begun = len(list(Path(out, "unfinished").glob("*")))
        log(
            f"run {number}, {how}: {len(now)} of {len(names)} in place, {len(now) - len(before)} of them new, 0 half, "
            f"{begun} begun; {touched} of the earlier ones touched"
        )
        before = now
    again = len(said) - len(set(said))
    log(f"{len(set(said))} recordings were announced, {again} of them twice; the others just before a run was killed")
    return ended, twice + again


def _strike(process, seconds):
    """Kill a run after a while, unless it ends before."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()


def _strike_child(process, seconds, log):
    """Kill a process that diarizes for a run, on this machine."""
    time.sleep(seconds)
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children = [int(pid) for pid, parent in map(str.split, listed.splitlines()) if int(parent) == process.pid]
    os.kill(max(children), signal.SIGKILL)
    log(f"killed one of its {len(children)} processes after {seconds:.1f} s")


def _strike_worker(process, seconds, cluster, log):
    """Kill a worker of Dask, with what it does."""
    time.sleep(seconds)
    os.kill(cluster.workers[0].process.pid, signal.SIGKILL)
    log(f"killed one of the {len(cluster.workers)} workers of Dask after {seconds:.1f} s")


def cases(place, source, names, arguments, log):
    """Run them all; yield a row of results for each run."""
    from distributed import LocalCluster

    reference = None
    speeds = {1: [], 2: []}
    for pair, n_jobs in [(pair, n_jobs) for pair in range(1 if arguments.quick else N_PAIRS) for n_jobs in (1, 2)]:
        out = place / f"{n_jobs}-{pair}"
        calm = run(source, out, "--jobs", str(n_jobs))
        speeds[n_jobs].append(len(names) / calm.seconds)
        yield row(f"{n_jobs} job{'s' * (n_jobs > 1)}", calm, out, names, reference)
        reference = reference or contents(out)
        if pair or n_jobs > 1:
            shutil.rmtree(out)
    ratios = [two / one for one, two in zip(speeds[1], speeds[2], strict=True)]
    log(f"two jobs do {statistics.median(ratios):.2f} times as many as one ({', '.join(f'{r:.2f}' for r in ratios)})")

    middle = calm.start + 0.4 * (calm.seconds - calm.start)  # of a run with two jobs

    log("-- a process killed --")
    strike = partial(_strike_child, seconds=middle, log=log)
    ended = run(source, place / "child", "--jobs", "2", strike=strike)
    yield row("2 jobs, a process killed", ended, place / "child", names, reference)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=60) as cluster:
        dask = "--dask", cluster.scheduler_address
        yield row("Dask, 2 workers", run(source, place / "dask", *dask), place / "dask", names, reference)
        log("-- a worker of Dask killed --")
        strike = partial(_strike_worker, seconds=middle, cluster=cluster, log=log)
        ended = run(source, place / "worker", *dask, strike=strike)
        yield row("Dask, a worker killed", ended, place / "worker", names, reference)
        if arguments.kill:
            log("-- the parent killed, on Dask --")
            n_kills = min(2, arguments.kill)
            ended, twice = kill_parents(source, place / "client", n_kills, calm, names, log, *dask)
            case = f"Dask, parent killed {n_kills} times"
            yield row(case, ended, place / "client", names, reference, twice)
    if arguments.kill:
        log(f"-- the parent killed {arguments.kill} times --")
        ended, twice = kill_parents(source, place / "parent", arguments.kill, calm, names, log, "--jobs", "2")
        case = f"2 jobs, parent killed {arguments.kill} times"
        yield row(case, ended, place / "parent", names, reference, twice)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", required=True, help="folder of shared recordings")
    parser.add_argument("--out", required=True)
    parser.add_argument("--kill", type=int, default=0, metavar="N", help="also kill the parent, N times")
    parser.add_argument("--log", type=Path, help="write what was killed when, and what was there then")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} files, one pair")
    arguments = parser.parse_args(argv)

    n_files, lines = QUICK if arguments.quick else N_FILES, []

    def log(line):
        print(line, flush=True)
        lines.append(line)

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "films")
        source.mkdir()
        seconds = write_corpus(arguments.shared, source, n_files)
        names = [f"film-{number:04d}" for number in range(n_files)]
        common = {"files": n_files, "audio_seconds": seconds, "versions": versions((*LIGHTDIAR, "distributed"))}
        rows = [case | common for case in cases(Path(folder), source, names, arguments, log)]
    frame = write_rows(rows, arguments.out)
    print_table(frame.drop(columns="versions"), PROTOCOL)
    if arguments.log:
        arguments.log.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
