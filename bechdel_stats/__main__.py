"""``python -m bechdel_stats``."""

import sys

from bechdel_stats.cli import main

if __name__ == "__main__":
    sys.exit(main())
