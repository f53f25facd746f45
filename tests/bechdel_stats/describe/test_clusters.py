from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.describe import clusters
from bechdel_stats.describe.clusters import _homes, _jaccard, _most_stable, film_types
from bechdel_stats.words.messages import FilmsError

KINDS = (  # genres, year, budget, language, pass rate
    ("Horror|Thriller", 1985, 1e6, "en", 0.6),
    ("Drama|Romance", 2012, 2e7, "fr", 0.8),
    ("Action|Adventure", 2005, 2e8, "en", 0.2),
)
KIND_SIZES = (150, 120, 90)
N_STARTS = clusters._N_STARTS


@pytest.fixture(scope="module", autouse=True)
def few_starts():
    """These kinds are found from any start: fewer of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clusters, "_N_STARTS", 3)
        yield


@pytest.fixture
def all_starts(monkeypatch):
    monkeypatch.setattr(clusters, "_N_STARTS", N_STARTS)


@pytest.fixture(scope="module")
def films():
    """Three kinds of films, unmistakable, in mixed order; `kind` is 1 for the largest."""
    rng = np.random.default_rng(3)
    rows = [(number, *kind) for number, (kind, size) in enumerate(zip(KINDS, KIND_SIZES), 1) for _ in range(size)]
    films = pd.DataFrame(rows, columns=["kind", "genres", "year", "budget", "language", "rate"])
    films["year"] += rng.integers(-4, 5, len(films))
    films["budget"] *= rng.lognormal(0, 0.3, len(films))
    films["passes"] = (rng.random(len(films)) < films.pop("rate")).astype(int)
    films["imdb_votes"] = rng.integers(100, 1000, len(films))
    films["title"] = [f"Film {number}" for number in range(len(films))]
    films = films.sample(frac=1, random_state=0)
    return films.set_axis([f"row {number}" for number in range(len(films))])


@pytest.fixture(scope="module")
def types(films):
    return film_types(films, n_types=3)


def test_planted_kinds_are_found_and_numbered_by_size(films, types):
    assert types.labels.tolist() == films["kind"].tolist()
    assert types.labels.index.equals(films.index)
    assert types.table["n_films"].tolist() == list(KIND_SIZES)
    assert types.table["share"].sum() == pytest.approx(1)


@pytest.mark.slow
def test_the_number_of_types_depends_on_the_films_alone_and_types_do_not_mix_kinds(films, all_starts):
    types = film_types(films, n_types=3)
    found = film_types(films)
    assert found.stability["n_types"].tolist() == list(range(2, 13))
    assert found.stability.set_index("n_types").loc[3].tolist() == [1, 1]
    assert found.n_types >= 3 and films["kind"].groupby(found.labels).nunique().eq(1).all()
    again = film_types(films, n_types=3, seed=7)
    pd.testing.assert_frame_equal(again.stability, types.stability)


@pytest.mark.parametrize(
    "seeds, bootstrap, chosen",
    [
        ([1, 1, 0.95, 0.99], [1, 0.9, 0.85, 0.8], 4),  # the largest that is stable both ways
        ([0.9, 0.6, 0.95, 1], [0.9, 0.99, 0.5, 0.5], 2),
        ([0.8, 0.89, 0.7, 0.6], [0.6, 0.69, 0.99, 0.2], 4),  # none is: the best of the worse of both
    ],
)
def test_which_number_of_types_is_chosen(seeds, bootstrap, chosen):
    stability = pd.DataFrame(
        {"n_clusters": [2, 3, 4, 5], "n_types": [2, 3, 4, 5], "ari_seeds": seeds, "ari_bootstrap": bootstrap}
    )
    assert _most_stable(stability) == chosen


def test_the_outcome_plays_no_part(films, types):
    without = film_types(films.drop(columns="passes"), n_types=3)
    pd.testing.assert_series_equal(without.labels, types.labels)
    assert without.held_out is None and np.isnan(without.held_out_correlation)
    assert "pass_rate" not in without.table and "held-out" not in str(without.summary())
    turned = film_types(films.assign(passes=1 - films["passes"], crew_female_share=films["passes"]), n_types=3)
    pd.testing.assert_series_equal(turned.labels, types.labels)


def test_profiles_by_hand(films, types):
    first = types.table.iloc[0]
    own = films[films["kind"] == 1]
    assert first["pass_rate"] == own["passes"].mean()
    assert first["ci_low"] < first["pass_rate"] < first["ci_high"]
    assert types.table["name"].tolist() == [  # budgets are compared with those of the same 20 years
        "Horror, Thriller; 1982-1989",
        "Drama, Romance; 2008-2015; not in English; small budgets",
        "Action, Adventure; 2001-2008; large budgets",
    ]
    horror = types.features[types.features["feature"].eq("Horror") & types.features["type"].eq(1)].iloc[0]
    share = 150 / 360
    assert horror[["mean", "mean_others"]].tolist() == [1, 0]
    assert horror["difference"] == pytest.approx(1 / np.sqrt(share * (1 - share)))


def test_typical_films_are_the_most_voted_near_the_centre(films, types):
    titles = types.table["typical_films"].iloc[2].split("; ")
    typical = films.set_index("title").loc[titles]
    assert typical["kind"].tolist() == [3, 3, 3]
    assert typical["imdb_votes"].is_monotonic_decreasing
    odd = films["budget"][films["kind"] == 3].idxmax()  # many votes do not make an odd film typical
    known = film_types(films.assign(imdb_votes=films["imdb_votes"].mask(films.index == odd, 10**6)), n_types=3)
    assert known.table["typical_films"].iloc[2].split("; ") == titles


def test_same_seed_same_types_in_any_order_of_rows(films, types):
    again = film_types(films[::-1], n_types=3)
    pd.testing.assert_series_equal(again.labels[::-1], types.labels)
    pd.testing.assert_frame_equal(again.table, types.table)
    pd.testing.assert_frame_equal(again.held_out, types.held_out)
    assert str(again.summary()) == str(types.summary())


def test_new_films_get_the_type_of_their_like(films, types):
    pd.testing.assert_series_equal(types.predict(films), types.labels)
    new = pd.DataFrame({"genres": ["Action|Adventure", "Drama|Romance"], "language": ["en", "fr"]}, index=[5, 5])
    assert types.predict(new).to_dict() == pd.Series([3, 2], [5, 5]).to_dict()
    assert types.predict(new).tolist() == [3, 2]


def test_held_out_halves_share_no_film(films, types):
    sizes = types.held_out.groupby("split")[["n_films", "n_held_out"]].sum()
    assert sizes.to_numpy().tolist() == [[180, 180]] * 5
    both = types.held_out.assign(
        passes=lambda t: t["n_films"] * t["pass_rate"] + t["n_held_out"] * t["held_out_rate"],
        films=lambda t: t["n_films"] + t["n_held_out"],
    )
    by_kind = films.groupby("kind")["passes"].sum().tolist()
    for _, split in both.groupby("split"):
        assert split["films"].tolist() == list(KIND_SIZES)
        assert split["passes"].tolist() == pytest.approx(by_kind)
    assert types.held_out_correlation > 0.9


def test_what_is_printed(types):
    lines = str(types.summary()).splitlines()
    assert repr(types) == "FilmTypes(n_types=3, n_films=360)"
    assert lines[:4] == [
        "Types of films",
        "films                                 360",
        "types                                 3",
        "agreement between random starts       1.00",
    ]
    assert lines[-1] == "The outcome was not used to form the types; pass rates have 95% Wilson intervals."
    assert types._repr_html_() == types.summary()._repr_html_()


def test_missing_constant_and_all_missing_columns(films):
    holes = films.assign(runtime=100.0, country=None)
    holes.loc[holes.index[::3], "budget"] = None
    before = holes.copy()
    found = film_types(holes, n_types=3)
    pd.testing.assert_frame_equal(holes, before)
    assert (found.labels == films["kind"]).mean() > 0.97
    assert "Unknown values count as average: budget (33%)." in found.notes
    assert "Left out, as it is the same or unknown for all films: short, not from the United States." in found.notes


def test_small_clusters_join_the_nearest_by_hand():
    kmeans = SimpleNamespace(
        cluster_centers_=np.array([[0.0], [10], [11.4], [13]]), labels_=np.repeat(range(4), [20, 9, 2, 10])
    )
    home, sizes = _homes(kmeans, 10)
    assert home.tolist() == [0, 1, 1, 3]  # two films join the nine, which are enough then
    assert sizes[[0, 1, 3]].tolist() == [20, 11, 10]
    assert _homes(kmeans, 2)[0].tolist() == [0, 1, 2, 3]
    assert _homes(kmeans, 12)[0].tolist() == [0, 1, 1, 1]
    assert len(set(_homes(kmeans, 1000)[0])) == 1


def test_similarity_with_other_types_by_hand():
    labels = np.array([1, 1, 1, 1, 2, 2])
    assert _jaccard(labels, [labels[::-1] + 5]).tolist() == [2 / 4, 2 / 4]  # {0..3} and {0, 1}, {4, 5} and {2..5}
    assert _jaccard(labels, [labels, np.zeros(6)]) == pytest.approx([(1 + 4 / 6) / 2, (1 + 2 / 6) / 2])


def test_a_film_like_no_other_is_no_type(films):
    odd = films.iloc[[0]].assign(year=1912, runtime=5, language="xx", genres="Western", title="Odd", budget=1e9)
    found = film_types(pd.concat([films.assign(runtime=100.0), odd]), n_types=4)
    assert found.table["n_films"].min() >= 10 and found.n_types == 3
    assert found.notes[1] == "Types with fewer than 10 films have joined the nearest ones: 1 fewer types."
    assert found.stability["n_types"].tolist() == [3] and "types                                 3\n" in str(
        found.summary()
    )
    assert found.table["n_films"].sum() == 361 and set(found.labels) == {1, 2, 3}
    assert found.held_out.groupby("split")["type"].apply(list).tolist() == [[1, 2, 3]] * 5


def test_types_may_be_cited_if_they_are_stable_and_differ(films, types):
    assert types.jaccard.tolist() == [1, 1, 1] and types.stable and types.reliable
    assert types.p_value < 1e-9 and len(types.notes) == 1
    coin = film_types(films.assign(passes=np.random.default_rng(1).integers(0, 2, len(films))), n_types=3)
    assert coin.stable and not coin.reliable
    assert coin.notes[-1] == (
        f"The types do not differ in their pass rates beyond chance (chi-square test, p = {coin.p_value:.2f}). "
        "Do not cite them."
    )
    blind = film_types(films.drop(columns="passes"), n_types=3)
    assert np.isnan(blind.p_value) and blind.reliable


def test_the_test_of_differences_is_pearsons(films, types):
    from scipy.stats import chi2_contingency

    counts = pd.crosstab(films["kind"], films["passes"])
    assert types.p_value == pytest.approx(chi2_contingency(counts)[1])


@pytest.mark.parametrize("score", [1, 3])
def test_where_all_films_have_the_same_outcome_the_types_are_alike(films, score):
    found = film_types(films.drop(columns="passes").assign(score=score), n_types=3)
    assert found.p_value == 1 and not found.reliable
    assert found.table["pass_rate"].tolist() == [score == 3] * 3
    assert "chi-square test, p = 1.00" in found.notes[-1] and "p = 1.00" in str(found.summary())


def test_types_that_other_films_would_not_give_are_not_to_be_cited(rng):
    noise = pd.DataFrame({"year": rng.normal(1990, 15, 300).round(), "passes": rng.integers(0, 2, 300)})
    for name in ("Drama", "Comedy", "Crime", "War", "Music"):
        noise[name] = np.where(rng.random(300) < 0.5, name, "Western")
    noise["genres"] = noise[["Drama", "Comedy", "Crime", "War", "Music"]].agg("|".join, axis=1)
    found = film_types(noise, n_types=9)
    similarity = (found.jaccard * found.table["share"].to_numpy()).sum()
    assert similarity < 0.75 and not found.stable and not found.reliable
    assert f"would give other types (similarity {similarity:.2f}; 0.75 or more is stable)" in "".join(found.notes)


def test_where_all_films_are_alike_but_a_few_there_are_no_types(films):
    alike = films.iloc[[0] * 100].assign(year=[1985] * 97 + [1920] * 3, language=["en"] * 97 + ["fr"] * 3)
    with pytest.raises(
        FilmsError, match=r"^no two groups of 10 films differ enough to be types\. Add films or attributes\.$"
    ):
        film_types(alike, n_types=2)


def test_outcomes_that_are_not_known_are_left_out_of_rates(films):
    known = films["kind"] != 3
    found = film_types(films.assign(passes=films["passes"].where(known)), n_types=3).table
    assert np.isnan(found["pass_rate"].iloc[2]) and np.isnan(found["ci_low"].iloc[2])
    assert found["pass_rate"].iloc[0] == films["passes"][films["kind"] == 1].mean()


def test_rubbish_is_refused(films):
    with pytest.raises(FilmsError, match="need 100 films or more; got 20"):
        film_types(films[:20])
    with pytest.raises(FilmsError, match="two or more of year.* must differ; got year"):
        film_types(films[["year", "title"]])
    for n_types in (1, 37):
        with pytest.raises(ValueError, match=f"n_types={n_types} for 360 films; allowed are 2 to 36"):
            film_types(films, n_types=n_types)
    with pytest.raises(TypeError, match="DataFrame"):
        film_types([1, 2])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::bechdel_stats.words.messages.FilmsWarning")
def test_real_films_are_stable_and_their_pass_rates_hold(shared, all_starts):
    from sklearn.metrics import adjusted_rand_score

    real = pd.read_csv(shared / "films" / "films.csv.gz", low_memory=False)
    chosen = film_types(real)
    runs = [chosen, *(film_types(real, n_types=chosen.n_types, seed=seed) for seed in (1, 2))]
    agreement = [adjusted_rand_score(a.labels, b.labels) for a, b in combinations(runs, 2)]
    assert 6 <= chosen.n_types <= 12
    assert np.mean(agreement) >= 0.85
    assert np.mean([run.held_out_correlation for run in runs]) >= 0.95
    assert chosen.table["name"].is_unique and chosen.reliable
