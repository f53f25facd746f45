"""What the card of trained models says of how they came about."""

from collections.abc import Sequence
from pathlib import Path

from lightdiar.common.files import PathLike


def command(
    speech: Sequence[PathLike],
    noise: Sequence[PathLike],
    leave_out: Sequence[str] = (),
    *,
    task: str | None = None,
    seed: int = 0,
) -> str:
    """The command that trains the models once more.

    Examples
    --------
    >>> command(["/data/train/people.csv"], ["noise.csv"], ["*babble*"], task="voices")
    "lightdiar train --task voices --speech data/train/people.csv --noise noise.csv --leave-out '*babble*' --out DIR"
    """
    parts = ["lightdiar train", *([f"--task {task}"] if task else [])]
    parts += ["--speech", short_paths(speech, " "), "--noise", short_paths(noise, " ")]
    parts += [f"--leave-out '{pattern}'" for pattern in leave_out] + [f"--seed {seed}"] * (seed != 0)
    return " ".join([*parts, "--out DIR"])


def short_paths(paths: Sequence[PathLike], separator: str = ", ") -> str:
    """The ends of paths: enough to recognise them, and the same on every machine."""
    return separator.join("/".join(Path(path).parts[-3:]) for path in paths)
