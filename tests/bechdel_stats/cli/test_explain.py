import pandas as pd
import pytest

from bechdel_stats.prediction.explanation import explain


def test_one_film_is_explained_by_title_id_or_row(run, path, table, tmp_path, capsys):
    for number, film in enumerate(("film 12", "tt0000012", "12")):
        assert run("explain", film, path, "--out", tmp_path / f"{number}.csv") == 0
    written = [pd.read_csv(tmp_path / f"{number}.csv") for number in range(3)]
    pd.testing.assert_frame_equal(written[0], written[1])
    pd.testing.assert_frame_equal(written[0], written[2])
    expected = explain(table.iloc[[11]]).table
    assert written[0]["log_odds"].tolist() == pytest.approx(expected["log_odds"].tolist())
    capsys.readouterr()
    assert run("explain", "12", path) == 0
    assert capsys.readouterr().out.startswith("Why: Film 12 (")


def test_a_picture_of_it(run, path, tmp_path):
    pytest.importorskip("matplotlib").use("Agg")
    plt = pytest.importorskip("matplotlib.pyplot")
    assert run("explain", "Film 1", path, "--plot", tmp_path / "why.svg") == 0
    assert "<svg" in (tmp_path / "why.svg").read_text(encoding="utf-8")
    plt.close("all")


def test_films_that_are_not_one(refused, path):
    assert "no film 'Nobody': give a title, an IMDb id, or a row from 1 to 400." in refused("explain", "Nobody", path)
    assert "'film 39' may be" not in refused("explain", "0", path)
    assert "Film 1 (" in refused("explain", "ilm", path) and "..." in refused("explain", "ilm", path)
