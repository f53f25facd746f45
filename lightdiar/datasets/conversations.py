"""Conversations whose RTTM files have the names of their sounds, as in VoxConverse [1]_.

The RTTM files may lie beside the sounds or apart from them, as in ``audio/abjxc.wav`` and ``voxconverse-master/dev/
abjxc.rttm``, one for each sound or one for many.

References
----------
.. [1] Chung, Huh, Nagrani, Afouras and Zisserman, "Spot the conversation: speaker diarisation in the wild",
   Interspeech 2020.
"""

from pathlib import Path

from lightdiar.datasets.rows import Kind, Read
from lightdiar.datasets.tree import Tree
from lightdiar.datasets.truths import paired, read_truths


def _fits(tree: Tree) -> bool:
    return bool(tree.sounds and tree.ending(".rttm"))


def _read(tree: Tree, _extract: Path | None) -> Read:
    truths, unread = read_truths(tree)
    rows, unplaced = paired(tree, tree.sounds, truths)
    return rows, unplaced + unread


CONVERSATIONS = Kind("conversations", "NAME.wav and NAME.rttm, together or apart, as in VoxConverse", _fits, _read)
