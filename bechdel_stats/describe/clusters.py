"""Film types: groups of films that are similar in what is known before release, found without using the outcome.

Attributes are standardised, reduced to their principal components and grouped by k-means; the number of types is the
largest that is stable over random starts and resampled films [1]_. Cast and crew gender are left out, as they are close
to what the test asks; so are votes, which are known only after release. Pass rates of the types are computed
afterwards, and checked on films that the types were not fitted to. A type that a handful of films make joins the type
nearest to it. Whether a type is more than a matter of these films is told by the mean Jaccard similarity between it and
the type most like it among those of films drawn with replacement: 0.75 or more is stable, below 0.6 not to be trusted
[1]_.

References
----------
.. [1] Hennig, "Cluster-wise assessment of cluster stability", Computational Statistics and Data Analysis 52, 2007.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import checked, genre_indicators
from bechdel_stats.describe.profiles import features_of, profiles_of, rate_of
from bechdel_stats.levels import GENRES
from bechdel_stats.results import Summary
from bechdel_stats.words.messages import FilmsError, Message, check_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

N_TYPES = range(2, 13)
MIN_FILMS = 100
STABLE, DOUBTFUL = 0.75, 0.6  # mean Jaccard similarity with bootstrap types, of [1]_
HELD_OUT = 0.5  # correlation of pass rates
_SIGNIFICANT = 0.05
_STABLE_SEEDS, _STABLE_BOOTSTRAPS = 0.9, 0.85  # adjusted Rand index; resampled films may change more than starts
_SMALLEST = (10, 0.01)  # films of a type: at least ten, and one per cent
_N_COMPONENTS = 6
_N_STARTS = 20
_N_SEEDS = 5
_N_BOOTSTRAPS = 5
_N_SPLITS = 5
_RARE_GENRE = 0.02
_EARLIEST = 1920  # earlier films count as this year, so that a handful does not stretch the scale
_SHORT = 60  # minutes


@dataclass(frozen=True, eq=False)
class FilmTypes:
    """Types of films.

    Parameters
    ----------
    table : DataFrame
        One row per type, the largest first: type (from 1), name (no two are the same), n_films, share, pass_rate,
        ci_low, ci_high (Wilson, 95 per cent; absent without an outcome), typical_films (near the centre; those with
        most votes first, if votes are known).
    features : DataFrame
        What sets each type apart, largest first: type, feature, mean, mean_others, difference (in standard deviations).
    labels : Series of int
        Type of each film, with the index of the films.
    stability : DataFrame
        One row per number of types found: n_types, ari_seeds (mean adjusted Rand index between random starts),
        ari_bootstrap (mean adjusted Rand index between these types and those of films drawn with replacement).
    jaccard : Series of float
        Of each type, the mean Jaccard similarity with the most similar type of films drawn with replacement.
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
    jaccard: pd.Series
    held_out: pd.DataFrame | None
    n_films: int
    notes: tuple[Message, ...]
    _model: "_Model" = field(repr=False)
    _outcomes: np.ndarray = field(repr=False)

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

    @property
    def stable(self) -> bool:
        """Whether the Jaccard similarity of a film's type is 0.75 or more on average over the films."""
        return bool((self.jaccard * self.table["share"].to_numpy()).sum() >= STABLE)

    @property
    def p_value(self) -> float:
        """Of Pearson's chi-square test that all types have the same pass rate; NaN without an outcome, 1 if all agree.

        It is valid because the outcome played no part in forming the types.
        """
        from scipy.stats import chi2_contingency

        if self.held_out is None:
            return float("nan")
        known = self._outcomes[self._outcomes.sum(axis=1) > 0]
        compared = len(known) > 1 and known.any(axis=0).all()
        return float(chi2_contingency(known, correction=False)[1]) if compared else 1.0

    @property
    def reliable(self) -> bool:
        """Whether the types may be cited: they are stable, and their pass rates differ and hold in other films.

        That is, a `p_value` below 0.05 and a `held_out_correlation` of 0.5 or more; without an outcome, stability alone
        counts.
        """
        return self.stable and (self.held_out is None or not (self._alike or self._not_held))

    @property
    def _alike(self):
        return not self.p_value < _SIGNIFICANT

    @property
    def _not_held(self):
        return not self.held_out_correlation >= HELD_OUT

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
            ("similarity with bootstrap types", float(self.jaccard @ self.table["share"].to_numpy())),
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
        Types of fewer than ten films, or one per cent of them, join the nearest, so there may be fewer; a note says so.
    seed : int, default=0
        The same seed gives the same types, whatever the order of the films.

    Returns
    -------
    types : FilmTypes

    Raises
    ------
    FilmsError
        If there are fewer than 100 films, or fewer than two attributes that differ between films, or no two types of
        ten films.
    ValueError
        If `n_types` is below 2 or above a tenth of the films.
    """
    check_whole("seed", seed)
    if n_types is not None:
        check_whole("n_types", n_types)
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
    stability, resampled = _stability(attributes, candidates)
    n_clusters = _most_stable(stability)
    model = _fit(attributes, budget_means, n_clusters, seed)
    labels = model.predict(ordered)
    features = features_of(attributes, labels)
    table = profiles_of(ordered, labels, features, model.distances(ordered))
    held_out = _held_out(ordered, attributes, labels, n_clusters, seed) if "pass_rate" in table else None
    types = pd.Series(labels, ordered.index, name="type").iloc[np.argsort(order)]
    found = FilmTypes(
        table,
        features,
        types,
        _by_number_found(stability, n_clusters, len(table)),
        pd.Series(_jaccard(labels, resampled[n_clusters]), table["type"], name="jaccard"),
        held_out,
        len(films),
        (*_notes(attributes, left_out), *_joined_note(n_clusters, len(table), len(films))),
        model,
        _outcomes(ordered, labels),
    )
    return replace(found, notes=(*found.notes, *_doubts(found)))


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


def _fit(attributes, budget_means, n_clusters, seed):
    pipeline = _pipeline(attributes.shape[1], n_clusters, seed).fit(attributes.to_numpy())
    home, sizes = _homes(pipeline[-1], _smallest(len(attributes)))
    kept = np.unique(home)
    numbers = np.empty(n_clusters, int)
    numbers[kept[np.argsort(-sizes[kept], kind="stable")]] = np.arange(1, len(kept) + 1)
    return _Model(pipeline, tuple(attributes.columns), budget_means, numbers[home])


def _smallest(n_films):
    least, share = _SMALLEST
    return max(least, share * n_films)


def _homes(kmeans, least):
    """The cluster that each one belongs to once those of fewer than `least` films have joined the nearest; sizes."""
    centres = kmeans.cluster_centers_
    home, sizes = np.arange(len(centres)), np.bincount(kmeans.labels_, minlength=len(centres)).astype(float)
    there = np.ones(len(centres), bool)
    while there.sum() > 1 and sizes[there].min() < least:
        smallest = np.where(there, sizes, np.inf).argmin()
        there[smallest] = False
        distances = ((centres - centres[smallest]) ** 2).sum(axis=1)
        nearest = np.where(there, distances, np.inf).argmin()
        home[home == smallest] = nearest
        sizes[nearest] += sizes[smallest]
    return home, sizes


def _partition(X, n_clusters, seed, chosen, least):
    """Cluster of all films, fitted to some of them."""
    pipeline = _pipeline(X.shape[1], n_clusters, seed).fit(X[chosen])
    return _homes(pipeline[-1], least)[0][pipeline.predict(X)]


def _stability(attributes, candidates):
    """Agreement for each number of clusters, and types of resampled films; from fixed seeds, whatever the seed."""
    from sklearn.metrics import adjusted_rand_score

    X, least = attributes.to_numpy(), _smallest(len(attributes))
    rng = np.random.default_rng(0)
    samples = [rng.integers(len(X), size=len(X)) for _ in range(_N_BOOTSTRAPS)]
    # the components do not depend on the seed, so they are computed once
    Z = _pipeline(X.shape[1], 2, 0)[:-1].fit_transform(X)
    found, resampled = [], {}
    for n_clusters in candidates:
        fits = [_pipeline(X.shape[1], n_clusters, seed)[-1].fit(Z) for seed in range(_N_SEEDS)]
        labels = [_homes(kmeans, least)[0][kmeans.labels_] for kmeans in fits]
        between = [adjusted_rand_score(a, b) for i, a in enumerate(labels) for b in labels[:i]]
        resampled[n_clusters] = [_partition(X, n_clusters, 0, rows, least) for rows in samples]
        bootstrap = [adjusted_rand_score(labels[0], other) for other in resampled[n_clusters]]
        n_types = len(np.unique(labels[0]))
        if n_types > 1:
            found.append((n_clusters, n_types, np.mean(between), np.mean(bootstrap)))
    if not found:
        raise FilmsError(Message("types_one", least=_SMALLEST[0]))
    return pd.DataFrame(found, columns=["n_clusters", "n_types", "ari_seeds", "ari_bootstrap"]), resampled


def _by_number_found(stability, n_clusters, n_types):
    """One row for each number of types: the chosen one, or the most stable."""
    chosen = stability["n_clusters"] == n_clusters
    stability = stability.assign(n_types=stability["n_types"].mask(chosen, n_types))
    agreement = stability[["ari_seeds", "ari_bootstrap"]].min(axis=1) + chosen
    best = agreement.groupby(stability["n_types"]).idxmax()
    return stability.loc[best].drop(columns="n_clusters").reset_index(drop=True)


def _jaccard(labels, resampled):
    """Of each type, the mean over bootstrap samples of its similarity with the most similar type.

    Hennig compares the films drawn; here all films are assigned to the types of those drawn.
    """
    similarities = []
    for other in resampled:
        shared = pd.crosstab(labels, other)
        union = shared.sum(axis=1).to_numpy()[:, None] + shared.sum(axis=0).to_numpy() - shared.to_numpy()
        similarities.append((shared.to_numpy() / union).max(axis=1))
    return np.mean(similarities, axis=0)


def _most_stable(stability):
    """The number of clusters that gives most types among the stable, or the most stable ones."""
    seeds, bootstrap = stability["ari_seeds"], stability["ari_bootstrap"]
    stable = stability[(seeds >= _STABLE_SEEDS) & (bootstrap >= _STABLE_BOOTSTRAPS)]
    best = stable["n_types"].idxmax() if len(stable) else np.minimum(seeds, bootstrap).idxmax()
    return int(stability["n_clusters"][best])


def _held_out(films, attributes, labels, n_clusters, seed):
    """Pass rates of types fitted to one half of the films, in that half and in the other."""
    rng = np.random.default_rng(seed)
    rows = []
    for split in range(1, _N_SPLITS + 1):
        fitted = rng.permutation(len(films)) < len(films) // 2
        number = _types_of_half(attributes, labels, n_clusters, fitted, seed)
        for kind in range(1, labels.max() + 1):
            own, other = films["passes"][fitted & (number == kind)], films["passes"][~fitted & (number == kind)]
            rows.append((split, kind, len(own), own.mean(), len(other), *rate_of(other).values()))
    held_out = ["n_held_out", "held_out_rate", "held_out_low", "held_out_high"]
    return pd.DataFrame(rows, columns=["split", "type", "n_films", "pass_rate", *held_out])


def _types_of_half(attributes, labels, n_clusters, fitted, seed):
    """Types of all films, fitted to some; each is numbered after the type of `labels` it shares most films with."""
    from scipy.optimize import linear_sum_assignment

    least = _smallest(len(labels)) * fitted.mean()
    found = _partition(attributes.to_numpy(), n_clusters, seed, fitted, least)
    found = np.unique(found, return_inverse=True)[1]
    shared = np.zeros((found.max() + 1, labels.max()))
    np.add.at(shared, (found, labels - 1), 1)
    numbers = shared.argmax(axis=1)
    own, other = linear_sum_assignment(-shared)
    numbers[own] = other  # one each, as far as there are as many
    return numbers[found] + 1


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


def _outcomes(films, labels):
    """Films of each type that fail and that pass; empty without an outcome."""
    if "passes" not in films:
        return np.zeros((0, 2))
    return np.array([[np.sum(films["passes"][labels == n] == o) for o in (0, 1)] for n in np.unique(labels)])


def _joined_note(n_clusters, n_types, n_films):
    if n_types < n_clusters:
        yield Message("types_joined", n=n_clusters - n_types, least=int(np.ceil(_smallest(n_films))))


def _doubts(types):
    """Why types may not be cited."""
    if not types.stable:
        yield Message("types_unstable", similarity=float(types.jaccard @ types.table["share"].to_numpy()), least=STABLE)
    doubtful = types.table["name"][types.jaccard.to_numpy() < DOUBTFUL]
    if types.stable and len(doubtful):
        yield Message("types_doubtful", names=list(doubtful), least=DOUBTFUL)
    if types.held_out is not None and types._alike:
        yield Message("types_alike", p=types.p_value)
    elif types.held_out is not None and types._not_held:
        yield Message("types_rates", correlation=types.held_out_correlation, least=HELD_OUT)
