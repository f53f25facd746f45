import json
import os

import pytest

from lightdiar.corpus import read, run, running
from lightdiar.corpus.folder import Folder
from lightdiar.corpus.process import CannotGoOn
from lightdiar.corpus.rows import Row
from lightdiar.errors import DoubtfulResultWarning

TEXTS = {"calm": "F/M", "both": "FFM", "child": "CM", "bad": "bad", "none": "//"}
NAMES = sorted(TEXTS)


def heard_names(letters):
    names = sorted(name.removesuffix(".wav") for name, *_ in letters)
    letters.clear()
    return names


def test_each_recording_has_its_results_and_its_row(letters, films, tmp_path):
    steps = []
    corpus = run(films(**TEXTS), tmp_path / "results", progress=steps.append)
    assert [(step.number, step.total, step.row.recording) for step in steps] == [
        (number, 5, name) for number, name in enumerate(NAMES, 1)
    ]
    assert [step.row.error for step in steps] == ["is no sound. See bad.wav.", "", "", "", ""]
    assert repr(corpus) == "<Corpus: 5 recordings (1 failed), 7 speakers>"
    assert sorted(path.relative_to(tmp_path / "results").as_posix() for path in tmp_path.glob("results/**/*.*")) == [
        "listed.json",
        "recordings.csv",
        "recordings.parquet",
        "recordings/bad/row.json",
        *(
            f"recordings/{name}/{file}"
            for name in NAMES[1:]
            for file in sorted((f"{name}.json", f"{name}.rttm", "row.json"))
        ),
        "run.json",
        "speakers.csv",
        "speakers.parquet",
        "summary.txt",
    ]
    assert (tmp_path / "results/recordings/calm/calm.rttm").read_text().splitlines() == [
        "SPEAKER calm 1 0.000 4.000 <NA> <NA> SPEAKER_00 <NA> <NA>",
        "SPEAKER calm 1 5.000 4.000 <NA> <NA> SPEAKER_01 <NA> <NA>",
    ]


def test_what_is_done_is_not_done_again(letters, films, tmp_path, tree):
    folder, results = films(**TEXTS), tmp_path / "results"
    run(folder, results)
    before = tree(results)
    assert heard_names(letters) == NAMES
    run(folder, results)
    assert heard_names(letters) == []
    run(folder, results, retry=True)
    assert heard_names(letters) == ["bad"]
    films(more="F")
    run(folder, results, time_limit=5.0)
    assert heard_names(letters) == ["more"]
    (folder / "more.wav").unlink()
    with pytest.warns(
        DoubtfulResultWarning, match=r"unlisted: results of recordings that are not listed any more: more$"
    ):
        run(folder, results)
    assert {name: text for name, text in tree(results).items() if not name.startswith("unlisted")} == before
    films(more="F")
    run(folder, results)
    assert heard_names(letters) == []  # taken back
    assert list(read(results).recordings["recording"]) == sorted([*NAMES, "more"])


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_run_that_lost_its_power_goes_on(letters, films, tmp_path, tree, monkeypatch, place):
    folder, results = films(calm="F/M", child="CM", bad="bad"), tmp_path / "results"
    run(folder, tmp_path / "undisturbed")
    letters.clear()
    usual = Folder.place

    class PowerCut(BaseException):
        """Nothing runs after it."""

    def cut(folder, row, files):
        if place == "after" or row.recording != "child":
            usual(folder, row, files)
        if row.recording == "child":
            (folder.unfinished / "left").mkdir()
            (folder.unfinished / "left" / "child.rttm").write_text("half")
            raise PowerCut

    with monkeypatch.context() as off:
        off.setattr(Folder, "place", cut)
        off.setattr(running, "write_tables", lambda folder: None)
        off.setattr("lightdiar.corpus.folder._remove", lambda folder: None)
        with pytest.raises(PowerCut):
            run(folder, results)
    assert (results / "unfinished" / "left").exists()
    assert not (results / "summary.txt").exists()
    assert list(read(results).recordings["recording"]) == ["bad", "calm", "child"][: 2 + (place == "after")]
    letters.clear()
    run(folder, results)
    assert heard_names(letters) == ["child"] * (place == "before")
    assert tree(results) == tree(tmp_path / "undisturbed")


def test_only_a_changed_recording_is_done_again_and_told(letters, films, tmp_path):
    folder, results = films(**TEXTS), tmp_path / "results"
    run(folder, results)
    letters.clear()
    for name in TEXTS:
        os.utime(folder / f"{name}.wav", ns=(1, 1))
    films(calm="M/F", bad="F")
    with pytest.warns(
        DoubtfulResultWarning, match=r"results: changed since they were heard, and done again: bad, calm \(2\)$"
    ):
        corpus = run(folder, results)
    assert heard_names(letters) == ["bad", "calm"]
    assert corpus.n_failed == 0


def test_a_recording_that_is_not_there_is_a_row_and_done_when_it_is(letters, films, tmp_path):
    folder = films(calm="F")
    table = folder / "list.csv"
    table.write_text("path,year\ncalm.wav,1990\nlater.wav,1991\n")
    corpus = run(table, tmp_path / "results")
    assert list(corpus.recordings["error"]) == ["", "No such file or directory. Give the path of an audio file."]
    assert list(corpus.recordings["year"]) == ["1990", "1991"]
    letters.clear()
    films(later="MM")
    with pytest.warns(DoubtfulResultWarning, match=r"done again: later$"):
        corpus = run(table, tmp_path / "results")
    assert heard_names(letters) == ["later"]
    (folder / "calm.wav").unlink()
    assert run(table, tmp_path / "results").n_failed == 0  # what is known of it is kept


def test_a_list_may_change_its_columns_and_what_is_heard(letters, films, tmp_path):
    folder, results = films(a="F", b="M"), tmp_path / "results"
    table = folder / "list.csv"
    table.write_text("path,year,start,track\na.wav,1990,,\nb.wav,1991,3,\n")
    run(table, results, start=2.0, end=60.0, track="fr")
    assert letters == [("a.wav", "fra", 2.0, 60.0), ("b.wav", "fra", 3.0, 60.0)]
    letters.clear()
    table.write_text("path,year,start,track\na.wav,1890,,\nb.wav,1991,3,2\n")
    with pytest.warns(DoubtfulResultWarning, match=r"done again: b$"):
        corpus = run(table, results, start=2.0, end=60.0, track="fr")
    assert letters == [("b.wav", 2, 3.0, 60.0)]
    assert list(corpus.recordings["year"]) == ["1890", "1991"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"num_speakers": 2}, "num_speakers was None, is 2"),
        ({"method": "textbook", "end": 60.0}, "method was 'trained', is 'textbook', end was None, is 60.0"),
    ],
)
def test_results_of_other_options_are_refused(letters, films, tmp_path, options, told):
    folder = films(calm="F")
    run(folder, tmp_path / "results")
    letters.clear()
    with pytest.raises(ValueError, match=rf"results: {told}\. Run as before to go on, or name a new folder to start"):
        run(folder, tmp_path / "results", **options)
    assert not letters


def test_results_of_another_version_or_other_models_are_refused(letters, films, tmp_path):
    folder, made = films(calm="F"), tmp_path / "results" / "run.json"
    run(folder, tmp_path / "results")
    content = json.loads(made.read_text())
    made.write_text(json.dumps(content | {"lightdiar": "0.1", "models": content["models"] | {"voices": "0"}}))
    with pytest.raises(
        ValueError, match=r"results: lightdiar was '0\.1', is '.*', the models of voices are others\. Run"
    ):
        run(folder, tmp_path / "results")


def test_shards_are_parts_of_the_list_with_the_names_of_the_whole(letters, films, tmp_path):
    folder = films(**TEXTS)
    (folder / "more").mkdir()
    (folder / "more" / "calm.wav").write_text("M")
    whole = run(folder, tmp_path / "whole")
    parts = [run(folder, tmp_path / f"part{number}", shard=(number, 3)) for number in (1, 2, 3)]
    assert [len(part.recordings) for part in parts] == [2, 2, 2]
    assert sorted(name for part in parts for name in part.recordings["recording"]) == list(
        whole.recordings["recording"]
    )
    for number in (1, 2, 3):  # one after the other, they may also share a folder
        one = run(folder, tmp_path / "together", shard=(number, 3))
    assert one.recordings.drop(columns="cpu_seconds").equals(whole.recordings.drop(columns="cpu_seconds"))


def test_ctrl_c_leaves_tables_of_what_is_done(letters, films, tmp_path):
    def interrupt(step):
        if step.number == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(films(**TEXTS), tmp_path / "results", progress=interrupt)
    text = (tmp_path / "results" / "summary.txt").read_text()
    assert text.startswith("5 recordings: 2 done, 1 failed, 2 not done yet; ")


def test_a_full_disk_is_one_error_and_what_is_done_is_kept(letters, films, tmp_path, monkeypatch):
    usual = Folder.place

    def place(folder, row, files):
        if row.recording == "child":
            raise CannotGoOn("results: results cannot be written: No space left on device.")
        usual(folder, row, files)

    def full(folder):
        raise CannotGoOn("the tables neither")

    monkeypatch.setattr(Folder, "place", place)
    monkeypatch.setattr(running, "write_tables", full)
    with pytest.raises(CannotGoOn, match=r"^results: results cannot be written: No space left on device\.$"):
        run(films(**TEXTS), tmp_path / "results")
    assert list(read(tmp_path / "results").recordings["recording"]) == NAMES[:3]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("row.json", "{"),
        ("row.json", None),
        ("calm.json", None),
        ("calm.json", ""),
        ("calm.json", "{"),
        ("calm.rttm", None),
        ("calm.rttm", ""),
        ("calm.rttm", "junk"),
    ],
)
def test_results_that_are_gone_or_damaged_are_made_anew_and_what_is_left_of_them_kept(
    letters, films, tmp_path, tree, file, text
):
    folder, results = films(**TEXTS), tmp_path / "results"
    run(folder, results)
    before = tree(results)
    letters.clear()
    own = results / "recordings" / "calm"
    (own / file).unlink()
    if text is not None:
        (own / file).write_text(text)
    left = sorted(path.name for path in own.iterdir())
    with pytest.warns(DoubtfulResultWarning) as told:
        run(folder, results)
    assert [str(each.message) for each in told] == [
        f"{results / 'damaged'}: results that were not complete or readable, and are made anew: calm"
    ]
    assert heard_names(letters) == ["calm"]
    assert sorted(path.name for path in (results / "damaged" / "calm").iterdir()) == left
    assert {name: text for name, text in tree(results).items() if not name.startswith("damaged")} == before


def test_turns_that_were_corrected_by_hand_are_kept(letters, films, tmp_path):
    folder, results = films(calm="F/M"), tmp_path / "results"
    run(folder, results)
    letters.clear()
    truth = results / "recordings" / "calm" / "calm.rttm"
    truth.write_text("SPEAKER calm 1 0.000 3.500 <NA> <NA> Ann <NA> <NA>\n")
    run(folder, results)
    assert heard_names(letters) == [] and "Ann" in truth.read_text()


def test_a_result_that_came_in_place_before_its_worker_died_is_no_error(letters, films, tmp_path, monkeypatch):
    here = running.run_local

    def died(work, tasks, **terms):
        for outcome in here(work, tasks, **terms):
            yield type(outcome).killed(outcome.task, 2)

    monkeypatch.setattr(running, "run_local", died)
    assert run(films(calm="F"), tmp_path / "results").n_failed == 0


def test_two_runs_on_one_folder_refuse_each_other(letters, films, tmp_path):
    folder = films(calm="F")

    def again(step):
        with pytest.raises(BlockingIOError, match=r"results: another run writes there\. Wait until it ends, or name"):
            run(folder, tmp_path / "results")

    assert run(folder, tmp_path / "results", progress=again).n_failed == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_jobs": 0}, r"^n_jobs=0 must be 1 or more\.$"),
        ({"time_limit": 0}, r"^time_limit=0 s must be more than 0, or None for no limit\.$"),
        ({"shard": (0, 2)}, r"^shard 0/2: the number of the part must be from 1 to 2\.$"),
        ({"shard": (3, 2)}, r"^shard 3/2: the number of the part must be from 1 to 2\.$"),
        ({"start": 5.0, "end": 4.0}, r"need 0 <= start < end"),
        ({"track": 0}, r"^track=0 must be a number, from 1"),
    ],
)
def test_impossible_options_are_told_before_anything_is_written(films, tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        run(films(calm="F"), tmp_path / "results", **options)
    assert not (tmp_path / "results").exists()


def test_what_a_diarizer_refuses_is_told_before_anything_is_written(films, tmp_path):
    with pytest.raises(ValueError, match="num_speakers=0 must be an integer of at least 1"):
        run(films(calm="F"), tmp_path / "results", num_speakers=0)
    assert not (tmp_path / "results").exists()


def test_rows_are_told_as_they_are_kept(letters, films, tmp_path):
    steps = []
    run(films(calm="F"), tmp_path / "results", progress=steps.append)
    assert steps[0].row == Row.read(tmp_path / "results" / "recordings" / "calm" / "row.json")
