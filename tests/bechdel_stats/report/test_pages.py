import base64

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.report.pages import Heading, Picture, Points, Section, Table, Text, to_html, to_markdown
from bechdel_stats.results import Summary
from bechdel_stats.words.language import Words

EN, FR = Words("en"), Words("fr")
SVG = "<svg>é</svg>"


@pytest.fixture
def rates():
    """Two genres, one of them of one film; a rate with its interval, a count and a name that nobody translates."""
    table = pd.DataFrame(
        {
            "genres": ["War", "Romance"],
            "n_films": [12345, 1],
            "pass_rate": [56.249, np.nan],
            "ci_low": [40, np.nan],
            "ci_high": [70.04, np.nan],
            "examples": ["War", "<script>alert(1)</script> | *A* & [b](c) \\"],
        }
    )
    decimals = dict.fromkeys(("pass_rate", "ci_low", "ci_high"), 1)
    return Table("Rates", Summary("-", table, decimals=decimals, intervals={"pass_rate": ("ci_low", "ci_high")}))


@pytest.mark.parametrize(
    "block, html, markdown",
    [
        (Text("a < b & c"), "<p>a &lt; b &amp; c</p>", r"a \< b & c"),
        (Text("_a_ *b* `c` \\", "note"), '<p class="note">_a_ *b* `c` \\</p>', r"_a_ \*b\* \`c\` \\"),
        (Text("Not available: x", "lack"), '<p class="lack">Not available: x</p>', "Not available: x"),
        (Text("[a](http://b) [c]"), "<p>[a](http://b) [c]</p>", r"[a]\(http://b) [c]"),
        (Heading("A <b>"), "<h3>A &lt;b&gt;</h3>", "### A &lt;b>"),
        (
            Points((("Genres & year", "War < Romance"), ("", "*alone*"))),
            "<ul><li><strong>Genres &amp; year.</strong> War &lt; Romance</li><li>*alone*</li></ul>",
            "- **Genres & year.** War \\< Romance\n- \\*alone\\*",
        ),
        (Points(()), "<ul></ul>", ""),
    ],
)
def test_blocks_of_text_by_hand(block, html, markdown):
    for words in (EN, FR):
        assert block.html(words) == html
        assert block.markdown(words) == markdown


def test_a_picture_is_data_in_the_page_and_nothing_in_markdown():
    picture = Picture(SVG, 'Rates "by" <genre>')
    before, data = picture.html(EN).split("base64,")
    assert before == '<figure><img alt="Rates &quot;by&quot; &lt;genre&gt;" src="data:image/svg+xml;'
    assert base64.b64decode(data.removesuffix('"></figure>')).decode("utf-8") == SVG
    assert picture.markdown(EN) == ""


def test_a_table_in_english_html_by_hand(rates):
    table = Table(rates.title, rates.summary, ("examples",))
    assert table.html(EN) == (
        '<div class="table" role="region" tabindex="0" aria-label="Table: Rates"><table><caption>Rates</caption>\n'
        '<thead><tr><th scope="col">Genre</th><th scope="col" class="number">Films</th>'
        '<th scope="col" class="number">Pass rate, % [95% CI]</th><th scope="col">Examples</th></tr></thead>\n'
        '<tbody><tr><th scope="row">War</th><td class="number">12,345</td>'
        '<td class="number">56.2 [40.0, 70.0]</td><td>War</td></tr>\n'
        '<tr><th scope="row">Romance</th><td class="number">1</td><td class="number"></td>'
        "<td>&lt;script&gt;alert(1)&lt;/script&gt; | *A* &amp; [b](c) \\</td></tr></tbody></table></div>"
    )


def test_a_table_in_french_markdown_by_hand(rates):
    table = Table(rates.title, rates.summary, ("examples",))
    assert table.markdown(FR) == (
        "**Rates**\n\n"
        "| Genre | Films | Taux de réussite, % [IC à 95\u00a0%] | Exemples |\n"
        "|---|--:|--:|---|\n"
        "| Guerre | 12\u202f345 | 56,2 [40,0\u00a0; 70,0] | War |\n"
        "| Romance | 1 |  | &lt;script>alert(1)&lt;/script> \\| \\*A\\* & [b]\\(c) \\\\ |"
    )


def test_names_are_translated_but_where_they_are_titles(rates):
    assert rates.markdown(FR).splitlines()[4].endswith("| Guerre |")  # the example too
    assert rates.markdown(EN).splitlines()[4] == "| War | 12,345 | 56.2 [40.0, 70.0] | War |"


def test_a_bar_in_a_title_does_not_make_a_cell_more(rates):
    lines = rates.markdown(EN).splitlines()[2:]
    assert [line.replace("\\|", "").count("|") for line in lines] == [5] * 4


@pytest.mark.parametrize("title", ["Alien\nAliens", "Alien\r\n\r\nAliens", "Alien\rAliens"])
def test_a_line_break_in_a_title_does_not_end_its_row(title):
    table = Table("T", Summary("-", pd.DataFrame({"titles": [title], "n_films": [-2.5]})), ("titles",))
    assert table.markdown(FR).split("\n")[4:] == ["| Alien Aliens | \u22122,50 |"]


def test_the_first_column_heads_its_row_even_if_it_is_a_number():
    html = Table("T", Summary("-", pd.DataFrame({"type": [1], "n_films": [2]}))).html(EN)
    assert '<tr><th scope="row" class="number">1</th><td class="number">2</td></tr>' in html


def test_a_table_without_rows_has_its_heads():
    table = Table("T", Summary("-", pd.DataFrame({"genres": [], "n_films": []})))
    assert "<tbody></tbody>" in table.html(EN)
    assert table.markdown(EN).splitlines()[2:] == ["| Genre | Films |", "|--:|--:|"]


@pytest.fixture
def sections():
    blocks = (Text("Of 2 films, 1 passes."), Picture(SVG, "Rates"), Heading("By genre"), Text("few", "note"))
    return [Section("rates", "Rates & more", blocks), Section("limits", "Limits", (Points((("", "Volunteers"),)),))]


def test_a_page_of_sections_in_html_by_hand(sections):
    page = to_html("Films <2>", sections, FR)
    assert page.startswith('<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n')
    assert "<title>Films &lt;2&gt;</title>\n<style>\n" in page
    data = base64.b64encode(SVG.encode("utf-8")).decode("ascii")
    assert page.split("</head>\n")[1] == (
        "<body>\n<header><h1>Films &lt;2&gt;</h1></header>\n"
        '<nav aria-label="Sommaire"><h2>Sommaire</h2><ul><li><a href="#rates">Rates &amp; more</a></li>'
        '<li><a href="#limits">Limits</a></li></ul></nav>\n'
        '<main>\n<section id="rates">\n<h2>Rates &amp; more</h2>\n<p>Of 2 films, 1 passes.</p>\n'
        f'<figure><img alt="Rates" src="data:image/svg+xml;base64,{data}"></figure>\n'
        '<h3>By genre</h3>\n<p class="note">few</p>\n</section>\n'
        '<section id="limits">\n<h2>Limits</h2>\n<ul><li>Volunteers</li></ul>\n</section>\n'
        "</main>\n</body>\n</html>\n"
    )


def test_a_page_of_sections_in_markdown_by_hand(sections):
    assert to_markdown("Films <2>", sections, EN) == (
        "# Films \\<2>\n\nThe figures are in the HTML version.\n\n"
        "## Rates & more\n\nOf 2 films, 1 passes.\n\n### By genre\n\nfew\n\n"
        "## Limits\n\n- Volunteers\n"
    )


def test_markdown_speaks_of_pictures_only_where_there_are_some(sections):
    assert to_markdown("T", sections[1:], FR) == "# T\n\n## Limits\n\n- Volunteers\n"
    assert "Les figures sont dans la version HTML." in to_markdown("T", sections, FR)


def test_two_pages_of_the_same_sections_are_the_same_and_well_formed(sections, read_page):
    assert to_html("T", sections, EN) == to_html("T", sections, EN)
    page = read_page(to_html("T", sections, EN))
    assert page.ids == ["rates", "limits"] and page.addresses[:2] == ["#rates", "#limits"]
    assert page.pictures == [SVG] and page.alts == ["Rates"]
