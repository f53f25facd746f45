"""What is said of a voice: is it this person, and which person is it."""

import math
from dataclasses import dataclass
from html import escape

import numpy as np

from lightdiar.common.tables import aligned, html_table, printable
from lightdiar.metrics.identification import SOMEBODY_ELSE

NAMED = 0.9  # a voice is given a name if that is at least so probable: a wrong name is worse than none
_HEAD = "person", "probability", "log ratio"
_MOST_SHOWN = 10  # people in the text of an identification


def posteriors(ratios: np.ndarray, known: float) -> np.ndarray:
    """How probable each person is, and in the last column somebody else.

    Parameters
    ----------
    ratios : ndarray of shape (n_tests, n_people)
        Log likelihood ratios, nats.
    known : float
        How probable it is, before the sound is heard, that it is one of them; each is as probable as the others.

    Returns
    -------
    probabilities : ndarray of shape (n_tests, n_people + 1)
        Rows sum to 1.

    Examples
    --------
    >>> posteriors(np.zeros((1, 2)), 0.5)  # nothing was heard
    array([[0.25, 0.25, 0.5 ]])
    """
    logs = np.pad(ratios + math.log(known) - math.log(ratios.shape[1]), [(0, 0), (0, 1)])
    logs[:, -1] = math.log(1 - known)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


@dataclass(frozen=True)
class Verification:
    """Whether a voice is that of a person.

    Parameters
    ----------
    name : str
    log_likelihood_ratio : float
        The weight of evidence of the sound itself, in nats; positive favours the person.
    prior : float
        How probable it was before the sound was heard, between 0 and 1.
    seconds : float
        How much speech the sound has.
    """

    name: str
    log_likelihood_ratio: float
    prior: float
    seconds: float

    @property
    def probability(self) -> float:
        """How probable it is that the person speaks, given the sound and the prior."""
        odds = self.log_likelihood_ratio + math.log(self.prior / (1 - self.prior))
        return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0

    @property
    def accepted(self) -> bool:
        """Whether it is more probable than not; never without speech."""
        return self.seconds > 0 and self.probability > 0.5

    def __str__(self) -> str:
        if not self.seconds:
            return f"{printable(self.name)}: no answer, no speech found"
        answer = "yes" if self.accepted else "no"
        return (
            f"{printable(self.name)}: {answer}, probability {self.probability:.3f} (prior {self.prior:g}), log "
            f"likelihood ratio {self.log_likelihood_ratio:+.1f}, {self.seconds:.1f} s of speech"
        )


@dataclass(frozen=True)
class Candidate:
    """A person who may be the speaker, how probably, and the weight of evidence (nats)."""

    name: str
    probability: float
    log_likelihood_ratio: float


@dataclass(frozen=True)
class Identification:
    """Whose voice it is: everybody, the most probable first.

    Parameters
    ----------
    candidates : tuple of Candidate
        Their probabilities and `somebody_else` sum to 1.
    somebody_else : float
        Probability that it is nobody of them.
    known : float
        How probable it was, before the sound was heard, that it is one of them.
    seconds : float
        How much speech the sound has.
    """

    candidates: tuple[Candidate, ...]
    somebody_else: float
    known: float
    seconds: float

    @property
    def name(self) -> str | None:
        """The person, if somebody is with a probability of 0.9 or more; otherwise None."""
        first = self.candidates[0]
        return first.name if first.probability >= NAMED else None

    def __str__(self) -> str:
        lines = aligned([_HEAD, *self._rows()])
        hidden = len(self.candidates) - _MOST_SHOWN
        return "\n".join([self._headline(), *lines, *[f"and {hidden} more people"] * (hidden > 0)])

    def _repr_html_(self):
        return f"<p>{escape(self._headline())}</p>{html_table([_HEAD, *self._rows()])}"

    def _headline(self):
        name = printable(self.name) if self.name else "nobody for certain"
        return f"{name}, {self.seconds:.1f} s of speech, prior of a known person {self.known:g}"

    def _rows(self):
        people = [
            (printable(one.name), f"{one.probability:.3f}", f"{one.log_likelihood_ratio:+.1f}")
            for one in self.candidates[:_MOST_SHOWN]
        ]
        place = sum(one.probability >= self.somebody_else for one in self.candidates[:_MOST_SHOWN])
        return [*people[:place], (SOMEBODY_ELSE, f"{self.somebody_else:.3f}", ""), *people[place:]]
