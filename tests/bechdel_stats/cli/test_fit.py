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
