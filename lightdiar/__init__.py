"""lightdiar: who speaks when, men and women counted, by classical statistics on any laptop.

>>> import lightdiar
>>> lightdiar.count_speakers("film.wav")  # doctest: +SKIP
{'M': 2, 'F': 1}
"""

from importlib import import_module

from lightdiar._version import __version__

_HOME = {
    "count_speakers": "pipeline",
    "detect_speech": "pipeline",
    "diarize": "pipeline",
    "Diarizer": "pipeline",
    "UntrainedDiarizer": "untrained",
    "Diarization": "result",
    "Speaker": "result",
    "Settings": "settings",
    "tune": "tuning",
    "Annotation": "timeline",
    "Segment": "timeline",
    "Turn": "timeline",
    "Audio": "audio",
}
__all__ = ["__version__", *_HOME]


def __getattr__(name):
    """Load a public name when it is first used: importing the package stays instant."""
    if name not in _HOME:
        raise AttributeError(f"module 'lightdiar' has no attribute {name!r}; it has {', '.join(_HOME)}.")
    return getattr(import_module(f"lightdiar.{_HOME[name]}"), name)


def __dir__():
    return __all__
