"""Who is heard, and who talks with whom: women's share with its uncertainty, dialogue, the Bechdel test by ear."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
