"""What is known of a recording of a corpus: a row of the table, as JSON beside its results."""

import json
import math
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from lightdiar.common.files import PathLike
from lightdiar.common.foreign import read_json
from lightdiar.corpus.film import Film, State
from lightdiar.errors import FormatError
from lightdiar.systems.result import Diarization

ROW = "row.json"
_LARGEST = 20_000_000  # bytes
SPEAKER = ("speaker", "gender", "p_female", "p_child", "seconds", "first", "last")


@dataclass(frozen=True)
class Row:
    """A recording, what was found in it, or why it could not be diarized.

    Parameters
    ----------
    recording, path : str
        The name of its results; where it lies, relative to the list or folder.
    columns : dict of str to str
        What else the list says.
    part : dict
        What of it was heard, as far as the list says.
    state : State or None
        How the file was when it was heard; None if it could not be read.
    duration, speech : float
        Seconds that were heard, and those of them in which somebody speaks.
    womens_share, share_low, share_high : float
        Women's share of the speaking time of women and men, and its interval as of
        `lightdiar.representation.bechdel.bechdel_by_ear`; None if neither speak, or no gender is known.
    n_women, n_men, n_children : int
    agreement : float
    speakers : list of dict
        With the keys `SPEAKER`.
    warning, error : str
        What to doubt; why there is no result. Blank if there is nothing to say.
    cpu_seconds : float
        Of the process that diarized it, and of programs that it started.
    """

    recording: str
    path: str
    columns: dict[str, str] = field(default_factory=dict)
    part: dict[str, int | str | float] = field(default_factory=dict)
    state: State | None = None
    duration: float | None = None
    speech: float | None = None
    womens_share: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    n_women: int | None = None
    n_men: int | None = None
    n_children: int | None = None
    agreement: float | None = None
    speakers: list[dict[str, Any]] = field(default_factory=list)
    warning: str = ""
    error: str = ""
    cpu_seconds: float | None = None

    @classmethod
    def failed(cls, film: Film, error: str) -> "Row":
        """That of a film that could not be diarized."""
        error = without_path(error, film)
        return cls(film.name, film.path, film.columns, film.part, State.of(film.file), error=error)

    @classmethod
    def heard(cls, film: Film, state: State | None, result: Diarization, warning: str) -> "Row":
        """That of a film with its result."""
        from lightdiar.representation.bechdel import bechdel_by_ear

        counts = result.counts()
        low = high = math.nan
        if result.genders_known:
            low, high = bechdel_by_ear(result).share_interval
        return cls(
            film.name,
            film.path,
            film.columns,
            film.part,
            state,
            duration=round(float(result.duration), 3),
            speech=round(sum(segment.duration for segment in result.annotation.speech()), 3),
            womens_share=_share(result.female_share),
            share_low=_share(low),
            share_high=_share(high),
            n_women=counts["F"],
            n_men=counts["M"],
            n_children=counts.get("child", 0),
            agreement=None if result.agreement is None else round(float(result.agreement), 4),
            speakers=_speakers(result),
            warning=warning,
        )

    def to_json(self) -> str:
        """The row as JSON."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, path: PathLike) -> "Row":
        """Read what `to_json` wrote.

        Raises
        ------
        FormatError
            If it is something else.
        """
        content = read_json(path, _LARGEST)
        try:
            state = content.pop("state")
            if set(content) | {"state"} != {each.name for each in fields(cls)}:
                raise ValueError
            return cls(state=None if state is None else State(**state), **content)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise FormatError(f"{path}: is not what `lightdiar corpus` wrote of a recording.") from None


def without_path(message: str, film: Film) -> str:
    """A message without the place of the file on this machine, which stands beside it."""
    return message.removeprefix(f"{film.file}: ").replace(film.file, film.path)


def _share(share):
    return None if math.isnan(share) else round(float(share), 4)


def _speakers(result):
    """A row of the table of speakers for each of a result, as its JSON has them."""
    first: dict[str, float] = {}
    last: dict[str, float] = {}
    for turn in result.turns:
        first.setdefault(turn.speaker, round(turn.start, 3))
        last[turn.speaker] = max(last.get(turn.speaker, 0.0), round(turn.end, 3))
    found = []
    for speaker in json.loads(result.to_json())["speakers"]:
        name = speaker["speaker"]
        found.append({key: speaker[key] for key in SPEAKER[:-2]} | {"first": first[name], "last": last[name]})
    return found
