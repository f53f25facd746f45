import shutil

import pytest

from lightdiar.cli import main

pytestmark = pytest.mark.usefixtures("few_draws")


@pytest.mark.parametrize("command", [[], ["train"], ["validate"], ["evaluate"], ["apply"]])
def test_help_reads_like_a_manual(command, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    with pytest.raises(SystemExit) as stop:
        main(["events", *command, "--help"])
    out = capsys.readouterr().out
    assert stop.value.code == 0 and out.isascii() and len(out.splitlines()) > 12
    assert max(map(len, out.splitlines())) <= 120


def test_a_command_is_needed(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["events"])
    assert stop.value.code == 2 and "the following arguments are required: COMMAND" in capsys.readouterr().err


def test_train_tells_what_it_does_and_validate_shows_it(tones_folder, begin_experiment, tmp_path, capsys):
    folder = begin_experiment(tmp_path / "exp", patience=1)
    assert main(["events", "validate", str(folder)]) == 2
    assert capsys.readouterr().err == (
        f"lightdiar: {folder}: nothing was trained here; `lightdiar events train` does it.\n"
    )
    assert main(["events", "train", str(folder), str(tones_folder), "--fold", "1"]) == 0
    told = capsys.readouterr()
    assert told.out == f"{folder / 'fold1' / 'model'}: trained\n"
    assert told.err == (
        f"{folder / 'fold1'}: 4 recordings, 0.3 minutes, 0.0 MB of features; 1 held out\n"
        f"{folder / 'fold1'}: beep: F1 100.0 %, error rate 0.00 (components 1)\n"
        f"{folder / 'fold1'}: buzz: F1 100.0 %, error rate 0.00 (components 1)\n"
        f"{folder / 'fold1' / 'model'}: written\n"
    )
    assert main(["events", "validate", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        f"{folder / 'fold1'}: validations on the recordings held out",
        "label            components   F1 %  error rate  F1 % of each validation",
        "beep   finished           1  100.0        0.00  100.0 100.0",
        "buzz   finished           1  100.0        0.00  100.0 100.0",
    ]
    assert lines[4:7] == [
        "",
        "segments of 1 s   true  found   F1 %            95 %  error rate          95 %",
        "(all together)       4      4  100.0  [100.0, 100.0]        0.00  [0.00, 0.00]",
    ]


def test_validate_shows_a_training_that_is_on_its_way(own_trained, capsys):
    history = own_trained / "fold1" / "classes" / "01" / "history.csv"
    history.write_text("".join(history.read_text().splitlines(keepends=True)[:2]).replace(",1\n", ",0\n"))
    (own_trained / "fold1" / "validation.txt").unlink()
    shutil.rmtree(own_trained / "fold1" / "model")
    assert main(["events", "validate", str(own_trained), "--fold", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[3:] == [
        "buzz   training           1  100.0        0.00  100.0",
        "the model is not finished",
    ]
    assert main(["events", "validate", str(own_trained)]) == 0
    out = capsys.readouterr().out
    assert out.count("validations on the recordings held out") == 2 and f"\n\n{own_trained / 'fold2'}: " in out


def test_evaluate_prints_tables_of_all_folds(own_trained, capsys):
    assert main(["events", "evaluate", str(own_trained)]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[:6] == [
        f"{own_trained}: 4 test recordings",
        "segments of 1 s   true  found   F1 %            95 %  error rate          95 %",
        "(all together)      19     19  100.0  [100.0, 100.0]        0.00  [0.00, 0.00]",
        "(mean of labels)    19     19  100.0  [100.0, 100.0]        0.00  [0.00, 0.00]",
        "beep                 8      8  100.0  [100.0, 100.0]        0.00  [0.00, 0.00]",
        "buzz                11     11  100.0  [100.0, 100.0]        0.00  [0.00, 0.00]",
    ]
    assert told.err == "".join(f"{own_trained / name}: 2 recordings\n" for name in ("fold1", "fold2"))
    assert main(["events", "evaluate", str(own_trained), "--subset", "validation", "--fold", "2"]) == 0
    assert capsys.readouterr().out.startswith(f"{own_trained}: 1 validation recording\n")


def test_the_card_gets_notes(own_trained, tmp_path, capsys):
    (tmp_path / "card.json").write_text('{"licence": ["CC0 1.0"]}')
    corpus = str(own_trained.parent / "corpus")
    arguments = ["events", "train", str(own_trained), corpus, "--fold", "1", "--card", str(tmp_path / "card.json")]
    assert main(arguments) == 0
    assert capsys.readouterr().err == f"{own_trained / 'fold1'}: is trained already; its card has the notes\n"
    assert main(["models", str(own_trained / "fold1" / "model")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("task:\n  events\nlabels:\n  beep\n  buzz\nfront_end:\n  sample_rate 8000\n  kind log_mel\n")
    assert "licence:\n  CC0 1.0\n" in out
    (tmp_path / "card.json").write_text("[]")
    assert main(arguments) == 2
    assert "card.json: must be a JSON object" in capsys.readouterr().err


def test_what_cannot_be_used_is_one_line(own_trained, tmp_path, capsys):
    def complaint(*arguments):
        assert main(["events", *map(str, arguments)]) == 2
        told = capsys.readouterr()
        assert told.out == "" and told.err.count("\n") == 1
        return told.err

    corpus = own_trained.parent / "corpus"
    (own_trained / "config.json").write_text('{"modell": "gmm"}')
    assert complaint("train", own_trained, corpus) == (
        f"lightdiar: {own_trained / 'config.json'}: 'modell' is not known; known are labels, front_end, model, "
        "class_weights, most_negatives, decoding, validation, patience, seed.\n"
    )
    assert "has no fold 7; there are 1, 2." in complaint("train", tmp_path / "exp", corpus, "--fold", "7")
    assert "--jobs 0: the number of processes must be 1 or more." in complaint(
        "train", own_trained, corpus, "--jobs", 0
    )
    assert "nothing" in complaint("train", tmp_path / "new", tmp_path / "nothing")
    nothing = f"lightdiar: {tmp_path / 'none'}: nothing was trained here; `lightdiar events train` does it.\n"
    assert complaint("evaluate", tmp_path / "none") == complaint("validate", tmp_path / "none") == nothing
