import pandas as pd
import pytest

from bechdel_stats.prediction.importance import what_if


def test_a_film_with_other_values(run, path, table, tmp_path, capsys):
    changes = {"cast_female_share": "0.9", "genres": "War|Drama"}
    options = [part for name, value in changes.items() for part in ("--set", f"{name}={value}")]
    assert run("what-if", "Film 7", path, *options, "--out", tmp_path / "out.csv") == 0
    written, expected = pd.read_csv(tmp_path / "out.csv"), what_if(table.iloc[[6]], changes).table
    assert written["film"].tolist() == ["as it is", "cast_female_share = 0.9, genres = War|Drama"]
    assert written["passes"].tolist() == pytest.approx(expected["passes"].tolist())
    capsys.readouterr()
    assert run("what-if", "7", path, "--set", "runtime=200") == 0
    assert "not what a change would bring about" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change, message",
    [
        ("runtime", "--set runtime: it must read COLUMN=VALUE, such as cast_female_share=0.5."),
        ("=3", "--set =3: it must read COLUMN=VALUE"),
        ("shoes=3", "no model uses shoes"),
        ("cast_female_share=50", "cast_female_share = 50 is not possible; allowed: 0 to 1"),
    ],
)
def test_changes_that_cannot_be_made(refused, path, change, message):
    assert message in refused("what-if", "Film 7", path, "--set", change)
