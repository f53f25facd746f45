import numpy as np
import pytest

from lightdiar.cli import main


def test_features_are_written_whole(silence, tmp_path, capsys):
    out = tmp_path / "features.npz"
    assert main(["features", str(silence), "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: 199 frames of 0.01 s\n"
    with np.load(out) as file:
        assert file["mfcc"].shape == (199, 24) and file["f0"].shape == file["strength"].shape == (199,)
        assert file["times"][:2] == pytest.approx([0.0125, 0.0225])
    table = tmp_path / "features.csv"
    assert main(["features", str(silence), "--out", str(table)]) == 0
    lines = table.read_text().splitlines()
    assert lines[0].startswith("time,f0,strength,mfcc_0,mfcc_1,") and len(lines) == 200
    assert main(["features", str(silence), "--out", str(tmp_path / "f.txt")]) == 2
    assert "must end in .npz or .csv" in capsys.readouterr().err
