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


@pytest.fixture(scope="session")
def results(films, by_hand):
    """Our result of FORMULA and that of statsmodels, for two kinds of standard errors."""
    X, y = by_hand
    groups = {"groups": films["year"].to_numpy()}
    return {
        "HC1": (odds_ratios(films, FORMULA), sm.Logit(y, X).fit(disp=0, cov_type="HC1")),
        "clustered": (
            odds_ratios(films, FORMULA, cluster="year"),
            sm.Logit(y, X).fit(disp=0, cov_type="cluster", cov_kwds=groups),
        ),
    }


@pytest.fixture(params=["HC1", "clustered"])
def both(request, results):
    """Our result and that of statsmodels."""
    return results[request.param]


@pytest.fixture(scope="session")
def default_odds(films):
    """Odds ratios of all attributes."""
    return odds_ratios(films)
