import json
import shutil

import pytest

from lightdiar.errors import DoubtfulResultWarning, FormatError
from lightdiar.events import experiment
from lightdiar.events.detector import detect_events
from lightdiar.events.experiment import train_experiment
from lightdiar.events.model import EventModel
from lightdiar.events.runs import Run

pytestmark = pytest.mark.usefixtures("few_draws")


@pytest.fixture
def short_list(tones_folder, tmp_path):
    """A list of four of the recordings; the tones in one are called by another name, whistle, too."""
    rows = ["file,onset,offset,label"]
    for number in range(4):
        start = 0.3 + 0.2 * number
        name = (tones_folder / "audio" / f"{number}.wav").as_posix()
        rows += [f"{name},{start:.1f},{start + 1:.1f},beep", f"{name},{start + 0.6:.1f},{start + 2:.1f},buzz"]
    rows.append(f"{name},{start:.1f},{start + 1:.1f},whistle")
    path = tmp_path / "list.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_a_corpus_with_folds_has_a_model_of_each(tones_trained, tones_folder, files_in):
    files = files_in(tones_trained)
    of_fold = ["history.csv", "inputs.json", "model/card.json", "model/parameters.npz", "validation.txt"]
    of_class = ["card.json", "history.csv", "parameters.npz"]
    assert sorted(files) == sorted(
        ["config.json", *(f"fold{fold}/{name}" for fold in (1, 2) for name in of_fold)]
        + [f"fold{fold}/classes/0{number}/{name}" for fold in (1, 2) for number in (0, 1) for name in of_class]
    )
    model = EventModel.load(tones_trained / "fold1" / "model")
    found = detect_events(tones_folder / "audio" / "5.wav", model)
    assert [(e.label, e.start, e.end) for e in found.events] == [
        ("beep", pytest.approx(1.3, abs=0.11), pytest.approx(2.3, abs=0.11)),
        ("buzz", pytest.approx(1.9, abs=0.11), pytest.approx(3.3, abs=0.11)),
    ]
    card = json.loads(files["fold1/model/card.json"])
    assert card["sources"] == ["corpus: 4 recordings, 0.3 minutes, 1 of them held out"]
    assert files["fold1/history.csv"] == (
        files["fold1/classes/00/history.csv"] + files["fold1/classes/01/history.csv"].partition(b"\n")[2]
    )


def test_two_runs_give_the_same_bytes(tones_trained, tones_folder, begin_experiment, files_in):
    again = begin_experiment(tones_folder.parent / "again")
    train_experiment(again, tones_folder)
    assert files_in(again) == files_in(tones_trained)


@pytest.mark.slow
def test_any_number_of_processes_gives_the_same_bytes(tones_trained, tones_folder, begin_experiment, files_in):
    other = begin_experiment(tones_folder.parent / "processes")
    lines = []
    train_experiment(other, tones_folder, n_jobs=2, progress=lines.append)
    assert files_in(other) == files_in(tones_trained)
    assert any("training 2 labels; `lightdiar events validate` shows how far they are" in line for line in lines)


def test_a_run_that_was_stopped_goes_on(tones_trained, tones_folder, begin_experiment, files_in, monkeypatch):
    """Stopped before each class, and before the model: what is finished is not trained again, the end is the same."""
    folder = begin_experiment(tones_folder.parent / "stopped")
    trained, whole = [], experiment.train_label

    def stopped(run, number, label, *others):
        if len(trained) % 2:
            trained.append("stop")
            raise KeyboardInterrupt
        trained.append((run.fold, label))
        return whole(run, number, label, *others)

    monkeypatch.setattr(experiment, "train_label", stopped)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            train_experiment(folder, tones_folder)
        assert not Run(folder, 2).model.exists()
    lines = []
    train_experiment(folder, tones_folder, progress=lines.append)
    assert [one for one in trained if one != "stop"] == [(1, "beep"), (1, "buzz"), (2, "beep"), (2, "buzz")]
    assert lines[0] == f"{folder / 'fold1'}: is trained already" and f"{folder / 'fold2'}: 1 of 2 labels" in lines[2]
    assert files_in(folder) == files_in(tones_trained)


def test_progress_is_told_in_lines(tones_folder, begin_experiment, tmp_path):
    folder, lines = begin_experiment(tmp_path / "exp", patience=1), []
    runs = train_experiment(folder, tones_folder, fold=2, progress=lines.append)
    assert runs == [Run(folder, 2)]
    at = folder / "fold2"
    assert lines[0] == f"{at}: 4 recordings, 0.3 minutes, 0.0 MB of features; 1 held out"
    assert [line.split(" (")[0] for line in lines[1:]] == [
        f"{at}: beep: F1 100.0 %, error rate 0.00",
        f"{at}: buzz: F1 100.0 %, error rate 0.00",
        f"{at / 'model'}: written",
    ]
    train_experiment(folder, tones_folder, fold=2, progress=lines.append)
    assert lines[4:] == [f"{at}: is trained already"]
    train_experiment(folder, tones_folder, fold=2, notes={"licence": ["CC0"]}, progress=lines.append)
    assert lines[5:] == [f"{at}: is trained already; its card has the notes"]
    assert json.loads((at / "model" / "card.json").read_text())["licence"] == ["CC0"]


def test_settings_are_written_if_there_are_none(short_list, tmp_path, monkeypatch):
    monkeypatch.setattr(experiment, "_train", lambda *others: None)
    lines = []
    train_experiment(tmp_path / "new" / "exp", short_list, progress=lines.append)
    path = tmp_path / "new" / "exp" / "config.json"
    assert lines == [f"{path}: written with the defaults"]
    assert json.loads(path.read_text())["model"] == "boosting"


def test_what_changed_is_said(own_trained):
    corpus = own_trained.parent / "corpus"

    def complaint():
        with pytest.raises(FormatError) as caught:
            train_experiment(own_trained, corpus, fold=1)
        return str(caught.value).removeprefix(f"{own_trained / 'fold1'}: the ").partition(" changed since")[0]

    train_experiment(own_trained, corpus)
    config = own_trained / "config.json"
    before = config.read_text()
    config.write_text(before.replace('"gmm"', '"logistic"'))
    assert complaint() == "settings in config.json"
    config.write_text(before)
    train_list = corpus / "evaluation_setup" / "fold1_train.txt"
    train_list.write_text(train_list.read_text().replace("beep", "peep", 1))
    assert complaint() == "lists of the training recordings"
    shutil.copyfile(corpus / "audio" / "0.wav", corpus / "audio" / "1.wav")
    with open(corpus / "audio" / "1.wav", "ab") as file:
        file.write(b"LIST\4\0\0\0abcd")
    assert complaint() == "lists of the training recordings and the sound files"
    train_experiment(own_trained, corpus, fold=1, overwrite=True)
    assert EventModel.load(own_trained / "fold1" / "model").labels == ("beep", "buzz", "peep")


def test_folds_and_none_do_not_mix(own_trained, short_list):
    with pytest.raises(FormatError, match="was begun with folds; name another folder"):
        train_experiment(own_trained, short_list)


def test_a_label_without_training_examples_is_named_and_left_out(short_list, begin_experiment, tmp_path):
    labels = {
        "regular": ["beep", "horn"],
        "union": {"tone": ["beep", "buzz"]},
        "intersection": {"both": ["beep", "buzz"]},
    }
    folder, lines = begin_experiment(tmp_path / "exp", labels=labels), []
    train_experiment(folder, short_list, progress=lines.append)
    assert f"{folder}: horn: no training examples; left out, and counted as missed" in lines
    assert EventModel.load(folder / "model").labels == ("beep", "tone", "both")
    card = json.loads((folder / "model" / "card.json").read_text())
    for line in (
        "without training examples: horn",
        "tone: where any of beep, buzz is heard",
        "both: where beep, buzz are heard at once",
    ):
        assert line in card["recipe"]
    assert "not learnt, so all of them are missed" not in (folder / "validation.txt").read_text()


def test_a_label_of_one_recording_is_trained_but_not_validated(short_list, begin_experiment, tmp_path):
    folder, lines = begin_experiment(tmp_path / "exp"), []
    train_experiment(folder, short_list, progress=lines.append)
    why = "sounds never or always in the recordings held out, so it could not be validated"
    assert f"{folder}: whistle: {why} (components 11)" in lines
    assert EventModel.load(folder / "model").labels == ("beep", "buzz", "whistle")


def test_one_class_alone_is_learnt(short_list, begin_experiment, tmp_path):
    folder = begin_experiment(tmp_path / "exp", labels={"regular": ["buzz"]})
    train_experiment(folder, short_list)
    assert EventModel.load(folder / "model").labels == ("buzz",)


def test_a_label_that_always_sounds_is_always_found(tones_folder, begin_experiment, tmp_path):
    names = [(tones_folder / "audio" / f"{number}.wav").as_posix() for number in range(3)]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["file,onset,offset,label", *(f"{name},0,4,hum" for name in names)]), encoding="utf-8")
    folder, lines = begin_experiment(tmp_path / "exp"), []
    train_experiment(folder, path, progress=lines.append)
    why = "sounds all the time in the recordings trained on, so nothing can be learnt about it"
    assert f"{folder}: hum: {why}" in lines
    found = detect_events(names[0], EventModel.load(folder / "model"))
    assert [(event.start, event.end, event.label) for event in found.events] == [(0.0, found.duration, "hum")]


def test_labels_that_no_model_can_have_are_refused_before_any_sound_is_read(
    short_list, begin_experiment, tmp_path, monkeypatch
):
    monkeypatch.setattr(experiment, "hear", None)
    folder = begin_experiment(tmp_path / "exp", labels={"union": {"x" * 201: ["beep"]}})
    with pytest.raises(ValueError, match=r"'xxx.*cannot be a label; a label has 1 to 200 characters"):
        train_experiment(folder, short_list)
    assert not (folder / "inputs.json").exists()


def test_labels_that_are_nowhere_are_refused(short_list, begin_experiment, tmp_path):
    folder = begin_experiment(tmp_path / "exp", labels={"regular": ["horn", "bell"]})
    with pytest.raises(FormatError, match="none of the labels horn, bell is in the training recordings"):
        train_experiment(folder, short_list)


def test_recordings_of_other_labels_are_trained_on_where_none_can_be_held_out(tones_folder, begin_experiment, tmp_path):
    path = tmp_path / "list.csv"
    names = [(tones_folder / "audio" / f"{number}.wav").as_posix() for number in (0, 1)]
    path.write_text(f"file,onset,offset,label\n{names[0]},0.3,1.3,beep\n{names[1]},1.1,2.5,buzz\n", encoding="utf-8")
    folder = begin_experiment(tmp_path / "exp")
    with pytest.warns(DoubtfulResultWarning, match="no training recording could be held out"):
        train_experiment(folder, path)
    assert EventModel.load(folder / "model").labels == ("beep", "buzz")


def test_the_hmm_decodes_if_it_is_asked_for(short_list, begin_experiment, tmp_path):
    decoding = {"kind": "hmm", "penalty": 3, "least_event": 0.34, "least_gap": 0.5}
    folder = begin_experiment(tmp_path / "exp", decoding=decoding, labels={"regular": ["beep"]})
    train_experiment(folder, short_list)
    found = EventModel.load(folder / "model").decoding
    assert (found.penalty, found.least_event.tolist(), found.least_gap.tolist()) == (3.0, [3], [5])
