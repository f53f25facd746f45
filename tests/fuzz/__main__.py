"""``python -m tests.fuzz``: many inputs, a table of what became of them, and the failures."""

import argparse
import collections
import os
import shlex
import sys
import tempfile
import time
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # before numpy loads, here and in the workers


def main(argv=None) -> int:
    """Run, print the table, return 1 if anything failed."""
    from tests.fuzz import pool, seeds
    from tests.fuzz.entries import BY_NAME, ENTRIES, Draw

    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1000, metavar="N", help="number of inputs (1000)")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="number of the first (0)")
    parser.add_argument("--only", type=int, nargs="+", metavar="N", help="these inputs alone")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other inputs (0)")
    parser.add_argument("--kind", default="", metavar="NAME", help="only entry points whose name holds this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes (all cores)")
    parser.add_argument("--seconds", type=float, default=10.0, help="limit of each input (10)")
    parser.add_argument("--megabytes", type=int, default=300, help="limit of each input above the interpreter (300)")
    parser.add_argument("--save", type=Path, metavar="DIR", help="where inputs that fail are written")
    arguments = parser.parse_args(argv)
    numbers = arguments.only or range(arguments.first, arguments.first + arguments.inputs)
    start = time.monotonic()
    rows: dict = {entry.name: collections.Counter() for entry in ENTRIES}
    worst: dict = collections.defaultdict(lambda: [0.0, 0.0])
    failures = []
    options = dict(seed=arguments.seed, kind=arguments.kind, seconds=arguments.seconds, megabytes=arguments.megabytes)
    with tempfile.TemporaryDirectory() as folder:
        sounds = seeds.made(Path(folder))
    for result in pool.run(numbers, sounds, n_jobs=arguments.jobs, **options):
        outcome = "failures" if result.fault else "refused" if result.refused else "clean"
        rows[result.entry][outcome] += 1
        worst[result.entry] = [
            max(worst[result.entry][0], result.seconds),
            max(worst[result.entry][1], result.megabytes),
        ]
        if result.fault:
            failures.append(result)
            print(f"{result.number}: {result.entry}: {result.fault}", file=sys.stderr, flush=True)
            if arguments.save:
                _save(result, BY_NAME[result.entry].make(Draw(arguments.seed, result.number, sounds)), arguments.save)
    print(
        f"{'entry point':<34}{'inputs':>8}{'clean':>8}{'refused':>9}{'failures':>10}{'longest, s':>12}{'most, MB':>10}"
    )
    total: collections.Counter = collections.Counter()
    for name, counts in rows.items():
        if counts:
            print(_row(name, counts, *worst[name]))
            total += counts
    print(_row("all", total, *(max(column) for column in zip([0, 0], *worst.values()))))
    print(f"seed {arguments.seed}, {time.monotonic() - start:.0f} s, {arguments.jobs} processes")
    return 1 if failures else 0


def _save(result, case, folder):
    """Write the files of an input that failed, and what happened."""
    from tests.fuzz.worker import put

    there = folder / f"{result.number:06d}"
    there.mkdir(parents=True, exist_ok=True)
    put(case, there)
    told = [result.entry, result.fault, shlex.join(case.argv), *map(repr, case.answers), "", result.detail]
    (there / "FAILURE.txt").write_text("\n".join(told), encoding="utf-8", errors="backslashreplace")


def _row(name, counts, seconds, megabytes):
    numbers = [sum(counts.values()), counts["clean"], counts["refused"], counts["failures"]]
    return f"{name:<34}{numbers[0]:>8}{numbers[1]:>8}{numbers[2]:>9}{numbers[3]:>10}{seconds:>12.1f}{megabytes:>10.0f}"


if __name__ == "__main__":
    sys.exit(main())
