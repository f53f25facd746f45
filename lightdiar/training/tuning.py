"""Tuning: settings for your own kind of recording, found on some whose truth is known.

A seeded random search: the settings with the lowest error on part of the recordings are compared with the defaults on
the others, which the search never saw. Only settings that are better there too are kept.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

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
        The best settings of the search, or the defaults if they were not better on the hold-out.
    better : bool
        Whether they were better.
    n_held : int
        Number of recordings in the hold-out.
    tuned, default : DiarizationScore
        Scores of the best settings of the search and of the defaults, on the hold-out.
    """

    settings: Settings
    better: bool
    n_held: int
    tuned: DiarizationScore
    default: DiarizationScore


def tune(
    recordings: Sequence[tuple[PathLike | Audio, Annotation]],
    *,
    default: Settings = Settings(),
    n_trials: int = 40,
    holdout: float = 0.3,
    seed: int = 0,
    models: Models | None = None,
    progress: Callable[[str], object] | None = None,
) -> Tuning:
    """Search for settings.

    Parameters
    ----------
    recordings : list of (path or Audio, Annotation)
        Audio and truth, two or more.
    default : Settings
        The settings to beat.
    n_trials : int, default=40
    holdout : float, default=0.3
        Share of the recordings, at least one, that is kept for the final comparison.
    seed : int
        Draws the hold-out and the trials; the same seed gives the same settings.
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
    if not 0 < holdout < 1:
        raise ValueError(f"holdout={holdout} must be between 0 and 1; 0.3 is usual.")
    if seed < 0:
        raise ValueError(f"seed={seed} must be 0 or more.")
    progress = progress or (lambda line: None)
    rng = np.random.default_rng(seed)
    known = []
    for number, (sound, truth) in enumerate(recordings, 1):
        _, blocks = open_sound(sound)
        known.append((analyse(blocks), truth))
        progress(f"analysed {number} of {len(recordings)}")
    n_held = min(max(1, round(holdout * len(known))), len(known) - 1)
    order = rng.permutation(len(known))
    held, seen = ([known[place] for place in places] for places in (order[:n_held], order[n_held:]))
    best, least = default, error_of(default, seen, models)
    progress(f"defaults: DER {100 * least.der:.1f} % on {len(seen)} of {len(known)} recordings")
    for trial in range(1, n_trials + 1):
        draw = Settings(**{name: round(rng.uniform(*limits), 3) for name, limits in RANGES.items()})
        error = error_of(draw, seen, models)
        if error.der < least.der:
            best, least = draw, error
        progress(f"trial {trial} of {n_trials}: DER {100 * error.der:.1f} %, best {100 * least.der:.1f} %")
    tuned, untuned = (error_of(settings, held, models) for settings in (best, default))
    better = tuned.der < untuned.der
    return Tuning(best if better else default, better, n_held, tuned, untuned)


def error_of(
    settings: Settings, known: Iterable[tuple[Analysis, Annotation]], models: Models | None = None
) -> DiarizationScore:
    """Pooled diarization error of settings on (Analysis, Annotation) pairs; no collar, overlap scored."""
    diarizer = Diarizer(settings=settings, models=models)
    return sum(
        (diarization_error(truth, annotate(diarizer.label(sound)[0], sound.duration)) for sound, truth in known),
        DiarizationScore(),
    )
