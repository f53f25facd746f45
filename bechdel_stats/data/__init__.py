"""Tables of films as they come, brought to one table and accounted for."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
