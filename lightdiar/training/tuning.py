"""Tuning: settings for your own kind of recording, found on some whose truth is known.

A seeded random search [1]_. What the best settings of a search make on the recordings that it saw says nothing, as the
best of forty is mostly luck. So each recording is left out in turn [2]_: the settings that are best on the others are
compared with the defaults on it. Only if they are better there, all left-out recordings together, are settings kept.

References
----------
.. [1] Bergstra and Bengio, "Random search for hyper-parameter optimization", Journal of Machine Learning Research 13,
   2012.
.. [2] Stone, "Cross-validatory choice and assessment of statistical predictions", Journal of the Royal Statistical
   Society B 36, 1974.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.io.audio import Audio
from lightdiar.metrics.diarization import DiarizationScore, diarization_error
from lightdiar.signal.frontend import Analysis, analyse
from lightdiar.systems.bundle import Models
from lightdiar.systems.diarizer import Diarizer, annotate
from lightdiar.systems.settings import Settings
from lightdiar.systems.sound import open_sound
from lightdiar.timeline import Annotation

RANGES = {
    "speech_bias": (-1.5, 1.5),
    "pause": (0.3, 1.5),
    "speaker_prior": (6.0, 16.0),
    "loop_probability": (0.85, 0.99),
}


@dataclass(frozen=True)
class Tuning:
    """Result of a search.

    Parameters
    ----------
    settings : Settings
        The best settings on all recordings, or the defaults if the search did not beat them.
    better : bool
        Whether it did: less error on recordings that it had not seen.
    tuned, default : tuple of DiarizationScore
        For each recording, the error of the settings that were best on the others, and of the defaults.
    """

    settings: Settings
    better: bool
    tuned: tuple[DiarizationScore, ...]
    default: tuple[DiarizationScore, ...]


def tune(
    recordings: Sequence[tuple[PathLike | Audio, Annotation]],
    *,
    default: Settings = Settings(),
    n_trials: int = 40,
    seed: int = 0,
    models: Models | None = None,
    progress: Callable[[str], object] | None = None,
) -> Tuning:
    """Search for settings.

    Parameters
    ----------
    recordings : list of (path or Audio, Annotation)
        Audio and truth, two or more. With five, most of what is found is luck, and is refused; ten or more are better.
    default : Settings
        The settings to beat.
    n_trials : int, default=40
    seed : int
        Draws the trials; the same seed gives the same settings.
    models : Models, optional
    progress : callable, optional
        Called with a line of text at each step.

    Returns
    -------
    tuning : Tuning

    Raises
    ------
    ValueError
        If there are fewer than two recordings, or numbers out of range.
    """
    if len(recordings) < 2:
        raise ValueError(f"{len(recordings)} recordings; tuning needs at least 2: some to search on, one to check.")
    if n_trials < 1:
        raise ValueError(f"{n_trials} trials: at least 1 is needed; 40 is usual.")
    if seed < 0:
        raise ValueError(f"seed={seed} must be 0 or more.")
    progress = progress or (lambda line: None)
    known = []
    for number, (sound, truth) in enumerate(recordings, 1):
        _, blocks = open_sound(sound)
        known.append((analyse(blocks), truth))
        progress(f"analysed {number} of {len(recordings)}")
    tried, errors = draw_settings(n_trials, seed, default), [errors_of(default, known, models)]
    progress(f"defaults: DER {_percent(errors[0])} on {len(known)} recordings")
    for trial, settings in enumerate(tried[1:], 1):
        errors.append(errors_of(settings, known, models))
        progress(f"trial {trial} of {n_trials}: DER {_percent(errors[-1])}, best {_percent(errors[best_of(errors)])}")
    return judge(tried, errors)


def draw_settings(n_trials: int, seed: int, default: Settings = Settings()) -> list[Settings]:
    """The defaults, and as many others as there are trials; what is not in `RANGES` stays as in the defaults."""
    rng = np.random.default_rng(seed)
    draws = [{name: round(rng.uniform(*limits), 3) for name, limits in RANGES.items()} for _ in range(n_trials)]
    return [default, *(replace(default, **drawn) for drawn in draws)]


def judge(tried: Sequence[Settings], errors: Sequence[Sequence[DiarizationScore]]) -> Tuning:
    """The best settings if they beat the first, the defaults, where each recording is left out in turn.

    Parameters
    ----------
    tried : sequence of Settings
    errors : sequence of sequence of DiarizationScore
        For each of the settings, of each recording.
    """
    tuned = tuple(errors[best_of(errors, leave_out=place)][place] for place in range(len(errors[0])))
    better = sum(tuned, DiarizationScore()).der < sum(errors[0], DiarizationScore()).der
    return Tuning(tried[best_of(errors)] if better else tried[0], better, tuned, tuple(errors[0]))


def errors_of(
    settings: Settings, known: Iterable[tuple[Analysis, Annotation]], models: Models | None = None
) -> list[DiarizationScore]:
    """Diarization error of settings on each of some (Analysis, Annotation) pairs; no collar, overlap scored."""
    diarizer = Diarizer(settings=settings, models=models)
    return [diarization_error(truth, annotate(diarizer.label(sound)[0], sound.duration)) for sound, truth in known]


def best_of(errors: Sequence[Sequence[DiarizationScore]], leave_out: int | None = None) -> int:
    """The settings with the least pooled error, the first of equals, perhaps without one recording.

    Parameters
    ----------
    errors : sequence of sequence of DiarizationScore
        For each of the settings, of each recording.
    leave_out : int, optional
        The recording that does not count.

    Examples
    --------
    >>> defaults, others = ([DiarizationScore(10, missed) for missed in own] for own in ((1, 6), (3, 2)))
    >>> best_of([defaults, others]), best_of([defaults, others], leave_out=1)
    (1, 0)
    """
    pooled = [
        sum((score for place, score in enumerate(own) if place != leave_out), DiarizationScore()).der for own in errors
    ]
    return pooled.index(min(pooled))


def _percent(errors):
    """Pooled error in words."""
    return f"{100 * sum(errors, DiarizationScore()).der:.1f} %"
