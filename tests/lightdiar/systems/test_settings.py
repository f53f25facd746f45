import json
from pathlib import Path

import pytest

from lightdiar.errors import FormatError
from lightdiar.systems.settings import PRESETS, Settings


def test_what_is_saved_is_loaded_again(tmp_path):
    settings = Settings(speech_bias=-0.5, speaker_prior=8.25)
    settings.save(tmp_path / "a.json")
    assert Settings.load(tmp_path / "a.json") == settings


def test_the_file_is_plain_json(tmp_path):
    Settings().save(tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == {
        "speech_bias": 0.0,
        "pause": 1.0,
        "speaker_prior": 10.0,
        "loop_probability": 0.95,
    }


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path):
    (tmp_path / "a.json").write_text('{"pause": 0.5}', encoding="utf-8-sig")
    assert Settings.load(tmp_path / "a.json") == Settings(pause=0.5)


def test_what_a_file_leaves_out_keeps_its_default(tmp_path):
    (tmp_path / "a.json").write_text('{"pause": 0.5}', encoding="utf-8")
    assert Settings.load(tmp_path / "a.json") == Settings(pause=0.5)


@pytest.mark.parametrize(
    "text, message",
    [
        ("{", "is not JSON"),
        ("[1]", "list: settings are a JSON object with any of speech_bias, pause"),
        ('{"speker_prior": 1}', "'speker_prior': settings are a JSON object"),
        ('{"speaker_prior": "high"}', "speaker_prior='high' must be a number, such as 10.0"),
        ('{"speaker_prior": NaN}', "speaker_prior=None must be a number"),
        ('{"loop_probability": 1}', r"loop_probability=1 must be in \[0, 1\); 0.95 is usual"),
        ('{"speaker_prior": 0}', "speaker_prior=0 must be above 0, up to a million; 10 is usual"),
        ('{"pause": -1}', "pause=-1 s must be from 0 to 60; 1 is usual"),
        ('{"pause": 1e308}', "pause=1e[+]308 s must be from 0 to 60"),
        ('{"speech_bias": -1e308}', "speech_bias=-1e[+]308 must be from -1000 to 1000"),
        ('{"speaker_prior": 1' + 400 * "0" + "}", "a number of 401 digits; at most 300"),
        ('{"pause": "' + 9000 * "x" + '"}', "pause='x+...x+' must be a number, such as 1.0.$"),
        (100_000 * "[", "is not JSON"),
        ('{"pause": true}', "pause=True must be a number"),
    ],
)
def test_a_bad_file_is_named_with_its_fault(tmp_path, text, message):
    (tmp_path / "bad.json").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=f"bad.json: .*{message}"):
        Settings.load(tmp_path / "bad.json")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FormatError, match="no.json: cannot be read"):
        Settings.load(tmp_path / "no.json")


def test_a_device_and_a_large_file_are_refused_at_once(tmp_path):
    with pytest.raises(FormatError, match="is a folder, not a regular file"):
        Settings.load(tmp_path)
    (tmp_path / "a.json").write_text('{"pause": 0.5}' + 99_986 * " ", encoding="utf-8")
    assert Settings.load(tmp_path / "a.json").pause == 0.5
    (tmp_path / "a.json").write_text('{"pause": 0.5}' + 99_987 * " ", encoding="utf-8")
    with pytest.raises(FormatError, match="a.json: more than 100000 bytes"):
        Settings.load(tmp_path / "a.json")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device files here")
def test_a_device_without_end_is_refused():
    with pytest.raises(FormatError, match="^/dev/full: is a pipe or a device, not a regular file"):
        Settings.load("/dev/full")


def test_presets_are_settings_for_the_kinds_of_recordings():
    assert set(PRESETS) == {"film", "meeting", "phone", "broadcast"}
    assert PRESETS["phone"] == Settings(speech_bias=0.93)  # a telephone takes the breath and the edges of words away
    assert PRESETS["film"] == PRESETS["meeting"] == Settings()  # for which the defaults were chosen
