"""What became of a task, whoever did it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """A task that was done, or could not be.

    Parameters
    ----------
    task : object
    error : str or None
        Why it could not be done; None if its results are in place.
    attempts : int
        How often it was begun.
    """

    task: Any
    error: str | None
    attempts: int

    @classmethod
    def killed(cls, task: Any, attempts: int) -> "Outcome":
        """That of a task whose process was killed each time, at last with nothing else at work."""
        reason = f"its process was killed {attempts} times, at last with nothing else at work: too little memory?"
        return cls(task, reason, attempts)
