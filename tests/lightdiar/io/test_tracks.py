"""The audio tracks of films, as ffprobe and ffmpeg tell of them, and the choice of one."""

import json
import re
import shutil
import subprocess

import numpy as np
import pytest
import soundfile

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.io import tracks
from lightdiar.io.audio import blocks, duration, read
from lightdiar.io.tracks import Track, audio_tracks, checked_track, chosen_track

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="no ffmpeg on PATH")
FRENCH = Track(1, "fra", "VF", 6, "ac3", is_default=True)
TALK = Track(2, "eng", "Director's commentary", 2, "aac", is_commentary=True)
ENGLISH = Track(3, "eng", "", 2, "aac")
FILM = (FRENCH, TALK, ENGLISH)
LISTED = '1 (fra, "VF"), 2 (eng, "Director\'s commentary", commentary), 3 (eng)'

OLD_TEXT = """\
Input #0, matroska,webm, from 'film.mkv':
  Metadata:
    title           : Commentary of the whole
  Duration: 01:30:00.00, start: 0.000000, bitrate: 1000 kb/s
    Chapter #0:0: start 0.000000, end 60.000000
    Metadata:
      title           : Commentary
    Stream #0:0(eng): Video: h264 (High), yuv420p, 160x120, 25 fps, 1k tbn (default)
    Metadata:
      title           : Commentary of the picture
    Stream #0:1(fre): Audio: ac3, 48000 Hz, 5.1(side), fltp, 448 kb/s (default)
    Metadata:
      title           : VF
    Stream #0:2(eng): Audio: aac (LC), 48000 Hz, stereo, fltp
    Metadata:
      title           : Director's commentary
                      :     Stream #0:9(spa): Audio: aac, 48000 Hz, mono
    Stream #0:3(eng): Subtitle: subrip
    Metadata:
      title           : VF
    Stream #0:4(en-GB): Audio: aac (LC), 48000 Hz, stereo, fltp
At least one output file must be specified
"""
NEW_TEXT = """\
Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'film.mp4':
  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(progressive), 160x120, 29 kb/s (default)
  Stream #0:1[0x2](fre): Audio: pcm_s24le (lpcm / 0x6D63706C), 48000 Hz, 9 channels, s32, 96 kb/s (default)
    Metadata:
      handler_name    : SoundHandler
  Stream #0:2[0x3]: Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, mono, fltp, 96 kb/s (visual impaired) (dub)
  Stream #0:3[0x4](ger): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, 7.1, fltp, 96 kb/s
    Metadata:
      handler_name    : Kommentar
  Stream #0:4[0x5](zxx): Audio: none, 0 channels
"""


def stream(language=None, title=None, marks=(), **fields):
    tags = {"language": language, "title": title}
    return {
        "codec_name": "aac",
        "channels": 2,
        **fields,
        "disposition": {"default": 0, "comment": 0, **dict.fromkeys(marks, 1)},
        "tags": {key: value for key, value in tags.items() if value},
    }


@pytest.fixture(autouse=True)
def named_files(tmp_path_factory, monkeypatch):
    """The files that the tests name are there, in the current folder."""
    folder = tmp_path_factory.mktemp("films")
    for name in ("film.mkv", "film.mp4", "-i film.mkv"):
        (folder / name).touch()
    monkeypatch.chdir(folder)


def told(fake, text):
    """What is made of a text that ffprobe prints."""
    fake(f"sys.stdout.buffer.write({text.encode()!r})", "ffprobe")
    return audio_tracks("film.mkv")


def test_ffprobe_tells_of_the_tracks(fake_ffmpeg):
    streams = [
        stream("fre", "VF", ["default"], codec_name="ac3", channels=6),
        stream("en-US", "Director's commentary"),
        stream("eng", marks=["comment"]),
        stream("xx\x1b", marks=["visual_impaired"]),
        {},
    ]
    assert told(fake_ffmpeg, json.dumps({"programs": [], "streams": streams})) == (
        Track(1, "fra", "VF", 6, "ac3", True, False),
        Track(2, "eng", "Director's commentary", 2, "aac", False, True),
        Track(3, "eng", "", 2, "aac", False, True),
        Track(4, "", "", 2, "aac", False, True),
        Track(5),
    )


def test_ffprobe_is_asked_for_one_local_file(fake_ffmpeg, tmp_path):
    log = tmp_path / "log"
    fake_ffmpeg(f"open({str(log)!r}, 'w').write(chr(10).join(sys.argv[1:]))", "ffprobe")
    assert audio_tracks("-i film.mkv") == ()
    arguments = log.read_text(encoding="utf-8").split("\n")
    assert arguments[arguments.index("-i") + 1].startswith("file:") and arguments[-1].endswith("-i film.mkv")
    assert arguments[arguments.index("-protocol_whitelist") + 1] == "file"
    assert "concat" not in arguments[arguments.index("-format_whitelist") + 1].split(",")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"streams": 3}',
        '{"streams": [3]}',
        '{"streams": [{"tags": 3}]}',
        "\xff",
        "[" * 5000,
        '{"a": []}',
    ],
)
def test_what_is_no_answer_tells_of_no_tracks(fake_ffmpeg, monkeypatch, text):
    fake_ffmpeg("", "ffprobe")
    monkeypatch.setattr(tracks, "_told", lambda command, stream: text)
    assert audio_tracks("film.mkv") == ()


def test_an_endless_answer_is_given_up(fake_ffmpeg):
    fake_ffmpeg("while True: sys.stdout.write('[' * 10000)", "ffprobe")
    assert audio_tracks("film.mkv") == ()


def test_where_there_is_no_ffprobe_what_ffmpeg_prints_is_read(fake_ffmpeg):
    fake_ffmpeg(f"sys.exit({OLD_TEXT!r})")
    assert audio_tracks("film.mkv") == FILM
    fake_ffmpeg(f"sys.exit({NEW_TEXT!r})")
    assert audio_tracks("film.mp4") == (
        Track(1, "fra", "", 9, "pcm_s24le", True, False),
        Track(2, "", "", 1, "aac", False, True),
        Track(3, "deu", "", 8, "aac", False, True),
        Track(4, "", "", 0, "none", False, False),
    )


def test_without_ffmpeg_nothing_tells(no_ffmpeg):
    with pytest.raises(AudioError, match=r"^film\.mkv: there is no ffmpeg on PATH to tell its audio tracks\. Install"):
        audio_tracks("film.mkv")


@pytest.mark.parametrize("name", ["none.mkv", "."])
def test_what_is_no_file_has_no_tracks_to_tell(fake_ffmpeg, name):
    fake_ffmpeg("", "ffprobe")
    with pytest.raises(AudioError, match=rf"^{re.escape(name)}: is no file\. Give the path of a film\.$"):
        audio_tracks(name)


def test_commentaries_are_known_by_their_names(fake_ffmpeg):
    commentaries = (
        *("Commentary by the cast", "COMMENTAIRE du réalisateur", "Comentario del director", "Audiokommentar", "解説"),
        *("Audiodescription", "English Audio Description", "Audiodeskription", "Descriptive audio"),
    )
    others = ("Stereo", "Surround 5.1 (commercial)", "Komödie", "English")
    streams = [stream(title=title) for title in (*commentaries, *others)]
    found = told(fake_ffmpeg, json.dumps({"streams": streams}))
    assert [track.title for track in found if track.is_commentary] == list(commentaries)


def test_a_track_prints_on_one_line_whatever_it_is_called():
    assert str(Track(2, "eng", 'a "b"\x1b[31m\n3 (fra)')) == '2 (eng, "a "b"\\x1b[31m\\n3 (fra)")'
    assert str(Track(1, title="x" * 1000)) == f'1 (language not known, "{"x" * 57}...")'


@pytest.mark.parametrize(
    ("track", "meant"), [(None, None), (1, 1), (9999, 9999), ("fre", "fra"), ("EN", "eng"), ("pt-BR", "por")]
)
def test_a_track_is_a_number_or_a_language(track, meant):
    assert checked_track(track) == meant


@pytest.mark.parametrize("track", [0, -1, True, False, 1.0, "", "2", "und", "english", b"fra", ["fra"]])
def test_what_is_no_track(track, tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(800), 8000)
    with pytest.raises(ValueError, match="must be a number, from 1, or the tag of a language, such as 'eng' or 'fr'"):
        read(tmp_path / "a.wav", track=track)


def test_the_first_is_heard_where_nothing_is_said():
    assert chosen_track(FILM, None, "film.mkv") == (1, "")
    assert chosen_track((), None, "film.mkv") == (1, "")
    number, doubt = chosen_track((TALK, FRENCH), None, "film.mkv")
    assert number == 1 and doubt == (
        'the first of its audio tracks was heard, which is called a commentary: 2 (eng, "Director\'s commentary", '
        'commentary), 1 (fra, "VF"). Choose another by its number or its language.'
    )


def test_a_number_is_taken_at_its_word():
    assert chosen_track(FILM, 2, "film.mkv") == (2, "")  # who asks for a commentary gets it
    assert chosen_track((), 5, "film.mkv") == (5, "")
    with pytest.raises(AudioError) as caught:
        chosen_track(FILM, 4, "film.mkv")
    assert str(caught.value) == f"film.mkv: there is no audio track 4. It has {LISTED}. Choose one by its number."


def test_of_a_language_the_film_itself_is_heard():
    assert chosen_track(FILM, "fra", "film.mkv") == (1, "")
    assert chosen_track(FILM, "eng", "film.mkv") == (3, "")
    for language, lack in (("spa", "no audio track is in spa"), ("eng", "only a commentary is in eng")):
        with pytest.raises(AudioError) as caught:
            chosen_track(FILM[:2], language, "film.mkv")
        listed = LISTED.removesuffix(", 3 (eng)")
        assert str(caught.value) == f"film.mkv: {lack}. It has {listed}. Choose one by its number."
    assert chosen_track((), "fra", "film.mkv")[1].endswith("the first was heard, in fra or not")


def test_of_many_tracks_a_dozen_is_listed():
    many = [Track(number, "eng") for number in range(1, 31)]
    with pytest.raises(AudioError, match=r"11 \(eng\), 12 \(eng\) and 18 more\. Choose one by its number\.$"):
        chosen_track(many, 31, "film.mkv")


@pytest.mark.parametrize("track", [2, "fra"])
def test_a_sound_file_has_one_track(tmp_path, track):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(800), 8000)
    assert read(path, track=1).duration == duration(path, track=1) == 0.1
    for use in (read, duration, lambda path, track: next(blocks(path, track=track))):
        with pytest.raises(AudioError, match=r"a\.wav: is no film: it has one audio track and tells no language\."):
            use(path, track=track)
    (tmp_path / "a.raw").write_bytes(bytes(800))
    with pytest.raises(AudioError, match="is no film"):
        read(tmp_path / "a.raw", raw_rate=8000, track=track)


@pytest.fixture
def film(tmp_path):
    """Of three tracks, tones of 300, 500 and 700 Hz: a French commentary, English, a German commentary."""
    rate = 8000
    for k, frequency in enumerate((300, 500, 700)):
        soundfile.write(tmp_path / f"{k}.wav", 0.4 * np.sin(2 * np.pi * frequency * np.arange(rate) / rate), rate)
    inputs = [argument for k in range(3) for argument in ("-i", tmp_path / f"{k}.wav")]
    chosen = [argument for k in range(3) for argument in ("-map", f"{k}:a")]
    names = {
        "s:a:0": ["language=fre", "title=Commentaire\x1b[31m"],
        "s:a:1": ["language=eng"],
        "s:a:2": ["language=ger"],
    }
    named = [argument for place, pairs in names.items() for pair in pairs for argument in (f"-metadata:{place}", pair)]
    path = tmp_path / "film.mkv"
    command = [
        "ffmpeg",
        "-v",
        "error",
        *inputs,
        *chosen,
        "-c:a",
        "pcm_s16le",
        *named,
        "-disposition:a:2",
        "comment",
        path,
    ]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path


def frequency(samples, rate=8000):
    return np.abs(np.fft.rfft(samples[:rate])).argmax()


@needs_ffmpeg
def test_real_tracks(film, monkeypatch):
    found = audio_tracks(film)
    assert found == (
        Track(1, "fra", "Commentaire\x1b[31m", 1, "pcm_s16le", found[0].is_default, True),
        Track(2, "eng", "", 1, "pcm_s16le", found[1].is_default, False),
        Track(3, "deu", "", 1, "pcm_s16le", False, True),
    )
    monkeypatch.setattr(tracks.shutil, "which", {"ffmpeg": shutil.which("ffmpeg")}.get)
    printed = audio_tracks(film)
    assert [(one.number, one.language, one.channels, one.codec, one.is_commentary) for one in printed] == [
        (one.number, one.language, one.channels, one.codec, one.is_commentary) for one in found
    ]
    assert audio_tracks(__file__) == ()


@needs_ffmpeg
def test_the_track_that_was_asked_for_is_heard(film, recwarn):
    assert frequency(read(film, track="en").samples) == 500
    assert frequency(np.concatenate(list(blocks(film, 8000, track=3)))) == 700
    assert not recwarn.list
    with pytest.warns(DoubtfulResultWarning) as caught:
        assert frequency(read(film).samples) == 300
    assert [str(warning.message) for warning in caught] == [
        f"{film}: the first of its audio tracks was heard, which is called a commentary: "
        '1 (fra, "Commentaire\\x1b[31m", commentary), 2 (eng), 3 (deu, commentary). '
        "Choose another by its number or its language."
    ]
    said = []
    list(blocks(film, tell=said.append))
    assert said == [str(caught[0].message)]
