from lightdiar.cli import main


def test_models_prints_the_card(capsys, tmp_path):
    assert main(["models"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("sources:\n") and "LibriSpeech" in out and out.count("sha256:") == 4
    assert all(f"task:\n  {task}\n" in out for task in ("voices", "reliability", "events"))
    assert main(["models", str(tmp_path)]) == 2
    assert "card.json: cannot be read" in capsys.readouterr().err
