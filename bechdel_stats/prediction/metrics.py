"""The metrics of predictions, and samples of films by which their intervals are found.

References
----------
.. [1] Efron and Tibshirani, "An introduction to the bootstrap", 1993, section 13.3 (percentile intervals).
"""

import numpy as np

from bechdel_stats.prediction.blocks import RATINGS

METRICS = ("auc", "brier", "log_loss", "accuracy", "score_accuracy", "macro_f1", "qwk")  # the last three of scores
N_BOOTSTRAP = 300


def draws(passes: np.ndarray, seed: int = 0) -> list[np.ndarray]:
    """Return bootstrap samples [1]_: positions of films, drawn with replacement; in each some pass and some fail."""
    n_films, rng = len(passes), np.random.default_rng(seed)
    drawn = [rng.integers(n_films, size=n_films) for _ in range(N_BOOTSTRAP)]
    return [draw for draw in drawn if 0 < passes[draw].sum() < n_films]


class Metrics:
    """The metrics of predictions, and of any sample of them; each is a weighted sum over films, so samples are fast."""

    def __init__(self, rating, probabilities):
        self.n, self.n_outcomes = probabilities.shape
        self.passes, probability = rating == self.n_outcomes - 1, probabilities[:, -1]
        clipped = np.clip(probability, np.finfo(float).eps, 1 - np.finfo(float).eps)
        self.losses = np.column_stack(
            [
                (probability - self.passes) ** 2,
                -np.log(np.where(self.passes, clipped, 1 - clipped)),
                (probability > 0.5) == self.passes,
            ]
        )
        self.order = np.argsort(probability, kind="stable")
        ordered = probability[self.order]
        self.ties = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])  # where another probability begins
        self.cells = rating * self.n_outcomes + probabilities.argmax(axis=1)

    def of(self, draw=None):
        """Return the metrics in the order of `METRICS`, of all films or of those at these positions.

        Of pass and fail alone there are none of the score.
        """
        counts = np.ones(self.n) if draw is None else np.bincount(draw, minlength=self.n).astype(float)
        of_passing = [self._auc(counts), *counts @ self.losses / counts.sum()]
        if self.n_outcomes < len(RATINGS):
            return of_passing
        confusion = np.bincount(self.cells, counts, self.n_outcomes**2).reshape(self.n_outcomes, self.n_outcomes)
        return [*of_passing, *_of_scores(confusion)]

    def _auc(self, counts):
        """The share of pairs of a film that passes and one that fails in which the first has the higher probability."""
        ordered, passes = counts[self.order], self.passes[self.order]
        yes, no = (np.add.reduceat(ordered * chosen, self.ties) for chosen in (passes, ~passes))
        below = np.cumsum(no) - no
        return yes @ (below + no / 2) / (yes.sum() * no.sum())


def _of_scores(confusion):
    """Accuracy, macro F1 and quadratically weighted kappa of a table of counts: rows are ratings, columns scores."""
    true, said, right = confusion.sum(axis=1), confusion.sum(axis=0), np.diag(confusion)
    there = true + said > 0
    distance = np.subtract.outer(RATINGS, RATINGS) ** 2
    by_chance = (distance * np.outer(true, said)).sum() / confusion.sum()
    kappa = 1 - (distance * confusion).sum() / by_chance if by_chance else np.nan
    return right.sum() / confusion.sum(), float(np.mean(2 * right[there] / (true + said)[there])), kappa
