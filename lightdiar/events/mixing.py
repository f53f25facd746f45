"""Scenes with exact truth: isolated sounds over a bed, since recordings with strong labels are rare.

How loud an event is, is its ratio to the background in decibels, as in task 2 of DCASE 2016 [1]_: the RMS of the event
where it is heard, over that of the bed in the same place. All random numbers come from a `numpy.random.Generator`, so
that the same seed gives the same scene. Samples are arrays at any sample rate, the same for all.

References
----------
.. [1] Lafay, Lagrange, Rossignol, Benetos and Roebel, "A morphological model for simulating acoustic scenes and its
   application to sound event detection", IEEE/ACM TASLP 24(10), 2016.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lightdiar.io.lines import listed
from lightdiar.timeline import Event

_WINDOW, _FADE = 0.01, 0.01  # seconds: of the energy, and of the end of a sound that is cut
_HEARD = 1e-4  # of the energy of the loudest window, -40 dB
_QUIET = 0.01  # RMS that stands for the bed where there is none, -40 dB of full scale
_LOUDEST = 0.99
_TRIES = 50  # to find room for a drawn event


@dataclass(frozen=True, eq=False)
class PlacedSound:
    """A sound, and where it belongs in a scene.

    Parameters
    ----------
    event : Event
        Its label, and the time it may take: a longer sound is cut, a shorter one ends before.
    samples : ndarray of shape (n_samples,)
    ratio : float, default=6.0
        Event-to-background ratio, decibels.
    """

    event: Event
    samples: np.ndarray
    ratio: float = 6.0


def mix_scene(
    schedule: Iterable[PlacedSound], bed: np.ndarray, sample_rate: int
) -> tuple[np.ndarray, tuple[Event, ...]]:
    """Mix sounds over a bed.

    Parameters
    ----------
    schedule : iterable of PlacedSound
        The sound of an event begins where the event does, without the silence before it, and is cut with a fade of
        10 ms if it is longer than the event or the scene.
    bed : ndarray of shape (n_samples,)
        The background, as long as the scene. Where it is silent, its level elsewhere counts; one that is silent
        throughout counts as -40 dB of full scale.
    sample_rate : int
        Hz, of the bed and the sounds.

    Returns
    -------
    samples : ndarray of shape (n_samples,), float32
        Scaled as a whole if its peak would exceed full scale.
    events : tuple of Event
        What is really heard, in time order: `heard_part` of each sound, as far as there was room for it. A sound that
        is silent, or begins after the scene, is not there.

    Raises
    ------
    ValueError
        If samples are not mono or not finite.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> beep = np.concatenate([np.zeros(800), np.sin(np.arange(4000)), np.zeros(800)])
    >>> door = PlacedSound(Event(1, 3, "beep"), beep, ratio=10.0)
    >>> samples, events = mix_scene([door], 0.01 * rng.normal(size=32000), 8000)
    >>> len(samples), [(event.start, round(event.end, 2), event.label) for event in events]
    (32000, [(1.0, 1.5, 'beep')])
    """
    bed = _checked(bed, "the bed")
    mixture, heard = bed.copy(), []
    everywhere = _rms(bed) or _QUIET
    for placed in sorted(schedule, key=lambda placed: placed.event):
        start = round(placed.event.start * sample_rate)
        room = min(round(placed.event.end * sample_rate), len(bed)) - start
        sound = heard_part(_checked(placed.samples, f"the sound of {placed.event.label}"), sample_rate)
        if room <= 0 or not len(sound):
            continue
        if len(sound) > room:
            sound = _cut(sound, room, sample_rate)
        under, loudness = slice(start, start + len(sound)), _rms(sound)
        if not loudness:  # so short a part of it
            continue
        mixture[under] += sound * (10 ** (placed.ratio / 20) * (_rms(bed[under]) or everywhere) / loudness)
        heard.append(Event(start / sample_rate, under.stop / sample_rate, placed.event.label))
    peak = np.abs(mixture).max(initial=0)
    return (mixture * (_LOUDEST / max(peak, _LOUDEST))).astype(np.float32), tuple(sorted(heard))


def place_sounds(
    rng: np.random.Generator,
    events: Iterable[Event],
    sounds: Mapping[str, Sequence[np.ndarray]],
    ratio: tuple[float, float] = (6.0, 6.0),
) -> list[PlacedSound]:
    """Draw a sound for each event of a given schedule.

    Parameters
    ----------
    rng : numpy.random.Generator
    events : iterable of Event
    sounds : dict of str to sequence of ndarray
        Sounds of each label.
    ratio : (float, float), default=(6.0, 6.0)
        Range of the event-to-background ratios, decibels.

    Raises
    ------
    ValueError
        If there is no sound of a label.
    """
    events = list(events)
    silent = sorted({event.label for event in events if not len(sounds.get(event.label, ()))})
    if silent:
        raise ValueError(f"there is no sound of {listed(silent)}; give some, or leave its events out.")
    return [
        PlacedSound(event, sounds[event.label][int(rng.integers(len(sounds[event.label])))], float(rng.uniform(*ratio)))
        for event in events
    ]


def draw_schedule(
    rng: np.random.Generator,
    sounds: Mapping[str, Sequence[np.ndarray]],
    duration: float,
    sample_rate: int,
    *,
    per_minute: float = 20.0,
    polyphony: int = 1,
    gap: float = 0.5,
    ratio: tuple[float, float] = (6.0, 6.0),
) -> list[PlacedSound]:
    """Draw what is heard when in a scene.

    Parameters
    ----------
    rng : numpy.random.Generator
    sounds : dict of str to sequence of ndarray
        Sounds of each label; a label is drawn first, then one of its sounds, and it is heard in full.
    duration : float
        Of the scene, seconds.
    sample_rate : int
        Hz, of the sounds.
    per_minute : float, default=20.0
        How many events there are on average; fewer, if there is no room for them.
    polyphony : int, default=1
        How many may be heard at once, each of another label.
    gap : float, default=0.5
        Seconds; events that are closer than this count as heard at once.
    ratio : (float, float), default=(6.0, 6.0)
        Range of the event-to-background ratios, decibels.

    Returns
    -------
    schedule : list of PlacedSound
        In time order, for `mix_scene`.

    Raises
    ------
    ValueError
        If there are no sounds, or a number is out of range.
    """
    if not (0 < duration < math.inf and per_minute >= 0 and gap >= 0 and polyphony >= 1):
        raise ValueError(
            f"duration={duration} s must be above 0, per_minute={per_minute} and gap={gap} s 0 or more, "
            f"polyphony={polyphony} 1 or more."
        )
    labels = sorted(label for label in sounds if len(sounds[label]))
    if not labels:
        raise ValueError('there are no sounds to draw; give some of each label, e.g. {"door": [samples]}.')
    schedule: list[PlacedSound] = []
    for _ in range(rng.poisson(per_minute * duration / 60)):
        label = labels[rng.integers(len(labels))]
        samples = sounds[label][int(rng.integers(len(sounds[label])))]
        length = min(len(heard_part(_checked(samples, f"a sound of {label}"), sample_rate)) / sample_rate, duration)
        level = float(rng.uniform(*ratio))
        event = _place(rng, label, length, duration, [placed.event for placed in schedule], polyphony, gap)
        if event:
            schedule.append(PlacedSound(event, samples, level))
    return sorted(schedule, key=lambda placed: placed.event)


def heard_part(samples: np.ndarray, sample_rate: int) -> np.ndarray:
    """A sound without the silence around it.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
    sample_rate : int
        Hz.

    Returns
    -------
    samples : ndarray of shape (n_heard,)
        From the last sample of the first 10 ms to the first sample of the last 10 ms that are at most 40 dB below the
        loudest, which is exact where the silence is zeros; empty if all is silence.
    """
    from scipy.ndimage import uniform_filter1d

    window = max(1, round(_WINDOW * sample_rate))
    power = np.pad(np.square(samples, dtype=np.float64), window)
    power = np.maximum(uniform_filter1d(power, window, mode="constant", origin=-(window // 2)), 0)  # from here on
    heard = np.flatnonzero(power > _HEARD * power.max(initial=0))
    return samples[heard[0] - 1 : heard[-1] - window + 1] if len(heard) else samples[:0]


def _place(rng, label, length, duration, events, polyphony, gap):
    """An event of this length where there is room for it; None if none was found, or nothing is heard."""
    if length <= 0:
        return None
    for _ in range(_TRIES):
        start = float(rng.uniform(0, duration - length))
        near = [other for other in events if other.start < start + length + gap and other.end > start - gap]
        if len(near) < polyphony and label not in {other.label for other in near}:
            return Event(start, start + length, label)
    return None


def _cut(sound, room, sample_rate):
    """The beginning of a sound, with a short fade at its end."""
    fade = min(round(_FADE * sample_rate), room // 2)
    sound = sound[:room].copy()
    sound[room - fade :] *= np.linspace(1, 0, fade, endpoint=False)
    return sound


def _checked(samples, what):
    """Samples as float64; ValueError if they are not mono and finite."""
    samples = np.asarray(samples, dtype=np.float64)
    if samples.ndim != 1:
        raise ValueError(f"{what} must have shape (n_samples,); got {samples.shape}. Use to_mono first.")
    if not np.isfinite(samples).all():
        raise ValueError(f"{what} has samples that are not finite. Replace them, for instance by np.nan_to_num.")
    return samples


def _rms(samples):
    return math.sqrt(np.mean(np.square(samples))) if len(samples) else 0.0
