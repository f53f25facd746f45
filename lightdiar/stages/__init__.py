"""The steps of a diarizer, one idea each."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
