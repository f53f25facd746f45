"""The command on a fake stream: what is printed, drawn and written, however the listening ends."""

import io
import signal
import types

import numpy as np
import pytest

from lightdiar.cli import main
from lightdiar.errors import AudioError
from lightdiar.io.audio import Audio, write
from lightdiar.live.update import Gap, Merge, Update
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.systems.settings import PRESETS, Settings
from lightdiar.timeline import Annotation, Segment, Turn
from tests.lightdiar.cli.emulator import Terminal

RATE = 16000
TURNS = Turn(0, 1.5, "A"), Turn(1.5, 2.5, "B"), Turn(3, 4, "A")


def update(seconds, **fields):
    return Update(**{"time": seconds, "certain": (), "guess": (), "merges": (), "speakers": (), "gaps": (), **fields})


class FakeStream:
    """A and B speak as TURNS say, whatever is heard; what lies back longer than the latency is certain."""

    made = []

    def __init__(self, *, step, latency, max_speakers, settings):
        self.given = step, latency, max_speakers, settings
        self.latency, self.time, self.certain_to, self.merges = latency, 0.0, 0.0, ()
        FakeStream.made.append(self)

    def push(self, block):
        before = self.time
        self.time += block.seconds if isinstance(block, Gap) else len(block) / RATE
        gaps = (Segment(before, self.time),) if isinstance(block, Gap) else ()
        known = Annotation(TURNS)
        start, self.certain_to = self.certain_to, max(self.certain_to, self.time - self.latency)
        certain = known.crop(Segment(start, self.certain_to)).turns if self.certain_to > start else ()
        guess = known.crop(Segment(self.certain_to, self.time)).turns
        merges = (Merge(self.time, "C", "A"),) if before < 2 <= self.time else ()
        self.merges += merges
        return update(self.time, certain=certain, guess=guess, merges=merges, speakers=self._speakers(), gaps=gaps)

    def finish(self):
        turns = Annotation(TURNS).crop(Segment(0, self.time)) if self.time else Annotation()
        return Diarization(turns, self._speakers(), self.time)

    def _speakers(self):
        seconds = Annotation(TURNS).crop(Segment(0, self.time)).seconds() if self.time else {}
        return tuple(Speaker(name, spoken, {"A": 0.9, "B": 0.1}[name]) for name, spoken in seconds.items())


@pytest.fixture(autouse=True)
def stream(monkeypatch):
    FakeStream.made = []
    monkeypatch.setattr("lightdiar.live.stream.Stream", FakeStream)
    return FakeStream.made


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "film.wav"
    write(path, Audio(np.full(5 * RATE, 0.1), RATE))
    return path


@pytest.fixture
def piped_in(monkeypatch):
    def pipe(data):
        monkeypatch.setattr("sys.stdin", types.SimpleNamespace(buffer=io.BytesIO(data), isatty=lambda: False))

    return pipe


LINES = """\
merged C into A
     0.000      1.500  A
     1.500      2.500  B
     3.000      4.000  A
"""
SUMMARY = """\
film: 5.0 s, 2 speakers (0 M, 1 F), 3 turns
speaker  gender  probability  seconds  share
A        F              0.90      2.5  71.4%
B        M              0.90      1.0  28.6%
not counted: 1 below 2 s
"""


def test_turns_are_printed_when_they_are_certain_and_over(film, capsys, stream):
    assert main(["stream", str(film), "--speed", "inf"]) == 0
    captured = capsys.readouterr()
    assert captured.out == LINES + SUMMARY
    assert captured.err == "listening to film.wav; no sound is kept, nothing is written. Ctrl-C ends.\n"
    assert stream[0].given == (0.5, 2.0, None, Settings())


def test_options_reach_the_stream(film, capsys, stream):
    options = ["--step", "1", "--latency", "inf", "--max-speakers", "3", "--settings", "phone"]
    assert main(["stream", str(film), "--speed", "inf", *options]) == 0
    assert stream[0].given == (1.0, float("inf"), 3, PRESETS["phone"])
    turns = "".join(f"{turn.start:10.3f} {turn.end:10.3f}  {turn.speaker}\n" for turn in TURNS)
    assert capsys.readouterr().out == "merged C into A\n" + turns + SUMMARY


def test_out_writes_rttm_and_json_that_are_never_replaced_unasked(film, tmp_path, capsys):
    out = tmp_path / "results"
    assert main(["stream", str(film), "--speed", "inf", "--out", str(out)]) == 0
    assert capsys.readouterr().err == (
        f"listening to film.wav; no sound is kept, the result goes to {out / 'film.rttm'} and {out / 'film.json'}. "
        "Ctrl-C ends.\n"
    )
    assert sorted(path.name for path in out.iterdir()) == ["film.json", "film.rttm"]
    assert (out / "film.rttm").read_text().splitlines()[1] == ("SPEAKER film 1 1.500 1.000 <NA> <NA> B <NA> <NA>")
    assert Diarization.read_json(out / "film.json").duration == 5
    assert main(["stream", str(film), "--out", str(out)]) == 2  # another evening may have the same name
    assert "film.rttm: exists. Name another file, or add --overwrite" in capsys.readouterr().err
    assert main(["stream", str(film), "--speed", "inf", "--out", str(out), "--name", "two"]) == 0
    assert main(["stream", str(film), "--speed", "inf", "--out", str(out), "--overwrite"]) == 0
    assert len(list(out.iterdir())) == 4


def test_standard_input_is_called_live(piped_in, tmp_path, capsys):
    piped_in(bytes(2 * 5 * 8000))
    assert main(["stream", "-", "--rate", "8000", "--out", str(tmp_path)]) == 0
    captured = capsys.readouterr()
    assert captured.out == LINES + SUMMARY.replace("film", "live")
    assert captured.err.startswith("listening to standard input; ") and (tmp_path / "live.json").exists()


def test_a_microphone_is_named_and_its_gaps_are_told(monkeypatch, capsys):
    def hear(number, rate):
        yield from np.zeros((4, RATE), np.float32)
        yield Gap(0.5)
        yield np.zeros(RATE // 2, np.float32)

    desk = types.SimpleNamespace(number=3, name="desk\x1b[2J", sample_rate=48000)
    asked = []
    monkeypatch.setattr("lightdiar.live.sources.find_microphone", lambda *which: asked.append(which) or desk)
    monkeypatch.setattr("lightdiar.live.sources.microphone", lambda number, rate: hear(number, rate))
    assert main(["stream", "--microphone"]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[:5] == [
        "merged C into A",
        "     0.000      1.500  A",
        "gap 4.000 4.500",
        "     1.500      2.500  B",
        "     3.000      4.000  A",
    ]
    said = "listening to the microphone desk\\x1b[2J at 48000 Hz; no sound is kept, nothing is written. Ctrl-C ends.\n"
    assert captured.err == said
    assert main(["stream", "--microphone", "2", "--rate", "44100"]) == 0
    assert asked == [(None, None), ("2", 44100)]


def test_the_list_of_microphones(monkeypatch, capsys):
    from lightdiar.live.microphone import Microphone

    there = [Microphone(0, "Desk", "ALSA", 44100, False), Microphone(12, "Web\ncam", "JACK", 16000, True)]
    monkeypatch.setattr("lightdiar.live.microphone.microphones", lambda: there)
    assert main(["stream", "--list"]) == 0
    assert capsys.readouterr().out == (
        "   number  name      system      rate\n"
        "        0  Desk      ALSA    44100 Hz\n"
        "*      12  Web\\ncam  JACK    16000 Hz\n"
    )
    there.clear()
    assert main(["stream", "--list"]) == 2
    assert capsys.readouterr().err.startswith("lightdiar: there is no microphone. Plug one in, or allow it in the ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "listen to one thing: --microphone, a file, or - for standard input."),
        (["-", "--microphone"], "listen to one thing: --microphone, a file, or - for standard input."),
        (["film.wav", "--rate", "8000"], "--rate is of a microphone or of standard input; a file says by itself."),
        (["-", "--speed", "2"], "--speed is of a file that is played."),
        (["none.wav"], "none.wav: No such file or directory. Give the path of an audio file."),
        (["none.wav", "--speed", "0"], "a speed of 0.0 is impossible: 1 is as recorded, 2 twice as fast, inf without"),
    ],
)
def test_what_cannot_be_is_one_line(capsys, arguments, message):
    assert main(["stream", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.err.splitlines()[-1].startswith(f"lightdiar: {message}") and captured.out == ""


@pytest.mark.parametrize("name", ["a/b", "..\\x", "", "CON", "a\nb"])
def test_a_name_that_is_none_of_a_file_is_refused(capsys, name):
    with pytest.raises(SystemExit):
        main(["stream", "-", "--name", name])
    assert f"{name!r} cannot be the name of a file." in capsys.readouterr().err


def test_an_empty_standard_input_writes_nothing(piped_in, tmp_path, capsys):
    piped_in(b"")
    assert main(["stream", "-", "--out", str(tmp_path)]) == 2
    captured = capsys.readouterr()
    assert captured.err.splitlines()[1:] == [
        "lightdiar: standard input: is empty. Does the program that writes to the pipe say why?"
    ]
    assert not list(tmp_path.iterdir()) and captured.out == ""


def test_what_was_found_is_kept_when_the_source_fails(monkeypatch, tmp_path, capsys):
    def failing(path, speed):
        yield from np.zeros((5, RATE), np.float32)
        raise AudioError("the microphone desk gives no more sound.")

    monkeypatch.setattr("lightdiar.live.sources.played", failing)
    assert main(["stream", "film.wav", "--out", str(tmp_path)]) == 2
    captured = capsys.readouterr()
    assert captured.err.splitlines()[1:] == ["lightdiar: the microphone desk gives no more sound."]
    assert captured.out == LINES + SUMMARY and Diarization.read_json(tmp_path / "film.json").duration == 5


@pytest.mark.parametrize("sign", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("when", ["waiting", "working"])
def test_a_signal_ends_the_listening_and_what_was_found_is_kept(monkeypatch, tmp_path, capsys, sign, when):
    number = getattr(signal, sign)

    def endless(path, speed):
        while True:
            if when == "waiting" and FakeStream.made[-1].time == 5:
                signal.raise_signal(number)
            yield np.zeros(RATE, np.float32)

    def push(self, block, real=FakeStream.push):
        if when == "working" and self.time == 4:
            signal.raise_signal(number)
        return real(self, block)

    monkeypatch.setattr("lightdiar.live.sources.played", endless)
    monkeypatch.setattr(FakeStream, "push", push)
    before = signal.getsignal(signal.SIGINT)
    assert main(["stream", "film.wav", "--out", str(tmp_path)]) == (0 if sign == "SIGINT" else 143)
    captured = capsys.readouterr()
    name = "Ctrl-C" if sign == "SIGINT" else sign
    assert captured.err.splitlines()[1:] == [f"ended by {name} after 0:05; what was found follows"]
    assert captured.out == LINES + SUMMARY and Diarization.read_json(tmp_path / "film.json").duration == 5
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")
def test_a_terminal_that_is_closed_leaves_the_result(monkeypatch, tmp_path, film):
    class Closed(Terminal):
        def write(self, text):
            if FakeStream.made and FakeStream.made[-1].time >= 3:
                raise OSError(5, "Input/output error")

    def push(self, block, real=FakeStream.push):
        if self.time == 3:
            signal.raise_signal(signal.SIGHUP)
        return real(self, block)

    monkeypatch.setattr(FakeStream, "push", push)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdout", Closed())
    assert main(["stream", str(film), "--speed", "inf", "--out", str(tmp_path)]) == 2
    assert Diarization.read_json(tmp_path / "film.json").duration == 4


@pytest.mark.parametrize("when", ["within the same block", "at the end"])
def test_a_second_interrupt_ends_at_once(monkeypatch, tmp_path, film, capsys, when):
    def push(self, block):
        signal.raise_signal(signal.SIGINT)
        if when == "within the same block":
            signal.raise_signal(signal.SIGINT)
        return update(1.0)

    def finish(self):
        assert when == "at the end"
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(FakeStream, "push", push)
    monkeypatch.setattr(FakeStream, "finish", finish)
    assert main(["stream", str(film), "--out", str(tmp_path / "out")]) == 130
    assert capsys.readouterr().err.splitlines()[-1] == "lightdiar: interrupted"
    assert not list((tmp_path / "out").iterdir())


def test_a_reader_that_goes_away_leaves_the_result(monkeypatch, film, tmp_path):
    from lightdiar.common.commandline import ReaderGone

    def gone(line):
        raise ReaderGone

    monkeypatch.setattr("lightdiar.cli.display.show", gone)
    assert main(["stream", str(film), "--speed", "inf", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "film.json").exists()
