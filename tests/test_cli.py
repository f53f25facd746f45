import json
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from lightdiar import __version__, tuning
from lightdiar.audio import write
from lightdiar.cli import main
from lightdiar.formats import write_rttm
from lightdiar.result import Diarization, Speaker
from lightdiar.settings import Settings
from lightdiar.synthesis import synthesize_conversation
from lightdiar.timeline import Annotation, Turn

RATE = 16000
SILENCE = np.zeros(2 * RATE)


@pytest.fixture
def silence(tmp_path):
    path = tmp_path / "silence.wav"
    soundfile.write(path, SILENCE, RATE)
    return path


@pytest.fixture
def rttm(tmp_path):
    def write(name, *turns):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        lines = (f"SPEAKER {rec} 1 {start} {length} <NA> <NA> {who} <NA> <NA>\n" for rec, start, length, who in turns)
        path.write_text("".join(lines), encoding="utf-8")
        return path

    return write


def test_help_reads_like_a_manual_and_loads_nothing_heavy():
    code = (
        "import sys\n"
        "from lightdiar.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as stop: status = stop.code\n"
        "print(status, [m for m in ('numpy', 'scipy', 'sklearn', 'pandas', 'statsmodels') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert lines[-1] == "0 []"
    for name in ("count", "diarize", "speech", "features", "score", "models", "train", "demo"):
        assert any(line.split()[:1] == [name] for line in lines)
    assert "Exit status: 0 done, 2 " in done.stdout and done.stdout.isascii()


def test_version(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"lightdiar {__version__}\n"


def test_silence_has_nobody(silence, capsys):
    assert main(["count", str(silence)]) == 0
    assert capsys.readouterr().out == f"{silence}: M 0  F 0\n"
    assert main(["count", "--json", str(silence)]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(silence), "M": 0, "F": 0, "agreement": 1.0}
    assert main(["diarize", str(silence)]) == 0
    assert capsys.readouterr().out == "silence: 2.0 s, no speech found\n"
    assert main(["speech", str(silence)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "missing.wav: "),
        (lambda path: path.mkdir(), "missing.wav: "),
        (lambda path: path.write_bytes(b""), "missing.wav: "),
        (lambda path: path.write_text("words, not sound"), "missing.wav: "),
        (lambda path: path.write_bytes(b"RIFF\x24\x00\x00\x00WAVE"), "missing.wav: "),
    ],
    ids=["no file", "folder", "empty", "text", "header only"],
)
def test_what_is_no_sound_gives_one_line_and_status_2(tmp_path, capsys, make, message):
    path = tmp_path / "missing.wav"
    make(path)
    for command in ("count", "diarize", "speech"):
        assert main([command, str(path)]) == 2
        captured = capsys.readouterr()
        assert captured.out == "" and captured.err.count("\n") == 1
        assert captured.err.startswith("lightdiar: ") and message in captured.err


def test_children_are_printed_after_men_and_women(silence, capsys, monkeypatch):
    def predict(diarizer, path, progress):
        child = Speaker("SPEAKER_00", 9.0, 0.5, 0.0 if diarizer.force_gender else 0.99)
        return Diarization(Annotation([Turn(0, 9, "SPEAKER_00")]), [child], 9.0)

    monkeypatch.setattr("lightdiar.pipeline.Diarizer.predict", predict)
    assert main(["count", str(silence)]) == main(["count", "--json", str(silence)]) == 0
    assert main(["count", "--force-gender", str(silence)]) == 0
    text, data, forced = capsys.readouterr().out.splitlines()
    assert text == f"{silence}: M 0  F 0  child 1"
    assert json.loads(data) == {"file": str(silence), "M": 0, "F": 0, "child": 1, "agreement": 1.0}
    assert forced == f"{silence}: M 0  F 1  (gender of 1 uncertain)"


def test_a_failing_file_does_not_stop_the_others(tmp_path, silence, capsys):
    assert main(["count", str(tmp_path / "missing.wav"), str(silence)]) == 2
    captured = capsys.readouterr()
    assert captured.out == f"{silence}: M 0  F 0\n" and "missing.wav" in captured.err


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_24", "PCM_32", "FLOAT"])
@pytest.mark.parametrize(("rate", "channels"), [(96000, 1), (8000, 6), (22050, 2)])
def test_any_wav_is_read(tmp_path, capsys, subtype, rate, channels):
    path = tmp_path / "odd.wav"
    soundfile.write(path, np.zeros((rate, channels)), rate, subtype=subtype)
    assert main(["count", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: M 0  F 0\n"


def test_not_a_number_is_silence_with_a_warning(tmp_path, capsys):
    path = tmp_path / "nan.wav"
    soundfile.write(path, np.full(RATE, np.nan), RATE, subtype="FLOAT")
    assert main(["count", str(path)]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"{path}: M 0  F 0\n"
    assert captured.err.startswith("lightdiar: warning: ") and captured.err.count("\n") == 1


def test_out_writes_rttm_and_json_and_resume_leaves_them_alone(tmp_path, silence, capsys):
    out = tmp_path / "results"
    assert main(["diarize", str(silence), "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["silence.json", "silence.rttm"]
    assert json.loads((out / "silence.json").read_text()) == {"diarization": [], "speakers": [], "agreement": 1.0}
    (out / "silence.json").write_text("mine")
    assert main(["diarize", str(silence), "--out", str(out), "--resume"]) == 0
    assert (out / "silence.json").read_text() == "mine"
    assert "silence.wav: done before" in capsys.readouterr().err
    assert main(["diarize", str(silence), "--out", str(out)]) == 0
    assert (out / "silence.json").read_text() != "mine"


def test_files_of_one_name_are_refused_before_anything_is_done(tmp_path, silence, capsys):
    (tmp_path / "other").mkdir()
    twin = tmp_path / "other" / "silence.wav"
    soundfile.write(twin, SILENCE, RATE)
    assert main(["diarize", str(silence), str(twin), "--out", str(tmp_path / "r")]) == 2
    assert "several files are called silence" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_resume_needs_out(silence, capsys):
    assert main(["diarize", str(silence), "--resume"]) == 2
    assert "--resume needs --out" in capsys.readouterr().err


def test_too_many_speakers_are_refused(silence, capsys):
    assert main(["count", str(silence), "--num-speakers", "2"]) == 2
    assert "silence.wav: at least 2 speakers asked for, but there is no speech." in capsys.readouterr().err


def test_features_are_written_whole(silence, tmp_path, capsys):
    out = tmp_path / "features.npz"
    assert main(["features", str(silence), "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: 199 frames of 0.01 s\n"
    with np.load(out) as file:
        assert file["mfcc"].shape == (199, 24) and file["f0"].shape == file["strength"].shape == (199,)
        assert file["times"][:2] == pytest.approx([0.0125, 0.0225])
    table = tmp_path / "features.csv"
    assert main(["features", str(silence), "--out", str(table)]) == 0
    lines = table.read_text().splitlines()
    assert lines[0].startswith("time,f0,strength,mfcc_0,mfcc_1,") and len(lines) == 200
    assert main(["features", str(silence), "--out", str(tmp_path / "f.txt")]) == 2
    assert "must end in .npz or .csv" in capsys.readouterr().err


def test_score_of_files_by_hand(rttm, capsys):
    """10 s of a; found 0-8 s, then 2 s of a false speaker elsewhere: 20 % missed, 20 % false alarm."""
    reference = rttm("ref.rttm", ("x", 0, 10, "a"))
    hypothesis = rttm("hyp.rttm", ("y", 0, 8, "s"), ("y", 12, 2, "t"))
    assert main(["score", str(reference), str(hypothesis)]) == 0
    assert capsys.readouterr().out == (
        "collar 0 s on each side, overlap scored; % of reference speech, all = pooled\n"
        "recording   DER  missed  false alarm  confusion   JER  speakers  found\n"
        "x          40.0    20.0         20.0        0.0  20.0         1      2\n"
        "all 1      40.0    20.0         20.0        0.0                       \n"
    ).replace("                       \n", "\n")


def test_score_of_folders_pairs_by_name_and_pools(rttm, tmp_path, capsys):
    rttm("ref/one.rttm", ("one", 0, 10, "a"))
    rttm("ref/two.rttm", ("two", 0, 30, "a"))
    rttm("hyp/one.rttm", ("one", 0, 10, "s"))
    rttm("hyp/three.rttm", ("three", 0, 10, "s"))
    assert main(["score", str(tmp_path / "ref"), str(tmp_path / "hyp")]) == 0
    captured = capsys.readouterr()
    assert [line.split()[:3] for line in captured.out.splitlines()[2:]] == [
        ["one", "0.0", "0.0"],
        ["two", "100.0", "100.0"],
        ["all", "2", "75.0"],
    ]
    assert captured.err.splitlines() == [
        "lightdiar: warning: nothing found for two: all of it counts as missed",
        "lightdiar: warning: no reference for three: not scored",
    ]


def test_score_tells_the_line_that_is_wrong(rttm, tmp_path, capsys):
    path = tmp_path / "bad.rttm"
    path.write_text("SPEAKER x 1 0 ten <NA> <NA> a <NA> <NA>\n")
    assert main(["score", str(path), str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"lightdiar: {path}:1: ")


def test_models_prints_the_card(capsys, tmp_path):
    assert main(["models"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("sources:\n") and "LibriSpeech" in out and "sha256:" in out
    assert main(["models", str(tmp_path)]) == 2
    assert "card.json: cannot be read" in capsys.readouterr().err


def test_demo_finds_the_four_voices_and_saves_the_sound(tmp_path, capsys):
    path = tmp_path / "demo.wav"
    assert main(["demo", "--save", str(path)]) == 0
    out = capsys.readouterr().out
    assert "4 speakers (2 M, 2 F)" in out and "DER " in out
    assert soundfile.info(path).duration > 30


def test_an_interrupt_is_no_traceback(silence, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("lightdiar.pipeline.Diarizer.predict", interrupted)
    assert main(["count", str(silence)]) == 130
    assert capsys.readouterr().err == "lightdiar: interrupted\n"


def test_an_output_that_cannot_be_is_refused_before_the_work(silence, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("lightdiar.pipeline.Diarizer.predict", None)
    assert main(["diarize", str(silence), "--out", str(silence)]) == 2
    assert "silence.wav: cannot be a folder" in capsys.readouterr().err
    assert main(["features", str(silence), "--out", str(tmp_path / "none" / "x.npz")]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_patterns_that_no_shell_expanded_are_expanded(silence, capsys):
    assert main(["count", str(silence.parent / "sil*.wav")]) == 0
    assert capsys.readouterr().out == f"{silence}: M 0  F 0\n"
    assert main(["count", str(silence.parent / "x*.wav")]) == 2


def test_a_recording_may_occur_only_once(rttm, tmp_path, capsys):
    rttm("ref/one.rttm", ("one", 0, 10, "a"))
    rttm("ref/two.rttm", ("one", 0, 10, "a"))
    assert main(["score", str(tmp_path / "ref"), str(tmp_path / "ref")]) == 2
    assert "two.rttm: holds one again" in capsys.readouterr().err


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """Two conversations with their truths beside them."""
    folder = tmp_path_factory.mktemp("known")
    for seed in range(2):
        sound, truth, _ = synthesize_conversation(n_turns=6, seed=seed)
        write(folder / f"talk{seed}.wav", sound)
        write_rttm(folder / f"talk{seed}.rttm", truth)
    return folder


def test_tune_writes_settings_that_other_commands_take(known, capsys, monkeypatch):
    deaf = Settings(speech_bias=-100.0)
    monkeypatch.setattr(tuning, "Settings", lambda **drawn: deaf)  # what the trials draw
    out = known / "mine.json"
    arguments = ["tune", str(known / "talk0.wav"), str(known / "talk1.wav"), "--out", str(out), "--trials", "1"]
    assert main(arguments) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "on 1 of 2 recordings, which the search did not see:"
    assert printed[1].startswith("  defaults  DER ") and printed[2].startswith("  tuned     DER ")
    assert printed[3] == "  so few recordings prove little; give more of them."
    assert printed[4].startswith("no better than the defaults there: nothing is written.")
    assert not out.exists()
    deaf.save(out)
    assert main(["count", "--settings", str(out), str(known / "talk0.wav")]) == 0
    assert capsys.readouterr().out == f"{known / 'talk0.wav'}: M 0  F 0\n"
    assert main(["speech", "--settings", str(out), str(known / "talk0.wav")]) == 0
    assert capsys.readouterr().out == ""


def test_tune_says_what_it_lacks(known, tmp_path, capsys):
    def complaint(*files, out="mine.json"):
        assert main(["tune", *map(str, files), "--out", str(tmp_path / out)]) == 2
        return capsys.readouterr().err

    talk = known / "talk0.wav"
    assert f"{tmp_path / 'x.wav'}: the sound and its truth x.rttm must both be there" in complaint(tmp_path / "x.wav")
    assert "a recording is named twice" in complaint(talk, talk)
    assert "1 recordings; tuning needs at least 2" in complaint(talk)
    assert "name a .json file in a folder that exists" in complaint(talk, out="mine.txt")


def test_unknown_settings_are_refused(silence, capsys):
    with pytest.raises(SystemExit):
        main(["count", "--settings", "flim", str(silence)])
    assert "flim: cannot be read: No such file or directory; or name one of film, meeting" in capsys.readouterr().err
