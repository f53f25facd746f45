"""How long sounds are, by their headers: thousands of files in seconds."""

import os
import sys
from collections.abc import Iterable
from pathlib import PurePosixPath

from lightdiar.datasets.rows import Unplaced
from lightdiar.datasets.tree import Tree
from lightdiar.errors import AudioError

# what libsndfile reads; to ask ffmpeg for the length of the others takes a process each
_KNOWN = frozenset(".aif .aifc .aiff .au .caf .flac .mp3 .oga .ogg .opus .rf64 .snd .sph .voc .w64 .wav .wave".split())
_UNKNOWN_LENGTH = 2**62  # frames, as libsndfile gives them


def measured(tree: Tree, sounds: Iterable[PurePosixPath]) -> tuple[dict[PurePosixPath, float | None], list[Unplaced]]:
    """Seconds of each sound that can be read, None if its header does not tell, and the other sounds."""
    seconds: dict[PurePosixPath, float | None] = {}
    unplaced = []
    for sound in sounds:
        length, reason = _length(tree.folder / sound)
        if reason:
            unplaced.append(Unplaced(str(sound), reason))
        else:
            seconds[sound] = length
    return seconds, unplaced


def _length(path):
    """Length and None, or None and why there is none."""
    import soundfile

    from lightdiar.io.audio import duration

    try:
        if not path.stat().st_size:
            return None, "is empty (0 bytes)"
        if path.suffix.lower() not in _KNOWN:
            return None, None
        with soundfile.SoundFile(path if sys.platform == "win32" else os.fsencode(path)) as file:
            n_frames, rate = file.frames, file.samplerate
        seconds = n_frames / rate if n_frames < _UNKNOWN_LENGTH else None
    except (RuntimeError, TypeError):  # of a format that libsndfile does not know; ffmpeg may
        try:
            seconds = duration(path)
        except AudioError:
            return None, "cannot be read as sound"
    except OSError as error:
        return None, f"cannot be read ({error.strerror})"
    return (seconds, None) if seconds is None or seconds > 0 else (None, "holds no samples")
