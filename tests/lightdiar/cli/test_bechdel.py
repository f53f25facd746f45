"""``lightdiar bechdel`` on sounds, results, folders, and what is none of these."""

import io
import json

import pandas as pd
import pytest

from lightdiar.cli import main
from lightdiar.events.result import SoundEvents
from lightdiar.representation.bechdel import bechdel_by_ear, table_text
from lightdiar.systems.diarizer import Diarizer
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

TALK = Annotation([Turn(0, 6, "ann"), Turn(7, 19, "bea"), Turn(19, 20, "ann"), Turn(20, 24, "cy")], "talk")
RESULT = Diarization(TALK, [Speaker("ann", 7.0, 0.97), Speaker("bea", 12.0, 0.98), Speaker("cy", 4.0, 0.02)], 30.0)


@pytest.fixture
def results(tmp_path):
    """A folder of three results, as `diarize --out` writes them."""
    folder = tmp_path / "results"
    folder.mkdir()
    for name in ("b", "a", "c"):
        Diarization(Annotation(TALK.turns, name), RESULT.speakers, 30.0).to_json(folder / f"{name}.json")
    return folder


def test_a_result_is_read_and_told(tmp_path, capsys):
    RESULT.to_json(tmp_path / "talk.json")
    assert main(["bechdel", str(tmp_path / "talk.json")]) == 0
    assert capsys.readouterr() == (f"{bechdel_by_ear(RESULT)}\n", "")


def test_a_sound_is_diarized_first(conversation_file, heard_once, capsys):
    options = ["--method", "untrained", "--num-speakers", "4"]
    assert main(["bechdel", str(conversation_file), *options]) == 0
    heard = bechdel_by_ear(Diarizer(method="untrained", num_speakers=4).predict(conversation_file))
    out, err = capsys.readouterr()
    assert err == "" and out == f"{heard}\n"
    assert "3  about something other than a man  not audible\n" in out and "2  two women speak to each other" in out


def test_silence(silence, capsys):
    assert main(["bechdel", "--untrained", str(silence)]) == 0
    assert capsys.readouterr().out.startswith("silence: no speech found\n")


def test_a_folder_is_all_its_results_in_order_of_their_names(results, capsys):
    (results / "notes.txt").write_text("not ours")
    assert main(["bechdel", str(results)]) == 0
    out = capsys.readouterr().out
    assert [line[0] for line in out.splitlines() if ": probably " in line] == ["a", "b", "c"]
    assert main(["bechdel", *(str(results / f"{name}.json") for name in "abc")]) == 0
    assert capsys.readouterr().out == out


def test_a_table_of_all(results, tmp_path, capsys):
    table = tmp_path / "ear.csv"
    assert main(["bechdel", str(results), "--out", str(table)]) == 0
    assert capsys.readouterr() == (f"{table}: 3 recordings\n", "")
    heard = [bechdel_by_ear(Diarization.read_json(results / f"{name}.json")) for name in "abc"]
    assert table.read_bytes() == table_text(heard).encode()
    assert pd.read_csv(table)["recording"].tolist() == ["a", "b", "c"]
    one = tmp_path / "one.csv"
    assert main(["bechdel", str(results / "a.json"), "--out", str(one)]) == 0
    assert capsys.readouterr().out == f"{one}: 1 recording\n"


def test_a_result_without_genders_is_told_in_a_line(results, capsys):
    turns = Diarization(Annotation(TALK.turns, "b"), [Speaker(s.name, s.seconds, 0.5) for s in RESULT.speakers], 30.0)
    turns.to_json(results / "b.json")
    assert main(["bechdel", str(results)]) == 2
    out, err = capsys.readouterr()
    assert [line[0] for line in out.splitlines() if ": probably " in line] == ["a", "c"]
    assert err == (
        f"lightdiar: {results / 'b.json'}: the genders of the speakers are not known, as in turns from a file without "
        "genders. Diarize the sound, or give the genders in a CSV and convert it to JSON.\n"
    )


def test_nothing_is_overwritten_unless_asked(results, tmp_path, capsys):
    table = tmp_path / "ear.csv"
    table.write_text("mine")
    assert main(["bechdel", str(results), "--out", str(table)]) == 2
    assert table.read_text() == "mine"
    exists = f"lightdiar: {table}: exists. Name another file, or add --overwrite to replace it.\n"
    assert capsys.readouterr() == ("", exists)
    assert main(["bechdel", str(results), "--out", str(table), "--overwrite"]) == 0
    assert len(pd.read_csv(table)) == 3


@pytest.mark.parametrize("name", ["ear", "ear.xlsx", "ear.json"])
def test_a_table_is_csv(results, tmp_path, capsys, name):
    assert main(["bechdel", str(results), "--out", str(tmp_path / name)]) == 2
    assert capsys.readouterr() == ("", f"lightdiar: --out {tmp_path / name}: name a .csv file.\n")
    assert not (tmp_path / name).exists()


def test_a_table_needs_a_folder_that_is_there(results, tmp_path, capsys):
    assert main(["bechdel", str(results), "--out", str(tmp_path / "none" / "ear.csv")]) == 2
    assert "does not exist. Create it, or write elsewhere." in capsys.readouterr().err


def test_files_of_one_name_make_no_table(results, tmp_path, capsys):
    """`bechdel-stats` reads no table with two recordings of one name."""
    out = tmp_path / "ear.csv"
    assert main(["bechdel", str(results), str(results / "A.wav"), "--out", str(out)]) == 2
    said = "several files are called a, or nearly so: their results would have one name. Run them one by one."
    assert capsys.readouterr() == ("", f"lightdiar: {said}\n") and not out.exists()
    assert main(["bechdel", str(results / "a.json"), str(results / "a.json")]) == 0  # both are printed


def test_a_bad_file_does_not_end_the_others(results, tmp_path, capsys):
    (results / "b.json").write_text('{"speakers": []}')
    reason = "is not a result that `lightdiar diarize` wrote as JSON: 'diarization' is missing"
    bad = f"lightdiar: {results / 'b.json'}: {reason}\n"
    assert main(["bechdel", str(results)]) == 2
    out, err = capsys.readouterr()
    assert err == bad and [line[0] for line in out.splitlines() if ": probably " in line] == ["a", "c"]
    table = tmp_path / "ear.csv"
    assert main(["bechdel", str(results), "--out", str(table)]) == 2
    assert capsys.readouterr() == (f"{table}: 2 recordings\n", bad)
    assert pd.read_csv(table)["recording"].tolist() == ["a", "c"]


def test_where_nothing_can_be_read_there_is_no_table(tmp_path, capsys):
    (tmp_path / "bad.wav").write_bytes(b"no sound at all")
    paths = [str(tmp_path / "bad.wav"), str(tmp_path / "none.json"), "--out", str(tmp_path / "ear.csv")]
    assert main(["bechdel", *paths]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 2 and "bad.wav" in err and "none.json" in err
    assert not (tmp_path / "ear.csv").exists()


def test_a_folder_without_results(tmp_path, capsys):
    assert main(["bechdel", str(tmp_path)]) == 2
    said = f"lightdiar: {tmp_path}: has no results; make them with `lightdiar diarize FILE... --out {tmp_path}`.\n"
    assert capsys.readouterr() == ("", said)


def test_a_folder_without_results_does_not_end_the_others(results, tmp_path, capsys):
    empty, table = tmp_path / "empty", tmp_path / "ear.csv"
    empty.mkdir()
    assert main(["bechdel", str(empty), str(results), "--out", str(table)]) == 2
    out, err = capsys.readouterr()
    assert out == f"{table}: 3 recordings\n" and err.startswith(f"lightdiar: {empty}: has no results; ")


def test_sound_events_beside_results_are_no_results(results, capsys):
    assert main(["bechdel", str(results)]) == 0
    before = capsys.readouterr().out
    SoundEvents((), ("door",), 30.0, "a").to_json(results / "a.events.json")
    assert main(["bechdel", str(results)]) == 0
    assert capsys.readouterr() == (before, "")


def test_what_diarize_writes_is_taken(conversation_file, tmp_path, heard_once, capsys):
    folder = tmp_path / "results"
    assert main(["diarize", "--untrained", str(conversation_file), "--out", str(folder), "--format", "json"]) == 0
    capsys.readouterr()
    assert main(["bechdel", "--untrained", str(conversation_file)]) == 0
    direct = capsys.readouterr().out
    assert main(["bechdel", str(folder)]) == 0
    again = capsys.readouterr().out
    first, second = (text.splitlines()[2:4] for text in (direct, again))  # numbers in files are rounded
    assert first[0].split()[:-1] == second[0].split()[:-1]
    assert float(first[0].split()[-1]) == pytest.approx(float(second[0].split()[-1]), abs=0.02)


def test_names_from_strangers_neither_steer_the_terminal_nor_a_spreadsheet(tmp_path, capsys):
    content = json.loads(RESULT.to_json()) | {"recording": "=1+1\x1b[2J"}
    (tmp_path / "bad.json").write_text(json.dumps(content))
    assert main(["bechdel", str(tmp_path / "bad.json")]) == 0
    assert capsys.readouterr().out.startswith("=1+1\\x1b[2J: probably ")
    assert main(["bechdel", str(tmp_path / "bad.json"), "--out", str(tmp_path / "ear.csv")]) == 0
    text = (tmp_path / "ear.csv").read_text()
    assert pd.read_csv(io.StringIO(text))["recording"][0].startswith("'=1+1")


def test_the_same_files_give_the_same_bytes(results, tmp_path):
    for name in ("one.csv", "two.csv"):
        assert main(["bechdel", str(results), "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
