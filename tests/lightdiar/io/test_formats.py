import pytest

from lightdiar.io.formats import EVENT_SUFFIXES, FORMATS, find_turns, format_of


def test_the_ending_tells_the_format_in_any_case():
    assert format_of("a.b/film.TEXTGRID").name == "textgrid"
    for name, form in FORMATS.items():
        assert format_of(f"film{form.suffix}") is form and form.name == name
    endings = ".rttm, .json, .csv, .srt, .vtt, .TextGrid, .eaf, .txt"
    for path, has in (("film.doc", "the ending .doc"), ("film", "no ending")):
        with pytest.raises(ValueError) as caught:
            format_of(path)
        assert str(caught.value) == f"{path}: has {has}; turns are in files that end in {endings}."


def test_a_header_is_there_once():
    assert FORMATS["csv"].continued("start,end\n0,1\n2,3\n") == "0,1\n2,3\n"
    assert FORMATS["rttm"].continued("one\ntwo\n") == "one\ntwo\n"


def test_files_of_turns_in_a_folder(tmp_path):
    for name in ("a.eaf", "b.TextGrid", "a.txt", "a.wav", "b.doc"):
        (tmp_path / name).touch()
    (tmp_path / "c.srt").mkdir()
    assert [path.name for path in find_turns(tmp_path)] == ["a.eaf", "b.TextGrid"]
    assert [path.name for path in find_turns(tmp_path, "b")] == ["b.TextGrid"]
    (tmp_path / "a.rttm").touch()
    assert [path.name for path in find_turns(tmp_path)] == ["a.rttm"]
    assert [path.name for path in find_turns(tmp_path, "b")] == ["b.TextGrid"]


def test_sound_events_beside_turns_are_no_turns(tmp_path):
    for suffix in (*EVENT_SUFFIXES.values(), ".events.TEXTGRID"):
        (tmp_path / f"film{suffix}").touch()
    assert find_turns(tmp_path) == []
    (tmp_path / "events.TextGrid").touch()
    assert [path.name for path in find_turns(tmp_path)] == ["events.TextGrid"]
