import pytest

from lightdiar.cli import main


@pytest.fixture
def rttm(tmp_path):
    def write(name, *turns):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        lines = (f"SPEAKER {rec} 1 {start} {length} <NA> <NA> {who} <NA> <NA>\n" for rec, start, length, who in turns)
        path.write_text("".join(lines), encoding="utf-8")
        return path

    return write


def test_score_of_files_by_hand(rttm, capsys):
    """10 s of a; found 0-8 s, then 2 s of a false speaker elsewhere: 20 % missed, 20 % false alarm."""
    reference = rttm("ref.rttm", ("x", 0, 10, "a"))
    hypothesis = rttm("hyp.rttm", ("y", 0, 8, "s"), ("y", 12, 2, "t"))
    assert main(["score", str(reference), str(hypothesis)]) == 0
    assert capsys.readouterr().out == (
        "collar 0 s on each side, overlap scored; % of reference speech, all = pooled\n"
        "recording   DER  missed  false alarm  confusion   JER  speakers  found\n"
        "x          40.0    20.0         20.0        0.0  20.0         1      2\n"
        "all 1      40.0    20.0         20.0        0.0                       \n"
    ).replace("                       \n", "\n")


def test_score_of_folders_pairs_by_name_and_pools(rttm, tmp_path, capsys):
    rttm("ref/one.rttm", ("one", 0, 10, "a"))
    rttm("ref/two.rttm", ("two", 0, 30, "a"))
    rttm("hyp/one.rttm", ("one", 0, 10, "s"))
    rttm("hyp/three.rttm", ("three", 0, 10, "s"))
    assert main(["score", str(tmp_path / "ref"), str(tmp_path / "hyp")]) == 0
    captured = capsys.readouterr()
    assert [line.split()[:3] for line in captured.out.splitlines()[2:]] == [
        ["one", "0.0", "0.0"],
        ["two", "100.0", "100.0"],
        ["all", "2", "75.0"],
    ]
    assert captured.err.splitlines() == [
        "lightdiar: warning: nothing found for two: all of it counts as missed",
        "lightdiar: warning: no reference for three: not scored",
    ]


def test_score_tells_the_line_that_is_wrong(rttm, tmp_path, capsys):
    path = tmp_path / "bad.rttm"
    path.write_text("SPEAKER x 1 0 ten <NA> <NA> a <NA> <NA>\n")
    assert main(["score", str(path), str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"lightdiar: {path}:1: ")


def test_a_recording_may_occur_only_once(rttm, tmp_path, capsys):
    rttm("ref/one.rttm", ("one", 0, 10, "a"))
    rttm("ref/two.rttm", ("one", 0, 10, "a"))
    assert main(["score", str(tmp_path / "ref"), str(tmp_path / "ref")]) == 2
    assert "two.rttm: contains one again" in capsys.readouterr().err
