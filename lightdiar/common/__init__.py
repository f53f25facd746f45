"""Shared helpers: atomic files, parameters with a model card, text tables, and the command-line runner."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
