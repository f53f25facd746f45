"""A result in every format that it can be saved in."""

from pathlib import Path

from lightdiar.errors import SpeakerNameError
from lightdiar.io.formats import FORMATS
from lightdiar.page.words import texts
from lightdiar.report.recording import recording_report
from lightdiar.report.sound import LONGEST_EMBEDDED, Sound, embedded
from lightdiar.systems.result import Diarization


def sound_in_report(path: Path, duration: float) -> Sound:
    """A short sound as it goes into its report; a saved report does not know where a long one is."""
    return embedded(path) if duration <= LONGEST_EMBEDDED else Sound()


def files_of(result: Diarization, sound: Sound, language: str) -> dict[str, dict[str, str]]:
    """Label, name and text of each file, by format: a report to read, and all formats of turns.

    In place of the text stands the "problem" of a format that cannot hold a name.
    """
    name, words = result.annotation.recording, texts(language)
    report = recording_report(result, language=language, sound=sound)
    files = {"html": {"label": words["report"], "name": f"{name}.html", "text": report}}
    for kind, form in FORMATS.items():
        files[kind] = {"label": form.label, "name": f"{name}{form.suffix}"}
        try:
            files[kind]["text"] = getattr(result, f"to_{kind}")()
        except SpeakerNameError as error:
            files[kind]["problem"] = _refusal(form.label, error.character, words)
    return files


def _refusal(label, sign, words):
    """What somebody can do on the page if a format cannot hold a name, for the sign in it if that is why."""
    if sign:
        return words["refused_sign"].format(format=label, sign=sign)
    return words["refused_name"].format(format=label)
