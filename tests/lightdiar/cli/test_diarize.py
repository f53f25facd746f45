import json
import os
import sys

import numpy as np
import pytest
import soundfile

from lightdiar.cli import main
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

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
    assert main(["diarize", str(silence), "--out", str(out)]) == 2
    assert "silence.json: exists. Name another file, or add --overwrite" in capsys.readouterr().err
    assert (out / "silence.json").read_text() == "mine"
    assert main(["diarize", str(silence), "--out", str(out), "--overwrite"]) == 0
    assert (out / "silence.json").read_text() != "mine"
    assert main(["diarize", str(silence), "--out", str(out)]) == 0  # what is there is ours


def test_a_truth_made_by_hand_is_kept(tmp_path, silence, capsys):
    truth = tmp_path / "silence.rttm"
    truth.write_text("SPEAKER silence 1 0.300 1.000 <NA> <NA> Anna <NA> <NA>\n")
    assert main(["diarize", str(silence), "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"lightdiar: {truth}: exists. Name another file, or add --overwrite to replace it.\n"
    )
    assert "Anna" in truth.read_text() and not (tmp_path / "silence.json").exists()
    (tmp_path / "silence.json").write_text('{"diarization": [], "speakers": [], "agreement": 1.0}')  # corrected since
    assert main(["diarize", str(silence), "--out", str(tmp_path)]) == 2
    assert "Anna" in truth.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode there")
def test_names_that_are_not_utf8_are_escaped_and_known_again(tmp_path, silence, capsys):
    path = tmp_path / os.fsdecode(b"\xe9t\xe9.wav")
    path.write_bytes(silence.read_bytes())
    for _ in range(2):
        assert main(["diarize", str(path), "--out", str(tmp_path / "r")]) == 0
        assert capsys.readouterr().out == "\\udce9t\\udce9: 2.0 s, no speech found\n"
    assert sorted(os.listdir(os.fsencode(tmp_path / "r"))) == [b"\xe9t\xe9.json", b"\xe9t\xe9.rttm"]


def test_a_run_that_was_stopped_between_its_two_files_is_done_again(tmp_path, silence):
    assert main(["diarize", str(silence), "--out", str(tmp_path)]) == 0
    (tmp_path / "silence.rttm").unlink()
    assert main(["diarize", str(silence), "--out", str(tmp_path), "--resume"]) == 0
    assert (tmp_path / "silence.rttm").exists()


def test_several_files_as_json_are_one_list_with_their_names(tmp_path, silence, capsys):
    (tmp_path / "text.wav").write_text("no sound")
    files = [str(silence), str(tmp_path / "text.wav"), str(silence)]
    assert main(["diarize", "--format", "json", *files]) == 2
    nobody = {"file": str(silence), "diarization": [], "speakers": [], "agreement": 1.0}
    assert json.loads(capsys.readouterr().out) == [nobody, nobody]
    assert main(["diarize", "--format", "json", files[1], files[1]]) == 2
    assert json.loads(capsys.readouterr().out) == []
    assert main(["diarize", "--format", "json", str(silence)]) == 0
    assert "file" not in json.loads(capsys.readouterr().out)


def test_files_of_one_name_are_refused_before_anything_is_done(tmp_path, silence, capsys):
    (tmp_path / "other").mkdir()
    twin = tmp_path / "other" / "silence.wav"
    soundfile.write(twin, SILENCE, RATE)
    assert main(["diarize", str(silence), str(twin), "--out", str(tmp_path / "r")]) == 2
    assert "several files are called silence, or nearly so" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()
    assert main(["diarize", str(silence), str(twin), "--format", "rttm"]) == 2
    assert capsys.readouterr().out == ""
    assert main(["diarize", "a b.wav", "A_B.flac", "--out", str(tmp_path / "r")]) == 2
    assert "several files are called a b, or nearly so" in capsys.readouterr().err


def test_resume_needs_out(silence, capsys):
    assert main(["diarize", str(silence), "--resume"]) == 2
    assert "--resume needs --out" in capsys.readouterr().err


def test_the_result_of_a_call_is_known_again(tmp_path, silence, monkeypatch):
    def predict(diarizer, path, **options):
        turns = [Turn(0, 1, "SPEAKER_00"), Turn(0.5, 2, "SPEAKER_01")]
        speakers = [Speaker("SPEAKER_00", 1.0, 0.9, channel=2), Speaker("SPEAKER_01", 1.5, 0.1, channel=1)]
        return Diarization(Annotation(turns, path.stem), speakers, 2.0)

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)
    for _ in range(2):
        assert main(["diarize", str(silence), "--out", str(tmp_path / "r")]) == 0
    assert "SPEAKER silence 2 0.000" in (tmp_path / "r" / "silence.rttm").read_text()


def test_speakers_who_are_known_are_named_in_all_that_is_written(
    tmp_path, voices_file, conversation_file, heard_once, capsys
):
    options = [str(conversation_file), "--voices", str(voices_file)]
    out = tmp_path / "results"
    for _ in range(2):  # the second time what is there is ours
        assert main(["diarize", *options, "--out", str(out)]) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[1].endswith("  share  name") and any(line.startswith("Adam ") for line in table)
    content = json.loads((out / "talk.json").read_text(encoding="utf-8"))
    names = {speaker["speaker"] for speaker in content["speakers"] if "name_probability" in speaker}
    assert {"Adam", "Clara"} <= names < {speaker["speaker"] for speaker in content["speakers"]}
    rttm = (out / "talk.rttm").read_text(encoding="utf-8")
    assert {line.split()[7] for line in rttm.splitlines()} == {speaker["speaker"] for speaker in content["speakers"]}
    assert main(["diarize", *options, "--format", "rttm"]) == 0
    assert capsys.readouterr().out == rttm
    assert main(["diarize", *options, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == content


def test_times_are_rounded_alike_in_text_and_rttm(silence, capsys, monkeypatch):
    def predict(diarizer, path, **options):
        turns = [Turn(0.0005, 1.0635, "SPEAKER_00"), Turn(1.0635, 2.0, "SPEAKER_00")]  # .3f gives 0.001 and 1.063
        return Diarization(Annotation(turns, path.stem), [Speaker("SPEAKER_00", 2.0, 0.9)], 2.0)

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)
    assert main(["diarize", str(silence)]) == main(["diarize", str(silence), "--format", "rttm"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["     0.000      1.064  SPEAKER_00", "     1.064      2.000  SPEAKER_00"]
    assert [line.split()[3:5] for line in lines[-2:]] == [["0.000", "1.064"], ["1.064", "0.936"]]


def test_names_with_blanks_are_known_again(tmp_path, silence, monkeypatch):
    def predict(diarizer, path, **options):
        turns = [Turn(0, 1, "Zoë van Dam"), Turn(1, 2, "SPEAKER_01")]
        speakers = [Speaker("Zoë van Dam", 1.0, 0.9, p_name=0.9), Speaker("SPEAKER_01", 1.0, 0.1)]
        return Diarization(Annotation(turns, path.stem), speakers, 2.0)

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)
    for _ in range(2):
        assert main(["diarize", str(silence), "--out", str(tmp_path / "r")]) == 0
    assert " Zoë_van_Dam <NA>" in (tmp_path / "r" / "silence.rttm").read_text(encoding="utf-8")
    assert '"Zoë van Dam"' in (tmp_path / "r" / "silence.json").read_text(encoding="utf-8")
