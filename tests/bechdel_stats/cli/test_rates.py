import pandas as pd
import pytest


def test_rates_are_those_of_the_table(run, path, table, tmp_path):
    assert run("rates", path, "--by", "language", "--out", tmp_path / "rates.csv") == 0
    written = pd.read_csv(tmp_path / "rates.csv").set_index("language")
    passes = (table["rating"] == 3).groupby(table["language"])
    assert written["n_films"].to_dict() == passes.size().to_dict()
    assert written["pass_rate"].to_dict() == pytest.approx(passes.mean().to_dict())


def test_without_a_column_rates_are_by_genre_and_small_groups_are_pooled(run, path, capsys):
    assert run("rates", path, "--min-films", "1000", "--conf-level", "0.9") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Pass rate by genres" and lines[3] == "confidence level       0.90"
    assert lines[5].startswith("other (4 levels)") and lines[5].split()[3] == "400"


def test_rates_of_combinations(run, path, capsys):
    assert run("rates", path, "--campaign", "--min-films", "20") == 0
    printed = capsys.readouterr().out
    assert "War" in printed and printed.startswith("Combinations that fail most\n")
    assert "combinations of at least 20 films" in printed


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("--by", "colour"), "no column colour; this table has imdb_id, title, year"),
        (("--out", "rates.docx"), "rates.docx: the name must end in .csv, .md, .tex, .html, .txt; got .docx"),
        (("--campaign", "--plot", "x.png"), "--campaign has no plot and no column"),
        (("--campaign", "--by", "year"), "--campaign has no plot and no column"),
    ],
)
def test_what_rates_cannot_do_is_refused(refused, path, arguments, message):
    assert message in refused("rates", path, *arguments)


@pytest.mark.parametrize("how, n_films, told", [("fail", 400, "count as fails"), ("leave-out", 340, "left")])
def test_disputed_ratings_are_treated_as_asked(run, refused, path, table, tmp_path, capsys, how, n_films, told):
    passes = table.index[table["rating"] == 3][:40]
    fails = table.index[table["rating"] < 3][:20]
    disputed = tmp_path / "disputed.csv"
    table.assign(dubious=table.index.isin(passes.union(fails)).astype(int)).to_csv(disputed, index=False)
    assert run("rates", disputed, "--by", "dubious", "--disputed", how, "--out", tmp_path / "rates.csv") == 0
    written = pd.read_csv(tmp_path / "rates.csv")
    assert written["n_films"].sum() == n_films
    assert written["n_passes"].sum() == (table["rating"] == 3).sum() - 40
    assert f"bechdel-stats: 60 disputed ratings {told}" in capsys.readouterr().err
    assert "no column dubious with values" in refused("rates", path, "--disputed", how)


def test_films_are_weighted_to_a_table_of_margins(run, refused, path, table, tmp_path, capsys):
    margins = tmp_path / "margins.csv"
    margins.write_text("language;n\nen;300\nfr;100\n", encoding="utf-8")
    assert run("rates", path, "--by", "language", "--margins", margins) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Weights of films\nfilms                      400\n") and "0.750" in printed.out
    rates = (table["rating"] == 3).groupby(table["language"]).mean()
    assert f"pass rate of all, weighted       {0.75 * rates['en'] + 0.25 * rates['fr']:.3f} [" in printed.out
    assert "no weights. Leave --margins out" in refused("rates", path, "--campaign", "--margins", margins)
