import hashlib
import io
import json
import pickle
import shutil
import zipfile

import numpy as np
import pytest

from lightdiar.common.archive import read_card
from lightdiar.errors import ModelError
from lightdiar.systems import bundle


@pytest.fixture
def copy(tmp_path):
    """A bundle of one's own to spoil."""
    shutil.copytree(bundle.SHIPPED, tmp_path / "models")
    return tmp_path / "models"


def rewrite(folder, change):
    """Change the arrays and put the right checksum in the card, as somebody clever would."""
    with np.load(folder / "parameters.npz") as file:
        arrays = dict(file)
    change(arrays)
    content = io.BytesIO()
    np.savez(content, **arrays)
    sign(folder, content.getvalue())


def sign(folder, data):
    (folder / "parameters.npz").write_bytes(data)
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    card["sha256"] = hashlib.sha256(data).hexdigest()
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")


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
    assert sum(path.stat().st_size for path in bundle.SHIPPED.iterdir()) < 15e6


def test_a_changed_byte_is_refused(copy):
    data = bytearray((copy / "parameters.npz").read_bytes())
    data[len(data) // 2] ^= 1
    (copy / "parameters.npz").write_bytes(bytes(data))
    with pytest.raises(ModelError, match="SHA-256 differs"):
        bundle.load(copy)


def test_a_pickle_is_refused_without_running_it(copy, tmp_path):
    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "run"), "w"))

    sign(copy, pickle.dumps(Evil()))
    with pytest.raises(ModelError, match="pickles are refused"):
        bundle.load(copy)
    objects = io.BytesIO()
    np.savez(objects, **{"ubm.means": np.array([Evil()], dtype=object)})
    sign(copy, objects.getvalue())
    with pytest.raises(ModelError, match="pickles are refused"):
        bundle.load(copy)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda arrays: arrays.pop("ubm.means"), "ubm.means is missing"),
        (lambda arrays: arrays.update({"ubm.means": arrays["ubm.means"][1:]}), "ubm: .*must be"),
        (lambda arrays: arrays.update({"ubm.means": arrays["ubm.means"].astype(int)}), "must be finite float32"),
        (lambda arrays: arrays.update({"plda.phi": arrays["plda.phi"] * np.nan}), "plda.phi must be finite"),
        (lambda arrays: arrays.update({"ubm.covariances": -arrays["ubm.covariances"]}), "must be positive"),
        (lambda arrays: arrays.update({"plda.phi": arrays["plda.phi"][1:]}), "plda: transform"),
        (lambda arrays: arrays.update({"more": np.zeros(3)}), "more is not a parameter"),
    ],
)
def test_wrong_arrays_are_refused_by_name(copy, change, message):
    rewrite(copy, change)
    with pytest.raises(ModelError, match=message):
        bundle.load(copy)


def test_a_bomb_is_refused_before_it_is_unpacked(copy):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ubm.means.npy", bytes(80_000_000))
    sign(copy, content.getvalue())
    with pytest.raises(ModelError, match="when unpacked; at most 64000000"):
        bundle.load(copy)


@pytest.mark.parametrize("text", ["{", "[]", "\xff"])
def test_a_card_that_is_none_is_refused(copy, text):
    (copy / "card.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError, match="card.json: "):
        bundle.load(copy)


def test_a_folder_without_models_is_refused(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        bundle.load(tmp_path)
