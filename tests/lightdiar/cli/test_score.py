from pathlib import Path

import pytest

from lightdiar.cli import main
from lightdiar.systems.conversion import write_turns
from lightdiar.timeline import Annotation, Turn


@pytest.fixture
def rttm(tmp_path):
    def write(name, *turns):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        lines = (
            f"SPEAKER {rec if ' ' in rec else f'{rec} 1'} {start} {length} <NA> <NA> {who} <NA> <NA>\n"
            for rec, start, length, who in turns
        )
        path.write_text("".join(lines), encoding="utf-8")
        return path

    return write


@pytest.fixture
def scored(capsys):
    """Rows of the table as lists of words, the line above it, and the lines of stderr."""

    def score(reference, hypothesis, *options):
        assert main(["score", str(reference), str(hypothesis), *map(str, options)]) == 0
        captured = capsys.readouterr()
        lines = captured.out.splitlines()
        return [line.split() for line in lines[2:]], lines[0], captured.err.splitlines()

    return score


@pytest.fixture
def refused(capsys):
    def score(reference, hypothesis, *options):
        assert main(["score", str(reference), str(hypothesis), *map(str, options)]) == 2
        captured = capsys.readouterr()
        assert captured.out == "" and captured.err.count("\n") == 1
        return captured.err.rstrip("\n")

    return score


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
    both = rttm("x.rttm", ("x", 0, 10, "a"), ("<NA>", 0, 10, "b"))  # one without a name is called like its file
    assert main(["score", str(both), str(both)]) == 2
    assert "x.rttm: contains x again" in capsys.readouterr().err


def test_channels_of_both_are_scored_one_by_one(rttm, scored):
    """The same name on two channels is two people; of the third channel nothing was found, and a fourth is unknown."""
    reference = rttm("ref.rttm", ("call 1", 0, 10, "a"), ("call 2", 5, 10, "a"), ("call 3", 0, 20, "b"))
    hypothesis = rttm("hyp.rttm", ("call 1", 0, 10, "x"), ("call 2", 5, 10, "y"), ("call 4", 0, 5, "x"))
    rows, _, errors = scored(reference, hypothesis)
    assert [row[:2] for row in rows] == [["call/1", "0.0"], ["call/2", "0.0"], ["call/3", "100.0"], ["all", "3"]]
    assert rows[-1][2] == "50.0"
    assert errors == [
        "lightdiar: warning: nothing found for call/3: all of it counts as missed",
        "lightdiar: warning: no reference for call/4: not scored",
    ]


def test_channels_of_one_side_alone_are_one_recording(rttm, scored):
    """Truth: a from 0 to 10 s on one channel and a from 5 to 15 s on another: two people, 20 s of speech."""
    reference = rttm("ref.rttm", ("call 1", 0, 10, "a"), ("call 2", 5, 10, "a"))
    mixed = rttm("hyp.rttm", ("call", 0, 10, "x"), ("call", 10, 5, "y"))
    rows, _, (error,) = scored(reference, mixed)
    assert rows[0] == ["call", "25.0", "25.0", "0.0", "0.0", "25.0", "2", "2"]  # 5-10 s of one of the two is missed
    assert error == (
        f"lightdiar: warning: of call: only {reference} has several channels (1, 2): scored as one recording, "
        "a name on two channels as two speakers"
    )
    rows, _, (error,) = scored(mixed, reference)
    assert rows[0][:4] == ["call", "33.3", "0.0", "33.3"] and f"only {reference} has" in error


def test_noscore_time_is_not_scored(rttm, scored):
    """10 s of a, of which the output has the first 5; the truth says not to score 4 to 12 s: 4 s, all right."""
    reference = rttm("ref.rttm", ("x", 0, 10, "a"), ("x", 20, 2, "b"))
    hypothesis = rttm("hyp.rttm", ("x", 0, 5, "s"), ("x", 11, 1, "t"))
    assert scored(reference, hypothesis)[0][0][1:4] == ["66.7", "58.3", "8.3"]
    with reference.open("a", encoding="utf-8") as file:
        file.write("NOSCORE x 1 4 8 <NA> <NA> <NA> <NA>\n")
    rows, above, errors = scored(reference, hypothesis)
    assert rows[0] == ["x", "33.3", "33.3", "0.0", "0.0", "50.0", "2", "2"] and errors == []
    assert above == "collar 0 s on each side, overlap scored, NOSCORE left out; % of reference speech, all = pooled"
    uem = reference.with_name("x.uem")
    uem.write_text("x 1 2 13\n")
    assert scored(reference, hypothesis, "--uem", uem)[0][0][:3] == ["x", "0.0", "0.0"]
    _, _, errors = scored(hypothesis, reference)
    assert errors == [f"lightdiar: warning: {reference}: for x: NOSCORE lines of an output are not honoured"]


def test_a_uem_for_another_recording_or_for_none_is_refused(rttm, tmp_path, refused):
    reference, uem = rttm("ref.rttm", ("x", 0, 10, "a")), tmp_path / "a.uem"
    for text, there in (
        ("y 1 0 5\nz 1 0 5\n", "y, z"),
        ("", "nothing"),
        (";; x 1 0 5\n", "nothing"),
        ("x 1 3 3", "nothing"),
    ):
        uem.write_text(text)
        assert refused(reference, reference, "--uem", uem) == (
            f"lightdiar: {uem}: no region for x; it has some for {there}. A line is: recording channel start end."
        )


def test_recordings_without_a_region_are_named_and_left_out(rttm, tmp_path, scored):
    reference = rttm("ref.rttm", ("x", 0, 10, "a"), ("y", 0, 10, "a"), ("z", 0, 10, "a"))
    hypothesis = rttm("hyp.rttm", ("x", 0, 5, "a"), ("y", 0, 5, "a"), ("z", 0, 5, "a"))
    uem = tmp_path / "a.uem"
    uem.write_text("y 1 0 5\nother 1 0 5\nx 2 2 6\n")
    rows, _, errors = scored(reference, hypothesis, "--uem", uem)
    # x has one channel in truth and UEM, whatever its number: of 4 s, 1 is missed
    assert [row[:3] for row in rows] == [["x", "25.0", "25.0"], ["y", "0.0", "0.0"], ["all", "2", "11.1"]]
    assert errors == [f"lightdiar: warning: {uem}: no region for z: not scored"]


def test_a_uem_of_several_channels(rttm, tmp_path, scored):
    reference = rttm("ref.rttm", ("call 1", 0, 10, "a"), ("call 2", 0, 10, "b"))
    hypothesis = rttm("hyp.rttm", ("call 1", 0, 5, "a"), ("call 2", 5, 5, "b"))
    uem = tmp_path / "a.uem"
    uem.write_text("call 1 0 5\ncall 2 0 5\n")
    assert [row[1] for row in scored(reference, hypothesis, "--uem", uem)[0]] == ["0.0", "100.0", "2"]
    uem.write_text("call 1 0 5\n")
    rows, _, errors = scored(reference, hypothesis, "--uem", uem)
    assert [row[0] for row in rows] == ["call/1", "all"] and "no region for call/2: not scored" in errors[0]
    second = rttm("second.rttm", ("call 2", 0, 10, "b"))
    uem.write_text("call 1 0 5\ncall 2 6 8\n")
    assert scored(second, second.with_name("hyp.rttm"), "--uem", uem)[0][0][:2] == ["call", "0.0"]


def test_an_empty_reference_has_the_value_of_the_api_and_a_warning(rttm, scored):
    nobody, somebody = rttm("talk.rttm"), rttm("hyp.rttm", ("talk", 0, 10, "a"))
    rows, _, errors = scored(nobody, somebody)
    assert rows == [["talk", "100.0", "-", "-", "-", "100.0", "0", "1"], ["all", "1", "100.0", "-", "-", "-"]]
    assert errors == [
        "lightdiar: warning: no reference speech is scored in talk: DER there is 100 % if any was found, otherwise 0"
    ]
    rows, _, errors = scored(nobody, nobody)
    assert rows[0] == ["talk", "0.0", "-", "-", "-", "0.0", "0", "0"] and len(errors) == 1


def test_a_name_with_a_character_that_nobody_sees_is_the_same_name(rttm, scored):
    reference = rttm("ref.rttm", ("x", 0, 10, "a"), ("x", 10, 10, "a\u200b"))
    rows, _, (error,) = scored(reference, rttm("hyp.rttm", ("x", 0, 20, "s")))
    assert rows[0][1] == "0.0" and rows[0][-2:] == ["1", "1"]
    assert error == f"lightdiar: warning: {reference}:2: the character U+200B, which nobody sees, was left out"


def test_times_beyond_any_recording_are_refused(rttm, refused):
    path = rttm("ref.rttm", ("x", 0, 5, "a"), ("x", 0, 1e308, "a"))
    assert refused(path, path).startswith(
        f"lightdiar: {path}:2: 1e+308 s is later than any recording; times are seconds"
    )


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no device files here")
def test_a_device_is_no_truth(rttm, refused):
    message = refused("/dev/zero", rttm("hyp.rttm", ("x", 0, 5, "a")))
    assert message.startswith("lightdiar: /dev/zero: is a pipe or a device, not a regular file")


def test_many_names_are_cut_in_warnings_and_long_ones_in_the_table(rttm, scored):
    long = "x" * 5000
    reference = rttm("ref.rttm", (long, 0, 1, "a"), *((f"r{n:02}", 0, 1, "a") for n in range(20)))
    rows, _, errors = scored(reference, rttm("hyp.rttm", ("other", 0, 1, "a")))
    assert rows[-2][0] == "x" * 97 + "..."
    assert errors[0].endswith("nothing found for r00, r01, r02, r03, r04 and 16 more: all of it counts as missed")


@pytest.mark.parametrize("name", ["x.json", "x.csv", "x.srt", "x.vtt", "x.TextGrid", "x.eaf", "x.txt"])
def test_truth_and_output_may_have_any_format(rttm, tmp_path, scored, name):
    """10 s of a, of which 8 s were found."""
    reference = tmp_path / name
    write_turns(reference, Annotation([Turn(0, 10, "a")], "x"))
    hypothesis = rttm("hyp.rttm", ("x", 0, 8, "s"))
    assert scored(reference, hypothesis)[0][0][:3] == ["x", "20.0", "20.0"]
    assert scored(hypothesis, reference)[0][0][:3] == ["x", "25.0", "0.0"]


def test_folders_hold_any_format_and_rttm_comes_first(rttm, tmp_path, scored, refused):
    for name, seconds in (("one.eaf", 10), ("two.TextGrid", 30)):
        (tmp_path / "ref").mkdir(exist_ok=True)
        write_turns(tmp_path / "ref" / name, Annotation([Turn(0, seconds, "a")]))
    rttm("hyp/one.rttm", ("one", 0, 10, "s"))
    rttm("hyp/two.rttm", ("two", 0, 30, "s"))
    (tmp_path / "hyp" / "one.json").write_text("not read, since there is RTTM")
    rows, _, errors = scored(tmp_path / "ref", tmp_path / "hyp")
    assert [row[:2] for row in rows] == [["one", "0.0"], ["two", "0.0"], ["all", "2"]] and errors == []
    write_turns(tmp_path / "ref" / "one.csv", Annotation([Turn(0, 1, "a")], "one"))
    assert "one.eaf: contains one again; each recording may occur only once" in refused(
        tmp_path / "ref", tmp_path / "hyp"
    )
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path / "empty", tmp_path / "hyp") == (
        f"lightdiar: {tmp_path / 'empty'}: no file of turns in this folder, such as NAME.rttm, NAME.TextGrid or "
        "NAME.eaf."
    )


def test_tiers_of_the_truth_are_chosen(rttm, tmp_path, scored, refused):
    """10 s of a, all found; a tier of gestures would be as much missed speech."""
    reference = tmp_path / "x.eaf"
    write_turns(reference, Annotation([Turn(0, 10, "a"), Turn(0, 10, "gestures")], "x"))
    hypothesis = rttm("hyp.rttm", ("x", 0, 10, "s"))
    assert scored(reference, hypothesis)[0][0][:2] == ["x", "50.0"]
    assert scored(reference, hypothesis, "--tier", "a")[0][0][:2] == ["x", "0.0"]
    assert refused(reference, hypothesis, "--tier", "b").endswith("x.eaf:1: no tier is called b; there is a, gestures")
    assert refused(hypothesis, reference, "--tier", "a").endswith(
        "hyp.rttm: only .TextGrid and .eaf have tiers; leave them out."
    )
