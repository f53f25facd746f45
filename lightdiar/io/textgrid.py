"""TextGrid: tiers of intervals, the format of Praat [1]_.

Each tier is a speaker, and each interval with a text is a turn, whatever the text. Read is Praat's text format, long or
short: a sequence of numbers, texts in quotes and flags in <>, whatever stands between them.

References
----------
.. [1] Boersma and Weenink, "Praat: doing phonetics by computer", manual, "TextGrid file formats".
"""

import re
from collections.abc import Collection

from lightdiar.common.files import PathLike
from lightdiar.common.tables import printable, shortened
from lightdiar.errors import FormatError
from lightdiar.io.lines import listed, name_after, number_of, segment_of, text_of
from lightdiar.io.turns import tiers, written_turns
from lightdiar.timeline import Annotation, Turn

_TOKEN = re.compile(
    r'"(?P<text>[^"]*(?:""[^"]*)*)"|(?<!\S)(?P<flag><[^<>\s]*>)(?!\S)|(?<!\S)(?P<number>[-+]?\d[\d.eE+-]*)(?!\S)|![^\n]*'
)
_HEAD = re.compile(r'\s*(?:File type\s*=\s*)?"ooTextFile[^"]*"\s*(?:Object class\s*=\s*)?"TextGrid[^"]*"')
_NOBODY = "nobody"  # Praat wants a tier


def textgrid_text(annotation: Annotation, duration: float = 0.0) -> str:
    """Format an Annotation as a TextGrid in Praat's long text format.

    Parameters
    ----------
    annotation : Annotation
        Each speaker is a tier, or several of one name where their own turns overlap. The text of a turn is the name.
    duration : float, default=0.0
        Length of the recording in seconds, which every tier covers; at least to the end of the last turn.

    Raises
    ------
    ValueError
        If a name cannot stand on a line.
    """
    turns = written_turns(annotation, "TextGrid")
    last = max([1, round(1000 * duration), *(end for _, end, _ in turns)])
    of = tiers(turns) or [(_NOBODY, [])]
    head = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        *_times(0, last, ""),
        "tiers? <exists> ",
        f"size = {len(of)} ",
        "item []: ",
    ]
    lines = [line for number, tier in enumerate(of, 1) for line in _tier(number, *tier, last)]
    return "\n".join([*head, *lines, ""])


def read_textgrid(path: PathLike, tiers: Collection[str] | None = None) -> dict[str, Annotation]:
    """Read who speaks when from a TextGrid.

    Parameters
    ----------
    path : str or Path
        In Praat's text format, long or short; UTF-8 or UTF-16.
    tiers : collection of str, optional
        Names of the tiers that are speakers; by default all that hold intervals.

    Returns
    -------
    annotations : dict of str to Annotation
        One, by the name of the file without its ending. Intervals whose text is blank are pauses.

    Raises
    ------
    FormatError
        If it is no such TextGrid, holds more or less than it announces, no tier holds intervals, or one of the `tiers`
        is not there.
    """
    found = _read_tiers(path)
    of = [(name, [turn for turn, _ in intervals]) for name, intervals in found if intervals is not None]
    if not of:
        there = f"only points: {listed(name for name, _ in found)}" if found else "no tier"
        raise FormatError(f"{path}:1: a tier of intervals is needed for each speaker; there is {printable(there)}")
    names = [name for name, _ in of]
    wanted = names if tiers is None else tiers
    if missing := [name for name in wanted if name not in names]:
        there = printable(f"no tier of intervals is called {listed(missing)}; there is {listed(names)}")
        raise FormatError(f"{path}:1: {there}")
    recording = name_after(path)
    return {recording: Annotation((turn for name, turns in of if name in wanted for turn in turns), recording)}


def says_more(path: PathLike, tiers: Collection[str] | None = None) -> bool:
    """Whether the intervals of a TextGrid hold other texts than the names of their tiers: what is said."""
    of = [
        (name, intervals or []) for name, intervals in _read_tiers(path, tell=False) if tiers is None or name in tiers
    ]
    return any(text != name for name, intervals in of for _, text in intervals)


class _Tokens:
    """The texts, flags and numbers of a file, one after the other."""

    def __init__(self, path, tell):
        self.path, self.content, self.place = path, text_of(path, tell=tell), 0
        head = _HEAD.match(self.content)
        if not head:
            raise self.error(
                'no TextGrid, whose file type is "ooTextFile" and class "TextGrid"; save it as text in Praat'
            )
        self.found = (found for found in _TOKEN.finditer(self.content, head.end()) if found.lastgroup)

    def take(self, kind):
        """The next one, which is of this kind."""
        found = next(self.found, None)
        self.place = found.start() if found else len(self.content)
        if found is None or found.lastgroup != kind:
            raise self.error(f"a {kind} is missing here")
        return found[kind].replace('""', '"')

    def count(self):
        number = self.take("number")
        if not number.isdecimal():
            raise self.error("a whole number is missing here")
        return int(number[:10])

    def end(self):
        """Refuse what follows when all that was announced has been read."""
        if found := next(self.found, None):
            self.place = found.start()
            raise self.error("more follows than the sizes of the file and of its tiers announce; correct them")

    def error(self, reason):
        number = self.content.count("\n", 0, self.place) + 1
        line = self.content[self.place :].partition("\n")[0]
        return FormatError(f"{self.path}:{number}: {printable(f'{reason}: {shortened(line)}')}")


def _read_tiers(path, tell=True):
    """Name of each tier, and the turn and text of each of its intervals that has both; None if it holds points."""
    tokens = _Tokens(path, tell)
    tokens.take("number"), tokens.take("number")
    n_tiers = tokens.count() if tokens.take("flag") == "<exists>" else 0
    found = [_read_tier(tokens, number) for number in range(1, n_tiers + 1)]
    tokens.end()
    return found


def _read_tier(tokens, number):
    kind, name = tokens.take("text"), tokens.take("text").strip() or f"tier {number}"
    tokens.take("number"), tokens.take("number")
    if kind == "TextTier":
        for _ in range(tokens.count()):
            tokens.take("number"), tokens.take("text")
        return name, None
    if kind != "IntervalTier":
        raise tokens.error(f"a tier is an IntervalTier or a TextTier, not {shortened(kind, 50)}")
    return name, [interval for _ in range(tokens.count()) if (interval := _read_interval(tokens, name))]


def _read_interval(tokens, name):
    """The turn and the text, or None if the interval has no text or no length."""
    start, end = tokens.take("number"), tokens.take("number")
    try:
        segment = segment_of(number_of(start), number_of(end))
    except ValueError as error:
        raise tokens.error(str(error)) from None
    text = tokens.take("text").strip()
    return (Turn(segment.start, segment.end, name), text) if text and segment else None


def _tier(number, name, spans, last):
    """The lines of a tier, with pauses before, between and after its turns."""
    edges = [0, *(edge for span in spans for edge in span), last]
    pauses = zip(edges[::2], edges[1::2])
    parts = [(*pause, "") for pause in pauses if pause[0] < pause[1]] + [(*span, name) for span in spans]
    lines = [
        f"    item [{number}]:",
        '        class = "IntervalTier" ',
        f"        name = {_quoted(name)} ",
        *_times(0, last, "        "),
        f"        intervals: size = {len(parts)} ",
    ]
    for place, (start, end, text) in enumerate(sorted(parts), 1):
        lines.append(f"        intervals [{place}]:")
        lines += [*_times(start, end, " " * 12), f"            text = {_quoted(text)} "]
    return lines


def _times(start, end, indent):
    return f"{indent}xmin = {start / 1000:.3f} ", f"{indent}xmax = {end / 1000:.3f} "


def _quoted(text):
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
