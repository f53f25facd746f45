"""Which label a whole recording gets: ESC-10 by its five folds, or sounds of film, trained and tested on two lists.

Run as `python benchmarks/bench_tagging.py esc10 MANIFEST.csv --out results.csv`, with a list of the clips that has the
columns path and label, or as `python benchmarks/bench_tagging.py film TRAIN.csv TEST.csv --out results.csv`. By
`steps-KIND` the steps of a tenth of a second vote, as an event model hears them, and by `shipped` those of the model
that ships, which knows no recording of the test. Labels of film sounds are mapped to its classes.
"""

import argparse
from collections import Counter
from dataclasses import astuple
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from recordings import LIGHTDIAR, print_table, versions, write_rows
from scipy.special import logit

from lightdiar.events.classifiers import KINDS
from lightdiar.events.corpus import read_corpus
from lightdiar.events.features import FrontEnd
from lightdiar.events.model import EventModel
from lightdiar.events.tagging import fit_tagger, summary
from lightdiar.events.training import class_weights
from lightdiar.io import audio
from lightdiar.metrics.bootstrap import recording_intervals
from lightdiar.metrics.tagging import tagging
from lightdiar.training.sounds import CLASS_OF, OTHER

PROTOCOL = "Each recording gets its likeliest label. 95 % intervals by resampling recordings."
N_FOLDS = 5
LEAST = 5  # recordings of a label, to train on as to test on
GROUPS = {  # what is one class where the labels are finer than what is heard
    **dict.fromkeys(("engine", "machine"), "engine or machine"),
    **dict.fromkeys(("weapon", "explosion", "impact"), "weapon, explosion or impact"),
}
LOUD = 20  # dB below the loudest step of a recording: softer steps neither train nor vote
PARTS = {  # columns of `summary`
    "spectrum": slice(0, 40),
    "its spread": slice(40, 80),
    "its change": slice(80, 120),
    "levels": slice(120, 128),
    "rhythm": slice(128, 138),
}
FIGURES = {"accuracy %": lambda counts: counts.accuracy, "macro F1 %": lambda counts: counts.macro_f1}


def by_summary(train, labels, test, rate, without=None):
    """Answers by the statistics of whole recordings, perhaps without one of their parts."""
    X, Y = ([summed(path, rate) for path in paths] for paths in (train, test))
    columns = np.delete(np.arange(138), PARTS[without]) if without else slice(None)
    return fit_tagger(np.array(X)[:, columns], labels).answers(np.array(Y)[:, columns])


def by_steps(train, labels, test, rate, kind):
    """Answers by the mean log odds of loud steps: weak labels, of which the loud steps are trained on."""
    front_end = FrontEnd(rate, context=(0.5, 2.0), average=False, reference="level")
    level = FrontEnd(rate, context=(), average=False, envelope=False, reference="none")

    def loud_steps(path):
        samples = read(path, rate)
        loudness = level.columns(samples).mean(axis=1)
        return front_end.columns(samples)[loudness > loudness.max() - LOUD * np.log(10) / 10]

    heard, names = [loud_steps(path) for path in train], sorted(set(labels))
    X, true = np.concatenate(heard), np.repeat(labels, [len(rows) for rows in heard])
    classifiers = []
    for name in names:
        *_, (_, last) = KINDS[kind].stages(X, true == name, class_weights(true == name), seed=0)
        classifiers.append(last)
    odds = [[one.scores(rows).mean() for one in classifiers] for rows in map(loud_steps, test)]
    return [names[place] for place in np.argmax(odds, axis=1)]


def by_shipped(train, labels, test, rate):
    """Answers of the model that ships: of the labels it knows, whose log odds are highest above the threshold."""
    model = EventModel.load()
    names = sorted({*labels} & {*model.labels})
    columns = [model.labels.index(name) for name in names]
    thresholds = logit(model.decoding.thresholds[columns])
    heard = (model.front_end.columns(read(path, model.front_end.sample_rate)) for path in test)
    odds = [logit(model.probabilities(X)[:, columns].clip(1e-6, 1 - 1e-6)).mean(axis=0) for X in heard]
    return [names[place] for place in (np.array(odds) - thresholds).argmax(axis=1)]


SYSTEMS = {
    "shipped": by_shipped,
    "summary": by_summary,
    **{f"without {part}": lambda *given, part=part: by_summary(*given, without=part) for part in PARTS},
    **{f"steps-{kind}": lambda *given, kind=kind: by_steps(*given, kind=kind) for kind in KINDS if kind != "nmf"},
}


@cache
def summed(path, rate):
    """The summary of a recording, which folds and systems share."""
    return summary(read(path, rate), rate)


def read(path, rate):
    """Mono samples."""
    return np.concatenate([np.empty(0, np.float32), *audio.blocks(path, rate)])


def listed(path):
    """Recordings of a list and their labels, of which each has one."""
    recordings = read_corpus(path).train
    labels = [{event.label for event in one.events or ()} for one in recordings]
    odd = next((one.path for one, own in zip(recordings, labels) if len(own) != 1), None)
    if odd:
        raise SystemExit(f"{odd}: has no label, or several; each recording needs one.")
    return pd.DataFrame({"path": [one.path for one in recordings], "label": [min(own) for own in labels]})


def esc10(arguments):
    """Splits of ESC-10, whose files begin with the number of their fold; no source is in two folds."""
    clips = listed(arguments.lists[0])
    folds = np.array([int(path.name[0]) for path in clips["path"]])
    return [(clips[folds != fold], clips[folds == fold]) for fold in range(1, N_FOLDS + 1)]


def film(arguments):
    """The one split of two lists, of labels with enough recordings in both."""
    train, test = (listed(path) for path in arguments.lists)
    for part in (train, test):
        part["label"] = part["label"].map(CLASS_OF).fillna(OTHER)
    counts = [Counter(part["label"]) for part in (train, test)]
    tested = [label for label in counts[0] if min(count[label] for count in counts) >= LEAST]
    tested.remove(OTHER)
    untested = sorted({*counts[0], *counts[1]} - {*tested, OTHER})
    print(f"Fewer than {LEAST} recordings on one side, so left out of both: {', '.join(untested) or 'none'}.")
    return [tuple(part[part["label"].isin(tested)] for part in (train, test))]


def answered(splits, system, arguments):
    """A row for each tested recording."""
    return [
        {"part": arguments.part, "system": system, "split": number, "recording": path.stem, "label": label}
        | {"answer": answer, "versions": versions(LIGHTDIAR)}
        for number, (train, test) in enumerate(splits, 1)
        for path, label, answer in zip(
            test["path"],
            test["label"],
            SYSTEMS[system](list(train["path"]), list(train["label"]), list(test["path"]), arguments.rate),
        )
    ]


def pooled(rows):
    """Counts and a line of figures for the recordings of all splits."""
    labels = sorted({*rows["label"], *rows["answer"]})
    counts = [tagging([row.label], [row.answer], labels) for row in rows.itertuples()]
    intervals = recording_intervals(FIGURES, counts)
    line = {"system": rows["system"].iloc[0], "recordings": len(rows)}
    for name, interval in intervals.items():
        value, low, high = (100 * part for part in astuple(interval))
        line[name] = f"{value:.1f} [{low:.1f}, {high:.1f}]"
    return sum(counts[1:], counts[0]), line


def draw(counts, path):
    """The picture of what is taken for what."""
    from matplotlib import pyplot as plt

    from lightdiar.show.events import plot_confusion

    ax = plot_confusion(counts.confusion, counts.labels)
    ax.figure.savefig(path, dpi=100, bbox_inches="tight")
    plt.close(ax.figure)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=("esc10", "film"))
    parser.add_argument("lists", nargs="+", type=Path, metavar="LIST", help="one of ESC-10, or two: train and test")
    parser.add_argument("--system", nargs="+", choices=SYSTEMS, default=["summary"], dest="systems")
    parser.add_argument("--rate", type=int, default=16000, help="Hz to which all is resampled (16000)")
    parser.add_argument("--picture", type=Path, help="PNG of what the first system takes for what")
    parser.add_argument("--out", required=True, help="CSV of the rows of all recordings")
    arguments = parser.parse_args(argv)
    if len(arguments.lists) != (1 if arguments.part == "esc10" else 2):
        parser.error("esc10 needs one LIST, film two.")
    splits = {"esc10": esc10, "film": film}[arguments.part](arguments)
    rows = [row for system in arguments.systems for row in answered(splits, system, arguments)]
    frame = write_rows(rows, arguments.out)
    figures = [pooled(frame[frame["system"] == system]) for system in arguments.systems]
    print_table(pd.DataFrame([line for _, line in figures]), PROTOCOL)
    if arguments.part == "film":
        grouped = frame.replace({"label": GROUPS, "answer": GROUPS})
        print("\nThe same answers, with engine and machine as one label, weapon, explosion and impact as one:")
        lines = [pooled(grouped[grouped["system"] == system])[1] for system in arguments.systems]
        print(pd.DataFrame(lines).to_string(index=False))
    counts = figures[0][0]
    print(f"\n{arguments.systems[0]}:")
    print(counts.to_frame().to_string(float_format="{:.2f}".format))
    print(counts.table().to_string())
    if arguments.picture:
        draw(counts, arguments.picture)


if __name__ == "__main__":
    main()
