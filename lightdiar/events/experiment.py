"""Experiments: a model trained class by class in a folder, so that a run that was stopped goes on."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from lightdiar.common.archive import CARD, read_card
from lightdiar.common.files import PathLike, write_text
from lightdiar.common.processes import parallel
from lightdiar.errors import FormatError
from lightdiar.events.classes import history_text, is_trained, read_histories, read_label, train_label
from lightdiar.events.classifiers import KINDS
from lightdiar.events.config import Config
from lightdiar.events.corpus import folds_of, read_corpus
from lightdiar.events.decoding import Decoding
from lightdiar.events.evaluation import Evaluation, Scored, evaluate
from lightdiar.events.hearing import Heard, hear, labels_of, with_events
from lightdiar.events.labels import LabelSet
from lightdiar.events.model import EventModel, check_labels
from lightdiar.events.result import SoundEvents
from lightdiar.events.runs import CONFIG, HISTORY, VALIDATION, Run, begun


def train_experiment(
    experiment: PathLike,
    protocol: PathLike,
    *,
    fold: int | None = None,
    n_jobs: int = 1,
    overwrite: bool = False,
    notes: Mapping[str, Any] | None = None,
    progress: Callable[[str], object] | None = None,
) -> list[Run]:
    """Train the model of an experiment, or go on where it was stopped.

    Parameters
    ----------
    experiment : path
        Its folder; ``config.json`` in it has the settings, and is written with the defaults if it is not there.
    protocol : path
        The corpus, as `read_corpus` takes it.
    fold : int, optional
        Only this one; by default all that the corpus has.
    n_jobs : int, default=1
        Number of processes; does not change the result.
    overwrite : bool, default=False
        Begin anew where settings, lists or sounds have changed.
    notes : dict, optional
        Entries of the card that only a person can supply, such as sources, licence and figures; a finished model gets
        them, too.
    progress : callable, optional
        Called with a line of text at each step.

    Returns
    -------
    runs : list of Run
        One, or one for each fold.

    Raises
    ------
    FormatError
        If the settings or the corpus cannot be used, or have changed since the experiment was begun.
    ValueError
        If there is no such fold, or a label is too long, or there are too many labels, for a model.
    AudioError
        If a recording cannot be read.
    OSError
        If files of somebody else are in the way, or the folder is not writable.
    """
    experiment, progress = Path(experiment), progress or (lambda line: None)
    folds: list[int | None] = [fold] if fold is not None else [*folds_of(protocol)] or [None]
    corpora = [read_corpus(protocol, number) for number in folds]  # all of them before hours of work
    experiment.mkdir(parents=True, exist_ok=True)
    if not (experiment / CONFIG).exists():
        Config().save(experiment / CONFIG)
        progress(f"{experiment / CONFIG}: written with the defaults")
    config = Config.load(experiment / CONFIG)
    runs = [Run(experiment, number) for number in folds]
    if any((run.fold is None) != (folds == [None]) for run in begun(experiment)):
        how = "with" if folds == [None] else "without"
        raise FormatError(f"{experiment}: was begun {how} folds; name another folder.")
    for run, corpus in zip(runs, corpora):
        _train(run, protocol, corpus, config, n_jobs, overwrite, notes or {}, progress)
    return runs


def _train(run, protocol, corpus, config, n_jobs, overwrite, notes, progress):
    """Train the model of one fold."""
    recordings = with_events(corpus.train)
    if not recordings:
        raise FormatError(f"{protocol}: has no recordings to train on whose events are listed.")
    labels = labels_of(config, recordings)
    check_labels(labels.names)
    told = {event.label for one in recordings for event in labels.relabelled(one.events or ())}
    if told.isdisjoint(labels.names):
        raise FormatError(f"{run.folder}: none of the labels {', '.join(labels.names)} is in the training recordings.")
    run.begin(run.inputs(protocol, config, recordings), overwrite=overwrite)
    if (run.model / CARD).is_file():
        if notes:
            EventModel.load(run.model).save(run.model, {**read_card(run.model), **notes})
        progress(f"{run.folder}: is trained already{'; its card has the notes' if notes else ''}")
        return
    heard = hear(recordings, labels, config, n_jobs)
    megabytes = sum(X.nbytes for X in heard.features) / 1e6
    progress(
        f"{run.folder}: {len(recordings)} recordings, {sum(heard.durations) / 60:.1f} minutes, {megabytes:.1f} MB of "
        f"features; {heard.held.sum()} held out"
    )
    numbers = _train_labels(run, heard, labels, config, n_jobs, progress)
    model = _assembled(run, numbers, labels, config)
    write_text(run.folder / HISTORY, history_text(read_histories(run)))
    found = _validated(model, heard, labels)
    write_text(run.folder / VALIDATION, f"{found}\n")
    model.save(run.model, {**_card(protocol, heard, labels, model, config, found), **notes})
    progress(f"{run.model}: written")


def _train_labels(run, heard, labels, config, n_jobs, progress):
    """Train the classes that are not finished; returns the numbers of all that can be learnt."""
    X, y, _ = heard.joined(heard.trained)
    held_X, held_y, lengths = heard.joined(heard.validated)
    numbers = np.flatnonzero(y.any(axis=0)).tolist()
    lacking = [name for number, name in enumerate(labels.names) if number not in numbers]
    if lacking:
        progress(f"{run.folder}: {', '.join(lacking)}: no training examples; left out, and counted as missed")
    todo = [number for number in numbers if not is_trained(run, number)]
    if len(todo) < len(numbers):
        progress(f"{run.folder}: {len(numbers) - len(todo)} of {len(numbers)} labels are trained already")
    if todo and n_jobs > 1:
        progress(f"{run.folder}: training {len(todo)} labels; `lightdiar events validate` shows how far they are")
    for group in [[number] for number in todo] if n_jobs == 1 else [todo]:
        calls = [(run, n, labels.names[n], X, y[:, n], held_X, held_y[:, n], lengths, config) for n in group]
        for number, kept in zip(group, parallel(train_label, calls, n_jobs, batch=1)):
            progress(f"{run.folder}: {labels.names[number]}: {_outcome(kept, KINDS[config.model].unit)}")
    return numbers


def _outcome(kept, unit):
    """What came of the training of a class, in words."""
    if not kept.stage:
        return "sounds all the time in the recordings trained on, so nothing can be learnt about it"
    figures = f"F1 {100 * kept.f1:.1f} %, error rate {kept.error_rate:.2f}"
    if math.isnan(kept.f1):
        figures = "sounds never or always in the recordings held out, so it could not be validated"
    return f"{figures} ({unit} {kept.amount:g})"


def _assembled(run, numbers, labels, config):
    """The model of the classes that are finished."""
    from scipy.special import expit

    parts = [read_label(run, number, config.front_end.n_columns) for number in numbers]
    classifiers, thresholds = zip(*parts)
    penalty = config.decoding.penalty if config.decoding.kind == "hmm" else None
    decoding = Decoding(expit(thresholds), **config.decoding.steps, penalty=penalty)
    return EventModel(tuple(labels.names[number] for number in numbers), config.front_end, classifiers, decoding)


def _validated(model: EventModel, heard: Heard, labels: LabelSet) -> Evaluation:
    """How good the model is on the recordings that were held out."""
    scored = []
    for place in heard.validated:
        duration = heard.durations[place]
        events = model.events(model.probabilities(heard.features[place]), duration)
        truth = labels.relabelled(heard.recordings[place].events or ())
        scored.append(Scored(SoundEvents(events, model.labels, duration), truth))
    return evaluate(scored, labels.names)


def _card(protocol, heard, labels, model, config, found):
    missing = [name for name in labels.names if name not in model.labels]
    settings = {name: value for name, value in asdict(config).items() if name not in ("labels", "front_end")}
    decoding = ", ".join(f"{name} {value}" for name, value in settings.pop("decoding").items())
    made = [
        *(f"{name}: where any of {', '.join(members)} is heard" for name, members in labels.union.items()),
        *(f"{name}: where {', '.join(members)} are heard at once" for name, members in labels.intersection.items()),
    ]
    micro = found.rows[0]
    return {
        "sources": [
            f"{Path(protocol).name}: {len(heard.recordings)} recordings, {sum(heard.durations) / 60:.1f} minutes, "
            f"{heard.held.sum()} of them held out"
        ],
        "licence": ["as the sources allow"],
        "recipe": [
            "lightdiar events train EXP PROTOCOL",
            ", ".join(f"{name} {value}" for name, value in settings.items()),
            f"decoding: {decoding}",
            *made,
            *([f"without training examples: {', '.join(missing)}"] if missing else []),
        ],
        "figures": [
            f"recordings held out, which chose the thresholds: F1 {100 * micro.f1.value:.1f} %, error rate "
            f"{micro.error_rate.value:.2f} on segments of 1 s"
        ],
    }
