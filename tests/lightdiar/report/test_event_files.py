import re

import pytest

from lightdiar.errors import DoubtfulResultWarning, FormatError
from lightdiar.events.result import SoundEvents
from lightdiar.report.event_files import read_events_of
from lightdiar.timeline import Event

HEARD = SoundEvents([Event(0.5, 2, "door", 0.9), Event(1, 4, "music", 0.8)], ("door", "music", "water"), 9.0, "film")


@pytest.fixture
def folder(tmp_path):
    """What `lightdiar events apply --format dcase,csv,json` wrote."""
    HEARD.to_dcase(tmp_path / "film.events.txt")
    HEARD.to_csv(tmp_path / "film.events.csv")
    HEARD.to_json(tmp_path / "film.events.json")
    return tmp_path


def test_each_format_is_read_with_what_it_tells(folder):
    assert read_events_of(folder / "film.events.json", "film") == HEARD
    table = SoundEvents(HEARD.events, ("door", "music"), 4.0, "film")
    assert read_events_of(folder / "film.events.csv", "film") == table
    events = read_events_of(folder / "film.events.txt", "film").events
    assert [(event.start, event.end, event.label) for event in events] == [(0.5, 2, "door"), (1, 4, "music")]


def test_json_of_another_recording_is_refused(folder, tmp_path):
    with pytest.raises(FormatError, match=r"film\.events\.json: is of film, not of talk; give the events of this"):
        read_events_of(folder / "film.events.json", "talk")
    nameless = SoundEvents(HEARD.events, HEARD.labels, 9.0)
    nameless.to_json(tmp_path / "other.json")
    assert read_events_of(tmp_path / "other.json", "talk").events == HEARD.events


def test_of_a_folder_the_file_that_tells_most(folder):
    for ending, labels in ((".json", 3), (".csv", 2), (".txt", 2)):
        found = read_events_of(folder, "film")
        assert len(found.labels) == labels and found.recording == "film"
        (folder / f"film.events{ending}").unlink()
    with pytest.raises(FormatError, match=r"has no film\.events\.txt; make it with `lightdiar events apply FILE"):
        read_events_of(folder, "film")


@pytest.mark.parametrize("name", ["../film", "a/b", "/etc/passwd"])
def test_a_name_leads_to_no_other_folder(folder, name):
    (folder / "inside").mkdir()
    with pytest.raises(FormatError, match="has no "):
        read_events_of(folder / "inside", name)


@pytest.mark.parametrize("written", ["film", "film.wav", "audio/a/film.wav", "C:\\audio\\film.mkv"])
def test_a_recording_is_found_by_its_name(text_file, written):
    path = text_file(f"other.wav\t0\t1\tcar\n{written}\t1\t2\tdoor\n")
    assert read_events_of(path, "film").events == (Event(1, 2, "door"),)


def test_a_character_that_nobody_sees_is_told_once(text_file):
    with pytest.warns(DoubtfulResultWarning, match=r"U\+200B") as told:
        assert read_events_of(text_file("0\t1\tdo\u200bor\n"), "film").labels == ("door",)
    assert len(told) == 1


def test_names_with_blanks_and_dots_are_found(text_file):
    path = text_file("recording,onset,offset,label\nmy film 1.5,1,2,door\nmy film 1.wav,3,4,car\n")
    assert read_events_of(path, "my film 1.5").events == (Event(1, 2, "door"),)
    assert read_events_of(path, "my film 1").events == (Event(3, 4, "car"),)


def test_a_list_that_names_no_recording_is_that_of_this_one(text_file):
    assert read_events_of(text_file("0.5\t1.04\tkeys\n"), "film").events == (Event(0.5, 1.04, "keys"),)
    assert read_events_of(text_file(""), "film") == SoundEvents((), (), 0.0, "film")


def test_a_recording_in_which_nothing_is_listed(text_file):
    assert read_events_of(text_file("a.wav\t0\t1\tcar\nfilm.wav\n"), "film").events == ()


def test_the_list_of_another_recording_is_refused(text_file):
    path = text_file("a/one.wav\t0\t1\tcar\ntwo\t0\t1\tcar\n")
    said = r"lists nothing of film, but of a/one\.wav, two; give the list of this recording\.$"
    with pytest.raises(FormatError, match=f"^{re.escape(str(path))}: {said}"):
        read_events_of(path, "film")


def test_two_recordings_of_one_name_are_refused(text_file):
    path = text_file("a/film.wav\t0\t1\tcar\nb/film.wav\t0\t1\tcar\n")
    with pytest.raises(FormatError, match=r"a/film\.wav, b/film\.wav have the name film; keep the lines of one"):
        read_events_of(path, "film")


def test_a_broken_list_is_told_with_its_line(text_file):
    with pytest.raises(FormatError, match=r"file\.txt:2: the offset must be after the onset"):
        read_events_of(text_file("0\t1\tcar\n2\t1\tcar\n"), "film")


def test_rubbish_is_refused_in_a_line(tmp_path, rng):
    path = tmp_path / "film.events.json"
    for content in (b"", b"[]", b'{"events": [1]}', rng.bytes(300)):
        path.write_bytes(content)
        with pytest.raises(FormatError, match=r"film\.events\.json"):
            read_events_of(path, "film")
