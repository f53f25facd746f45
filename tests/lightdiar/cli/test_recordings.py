"""What the commands on recordings share: files, options, and a loop that a bad file does not end."""

import argparse
import os
import sys
from pathlib import Path

import pytest

from lightdiar.cli import main, recordings
from lightdiar.cli.recordings import add_files, add_options, each_file
from lightdiar.common.commandline import OutputLost, ReaderGone
from lightdiar.errors import AudioError
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.systems.settings import PRESETS, Settings
from lightdiar.timeline import Annotation, Turn


def parsed(*argv, add=add_options):
    parser = argparse.ArgumentParser()
    add(parser)
    return parser.parse_args(list(argv))


@pytest.fixture
def predict(monkeypatch):
    """Whatever is read, nobody speaks in it; a file called bad.wav cannot be read. Gives the diarizers that heard."""
    diarizers = []

    def predict(diarizer, path, progress):
        diarizers.append(diarizer)
        if path.name == "bad.wav":
            raise AudioError(f"{path}: is no sound.")
        if path.name == "short.wav":
            raise ValueError("at least 2 speakers requested, but there is no speech.")
        if path.name == "locked.wav":
            raise PermissionError(13, "Permission denied", str(path))
        for seconds in (30.0, 60.0, 61.0):
            progress(seconds)
        return Diarization(Annotation((), path.stem), [], 61.0)

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)
    return diarizers


def test_the_defaults_are_those_of_the_diarizer(predict):
    assert each_file(parsed("talk.wav"), lambda path, result: None) == 0
    assert repr(predict[0]) == "Diarizer()"


def test_options_reach_the_diarizer(predict):
    options = ["--min-speakers", "2", "--max-speakers", "5", "--min-speaker-seconds", "1.5", "--force-gender"]
    each_file(parsed("talk.wav", *options, "--settings", "phone", "--method", "textbook"), lambda path, result: None)
    expected = (
        f"min_speakers=2, max_speakers=5, min_speaker_seconds=1.5, force_gender=True, settings={PRESETS['phone']!r}"
    )
    assert repr(predict[0]) == f"Diarizer({expected}, method='textbook')"
    each_file(parsed("talk.wav", "--num-speakers", "3"), lambda path, result: None)
    assert repr(predict[1]) == "Diarizer(num_speakers=3)"
    for given, taken in {"separate": "'separate'", "mix": "'mix'", "2": "2"}.items():
        each_file(parsed("talk.wav", "--channels", given), lambda path, result: None)
        assert repr(predict[-1]) == f"Diarizer(channels={taken})"


@pytest.fixture
def heard(monkeypatch):
    """Of what is heard the options of `Diarizer.predict` but for its progress."""
    calls = []

    def predict(diarizer, path, progress, **options):
        calls.append(options)
        progress(15.0)
        return Diarization(Annotation((), path.stem), [], 61.0)

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)
    return calls


def test_what_of_a_film_is_heard_reaches_the_diarizer(heard):
    options = ["--track", "2", "--start", "1:02:03.5", "--end", "5400"]
    each_file(parsed("film.mkv", *options), lambda path, result: None)
    each_file(parsed("film.mkv", "--track", "fr-CA", "--start", "0"), lambda path, result: None)
    assert heard == [{"track": 2, "start": 3723.5, "end": 5400.0}, {"track": "fra"}]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("90", 90), ("90.25", 90.25), ("1:30", 90), ("0:00:01.5", 1.5), ("90:00", 5400), ("10:00:59", 36059)],
)
def test_times_are_seconds_or_a_clock(text, seconds):
    assert parsed("a.mkv", "--start", text, "--end", text).start == seconds == parsed("a.mkv", "--end", text).end


@pytest.mark.parametrize(
    "text", ["", "-1", "1:60", "1:60:00", "1:2:3:4", "1e3", "nan", "inf", "1.5:00", ":30", "30:", "1h", " 1", "\u0663"]
)
@pytest.mark.parametrize("option", ["--start", "--end"])
def test_what_is_no_time(capsys, option, text):
    with pytest.raises(SystemExit):
        parsed("a.mkv", f"{option}={text}")
    said = f"argument {option}: {text!r} must be seconds, or H:MM:SS, such as 90, 1:30 or 1:02:03.5.\n"
    assert capsys.readouterr().err.endswith(said)


@pytest.mark.parametrize("text", ["0", "-1", "", "und", "english", "1.0", "10000", "\u00b2"])
def test_what_is_no_track(capsys, text):
    with pytest.raises(SystemExit):
        parsed("a.mkv", f"--track={text}")
    said = f"{text!r} must be the number of an audio track, from 1 to 9999, or a language, such as eng or fr.\n"
    assert capsys.readouterr().err.endswith(said)


def test_a_part_that_cannot_be_is_refused_before_any_file(heard, capsys):
    assert main(["count", "--start", "1:00", "--end", "60", "a.wav", "b.wav"]) == 2
    assert (
        capsys.readouterr().err == "lightdiar: start=60.0 s, end=60.0 s; need 0 <= start < end < 1e+12, in seconds.\n"
    )
    assert main(["count", "--start", "3", "--end", "3.00001", "a.wav"]) == 2
    assert capsys.readouterr().err == "lightdiar: --start 3 --end 3.00001: less than a millisecond; end later.\n"
    assert heard == []


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ([], " 25 %"),
        (["--start", "30"], " 50 %"),
        (["--start", "30", "--end", "50"], " 75 %"),
        (["--end", "3:00"], " 25 %"),
        (["--start", "70"], "0 min"),  # beyond its end, which the diarizer will say
    ],
)
def test_progress_is_that_of_the_part(heard, monkeypatch, capsys, options, shown):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("lightdiar.io.audio.duration", lambda path: 60.0)
    each_file(parsed("film.mkv", *options), lambda path, result: None)
    assert capsys.readouterr().err.startswith(f"\r[1/1] film.mkv {shown}")


def test_the_length_of_a_track_is_asked_for(heard, monkeypatch, capsys):
    """The first track may be one that cannot be decoded."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    asked = []
    monkeypatch.setattr("lightdiar.io.audio.duration", lambda path, **options: asked.append(options))
    each_file(parsed("film.mkv", "--track", "2", "--start", "5"), lambda path, result: None)
    assert asked == [{"track": 2}] and "film.mkv 0 min" in capsys.readouterr().err


@pytest.mark.parametrize("channels", ["0", "-1", "left", "1.0", "10000", "\u00b2", ""])
def test_a_channel_is_a_number_from_1(capsys, channels):
    with pytest.raises(SystemExit):
        parsed("talk.wav", f"--channels={channels}")
    assert "must be separate, mix or the number of a channel, from 1 to 9999." in capsys.readouterr().err


def test_one_line_says_that_the_sides_of_a_call_are_kept_apart(monkeypatch, capsys):
    def predict(diarizer, path, progress):
        speakers = [Speaker("a", 1.0, 0.9, channel=1), Speaker("b", 1.0, 0.9, channel=2)]
        return Diarization(Annotation([Turn(0, 1, "a"), Turn(0, 1, "b")]), speakers, 1.0)

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)
    each_file(parsed("talk.wav"), lambda path, result: None)
    said = "talk.wav: its two channels are the sides of a call and are kept apart; --channels mix mixes them\n"
    assert capsys.readouterr().err == said
    each_file(parsed("talk.wav", "--channels", "separate"), lambda path, result: None)
    assert capsys.readouterr().err == ""


def test_untrained_is_short_for_the_method_of_that_name(capsys):
    assert parsed("talk.wav").method == "trained"
    assert parsed("talk.wav", "--untrained").method == parsed("talk.wav", "--method", "untrained").method == "untrained"
    with pytest.raises(SystemExit):
        parsed("talk.wav", "--method", "magic")
    assert "invalid choice: 'magic'" in capsys.readouterr().err


def test_files_are_shown_in_order_by_one_diarizer(predict):
    shown = []
    arguments = parsed("b.wav", "a.wav")
    assert each_file(arguments, lambda path, result: shown.append((path, result.annotation.recording))) == 0
    assert shown == [(Path("b.wav"), "b"), (Path("a.wav"), "a")]
    assert predict[0] is predict[1]


def test_a_bad_file_is_one_line_and_the_others_are_done(predict, capsys):
    shown = []
    arguments = parsed("x/bad.wav", "good.wav", "x/short.wav", "x/locked.wav")
    assert each_file(arguments, lambda path, result: shown.append(path)) == 2
    assert shown == [Path("good.wav")]
    assert capsys.readouterr().err.splitlines() == [
        f"lightdiar: {Path('x/bad.wav')}: is no sound.",
        f"lightdiar: {Path('x/short.wav')}: at least 2 speakers requested, but there is no speech.",
        f"lightdiar: {Path('x/locked.wav')}: Permission denied.",
    ]


def test_what_cannot_be_shown_is_told_of_its_file_too(predict, capsys):
    def show(path, result):
        raise OSError("disk full")

    assert each_file(parsed("a.wav", "b.wav"), show) == 2
    assert capsys.readouterr().err == "lightdiar: a.wav: disk full\nlightdiar: b.wav: disk full\n"


@pytest.mark.parametrize("error", [ReaderGone(), OutputLost("is full"), KeyboardInterrupt(), ZeroDivisionError("ours")])
def test_what_is_no_fault_of_the_file_ends_the_loop(predict, error):
    def show(path, result):
        raise error

    with pytest.raises(type(error)):
        each_file(parsed("a.wav", "b.wav"), show)
    assert len(predict) == 1


def test_files_that_are_done_are_left_out(predict, capsys):
    shown = []
    done = {Path("a.wav")}
    assert each_file(parsed("a.wav", "b.wav"), lambda path, result: shown.append(path.name), done) == 0
    assert shown == ["b.wav"] and capsys.readouterr().err == "a.wav: already done\n"


def test_numbers_that_cannot_be_are_refused_before_any_file(predict, capsys):
    assert main(["count", "--num-speakers", "0", "a.wav"]) == 2
    assert capsys.readouterr().err == "lightdiar: num_speakers=0 must be an integer of at least 1.\n"
    assert predict == []


def test_a_terminal_shows_how_far_a_file_is(predict, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("lightdiar.io.audio.duration", lambda path: 60.0 if path.name == "known.wav" else None)
    each_file(parsed("known.wav"), lambda path, result: print("shown"))
    captured = capsys.readouterr()
    title, blank = "[1/1] known.wav", " " * len("[1/1] known.wav 100 %")
    assert captured.err == f"\r{title}  50 %\r{title} 100 %\r{title} 100 %\r{blank}\r"  # 61 s of 60 are all of it
    assert captured.out == "shown\n"
    each_file(parsed("a.wav", "film.mkv"), lambda path, result: None)
    assert "\r[2/2] film.mkv 0 min\r[2/2] film.mkv 1 min\r[2/2] film.mkv 1 min\r" in capsys.readouterr().err


def test_where_nobody_watches_nothing_is_shown(predict, capsys):
    each_file(parsed("a.wav"), lambda path, result: None)
    assert capsys.readouterr() == ("", "")


def test_patterns_that_no_shell_expanded_are_expanded(silence, capsys):
    assert main(["count", str(silence.parent / "sil*.wav")]) == 0
    assert capsys.readouterr().out == f"{silence}: M 0  F 0\n"
    assert main(["count", str(silence.parent / "x*.wav")]) == 2


def test_a_pattern_gives_its_files_in_order_and_a_name_is_no_pattern(tmp_path):
    def files(*names):
        found = parsed(*(str(tmp_path / name) for name in names), add=lambda parser: add_files(parser, "sound")).files
        return [path.name for path in found]

    for name in ("b.wav", "a.wav", "c1.flac", "what[1].wav", "why?.wav", "whys.wav"):
        (tmp_path / name).touch()
    assert files("?.wav") == ["a.wav", "b.wav"]
    assert files("c?.flac", "b.wav", "[ab].wav") == ["c1.flac", "b.wav", "[ab].wav"]
    assert files("what[1].wav", "why?.wav") == ["what[1].wav", "why?.wav"]  # they are there under this very name
    assert files("x*.wav") == ["x*.wav"]


def test_the_order_of_a_pattern_is_not_that_of_the_disk(monkeypatch):
    monkeypatch.setattr(recordings, "glob", lambda name: ["c.wav", "a.wav", "b.wav"])
    found = parsed("*.wav", add=lambda parser: add_files(parser, "sound")).files
    assert found == [Path("a.wav"), Path("b.wav"), Path("c.wav")]


def test_a_failing_file_does_not_stop_the_others(tmp_path, silence, capsys):
    assert main(["count", str(tmp_path / "missing.wav"), str(silence)]) == 2
    captured = capsys.readouterr()
    assert captured.out == f"{silence}: M 0  F 0\n" and "missing.wav" in captured.err


def test_settings_are_a_preset_or_a_file(tmp_path):
    assert parsed("a.wav").settings == Settings()
    assert parsed("a.wav", "--settings", "phone").settings is PRESETS["phone"]
    Settings(pause=0.25).save(tmp_path / "mine.json")
    assert parsed("a.wav", "--settings", str(tmp_path / "mine.json")).settings == Settings(pause=0.25)


def test_unknown_settings_are_refused(silence, capsys):
    with pytest.raises(SystemExit):
        main(["count", "--settings", "flim", str(silence)])
    assert capsys.readouterr().err == (
        "lightdiar: --settings flim: cannot be read: No such file or directory; "
        "or name one of film, meeting, phone, broadcast.\n"
    )


def test_sound_without_a_header_is_read_at_a_stated_rate(tmp_path, capsys):
    path = tmp_path / "call.pcm"
    path.write_bytes(bytes(32000))
    assert main(["count", str(path), "--raw-rate", "8000"]) == 0
    assert capsys.readouterr() == (f"{path}: M 0  F 0\n", "")
    assert main(["count", str(path), "--raw-rate", "8"]) == 2
    assert "sample_rate=8 must be an integer from 1000 to 384000 Hz" in capsys.readouterr().err
    assert main(["count", str(path), "--raw-rate", "0"]) == 2
    assert "sample_rate=0 must be an integer from 1000 to 384000 Hz" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        "count",
        "count talk.wav --voices",
        "count talk.wav --settings",
        "diarize talk.wav",
        "diarize talk.wav --out",
        "convert --to rttm",
        "convert talk.json --to rttm --out",
        "corpus --out new",
        "corpus films --out",
        "report talk.json --out",
        "features talk.wav --out",
        "enrol class --out",
        "enrol --out class.voices",
        "score talk.json",
        "events apply talk.wav --out",
        "events train exp",
        "models",
    ],
)
def test_an_empty_name_is_not_the_current_folder(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    Diarization(Annotation((), "talk"), [], 1.0).to_json(tmp_path / "talk.json")
    assert main([*command.split(), ""]) == 2
    assert os.listdir(tmp_path) == ["talk.json"]
    said = 'lightdiar: "" names no file and no folder; is a variable of the shell not set? Give a name.\n'
    assert capsys.readouterr() == ("", said)


def test_a_pipe_does_not_stop_the_others(tmp_path, silence, capsys):
    if os.name == "nt":
        pytest.skip("no named pipes in folders")
    os.mkfifo(tmp_path / "pipe.wav")
    assert main(["count", str(tmp_path / "pipe.wav"), "-", str(silence)]) == 2
    printed = capsys.readouterr()
    assert printed.out == f"{silence}: M 0  F 0\n"
    assert [line.partition(": ")[2] for line in printed.err.splitlines()] == [
        f"{tmp_path / 'pipe.wav'}: a pipe cannot be read; save it first, and give the name of that file.",
        "-: there is no such file, and the standard input is not read. Save it to a file and give its name.",
    ]


def test_after_two_seconds_the_time_to_go_is_told(monkeypatch, capsys):
    """A quarter in ten seconds leaves thirty; what was longer before is wiped."""
    now = iter([0.0, 1.0, 10.0, 11.0])
    monkeypatch.setattr(recordings, "perf_counter", lambda: next(now))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with recordings.Progress("film", lambda path: 400.0, "film.wav") as progress:
        progress(20.0)
        progress(100.0)
        progress(400.0)
    lines = capsys.readouterr().err.split("\r")
    assert lines[1:] == ["film   5 %", "film  25 %, 0:30 to go", "film 100 %" + " " * 12, " " * 22, ""]


@pytest.mark.parametrize("seconds, shown", [(0.4, "0:00"), (59.6, "1:00"), (3723, "1:02:03"), (36000, "10:00:00")])
def test_a_time_to_go_is_a_clock(seconds, shown):
    assert recordings.clock(seconds) == shown
