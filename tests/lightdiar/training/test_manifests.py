import pytest

from lightdiar.errors import FormatError
from lightdiar.training.manifests import Utterance, read_noise_manifest, read_speech_manifest, voice_of


def test_voices_are_women_men_and_children_by_age():
    def voice(gender, age):
        return voice_of(Utterance("x", "s", gender, age))

    assert [voice("F", 40), voice("M", 16), voice("F", 12), voice("M", 14)] == ["woman", "man", "child", None]


def test_an_adult_is_who_has_no_age(corpus):
    ages = [utterance.age for utterance in read_speech_manifest(corpus / "speech.csv")]
    assert ages == [8, 8, 16, 16, 16, 16, 16, 16]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("path,speaker\na,b\n", "m.csv:1: no column gender; a manifest needs path,speaker,gender"),
        ("path,speaker,gender\n", "m.csv: no rows"),
        ("path,speaker,gender\na,b,F\na,b,female\n", "m.csv:3: gender is F or M: 'female'"),
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
