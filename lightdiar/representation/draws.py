"""What may be true of a recording: many draws of who is a woman, who is who, who was missed and who talks with whom.

A diarization is one answer among many that fit the sound. Drawing them by the probabilities of
`lightdiar.representation.reliability` and counting is the Monte Carlo method [1]_: the share of draws in which
something holds is its probability, and quantiles over the draws are an interval.

References
----------
.. [1] Metropolis and Ulam, "The Monte Carlo method", Journal of the American Statistical Association 44, 1949.
"""

from dataclasses import dataclass

import numpy as np

from lightdiar.representation.dialogue import who_answers_whom
from lightdiar.representation.reliability import Reliability, expit, recording_columns
from lightdiar.systems.result import Diarization, check_result

N_DRAWS = 4000  # probabilities to a percentage point


@dataclass(frozen=True, eq=False)
class Draws:
    """Draws of what may be true.

    Parameters
    ----------
    women, men : ndarray of int, shape (n_draws,)
        How many speak for at least 2 s.
    missed_women : ndarray of int, shape (n_draws,)
        How many of the women no speaker of the result stands for.
    female_share : ndarray of shape (n_draws,)
        Women's share of the speaking time; NaN if nobody speaks.
    pairs : ndarray of int, shape (n_pairs, 2)
        Speakers who answer each other, in the order of the result.
    pairs_talk : ndarray of bool, shape (n_draws, n_pairs)
        Whether both are women who talk with each other.
    women_talk : ndarray of bool, shape (n_draws,)
        Whether any two women do, found or not.
    """

    women: np.ndarray
    men: np.ndarray
    missed_women: np.ndarray
    female_share: np.ndarray
    pairs: np.ndarray
    pairs_talk: np.ndarray
    women_talk: np.ndarray


def check_genders(result: Diarization) -> None:
    """Raise ValueError if nothing is known of anybody's gender."""
    if not check_result(result).genders_known:
        raise ValueError(
            "the genders of the speakers are not known, as in turns from a file without genders. Diarize the sound, or "
            "give the genders in a CSV and convert it to JSON."
        )


def draw_truths(result: Diarization, reliability: Reliability, n_draws: int = N_DRAWS) -> Draws:
    """Draw what may be true of a recording; the same result gives the same draws.

    Two women who talk with each other are two women: the draws agree with themselves.
    """
    rng = np.random.default_rng(0)
    n = len(result.speakers)
    answers = who_answers_whom(result.annotation).counts
    pairs = np.argwhere(np.triu(answers + answers.T, 1))
    if n == 0:
        nobody = np.zeros(n_draws, int)
        return Draws(nobody, nobody, nobody, np.full(n_draws, np.nan), pairs, np.zeros((n_draws, 0), bool), nobody > 0)
    p_woman = reliability.p_woman(result)
    chance = rng.random((n_draws, n))
    woman = chance < reliability.doubted(p_woman)
    distinct = rng.random((n_draws, n)) < reliability.p_distinct(result)
    missed = rng.poisson(reliability.missed_rate(result), n_draws)
    missed_women = rng.binomial(missed, (p_woman.sum() + 1) / (n + 2))  # Laplace's rule of succession
    women = (woman & distinct).sum(axis=1) + missed_women
    men = (~woman & distinct).sum(axis=1) + missed - missed_women

    talking = rng.random((n_draws, len(pairs))) < reliability.p_talking(result, answers, pairs)
    pairs_talk = woman[:, pairs[:, 0]] & woman[:, pairs[:, 1]] & talking
    hidden = may_hide(women, missed_women) & (rng.random(n_draws) < reliability.hidden)
    women_talk = pairs_talk.any(axis=1) | hidden
    # without the doubt: 95 % of the intervals hold the true share as it is
    share = _draw_share(result, chance < p_woman, reliability, rng)
    return Draws(np.maximum(women, 2 * women_talk), men, missed_women, share, pairs, pairs_talk, women_talk)


def joint_counts(draws: Draws) -> np.ndarray:
    """Share of the draws with each number of women (row) and men (column), shape (n_women + 1, n_men + 1)."""
    shape = draws.women.max() + 1, draws.men.max() + 1
    counts = np.bincount(np.ravel_multi_index((draws.women, draws.men), shape), minlength=shape[0] * shape[1])
    return counts.reshape(shape) / len(draws.women)


def may_hide(women: np.ndarray, missed_women: np.ndarray) -> np.ndarray:
    """Whether a woman who was not found may talk with another, bool for each draw."""
    return (missed_women >= 1) & (women >= 2)


def _draw_share(result, woman, reliability, rng):
    """Women's share of the time of women and men, of which a part belongs to somebody else: a woman or a man."""
    adults = np.array([speaker.likelier_gender != "child" for speaker in result.speakers])
    seconds = np.array([speaker.seconds for speaker in result.speakers]) * adults
    if not seconds.any():
        return np.full(len(woman), np.nan)
    *coefficients, concentration = reliability.confusion
    mean = expit(recording_columns(result) @ coefficients)
    confused = rng.beta(concentration * mean, concentration * (1 - mean), len(woman))
    share = (1 - confused) * (woman @ seconds / seconds.sum()) + confused * (rng.random(len(woman)) < 0.5)
    return np.minimum(share, 1.0)  # sums of many seconds round
