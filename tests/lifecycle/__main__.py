"""``python -m tests.lifecycle``: a batch, a corpus and a `fit`, stopped many times at random moments."""

import argparse
import collections
import random
import sys
import tempfile
from pathlib import Path


def main(argv=None) -> int:
    """Strike, recover, and print how often what happened; 1 if a promise was broken."""
    from tests.lifecycle.strikes import SIGNALS, Batch, Broken, Corpus, Fit, recover, strike

    parser = argparse.ArgumentParser(prog="python -m tests.lifecycle", description=__doc__)
    parser.add_argument("--times", type=int, default=100, metavar="N", help="strikes by each signal on each job (100)")
    parser.add_argument("--files", type=int, default=200, metavar="N", help="files of batch and corpus (200)")
    parser.add_argument("--seed", type=int, default=0, help="random seed of the moments (0)")
    arguments = parser.parse_args(argv)
    failures = 0
    print(f"{'job':<8}{'signal':<10}{'strikes':>8}  {'how it ended':<40}{'broken':>8}")
    with tempfile.TemporaryDirectory(prefix="lifecycle-") as folder:
        jobs = {
            "batch": Batch(Path(folder) / "batch", arguments.files),
            "corpus": Corpus(Path(folder) / "corpus", arguments.files),
            "fit": Fit(Path(folder) / "fit"),
        }
        for name, job in jobs.items():
            for which in SIGNALS:
                rng = random.Random(f"{arguments.seed} {name} {which}")
                ended: collections.Counter = collections.Counter()
                broken = 0
                for number in range(arguments.times):
                    try:
                        ended[strike(job, which, rng)] += 1
                        if name == "fit" or number % 10 == 9 or number == arguments.times - 1:
                            recover(job)
                    except Broken as error:
                        broken += 1
                        print(f"{name}, {which}, strike {number}: {error}", file=sys.stderr, flush=True)
                how = ", ".join(f"{status}: {n}" for status, n in sorted(ended.items()))
                print(f"{name:<8}{which:<10}{arguments.times:>8}  {how:<40}{broken:>8}", flush=True)
                failures += broken
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
