"""What 10,000 films of two hours would take, calculated from what one of them takes, and what breaks first.

Run as `python benchmarks/corpus_scale.py FOLDER --out results.csv`.

Measured here: a film of the recordings of FOLDER laid end to end, in stereo at 48 kHz as AAC in Matroska where ffmpeg
is there, by `lightdiar corpus`; and the messages of a Dask scheduler over many tasks without work. Everything else is
multiplication.
"""

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from shutil import which

from bench_speed import ONE_THREAD, write_long_recording
from recordings import LIGHTDIAR, print_table, versions, write_rows

N_FILMS, HOURS = 10_000, 2.0
GB_PER_FILM = 3.0  # with its picture, all of which is read, as sound and picture alternate in the file
MB_PER_SOUND = HOURS * 3600 * 192 / 8 / 1000  # the sound alone, at 192 kbit/s
EFFICIENCY = 0.85  # of N jobs on N cores against N times one
PLACES = {"laptop": 2, "desktop": 8, "server": 64, "cluster": 1000}  # cores
DISK = {"laptop": 150, "desktop": 500, "server": 1000, "cluster": 5000}  # MB/s: USB disk, SSD, NFS, parallel disks
MS_PER_TASK = (
    1.0  # "about one millisecond of overhead per task", https://distributed.dask.org/en/stable/efficiency.html
)
N_TASKS = 500  # without work, for the messages
PROTOCOL = (
    f"{N_FILMS:,} films of {HOURS:g} h. cpu_hours: on all cores, at efficiency {EFFICIENCY}; disk_hours: to read the\n"
    f"{GB_PER_FILM:g} GB of each film from such a disk, sound_hours: the {MB_PER_SOUND:.0f} MB of its sound alone;\n"
    "memory: of all processes; tasks and messages: of Dask's scheduler, scheduler_percent: of its time,\n"
    f"at {MS_PER_TASK:g} ms for a task."
)


def measure_film(folder, minutes):
    """What a film takes: CPU seconds per hour, peak MB of a process and kB of results per hour."""
    with tempfile.TemporaryDirectory() as place:
        film, out = _write_film(Path(place), folder, minutes), Path(place, "results")
        command = [sys.executable, "-m", "lightdiar", "corpus", str(film.parent), "--out", str(out)]
        subprocess.run(command, env={**os.environ, **ONE_THREAD}, stdout=subprocess.DEVNULL, check=True)
        with open(out / "recordings.csv", encoding="utf-8", newline="") as file:
            (row,) = csv.DictReader(file)
        size = sum(path.stat().st_size for path in (out / "recordings").rglob("*") if path.is_file())
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return {"cpu_seconds": float(row["cpu_seconds"]) * 60 / minutes, "mb": peak, "kb": size / 1000 * 60 / minutes}


def _write_film(place, folder, minutes):
    """A film without a picture, in a folder of its own."""
    sound, films = place / "sound.wav", place / "films"
    films.mkdir()
    write_long_recording(folder, 60 * minutes, sound)
    if not which("ffmpeg"):
        return sound.rename(films / "film.wav")
    how = "-ac 2 -ar 48000 -c:a aac -b:a 192k".split()
    subprocess.run(["ffmpeg", "-v", "error", "-i", str(sound), *how, str(films / "film.mkv")], check=True)
    sound.unlink()
    return films / "film.mkv"


def measure_scheduler(n_tasks):
    """What a task without work takes: messages to and from the scheduler, and seconds from end to end."""
    from distributed import LocalCluster

    from lightdiar.corpus.cluster import run_on_dask

    counted = Counter()
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=60) as cluster,
        tempfile.TemporaryDirectory() as folder,
    ):
        address, names = cluster.scheduler_address, [f"film {number}" for number in range(n_tasks)]
        list(run_on_dask(len, names[:10], folder=folder, address=address, time_limit=60))  # all is loaded
        _count(cluster.scheduler, counted)
        began = time.perf_counter()
        outcomes = list(run_on_dask(len, names, folder=folder, address=address, time_limit=60))
        seconds = time.perf_counter() - began
    assert all(outcome.error is None for outcome in outcomes)
    beats = counted.pop("heartbeat_worker", 0) + counted.pop("heartbeat-client", 0)
    return {"messages": counted.total() / n_tasks, "seconds": seconds / n_tasks, "heartbeats": beats}


class _Counted(dict):
    """Handlers of messages, which count how often each is asked for."""

    def __init__(self, handlers, counted):
        super().__init__(handlers)
        self.counted = counted

    def __getitem__(self, name):
        self.counted[name] += 1
        return super().__getitem__(name)


def _count(scheduler, counted):
    """Count what a scheduler hears on its streams and what it says."""
    scheduler.stream_handlers = _Counted(scheduler.stream_handlers, counted)
    say = scheduler.send_all

    def send_all(client_msgs, worker_msgs):
        counted["sent"] += sum(len(messages) for each in (client_msgs, worker_msgs) for messages in each.values())
        return say(client_msgs, worker_msgs)

    scheduler.send_all = send_all


def rows_of(film, task):
    """A row for each place."""
    from distributed.scheduler import heartbeat_interval

    for place, cores in PLACES.items():
        seconds = N_FILMS * HOURS * film["cpu_seconds"] / (EFFICIENCY * cores)
        yield {
            "place": place,
            "cores": cores,
            "cpu_hours": seconds / 3600,
            "disk_mb_per_s": DISK[place],
            "disk_hours": N_FILMS * 1000 * GB_PER_FILM / DISK[place] / 3600,
            "sound_hours": N_FILMS * MB_PER_SOUND / DISK[place] / 3600,
            "memory_gb": cores * film["mb"] / 1000,
            "results_gb": N_FILMS * HOURS * film["kb"] / 1e6,
            "tasks_per_minute": 60 * N_FILMS / seconds,
            "messages_per_s": N_FILMS / seconds * task["messages"] + cores / heartbeat_interval(cores),
            "scheduler_percent": N_FILMS / seconds * MS_PER_TASK / 10,
        }


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", metavar="FOLDER", help="recordings to lay end to end")
    parser.add_argument("--out", required=True)
    parser.add_argument("--quick", action="store_true", help="a film of ten minutes")
    arguments = parser.parse_args(argv)

    film = measure_film(arguments.folder, 10 if arguments.quick else 60 * HOURS)
    task = measure_scheduler(N_TASKS)
    print(f"an hour of film: {film['cpu_seconds']:.1f} s of CPU, {film['kb']:.0f} kB of results; {film['mb']:.0f} MB")
    print(f"a task: {task['messages']:.1f} messages; without work {1000 * task['seconds']:.1f} ms on two workers")
    measured = {f"measured_{name}": value for name, value in (film | {f"task_{k}": v for k, v in task.items()}).items()}
    rows = [row | measured | {"versions": versions((*LIGHTDIAR, "distributed"))} for row in rows_of(film, task)]
    frame = write_rows(rows, arguments.out)
    print_table(frame.drop(columns=["versions", *measured]), PROTOCOL)


if __name__ == "__main__":
    main()
