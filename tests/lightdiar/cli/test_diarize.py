import json

import numpy as np
import soundfile

from lightdiar.cli import main

RATE = 16000
SILENCE = np.zeros(2 * RATE)


def test_out_writes_rttm_and_json_and_resume_leaves_them_alone(tmp_path, silence, capsys):
    out = tmp_path / "results"
    assert main(["diarize", str(silence), "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["silence.json", "silence.rttm"]
    assert json.loads((out / "silence.json").read_text()) == {"diarization": [], "speakers": [], "agreement": 1.0}
    (out / "silence.json").write_text("mine")
    assert main(["diarize", str(silence), "--out", str(out), "--resume"]) == 0
    assert (out / "silence.json").read_text() == "mine"
    assert "silence.wav: already done" in capsys.readouterr().err
    assert main(["diarize", str(silence), "--out", str(out)]) == 0
    assert (out / "silence.json").read_text() != "mine"


def test_files_of_one_name_are_refused_before_anything_is_done(tmp_path, silence, capsys):
    (tmp_path / "other").mkdir()
    twin = tmp_path / "other" / "silence.wav"
    soundfile.write(twin, SILENCE, RATE)
    assert main(["diarize", str(silence), str(twin), "--out", str(tmp_path / "r")]) == 2
    assert "several files are called silence" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_resume_needs_out(silence, capsys):
    assert main(["diarize", str(silence), "--resume"]) == 2
    assert "--resume needs --out" in capsys.readouterr().err
