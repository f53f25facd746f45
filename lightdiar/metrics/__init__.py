"""Error measures: how far a result is from the truth."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
