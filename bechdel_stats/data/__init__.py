"""Tables of films from any source, joined into one table and audited."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
