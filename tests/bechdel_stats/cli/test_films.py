import io
import sys
from types import SimpleNamespace

import pandas as pd
import pytest

from bechdel_stats.cli.films import check_outputs, put, show_progress
from bechdel_stats.prediction.predictions import identity
from bechdel_stats.results import Summary


def outputs(**named):
    """Arguments as the parser makes them."""
    suffixes = {"out": (".csv", ".html", ".md"), "plot": (".png",), "labels": (".csv",)}
    return SimpleNamespace(**{"files": [], "overwrite": False, "suffixes": suffixes} | named)


@pytest.mark.parametrize("suffix, begins", [(".md", "**"), (".tex", "% "), (".html", "<div>"), (".txt", "Share")])
def test_tables_are_written_in_the_format_of_the_suffix(run, path, tmp_path, suffix, begins):
    out = tmp_path / f"rates{suffix}"
    assert run("rates", path, "--by", "genres", "--out", out) == 0
    text = out.read_text(encoding="utf-8")
    assert text.startswith(begins) or suffix == ".txt"
    assert "War" in text and str(tmp_path) not in text


def test_a_table_is_printed_or_written_as_csv_unrounded(tmp_path, capsys):
    table = pd.DataFrame({"genre": ["War"], "rate": [1 / 3]})
    put(Summary("Rates", table), table, None)
    assert capsys.readouterr().out == "Rates\ngenre  rate\nWar    0.33\n"
    put(Summary("Rates", table), table, tmp_path / "rates.csv")
    assert (tmp_path / "rates.csv").read_bytes() == b"genre,rate\nWar,0.3333333333333333\n"
    assert capsys.readouterr().out == f"{tmp_path / 'rates.csv'}\n"


def test_rows_that_are_left_out_are_told_before_the_result(run, table, tmp_path, capsys):
    doubled = tmp_path / "doubled.csv"
    pd.concat([table, table.iloc[[0]]]).to_csv(doubled, index=False)
    assert run("rates", doubled, "--by", "language") == 0
    assert capsys.readouterr().err.startswith("bechdel-stats: 1 row left out; `bechdel-stats audit` tells why\n")


def test_a_film_is_known_by_its_id_title_and_year():
    films = pd.DataFrame({"year": [1999.0, None], "title": ["A", "B"], "imdb_id": ["tt1", None], "rating": [3, 0]})
    known = identity(films)
    assert list(known) == ["imdb_id", "title", "year"]
    assert known.to_csv(index=False).splitlines() == ["imdb_id,title,year", "tt1,A,1999", ",B,"]
    assert identity(films[["rating"]]).shape == (2, 0)


@pytest.mark.parametrize("year", [float("inf"), -float("inf"), 1e308, "1e400", "soon"])
def test_what_is_no_year_is_left_out(year):
    assert identity(pd.DataFrame({"year": [year, 1999.4]}))["year"].isna().tolist() == [True, False]


def test_folders_that_are_not_there_are_named_before_any_work(refused, tmp_path):
    assert "x.png: folder " in refused("odds", "nowhere.csv", "--plot", tmp_path / "nowhere" / "x.png")
    labels = tmp_path / "none" / "types.csv"
    with pytest.raises(FileNotFoundError, match=r"types.csv: folder .*none does not exist. Create it, or write"):
        check_outputs(outputs(labels=labels, out=[tmp_path / "a.html"]))
    check_outputs(outputs(out=[tmp_path / "a.html", tmp_path / "a.md"], plot=None))


def test_an_output_that_exists_is_kept_unless_it_may_be_replaced(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("mine")
    with pytest.raises(FileExistsError, match=r"own.csv: is an input. Name another file, or add --overwrite"):
        check_outputs(outputs(files=[own], out=own))
    with pytest.raises(FileExistsError, match=r"own.csv: exists. Name another file, or add --overwrite to replace it"):
        check_outputs(outputs(out=own))
    with pytest.raises(ValueError, match="--labels .*own.csv: is named twice; name another file"):
        check_outputs(outputs(out=own, labels=own, overwrite=True))
    check_outputs(outputs(files=[own], out=own, overwrite=True))
    assert own.read_text() == "mine"


def test_a_plot_without_matplotlib_is_refused_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setattr("lightdiar.common.axes.find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"plots need matplotlib: pip install lightdiar\[plot\]"):
        check_outputs(outputs(plot=tmp_path / "a.png"))


def test_a_picture_is_drawn_where_it_is_asked_for(run, path, tmp_path, capsys):
    pytest.importorskip("matplotlib").use("Agg")
    plt = pytest.importorskip("matplotlib.pyplot")
    plot = tmp_path / "rates.svg"
    assert run("rates", path, "--plot", plot) == 0
    assert ">War (" in plot.read_text(encoding="utf-8") and capsys.readouterr().out.endswith(f"\n{plot}\n")
    plt.close("all")


def test_progress_is_one_line_that_overwrites_itself_where_somebody_watches(monkeypatch, capsys):
    show_progress("rates")
    assert capsys.readouterr().err == ""  # no terminal
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", terminal)
    show_progress("rates")
    show_progress("")
    assert terminal.getvalue() == f"\r{'rates':<60}\r{'':<60}\r"
