import csv
from shutil import copytree

import pytest

from lightdiar.cli import main
from lightdiar.io.audio import write
from lightdiar.recognition import listening, trial_report, trials

FILES = ["confusion.csv", "figures.csv", "scores.csv", "trials.png"]


@pytest.fixture(autouse=True)
def quick(heard_once, tiny_models, monkeypatch):
    monkeypatch.setattr(trial_report, "_N_DRAWS", 3)
    monkeypatch.setattr(trials, "load_voice_models", lambda: tiny_models)
    monkeypatch.setattr(listening, "_number_of_people", lambda *_: 1)


@pytest.fixture(scope="module")
def folder(people, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trials") / "class"
    for name in ("Adam", "Clara"):
        (folder / name).mkdir(parents=True)
        for number, sound in enumerate(people[name]):
            write(folder / name / f"{number}.wav", sound)
    return folder


def test_figures_are_printed_and_nothing_is_written(folder, capsys):
    before = sorted(folder.parent.rglob("*"))
    assert main(["trials", str(folder)]) == 0
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert lines[0] == "people: 2, tests: 2, trials: 4, of the same person: 2"
    assert lines[2].startswith("equal error rate ") and lines[-1].startswith("No intervals: 2 speakers are too few")
    assert [line.split(":")[0] for line in captured.err.splitlines()] == ["[1/2] Adam", "[2/2] Clara"]
    assert sorted(folder.parent.rglob("*")) == before


def test_seconds_are_those_of_the_options(folder, capsys):
    assert main(["trials", str(folder), "--enrolment", "5", "--test", "1"]) == 0
    assert capsys.readouterr().out.startswith("people: 2, tests: 10, trials: 20, of the same person: 10\n")


def test_tables_and_a_picture_are_written(folder, tmp_path, capsys):
    out = tmp_path / "new" / "out"
    assert main(["trials", str(folder), "--out", str(out)]) == 0
    assert capsys.readouterr().out.endswith(f"{out}: figures.csv, scores.csv, confusion.csv, trials.png\n")
    assert sorted(path.name for path in out.iterdir()) == FILES
    with open(out / "scores.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["enrol", "test", "same", "log_likelihood_ratio"]
    assert [row[:3] for row in rows[1:3]] == [["Adam", "Adam/1.wav (0.0 s)", "1"], ["Clara", "Adam/1.wav (0.0 s)", "0"]]
    assert (out / "figures.csv").read_text().splitlines()[0] == "figure,value,low,high"
    assert (out / "confusion.csv").read_text().splitlines()[0] == "true,Adam,Clara"
    assert (out / "trials.png").read_bytes().startswith(b"\x89PNG")


def test_no_name_is_a_formula(folder, tmp_path, capsys):
    copytree(folder, tmp_path / "class")
    (tmp_path / "class" / "Adam").rename(tmp_path / "class" / "=1+1")
    assert main(["trials", str(tmp_path / "class"), "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "confusion.csv").read_text().splitlines()[:2] == ["true,'=1+1,Clara", "'=1+1,1,0"]
    assert "\n'=1+1,'=1+1/1.wav (0.0 s),1," in (tmp_path / "out" / "scores.csv").read_text()


def refused(capsys, *arguments):
    assert main(["trials", *map(str, arguments)]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    return captured.err.rstrip("\n")


def test_what_exists_is_kept_and_told_before_any_work(folder, tmp_path, capsys):
    (tmp_path / "scores.csv").write_text("mine")
    assert refused(capsys, folder, "--out", tmp_path).endswith(
        "scores.csv: exists. Name another file, or add --overwrite to replace it."
    )
    assert (tmp_path / "scores.csv").read_text() == "mine"
    assert "is a file; name a folder." in refused(capsys, folder, "--out", tmp_path / "scores.csv")


def test_without_matplotlib_it_is_said_before_any_work(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("lightdiar.common.axes.find_spec", lambda name: None)
    assert main(["trials", str(folder), "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().err.splitlines()[0] == (
        "lightdiar: trials.png will not be drawn; plots need matplotlib: pip install lightdiar[plot]"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES[:-1]
    written = {name: (tmp_path / name).read_bytes() for name in FILES[:-1]}
    (tmp_path / "scores.csv").write_text("mine")
    assert main(["trials", str(folder), "--out", str(tmp_path), "--overwrite"]) == 0
    assert {name: (tmp_path / name).read_bytes() for name in written} == written


def test_a_list(folder, capsys, tmp_path):
    path = folder / "list.txt"
    path.write_text("1 Adam/0.wav Adam/1.wav\n0 Adam/0.wav Clara/1.wav\n")
    assert main(["trials", str(path), "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("enrolled sounds: 1, tests: 2, trials: 2, of the same person: 1\n")
    assert (tmp_path / "confusion.csv").read_text().splitlines()[0] == "true,accepted,refused"
    assert refused(capsys, path, "--test", 3).endswith("--enrolment and --test are for folders.")
    path.write_text("1 Adam/0.wav Adam/1.wav\n0 Adam/0.wav Bob/1.wav\n")
    assert "Bob/1.wav: does not exist; 1 of 3 files of the list are not there." in refused(capsys, path)
    path.write_text("1 Adam/0.wav\n")
    assert f"{path}:1: " in refused(capsys, path)
    path.unlink()


def test_rubbish(folder, capsys, tmp_path):
    assert refused(capsys, tmp_path / "none").endswith("does not exist; name a folder of people or a list of trials.")
    empty = f"lightdiar: {tmp_path}: is empty; it must hold one folder of sounds for each person."
    assert refused(capsys, tmp_path) == empty
    assert "can be taken for nobody else" in refused(capsys, folder.parent)
    assert "enrolment_seconds=0.0 must be from 1 to 3600 s." in refused(capsys, folder, "--enrolment", 0)
    assert "0.wav:" in refused(capsys, folder / "Adam" / "0.wav")
