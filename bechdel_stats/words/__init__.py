"""The text that readers see, in English and French."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
