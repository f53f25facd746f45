"""``python -m lightdiar``."""

import sys

from lightdiar.cli import main

if __name__ == "__main__":
    sys.exit(main())
