import json

import numpy as np
import pytest
import soundfile

from lightdiar.cli import main
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

RATE = 16000


def test_children_are_printed_after_men_and_women(silence, capsys, monkeypatch):
    def predict(diarizer, path, progress):
        child = Speaker("SPEAKER_00", 9.0, 0.5, 0.0 if diarizer.force_gender else 0.99)
        return Diarization(Annotation([Turn(0, 9, "SPEAKER_00")]), [child], 9.0)

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)
    assert main(["count", str(silence)]) == main(["count", "--json", str(silence)]) == 0
    assert main(["count", "--force-gender", str(silence)]) == 0
    text, data, forced = capsys.readouterr().out.splitlines()
    assert text == f"{silence}: M 0  F 0  child 1"
    assert json.loads(data) == {"file": str(silence), "M": 0, "F": 0, "child": 1, "agreement": 1.0}
    assert forced == f"{silence}: M 0  F 1  (gender of 1 uncertain)"


def test_a_failing_file_does_not_stop_the_others(tmp_path, silence, capsys):
    assert main(["count", str(tmp_path / "missing.wav"), str(silence)]) == 2
    captured = capsys.readouterr()
    assert captured.out == f"{silence}: M 0  F 0\n" and "missing.wav" in captured.err


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_24", "PCM_32", "FLOAT"])
@pytest.mark.parametrize(("rate", "channels"), [(96000, 1), (8000, 6), (22050, 2)])
def test_any_wav_is_read(tmp_path, capsys, subtype, rate, channels):
    path = tmp_path / "odd.wav"
    soundfile.write(path, np.zeros((rate, channels)), rate, subtype=subtype)
    assert main(["count", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: M 0  F 0\n"


def test_not_a_number_is_silence_with_a_warning(tmp_path, capsys):
    path = tmp_path / "nan.wav"
    soundfile.write(path, np.full(RATE, np.nan), RATE, subtype="FLOAT")
    assert main(["count", str(path)]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"{path}: M 0  F 0\n"
    assert captured.err.startswith("lightdiar: warning: ") and captured.err.count("\n") == 1


def test_too_many_speakers_are_refused(silence, capsys):
    assert main(["count", str(silence), "--num-speakers", "2"]) == 2
    assert "silence.wav: at least 2 speakers asked for, but there is no speech." in capsys.readouterr().err


def test_patterns_that_no_shell_expanded_are_expanded(silence, capsys):
    assert main(["count", str(silence.parent / "sil*.wav")]) == 0
    assert capsys.readouterr().out == f"{silence}: M 0  F 0\n"
    assert main(["count", str(silence.parent / "x*.wav")]) == 2


def test_unknown_settings_are_refused(silence, capsys):
    with pytest.raises(SystemExit):
        main(["count", "--settings", "flim", str(silence)])
    assert "flim: cannot be read: No such file or directory; or name one of film, meeting" in capsys.readouterr().err
