import re

import pytest

from lightdiar.cli import main
from lightdiar.report.sound import Sound
from lightdiar.systems.diarizer import Diarizer
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

TALK = Diarization(
    Annotation([Turn(0, 6, "SPEAKER_00"), Turn(6, 8, "SPEAKER_01")], "talk"),
    [Speaker("SPEAKER_00", 6.0, 0.99), Speaker("SPEAKER_01", 2.0, 0.02)],
    9.0,
)


@pytest.fixture
def result(tmp_path):
    path = tmp_path / "talk.json"
    TALK.to_json(path)
    return path


def run(*arguments):
    return main(["report", *map(str, arguments)])


def test_a_recording_becomes_a_page_with_its_sound(silence, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(Diarizer, "predict", lambda diarizer, path, progress: TALK)
    page = tmp_path / "talk.html"
    assert run(silence, "--out", page) == 0
    assert capsys.readouterr().out == f"{page}\n"
    html = page.read_text(encoding="utf-8")
    assert 'src="data:audio/flac;base64,' in html
    assert str(tmp_path) not in html


def test_the_page_of_a_part_plays_the_recording_up_to_its_end(silence, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(Diarizer, "predict", lambda diarizer, path, progress, **options: TALK)
    monkeypatch.setattr(
        "lightdiar.report.sound.embedded", lambda recording, *part: asked.append((recording, *part)) or Sound()
    )
    assert run(silence, "--out", tmp_path / "page.html", "--track", "1", "--start", "0.5", "--end", "1.5") == 0
    assert asked == [(silence, None, 1, 1.5)]  # from its beginning, so that the times on the page are those of the film


def test_a_silent_recording_says_so(silence, tmp_path):
    assert run(silence, "--out", tmp_path / "page.html", "--language", "fr") == 0
    assert "Aucune parole n'a été entendue" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_result_becomes_a_page_with_the_sound_beside_it(result, tmp_path):
    page = tmp_path / "page.html"
    assert run(result, "--out", page) == 0
    assert "The recording was not found beside its result" in page.read_text(encoding="utf-8")
    (tmp_path / "talk.wav").write_bytes(b"")
    assert run(result, "--out", page, "--overwrite", "--sound", "beside") == 0
    assert '<audio id="sound" src="talk.wav"' in page.read_text(encoding="utf-8")
    assert run(result, "--out", page, "--overwrite", "--sound", "none") == 0
    assert "This page holds no sound." in page.read_text(encoding="utf-8")


def test_a_folder_becomes_a_page_with_links_to_the_pages_of_recordings(result, tmp_path, capsys):
    (tmp_path / "broken.json").write_text("{}", encoding="utf-8")
    (tmp_path / "talk.html").touch()
    assert run(tmp_path, "--out", tmp_path / "all.html") == 2
    said = capsys.readouterr()
    assert said.out == f"{tmp_path / 'all.html'}\n"
    assert said.err == (
        f"lightdiar: {tmp_path / 'broken.json'}: is not a result that `lightdiar diarize` wrote as JSON: 'diarization' "
        "is missing; left out. Make it again with `lightdiar diarize`, or remove it.\n"
    )
    html = (tmp_path / "all.html").read_text(encoding="utf-8")
    assert '<a href="talk.html">talk</a>' in html
    assert f"<strong>{tmp_path.name}/broken.json</strong>: is not a result" in html
    assert str(tmp_path) not in html


def test_sound_events_become_a_strip_and_a_table(result, tmp_path):
    page, sounds = tmp_path / "page.html", tmp_path / "sounds"
    sounds.mkdir()
    (sounds / "talk.events.txt").write_text("talk\t1.000\t4.000\tmusic\n", encoding="utf-8")
    assert run(result, "--out", page, "--events", sounds) == 0
    html = page.read_text(encoding="utf-8")
    assert '"sounds":[{"name":"music","bars":[[1.0,4.0]]}]' in html and "Sounds that are heard" in html
    assert run(result, "--out", page, "--overwrite", "--events", sounds / "talk.events.txt") == 0
    assert page.read_text(encoding="utf-8") == html and str(tmp_path) not in html
    assert run(result, "--out", page, "--overwrite") == 0
    assert "Sounds that are heard" not in page.read_text(encoding="utf-8")


def test_a_list_of_another_recording_is_told_before_listening(silence, text_file, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(Diarizer, "predict", lambda *_, **__: pytest.fail("listened for minutes"))
    path = text_file("other.wav\t0\t1\tcar\n")
    assert run(silence, "--out", tmp_path / "page.html", "--events", path) == 2
    said = f"lightdiar: {path}: lists nothing of silence, but of other.wav; give the list of this recording.\n"
    assert capsys.readouterr().err == said


def test_sound_events_of_a_name_with_a_blank_are_found_in_their_folder(silence, tmp_path):
    film, page = silence.rename(tmp_path / "my film.wav"), tmp_path / "page.html"
    (tmp_path / "my film.events.txt").write_text("my film\t0.1\t0.2\tmusic\n", encoding="utf-8")
    assert run(film, "--out", page, "--events", tmp_path) == 0
    assert "Sounds that are heard" in page.read_text(encoding="utf-8")


def test_the_help_says_that_results_are_taken(capsys):
    with pytest.raises(SystemExit):
        run("--help")
    said = " ".join(capsys.readouterr().out.split())
    assert "FILE recordings, or results of `diarize --out`: .json files, or their folder" in said
    assert "none: the page does not play, and is small" in said


def test_a_folder_without_results_does_not_stop_the_others(result, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "empty", result, "--out", tmp_path / "page.html") == 2
    reason = f"has no results; make them with `lightdiar diarize FILE... --out {tmp_path / 'empty'}`"
    assert capsys.readouterr().err == (
        f"lightdiar: {tmp_path / 'empty'}: {reason}; left out. Make it again with `lightdiar diarize`, or remove it.\n"
    )
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "has no results; make them with" in html


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["talk.json", "--out", "page.pdf"], r"--out \S*page\.pdf: the name must end in \.html\."),
        (
            ["talk.json", "film.wav", "--out", "page.html"],
            r"\S*film\.wav: is not a result\. Of several recordings",
        ),
        (["empty", "--out", "page.html"], r"none of these files is a result; no page was written\."),
        (["gone.json", "--out", "page.html"], r"\S*gone\.json: No such file or directory\."),
        (["other.json", "other.json", "--out", "page.html"], r"none of these files is a result; no page was written\."),
        (
            ["talk.json", "--out", "page.html", "--events", "gone.txt"],
            r"talk\.json: gone\.txt: No such file",
        ),
        (
            ["talk.json", "other.json", "--out", "page.html", "--events", "list.txt"],
            r"--events list\.txt: only the page of one recording shows sound events\.",
        ),
        (["talk.json", "--out", "old.html"], r"\S*old\.html: exists\. Name another file, or add --overwrite"),
    ],
)
def test_what_cannot_be_reported_is_said_in_a_line(result, tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "old.html").touch()
    (tmp_path / "other.json").write_text("[]", encoding="utf-8")
    assert run(*arguments) == 2
    *_, last = capsys.readouterr().err.splitlines()
    assert re.match(f"lightdiar: {message}", last)
    assert not (tmp_path / "page.html").exists()
