from itertools import pairwise

from lightdiar.cli import main
from lightdiar.systems.diarizer import detect_speech
from lightdiar.systems.settings import PRESETS, Settings
from lightdiar.timeline import Segment


def test_speech_prints_a_label_file(monkeypatch, capsys):
    seen = []

    def detect(path, *, settings):
        seen.append((path.name, settings))
        return [Segment(0.125, 2.5), Segment(61, 3600.0004)]

    monkeypatch.setattr("lightdiar.systems.diarizer.detect_speech", detect)
    assert main(["speech", "talk.wav"]) == 0
    assert capsys.readouterr() == ("0.125 2.500 speech\n61.000 3600.000 speech\n", "")
    assert main(["speech", "--settings", "phone", "talk.wav"]) == 0
    assert seen == [("talk.wav", Settings()), ("talk.wav", PRESETS["phone"])]


def test_speech_finds_the_turns_of_a_conversation(conversation, conversation_file, heard_once, capsys):
    assert main(["speech", str(conversation_file)]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert {word for _, _, word in lines} == {"speech"}
    found = [(float(start), float(end)) for start, end, _ in lines]
    assert found == [(round(s.start, 3), round(s.end, 3)) for s in detect_speech(conversation_file)]
    assert all(end < start for (_, end), (start, _) in pairwise(found))
    truth = conversation[1].speech()
    shared = sum(segment.overlap(Segment(*times)) for segment in truth for times in found)
    assert shared > 0.95 * sum(segment.duration for segment in truth)
    assert shared > 0.85 * sum(end - start for start, end in found)


def test_a_part_of_a_track(monkeypatch, capsys):
    seen = []
    monkeypatch.setattr("lightdiar.systems.diarizer.detect_speech", lambda path, **options: seen.append(options) or [])
    assert main(["speech", "film.mkv", "--track", "fre", "--start", "1:30", "--end", "100"]) == 0
    assert seen == [{"settings": Settings(), "track": "fra", "start": 90.0, "end": 100.0}]
    assert main(["speech", "film.mkv", "--start", "90", "--end", "1:30"]) == 2
    assert (
        capsys.readouterr().err == "lightdiar: start=90.0 s, end=90.0 s; need 0 <= start < end < 1e+12, in seconds.\n"
    )


def test_where_nobody_speaks_there_are_no_lines(silence, capsys):
    assert main(["speech", str(silence)]) == 0
    assert capsys.readouterr() == ("", "")


def test_one_file_at_a_time(silence, capsys):
    assert main(["speech", str(silence.parent / "missing.wav")]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    assert captured.err.startswith(f"lightdiar: {silence.parent / 'missing.wav'}: No such file or directory.")
