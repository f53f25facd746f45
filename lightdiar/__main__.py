"""``python -m lightdiar``."""

import sys

from lightdiar.cli import main

sys.exit(main())
