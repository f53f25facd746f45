import json
import os
import sys

import numpy as np
import pytest
import soundfile

from lightdiar.cli import main
from lightdiar.io.eaf import eaf_text
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

RATE = 16000
SILENCE = np.zeros(2 * RATE)
NOBODY = {
    "diarization": [],
    "speakers": [],
    "agreement": 1.0,
    "recording": "silence",
    "duration": 2.0,
    "min_speaker_seconds": 2.0,
    "snr": None,
}


def test_out_writes_rttm_and_json_and_resume_leaves_them_alone(tmp_path, silence, capsys):
    out = tmp_path / "results"
    assert main(["diarize", str(silence), "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["silence.json", "silence.rttm"]
    assert json.loads((out / "silence.json").read_text()) == NOBODY
    (out / "silence.rttm").write_text("mine")
    assert main(["diarize", str(silence), "--out", str(out), "--resume"]) == 0
    assert (out / "silence.rttm").read_text() == "mine"
    assert "silence.wav: already done" in capsys.readouterr().err
    (out / "silence.json").write_text("mine")
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
        f"lightdiar: {silence}: {truth}: exists. Name another file, or add --overwrite to replace it.\n"
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
    nobody = {"file": str(silence), **NOBODY}
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


@pytest.mark.parametrize("text", ["", "mine", '{"name": "silence"}'])
def test_resume_takes_nothing_else_for_a_result(tmp_path, silence, capsys, text):
    (tmp_path / "silence.rttm").touch()
    (tmp_path / "silence.json").write_text(text)
    assert main(["diarize", str(silence), "--out", str(tmp_path), "--resume"]) == 2
    written = tmp_path / "silence.json"
    said = f"lightdiar: {silence}: {written}: exists. Name another file, or add --overwrite to replace it.\n"
    assert capsys.readouterr() == ("", said)
    assert written.read_text() == text
    assert main(["diarize", str(silence), "--out", str(tmp_path), "--resume", "--overwrite"]) == 0
    assert json.loads(written.read_text()) == NOBODY


def test_resume_does_again_what_is_the_result_of_another_recording(tmp_path, silence, capsys):
    (tmp_path / "silence.rttm").touch()
    (tmp_path / "silence.json").write_text(json.dumps({**NOBODY, "recording": "other"}))
    assert main(["diarize", str(silence), "--out", str(tmp_path), "--resume"]) == 0
    assert capsys.readouterr() == ("silence: 2.0 s, no speech found\n", "")
    assert json.loads((tmp_path / "silence.json").read_text()) == NOBODY


@pytest.mark.parametrize("resume", [[], ["--resume"]])
def test_a_file_in_the_way_of_a_result_does_not_stop_the_others(tmp_path, silence, capsys, resume):
    other, out = tmp_path / "other.wav", tmp_path / "r"
    other.write_bytes(silence.read_bytes())
    out.mkdir()
    (out / "other.json").write_text("mine")
    assert main(["diarize", str(other), str(silence), "--out", str(out), *resume]) == 2
    assert capsys.readouterr() == (
        "silence: 2.0 s, no speech found\n",
        f"lightdiar: {other}: {out / 'other.json'}: exists. Name another file, or add --overwrite to replace it.\n",
    )
    assert sorted(path.name for path in out.iterdir()) == ["other.json", "silence.json", "silence.rttm"]


@pytest.mark.parametrize("resume", [[], ["--resume"]])
def test_a_result_with_an_impossible_name_does_not_stop_the_others(tmp_path, silence, capsys, resume):
    long, out = "a" * 300, tmp_path / "results"
    assert main(["diarize", f"{long}.wav", str(silence), "--out", str(out), *resume]) == 2
    assert capsys.readouterr() == (
        "silence: 2.0 s, no speech found\n",
        f"lightdiar: {long}.wav: {out / long}.json: cannot be written: File name too long.\n",
    )
    assert sorted(path.name for path in out.iterdir()) == ["silence.json", "silence.rttm"]


def test_all_is_written_if_nobody_reads_what_is_printed(tmp_path, silence, main_unread):
    other = tmp_path / "other.wav"
    other.write_bytes(silence.read_bytes())
    assert main_unread(["diarize", str(silence), str(other), "--out", str(tmp_path / "r")]) == 0
    assert sorted(os.listdir(tmp_path / "r")) == ["other.json", "other.rttm", "silence.json", "silence.rttm"]


def test_what_cannot_be_written_is_named_beside_its_file(tmp_path, silence, capsys, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert main(["diarize", str(silence), "--out", str(tmp_path / "r")]) == 2
    written = tmp_path / "r" / "silence.json"
    assert capsys.readouterr() == ("", f"lightdiar: {silence}: {written}: No space left on device.\n")


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


def test_names_with_blanks_are_known_again(tmp_path, silence, monkeypatch, capsys):
    def predict(diarizer, path, **options):
        turns = [Turn(0, 1, "Zoë van Dam"), Turn(1, 2, "SPEAKER_01")]
        speakers = [Speaker("Zoë van Dam", 1.0, 0.9, p_name=0.9), Speaker("SPEAKER_01", 1.0, 0.1)]
        return Diarization(Annotation(turns, path.stem), speakers, 2.0)

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)
    for _ in range(2):
        assert main(["diarize", str(silence), "--out", str(tmp_path / "r")]) == 0
        assert capsys.readouterr().err == (
            f"lightdiar: warning: {silence}: RTTM has no blanks in names: there Zoë van Dam is Zoë_van_Dam\n"
        )
    assert " Zoë_van_Dam <NA>" in (tmp_path / "r" / "silence.rttm").read_text(encoding="utf-8")
    assert '"Zoë van Dam"' in (tmp_path / "r" / "silence.json").read_text(encoding="utf-8")


@pytest.fixture
def two_voices(monkeypatch):
    """ann and bob, whatever the sound; the list of files that were heard."""
    heard = []

    def predict(diarizer, path, **options):
        heard.append(path.name)
        turns = [Turn(0, 1, "ann"), Turn(0.5, 2, "bob")]
        return Diarization(Annotation(turns, path.stem), [Speaker("ann", 1.0, 0.9), Speaker("bob", 1.5, 0.1)], 2.0)

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)
    return heard


ALL = "srt,csv,rttm,vtt,textgrid,eaf,audacity,json"


def test_formats_say_which_files_are_written(tmp_path, silence, two_voices, capsys):
    out = tmp_path / "r"
    assert main(["diarize", str(silence), "--out", str(out), "--format", "srt,textgrid,srt"]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["silence.TextGrid", "silence.srt"]
    assert main(["diarize", str(silence), "--out", str(tmp_path / "all"), "--format", ALL]) == 0
    endings = sorted(path.suffix for path in (tmp_path / "all").iterdir())
    assert endings == [".TextGrid", ".csv", ".eaf", ".json", ".rttm", ".srt", ".txt", ".vtt"]
    assert (out / "silence.srt").read_bytes() == (tmp_path / "all" / "silence.srt").read_bytes()


def test_all_formats_are_known_again_by_the_json_beside_them(tmp_path, silence, two_voices, capsys):
    arguments = ["diarize", str(silence), "--out", str(tmp_path), "--format"]
    assert main([*arguments, ALL]) == main([*arguments, ALL]) == main([*arguments, "csv,eaf"]) == 0
    (tmp_path / "silence.csv").write_text("mine")
    assert main([*arguments, "vtt,csv"]) == 2
    assert "silence.csv: exists. Name another file, or" in capsys.readouterr().err.replace("silence.vtt", "silence.csv")
    (tmp_path / "silence.json").unlink()
    assert main([*arguments, "eaf"]) == 2 and "silence.eaf: exists" in capsys.readouterr().err
    assert main([*arguments, "eaf", "--overwrite"]) == 0


def test_resume_wants_all_formats(tmp_path, silence, two_voices, capsys):
    arguments = ["diarize", str(silence), "--out", str(tmp_path), "--resume"]
    for extra in ([], [], ["--format", "rttm,srt"], ["--format", "srt,rttm,json"], ["--format", "srt,vtt"]):
        assert main([*arguments, *extra]) == 0
    assert len(two_voices) == 3  # the first run, the one that adds .srt, the one that adds .vtt
    assert capsys.readouterr().err.count("silence.wav: already done") == 2


def test_each_format_is_printed(silence, two_voices, capsys):
    for name in ALL.split(","):
        assert main(["diarize", str(silence), "--format", name]) == 0
        result = Diarization(
            Annotation([Turn(0, 1, "ann"), Turn(0.5, 2, "bob")], "silence"),
            [Speaker("ann", 1.0, 0.9), Speaker("bob", 1.5, 0.1)],
            2.0,
        )
        text = getattr(result, f"to_{name}")()
        if name == "eaf":  # it also learns its sound
            text = eaf_text(result.annotation, "silence.wav")
            assert 'MEDIA_URL="./silence.wav" MIME_TYPE="audio/x-wav"' in text
        assert capsys.readouterr().out == text.removesuffix("\n") + "\n"


def test_several_files_printed_as_csv_have_one_header(tmp_path, silence, two_voices, capsys):
    soundfile.write(tmp_path / "b.wav", SILENCE, RATE)
    files = [str(silence), str(tmp_path / "b.wav")]
    assert main(["diarize", *files, "--format", "csv"]) == 0
    assert [line.split(",")[0] for line in capsys.readouterr().out.splitlines()] == [
        *["recording", "silence", "silence", "b", "b"]
    ]
    assert main(["diarize", *files, "--format", "srt"]) == 2
    assert capsys.readouterr().err == (
        "lightdiar: --format srt: of several files it can only be written; add --out DIR.\n"
    )


def test_formats_that_cannot_be_are_refused(tmp_path, silence, two_voices, capsys):
    assert main(["diarize", str(silence), "--format", "srt,vtt"]) == 2
    assert capsys.readouterr().err == (
        "lightdiar: --format srt,vtt: only one can be printed; add --out DIR to write them.\n"
    )
    assert main(["diarize", str(silence), "--format", "text", "--out", str(tmp_path)]) == 2
    assert "--format text is printed, not written; with --out name some of rttm, json" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["diarize", str(silence), "--format", "doc"])
    message = "'doc' must be text or some of rttm,json,csv,srt,vtt,textgrid,eaf,audacity, with commas."
    assert message in capsys.readouterr().err
    assert two_voices == []
