import pandas as pd
import pytest


def test_every_year_is_written_and_periods_are_shown(run, path, table, tmp_path, capsys):
    assert run("trend", path) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Pass rate by year\nfilms ") and "adjusted, test of no trend" in printed
    assert "1950-1959" in printed
    assert run("trend", path, "--gender", "--conf-level", "0.9", "--out", tmp_path / "trend.csv") == 0
    written = pd.read_csv(tmp_path / "trend.csv")
    assert written["year"].tolist() == list(range(table["year"].min(), table["year"].max() + 1))
    assert written["n_films"].sum() == 400


def test_a_plot_is_saved(run, path, tmp_path):
    pytest.importorskip("matplotlib")
    assert run("trend", path, "--plot", tmp_path / "trend.svg") == 0
    assert (tmp_path / "trend.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_a_table_without_years_is_refused(refused, table, tmp_path):
    table.drop(columns="year").to_csv(tmp_path / "films.csv", index=False)
    assert "a trend needs films of two years or more" in refused("trend", tmp_path / "films.csv")
