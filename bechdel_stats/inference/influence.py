"""Which films move a logistic regression most.

References
----------
.. [1] Pregibon, "Logistic regression diagnostics", Annals of Statistics, 1981.
"""

import numpy as np
import pandas as pd

from bechdel_stats.data.schema import checked
from bechdel_stats.inference.regression import OddsRatioResult
from bechdel_stats.words.messages import FilmsError, Message


def influential_films(result: OddsRatioResult, films: pd.DataFrame, n_films: int = 10) -> pd.DataFrame:
    """Find the films that move the coefficients most, by Cook's distance.

    Parameters
    ----------
    result : OddsRatioResult
        A result fitted to `films`, not by Firth's method.
    films : DataFrame
    n_films : int, default=10

    Returns
    -------
    table : DataFrame
        title (or index), passes, probability and cooks_distance [2]_, the largest first.
    """
    if result.separated or not result.converged or result.weights is not None:
        raise FilmsError(Message("no_influence"))
    n_fitted = result.n_films + result.n_dropped
    if len(films) != n_fitted:
        raise FilmsError(Message("other_table", n=len(films), n_fitted=n_fitted))
    films = checked(films).rows(result.rows)
    if not np.array_equal(films["passes"], result.model_results.model.endog):
        raise FilmsError(Message("other_films"))
    plain = result.model_results.model.fit(start_params=result.model_results.params, disp=0)  # not robust, as in [2]
    table = pd.DataFrame(
        {
            "title": films["title"].tolist() if "title" in films else films.index.tolist(),
            "passes": films["passes"].astype(int).to_numpy(),
            "probability": plain.predict(),
            "cooks_distance": plain.get_influence().cooks_distance[0],
        }
    )
    return table.nlargest(n_films, "cooks_distance").reset_index(drop=True)
