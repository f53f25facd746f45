"""What the benchmarks say of systems: answers of others read from RTTM, the paired bootstrap, and sound in rooms."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lightdiar.io.audio import Audio, write
from lightdiar.io.rttm import write_rttm
from lightdiar.timeline import Annotation, Turn

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import bench_diarization

    return bench_diarization


@pytest.fixture
def ruler(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import ruler

    return ruler


@pytest.fixture
def folder(tmp_path):
    """Two recordings of 10 s that are never heard, with their truths, and a folder for answers."""
    (tmp_path / "talk-clean").mkdir()
    (tmp_path / "answers").mkdir()
    for name in "ab":
        path = tmp_path / "talk-clean" / f"{name}.wav"
        path.write_bytes(b"")
        write_rttm(path.with_suffix(".rttm"), Annotation([Turn(0, 6, "ann"), Turn(6, 10, "bob")], name))
        path.with_suffix(".genders.csv").write_text("speaker,gender\nann,F\nbob,M\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(bench, folder, monkeypatch, capsys):
    """A function that scores the folder with a lightdiar that finds all at once, and answers of others."""
    everything = Annotation([Turn(0, 10, "everybody")])
    monkeypatch.setitem(bench.SYSTEMS, "lightdiar", lambda path: (everything, {"M": 0, "F": 1}, 0.3, 1.0))

    def scored(*answers):
        out = folder / "results.csv"
        options = ["--rttm", *answers] if answers else []
        bench.main([str(folder / "talk-clean"), "--out", str(out), *options])
        return pd.read_csv(out)

    return scored


def test_what_others_wrote_is_scored_beside_ours(run, folder):
    write_rttm(folder / "answers" / "a.rttm", Annotation([Turn(0, 6, "x"), Turn(6.4, 9, "y")], "called-otherwise"))
    (folder / "answers" / "b.rttm").write_text("")  # nobody
    rows = run(f"theirs={folder / 'answers'}").set_index(["system", "recording"])
    assert list(rows.index) == [("lightdiar", "a"), ("lightdiar", "b"), ("theirs", "a"), ("theirs", "b")]
    assert rows.loc["lightdiar", "confusion"].tolist() == [4.0, 4.0]
    # of a 0.4 s between the turns and the last second, of b all
    assert rows.loc["theirs", "missed"].tolist() == pytest.approx([1.4, 10.0])
    assert rows.loc["theirs", "n_found"].tolist() == [2, 0]
    assert rows.loc["lightdiar", "genders_right"].tolist() == [0, 0]
    assert rows.loc["lightdiar", "p_counts"].tolist() == [0.3, 0.3]
    assert rows.loc["theirs", ["genders_right", "p_counts", "versions"]].isna().all(axis=None)


def test_answers_are_scored_as_they_were_written_also_from_one_file(run, folder):
    turns = [Turn(0, 3, "x"), Turn(3.4, 6, "x"), Turn(6, 10, "y")]
    write_rttm(folder / "all.rttm", [Annotation(turns, "a"), Annotation(turns, "b")])
    rows = run(f"theirs={folder / 'all.rttm'}")
    assert rows.loc[rows["system"] == "theirs", "missed"].tolist() == pytest.approx([0.4, 0.4])  # the pause


def test_a_missing_answer_is_told_in_one_line_before_any_work(run, folder, bench, monkeypatch):
    monkeypatch.setitem(bench.SYSTEMS, "lightdiar", lambda path: pytest.fail("work was done"))
    answers = folder / "answers"
    (answers / "a.rttm").write_text("")
    with pytest.raises(SystemExit) as refused:
        run(f"theirs={answers}")
    assert str(refused.value) == (
        f"--rttm theirs={answers}: no RTTM for 1 of 2 recordings: b. Write b.rttm there, empty if nobody speaks."
    )


def test_answers_that_cannot_be_told_apart_or_read_are_refused(run, folder, capsys):
    answers = folder / "answers"
    with pytest.raises(SystemExit, match="--rttm theirs=.*answers: holds no RTTM file"):
        run(f"theirs={answers}")
    (answers / "more").mkdir()
    for path in (answers / "a.rttm", answers / "more" / "a.rttm"):
        path.write_text("")
    with pytest.raises(SystemExit, match="a is in another RTTM file too; leave one of them"):
        run(f"theirs={answers}")
    (answers / "a.rttm").write_text("rubbish\n")
    with pytest.raises(SystemExit, match="a.rttm:1: an RTTM line starts with its type"):
        run(f"theirs={answers}")
    for wrong in ("theirs", "=folder", "theirs=", "resemblyzer=folder"):
        with pytest.raises(SystemExit):
            run(wrong)
        assert f"'{wrong}' must be NAME=FOLDER" in capsys.readouterr().err


def results(folder, name, errors, system="lightdiar", found=2):
    """A CSV as the benchmark writes it: recordings of 100 s with these seconds of error, by folder."""
    rows = [
        {"folder": own, "system": system, "recording": f"{own}-{number}", "total": 100.0, "missed": error / 2}
        | {"false_alarm": error / 4, "confusion": error / 4, "n_true": 2, "n_found": found}
        for own, values in errors.items()
        for number, error in enumerate(values)
    ]
    path = folder / name
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


KINDS = {"x-clean": [10, 20], "y-clean": [30], "x-film": [40, 40], "meetings": [50]}


def test_every_kind_counts_a_third(ruler, tmp_path):
    found = ruler.score(ruler.read_results(results(tmp_path, "new.csv", KINDS)))
    assert [found[f"DER {kind}"] for kind in ("clean", "film", "real")] == pytest.approx([20, 40, 50])
    assert found["DER all"] == pytest.approx(110 / 3)
    assert found["right all"] == 100 and found["recordings"] == 6


def test_what_is_hard_for_both_leaves_no_doubt(ruler, tmp_path):
    """Errors from 10 to 50 s, all less by 2 s: whichever recordings are drawn, the difference is two points."""
    before = {kind: [error + 2 for error in errors] for kind, errors in KINDS.items()}
    paths = results(tmp_path, "new.csv", KINDS), results(tmp_path, "old.csv", before, found=3)
    new, old = (ruler.average([ruler.read_results(path)], "lightdiar") for path in paths)
    table = ruler.compare(new, old, n_draws=50).set_index(["figure", "kind"])
    for column in ("difference", "low", "high"):
        assert table.loc["DER", column].tolist() == pytest.approx([-2, -2, -2, -2])
        assert table.loc["right", column].tolist() == pytest.approx([100] * 4)


def test_an_interval_is_that_of_means_of_differences(ruler, tmp_path):
    """Two hundred recordings of one length: the mean of their differences has a known standard error."""
    rng = np.random.default_rng(0)
    both = rng.uniform(10, 50, 200)
    change = rng.normal(-1, 4, 200)
    paths = (
        results(tmp_path, "new.csv", {"a-clean": both + change}),
        results(tmp_path, "old.csv", {"a-clean": both}),
    )
    new, old = (ruler.average([ruler.read_results(path)], "lightdiar") for path in paths)
    row = ruler.compare(new, old).iloc[0]
    assert row["difference"] == pytest.approx(change.mean())
    half = 1.96 * change.std() / np.sqrt(200)
    assert (row["low"], row["high"]) == pytest.approx((change.mean() - half, change.mean() + half), abs=0.1)


def test_trainings_are_averaged_and_systems_of_one_file_compared(ruler, tmp_path, capsys):
    paths = [results(tmp_path, f"{seed}.csv", {"a-clean": [10 + seed, 20]}) for seed in range(3)]
    mean = ruler.average([ruler.read_results(path) for path in paths], "lightdiar")
    assert mean["error"].tolist() == [11, 20]
    theirs = results(tmp_path, "theirs.csv", {"a-clean": [15, 25]}, system="theirs")
    both = tmp_path / "both.csv"
    pd.concat([pd.read_csv(paths[0]), pd.read_csv(theirs)]).to_csv(both, index=False)
    ruler.main([str(both)])
    printed = capsys.readouterr().out
    assert "lightdiar against theirs" in printed and "clean    DER   15.0    20.0        -5.0 -5.0  -5.0" in printed


def test_only_the_same_recordings_are_compared(ruler, tmp_path):
    new, old, other = (
        results(tmp_path, name, errors)
        for name, errors in [("a.csv", {"a-clean": [1, 2]}), ("b.csv", {"a-clean": [1]}), ("c.csv", {"b-film": [1]})]
    )
    with pytest.raises(SystemExit, match="1 recordings are in both, of 2 and 1"):
        ruler.main([str(new), "--baseline", str(old)])
    with pytest.raises(SystemExit, match="the files hold different recordings"):
        ruler.main([str(new), str(other), "--baseline", str(old)])
    other.write_text("a,b\n1,2\n")
    with pytest.raises(SystemExit, match="c.csv: no column confusion, "):
        ruler.main([str(other)])


def test_rooms_are_those_held_out_each_place_once_from_the_direct_sound_on(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import bench_robustness

    rows = ["path,place,use"]
    for name, place, use, late in (("a", "cellar", "dev", 800), ("b", "cellar", "dev", 80), ("c", "hall", "train", 80)):
        response = np.zeros(1600, np.float32)
        response[[late, late + 160]] = 0.8, -0.4
        write(tmp_path / f"{name}.wav", Audio(response, 16000))
        rows.append(f"{name}.wav,{place},{use}")
    (tmp_path / "rooms.csv").write_text("\n".join(rows), encoding="utf-8")
    heard = dict(bench_robustness.rooms(tmp_path / "rooms.csv"))
    assert list(heard) == ["cellar"]
    click = np.zeros(1000)
    click[100] = 0.1
    expected = np.zeros(1000)
    expected[[116, 276]] = 0.5, -0.25  # a millisecond is left before the direct sound
    np.testing.assert_allclose(heard["cellar"](click), expected, atol=1e-3)
