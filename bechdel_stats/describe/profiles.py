"""What sets groups of films apart: their attributes, their names, their pass rates and typical films."""

from typing import Any

import numpy as np
import pandas as pd

from bechdel_stats.describe.intervals import wilson
from bechdel_stats.levels import GENRES

_CLEAR = 0.5  # standard deviations; larger differences are part of the name
_OPPOSITES = {
    "short": "feature-length",
    "not in English": "in English",
    "not from the United States": "from the United States",
}


def features_of(attributes: pd.DataFrame, labels: np.ndarray) -> pd.DataFrame:
    """Return the mean of each attribute in each type and in the other films, and their difference.

    Parameters
    ----------
    attributes : DataFrame of float
        One row per film.
    labels : ndarray of int
        Type of each film.

    Returns
    -------
    features : DataFrame
        type, feature, mean, mean_others, difference (in standard deviations), the largest difference of a type first.
    """
    tables = []
    for number in np.unique(labels):
        own, others = attributes[labels == number].mean(), attributes[labels != number].mean()
        difference = ((own - others) / attributes.std(ddof=0)).fillna(0)
        table = pd.DataFrame({"type": number, "feature": own.index, "mean": own.array, "mean_others": others.array})
        table["difference"] = difference.array
        tables.append(table.sort_values("difference", key=np.abs, ascending=False, kind="stable"))
    return pd.concat(tables, ignore_index=True)


def profiles_of(films: pd.DataFrame, labels: np.ndarray, features: pd.DataFrame, distances: np.ndarray) -> pd.DataFrame:
    """Return type, name, n_films, share, pass rate with its interval, and typical films of each type."""
    titles = films["title"] if "title" in films else films.get("imdb_id", pd.Series(films.index, films.index))
    votes = next((films[name] for name in ("imdb_votes", "tmdb_vote_count") if name in films), None)
    names = _names(features, films, labels)
    rows = []
    for number in np.unique(labels):
        own = np.flatnonzero(labels == number)
        near = own[np.argsort(distances[own], kind="stable")][: max(3, len(own) // 10)]
        if votes is not None:
            near = near[np.argsort(-votes.iloc[near].fillna(0).to_numpy(), kind="stable")]
        row = {"type": number, "name": names[number], "n_films": len(own), "share": len(own) / len(films)}
        if "passes" in films:
            row |= rate_of(films["passes"].iloc[own])
        rows.append(row | {"typical_films": "; ".join(map(str, titles.iloc[near[:3]]))})
    return pd.DataFrame(rows)


def rate_of(passes: pd.Series) -> dict[str, Any]:
    """Return the pass rate of films whose outcome is known, with its interval; NaN if there are none."""
    n_passes, n_known = passes.sum(), passes.notna().sum()
    ci_low, ci_high = wilson(n_passes, n_known)
    return {"pass_rate": passes.mean(), "ci_low": ci_low, "ci_high": ci_high}


def _names(features, films, labels):
    """Name of each type; types that share one are told apart by what they differ in most."""
    differences = features.pivot(index="type", columns="feature", values="difference")
    order = features["feature"][features["type"] == features["type"].iloc[0]]
    parts = {
        number: _name(features[features["type"] == number].set_index("feature")["difference"], films[labels == number])
        for number in differences.index
    }
    for shared in _sharing(parts):
        for number in shared:
            others = differences.loc[[other for other in shared if other != number]].mean()
            gaps = (differences.loc[number] - others).abs()[order].sort_values(ascending=False, kind="stable")
            texts = (_text(name, differences.loc[number, name], films[labels == number]) for name in gaps.index)
            parts[number].extend([text for text in texts if text and text not in "; ".join(parts[number])][:1])
    for shared in _sharing(parts):
        for number in shared:
            parts[number].append(f"type {number}")
    return {number: "; ".join(part) for number, part in parts.items()}


def _sharing(parts):
    """Numbers of types with the same name, for each name of several."""
    numbers = pd.Series({number: "; ".join(part) for number, part in parts.items()})
    return [list(same.index) for _, same in numbers.groupby(numbers, sort=False) if len(same) > 1]


def _name(clear, films):
    """Genres, years, origin and length that set a type apart, such as `Horror, Thriller; 1975-2005`."""
    genres = [name for name in clear.index if name in GENRES and clear[name] >= _CLEAR][:3]
    parts = [", ".join(genres) or "mixed genres"]
    if abs(clear.get("year", 0)) >= _CLEAR:
        parts.append(_text("year", clear["year"], films))
    parts += [name for name in _OPPOSITES if clear.get(name, 0) >= 2 * _CLEAR]
    if abs(clear.get("budget", 0)) >= _CLEAR:
        parts.append(_text("budget", clear["budget"], films))
    return "; ".join(parts).split("; ")


def _text(feature, difference, films):
    """A feature of a type in words."""
    if feature == "year":
        first, last = films["year"].quantile([0.1, 0.9])
        return f"{first:.0f}-{last:.0f}" if first < last else f"{first:.0f}"
    if feature == "budget":
        return "large budgets" if difference > 0 else "small budgets"
    if difference > 0:
        return feature
    return _OPPOSITES.get(feature) or f"without {feature}"
