"""Who talks with whom: exchanges of turns, and who answers whom.

Two speakers talk with each other, as far as turns can tell, where they take turns close in time and nobody else speaks
in between. What they say, and whether they speak to each other or to a third person, cannot be heard from turns.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lightdiar.timeline import Annotation, Segment, Turn, check_annotation

LONGEST_PAUSE = 5.0  # seconds between a turn and its answer


@dataclass(frozen=True, order=True)
class Exchange(Segment):
    """A stretch in which two speakers take turns and nobody else speaks.

    Parameters
    ----------
    start, end : float
        Seconds, from the first turn to the end of the last.
    speakers : tuple of 2 str
        In the order in which they begin.
    n_turns : int
        Turns of both together, at least 2.
    """

    speakers: tuple[str, str]
    n_turns: int


@dataclass(frozen=True, eq=False)
class Answers:
    """Who answers whom.

    Parameters
    ----------
    speakers : tuple of str
        In order of first appearance.
    counts : ndarray of int, shape (n_speakers, n_speakers)
        Row: who spoke before; column: who spoke next.
    """

    speakers: tuple[str, ...]
    counts: np.ndarray


def alternating_turns(annotation: Annotation, max_pause: float = LONGEST_PAUSE) -> list[list[Turn]]:
    """Conversations: turns of changing speakers, in time order, with pauses of at most `max_pause` seconds.

    Turns of one speaker that follow each other are one turn. A turn that lies inside another, as an interjection
    does, begins and ends within it and is a turn of its own.
    """
    conversations: list[list[Turn]] = []
    end = -np.inf
    for turn in check_annotation(annotation):
        if not conversations or turn.start - end > max_pause:
            conversations.append([])
        talk = conversations[-1]
        if talk and talk[-1].speaker == turn.speaker:
            talk[-1] = Turn(talk[-1].start, max(talk[-1].end, turn.end), turn.speaker)
        else:
            talk.append(turn)
        end = max(end, turn.end)
    return conversations


def find_exchanges(annotation: Annotation, max_pause: float = LONGEST_PAUSE) -> list[Exchange]:
    """Find where two speakers take turns and nobody else speaks.

    Parameters
    ----------
    annotation : Annotation
    max_pause : float, default=5.0
        Seconds: after a longer pause, the next turn answers nobody.

    Returns
    -------
    exchanges : list of Exchange
        In time order, each as long as it can be. A turn between two exchanges, as that of B in A B C, belongs to both.

    Examples
    --------
    >>> talk = Annotation([Turn(0, 2, "ann"), Turn(2, 3, "bea"), Turn(4, 5, "ann"), Turn(20, 21, "bea")])
    >>> find_exchanges(talk)
    [Exchange(start=0.0, end=5.0, speakers=('ann', 'bea'), n_turns=3)]
    """
    exchanges = []
    for talk in alternating_turns(annotation, max_pause):
        first = 0
        for place in range(2, len(talk) + 1):
            pair = {turn.speaker for turn in talk[first : first + 2]}
            if place == len(talk) or talk[place].speaker not in pair:
                own = talk[first:place]
                end = max(turn.end for turn in own)
                exchanges.append(Exchange(own[0].start, end, (own[0].speaker, own[1].speaker), len(own)))
                first = place - 1
    return exchanges


def who_answers_whom(annotation: Annotation, max_pause: float = LONGEST_PAUSE) -> Answers:
    """Count how often each speaker's turn follows one of each other speaker.

    Examples
    --------
    >>> talk = Annotation([Turn(0, 2, "ann"), Turn(2, 3, "bea"), Turn(4, 5, "ann"), Turn(20, 21, "bea")])
    >>> answers = who_answers_whom(talk)
    >>> answers.speakers, answers.counts.tolist()
    (('ann', 'bea'), [[0, 1], [1, 0]])
    """
    speakers = tuple(dict.fromkeys(turn.speaker for turn in check_annotation(annotation)))
    number = {name: place for place, name in enumerate(speakers)}
    counts = np.zeros((len(speakers), len(speakers)), int)
    for talk in alternating_turns(annotation, max_pause):
        for before, after in pairwise(talk):
            counts[number[before.speaker], number[after.speaker]] += 1
    return Answers(speakers, counts)
