"""The classes of a run: each is trained by itself, and kept as soon as it is finished.

The folder of a class has `history.csv`, its validations so far, from the first on; `parameters.npz` and `card.json` are
there when it is finished.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from io import StringIO

import numpy as np

from lightdiar.common.archive import CARD, read_arrays, read_card, write_archive
from lightdiar.common.files import write_text
from lightdiar.common.foreign import read_text
from lightdiar.common.tables import disarmed, rearmed
from lightdiar.errors import FormatError, ModelError
from lightdiar.events.classifiers import Classifier, from_arrays, to_arrays
from lightdiar.events.config import Config
from lightdiar.events.runs import CLASSES, HISTORY, Run
from lightdiar.events.smoothing import smoothed
from lightdiar.events.training import Validation, class_weights, drawn_steps, train_class
from lightdiar.systems.bundle import PARAMETERS

COLUMNS = ["label", *(field.name for field in fields(Validation))]
_PREFIX = "label"


def train_label(
    run: Run,
    number: int,
    label: str,
    X: np.ndarray,
    y: np.ndarray,
    held_X: np.ndarray,
    held_y: np.ndarray,
    lengths: Sequence[int],
    config: Config,
) -> Validation:
    """Train one class and write it into its folder.

    Parameters
    ----------
    run : Run
    number : int
        Which class: where it is kept.
    label : str
        Its name.
    X, held_X : ndarray of shape (n_steps, n_columns), float32
    y, held_y : ndarray of bool, shape (n_steps,)
        Where it sounds; `y` has both values.
    lengths : sequence of int
        Steps in each of the recordings held out.
    config : Config

    Returns
    -------
    validation : Validation
        The one that was kept.
    """
    folder = run.class_folder(number)
    folder.mkdir(parents=True, exist_ok=True)
    rows = drawn_steps(y, config.most_negatives, np.random.default_rng([config.seed, number]))
    classifier, threshold, history = train_class(
        X if len(rows) == len(y) else X[rows],
        y[rows],
        held_X,
        held_y,
        kind=config.model,
        lengths=lengths,
        weights=_weights(y, rows, config.class_weights),
        seed=config.seed,
        patience=config.patience,
        options={"n_bands": config.front_end.n_filters} if config.model == "nmf" else None,
        smooth=_smoother(config.decoding),
        tell=lambda so_far: write_text(folder / HISTORY, history_text({label: so_far})),
    )
    write_text(folder / HISTORY, history_text({label: history}))
    write_archive(folder / PARAMETERS, to_arrays(classifier, _PREFIX), {"threshold": threshold})
    return next(validation for validation in history if validation.kept)


def is_trained(run: Run, number: int) -> bool:
    """Whether a class is finished."""
    return (run.class_folder(number) / CARD).is_file()


def read_label(run: Run, number: int, n_columns: int) -> tuple[Classifier, float]:
    """A class that is finished: its classifier, and its threshold as log odds.

    Raises
    ------
    ModelError
        If it is damaged.
    """
    folder = run.class_folder(number)
    path, threshold = folder / PARAMETERS, read_card(folder).get("threshold")
    if not isinstance(threshold, (int, float)):
        raise ModelError(f"{folder / CARD}: has no threshold; remove the folder and train again.")
    return from_arrays(read_arrays(path), _PREFIX, n_columns, path), float(threshold)


def history_text(histories: Mapping[str, Sequence[Validation]]) -> str:
    """Validations by label, as CSV; empty cells where a figure is not known."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for label, history in histories.items():
        for row in history:
            numbers = ["" if value != value else f"{value:.10g}" for value in astuple(row)[:-1]]
            writer.writerow([disarmed(label), *numbers, int(row.kept)])
    return text.getvalue()


def read_histories(run: Run) -> dict[str, list[Validation]]:
    """The validations so far of each class that was begun, by label.

    Raises
    ------
    FormatError
        If a file is damaged.
    """
    histories: dict[str, list[Validation]] = {}
    paths = (run.folder / CLASSES).glob(f"*/{HISTORY}")
    for path in sorted(paths, key=lambda path: (len(path.parent.name), path.parent.name)):  # 100 comes after 99
        rows = list(csv.reader(StringIO(read_text(path))))
        try:
            if rows[0] != COLUMNS:
                raise ValueError("other columns")
            for label, *cells in rows[1:]:
                stage, amount, f1, error_rate, threshold, kept = (float(cell or "nan") for cell in cells)
                row = Validation(int(stage), amount, f1, error_rate, threshold, bool(kept))
                histories.setdefault(rearmed(label), []).append(row)
        except (ValueError, TypeError, IndexError):
            raise FormatError(f"{path}: is not as `lightdiar events train` wrote it; train again elsewhere.") from None
    return histories


def history_table(run: Run, unit: str) -> list[tuple[str, ...]]:
    """The validations so far as a table: header, and a row for each class with the one that is best, or was kept.

    Parameters
    ----------
    run : Run
    unit : str
        What training is counted in.
    """
    table: list[tuple[str, ...]] = [("label", "", unit, "F1 %", "error rate", "F1 % of each validation")]
    for label, history in read_histories(run).items():
        kept = next((row for row in history if row.kept), None)
        best = kept or max(history, key=lambda row: row.rank)
        f1 = [f"{100 * row.f1:.1f}" if row.f1 == row.f1 else "-" for row in history]
        error_rate = f"{best.error_rate:.2f}" if best.error_rate == best.error_rate else "-"
        state = "finished" if kept else "training"
        table.append((label, state, f"{best.amount:g}", f1[history.index(best)], error_rate, " ".join(f1)))
    return table


def _smoother(decoding):
    """What is done to scores before a threshold decides; the HMM has none."""
    widths = decoding.steps
    return None if decoding.kind == "hmm" else lambda scores: smoothed(scores, **widths)


def _weights(y, rows, kind):
    """Weights of the drawn steps; without balance each that was drawn stands for those that were not."""
    if kind == "balanced":
        return class_weights(y[rows])
    return np.where(y[rows], 1.0, np.count_nonzero(~y) / max(1, np.count_nonzero(~y[rows])))
