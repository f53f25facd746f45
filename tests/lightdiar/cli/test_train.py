import json

import pytest

from lightdiar.cli import main
from lightdiar.common.archive import read_card
from lightdiar.systems import bundle
from lightdiar.systems.voice_models import load_voice_models
from lightdiar.training import plays
from lightdiar.training import train as training
from lightdiar.training import voices as voice_training


@pytest.fixture
def asked(monkeypatch):
    """What training was asked for: list of (arguments, options)."""
    calls = []
    monkeypatch.setattr(training, "train", lambda *arguments, **options: calls.append((arguments, options)))
    return calls


def test_train_asks_for_what_the_options_say(asked, tmp_path, capsys):
    (tmp_path / "card.json").write_text('{"licence": ["CC BY 4.0, Zoë"]}', encoding="utf-8")
    out = tmp_path / "mine"
    options = [
        "--speech",
        "a.csv",
        "b.csv",
        "--noise",
        "n.csv",
        "m.csv",
        "--out",
        str(out),
        "--jobs",
        "3",
        "--seed",
        "7",
    ]
    options += ["--leave-out", "*babble*", "--leave-out", "*film*", "--card", str(tmp_path / "card.json")]
    assert main(["train", *options]) == 0
    ((speech, noise, folder), others) = asked[0]
    assert ([path.name for path in speech], folder) == (["a.csv", "b.csv"], out)
    assert [path.name for path in noise] == ["n.csv", "m.csv"]
    assert (others["leave_out"], others["n_jobs"], others["seed"]) == (["*babble*", "*film*"], 3, 7)
    assert others["notes"] == {"licence": ["CC BY 4.0, Zoë"]}
    others["progress"]("speech detector")
    assert capsys.readouterr() == (f"{out}: trained\n", "speech detector\n")


def test_what_need_not_be_said(asked, tmp_path):
    assert main(["train", "--speech", "a.csv", "--noise", "n.csv", "--out", str(tmp_path)]) == 0
    _, options = asked[0]
    assert (options["leave_out"], options["notes"], options["n_jobs"], options["seed"]) == ([], None, 1, 0)


def test_the_models_of_voices_are_a_task_of_their_own(asked, tmp_path, monkeypatch, capsys):
    calls = []
    monkeypatch.setattr(
        voice_training, "train_voices", lambda *arguments, **options: calls.append((arguments, options))
    )
    options = ["--task", "voices", "--speech", "a.csv", "b.csv", "--noise", "n.csv", "m.csv", "--leave-out", "*film*"]
    assert main(["train", *options, "--out", str(tmp_path / "v"), "--jobs", "2"]) == 0
    ((speech, noise, folder), others) = calls[0]
    assert ([path.name for path in speech], [path.name for path in noise]) == (["a.csv", "b.csv"], ["n.csv", "m.csv"])
    assert folder == tmp_path / "v" and asked == []
    assert (others["leave_out"], others["notes"], others["n_jobs"]) == (["*film*"], None, 2)
    others["progress"]("4 people: sessions")
    assert capsys.readouterr() == (f"{tmp_path / 'v'}: trained\n", "4 people: sessions\n")


def test_how_far_diarizations_can_be_believed_is_a_task_of_its_own(asked, tmp_path, monkeypatch, capsys):
    calls = []
    monkeypatch.setattr(plays, "train_reliability", lambda *arguments, **options: calls.append((arguments, options)))
    options = ["--task", "reliability", "--speech", "a.csv", "b.csv", "--noise", "n.csv", "m.csv", "o.csv"]
    assert main(["train", *options, "--leave-out", "*film*", "--out", str(tmp_path / "r"), "--jobs", "2"]) == 0
    ((speech, noise, folder), others) = calls[0]
    assert [path.name for path in speech] == ["a.csv", "b.csv"]
    assert [path.name for path in noise] == ["n.csv", "m.csv", "o.csv"]
    assert folder == tmp_path / "r" and asked == []
    assert (others["leave_out"], others["notes"], others["n_jobs"]) == (["*film*"], None, 2)
    others["progress"]("regressions")
    assert capsys.readouterr() == (f"{tmp_path / 'r'}: trained\n", "regressions\n")


def test_what_reliability_cannot_be_learnt_from_gives_one_line(corpus, tmp_path, capsys):
    speech, noise, out = str(corpus / "speech.csv"), str(corpus / "noise.csv"), str(tmp_path / "r")
    for manifests, message in (
        (
            ["--speech", speech, "--noise", noise],
            "lightdiar: --noise: reliability needs two manifests or more, one to ",
        ),
        (["--speech", speech, "--noise", noise, noise], "lightdiar: --speech: reliability needs a manifest with at "),
        (["--speech", noise, "--noise", noise, noise], "noise.csv:1: no column speaker, gender; a manifest needs"),
    ):
        assert main(["train", "--task", "reliability", *manifests, "--out", out]) == 2
        captured = capsys.readouterr()
        assert captured.out == "" and captured.err.count("\n") == 1 and message in captured.err
    assert not (tmp_path / "r").exists()


def test_a_seed_is_a_natural_number_of_diarization(asked, tmp_path, capsys):
    options = ["--speech", "a.csv", "--noise", "n.csv", "m.csv", "--out", str(tmp_path / "v")]
    for more, message in (
        (["--task", "voices", "--seed", "1"], "--seed: only for --task diarization."),
        (["--jobs", "0"], "--jobs 0: the number of processes must be 1 or more."),
    ):
        assert main(["train", *options, *more]) == 2
        assert capsys.readouterr() == ("", f"lightdiar: {message}\n")
    assert asked == [] and not (tmp_path / "v").exists()
    with pytest.raises(SystemExit) as stop:
        main(["train", "--task", "words", *options])
    assert stop.value.code == 2 and "invalid choice: 'words'" in capsys.readouterr().err


def test_manifests_of_voices_that_cannot_be_used_give_one_line(corpus, tmp_path, capsys):
    speech, noise, out = str(corpus / "speech.csv"), str(corpus / "noise.csv"), str(tmp_path / "v")
    for manifests, message in (
        (["--speech", noise, "--noise", noise], "noise.csv:1: no column speaker, gender; a manifest needs"),
        (["--speech", speech, "--noise", noise, speech], "speech.csv:1: no column kind; a manifest needs"),
        (["--speech", speech, "--noise", noise, "--leave-out", "tune*"], "noise.csv: no rows of kind music; training"),
    ):
        assert main(["train", "--task", "voices", *manifests, "--out", out]) == 2
        captured = capsys.readouterr()
        assert captured.out == "" and captured.err.count("\n") == 1 and message in captured.err
    assert not (tmp_path / "v").exists()


@pytest.mark.parametrize("left_out", ["--speech", "--noise", "--out"])
def test_what_must_be_said(asked, capsys, left_out):
    given = {"--speech": "a.csv", "--noise": "n.csv", "--out": "mine"}
    with pytest.raises(SystemExit) as stop:
        main(["train", *(word for name, value in given.items() if name != left_out for word in (name, value))])
    assert stop.value.code == 2 and asked == []
    assert f"the following arguments are required: {left_out}" in capsys.readouterr().err


@pytest.mark.parametrize("text", [None, "{"])
def test_a_card_that_cannot_be_used_is_refused_before_the_work(asked, tmp_path, capsys, text):
    if text is not None:
        (tmp_path / "card.json").write_text(text, encoding="utf-8")
    arguments = ["--speech", "a.csv", "--noise", "n.csv", "--out", "mine", "--card", str(tmp_path / "card.json")]
    assert main(["train", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith("lightdiar: ") and captured.err.count("\n") == 1
    assert asked == []


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"speech": "none.csv"}, "none.csv: cannot be read: No such file or directory"),
        ({"speech": "noise.csv"}, "noise.csv:1: no column speaker, gender; a manifest needs path,speaker"),
        ({"noise": "speech.csv"}, "speech.csv:1: no column kind; a manifest needs path,kind"),
        ({"leave_out": "*"}, "noise.csv: no rows of kind noise; training needs noise and music"),
        ({"leave_out": "tune*"}, "noise.csv: no rows of kind music; training needs noise and music"),
    ],
)
def test_manifests_that_cannot_be_used_are_refused_before_the_work(corpus, tmp_path, capsys, wrong, message):
    given = {"speech": "speech.csv", "noise": "noise.csv", "leave_out": "nothing"} | wrong
    arguments = ["--speech", str(corpus / given["speech"]), "--noise", str(corpus / given["noise"])]
    assert main(["train", *arguments, "--leave-out", given["leave_out"], "--out", str(tmp_path / "mine")]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    assert captured.err.startswith(f"lightdiar: {corpus / message}")
    assert not (tmp_path / "mine").exists()


@pytest.mark.slow
def test_train_writes_a_bundle_that_other_commands_take(corpus, tmp_path, monkeypatch, capsys):
    for name, value in dict(N_SCENES=3, N_COMPONENTS=4, N_FACTORS=3, N_PLDA=2).items():
        monkeypatch.setattr(training, name, value)
    (tmp_path / "card.json").write_text(json.dumps({"licence": ["mine"]}), encoding="utf-8")
    out = tmp_path / "mine"
    arguments = ["--speech", str(corpus / "speech.csv"), "--noise", str(corpus / "noise.csv"), "--out", str(out)]
    assert main(["train", *arguments, "--leave-out", "*bab*", "--card", str(tmp_path / "card.json")]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"{out}: trained\n"
    assert captured.err.splitlines() == [
        "8 utterances, 1 noises, 1 pieces of music",
        "speech detector",
        "speaker models",
        "gender model",
    ]
    assert bundle.load(out).ubm.means.shape == (4, 38)
    assert read_card(out)["licence"] == ["mine"]
    assert main(["models", str(out)]) == 0
    assert "licence:\n  mine\n" in capsys.readouterr().out


@pytest.mark.slow
def test_train_writes_models_of_voices(corpus, tmp_path, monkeypatch, capsys):
    small = dict(N_COMPONENTS=4, N_FACTORS=5, N_PRINCIPAL=12, N_SUPERVECTOR=6)
    for name, value in {**small, "FASTER_OR_SLOWER": (("clean", False),)}.items():
        monkeypatch.setattr(voice_training, name, value)
    (tmp_path / "card.json").write_text(json.dumps({"licence": ["mine"]}), encoding="utf-8")
    out = tmp_path / "mine"
    arguments = ["--speech", str(corpus / "speech.csv"), "--noise", str(corpus / "noise.csv"), "--out", str(out)]
    assert main(["train", "--task", "voices", *arguments, "--card", str(tmp_path / "card.json")]) == 0
    assert capsys.readouterr().out == f"{out}: trained\n"
    assert load_voice_models(out).voiceprinter.n_dimensions == 12 and read_card(out)["licence"] == ["mine"]
    assert main(["models", str(out)]) == 0
    assert "licence:\n  mine\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("card", "complaint"), [("{", "is not JSON"), ("[]", "must be a JSON object"), ("[" * 100_000, "is not JSON")]
)
def test_a_card_is_checked_before_the_work(corpus, tmp_path, capsys, card, complaint):
    (tmp_path / "notes.json").write_text(card, encoding="utf-8")
    speech, noise = str(corpus / "speech.csv"), str(corpus / "noise.csv")
    options = ["--card", str(tmp_path / "notes.json"), "--out", str(tmp_path / "models")]
    assert main(["train", "--speech", speech, "--noise", noise, *options]) == 2
    out, err = capsys.readouterr()
    assert out == "" and f"--card {tmp_path / 'notes.json'}: {complaint}" in err and err.count("\n") == 1
