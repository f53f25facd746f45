"""What the accuracy benchmarks share: recordings with their truth, the command line, tables."""

import argparse
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from lightdiar.io import audio
from lightdiar.io.genders import read_genders
from lightdiar.io.lab import read_lab
from lightdiar.io.rttm import read_rttm
from lightdiar.metrics.diarization import DiarizationScore
from lightdiar.timeline import union

SAMPLE_RATE = 16000
SOUND = {".wav", ".flac", ".ogg", ".mp3"}
LIGHTDIAR = ("lightdiar", "numpy", "scipy", "scikit-learn")  # packages whose versions tell its results
TRUTH = (".rttm", ".lab")
MIN_SPEAKER_SECONDS = 2.0


@dataclass(frozen=True)
class Recording:
    """A sound file with its truth beside it: NAME.rttm and NAME.genders.csv, or NAME.lab."""

    folder: str
    path: Path

    @property
    def name(self):
        return self.path.stem

    def annotation(self):
        """Who speaks when."""
        (annotation,) = read_rttm(self.path.with_suffix(".rttm")).values()
        return annotation

    def genders(self):
        """Dict speaker -> "F" or "M"."""
        return read_genders(self.path.with_suffix(".genders.csv"))

    def speech(self):
        """Where anybody speaks: the union of the turns, or what the lab file marks V."""
        if self.path.with_suffix(".rttm").exists():
            return self.annotation().speech()
        return union(segment for segment, mark in read_lab(self.path.with_suffix(".lab")) if mark == "V")


def find_recordings(folder, truth=TRUTH):
    """Recordings in a folder and below it that have one of the files of truth beside them, by name."""
    paths = sorted(path for path in Path(folder).rglob("*") if path.suffix in SOUND)
    found = [path for path in paths if any(path.with_suffix(suffix).exists() for suffix in truth)]
    if not found:
        raise SystemExit(f"{folder}: no recordings with a {' or '.join(truth)} file beside them.")
    return [Recording(Path(folder).name, path) for path in found]


def all_recordings(arguments, truth=TRUTH):
    """The recordings of all folders of a command line, two of each if it says quick."""
    return [r for folder in arguments.folders for r in find_recordings(folder, truth)[: 2 if arguments.quick else None]]


def error_row(recording, system, errors, packages=LIGHTDIAR, **more):
    """A row of results: seconds of each error of a `DiarizationScore`, then `more`, then the versions of packages."""
    parts = {"total": errors.total, "missed": errors.missed, "false_alarm": errors.false_alarm}
    parts |= {"confusion": errors.confusion, "der": errors.der, **more, "versions": versions(packages)}
    return {"folder": recording.folder, "system": system, "recording": recording.name, **parts}


def pooled_errors(rows):
    """DER and its parts in %, errors weighed by speaking time: a dict."""
    parts = rows[["total", "missed", "false_alarm", "confusion"]].itertuples(index=False)
    errors = sum((DiarizationScore(*row) for row in parts), DiarizationScore())
    return {
        "files": len(rows),
        "DER": 100 * errors.der,
        "missed": 100 * errors.missed / errors.total,
        "false alarm": 100 * errors.false_alarm / errors.total,
        "confusion": 100 * errors.confusion / errors.total,
    }


def counted(annotation):
    """Who speaks for long enough to be counted."""
    return [name for name, seconds in annotation.seconds().items() if seconds >= MIN_SPEAKER_SECONDS]


def read_samples(path):
    """Mono samples at 16 kHz, as most systems want them: ndarray (n_samples,), float32."""
    return np.concatenate([np.empty(0, np.float32), *audio.blocks(path, SAMPLE_RATE)])


def read_arguments(description, systems, argv=None, default=None, extend=None):
    """The command line of an accuracy benchmark: folders, systems, where to write, quick or whole.

    `default` names the systems run if none are, `extend` adds options to the parser.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help="recordings with truth; pooled by folder")
    parser.add_argument("--system", nargs="+", choices=systems, default=default or list(systems)[:1], dest="systems")
    parser.add_argument("--out", required=True, help="CSV of the rows of all recordings")
    parser.add_argument("--quick", action="store_true", help="two recordings of each folder")
    if extend:
        extend(parser)
    return parser.parse_args(argv)


def write_rows(rows, path):
    """Write rows (dicts) as CSV; numbers to four decimals. Returns them as a DataFrame."""
    import pandas as pd  # inside, so that the speed benchmark measures without its memory

    frame = pd.DataFrame(rows)
    frame.to_csv(path, index=False, float_format="%.4f", encoding="utf-8", lineterminator="\n")
    return frame


def pooled(frame, pool):
    """One line per folder and system: `pool` makes a dict of their rows."""
    import pandas as pd

    groups = frame.groupby(["folder", "system"], sort=False)
    return pd.DataFrame([{"folder": folder, "system": system, **pool(rows)} for (folder, system), rows in groups])


def print_table(frame, protocol):
    """Print a table with the protocol its numbers stand on."""
    print(protocol)
    print(frame.to_string(index=False, float_format="{:.1f}".format))


def versions(packages):
    """Versions of packages as text, `numpy 2.4.0; scipy 1.17.0`."""
    return "; ".join(f"{package} {_version(package)}" for package in packages)


def _version(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
