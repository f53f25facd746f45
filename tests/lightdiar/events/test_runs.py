import json
from pathlib import Path

import pytest

from lightdiar.errors import FormatError, ModelError
from lightdiar.events.config import Config
from lightdiar.events.corpus import Recording
from lightdiar.events.runs import Inputs, Run, begun, model_folder, runs_of, seen_from
from lightdiar.timeline import Event


@pytest.fixture
def recordings(tmp_path):
    (tmp_path / "corpus").mkdir()
    for name in ("a.wav", "b.wav"):
        (tmp_path / "corpus" / name).write_bytes(b"12345")
    return (
        Recording(tmp_path / "corpus" / "a.wav", (Event(0, 1, "car"),)),
        Recording(tmp_path / "corpus" / "b.wav", (), "street"),
    )


def inputs_of(run, recordings, config=Config()):
    return run.inputs(run.experiment.parent / "corpus", config, recordings)


def test_inputs_tell_what_changed(tmp_path, recordings):
    run = Run(tmp_path / "exp", 2)
    first, second = recordings
    before = inputs_of(run, recordings)
    assert (before.protocol, before.fold, len(before.config)) == ("../corpus", 2, 64)
    assert before.changed_since(inputs_of(run, recordings)) == []
    changed = inputs_of(run, recordings, Config(seed=1))
    assert before.changed_since(changed) == ["settings in config.json"]
    held = Recording(second.path, (), "street", validation=True)
    for other in [(second, first), (first,), (first, held), (Recording(first.path, (Event(0, 1.5, "car"),)), second)]:
        assert "lists of the training recordings" in before.changed_since(inputs_of(run, other))
    second.path.write_bytes(b"123456")
    assert before.changed_since(inputs_of(run, recordings)) == ["sound files"]
    second.path.unlink()
    with pytest.raises(FormatError, match=r"b\.wav: a recording of the protocol cannot be read: No such file"):
        inputs_of(run, recordings)


def test_inputs_do_not_depend_on_where_the_corpus_lies(tmp_path, recordings):
    before = inputs_of(Run(tmp_path / "exp"), recordings)
    (tmp_path / "corpus").rename(tmp_path / "elsewhere")
    moved = tuple(Recording(tmp_path / "elsewhere" / one.path.name, one.events, one.scene) for one in recordings)
    after = Run(tmp_path / "exp").inputs(tmp_path / "elsewhere", Config(), moved)
    assert after.protocol == "../elsewhere" and before.changed_since(after) == []
    of_list = Run(tmp_path / "exp").inputs(tmp_path / "elsewhere" / "list.csv", Config(), moved)
    assert before.changed_since(of_list) == []


def test_a_run_goes_on_with_the_same_and_refuses_others(tmp_path, recordings):
    run = Run(tmp_path / "exp")
    run.begin(inputs_of(run, recordings))
    (run.class_folder(0)).mkdir(parents=True)
    (run.folder / "history.csv").write_text("old")
    (run.folder / "evaluation").mkdir()
    run.begin(inputs_of(run, recordings))
    assert run.class_folder(0).is_dir() and run.read_inputs() == inputs_of(run, recordings)
    changed = inputs_of(run, recordings[:1], Config(seed=1))
    with pytest.raises(FormatError) as caught:
        run.begin(changed)
    assert str(caught.value) == (
        f"{tmp_path / 'exp'}: the settings in config.json and the lists of the training recordings and the sound files "
        "changed since it was trained. Name another folder for the experiment, or train with --overwrite to begin anew."
    )
    run.begin(changed, overwrite=True)
    assert sorted(path.name for path in run.folder.iterdir()) == ["inputs.json"]
    assert run.read_inputs() == changed


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("name", ["history.csv", "model/mine.bin", "classes/mine.py", "evaluation/test.csv"])
def test_files_of_somebody_else_are_kept(tmp_path, recordings, name, overwrite):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    with pytest.raises(FileExistsError, match=f"{name.split('/')[0]}: exists, but no training made it"):
        Run(tmp_path).begin(inputs_of(Run(tmp_path), recordings), overwrite=overwrite)
    assert path.read_text() == "mine" and not (tmp_path / "inputs.json").exists()


@pytest.mark.parametrize("content", ["[]", "{}", '{"protocol": 1}', "{"])
def test_a_damaged_file_of_inputs_is_said(tmp_path, content):
    (tmp_path / "inputs.json").write_text(content)
    with pytest.raises(FormatError, match=r"inputs\.json: is not "):
        Run(tmp_path).read_inputs()


def test_runs_are_found_by_their_folds(tmp_path):
    with pytest.raises(FormatError, match="nothing was trained here; `lightdiar events train` does it"):
        runs_of(tmp_path)
    for name in ("fold10", "fold2", "fold02", "foldx", "fold", "fold3"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ("inputs.json" if name != "fold3" else "x")).write_text("")
    assert begun(tmp_path) == [Run(tmp_path, 2), Run(tmp_path, 10)]
    assert runs_of(str(tmp_path), 10) == [Run(tmp_path, 10)]
    with pytest.raises(FormatError, match="no fold 3 was trained here"):
        runs_of(tmp_path, 3)
    (tmp_path / "inputs.json").write_text("")
    assert begun(tmp_path)[0] == Run(tmp_path, None)


def test_a_model_is_named_by_its_folder_or_those_around_it(tmp_path):
    with pytest.raises(ModelError, match="is no model, nor an experiment with a finished one"):
        model_folder(tmp_path)
    for name in ("exp/model", "many/fold1/model", "many/fold10/model", "many/fold2/model"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "card.json").write_text("{}")
    assert model_folder(tmp_path / "exp") == model_folder(tmp_path / "exp" / "model") == tmp_path / "exp" / "model"
    assert model_folder(str(tmp_path / "many" / "fold2")) == tmp_path / "many" / "fold2" / "model"
    with pytest.raises(ModelError, match="has a model in each of fold1, fold2, fold10; name one of them, such as "):
        model_folder(tmp_path / "many")


def test_paths_are_seen_from_a_folder_with_slashes(tmp_path):
    assert seen_from(tmp_path / "exp", tmp_path / "corpus" / "list.csv") == "../corpus/list.csv"


def test_inputs_hold_no_absolute_path(tmp_path, recordings):
    run = Run(tmp_path / "exp", 1)
    run.begin(inputs_of(run, recordings))
    content = json.loads((tmp_path / "exp" / "fold1" / "inputs.json").read_text(encoding="utf-8"))
    assert Inputs(**content) == run.read_inputs()
    assert not any(isinstance(value, str) and Path(value).is_absolute() for value in content.values())
