"""The manifests that come out are taken by the commands they are for."""

import shutil

import numpy as np
import pytest
import soundfile

from lightdiar.cli import main
from lightdiar.io.rttm import write_rttm
from lightdiar.recognition import trials
from lightdiar.recognition.people import as_people
from lightdiar.timeline import Annotation, Turn
from lightdiar.training import train as training
from lightdiar.training import tuning

TALK = Annotation([Turn(0.0, 1.0, "ann"), Turn(1.0, 1.5, "bob")], "ES2002a")


def sound(path, seconds=2.0):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.zeros(round(16000 * seconds)), 16000)
    return path


@pytest.fixture
def librispeech(tmp_path):
    folder = tmp_path / "LibriSpeech"
    for speaker, chapter in ((14, 208), (60, 121082)):
        for number in range(2):
            sound(folder / f"dev/{speaker}/{chapter}/{speaker}-{chapter}-{number:04d}.flac")
    (folder / "SPEAKERS.TXT").write_text("; about\n14 | F | dev | 8 | Ann B.\n60 | M | dev | 8 | |CBW|Simon\n")
    return folder


@pytest.fixture
def meetings(tmp_path):
    """Two meetings, whose truth is in one file."""
    folder = tmp_path / "ami"
    for meeting in ("ES2002a", "ES2002b"):
        sound(folder / f"{meeting}/audio/{meeting}.Mix-Headset.wav")
    write_rttm(folder / "all.rttm", [TALK, Annotation(TALK.turns[:1], "ES2002b")])
    return folder


def test_manifest_says_what_it_found_and_writes_it(librispeech, tmp_path, capsys):
    (librispeech / "dev/14/208/14-208-0002.flac").touch()
    out = tmp_path / "m.csv"
    assert main(["manifest", str(librispeech), "--out", str(out)]) == 0
    assert capsys.readouterr().out == (
        "librispeech: 4 recordings, 8 s\n"
        "speakers: 2 (women 1, men 1, not told 0)\n"
        "not placed: 1\n"
        "  is empty (0 bytes): dev/14/208/14-208-0002.flac\n"
        f"{out}: written\n"
    )
    assert out.read_text().splitlines()[:2] == [
        "path,speaker,gender,seconds,language,age",
        "LibriSpeech/dev/14/208/14-208-0000.flac,14,F,2,en,",
    ]


def test_train_takes_it(librispeech, corpus, tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr(training, "fit_models", lambda corpora, *_, **__: given.extend(corpora))
    monkeypatch.setattr(training, "save", lambda *_: None)
    speech, noise = tmp_path / "m.csv", corpus / "noise.csv"
    assert main(["manifest", str(librispeech), "--out", str(speech)]) == 0
    others = str(corpus / "speech.csv")  # children among them
    assert main(["train", "--speech", str(speech), others, "--noise", str(noise), "--out", str(tmp_path / "m")]) == 0
    utterances, _ = given
    assert [(one.speaker, one.gender) for one in utterances] == [("14", "F")] * 2 + [("60", "M")] * 2
    assert all(one.path.is_file() for one in utterances)


def test_trials_takes_it(librispeech, tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr(trials, "evaluate_people", lambda people, **options: given.append((as_people(people), options)))
    out = tmp_path / "m.csv"
    assert main(["manifest", str(librispeech), "--out", str(out)]) == 0
    assert main(["trials", str(out), "--test", "3"]) == 0
    ((people, options),) = given

    def names(sessions):
        return {session: [path.name for path in own] for session, own in sessions.items()}

    files = {name: names(sessions) for name, sessions in people.items()}
    assert files == {
        "14": {"208": ["14-208-0000.flac", "14-208-0001.flac"]},
        "60": {"121082": ["60-121082-0000.flac", "60-121082-0001.flac"]},
    }
    assert options["test_seconds"] == 3


def test_folders_of_one_name_are_two_sessions_in_a_manifest_too(tmp_path):
    """As they are in a folder of people."""
    files = ["ann/s1/wav/a.wav", "ann/s2/wav/a.wav", "ann/s2/wav/b.wav", "bob/x/c.wav"]
    rows = [f"{file},{file[:3]}" for file in files]
    (tmp_path / "m.csv").write_text("\n".join(["path,speaker", *rows]), encoding="utf-8")
    people = as_people(tmp_path / "m.csv")
    assert {name: {session: len(own) for session, own in sessions.items()} for name, sessions in people.items()} == {
        "ann": {"ann/s1/wav": 1, "ann/s2/wav": 2},
        "bob": {"x": 1},
    }


@pytest.mark.slow
def test_trials_of_a_manifest_are_those_of_its_folder(class_folder, tmp_path, capsys):
    shutil.copytree(class_folder, tmp_path / "class")
    assert main(["manifest", str(tmp_path / "class"), "--out", str(tmp_path / "m.csv")]) == 0
    capsys.readouterr()
    printed = []
    for source in ("m.csv", "class"):
        assert main(["trials", str(tmp_path / source)]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1] and "equal error rate" in printed[0].lower()


def test_score_takes_it_as_the_truth(meetings, tmp_path, capsys):
    results = tmp_path / "results"
    results.mkdir()
    for meeting in ("ES2002a", "ES2002b"):  # as `diarize --out` names them
        name = f"{meeting}.Mix-Headset"
        write_rttm(results / f"{name}.rttm", Annotation([Turn(0.0, 1.0, "SPEAKER_00")], name))
    out = tmp_path / "m.csv"
    assert main(["manifest", str(meetings), "--out", str(out)]) == 0
    assert out.read_text().splitlines()[:2] == [
        "path,rttm,speakers,seconds,language",
        "ami/ES2002a/audio/ES2002a.Mix-Headset.wav,ami/all.rttm,2,2,en",
    ]
    capsys.readouterr()
    assert main(["score", str(out), str(results)]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "recording             DER  missed  false alarm  confusion   JER  speakers  found",
        "ES2002a.Mix-Headset  33.3    33.3          0.0        0.0  50.0         2      1",
        "ES2002b.Mix-Headset   0.0     0.0          0.0        0.0   0.0         1      1",
        "all 2                20.0    20.0          0.0        0.0",
    ]


def test_tune_takes_it(meetings, tmp_path, monkeypatch, capsys):
    given = []
    monkeypatch.setattr(tuning, "tune", lambda recordings, **_: given.extend(recordings) or 1 / 0)
    out, mine = tmp_path / "m.csv", tmp_path / "mine.json"
    assert main(["manifest", str(meetings), "--out", str(out)]) == 0
    with pytest.raises(ZeroDivisionError):
        main(["tune", str(out), "--out", str(mine)])
    assert [(path.name, annotation.turns) for path, annotation in given] == [
        ("ES2002a.Mix-Headset.wav", TALK.turns),
        ("ES2002b.Mix-Headset.wav", TALK.turns[:1]),
    ]
    assert all(path.is_file() for path, _ in given)
    capsys.readouterr()
    assert main(["tune", str(out), str(out), "--out", str(mine)]) == 2
    assert "a recording is named twice" in capsys.readouterr().err


def test_a_truth_of_other_recordings_is_refused(tmp_path, capsys):
    sound(tmp_path / "c.wav")
    write_rttm(tmp_path / "two.rttm", [Annotation(TALK.turns, name) for name in ("a", "b")])
    (tmp_path / "m.csv").write_text("path,rttm\nc.wav,two.rttm\n")
    message = "two.rttm: holds 2 recordings, none called c; it must hold one."
    for command in (["tune", "m.csv", "--out", "x.json"], ["score", "m.csv", "two.rttm"]):
        arguments = [str(tmp_path / one) if "." in one else one for one in command]
        assert main(arguments) == 2
        assert message in capsys.readouterr().err


def test_what_is_inside_parquet_is_put_into_a_folder_of_its_name(tmp_path, capsys):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    path = sound(tmp_path / "abjxc.wav")
    record = {
        "audio": {"bytes": path.read_bytes(), "path": path.name},
        "timestamps_start": [0.0, 1.0],
        "timestamps_end": [1.0, 1.5],
        "speakers": ["ann", "bob"],
    }
    (tmp_path / "copy").mkdir()
    write_table(pyarrow.Table.from_pylist([record]), tmp_path / "copy/dev-00000-of-00001.parquet")
    out = tmp_path / "m.csv"
    assert main(["manifest", str(tmp_path / "copy"), "--out", str(out)]) == 0
    assert capsys.readouterr().out == (
        "parquet: 1 recording, 2 s\n"
        "speakers in a recording: 2\n"
        f"{tmp_path / 'm'}: sounds and turns, unpacked\n"
        f"{out}: written\n"
    )
    assert out.read_text() == "path,rttm,speakers,seconds,language\nm/abjxc.wav,m/abjxc.rttm,2,2,\n"
    assert main(["score", str(out), str(tmp_path / "m")]) == 0
    assert capsys.readouterr().out.splitlines()[2].split()[:2] == ["abjxc", "0.0"]
    assert main(["manifest", str(tmp_path / "copy"), "--out", str(out), "--overwrite"]) == 2
    assert "m: is there already; to unpack sounds in Parquet files, remove it" in capsys.readouterr().err


def test_manifest_says_what_it_lacks(librispeech, tmp_path, capsys):
    def complaint(*arguments):
        assert main(["manifest", *map(str, arguments)]) == 2
        return capsys.readouterr().err

    out = tmp_path / "m.csv"
    assert complaint(librispeech, "--out", tmp_path / "m.txt") == (
        f"lightdiar: --out {tmp_path / 'm.txt'}: name a .csv file.\n"
    )
    assert "kind='ted' must be one of librispeech, " in complaint(librispeech, "--out", out, "--kind", "ted")
    assert "missing: does not exist; name the folder of a data set" in complaint(tmp_path / "missing", "--out", out)
    out.touch()
    assert f"{out}: exists. Name another file, or add --overwrite" in complaint(librispeech, "--out", out)
    assert out.read_bytes() == b""
