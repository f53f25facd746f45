"""``bechdel-stats explain``: what sets one film apart from the average film."""

from bechdel_stats.cli.films import add_ear, add_files, add_out, add_plot, draw, put
from bechdel_stats.cli.predict import add_model, read_to_predict

SUMMARY = "why a film is predicted as it is: what sets it apart from the average film"


def add_film(parser):
    """Add the argument that names a film."""
    parser.add_argument("film", metavar="FILM", help="a title, an IMDb id, or the number of a row, from 1")


def add_arguments(parser):
    add_film(parser)
    add_files(parser)
    add_out(parser)
    add_plot(parser)
    add_model(parser)
    add_ear(parser)


def run(arguments):
    """Split the predicted log odds of passing of one film by variable, against the average film."""
    from bechdel_stats.prediction.explanation import explain, find_film

    films, model = read_to_predict(arguments)
    explanation = explain(find_film(films, arguments.film), model)
    put(explanation.summary(), explanation.table, arguments.out)
    draw(explanation, arguments.plot)
