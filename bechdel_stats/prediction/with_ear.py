"""What the ear adds: unseen films with a recording, predicted without and with what is heard in it."""

from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTES, terms_of
from bechdel_stats.data.schema import CheckedFilms, checked
from bechdel_stats.inference.odds_result import EVENTS
from bechdel_stats.prediction.evaluation import folds, without
from bechdel_stats.prediction.metrics import METRICS, Metrics, draws
from bechdel_stats.prediction.model import fit_model, with_outcome
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, warn
from lightdiar.common.notation import count_of

_EAR = [attribute.name for attribute in ATTRIBUTES if attribute.block == "ear"]
_N_FOLDS = 5
LEAST = ceil(EVENTS * len(terms_of("ear")) * _N_FOLDS / (_N_FOLDS - 1))  # of each outcome, also to fit to four fifths
_OF_PASSING = 4  # the first of METRICS


@dataclass(frozen=True, eq=False)
class EarComparison:
    """Predictions of unseen films with a recording, without and with what is heard in it.

    Parameters
    ----------
    table : DataFrame
        One row per metric of passing: metric, without_ear, with_ear, difference (with minus without), ci_low, ci_high
        (of the difference; paired bootstrap over films).
    n_films, n_pass : int
        Rated films with a recording, and those of them that pass.
    n_others : int
        Rated films without one, to which all models are fitted too.
    protocol : str
    """

    table: pd.DataFrame
    n_films: int
    n_pass: int
    n_others: int
    protocol: str

    @property
    def verdict(self) -> Message:
        """Whether what is heard makes predictions better: the interval of the difference of log loss."""
        low, high = self.table.set_index("metric").loc["log_loss", ["ci_low", "ci_high"]]
        return Message("ear_better" if high < 0 else "ear_worse" if low > 0 else "ear_unsettled")

    @property
    def figures(self) -> list[str]:
        """The table in lines of text, for the model card."""
        metrics = [
            f"{row.metric} {row.without_ear:.3f} without, {row.with_ear:.3f} with, "
            f"difference {row.difference:.3f} [{row.ci_low:.3f}, {row.ci_high:.3f}]"
            for row in self.table.itertuples()
        ]
        return [
            f"{count_of(self.n_films, 'film')} with a recording ({self.n_pass} pass), unseen, {self.protocol}",
            *metrics,
        ]

    def summary(self) -> Summary:
        """Return the table in readable form, as a `Summary`."""
        header = (
            ("films with a recording", self.n_films),
            ("of these pass", self.n_pass),
            ("films without one", self.n_others),
            ("protocol", self.protocol),
        )
        decimals = dict.fromkeys(("without_ear", "with_ear", "difference", "ci_low", "ci_high"), 3)
        notes, intervals = (Message("ear_compared"), self.verdict), {"difference": ("ci_low", "ci_high")}
        return Summary("Predictions without and with what is heard", self.table, header, notes, decimals, intervals)

    def __repr__(self):
        auc = self.table.set_index("metric").loc["auc"]
        films = count_of(self.n_films, "film")
        return f"EarComparison({films}, AUC {auc.without_ear:.3f} without, {auc.with_ear:.3f} with)"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def enough_heard(films: pd.DataFrame) -> CheckedFilms:
    """Return films as they are if enough of those with a recording pass and fail, otherwise without what is heard.

    `LEAST` of each are needed: 5 for each of the three columns, also in the four fifths of the films to which
    cross-validation fits.

    Warns
    -----
    FilmsWarning
        If there are too few; the message says how many there are.
    """
    films = checked(films)
    n_fail, n_pass = _counts(films)
    if min(n_fail, n_pass) >= LEAST:
        return films
    warn(Message("ear_too_few", least=LEAST, n_pass=n_pass, n_fail=n_fail))
    return without(films, "ear")


def compare_with_ear(films: pd.DataFrame, *, seed: int = 0) -> EarComparison:
    """Predict each rated film with a recording by models of other films, without and with what is heard.

    Films without a recording are in all models and are not predicted.

    Parameters
    ----------
    films : DataFrame
        With `rating`, or with `passes` alone, and what is heard, as `join_ear` gives it; rows without an outcome are
        left out.
    seed : int, default=0
        Of the folds and the bootstrap.

    Returns
    -------
    comparison : EarComparison

    Raises
    ------
    FilmsError
        If fewer than `LEAST` of these films pass, or fail.
    """
    films, outcome = with_outcome(films)
    n_fail, n_pass = _counts(films)
    if min(n_fail, n_pass) < LEAST:
        raise FilmsError(Message("ear_too_few", least=LEAST, n_pass=n_pass, n_fail=n_fail))
    is_heard = _is_heard(films)
    heard, others = np.flatnonzero(is_heard), np.flatnonzero(~is_heard)
    found: dict[bool, list[np.ndarray]] = {False: [], True: []}
    rows = []
    for train, test in folds(films.rows(heard), _N_FOLDS, seed):
        model, unseen = fit_model(films.rows(np.concatenate([others, heard[train]]))), films.rows(heard[test])
        found[False].append(model.predict_proba(without(unseen, "ear")))
        found[True].append(model.predict_proba(unseen))
        rows.append(heard[test])
    rating = outcome.to_numpy()[np.concatenate(rows)]
    unaware, aware = (Metrics(rating, np.vstack(found[which])) for which in (False, True))
    differences = [np.subtract(aware.of(draw), unaware.of(draw)) for draw in draws(aware.passes, seed)]
    low, high = np.quantile(differences, [0.025, 0.975], axis=0)
    table = pd.DataFrame({"without_ear": unaware.of(), "with_ear": aware.of()})
    table = table.assign(difference=table["with_ear"] - table["without_ear"], ci_low=low, ci_high=high)
    table.insert(0, "metric", METRICS[: len(table)])
    table = table[:_OF_PASSING]
    protocol = f"{_N_FOLDS}-fold cross-validation, stratified by passing, seed {seed}"
    return EarComparison(table, len(heard), n_pass, len(others), protocol)


def _is_heard(films):
    return films[[name for name in _EAR if name in films]].notna().any(axis=1).to_numpy()


def _counts(films):
    """Films with a recording that fail, and that pass."""
    heard = films["passes"][_is_heard(films)] if "passes" in films else pd.Series(dtype=float)
    return int((heard == 0).sum()), int((heard == 1).sum())
