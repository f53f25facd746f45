"""Statistical models: Gaussians, mixtures, i-vectors, PLDA and hidden Markov models."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
