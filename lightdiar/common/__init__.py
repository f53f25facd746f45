"""What every part needs: files that appear whole, parameters with a card, tables, the frame of a command line."""

from lightdiar.common.lazy import lazy

__getattr__, __dir__ = lazy(__name__)
