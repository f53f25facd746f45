"""A page in the browser, from this machine to this machine only: who speaks, corrected by hand, and people by voice."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
