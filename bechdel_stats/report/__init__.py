"""All results on one page."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
