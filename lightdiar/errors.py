"""What can go wrong, named: every error of lightdiar about a file is a LightdiarError and a ValueError."""


class LightdiarError(Exception):
    """Base of all errors that lightdiar raises about files, sound and models."""


class FormatError(LightdiarError, ValueError):
    """A text file breaks its format; the message reads `path:line: reason: text`."""


class AudioError(LightdiarError, ValueError):
    """A file cannot be read as sound."""


class ModelError(LightdiarError, ValueError):
    """A model file is refused: damaged, of another version, or not a model."""


class DoubtfulResultWarning(UserWarning):
    """The result stands on thin ice (very little speech, for instance); the message says why."""
