from lightdiar.cli import main


def test_models_prints_the_card(capsys, tmp_path):
    assert main(["models"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("sources:\n") and "LibriSpeech" in out and out.count("sha256:") == 3
    assert "task:\n  voices\n" in out and "task:\n  reliability\n" in out
    assert main(["models", str(tmp_path)]) == 2
    assert "card.json: cannot be read" in capsys.readouterr().err
