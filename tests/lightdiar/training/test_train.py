import numpy as np
import pytest

from lightdiar.common.archive import read_card
from lightdiar.errors import FormatError
from lightdiar.stages.speech import Column
from lightdiar.systems import bundle
from lightdiar.training import train as training


@pytest.mark.slow
def test_training_gives_a_bundle_that_loads_whatever_the_number_of_processes(corpus, tmp_path, monkeypatch):
    for name, value in dict(N_SCENES=3, N_COMPONENTS=4, N_FACTORS=3, N_PLDA=2).items():
        monkeypatch.setattr(training, name, value)
    said = []
    for n_jobs in (1, 2):
        training.train(
            [corpus / "speech.csv"],
            [corpus / "noise.csv"],
            tmp_path / str(n_jobs),
            leave_out=["*bab*"],
            n_jobs=n_jobs,
            progress=said.append,
        )
    first, second = (bundle.load(tmp_path / name) for name in ("1", "2"))
    for one, other in zip(bundle.flatten(first).items(), bundle.flatten(second).items()):
        assert one[0] == other[0] and np.array_equal(one[1], other[1])
    assert first.extractor.T.shape == (4, 38, 3) and first.speech.n_features <= Column.N
    assert said[0] == "8 utterances, 1 noises, 1 pieces of music"
    assert any("--leave-out '*bab*'" in line for line in read_card(tmp_path / "1")["recipe"])


def test_manifests_without_women_men_and_children_are_refused_before_the_work(corpus, tmp_path):
    for names, missing in (("FM", "child"), ("M", "woman"), ("", "woman")):
        rows = [f"{name}.wav,{name},{name}" for name in names] + ["x.wav,x,"]
        (tmp_path / "few.csv").write_text("\n".join(["path,speaker,gender", *rows]), encoding="utf-8")
        with pytest.raises(FormatError, match=f"few.csv: no row is of a {missing}; women, men and children"):
            training.train([tmp_path / "few.csv"], [corpus / "noise.csv"], tmp_path / "out")
    rows = ["path,speaker,gender,age", "f.wav,f,F,", "m.wav,m,M,", "c.wav,c,,8"]  # a child is a girl or a boy
    (tmp_path / "few.csv").write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(FormatError, match="few.csv: no row is of a child"):
        training.train([tmp_path / "few.csv"], [corpus / "noise.csv"], tmp_path / "out")
    assert not (tmp_path / "out").exists()
