"""How fast films are read, fitted and predicted, and how much memory it takes, one thread.

Run as `python benchmarks/bench_bechdel_speed.py films.csv.gz --out speed.csv`.

Each case is a child process with one thread: seconds are wall-clock of the case alone, after a warm-up on 400 films;
`peak_mb` is the largest resident memory of the process, imports included. Larger tables repeat the films. `peer fit` is
a logistic regression of scikit-learn after one-hot genres and mean imputation, in the same run, for a ratio. Needs the
`resource` module (Linux, macOS).
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import warnings
from time import perf_counter

import pandas as pd

CASES = {
    "read": 0,
    "fit": 0,
    "peer fit": 0,
    "odds": 0,
    "predict 8 thousand": 0,
    "predict 100 thousand": 10**5,
    "predict 1 million": 10**6,
}


def job(case, films):
    """What a case does with the films."""
    if case == "fit":
        from bechdel_stats import fit_model

        return fit_model(films)
    if case == "odds":
        from bechdel_stats import odds_with_and_without_gender

        return odds_with_and_without_gender(films)
    if case == "peer fit":
        return peer(films)
    from bechdel_stats import predict_bechdel

    return predict_bechdel(films, proba=True)


def peer(films):
    """A plain scikit-learn pipeline."""
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    numbers = films.select_dtypes("number").drop(columns=["rating", "passes"])
    X = numbers.join(films["genres"].astype(object).fillna("").str.get_dummies("|").add_prefix("genre "))
    return make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(max_iter=1000)).fit(X, films["rating"])


def run_child(case, path):
    """In the child: print what the case took, as JSON."""
    from bechdel_stats import read_films

    start = perf_counter()
    films = read_films(path).table
    seconds = perf_counter() - start
    n_films = CASES[case] or len(films)
    if case != "read":
        table = pd.concat([films] * -(-n_films // len(films)), ignore_index=True).iloc[:n_films]
        job(case, table.iloc[:: max(1, len(films) // 400)].iloc[:400])
        start = perf_counter()
        job(case, table)
        seconds = perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(json.dumps({"case": case, "films": n_films, "seconds": seconds, "peak_mb": used}))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("films", help="films.csv.gz")
    parser.add_argument("--quick", action="store_true", help="without the million")
    parser.add_argument("--out", help="CSV of all rows")
    parser.add_argument("--child", choices=CASES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        warnings.simplefilter("ignore")
        return run_child(arguments.child, arguments.films)
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    rows = []
    for case in list(CASES)[: -1 if arguments.quick else None]:
        child = [sys.executable, __file__, arguments.films, "--child", case]
        done = subprocess.run(child, env=one_thread, stdout=subprocess.PIPE, check=True)
        rows.append(json.loads(done.stdout.splitlines()[-1]))
    frame = pd.DataFrame(rows)
    print(frame.to_string(index=False, float_format="%.1f"))
    if arguments.out:
        frame.to_csv(arguments.out, index=False, float_format="%.4f", lineterminator="\n")


if __name__ == "__main__":
    main()
