"""A table of predictions for reading: will each film pass, how sure is that, and which score is the most probable?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bechdel_stats.data.heard import HEARD, listed
from bechdel_stats.data.schema import rename_columns
from bechdel_stats.prediction.blocks import RATINGS
from bechdel_stats.prediction.model import BechdelModel, given_model, predict_bechdel
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import Message
from lightdiar.common.notation import count_of

_SCORES = [f"score_{rating}" for rating in RATINGS]
_HEARD = {"recording", *HEARD.values(), "ear_match"}
_UNLIKELY = 0.1  # that two women speak to each other: below it, the ear speaks against a pass
_SHOWN = 5  # films in a note


@dataclass(frozen=True, eq=False)
class Predictions:
    """Predictions of films, one row each.

    Parameters
    ----------
    table : DataFrame
        imdb_id, title and year, where known; passes (the probability); decision ("passes" if that is more probable
        than not, otherwise "fails"); and, of a model of scores, score (the most probable of 0-3), expected_score (the
        mean of 0-3 weighted by probability) and score_0 to score_3. Of films beside what is heard in recordings of them
        (see `join_ear`), also that: recording, the columns of `HEARD`, ear_match. Index as that of the films.
    uses_ear : bool
        Whether the model uses what is heard.
    """

    table: pd.DataFrame
    uses_ear: bool = False

    def summary(self) -> Summary:
        """Return the table in readable form, without the probabilities of single scores, as a `Summary`."""
        hidden = [*_SCORES, "recording", "ear_exchange_seconds", "ear_match"]
        table, notes = self.table.drop(columns=hidden, errors="ignore"), [Message("decision_read")]
        if "score" in table:
            notes.append(Message("score_read"))
            apart = int(((table["score"] == RATINGS[-1]) & (table["decision"] == "fails")).sum())
            if apart:
                notes.append(Message("score_apart", n=apart))
            if len(table) and not (table["score"] == 2).any():
                notes.append(Message("score_2_rare", expected=self.table["score_2"].sum()))
        else:
            notes.append(Message("passes_only"))
        intervals = None
        if "ear_match" in self.table:
            intervals = {"ear_female_share": ("ear_female_share_low", "ear_female_share_high")}
            notes += self._notes_of_ear()
        return Summary(count_of(len(table), "film"), table, notes=tuple(notes), intervals=intervals)

    def _notes_of_ear(self):
        """How to read what is heard, whether the predictions use it, and films that it speaks against."""
        table = self.table
        yield Message("ear_read")
        n_heard = int(table["ear_match"].notna().sum())
        yield Message("ear_used", n=n_heard) if self.uses_ear else Message("ear_not_used")
        against = table[(table["decision"] == "passes") & (table["ear_women_talk"] < _UNLIKELY)]
        if len(against):
            films = listed(against, _SHOWN)
            yield Message("ear_against", most=_UNLIKELY, n=len(against), films=films)

    def __repr__(self):
        n_pass = (self.table["decision"] == "passes").sum()
        return f"Predictions({count_of(len(self.table), 'film')}, {n_pass} decided to pass)"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def predict_films(films: pd.DataFrame, *, model: BechdelModel | None = None) -> Predictions:
    """Predict films, with the decision that fits the question, pass or fail.

    The most probable score and the decision can differ: with .28, .30, .00 and .42 for the scores 0-3, the score is 3,
    and yet the film fails with .58.

    Parameters
    ----------
    films : DataFrame
        One row per film, rated or not, with any columns of `bechdel_stats.attributes`. The rating is not used.
    model : BechdelModel, optional
        By default the shipped one.

    Returns
    -------
    predictions : Predictions

    Warns
    -----
    FilmsWarning
        If columns that would help are missing; the message lists them.
    """
    model = given_model(model)
    found = predict_bechdel(films, proba=True, model=model)
    table = identity(rename_columns(films))
    table["passes"] = found["passes"]
    table["decision"] = np.where(found["passes"] > 0.5, "passes", "fails")
    if "score_0" in found:
        scores = found[_SCORES].to_numpy()
        table["score"], table["expected_score"] = scores.argmax(axis=1), scores @ RATINGS
        table[_SCORES] = scores
    if not _HEARD <= set(films):
        return Predictions(table)
    table["recording"] = films["recording"]
    for name in HEARD.values():
        table[name] = films[name] if name == "ear_places" else pd.to_numeric(films[name], errors="coerce")
    table["ear_exchanges"] = table["ear_exchanges"].round().astype("Int64")
    return Predictions(table.assign(ear_match=films["ear_match"]), model.uses_ear)


def identity(films: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that identify each film: imdb_id, title and year, as far as the table has them."""
    known = films[[name for name in ("imdb_id", "title", "year") if name in films]].copy()
    if "year" in known:
        years = pd.to_numeric(known["year"], errors="coerce").round()
        known["year"] = years.where(years.between(-9999, 9999)).astype("Int64")  # inf is no integer
    return known
