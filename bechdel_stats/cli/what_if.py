"""``bechdel-stats what-if``: one film as it is, and with other values."""

from bechdel_stats.cli.explain import add_film
from bechdel_stats.cli.films import add_ear, add_files, add_out, put
from bechdel_stats.cli.predict import add_model, read_to_predict

SUMMARY = "predict one film as it is, and with other values in some columns"


def add_arguments(parser):
    add_film(parser)
    add_files(parser)
    parser.add_argument(
        "--set",
        action="append",
        required=True,
        dest="changes",
        metavar="COLUMN=VALUE",
        help="another value, such as cast_female_share=0.5; may be given several times",
    )
    add_out(parser)
    add_model(parser)
    add_ear(parser)


def run(arguments):
    """Predict one film as it is, and with other values in some columns."""
    from bechdel_stats.prediction.explanation import find_film
    from bechdel_stats.prediction.importance import what_if

    changes = dict(map(_change, arguments.changes))
    films, model = read_to_predict(arguments)
    summary = what_if(find_film(films, arguments.film), changes, model=model)
    put(summary, summary.table, arguments.out)


def _change(text):
    column, equals, value = text.partition("=")
    if not equals or not column.strip() or not value.strip():
        raise ValueError(f"--set {text}: it must read COLUMN=VALUE, such as cast_female_share=0.5.")
    return column.strip(), value.strip()
