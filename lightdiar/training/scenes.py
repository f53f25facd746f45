"""Scenes: synthetic recordings in which the class of every frame is known, to train the speech detector."""

from collections.abc import Callable, Mapping

import numpy as np

from lightdiar.signal.frontend import GRID, SAMPLE_RATE
from lightdiar.stages.speech import SPEECH_CLASSES
from lightdiar.training.augment import (
    bed,
    change_pitch,
    far_room,
    hiss,
    level,
    microphone,
    room,
    speech_activity,
    telephone,
    vary,
)
from lightdiar.training.tunes import hum, tune

_HOP = GRID.hop_length
_N_UTTERANCES = 12
_LONGEST, _SHORTEST_RAISED = 12 * SAMPLE_RATE, SAMPLE_RATE // 2  # of an utterance, samples
_NOBODY = 0.4  # of all scenes
_RAISED = 0.2  # of utterances: another pitch, as of those who shout
_FAR = 0.5  # of scenes in rooms
_COLOURED = 0.5  # of all scenes: another microphone
_MADE_UP, _BED = 0.15, 0.4  # of the sounds: computed; a clip or two that repeat. The others follow each other
_ALIKE = 8  # clips; neighbours in a manifest are of one kind
_SILENCE, _NOISE, _MUSIC, _SPEECH, _SPEECH_OVER_SOUND = range(len(SPEECH_CLASSES))


def make_scene(
    draw: Callable[[np.random.Generator], np.ndarray],
    backgrounds: Mapping[str, list[np.ndarray]],
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """A minute or two with or without speech, in quiet or over noise and music.

    Parameters
    ----------
    draw : callable
        Returns another clean utterance, samples at 16 kHz, when called with the generator.
    backgrounds : dict of str to list of ndarray
        Clips of the kinds "noise" and "music".
    rng : numpy.random.Generator

    Returns
    -------
    samples : ndarray of shape (n_samples,)
    labels : ndarray of int, shape (n_samples // 160,)
        Indices into `lightdiar.stages.speech.SPEECH_CLASSES`, every 10 ms.
    """
    from scipy.signal import fftconvolve

    nobody = rng.random() < _NOBODY  # then the level of speech is unknown, as in a recording of music alone
    seconds = rng.uniform(20, 70) if nobody else rng.uniform(0.2, 4) if rng.random() < 0.8 else rng.uniform(4, 25)
    lead = np.zeros(int(100 * seconds), bool)
    pieces, masks = [np.zeros(len(lead) * _HOP)], [lead]
    for _ in range(0 if nobody else _N_UTTERANCES):
        spoken = draw(rng)[:_LONGEST]
        if rng.random() < _RAISED and len(spoken) > _SHORTEST_RAISED:
            spoken = change_pitch(spoken, 2 ** rng.uniform(-0.2, 0.7))[:_LONGEST]
        spoken = level(spoken, -26 + rng.uniform(-5, 5))
        mask = speech_activity(spoken)
        if not mask.any():
            continue
        first, last = np.flatnonzero(mask)[[0, -1]]
        longest = rng.choice([0.4, 2.0, 9.0, 30.0], p=[0.45, 0.3, 0.17, 0.08])
        pause = np.zeros(int(rng.uniform(0.2, 1) * longest * 100), bool)
        pieces += [spoken[first * _HOP : (last + 1) * _HOP], np.zeros(len(pause) * _HOP)]
        masks += [mask[first : last + 1], pause]
    speech, active = np.concatenate(pieces), np.concatenate(masks)
    condition = "film" if nobody else rng.choice(["clean", "room", "film"], p=[0.2, 0.2, 0.6])
    if condition != "clean":
        response = far_room(rng) if rng.random() < _FAR else room(rng, rng.uniform(0.15, 0.9))
        speech = fftconvolve(speech, response / np.linalg.norm(response))[: len(speech)]
    lasting = nobody and rng.random() < 0.5
    background, kind = _background(active, backgrounds, rng, 0.1 if condition == "film" else 0.85, lasting)
    samples = speech + background + level(hiss(rng, len(speech)), -26 - rng.uniform(18, 40))
    if rng.random() < (0.3 if nobody else 0.15):  # nobody: music on hold
        samples = telephone(rng, samples)
    if rng.random() < _COLOURED:
        samples = microphone(rng, samples)
    labels = np.where(active, np.where(kind == _SILENCE, _SPEECH, _SPEECH_OVER_SOUND), kind)
    return level(samples, -26 + rng.uniform(-15, 8)), labels


def _background(active, backgrounds, rng, bare, lasting):
    """Noise and music that change every 3-25 s or last; half of the time, they are louder where nobody speaks.

    Returns the samples and the class of each frame as if nobody spoke.
    """
    samples, kind = [], []
    alone = _far_from(active)
    at = 0
    while at < len(active):
        n = len(active) if lasting else min(int(rng.uniform(3, 25) * 100), len(active) - at)
        number = _SILENCE if not lasting and rng.random() < bare else rng.choice([_NOISE, _MUSIC])
        if number == _SILENCE:
            sound = np.zeros(n * _HOP)
        else:
            sound = _sound(SPEECH_CLASSES[number], backgrounds, rng, n * _HOP)
            decibels = np.full(n, -26 - rng.uniform(3, 22))
            if rng.random() < 0.5:
                decibels += rng.uniform(0, 15) * alone[at : at + n]
            sound = sound * 10 ** (np.repeat(decibels, _HOP) / 20)
        samples.append(sound)
        kind.append(np.full(n, number))
        at += n
    return np.concatenate(samples), np.concatenate(kind)


def _sound(kind, backgrounds, rng, n_samples):
    """Noise or music of unit RMS: made up, a bed, or clips one after the other, half of the time alike."""
    how = rng.random()
    if how < _MADE_UP:
        return level((tune if kind == "music" else hum)(rng, n_samples), 0.0)
    clips = backgrounds[kind]
    if how < _MADE_UP + _BED:
        return bed(rng, {kind: clips}, n_samples)
    pieces, length = [np.zeros(0, np.float32)], 0
    near, alike = rng.integers(len(clips)), rng.random() < 0.5
    while length < n_samples:
        number = (near + rng.integers(_ALIKE)) % len(clips) if alike else rng.integers(len(clips))
        gap = np.zeros(int(rng.uniform(0, 0.6) * SAMPLE_RATE), np.float32)
        pieces += [level(vary(rng, clips[number]), -rng.uniform(0, 12)), gap]
        length += len(pieces[-2]) + len(gap)
    return level(np.concatenate(pieces)[:n_samples], 0.0)


def _far_from(active, reach=30):
    """1 where nobody speaks, 0 where somebody does, with a ramp of `reach` frames in between."""
    near = np.convolve(active, np.ones(2 * reach + 1), "same") > 0
    return np.convolve(~near, np.ones(reach) / reach, "same")
