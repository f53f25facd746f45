import json

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.prediction import over_time
from bechdel_stats.prediction.model import load_model


def test_fit_gives_a_model_that_predict_takes(run, path, tmp_path, capsys):
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


def test_figures_are_measured_when_asked_for_and_stand_in_the_card(run, monkeypatch, table, tmp_path):
    monkeypatch.setattr(over_time, "figures", lambda films, progress: [f"{len(films)} films: auc 1.000"])
    table[["rating", "year"]].to_csv(tmp_path / "films.csv", index=False)
    for name, options in (("with", ["--evaluate"]), ("without", [])):
        assert run("fit", tmp_path / "films.csv", "--out", tmp_path / name, *options) == 0
    assert load_model(tmp_path / "with").card["figures"] == ["400 films: auc 1.000"]
    assert "figures" not in load_model(tmp_path / "without").card


@pytest.mark.parametrize(
    "text, message",
    [
        ("{'sources': []}", "card.json: is not JSON that can be read: Expecting property name"),
        ('{"recipe": ' + 101 * "[" + 101 * "]" + "}", "it is nested more than 100 levels deep"),
        (json.dumps({"recipe": 100_000 * "x"}), "card.json: more than 100000 bytes, which is the most that is read."),
        ("[]", "card.json: a JSON object is needed, with sources, licence and recipe."),
    ],
)
def test_a_card_that_is_none_is_refused(refused, path, tmp_path, text, message):
    (tmp_path / "card.json").write_text(text, encoding="utf-8")
    assert message in refused("fit", path, "--out", tmp_path / "model", "--card", tmp_path / "card.json")
    assert not (tmp_path / "model").exists()


def with_recordings(table, recordings, n, path):
    """Write what is heard in recordings of the first films: women talk where films pass, mostly."""
    ear = recordings(*table["imdb_id"][:n])
    rng = np.random.default_rng(2)
    by_ear = np.where(table["rating"][:n] == 3, 1.0, -1.0) + rng.normal(0, 1, n)
    talk = 1 / (1 + np.exp(-by_ear))
    ear.assign(p_women_talk=talk, p_two_women=(talk + 0.1).clip(0, 1)).to_csv(path, index=False)


def test_fit_with_recordings_compares_and_gives_a_model_that_uses_them(
    run, table, recordings, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr("bechdel_stats.prediction.metrics.N_BOOTSTRAP", 50)
    with_recordings(table, recordings, 120, tmp_path / "ear.csv")
    slim = tmp_path / "films.csv"
    table[["imdb_id", "title", "year", "rating", "cast_female_share"]].to_csv(slim, index=False)
    assert run("fit", slim, "--ear", tmp_path / "ear.csv", "--out", tmp_path / "model") == 0
    printed = capsys.readouterr()
    assert printed.err.startswith("bechdel-stats: 120 of 120 recordings belong to one of these 400 films.\n")
    lines = printed.out.splitlines()
    assert lines[:2] == ["Predictions without and with what is heard", "films with a recording  120"]
    assert lines[-2] == "With what is heard these films are predicted better (log_loss)."
    assert lines[-1].endswith("model: coefficients of 4 combinations of what may be known")
    model = load_model(tmp_path / "model")
    assert model.uses_ear and model.card["ear"][0].startswith("120 films with a recording (")
    assert run("models", tmp_path / "model") == 0
    assert capsys.readouterr().out.startswith("ear\n  120 films with a recording (")
    arguments = (slim, "--ear", tmp_path / "ear.csv", "--model", tmp_path / "model")
    assert run("predict", *arguments) == 0
    assert "the predictions of 120 films use it." in capsys.readouterr().out
    assert run("explain", "tt0000001", *arguments) == 0
    assert "what is heard  ear" in capsys.readouterr().out


def test_too_few_recordings_are_one_line_and_the_model_is_that_without_them(
    run, path, table, recordings, tmp_path, capsys
):
    with_recordings(table, recordings, 20, tmp_path / "ear.csv")
    assert run("fit", path, "--ear", tmp_path / "ear.csv", "--out", tmp_path / "with") == 0
    n_pass = int((table["rating"][:20] == 3).sum())
    told = [line for line in capsys.readouterr().err.splitlines() if "not fitted" in line]
    assert told == [
        "bechdel-stats: warning: What is heard is not fitted: recordings of 19 films that pass and of 19 that fail are "
        f"needed; there are {n_pass} and {20 - n_pass}."
    ]
    assert run("fit", path, "--out", tmp_path / "without") == 0
    files = ("coefficients.npz", "card.json")
    one, other = ([(tmp_path / folder / name).read_bytes() for name in files] for folder in ("with", "without"))
    assert one == other
