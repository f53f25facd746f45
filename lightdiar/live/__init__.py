"""Who speaks, while they speak: streams, where they come from, and how they look in a terminal."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
