"""Sets of labels: the classes that are trained, each a label as it is, a union of labels or an intersection.

Where crowds are listed as men, women and children, ``people`` may be the union of the three; where two labels hold at
once, as speech and music, their intersection may be a class of its own.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from lightdiar.io.lines import listed
from lightdiar.timeline import Event, Segment, difference, union


@dataclass(frozen=True)
class LabelSet:
    """The classes of a model, and which labels of a list each is made of.

    Parameters
    ----------
    regular : tuple of str
        Labels that are classes as they are.
    union : dict of str to tuple of str, optional
        Classes that are heard where any of their labels is.
    intersection : dict of str to tuple of str, optional
        Classes that are heard where all of their labels are at once.

    Raises
    ------
    ValueError
        If there is no class, two have one name, or a union or an intersection has no labels.

    Examples
    --------
    >>> labels = LabelSet(("car", "bus"), union={"vehicle": ("car", "bus")})
    >>> labels.names
    ('car', 'bus', 'vehicle')
    >>> labels.matrix([Event(0.1, 0.3, "car"), Event(0.2, 0.4, "bus")], 5).astype(int).T
    array([[0, 1, 1, 0, 0],
           [0, 0, 1, 1, 0],
           [0, 1, 1, 1, 0]])
    """

    regular: tuple[str, ...]
    union: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    intersection: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "regular", tuple(self.regular))
        for kind in ("union", "intersection"):
            object.__setattr__(self, kind, {name: tuple(members) for name, members in getattr(self, kind).items()})
        twice = sorted({name for name in self.names if self.names.count(name) > 1})
        if twice:
            raise ValueError(f"classes need names of their own; {listed(twice)} is there twice.")
        if not self.names or "" in self.names:
            raise ValueError("a set of labels needs at least one class, and each a name.")
        for name, members in (*self.union.items(), *self.intersection.items()):
            if not members:
                raise ValueError(f"class {name} is made of no labels; name them, or leave it out.")

    @property
    def names(self) -> tuple[str, ...]:
        """The classes: regular ones, unions, intersections."""
        return (*self.regular, *self.union, *self.intersection)

    @property
    def members(self) -> tuple[str, ...]:
        """The labels that a class is made of, sorted."""
        parts = (member for of in (self.union, self.intersection) for members in of.values() for member in members)
        return tuple(sorted({*self.regular, *parts}))

    def matrix(self, events: Iterable[Event], n_steps: int, step: float = 0.1) -> np.ndarray:
        """Where each class is heard.

        Parameters
        ----------
        events : iterable of Event
            Those of other labels are left out.
        n_steps : int
        step : float, default=0.1
            Seconds.

        Returns
        -------
        active : ndarray of bool, shape (n_steps, n_classes)
            A step is active if an event covers at least half of it. Every event is active in at least one step, the
            one of which it covers most, unless it begins more than a step after the last one.
        """
        heard = {label: np.zeros(n_steps, bool) for label in self.members}
        for event in events:
            if event.label in heard and event.start < (n_steps + 1) * step:
                heard[event.label][_steps(event, n_steps, step)] = True
        columns = [
            *(heard[label] for label in self.regular),
            *(np.any([heard[label] for label in members], axis=0) for members in self.union.values()),
            *(np.all([heard[label] for label in members], axis=0) for members in self.intersection.values()),
        ]
        return np.column_stack(columns)

    def relabelled(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """The events of the classes, in time order; those of a union or an intersection are disjoint.

        Examples
        --------
        >>> labels = LabelSet(("car",), intersection={"jam": ("car", "horn")})
        >>> for event in labels.relabelled([Event(0, 5, "car"), Event(3, 9, "horn")]):
        ...     print(event.start, event.end, event.label)
        0.0 5.0 car
        3.0 5.0 jam
        """
        own: dict[str, list[Event]] = {label: [] for label in self.members}
        for event in events:
            if event.label in own:
                own[event.label].append(event)
        stretches: list[tuple[str, list[Segment]]] = []
        for name, members in self.union.items():
            stretches.append((name, union(event for member in members for event in own[member])))
        for name, members in self.intersection.items():
            heard = union(own[members[0]])
            for member in members[1:]:
                heard = difference(heard, difference(heard, own[member]))
            stretches.append((name, heard))
        made = [Event(part.start, part.end, name) for name, parts in stretches for part in parts]
        return tuple(sorted([event for label in self.regular for event in own[label]] + made))


def _steps(event, n_steps, step):
    """The steps that an event covers by half: those whose middle lies in it; if none does, where its own middle is."""
    first = math.ceil(round(event.start / step - 0.5, 6))  # rounded: 0.55 / 0.1 is 5.500000000000001
    stop = math.floor(round(event.end / step + 0.5, 6))
    if first >= stop or first >= n_steps:
        first = min(int((event.start + event.end) / 2 / step), n_steps - 1)
        stop = first + 1
    return slice(max(first, 0), max(stop, 0))
