"""Which films pass: rates with intervals, and types of films."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
