"""The models of sound events: a classifier for each label, load, check, save.

The folder is as `lightdiar.common.archive` describes. The card, which people read, also has the labels and the settings
of the front end; what a stranger wrote there is checked like the parameters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from lightdiar.common.archive import CARD, read_arrays, read_card, write_archive
from lightdiar.common.files import PathLike
from lightdiar.common.tables import printable, shortened
from lightdiar.errors import ModelError
from lightdiar.events.classifiers import Classifier, from_arrays, to_arrays
from lightdiar.events.decoding import Decoding, events_of
from lightdiar.events.features import FrontEnd
from lightdiar.events.fields import from_json
from lightdiar.systems.bundle import PARAMETERS, SHIPPED
from lightdiar.timeline import Event

SHIPPED_EVENTS = SHIPPED / "events"
TASK = "events"
_LARGEST = 1e7  # of any parameter: thresholds of trees, and slopes of columns that hardly vary
_MOST_LABELS, _LONGEST_LABEL = 120, 200  # an archive holds 1000 arrays, and a classifier has up to 8
_LONGEST_RUN = 100_000  # steps of a filter or a least duration


@dataclass(frozen=True, eq=False)
class EventModel:
    """What finds sound events.

    Parameters
    ----------
    labels : tuple of str
        What it has learnt, each different.
    front_end : FrontEnd
    classifiers : tuple of Classifier
        One for each label.
    decoding : Decoding
        For as many labels.

    Raises
    ------
    ValueError
        If the numbers of labels do not match, or there is none.
    """

    labels: tuple[str, ...]
    front_end: FrontEnd
    classifiers: tuple[Classifier, ...]
    decoding: Decoding

    def __post_init__(self):
        numbers = len(self.labels), len(self.classifiers), len(self.decoding.thresholds)
        if not self.labels or len(set(numbers)) > 1 or len(set(self.labels)) < len(self.labels):
            raise ValueError(
                f"{numbers[0]} labels ({len(set(self.labels))} different), {numbers[1]} classifiers and {numbers[2]} "
                "thresholds must be as many, at least one."
            )

    def probabilities(self, X: np.ndarray) -> np.ndarray:
        """Probability of each label in each step.

        Parameters
        ----------
        X : ndarray of shape (n_steps, n_columns), float32
            From `front_end`.

        Returns
        -------
        probabilities : ndarray of shape (n_steps, n_labels), float32
        """
        from scipy.special import expit

        return np.column_stack([expit(classifier.scores(X)).astype(np.float32) for classifier in self.classifiers])

    def events(self, probabilities: np.ndarray, duration: float) -> list[Event]:
        """The events that probabilities of a recording of `duration` seconds give."""
        return events_of(self.decoding.active(probabilities), probabilities, self.labels, duration)

    def save(self, folder: PathLike, card: Mapping[str, Any]) -> None:
        """Write the model; identical models give identical bytes.

        Parameters
        ----------
        folder : path
            Created if missing.
        card : dict
            What users should know; task, labels, settings of the front end and checksum are added.
        """
        arrays: dict[str, np.ndarray] = {}
        for number, classifier in enumerate(self.classifiers):
            arrays |= to_arrays(classifier, f"label{number}")
        described = {"task": TASK, "labels": list(self.labels), "front_end": asdict(self.front_end)}
        write_archive(
            Path(folder) / PARAMETERS, {**arrays, **_decoding_arrays(self.decoding)}, {**described, **card, **described}
        )
        _load.cache_clear()

    @classmethod
    def load(cls, folder: PathLike = SHIPPED_EVENTS) -> "EventModel":
        """Read a model, by default the one that ships.

        Raises
        ------
        ModelError
            If a file is missing, does not match the card, or holds anything but a model of sound events with values
            that one can have.
        """
        return _load(Path(folder))


def check_labels(labels: Sequence[str]) -> None:
    """Raise ValueError unless a model can be kept that has these labels."""
    if not 1 <= len(labels) <= _MOST_LABELS or len(set(labels)) < len(labels):
        raise ValueError(f"{len(labels)} labels; a model has 1 to {_MOST_LABELS}, all of them different.")
    odd = next((label for label in labels if not 1 <= len(label) <= _LONGEST_LABEL or printable(label) != label), None)
    if odd is not None:
        raise ValueError(
            f"{printable(shortened(odd, 50))!r} cannot be a label; a label has 1 to {_LONGEST_LABEL} characters, all "
            "of them visible or blanks."
        )


@lru_cache(maxsize=2)
def _load(folder):
    card, path = read_card(folder), folder / PARAMETERS
    if card.get("task") != TASK:
        raise ModelError(f"{folder}: is a model of another task; one of sound events is needed.")
    labels = _labels(card, folder)
    try:
        front_end = from_json(FrontEnd, card.get("front_end"), "front_end")
    except ValueError as error:
        raise ModelError(f"{folder / CARD}: {printable(str(error))}") from None
    arrays = read_arrays(path, _LARGEST)
    classifiers = tuple(
        from_arrays(arrays, f"label{number}", front_end.n_columns, path) for number in range(len(labels))
    )
    decoding = {name: array for name, array in arrays.items() if name.startswith("decoding.")}
    known = [*decoding, *(f"label{number}." for number in range(len(labels)))]
    unknown = next((name for name in arrays if not name.startswith(tuple(known))), None)
    if unknown is not None:
        raise ModelError(f"{path}: {unknown} is not a parameter of this model of {len(labels)} labels.")
    try:
        return EventModel(labels, front_end, classifiers, _decoding(decoding))
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise ModelError(f"{path}: decoding does not fit {len(labels)} labels: {printable(str(error))}") from None


def _labels(card, folder):
    """The labels of a card."""
    labels = card.get("labels")
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise ModelError(f"{folder / CARD}: labels must be a list of texts.")
    try:
        check_labels(labels)
    except ValueError as error:
        raise ModelError(f"{folder / CARD}: {error}") from None
    return tuple(labels)


def _decoding_arrays(decoding):
    names = ("thresholds", "median", "least_event", "least_gap")
    arrays = {f"decoding.{name}": np.asarray(getattr(decoding, name), np.float64) for name in names}
    if decoding.penalty is not None:
        arrays["decoding.penalty"] = np.asarray(decoding.penalty, np.float64)
    return arrays


def _decoding(arrays):
    """The inverse; raises ValueError or KeyError if anything is missing or impossible."""
    parts = {name.removeprefix("decoding."): array for name, array in arrays.items()}
    penalty = parts.pop("penalty", None)
    longest = max(part.max() for name, part in parts.items() if name != "thresholds")
    if longest > _LONGEST_RUN:
        raise ValueError(f"{longest:.0f} steps; at most {_LONGEST_RUN} are possible.")
    return Decoding(**parts, penalty=None if penalty is None else float(penalty))
