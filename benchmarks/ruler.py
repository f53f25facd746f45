"""A sharp ruler: one score of some 300 recordings, and whether two systems differ by more than chance.

Run on what `bench_diarization.py` wrote: `python benchmarks/ruler.py results.csv --baseline before.csv`.

A folder's name says its kind: it ends in clean, in film, or else its recordings are real. Each kind is pooled and
counts a third, so that eleven real recordings weigh as much as 150 simulated ones. Two systems are compared on the same
recordings, drawn with replacement [1]_: what is hard for both cancels, which makes the interval several times as narrow
as that of either error. It tells how far another choice of recordings of these people and sounds would move the
difference; another training, or other people, may move it further. So give the results of several trainings: the
seconds of each recording are averaged over them.

References
----------
.. [1] Bisani and Ney, "Bootstrap estimates for confidence intervals in ASR performance evaluation", ICASSP 2004.
"""

import argparse
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from recordings import print_table

from lightdiar.metrics.bootstrap import recording_intervals

KINDS = ("clean", "film", "real")
ALL = "all"
PROTOCOL = (
    "DER in %: no collar, overlap scored, pooled over a kind; all: mean of the three kinds. Right: the number of\n"
    "speakers of at least 2 s, % of recordings."
)
COMPARED = (
    "First less second, in points, with the interval that holds 95 % of the draws of recordings: one that may be\n"
    "chance has 0 inside. Less DER is better, and more counts right."
)
_KEY = ["folder", "recording"]


@dataclass(frozen=True, eq=False)
class Tally:
    """Sums of recordings by kind, of two systems.

    Parameters
    ----------
    recordings, seconds : ndarray of shape (3,)
        How many, and their speaking time.
    errors, right : ndarray of shape (2, 3)
        Seconds in error, and recordings with the right number of speakers.
    """

    recordings: np.ndarray
    seconds: np.ndarray
    errors: np.ndarray
    right: np.ndarray

    def __add__(self, other):
        pairs = [(self.recordings, other.recordings), (self.seconds, other.seconds)]
        return Tally(*(one + two for one, two in [*pairs, (self.errors, other.errors), (self.right, other.right)]))

    @cached_property
    def values(self):
        """DER and share of right counts of both systems, in %: ndarray (2 systems, 2 figures, 4 kinds with all)."""
        with np.errstate(invalid="ignore"):  # no recording of a kind
            parts = 100 * np.stack([self.errors / self.seconds, self.right / self.recordings], axis=1)
        return np.concatenate([parts, parts.mean(axis=2, keepdims=True)], axis=2)


def read_results(path):
    """The rows of `bench_diarization.py`, with columns kind, error (s) and right (0 or 1)."""
    rows = pd.read_csv(path, encoding="utf-8")
    missing = {*_KEY, "system", "total", "missed", "false_alarm", "confusion", "n_true", "n_found"} - set(rows.columns)
    if missing:
        raise SystemExit(f"{path}: no column {', '.join(sorted(missing))}; name a CSV that bench_diarization.py wrote.")
    ending = rows["folder"].str.rpartition("-")[2]
    return rows.assign(
        kind=ending.where(ending.isin(KINDS), "real"),
        error=rows["missed"] + rows["false_alarm"] + rows["confusion"],
        right=(rows["n_true"] == rows["n_found"]).astype(float),
    )


def average(files, system):
    """Error and right counts of each recording, averaged over files (trainings); raises SystemExit if they differ."""
    own = [rows[rows["system"] == system].set_index(_KEY)[["kind", "total", "error", "right"]] for rows in files]
    if any(not rows.index.is_unique for rows in own):
        raise SystemExit(f"{system}: a recording is there twice.")
    if any(set(rows.index) != set(own[0].index) for rows in own):
        raise SystemExit(f"{system}: the files hold different recordings.")
    mean = pd.concat([rows[["error", "right"]] for rows in own]).groupby(level=_KEY).mean()
    return own[0][["kind", "total"]].join(mean)


def tallies(first, second):
    """Tally of each recording; raises SystemExit if the systems answered for different ones."""
    if set(first.index) != set(second.index) or not len(first):
        both = len(set(first.index) & set(second.index))
        raise SystemExit(f"{both} recordings are in both, of {len(first)} and {len(second)}; compare the same ones.")
    second = second.loc[first.index]
    kind = (first["kind"].to_numpy()[:, None] == np.array(KINDS)).astype(float)
    seconds = first["total"].to_numpy()[:, None] * kind
    errors, right = (
        np.stack([first[name], second[name]], axis=1)[:, :, None] * kind[:, None] for name in ("error", "right")
    )
    return [Tally(*parts) for parts in zip(kind, seconds, errors, right)]


def compare(first, second, *, n_draws=1000):
    """First minus second with intervals, by figure and kind: the paired bootstrap.

    Parameters
    ----------
    first, second : DataFrame
        See `average`.
    n_draws : int, default=1000

    Returns
    -------
    table : DataFrame
        Columns kind, figure, first, second, difference, low, high, in % and points. Without recordings of a kind, its
        rows and those of all are missing.
    """
    counts = tallies(first, second)
    places = [(figure, kind) for figure in range(2) for kind in range(len(KINDS) + 1)]

    def difference(figure, kind):
        return lambda tally: (tally.values[0] - tally.values[1])[figure, kind]

    intervals = recording_intervals({place: difference(*place) for place in places}, counts, n_draws=n_draws)
    whole = sum(counts[1:], counts[0]).values
    rows = [
        {
            "kind": (*KINDS, ALL)[kind],
            "figure": ("DER", "right")[figure],
            "first": whole[0, figure, kind],
            "second": whole[1, figure, kind],
            "difference": found.value,
            "low": found.low,
            "high": found.high,
        }
        for (figure, kind), found in intervals.items()
    ]
    return pd.DataFrame(rows).dropna()


def score(rows):
    """Score of the rows of one file and system, a dict: recordings, DER and right counts by kind and of all, in %."""
    own = rows.set_index(_KEY)
    first, *others = tallies(own, own)
    der, right = sum(others, first).values[0]
    names = (*KINDS, ALL)
    return {
        "recordings": len(rows),
        **{f"DER {name}": value for name, value in zip(names, der)},
        **{f"right {name}": value for name, value in zip(names, right)},
    }


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "results", nargs="+", metavar="CSV", help="of bench_diarization.py; several trainings: averaged"
    )
    parser.add_argument("--baseline", nargs="+", default=[], metavar="CSV", help="compare with these, system by system")
    arguments = parser.parse_args(argv)
    new, old = ([read_results(path) for path in paths] for paths in (arguments.results, arguments.baseline))
    lines = [
        {"file": path, "system": system, **score(rows)}
        for path, read in zip([*arguments.results, *arguments.baseline], [*new, *old])
        for system, rows in read.groupby("system", sort=False)
    ]
    print_table(pd.DataFrame(lines), PROTOCOL)
    systems = list(new[0]["system"].unique())
    pairs = [(f"{one} against the baseline", one, one, old) for one in systems if old]
    pairs += [(f"{systems[0]} against {other}", systems[0], other, new) for other in systems[1:] if not old]
    for title, one, other, files in pairs:
        print(f"\n{title}")
        print_table(compare(average(new, one), average(files, other)), COMPARED)


if __name__ == "__main__":
    main()
