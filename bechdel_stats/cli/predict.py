"""``bechdel-stats predict``: probability of passing, decision and score 0-3 of each film."""

from pathlib import Path

from bechdel_stats.cli.films import add_ear, add_files, add_out, beside_ear, put, read

SUMMARY = "probability of passing, decision and score 0-3 of each film"


def add_arguments(parser):
    add_files(parser)
    add_out(parser)
    add_model(parser)
    add_ear(parser)


def add_model(parser):
    """Add the option --model."""
    parser.add_argument(
        "--model", type=Path, metavar="DIR", help="use coefficients written by `fit` instead of the shipped ones"
    )


def read_to_predict(arguments):
    """Return the films to predict, every row of a single file, beside what is heard of them, and the model."""
    from bechdel_stats.data.sources import read_source
    from bechdel_stats.data.tables import check_columns
    from bechdel_stats.prediction.model import load_model

    if len(arguments.files) > 1:
        films = read(arguments, unrated=True)
    else:
        columns = dict(arguments.column)
        source = read_source(arguments.files[0], columns=columns)
        check_columns([source], columns)
        films = source.table
    model = load_model(arguments.model) if arguments.model else load_model()
    return beside_ear(films, arguments), model


def run(arguments):
    """Print or write the probability of passing of each film, whether that is a pass, and its score 0-3.

    The decision is a pass if that is more probable than not; the score is the most probable of 0-3. Written tables
    have the probability of each score too. With --ear, what is heard in recordings stands beside it.
    """
    from bechdel_stats.prediction.predictions import predict_films

    films, model = read_to_predict(arguments)
    predictions = predict_films(films, model=model)
    put(predictions.summary(), predictions.table, arguments.out)
