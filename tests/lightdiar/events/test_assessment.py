import shutil

import numpy as np
import pytest

from lightdiar.errors import FormatError
from lightdiar.events.assessment import evaluate_experiment
from lightdiar.events.config import Config
from lightdiar.events.corpus import read_corpus
from lightdiar.events.evaluation import Scored, evaluate
from lightdiar.events.experiment import train_experiment
from lightdiar.events.features import FrontEnd
from lightdiar.events.mixing import draw_schedule, mix_scene
from lightdiar.events.result import SoundEvents
from lightdiar.events.runs import CONFIG
from lightdiar.io.audio import Audio, write
from lightdiar.io.event_lists import ListedRecording, csv_text
from lightdiar.timeline import Event
from lightdiar.training.augment import hiss
from lightdiar.training.manifests import load_samples

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


@pytest.mark.slow
def test_a_small_office_is_heard_better_than_its_commonest_sound_throughout(shared, tmp_path):
    """Scenes of isolated office sounds, others in training, validation and test: 12, 4 and 4 of each of 11 labels."""
    folder = shared / "corpora" / "events" / "dcase2016_task2"
    rng, listed, paths = np.random.default_rng(0), {}, {}
    for recording in read_corpus(folder / "manifest.csv").train:
        paths.setdefault(recording.events[0].label, []).append(recording.path)
    subsets = {"train": (slice(12), 8), "validation": (slice(12, 16), 4), "test": (slice(16, 20), 4)}
    for subset, (places, n_scenes) in subsets.items():
        sounds = {label: [load_samples(path) for path in of[places]] for label, of in paths.items()}
        for number in range(n_scenes):
            plan = draw_schedule(rng, sounds, 60, 16000, per_minute=20, ratio=(0, 6))
            samples, events = mix_scene(plan, 0.002 * hiss(rng, 60 * 16000), 16000)
            write(tmp_path / f"{subset}{number}.wav", Audio(samples, 16000))
            listed[f"{subset}{number}.wav"] = ListedRecording(events, subset=subset)
    (tmp_path / "list.csv").write_text(csv_text(listed), encoding="utf-8")
    Config(front_end=FrontEnd(average=False), model="logistic").save(tmp_path / CONFIG)
    train_experiment(tmp_path, tmp_path / "list.csv")
    found = figures(evaluate_experiment(tmp_path))["segments", "micro"][1]
    test = [one.events for one in listed.values() if one.subset == "test"]
    seconds = {label: sum(e.end - e.start for events in test for e in events if e.label == label) for label in paths}
    always = SoundEvents((Event(0, 60, max(seconds, key=seconds.get)),), tuple(paths), 60.0)
    baseline = figures(evaluate([Scored(always, events) for events in test], list(paths)))["segments", "micro"][1]
    assert found > 1.5 * baseline > 0.1
