import os

from lightdiar.corpus.film import Film, State


def test_a_copy_is_the_same_and_an_edit_is_seen(tmp_path):
    file, copy = tmp_path / "film.wav", tmp_path / "copy.wav"
    content = bytearray(range(256)) * 4000
    file.write_bytes(content)
    copy.write_bytes(content)
    os.utime(copy, ns=(1, 1))
    state = State.of(str(file))
    assert State.of(str(copy)) == state
    place = 511_000
    content[place : place + len(content) // 63] = bytes(len(content) // 63)
    copy.write_bytes(content)
    assert State.of(str(copy)) != state
    assert State.of(str(copy)).size == state.size
    with file.open("ab") as growing:
        growing.write(b"\0")
    assert State.of(str(file)).size == state.size + 1


def test_the_sample_of_a_short_file_sees_every_byte(tmp_path):
    file, samples = tmp_path / "film.wav", set()
    for content in (b"", b"a", b"b", b"a" * 150_000, b"a" * 149_999 + b"b"):
        file.write_bytes(content)
        samples.add(State.of(str(file)).sample)
    assert len(samples) == 5


def test_what_cannot_be_read_has_no_state(tmp_path):
    assert State.of(str(tmp_path / "missing.wav")) is None
    assert State.of(str(tmp_path)) is None
    assert State.of("nul\0.wav") is None


def test_a_film_tells_what_of_it_is_heard():
    assert Film("a", "/a.wav", "a.wav").part == {}
    assert Film("a", "/a.wav", "a.wav", track="fra", start=0.0).part == {"track": "fra", "start": 0.0}
