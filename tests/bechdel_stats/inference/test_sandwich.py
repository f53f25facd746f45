"""Clusters of films: refused where too few, warned of where few, and honest about noise."""

import numpy as np
import pytest
from scipy.stats import t

from bechdel_stats.inference.comparison import odds_with_and_without_gender
from bechdel_stats.inference.design import rcs
from bechdel_stats.inference.fit import fit_logit
from bechdel_stats.inference.regression import odds_ratios
from bechdel_stats.inference.sandwich import LoneCluster, critical_value, deviations, wald_p_value
from bechdel_stats.words.messages import FilmsError, FilmsWarning

LINES = "passes ~ genre_war + cast_female_10"
CURVE = "passes ~ genre_war + cast_female_10 + rcs(year, (1950, 1970, 2000))"  # a term of 2 columns


def clustered(films, n, formula=CURVE):
    return odds_ratios(films.assign(source=films.index % n), formula, cluster="source")


def test_a_jackknife_of_means_by_hand():
    """Three clusters with means 0, 1 and 5: without each the mean is 3, 2.5 and 0.5; the overall mean is 2."""
    X, groups = np.ones((6, 1)), np.array([0, 0, 1, 1, 2, 2])
    residuals = np.array([0, 0, 1, 1, 5, 5]) - 2.0
    rows = deviations(X, residuals, np.ones(6), groups)
    moved = np.array([3.0, 2.5, 0.5]) - 2
    assert (rows.T @ rows).item() == pytest.approx(2 / 3 * (moved**2).sum())


def test_hc1_by_hand():
    X = np.column_stack([np.ones(4), [0.0, 0, 1, 1]])
    rows = deviations(X, np.array([1.0, -1, 2, -2]), np.ones(4))
    # the slope is a difference of two means: squares over 2 * 2 films, times 4 / (4 - 2)
    assert (rows.T @ rows)[1, 1] == pytest.approx((1 + 1 + 4 + 4) / 4 * 2)


def test_one_column_is_tested_by_t_and_several_as_hotelling_does():
    assert wald_p_value(3.0**2, 1, 5) == pytest.approx(2 * t.sf(3.0, 4))
    assert critical_value(0.95, 5) == pytest.approx(2.776445105) and critical_value(0.95) == pytest.approx(1.959963985)
    # T squared of 12 with G - 1 = 4 and 2 columns is F = 12 * 3 / (4 * 2) = 4.5 on 2 and 3: (1 + 2 * 4.5 / 3) ** -1.5
    assert wald_p_value(12.0, 2, 5) == pytest.approx(4**-1.5)


def test_a_joint_test_takes_more_clusters_than_columns(films):
    message = (
        "^cluster: source has 2 values in these films, and year has 2 columns, whose joint test takes more clusters "
        "than columns. Give a formula with fewer, such as a line for a curve, or another column.$"
    )
    with pytest.raises(FilmsError, match=message):
        clustered(films, 2)
    for n, formula in ((3, CURVE), (2, LINES)):
        told = f"^cluster: source has only {n} values in these films; below 30, intervals are wide and tests rough"
        with pytest.warns(FilmsWarning, match=told):
            result = clustered(films, n, formula)
        assert result.table[["p_value", "p_value_contrast"]].notna().all(axis=None)
        assert result.covariance == f"clustered by source (CR3, t with {n - 1} degrees of freedom)"


def test_few_clusters_are_said(films):
    with pytest.warns(FilmsWarning, match="cluster: source has only 29 values in these films"):
        clustered(films, 29)
    clustered(films, 30)


def test_few_clusters_are_said_once_of_two_models(films):
    with pytest.warns(FilmsWarning) as told:
        odds_with_and_without_gender(films.assign(source=films.index % 29), cluster="source")
    assert [str(each.message)[:34] for each in told] == ["cluster: source has only 29 values"]
    assert told[0].filename == __file__


def test_clusters_that_are_not_used_need_not_be_many(films):
    rare = films.assign(genres=np.where((films["rating"] == 3) & (films.index < 40), "Western", films["genres"]))
    with pytest.warns(FilmsWarning, match="Fitted by Firth's penalised likelihood instead, without the clusters by"):
        clustered(rare, 2, "passes ~ genre_western + genre_war")


def test_a_term_of_one_cluster_only_is_refused_by_name(films):
    own = films.assign(source=films.index % 40, mine=(films.index % 40 == 7).astype(float))
    message = "^cluster: without the films of source 7, nothing can be said of mine, and so of its error. Leave"
    with pytest.raises(FilmsError, match=message):
        odds_ratios(own, "passes ~ cast_female_10 + mine", cluster="source")
    with pytest.raises(LoneCluster):
        deviations(np.eye(2)[[0, 0, 1, 1]], np.ones(4), np.ones(4), np.array([0, 0, 1, 1]))


def test_the_model_of_statsmodels_has_the_same_errors_and_intervals(films):
    with pytest.warns(FilmsWarning, match="only 20 values"):
        result = clustered(films, 20, LINES)
    theirs = result.model_results
    assert np.exp(theirs.conf_int().loc["genre_war"]).tolist() == pytest.approx(
        result.table.loc[0, ["ci_low", "ci_high"]].tolist()
    )
    assert theirs.pvalues[["genre_war", "cast_female_10"]].tolist() == pytest.approx(result.table["p_value"].tolist())
    assert theirs.cov_type == "cluster" and odds_ratios(films, LINES).model_results.cov_type == "HC1"


def noise(kind, rng, groups):
    """Columns that have nothing to do with the outcome: between clusters, within them, or both; a line or a curve."""
    where, shape = kind.split()
    n = len(groups)
    if shape == "level":
        has = rng.permutation(5)[:2] if where == "between" else None
        return (np.isin(groups, has) if where == "between" else rng.random(n) < 0.2).astype(float)[:, None]
    between, within = rng.normal(size=5)[groups], rng.normal(size=n)
    x = {"between": between, "within": within, "mixed": between + within}[where]
    return rcs(x, np.quantile(x, [0.1, 0.5, 0.9])) if shape == "curve" else x[:, None]


KINDS = (
    "between number",
    "within number",
    "mixed number",
    "between level",
    "within level",
    "within curve",
    "mixed curve",
)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_noise_is_significant_in_at_most_7_per_cent_with_5_clusters(kind):
    """Clusters of unequal size whose outcomes are alike; CR1 with t finds 16 % of numbers between clusters."""
    rng = np.random.default_rng(20)
    found, n_runs = 0, 500
    for _ in range(n_runs):
        groups = rng.choice(5, 300, p=[0.1, 0.15, 0.2, 0.25, 0.3])
        y = (rng.random(300) < 1 / (1 + np.exp(-rng.normal(0, 0.7, 5)[groups]))).astype(float)
        own = noise(kind, rng, groups)
        X = np.column_stack([np.ones(300), own, rng.normal(size=300)])
        fit = fit_logit(X, y, [f"x{number}" for number in range(X.shape[1])], groups)
        k = own.shape[1]
        params, covariance = fit.params[1 : 1 + k], fit.cov_params[1 : 1 + k, 1 : 1 + k]
        found += wald_p_value(params @ np.linalg.solve(covariance, params), k, 5) < 0.05
    assert found <= 0.07 * n_runs
