import io

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.sources import read_source
from bechdel_stats.results import Summary, csv_text, format_cell


@pytest.fixture
def summary():
    table = pd.DataFrame(
        {
            "term": ["War", "Romance | love"],
            "n": [310, 7],
            "odds_ratio": [0.56, 12.3456],
            "p_value": [0.0001, 0.04999],
            "q": [np.nan, 0.001],
        }
    )
    return Summary("Odds", table, (("films", 317), ("AUC", 0.8041)), ("Odds ratios are not causes.",), {"q": 1})


def test_text(summary):
    assert repr(summary).split("\n") == [
        "Odds",
        "films  317",
        "AUC    0.80",
        "term              n  odds_ratio  p_value      q",
        "War             310        0.56   <0.001",
        "Romance | love    7       12.35    0.050  0.001",
        "Odds ratios are not causes.",
    ]


def test_markdown(summary):
    assert summary.to_markdown().split("\n") == [
        "**Odds**", "", "- films: 317", "- AUC: 0.80", "",
        "| term | n | odds_ratio | p_value | q |", "|---|--:|--:|--:|--:|",
        "| War | 310 | 0.56 | <0.001 |  |", r"| Romance \| love | 7 | 12.35 | 0.050 | 0.001 |",
        "", "Odds ratios are not causes.", "",
    ]  # fmt: skip


def test_a_line_break_does_not_end_a_row_of_markdown():
    table = pd.DataFrame({"a\nb": ["Alien\r\n\r\nAliens", "Cube\rZero", "Up | \nDown"]})
    assert Summary("Films", table).to_markdown().splitlines()[2:] == [
        "| a b |", "|---|", "| Alien Aliens |", "| Cube Zero |", r"| Up \|  Down |"
    ]  # fmt: skip


def test_latex(summary):
    lines = summary.to_latex().split("\n")
    assert lines[:3] == ["% Odds", r"\begin{tabular}{lrrrr}", r"\hline"]
    assert lines[3] == r"term & n & odds\_ratio & p\_value & q \\ \hline"
    assert lines[4] == r"War & 310 & 0.56 & $<$0.001 &  \\"
    assert lines[-3:] == [r"\end{tabular}", "% Odds ratios are not causes.", ""]


def test_html_is_escaped_and_aligned(summary):
    page = Summary("<b>", pd.DataFrame({"a": ["<script>"], "n": [1]}))._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page and "<h4>&lt;b&gt;</h4>" in page
    assert '<td style="text-align:left">&lt;script&gt;</td><td style="text-align:right">1</td>' in page
    assert "<li>films: 317</li>" in summary._repr_html_()


def test_csv_is_not_rounded(summary):
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(summary.to_csv())), summary.table)


@pytest.mark.parametrize(("suffix", "start"), [(".csv", "term,n"), (".md", "**Odds"), (".tex", "% Odds"),
                                               (".html", "<div>"), (".txt", "Odds\n")])  # fmt: skip
def test_the_suffix_chooses_the_format(summary, suffix, start):
    text = summary.to_text(suffix)
    assert text.startswith(start) and text.endswith("\n")


def test_other_suffixes_are_refused(summary):
    with pytest.raises(ValueError, match=r"a table is written as .csv, .md, .tex, .html, .txt; got .xlsx"):
        summary.to_text(".xlsx")


def test_an_empty_table_prints_its_header_alone():
    assert repr(Summary("None", pd.DataFrame(), (("films", 0),))) == "None\nfilms  0"
    assert repr(Summary("None", pd.DataFrame({"a": []}))) == "None\na"


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        (0.00012, "", "0.00012"), (-0.00012, "", "-0.00012"), (0.0, "", "0.00"), (1e-9, "p_value", "<0.001"),
        (0.001, "p_value_fdr", "0.001"), (True, "", "yes"), (np.False_, "", "no"), (np.int64(3), "", "3"),
        (None, "", ""), (np.nan, "p_value", ""), (np.inf, "", "inf"), (2.0, "", "2.00"),
    ],
)  # fmt: skip
def test_cells(value, name, text):
    assert format_cell(value, name) == text


# texts of strangers

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "'=1",
    "''-2",
    "'Tis",
    "a=b",
    "",
    " =1",
    "<script>alert(1)</script>",
    "[REC]",
    "*A*",
]


def test_csv_of_formulas_is_harmless_and_read_back(tmp_path):
    table = pd.DataFrame({"title": HOSTILE, "n": range(-1, len(HOSTILE) - 1)})
    text = csv_text(table)
    assert text == Summary("x", table).to_csv() == Summary("x", table).to_text(".csv")
    assert not any(line.lstrip('"')[:1] in tuple("=+-@") for line in text.splitlines())
    assert text.splitlines()[1:8] == ["'=1+1,-1", "'+1,0", "'-1,1", "'@x,2", "''=1,3", "'''-2,4", "'Tis,5"]
    (tmp_path / "films.csv").write_text(text, encoding="utf-8", newline="")
    read = read_source(tmp_path / "films.csv").table
    assert read["title"].tolist() == [title.strip() or None for title in HOSTILE]
    assert read["n"].tolist() == table["n"].tolist()


def test_csv_leaves_the_table_and_all_that_is_no_text_alone():
    table = pd.DataFrame({"=a": ["=1", None, -2.5, True], "b": [-1.5, np.nan, 1, 2]})
    before = table.copy(deep=True)
    assert csv_text(table) == "'=a,b\n'=1,-1.5\n,\n-2.5,1.0\nTrue,2.0\n"
    pd.testing.assert_frame_equal(table, before)
    assert csv_text(pd.DataFrame({"a": ["\ud800", "\t=1", "\nx"]}, dtype=object)) == "a\n\ufffd\n'\t=1\n\"'\nx\"\n"


def test_the_terminal_shows_texts_short_and_without_control_characters():
    table = pd.DataFrame({"title\x1b[0m": ["W" * 121, "W" * 120, "\x1b[31mRed\x9b\u202e\n"], "n": [1, 2, 3]})
    summary = Summary("a\nb", table, (("x", "y\x07"),), ("note\x1b",))
    assert repr(summary).split("\n") == [
        r"a\nb", r"x  y\x07", r"title\x1b[0m".ljust(120) + "  n", "W" * 117 + "...  1", "W" * 120 + "  2",
        r"\x1b[31mRed\x9b\u202e\n".ljust(120) + "  3", r"note\x1b",
    ]  # fmt: skip
    assert summary.to_text(".txt") == f"{summary}\n"
    assert "W" * 121 in summary.to_csv() and "W" * 121 in summary.to_markdown()


def test_one_long_title_does_not_make_a_long_page():
    table = pd.DataFrame({"title": ["W" * 60_000, *["A"] * 2_000], "year": 1990})
    assert len(repr(Summary("Films", table))) < 300_000


def test_markdown_shows_html_and_its_own_signs_as_text():
    titles = ["<script>alert(1)</script>", "*A* _b_ `c` \\", "[a](http://b)", "a_b 1 < 2 <0.001", "~~x~~"]
    summary = Summary("<b>", pd.DataFrame({"title": titles}), (("n", "<i>"),), ("Unknown: <img src=x>\n# x [y](z)",))
    assert summary.to_markdown().splitlines() == [
        "**&lt;b>**", "", "- n: &lt;i>", "", "| title |", "|---|", "| &lt;script>alert(1)&lt;/script> |",
        r"| \*A\* \_b\_ \`c\` \\ |", r"| [a]\(http://b) |", "| a_b 1 < 2 <0.001 |", r"| \~\~x\~\~ |", "",
        r"Unknown: &lt;img src=x> # x [y]\(z)",
    ]  # fmt: skip


def test_latex_rows_do_not_become_arguments_or_end_early():
    titles = ["[REC]", "*batteries", "a\r\n\nb", "\x1b[0m", "[", "x [y]"]
    lines = Summary("a\nb", pd.DataFrame({"title": titles}), notes=("c\nd",)).to_latex().split("\n")
    assert lines == [
        "% a b", r"\begin{tabular}{l}", r"\hline", r"title \\ \hline", r"{}[REC] \\", r"{}*batteries \\", r"a b \\",
        r"\textbackslash x1b[0m \\", r"{}[ \\", r"x [y] \\", r"\hline", r"\end{tabular}", "% c d", "",
    ]  # fmt: skip
