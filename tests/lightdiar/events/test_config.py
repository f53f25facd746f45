import json

import pytest

from lightdiar.errors import FormatError
from lightdiar.events.config import Config, DecodingConfig
from lightdiar.events.features import FrontEnd
from lightdiar.events.labels import LabelSet


def test_what_is_saved_is_loaded(tmp_path):
    labels = LabelSet(("car",), {"vehicle": ("car", "bus")}, {"jam": ("car", "horn")})
    config = Config(labels, FrontEnd(8000, "mfcc", 20, False, (2.0,), True), "logistic", "none", 500)
    for one in (config, Config()):
        one.save(tmp_path / "config.json")
        assert Config.load(tmp_path / "config.json") == one


def test_the_file_shows_all_settings():
    content = json.loads(Config().text())
    assert list(content) == [
        "labels",
        "front_end",
        "model",
        "class_weights",
        "most_negatives",
        "decoding",
        "validation",
        "patience",
        "seed",
    ]
    assert content["labels"] == "all" and content["decoding"]["kind"] == "threshold"
    assert content["front_end"] == {
        "sample_rate": 16000,
        "kind": "log_mel",
        "n_filters": 40,
        "short": True,
        "context": [0.5, 1.0],
        "average": False,
        "envelope": True,
        "reference": "recording",
    }


def test_what_is_missing_keeps_its_default(text_file):
    path = text_file('{"decoding": {"median": 1}, "front_end": {"average": true}, "labels": {"regular": ["car"]}}')
    config = Config.load(path)
    assert config.decoding == DecodingConfig(median=1) and config.front_end == FrontEnd(average=True)
    assert config.labels == LabelSet(("car",)) and config.model == "boosting"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON that can be read"),
        ("[]", r"\[\] must be an object with any of labels, front_end, model"),
        ('{"modell": "gmm"}', "'modell' is not known; known are labels, front_end, model, "),
        ('{"model": "deep"}', "model='deep' must be one of gmm, logistic, boosting, nmf"),
        ('{"model": 1}', "model=1 must be a text, such as boosting"),
        ('{"front_end": {"bands": 40}}', "front_end: 'bands' is not known; known are sample_rate, kind"),
        ('{"front_end": {"sample_rate": "44.1 kHz"}}', "front_end: sample_rate='44.1 kHz' must be a whole number"),
        ('{"front_end": {"sample_rate": 100}}', "front_end: sample_rate=100 Hz: must be from 4000 to 96000"),
        ('{"front_end": null}', "front_end: None must be an object"),
        ('{"model": "nmf", "front_end": {"kind": "mfcc"}}', "model=nmf explains spectra: front_end needs kind log_mel"),
        ('{"decoding": {"kind": "magic"}}', "decoding: kind='magic' must be threshold or hmm"),
        ('{"decoding": {"median": -1}}', "decoding: median=-1 s must be from 0 to 60"),
        ('{"decoding": {"median": 60.1}}', "decoding: median=60.1 s must be from 0 to 60"),
        ('{"decoding": {"penalty": 1e6}}', "decoding: penalty=1000000.0 must be from 0 to 1000"),
        ('{"class_weights": "heavy"}', "class_weights='heavy' must be balanced or none"),
        ('{"validation": 1}', "validation=1 must be between 0 and 1"),
        ('{"validation": NaN}', "validation=None must be a number"),
        ('{"patience": 0}', "patience=0 must be 1 or more"),
        ('{"most_negatives": 5}', "most_negatives=5 must be 100 or more"),
        ('{"seed": -1}', "seed=-1 must be 0 or more"),
        ('{"labels": "some"}', 'labels must be "all", or an object with any of regular, union, intersection'),
        ('{"labels": {"regulars": []}}', 'labels must be "all", or an object'),
        ('{"labels": {"regular": "car"}}', r'labels: regular must be a list of labels, such as \["speech", "car"\]'),
        (f'{{"labels": {{"regular": {["x"] * 1001}}}}}'.replace("'", '"'), "labels: regular must be a list of labels"),
        ('{"labels": {"union": {"vehicle": "car"}}}', "labels: union must hold lists of labels by name"),
        ('{"labels": {"union": ["car"]}}', "labels: union must hold lists of labels by name"),
        ('{"labels": {"intersection": {"jam": []}}}', "class jam is made of no labels"),
        ('{"labels": {"regular": ["car", "car"]}}', "car is there twice"),
        ('{"labels": {}}', "a set of labels needs at least one class"),
    ],
)
def test_wrong_settings_are_one_line_with_the_file(text_file, content, message):
    path = text_file(content)
    with pytest.raises(FormatError, match=message) as caught:
        Config.load(path)
    assert str(caught.value).startswith(f"{path}: ") and "\n" not in str(caught.value)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(FormatError, match=r"config\.json: cannot be read: No such file"):
        Config.load(tmp_path / "config.json")


@pytest.mark.parametrize(("median", "steps"), [(0, 1), (0.1, 1), (0.2, 1), (0.3, 3), (0.5, 5), (1, 9), (1.1, 11)])
def test_a_median_filter_has_an_odd_number_of_steps(median, steps):
    assert DecodingConfig(median=median).steps["median"] == steps


def test_durations_are_whole_steps():
    assert DecodingConfig(least_event=0, least_gap=0.34).steps == {"median": 5, "least_event": 1, "least_gap": 3}
