"""How an iterative fit ended."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Convergence:
    """How an iterative algorithm such as EM ended.

    Parameters
    ----------
    n_iter : int
        Number of iterations performed.
    converged : bool
        True if the tolerance was met, False if the iterations ran out.
    """

    n_iter: int
    converged: bool
