import shutil
from dataclasses import replace

import numpy as np
import pytest

from lightdiar.common.archive import read_arrays, read_card, write_archive
from lightdiar.errors import ModelError
from lightdiar.models.plda import PLDA
from lightdiar.stages.embedding import Embedder
from lightdiar.stages.speech import Column
from lightdiar.systems import bundle
from lightdiar.systems.bundle import Models


@pytest.fixture
def copy(tmp_path):
    """A bundle of one's own to spoil."""
    shutil.copytree(bundle.SHIPPED, tmp_path / "models")
    return tmp_path / "models"


@pytest.fixture(scope="module")
def shipped():
    """The arrays of the models that ship."""
    return read_arrays(bundle.SHIPPED / bundle.PARAMETERS)


def test_saving_what_was_loaded_gives_the_same_bytes(copy):
    before = (copy / "parameters.npz").read_bytes(), (copy / "card.json").read_bytes()
    card = {key: value for key, value in read_card(copy).items() if key != "sha256"}
    bundle.save(bundle.load(copy), copy, card)
    assert ((copy / "parameters.npz").read_bytes(), (copy / "card.json").read_bytes()) == before


def test_the_card_names_sources_licences_recipe_and_figures():
    card = read_card(bundle.SHIPPED)
    assert {"sources", "licence", "recipe", "figures"} <= set(card)
    assert any("LibriSpeech" in source for source in card["sources"])


def test_the_models_are_small():
    assert sum(path.stat().st_size for path in bundle.SHIPPED.rglob("*.*")) < 13e6


def test_large_arrays_are_written_in_half_precision(copy):
    models = bundle.load(copy)
    T = models.extractor.T
    finer = T * np.float32(1 + 1e-5)
    bundle.save(replace(models, extractor=replace(models.extractor, T=finer)), copy, {})
    read = bundle.load(copy)
    assert np.array_equal(read.extractor.T, finer.astype(np.float16)) and read.extractor.T.dtype == np.float32
    assert np.array_equal(read.ubm.means, models.ubm.means)


def test_a_bundle_is_read_once_until_one_is_saved(copy):
    models = bundle.load(copy)
    assert bundle.load(copy) is models is not bundle.load()
    plda = PLDA(models.plda.mean, models.plda.transform, 2 * models.plda.phi)
    bundle.save(Models(models.speech, models.ubm, models.extractor, plda, models.gender), copy, {})
    assert np.array_equal(bundle.load(copy).plda.phi, 2 * models.plda.phi)


def test_the_chain_of_the_speaker_models_is_made_once_of_these_models():
    models = bundle.load()
    chain = models.embedder
    assert isinstance(chain, Embedder) and models.embedder is chain
    assert chain.ubm is models.ubm and chain.extractor is models.extractor and chain.plda is models.plda


def test_models_that_do_not_fit_each_other_are_refused():
    good = bundle.load()
    odd = PLDA(np.zeros(3), np.eye(3), np.ones(3))
    with pytest.raises(ValueError, match="plda does not match the other models"):
        Models(good.speech, good.ubm, good.extractor, odd, good.gender)


def test_how_a_fit_ended_is_not_shipped(shipped):
    assert "ubm.means" in shipped and not [name for name in shipped if "convergence" in name]
    assert bundle.load().ubm.convergence is None


def test_a_changed_byte_is_refused(copy):
    data = bytearray((copy / "parameters.npz").read_bytes())
    data[len(data) // 2] ^= 1
    (copy / "parameters.npz").write_bytes(bytes(data))
    with pytest.raises(ModelError, match="SHA-256 differs"):
        bundle.load(copy)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda arrays: arrays.pop("ubm.means"), "ubm.means is missing"),
        (lambda arrays: arrays.update({"ubm.means": arrays["ubm.means"][1:]}), "ubm: .*must be"),
        (lambda arrays: arrays.update({"ubm.means": arrays["ubm.means"].astype(int)}), "must be finite float16"),
        (lambda arrays: arrays.update({"plda.phi": arrays["plda.phi"] * np.nan}), "plda.phi must be finite"),
        (lambda arrays: arrays.update({"ubm.covariances": -arrays["ubm.covariances"]}), "must be positive"),
        (lambda arrays: arrays.update({"plda.phi": arrays["plda.phi"][1:]}), "plda: transform"),
        (lambda arrays: arrays.update({"more": np.zeros(3)}), "more is not a parameter"),
        (
            lambda arrays: arrays.update({"speech.trees.feature": arrays["speech.trees.feature"] + Column.N}),
            "speech does not match the other models",
        ),
        (
            lambda arrays: arrays.update({"speech.trees.left": arrays["speech.trees.left"][1:]}),
            "speech.trees: roots, nodes .* do not match",
        ),
        (lambda arrays: arrays.update({"gender.pitch": arrays["gender.pitch"][:2]}), "gender: pitch .*must be"),
        (lambda arrays: arrays.update({"ubm.weights": 1.002 * arrays["ubm.weights"]}), "ubm.weights must sum to 1"),
        (lambda arrays: arrays.update({"gender.ubm.weights": np.array(1.0)}), "gender.ubm.weights must sum to 1"),
        (lambda arrays: arrays.update({"speech.trees.roots": np.array(0.0)}), "speech.trees: roots, nodes"),
        (
            lambda arrays: arrays.update({"plda.phi": 0 * arrays["plda.phi"]}),
            "plda.phi must be positive, at least 1e-09",
        ),
        (lambda arrays: arrays.update({"plda.mean": arrays["plda.mean"] + 1.1e6}), "values up to 1e.06; at most 1e.06"),
    ],
)
def test_wrong_arrays_are_refused_by_name(shipped, tmp_path, change, message):
    """The checksum in the card is the right one, as somebody clever would have it."""
    arrays = dict(shipped)
    change(arrays)
    write_archive(tmp_path / bundle.PARAMETERS, arrays, {})
    with pytest.raises(ModelError, match=message):
        bundle.load(tmp_path)


def test_values_at_the_limits_are_possible(shipped, tmp_path):
    arrays = dict(shipped)
    arrays |= {
        "ubm.weights": 1.0009 * arrays["ubm.weights"],
        "plda.mean": np.full(100, -1e6),
        "plda.phi": np.full(50, 1e-9),
    }
    write_archive(tmp_path / bundle.PARAMETERS, arrays, {})
    assert bundle.load(tmp_path).plda.mean.min() == -1e6


def test_a_folder_without_models_is_refused(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        bundle.load(tmp_path)
