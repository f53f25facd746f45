import re

import numpy as np
import pytest

from lightdiar.errors import AudioError, FormatError
from lightdiar.io import manifests
from lightdiar.io.audio import Audio, write
from lightdiar.training.augment import change_pitch
from lightdiar.training.manifests import (
    Utterance,
    backgrounds,
    load_utterance,
    read_noise_manifest,
    read_speech_manifest,
    voice_of,
)


def test_voices_are_women_men_and_children_by_age():
    def voice(gender, age):
        return voice_of(Utterance("x", "s", gender, age))

    assert [voice("F", 40), voice("M", 16), voice("F", 12), voice("M", 14)] == ["woman", "man", "child", None]
    assert voice("", 8) == "child" and voice("", 40) is None


def test_an_adult_is_who_has_no_age(corpus):
    ages = [utterance.age for utterance in read_speech_manifest(corpus / "speech.csv")]
    assert ages == [8, 8, 16, 16, 16, 16, 16, 16]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("path,speaker\na,b\n", "m.csv:1: no column gender; a manifest needs path,speaker,gender"),
        ("path,speaker,gender\n", "m.csv: no rows"),
        ("path,speaker,gender\na,b,F\na,b,female\n", "m.csv:3: gender is F or M: 'female'"),
        ("path,speaker,gender,age\na,b,F,nan\n", "m.csv:2: age is a number of years, 0 to 130: 'nan'"),
        ("path,speaker,gender,age\na,b,F,131\n", "m.csv:2: age is a number"),
        ("path,speaker,gender\na,b,F\na,b\n", "m.csv:3: 2 cells; the header has 3"),
        ("path,speaker,gender\n\na,b,F,5\n", "m.csv:3: 4 cells; the header has 3"),
        ("path,speaker,gender\n,b,F\n", "m.csv:2: no path of a sound: ''"),
        ("path,speaker,gender\n" + "a" * 131_073 + ",b,F\n", "m.csv:2: not CSV that can be read: field larger than"),
        ("", "m.csv:1: no column path, speaker, gender"),
        ("path,speaker,gender,age\na,b,F,old\n", "m.csv:2: age is a number of years, 0 to 130: 'old'"),
    ],
)
def test_wrong_manifests_are_refused_with_the_line(tmp_path, text, message):
    (tmp_path / "m.csv").write_text(text)
    with pytest.raises(FormatError, match=message):
        read_speech_manifest(tmp_path / "m.csv")


def test_a_noise_is_noise_or_music(tmp_path):
    (tmp_path / "m.csv").write_text("path,kind\na.wav,rumble\n")
    with pytest.raises(FormatError, match="m.csv:2: kind is noise or music: 'rumble'"):
        read_noise_manifest(tmp_path / "m.csv")
    with pytest.raises(FormatError, match="missing.csv: cannot be read"):
        read_noise_manifest(tmp_path / "missing.csv")


def test_a_manifest_that_is_not_utf8_is_named_with_the_line(tmp_path):
    (tmp_path / "m.csv").write_bytes("path,speaker,gender\na,René,F\n".encode("latin-1"))
    with pytest.raises(FormatError, match=r"m.csv:2: not UTF-8 text, save it as UTF-8: b'\\xe9,F\\n'"):
        read_speech_manifest(tmp_path / "m.csv")


def test_limits_of_a_manifest(tmp_path, monkeypatch):
    text = "path,speaker,gender,age\na,b,F,130\na,b,M,0\n"
    (tmp_path / "m.csv").write_bytes(text.encode())
    monkeypatch.setattr(manifests, "MOST_ROWS", 2)
    monkeypatch.setattr(manifests, "LARGEST_MANIFEST", len(text))
    assert [utterance.age for utterance in read_speech_manifest(tmp_path / "m.csv")] == [130, 0]
    monkeypatch.setattr(manifests, "MOST_ROWS", 1)
    with pytest.raises(FormatError, match="m.csv: more than 1 rows, which is the most"):
        read_speech_manifest(tmp_path / "m.csv")
    monkeypatch.setattr(manifests, "LARGEST_MANIFEST", len(text) - 1)
    with pytest.raises(FormatError, match=f"m.csv: more than {len(text) - 1} bytes"):
        read_speech_manifest(tmp_path / "m.csv")


def test_names_may_hold_commas_and_line_breaks(tmp_path):
    (tmp_path / "m.csv").write_bytes(b'gender,path,speaker\n"F","a, b","c\nd"\n')
    assert read_speech_manifest(tmp_path / "m.csv") == [Utterance(tmp_path / "a, b", "c\nd", "F", 16.0)]


def test_a_gender_may_be_blank_but_nothing_else(tmp_path):
    (tmp_path / "m.csv").write_text("path,speaker,gender\na,ann,F\nb,bob,\nc,cleo,M\n")
    found = read_speech_manifest(tmp_path / "m.csv")
    assert [(utterance.speaker, utterance.gender) for utterance in found] == [("ann", "F"), ("bob", ""), ("cleo", "M")]
    (tmp_path / "m.csv").write_text("path,speaker,gender\na,ann,x\n")
    with pytest.raises(FormatError, match="m.csv:2: gender is F or M: 'x'"):
        read_speech_manifest(tmp_path / "m.csv")


def test_backgrounds_of_several_manifests_are_taken_together(corpus, tmp_path):
    first, second = str(corpus / "noise.csv"), tmp_path / "more.csv"
    second.write_text(f"path,kind\n{corpus / 'tune.wav'},music\n{corpus / 'hiss.wav'},noise\n")
    alone = read_noise_manifest(first)
    both = backgrounds((first, str(second)), ())
    assert [len(both[kind]) for kind in ("noise", "music")] == [3, 2]
    expected = [*alone["noise"], alone["noise"][0]]
    assert all(np.array_equal(one, other) for one, other in zip(both["noise"], expected))
    assert np.array_equal(both["music"][1], alone["music"][0])
    for path in (first, (first,)):
        assert [len(sounds) for sounds in backgrounds(path, ()).values()] == [2, 1]
    assert [len(sounds) for sounds in backgrounds((first, str(second)), ("*hiss*",)).values()] == [1, 2]


def test_an_utterance_that_is_too_short_to_be_heard_at_another_pitch_is_named(tmp_path):
    path = tmp_path / "ah.wav"
    said = Utterance(path, "Ann", "F", 16.0)
    write(path, Audio(np.sin(np.arange(1600) / 20), 16000))
    assert len(change_pitch(load_utterance(said), 2.0)) == pytest.approx(800, abs=128)
    write(path, Audio(np.sin(np.arange(400) / 20), 8000))
    message = "lasts 0.050 s; an utterance needs 0.1 s or more. Leave it out of the manifest."
    with pytest.raises(AudioError, match=re.escape(f"{path}: {message}")):
        load_utterance(said)
