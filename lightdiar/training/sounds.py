"""The shipped model of sound events: learnt on drawn scenes of labelled sounds, music and speech.

Labels of free sounds come from the names of their files, so each is mapped to a class of film sound, to none (it shows
what the classes are not), or left out where it may or may not be one. A sound is heard as other microphones, rooms and
bandwidths would give it, so that none of these tells the class.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.common.processes import parallel
from lightdiar.errors import FormatError
from lightdiar.events.decoding import Decoding
from lightdiar.events.features import FrontEnd
from lightdiar.events.labels import LabelSet
from lightdiar.events.mixing import draw_schedule, mix_scene
from lightdiar.events.model import EventModel
from lightdiar.events.smoothing import smoothed
from lightdiar.events.training import drawn_steps, train_class
from lightdiar.signal.frontend import SAMPLE_RATE
from lightdiar.timeline import Event
from lightdiar.training.augment import hiss, level, room, tilt, vary
from lightdiar.training.cards import command, short_paths
from lightdiar.training.manifests import by_speaker, load_samples, read_sounds, read_speech_manifest

CLASSES = tuple("speech music weapon explosion impact engine machine door footsteps water fire animal".split())
OTHER = "other"  # what is none of them
CLASS_OF = {  # labels of the manifests; those that are not here are left out
    **{label: label for label in CLASSES},
    "vehicle": "engine",
    "dog_bark": "animal",
    "rooster": "animal",
    "sea_waves": "water",
    "fire_crackling": "fire",
    "chainsaw": "machine",
    **dict.fromkeys(("weather", "rain", "wind", "noise_synthetic", "clock_tick", "interface"), OTHER),
}
FRONT_END = FrontEnd(context=(0.5, 2.0), average=False, reference="level")
N_SCENES, N_HELD = 180, 60  # of a minute
_MINUTE = 60.0
_COMMON = ("speech", "music")  # of which most of a film is made
_PER_MINUTE, _COMMON_PER_MINUTE, _GAP = 20.0, 5.0, 0.3  # events, and seconds between two that belong to one of the two
_RATIOS = (12.0, 35.0)  # dB above a quiet room; of two sounds at once, neither should drown the other
_QUIET = 60.0  # dB below full scale: of the room
_N_NOISES, _NOISE = 40, 8.0  # steady noises of any colour, which are none of the classes, and seconds of each
_EVERY = 5  # of this many sounds of a class one is held out
_CUT_OFF = (3500.0, 7500.0)  # Hz, of sounds that lack the highest frequencies
_LEAST_F1 = 0.1  # on the sounds held out: a class that is not found there is left out, rather than never heard
_MOST_NEGATIVES = 30_000  # steps of a class
_TREES = {"n_trees": 80, "n_leaves": 15}
_DECODING = {"median": 3, "least_event": 2, "least_gap": 2}  # steps


def train_events(
    speech: Sequence[PathLike],
    sounds: Sequence[PathLike],
    out: PathLike,
    *,
    leave_out: Sequence[str] = (),
    notes: Mapping[str, Any] | None = None,
    n_jobs: int = 1,
    progress: Callable[[str], object] | None = None,
) -> None:
    """Train the model and write it with its card.

    Parameters
    ----------
    speech : list of path
        Speech manifests.
    sounds : list of path
        Manifests of sounds with the columns path,label.
    out : path
        Folder of the model.
    leave_out : sequence of str
        Patterns such as "*babble*": sounds whose path matches one are not used.
    notes : dict, optional
        Card entries that only a person can supply.
    n_jobs : int
        Number of processes; does not change the result.
    progress : callable, optional
        Called with a line of text at each step.

    Raises
    ------
    FormatError
        If a manifest cannot be used, or a class has fewer than two sounds.
    """
    from scipy.special import expit

    progress = progress or (lambda line: None)
    where = tuple(map(str, speech)), tuple(map(str, sounds)), tuple(leave_out)
    counts = {label: len(own) for label, own in _listed(*where).items()}
    if lacking := [label for label in CLASSES if counts.get(label, 0) < 2]:
        raise FormatError(f"{', '.join(where[1])}: fewer than two sounds of {', '.join(lacking)}.")
    progress(f"{N_SCENES + N_HELD} scenes of a minute")
    scenes = parallel(_scene, [(where, number) for number in range(N_SCENES + N_HELD)], n_jobs)
    X, Y = (np.concatenate(part) for part in zip(*scenes[:N_SCENES]))
    held_X, held_Y = (np.concatenate(part) for part in zip(*scenes[N_SCENES:]))
    lengths = [len(own) for own, _ in scenes[N_SCENES:]]
    progress(f"{len(CLASSES)} classes")
    calls = [(n, X, Y[:, n], held_X, held_Y[:, n], lengths) for n in range(len(CLASSES))]
    classifiers, thresholds, histories = zip(*parallel(_train, calls, n_jobs, batch=1))
    kept = [next(row for row in history if row.kept) for history in histories]
    learnt = [n for n, row in enumerate(kept) if row.f1 >= _LEAST_F1]
    decoding = Decoding(expit(np.array(thresholds)[learnt]), **_DECODING)
    card = {**_card(counts, kept, speech, sounds, leave_out), **(notes or {})}
    labels, own = tuple(CLASSES[n] for n in learnt), tuple(classifiers[n] for n in learnt)
    EventModel(labels, FRONT_END, own, decoding).save(out, card)


def draw_scene(
    rng: np.random.Generator, sounds: Mapping[str, Sequence[np.ndarray]]
) -> tuple[np.ndarray, tuple[Event, ...]]:
    """A minute of sounds, beside speech and music, each heard in its own way, over the noise of a quiet room.

    Parameters
    ----------
    rng : numpy.random.Generator
    sounds : dict of str to sequence of ndarray
        Sounds of each class and of others, at 16 kHz.

    Returns
    -------
    samples : ndarray of shape (n_samples,), float32
        At 16 kHz.
    events : tuple of Event
    """
    drawn = {label: [own[n] for n in rng.integers(len(own), size=2)] for label, own in sounds.items()}
    varied = {label: [as_elsewhere(rng, samples) for samples in own] for label, own in drawn.items()}
    schedule = []
    for labels, per_minute in ((varied, _PER_MINUTE), (_COMMON, _COMMON_PER_MINUTE)):
        own = {label: varied[label] for label in labels if label in varied}
        schedule += draw_schedule(rng, own, _MINUTE, SAMPLE_RATE, per_minute=per_minute, gap=_GAP, ratio=_RATIOS)
    quiet = level(_steady_noise(rng, _MINUTE), -_QUIET)
    samples, events = mix_scene(schedule, quiet, SAMPLE_RATE)
    return level(samples, -rng.uniform(15, 40)), events


def as_elsewhere(rng: np.random.Generator, samples: np.ndarray) -> np.ndarray:
    """A sound as another recording has it: mostly another speed and microphone, at times a room or less bandwidth."""
    from scipy.signal import butter, fftconvolve, sosfilt

    if rng.random() < 0.7:
        samples = vary(rng, samples)
    if rng.random() < 0.3:
        samples = fftconvolve(samples, room(rng, rng.uniform(0.15, 0.8)))
    if rng.random() < 0.4:
        samples = sosfilt(butter(8, rng.uniform(*_CUT_OFF), fs=SAMPLE_RATE, output="sos"), samples)
    return samples.astype(np.float32)


def _scene(where, number):
    """Features and truth of a scene; those that are held out have sounds of their own."""
    samples, events = draw_scene(np.random.default_rng([0, number]), _sounds(*where)[number >= N_SCENES])
    X = FRONT_END.columns(samples)
    return X, LabelSet(CLASSES).matrix([event for event in events if event.label in CLASSES], len(X))


@lru_cache(maxsize=1)
def _sounds(speech, manifests, leave_out):
    """Sounds of each class and of others, to train on and held out, read once by each process."""
    sounds = ({}, {})
    for label, paths in _listed(speech, manifests, leave_out).items():
        for held, own in enumerate(sounds):
            own[label] = [load_samples(path) for n, path in enumerate(paths) if (n % _EVERY == 0) == held]
    for held, own in enumerate(sounds):
        rng = np.random.default_rng([2, held])
        own[OTHER] = own.get(OTHER, []) + [_steady_noise(rng, _NOISE) for _ in range(_N_NOISES)]
    return sounds


def _steady_noise(rng, seconds):
    """Noise of any colour, as of a room, of ventilation and of microphones."""
    return tilt(rng, tilt(rng, hiss(rng, round(seconds * SAMPLE_RATE))))


def _listed(speech, manifests, leave_out):
    """The paths of each class and of others; of speech one utterance of each speaker."""
    paths = defaultdict(list)
    for label, path in (sound for manifest in manifests for sound in read_sounds(manifest, leave_out)):
        if label in CLASS_OF:
            paths[CLASS_OF[label]].append(path)
    for manifest in speech:
        people = by_speaker(read_speech_manifest(manifest))
        paths["speech"] += [own[0].path for own in people.values()]
    return paths


def _train(number, X, y, held_X, held_y, lengths):
    rows = drawn_steps(y, _MOST_NEGATIVES, np.random.default_rng([1, number]))
    smooth = partial(smoothed, **_DECODING)
    return train_class(X[rows], y[rows], held_X, held_y, lengths=lengths, options=_TREES, smooth=smooth)


def _card(counts, kept, speech, sounds, leave_out):
    figures = [
        f"{label}: {counts[label]} sounds, F1 {100 * row.f1:.0f} %, error rate {row.error_rate:.2f}"
        for label, row in zip(CLASSES, kept)
    ]
    lacking = [label for label, row in zip(CLASSES, kept) if row.f1 < _LEAST_F1]
    return {
        "sources": [f"speech: {short_paths(speech)}", f"sounds: {short_paths(sounds)}"],
        "recipe": [
            command(speech, sounds, leave_out, task="events"),
            f"{N_SCENES} drawn scenes of a minute: sounds of all classes, others and steady noises, beside speech and "
            "music, most of them at another speed, through another microphone, some in a room or without treble",
            f"boosted trees, validated on {N_HELD} scenes of sounds that are held out, every fifth",
            *([f"left out, as F1 is below {100 * _LEAST_F1:.0f} % there: {', '.join(lacking)}"] if lacking else []),
        ],
        "figures": ["on drawn scenes of the sounds held out, which chose the thresholds, seconds:", *figures],
    }
