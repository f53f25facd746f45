"""Results as pictures: with matplotlib, or without it where it says so."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
