"""Tables of turns in CSV: recording, start, end, speaker and gender, as a spreadsheet opens and saves them."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from lightdiar.common.files import PathLike
from lightdiar.common.tables import disarmed, printable, rearmed, shortened
from lightdiar.errors import FormatError
from lightdiar.io.genders import GENDERS
from lightdiar.io.lines import name_after, number_of, segment_of, text_of, usual_form
from lightdiar.io.turns import written_turns
from lightdiar.timeline import Annotation, Turn

COLUMNS = ("recording", "start", "end", "speaker", "gender")
_NEEDED = "the header needs the columns start, end and speaker, and may have recording and gender"


@dataclass(frozen=True)
class TurnTable:
    """The turns of a recording, and the genders of its speakers as far as the table tells them."""

    annotation: Annotation
    genders: Mapping[str, str] = field(default_factory=dict)


def turn_table_text(annotation: Annotation, genders: Mapping[str, str] | None = None) -> str:
    """Format an Annotation as CSV, a row for each turn.

    No spreadsheet takes a name for a formula: see `lightdiar.common.tables.disarmed`.

    Parameters
    ----------
    annotation : Annotation
    genders : dict of str to str, optional
        Gender of each speaker; the others have an empty cell.

    Raises
    ------
    ValueError
        If a name cannot stand on a line.

    Examples
    --------
    >>> print(turn_table_text(Annotation([Turn(0.5, 2, "=1+1")], "news"), {"=1+1": "F"}), end="")
    recording,start,end,speaker,gender
    news,0.500,2.000,'=1+1,F
    """
    of = {usual_form(speaker): gender for speaker, gender in (genders or {}).items()}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for start, end, name in written_turns(annotation, "CSV"):
        recording = disarmed(annotation.recording)
        writer.writerow([recording, f"{start / 1000:.3f}", f"{end / 1000:.3f}", disarmed(name), of.get(name, "")])
    return text.getvalue()


def read_turn_table(path: PathLike) -> dict[str, TurnTable]:
    """Read turns and genders from CSV.

    Parameters
    ----------
    path : str or Path
        Separated by commas, semicolons or tabs; times have a decimal point, or with the latter two a comma. Other
        columns than those of `turn_table_text` are left out.

    Returns
    -------
    tables : dict of str to TurnTable
        By recording, in order of first appearance; one whose cell is empty has the name of the file.

    Raises
    ------
    FormatError
        If a column is missing or there twice, a time is invalid, a name is empty, or a speaker has two genders.
    """
    turns: dict[str, list[Turn]] = {}
    genders: dict[str, dict[str, str]] = {}
    for number, row in _rows(path):
        try:
            recording = row.get("recording") or name_after(path)
            own = turns.setdefault(recording, [])
            start, end = number_of(row["start"]), number_of(row["end"])
            if not row["speaker"]:
                raise ValueError("the speaker's name is empty")
            if segment := segment_of(start, end):
                own.append(Turn(segment.start, segment.end, row["speaker"]))
                _note_gender(genders.setdefault(recording, {}), row["speaker"], row.get("gender", ""))
        except ValueError as error:
            cells = shortened(",".join(row.values()))
            raise FormatError(f"{path}:{number}: {printable(f'{error}: {cells}')}") from None
    return {name: TurnTable(Annotation(own, name), genders.get(name, {})) for name, own in turns.items()}


def _rows(path):
    """Number of the line and cells by column of each row."""
    text = text_of(path)
    first = text.lstrip("\n").partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    header = None
    try:
        for cells in reader:
            cells = [rearmed(cell.strip()) for cell in cells]
            if not any(cells):
                continue
            if header is None:
                header = [cell.lower() for cell in cells]
                twice = next((name for name in COLUMNS if header.count(name) > 1), None)
                if twice or not {"start", "end", "speaker"} <= set(header):
                    reason = f"the header names the column {twice} twice" if twice else _NEEDED
                    raise FormatError(f"{path}:{reader.line_num}: {reason}: {printable(shortened(first))}")
                continue
            if len(cells) != len(header):
                reason = f"the header has {len(header)} columns, this line {len(cells)}"
                raise FormatError(f"{path}:{reader.line_num}: {reason}: {printable(shortened(separator.join(cells)))}")
            row = dict(zip(header, cells))
            if separator != ",":
                row |= {name: row[name].replace(",", ".") for name in ("start", "end")}
            yield reader.line_num, row
    except csv.Error as error:
        raise FormatError(f"{path}:{reader.line_num}: not CSV that can be read: {error}") from None
    if header is None:
        raise FormatError(f"{path}:1: {_NEEDED}: (empty file)")


def _note_gender(genders, speaker, gender):
    """Remember the gender of a speaker, if the table tells it; ValueError if it told another one before."""
    if gender and gender not in GENDERS:
        raise ValueError(f"gender must be one of {', '.join(GENDERS)}")
    if gender and genders.setdefault(speaker, gender) != gender:
        raise ValueError(f"the gender of {shortened(speaker, 100)} was {genders[speaker]} before")
