"""From sounds to voiceprints: the speech in each file, all of it together, and whether more than one person speaks."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lightdiar.common.tables import printable
from lightdiar.signal.frontend import GRID, Analysis, analyse
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems import bundle
from lightdiar.systems.diarizer import Diarizer
from lightdiar.systems.sound import open_sound
from lightdiar.systems.voice_models import VoiceModels

_LEAST_EVIDENCE = 0.5  # nats of speech: half of what is asked of a recording in which perhaps nobody speaks
_LEAST_VOICE = 4.0  # seconds of speech: of less, nobody can say that it is another person
_DIFFERENT = -2.0  # nats between two voices in one sound, below which they are two people


@dataclass(frozen=True, eq=False)
class Heard:
    """The speech of one sound.

    Parameters
    ----------
    title : str
        What to call the sound in a message.
    N, F : ndarray of shape (n_components,) and (n_components, n_features)
        Baum-Welch statistics.
    seconds : float
        Of speech.
    n_people : int
        How many voices there are that are surely not of one person; 0 without speech.
    """

    title: str
    N: np.ndarray
    F: np.ndarray
    seconds: float
    n_people: int


def hear(sound: Any, models: VoiceModels) -> Heard:
    """Listen to a sound, which is anything that `lightdiar.io.memory.as_sound` takes; its channels are mixed.

    Raises
    ------
    AudioError
        If it cannot be read.
    """
    name, blocks = open_sound(sound)
    title = printable(os.fspath(sound)) if isinstance(sound, (str, os.PathLike)) else name or "the sound"
    analysis = analyse(blocks)
    speech = speech_of_a_voice(analysis)
    N, F = models.voiceprinter.statistics(analysis, [speech])
    return Heard(title, N[0], F[0], float(speech.sum() * GRID.step), _number_of_people(analysis, speech, models))


def speech_of_a_voice(analysis: Analysis) -> np.ndarray:
    """Which frames are speech, bool, shape (n_frames,), in a sound that was given as that of a voice.

    A single word or a few digits are less evidence of speech than a conversation is, and so is a voice under music.
    """
    return bundle.load().speech(analysis, _LEAST_EVIDENCE)


def voiceprint(heard: Sequence[Heard], models: VoiceModels) -> Voiceprint:
    """The voiceprint of everything that was heard, as if it were one sound."""
    N, F = (np.sum([getattr(one, name) for one in heard], axis=0) for name in ("N", "F"))
    seconds = sum(one.seconds for one in heard)
    n_frames = np.array([seconds / GRID.step])
    return Voiceprint(models.voiceprinter.project(N[None], F[None], n_frames)[0], seconds)


def pooled(voiceprints: Sequence[Voiceprint]) -> Voiceprint:
    """One voiceprint for several of one voice: their mean, weighted by seconds of speech."""
    seconds = np.array([one.seconds for one in voiceprints])
    weights = seconds if seconds.any() else np.ones(len(seconds))
    vector = np.average([one.vector for one in voiceprints], axis=0, weights=weights)
    return Voiceprint(vector.astype(np.float32), float(seconds.sum()))


def number_of_people(voiceprints: Sequence[Voiceprint], models: VoiceModels) -> int:
    """How many of the voices in a recording are surely not of one person; 0 if there are none.

    A diarizer may take one voice for two. Here two voices are two people if there are four seconds of each and the
    models of recognition find it seven times as probable that they differ.
    """
    long = [one for one in voiceprints if one.seconds >= _LEAST_VOICE]
    if len(long) < 2:
        return int(any(one.seconds for one in voiceprints))
    vectors = np.array([one.vector for one in long])
    differ = models.log_likelihood_ratios(vectors, vectors) < _DIFFERENT
    surely = [0]
    for row in range(1, len(long)):
        if differ[row, surely].all():
            surely.append(row)
    return len(surely)


def _number_of_people(analysis: Analysis, speech: np.ndarray, models: VoiceModels) -> int:
    """The same of a recording, whose voices the diarizer finds."""
    if speech.sum() * GRID.step < 2 * _LEAST_VOICE:
        return int(speech.any())
    labels, _ = Diarizer().label(analysis)
    masks = [speech & (labels == number) for number in range(labels.max() + 1)]
    return number_of_people(models.voiceprinter(analysis, masks), models)
