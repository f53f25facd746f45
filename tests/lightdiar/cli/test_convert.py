from pathlib import Path

import pytest

from lightdiar.cli import main
from lightdiar.io.formats import FORMATS
from lightdiar.systems.conversion import read_turns, write_turns
from lightdiar.timeline import Annotation, Turn

TALK = Annotation([Turn(0.5, 2, "ann"), Turn(1, 3, "<b>")], "talk")
NEWS = Annotation([Turn(0, 1, "cy")], "news")


@pytest.fixture
def converted(capsys):
    """Status, output and lines of stderr."""

    def convert(*arguments):
        status = main(["convert", *map(str, arguments)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err.splitlines()

    return convert


@pytest.mark.parametrize("to", FORMATS)
def test_from_each_format_to_each(tmp_path, converted, to):
    files = []
    for name, form in FORMATS.items():
        (tmp_path / name).mkdir()
        files.append(tmp_path / name / f"talk{form.suffix}")
        write_turns(files[-1], TALK)
        out = tmp_path / f"{name} to"
        status, said, errors = converted(files[-1], "--to", to, "--out", out)
        written = out / f"talk{FORMATS[to].suffix}"
        assert (status, said, errors) == (0, f"{written}: 2 turns\n", [])
        assert read_turns(written) == {"talk": TALK}


def test_all_is_written_if_nobody_reads_what_is_printed(tmp_path, main_unread):
    files = [tmp_path / name / f"{name}.rttm" for name in ("talk", "news")]
    for path, annotation in zip(files, (TALK, NEWS)):
        path.parent.mkdir()
        write_turns(path, annotation)
    assert main_unread(["convert", *map(str, files), "--to", "srt", "--out", str(tmp_path / "o")]) == 0
    assert sorted(path.name for path in (tmp_path / "o").iterdir()) == ["news.srt", "talk.srt"]


def test_a_folder_is_no_file_and_a_file_no_folder(tmp_path, converted):
    path = tmp_path / "talk.rttm"
    write_turns(path, TALK)
    status, _, errors = converted(tmp_path, path, "--to", "rttm")
    assert (status, errors) == (2, [f"lightdiar: {tmp_path}: is a folder; name the files in it."])
    status, _, errors = converted(path, "--to", "srt", "--out", path)
    said = f"lightdiar: --out {path}: cannot be used as a folder; name a new or existing one."
    assert (status, errors) == (2, [said])


def test_without_out_it_is_printed(tmp_path, converted):
    write_turns(tmp_path / "talk.rttm", [TALK, NEWS])
    assert converted(tmp_path / "talk.rttm", "--to", "csv") == (
        0,
        "recording,start,end,speaker,gender\ntalk,0.500,2.000,ann,uncertain\ntalk,1.000,3.000,<b>,uncertain\n"
        "news,0.000,1.000,cy,uncertain\n",
        [],
    )
    write_turns(tmp_path / "news.eaf", NEWS)
    assert converted(tmp_path / "news.eaf", "--to", "audacity")[1] == "0.000\t1.000\tcy\n"
    assert converted(tmp_path / "talk.rttm", "--to", "srt") == (
        2,
        "",
        ["lightdiar: srt holds one recording, not 2; write a file for each, or use rttm or csv."],
    )


def test_several_recordings_become_several_files(tmp_path, converted):
    write_turns(tmp_path / "all.rttm", [TALK, NEWS])
    out = tmp_path / "out"
    status, said, _ = converted(tmp_path / "all.rttm", "--to", "TextGrid".lower(), "--out", out)
    assert status == 0 and said == f"{out / 'talk.TextGrid'}: 2 turns\n{out / 'news.TextGrid'}: 1 turns\n"
    assert converted(tmp_path / "all.rttm", "--to", "csv", "--out", out)[1] == f"{out / 'all.csv'}: 3 turns\n"


@pytest.mark.parametrize("name", ["con", "a:b", "x\\y", ".."])
def test_recordings_whose_names_are_no_files_are_told(tmp_path, converted, name):
    path = tmp_path / "all.rttm"
    write_turns(path, [Annotation(NEWS.turns, name), TALK])
    _, _, (error,) = converted(path, "--to", "srt", "--out", tmp_path / "out")
    assert error == (f"lightdiar: {path}: the recording {name} cannot be the name of a file; convert to rttm or csv.")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_name_with_a_slash_leads_nowhere_else(tmp_path, converted):
    write_turns(tmp_path / "all.rttm", [Annotation(NEWS.turns, "../news"), TALK])
    assert converted(tmp_path / "all.rttm", "--to", "srt", "--out", tmp_path / "out")[0] == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["..-news.srt", "talk.srt"]


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path, converted):
    (tmp_path / "bad.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nhello\n")
    write_turns(tmp_path / "news.srt", NEWS)
    out = tmp_path / "out"
    status, said, errors = converted(tmp_path / "bad.srt", tmp_path / "news.srt", "--to", "eaf", "--out", out)
    assert (status, said) == (2, f"{out / 'news.eaf'}: 1 turns\n")
    assert errors == [
        f"lightdiar: {tmp_path / 'bad.srt'}:2: no cue names its speaker; write [Name] or Name: before the text, "
        "or <v Name> in WebVTT: hello"
    ]


def test_nothing_is_replaced_unless_it_is_said(tmp_path, converted):
    for name in ("news.srt", "news.vtt"):
        write_turns(tmp_path / name, NEWS)
    before = (tmp_path / "news.srt").read_bytes()
    status, _, errors = converted(tmp_path / "news.vtt", "--to", "srt", "--out", tmp_path)
    assert status == 2 and (tmp_path / "news.srt").read_bytes() == before
    assert errors[0].endswith("news.srt: exists. Name another file, or add --overwrite to replace it.")
    assert converted(tmp_path / "news.vtt", "--to", "srt", "--out", tmp_path, "--overwrite")[0] == 0
    files = [tmp_path / "news.srt", tmp_path / "news.vtt", "--to", "eaf", "--out", tmp_path]
    status, said, errors = converted(*files)
    assert status == 2 and said == f"{tmp_path / 'news.eaf'}: 1 turns\n"
    assert errors[0].endswith("news.eaf is already the result of another file; convert them one by one.")


def test_tiers_are_chosen_by_name(tmp_path, converted):
    write_turns(tmp_path / "talk.eaf", TALK)
    assert converted(tmp_path / "talk.eaf", "--to", "audacity", "--tier", "<b>")[1] == "1.000\t3.000\t<b>\n"
    _, _, (error,) = converted(tmp_path / "talk.eaf", "--to", "audacity", "--tier", "cy")
    assert error == f"lightdiar: {tmp_path / 'talk.eaf'}:1: no tier is called cy; there is ann, <b>"


def test_words_are_not_kept_and_a_line_says_so(tmp_path, converted):
    texts = {
        "a.srt": "1\n00:00:01,000 --> 00:00:02,000\n[Ann] \u200bhello\n",  # what nobody sees is told once, too
        "b.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>hello\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name in ("c.eaf", "d.TextGrid"):
        write_turns(tmp_path / name, Annotation([Turn(1, 2, "Ann")]))
        text = (tmp_path / name).read_text(encoding="utf-8")
        before, last = ("<ANNOTATION_VALUE>", "</") if name == "c.eaf" else ('text = "', '" \n')
        (tmp_path / name).write_text(text.replace(f"{before}Ann{last}", f"{before}hello{last}"), encoding="utf-8")
    for name in (*texts, "c.eaf", "d.TextGrid"):
        status, said, errors = converted(tmp_path / name, "--to", "audacity")
        assert (status, said) == (0, "1.000\t2.000\tAnn\n")
        assert errors[-1] == f"lightdiar: warning: {tmp_path / name}: its words are not kept, only who speaks when"
        assert len(errors) == 1 + (name == "a.srt")


def test_names_that_rttm_changes_are_told_in_a_line(tmp_path, converted):
    write_turns(tmp_path / "talk.csv", TALK.relabel({"ann": "ann lee", "<b>": "b c"}))
    for out in ([], ["--out", tmp_path / "out"]):
        assert converted(tmp_path / "talk.csv", "--to", "rttm", *out)[2] == [
            f"lightdiar: warning: {tmp_path / 'talk.csv'}: RTTM has no blanks in names: there ann lee is ann_lee, "
            "b c is b_c"
        ]
    assert converted(tmp_path / "talk.csv", "--to", "eaf")[2] == []


@pytest.mark.parametrize("out", [[], ["--out", "out"]])
def test_a_name_that_cannot_be_written_is_told_with_the_file_that_has_it(tmp_path, converted, monkeypatch, out):
    monkeypatch.chdir(tmp_path)
    write_turns("talk.csv", TALK.relabel({"ann": "a[b"}))
    write_turns("news.csv", NEWS)
    status, said, errors = converted("talk.csv", "news.csv", "--to", "srt", *out)
    assert status == 2 and (f"{Path('out/news.srt')}: 1 turns" if out else "[cy]") in said
    assert errors == [
        "lightdiar: talk.csv: SRT cannot hold the character [ (U+005B) in the name 'a[b'. Change the name in talk.csv."
    ]


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path, converted):
    assert converted(tmp_path / "gone.csv", "--to", "srt")[2] == [
        f"lightdiar: {tmp_path / 'gone.csv'}: No such file or directory."
        " Look for a typing error in its name, or in that of its folder."
    ]
