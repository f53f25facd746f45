import json
from pathlib import Path

import bechdel_stats


def test_the_card_of_the_shipped_model_is_told_in_four_parts(run, capsys):
    assert run("models") == 0
    printed = capsys.readouterr().out
    card = json.loads((Path(bechdel_stats.__file__).parent / "parameters" / "card.json").read_text(encoding="utf-8"))
    parts = ("sources", "licence", "recipe", "figures")
    assert [line for line in printed.splitlines() if not line.startswith("  ")] == list(parts)
    assert printed == "".join(f"{part}\n" + "".join(f"  {line}\n" for line in card[part]) for part in parts)


def test_a_card_may_hold_one_text_or_a_number(run, tmp_path, capsys):
    folder = Path(bechdel_stats.__file__).parent / "parameters"
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    (tmp_path / "coefficients.npz").write_bytes((folder / "coefficients.npz").read_bytes())
    told = {"sources": "one line", "licence": ["a", {"b": [1]}], "recipe": 5, "figures": {"auc": 0.5}}
    (tmp_path / "card.json").write_text(json.dumps(card | told), encoding="utf-8")
    assert run("models", tmp_path) == 0
    expected = "sources\n  one line\nlicence\n  a\n  {'b': [1]}\nrecipe\n  5\nfigures\n  {'auc': 0.5}\n"
    assert capsys.readouterr().out == expected


def test_a_card_nested_too_deeply_is_one_line(refused, tmp_path):
    (tmp_path / "card.json").write_text('{"recipe": ' + 101 * "[" + 101 * "]" + "}", encoding="utf-8")
    line = refused("models", tmp_path)
    assert "not a model that can be used: " in line and "it is nested more than 100 levels deep. Fit one" in line


def test_a_folder_without_a_model_is_refused(refused, tmp_path):
    assert "not a model that can be used" in refused("models", tmp_path)
