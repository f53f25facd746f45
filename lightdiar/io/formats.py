"""The text formats of turns, and of sound events: their names, and the endings of their files."""

from dataclasses import dataclass
from pathlib import Path

from lightdiar.common.files import PathLike
from lightdiar.common.tables import shortened


@dataclass(frozen=True)
class Format:
    """A text format of turns.

    Parameters
    ----------
    name : str
        As in `Diarization.to_NAME` and ``--format``.
    suffix : str
        Ending of its files, in any case.
    label : str
        What people know it by.
    holds_several : bool, default=False
        Whether one file can hold several recordings.
    has_header : bool, default=False
        Whether the first line of a file says what is in the others.
    """

    name: str
    suffix: str
    label: str
    holds_several: bool = False
    has_header: bool = False

    def continued(self, text: str) -> str:
        """The text of a recording as it goes on in a file that begins with another: a header is there once."""
        return text.partition("\n")[2] if self.has_header else text


FORMATS = {
    form.name: form
    for form in (
        Format("rttm", ".rttm", "RTTM", holds_several=True),
        Format("json", ".json", "JSON"),
        Format("csv", ".csv", "CSV", holds_several=True, has_header=True),
        Format("srt", ".srt", "SRT"),
        Format("vtt", ".vtt", "WebVTT"),
        Format("textgrid", ".TextGrid", "Praat TextGrid"),
        Format("eaf", ".eaf", "ELAN"),
        Format("audacity", ".txt", "Audacity"),
    )
}
EVENT_SUFFIXES = {  # of the sound events of a recording, which may lie beside its turns
    "dcase": ".events.txt",
    "csv": ".events.csv",
    "textgrid": ".events.TextGrid",
    "audacity": ".audacity.txt",
    "json": ".events.json",
}


def format_of(path: PathLike) -> Format:
    """The format of a file by its ending.

    Raises
    ------
    ValueError
        If no format has it.
    """
    suffix = Path(path).suffix.lower()
    found = next((form for form in FORMATS.values() if form.suffix.lower() == suffix), None)
    if not found:
        endings = ", ".join(form.suffix for form in FORMATS.values())
        has = f"the ending {shortened(suffix, 50)}" if suffix else "no ending"
        raise ValueError(f"{path}: has {has}; turns are in files that end in {endings}.")
    return found


def find_turns(folder: Path, stem: str | None = None) -> list[Path]:
    """The files of turns in a folder, sorted: RTTM if there is any, otherwise those of all formats but .txt.

    Files of sound events (`EVENT_SUFFIXES`) are left out. Of a folder that `lightdiar corpus` made, it is the RTTM of
    each recording.

    Parameters
    ----------
    folder : Path
    stem : str, optional
        Only files of this name, without its ending.
    """
    if (of_corpus := files_of_corpus(folder, ".rttm")) is not None:
        return [path for path in of_corpus if stem in (None, path.stem)]
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and stem in (None, path.stem)]
    files = [path for path in files if not holds_events(path)]
    sure = {form.suffix.lower() for form in FORMATS.values()} - {".txt"}  # many other things are .txt
    return [path for path in files if path.suffix.lower() == ".rttm"] or [
        path for path in files if path.suffix.lower() in sure
    ]


def files_of_corpus(folder: Path, suffix: str) -> list[Path] | None:
    """The file of each recording with this ending in a folder that `lightdiar corpus` made; None of another folder."""
    if not ((folder / "run.json").is_file() and (folder / "recordings").is_dir()):
        return None
    return sorted(path for path in folder.glob(f"recordings/*/*{suffix}") if path.stem == path.parent.name)


def holds_events(path: Path) -> bool:
    """Whether the name of a file is one of `EVENT_SUFFIXES`, such as film.events.json."""
    return path.name.lower().endswith(tuple(suffix.lower() for suffix in EVENT_SUFFIXES.values()))
