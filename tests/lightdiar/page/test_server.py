import base64
import errno
import io
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections import namedtuple
from pathlib import Path
from urllib.parse import quote

import pytest
import soundfile

from lightdiar.page import saving, server, uploads
from lightdiar.recognition.voices import Voices
from lightdiar.representation.bechdel import bechdel_by_ear
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

pytestmark = pytest.mark.filterwarnings("ignore::lightdiar.errors.DoubtfulResultWarning")

NAMES = ["SPEAKER_00", "SPEAKER_01", "SPEAKER_02"]


@pytest.fixture
def quick(monkeypatch):
    """A diarizer that always finds the same: 4, 3 and 1 s of a woman's, a man's and a doubtful voice."""
    turns = [Turn(0, 4, NAMES[0]), Turn(4, 7, NAMES[1]), Turn(7, 8, NAMES[2])]
    speakers = [Speaker(NAMES[0], 4.0, 0.99), Speaker(NAMES[1], 3.0, 0.02), Speaker(NAMES[2], 1.0, 0.6)]

    class Quick:
        def __init__(self, **options):
            assert options == {"num_speakers": None}

        def predict(self, path, progress):
            progress(4.0)
            return Diarization(Annotation(turns, "1"), speakers, duration=8.0, agreement=0.8)

    monkeypatch.setattr("lightdiar.page.session.Diarizer", Quick)


@pytest.fixture
def recording(page, quick, talk):
    """The number of a recording on the page."""
    job = page.send("recordings", talk, "My film.wav")
    assert job["state"] == "done"
    return job["answer"]["number"]


def correct(page, number, changes):
    return page.json("PATCH", f"recordings/{number}/corrections", json.dumps(changes))


def test_what_the_page_learns_of_a_recording(page, recording):
    _, state = page.json("GET", "state")
    (known,) = state["recordings"]
    assert state["people"] == [] and state["largest"] == uploads.LARGEST
    assert known["title"] == "My film.wav" and known["duration"] == 8.0 and known["agreement"] == 0.8
    assert known["counts"] == {"M": 1, "F": 1} and known["not_counted"] == 1
    assert known["female_share"] == 5 / 8
    assert known["turns"] == [[0.0, 4.0, 0], [4.0, 7.0, 1], [7.0, 8.0, 2]]
    assert [speaker["gender"] for speaker in known["speakers"]] == ["F", "M", "uncertain"]
    assert [speaker["color"] for speaker in known["speakers"]] == ["#e69f00", "#3d8fd1", "#8c8c8c"]
    assert [speaker["share"] for speaker in known["speakers"]] == [0.5, 0.375, 0.125]


def test_corrections_change_everything_that_is_shown_and_saved(page, recording):
    status, known = correct(
        page, recording, {NAMES[0]: {"name": "Ann Lee", "gender": None}, NAMES[2]: {"name": NAMES[2], "gender": "M"}}
    )
    assert status == 200 and known["corrected"]
    assert [speaker["name"] for speaker in known["speakers"]] == ["Ann Lee", NAMES[1], NAMES[2]]
    assert [speaker["gender"] for speaker in known["speakers"]] == ["F", "M", "M"]
    assert [speaker["by_hand"] for speaker in known["speakers"]] == [None, None, "M"]
    assert known["female_share"] == 0.5
    _, files = page.json("GET", f"recordings/{recording}/files")
    assert files["rttm"]["name"] == "My_film.rttm" and "Ann_Lee" in files["rttm"]["text"]
    assert json.loads(files["json"]["text"])["speakers"][2]["gender"] == "M"
    assert all("Ann" in file["text"] for file in files.values())
    status, known = page.json("DELETE", f"recordings/{recording}/corrections")
    assert [speaker["name"] for speaker in known["speakers"]] == NAMES and not known["corrected"]


def test_two_of_one_name_become_one(page, recording):
    same = {"name": "Ann", "gender": "F"}
    _, known = correct(page, recording, {NAMES[0]: same, NAMES[2]: same})
    assert [(speaker["name"], speaker["originals"]) for speaker in known["speakers"]] == [
        ("Ann", [NAMES[0], NAMES[2]]),
        (NAMES[1], [NAMES[1]]),
    ]
    assert known["counts"] == {"M": 1, "F": 1} and known["not_counted"] == 0


@pytest.mark.parametrize(
    "name", ["<script>alert(1)", '"><img src=x onerror=alert(1)>', "&lt;b&gt;", "=1+1", "Ж 名前", "{title}"]
)
def test_names_are_text_whatever_they_look_like(page, recording, name):
    status, known = correct(page, recording, {NAMES[0]: {"name": name, "gender": None}})
    assert status == 200 and known["speakers"][0]["name"] == name
    _, files = page.json("GET", f"recordings/{recording}/files")
    assert json.loads(files["json"]["text"])["speakers"][0]["speaker"] == name
    assert "<script>alert" not in files["html"]["text"] and "<img" not in files["html"]["text"]
    for file in files.values():
        assert ("text" in file) != ("problem" in file)


def test_a_format_that_cannot_hold_a_name_says_so_and_the_others_do(page, recording):
    correct(page, recording, {NAMES[0]: {"name": "[Ann]", "gender": None}})
    _, files = page.json("GET", f"recordings/{recording}/files")
    problem = "SRT cannot hold \u201c[\u201d in a name: change the name above, or save in another format."
    assert {kind: file["problem"] for kind, file in files.items() if "problem" in file} == {"srt": problem}
    _, files = page.json("GET", f"recordings/{recording}/files", X_Language="fr")
    assert files["srt"]["problem"].startswith("SRT ne peut pas contenir «\xa0[\xa0» dans un nom\xa0: changez le nom")
    same = {NAMES[0]: {"name": "Ann Lee"}, NAMES[1]: {"name": "Ann_Lee"}}
    correct(page, recording, same)
    _, files = page.json("GET", f"recordings/{recording}/files")
    problem = "RTTM cannot hold these names: change the names above, or save in another format."
    assert {kind: file["problem"] for kind, file in files.items() if "problem" in file} == {"rttm": problem}


@pytest.mark.parametrize("name", ["  Ann \t Lee\u200b ", "Ann\nLee", "Ann\xa0 Lee"])
def test_blanks_of_a_typed_name_are_one(page, recording, name):
    _, known = correct(page, recording, {NAMES[0]: {"name": name}})
    assert known["speakers"][0]["name"] == "Ann Lee"


@pytest.mark.parametrize("name", ["a/b", "</script>", "SPEAKER_07", "a\\b"])
def test_names_that_every_format_holds_are_taken(page, recording, name):
    _, known = correct(page, recording, {NAMES[0]: {"name": name}})
    assert known["speakers"][0]["name"] == name
    _, files = page.json("GET", f"recordings/{recording}/files")
    assert not any("problem" in file for file in files.values())


def test_page_and_report_say_the_same_of_corrections(page, recording):
    told = {NAMES[0]: {"name": "Ann", "gender": "F"}, NAMES[2]: {"name": "Ann", "gender": "F"}}
    _, known = correct(page, recording, {**told, NAMES[1]: {"name": "Bob", "gender": "M"}})
    ear = bechdel_by_ear(page.session.recordings[recording].result)
    assert known["agreement"] is None and known["share_interval"] == list(ear.share_interval)
    certain = {"likely": 1, "probability": 1.0}
    assert known["numbers"] == {"F": certain, "M": certain}  # nothing is left to doubt but the time
    _, files = page.json("GET", f"recordings/{recording}/files")
    low, high = (f"{100 * bound:.0f}%" for bound in ear.share_interval)
    assert f"the true share lies between {low} and {high}." in files["html"]["text"]
    _, before = page.json("DELETE", f"recordings/{recording}/corrections")
    assert before["agreement"] == 0.8 and before["numbers"]["F"]["probability"] < 0.95


def test_the_sound_is_in_the_saved_report_if_it_is_short(page, recording, talk, monkeypatch):
    report = page.json("GET", f"recordings/{recording}/files")[1]["html"]["text"]
    flac = base64.b64decode(re.search(r'src="data:audio/flac;base64,([^"]+)"', report)[1])
    saved, sent = (soundfile.read(io.BytesIO(sound))[0] for sound in (flac, talk))
    assert saved.tolist() == sent.tolist()
    monkeypatch.setattr(saving, "LONGEST_EMBEDDED", 7.9)  # s, of 8
    job = page.send("recordings", talk, "talk.wav")
    report = page.json("GET", f"recordings/{job['answer']['number']}/files")[1]["html"]["text"]
    assert "This page holds no sound." in report and "data:audio" not in report


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"SPEAKER_99": {"name": "ann"}}, "no speaker SPEAKER_99 was found."),
        ({NAMES[0]: {"name": "\u200b "}}, "the name is empty; write one."),
        ({NAMES[0]: {"name": "a\ud800"}}, "the name a\\ud800 contains a control character; take it out."),
        ({NAMES[0]: {"name": "x" * 101}}, "has 101 characters; at most 100 are possible."),
        ({NAMES[0]: {"name": 3}}, "corrections are {speaker: {name, gender}}."),
        ({NAMES[0]: {"name": "ann", "gender": "x"}}, "gender='x' must be one of F, M, child, or None."),
        ({NAMES[0]: {"age": 3}}, "corrections are {speaker: {name, gender}}."),
        ([], "corrections are {speaker: {name, gender}}."),
        ({NAMES[0]: "ann"}, "corrections are {speaker: {name, gender}}."),
    ],
)
def test_impossible_corrections_change_nothing(page, recording, changes, reason):
    status, answer = correct(page, recording, changes)
    assert status == 400 and answer["problem"].endswith(reason)
    assert not page.json("GET", "state")[1]["recordings"][0]["corrected"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_corrections_that_are_no_json(page, recording, body):
    assert page.json("PATCH", f"recordings/{recording}/corrections", body)[0] == 400
    assert page.json("PATCH", f"recordings/{recording}/corrections", b" " * 1_000_001)[0] == 413


def test_the_sound_is_played_from_anywhere(page, recording, talk):
    path = f"recordings/{recording}/sound"
    status, headers, body = page.ask("GET", path)
    assert (status, body, headers["Accept-Ranges"]) == (200, talk, "bytes")
    assert headers["Content-Type"] in ("audio/x-wav", "audio/wav", "audio/vnd.wave")
    status, headers, body = page.ask("GET", path, Range="bytes=1000-1999")
    assert (status, body) == (206, talk[1000:2000])
    assert headers["Content-Range"] == f"bytes 1000-1999/{len(talk)}"
    assert page.ask("GET", path, Range=f"bytes={len(talk)}-")[0] == 416


@pytest.mark.parametrize("title", ["evil.html", "evil.svg", "evil.js", "x.wav.htm", "none"])
def test_a_sound_is_never_a_document(page, quick, talk, title):
    job = page.send("recordings", talk, title)
    _, headers, _ = page.ask("GET", f"recordings/{job['answer']['number']}/sound")
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers.get_all("Content-Security-Policy") == ["default-src 'none'; sandbox"]


@pytest.mark.parametrize(
    "title",
    ["../../x.wav", "..\\..\\x.wav", "/etc/passwd", "C:\\x.wav", "a" * 300, "\0.wav", "CON", "x.a:b*?", "..", "/"],
)
def test_a_name_leads_nowhere(page, quick, talk, title):
    job = page.send("recordings", talk, title)
    assert job["state"] == "done"
    (name,) = page.files()
    assert name == f"{job['answer']['number']}{Path(name).suffix}" and Path(name).suffix in ("", ".wav")
    assert "/" not in job["answer"]["title"] and "\\" not in job["answer"]["title"]


@pytest.mark.parametrize(
    "path",
    [
        "../in-use",
        "%2e%2e/in-use",
        "..%2f..%2fserver.py",
        "../server.py",
        "index.html",
        "server.py",
        "%00",
        "page.js/",
        "",
        "//etc/passwd",
    ],
)
def test_only_what_the_page_needs_is_served(page, path):
    assert page.ask("GET", f"assets/{path}")[0] == 404


@pytest.mark.parametrize(
    "path", ["in-use", "1.wav", "recordings/1", "recordings/..%2fin-use/sound", "recordings/9/sound", "jobs/77"]
)
def test_what_is_not_there_is_not_found(page, path):
    assert page.ask("GET", path)[0] in (404, 405)


def test_every_asset_is_there_with_its_type(page):
    document = page.ask("GET", "")[2].decode()
    for name in ("style.css", "page.css", "timeline.js", "page.js"):
        assert f'"assets/{name}"' in document
    for name in server._ASSETS:
        status, headers, body = page.ask("GET", f"assets/{name}")
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        assert status == 200 and headers["Content-Type"].startswith(kind) and body


def test_both_languages(page):
    for language, title in (("en", "Who speaks?"), ("fr", "Qui parle\u00a0?"), ("xx", "Who speaks?")):
        document = page.ask("GET", f"?language={language}")[2].decode()
        assert f"<h1>{title}</h1>" in document
    assert '<html lang="fr">' in page.ask("GET", "?language=fr")[2].decode()


@pytest.mark.parametrize(
    ("content", "title", "reason"),
    [
        (b"hello", "notes.txt", "notes.txt: "),
        (b"<html>" * 1000, "page.wav", "page.wav: "),
        (bytes(range(256)) * 400, "rubbish.mp3", "rubbish.mp3: "),
        (b"RIFF\xff\xff\xff\xffWAVEfmt ", "cut.wav", "cut.wav: "),
    ],
)
def test_what_is_no_sound_is_said_by_its_name_and_removed(page, content, title, reason):
    job = page.send("recordings", content, title)
    assert job["state"] == "failed" and job["problem"].startswith(reason)
    assert str(page.session.folder) not in json.dumps(job) and page.files() == []
    assert page.json("GET", "state")[1]["recordings"] == []


def silence(seconds):
    n_bytes = 32000 * seconds
    head = (
        b"RIFF"
        + (36 + n_bytes).to_bytes(4, "little")
        + b"WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0data"
    )
    return head + n_bytes.to_bytes(4, "little") + bytes(n_bytes)


@pytest.mark.parametrize("seconds", [0, 2])
def test_nobody_speaks_in_silence(page, seconds):
    job = page.send("recordings", silence(seconds), "silence.wav")
    assert job["state"] == "done" and job["answer"]["speakers"] == [] and job["answer"]["female_share"] is None
    _, files = page.json("GET", f"recordings/{job['answer']['number']}/files")
    assert files["rttm"]["text"] == ""


def test_an_empty_file(page):
    assert page.json("POST", "recordings", b"", X_Name="empty.wav") == (
        400,
        {"problem": "the file is empty (0 bytes); choose another."},
    )
    assert page.files() == []


def test_a_file_that_is_too_large(page, monkeypatch):
    monkeypatch.setattr(server, "LARGEST", 10_000)
    answer = {"problem": "the file is larger than 10,000 bytes; cut it, or use `lightdiar diarize`."}
    assert page.json("POST", "recordings", bytes(10_001), X_Name="big.wav") == (413, answer)
    assert page.files() == []


def test_a_file_that_does_not_say_how_large_it_is(page, monkeypatch):
    monkeypatch.setattr(server, "LARGEST", 10_000)
    pieces = iter([bytes(6000), bytes(6000)])  # sent in chunks, without a length
    assert page.json("POST", "recordings", pieces, X_Name="big.wav")[0] == 413
    assert page.files() == []


def test_a_disk_that_is_nearly_full(page, monkeypatch):
    Usage = namedtuple("Usage", "total used free")
    monkeypatch.setattr(uploads.shutil, "disk_usage", lambda _: Usage(1, 1, uploads.SMALLEST_SPACE + 50))
    status, answer = page.json("POST", "recordings", bytes(100), X_Name="big.wav")
    assert status == 507 and answer["problem"].startswith("the disk is full: free some space")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no /dev/full")
def test_a_disk_that_becomes_full(page, monkeypatch):
    monkeypatch.setattr(page.session, "new_file", lambda _name: page.session.folder / "1.wav")

    def full(_path, _mode):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads, "open", full, raising=False)
    status, answer = page.json("POST", "recordings", bytes(100), X_Name="big.wav")
    assert status == 507 and answer["problem"].startswith("the disk is full")


def test_a_file_that_breaks_off_on_its_way_is_not_kept(page):
    head = f"POST {page.inside}recordings HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\nOrigin: http://127.0.0.1:{page.port}\r\n"
    with socket.create_connection(("127.0.0.1", page.port)) as sock:
        sock.sendall(f"{head}Content-Length: 1000\r\n\r\n".encode() + bytes(100))
        until = time.monotonic() + 5
        while page.files() == [] and time.monotonic() < until:
            time.sleep(0.01)
        assert len(page.files()) == 1
    while page.files() and time.monotonic() < until:
        time.sleep(0.01)
    assert page.files() == [] and page.session.work.jobs == {}


def test_a_forgotten_recording_is_gone(page, recording):
    assert len(page.files()) == 1
    assert page.ask("DELETE", f"recordings/{recording}")[0] == 204
    assert page.files() == [] and page.ask("GET", f"recordings/{recording}/sound")[0] == 404
    assert page.json("GET", "state")[1]["recordings"] == []
    assert page.session.work.jobs == {}  # what its job answered


def test_the_number_of_people_is_passed_on_and_checked(page, talk, monkeypatch):
    wanted = []

    class Seen:
        def __init__(self, num_speakers):
            wanted.append(num_speakers)
            raise ValueError("seen")

    monkeypatch.setattr("lightdiar.page.session.Diarizer", Seen)
    assert page.send("recordings?speakers=3", talk, "a.wav")["problem"] == "seen"
    assert wanted == [3] and page.files() == []
    for number in ("0", "100", "-1", "x", "1e1", "9" * 5000):
        assert page.json("POST", f"recordings?speakers={number}", b"x")[0] == 400


@pytest.mark.slow
def test_a_person_is_enrolled_asked_about_saved_and_forgotten(page, sounds, tmp_path):
    job = page.send(f"people?consent=yes&name={quote('Ann Lee')}", sounds["Adam"][0], "recording.wav")
    (ann,) = job["answer"]["people"]
    assert ann["name"] == "Ann Lee" and 10 < ann["seconds"] < 12.5
    page.send("people?consent=yes&name=Clara", sounds["Clara"][0], "recording.wav")
    answer = page.send("questions", sounds["Adam"][1], "who.wav")["answer"]
    assert answer["name"] == "Ann Lee" and answer["people"][0]["probability"] > 0.9
    assert sum(one["probability"] for one in answer["people"]) + answer["somebody_else"] == pytest.approx(1)
    assert page.send("questions?name=Clara", sounds["Clara"][1], "who.wav")["answer"]["accepted"] is True
    assert page.send("questions?name=Clara", sounds["Adam"][1], "who.wav")["answer"]["accepted"] is False
    assert page.files() == []  # no sound is kept

    saved = tmp_path / "class.voices"
    saved.write_bytes(page.ask("GET", "people/file")[2])
    assert Voices.load(saved).names == ("Ann Lee", "Clara")
    _, left = page.json("DELETE", f"people?name={quote('Ann Lee')}")
    assert [one["name"] for one in left["people"]] == ["Clara"] and page.session.work.jobs == {}
    assert page.json("DELETE", "people?name=Clara")[1] == {"people": []}
    assert page.json("GET", "people/file") == (400, {"problem": "nobody is enrolled; enrol people first."})
    status, opened = page.json("PUT", "people", saved.read_bytes(), X_Name="class.voices")
    assert status == 200 and [one["name"] for one in opened["people"]] == ["Ann Lee", "Clara"]
    assert page.files() == []


def test_nobody_is_enrolled_without_consent(page, sounds):
    for consent in ("", "consent=no&", "consent=&"):
        status, answer = page.json("POST", f"people?{consent}name=Ann", sounds["Adam"][1])
        assert status == 400 and answer["problem"].startswith("a voiceprint is biometric data: ask the person first")
    assert page.json("GET", "state")[1]["people"] == [] and page.files() == []


@pytest.mark.parametrize("name", ["", "%20", "a/b", "SPEAKER_01", "x" * 101, "%0A", "%3Cscript%3E%3C/script%3E"])
def test_impossible_names_of_people(page, name):
    status, answer = page.json("POST", f"people?consent=yes&name={name}", b"x")
    assert status == 400 and answer["problem"].startswith("the name ")
    assert page.files() == []


def test_questions_about_nobody(page, sounds):
    problem = "nobody is enrolled; enrol people first."
    assert page.send("questions", sounds["Adam"][1], "who.wav")["problem"] == problem
    assert page.json("DELETE", "people?name=ann") == (400, {"problem": problem})


@pytest.mark.parametrize("content", [b"x", b"PK\3\4" + bytes(100), b"\x89PNG"])
def test_a_file_that_holds_no_voices(page, content):
    status, answer = page.json("PUT", "people", content, X_Name="holiday.voices")
    assert status == 400 and answer["problem"].startswith("holiday.voices: is not a file of voices")
    _, answer = page.json("PUT", "people", content, X_Name="holiday.voices", X_Language="fr")
    assert answer["problem"].startswith("holiday.voices\xa0: ce n'est pas un fichier de voix")
    assert page.files() == [] and page.json("GET", "state")[1]["people"] == []


@pytest.mark.slow
def test_known_people_are_named_in_later_recordings(page, sounds, talk):
    for name in ("Adam", "Clara"):
        page.send(f"people?consent=yes&name={name}", sounds[name][0], "recording.wav")
    job = page.send("recordings", talk, "talk.wav")
    known = {speaker["name"]: speaker for speaker in job["answer"]["speakers"]}
    assert list(known)[:2] == ["Adam", "Clara"]
    assert known["Adam"]["name_probability"] > 0.9 and known["Clara"]["name_probability"] > 0.9


def test_what_is_doubtful_of_a_file_of_voices_is_said_of_it_alone(page, monkeypatch):
    go, began = threading.Event(), threading.Event()
    busy = page.session.work.start(lambda _job: began.set() or {"went": go.wait(20)})
    began.wait(20)

    def load(path):
        page.session.work.note(f"{path}: is strange")
        return Voices()

    monkeypatch.setattr(Voices, "load", load)
    _, answer = page.json("PUT", "people", b"x", X_Name="class.voices")
    assert answer == {"people": [], "notes": ["class.voices: is strange"]} and busy.notes == []
    go.set()


def test_errors_in_the_language_of_the_page(page, recording):
    answer = {"problem": "Le fichier est vide. Choisissez-en un autre."}
    assert page.json("POST", "recordings", b"", X_Name="empty.wav", X_Language="fr") == (400, answer)
    job = page.send("recordings", b"hello", "notes.txt")
    _, job = page.json("GET", f"jobs/{job['number']}", X_Language="fr")
    assert job["problem"].startswith("notes.txt\xa0: c'est un texte, pas un son")
    assert (
        page.json("GET", "recordings/99/sound", X_Language="fr")[1]["problem"] == "Cela n'est pas ici, ou n'y est plus."
    )


def test_a_page_on_a_used_port():
    with server.listening(None) as sock:
        port = sock.getsockname()[1]
        with pytest.raises(ValueError, match=rf"^--port {port}: .* leave it out, and a free one is taken\.$"):
            server.listening(port)


def test_a_job_that_is_no_longer_wanted_leaves_nothing(page, talk, monkeypatch):
    class Endless:
        def __init__(self, **_options):
            pass

        def predict(self, _path, progress):
            while True:
                progress(1.0)
                time.sleep(0.001)

    monkeypatch.setattr("lightdiar.page.session.Diarizer", Endless)
    _, job = page.json("POST", "recordings", talk, X_Name="talk.wav")
    assert page.ask("DELETE", f"jobs/{job['number']}")[0] == 204
    job = page.end_of(job)
    assert (job["state"], job["problem"]) == ("failed", "") and page.files() == []


@pytest.mark.parametrize("path", ["recordings", "questions", "people?consent=yes&name=ann"])
def test_a_job_that_is_stopped_while_it_waits_leaves_nothing(page, talk, path):
    go = threading.Event()
    page.session.work.start(lambda _job: {"went": go.wait(20)})
    _, job = page.json("POST", path, talk, X_Name="talk.wav")
    assert page.files() != [] and page.ask("DELETE", f"jobs/{job['number']}")[0] == 204
    go.set()
    assert page.end_of(job)["state"] == "failed" and page.files() == []


def test_what_is_doubtful_is_said_by_the_name_of_the_file(page, talk, monkeypatch):
    class Doubtful:
        def __init__(self, **_options):
            pass

        def predict(self, path, progress):
            page.session.work.note(f"{path}: is damaged")
            return Diarization(Annotation([]), [], duration=1.0)

    monkeypatch.setattr("lightdiar.page.session.Diarizer", Doubtful)
    job = page.send("recordings", talk, "talk.wav")
    assert job["notes"] == job["answer"]["notes"] == ["talk.wav: is damaged"]
    assert page.json("GET", "state")[1]["recordings"][0]["notes"] == ["talk.wav: is damaged"]


def test_it_says_that_it_has_begun_only_when_a_signal_ends_it_in_order(tmp_path):
    """In a process of its own, as only a main thread without an event loop can be served from."""
    code = """
import contextlib, signal, sys
from lightdiar.page import server
from lightdiar.page.door import Door
from lightdiar.page.session import Session
from lightdiar.page.work import Work

def begun():
    print(signal.getsignal(signal.SIGTERM) == own.handle_exit)
    own.should_exit = True

with contextlib.closing(Work()) as work, server.listening(None) as sock:
    door = Door(server.application(Session(sys.argv[1], work)), sock.getsockname()[1])
    own = server.server_of(door, begun)
    own.run([sock])
"""
    assert subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True).stdout == "True\n"
