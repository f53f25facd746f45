"""``python -m bechdel_stats``."""

import sys

from bechdel_stats.cli import main

sys.exit(main())
