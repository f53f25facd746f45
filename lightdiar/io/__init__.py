"""Sound and text files, to values and back."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
