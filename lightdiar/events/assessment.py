"""How good an experiment is: its models applied to recordings with a known truth, all folds pooled."""

import warnings
from collections.abc import Callable
from pathlib import Path

from lightdiar.common.archive import CARD
from lightdiar.common.files import PathLike, check_output, write_text
from lightdiar.common.notation import count_of
from lightdiar.common.processes import parallel
from lightdiar.errors import DoubtfulResultWarning, FormatError
from lightdiar.events.config import Config
from lightdiar.events.corpus import Recording, read_corpus
from lightdiar.events.detector import detect_events
from lightdiar.events.evaluation import Evaluation, Scored, evaluate
from lightdiar.events.hearing import labels_of, split, with_events
from lightdiar.events.labels import LabelSet
from lightdiar.events.model import EventModel
from lightdiar.events.runs import CONFIG, EVALUATION, Run, runs_of, seen_from
from lightdiar.io.event_lists import ListedRecording, dcase_text

SUBSETS = ("test", "train", "validation")


def evaluate_experiment(
    experiment: PathLike,
    *,
    subset: str = "test",
    fold: int | None = None,
    n_jobs: int = 1,
    progress: Callable[[str], object] | None = None,
) -> Evaluation:
    """Apply the models of an experiment and compare what they find with the truth.

    Figures are written to ``evaluation/SUBSET.csv`` in the folder of the experiment, or of the one fold that is
    evaluated; what was found to ``evaluation/SUBSET.txt`` of each run, as a DCASE list.

    Parameters
    ----------
    experiment : path
    subset : {"test", "train", "validation"}, default="test"
        The recordings that are kept for the test, that were trained on, or that were held out of training.
    fold : int, optional
        Only this one; by default all that were trained are pooled.
    n_jobs : int, default=1
        Number of processes; does not change the result.
    progress : callable, optional
        Called with a line of text at each step.

    Returns
    -------
    evaluation : Evaluation
        Of the labels of the experiment and, if it is to learn all, those that are in the truth only.

    Raises
    ------
    FormatError
        If nothing was trained, a training is not finished, its inputs have changed, or there are no such recordings.
    AudioError
        If a recording cannot be read.
    """
    if subset not in SUBSETS:
        raise ValueError(f"subset={subset!r} must be one of {', '.join(SUBSETS)}.")
    experiment, progress = Path(experiment), progress or (lambda line: None)
    runs = runs_of(experiment, fold)
    config = Config.load(experiment / CONFIG)
    scored: list[Scored] = []
    labels: dict[str, None] = {}
    for run in runs:
        known, recordings, above = _recordings(run, config, subset)
        truths = [_truth(recording, known, config) for recording in recordings]
        labels |= dict.fromkeys([*known.names, *(event.label for truth in truths for event in truth)])
        heard = parallel(_heard, [(recording.path, run.model) for recording in recordings], n_jobs, 1)
        for doubt in (doubt for _, doubts in heard for doubt in doubts):
            warnings.warn(doubt, DoubtfulResultWarning, stacklevel=2)
        found = {
            seen_from(above, one.path): ListedRecording(sounds.events) for one, (sounds, _) in zip(recordings, heard)
        }
        _write(run.folder / EVALUATION / f"{subset}.txt", dcase_text(found))
        scored += [Scored(sounds, truth) for (sounds, _), truth in zip(heard, truths)]
        progress(f"{run.folder}: {count_of(len(recordings), 'recording')}")
    evaluation = evaluate(scored, sorted(labels) if config.labels == "all" else list(labels))
    folder = experiment if fold is None else runs[0].folder
    _write(folder / EVALUATION / f"{subset}.csv", evaluation.to_csv())
    return evaluation


def _recordings(run: Run, config: Config, subset: str) -> tuple[LabelSet, list[Recording], Path]:
    """The classes of a run, the recordings to evaluate on, and the folder from which they are named."""
    inputs = run.read_inputs()
    if inputs is None or not (run.model / CARD).is_file():
        raise FormatError(f"{run.folder}: the training is not finished; `lightdiar events train` goes on with it.")
    protocol = run.experiment / inputs.protocol
    corpus = read_corpus(protocol, run.fold)
    training = with_events(corpus.train)
    run.check(run.inputs(protocol, config, training))
    labels = labels_of(config, training)
    held = split(config, labels, training)
    chosen = {
        "test": with_events(corpus.test),
        "train": [one for one, out in zip(training, held) if not out],
        "validation": [one for one, out in zip(training, held) if out],
    }[subset]
    if not chosen:
        raise FormatError(
            f"{protocol}: has no {subset} recordings whose events are listed; --subset names others: "
            f"{', '.join(name for name in SUBSETS if name != subset)}."
        )
    return labels, list(chosen), protocol if protocol.is_dir() else protocol.parent


def _truth(recording, labels, config):
    """The events of a recording that count: as they are if all labels do, otherwise those of the set."""
    return recording.events if config.labels == "all" else labels.relabelled(recording.events)


def _heard(path, model):
    """What a model finds in a recording, and what is doubtful about it."""
    doubts: list[str] = []
    return detect_events(path, EventModel.load(model), tell=doubts.append), doubts


def _write(path, text):
    """Write a file, in place of that of an earlier evaluation."""
    path.parent.mkdir(exist_ok=True)
    check_output(path, overwrite=True)
    write_text(path, text)
