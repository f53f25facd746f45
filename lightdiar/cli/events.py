"""``lightdiar events``: what is heard besides speech; sound events, trained, validated, evaluated and applied."""

import argparse
from pathlib import Path

from lightdiar.cli import events_apply
from lightdiar.cli.cards import card_entries
from lightdiar.cli.recordings import add_jobs, check_jobs
from lightdiar.common.commandline import say, show, show_text
from lightdiar.common.notation import count_of

SUMMARY = "what is heard besides speech: sound events found in recordings, and models of your own trained and evaluated"
_DESCRIPTION = f"""\
{SUMMARY[0].upper()}{SUMMARY[1:]}.

  lightdiar events apply film.wav                   what is heard when, by the model that ships
  lightdiar events train exp corpus/                a model of your own, in the experiment folder exp
  lightdiar events validate exp                     how far the training is, and how good
  lightdiar events evaluate exp                     how good it is on the test recordings
  lightdiar events apply film.wav --model exp       what is heard when, by your own model

An event is a sound with a start, an end and a label, such as door or music. Any number of them may sound at once;
whether each label is heard is decided every 0.1 s.
"""
_EPILOG = "`lightdiar events COMMAND --help` is the manual of a command."
_TRAIN = """\
Train a model of sound events.

EXP is the folder of the experiment. EXP/config.json has all its settings; it is written with the defaults if it is not
there. Edit it, and nothing else:

  labels          "all", or an object with any of
                    "regular": ["car", "speech"]                     labels as they are
                    "union": {"vehicle": ["car", "bus"]}             where any of these labels is
                    "intersection": {"song": ["speech", "music"]}    where all of these labels are
  front_end       what is heard of the sound: sample_rate (Hz), kind (log_mel or mfcc) with n_filters bands, and of
                  them short (each 0.1 s), context (seconds around it), average (of the whole recording), and envelope
                  (how loud the neighbours are); reference is what the first two are relative to: the average of the
                  recording, their own level, or none
  model           gmm, logistic, boosting or nmf
  class_weights   balanced (sounding and not sounding weigh the same) or none
  most_negatives  at most this many of the steps where a class does not sound are trained on, drawn at random
  decoding        kind (threshold or hmm), median, least_event and least_gap (seconds), penalty (of the HMM)
  validation      share of the training recordings that is held out, to choose thresholds and when to stop
  patience        the training of a class ends after this many validations without gain
  seed            of the random numbers

PROTOCOL is a folder in the layout of DCASE (meta.txt, evaluation_setup/fold1_train.txt and so on) or one list of
recordings and events; if a list has a column `subset`, what is called test there is kept for `evaluate`, and what is
called validation is what is held out.

Each class that is finished is kept: a run that was stopped goes on where it was. Two runs give the same bytes, and so
does any number of jobs. What is written: EXP/model, or EXP/fold1/model and so on, and history.csv beside it.
"""
_VALIDATE = """\
Show the validations of each class so far, also while it is being trained, and how good the finished model is on the
recordings that were held out of training. They chose the thresholds, so expect the test to be worse.

F1 is the harmonic mean of precision and recall, the error rate counts substitutions, deletions and insertions for each
active segment of the truth (0 is perfect, 1 is what silence gets); both on segments of 1 s.
"""
_EVALUATE = """\
Apply the model to recordings that it has not heard and compare with the truth, as sed_eval does: on segments of 1 s; by
events whose onset is right within 0.2 s; and by events whose offset is right as well, within 0.2 s or half of their
length. Over all labels together (micro), as the mean of the labels (macro), and for each label. Folds are pooled.

In brackets are intervals of 95 %, from 1000 draws of the recordings. A label that is in the truth and that the model
does not know counts as missed. The figures are written to EXP/evaluation/SUBSET.csv, what was found to
EXP/evaluation/SUBSET.txt (with folds, EXP/fold1/evaluation/SUBSET.txt and so on), as a DCASE list.
"""


def add_arguments(parser):
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description, parser.epilog = _DESCRIPTION, _EPILOG
    added = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    train = _command(added, "train", "train a model in an experiment folder", _TRAIN, _train)
    train.add_argument("protocol", type=Path, metavar="PROTOCOL", help="a folder in DCASE layout, or a list")
    _add_fold(train)
    add_jobs(train)
    train.add_argument("--card", type=Path, metavar="JSON", help="entries of the model card: sources, licence, figures")
    train.add_argument(
        "--overwrite", action="store_true", help="begin anew where settings, lists or sounds have changed"
    )
    validate = _command(added, "validate", "how far the training is, and how good", _VALIDATE, _validate)
    _add_fold(validate)
    evaluate = _command(added, "evaluate", "how good the model is on the test recordings", _EVALUATE, _evaluate)
    evaluate.add_argument(
        "--subset", choices=["test", "train", "validation"], default="test", help="which recordings (test)"
    )
    _add_fold(evaluate)
    add_jobs(evaluate)
    apply = added.add_parser(
        "apply",
        help=events_apply.SUMMARY,
        description=events_apply.DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    events_apply.add_arguments(apply)
    apply.set_defaults(step=events_apply.run)


def run(arguments):
    """Run the command that was named."""
    return arguments.step(arguments)


def _train(arguments):
    """Train the model of each fold."""
    from lightdiar.events.experiment import train_experiment

    check_jobs(arguments.jobs)
    runs = train_experiment(
        arguments.experiment,
        arguments.protocol,
        fold=arguments.fold,
        n_jobs=arguments.jobs,
        overwrite=arguments.overwrite,
        notes=card_entries(arguments.card) if arguments.card else None,
        progress=say,
    )
    for own in runs:
        show(f"{own.model}: trained")


def _validate(arguments):
    """Print the validations so far, and the figures of what is finished."""
    from lightdiar.common.foreign import read_text
    from lightdiar.common.tables import aligned_columns
    from lightdiar.events.classes import history_table
    from lightdiar.events.classifiers import KINDS
    from lightdiar.events.config import Config
    from lightdiar.events.runs import CONFIG, VALIDATION, runs_of

    runs = runs_of(arguments.experiment, arguments.fold)
    unit = KINDS[Config.load(arguments.experiment / CONFIG).model].unit
    for number, own in enumerate(runs):
        if number:
            show("")
        show(f"{own.folder}: validations on the recordings held out")
        table = history_table(own, unit)
        show_text("\n".join(aligned_columns(table, [True, True, False, False, False, True])))
        if (own.folder / VALIDATION).is_file():
            show("")
            show_text(read_text(own.folder / VALIDATION))
        else:
            show("the model is not finished")


def _evaluate(arguments):
    """Apply the models to recordings, and print how good they are."""
    from lightdiar.events.assessment import evaluate_experiment

    check_jobs(arguments.jobs)
    found = evaluate_experiment(
        arguments.experiment,
        subset=arguments.subset,
        fold=arguments.fold,
        n_jobs=arguments.jobs,
        progress=say,
    )
    n = found.n_recordings
    show(f"{arguments.experiment}: {count_of(n, f'{arguments.subset} recording')}")
    show_text(found)


def _command(added, name, summary, description, step):
    """The parser of a command on an experiment folder."""
    parser = added.add_parser(
        name, help=summary, description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("experiment", type=Path, metavar="EXP", help="folder of the experiment")
    parser.set_defaults(step=step)
    return parser


def _add_fold(parser):
    parser.add_argument("--fold", type=int, metavar="N", help="only this fold (all)")
