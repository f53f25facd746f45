import io

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.results import Summary, format_cell


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
