import shutil

import pytest

from lightdiar.errors import FormatError
from lightdiar.events.assessment import evaluate_experiment
from lightdiar.events.experiment import train_experiment

pytestmark = pytest.mark.usefixtures("few_draws")


def figures(evaluation):
    return {(row.measure, row.label or row.average): (row.n_true, row.f1.value) for row in evaluation.rows}


def test_folds_are_pooled_and_what_was_found_is_written(own_trained):
    lines = []
    found = evaluate_experiment(own_trained, progress=lines.append)
    assert lines == [f"{own_trained / name}: 2 recordings" for name in ("fold1", "fold2")]
    assert found.n_recordings == 4 and found.unknown == ()
    assert figures(found)["segments", "beep"] == (8, 1.0) and figures(found)["onsets", "micro"] == (8, 1.0)
    assert (own_trained / "evaluation" / "test.csv").read_text() == found.to_csv()
    written = (own_trained / "fold1" / "evaluation" / "test.txt").read_text().splitlines()
    assert [line.split("\t")[::3] for line in written] == [
        [f"audio/{number}.wav", label] for number in (4, 5) for label in ("beep", "buzz")
    ]
    assert not (own_trained / "evaluation" / "test.txt").exists()
    assert figures(evaluate_experiment(own_trained)) == figures(found)  # over the files of before


def test_one_fold_has_its_own_figures(own_trained):
    found = evaluate_experiment(own_trained, fold=2)
    assert found.n_recordings == 2
    assert (own_trained / "fold2" / "evaluation" / "test.csv").read_text() == found.to_csv()
    assert not (own_trained / "evaluation").exists()


@pytest.mark.parametrize(("subset", "n_recordings"), [("train", 6), ("validation", 2)])
def test_training_recordings_are_those_not_held_out(own_trained, subset, n_recordings):
    assert evaluate_experiment(own_trained, subset=subset).n_recordings == n_recordings
    assert (own_trained / "evaluation" / f"{subset}.csv").exists()


@pytest.mark.slow
def test_any_number_of_processes_finds_the_same(own_trained, files_in):
    evaluate_experiment(own_trained)
    before = files_in(own_trained)
    evaluate_experiment(own_trained, n_jobs=2)
    assert files_in(own_trained) == before


def test_a_label_of_the_test_alone_counts_as_missed(own_trained):
    path = own_trained.parent / "corpus" / "evaluation_setup" / "fold1_evaluate.txt"
    path.write_text(path.read_text() + "audio/5.wav\t0.1\t0.9\thorn\n")
    found = evaluate_experiment(own_trained, fold=1)
    assert found.unknown == ("horn",) and figures(found)["onsets", "horn"] == (1, 0.0)
    assert figures(found)["onsets", "micro"] == (5, pytest.approx(8 / 9))
    assert str(found).endswith("\nnot learnt, so all of them are missed: horn")


def test_only_the_labels_of_the_settings_count(tones_folder, begin_experiment, tmp_path):
    labels = {"regular": ["buzz", "horn"], "union": {"tone": ["beep", "buzz"]}}
    folder = begin_experiment(tmp_path / "exp", labels=labels)
    train_experiment(folder, tones_folder, fold=1)
    found = evaluate_experiment(folder)
    assert [row.label for row in found.rows[:5]] == ["", "", "buzz", "horn", "tone"]
    assert figures(found)["onsets", "tone"] == (2, 1.0) and found.unknown == ()


def test_what_is_not_finished_or_has_changed_is_said(own_trained):
    shutil.rmtree(own_trained / "fold1" / "model")
    with pytest.raises(FormatError, match="fold1: the training is not finished; `lightdiar events train` goes on"):
        evaluate_experiment(own_trained)
    corpus = own_trained.parent / "corpus"
    path = corpus / "evaluation_setup" / "fold2_train.txt"
    path.write_text(path.read_text().replace("beep", "peep", 1))
    with pytest.raises(FormatError, match="fold2: the lists of the training recordings changed since it was trained"):
        evaluate_experiment(own_trained, fold=2)
    with pytest.raises(FormatError, match="no fold 3 was trained here"):
        evaluate_experiment(own_trained, fold=3)


def test_recordings_that_are_not_there_are_said(tones_folder, begin_experiment, tmp_path):
    rows = [f"{(tones_folder / 'audio' / f'{n}.wav').as_posix()},{0.3 + 0.2 * n:.1f},1.2,beep" for n in range(3)]
    (tmp_path / "list.csv").write_text("\n".join(["file,onset,offset,label", *rows]), encoding="utf-8")
    folder = begin_experiment(tmp_path / "exp")
    train_experiment(folder, tmp_path / "list.csv")
    with pytest.raises(FormatError, match="has no test recordings whose events are listed; --subset names others"):
        evaluate_experiment(folder)
    assert evaluate_experiment(folder, subset="validation").n_recordings == 1
    with pytest.raises(ValueError, match="subset='all' must be one of test, train, validation"):
        evaluate_experiment(folder, subset="all")
