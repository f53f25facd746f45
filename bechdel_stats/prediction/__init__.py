"""Predicted scores of films that nobody has rated, and how good they are."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
