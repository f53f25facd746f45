"""The command line: the only place that reads arguments, prints and exits."""

from bechdel_stats.cli.films import check_outputs
from bechdel_stats.words.messages import FilmsWarning
from lightdiar.common import commandline

COMMANDS = (
    "predict",
    "explain",
    "what-if",
    "odds",
    "rates",
    "trend",
    "clusters",
    "report",
    "audit",
    "fit",
    "fetch",
    "models",
    "demo",
)
_DESCRIPTION = """\
Which films fail the Bechdel test, and what is associated with it: classical statistics, models that ship,
no deep learning.

  bechdel-stats predict films.csv                 probability of passing of each film, and its score 0-3
  bechdel-stats explain FILM films.csv            why a film is predicted so, against the average film
  bechdel-stats what-if FILM films.csv --set cast_female_share=0.5    the film as it is, and changed
  bechdel-stats odds films.csv                    odds ratios, with and without cast and crew gender
  bechdel-stats rates films.csv --by genres       share of films that pass, with intervals
  bechdel-stats trend films.csv                   share of films that pass by year, crude and adjusted, with a
                                                  band and tests
  bechdel-stats clusters films.csv                types of films, found without the outcome
  bechdel-stats report films.csv --out r.html     everything in one page, in English or French
  bechdel-stats audit films.csv tmdb.json         what was read, what was left out and why, what is missing
  bechdel-stats fit films.csv --out DIR           coefficients for `predict`, from your own films
  bechdel-stats fetch --ratings dump.json         the ratings of bechdeltest.com; --tmdb adds attributes
  bechdel-stats models                            where the shipped coefficients come from
  bechdel-stats demo                              scores of six invented films

Films: CSV, JSON, JSON lines or Parquet, plain or .gz, under the names of public tables (bechdeltest.com, TMDB, IMDb);
several files are joined on the IMDb id.
"""
_EPILOG = """\
Tables are written as .csv (unrounded), .md, .tex, .html or .txt, plots as .png, .svg or .pdf.
Outputs never replace an existing file without --overwrite.
Exit status: 0 done, 2 a file or an argument could not be used or output was lost, 130 interrupted.
`bechdel-stats COMMAND --help` lists the options of a command. A file whose name begins with - comes after --."""


def main(argv=None):
    """Run the command line and return the exit status."""
    return commandline.run(
        "bechdel-stats", __name__, COMMANDS, _DESCRIPTION, _EPILOG, FilmsWarning, argv, check_outputs
    )
