import pandas as pd
import pytest

from bechdel_stats.report.blocks import Heading, Lacking, Picture, Points, Table, Text
from bechdel_stats.report.pages import Section, edited, to_html, to_markdown
from bechdel_stats.results import Summary
from bechdel_stats.words.language import Words

EN, FR = Words("en"), Words("fr")
SVG = "<svg>é</svg>"


@pytest.fixture
def sections():
    blocks = (Text("Of 2 films, 1 passes."), Picture("Rates", SVG), Heading("By genre"), Text("few", "note"))
    return [Section("rates", "Rates & more", blocks), Section("limits", "Limits", (Points((("", "Volunteers"),)),))]


def test_a_page_of_sections_in_html_by_hand(sections):
    page = to_html("Films <2>", sections, FR)
    assert page.startswith('<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n')
    assert "<title>Films &lt;2&gt;</title>\n<style>\n" in page
    assert page.split("</head>\n")[1] == (
        '<body>\n<main>\n<section id="rates">\n<h1>Films &lt;2&gt;</h1>\n<p>Of 2 films, 1 passes.</p>\n'
        f"<figure><figcaption>Rates</figcaption>{SVG}</figure>\n"
        '<h3>By genre</h3>\n<p class="note">few</p>\n</section>\n'
        '<nav aria-label="Sommaire"><h2>Sommaire</h2><ul><li><a href="#limits">Limits</a></li></ul></nav>\n'
        '<section id="limits">\n<h2>Limits</h2>\n<ul><li>Volunteers</li></ul>\n</section>\n'
        "</main>\n</body>\n</html>\n"
    )


def test_a_page_of_sections_in_markdown_by_hand(sections):
    assert to_markdown("Films <2>", sections, EN) == (
        "# Films \\<2>\n\nThe figures are in the HTML version.\n\n"
        "Of 2 films, 1 passes.\n\n### By genre\n\nfew\n\n## Limits\n\n- Volunteers\n"
    )


def test_markdown_speaks_of_pictures_only_where_there_are_some(sections):
    assert to_markdown("T", sections[1:], FR) == "# T\n\n- Volunteers\n"
    assert "Les figures sont dans la version HTML." in to_markdown("T", sections, FR)


def test_two_pages_of_the_same_sections_are_the_same_and_well_formed(sections, read_page):
    assert to_html("T", sections, EN) == to_html("T", sections, EN)
    page = read_page(to_html("T", sections, EN))
    assert page.ids == ["rates", "limits"] and page.addresses == ["#limits"]


def test_each_note_is_said_once_and_no_title_twice_in_a_row():
    note, table = Text("Overlap.", "note"), Table("By genre", Summary("-", pd.DataFrame({"genres": []})))
    first = Section(
        "a", "A", (Heading("By genre"), Picture("By genre", SVG), table, note, Text("x"), Picture("B", SVG))
    )
    second = Section("b", "B", (Picture("B", SVG), note, Text("x")))
    third = Section("c", "C", (note, Lacking("C", "too few")))
    one, two = edited([first, second, third])  # nothing is left of the third
    assert [block.titled for block in one.blocks if isinstance(block, (Picture, Table))] == [False, False, True]
    assert one.blocks[3] == note and two.blocks == (Picture("B", SVG, titled=False), Text("x"))
