"""A result in every format that it can be saved in."""

from lightdiar.io.formats import FORMATS
from lightdiar.page.words import texts
from lightdiar.report.recording import recording_report
from lightdiar.systems.result import Diarization

_LABELS = {  # what people know the formats by
    "rttm": "RTTM",
    "json": "JSON",
    "csv": "CSV",
    "srt": "SRT",
    "vtt": "WebVTT",
    "textgrid": "Praat TextGrid",
    "eaf": "ELAN",
    "audacity": "Audacity",
}


def files_of(result: Diarization, language: str) -> dict[str, dict[str, str]]:
    """Label, name and text of each file, by format: a report to read, and all formats of turns.

    In place of the text stands the "problem" of a format that cannot hold a name.
    """
    name = result.annotation.recording
    report = recording_report(result, language=language)
    files = {"html": {"label": texts(language)["report"], "name": f"{name}.html", "text": report}}
    for kind, form in FORMATS.items():
        files[kind] = {"label": _LABELS[kind], "name": f"{name}{form.suffix}"}
        try:
            files[kind]["text"] = getattr(result, f"to_{kind}")()
        except ValueError as error:
            files[kind]["problem"] = str(error)
    return files
