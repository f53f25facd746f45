"""Many recordings: all of a folder or a list, in parallel, on one machine or several, and whatever happens on the way.

>>> import lightdiar.corpus
>>> corpus = lightdiar.corpus.run("films/", "results", n_jobs=4)  # doctest: +SKIP
>>> corpus.recordings["womens_share"].mean()  # doctest: +SKIP
0.34
"""

from typing import TYPE_CHECKING

from lightdiar.common.lazy import lazy

_HOMES = {"run": "running", "Step": "running", "read": "reading", "Corpus": "reading", "merge": "merging"}
__all__ = [*_HOMES]
__getattr__, __dir__ = lazy(__name__, _HOMES)

if TYPE_CHECKING:  # the same names, for editors and type checkers
    from lightdiar.corpus.merging import merge as merge
    from lightdiar.corpus.reading import Corpus as Corpus
    from lightdiar.corpus.reading import read as read
    from lightdiar.corpus.running import Step as Step
    from lightdiar.corpus.running import run as run
