"""The settings of an experiment: one JSON file, which is all that a user edits."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from lightdiar.common.files import PathLike, write_text
from lightdiar.common.foreign import read_json
from lightdiar.errors import FormatError
from lightdiar.events.classifiers import KINDS
from lightdiar.events.features import STEP, FrontEnd
from lightdiar.events.fields import from_json
from lightdiar.events.labels import LabelSet

_LARGEST = 1_000_000  # bytes; a file of settings has some hundred
_MOST_NAMES = 1000
_LONGEST_SECONDS = 60.0
_RANGES = {"most_negatives": (100, 2**31), "patience": (1, 1000), "seed": (0, 2**31)}


@dataclass(frozen=True)
class DecodingConfig:
    """How probabilities become events.

    Parameters
    ----------
    kind : {"threshold", "hmm"}
        A threshold for each class and a median filter, or a hidden Markov model with two states for each class.
    median : float
        Seconds of the median filter; 0 for none.
    least_event, least_gap : float
        Seconds: shorter events are dropped, shorter gaps are filled.
    penalty : float
        Of the HMM, in nats: what each change between sounding and silent costs.

    Raises
    ------
    ValueError
        If a value is out of range.
    """

    kind: str = "threshold"
    median: float = 0.5
    least_event: float = 0.2
    least_gap: float = 0.2
    penalty: float = 2.0

    @property
    def steps(self) -> dict[str, int]:
        """Widths in steps: of the median filter, an odd number, of the least event and the least gap; 1 for none."""
        median, event, gap = (seconds / STEP for seconds in (self.median, self.least_event, self.least_gap))
        return {
            "median": 2 * max(0, round((median - 1) / 2)) + 1,
            "least_event": max(1, round(event)),
            "least_gap": max(1, round(gap)),
        }

    def __post_init__(self):
        if self.kind not in ("threshold", "hmm"):
            raise ValueError(f"kind={self.kind!r} must be threshold or hmm.")
        for name in ("median", "least_event", "least_gap"):
            if not 0 <= getattr(self, name) <= _LONGEST_SECONDS:
                raise ValueError(f"{name}={getattr(self, name)} s must be from 0 to {_LONGEST_SECONDS:.0f}.")
        if not 0 <= self.penalty <= 1000:
            raise ValueError(f"penalty={self.penalty} must be from 0 to 1000; 2 is usual.")


@dataclass(frozen=True)
class Config:
    """All settings of an experiment.

    Parameters
    ----------
    labels : LabelSet or "all"
        Which classes are learnt: a set, or each label of the training recordings as it is.
    front_end : FrontEnd
        What is heard of the sound.
    model : {"gmm", "logistic", "boosting", "nmf"}
        The kind of classifier, one for each class.
    class_weights : {"balanced", "none"}
        Balanced: the steps where a class sounds weigh as much, all together, as those where it does not: each
        n / (2 n_class).
    most_negatives : int
        At most this many of the steps where a class does not sound are trained on, drawn at random.
    decoding : DecodingConfig
    validation : float
        Share of the training recordings that is held out, to choose thresholds and when to stop, unless the corpus
        names those (subset validation).
    patience : int
        The training of a class ends after this many validations without gain.
    seed : int

    Raises
    ------
    ValueError
        If a value is out of range.
    """

    labels: LabelSet | str = "all"
    front_end: FrontEnd = field(default_factory=FrontEnd)
    model: str = "boosting"
    class_weights: str = "balanced"
    most_negatives: int = 100_000
    decoding: DecodingConfig = field(default_factory=DecodingConfig)
    validation: float = 0.2
    patience: int = 5
    seed: int = 0

    def __post_init__(self):
        if not isinstance(self.labels, LabelSet) and self.labels != "all":
            raise ValueError(f"labels={self.labels!r} must be all, or a set of regular, union and intersection.")
        if self.model not in KINDS:
            raise ValueError(f"model={self.model!r} must be one of {', '.join(KINDS)}.")
        if self.model == "nmf" and not (self.front_end.kind == "log_mel" and self.front_end.short):
            raise ValueError("model=nmf explains spectra: front_end needs kind log_mel, and short.")
        if self.class_weights not in ("balanced", "none"):
            raise ValueError(f"class_weights={self.class_weights!r} must be balanced or none.")
        if not 0 < self.validation < 1:
            raise ValueError(f"validation={self.validation} must be between 0 and 1; 0.2 is usual.")
        for name, (least, end) in _RANGES.items():
            if not least <= getattr(self, name) < end:
                raise ValueError(f"{name}={getattr(self, name)} must be {least} or more, and less than {end}.")

    def text(self) -> str:
        """The settings as JSON, all of them."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"

    def save(self, path: PathLike) -> None:
        """Write the settings as JSON."""
        write_text(path, self.text())

    @classmethod
    def load(cls, path: PathLike) -> "Config":
        """Read settings from JSON; those not in the file keep their defaults.

        Raises
        ------
        FormatError
            If the file cannot be read, or holds anything but these settings with values that are possible.
        """
        try:
            content = read_json(path, _LARGEST)
        except OSError as error:
            raise FormatError(f"{path}: cannot be read: {error.strerror}") from None
        parts = {"front_end": _part(FrontEnd, "front_end"), "decoding": _part(DecodingConfig, "decoding")}
        try:
            return from_json(cls, content, read={"labels": _label_set, **parts})
        except ValueError as error:
            raise FormatError(f"{path}: {error}") from None


def _part(kind, name):
    return lambda content: from_json(kind, content, name)


def _label_set(content: Any) -> LabelSet | str:
    """Labels as they stand in the file: all, or lists of names, alone or under the name of their union."""
    if content == "all":
        return "all"
    kinds = ("regular", "union", "intersection")
    if not isinstance(content, dict) or not set(content) <= set(kinds):
        raise ValueError(f'labels must be "all", or an object with any of {", ".join(kinds)}.')
    regular, *grouped = content.get("regular", []), content.get("union", {}), content.get("intersection", {})
    for kind, groups in zip(kinds[1:], grouped):
        if not isinstance(groups, dict) or not all(map(_are_names, groups.values())):
            raise ValueError(f'labels: {kind} must hold lists of labels by name, such as {{"motor": ["car", "bus"]}}.')
    if not _are_names(regular):
        raise ValueError('labels: regular must be a list of labels, such as ["speech", "car"].')
    union, intersection = ({name: tuple(members) for name, members in groups.items()} for groups in grouped)
    return LabelSet(tuple(regular), union, intersection)


def _are_names(content):
    """Whether something is a list of texts."""
    return isinstance(content, list) and len(content) <= _MOST_NAMES and all(isinstance(name, str) for name in content)
