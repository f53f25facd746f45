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
        (("--impute", "1"), "n_imputations must be a whole number, 2 or more; got 1."),
        (("--impute", "2", "--ordinal"), "--ordinal has no --impute. Leave --impute out."),
        (("--impute", "2", "--cluster", "year"), "--impute has no --cluster. Leave --cluster out."),
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
        (("--ordinal", "--cluster", "year"), "--ordinal has no --cluster. Leave --cluster out."),
        (("--multinomial", "--weights", "year"), "--multinomial has no --weights. Leave --weights out."),
        (("--ordinal", "--influential", "3"), "--ordinal has no --influential. Leave --influential out."),
        (("--multinomial", "--plot", "p.svg"), "--multinomial has no plot. Leave --plot out."),
        (("--influential", "3"), "--influential takes one model. Add --gender with, --gender without or --formula."),
        (("--gender", "with", "--influential", "0"), "--influential must be 1 or more; got 0."),
        (("--gender", "with", "--influential", "2", "--plot", "p.svg"), "--influential has no plot. Leave --plot out."),
        (("--weights", "mass"), "weights: there is no column 'mass'"),
    ],
)
def test_what_odds_cannot_do_is_refused(refused, path, arguments, message):
    assert message in refused("odds", path, *arguments)


def test_the_two_models_are_compared_in_a_second_table(run, path, tmp_path, capsys):
    assert run("odds", path) == 0
    assert "\n\nThe same, comparable: odds ratios on one scale" in capsys.readouterr().out
    assert run("odds", path, "--out", tmp_path / "odds.md") == run("odds", path, "--out", tmp_path / "odds.csv") == 0
    assert "**The same, comparable" in (tmp_path / "odds.md").read_text(encoding="utf-8")
    assert {"odds_ratio_rescaled", "ame_difference"} <= set(pd.read_csv(tmp_path / "odds.csv"))


def test_weights_of_films(run, table, tmp_path, capsys):
    table.assign(mass=np.arange(len(table)) % 3).to_csv(tmp_path / "films.csv", index=False)
    assert run("odds", tmp_path / "films.csv", "--formula", "passes ~ genre_war", "--weights", "mass") == 0
    printed = capsys.readouterr().out
    assert "design effect of the weights" in printed and "133 films" not in printed.splitlines()[0]
    assert "134 films of weight 0 or none are left out." in printed


def test_films_that_move_the_odds_most(run, path, capsys):
    assert run("odds", path, "--formula", "passes ~ genre_war + cast_female_10", "--influential", "3") == 0
    title, head, *rows = capsys.readouterr().out.splitlines()
    assert title == "The 3 films that move the odds ratios most, of 400" and len(rows) == 3
    assert head.split() == ["title", "year", "passes", "probability", "cooks_distance", "shifts", "shift"]


def test_each_score_against_the_lowest(run, path, capsys):
    assert run("odds", path, "--multinomial", "--formula", "rating ~ genre_war") == 0
    assert capsys.readouterr().out.startswith("Relative risk ratios of each score against 0\n")


def test_odds_of_a_higher_score_have_their_margins(run, path, capsys):
    assert run("odds", path, "--ordinal", "--formula", "rating ~ cast_female_10") == 0
    assert "Average marginal effects on the probability of each score" in capsys.readouterr().out
