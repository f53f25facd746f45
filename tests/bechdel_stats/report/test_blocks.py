import numpy as np
import pandas as pd
import pytest

from bechdel_stats.report.blocks import Heading, Headline, Lacking, Picture, Points, Table, Text
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


def test_a_picture_stands_in_the_page_with_its_title_and_not_in_markdown():
    picture = Picture('Rates "by" <genre>', SVG)
    assert picture.html(EN) == f"<figure><figcaption>Rates &quot;by&quot; &lt;genre&gt;</figcaption>{SVG}</figure>"
    assert Picture("Rates", SVG, titled=False).html(EN) == f"<figure>{SVG}</figure>"
    assert picture.markdown(EN) == ""


def test_a_headline_is_one_number_with_what_it_says():
    headline = Headline("57.2%", "of < 9 films")
    assert headline.html(EN) == '<p class="headline"><b>57.2%</b> <span>of &lt; 9 films</span></p>'
    assert headline.markdown(EN) == "**57.2%** of \\< 9 films"


def test_what_is_lacking_is_not_shown_where_it_lacks():
    assert Lacking("Types", "too few").html(EN) == Lacking("Types", "too few").markdown(EN) == ""


def test_a_title_that_is_not_shown_is_still_read_aloud(rates):
    quiet = Table(rates.title, rates.summary, titled=False)
    assert "<caption class=aloud>Rates</caption>" in quiet.html(EN)
    assert quiet.markdown(EN).startswith("| Genre |")


def test_numbers_have_no_exponent_no_mixed_minus_and_years_no_separator():
    table = pd.DataFrame({"year": [2017], "n_films": [5e9], "difference": [-1e-7], "p_value": [2e-5], "vif": [np.inf]})
    summary = Summary("-", table, decimals={"n_films": 0})
    assert Table("T", summary).markdown(FR).splitlines()[-1] == (
        "| 2017 | 5\u202f000\u202f000\u202f000 | \u22120,0000001 | \\<0,001 | ∞ |"
    )


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
