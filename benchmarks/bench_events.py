"""What is heard when besides speech: scenes of an office and of a street, by each input, decoding and model.

Run as `python benchmarks/bench_events.py --shared SHARED --out results.csv --picture scene.png`.

office: the 72 annotations of DCASE 2016, task 2, mixed anew from its isolated sounds, ten of each label; another ten
are in the training scenes, over backgrounds of other places. scenes: two recordings of the challenge itself, as far as
they could be rebuilt, by a model that knows none of their sounds. street: four labels of DCASE 2017, task 3, in mixed
scenes. The recordings of that task could not be had, nor any sound of brakes; on them its baseline reached an error
rate of 0.936 and F1 42.8 %, Jeong et al. 0.808 and 40.8, the best 0.791 and 41.7, which mixed scenes do not compare to.
film: the model that ships, on scenes drawn as those it learnt from, of sounds of other games and of other speakers.
"""

import argparse
import tempfile
import time
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd
from event_scenes import (
    OFFICE_RATE,
    SECONDS,
    UNTESTED_SHARES,
    film_sounds,
    office_corpus,
    office_schedules,
    office_sounds,
    rebuilt_scenes,
    street_corpus,
    street_sounds,
    write_list,
)
from recordings import LIGHTDIAR, print_table, versions, write_rows

from lightdiar.events.assessment import evaluate_experiment
from lightdiar.events.config import Config, DecodingConfig
from lightdiar.events.detector import detect_events
from lightdiar.events.evaluation import Scored, evaluate
from lightdiar.events.experiment import train_experiment
from lightdiar.events.features import FrontEnd
from lightdiar.events.model import EventModel
from lightdiar.events.result import SoundEvents
from lightdiar.events.runs import CONFIG, MODEL
from lightdiar.io import audio
from lightdiar.signal.frontend import SAMPLE_RATE
from lightdiar.timeline import Event
from lightdiar.training.sounds import CLASSES, draw_scene

PROTOCOL = (
    "Segments of 1 s, all labels together: F1 and error rate with intervals of 95 % by recording; macro: mean F1 of\n"
    "the labels; onsets: F1 of events whose onset is right within 0.2 s. always: the commonest label all the time;\n"
    "fewer scenes: every third of the training scenes, and of the 72."
)
OFFICE = FrontEnd(OFFICE_RATE, average=False)
STREET = FrontEnd(SAMPLE_RATE, average=False)
SHORT = dict(context=(), average=False, envelope=False, reference="none")
INPUTS = {  # what each adds to the one before
    "short": SHORT,
    "short, context": SHORT | {"context": (0.5, 1.0)},
    "short, context, average": SHORT | {"context": (0.5, 1.0), "average": True},
    "relative to the average": SHORT | {"context": (0.5, 1.0), "reference": "recording"},
}


def inputs(front_end):
    """A case for each input."""
    return {name: Config(front_end=replace(front_end, **parts)) for name, parts in INPUTS.items()}


def recipe(front_end):
    """The baseline of the challenges: pairs of Gaussian mixtures on cepstra."""
    cepstra = dict(kind="mfcc", n_filters=20, context=(0.5,), average=False, envelope=False, reference="none")
    return Config(front_end=replace(front_end, **cepstra), model="gmm")


def ablation():
    """The cases of the office: all of it first, then with other inputs, decodings and models."""
    whole = Config(front_end=OFFICE)
    decodings = {
        "threshold alone": DecodingConfig(median=0, least_event=0, least_gap=0),
        "median of 0.9 s": DecodingConfig(median=0.9),
        "HMM": DecodingConfig("hmm"),
    }
    return {
        "all of it": whole,
        **inputs(OFFICE),
        **{name: replace(whole, decoding=decoding) for name, decoding in decodings.items()},
        **{name: replace(whole, model=name) for name in ("logistic", "nmf", "gmm")},
        "GMM recipe": recipe(OFFICE),
    }


def run(folder, protocol, config, jobs):
    """Train and evaluate an experiment; returns the evaluation."""
    folder.mkdir()
    config.save(folder / CONFIG)
    train_experiment(folder, protocol, n_jobs=jobs)
    return evaluate_experiment(folder, n_jobs=jobs)


def always(listed, labels):
    """The evaluation of finding the commonest label of the training all the time."""
    seconds = Counter()
    for one in listed.values():
        for event in one.events if one.subset != "test" else ():
            seconds[event.label] += event.end - event.start
    label = max(labels, key=seconds.__getitem__)
    found = SoundEvents((Event(0, SECONDS, label),), tuple(labels), SECONDS)
    return evaluate([Scored(found, one.events) for one in listed.values() if one.subset == "test"], labels)


def thinned(listed, every=3):
    """So manieth of the scenes of each subset."""
    places = Counter()
    kept = {}
    for name, one in listed.items():
        if places[one.subset] % every == 0:
            kept[name] = one
        places[one.subset] += 1
    return kept


def office(arguments, folder):
    """Name and evaluation of each case of the office."""
    schedules = office_schedules(arguments.shared)[:: 12 if arguments.quick else 1]
    sounds = office_sounds(arguments.shared)
    listed = office_corpus(folder / "office", sounds, schedules, 8 if arguments.quick else 80, arguments.jobs)
    labels = sorted(sounds["test"])
    whole = write_list(folder / "office" / "all.csv", listed)
    fewer = write_list(folder / "office" / "fewer.csv", thinned(listed))
    yield "always", always(listed, labels)
    cases = ablation()
    yield "office", run(folder / "whole", whole, cases["all of it"], arguments.jobs)
    print(f"one scene is heard at {speed(folder, listed):.0f} x real time")
    for name, config in list(cases.items())[: 2 if arguments.quick else None]:
        yield f"fewer scenes: {name}", run(folder / name.replace(" ", "-"), fewer, config, arguments.jobs)


def speed(folder, listed):
    """Seconds of the first scene in a second, the median of three."""
    path, model = folder / "office" / next(iter(listed)), EventModel.load(folder / "whole" / MODEL)
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        detect_events(path, model)
        taken.append(time.perf_counter() - start)
    return SECONDS / sorted(taken)[1]


def scenes(arguments, folder):
    """Name and evaluation of the rebuilt scenes: a model of their sample rate, trained on sounds not in them."""
    real, sources = rebuilt_scenes(arguments.shared)
    sounds = office_sounds(arguments.shared, UNTESTED_SHARES, sources)
    listed = office_corpus(folder / "other", sounds, [], 8 if arguments.quick else 80, arguments.jobs) | real
    protocol = write_list(folder / "other" / "all.csv", listed)
    config = Config(front_end=replace(OFFICE, sample_rate=SAMPLE_RATE))
    yield "always", always(listed, sorted(sounds["train"]))
    yield "scenes", run(folder / "scenes", protocol, config, arguments.jobs)
    if arguments.picture:
        path = max(real, key=lambda path: len(real[path].events))
        draw(path, EventModel.load(folder / "scenes" / MODEL), real[path].events, arguments.picture)


def draw(path, model, truth, picture):
    """Write what is found in a scene, and the truth, over its spectrogram."""
    from lightdiar.show.events import plot_events_over_spectrogram

    sound = audio.read(path)
    found = detect_events(path, model)
    ax = plot_events_over_spectrogram(
        sound.samples, sound.sample_rate, found.events, reference=truth, labels=model.labels
    )
    ax.figure.savefig(picture, dpi=150, bbox_inches="tight")


def street(arguments, folder):
    """Name and evaluation of each case of the street."""
    sounds, n_scenes = street_sounds(arguments.shared), (8, 4) if arguments.quick else (48, 24)
    listed = street_corpus(folder / "street", sounds, *n_scenes, arguments.jobs)
    protocol = write_list(folder / "street" / "all.csv", listed)
    yield "always", always(listed, sorted({event.label for one in listed.values() for event in one.events}))
    cases = {**inputs(STREET), "all of it": Config(front_end=STREET), "GMM recipe": recipe(STREET)}
    for name, config in cases.items():
        yield name, run(folder / f"street-{name.replace(' ', '-')}", protocol, config, arguments.jobs)


def film(arguments, folder):
    """Name and evaluation of the shipped model, on drawn scenes of sounds of other games and of other speakers."""
    model, sounds = EventModel.load(), film_sounds(arguments.shared)
    scored = []
    for number in range(6 if arguments.quick else 60):
        samples, truth = draw_scene(np.random.default_rng([7, number]), sounds)
        duration = len(samples) / SAMPLE_RATE
        found = model.events(model.probabilities(model.front_end.columns(samples)), duration)
        known = tuple(event for event in truth if event.label in CLASSES)
        scored.append(Scored(SoundEvents(found, model.labels, duration), known))
    yield "shipped", evaluate(scored, CLASSES)


PARTS = {"office": office, "scenes": scenes, "street": street, "film": film}


def rows_of(part, case, evaluation):
    """A row for each measure and label."""
    for row in evaluation.rows:
        cells = asdict(row)
        for figure in ("f1", "error_rate"):
            value = cells.pop(figure)
            cells |= {figure: value["value"], f"{figure}_low": value["low"], f"{figure}_high": value["high"]}
        yield {"part": part, "case": case, **cells, "versions": versions(LIGHTDIAR)}


def summary(rows):
    """A line for each case."""
    for (part, case), own in rows.groupby(["part", "case"], sort=False):
        figures = own[own["average"] != "label"].set_index(["measure", "average"])
        micro = figures.loc[("segments", "micro")]
        yield {
            "part": part,
            "case": case,
            "F1 %": _with_interval(micro, "f1", 100, 1),
            "error rate": _with_interval(micro, "error_rate", 1, 2),
            "macro %": 100 * figures.loc[("segments", "macro"), "f1"],
            "onsets %": 100 * figures.loc[("onsets", "micro"), "f1"],
        }


def by_label(rows):
    """A line for each label of the first case of each part that was trained on everything."""
    for part, case in (("office", "office"), ("scenes", "scenes"), ("street", "all of it"), ("film", "shipped")):
        own = rows[(rows["part"] == part) & (rows["case"] == case) & (rows["average"] == "label")]
        for label, figures in own.groupby("label"):
            by = figures.set_index("measure")
            yield {
                "part": part,
                "label": label,
                "segments": by.loc["segments", "n_true"],
                "F1 %": 100 * by.loc["segments", "f1"],
                "events": by.loc["onsets", "n_true"],
                "onsets F1 %": 100 * by.loc["onsets", "f1"],
                "onsets error": f"{by.loc['onsets', 'error_rate']:.2f}",
            }


def _with_interval(row, figure, factor, digits):
    value, low, high = (factor * row[f"{figure}{part}"] for part in ("", "_low", "_high"))
    return f"{value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help="folder of the shared recordings")
    parser.add_argument("--out", required=True, help="CSV of the figures of all cases")
    parser.add_argument("--part", nargs="+", choices=PARTS, default=list(PARTS), dest="parts")
    parser.add_argument("--picture", help="where to draw what is found in a real scene, such as scene.png")
    parser.add_argument("--quick", action="store_true", help="a few scenes, and two cases of the office")
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    rows = []
    for part in arguments.parts:
        with tempfile.TemporaryDirectory() as folder:
            for case, evaluation in PARTS[part](arguments, Path(folder)):
                rows += rows_of(part, case, evaluation)
                frame = write_rows(rows, arguments.out)
    print_table(pd.DataFrame(summary(frame)), PROTOCOL)
    print_table(pd.DataFrame(by_label(frame)), "\nEach label; events are found if their onset is right within 0.2 s.")


if __name__ == "__main__":
    main()
