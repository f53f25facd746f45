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


def test_what_is_printed_has_no_probabilities_of_single_scores(run, table, tmp_path, capsys):
    table.iloc[:2][["title", "genres"]].to_csv(tmp_path / "films.csv", index=False)
    assert run("predict", tmp_path / "films.csv") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 films"
    assert lines[1].split() == ["title", "passes", "decision", "score", "expected_score"]
    assert [line[:6] for line in lines[2:4]] == ["Film 1", "Film 2"]
    assert lines[4] == "passes: probability of passing; decision: passes if that is above 0.5."


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


def test_films_with_pass_and_fail_alone_are_fitted_and_predicted(run, table, tmp_path, capsys):
    passes = table.assign(passes=(table["rating"] == 3).astype(int)).drop(columns=["rating", "genres", "budget"])
    passes["passes"] = passes["passes"].where(passes.index >= 5)
    passes.to_csv(tmp_path / "films.csv", index=False)
    assert run("fit", tmp_path / "films.csv", "--out", tmp_path / "model") == 0
    assert run("predict", tmp_path / "films.csv", "--model", tmp_path / "model", "--out", tmp_path / "out.csv") == 0
    written = pd.read_csv(tmp_path / "out.csv")
    assert written.columns.tolist() == ["imdb_id", "title", "year", "passes", "decision"] and len(written) == 400
    assert ((written["decision"] == "passes") == (written["passes"] > 0.5)).all()
    right = written["decision"].eq("passes") == passes["passes"].eq(1)
    assert right[5:].mean() > 0.65


def test_fit_tells_the_films_that_it_leaves_out(run, table, tmp_path, capsys, monkeypatch):
    table = table[["rating", "year", "cast_female_share"]]
    table.assign(imdb_id=None, rating=table["rating"].where(table.index >= 5)).to_csv(tmp_path / "f.csv", index=False)
    monkeypatch.setattr("bechdel_stats.cli.fit.read", lambda arguments: pd.read_csv(arguments.files[0]))
    assert run("fit", tmp_path / "f.csv", "--out", tmp_path / "model") == 0
    assert "5 of 400 films have no rating and are left out" in capsys.readouterr().err


def test_what_is_heard_stands_beside_the_predictions(run, table, recordings, tmp_path, capsys):
    table.iloc[:3][["imdb_id", "title", "year", "genres"]].to_csv(tmp_path / "films.csv", index=False)
    ear = recordings("tt0000001", f"Film 2 ({table['year'][1] + 1})", "elsewhere").assign(places=["=1+1", "", ""])
    ear.to_csv(tmp_path / "ear.csv", index=False)
    arguments = ("predict", tmp_path / "films.csv", "--ear", tmp_path / "ear.csv")
    assert run(*arguments) == 0
    printed = capsys.readouterr()
    assert printed.err.splitlines()[:4] == [
        "bechdel-stats: 2 of 3 recordings belong to one of these 3 films.",
        f"bechdel-stats: Films without a recording: 1 (Film 3 ({table['year'][2]})).",
        f"bechdel-stats: Doubtful, joined: the years differ by one: 1 (Film 2 ({table['year'][1] + 1}): "
        f"Film 2 ({table['year'][1]})).",
        "bechdel-stats: Recordings of none of these films: 1 (elsewhere). Give their IMDb ids in a column imdb_id of "
        "the table of recordings, or their names in a column recording of the films.",
    ]
    lines = printed.out.splitlines()
    assert lines[1].split()[-5:] == [
        *("ear_two_women", "ear_women_talk", "ear_female_share", "ear_exchanges", "ear_places"),
    ]
    assert "the ear never says that a film passes." in printed.out
    assert lines[-1] == "The model was fitted without what is heard, and the predictions do not use it."
    assert run(*arguments, "--out", tmp_path / "out.csv") == 0
    written = pd.read_csv(tmp_path / "out.csv")
    assert written["ear_match"].fillna("").tolist() == ["imdb_id", "joined: the years differ by one", ""]
    assert written["ear_places"].tolist()[0] == "'=1+1"  # no spreadsheet computes it
    plain = tmp_path / "plain.csv"
    assert run("predict", tmp_path / "films.csv", "--out", plain) == 0
    assert pd.read_csv(plain)["passes"].tolist() == written["passes"].tolist()


def test_a_table_of_recordings_that_cannot_be_used_is_refused(refused, path, recordings, tmp_path):
    ear = tmp_path / "ear.csv"
    recordings("a", "b").assign(p_two_women=[0.5, 7]).to_csv(ear, index=False)
    expected = "bechdel-stats: ear.csv: row 2: p_two_women is '7.0'; it must be a number from 0 to 1.\n"
    for command in ("predict", "fit"):
        more = ("--out", tmp_path / "model") if command == "fit" else ()
        assert refused(command, path, "--ear", ear, *more) == expected
    assert not (tmp_path / "model").exists()
    told = refused("predict", ear)
    assert told == (
        "bechdel-stats: ear.csv: a table of recordings, not of films: give it as --ear ear.csv beside the films.\n"
    )


def test_a_table_of_what_is_heard_that_is_not_there_is_one_clear_line(run, table, tmp_path, capsys):
    table.iloc[:2].to_csv(tmp_path / "films.csv", index=False)
    assert run("predict", tmp_path / "films.csv", "--ear", tmp_path / "nope.csv") == 2
    assert capsys.readouterr().err == (
        f"bechdel-stats: {tmp_path / 'nope.csv'}: No such file or directory."
        " Look for a typing error in its name, or in that of its folder.\n"
    )


@pytest.mark.parametrize("command", [("predict",), ("explain", "1"), ("what-if", "1", "--set", "year=1950")])
def test_a_column_that_is_not_there_is_refused(refused, path, command):
    told = refused(*command, path, "--column", "yeer=year")
    assert told == "bechdel-stats: column yeer: the table has no such column; the nearest is year.\n"
