"""Why a film is predicted as it is: what sets it apart from the average film, in log odds of passing.

A model of pass and fail is linear in log odds, so each variable contributes its coefficient times the difference. With
four scores the log odds of passing, the logit of score 3 minus the log of the summed exponentials of the others, are
not linear; they are split along the straight line between the two films, each variable by the integral of its slope
[1]_. The contributions add up to the difference exactly, and for two outcomes both ways are the same.

References
----------
.. [1] Aumann and Shapley, "Values of non-atomic games", 1974; Sundararajan, Taly and Yan, "Axiomatic attribution for
   deep networks", ICML 2017 (integrated gradients).
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTE_OF_TERM, ATTRIBUTES, VARIABLES
from bechdel_stats.data.schema import checked, without_outcome
from bechdel_stats.prediction.blocks import BLOCKS
from bechdel_stats.prediction.model import BechdelModel, design_of, given_model
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, Verbatim, check_kind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_N_NODES = 200  # of the integral along the line; splits are then exact to 1e-10
_MOST_SHOWN = 8


@dataclass(frozen=True, eq=False)
class Explanation:
    """What sets a film apart from the average film.

    Parameters
    ----------
    table : DataFrame
        One row per variable, the largest first: variable, block, value (what is known), log_odds, odds_ratio.
    film : str
        Title and year, if known.
    passes, average : float
        Probability of passing of the film, and of a film with the mean of every column.
    notes : tuple of Message
    """

    table: pd.DataFrame
    film: str
    passes: float
    average: float
    notes: tuple[Message, ...]

    def summary(self) -> Summary:
        """Return contributions in readable form, as a `Summary`."""
        header = (
            ("average film passes", self.average),
            ("this film passes", self.passes),
            ("difference in log odds", self.table["log_odds"].sum()),
        )
        return Summary(f"Why: {self.film}", self.table, header, self.notes)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the way from the average film to this one, and return `ax`."""
        from bechdel_stats.pictures.predictions import plot_explanation

        return plot_explanation(self, ax)

    def __repr__(self):
        return f"Explanation({self.film}, passes {self.passes:.2f}, average {self.average:.2f})"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def explain(film: pd.DataFrame | pd.Series | dict[str, Any], model: BechdelModel | None = None) -> Explanation:
    """Split what sets a film apart from the average film by variable, in log odds of passing.

    Parameters
    ----------
    film : DataFrame of one row, Series or dict
    model : BechdelModel, optional
        By default the shipped one.

    Returns
    -------
    explanation : Explanation

    Raises
    ------
    FilmsError
        If `film` is not one film.
    """
    film = without_outcome(pd.DataFrame([dict(film)]) if isinstance(film, (dict, pd.Series)) else film)
    if len(film) != 1:
        raise FilmsError(Message("one_film", n=len(film)))
    model = given_model(model)
    check_kind("model", model, BechdelModel, "a BechdelModel, as fit_model and load_model return it")
    columns = model._known(film)
    ((blocks, _),) = model._choices(columns)
    filled = model._fill(columns, blocks)
    means = model._fill(filled * np.nan, blocks)
    X = design_of(pd.concat([means, filled], ignore_index=True))
    sources = [_source(name, filled) for name in X.design_info.column_names[1:]]
    average, own = np.asarray(X)
    parts, ends = _split(average, own, model.coefficients[blocks])
    variables = [ATTRIBUTE_OF_TERM[source].variable for source in sources]
    log_odds = pd.Series(parts[1:]).groupby(variables).sum()
    order = log_odds.abs().sort_values(ascending=False, kind="stable").index
    block_of = {attribute.variable: attribute.block for attribute in ATTRIBUTES if attribute.block in BLOCKS}
    values = {name: _value(film, name) for name in order}
    table = pd.DataFrame({"variable": order, "block": [block_of[name] for name in order]}, dtype=object)
    table["value"] = list(values.values())
    table["log_odds"], table["odds_ratio"] = log_odds[order].to_numpy(), np.exp(log_odds[order].to_numpy())
    notes = [Message("contributions_read")]
    notes += [Message("contributions_path")] * model.has_scores
    unknown = [name for name in VARIABLES if name in values and not values[name]]
    notes += [Message("contributions_expected", columns=unknown)] * bool(unknown) + [Message("model_not_world")]
    base, passes = 1 / (1 + np.exp(-ends))
    return Explanation(table, _name(film), float(passes), float(base), tuple(notes))


def find_film(films: pd.DataFrame, which: str) -> pd.DataFrame:
    """Return the one film, as a table of one row, that a title, an IMDb id or a row number (from 1) names.

    Case, accents and punctuation of titles do not matter, nor does an article at the end (Piano, The). A whole title
    goes before a row number, and that before a part of a title.

    Raises
    ------
    FilmsError
        If there is no such film, or several: they are listed.
    """
    check_kind("which", which, str, "text: a title, an IMDb id, or a row such as '1'")
    films = checked(films)  # as a whole: what 50 means, the other films tell
    wanted, rows = _plain(which), np.arange(len(films))
    found, titles = rows[:0], []
    if "imdb_id" in films and (digits := re.fullmatch(r"tt0*(\d+)", which.strip().lower())):
        ids = films["imdb_id"].astype(str).str.extract(r"(\d+)", expand=False).str.lstrip("0")
        found = rows[(ids == digits[1]).to_numpy()]
    elif "title" in films and wanted:
        titles = [_plain(title) if isinstance(title, str) else "" for title in films["title"]]
        found = rows[[title == wanted for title in titles]]
    if not len(found) and which.strip().isdecimal() and 1 <= int(which) <= len(films):
        found = rows[[int(which) - 1]]
    if not len(found) and titles:
        found = rows[[wanted in title for title in titles]]
    if not len(found):
        raise FilmsError(Message("no_such_film", film=Verbatim(which), n=len(films)))
    if len(found) > 1:
        some = [_listed(films, row) for row in found[:_MOST_SHOWN]] + ["..."] * (len(found) > _MOST_SHOWN)
        raise FilmsError(Message("several_films", film=Verbatim(which), films=some))
    return films.rows(found)


def _split(average, own, coefficients):
    """Contribution of each column of the design, and log odds of passing at both ends."""
    nodes, weights = np.polynomial.legendre.leggauss(_N_NODES)
    line = average + np.outer((nodes + 1) / 2, own - average)
    others, passing = coefficients[:, :-1], coefficients[:, -1]
    shares = np.exp(line @ others - _log_sum(line @ others)[:, None])  # of the other outcomes among themselves
    slopes = passing - (weights / 2) @ shares @ others.T
    ends = np.vstack([average, own])
    return slopes * (own - average), ends @ passing - _log_sum(ends @ others)


def _log_sum(logits):
    from scipy.special import logsumexp

    return logsumexp(logits, axis=1)


def _source(term, columns):
    """The column that a term of the formula is made of; an interaction counts as its genre's."""
    return next(name for name in re.findall(r"\w+", term) if name in columns)


def _value(film, variable):
    """What is known of a variable, in words: the first attribute, and how many more."""
    known = [
        attribute.name
        for attribute in ATTRIBUTES
        if attribute.variable == variable and attribute.name in film and film[attribute.name].notna().item()
    ]
    if not known:
        return ""
    name, value = known[0], film[known[0]].item()
    if isinstance(value, float):
        value = f"{value:.0f}" if value == round(value) else f"{value:.2f}"
    shown = f"{len(value.split())} words" if name == "overview" else value
    return f"{shown}" if len(known) == 1 else f"{name} {shown}, and {len(known) - 1} more"


def _name(film):
    title = film["title"].item() if "title" in film else None
    year = film["year"].item() if "year" in film else np.nan
    name = title if isinstance(title, str) else "a film"
    return f"{name} ({year:.0f})" if year == year else name


def _plain(title):
    """Letters and digits of a title, without accents, an article at its end put in front."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"^(.*), (the|a|an|le|la|les|l'|un|une|der|die|das|el|los|las|il)$", r"\2 \1", plain.strip())
    return " ".join(re.findall(r"\w+", plain))


def _listed(films, row):
    year = films["year"].iloc[row] if "year" in films else "?"
    title = films["title"].iloc[row] if "title" in films else films["imdb_id"].iloc[row]
    year = f"{year:.0f}" if isinstance(year, float) and year == year else str(year)
    return Message("film_at_row", title=Verbatim(title), year=Verbatim(year), row=int(row) + 1)
