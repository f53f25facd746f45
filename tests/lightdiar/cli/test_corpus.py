import json
import os
import re

import numpy as np
import pytest

from lightdiar.cli import main
from lightdiar.corpus import running
from lightdiar.corpus.film import State
from lightdiar.corpus.outcome import Outcome
from lightdiar.corpus.rows import Row
from lightdiar.io.audio import Audio, write


@pytest.fixture
def heard(monkeypatch):
    """Every film has two women and a man, in a moment, but bad.wav fails; gives the options of runs."""
    runs = []

    def run_here(work, tasks, **terms):
        runs.append((work.options, terms))
        for task in tasks:
            if task.name == "bad":
                yield Outcome(task, "is no sound.", 1)
            else:
                counts = {"n_women": 2, "n_men": 1, "n_children": int("child" in task.name)}
                row = Row(task.name, task.path, state=State.of(task.file), **counts)
                running.Folder(work.results).place(row, {".rttm": "", ".json": '{"diarization": [], "speakers": []}'})
                yield Outcome(task, None, 1)

    monkeypatch.setattr(os, "fsync", lambda handle: None)
    monkeypatch.setattr(running, "run_local", run_here)
    monkeypatch.setattr(running.Options, "diarizer", lambda options: None)
    return runs


@pytest.fixture
def films(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "films").mkdir()
    for name in ("bad", "calm", "children"):
        (tmp_path / "films" / f"{name}.wav").touch()
    return tmp_path / "films"


def test_a_line_for_each_recording_and_a_summary(heard, films, capsys):
    assert main(["corpus", "films", "--out", "results"]) == 2
    out, err = capsys.readouterr()
    assert re.sub(r"\d:\d\d to go", "0:07 to go", err).splitlines() == [
        "[1/3] bad: failed: is no sound",
        "[2/3] calm: women 2, men 1, 0:07 to go",
        "[3/3] children: women 2, men 1, children 1",
    ]
    assert out.splitlines() == [
        "3 recordings: 2 done, 1 failed; 0 s, 0 s of it speech",
        "failed:",
        "bad  is no sound.",
    ]


def test_it_goes_on_and_ends_with_0_if_nothing_failed(heard, films, capsys):
    assert main(["corpus", "films", "--out", "results"]) == 2
    (films / "bad.wav").unlink()
    capsys.readouterr()
    assert main(["corpus", "films", "--out", "results"]) == 0
    assert capsys.readouterr().err == (
        "lightdiar: warning: results/unlisted: results of recordings that are not listed any more: bad\n"
    )


def test_options_reach_the_run(heard, films):
    options = "--jobs 2 --time-limit 60 --num-speakers 3 --track fr --start 1:00 --end 2:00 --settings phone --retry"
    main(["corpus", "films", "--out", "results", *options.split()])
    (made, terms), *_ = heard
    assert (made.num_speakers, made.track, made.start, made.end) == (3, "fra", 60.0, 120.0)
    assert made.settings.speech_bias == 0.93
    assert terms == {"n_jobs": 2, "time_limit": 60.0}


def test_parts_are_joined(heard, films, capsys):
    for number in (1, 2):
        main(["corpus", "films", "--out", f"part{number}", "--shard", f"{number}/2"])
    capsys.readouterr()
    assert main(["corpus", "merge", "part1", "part2", "--out", "results"]) == 2
    assert capsys.readouterr().out.startswith("3 recordings: 2 done, 1 failed; ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["films", "more"], "more: one folder or one list is done at a time; put several into a list."),
        (["merge", "a", "--jobs", "2"], "merge diarizes nothing: besides the folders of results, it takes only --out."),
        (["merge"], "nothing to merge: name the folders of results."),
        (["films", "--jobs", "0"], "--jobs 0: the number of processes must be 1 or more."),
        (["nowhere"], "nowhere: cannot be read: No such file or directory. Name a folder or a list."),
        (["films", "--start", "5", "--end", "4"], "start=5.0 s, end=4.0 s; need 0 <= start < end < 1e+12, in seconds."),
    ],
)
def test_what_cannot_be_is_one_line(heard, films, capsys, arguments, told):
    assert main(["corpus", *arguments, "--out", "results"]) == 2
    assert capsys.readouterr().err == f"lightdiar: {told}\n"
    assert not (films.parent / "results").exists()


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "a/b", "1/2/3", "-1/2", "\u0661/2"])
def test_a_shard_is_a_number_of_a_number(capsys, shard):
    with pytest.raises(SystemExit):
        main(["corpus", "films", "--out", "results", f"--shard={shard}"])
    assert "must be the number of a part and how many there are, such as 1/8." in capsys.readouterr().err


def test_ctrl_c_says_how_far_it_came(heard, films, capsys, monkeypatch):
    usual = running.run_local

    def interrupted(work, tasks, **terms):
        yield from list(usual(work, tasks, **terms))[:2]
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "run_local", interrupted)
    assert main(["corpus", "films", "--out", "results"]) == 130
    assert capsys.readouterr().err.splitlines()[-2:] == [
        "2 of 3 are done; run again to go on.",
        "lightdiar: interrupted",
    ]
    assert (films.parent / "results" / "summary.txt").exists()


@pytest.mark.slow
def test_a_corpus_of_real_sound(tmp_path, monkeypatch, capsys, voice):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "films").mkdir()
    write("films/one.wav", Audio(voice, 16000))
    write("films/two.flac", Audio(np.tile(voice, 2), 16000))
    (tmp_path / "films" / "empty.mp3").touch()
    assert main(["corpus", "films", "--out", "results", "--jobs", "2"]) == 2
    rows = {row["recording"]: row for row in map(json.loads, (p.read_text() for p in tmp_path.glob("**/row.json")))}
    assert {name: row["duration"] for name, row in rows.items()} == {"one": 3.0, "two": 6.0, "empty": None}
    assert rows["empty"]["error"] == "is empty (0 bytes). Fetch or record it again."
    assert rows["one"]["cpu_seconds"] > 0
    capsys.readouterr()
    assert main(["diarize", "films/one.wav", "--out", "."]) == 0
    assert (tmp_path / "one.json").read_text() == (tmp_path / "results/recordings/one/one.json").read_text()
    capsys.readouterr()
    for command in (["count", "results"], ["bechdel", "results", "--out", "table.csv"]):
        assert main(command) == 0
        assert capsys.readouterr().err.splitlines()[0] == "lightdiar: results: failed, and not here: empty.mp3"
    listed = tmp_path / "results" / "listed.json"
    listed.write_text(listed.read_text().replace("3", "5", 1))
    assert main(["count", "results"]) == 0
    told = capsys.readouterr().err.splitlines()[1]
    assert told == "lightdiar: results: not done yet: 2; run `lightdiar corpus` again."
    assert main(["report", "results", "--out", "page.html"]) == 0
