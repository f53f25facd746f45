"""From audio to features: frames, cepstra, pitch, and one pass over a recording."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
