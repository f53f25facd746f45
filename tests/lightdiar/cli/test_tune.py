import pytest

from lightdiar.cli import main
from lightdiar.io.audio import write
from lightdiar.io.rttm import write_rttm
from lightdiar.metrics.diarization import DiarizationScore
from lightdiar.systems.conversion import write_turns
from lightdiar.systems.settings import Settings
from lightdiar.timeline import Annotation, Turn
from lightdiar.training import tuning
from lightdiar.training.synthesis import synthesize_conversation


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """Two conversations with their truths beside them."""
    folder = tmp_path_factory.mktemp("known")
    for seed in range(2):
        sound, truth, _ = synthesize_conversation(n_turns=4, seed=seed)
        write(folder / f"talk{seed}.wav", sound)
        write_rttm(folder / f"talk{seed}.rttm", truth)
    return folder


def test_tune_writes_settings_that_other_commands_take(known, capsys, monkeypatch, heard_once):
    deaf = Settings(speech_bias=-100.0)
    monkeypatch.setattr(tuning, "RANGES", {"speech_bias": (-100.0, -100.0)})  # what the trials draw
    out = known / "mine.json"
    arguments = ["tune", str(known / "talk0.wav"), str(known / "talk1.wav"), "--out", str(out), "--trials", "1"]
    assert main(arguments) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "each of 2 recordings left out in turn, with the settings that were best on the others:"
    assert printed[1].startswith("  defaults  DER ") and printed[2].startswith("  tuned     DER ")
    assert printed[3] == "  less error on 0, more on 0"  # the defaults themselves were best
    assert printed[4:] == [
        "tuning does not beat the defaults on recordings it has not seen: nothing was written, keep the defaults."
    ]
    assert not out.exists()
    deaf.save(out)
    assert main(["count", "--settings", str(out), str(known / "talk0.wav")]) == 0
    assert capsys.readouterr().out == f"{known / 'talk0.wav'}: M 0  F 0\n"
    assert main(["speech", "--settings", str(out), str(known / "talk0.wav")]) == 0
    assert capsys.readouterr().out == ""


def test_settings_that_are_better_are_written(known, tmp_path, capsys, monkeypatch, heard_once):
    monkeypatch.setattr(tuning, "RANGES", {"speech_bias": (0.0, 0.0)})
    monkeypatch.setattr(
        tuning.tune, "__kwdefaults__", tuning.tune.__kwdefaults__ | {"default": Settings(speech_bias=-100.0)}
    )
    out = tmp_path / "mine.json"
    assert main(["tune", str(known / "talk0.wav"), str(known / "talk1.wav"), "--out", str(out), "--trials", "1"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[3:] == [
        "  less error on 2, more on 0",
        f"{out}: written; use it with --settings {out}",
    ]
    assert Settings.load(out) == Settings()


@pytest.mark.parametrize(("missed", "said"), [(8.9, False), (9.1, True)])
def test_a_small_gain_may_be_luck(known, tmp_path, capsys, monkeypatch, missed, said):
    scores = [tuple([DiarizationScore(10.0, seconds)] * 2) for seconds in (missed, 10.0)]
    monkeypatch.setattr(tuning, "tune", lambda *_, **__: tuning.Tuning(Settings(), True, *scores))
    assert main(["tune", str(known / "talk0.wav"), str(known / "talk1.wav"), "--out", str(tmp_path / "m.json")]) == 0
    assert (
        "  a gain this small is luck as often as not; more recordings would tell.\n" in capsys.readouterr().out
    ) == said


def test_tune_says_what_it_lacks(known, tmp_path, capsys):
    def complaint(*files, out="mine.json"):
        assert main(["tune", *map(str, files), "--out", str(tmp_path / out)]) == 2
        return capsys.readouterr().err

    talk = known / "talk0.wav"
    assert complaint(tmp_path / "x.wav") == (
        f"lightdiar: {tmp_path / 'x.wav'}: the recording and its truth x.rttm, or another file of turns, must both "
        "exist in the same folder.\n"
    )
    (tmp_path / "x.wav").touch()
    (tmp_path / "x.eaf").touch()
    (tmp_path / "x.csv").touch()
    assert complaint(tmp_path / "x.wav") == (
        f"lightdiar: {tmp_path / 'x.wav'}: x.csv, x.eaf could each be its truth; leave one there, or convert it to "
        "RTTM.\n"
    )
    assert "a recording is named twice" in complaint(talk, talk)
    assert "1 recordings; tuning needs at least 2" in complaint(talk)
    assert "mine.txt: name a .json file." in complaint(talk, out="mine.txt")


def test_truths_on_several_channels_are_one_and_noscore_is_refused(known, tmp_path, capsys, monkeypatch):
    """No sound is analysed: the truths are what the search is given."""
    given = []

    def search(recordings, **options):
        given.extend(truth for _, truth in recordings)
        raise ValueError("enough")

    monkeypatch.setattr(tuning, "tune", search)
    for name in ("a", "b"):
        (tmp_path / f"{name}.wav").write_bytes(b"")
        (tmp_path / f"{name}.rttm").write_text("SPEAKER x 1 0 5 <NA> <NA> ann\nSPEAKER x 2 3 5 <NA> <NA> ann\n")
    arguments = ["tune", str(tmp_path / "a.wav"), str(tmp_path / "b.wav"), "--out", str(tmp_path / "m.json")]
    assert main(arguments) == 2 and capsys.readouterr().err == "lightdiar: enough\n"
    assert given[0] == Annotation([Turn(0, 5, "ann/1"), Turn(3, 8, "ann/2")], "x")
    with (tmp_path / "b.rttm").open("a") as file:
        file.write("NOSCORE x 1 8 2\n")
    assert main(arguments) == 2
    assert "b.rttm: has NOSCORE lines, but all of a recording is tuned on" in capsys.readouterr().err


def test_truths_are_read_in_every_format_and_rttm_first(tmp_path, capsys, monkeypatch):
    given = []

    def search(recordings, **options):
        given.extend(truth for _, truth in recordings)
        raise ValueError("enough")

    monkeypatch.setattr(tuning, "tune", search)
    talk = Annotation([Turn(0.5, 2, "ann")], "talk")
    names = ["a.TextGrid", "b.eaf", "c.csv", "d.srt", "e.vtt", "f.json", "g.rttm"]
    for name in names:
        (tmp_path / name).with_suffix(".wav").write_bytes(b"")
        write_turns(tmp_path / name, talk)
    (tmp_path / "g.srt").write_text("subtitles that name nobody")
    files = [str(tmp_path / f"{letter}.wav") for letter in "abcdefg"]
    assert main(["tune", *files, "--out", str(tmp_path / "m.json")]) == 2
    assert capsys.readouterr().err == "lightdiar: enough\n"
    assert [truth.turns for truth in given] == [talk.turns] * 7
    given.clear()
    write_turns(tmp_path / "a.TextGrid", Annotation([*talk, Turn(0, 9, "noise")]))
    assert main(["tune", *files[:2], "--out", str(tmp_path / "m.json"), "--tier", "ann"]) == 2
    assert [truth.turns for truth in given] == [talk.turns] * 2
