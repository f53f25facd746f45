"""``bechdel-stats predict``: score 0-3 of each film and its probability of passing."""

from pathlib import Path

from bechdel_stats.cli.films import add_files, add_out, identity, put, read

SUMMARY = "score 0-3 of each film and its probability of passing"


def add_arguments(parser):
    add_files(parser)
    add_out(parser)
    parser.add_argument(
        "--model", type=Path, metavar="DIR", help="use coefficients written by `fit` instead of the shipped ones"
    )


def run(arguments):
    """Print or write the score of each film and its probability of passing."""
    from bechdel_stats.data.sources import read_source
    from bechdel_stats.prediction.model import load_model, predict_bechdel
    from bechdel_stats.results import Summary

    if len(arguments.files) > 1:
        films = read(arguments, unrated=True)
    else:
        films = read_source(arguments.files[0], columns=dict(arguments.column)).table
    model = load_model(arguments.model) if arguments.model else load_model()
    probabilities = predict_bechdel(films, proba=True, model=model)
    scores = probabilities.iloc[:, :4].to_numpy().argmax(axis=1)
    table = identity(films).assign(score=scores, **probabilities)
    if not arguments.out:
        table = table.drop(columns=["score_0", "score_1", "score_2", "score_3"])
    put(Summary(f"{len(films)} films", table), table, arguments.out)
