"""The training recordings of a run: what they sound like, where each class is heard, and which are held out.

Features of all of them are computed once and held in memory, 2400 bytes a minute for each column of the front end; the
usual 212 columns are 0.5 MB a minute. Training joins them, so that it holds them twice.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from lightdiar.common.processes import parallel
from lightdiar.errors import DoubtfulResultWarning, FormatError
from lightdiar.events.config import Config
from lightdiar.events.corpus import Recording
from lightdiar.events.detector import Listener
from lightdiar.events.features import FrontEnd
from lightdiar.events.holdout import held_out
from lightdiar.events.labels import LabelSet


@dataclass(frozen=True, eq=False)
class Heard:
    """Training recordings, all lists in the same order.

    Parameters
    ----------
    recordings : tuple of Recording
    held : ndarray of bool, shape (n_recordings,)
        Which are held out.
    features : list of ndarray of shape (n_steps, n_columns), float32
    active : list of ndarray of bool, shape (n_steps, n_labels)
        Where each class sounds.
    durations : list of float
        Seconds.
    """

    recordings: tuple[Recording, ...]
    held: np.ndarray
    features: list[np.ndarray]
    active: list[np.ndarray]
    durations: list[float]

    @property
    def validated(self) -> np.ndarray:
        """The recordings to validate on, as numbers: those held out, or all if none could be."""
        return np.flatnonzero(self.held | ~self.held.any())

    @property
    def trained(self) -> np.ndarray:
        """The recordings to train on, as numbers."""
        return np.flatnonzero(~self.held)

    def joined(self, places: Sequence[int] | np.ndarray) -> tuple[np.ndarray, np.ndarray, list[int]]:
        """Features and activity of some recordings one after the other, and the steps in each."""
        features, active = ([part[place] for place in places] for part in (self.features, self.active))
        return np.concatenate(features), np.concatenate(active), [len(X) for X in features]


def with_events(recordings: Sequence[Recording]) -> tuple[Recording, ...]:
    """Those whose events are listed."""
    return tuple(one for one in recordings if one.events is not None)


def labels_of(config: Config, recordings: Sequence[Recording]) -> LabelSet:
    """The classes of an experiment: those of the settings, or all labels of its training recordings.

    Raises
    ------
    FormatError
        If no event is listed.
    """
    if isinstance(config.labels, LabelSet):
        return config.labels
    labels = sorted({event.label for one in recordings for event in one.events or ()})
    if not labels:
        raise FormatError("no event is listed in the training recordings; there is nothing to learn.")
    return LabelSet(tuple(labels))


def split(config: Config, labels: LabelSet, recordings: Sequence[Recording]) -> np.ndarray:
    """Which recordings are held out of training: bool, shape (n_recordings,).

    Those that the corpus names if it names some but not all of them; otherwise drawn, evenly over labels and scenes.
    """
    named = np.array([one.validation for one in recordings], bool)
    if named.any() and not named.all():
        return named
    contents = [{event.label for event in labels.relabelled(one.events or ())} for one in recordings]
    for content, one in zip(contents, recordings):
        content |= {f"scene {one.scene}"} if one.scene else set()
    return held_out(contents, config.validation, config.seed)


def hear(
    recordings: tuple[Recording, ...],
    labels: LabelSet,
    config: Config,
    n_jobs: int = 1,
) -> Heard:
    """Compute the features of recordings.

    Parameters
    ----------
    recordings : tuple of Recording
        With events.
    labels : LabelSet
    config : Config
    n_jobs : int, default=1
        Number of processes; does not change the result.

    Raises
    ------
    AudioError
        If a recording cannot be read.

    Warns
    -----
    DoubtfulResultWarning
        If samples had to be replaced, some recordings have a lower sample rate than the front end, or none can be held
        out.
    """
    tell = partial(warnings.warn, category=DoubtfulResultWarning, stacklevel=2)
    rate = config.front_end.sample_rate
    heard = parallel(_features, [(recording.path, config.front_end) for recording in recordings], n_jobs)
    features, durations, rates, problems = (list(column) for column in zip(*heard))
    for problem in (problem for own in problems for problem in own):
        tell(problem)
    n_low = sum(native is not None and native < rate for native in rates)
    if n_low:
        tell(
            f"{n_low} of {len(rates)} training recordings are sampled at less than {rate} Hz; what they lack at high "
            "frequencies may become what tells a label."
        )
    held = split(config, labels, recordings)
    if not held.any():
        tell(
            "no training recording could be held out, as each has labels that no other has: thresholds are chosen on "
            "the recordings that were trained on."
        )
    active = [labels.matrix(one.events or (), len(X)) for one, X in zip(recordings, features)]
    return Heard(recordings, held, features, active, durations)


def _features(path, front_end: FrontEnd):
    """Features of one recording, its duration, native sample rate, and what is wrong with it."""
    listener = Listener(path, front_end)
    X = np.concatenate([np.zeros((0, front_end.n_columns), np.float32), *front_end.stream(listener.blocks)])
    return X, listener.duration, listener.native_rate, list(listener.problems)
