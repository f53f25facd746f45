"""Which recordings are held out of training, so that thresholds and the end of training are chosen on others.

Whole recordings are held out, as steps of one recording resemble each other. Each label gets its share of them, the
rarest label first [1]_.

References
----------
.. [1] Sechidis, Tsoumakas and Vlahavas, "On the stratification of multi-label data", ECML PKDD 2011.
"""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np


def held_out(contents: Sequence[Collection[str]], share: float, seed: int = 0) -> np.ndarray:
    """Draw the recordings that are held out.

    Parameters
    ----------
    contents : sequence of collection of str
        The labels of each recording.
    share : float
        Between 0 and 1. Every label stays in training with at least one recording, and if it has others it is, as far
        as possible, on both sides.
    seed : int, default=0

    Returns
    -------
    held : ndarray of bool, shape (n_recordings,)
        None is held out if there is one recording only, or each has labels that no other has.

    Examples
    --------
    >>> held = held_out([{"car"}] * 8 + [{"rain"}] * 2, 0.25)
    >>> int(held[:8].sum()), int(held[8:].sum())
    (2, 1)
    """
    n = len(contents)
    held, open_ = np.zeros(n, bool), np.ones(n, bool)
    if n < 2:
        return held
    order = np.random.default_rng(seed).permutation(n)
    counts = Counter(label for content in contents for label in set(content))
    wanted = {label: max(1.0, share * count) if count > 1 else 0.0 for label, count in counts.items()}
    spared = {label: count - wanted[label] for label, count in counts.items()}
    room = min(max(1, round(share * n)), n - 1)

    def put(place, side):
        held[place], open_[place] = side, False
        for label in set(contents[place]):
            (wanted if side else spared)[label] -= 1

    while counts := Counter(label for place in np.flatnonzero(open_).tolist() for label in set(contents[place])):
        rarest = min(counts, key=lambda label: (counts[label], label))
        for place in order:
            if open_[place] and rarest in contents[place]:
                put(place, wanted[rarest] > spared[rarest] or (wanted[rarest] == spared[rarest] and held.sum() < room))
    for place in order:  # those without any label
        if open_[place]:
            put(place, held.sum() < room)
    for label in sorted(wanted):
        own = [place for place in order if label in contents[place]]
        if held[own].all():
            held[own[0]] = False
    return held
