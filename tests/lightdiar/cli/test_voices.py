import pytest

from lightdiar.cli import main
from lightdiar.recognition.storage import save_voices
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems.voice_models import load_voice_models


@pytest.fixture
def path(tmp_path, voices):
    vector = voices._people["Adam"][0].vector
    people = {"Zoë van Dam": [Voiceprint(vector, 30.04), Voiceprint(vector, 2.0)], "bob": [Voiceprint(vector, 6.0)]}
    save_voices(tmp_path / "class.voices", people, load_voice_models().fingerprint)
    return tmp_path / "class.voices"


def test_the_people_are_listed(path, capsys):
    assert main(["voices", str(path)]) == 0
    captured = capsys.readouterr()
    assert captured.err == "" and captured.out.splitlines() == [
        "person       sessions  seconds",
        "Zoë van Dam         2     32.0",
        "bob                 1      6.0",
    ]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda path: path.unlink(),
            "class.voices: cannot be read (No such file or directory); name a file of voices: `lightdiar enrol` writes "
            "them.\n",
        ),
        (lambda path: path.write_bytes(b""), "class.voices: is not a file of voices; `lightdiar enrol` writes them.\n"),
        (
            lambda path: path.write_text("words"),
            "class.voices: is not a file of voices; `lightdiar enrol` writes them.\n",
        ),
        (
            lambda path: path.write_bytes(path.read_bytes()[:-40]),
            "class.voices: is not a file of voices, or damaged: is not an npz of plain arrays (a zip file has to fill "
            "it from the first byte to the last); pickles are rejected.\n",
        ),
        (
            lambda path: (path.unlink(), path.mkdir()),
            "class.voices: is a folder, not a file of voices; `lightdiar enrol` writes them.\n",
        ),
        (lambda path: path.write_bytes((path.parent / "other.voices").read_bytes()), "was made by other models"),
    ],
    ids=["missing", "empty", "text", "cut", "folder", "other models"],
)
def test_what_is_no_file_of_voices_gives_one_line(path, tmp_path, capsys, spoil, message):
    save_voices(tmp_path / "other.voices", {"ann": [Voiceprint(load_voice_models().cohort[0], 5.0)]}, "f" * 32)
    spoil(path)
    asked = "remove bob", "verify bob x.wav", "identify x.wav", "add bob x.wav", "count x.wav", "diarize x.wav"
    for command in (["voices", str(path)], *([*words.split(), "--voices", str(path)] for words in asked)):
        assert main(command) == 2
        captured = capsys.readouterr()
        assert captured.out == "" and captured.err.count("\n") == 1
        assert captured.err.startswith("lightdiar: ") and message in captured.err
