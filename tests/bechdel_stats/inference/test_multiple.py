import numpy as np
import pandas as pd
import pytest

from bechdel_stats.inference.design import design_columns
from bechdel_stats.inference.filling import filled_columns, imputation_blocks
from bechdel_stats.inference.multiple import imputed_odds_ratios
from bechdel_stats.inference.pooling import pool
from bechdel_stats.inference.regression import odds_ratios
from bechdel_stats.words.messages import FilmsError, FilmsWarning

TRUTH = {  # log odds of passing
    "log10_budget": -0.6,
    "cast_female_10": 0.4,
    "director_woman": 0.8,
    "genre_war": -1.0,
    "language_fr": 0.7,
}
FORMULA = f"passes ~ {' + '.join(TRUTH)} + year"


def films_with_holes(seed, n=1500):
    """Invented films by `TRUTH`, whose attributes depend on each other; old films, and those that fail, lack more."""
    rng = np.random.default_rng(seed)
    year = rng.integers(1940, 2020, n)
    late = (year - 1980) / 40
    french = rng.random(n) < 0.25
    war = rng.random(n) < np.where(french, 0.1, 0.3)
    budget = 6 + 0.8 * late - 0.4 * french + 0.3 * war + rng.normal(0, 0.6, n)
    share = np.clip(rng.normal(0.35 + 0.05 * late - 0.1 * war + 0.05 * french, 0.15, n), 0, 1)
    woman = rng.random(n) < np.clip(0.15 + 0.1 * late + 0.4 * (share - 0.3), 0.01, 0.9)
    logit = -0.6 * (budget - 6) + 4 * (share - 0.35) + 0.8 * woman - war + 0.7 * french + 0.3 * late
    passes = rng.random(n) < 1 / (1 + np.exp(-logit))
    films = pd.DataFrame(
        {
            "year": year,
            "budget": 10 ** np.minimum(budget, 9),
            "cast_female_share": share,
            "director_female_share": woman + 0.0,
            "genres": np.where(war, "Drama|War", "Drama"),
            "language": np.where(french, "fr", "en"),
            "passes": passes + 0.0,
        }
    )
    most = {"budget": 0.8, "cast_female_share": 0.5, "director_female_share": 0.5, "genres": 0.2, "language": 0.4}
    for name, share in most.items():
        films.loc[rng.random(n) < share / (1 + np.exp(2 * late + 0.8 * passes - 0.4)), name] = None
    return films


def distances(table):
    """How many standard errors the estimates are from `TRUTH`."""
    rows = table.set_index("term").loc[list(TRUTH)]
    errors = np.log(rows["ci_high"] / rows["ci_low"]) / 2 / 1.96
    return (np.log(rows["odds_ratio"]) - pd.Series(TRUTH)) / errors


@pytest.fixture(scope="module")
def holes():
    return films_with_holes(4)


@pytest.fixture(scope="module")
def result(holes):
    return imputed_odds_ratios(holes, FORMULA, n_imputations=5)


def test_the_truth_is_found_within_two_standard_errors(result):
    assert (distances(result.table).abs() < 2).all()
    assert result.n_films == 1500 and result.n_complete < 1000
    rows = result.table.set_index("term")
    widths = np.log(rows["ci_high"] / rows["ci_low"]), np.log(rows["ci_high_complete"] / rows["ci_low_complete"])
    others = [term for term in TRUTH if term != "log10_budget"]  # medians stand in for budgets of complete films
    assert (widths[0] < widths[1])[others].all()
    assert 0.2 < rows["fmi"]["log10_budget"] < 0.8 and (rows["fmi"].drop("year") > 0.05).all()


@pytest.mark.slow
def test_the_truth_is_found_in_many_tables():
    found = pd.concat([distances(imputed_odds_ratios(films_with_holes(k), FORMULA).table) for k in range(20)], axis=1)
    assert (found.abs() < 2).to_numpy().mean() > 0.88  # 100 intervals; 95 expected, 89 would be 3 deviations less
    assert (found.mean(axis=1).abs() < 0.7).all()  # 20 tables: its standard deviation is 0.22


def test_every_row_is_pooled_from_fits_to_filled_columns(holes, result):
    """One term by other means: statsmodels on each imputation, then Rubin's rules."""
    import statsmodels.api as sm

    from bechdel_stats.data.schema import standardise
    from bechdel_stats.inference.chained import impute_donors

    columns = design_columns(standardise(holes))
    named = ["budget", "cast_female_share", "director_female_share", "genres", "language", "year"]
    y = holes["passes"].to_numpy()
    estimates, variances = [], []
    for rows in impute_donors(imputation_blocks(columns, named), y, 5, 0):
        X = sm.add_constant(filled_columns(columns, rows)[[*TRUTH, "year"]].to_numpy())
        fit = sm.Logit(y, X).fit(disp=0, cov_type="HC0")
        estimates.append(fit.params[5])
        variances.append(fit.cov_params()[5, 5] * 1500 / (1500 - 7))  # HC1
    pooled = pool(np.array(estimates), np.array(variances), 1500 - 7)
    row = result.table.set_index("term").loc["language_fr"]
    assert np.log(row["odds_ratio"]) == pytest.approx(pooled.estimate, abs=1e-6)
    assert np.log([row["ci_low"], row["ci_high"]]).tolist() == pytest.approx(pooled.interval(0.95), abs=1e-6)
    assert (row["df"], row["fmi"], row["p_value"]) == pytest.approx((pooled.df, pooled.fmi, pooled.p_value), rel=1e-4)


def test_complete_films_stand_beside(holes, result):
    beside = odds_ratios(holes, FORMULA).table
    for name in ("odds_ratio", "ci_low", "ci_high", "p_value_fdr"):
        assert result.table[f"{name}_complete"].tolist() == beside[name].tolist()
    assert result.complete.n_films == result.n_complete and result.lack == ""


def test_of_complete_films_the_odds_ratios_are_those_without_imputation(films):
    full = films.assign(budget=films["budget"].fillna(1e7)).iloc[:400]
    ours, theirs = imputed_odds_ratios(full, n_imputations=2), odds_ratios(full)
    for name in ("term", "contrast", "odds_ratio", "ci_low", "ci_high", "p_value", "p_value_fdr"):
        values = theirs.table[name].tolist()
        assert ours.table[name].tolist() == (values if name in ("term", "contrast") else pytest.approx(values, 1e-9))
    assert (ours.table["fmi"] == 0).all() and (ours.table["df"] == np.inf).all()
    assert ours.imputed == {} and ours.formula == theirs.formula
    assert not any("Imputed" in note for note in ours.notes())


@pytest.fixture
def holed(films):
    holed = films.copy()
    holed.loc[:99, ["runtime", "cast_female_share"]] = np.nan
    holed.loc[50:119, "genres"] = None
    holed.loc[590:, "rating"] = np.nan
    return holed


def test_all_films_of_the_default_formula_are_used_and_twice_is_the_same(holed):
    before = holed.copy()
    one, other = (imputed_odds_ratios(holed, n_imputations=2) for _ in range(2))
    pd.testing.assert_frame_equal(holed, before)
    assert one.summary().to_csv() == other.summary().to_csv() and str(one.summary()) == str(other.summary())
    assert (one.n_films, one.n_complete, one.dropped) == (590, 470, {"passes": 10})
    n_budgets = int(holed["budget"].iloc[:590].isna().sum())
    assert one.imputed == {"runtime": 100, "budget": n_budgets, "genres": 70, "cast_female_share": 100}
    assert one.auxiliary == ("imdb_rating", "imdb_votes")
    assert "budget_missing" not in one.formula and "log10_budget" in one.formula
    assert one.table["term"].tolist() == [t for t in one.complete.table["term"] if t != "budget_missing"]
    assert (
        one.table["contrast"] == one.complete.table["contrast"][one.complete.table["term"] != "budget_missing"].array
    ).all()


@pytest.mark.slow
def test_another_seed_and_a_model_without_gender_impute_too(holed):
    one, other = (imputed_odds_ratios(holed, n_imputations=2, seed=seed) for seed in (0, 1))
    assert other.table["odds_ratio"][0] != one.table["odds_ratio"][0]
    without = imputed_odds_ratios(holed, gender=False, n_imputations=2)
    assert "cast_female_share" in without.auxiliary and "cast_female_10" not in without.formula


def test_no_film_need_be_complete(films):
    holed = films[["rating", "year", "cast_female_share", "genres"]].copy()
    holed.loc[:299, "cast_female_share"] = np.nan
    holed.loc[300:, "genres"] = None
    result = imputed_odds_ratios(holed, n_imputations=2)
    assert result.complete is None and result.n_complete == 0 and result.n_films == 600
    assert result.table["odds_ratio_complete"].isna().all() and result.table["odds_ratio"].notna().all()
    assert "No result of complete films to compare with: no film is complete. Not known: cast_female_share" in str(
        result.summary()
    )


def test_levels_pooled_otherwise_in_complete_films_have_no_ratio_beside():
    rng = np.random.default_rng(5)
    n = 800
    films = pd.DataFrame({"year": rng.integers(1940, 2020, n), "language": rng.choice(["en", "fr", "hi", "pl"], n)})
    films["passes"] = rng.integers(0, 2, n)
    films["runtime"] = rng.normal(100, 10, n).round()
    few = films.index[films["language"] == "hi"][10:]  # of the rest, runtimes are known: too few to stand alone
    films.loc[few, "runtime"] = np.nan
    result = imputed_odds_ratios(films, n_imputations=2)
    rows = result.table.set_index("term")
    assert result.complete.pooled == ("language_hi",) and result.pooled == ()
    assert rows.loc[["language_hi", "language_other"], "odds_ratio_complete"].isna().all()
    assert rows.loc["language_fr", ["odds_ratio", "odds_ratio_complete"]].notna().all()


def test_a_users_own_column_is_imputed_and_curves_are_pooled(holes):
    mine = holes.assign(mine=np.where(np.arange(1500) % 3, holes["year"] % 7, np.nan))
    formula = "passes ~ mine + rcs(year, (1950, 1980, 2000)) + cast_female_10 * genre_war + bs(mine, df=4)"
    result = imputed_odds_ratios(mine, formula.rpartition(" + ")[0], n_imputations=2)
    assert result.imputed["mine"] == 500 and result.table["contrast"].str.contains("->").sum() == 1
    curve = imputed_odds_ratios(mine, "passes ~ bs(mine, df=4)", n_imputations=2)  # one basis for all imputations
    assert curve.table["term"].tolist() == ["mine"] and curve.params.shape == (2, 5)


def test_separation_is_told(holes):
    odd = holes.assign(mine=np.where((holes["passes"] == 1) & (holes.index < 60), 1.0, 0.0))
    with pytest.warns(FilmsWarning, match="occurring with one outcome only: mine"):
        result = imputed_odds_ratios(odd, "passes ~ mine + log10_budget", n_imputations=2)
    assert result.separated == ("mine",)
    assert "Fitted by Firth's penalised likelihood, with Wald intervals." in str(result.summary())


def test_summary_says_what_was_imputed(result):
    text = str(result.summary())
    n = result.imputed
    for line in (
        "Odds ratios of passing, unknown values imputed",
        "films              1500",
        "imputations        5",
        "standard errors    HC1, Rubin's rules",
        f"Imputed 5 times, from similar films: budget in {n['budget']} films, genres in {n['genres']} films, "
        f"language in {n['language']} films, cast_female_share in {n['cast_female_share']} films, "
        f"director_female_share in "
        f"{n['director_female_share']} films.",
    ):
        assert line in text.splitlines()
    assert repr(result) == "ImputedOddsResult(6 terms, 1500 films, 5 imputations)"
    assert result._repr_html_() == result.summary()._repr_html_()


@pytest.mark.parametrize("n", [1, 0, -3])
def test_one_imputation_is_refused(holes, n):
    with pytest.raises(ValueError, match=f"^n_imputations must be a whole number, 2 or more; got {n}.$"):
        imputed_odds_ratios(holes, n_imputations=n)


def test_what_cannot_be_imputed_is_refused(holes):
    with pytest.raises(FilmsError, match="budget_missing is 0 for all films once budgets are imputed. Leave it out"):
        imputed_odds_ratios(holes, "passes ~ log10_budget + budget_missing")
    with pytest.raises(FilmsError, match="'nothing' is not defined"):
        imputed_odds_ratios(holes, "passes ~ nothing")
    with pytest.raises(FilmsError, match="^runtime: known for no film with an outcome"):
        imputed_odds_ratios(holes, "passes ~ runtime")
    with pytest.raises(FilmsError, match="no outcome: a column passes"):
        imputed_odds_ratios(holes.drop(columns="passes"))
    with pytest.raises(ValueError, match="conf_level must lie between 0 and 1; got 95"):
        imputed_odds_ratios(holes, conf_level=95)
