"""``bechdel-stats fit``: fit coefficients for `predict` to films with ratings 0-3, or with pass and fail."""

from pathlib import Path

from bechdel_stats.cli.films import add_ear, add_files, beside_ear, read, show_progress
from lightdiar.common.commandline import say, show, show_text
from lightdiar.common.notation import count_of

SUMMARY = "fit coefficients for `predict` to films with ratings 0-3, or with pass and fail"


def add_arguments(parser):
    add_files(parser)
    parser.add_argument(
        "--out", type=Path, required=True, dest="folder", metavar="DIR", help="where coefficients and card are written"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace files that `fit` did not write")
    parser.add_argument("--card", type=Path, metavar="JSON", help="entries of the model card: sources, licence, recipe")
    parser.add_argument(
        "--evaluate", action="store_true", help="cross-validate and add the figures to the card (minutes)"
    )
    add_ear(parser)


def run(arguments):
    """Fit coefficients for `predict` to films with ratings 0-3, or to pass and fail, and write them with a card."""
    from bechdel_stats.prediction.model import COEFFICIENTS, fit_model, with_outcome
    from bechdel_stats.prediction.over_time import figures
    from bechdel_stats.prediction.with_ear import compare_with_ear, enough_heard
    from lightdiar.common.archive import LARGEST_ENTRIES, check_archive
    from lightdiar.common.foreign import read_json

    check_archive(arguments.folder / COEFFICIENTS, overwrite=arguments.overwrite)
    card = read_json(arguments.card, LARGEST_ENTRIES) if arguments.card else {}
    if not isinstance(card, dict):
        raise ValueError(f"--card {arguments.card}: a JSON object is needed, with sources, licence and recipe.")
    films = beside_ear(read(arguments), arguments)
    rated, outcome = with_outcome(films)
    if len(rated) < len(films):
        say(f"bechdel-stats: {len(films) - len(rated)} of {len(films)} films have no {outcome.name} and are left out")
    if arguments.ear:
        films = enough_heard(films)
        if "ear_two_women" in films:
            show_progress("without and with what is heard")
            comparison = compare_with_ear(films)
            show_progress("")
            card["ear"] = comparison.figures
            show_text(comparison.summary())
    if arguments.evaluate:
        card["figures"] = figures(films, progress=show_progress)
    model = fit_model(films, card)
    model.save(arguments.folder)
    n = len(model.coefficients)
    show(f"{arguments.folder}: coefficients of {count_of(n, 'combination')} of what may be known")
