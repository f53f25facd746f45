"""Files of voices: what is saved comes back, nobody who was removed is in them, and no stranger's file does harm."""

import io
import json
import pickle
import unicodedata
import zipfile

import numpy as np
import pytest

from lightdiar.common.archive import pack_arrays, unpack_arrays
from lightdiar.errors import FormatError, ModelError
from lightdiar.recognition import storage
from lightdiar.recognition.storage import load_voices, save_voices
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems.voice_models import load_voice_models

MARK = "0123456789abcdef" * 2
TYPES = np.uint8, np.float32, np.float64


def session(seed, seconds=12.5, n=400):
    return Voiceprint(np.random.default_rng(seed).normal(0, 3, n).astype(np.float32), seconds)


PEOPLE = {"Zoë Smith": [session(1), session(2, 3.25)], "bob": [session(3, 60.0)], "李": [session(4, 0.0)]}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "class.voices"
    save_voices(path, PEOPLE, MARK)
    return path


def in_words(people):
    return {name: [(one.vector.tolist(), one.seconds) for one in sessions] for name, sessions in people.items()}


def test_what_is_saved_comes_back(path, tmp_path):
    found = load_voices(path, MARK, 400)
    assert in_words(found) == in_words(PEOPLE) and list(found) == list(PEOPLE)
    assert {one.vector.dtype for sessions in found.values() for one in sessions} == {np.dtype(np.float32)}
    save_voices(tmp_path / "again.voices", found, MARK)
    assert (tmp_path / "again.voices").read_bytes() == path.read_bytes()


def test_the_file_is_plain_arrays_and_json(path):
    with np.load(path, allow_pickle=False) as file:
        assert sorted(file) == ["people", "seconds", "vectors"]
        head = json.loads(file["people"].tobytes().decode("utf-8"))
        assert file["vectors"].shape == (4, 400) and file["seconds"].tolist() == [12.5, 3.25, 60, 0]
    assert head == {
        "format": "lightdiar voices",
        "version": 1,
        "models": MARK,
        "people": [["Zoë Smith", 2], ["bob", 1], ["李", 1]],
    }


def test_a_session_takes_two_kilobytes_at_most(tmp_path):
    n = load_voice_models().voiceprinter.n_dimensions
    sizes = []
    for n_people in (10, 110):
        people = {f"a name of forty characters, number {number:06d}": [session(0, n=n)] for number in range(n_people)}
        save_voices(tmp_path / f"{n_people}.voices", people, MARK)
        sizes.append((tmp_path / f"{n_people}.voices").stat().st_size)
    assert (sizes[1] - sizes[0]) / 100 < sizes[1] / 110 < sizes[0] / 10 < 2000


def test_who_is_removed_leaves_nothing_in_the_file(path):
    before = path.read_bytes()
    save_voices(
        path, {name: sessions for name, sessions in PEOPLE.items() if name != "Zoë Smith"}, MARK, overwrite=True
    )
    after = path.read_bytes()
    for trace in ("Zoë Smith".encode(), b"Smith", PEOPLE["Zoë Smith"][0].vector[:4].tobytes()):
        assert trace in before and trace not in after
    assert not any(value.tobytes() in after for one in PEOPLE["Zoë Smith"] for value in one.vector)
    assert in_words(load_voices(path, MARK, 400)) == in_words({"bob": PEOPLE["bob"], "李": PEOPLE["李"]})
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_nothing_is_replaced_unless_asked(path):
    before = path.read_bytes()
    with pytest.raises(FileExistsError, match="class.voices: exists"):
        save_voices(path, {"bob": PEOPLE["bob"]}, MARK)
    assert path.read_bytes() == before
    save_voices(path, {"bob": PEOPLE["bob"]}, MARK, overwrite=True)
    assert list(load_voices(path, MARK, 400)) == ["bob"]


def test_a_file_of_other_models_is_refused_with_the_reason(path):
    with pytest.raises(
        ModelError,
        match=r"class.voices: was made by other models \(0123456789ab, not ffffffffffff\), and vectors of different "
        "models cannot be compared; enrol the people again.$",
    ):
        load_voices(path, "f" * 32, 400)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FormatError, match=r"nowhere.voices: cannot be read \(No such file or directory\); name a file"):
        load_voices(tmp_path / "nowhere.voices", MARK, 400)
    with pytest.raises(FormatError, match="is a folder, not a file of voices"):
        load_voices(tmp_path, MARK, 400)


def test_no_file_is_written_that_is_too_large_to_be_read(path, monkeypatch):
    before = path.read_bytes()
    monkeypatch.setattr(storage, "_LARGEST", len(before) - 1)
    with pytest.raises(
        ValueError, match=f"class.voices: 4 sessions do not fit into {len(before) - 1} bytes; enrol fewer"
    ):
        save_voices(path, PEOPLE, MARK, overwrite=True)
    assert path.read_bytes() == before
    monkeypatch.setattr(storage, "_LARGEST", len(before))
    save_voices(path, PEOPLE, MARK, overwrite=True)
    assert in_words(load_voices(path, MARK, 400)) == in_words(PEOPLE)


def refused(path, data, kind=FormatError):
    """The message with which such a file is refused."""
    path.write_bytes(data)
    with pytest.raises(kind) as error:
        load_voices(path, MARK, 400)
    message = str(error.value)
    assert "\n" not in message and message.startswith(str(path)) and len(message) < len(str(path)) + 400
    return message[len(str(path)) :]


def test_a_cut_file_is_refused(path):
    data = path.read_bytes()
    for end in [*range(0, len(data), 311), len(data) - 1]:
        assert "is not a file of voices" in refused(path, data[:end])


def test_no_changed_byte_is_believed_or_crashes(path):
    data, rng = path.read_bytes(), np.random.default_rng(0)
    for place in rng.integers(0, len(data), 100):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1 << int(rng.integers(8))]) + data[place + 1 :])
        try:
            found = load_voices(path, MARK, 400)
        except (FormatError, ModelError) as error:
            assert "\n" not in str(error)
        else:  # what no reader looks at, such as the date of the archive
            assert in_words(found) == in_words(PEOPLE)


def npz(**arrays):
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


class Evil:
    def __reduce__(self):
        return (print, ("run",))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"words",
        b'{"format": "lightdiar voices"}',
        pickle.dumps(Evil()),
        npz(vectors=np.array([Evil()], dtype=object)),
        npz(people=np.array(["ann"]), vectors=np.ones((1, 400), np.float32), seconds=np.ones(1)),
        npz(people=np.ones(3, int), vectors=np.ones((1, 400), np.float32), seconds=np.ones(1)),
    ],
    ids=["empty", "text", "json", "pickle", "objects", "names in an array", "integers"],
)
def test_what_is_no_file_of_arrays_is_refused(path, capsys, data):
    assert refused(path, data).startswith((": is not a file of voices; `", ": is not a file of voices, or damaged: "))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "arrays",
    [
        dict(a=np.ones(3)),
        dict(people=np.ones(3, np.float32), vectors=np.ones((1, 400), np.float32), seconds=np.ones(1)),
        dict(people=np.ones(3, np.uint8), vectors=np.ones((1, 400), np.float32)),
        dict(people=np.ones(3, np.uint8), vectors=np.ones((1, 400)), seconds=np.ones(1), more=np.ones(1)),
    ],
)
def test_another_npz_is_refused(path, arrays):
    assert refused(path, npz(**arrays)) == ": is not a file of voices; `lightdiar enrol` writes them."


def changed(path, head=None, **arrays):
    """The bytes of the file with some arrays, or entries of the JSON, in place of its own; text replaces all JSON."""
    own = unpack_arrays(path.read_bytes(), path, TYPES)
    if isinstance(head, dict):
        head = json.dumps({**json.loads(own["people"].tobytes()), **head})
    if head is not None:
        own["people"] = np.frombuffer(head if isinstance(head, bytes) else head.encode(), np.uint8)
    return pack_arrays({**own, **arrays})


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (
            dict(vectors=np.ones((4, 399), np.float32)),
            "vectors of shape (4, 399) and seconds of shape (4,) do not fit 4",
        ),
        (
            dict(vectors=np.ones((3, 400), np.float32)),
            "vectors of shape (3, 400) and seconds of shape (4,) do not fit 4",
        ),
        (dict(vectors=np.ones(1600, np.float32)), "vectors of shape (1600,) and seconds"),
        (dict(seconds=np.ones(5)), "seconds of shape (5,) do not fit 4 sessions of 400 dimensions."),
        (dict(seconds=np.ones((4, 1))), "seconds of shape (4, 1) do not fit 4"),
        (dict(seconds=np.array(1.0)), "seconds of shape () do not fit 4"),
        (dict(seconds=np.array([1, 1, -1.0, 1])), "has values that no voice has."),
        (dict(seconds=np.array([1, 1, 1e300, 1e308])), "has values that no voice has."),
        (dict(seconds=np.array([1, 1, np.nan, 1])), "seconds must be finite uint8 or float32 or float64; got float64."),
        (dict(vectors=np.full((4, 400), np.nan, np.float32)), "vectors must be finite uint8 or float32 or float64"),
        (dict(vectors=np.full((4, 400), np.inf)), "vectors must be finite"),
        (dict(vectors=np.full((4, 400), 1e30)), "has values that no voice has."),
        (dict(vectors=np.full((4, 400), -1e5)), "has values that no voice has."),
    ],
)
def test_arrays_that_do_not_fit_are_refused(path, arrays, message):
    assert message in refused(path, changed(path, **arrays))


def test_the_largest_values_are_read(path):
    vectors, seconds = np.zeros((4, 400), np.float32), np.array([0, 1e9, 1, 1])
    vectors[0, :2] = 1e4, -1e4
    path.write_bytes(changed(path, vectors=vectors, seconds=seconds))
    (first, second), *_ = load_voices(path, MARK, 400).values()
    assert first.vector[:2].tolist() == [1e4, -1e4] and second.seconds == 1e9
    for arrays in (dict(vectors=vectors * 1.01), dict(seconds=seconds * 1.01)):
        assert "has values that no voice has." in refused(path, changed(path, **arrays))


def test_a_larger_file_is_not_read(path, monkeypatch):
    content = path.read_bytes()
    monkeypatch.setattr(storage, "_LARGEST", len(content))
    assert in_words(load_voices(path, MARK, 400)) == in_words(PEOPLE)
    monkeypatch.setattr(storage, "_LARGEST", len(content) - 1)
    assert refused(path, content) == f": more than {len(content) - 1} bytes, which is the most that is read."


DAMAGED = ": its list of people is damaged."


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("{", " is not JSON that can be read"),
        (b"{\xff}", " not UTF-8 text"),
        ("[" * 100_000, "is nested more than 100 levels deep"),
        ('{"format": ' + "[" * 100_000, "is nested more than 100 levels deep"),
        ("[]", ": is not a file of voices; `lightdiar enrol` writes them."),
        ("null", ": is not a file of voices; `lightdiar enrol` writes them."),
        ({"format": "voices"}, ": is not a file of voices; `lightdiar enrol` writes them."),
        ({"version": 2}, ": version 2 of files of voices is not known; 1 is."),
        ({"version": [1] * 10_000}, ": version [1, 1, 1"),
        ({"models": None}, DAMAGED),
        ({"people": []}, DAMAGED),
        ({"people": {"ann": 4}}, DAMAGED),
        ({"people": [["ann", 4, 5]]}, DAMAGED),
        ({"people": ["ab"] * 4}, DAMAGED),
        ({"people": [["ann", "4"]]}, DAMAGED),
        ({"people": [["ann", True]] * 4}, DAMAGED),
        ({"people": [["ann", 4.0]]}, DAMAGED),
        ({"people": [["ann", 0], ["bob", 4]]}, DAMAGED),
        ({"people": [["ann", -1], ["bob", 5]]}, DAMAGED),
        ({"people": [[4, 4]]}, DAMAGED),
        ({"people": [["ann", 10**200]]}, DAMAGED),
        ({"people": [["ann", 10**299], ["bob", 10**299]]}, DAMAGED),
        ({"people": [["ann", 3]]}, "do not fit 3 sessions of 400 dimensions."),
        ({"people": [["ann", 5]]}, "do not fit 5 sessions of 400 dimensions."),
        ({"people": [["ann", 2], ["ann", 2]]}, ": the name 'ann' occurs twice; rename one."),
        ({"people": [["ann", 2], ["Ann", 2]]}, ": the names 'ann' and 'Ann' are too much alike"),
        ({"people": [["Zoë", 2], ["Zoe\u0308", 2]]}, ": the name 'Zoë' occurs twice; rename one."),
        ({"people": [["a/b", 4]]}, ": the name a/b contains a slash or a backslash; write - instead."),
        ({"people": [["a\nb", 4]]}, ": the name a\\nb contains a control character; take it out."),
        ({"people": [["", 4]]}, ": the name '' is empty"),
        ({"people": [["SPEAKER_00", 4]]}, ": the name SPEAKER_00 is what people who are not known are called"),
        ({"people": [["a" * 101, 4]]}, "has 101 characters; at most 100 are possible."),
    ],
)
def test_a_damaged_list_of_people_is_refused(path, head, message):
    assert message in refused(path, changed(path, head))


@pytest.mark.parametrize("mark", ["", "x\ny" * 1000, "\x1b[31m" * 20, "f" * 10_000])
def test_whatever_the_models_are_called_the_reason_is_one_line(path, mark):
    message = refused(path, changed(path, {"models": mark}), ModelError)
    assert message.startswith(": was made by other models (") and "\x1b" not in message


def test_names_are_not_looked_at_if_there_are_more_than_sessions(path, monkeypatch):
    monkeypatch.setattr(storage, "check_names", None)
    people = [[f"person {number}", 1] for number in range(1000)]
    assert "do not fit 1000 sessions of 400 dimensions." in refused(path, changed(path, {"people": people}))


def test_a_name_in_another_unicode_form_is_read_in_the_usual_one(path):
    path.write_bytes(changed(path, {"people": [[unicodedata.normalize("NFD", "Zoë"), 4]]}))
    assert list(load_voices(path, MARK, 400)) == ["Zoë"]


def test_a_bomb_is_refused_before_it_is_unpacked(path, monkeypatch):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("people", "vectors"):
            file.writestr(f"{name}.npy", bytes(40_000_000))
    monkeypatch.setattr(np.lib.format, "read_array", None)  # nothing may be read
    assert "80000000 bytes when unpacked; at most" in refused(path, content.getvalue())


def test_a_folder_is_refused(tmp_path):
    with pytest.raises((FormatError, OSError), match=str(tmp_path.name)):
        load_voices(tmp_path, MARK, 400)
