"""EAF: annotations on tiers, the format of ELAN [1]_.

Each tier is a speaker: its PARTICIPANT, or else its TIER_ID. Tiers with a parent repeat or divide what the parent says,
and are not read unless they are asked for. The texts of annotations are not read.

References
----------
.. [1] Max Planck Institute for Psycholinguistics, "ELAN annotation format (EAF) schema, version 3.0", 2017.
"""

import re
import xml.parsers.expat as expat
from collections.abc import Collection
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from lightdiar.common.files import PathLike
from lightdiar.common.foreign import read_bytes
from lightdiar.common.tables import printable, shortened
from lightdiar.errors import FormatError
from lightdiar.io.lines import listed, name_after, segment_of, usual_form
from lightdiar.io.turns import tiers, written_turns
from lightdiar.timeline import Annotation, Turn

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="1970-01-01T00:00:00+00:00" FORMAT="3.0" VERSION="3.0" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"{}
"""  # the schema wants a date; ours says nothing, so that the same turns give the same bytes
_TYPE = '    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>\n'
_UNITS = {"milliseconds": 1000, "PAL-frames": 25, "PAL-50-frames": 50, "NTSC-frames": 30000 / 1001}  # in a second
_KINDS = {".wav": "audio/x-wav", ".mp4": "video/mp4", ".mov": "video/quicktime", ".mpg": "video/mpeg"}  # ELAN's words
_NOBODY = "default"  # ELAN wants a tier, and calls it so


def eaf_text(annotation: Annotation, recording: str = "") -> str:
    """Format an Annotation as EAF 3.0: a tier for each speaker, the text of a turn is the name.

    A speaker whose own turns overlap has several tiers, ``name``, ``name-2`` and so on, with one PARTICIPANT.

    Parameters
    ----------
    annotation : Annotation
    recording : str, default=""
        Name of the file of the sound or film, without folder: ELAN opens it if it lies beside the EAF.

    Raises
    ------
    ValueError
        If a name cannot stand on a line.
    """
    of = tiers(written_turns(annotation, "EAF")) or [(_NOBODY, [])]
    times = [time for _, spans in of for span in spans for time in span]
    order = sorted(range(len(times)), key=times.__getitem__)  # of the slots, as ELAN wants it
    slot_of = {place: number for number, place in enumerate(order, 1)}
    parts, n_written, taken = [], 0, {name for name, _ in of}
    for number, (name, spans) in enumerate(of):
        repeated = any(name == before for before, _ in of[:number])
        slots = [slot_of[place] for place in range(2 * n_written, 2 * (n_written + len(spans)))]
        parts.append(_tier(_free(name, taken) if repeated else name, name, n_written, slots))
        n_written += len(spans)
    lines = "".join(
        f'        <TIME_SLOT TIME_SLOT_ID="ts{number}" TIME_VALUE="{times[place]}"/>\n'
        for number, place in enumerate(order, 1)
    )
    head = _HEAD.format(_medium(recording) if recording else "/>")
    return f"{head}    <TIME_ORDER>\n{lines}    </TIME_ORDER>\n{''.join(parts)}{_TYPE}</ANNOTATION_DOCUMENT>\n"


def read_eaf(path: PathLike, tiers: Collection[str] | None = None) -> dict[str, Annotation]:
    """Read who speaks when from EAF.

    Parameters
    ----------
    path : str or Path
        XML without a DTD.
    tiers : collection of str, optional
        TIER_IDs of the tiers that are read, or speakers, whose tiers without a parent are read; by default all without
        a parent.

    Returns
    -------
    annotations : dict of str to Annotation
        One, by the name of the file without its ending. Every annotation with times is a turn, whatever its text.
        Times that are counted in frames of a film (TIME_UNITS) become seconds.

    Raises
    ------
    FormatError
        If it is not EAF, its unit of time is unknown, there is no tier, one of the `tiers` is not there, or an
        annotation has no times.
    """
    eaf = _Eaf(path)
    if not eaf.tiers:
        raise FormatError(f"{path}:1: a tier is needed for each speaker; there is none")
    names = {name for tier in eaf.tiers for name in tier.names()}
    if tiers is not None and (missing := [name for name in tiers if name not in names]):
        there = listed(tier.described() for tier in eaf.tiers)
        raise FormatError(f"{path}:1: {printable(f'no tier is called {listed(missing)}; there is {there}')}")
    read = [tier for tier in eaf.tiers if tier.is_wanted(tiers)]
    turns = [turn for tier in read for place in tier.places if (turn := eaf.turn(tier.speaker, *place))]
    recording = name_after(path)
    return {recording: Annotation(turns, recording)}


def says_more(path: PathLike, tiers: Collection[str] | None = None) -> bool:
    """Whether the annotations of an EAF hold other texts than the names of their speakers: what is said."""
    return any(tier.texts - {"", *tier.names()} for tier in _Eaf(path).tiers if tier.is_wanted(tiers))


class _Tier:
    """A tier: line and slots of each annotation with times, and the texts of all."""

    def __init__(self, attributes):
        self.name, self.is_child = attributes["TIER_ID"], "PARENT_REF" in attributes
        if not self.name:
            raise KeyError("TIER_ID")
        self.speaker = usual_form(attributes.get("PARTICIPANT", "").strip() or self.name)
        self.places: list[tuple[int, str, str]] = []
        self.texts: set[str] = set()

    def names(self):
        """By which it can be asked for."""
        return {self.name} if self.is_child else {self.name, self.speaker}

    def described(self):
        return self.name if self.names() == {self.name} else f"{self.name} ({self.speaker})"

    def is_wanted(self, tiers):
        return not self.is_child if tiers is None else not self.names().isdisjoint(tiers)


class _Eaf:
    """Time slots and tiers.

    A DTD is refused: a few bytes of entities can become gigabytes, or another file.
    """

    def __init__(self, path):
        self.path, self.units, self.slots, self.tiers = path, "milliseconds", {}, []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True  # a text comes whole, of up to buffer_size characters
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._check_root
        try:
            self.parser.Parse(read_bytes(path), True)
        except expat.ExpatError as error:
            reason = f"not XML that can be read: {expat.errors.messages[error.code]}"
            raise FormatError(f"{path}:{error.lineno}: {reason}") from None
        except FormatError:
            raise
        except (LookupError, ValueError) as error:  # of the encoding
            raise self._error(f"not XML that can be read: {error}") from None

    def turn(self, speaker, line, first, last):
        """The turn between two slots; None if it has no length."""
        try:
            segment = segment_of(self._seconds(first), self._seconds(last))
            return segment and Turn(segment.start, segment.end, speaker)
        except ValueError as error:
            raise FormatError(f"{self.path}:{line}: {printable(f'{error}: {shortened(speaker, 100)}')}") from None

    def _seconds(self, slot):
        if slot not in self.slots:
            raise ValueError(f"time slot {shortened(slot, 100)} has no time; align the annotation in ELAN")
        value = self.slots[slot]
        if not re.fullmatch(r"\d{1,15}", value, re.ASCII):
            raise ValueError(f"a time is a whole number of {self.units}, not {shortened(value, 100)}")
        return int(value) / _UNITS[self.units]

    def _check_root(self, name, _attributes):
        if name != "ANNOTATION_DOCUMENT":
            raise self._error(f"EAF begins with ANNOTATION_DOCUMENT, not {shortened(name, 100)}")
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._take, self._leave

    def _take(self, name, attributes):
        try:
            if name == "HEADER":
                self.units = attributes.get("TIME_UNITS", self.units)
                if self.units not in _UNITS:
                    raise self._error(f"TIME_UNITS must be one of {listed(_UNITS)}, not {shortened(self.units, 100)}")
            elif name == "TIME_SLOT" and "TIME_VALUE" in attributes:
                self.slots[attributes["TIME_SLOT_ID"]] = attributes["TIME_VALUE"]
            elif name == "TIER":
                self.tiers.append(_Tier(attributes))
            elif name == "ALIGNABLE_ANNOTATION" and self.tiers:
                slots = attributes["TIME_SLOT_REF1"], attributes["TIME_SLOT_REF2"]
                self.tiers[-1].places.append((self.parser.CurrentLineNumber, *slots))
            elif name == "ANNOTATION_VALUE" and self.tiers:
                self.parser.CharacterDataHandler = self._note
        except KeyError as error:
            raise self._error(f"{name} lacks {error.args[0]}") from None

    def _note(self, text):
        self.tiers[-1].texts.add(usual_form(text.strip()))

    def _leave(self, _name):
        self.parser.CharacterDataHandler = None

    def _refuse(self, *_):
        raise self._error("a DTD is not read, since it can do harm; save the file in ELAN again")

    def _error(self, reason):
        return FormatError(f"{self.path}:{self.parser.CurrentLineNumber}: {printable(reason)}")


def _medium(recording):
    """The end of the header, which says where the sound is."""
    url = quoteattr(printable(f"./{recording}"))
    kind = _KINDS.get(f".{recording.lower().rpartition('.')[2]}", "unknown")
    descriptor = f'<MEDIA_DESCRIPTOR MEDIA_URL={url} MIME_TYPE="{kind}" RELATIVE_MEDIA_URL={url}/>'
    return f">\n        {descriptor}\n    </HEADER>"


def _tier(tier_id, speaker, n_before, slots):
    """A tier of turns, whose slots alternate between start and end; so many annotations stand before it."""
    annotations = "".join(
        f"""\
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number}" TIME_SLOT_REF1="ts{first}" TIME_SLOT_REF2="ts{last}">
                <ANNOTATION_VALUE>{escape(speaker)}</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
"""
        for number, (first, last) in enumerate(zip(slots[::2], slots[1::2]), n_before + 1)
    )
    attributes = f"PARTICIPANT={quoteattr(speaker)} TIER_ID={quoteattr(tier_id)}"
    return f'    <TIER LINGUISTIC_TYPE_REF="default-lt" {attributes}>\n{annotations}    </TIER>\n'


def _free(name, taken):
    """A name of a further tier that no other has, which is taken from now on."""
    free = next(free for number in count(2) if (free := f"{name}-{number}") not in taken)
    taken.add(free)
    return free
