"""What is associated with passing: odds ratios of logistic and ordinal regression."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
