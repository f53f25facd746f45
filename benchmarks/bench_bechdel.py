"""How well the Bechdel score of unseen films is predicted, what each part of the model is worth, how stable types are.

Run as `python benchmarks/bench_bechdel.py films.csv.gz --out bechdel.csv`; `--ablation`, `--later` and `--types` add
their rows. `--later` predicts films of 2003-2007, 2008-2012 and 2013-2017 from earlier ones, as they are and with the
holes of films of 2018-2023, by each variant of the model; no outcome of a later film is used there.

Five-fold cross-validation, stratified by passing, seed 0, unless the case says otherwise; intervals are 95 % percentile
bootstrap over films. `score_accuracy`, `macro_f1` and `qwk` (quadratic weighted kappa) are of the score 0-3, the other
metrics of passing. Logistic and trees see the same columns and folds. No film is predicted by a model fitted to it;
the penalty, knots and columns were chosen on these same films.
"""

import argparse
from contextlib import ExitStack, contextmanager
from itertools import combinations
from unittest.mock import patch

import numpy as np
import pandas as pd

from bechdel_stats.attributes import ATTRIBUTES
from bechdel_stats.data import tables
from bechdel_stats.describe import clusters
from bechdel_stats.prediction import blocks, calibration, evaluation
from bechdel_stats.prediction import model as prediction

CASES = {  # name: blocks left out, complete films only
    "no gender, no votes, all films": (("gender", "text", "reception"), False),
    "no gender, all films": (("gender", "text"), False),
    "gender, all films": (("text",), False),
    "gender, before release, all films": (("text", "reception"), False),
    "gender, complete films": (("text", "reception"), True),
    "all but text, complete films": (("text",), True),
    "all and text, complete films": ((), True),
    "all and text, all films": ((), False),
}


def accuracy_rows(films, fits):
    """A row per case and model."""
    complete = films["core_complete"] == 1
    for name, (lacking, only_complete) in CASES.items():
        chosen = evaluation.without(films[complete] if only_complete else films, *lacking)
        for model, fit in fits.items():
            yield row(name, model, evaluation.cross_validate(chosen, fit=fit))
    recent = films[films["year"] <= 2023]
    for name, table in {"to 2017, then 2018-23": recent, "to 2017, then 2018-23, no text": recent}.items():
        chosen = evaluation.without(table, "text") if "no text" in name else table
        for model, fit in fits.items():
            yield row(name, model, evaluation.cross_validate(chosen, fit=fit, until=2017))
    for model, fit in fits.items():
        yield row("all and text, years kept together", model, evaluation.cross_validate(films, fit=fit, groups="year"))


def row(case, model, result):
    """The figures of one evaluation."""
    figures = {"case": case, "model": model, "films": len(result.rating)}
    for metric in result.table.itertuples():
        figures |= {
            metric.metric: metric.value,
            f"{metric.metric}_low": metric.ci_low,
            f"{metric.metric}_high": metric.ci_high,
        }
    return figures | {"slope": result.slope, "ece": result.ece}


def ablations():
    """Variants of the model: name -> context in which it is fitted."""

    @contextmanager
    def replaced(**values):
        with ExitStack() as stack:
            for name, value in values.items():
                stack.enter_context(patch.object(prediction, name, value))
            yield

    def means(X):
        return prediction.JointNormal(np.nanmean(X, axis=0), np.diag(np.nanvar(X, axis=0) + 1e-9))

    full = prediction.formula
    return {
        "full": replaced(),
        "holes filled by means": replaced(fit_joint_normal=means),
        "straight lines, no splines": patch.object(blocks, "_CURVES", {}),
        "titles not read": patch.dict(blocks.BLOCKS, basics=blocks.BLOCKS["basics"][2:]),
        "years go on": patch.object(prediction.BechdelModel, "_known", years_go_on),
        "no genres by year and runtime": replaced(formula=lambda names: full(names).split(" + (genre")[0]),
        "penalty a tenth": replaced(RIDGE=10 * prediction.RIDGE),
        "penalty ten times": replaced(RIDGE=prediction.RIDGE / 10),
    }


def years_go_on(model, films):
    """Design columns with later years as they are, for `BechdelModel._known`."""
    return prediction.design_columns(films).reindex(columns=list(model.columns))


def with_holes_of(donors, films, seed=0):
    """Films in which what donors, drawn at random, lack is not known either."""
    donors = donors.iloc[np.random.default_rng(seed).integers(len(donors), size=len(films))]
    names = [
        a.name for a in ATTRIBUTES if a.block in blocks.BLOCKS and a.name in films and a.name not in ("title", "year")
    ]
    holes = donors[names].isna().to_numpy()
    return films.assign(**{name: films[name].mask(holes[:, place]) for place, name in enumerate(names)})


def later_rows(films):
    """Films of three periods predicted from earlier ones, as they are and with the holes of films of 2018-2023."""
    modern = films[films["year"].between(2018, 2023)]
    for name in ablations():
        for until in (2002, 2007, 2012):
            tested = films[films["year"].between(until + 1, until + 5)]
            tables = {"as they are": tested, "holes of 2018-2023": with_holes_of(modern, tested)}
            tables["no gender, no text"] = evaluation.without(tested, "gender", "text")
            with ablations()[name]:
                model = prediction.fit_model(films[films["year"] <= until])
                found = {scenario: model.predict_proba(table)[:, -1] for scenario, table in tables.items()}
            for scenario, probability in found.items():
                measured = calibration.measure_period((tested["passes"] == 1).to_numpy(), probability)
                yield {"case": f"{until + 1}-{until + 5}: {scenario}", "model": name, "films": len(tested)} | measured


def scenarios(films):
    """What an analyst may have: name -> the table to predict."""
    return {
        "all columns": films,
        "no text": evaluation.without(films, "text"),
        "no gender, no text": evaluation.without(films, "gender", "text"),
        "year, genres, cast share only": films[["rating", "year", "genres", "cast_female_share"]],
    }


def ablation_rows(films):
    """Each variant fitted to all columns, and films predicted from what an analyst may have."""
    for name, context in ablations().items():
        with context:
            found = {scenario: np.full((len(films), 4), np.nan) for scenario in scenarios(films)}
            for train, test in evaluation.folds(films):
                model = prediction.fit_model(films.iloc[train])
                for scenario, table in scenarios(films.iloc[test]).items():
                    found[scenario][test] = model.predict_proba(table)
        for scenario, probabilities in found.items():
            yield row(f"ablation: {scenario}", name, evaluation.evaluate(films["rating"], probabilities))


def type_rows(films, n_seeds=10):
    """Stability of film types across seeds, and their pass rates in the fitting and the held-out half."""
    from sklearn.metrics import adjusted_rand_score

    found = [clusters.film_types(films, seed=seed) for seed in range(n_seeds)]
    pairs = [adjusted_rand_score(a.labels, b.labels) for a, b in combinations(found, 2)]
    held_out = [types.held_out_correlation for types in found]
    return {
        "case": "film types",
        "model": f"{found[0].n_types} types, {n_seeds} seeds",
        "films": len(films),
        "ari": np.mean(pairs),
        "held_out_correlation": np.mean(held_out),
        "held_out_correlation_lowest": np.min(held_out),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("films", help="films.csv.gz")
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--later", action="store_true")
    parser.add_argument("--types", action="store_true")
    parser.add_argument("--quick", action="store_true", help="only the logistic model")
    parser.add_argument("--out", help="CSV of all rows")
    arguments = parser.parse_args()
    films = tables.read_films(arguments.films).table
    fits = {"logistic": prediction.fit_model}
    if not arguments.quick:
        fits["trees"] = evaluation.fit_trees
    rows = []
    shown = ["case", "model", "films", "auc", "brier", "accuracy", "score_accuracy", "qwk", "slope"]
    for figures in accuracy_rows(films, fits):
        rows.append(figures)
        print(
            pd.DataFrame([figures])[shown].to_string(index=False, header=len(rows) == 1, float_format="%.3f"),
            flush=True,
        )
    for figures in ablation_rows(films) if arguments.ablation else ():
        rows.append(figures)
        print(pd.DataFrame([figures])[shown].to_string(index=False, header=False, float_format="%.3f"), flush=True)
    for figures in later_rows(films) if arguments.later else ():
        rows.append(figures)
        print(pd.DataFrame([figures]).to_string(index=False, header=False, float_format="%.3f"), flush=True)
    if arguments.types:
        rows.append(type_rows(films))
        print(rows[-1])
    if arguments.out:
        pd.DataFrame(rows).to_csv(arguments.out, index=False, float_format="%.4f", lineterminator="\n")


if __name__ == "__main__":
    main()
