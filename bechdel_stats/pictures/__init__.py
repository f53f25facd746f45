"""Plots of results."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
