"""The Bechdel test by ear: what the voices of a recording say about it, with probabilities.

The test [1]_ asks whether (1) at least two women (2) speak to each other (3) about something other than a man. Of the
first two, turns and voices tell something; the third cannot be heard in them. Nothing here says that a film passes.

References
----------
.. [1] Bechdel, "The rule", in "Dykes to Watch Out For", Firebrand Books, 1986.
"""

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from lightdiar.common.tables import aligned, html_table, printable
from lightdiar.representation.dialogue import Exchange, find_exchanges
from lightdiar.systems.result import Diarization

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, order=True)
class WomensExchange(Exchange):
    """An exchange, and the probability that two women speak to each other in it."""

    probability: float


@dataclass(frozen=True, eq=False, repr=False)
class BechdelByEar:
    """What is heard of the Bechdel test in one recording.

    Parameters
    ----------
    recording : str
    duration, speech_seconds : float
    p_women, p_men : ndarray
        Probability that 0, 1, 2, ... women, or men, speak for at least 2 s.
    female_share : float
        Women's share of the speaking time of women and men; NaN if nobody speaks.
    share_interval : tuple of 2 float
        Bounds of that share, which lies between them with a probability of 0.95.
    p_two_women : float
        Probability of the first criterion: at least two women speak.
    p_women_talk : float
        Probability of the second: two women speak to each other, that is, take turns close in time with nobody else in
        between.
    exchanges : tuple of WomensExchange
        Where to listen: exchanges between voices that are probably women's, the most probable first.
    """

    recording: str
    duration: float
    speech_seconds: float
    p_women: np.ndarray
    p_men: np.ndarray
    female_share: float
    share_interval: tuple[float, float]
    p_two_women: float
    p_women_talk: float
    exchanges: tuple[WomensExchange, ...]
_DRAWS = 4000  # of what may be true: probabilities to a percentage point
_INTERVAL = 0.95
_LEAST = 0.05  # probability of an exchange between women that is worth listening to


def bechdel_by_ear(result: Diarization) -> BechdelByEar:
    """Say what is heard of the Bechdel test, with probabilities."""
    rng = np.random.default_rng(0)
    names = [speaker.name for speaker in result.speakers]
    p_woman = np.array([speaker.p_female for speaker in result.speakers])
    seconds = np.array([speaker.seconds for speaker in result.speakers])
    speech = sum(segment.duration for segment in result.annotation.speech())
    woman = rng.random((_DRAWS, len(names))) < p_woman
    counted = seconds >= result.min_speaker_seconds
    women, men = (woman & counted).sum(axis=1), (~woman & counted).sum(axis=1)
    talk = np.zeros(_DRAWS, bool)
    exchanges = []
    for exchange in find_exchanges(result.annotation):
        one, other = (names.index(name) for name in exchange.speakers)
        both = woman[:, one] & woman[:, other]
        talk |= both
        if both.mean() >= _LEAST:
            own = exchange.start, exchange.end, exchange.speakers, exchange.n_turns
            exchanges.append(WomensExchange(*own, float(both.mean())))
    exchanges.sort(key=lambda exchange: (-exchange.probability, exchange.start))
    share = woman @ seconds / max(seconds.sum(), 1e-9)
    tail = (1 - _INTERVAL) / 2
    low, high = np.quantile(share, [tail, 1 - tail]) if len(names) else (np.nan, np.nan)
    return BechdelByEar(
        result.annotation.recording,
        result.duration,
        speech,
        np.bincount(women) / _DRAWS,
        np.bincount(men) / _DRAWS,
        result.female_share,
        (float(low), float(high)),
        float((women >= 2).mean()),
        float(talk.mean()),
        tuple(exchanges),
    )
