"""How an iterative fit ended."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Convergence:
    """How an EM algorithm ended.

    Parameters
    ----------
    n_iter : int
        Iterations made.
    converged : bool
        Whether the tolerance was met, not whether the iterations ran out.
    """

    n_iter: int
    converged: bool
