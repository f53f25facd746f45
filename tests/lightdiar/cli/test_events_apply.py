import json

import numpy as np
import pytest

from lightdiar.cli import main
from lightdiar.io.audio import Audio, write

FILES = ["talk.events.csv", "talk.events.txt", "talk.events.TextGrid", "talk.audacity.txt", "talk.events.json"]
LIST = "talk\t0.500\t1.500\tloud\n"


@pytest.fixture
def model_folder(loud, tmp_path):
    loud.save(tmp_path / "model", {})
    return tmp_path / "model"


@pytest.fixture
def talk(tones, tmp_path):
    write(tmp_path / "talk.wav", tones([(0.5, 1.5, "beep")], 4.0))
    return tmp_path / "talk.wav"


@pytest.fixture
def apply(model_folder, capsys):
    """A function that runs the command and gives its status, stdout and stderr."""

    def run(*arguments):
        status = main(["events", "apply", "--model", str(model_folder), *map(str, arguments)])
        return (status, *capsys.readouterr())

    return run


def test_events_are_printed_as_a_table(apply, talk, silence):
    status, out, err = apply(talk, silence)
    assert (status, err) == (0, "")
    rows = out.splitlines()
    assert rows[1].split()[:3] == ["0.5", "1.5", "loud"] and 0.5 < float(rows[1].split()[3]) <= 1
    assert [rows[0], *rows[2:]] == [
        "start  end  label  probability",
        "talk: 4.0 s, 1 event, 1 of 1 labels heard",
        "label  events  seconds  share",
        "loud        1      1.0    25%",
        "silence: 2.0 s, 0 events, 0 of 1 labels heard",
        "label  events  seconds  share",
        "loud        0      0.0     0%",
    ]


def test_what_the_card_warns_of_is_said(loud, talk, tmp_path, capsys):
    loud.save(tmp_path / "model", {"beware": "It hears nothing soft."})
    assert main(["events", "apply", "--model", str(tmp_path / "model"), str(talk), "--format", "dcase"]) == 0
    assert capsys.readouterr() == (LIST, "It hears nothing soft.\n")


def test_one_format_is_printed(apply, talk, silence, tmp_path):
    assert apply(talk, "--format", "dcase") == (0, LIST, "")
    assert apply(silence, talk, "--format", "dcase") == (0, f"silence\n{LIST}", "")
    status, out, _ = apply(talk, silence, "--format", "csv")
    lines = out.splitlines()
    assert status == 0 and lines[0] == "recording,onset,offset,label,probability"
    assert lines[1].startswith("talk,0.500,1.500,loud,0.") and lines[2:] == ["silence,,,,"]
    assert json.loads(apply(talk, "--format", "json")[1])["events"][0]["label"] == "loud"
    assert apply(talk, silence, "--format", "json")[2] == (
        "lightdiar: --format json: of several files it can only be written; add --out DIR.\n"
    )
    assert "--format csv,json: only one can be printed" in apply(talk, "--format", "csv,json")[2]
    with pytest.raises(SystemExit):
        apply(talk, "--format", "srt")


def test_all_formats_are_written_and_resume_leaves_them_alone(apply, talk, tmp_path):
    out = tmp_path / "results"
    everything = ["--format", "dcase,csv,textgrid,audacity,json", "--out", out]
    status, shown, err = apply(talk, *everything)
    assert (status, err) == (0, "") and shown.startswith("talk: 4.0 s, 1 event, ")
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    assert (out / "talk.events.txt").read_text() == LIST
    assert (out / "talk.audacity.txt").read_text() == "0.500\t1.500\tloud\n"
    (out / "talk.events.txt").write_text("mine")
    status, shown, err = apply(talk, *everything)
    assert (status, shown) == (2, "") and "talk.events.txt: exists. Name another file, or add --overwrite" in err
    assert apply(talk, *everything, "--resume") == (0, "", f"{talk}: already done\n")
    (out / "talk.events.csv").unlink()
    assert apply(talk, *everything, "--resume")[0] == 0
    other = talk.with_name("other.wav")
    other.write_bytes(talk.read_bytes())
    status, shown, err = apply(talk, other, "--out", out)  # what is in the way of one stops no other
    said = f"{out / 'talk.events.txt'}: exists. Name another file, or add --overwrite to replace it."
    assert (status, err) == (2, f"lightdiar: {talk}: {said}\n")
    assert shown.startswith("other: ") and (out / "other.events.txt").exists()
    assert (out / "talk.events.txt").read_text() == "mine" and (out / "talk.events.csv").exists()
    assert apply(talk, *everything, "--overwrite")[0] == 0
    assert (out / "talk.events.txt").read_text() == LIST


def test_the_usual_format_is_a_dcase_list(apply, talk, tmp_path):
    assert apply(talk, "--out", tmp_path / "r")[0] == 0
    assert [path.name for path in (tmp_path / "r").iterdir()] == ["talk.events.txt"]


@pytest.mark.parametrize("resume", [[], ["--resume"]])
def test_a_result_with_an_impossible_name_does_not_stop_the_others(apply, talk, tmp_path, resume):
    long, out = "a" * 300, tmp_path / "r"
    status, shown, err = apply(f"{long}.wav", talk, "--out", out, *resume)
    assert status == 2 and shown.startswith("talk: 4.0 s, 1 event, ")
    assert err == f"lightdiar: {long}.wav: {out / long}.events.txt: cannot be written: File name too long.\n"
    assert [path.name for path in out.iterdir()] == ["talk.events.txt"]


def test_a_bad_file_does_not_stop_the_others(apply, talk, tmp_path):
    (tmp_path / "text.wav").write_text("no sound")
    write(tmp_path / "call.wav", Audio(np.zeros(8000), 4000))
    status, out, err = apply(
        tmp_path / "none.wav", tmp_path / "call.wav", tmp_path / "text.wav", talk, "--format", "dcase"
    )
    assert (status, out) == (2, f"call\n{LIST}")
    lines = err.splitlines()
    assert lines[0].startswith(f"lightdiar: {tmp_path / 'none.wav'}: ")
    assert lines[1].startswith(f"lightdiar: warning: {tmp_path / 'call.wav'}: is sampled at 4000 Hz, so that")
    assert lines[2].startswith(f"lightdiar: {tmp_path / 'text.wav'}: ") and len(lines) == 3


@pytest.mark.slow
def test_any_number_of_processes_shows_the_same(apply, talk, tmp_path):
    (tmp_path / "text.wav").write_text("no sound")
    write(tmp_path / "call.wav", Audio(np.zeros(8000), 4000))
    files = [tmp_path / "text.wav", tmp_path / "call.wav", talk]
    assert apply(*files) == apply(*files, "--jobs", 2)


def test_what_cannot_be_is_refused_before_the_work(apply, talk, tmp_path, monkeypatch):
    monkeypatch.setattr("lightdiar.events.detector.detect_events", None)
    assert apply(talk, "--resume")[2] == ("lightdiar: --resume needs --out DIR: it looks there for finished files.\n")
    assert "talk.wav: cannot be used as a folder" in apply(talk, "--out", talk)[2]
    assert "several files are called talk" in apply(talk, talk, "--out", tmp_path / "r")[2]
    assert "--jobs 0: the number of processes must be 1 or more" in apply(talk, "--jobs", "0")[2]


def test_the_model_is_named_or_said_to_be_none(talk, tones_trained, tmp_path, capsys):
    def complaint(model):
        assert main(["events", "apply", "--model", str(model), str(talk)]) == 2
        return capsys.readouterr().err

    assert complaint(tones_trained) == (
        f"lightdiar: {tones_trained}: has a model in each of fold1, fold2; name one of them, such as "
        f"{tones_trained / 'fold1'}.\n"
    )
    assert "is no model, nor an experiment with a finished one" in complaint(tmp_path)
    assert main(["events", "apply", "--model", str(tones_trained / "fold1"), "--format", "dcase", str(talk)]) == 0
    assert capsys.readouterr().out == "talk\t0.500\t1.500\tbeep\n"
