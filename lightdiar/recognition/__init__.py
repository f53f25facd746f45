"""People known by their voices: enrolled, verified, identified, linked."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
