"""The model of sound events from manifests of labelled sounds and speech, end to end and small."""

import csv
from collections import Counter

import numpy as np
import pytest

from lightdiar.common.archive import CARD, read_card
from lightdiar.errors import FormatError
from lightdiar.events.logistic import Logistic
from lightdiar.events.model import EventModel
from lightdiar.events.training import Validation
from lightdiar.io.audio import Audio, write
from lightdiar.systems.bundle import PARAMETERS
from lightdiar.training import sounds
from lightdiar.training.manifests import read_sounds

RATE = 16000
N_EACH = 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tone of its own for each class, six times; noise that is none of them, and a label that nobody knows."""
    folder = tmp_path_factory.mktemp("sounds")
    rng = np.random.default_rng(0)
    rows, speech = [], []
    for number, label in enumerate([*sounds.CLASSES, "rain", "creature"]):
        for one in range(N_EACH):
            tone = np.sin(2 * np.pi * 150 * 1.25**number * np.arange(RATE // 2) / RATE)
            noise = rng.normal(0, 1 if label == "rain" else 0.02, RATE // 2)
            name = f"{label}{one}.wav"
            write(folder / name, Audio(0.2 * (noise if label == "rain" else tone + noise), RATE))
            if label == "speech":
                speech.append([name, f"speaker {one}", ""])
            else:
                rows.append([name, label])
    for name, head, own in (("sounds", ["path", "label"], rows), ("speech", ["path", "speaker", "gender"], speech)):
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *own])
    return folder


def sounds_of(folder):
    return sounds._sounds((str(folder / "speech.csv"),), (str(folder / "sounds.csv"),), ())


def test_labels_become_classes_others_or_nothing(folder):
    trained, held = sounds_of(folder)
    labels = {*sounds.CLASSES, sounds.OTHER}
    assert set(trained) == set(held) == labels
    assert {(len(trained[label]), len(held[label])) for label in sounds.CLASSES} == {(N_EACH - 2, 2)}
    assert len(trained[sounds.OTHER]) == N_EACH - 2 + sounds._N_NOISES


def test_patterns_leave_sounds_out(folder):
    labels = [label for label, _ in read_sounds(folder / "sounds.csv", ["door*", "*0.wav"])]
    assert "door" not in labels and labels.count("water") == N_EACH - 1


def test_a_kind_stands_for_a_label(tmp_path):
    (tmp_path / "noise.csv").write_text("path,kind\na.wav,music\n", encoding="utf-8")
    assert read_sounds(tmp_path / "noise.csv") == [("music", tmp_path / "a.wav")]


def test_a_scene_is_a_minute_of_sounds_beside_speech_and_music(folder):
    samples, events = sounds.draw_scene(np.random.default_rng(0), sounds_of(folder)[0])
    assert samples.shape == (60 * RATE,) and np.isfinite(samples).all()
    assert 10 < len(events) < 40 and {event.label for event in events} <= {*sounds.CLASSES, sounds.OTHER}
    active = np.zeros(600, int)
    for event in events:
        active[round(event.start * 10) + 1 : round(event.end * 10) - 1] += 1
    assert active.max() == 2
    n_of = Counter(event.label for event in events)
    assert n_of["speech"] + n_of["music"] > 2 * n_of["door"] + 2
    again, same = sounds.draw_scene(np.random.default_rng(0), sounds_of(folder)[0])
    np.testing.assert_array_equal(again, samples)
    assert same == events


def test_as_elsewhere_some_lack_the_highest_frequencies():
    noise = np.random.default_rng(1).normal(size=RATE).astype(np.float32)
    rng = np.random.default_rng(2)
    highest = []
    for _ in range(40):
        heard = sounds.as_elsewhere(rng, noise)
        power = np.abs(np.fft.rfft(heard)) ** 2
        highest.append(power[len(power) * 31 // 32 :].mean() / power.mean())
    low = np.array(highest) < 1e-4
    assert 10 <= low.sum() <= 30


def test_a_class_needs_two_sounds(folder, tmp_path):
    with pytest.raises(FormatError, match=r"sounds.csv: fewer than two sounds of door\.$"):
        sounds.train_events([folder / "speech.csv"], [folder / "sounds.csv"], tmp_path / "out", leave_out=["door*"])


def test_classes_that_are_not_found_in_sounds_held_out_are_left_out(folder, tmp_path, monkeypatch):
    f1 = {"music": 0.5, "door": 0.05, "water": 0.1}

    def pretended(function, calls, n_jobs, batch=8):
        if function is sounds._scene:
            return [(np.zeros((2, 3), np.float32), np.zeros((2, 3), bool)) for _ in calls]
        classifier = Logistic(np.zeros(sounds.FRONT_END.n_columns), 0.0)
        return [(classifier, 0.0, [Validation(1, 1, value, 1.0, 0.0, kept=True)]) for value in f1.values()]

    monkeypatch.setattr(sounds, "CLASSES", tuple(f1))
    monkeypatch.setattr(sounds, "parallel", pretended)
    sounds.train_events([folder / "speech.csv"], [folder / "sounds.csv"], tmp_path)
    assert EventModel.load(tmp_path).labels == ("music", "water")
    assert read_card(tmp_path)["recipe"][-1] == "left out, as F1 is below 10 % there: door"


@pytest.mark.slow
def test_the_model_hears_what_it_learnt_and_twice_gives_the_same_bytes(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(sounds, "N_SCENES", 4)
    monkeypatch.setattr(sounds, "N_HELD", 2)
    monkeypatch.setattr(sounds, "_LEAST_F1", 0.0)
    monkeypatch.setattr(sounds, "CLASSES", ("speech", "music", "door"))
    monkeypatch.setattr(sounds, "_TREES", {"n_trees": 20, "n_leaves": 8})
    speech, manifests = [folder / "speech.csv"], [folder / "sounds.csv"]
    lines = []
    sounds.train_events(speech, manifests, tmp_path / "a", notes={"licence": ["none"]}, progress=lines.append)
    assert lines == ["6 scenes of a minute", "3 classes"]
    model = EventModel.load(tmp_path / "a")
    assert model.labels == ("speech", "music", "door")
    card = read_card(tmp_path / "a")
    assert card["task"] == "events" and card["licence"] == ["none"]
    assert card["figures"][2].startswith("music: 6 sounds, F1 ")
    samples, events = sounds.draw_scene(np.random.default_rng(99), sounds_of(folder)[1])
    truth = [event for event in events if event.label in model.labels]
    found = model.events(model.probabilities(model.front_end.columns(samples)), 60.0)
    hit = sum(any(one.label == event.label and one.overlap(event) > 0 for one in found) for event in truth)
    assert hit >= 0.5 * len(truth)
    sounds.train_events(speech, manifests, tmp_path / "b", notes={"licence": ["none"]})
    for name in (PARAMETERS, CARD):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
