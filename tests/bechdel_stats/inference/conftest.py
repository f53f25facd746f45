import numpy as np
import pytest
import statsmodels.api as sm

from bechdel_stats.inference.design import rcs
from bechdel_stats.inference.regression import odds_ratios

KNOTS = (1950, 1970, 1990, 2010)
FORMULA = f"passes ~ genre_war + cast_female_10 + rcs(year, {KNOTS}) + director_woman"


@pytest.fixture(scope="session")
def knots():
    return KNOTS


@pytest.fixture(scope="session")
def by_hand(films):
    """The design matrix of FORMULA and the outcome, without any of our model code; columns 3 to 5 are the curve."""
    year = films["year"].to_numpy(float)
    war = films["genres"].str.contains("War").to_numpy(float)
    X = np.column_stack(
        [np.ones(len(films)), war, 10 * films["cast_female_share"], rcs(year, KNOTS), films["director_female_share"]]
    )
    return X, (films["rating"] == 3).to_numpy(float)


def jackknife(X, y, groups):
    """The fit of statsmodels with CR3 and t: one Newton step without each cluster, by plain normal equations."""
    theirs = sm.Logit(y, X).fit(disp=0)
    p = theirs.predict()
    steps = []
    for group in np.unique(groups):
        rest = groups != group
        information = (X[rest] * (p * (1 - p))[rest, None]).T @ X[rest]
        steps.append(np.linalg.solve(information, X[rest].T @ (y - p)[rest]))
    n = len(steps)
    return with_covariance(theirs, (n - 1) / n * np.array(steps).T @ np.array(steps), n - 1)


def with_covariance(theirs, covariance, df=None):
    """A result of statsmodels whose tables and tests use another covariance, and t if `df` is given."""
    theirs._results.cov_params_default = covariance
    if df is not None:
        theirs._results.use_t, theirs._results.df_resid_inference = True, df
    return theirs


@pytest.fixture(scope="session")
def hc1():
    return fit_hc1


def fit_hc1(X, y):
    """The fit of statsmodels with n / (n - k) times HC0, which it calls HC1 but for the factor."""
    theirs = sm.Logit(y, X).fit(disp=0, cov_type="HC0")
    return with_covariance(theirs, theirs.cov_params() * len(y) / (len(y) - X.shape[1]))


@pytest.fixture(scope="session")
def results(films, by_hand):
    """Our result of FORMULA and that of statsmodels, for two kinds of standard errors."""
    X, y = by_hand
    return {
        "HC1": (odds_ratios(films, FORMULA), fit_hc1(X, y)),
        "clustered": (odds_ratios(films, FORMULA, cluster="year"), jackknife(X, y, films["year"].to_numpy())),
    }


@pytest.fixture(params=["HC1", "clustered"])
def both(request, results):
    """Our result and that of statsmodels."""
    return results[request.param]


@pytest.fixture(scope="session")
def default_odds(films):
    """Odds ratios of all attributes."""
    return odds_ratios(films)
