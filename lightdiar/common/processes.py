"""Work in several processes, with the same result as in one."""

import threading
import warnings
from collections.abc import Callable, Sequence
from typing import Any

_FILTERS = threading.RLock()  # filters of warnings are those of all threads, and there is no other way to stop this one


def parallel(function: Callable[..., Any], calls: Sequence[tuple[Any, ...]], n_jobs: int, batch: int = 8) -> list[Any]:
    """The results of calls in several processes, in order.

    Parameters
    ----------
    function : callable
    calls : sequence of tuple
        The arguments of each call.
    n_jobs : int
        Number of processes; with 1 there is no other.
    batch : int, default=8
        Calls that a process is given at once: more of short ones, 1 of long ones.
    """
    if n_jobs == 1:
        return [function(*call) for call in calls]
    from joblib import Parallel, delayed

    with _FILTERS, warnings.catch_warnings():
        # joblib mistakes what a worker keeps, such as sounds, for a leak, and starts another
        warnings.filterwarnings("ignore", "A worker stopped", UserWarning)
        return Parallel(n_jobs=n_jobs, batch_size=batch)(delayed(function)(*call) for call in calls)
