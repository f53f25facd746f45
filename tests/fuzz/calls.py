"""The parsers that are called as functions: by name, each with the path of one file."""

import json
import warnings
from pathlib import Path
from typing import Any


def call(name: str, path: str) -> Any:
    """Call a parser on a file; what it returns is thrown away, what it raises is judged."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _CALLS[name](Path(path))


def is_own(error: BaseException) -> bool:
    """Whether an error is one that the packages promise: their own, or that a file cannot be opened."""
    from lightdiar.errors import LightdiarError

    if isinstance(error, (LightdiarError, OSError)):
        return True
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    raised_in = trace.tb_frame.f_globals.get("__name__", "") if trace else ""
    own = raised_in.partition(".")[0] in ("lightdiar", "bechdel_stats")
    return own and type(error) is not UnicodeDecodeError and isinstance(error, (ValueError, TypeError))


def _read(path):
    from lightdiar.io.audio import read

    return read(path)


def _blocks(path):
    from lightdiar.io.audio import blocks

    return sum(len(block) for block in blocks(path))


def _duration(path):
    from lightdiar.io.audio import duration

    return duration(path)


def _rttm(path):
    from lightdiar.io.rttm import read_rttm, write_rttm

    found = read_rttm(path)
    return [write_rttm(path, annotation) for annotation in list(found.values())[:0]]


def _turns(path):
    from lightdiar.systems.conversion import read_turns

    return read_turns(path)


def _uem(path):
    from lightdiar.io.uem import read_uem

    return read_uem(path)


def _lab(path):
    from lightdiar.io.lab import read_lab

    return read_lab(path)


def _genders(path):
    from lightdiar.io.genders import read_genders

    return read_genders(path)


def _trials(path):
    from lightdiar.io.trials import read_trials

    return read_trials(path)


def _event_list(path):
    from lightdiar.io.event_lists import csv_text, dcase_text, read_event_list

    found = read_event_list(path)
    return dcase_text(found), csv_text(found)


def _corpus(path):
    from lightdiar.events.corpus import folds_of, read_corpus

    return [read_corpus(path, fold) for fold in folds_of(path) or [None]]


def _manifest(path):
    from lightdiar.training.manifests import read_speech_manifest

    return read_speech_manifest(path)


def _value(path):
    return json.loads(path.read_text(encoding="utf-8"))


def _clean_title(path):
    from bechdel_stats.data.titles import clean_title

    return clean_title(_value(path))


def _imdb_id(path):
    from bechdel_stats.data.readers import imdb_id

    return imdb_id(_value(path))


def _parse_list(path):
    from bechdel_stats.data.credits import parse_list

    return parse_list(_value(path))


def _read_films(path):
    from bechdel_stats import read_films

    value = _value(path)
    records = value if isinstance(value, list) else [{"title": value, "year": 1990, "genres": value, "budget": value}]
    return read_films(records)


_CALLS = {
    "read": _read,
    "blocks": _blocks,
    "duration": _duration,
    "read_rttm": _rttm,
    "read_turns": _turns,
    "read_uem": _uem,
    "read_lab": _lab,
    "read_genders": _genders,
    "read_trials": _trials,
    "read_event_list": _event_list,
    "read_corpus": _corpus,
    "manifest": _manifest,
    "clean_title": _clean_title,
    "imdb_id": _imdb_id,
    "parse_list": _parse_list,
    "read_films": _read_films,
}
