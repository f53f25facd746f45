"""Which films move a logistic regression most, and which odds ratio each moves.

References
----------
.. [1] Pregibon, "Logistic regression diagnostics", Annals of Statistics, 1981.
.. [2] Belsley, Kuh and Welsch, "Regression diagnostics", 1980 (DFBETAS).
"""

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import checked
from bechdel_stats.inference.odds_result import OddsRatioResult
from bechdel_stats.words.messages import FilmsError, Message, check_kind, check_whole


def influential_films(result: OddsRatioResult, films: pd.DataFrame, n_films: int = 10) -> pd.DataFrame:
    """Find the films that move the coefficients most, by Cook's distance.

    Parameters
    ----------
    result : OddsRatioResult
        A result fitted to `films` by maximum likelihood, without weights.
    films : DataFrame
    n_films : int, default=10

    Returns
    -------
    table : DataFrame
        title (or index), year if it is known, passes, probability, cooks_distance [1]_, the largest first; shifts, the
        column of the model that the film moves most, and shift, how far the film moves its coefficient, in standard
        errors [2]_: by this much it would fall without the film.
    """
    check_kind("result", result, OddsRatioResult, "an OddsRatioResult, as odds_ratios returns it")
    check_kind("films", films, pd.DataFrame, "the DataFrame that the result was fitted to")
    check_whole("n_films", n_films, 1)
    if result.separated or not result.converged or result.weights is not None:
        raise FilmsError(Message("no_influence"))
    n_fitted = result.n_films + result.n_dropped
    if len(films) != n_fitted:
        raise FilmsError(Message("other_table", n=len(films), n_fitted=n_fitted))
    films = checked(films).rows(result.rows)
    model = result.model_results.model
    if not np.array_equal(films["passes"], model.endog):
        raise FilmsError(Message("other_films"))
    X, y, p = model.exog, model.endog, np.asarray(result.model_results.predict())
    weights = p * (1 - p)
    inverse = np.linalg.inv((X * weights[:, None]).T @ X)  # not robust, as in [1]
    leverage = weights * ((X @ inverse) * X).sum(axis=1)
    moved = (X @ inverse) * ((y - p) / (1 - leverage))[:, None] / np.sqrt(np.diag(inverse))
    most = 1 + np.abs(moved[:, 1:]).argmax(axis=1)  # the intercept says nothing
    titles = films["title"].tolist() if "title" in films else films.index.tolist()
    years = {"year": films["year"].round().astype("Int64").to_numpy()} if "year" in films else {}
    table = pd.DataFrame(
        {
            "title": titles,
            **years,
            "passes": films["passes"].astype(int).to_numpy(),
            "probability": p,
            "cooks_distance": (y - p) ** 2 / weights * leverage / (1 - leverage) ** 2 / X.shape[1],
            "shifts": np.array(model.exog_names)[most],
            "shift": moved[np.arange(len(y)), most],
        }
    )
    return table.nlargest(n_films, "cooks_distance").reset_index(drop=True)
