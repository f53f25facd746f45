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


def test_a_folder_without_a_model_is_refused(refused, tmp_path):
    assert "not a model that can be used" in refused("models", tmp_path)
