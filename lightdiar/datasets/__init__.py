"""Data sets of speech as they come: recognised by how they are laid out, and listed in manifests."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
