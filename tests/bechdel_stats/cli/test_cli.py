"""The command bechdel-stats as a user types it."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.cli import main
from bechdel_stats.prediction.model import load_model, predict_bechdel

COMMANDS = ("predict", "odds", "rates", "clusters", "report", "audit", "fit", "fetch", "models", "demo")


@pytest.fixture(scope="module")
def table():
    """400 invented films: women in the cast help, War does not; ten lack a runtime."""
    rng = np.random.default_rng(3)
    n = 400
    share = rng.uniform(0, 0.8, n)
    genres = rng.choice(["Drama", "War", "Comedy", "Horror|Drama"], n)
    logit = 5 * (share - 0.4) - 1.0 * (genres == "War")
    passes = rng.random(n) < 1 / (1 + np.exp(-logit))
    return pd.DataFrame(
        {
            "imdb_id": [f"tt{number:07d}" for number in range(1, n + 1)],
            "title": [f"Film {number}" for number in range(1, n + 1)],
            "year": rng.integers(1950, 2020, n),
            "rating": np.where(passes, 3, rng.integers(0, 3, n)),
            "genres": genres,
            "runtime": np.where(np.arange(n) < 10, np.nan, rng.integers(80, 150, n)),
            "language": rng.choice(["en", "fr"], n),
            "country": rng.choice(["United States", "France"], n),
            "budget": 10 ** rng.uniform(5.5, 8, n),
            "cast_female_share": share,
            "director_female_share": rng.integers(0, 2, n),
            "writer_female_share": rng.integers(0, 2, n),
        }
    )


@pytest.fixture
def path(table, tmp_path):
    path = tmp_path / "films.csv"
    table.to_csv(path, index=False)
    return path


def run(*arguments):
    return main([str(argument) for argument in arguments])


def test_help_reads_like_a_manual_and_loads_nothing_heavy():
    code = (
        "import sys\n"
        "from bechdel_stats.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as stop: status = stop.code\n"
        "print(status, [m for m in ('numpy', 'scipy', 'sklearn', 'pandas', 'statsmodels') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert lines[-1] == "0 []"
    for name in COMMANDS:
        assert any(line.split()[:1] == [name] for line in lines)
    assert "Exit status: 0 done, 2 " in done.stdout and done.stdout.isascii()


def test_demo_prints_exactly_this(capsys):
    assert run("demo") == 0
    assert capsys.readouterr().out == (
        "Six invented films: most probable score 0-3, probability of passing\n"
        "title                 year  genres                  score  passes\n"
        "The Long Ride West    1956  Western                     1    0.09\n"
        "Sisters of the Lake   2018  Drama|Romance               3    0.95\n"
        "Orbit of Iron         1999  Action|Science Fiction      1    0.31\n"
        "The House Downstairs  2012  Horror                      3    0.95\n"
        "Company of Seven      1971  War                         1    0.09\n"
        "School for Dragons    2009  Animation|Family            3    0.73\n"
    )


def test_predict_keeps_every_row_in_order_and_writes_what_the_front_door_gives(table, path, tmp_path, capsys):
    doubled = pd.concat([table, table.iloc[:3]])  # the same film twice is two rows to predict
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


def test_odds_side_by_side_alone_and_ordinal(path, tmp_path, capsys):
    assert run("odds", path) == 0
    printed = capsys.readouterr().out
    assert "odds_ratio_with " in printed and "odds_ratio_without" in printed and "cast_female_10" in printed
    assert run("odds", path, "--gender", "without") == 0
    assert "cast_female_10" not in capsys.readouterr().out
    assert run("odds", path, "--formula", "passes ~ genre_war", "--out", tmp_path / "odds.csv") == 0
    capsys.readouterr()
    war = pd.read_csv(tmp_path / "odds.csv").iloc[0]
    assert war["term"] == "genre_war" and war["odds_ratio"] == pytest.approx(war["crude_odds_ratio"])
    assert run("odds", path, "--ordinal", "--formula", "rating ~ cast_female_10") == 0
    assert "Brant's test of proportional odds" in capsys.readouterr().out


@pytest.mark.parametrize("suffix, begins", [(".md", "**"), (".tex", "% "), (".html", "<div>"), (".txt", "Share")])
def test_tables_are_written_in_the_format_of_the_suffix(path, tmp_path, suffix, begins):
    out = tmp_path / f"rates{suffix}"
    assert run("rates", path, "--by", "genres", "--out", out) == 0
    text = out.read_text(encoding="utf-8")
    assert text.startswith(begins) or suffix == ".txt"
    assert "War" in text and str(tmp_path) not in text


def test_rates_of_combinations(path, capsys):
    assert run("rates", path, "--campaign", "--min-films", "20") == 0
    assert "War" in capsys.readouterr().out


def test_clusters_write_the_type_of_each_film(path, tmp_path, capsys):
    labels = tmp_path / "types.csv"
    assert run("clusters", path, "--types", "3", "--labels", labels) == 0
    assert pd.read_csv(labels)["type"].nunique() == 3
    assert "Film " in capsys.readouterr().out  # typical films


def test_fit_gives_a_model_that_predict_takes(path, tmp_path, capsys):
    card = tmp_path / "card.json"
    card.write_text(json.dumps({"sources": ["invented"]}), encoding="utf-8")
    assert run("fit", path, "--out", tmp_path / "model", "--card", card) == 0
    assert capsys.readouterr().out.endswith("coefficients of 2 combinations of what may be known\n")
    assert run("models", tmp_path / "model") == 0
    assert capsys.readouterr().out == "sources\n  invented\n"
    assert run("predict", path, "--model", tmp_path / "model", "--out", tmp_path / "scores.csv") == 0
    own = pd.read_csv(tmp_path / "scores.csv")["passes"]
    expected = load_model(tmp_path / "model").predict_proba(pd.read_csv(path))[:, 3]
    np.testing.assert_allclose(own, expected, atol=1e-12)


def test_audit_counts_what_is_left_out(table, path, tmp_path, capsys):
    other = tmp_path / "other.csv"
    table.assign(rating=table["rating"].where(table.index != 5)).iloc[:20].to_csv(other, index=False)
    assert run("audit", path, other, "--out", tmp_path / "audit.csv") == 0
    frame = pd.read_csv(tmp_path / "audit.csv")
    assert {"part", "row", "item", "value"} <= set(frame.columns)
    doubled = tmp_path / "doubled.csv"
    pd.concat([table, table.iloc[[0]]]).to_csv(doubled, index=False)
    capsys.readouterr()
    assert run("rates", doubled, "--by", "language") == 0
    assert capsys.readouterr().err.startswith("bechdel-stats: 1 rows left out; `bechdel-stats audit` tells why\n")


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("predict", "nowhere.csv"), "nowhere.csv"),
        (("odds", "FILMS", "--formula", "passes ~ nothing"), "the formula cannot be used"),
        (("odds", "FILMS", "--formula", "genre_war"), "it must read `passes ~ term + term`"),
        (("odds", "FILMS", "--conf-level", "95"), "conf_level must lie between 0 and 1; got 95"),
        (("odds", "FILMS", "--cluster", "studio"), "cluster: there is no column 'studio'"),
        (("rates", "FILMS", "--by", "colour"), "colour"),
        (("rates", "FILMS", "--out", "rates.docx"), "a table is written as .csv, .md, .tex, .html, .txt; got .docx"),
        (("models", "TMP"), "not a model that can be used"),
        (("rates", "FILMS", "--campaign", "--plot", "x.png"), "--campaign has no picture and no column"),
        (("odds", "nowhere.csv", "--plot", "TMP/nowhere/x.png"), "x.png: there is no folder"),
        (("report", "nowhere.csv", "--out", "TMP/r.html", "TMP/nowhere/r.md"), "r.md: there is no folder"),
        (("fetch", "--ratings", "TMP/nowhere/x.json"), "there is no folder"),
        (("fetch",), "fetch needs --ratings FILE"),
        (("fetch", "--tmdb", "TMP/tmdb.jsonl"), "--tmdb needs --ratings FILE or --films FILE"),
    ],
)
def test_errors_are_one_line_and_status_2(path, tmp_path, capsys, arguments, message):
    arguments = [a.replace("FILMS", str(path)).replace("TMP", str(tmp_path)) for a in arguments]
    assert run(*arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("bechdel-stats: ") and message in error and error.count("\n") == 1


def test_interrupted(monkeypatch, path, capsys):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("bechdel_stats.data.tables.read_films", stop)
    assert run("odds", path) == 130
    assert capsys.readouterr().err == "bechdel-stats: interrupted\n"
