"""The pictures of the README: `python docs/pictures.py FILMS`, with the table of films the figures are from."""

import argparse
from pathlib import Path

import lightdiar
from lightdiar.show.svg import timeline_svg

HERE = Path(__file__).parent


def timeline():
    """Who speaks when in the conversation of `lightdiar demo`, on white so that it reads on dark pages too."""
    sound, _, _ = lightdiar.synthesize_conversation(seed=0)
    result = lightdiar.diarize(sound)
    genders = {speaker.name: speaker.gender for speaker in result.speakers}
    svg = timeline_svg(result.annotation, result.duration, genders)
    start = svg.index(">") + 1
    return svg[:start] + '<rect width="100%" height="100%" fill="#fff"/>' + svg[start:] + "\n"


def decades(films):
    """The share of films that pass, by decade."""
    from bechdel_stats import pass_rates, read_films
    from bechdel_stats.pictures.canvas import to_svg
    from bechdel_stats.pictures.rates import plot_rates

    rates = pass_rates(read_films(films).table, "year")
    return to_svg(lambda ax: plot_rates(rates, ax), 3.0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", type=Path)
    arguments = parser.parse_args()
    (HERE / "timeline.svg").write_text(timeline(), encoding="utf-8", newline="\n")
    (HERE / "decades.svg").write_text(decades(arguments.films), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
