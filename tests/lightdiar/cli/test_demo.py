import soundfile

from lightdiar.cli import main


def test_demo_finds_the_four_voices_and_saves_the_sound(tmp_path, capsys):
    path = tmp_path / "demo.wav"
    assert main(["demo", "--save", str(path)]) == 0
    out = capsys.readouterr().out
    assert "4 speakers (2 M, 2 F)" in out and "DER " in out
    assert soundfile.info(path).duration > 30
