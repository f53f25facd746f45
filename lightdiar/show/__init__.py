"""Results as pictures, without a plotting library."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
