import csv
import io

import numpy as np
import pytest

from lightdiar.errors import FormatError
from lightdiar.io.event_lists import ListedRecording, audacity_of, csv_text, dcase_text, read_event_list, textgrid_of
from lightdiar.io.lab import read_audacity
from lightdiar.io.textgrid import read_textgrid
from lightdiar.timeline import Event

CARS = (Event(2, 3.5, "car"), Event(0.25, 4, "people walking"))
DCASE = """\
audio/a.wav\tstreet\t2.000\t3.500\tcar
audio/a.wav\tstreet\t0.250\t4.000\tpeople walking
audio/b.wav\tstreet
c.wav\t1.000\t1.500\tcar
d.wav
"""
LISTED = {
    "audio/a.wav": ListedRecording(CARS, "street"),
    "audio/b.wav": ListedRecording((), "street"),
    "c.wav": ListedRecording((Event(1, 1.5, "car"),)),
    "d.wav": ListedRecording(),
}


def test_dcase_list_to_the_letter(text_file):
    assert dcase_text(LISTED) == DCASE
    assert read_event_list(text_file(DCASE)) == LISTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("change", [("\n", "\r\n"), ("\n", "\n\n  \n"), ("\t", ","), ("\t", ";"), ("\t", " \t ")])
def test_what_editors_and_spreadsheets_change_changes_nothing(text_file, encoding, change):
    assert read_event_list(text_file(DCASE.replace(*change), encoding)) == LISTED


def test_lines_are_known_for_messages(text_file):
    found = read_event_list(text_file("\nd.wav\n\na.wav\t0\t1\tx\nd.wav\t2\t3\ty\n"))
    assert list(found) == ["d.wav", "a.wav"]
    assert (found["d.wav"].line, found["d.wav"].lines) == (2, (5,))
    assert (found["a.wav"].line, found["a.wav"].lines) == (4, (4,))


def test_a_list_without_files_is_that_of_one_recording(text_file):
    assert read_event_list(text_file("0.5\t2\tcar\n3\t4\tbus\n")) == {
        "file": ListedRecording((Event(0.5, 2, "car"), Event(3, 4, "bus")))
    }
    assert read_event_list(text_file("")) == {}


def test_durations_and_labels_of_whole_recordings(text_file):
    assert read_event_list(text_file("path,label,seconds\na.ogg,dog,5.014\n")) == {
        "a.ogg": ListedRecording((Event(0, 5.014, "dog"),))
    }
    (event,) = read_event_list(text_file("path,onset,duration,label\na,0.1,0.2,dog\n"))["a"].events
    assert event.end == 0.3  # not 0.30000000000000004


def test_subsets_and_folds(text_file):
    text = "path,onset,offset,label,subset,fold\na,0,1,x,Train,1\na,1,2,x,,\nb,,,,test,02\nc,,,,validation,3\n"
    found = read_event_list(text_file(text))
    assert [(of.subset, of.fold, len(of.events)) for of in found.values()] == [
        ("train", 1, 2),
        ("test", 2, 0),
        ("validation", 3, 0),
    ]


LETTERS = [*"aZ09 .,;\"'=+-@\u00e9\u0416\u4e2d<&\\/"]


def random_lists(rng, count=60):
    """Recordings with events in whole milliseconds, with labels of letters, signs and blanks between them."""

    def word(n):
        inner = "".join(rng.choice(LETTERS, n)) + "x"
        return " ".join(inner.split())

    for _ in range(count):
        recordings = {}
        for number in range(rng.integers(1, 4)):
            times = np.sort(rng.choice(100_000, (rng.integers(0, 4), 2), replace=False), axis=1) / 1000
            events = tuple(Event(*pair, word(8), round(float(rng.random()), 4)) for pair in times.tolist())
            scene = f"{word(3)}" if rng.random() < 0.5 else ""
            fold = int(rng.integers(9)) if rng.random() < 0.5 else None
            recordings[f"{word(5)}{number}.wav"] = ListedRecording(events, scene, "test" * (rng.random() < 0.3), fold)
        yield recordings


def test_what_is_written_as_csv_is_read_back(text_file, rng):
    for recordings in random_lists(rng):
        text = csv_text(recordings)
        assert read_event_list(text_file(text)) == recordings
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not any(cell.startswith(tuple("=+-@")) for cell in cells)


def test_what_is_written_as_a_dcase_list_is_read_back_without_probabilities(text_file, rng):
    for recordings in random_lists(rng):
        expected = {
            name: ListedRecording(tuple(Event(e.start, e.end, e.label) for e in of.events), of.scene)
            for name, of in recordings.items()
        }
        assert read_event_list(text_file(dcase_text(recordings))) == expected


def test_a_recording_without_a_name_has_lines_without_files(text_file):
    text = dcase_text({"": ListedRecording(CARS)})
    assert text == "2.000\t3.500\tcar\n0.250\t4.000\tpeople walking\n"
    assert read_event_list(text_file(text))["file"].events == CARS
    assert dcase_text({"": ListedRecording()}) == ""
    assert csv_text({"": ListedRecording()}) == "recording,onset,offset,label,probability\n"


def test_events_that_round_to_no_length_are_left_out():
    short = ListedRecording((Event(1, 1.0004, "click"),))
    assert dcase_text({"a": short}) == "a\n"
    assert csv_text({"a": short}).splitlines()[1] == "a,,,,"


def test_praat_and_audacity_read_a_tier_for_each_label(tmp_path):
    events = [*CARS, Event(3, 5, "car")]  # overlaps the first car
    (tmp_path / "a.TextGrid").write_text(textgrid_of(events, 10.0), encoding="utf-8")
    (tmp_path / "a.txt").write_text(audacity_of(events), encoding="utf-8")
    spans = sorted((event.start, event.end, event.label) for event in events)
    for found in (read_textgrid(tmp_path / "a.TextGrid"), read_audacity(tmp_path / "a.txt")):
        assert [(turn.start, turn.end, turn.speaker) for turn in found["a"]] == spans


@pytest.mark.parametrize("name", ["a\tb", "a\nb", " a", "a  b"])
@pytest.mark.parametrize("text", [dcase_text, csv_text])
def test_names_that_would_not_come_back_are_refused(name, text):
    for recordings in ({name: LISTED["c.wav"]}, {"c": ListedRecording((Event(0, 1, name),))}):
        with pytest.raises(ValueError, match=r"cannot hold .* in the name .*Give it another one\."):
            text(recordings)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\t2\t2\tcar", "1: the offset must be after the onset: a\\t2\\t2\\tcar"),
        ("a\t1\t2\tcar\na\t3\t2.5\tcar", "2: the offset must be after the onset: a\\t3\\t2.5\\tcar"),
        ("a\tnan\t2\tcar", "1: nan is not a finite number of seconds: a\\tnan\\t2\\tcar"),
        ("a\t0\tinf\tcar", "1: inf is not a finite number of seconds"),
        ("a\t-1\t2\tcar", "1: start must be 0 or later, not -1"),
        ("a\t0\t4000000\tcar", "1: 4000000 s is later than any recording"),
        ("a\tstreet\t0\t2\t", "1: the label is missing"),
        ("a,street,0,2,,m", "1: the label is missing"),
        ("a\t0\t1\tbus\na\t0\t1\tcar", "1: the label bus is not known; labels are car, door"),
        ("file,onset,offset,label\na,,2,car", "2: the onset is missing"),
        ("file,onset,offset,label\na,1,,car", "2: the offset is missing"),
        ("file,onset,offset,label,probability\na,1,2,car,2", "2: a probability is from 0 to 1"),
        ("file,onset,offset,label,probability\na,1,2,car,high", "2: the probability is a number from 0 to 1, not high"),
        ("file,onset,offset,label,subset\na,1,2,car,dev", "2: the subset is train, validation or test, not dev"),
        ("file,onset,offset,label,fold\na,1,2,car,1.5", "2: the fold is a whole number, not 1.5"),
        ("file,onset,offset,label,fold\na,1,2,car,1\na,2,3,car,2", "3: the fold of this recording was 1 before"),
        ("a\tstreet\t0\t2\tcar\na\thome\t0\t2\tcar", "2: the scene of this recording was street before"),
    ],
)
def test_errors_give_the_line(text_file, text, message):
    path = text_file(text)
    with pytest.raises(FormatError) as caught:
        read_event_list(path, labels=["door", "car"])
    assert str(caught.value).startswith(f"{path}:{message}")


@pytest.mark.filterwarnings("ignore::lightdiar.errors.DoubtfulResultWarning")  # characters that nobody sees
def test_rubbish_is_an_error_of_one_line_or_a_list(tmp_path, rng):
    path = tmp_path / "rubbish.txt"
    signs = [*"\t\t,;\n\n\"'0123456789.-einfa \\\r<>", "car", "label", "onset", "\u200b"]
    for _ in range(300):
        path.write_text("".join(rng.choice(signs, rng.integers(60))), encoding="utf-8", newline="")
        try:
            found = read_event_list(path)
        except FormatError as error:
            assert str(error).startswith(f"{path}:") and "\n" not in str(error)
        else:
            assert all(event.start < event.end for of in found.values() for event in of.events)


def test_lists_of_a_real_corpus(shared):
    folder = shared / "corpora" / "events" / "sed_eval_examples" / "sound_event"
    detected = read_event_list(folder / "street_fold1_detected.txt")
    assert len(detected) == 6 and sum(len(of.events) for of in detected.values()) == 218
    silent = [name for name, of in read_event_list(folder / "binary5_detected.txt").items() if not of.events]
    assert len(silent) == 4
    with pytest.raises(FormatError, match=r"street_fold1_reference\.txt:25: the offset must be after the onset"):
        read_event_list(folder / "street_fold1_reference.txt")  # 224.691453 to 224.691453
