"""Long recordings: the voices of chapters of an hour, and which of them are one speaker.

Memory and work for each hour are then the same however long the recording is. All is decided within a chapter but who
is who: that is the speaker partitioning problem of `lightdiar.systems.partitioning`, in which two voices of one chapter
are different people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lightdiar.stages.clustering import cluster_scores, number_by_appearance
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems.partitioning import APART, LEAST_SPEECH, LEAST_WEIGHT, Items, survey
from lightdiar.systems.voice_models import VoiceModels
from lightdiar.timeline import Segment


@dataclass(frozen=True, eq=False)
class Voice:
    """A voice in one chapter of a recording, or in all of it.

    Parameters
    ----------
    chapter, channel : int
        From 0.
    segments : tuple of Segment
        When it is heard, in time order, seconds from the start of the recording.
    p_female, p_child : float
        As in `lightdiar.systems.result.Speaker`.
    print : Voiceprint or None
        None if nothing is learnt from other voices.
    """

    chapter: int
    channel: int
    segments: tuple[Segment, ...]
    p_female: float
    p_child: float
    print: Voiceprint | None

    @property
    def seconds(self) -> float:
        """Speaking time."""
        return sum(segment.duration for segment in self.segments)


def join_chapters(
    voices: Sequence[Voice], models: VoiceModels, fewest: int | None = None, most: int | None = None
) -> list[Voice]:
    """Put the voices of one speaker together.

    Parameters
    ----------
    voices : sequence of Voice
        With voiceprints, in the order of the chapters. Those of one chapter, or of different channels, are different
        people, and who has less than 2 s of speech in a chapter stays alone, unless `most` demands otherwise.
    models : VoiceModels
    fewest, most : int, optional
        Bounds on the number of speakers; `fewest` at most the number of voices.

    Returns
    -------
    voices : list of Voice
        One for each speaker, in order of appearance; probabilities are means over their chapters by speaking time.
    """
    if len({voice.chapter for voice in voices}) < 2:
        return list(voices)
    labels = cluster_scores(
        _log_odds(voices, models), min_clusters=fewest, max_clusters=None if most is None else min(most, len(voices))
    )
    labels = number_by_appearance(labels)
    return [
        _together([voice for voice, own in zip(voices, labels) if own == number]) for number in range(labels.max() + 1)
    ]


def _log_odds(voices, models):
    """Log odds that two voices are one speaker's, shape (n_voices, n_voices)."""
    seconds = np.array([voice.print.seconds for voice in voices])
    chapters, channels = (np.array([getattr(voice, name) for voice in voices]) for name in ("chapter", "channel"))
    items = Items(
        np.stack([voice.print.vector for voice in voices]),
        np.maximum(seconds, LEAST_WEIGHT).astype(np.float32),
        chapters,
        np.full(len(voices), -1),
    )
    heard = seconds >= LEAST_SPEECH
    odds = np.full((len(voices), len(voices)), APART)
    if heard.any():
        middle, threshold = survey(items.only(heard), models)
        vectors = items.less(middle).vectors[heard]
        odds[np.ix_(heard, heard)] = models.log_likelihood_ratios(vectors, vectors) - threshold
    odds[(chapters[:, None] == chapters) | (channels[:, None] != channels)] = APART
    return odds


def _together(voices):
    """The voices of one speaker as one."""
    if len(voices) == 1:
        return voices[0]
    seconds = [voice.seconds for voice in voices]
    spoken = np.array([voice.print.seconds for voice in voices])
    vector = np.average([voice.print.vector for voice in voices], axis=0, weights=np.maximum(spoken, LEAST_WEIGHT))
    p_female, p_child = (
        min(float(np.average([getattr(voice, name) for voice in voices], weights=seconds)), 1.0)
        for name in ("p_female", "p_child")
    )
    segments = tuple(segment for voice in voices for segment in voice.segments)
    whole = Voiceprint(vector.astype(np.float32), float(spoken.sum()))
    return Voice(voices[0].chapter, voices[0].channel, segments, p_female, p_child, whole)
