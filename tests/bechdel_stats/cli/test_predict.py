import numpy as np
import pandas as pd
import pytest

from bechdel_stats.prediction.model import predict_bechdel


def test_predict_keeps_every_row_in_order_and_writes_what_the_front_door_gives(run, table, tmp_path, capsys):
    doubled = pd.concat([table, table.iloc[:3]])  # the same film twice is two rows to predict
    path = tmp_path / "films.csv"
    doubled.to_csv(path, index=False)
    out = tmp_path / "scores.csv"
    assert run("predict", path, "--out", out) == 0
    written = pd.read_csv(out)
    with pytest.warns(match="predicted without"):
        expected = predict_bechdel(doubled, proba=True)
    assert written["imdb_id"].tolist() == doubled["imdb_id"].tolist()
    np.testing.assert_allclose(written["passes"], expected["passes"], atol=1e-12)
    assert pd.read_csv(out, dtype=str)["year"].tolist() == doubled["year"].astype(str).tolist()  # 1956, not 1956.0
    assert (written["score"] == expected.iloc[:, :4].to_numpy().argmax(axis=1)).all()
    assert "warning: predicted without" in capsys.readouterr().err


def test_what_is_printed_has_the_score_and_the_probability_of_passing_alone(run, table, tmp_path, capsys):
    table.iloc[:2][["title", "genres"]].to_csv(tmp_path / "films.csv", index=False)
    assert run("predict", tmp_path / "films.csv") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 films" and len(lines) == 4
    assert lines[1].split() == ["title", "score", "passes"]
    assert [line[:6] for line in lines[2:]] == ["Film 1", "Film 2"]


def test_several_files_are_joined_before_films_are_predicted(run, table, tmp_path):
    ids = table["imdb_id"].iloc[:5]
    table.iloc[:5][["imdb_id", "genres"]].to_csv(tmp_path / "genres.csv", index=False)
    pd.DataFrame({"imdb_id": ids[::-1], "cast_female_share": 0.0}).to_csv(tmp_path / "cast.csv", index=False)
    assert run("predict", tmp_path / "genres.csv", tmp_path / "cast.csv", "--out", tmp_path / "out.csv") == 0
    written = pd.read_csv(tmp_path / "out.csv")
    assert written["imdb_id"].tolist() == ids.tolist()
    with pytest.warns(match="predicted without"):
        expected = predict_bechdel(table.iloc[:5][["genres"]].assign(cast_female_share=0.0), proba=True)
    np.testing.assert_allclose(written["passes"], expected["passes"], atol=1e-12)


def test_a_file_that_is_not_there_is_named(refused):
    assert "nowhere.csv" in refused("predict", "nowhere.csv")
