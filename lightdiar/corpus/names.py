"""Names of results: short, possible on every system, and no two alike, also where case does not tell names apart."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import count
from pathlib import PurePosixPath

from lightdiar.common.files import is_reserved
from lightdiar.io.lines import name_of

_IMPOSSIBLE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]')
_LONGEST = 80  # bytes; it is in a path twice, which on Windows has at most 260 characters
_TAKEN = "row"  # row.json is what is known of a recording


def names_of(paths: Sequence[str]) -> list[str]:
    """A name for the results of each recording.

    That of the file without its ending or, where several are called so, with its ending, its folder, both, or all
    folders. They depend on all paths, so each part of a list must be named with the whole.

    Parameters
    ----------
    paths : sequence of str
        With ``/`` between folders.

    Examples
    --------
    >>> names_of(["news.wav", "s1/e1.mkv", "s2/e1.mkv", "Talk.wav", "talk.mp3"])
    ['news', 's1_e1', 's2_e1', 'Talk_wav', 'talk_mp3']
    """
    longer = [_from_short_to_long(path) for path in paths]
    names = [forms.pop(0) for forms in longer]
    while alike := _alike(names):
        if not any(longer[place] for place in alike):
            return _numbered(names)
        for place in alike:
            if longer[place]:
                names[place] = longer[place].pop(0)
    return names


def _from_short_to_long(path):
    """The names that a path could have."""
    whole = PurePosixPath(path)
    stem, suffix = whole.stem, whole.suffix.replace(".", "_")
    folders = [part for part in whole.parent.parts if part not in ("/", "..")]
    last = f"{folders[-1]}_" if folders else ""
    forms = (stem, f"{stem}{suffix}", f"{last}{stem}", f"{last}{stem}{suffix}", "_".join((*folders, f"{stem}{suffix}")))
    return [_possible(form) for form in forms]


def _possible(text):
    """The text as the name of a folder on any system."""
    text = _IMPOSSIBLE.sub("_", name_of(text)).encode("utf-8")[-_LONGEST:].decode("utf-8", "ignore").strip(". ")
    return f"{text}_" if not text or is_reserved(text) or text.casefold() == _TAKEN else text


def _alike(names):
    """Places of names that others have too."""
    keys = [name.casefold() for name in names]
    n_called = Counter(keys)
    return [place for place, key in enumerate(keys) if n_called[key] > 1]


def _numbered(names):
    """Names of which all but the first of those alike have a number."""
    taken, found = {name.casefold() for name in names}, []
    seen = set()
    for name in names:
        if name.casefold() in seen:
            name = next(new for new in (f"{name}_{n}" for n in count(2)) if new.casefold() not in taken)
            taken.add(name.casefold())
        seen.add(name.casefold())
        found.append(name)
    return found
