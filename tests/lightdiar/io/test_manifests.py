import pytest

from lightdiar.errors import FormatError
from lightdiar.io.manifests import is_manifest, read_manifest, recording_of_sound, sounds_with_truth


@pytest.fixture
def table(tmp_path):
    def write(text, name="m.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def test_rows_have_the_line_where_they_end(table):
    path = table('path,speaker\n"a\nb",ann\n\nc,bob\n')
    assert list(read_manifest(path, ("speaker",))) == [
        (3, {"path": "a\nb", "speaker": "ann"}),
        (5, {"path": "c", "speaker": "bob"}),
    ]


def test_other_tables_in_csv_are_no_manifests(table, tmp_path):
    assert is_manifest(table("\ufeffseconds,rttm,path\n"), "rttm")
    assert not is_manifest(table("path,speaker,gender\n"), "rttm")
    assert not is_manifest(table("recording,start,end,speaker,gender\n"), "speaker")
    assert not is_manifest(table("", "empty.csv"), "rttm")
    assert not is_manifest(table("path,rttm\n", "list.txt"), "rttm")
    assert not is_manifest(tmp_path / "missing.csv", "rttm")
    (tmp_path / "binary.csv").write_bytes(b"\xff\x00path,rttm\n")
    assert not is_manifest(tmp_path / "binary.csv", "rttm")


def test_sounds_and_their_turns_are_relative_to_the_table(table, tmp_path):
    far = tmp_path / "far/b.wav"
    path = table(f"path,rttm\nwav/a.wav,labels/a.rttm\n{far.as_posix()},../b.rttm\n")
    assert sounds_with_truth(path) == [
        (tmp_path / "wav/a.wav", tmp_path / "labels/a.rttm"),
        (far, tmp_path / "../b.rttm"),
    ]
    with pytest.raises(FormatError, match="m.csv:2: no file of turns in the column rttm: 'a.wav'"):
        sounds_with_truth(table("path,rttm\na.wav,\n"))


@pytest.mark.parametrize(
    ("sound", "recordings", "expected"),
    [
        ("x/abjxc.wav", ["abjxc", "afjiv"], "abjxc"),
        ("ES2002a.Mix-Headset.wav", ["ES2002a", "ES2002b"], "ES2002a"),
        ("ES2002a.Mix-Headset.wav", ["ES2002a", "ES2002a.Mix-Headset"], "ES2002a.Mix-Headset"),
        ("a talk.wav", ["a_talk"], "a_talk"),  # as RTTM writes it
        ("a.wav", ["b", ""], ""),
        ("a.wav", ["b"], None),
    ],
)
def test_a_sound_is_the_recording_of_its_name(sound, recordings, expected):
    assert recording_of_sound(sound, recordings) == expected
