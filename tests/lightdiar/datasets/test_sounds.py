from lightdiar.datasets.sounds import measured
from lightdiar.datasets.tree import read_tree


def test_lengths_come_from_headers_and_what_cannot_be_read_has_a_reason(dataset):
    folder = dataset(
        {
            "one.wav": 1.5,
            "two.flac": 0.25,
            "film.mkv": b"not looked into",
            "empty.wav": b"",
            "silent.wav": 0,
            "noise.mp3": b"no sound at all " * 10,
            "notes.flac": "text",
        }
    )
    tree = read_tree(folder)
    seconds, unplaced = measured(tree, tree.sounds)
    assert {str(sound): length for sound, length in seconds.items()} == {
        "one.wav": 1.5,
        "two.flac": 0.25,
        "film.mkv": None,
    }
    assert {one.path: one.reason for one in unplaced} == {
        "empty.wav": "is empty (0 bytes)",
        "silent.wav": "holds no samples",
        "noise.mp3": "cannot be read as sound",
        "notes.flac": "cannot be read as sound",
    }


def test_the_length_of_what_is_cut_off_is_that_of_what_is_there(dataset):
    folder = dataset({"one.wav": 2.0, "two.wav": 1.0})
    data = (folder / "one.wav").read_bytes()
    (folder / "one.wav").write_bytes(data[: 44 + (len(data) - 44) // 2])
    tree = read_tree(folder)
    (folder / "two.wav").unlink()  # while the folder is read
    seconds, unplaced = measured(tree, tree.sounds)
    assert list(seconds.values()) == [1.0]
    assert [one.reason for one in unplaced] == ["cannot be read (No such file or directory)"]
