"""The same people in many recordings: who speaks in which episode, and for how long over the whole series."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.common.files import PathLike, write_text
from lightdiar.common.tables import aligned, disarmed_table, html_table, printable
from lightdiar.stages.clustering import number_by_appearance
from lightdiar.systems.partitioning import (
    LEAST_SPEECH,
    LEAST_WEIGHT,
    Items,
    belonging,
    partition,
    probability,
    survey,
)
from lightdiar.systems.result import Diarization, Speaker, check_result
from lightdiar.systems.voice_models import VoiceModels, load_voice_models

if TYPE_CHECKING:
    import pandas as pd

_NAMELESS = re.compile(r"SPEAKER_\d+")
_MOST_SHOWN = 50  # rows of each table


@dataclass(frozen=True, eq=False, repr=False)
class Linking:
    """Who is who over many recordings.

    Parameters
    ----------
    table : DataFrame
        One row for each speaker of each recording, with columns person, recording, speaker (the name there), seconds
        (speaking time), gender and probability; the person with the most speaking time first. The probability is that
        the speaker is of the same person as the person's other speakers taken together, NaN where there is no other
        or one of the two sides has less than 2 s of speech.
    people : tuple of Speaker
        Each person with their speaking time and gender over all recordings, in the order of the table.
    n_recordings : int
        With those in which nobody speaks.
    threshold : float
        How many nats had to speak for it before two speakers were taken for one person.
    """

    table: "pd.DataFrame"
    people: tuple[Speaker, ...]
    n_recordings: int
    threshold: float

    def speaking_time(self) -> "pd.DataFrame":
        """Speaking time of each person over all recordings.

        Returns
        -------
        times : DataFrame
            Columns person, recordings (in how many), seconds, share (of all speaking time, 0 to 1) and gender (of all
            their recordings together), the longest first.
        """
        import pandas as pd

        n_recordings = self.table["person"].value_counts()
        total = sum(one.seconds for one in self.people)
        rows = [
            (one.name, int(n_recordings[one.name]), one.seconds, one.seconds / total, one.gender) for one in self.people
        ]
        return pd.DataFrame(rows, columns=["person", "recordings", "seconds", "share", "gender"])

    def to_csv(self, path: PathLike) -> None:
        """Write the table as CSV: seconds to three decimals, probabilities to four; no name becomes a formula."""
        rounded = disarmed_table(self.table.round({"seconds": 3, "probability": 4}))
        write_text(path, rounded.to_csv(index=False, lineterminator="\n"))

    def __repr__(self) -> str:
        return f"<Linking of {self._headline()}>"

    def __str__(self) -> str:
        parts = [[self._headline()]]
        parts += [[*aligned(rows, n_words), *hidden] for rows, n_words, hidden in self._tables()]
        return "\n\n".join("\n".join(lines) for lines in parts)

    def _repr_html_(self):
        parts = [f"<p>{escape(self._headline())}</p>"]
        for rows, _, hidden in self._tables():
            parts.append(html_table([[printable(cell) for cell in row] for row in rows]))
            parts += [f"<p>{line}</p>" for line in hidden]
        return "".join(parts)

    def _headline(self):
        return ", ".join(
            [
                _counted(self.n_recordings, "recording"),
                _counted(len(self.table), "speaker"),
                _counted(len(self.people), "person", "people"),
            ]
        )

    def _tables(self):
        """Header and rows of texts of both tables, how many columns are words, and a line about what is not shown."""
        if not self.people:
            return []
        times, members = self.speaking_time(), self.table
        people = [
            (row.person, row.gender, str(row.recordings), f"{row.seconds:.1f}", f"{row.share:.1%}")
            for row in times.head(_MOST_SHOWN).itertuples()
        ]
        speakers = [
            (row.person, row.recording, row.speaker, row.gender, f"{row.seconds:.1f}", _share(row.probability))
            for row in members.head(_MOST_SHOWN).itertuples()
        ]
        return [
            ([("person", "gender", "recordings", "seconds", "share"), *people], 2, _hidden(len(times), "people")),
            (
                [("person", "recording", "speaker", "gender", "seconds", "probability"), *speakers],
                4,
                _hidden(len(members), "speakers"),
            ),
        ]


class Linker:
    """Collects the speakers of recordings one by one, and finds out which of them are one person.

    Of each recording, only its name and the voiceprints, speaking times and genders of its speakers are kept.

    Parameters
    ----------
    models, threshold
        See `link`.

    Examples
    --------
    >>> linker = Linker()
    >>> for path in paths:  # doctest: +SKIP
    ...     linker.add(diarize(path))
    >>> print(linker.link())  # doctest: +SKIP
    """

    def __init__(self, *, models: VoiceModels | None = None, threshold: float | None = None) -> None:
        if threshold is not None and not np.isfinite(threshold):
            raise ValueError(f"threshold={threshold} must be a finite number of nats; 3 is usual for a series.")
        self.models, self.threshold = models or load_voice_models(), threshold
        self._recordings: dict[str, int] = {}
        self._speakers: list[tuple[str, Speaker]] = []

    def add(self, result: Diarization, recording: str = "") -> None:
        """Take the speakers of a recording.

        Parameters
        ----------
        result : Diarization
        recording : str, optional
            Its name; by default that of the annotation, or "recording N" for the Nth that is added.

        Raises
        ------
        ValueError
            If the name was there before, or a speaker has no voiceprint or one of other models.
        """
        name = recording or check_result(result).annotation.recording or f"recording {len(self._recordings) + 1}"
        shown = printable(name)
        if name in self._recordings:
            raise ValueError(f"{shown}: two recordings have this name; give each a name of its own.")
        for speaker in result.speakers:
            if speaker.voice is None:
                raise ValueError(
                    f"{shown}: {printable(speaker.name)} has no voiceprint; diarize the sound itself, with method "
                    "'trained' or 'textbook'."
                )
            if len(speaker.voice.vector) != self.models.voiceprinter.n_dimensions:
                raise ValueError(
                    f"{shown}: voiceprints of {len(speaker.voice.vector)} dimensions are not those of these models, "
                    f"which have {self.models.voiceprinter.n_dimensions}; diarize it again."
                )
        self._recordings[name] = len(self._recordings)
        self._speakers += [(name, speaker) for speaker in result.speakers]

    def link(self) -> Linking:
        """Find out which speakers are one person; more recordings may be added afterwards, and all linked anew."""
        import pandas as pd

        speakers = [speaker for _, speaker in self._speakers]
        names: dict[str, int] = {}
        known = [-1 if _NAMELESS.fullmatch(one.name) else names.setdefault(one.name, len(names)) for one in speakers]
        labels, probabilities, threshold = self._people(np.array(known, dtype=int))
        people, rows = _named(speakers, labels, list(names), np.array(known, dtype=int))
        persons = [one.name for one, own in zip(people, rows) for _ in own]
        order = [row for own in rows for row in own]
        table = pd.DataFrame(
            {
                "person": persons,
                "recording": [self._speakers[row][0] for row in order],
                "speaker": [speakers[row].name for row in order],
                "seconds": np.array([speakers[row].seconds for row in order], dtype=float),
                "gender": [speakers[row].gender for row in order],
                "probability": probabilities[np.array(order, dtype=int)],
            }
        )
        return Linking(table, tuple(people), len(self._recordings), threshold)

    def _people(self, known):
        """Number of the person and probability of each speaker, and the threshold."""
        seconds = np.array([speaker.voice.seconds for _, speaker in self._speakers], np.float32)
        recordings = np.array([self._recordings[name] for name, _ in self._speakers], dtype=int)
        heard = seconds >= LEAST_SPEECH
        vectors = np.zeros((len(seconds), self.models.voiceprinter.n_dimensions), np.float32)
        for row, (_, speaker) in enumerate(self._speakers):
            vectors[row] = speaker.voice.vector
        items = Items(vectors, np.maximum(seconds, LEAST_WEIGHT), recordings, known)
        middle, threshold = survey(items.only(heard), self.models)
        threshold = threshold if self.threshold is None else self.threshold
        items = items.less(middle)
        labels = len(seconds) + np.arange(len(seconds))  # alone
        used = heard | (known >= 0)
        labels[used] = partition(items.only(used), self.models, threshold)
        probabilities = np.full(len(seconds), np.nan)
        ratios = belonging(items.only(heard), number_by_appearance(labels[heard]), self.models)
        probabilities[heard] = probability(ratios - threshold)
        return number_by_appearance(labels), probabilities, threshold


def link(
    results: Iterable[Diarization], *, models: VoiceModels | None = None, threshold: float | None = None
) -> Linking:
    """Find out which speakers of different recordings are the same person.

    Two speakers of one recording are two people. Speakers with a name of their own, which ``diarize(voices=...)`` gives
    to those it knows, keep it: the same name is the same person everywhere, and different names are different people.
    All others are people by number, PERSON_001 being the one who speaks most. Who has less than 2 s of speech stays
    alone.

    Parameters
    ----------
    results : iterable of Diarization
        One for each recording, with voiceprints, as `diarize` gives them; nothing else is kept of them, so that a
        generator may diarize file after file. Names of recordings must differ; those without one are "recording 1",
        "recording 2", ... by their place.
    models : VoiceModels, optional
        By default, those that ship, which `diarize` uses.
    threshold : float, optional
        How many nats must on average speak for it before speakers, or groups of them, are taken for one person: more
        makes more people. By default it is estimated from the collection, in which people recur often or hardly ever;
        see `lightdiar.systems.partitioning.survey`.

    Returns
    -------
    linking : Linking
        Without speakers, its tables are empty.

    Raises
    ------
    ValueError
        If two recordings have one name, or speakers have no voiceprints (``method="untrained"``, or read from RTTM).
    TypeError
        If a result is none.

    Notes
    -----
    However many voices there are, at most 2,000 are compared in one matrix and one pair of each is kept; see
    `lightdiar.systems.partitioning.partition`. The 50,000 voices of 10,000 recordings (random voiceprints) took
    1 GB, of which 0.2 GB are the voices and all libraries, and ten minutes on one core.

    Examples
    --------
    >>> linking = link(diarize(path) for path in episodes)  # doctest: +SKIP
    >>> linking.speaking_time()  # doctest: +SKIP
    """
    linker = Linker(models=models, threshold=threshold)
    for result in results:
        linker.add(result)
    return linker.link()


def _named(speakers, labels, names, known):
    """The people with their names, the longest speaking time first, and the speakers (rows) that each of them is."""
    order = np.argsort(labels, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1) if len(labels) else []
    pooled = []
    for rows in groups:
        seconds = np.array([speakers[row].seconds for row in rows])
        women, children = (
            float(np.average([getattr(speakers[row], p) for row in rows], weights=seconds))
            for p in ("p_female", "p_child")
        )
        name = names[known[rows].max()] if known[rows].max() >= 0 else ""
        pooled.append((Speaker(name, float(seconds.sum()), min(women, 1.0), min(children, 1.0)), rows))
    pooled.sort(key=lambda person: -person[0].seconds)
    numbers = (f"PERSON_{number:03d}" for number in count(1))
    free = (name for name in numbers if name not in names)
    people = [one if one.name else replace(one, name=next(free)) for one, _ in pooled]
    return people, [rows for _, rows in pooled]


def _counted(number, one, many=""):
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def _share(probability):
    return "" if np.isnan(probability) else f"{probability:.2f}"


def _hidden(n_rows, what):
    return [f"and {n_rows - _MOST_SHOWN} more {what}"] * (n_rows > _MOST_SHOWN)
