"""Parameters in a folder: what is written comes back, and what a stranger wrote is checked before it is used."""

import hashlib
import io
import json
import os
import pickle
import re
import tracemalloc
import zipfile

import numpy as np
import pytest

from lightdiar.common import archive
from lightdiar.common.archive import (
    CARD,
    check_archive,
    pack_arrays,
    read_arrays,
    read_card,
    unpack_arrays,
    write_archive,
)
from lightdiar.errors import ModelError

PARAMETERS = "parameters.npz"
ARRAYS = {"ubm.means": np.arange(6.0).reshape(2, 3), "bias": np.array(7.0), "a": np.array([0.5, -1], np.float32)}


@pytest.fixture
def folder(tmp_path):
    """A small archive of one's own to spoil."""
    write_archive(tmp_path / "models" / PARAMETERS, ARRAYS, {"sources": ["Zoë"]})
    return tmp_path / "models"


def sign(folder, data):
    """Put other parameters there and the right checksum in the card, as somebody clever would."""
    (folder / PARAMETERS).write_bytes(data)
    card = read_card(folder) | {"sha256": hashlib.sha256(data).hexdigest()}
    (folder / CARD).write_text(json.dumps(card), encoding="utf-8")


def npz(**arrays):
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def zipped(content, compression=zipfile.ZIP_STORED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as file:
        file.writestr("ubm.means.npy", content)
    return data.getvalue()


def test_what_is_written_comes_back(folder):
    arrays = read_arrays(folder / PARAMETERS)
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype and np.array_equal(arrays[name], array)
        assert arrays[name].shape == array.shape
    digest = hashlib.sha256((folder / PARAMETERS).read_bytes()).hexdigest()
    assert read_card(folder) == {"sources": ["Zoë"], "sha256": digest}


@pytest.mark.parametrize("names", [["ubm.means", "bias", "a"], ["a", "bias", "ubm.means"], ["bias", "ubm.means", "a"]])
def test_the_order_is_kept(tmp_path, names):
    write_archive(tmp_path / PARAMETERS, {name: ARRAYS[name] for name in names}, {})
    assert list(read_arrays(tmp_path / PARAMETERS)) == names


def test_the_same_parameters_give_the_same_bytes_however_they_lie_in_memory(folder, tmp_path):
    other = {name: np.asarray(array, order="F") for name, array in ARRAYS.items()}
    write_archive(tmp_path / "deep" / "other" / PARAMETERS, other, {"sources": ["Zoë"]})
    for name in (PARAMETERS, CARD):
        assert (tmp_path / "deep" / "other" / name).read_bytes() == (folder / name).read_bytes()
    write_archive(folder / PARAMETERS, read_arrays(folder / PARAMETERS), {"sources": ["Zoë"]})
    for name in (PARAMETERS, CARD):
        assert (tmp_path / "deep" / "other" / name).read_bytes() == (folder / name).read_bytes()


def test_the_bytes_do_not_tell_when_they_were_written(folder):
    with zipfile.ZipFile(folder / PARAMETERS) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_card_is_for_people(folder):
    digest = read_card(folder)["sha256"]
    expected = f'{{\n  "sources": [\n    "Zoë"\n  ],\n  "sha256": "{digest}"\n}}\n'
    assert (folder / CARD).read_bytes().decode("utf-8") == expected


def test_numpy_reads_the_parameters(folder):
    with np.load(folder / PARAMETERS, allow_pickle=False) as file:
        assert sorted(file) == sorted(ARRAYS)
        assert np.array_equal(file["ubm.means"], ARRAYS["ubm.means"])


def test_half_precision_is_read_as_single(tmp_path):
    halves = np.array([1, 0.1, -3e4], np.float16)
    write_archive(tmp_path / PARAMETERS, {"a": halves, "b": np.array([0.1])}, {})
    arrays = read_arrays(tmp_path / PARAMETERS)
    assert arrays["a"].dtype == np.float32 and arrays["a"].tolist() == [1.0, 0.0999755859375, -30000.0]
    assert arrays["b"].dtype == np.float64 and arrays["b"].tolist() == [0.1]


def test_a_checksum_in_the_notes_is_not_taken_for_the_right_one(tmp_path):
    write_archive(tmp_path / PARAMETERS, ARRAYS, {"sha256": "mine"})
    assert list(read_arrays(tmp_path / PARAMETERS)) == list(ARRAYS)


def test_a_changed_byte_is_refused(folder):
    data = bytearray((folder / PARAMETERS).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / PARAMETERS).write_bytes(bytes(data))
    with pytest.raises(ModelError, match=r"parameters.npz: is not the file its card describes \(SHA-256 differs\)"):
        read_arrays(folder / PARAMETERS)


def test_parameters_without_a_checksum_are_refused(folder):
    (folder / CARD).write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="SHA-256 differs"):
        read_arrays(folder / PARAMETERS)


def test_a_pickle_is_refused_without_running_it(folder, tmp_path):
    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "run"), "w"))

    objects = npz(**{"ubm.means": np.array([Evil()], dtype=object)})
    for data in (pickle.dumps(Evil()), objects, zipped(pickle.dumps(Evil()))):
        sign(folder, data)
        with pytest.raises(ModelError, match="is not an npz of plain arrays .*; pickles are rejected"):
            read_arrays(folder / PARAMETERS)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("array", "came"),
    [
        (np.arange(3, dtype=np.int64), "int64"),
        (np.arange(3) > 1, "bool"),
        (np.ones(3, complex), "complex128"),
        (np.array(["one"]), "<U3"),
        (np.zeros(2, [("x", float)]), r"\[\('x', '<f8'\)\]"),
        (np.array([1, np.nan]), "float64"),
        (np.array([1, -np.inf], np.float32), "float32"),
    ],
)
def test_arrays_are_finite_floats(folder, array, came):
    sign(folder, npz(bias=np.ones(2), weights=array))
    with pytest.raises(ModelError, match=f"weights must be finite float16 or float32 or float64; got {came}"):
        read_arrays(folder / PARAMETERS)


@pytest.mark.parametrize(
    "data",
    [b"", b"words", zipped(b""), zipped(b"words, no array"), npz(a=np.ones(9))[:-30], npz(a=np.ones(9))[30:]],
    ids=["nothing", "words", "an empty file", "a file of words", "no end", "no beginning"],
)
def test_what_is_no_archive_is_refused(folder, data):
    sign(folder, data)
    with pytest.raises(ModelError, match="parameters.npz: is not an npz of plain arrays"):
        read_arrays(folder / PARAMETERS)


def test_an_array_shorter_than_it_says_is_refused(folder):
    content = io.BytesIO()
    np.lib.format.write_array(content, np.ones(100))
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        sign(folder, zipped(content.getvalue()[:-8], compression))
        with pytest.raises(ModelError, match="is not an npz of plain arrays"):
            read_arrays(folder / PARAMETERS)


def test_a_bomb_is_refused_before_it_is_unpacked(folder, monkeypatch):
    monkeypatch.setattr(archive, "_LARGEST_BYTES", 60_000)
    sign(folder, zipped(bytes(60_001), zipfile.ZIP_DEFLATED))
    monkeypatch.setattr(np.lib.format, "read_array", None)  # nothing may be read
    with pytest.raises(ModelError, match="parameters.npz: 60001 bytes when unpacked; at most 60000 are allowed"):
        read_arrays(folder / PARAMETERS)


def test_a_file_too_large_is_not_read(folder, monkeypatch):
    size = (folder / PARAMETERS).stat().st_size
    assert (folder / CARD).stat().st_size < size - 1
    monkeypatch.setattr(archive, "_LARGEST_BYTES", size - 1)
    with pytest.raises(ModelError, match=f"parameters.npz: more than {size - 1} bytes, which is the most that is read"):
        read_arrays(folder / PARAMETERS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", ": is not JSON that can be read: Expecting property name"),
        ("", ": is not JSON that can be read: Expecting value"),
        ('{"recipe":\n\xff}', r":2: not UTF-8 text, save it as UTF-8: b'\\xff"),
        (100_000 * "[", ": is not JSON that can be read: it is nested more than 100 levels deep"),
        ('{"recipe": ' + 301 * "1" + "}", ": is not JSON that can be read: a number of 301 digits"),
        ("[]", ": a model card is a JSON object; got list"),
        ('"card"', ": a model card is a JSON object; got str"),
        ("null", ": a model card is a JSON object; got NoneType"),
    ],
    ids=["cut", "empty", "no text", "nested too deeply", "many digits", "a list", "a string", "nothing"],
)
def test_a_card_that_is_none_is_refused(folder, text, message):
    (folder / CARD).write_bytes(text.encode("latin-1"))
    for read in (read_card, lambda where: read_arrays(where / PARAMETERS)):
        with pytest.raises(ModelError, match=f"card.json{message}"):
            read(folder)


def test_a_folder_without_models_is_refused(folder, tmp_path):
    for read in (read_card, lambda where: read_arrays(where / PARAMETERS)):
        with pytest.raises(ModelError, match=r"card.json: cannot be read \(No such file or directory\); a model is"):
            read(tmp_path)
    (folder / PARAMETERS).unlink()
    with pytest.raises(
        ModelError, match="parameters.npz: cannot be read .*; a model is a folder with an npz and card.json"
    ):
        read_arrays(folder / PARAMETERS)


def test_a_card_too_large_is_not_read(folder, monkeypatch):
    size = (folder / CARD).stat().st_size
    monkeypatch.setattr(archive, "LARGEST_CARD", size)
    assert read_card(folder)["sources"] == ["Zoë"]
    monkeypatch.setattr(archive, "LARGEST_CARD", size - 1)
    with pytest.raises(ModelError, match=f"card.json: more than {size - 1} bytes"):
        read_card(folder)


def directory(data):
    """Where the directory of a zip begins, and where each of its entries does."""
    start = int.from_bytes(data[-6:-2], "little")
    entries, at = [], start
    while data[at : at + 4] == b"PK\1\2":
        entries.append(at)
        at += 46 + sum(int.from_bytes(data[at + k : at + k + 2], "little") for k in (28, 30, 32))
    return start, entries


def altered(data, at, value):
    return data[:at] + value + data[at + len(value) :]


def with_flag(data):
    return altered(data, directory(data)[1][0] + 8, b"\1\0")


def with_method(number):
    return lambda data: altered(data, directory(data)[1][0] + 10, number.to_bytes(2, "little"))


def with_size(change):
    """The directory says that the first array is that much longer than it is."""

    def change_it(data):
        at = directory(data)[1][0] + 24
        return altered(data, at, (int.from_bytes(data[at : at + 4], "little") + change).to_bytes(4, "little"))

    return change_it


def twice(data):
    content = io.BytesIO(data)
    with zipfile.ZipFile(content, "a") as file, pytest.warns(UserWarning, match="Duplicate name"):
        file.writestr("bias.npy", file.read("bias.npy"))
    return content.getvalue()


def with_entry(name):
    def add(data):
        content = io.BytesIO(data)
        with zipfile.ZipFile(content, "a") as file:
            file.writestr(name, file.read("bias.npy"))
        return content.getvalue()

    return add


@pytest.mark.parametrize(
    ("alter", "reason"),
    [
        (with_flag, "bias.npy is encrypted, or compressed in an unusual way"),
        (with_method(12), "bias.npy is encrypted, or compressed in an unusual way"),
        (with_method(14), "bias.npy is encrypted, or compressed in an unusual way"),
        (with_method(99), "bias.npy is encrypted, or compressed in an unusual way"),
        (with_size(-1), "bias.npy does not hold the bytes that it should"),
        (with_size(1), "bias.npy does not hold the bytes that it should"),
        (lambda data: altered(data, directory(data)[1][0] + 16, bytes(4)), "bias.npy does not hold the bytes that"),
        (twice, "'bias.npy' is not a name of an array, or is there twice"),
        (with_entry("../bias.npy"), "'../bias.npy' is not a name of an array"),
        (with_entry("/bias.npy"), "'/bias.npy' is not a name of an array"),
        (with_entry("C:bias.npy"), "'C:bias.npy' is not a name of an array"),
        (with_entry("bias.txt"), "'bias.txt' is not a name of an array"),
        (with_entry("folder/"), "'folder/' is not a name of an array"),
        (lambda data: data + b"\n", "a zip file has to fill it from the first byte to the last"),
        (lambda data: b"#!" + data, "a zip file has to fill it from the first byte to the last"),
        (lambda data: altered(data, len(data) - 2, b"\1\0") + b"c", "a zip file has to fill it"),
        (lambda data: altered(data, directory(data)[1][0] + 42, b"\xff\xff\0\0"), ""),
    ],
    ids="encrypted bz2 lzma unknown shorter longer crc twice up root drive text folder trailing leading comment "
    "elsewhere".split(),
)
@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_a_zip_that_numpy_does_not_write_is_refused(folder, alter, reason, compression):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as file:
        for name in ("bias", "ubm.means"):
            array = io.BytesIO()
            np.lib.format.write_array(array, ARRAYS[name])
            file.writestr(f"{name}.npy", array.getvalue())
    sign(folder, content.getvalue())
    assert list(read_arrays(folder / PARAMETERS)) == ["bias", "ubm.means"]
    sign(folder, alter(content.getvalue()))
    with pytest.raises(ModelError, match=r"parameters.npz: is not an npz of plain arrays \(" + reason) as refused:
        read_arrays(folder / PARAMETERS)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_that_numpy_does_not_write_is_refused(folder, compression):
    pytest.importorskip({zipfile.ZIP_BZIP2: "bz2", zipfile.ZIP_LZMA: "lzma"}[compression])
    sign(folder, zipped(npz(a=np.ones(9)), compression))
    with pytest.raises(ModelError, match="ubm.means.npy is encrypted, or compressed in an unusual way"):
        read_arrays(folder / PARAMETERS)


def test_what_unpacks_to_more_than_it_says_is_not_unpacked(folder, monkeypatch):
    monkeypatch.setattr(archive, "_LARGEST_BYTES", 100_000)
    data = zipped(bytes(10_000_000), zipfile.ZIP_DEFLATED)
    sign(folder, altered(data, directory(data)[1][0] + 24, (200).to_bytes(4, "little")))
    tracemalloc.start()
    with pytest.raises(ModelError, match="ubm.means.npy does not hold the bytes that it should"):
        read_arrays(folder / PARAMETERS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_500_000  # a card may have 1 MB


def test_as_many_arrays_as_a_model_can_have(folder, monkeypatch):
    monkeypatch.setattr(archive, "_MOST_ARRAYS", 3)
    assert len(read_arrays(folder / PARAMETERS)) == 3
    sign(folder, npz(a=np.ones(1), b=np.ones(1), c=np.ones(1), d=np.ones(1)))
    with pytest.raises(ModelError, match=r"is not an npz of plain arrays \(more than 3 arrays\)"):
        read_arrays(folder / PARAMETERS)


@pytest.mark.parametrize(
    ("shape", "n_values"), [((2, 2), 3), ((3,), 4), ((0,), 0), ((2**62, 4), 0), ((250_000_000,), 2), ((-1, -2), 2)]
)
def test_a_shape_is_compared_with_what_is_there(folder, shape, n_values):
    content = io.BytesIO()
    np.lib.format.write_array_header_1_0(content, {"descr": "<f8", "fortran_order": False, "shape": shape})
    sign(folder, zipped(content.getvalue() + bytes(8 * n_values)))
    with pytest.raises(ModelError, match=f"{8 * n_values} bytes are no array of shape {re.escape(str(shape))}"):
        read_arrays(folder / PARAMETERS)


def test_a_long_header_is_not_read(folder):
    content = io.BytesIO()
    np.lib.format.write_array(content, np.ones(1))
    for spaces, read in ((1000 - 118, True), (1001 - 118, False)):
        longer = content.getvalue()[:127] + spaces * b" " + content.getvalue()[127:]
        sign(folder, zipped(altered(longer, 8, (118 + spaces).to_bytes(2, "little"))))
        if read:
            assert read_arrays(folder / PARAMETERS)["ubm.means"].tolist() == [1]
        else:
            with pytest.raises(ModelError, match="its header is longer than 1000 bytes"):
                read_arrays(folder / PARAMETERS)


def test_what_would_need_a_pickle_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="Object arrays cannot be saved when allow_pickle=False"):
        write_archive(tmp_path / PARAMETERS, {"names": np.array([{}], dtype=object)}, {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'shape': (3",
        "{'descr': (), 'fortran_order': False, 'shape': (3,), }\n",
        "{'descr': 'f8,,', 'fortran_order': False, 'shape': (1,), }\n",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (True,), }\n",
        "{[]: 1}",
    ],
)
def test_a_malformed_header_is_a_model_error(tmp_path, header):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("a.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + bytes(8))
    (tmp_path / "parameters.npz").write_bytes(data.getvalue())
    (tmp_path / "card.json").write_text(json.dumps({"sha256": hashlib.sha256(data.getvalue()).hexdigest()}))
    with pytest.raises(ModelError, match="is not an npz of plain arrays"):
        read_arrays(tmp_path / PARAMETERS)


class Stopped(BaseException):
    """The process is killed here."""


@pytest.mark.parametrize("n_renames", [0, 1, 2])
def test_whenever_writing_is_stopped_the_old_model_or_the_new_one_is_there(folder, monkeypatch, n_renames):
    new = {name: array + 1 for name, array in ARRAYS.items()}
    rename, done = os.replace, []

    def stop(source, target):
        if len(done) == n_renames:
            raise Stopped
        done.append(target)
        rename(source, target)

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(Stopped):
        write_archive(folder / PARAMETERS, new, {"sources": ["new"]})
    monkeypatch.undo()
    found = read_arrays(folder / PARAMETERS)["ubm.means"]
    assert read_card(folder)["sources"] == (["new"] if n_renames == 2 else ["Zoë"])
    assert np.array_equal(found, (new if n_renames == 2 else ARRAYS)["ubm.means"])
    check_archive(folder / PARAMETERS)  # it is ours
    write_archive(folder / PARAMETERS, new, {"sources": ["new"]})
    assert sorted(path.name for path in folder.iterdir()) == [CARD, PARAMETERS]


def test_the_first_model_of_a_folder_is_there_as_soon_as_its_card_is(tmp_path):
    write_archive(tmp_path / PARAMETERS, ARRAYS, {})
    (tmp_path / PARAMETERS).rename(tmp_path / "parameters.new.npz")
    assert list(read_arrays(tmp_path / PARAMETERS)) == list(ARRAYS)


def test_files_of_somebody_else_are_not_replaced_by_a_model(folder, tmp_path):
    check_archive(folder / PARAMETERS)
    check_archive(tmp_path / "new" / "er" / PARAMETERS)
    assert not (tmp_path / "new").exists()
    (folder / PARAMETERS).write_bytes(b"mine")
    with pytest.raises(FileExistsError, match="parameters.npz: exists. Name another file, or add --overwrite"):
        check_archive(folder / PARAMETERS)
    (folder / PARAMETERS).unlink()
    with pytest.raises(FileExistsError, match="card.json: exists."):
        check_archive(folder / PARAMETERS)
    check_archive(folder / PARAMETERS, overwrite=True)


MIXED = {"letters": np.frombuffer("Zoë".encode(), np.uint8), "x": np.ones((2, 3), np.float32), "y": np.array(0.5)}


def test_what_is_packed_is_unpacked_in_its_order():
    found = unpack_arrays(pack_arrays(MIXED), "a file", (np.uint8, np.float32, np.float64))
    assert list(found) == list(MIXED)
    for name, array in MIXED.items():
        assert found[name].dtype == array.dtype and found[name].shape == array.shape
        assert np.array_equal(found[name], array)
    assert pack_arrays(found) == pack_arrays(MIXED)
    other = {name: np.asarray(array, order="F") for name, array in MIXED.items()}
    assert pack_arrays(other) == pack_arrays(MIXED)


def test_a_packed_file_is_that_of_an_archive(folder):
    assert pack_arrays(ARRAYS) == (folder / PARAMETERS).read_bytes()


def test_only_the_types_that_are_asked_for_are_unpacked():
    with pytest.raises(ModelError, match="^mine: letters must be finite float16 or float32 or float64; got uint8.$"):
        unpack_arrays(pack_arrays(MIXED), "mine")
    with pytest.raises(ModelError, match="^mine: x must be finite uint8; got float32.$"):
        unpack_arrays(pack_arrays(MIXED), "mine", (np.uint8,))
    with pytest.raises(ModelError, match="^mine: x must be finite float16 or float32 or float64; got >f8.$"):
        unpack_arrays(pack_arrays({"x": np.ones(3, ">f8")}), "mine")
    with pytest.raises(ModelError, match="^mine: x must be finite float16 or float32 or float64; got float64.$"):
        unpack_arrays(pack_arrays({"x": np.array([np.inf])}), "mine")


@pytest.mark.parametrize("end", [0, 1, 21, 100, -1])
def test_cut_files_are_not_unpacked(end):
    with pytest.raises(ModelError, match="^mine: is not an npz of plain arrays .*; pickles are rejected.$"):
        unpack_arrays(pack_arrays(ARRAYS)[:end], "mine")


def test_no_objects_are_packed():
    with pytest.raises(ValueError, match="Object arrays cannot be saved when allow_pickle=False"):
        pack_arrays({"names": np.array([{}], dtype=object)})
