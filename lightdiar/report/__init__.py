"""What was heard, on one page for people: of a recording, and of many."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
