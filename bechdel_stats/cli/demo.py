"""``bechdel-stats demo``: scores of six invented films."""

import warnings

from lightdiar.common.commandline import show_text

_COLUMNS = ("title", "year", "genres", "budget", "runtime", "cast_female_share", "overview")
_FILMS = (
    ("The Long Ride West", 1956, "Western", 4e6, 96, 0.10, "A gunman and his brother hunt a man."),
    ("Sisters of the Lake", 2018, "Drama|Romance", 8e6, 104, 0.62, "Two sisters and their mother meet again."),
    ("Orbit of Iron", 1999, "Action|Science Fiction", 9e7, 118, 0.22, "A pilot and his crew defend a station."),
    ("The House Downstairs", 2012, "Horror", 3e6, 91, 0.50, "A widow and her daughter hear a girl."),
    ("Company of Seven", 1971, "War", 1.2e7, 131, 0.05, "Seven soldiers and their captain hold a bridge."),
    ("School for Dragons", 2009, "Animation|Family", 7e7, 88, 0.35, "A boy and a girl raise the last dragon."),
)

SUMMARY = "scores of six invented films"


def add_arguments(parser):
    """No options."""


def run(arguments):
    """Predict six invented films."""
    import pandas as pd

    from bechdel_stats.prediction.model import predict_bechdel
    from bechdel_stats.results import Summary

    films = pd.DataFrame(_FILMS, columns=_COLUMNS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the columns that this table lacks
        chances = predict_bechdel(films, proba=True)
    scores = chances.iloc[:, :4].to_numpy().argmax(axis=1)
    table = films[["title", "year", "genres"]].assign(score=scores, passes=chances["passes"])
    show_text(Summary("Six invented films: most probable score 0-3, probability of passing", table))
