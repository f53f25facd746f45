"""Turns from one text format to another, and results from and to all of them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from lightdiar.common.files import PathLike, write_text
from lightdiar.errors import FormatError
from lightdiar.io import eaf, subtitles, textgrid
from lightdiar.io.formats import FORMATS, files_of_corpus, format_of, holds_events
from lightdiar.io.lab import read_audacity
from lightdiar.io.lines import milliseconds, name_after
from lightdiar.io.rttm import read_rttm
from lightdiar.io.turn_table import read_turn_table
from lightdiar.systems.result import P_FEMALE, Diarization, Speaker
from lightdiar.timeline import Annotation, check_annotation

_READERS = {"rttm": read_rttm, "srt": subtitles.read_srt, "vtt": subtitles.read_vtt, "audacity": read_audacity}
_TIER_READERS = {"textgrid": textgrid.read_textgrid, "eaf": eaf.read_eaf}


def read_turns(path: PathLike, *, tiers: Collection[str] | None = None) -> dict[str, Annotation]:
    """Read who speaks when from RTTM, JSON, CSV, SRT, WebVTT, TextGrid, EAF or Audacity's labels.

    Parameters
    ----------
    path : str or Path
        Its ending says what it is: .rttm, .json, .csv, .srt, .vtt, .TextGrid, .eaf or .txt.
    tiers : collection of str, optional
        Of a TextGrid or EAF: the tiers that are speakers. By default all tiers of intervals of a TextGrid, and all
        without a parent of an EAF.

    Returns
    -------
    annotations : dict of str to Annotation
        By recording; where the file does not name it, by the name of the file without its ending. If nobody speaks
        there is one without turns.

    Raises
    ------
    FormatError
        If the file breaks its format, as ``path:line: reason: text``.
    ValueError
        If the ending is none of these, or `tiers` are asked of a format without tiers.
    """
    return {name: result.annotation for name, result in read_recordings(path, tiers=tiers).items()}


def write_turns(path: PathLike, annotations: Annotation | Iterable[Annotation]) -> None:
    """Write an Annotation, or one for each of several recordings, in the format that the ending of the path says.

    Times are rounded to milliseconds, and turns of 0 ms left out.

    Raises
    ------
    ValueError
        If the ending is none of those of `read_turns`, the format cannot hold a name, or not several recordings.
    """
    several = [annotations] if isinstance(annotations, Annotation) else annotations
    write_text(path, results_text([result_of(annotation) for annotation in several], format_of(path).name))


def read_recordings(path: PathLike, *, tiers: Collection[str] | None = None) -> dict[str, Diarization]:
    """Read a file as `read_turns` does, with all that it says of speakers: JSON all, CSV their genders."""
    name = format_of(path).name
    if tiers is not None and name not in _TIER_READERS:
        raise ValueError(f"{path}: only .TextGrid and .eaf have tiers; leave them out.")
    if name == "json":
        found = [Diarization.read_json(path)]
    elif name == "csv":
        found = [result_of(table.annotation, table.genders) for table in read_turn_table(path).values()]
    else:
        read = _TIER_READERS[name](path, tiers) if name in _TIER_READERS else _READERS[name](path)
        found = [result_of(annotation) for annotation in read.values()]
    named = [_named(result, name_after(path)) for result in found or [result_of(Annotation())]]  # or nobody speaks
    return {result.annotation.recording: result for result in named}


def says_more(path: PathLike, *, tiers: Collection[str] | None = None) -> bool:
    """Whether a file that `read_recordings` reads also holds texts, such as what is said, which no result keeps."""
    name = format_of(path).name
    if name in _TIER_READERS:
        return {"textgrid": textgrid, "eaf": eaf}[name].says_more(path, tiers)
    return name in ("srt", "vtt") and subtitles.says_more(path)


def result_files(path: Path) -> list[Path]:
    """The file itself or, of a folder, all ``.json`` in it, by name, but none of sound events (``.events.json``).

    A folder of `lightdiar corpus` has a folder for each recording.

    Raises
    ------
    FormatError
        If a folder has no such file in it.
    """
    if not path.is_dir():
        return [path]
    files = files_of_corpus(path, ".json")
    if files is None:
        files = sorted(file for file in path.glob("*.json") if not holds_events(file))
    if not files:
        raise FormatError(f"{path}: has no results; make them with `lightdiar diarize FILE... --out {path}`.")
    return files


def results_text(results: Collection[Diarization], name: str) -> str:
    """Results as one text in a format.

    Parameters
    ----------
    results : collection of Diarization
    name : str
        One of `lightdiar.io.formats.FORMATS`.

    Raises
    ------
    ValueError
        If the format cannot hold several recordings, and there is not just one; or cannot hold a name.
    """
    form = FORMATS[name]
    if len(results) != 1 and not form.holds_several:
        raise ValueError(f"{name} holds one recording, not {len(results)}; write a file for each, or use rttm or csv.")
    texts = [getattr(result, f"to_{name}")() for result in results]
    return "".join(form.continued(text) if number else text for number, text in enumerate(texts))


def result_of(annotation: Annotation, genders: Mapping[str, str] | None = None) -> Diarization:
    """A result of which only the turns are known, and genders where they are given; it ends with the last turn."""
    check_annotation(annotation)
    turns = [turn for turn in annotation if len(set(milliseconds(turn))) == 2]  # as all formats hold them
    seconds, genders = Annotation(turns).seconds(), genders or {}
    speakers = [
        Speaker(name, own, P_FEMALE.get(genders.get(name, ""), 0.5), float(genders.get(name) == "child"))
        for name, own in seconds.items()
    ]
    return Diarization(Annotation(turns, annotation.recording), speakers, max((t.end for t in turns), default=0.0))


def _named(result, name):
    """The result; its recording has this name if it has none."""
    annotation = result.annotation
    return result if annotation.recording else replace(result, annotation=replace(annotation, recording=name))
