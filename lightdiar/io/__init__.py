"""Reading and writing audio and text files."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
