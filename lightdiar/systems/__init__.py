"""The stages wired together: recording in, result out."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
