import numpy as np
import pandas as pd
import pytest


def test_odds_side_by_side(run, path, capsys):
    assert run("odds", path) == 0
    printed = capsys.readouterr().out
    assert "odds_ratio_with " in printed and "odds_ratio_without" in printed and "cast_female_10" in printed


def test_odds_without_gender(run, path, capsys):
    assert run("odds", path, "--gender", "without") == 0
    assert "cast_female_10" not in capsys.readouterr().out


def test_odds_of_a_formula(run, path, tmp_path, table):
    assert run("odds", path, "--formula", "passes ~ genre_war", "--out", tmp_path / "odds.csv") == 0
    war = pd.read_csv(tmp_path / "odds.csv").iloc[0]
    assert war["term"] == "genre_war" and war["odds_ratio"] == pytest.approx(war["crude_odds_ratio"])
    (d, c), (b, a) = pd.crosstab(table["genres"] == "War", table["rating"] == 3).to_numpy()
    assert war["odds_ratio"] == pytest.approx(a * d / (b * c), rel=1e-6)


def test_the_level_reaches_the_intervals(run, path, tmp_path):
    widths = []
    for level in (0.9, 0.95):
        out = tmp_path / f"odds_{level}.csv"
        assert run("odds", path, "--formula", "passes ~ genre_war", "--conf-level", level, "--out", out) == 0
        row = pd.read_csv(out).iloc[0]
        widths.append(np.log(row["ci_high"] / row["ci_low"]))
    assert widths[1] / widths[0] == pytest.approx(1.959963984540054 / 1.6448536269514722)


def test_votes_and_clusters_are_asked_for(run, table, tmp_path, capsys):
    voted = table[["rating", "year", "genres"]].assign(imdb_votes=np.arange(1, len(table) + 1))
    voted.to_csv(tmp_path / "films.csv", index=False)
    assert run("odds", tmp_path / "films.csv", "--gender", "without") == 0
    assert "log10_imdb_votes" not in capsys.readouterr().out
    assert run("odds", tmp_path / "films.csv", "--gender", "without", "--after-release", "--cluster", "year") == 0
    printed = capsys.readouterr().out
    assert "log10_imdb_votes" in printed and "clustered by year" in printed


def test_odds_of_each_step_of_the_score(run, path, capsys):
    assert run("odds", path, "--ordinal", "--formula", "rating ~ cast_female_10") == 0
    assert "Brant's test of proportional odds" in capsys.readouterr().out


def test_odds_of_all_films_with_imputed_values(run, path, tmp_path, capsys):
    assert run("odds", path, "--impute", "2", "--conf-level", "0.9") == 0
    printed = capsys.readouterr().out
    assert "films              400" in printed and "of which complete  390" in printed and "90%" in printed
    assert run("odds", path, "--impute", "2", "--gender", "without", "--out", tmp_path / "odds.csv") == 0
    terms = pd.read_csv(tmp_path / "odds.csv")["term"].tolist()
    assert "runtime" in terms and "cast_female_10" not in terms


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("--impute", "1"), "n_imputations must be 2 or more; got 1. Usual is 10."),
        (("--impute", "2", "--ordinal"), "--impute has neither steps nor clusters. Leave --ordinal and --cluster out."),
        (("--impute", "2", "--cluster", "year"), "--impute has neither steps nor clusters."),
        (("--formula", "passes ~ nothing"), "the formula cannot be used"),
        (("--formula", ""), "formula '': it must read `passes ~ term + term`"),
        (("--formula", " \t"), r"formula ' \t': it must read `passes ~ term + term`"),
        (("--formula", "", "--ordinal"), "formula '': it must read `rating ~ term + term`"),
        (
            ("--formula", "passes ~ year + I(exit(7) - 1)"),
            "at character 19, 'exit': the functions of a formula are log,",
        ),
        (("--formula", "genre_war"), "it must read `passes ~ term + term`"),
        (("--conf-level", "95"), "conf_level must lie between 0 and 1; got 95"),
        (("--cluster", "studio"), "cluster: there is no column 'studio'"),
        (("--ordinal", "--cluster", "year"), "--ordinal has no clusters. Leave --cluster out."),
    ],
)
def test_what_odds_cannot_do_is_refused(refused, path, arguments, message):
    assert message in refused("odds", path, *arguments)
