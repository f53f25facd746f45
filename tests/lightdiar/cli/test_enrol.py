import pytest

from lightdiar.cli import main
from lightdiar.io.audio import write
from lightdiar.recognition.voices import Voices


def test_a_folder_of_people_becomes_a_file_of_voices(class_folder, voices, voices_file, tmp_path, capsys):
    out = tmp_path / "class.voices"
    assert main(["enrol", str(class_folder), "--out", str(out)]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [
        f"{out}: 3 people enrolled",
        "Voices are biometric data: have everybody's consent, and delete who asks for it: lightdiar remove",
    ]
    assert captured.err.splitlines() == [
        f"[{number}/3] {name}: {voices.seconds(name):.1f} s of speech in 1 session"
        for number, name in enumerate(("Adam", "Clara", "Emil"), 1)
    ]
    assert out.read_bytes() == voices_file.read_bytes()


def test_one_person_only(people, tmp_path, capsys):
    (tmp_path / "class" / "Ann Lee").mkdir(parents=True)
    write(tmp_path / "class" / "Ann Lee" / "a.wav", people["Adam"][1])
    out = tmp_path / "one.voices"
    assert main(["enrol", str(tmp_path / "class"), "--out", str(out)]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith(f"{out}: 1 person enrolled\n")
    warning, progress = captured.err.splitlines()
    assert warning.startswith("lightdiar: warning: Ann Lee: 4.") and "with less than 10 s there will be more" in warning
    assert progress.startswith("[1/1] Ann Lee: 4.")


def test_nothing_is_replaced_unless_asked_and_that_is_said_before_the_work(class_folder, own_file, capsys, monkeypatch):
    before = own_file.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(Voices, "enrol", None)
        assert main(["enrol", str(class_folder), "--out", str(own_file)]) == 2
        assert main(["enrol", str(class_folder), "--out", str(own_file / "x" / "y.voices")]) == 2
    captured = capsys.readouterr()
    first, second = captured.err.splitlines()
    assert captured.out == "" and own_file.read_bytes() == before
    assert first == f"lightdiar: {own_file}: exists. Name another file, or add --overwrite to replace it."
    assert second.startswith("lightdiar: ") and "does not exist" in second
    kept = Voices.load(own_file)
    kept.remove("Adam")
    monkeypatch.setattr(Voices, "enrol", lambda folder, progress: kept)
    assert main(["enrol", str(class_folder), "--out", str(own_file), "--overwrite"]) == 0
    assert Voices.load(own_file).names == ("Clara", "Emil")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: None, "class: does not exist; name a folder that holds one folder for each person."),
        (
            lambda folder: folder.write_text("x"),
            "class: is a file; name a folder that holds one folder for each person.",
        ),
        (
            lambda folder: folder.mkdir(),
            "class: is empty; it must hold one folder of sounds for each person.\n",
        ),
        (lambda folder: (folder / "ann").mkdir(parents=True), "folders with sound: 0 of 1; sounds beside them: 0"),
    ],
    ids=["nothing", "a file", "empty", "nobody has sound"],
)
def test_folders_without_people_give_one_line(tmp_path, capsys, make, message):
    make(tmp_path / "class")
    assert main(["enrol", str(tmp_path / "class"), "--out", str(tmp_path / "out.voices")]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1 and captured.err.startswith("lightdiar: ")
    assert message in captured.err and not (tmp_path / "out.voices").exists()


def test_who_cannot_be_enrolled_is_said_and_the_others_are(class_folder, silence, people, tmp_path, capsys):
    for name in ("mute", "Adam"):
        (tmp_path / "class" / name).mkdir(parents=True)
    silence.rename(tmp_path / "class" / "mute" / "a.wav")
    write(tmp_path / "class" / "Adam" / "a.wav", people["Adam"][0])
    out = tmp_path / "out.voices"
    assert main(["enrol", str(tmp_path / "class"), "--out", str(out)]) == 2
    captured = capsys.readouterr()
    assert captured.err.splitlines()[1:] == [
        "lightdiar: not enrolled: mute: 0.0 s of speech found in 1 sound; at least 3 s are needed, better 30 s.",
        "[2/2] mute: not enrolled",
    ]
    assert captured.out.startswith(f"{out}: 1 person enrolled\n") and Voices.load(out).names == ("Adam",)


@pytest.mark.parametrize("left_out", ["FOLDER", "--out"])
def test_what_must_be_said(capsys, left_out):
    with pytest.raises(SystemExit) as stop:
        main(["enrol", "class"] if left_out == "--out" else ["enrol", "--out", "x.voices"])
    assert stop.value.code == 2 and f"arguments are required: {left_out}" in capsys.readouterr().err
