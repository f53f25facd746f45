"""Training of the shipped parameters, tuning, and synthetic speech."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
