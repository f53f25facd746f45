"""The folder of an experiment: its settings, and a run for each fold with what it was trained on.

    EXP/config.json                settings
    EXP/inputs.json                a run: the protocol, and fingerprints of settings, lists and sounds
    EXP/classes/00/...             classes that are finished, or on the way
    EXP/history.csv                all validations
    EXP/validation.txt             how good the model is on the recordings that were held out
    EXP/model/                     the model
    EXP/evaluation/                how good it is on others

Where the corpus has folds, each has its run in EXP/fold1, EXP/fold2 and so on. Paths in these files are relative, so
that an experiment can move together with its corpus.
"""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from lightdiar.common.archive import CARD
from lightdiar.common.files import PathLike, write_text
from lightdiar.common.foreign import read_json
from lightdiar.errors import FormatError, ModelError
from lightdiar.events.config import Config
from lightdiar.events.corpus import Recording

CONFIG, INPUTS, HISTORY, VALIDATION = "config.json", "inputs.json", "history.csv", "validation.txt"
MODEL, CLASSES, EVALUATION = "model", "classes", "evaluation"
_MADE = (MODEL, CLASSES, EVALUATION, HISTORY, VALIDATION)  # of a run; settings are the user's
_LARGEST = 100_000  # bytes
_NAMES = {"config": "settings in config.json", "lists": "lists of the training recordings", "sounds": "sound files"}


@dataclass(frozen=True)
class Inputs:
    """What a run was trained on.

    Parameters
    ----------
    protocol : str
        Path of the corpus, seen from the folder of the experiment.
    fold : int or None
    config, lists, sounds : str
        Fingerprints: SHA-256 of the settings, of the training recordings with their events, of the sizes of the files.
    """

    protocol: str
    fold: int | None
    config: str
    lists: str
    sounds: str

    def changed_since(self, other: "Inputs") -> list[str]:
        """What is not the same, in words."""
        return [words for name, words in _NAMES.items() if getattr(self, name) != getattr(other, name)]


@dataclass(frozen=True)
class Run:
    """One training of an experiment.

    Parameters
    ----------
    experiment : Path
    fold : int or None
    """

    experiment: Path
    fold: int | None = None

    @property
    def folder(self) -> Path:
        """Where all that is made lies."""
        return self.experiment if self.fold is None else self.experiment / f"fold{self.fold}"

    @property
    def model(self) -> Path:
        """The folder of the model, which is there when the run is finished."""
        return self.folder / MODEL

    def class_folder(self, number: int) -> Path:
        """Where a class is kept, by its number in the set of labels."""
        return self.folder / CLASSES / f"{number:02d}"

    def inputs(self, protocol: PathLike, config: Config, recordings: tuple[Recording, ...]) -> Inputs:
        """What the run is trained on, as it is now.

        Raises
        ------
        FormatError
            If a sound file is missing.
        """
        above = Path(protocol) if Path(protocol).is_dir() else Path(protocol).parent
        told = [
            [
                seen_from(above, one.path),
                one.scene,
                one.validation,
                [[e.start, e.end, e.label] for e in one.events or ()],
            ]
            for one in recordings
        ]
        return Inputs(
            seen_from(self.experiment, protocol),
            self.fold,
            _sha256(config.text()),
            _sha256(json.dumps(told)),
            _sha256(json.dumps([_size(recording.path) for recording in recordings])),
        )

    def read_inputs(self) -> Inputs | None:
        """What the run was trained on, or None if it was not begun.

        Raises
        ------
        FormatError
            If the file is damaged.
        """
        path = self.folder / INPUTS
        if not path.exists():
            return None
        content = read_json(path, _LARGEST)
        try:
            inputs = Inputs(**content)
            if not all(isinstance(value, str) for name, value in asdict(inputs).items() if name != "fold"):
                raise TypeError
        except TypeError:
            raise FormatError(f"{path}: is not as `lightdiar events train` wrote it; train again elsewhere.") from None
        return inputs

    def check(self, inputs: Inputs) -> None:
        """Raise FormatError if the run was begun with anything else."""
        before = self.read_inputs()
        changed = before.changed_since(inputs) if before else []
        if changed:
            raise FormatError(
                f"{self.folder}: the {' and the '.join(changed)} changed since it was trained. Name another folder for "
                "the experiment, or train with --overwrite to begin anew."
            )

    def begin(self, inputs: Inputs, *, overwrite: bool = False) -> None:
        """Write down what the run is trained on, or go on with the same; its folder is created if missing.

        Raises
        ------
        FormatError
            If it was begun with anything else, unless `overwrite`: then all that came of it is removed.
        OSError
            If the folder holds files or folders of these names that no run made, or is not writable.
        """
        if not overwrite:
            self.check(inputs)
        before = self.read_inputs()
        made = [path for path in (self.folder / name for name in _MADE) if path.exists()]
        if before is None and made:
            raise FileExistsError(f"{made[0]}: exists, but no training made it. Name another folder.")
        if before is not None and before.changed_since(inputs):
            for path in made:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if before != inputs:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_text(self.folder / INPUTS, json.dumps(asdict(inputs), indent=2) + "\n")


def begun(experiment: PathLike) -> list[Run]:
    """The runs of an experiment that were begun, by number of the fold."""
    experiment = Path(experiment)
    folds = sorted(_number(path.parent) for path in experiment.glob(f"fold*/{INPUTS}") if _is_fold(path.parent))
    return [run for run in (Run(experiment, number) for number in (None, *folds)) if (run.folder / INPUTS).is_file()]


def runs_of(experiment: PathLike, fold: int | None = None) -> list[Run]:
    """The runs of an experiment that were begun, or only that of a fold.

    Raises
    ------
    FormatError
        If there is none.
    """
    runs = [run for run in begun(experiment) if fold in (None, run.fold)]
    if not runs:
        what = "nothing" if fold is None else f"no fold {fold}"
        raise FormatError(f"{experiment}: {what} was trained here; `lightdiar events train` does it.")
    return runs


def model_folder(path: PathLike) -> Path:
    """The folder of a model that is named by itself, or by the experiment or the fold in which it lies.

    Raises
    ------
    ModelError
        If there is none, or there are several.
    """
    path = Path(path)
    for folder in (path, path / MODEL):
        if (folder / CARD).is_file():
            return folder
    folds = sorted((folder for folder in path.glob("fold*") if (folder / MODEL / CARD).is_file()), key=_number)
    if folds:
        names = ", ".join(folder.name for folder in folds)
        raise ModelError(f"{path}: has a model in each of {names}; name one of them, such as {folds[0]}.")
    raise ModelError(f"{path}: is no model, nor an experiment with a finished one; `lightdiar events train` makes one.")


def _number(folder):
    return int(folder.name[4:]) if _is_fold(folder) else 0


def _is_fold(folder):
    return folder.name[4:].isascii() and folder.name[4:].isdigit() and folder.name == f"fold{int(folder.name[4:])}"


def seen_from(folder: PathLike, path: PathLike) -> str:
    """The path relative to a folder, with slashes; on Windows a path on another drive stays as it is."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return Path(path).as_posix()


def _size(path):
    try:
        return path.stat().st_size
    except OSError as error:
        raise FormatError(f"{path}: a recording of the protocol cannot be read: {error.strerror}") from None


def _sha256(text):
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
