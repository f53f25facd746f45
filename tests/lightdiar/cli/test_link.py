import numpy as np
import pytest
import soundfile

from lightdiar.cli import main
from lightdiar.errors import AudioError
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.systems.sound import name_of_recording
from lightdiar.systems.voice_models import load_voice_models
from lightdiar.timeline import Annotation, Turn

TEXT = """\
2 recordings, 3 speakers, 2 people

person      gender  recordings  seconds  share
PERSON_001  F                2     30.0  85.7%
PERSON_002  M                1      5.0  14.3%

person      recording  speaker     gender  seconds  probability
PERSON_001  one        SPEAKER_00  F          20.0         1.00
PERSON_001  two        SPEAKER_00  F          10.0         1.00
PERSON_002  two        SPEAKER_01  M           5.0
"""


@pytest.fixture
def episodes(tmp_path):
    """Three files of which the second cannot be heard."""
    for name in ("one", "bad", "two"):
        soundfile.write(tmp_path / f"{name}.wav", np.zeros(1600), 16000)
    return [str(tmp_path / f"{name}.wav") for name in ("one", "bad", "two")]


@pytest.fixture
def diarized(monkeypatch):
    """Diarization that takes no time: a voice of the training speakers in each file, another in those called two."""
    cohort = load_voice_models().cohort.astype(np.float32)

    def predict(_diarizer, path, progress):
        if path.stem == "bad":
            raise AudioError("no sound in it.")
        found = [Speaker("SPEAKER_00", 10.0, 0.99, voice=Voiceprint(5 * cohort[0], 10.0))]
        turns = [Turn(0, 10, "SPEAKER_00")]
        if path.stem == "two":
            found.append(Speaker("SPEAKER_01", 5.0, 0.01, voice=Voiceprint(-5 * cohort[0], 5.0)))
            turns.append(Turn(10, 15, "SPEAKER_01"))
        else:
            found = [Speaker("SPEAKER_00", 20.0, 0.99, voice=found[0].voice)]
            turns = [Turn(0, 20, "SPEAKER_00")]
        return Diarization(Annotation(turns, name_of_recording(path)), found, 20.0)

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)


def test_people_are_printed_and_written_and_a_bad_file_is_left_out(episodes, diarized, tmp_path, capsys):
    out = tmp_path / "who.csv"
    assert main(["link", *episodes, "--out", str(out)]) == 2
    assert capsys.readouterr() == (TEXT, f"lightdiar: {episodes[1]}: no sound in it.\n")
    assert out.read_text().splitlines()[0] == "person,recording,speaker,seconds,gender,probability"
    assert len(out.read_text().splitlines()) == 4


def test_the_table_is_written_if_nobody_reads_what_is_printed(episodes, diarized, tmp_path, main_unread):
    assert main_unread(["link", episodes[0], "--out", str(tmp_path / "who.csv")]) == 0
    assert (tmp_path / "who.csv").read_text().startswith("person,recording,speaker,")


def test_a_table_is_not_replaced_unless_asked(episodes, diarized, tmp_path, capsys):
    out = tmp_path / "who.csv"
    out.write_text("mine")
    assert main(["link", *episodes, "--out", str(out)]) == 2
    assert capsys.readouterr() == (
        "",
        f"lightdiar: {out}: exists. Name another file, or add --overwrite to replace it.\n",
    )
    assert out.read_text() == "mine"
    assert main(["link", episodes[0], "--out", str(out), "--overwrite"]) == 0
    assert out.read_text().startswith("person,")


def test_a_recording_is_never_the_table(episodes, capsys):
    assert main(["link", *episodes, "--out", episodes[0]]) == 2
    assert "is an input" in capsys.readouterr().err


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path, diarized, capsys):
    paths = [tmp_path / season / "one.wav" for season in ("season1", "season2")]
    for path in paths:
        path.parent.mkdir()
        soundfile.write(path, np.zeros(1600), 16000)
    assert main(["link", *map(str, paths)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines[-2:]] == list(map(str, paths))


def test_the_same_file_twice_is_one_recording(episodes, diarized, capsys):
    assert main(["link", episodes[0], episodes[0]]) == 2
    captured = capsys.readouterr()
    assert captured.out.startswith("1 recording, 1 speaker, 1 person\n")
    assert captured.err == f"lightdiar: {episodes[0]}: two recordings have this name; give each a name of its own.\n"


def test_nothing_is_written_if_nothing_could_be_read(episodes, diarized, tmp_path, capsys):
    assert main(["link", episodes[1], "--out", str(tmp_path / "who.csv")]) == 2
    assert capsys.readouterr().out == ""
    assert not (tmp_path / "who.csv").exists()


def test_without_models_of_voices_nothing_can_be_linked(episodes, capsys):
    assert main(["link", *episodes, "--untrained"]) == 2
    assert capsys.readouterr() == (
        "",
        "lightdiar: --method untrained knows no voices, and link compares voices: leave it out.\n",
    )


def test_silence(silence, capsys):
    assert main(["link", str(silence)]) == 0
    assert capsys.readouterr() == ("1 recording, 0 speakers, 0 people\n", "")
