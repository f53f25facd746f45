"""Film types: groups of films that are similar in what is known before release, found without using the outcome.

Attributes are standardised, reduced to their principal components and grouped by k-means; the number of types is the
largest that is stable over random starts and resampled films [1]_. Cast and crew gender are left out, as they are close
to what the test asks; so are votes, which are known only after release. Pass rates of the types are computed
afterwards, and checked on films that the types were not fitted to.

References
----------
.. [1] Hennig, "Cluster-wise assessment of cluster stability", Computational Statistics and Data Analysis 52, 2007.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import checked, genre_indicators
from bechdel_stats.describe.intervals import wilson
from bechdel_stats.levels import GENRES
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes

N_TYPES = range(2, 13)
MIN_FILMS = 100
_STABLE_SEEDS, _STABLE_BOOTSTRAPS = 0.9, 0.85  # adjusted Rand index; resampled films may change more than starts
_N_COMPONENTS = 6
_N_STARTS = 20
_N_SEEDS = 5
_N_BOOTSTRAPS = 5
_N_SPLITS = 5
_RARE_GENRE = 0.02
_CLEAR = 0.5  # standard deviations; larger differences are part of the name
_EARLIEST = 1920  # earlier films count as this year, so that a handful does not stretch the scale
_SHORT = 60  # minutes


@dataclass(frozen=True, eq=False)
class FilmTypes:
    """Types of films.

    Parameters
    ----------
    table : DataFrame
        One row per type, the largest first: type (from 1), name, n_films, share, pass_rate, ci_low, ci_high (Wilson,
        95 per cent; absent without an outcome), typical_films (near the centre; those with most votes first, if votes
        are known).
    features : DataFrame
        What sets each type apart, largest first: type, feature, mean, mean_others, difference (in standard deviations).
    labels : Series of int
        Type of each film, with the index of the films.
    stability : DataFrame
        One row per number of types tried: n_types, ari_seeds (mean adjusted Rand index between random starts),
        ari_bootstrap (mean adjusted Rand index between these types and those of films drawn with replacement).
    held_out : DataFrame or None
        Types fitted to a random half of the films, five times: split, type, n_films and pass_rate in that half,
        n_held_out, held_out_rate, held_out_low, held_out_high in the other. None without an outcome.
    n_films : int
    notes : tuple of Message
    """

    table: pd.DataFrame
    features: pd.DataFrame
    labels: pd.Series
    stability: pd.DataFrame
    held_out: pd.DataFrame | None
    n_films: int
    notes: tuple[Message, ...]
    _model: "_Model" = field(repr=False)

    @property
    def n_types(self) -> int:
        """Number of types."""
        return len(self.table)

    @property
    def held_out_correlation(self) -> float:
        """Correlation of the types' pass rates between the two halves, mean over the splits; NaN without an outcome."""
        if self.held_out is None:
            return float("nan")
        splits = self.held_out.groupby("split")[["pass_rate", "held_out_rate"]]
        return float(np.mean([table["pass_rate"].corr(table["held_out_rate"]) for _, table in splits]))

    def predict(self, films: pd.DataFrame) -> pd.Series:
        """Return the type of each film, a Series of int with the index of `films`; no outcome is needed."""
        films = checked(films)
        return pd.Series(self._model.predict(films), films.index, name="type")

    def summary(self) -> Summary:
        """Return the types in readable form, as a `Summary`."""
        chosen = self.stability.set_index("n_types").loc[self.n_types]
        header = [
            ("films", self.n_films),
            ("types", self.n_types),
            ("agreement between random starts", chosen["ari_seeds"]),
            ("agreement between bootstrap samples", chosen["ari_bootstrap"]),
        ]
        if self.held_out is not None:
            header.append(("correlation with held-out pass rates", self.held_out_correlation))
        decimals = dict.fromkeys(("share", "pass_rate", "ci_low", "ci_high"), 3)
        return Summary("Types of films", self.table, tuple(header), self.notes, decimals)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the pass rate of each type with its interval, and return `ax`."""
        from bechdel_stats.pictures.rates import plot_types

        return plot_types(self, ax)

    def __repr__(self):
        return f"FilmTypes(n_types={self.n_types}, n_films={self.n_films})"

    def _repr_html_(self):
        return self.summary()._repr_html_()


def film_types(films: pd.DataFrame, *, n_types: int | None = None, seed: int = 0) -> FilmTypes:
    """Group films into types by year, budget, language, country, genres and whether they are shorter than an hour.

    Parameters
    ----------
    films : DataFrame
        One row per film, with any of the columns of `bechdel_stats.attributes`; never modified. Unknown values count
        as average. Budgets are compared with those of the same 20 years; genres of fewer than 2 per cent of the films
        are not used.
    n_types : int, optional
        2 or more. By default the largest number up to 12 whose types agree between random starts (adjusted Rand index
        of 0.9 or more) and with those of bootstrap samples (0.85 or more); if there is none, the one that agrees best.
    seed : int, default=0
        The same seed gives the same types, whatever the order of the films.

    Returns
    -------
    types : FilmTypes

    Raises
    ------
    FilmsError
        If there are fewer than 100 films, or fewer than two attributes that differ between films.
    ValueError
        If `n_types` is below 2 or above a tenth of the films.
    """
    films = checked(films)
    if len(films) < MIN_FILMS:
        raise FilmsError(Message("types_too_few", least=MIN_FILMS, n=len(films)))
    if n_types is not None and not 2 <= n_types <= len(films) // 10:
        raise ValueError(f"n_types={n_types} for {len(films)} films; allowed are 2 to {len(films) // 10}.")
    budget_means = _budget_means(films)
    attributes, left_out = _usable(_attributes(films, budget_means))
    # sorted by attributes, so that the types do not depend on the order of the rows
    order = np.lexsort(attributes.to_numpy().T)
    ordered, attributes = films.iloc[order], attributes.iloc[order]
    candidates = [n_types] if n_types else [k for k in N_TYPES if k <= len(films) // 10]
    stability = _stability(attributes, candidates)
    model = _fit(attributes, budget_means, _most_stable(stability), seed)
    labels = model.predict(ordered)
    features = _features(attributes, labels)
    table = _profiles(ordered, labels, features, model.distances(ordered))
    held_out = _held_out(ordered, attributes, labels, seed) if "pass_rate" in table else None
    types = pd.Series(labels, ordered.index, name="type").iloc[np.argsort(order)]
    return FilmTypes(table, features, types, stability, held_out, len(films), _notes(attributes, left_out), model)


@dataclass(frozen=True, eq=False)
class _Model:
    """A fitted pipeline and the numbers of its clusters; the largest is 1."""

    pipeline: Any
    columns: tuple[str, ...]
    budget_means: pd.Series | None
    numbers: np.ndarray

    def predict(self, films):
        return self.numbers[self.pipeline.predict(self._matrix(films))]

    def distances(self, films):
        """Distance of each film to the centre of its type."""
        return self.pipeline.transform(self._matrix(films)).min(axis=1)

    def _matrix(self, films):
        return _attributes(films, self.budget_means).reindex(columns=list(self.columns)).to_numpy()


def _budget_means(films):
    """Mean log10 budget of each period of 20 years, to compare its budgets with."""
    return np.log10(films["budget"]).groupby(_period(films)).mean() if "budget" in films else None


def _period(films):
    return films["year"].clip(lower=_EARLIEST) // 20 if "year" in films else pd.Series(0, films.index)


def _attributes(films, budget_means):
    """Attributes as numbers, one column each, NaN for not known."""
    columns = {}
    if "year" in films:
        columns["year"] = films["year"].clip(lower=_EARLIEST)
    if "runtime" in films:
        # types based on runtime itself are unstable: what matters is whether a film is feature-length
        columns["short"] = (films["runtime"] < _SHORT).astype(float).where(films["runtime"].notna())
    if "budget" in films:
        columns["budget"] = np.log10(films["budget"]) - _period(films).map(budget_means)
    if "language" in films:
        columns["not in English"] = (films["language"] != "en").astype(float).where(films["language"].notna())
    if "country" in films:
        abroad = films["country"] != "United States"
        columns["not from the United States"] = abroad.astype(float).where(films["country"].notna())
    if "genres" in films:
        columns |= genre_indicators(films["genres"])
    return pd.DataFrame(columns, index=films.index, dtype=float)


def _usable(attributes):
    """Attributes that differ between films, without rare genres; and the names of those that do not, genres aside."""
    varies = attributes.nunique() > 1
    rare = attributes.columns.isin(GENRES) & (attributes.mean().fillna(0) < _RARE_GENRE)
    left_out = list(attributes.columns[~varies & ~attributes.columns.isin(GENRES)])
    usable = attributes.loc[:, varies & ~rare]
    if usable.shape[1] < 2:
        raise FilmsError(Message("types_too_alike", columns=list(usable.columns) or Message("none")))
    return usable, left_out


def _pipeline(n_columns, n_types, seed):
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(
        StandardScaler(),
        SimpleImputer(strategy="constant", fill_value=0.0),
        PCA(min(_N_COMPONENTS, n_columns), svd_solver="full"),
        KMeans(n_types, n_init=_N_STARTS, random_state=seed),
    )


def _fit(attributes, budget_means, n_types, seed):
    pipeline = _pipeline(attributes.shape[1], n_types, seed).fit(attributes.to_numpy())
    sizes = np.bincount(pipeline[-1].labels_, minlength=n_types)
    numbers = np.empty(n_types, int)
    numbers[np.argsort(-sizes, kind="stable")] = np.arange(1, n_types + 1)
    return _Model(pipeline, tuple(attributes.columns), budget_means, numbers)


def _stability(attributes, candidates):
    """Agreement for each number of types; from fixed seeds, so that the number depends on the films alone."""
    from sklearn.metrics import adjusted_rand_score

    X = attributes.to_numpy()
    rng = np.random.default_rng(0)
    samples = [rng.integers(len(X), size=len(X)) for _ in range(_N_BOOTSTRAPS)]
    # the components do not depend on the seed, so they are computed once
    Z = _pipeline(X.shape[1], 2, 0)[:-1].fit_transform(X)
    found = []
    for n_types in candidates:
        labels = [_pipeline(X.shape[1], n_types, seed)[-1].fit_predict(Z) for seed in range(_N_SEEDS)]
        between = [adjusted_rand_score(a, b) for i, a in enumerate(labels) for b in labels[:i]]
        resampled = [_pipeline(X.shape[1], n_types, 0).fit(X[rows]).predict(X) for rows in samples]
        found.append((n_types, np.mean(between), np.mean([adjusted_rand_score(labels[0], r) for r in resampled])))
    return pd.DataFrame(found, columns=["n_types", "ari_seeds", "ari_bootstrap"])


def _most_stable(stability):
    seeds, bootstrap = stability["ari_seeds"], stability["ari_bootstrap"]
    stable = stability["n_types"][(seeds >= _STABLE_SEEDS) & (bootstrap >= _STABLE_BOOTSTRAPS)]
    return int(stable.max() if len(stable) else stability["n_types"][np.minimum(seeds, bootstrap).idxmax()])


def _features(attributes, labels):
    """Mean of each attribute in each type and in the other films, and their difference in standard deviations."""
    tables = []
    for number in np.unique(labels):
        own, others = attributes[labels == number].mean(), attributes[labels != number].mean()
        difference = ((own - others) / attributes.std(ddof=0)).fillna(0)
        table = pd.DataFrame({"type": number, "feature": own.index, "mean": own.array, "mean_others": others.array})
        table["difference"] = difference.array
        tables.append(table.sort_values("difference", key=np.abs, ascending=False, kind="stable"))
    return pd.concat(tables, ignore_index=True)


def _profiles(films, labels, features, distances):
    titles = films["title"] if "title" in films else films.get("imdb_id", pd.Series(films.index, films.index))
    votes = next((films[name] for name in ("imdb_votes", "tmdb_vote_count") if name in films), None)
    rows = []
    for number in np.unique(labels):
        own = np.flatnonzero(labels == number)
        near = own[np.argsort(distances[own], kind="stable")][: max(3, len(own) // 10)]
        if votes is not None:
            near = near[np.argsort(-votes.iloc[near].fillna(0).to_numpy(), kind="stable")]
        row = {"type": number, "name": _name(features[features["type"] == number], films.iloc[own])}
        row |= {"n_films": len(own), "share": len(own) / len(films)}
        if "passes" in films:
            row |= _rate(films["passes"].iloc[own])
        rows.append(row | {"typical_films": "; ".join(map(str, titles.iloc[near[:3]]))})
    return pd.DataFrame(rows)


def _rate(passes):
    """Pass rate of films whose outcome is known, NaN if there are none."""
    n_passes, n_known = passes.sum(), passes.notna().sum()
    ci_low, ci_high = wilson(n_passes, n_known)
    return {"pass_rate": passes.mean(), "ci_low": ci_low, "ci_high": ci_high}


def _name(features, films):
    """Genres, years, origin and length that set a type apart, such as `Horror, Thriller; 1975-2005`."""
    clear = features.set_index("feature")["difference"]
    genres = [name for name in clear.index if name in GENRES and clear[name] >= _CLEAR][:3]
    parts = [", ".join(genres) or "mixed genres"]
    if abs(clear.get("year", 0)) >= _CLEAR:
        first, last = films["year"].quantile([0.1, 0.9])
        parts.append(f"{first:.0f}-{last:.0f}")
    for name in ("short", "not in English", "not from the United States"):
        if clear.get(name, 0) >= 2 * _CLEAR:
            parts.append(name)
    if abs(clear.get("budget", 0)) >= _CLEAR:
        parts.append("large budgets" if clear["budget"] > 0 else "small budgets")
    return "; ".join(parts)


def _held_out(films, attributes, labels, seed):
    """Pass rates of types fitted to one half of the films, in that half and in the other."""
    rng = np.random.default_rng(seed)
    rows = []
    for split in range(1, _N_SPLITS + 1):
        fitted = rng.permutation(len(films)) < len(films) // 2
        number = _types_of_half(attributes, labels, fitted, seed)
        for kind in range(1, labels.max() + 1):
            own, other = films["passes"][fitted & (number == kind)], films["passes"][~fitted & (number == kind)]
            rows.append((split, kind, len(own), own.mean(), len(other), *_rate(other).values()))
    held_out = ["n_held_out", "held_out_rate", "held_out_low", "held_out_high"]
    return pd.DataFrame(rows, columns=["split", "type", "n_films", "pass_rate", *held_out])


def _types_of_half(attributes, labels, fitted, seed):
    """Types of all films, fitted to some; each is numbered after the type of `labels` it shares most films with."""
    from scipy.optimize import linear_sum_assignment

    X, n_types = attributes.to_numpy(), labels.max()
    found = _pipeline(X.shape[1], n_types, seed).fit(X[fitted]).predict(X)
    shared = np.zeros((n_types, n_types))
    np.add.at(shared, (found, labels - 1), 1)
    return linear_sum_assignment(-shared)[1][found] + 1


def _notes(attributes, left_out):
    notes = [Message("types_blind")]
    unknown = attributes.isna().mean()
    unknown = unknown[~unknown.index.isin(GENRES) & (unknown >= 0.1)]
    if len(unknown):
        shown = [Message("column_share", column=name, share=float(share)) for name, share in unknown.items()]
        notes.append(Message("unknown_is_average", columns=shown))
    if left_out:
        notes.append(Message("same_for_all", columns=left_out))
    return tuple(notes)
