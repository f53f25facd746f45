"""A corpus of 1,000 short files, 20 of them broken: one job, two jobs, a Dask cluster; workers and parents killed.

Run as `python benchmarks/bench_corpus.py --shared SHARED --out results.csv [--kill 5 --log kills.txt]`.

What is killed is killed by SIGKILL, at moments drawn with a seed. Every run must end with the same bytes as one that
nobody disturbed: 980 recordings and 20 errors, none lost, none done twice. Needs POSIX signals.
"""

import argparse
import csv
import os
import re
import resource
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
from corpus_sounds import N_FILES, write_corpus
from recordings import LIGHTDIAR, print_table, versions, write_rows

QUICK = 60  # files
N_PAIRS = 3  # of runs with one job and with two, in turn
PROTOCOL = (
    "Files of 3-6 s, two voices each. seconds: of the last command, imports and tables too; cpu_seconds: of all its\n"
    "processes, but for those of Dask; load: mean number of processes that wanted a core; twice: doubled rows, and\n"
    "recordings done again though they were in place; same: tables (less cpu_seconds) and files of all recordings\n"
    "equal those of the first run, byte for byte."
)


@dataclass(frozen=True)
class Run:
    """A run of the command: seconds, also of CPU with all its processes, what it said, and the load meanwhile."""

    seconds: float
    cpu_seconds: float
    lines: list
    load: float


def run(source, out, *options, strike=None, after=0, delay=0.0):
    """Run `lightdiar corpus`; `strike(process)` is called `delay` seconds after it has told of `after` recordings."""
    command = [sys.executable, "-m", "lightdiar", "corpus", str(source), "--out", str(out), *options]
    began, used, lines, load, striking = time.perf_counter(), _cpu_seconds(), [], [], threading.Timer(0, str)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    for line in process.stderr:
        lines.append(line.rstrip("\n"))
        if len(lines) % 20 == 1:
            load.append(_runnable())
        if strike and len(lines) == after:
            striking = threading.Timer(delay, strike, (process,))
            striking.start()
    process.wait()
    seconds, cpu_seconds = time.perf_counter() - began, _cpu_seconds() - used
    if striking.is_alive():
        striking.join()
    return Run(seconds, cpu_seconds, lines, statistics.mean(load or [_runnable()]))


def _cpu_seconds():
    """Of all processes that this one has waited for, and those that they did."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _runnable():
    """Processes that run or want to, ours among them; Linux tells, elsewhere the load of the last minute must do."""
    try:
        return int(Path("/proc/loadavg").read_text(encoding="ascii").split()[3].partition("/")[0])
    except OSError:
        return os.getloadavg()[0]


def contents(out):
    """All that a corpus says, without seconds of CPU: the bytes of each file and of its tables."""
    found = {}
    for path in sorted(Path(out, "recordings").rglob("*")):
        if path.is_file():
            found[str(path.relative_to(out))] = re.sub(rb'"cpu_seconds": [\d.]+', b"", path.read_bytes())
    found["speakers.csv"] = Path(out, "speakers.csv").read_bytes()
    lines = Path(out, "recordings.csv").read_bytes().splitlines()
    found["recordings.csv"] = [line.rpartition(b",")[0] for line in lines]  # cpu_seconds is the last column
    return found


def row(case, ended, out, names, reference, twice=0):
    """A row of results: a run, and whether what it left is right and the same as the reference."""
    with open(Path(out, "recordings.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    listed = [found["recording"] for found in rows]
    errors = sum(bool(found["error"]) for found in rows)
    return {
        "case": case,
        "seconds": ended.seconds,
        "cpu_seconds": ended.cpu_seconds,
        "files_per_second": len(rows) / ended.seconds,
        "load": ended.load,
        "rows": len(rows) - errors,
        "errors": errors,
        "lost": len(set(names) - set(listed)),
        "twice": len(listed) - len(set(listed)) + twice,
        "same": reference is None or contents(out) == reference,
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


def kill_parents(source, out, n_kills, names, log, *options):
    """Run, kill the parent and run again, `n_kills` times and then to the end.

    Returns
    -------
    last : Run
    twice : int
        Recordings that were done again though they were in place.
    """
    rng = np.random.default_rng(5)
    before, twice, said = {}, 0, []
    for number in range(1, n_kills + 2):
        life = round(float(rng.uniform(0.2, 1.0)) * len(names) / (n_kills + 1)) if number <= n_kills else 0
        delay = float(rng.uniform(0.0, 0.5))  # or it would always be just after one is told
        ended = run(source, out, *options, strike=subprocess.Popen.kill, after=life, delay=delay)
        said += [found[1] for line in ended.lines if (found := re.match(r"\[\d+/\d+\] ([^:,]+)", line))]
        now = in_place(out)
        touched = sum(now.get(name) != moment for name, moment in before.items())
        twice += touched
        how = f"killed {delay:.2f} s after it told of {life}" if life else f"to its end, {ended.seconds:.1f} s"
        begun = len(list(Path(out, "unfinished").glob("*")))
        log(
            f"run {number}, {how}: {len(now)} of {len(names)} in place, {len(now) - len(before)} of them new, 0 half, "
            f"{begun} begun; {touched} of the earlier ones touched"
        )
        before = now
    again = len(said) - len(set(said))
    log(f"{len(set(said))} recordings were told, {again} of them twice; the others were in place when a run was killed")
    return ended, twice + again


def _kill_child(process, log):
    """Kill a process that diarizes for a run, on this machine."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children = [int(pid) for pid, parent in map(str.split, listed.splitlines()) if int(parent) == process.pid]
    os.kill(max(children), signal.SIGKILL)
    log(f"killed one of its {len(children)} processes")


def _kill_worker(_process, cluster, log):
    """Kill a worker of Dask, with what it does."""
    os.kill(cluster.workers[0].process.pid, signal.SIGKILL)
    log(f"killed one of the {len(cluster.workers)} workers of Dask")


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

    middle = len(names) * 2 // 5

    log(f"-- two jobs, a process killed after {middle} recordings --")
    ended = run(source, place / "child", "--jobs", "2", strike=partial(_kill_child, log=log), after=middle, delay=0.1)
    yield row("2 jobs, a process killed", ended, place / "child", names, reference)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=60) as cluster:
        dask = "--dask", cluster.scheduler_address
        yield row("Dask, 2 workers", run(source, place / "dask", *dask), place / "dask", names, reference)
        log(f"-- Dask, a worker killed after {middle} recordings --")
        strike = partial(_kill_worker, cluster=cluster, log=log)
        ended = run(source, place / "worker", *dask, strike=strike, after=middle, delay=0.1)
        yield row("Dask, a worker killed", ended, place / "worker", names, reference)
        if arguments.kill:
            n_kills = min(2, arguments.kill)
            log(f"-- Dask, the parent killed {n_kills} times --")
            ended, twice = kill_parents(source, place / "client", n_kills, names, log, *dask)
            yield row(f"Dask, parent killed {n_kills} times", ended, place / "client", names, reference, twice)
    if arguments.kill:
        log(f"-- two jobs, the parent killed {arguments.kill} times --")
        ended, twice = kill_parents(source, place / "parent", arguments.kill, names, log, "--jobs", "2")
        case = f"2 jobs, parent killed {arguments.kill} times"
        yield row(case, ended, place / "parent", names, reference, twice)
        again = run(source, place / "parent", "--jobs", "2")
        yield row("again: nothing to do", again, place / "parent", names, reference)


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
