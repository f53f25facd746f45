import pytest

from lightdiar.cli import main
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

SRT = (
    "\ufeff1\r\n00:00:00,000 --> 00:00:01,500\r\nHello\r\nyou\r\n\r\n"
    "2\r\n00:00:01,000 --> 00:00:03,000\r\nOverlapping \u202bcue\u202c\r\n\r\n"
    "3\r\n00:01:00,000 --> 00:01:01,000\r\nNobody"
)


@pytest.fixture(autouse=True)
def two_voices(monkeypatch):
    """ann from 0 to 1.2 s and bob from 1.2 to 3 s, whatever the sound."""

    def predict(diarizer, path, **options):
        turns = [Turn(0, 1.2, "ann"), Turn(1.2, 3, "bob")]
        return Diarization(Annotation(turns, path.stem), [Speaker("ann", 1.2, 0.9), Speaker("bob", 1.8, 0.1)], 90.0)

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)


@pytest.fixture
def subtitle(tmp_path):
    def write(text, encoding="utf-8", name="film.srt"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def label(*arguments):
    return main(["label", *map(str, arguments)])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_only_names_are_added_in_the_encoding_of_the_file(tmp_path, silence, subtitle, capsys, encoding):
    out = tmp_path / "named.srt"
    assert label(subtitle(SRT, encoding), silence, "--out", out) == 0
    assert capsys.readouterr().out == f"{out}: 2 speakers\n"
    named = SRT.replace("Hello", "[ann] Hello").replace("Overlapping", "[bob] Overlapping")
    assert out.read_bytes() == named.encode(encoding)


def test_webvtt_gets_voice_tags_and_is_printed(silence, subtitle, capsys):
    text = "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n\n00:02.000 --> 00:03.000 line:0\n- Ho\n"
    assert label(subtitle(text, name="film.vtt"), silence) == 0
    assert capsys.readouterr().out == text.replace("Hello", "<v ann>Hello").replace("- Ho", "<v bob>- Ho")


def test_what_cannot_be_labelled_is_told_before_the_work(tmp_path, silence, subtitle, capsys, monkeypatch):
    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", None)

    def complaint(*arguments):
        assert label(*arguments) == 2
        return capsys.readouterr().err

    path = subtitle("hello\n")
    assert complaint(path, silence) == (
        f"lightdiar: {path}:1: there is no cue in it; a cue is a line such as 00:00:01,000 --> 00:00:02,500 and its "
        "text below: hello\n"
    )
    assert "film.srt:1: not UTF-8 text, save it as UTF-8: b'\\xe9'" in complaint(subtitle("\xe9", "cp1252"), silence)
    assert complaint(path, silence, silence) == (
        "lightdiar: 2 recordings for one subtitle; name the one that it belongs to.\n"
    )
    assert "film.srt: is an input." in complaint(subtitle(SRT), silence, "--out", path)
    assert "none.srt" in complaint(tmp_path / "none.srt", silence)


def test_cues_are_labelled_once(tmp_path, silence, subtitle, capsys):
    once = tmp_path / "once.srt"
    assert label(subtitle(SRT), silence, "--out", once) == 0
    capsys.readouterr()
    assert label(once, silence, "--out", tmp_path / "twice.srt") == 0
    assert capsys.readouterr().err == (
        f"lightdiar: warning: {once}: 2 of 3 cues name their speaker already and stay as they are\n"
    )
    assert (tmp_path / "twice.srt").read_bytes() == once.read_bytes()


def test_a_name_that_cannot_be_written_is_told(silence, subtitle, capsys, monkeypatch):
    monkeypatch.setattr(
        "lightdiar.systems.diarizer.Diarizer.predict",
        lambda *_, **__: Diarization(Annotation([Turn(0, 2, "a]")], "x"), [Speaker("a]", 2.0, 0.9)], 9.0),
    )
    assert label(subtitle(SRT), silence) == 2
    assert capsys.readouterr().err == (
        f"lightdiar: {silence}: SRT cannot hold the character ] (U+005D) in the name 'a]'. Enrol this voice under "
        "another name.\n"
    )
