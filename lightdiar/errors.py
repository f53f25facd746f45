"""Exceptions and warnings: every error about a file is both a LightdiarError and a ValueError."""


class LightdiarError(Exception):
    """Base class of the errors that lightdiar raises about files, audio and models."""


class FormatError(LightdiarError, ValueError):
    """A text file violates its format; the message reads `path:line: reason: text`."""


class SpeakerNameError(LightdiarError, ValueError):
    """A text format cannot hold a speaker's name; `reason` says why, the message also what to do about it in Python.

    `character` is the one that it cannot hold, if that is why.
    """

    def __init__(self, reason: str, character: str = "") -> None:
        super().__init__(reason, character)
        self.reason, self.character = reason, character

    def __str__(self) -> str:
        return f"{self.reason} Rename the speaker with annotation.relabel({{old: new}})."


class AudioError(LightdiarError, ValueError):
    """Audio is unusable: the file cannot be read, or its samples or sample rate are invalid."""


class ModelError(LightdiarError, ValueError):
    """A model file is rejected: it is damaged, from another version, or not a model."""


class DoubtfulResultWarning(UserWarning):
    """The result is unreliable (because of very little speech, for instance); the message says why."""


class LeftOutWarning(DoubtfulResultWarning):
    """A file or a person could not be used and is left out; the others are done."""
