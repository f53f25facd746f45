"""Disputed ratings: how far results rest on films about whose rating the volunteers disagree."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import CheckedFilms, check_outcome, checked
from bechdel_stats.describe.intervals import check_level, wilson
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message

TREATMENTS = ("as rated", "fail", "leave out")
_DECIMALS = {"pass_rate": 3, "ci_low": 3, "ci_high": 3}


@dataclass(frozen=True, eq=False)
class DisputedSensitivity:
    """Pass rate with disputed ratings as they are, counted as fails, and left out.

    Parameters
    ----------
    table : DataFrame
        One row per treatment: how, n_films, n_passes, pass_rate, ci_low, ci_high (Wilson).
    n_films, n_disputed, n_changed : int
        Films with an outcome; of these, films whose rating is disputed; of these, films that pass as rated.
    n_unknown : int
        Films with an outcome of which it is not known whether it is disputed: taken as rated.
    conf_level : float
    notes : tuple of Message
    """

    table: pd.DataFrame
    n_films: int
    n_disputed: int
    n_changed: int
    n_unknown: int
    conf_level: float
    notes: tuple[Message, ...]

    def summary(self) -> Summary:
        """Return the table in readable form, as a `Summary`."""
        header = (
            ("films", self.n_films),
            ("disputed", self.n_disputed),
            ("of these pass as rated", self.n_changed),
            ("not known whether disputed", self.n_unknown),
            ("confidence level", self.conf_level),
        )
        return Summary("Pass rate and disputed ratings", self.table, header, self.notes, _DECIMALS)

    def __repr__(self):
        return f"DisputedSensitivity(n_films={self.n_films}, n_disputed={self.n_disputed})"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def treat_disputed(films: pd.DataFrame, how: str) -> CheckedFilms:
    """Return films with disputed ratings as they are, counted as fails, or left out; any analysis can follow.

    Parameters
    ----------
    films : DataFrame
        One row per film, with a column dubious (1 where the rating is disputed); never modified. Films of which that is
        not known keep their rating.
    how : {"as rated", "fail", "leave out"}
        With "fail", a disputed film that passes counts as failing the last step: `passes` is 0, and the rating, if
        there is one, 2. Disputed ratings of 0 to 2 fail already and stay.

    Returns
    -------
    films : DataFrame
        As returned by `standardise`.

    Raises
    ------
    FilmsError
        If there is no column dubious with values, unless films are taken as rated.
    """
    if how not in TREATMENTS:
        raise ValueError(f"how must be one of {', '.join(map(repr, TREATMENTS))}; got {how!r}.")
    films = checked(films)
    if how == "as rated":
        return films
    disputed = _disputed(films)
    if how == "leave out":
        return films.rows(~disputed)
    changed = {}
    if "rating" in films:
        changed["rating"] = films["rating"].mask(disputed & (films["rating"] == 3), 2.0)
    if "passes" in films:
        changed["passes"] = films["passes"].mask(disputed & (films["passes"] == 1), 0.0)
    return CheckedFilms(films.assign(**changed))


def disputed_sensitivity(films: pd.DataFrame, conf_level: float = 0.95) -> DisputedSensitivity:
    """Compute the pass rate with disputed ratings as they are, counted as fails, and left out.

    Read the three rates together: the width between them is what the disagreement is worth, and no interval covers it.

    Parameters
    ----------
    films : DataFrame
        One row per film, with passes or rating and dubious; never modified.
    conf_level : float, default=0.95

    Returns
    -------
    sensitivity : DisputedSensitivity

    Raises
    ------
    FilmsError
        If the outcome or the column dubious is missing.
    """
    check_level(conf_level)
    films = checked(films)
    known = films.rows(check_outcome(films).notna())
    disputed = _disputed(known)
    rows = []
    for how in TREATMENTS:
        passes = treat_disputed(known, how)["passes"]
        n_passes, n_films = int(passes.sum()), len(passes)
        ci_low, ci_high = wilson(n_passes, n_films, conf_level)
        rows.append((how, n_films, n_passes, n_passes / n_films if n_films else np.nan, ci_low, ci_high))
    table = pd.DataFrame(rows, columns=["how", "n_films", "n_passes", "pass_rate", "ci_low", "ci_high"])
    n_unknown = int(known["dubious"].isna().sum())
    notes = (Message("disputed_unknown", n=n_unknown),) if n_unknown else ()
    n_changed = int(known["passes"][disputed].sum())
    return DisputedSensitivity(table, len(known), int(disputed.sum()), n_changed, n_unknown, conf_level, notes)


def _disputed(films):
    if "dubious" not in films or not films["dubious"].notna().any():
        raise FilmsError(Message("no_disputed"))
    return films["dubious"] == 1
