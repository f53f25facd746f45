"""What one visit to the page knows: recordings with their results, and people by their voices. All of it is forgotten.

Jobs run in the thread of `lightdiar.page.work`, everything else where requests are answered; whoever looks at the
people or changes them holds the lock.
"""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import count
from pathlib import Path
from typing import Any

from lightdiar.io.audio import duration, write
from lightdiar.io.lines import name_of as name_in_files
from lightdiar.page.answers import describe_identification, describe_recording, describe_verification
from lightdiar.page.corrections import Correction, corrected, typed_name
from lightdiar.page.saving import files_of, sound_in_report
from lightdiar.page.work import Job, Work
from lightdiar.recognition.people import check_name
from lightdiar.recognition.voices import Voices
from lightdiar.report.sound import Sound
from lightdiar.systems.diarizer import Diarizer
from lightdiar.systems.result import Diarization
from lightdiar.timeline import Annotation

_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
_HEARD = 0.9  # of the work of a recording is to hear it, the rest to tell the voices apart; a bar need not know better


@dataclass(eq=False)
class Recording:
    """A recording, what was found in it, and what somebody corrected."""

    number: int
    title: str
    sound: Path
    found: Diarization
    notes: list[str]
    corrections: dict[str, Correction] = field(default_factory=dict)

    @property
    def result(self) -> Diarization:
        """What was found, with the corrections."""
        return corrected(self.found, self.corrections)

    def to_dict(self) -> dict[str, Any]:
        """What the page shows of it."""
        return describe_recording(self.number, self.title, self.found, self.result, self.corrections, self.notes)

    def files(self, language: str) -> dict[str, dict[str, str]]:
        """What can be saved of it."""
        return files_of(self.result, self._sound_in_report, language)

    @cached_property
    def _sound_in_report(self) -> Sound:
        return sound_in_report(self.sound, self.found.duration)


class Session:
    """One visit.

    Parameters
    ----------
    folder : Path
        Private; what is in it belongs to the session.
    work : Work
    """

    def __init__(self, folder: Path, work: Work) -> None:
        self.folder, self.work = folder, work
        self.recordings: dict[int, Recording] = {}
        self._voices: Voices | None = None
        self._lock = threading.Lock()
        self._numbers = count(1)

    def new_file(self, name: str) -> Path:
        """A path for a file that was called `name`, of which only a plain ending is kept."""
        suffix = Path(name).suffix.lower()
        return self.folder / f"{next(self._numbers)}{suffix if _SUFFIX.fullmatch(suffix) else ''}"

    def warm_up(self) -> None:
        """Load models and libraries while nobody waits, by listening to two synthetic voices."""
        from lightdiar.training.synthesis import VOICES, synthesize_conversation

        def listen(_job):
            sound, _, _ = synthesize_conversation({name: VOICES[name] for name in ("Adam", "Clara")}, n_turns=6)
            path = self.new_file("warm.wav")
            try:
                write(path, sound)
                return Recording(0, "", path, Diarizer().predict(path), []).to_dict()
            finally:
                _remove(path)

        self.work.start(listen)

    def diarize(self, path: Path, title: str, num_speakers: int | None = None) -> Job:
        """Find who speaks when in a sound, which is the session's from now on."""

        def listen(job: Job) -> dict[str, Any]:
            try:
                with _by_title(path, title, job.notes):
                    found = self._diarize(path, job, num_speakers)
            except BaseException:
                _remove(path)
                raise
            turns = Annotation(found.turns, name_in_files(Path(title).stem) or "recording")
            recording = Recording(int(path.stem), title, path, replace(found, annotation=turns), job.notes)
            self.recordings[recording.number] = recording
            return recording.to_dict()

        return self.work.start(listen, partial(_remove, path))

    def _diarize(self, path, job, num_speakers):
        length = duration(path)

        def progress(seconds):
            job.progress(_HEARD * min(1.0, seconds / length) if length else None)

        found = Diarizer(num_speakers=num_speakers).predict(path, progress=progress)
        with self._lock:
            named = self._voices.name_speakers(found) if self._voices and found.speakers else found
        job.progress(1.0)
        return named

    def correct(self, recording: Recording, changes: Mapping[str, Correction]) -> None:
        """Set names and genders of speakers, by the names that they had when they were found.

        Raises
        ------
        ValueError
            If a name is impossible, or nobody is called so.
        """
        names = {speaker.name for speaker in recording.found.speakers}
        if not changes.keys() <= names:
            raise ValueError(f"no speaker {', '.join(sorted(changes.keys() - names))} was found.")
        checked = {
            speaker: replace(change, name=change.name if change.name in names else typed_name(change.name))
            for speaker, change in changes.items()
        }
        recording.corrections = {**recording.corrections, **checked}  # anew: another thread may be reading it

    def forget(self, recording: Recording) -> None:
        """Forget a recording and remove its sound."""
        del self.recordings[recording.number]
        _remove(recording.sound)
        self.work.drop_ended()

    def enrol(self, path: Path, title: str, name: str) -> Job:
        """Learn the voice of a person; the sound is removed."""
        try:
            name = check_name(" ".join(name.split()))
        except ValueError:
            _remove(path)
            raise

        def listen(job: Job) -> dict[str, Any]:
            try:
                with _by_title(path, title, job.notes), self._lock:
                    voices = self._voices or Voices()
                    voices.add(name, path)
                    self._voices = voices
            finally:
                _remove(path)
            return self.people()

        return self.work.start(listen, partial(_remove, path))

    def ask(self, path: Path, title: str, name: str | None = None) -> Job:
        """Ask whose voice it is, or whether it is that of a person; the sound is removed."""

        def listen(job: Job) -> dict[str, Any]:
            try:
                with _by_title(path, title, job.notes), self._lock:
                    voices = self._known_voices()
                    if name is None:
                        return describe_identification(voices.identify(path))
                    return describe_verification(voices.verify(name, path))
            finally:
                _remove(path)

        return self.work.start(listen, partial(_remove, path))

    def people(self) -> dict[str, Any]:
        """Who is enrolled."""
        with self._lock:
            voices = self._voices
            return {"people": [{"name": name, "seconds": voices.seconds(name)} for name in voices] if voices else []}

    def remove_person(self, name: str) -> dict[str, Any]:
        """Forget a person."""
        with self._lock:
            voices = self._known_voices()
            voices.remove(name)
            if not len(voices):
                self._voices = None
        self.work.drop_ended()
        return self.people()

    def load_voices(self, path: Path, title: str) -> dict[str, Any]:
        """Take the people of a file in place of those who are there, and note what is doubtful; the file is removed."""
        notes: list[str] = []
        try:
            with self.work.noting(notes), _by_title(path, title, notes):
                loaded = Voices.load(path)
        finally:
            _remove(path)
        with self._lock:
            self._voices = loaded
        self.work.drop_ended()
        return {**self.people(), "notes": notes}

    def voices_file(self) -> bytes:
        """The file of voices."""
        path = self.new_file("class.voices")
        try:
            with self._lock:
                self._known_voices().save(path)
            return path.read_bytes()
        finally:
            _remove(path)

    def _known_voices(self):
        if self._voices is None:
            raise ValueError("nobody is enrolled; enrol people first.")
        return self._voices


@contextmanager
def _by_title(path: Path, title: str, notes: list[str]) -> Iterator[None]:
    """Say the name that the user knows, not that of our file, in errors and notes."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise ValueError(str(error).replace(str(path), title)) from None
    finally:
        notes[:] = [note.replace(str(path), title) for note in notes]


def _remove(path):
    with suppress(PermissionError):  # on Windows, while it is played; it goes with the folder
        path.unlink(missing_ok=True)
