"""What is heard besides speech: sound events, trained on any corpus, evaluated, and found in films."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
