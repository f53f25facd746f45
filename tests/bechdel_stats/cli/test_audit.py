import pandas as pd

from bechdel_stats.data.tables import read_films


def test_audit_counts_what_is_left_out(run, table, path, tmp_path):
    other = tmp_path / "other.csv"
    table.assign(rating=table["rating"].where(table.index != 5)).iloc[:20].to_csv(other, index=False)
    assert run("audit", path, other, "--out", tmp_path / "audit.csv") == 0
    frame = pd.read_csv(tmp_path / "audit.csv")
    assert {"part", "row", "item", "value"} <= set(frame.columns)
    value = frame.set_index(["part", "row", "item"])["value"]
    assert value["rows", "films.csv", "rows_in"] == "400" and value["rows", "other.csv", "rows_rated"] == "19"


def test_the_whole_account_is_printed_a_blank_line_between_its_tables(run, tmp_path, capsys):
    file = tmp_path / "films.csv"
    file.write_text("imdb_id,rating,year\n1,3,1999\n1,3,\n2,0,2001\n", encoding="utf-8")
    assert run("audit", file) == 0
    printed = capsys.readouterr().out
    assert printed == "\n\n".join(map(str, read_films(file).audit.summaries())) + "\n"
    assert printed.startswith("Where the films come from\nfilms         2\nrows dropped  1\n")
    assert "\n\nRows left out\nsource     reason                                 n_rows  examples\n" in printed
    assert "films.csv  same film as another row that is kept       1  tt0000001\n" in printed
