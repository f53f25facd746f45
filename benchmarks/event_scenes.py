"""What bench_events.py listens to: offices and streets with exact truth, mixed from sounds.

No sound is in two subsets. Each scene has a seed of its own, so that any number of processes makes the same. A corpus
is a folder of FLAC files of 16 bits, and lists of them with the subsets train, validation and test.
"""

import csv
import re
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import soundfile

from lightdiar.common.files import write_text
from lightdiar.common.processes import parallel
from lightdiar.events.mixing import draw_schedule, mix_scene, place_sounds
from lightdiar.io import audio
from lightdiar.io.event_lists import ListedRecording, csv_text, read_event_list
from lightdiar.signal.frontend import SAMPLE_RATE
from lightdiar.training.augment import bed
from lightdiar.training.manifests import by_speaker, load_samples, read_sounds, read_speech_manifest, voice_of
from lightdiar.training.sounds import CLASS_OF

SEED = 23
SECONDS = 120.0
OFFICE_RATE = 44100
OFFICE_BED = {31: -75, 62: -84, 125: -91, 250: -96.5, 500: -101, 1000: -104, 2000: -106, 4000: -107, 6300: -108}
OFFICE_BED |= {7800: -110, 22050: -118}  # Hz: dB of full scale in 1 Hz, as in the two rebuilt scenes of DCASE 2016
OFFICE_SHARES = {"test": 10, "train": 7, "validation": 3}  # of 20 sounds of each label
UNTESTED_SHARES = {"train": 10, "validation": 4}  # of those that are not in the two rebuilt scenes, 14 or more
STREET_LABELS = ("car", "children", "people speaking", "people walking")
_BED, _BEDS = "bed", ("ambience", "weather", "wind", "water")
_ANNOTATION = re.compile(r".*_ebr_(-?\d+)_nec_\d+_poly_\d")
_WALKS = re.compile(r"(.*?)_?\d*\.ogg")
_NO_CAR = re.compile(r"boat|harbor|plane|rocket|propeller|electric|gear|dump|sawmill", re.IGNORECASE)


def make_scenes(folder, make, calls, sample_rate, n_jobs):
    """Write the scenes of `make(*call)`, which gives samples, events and subset; returns what a list says of each."""
    folder.mkdir()
    names = [f"{number:03d}.flac" for number in range(len(calls))]
    listed = parallel(_write, [(folder / name, make, call, sample_rate) for name, call in zip(names, calls)], n_jobs)
    return dict(zip(names, listed))


def _write(path, make, call, sample_rate):
    samples, events, subset = make(*call)
    soundfile.write(path, samples, sample_rate, subtype="PCM_16")
    return ListedRecording(events, subset=subset)


def write_list(path, listed):
    """Write what `make_scenes` returned, or some of it, as a list to train and evaluate on."""
    write_text(path, csv_text(listed))
    return path


def shaped_noise(rng, spectrum, n_samples, sample_rate):
    """Stationary noise with this spectrum, a dict of Hz to dB of full scale in 1 Hz, straight lines in between."""
    hertz = np.fft.rfftfreq(n_samples, 1 / sample_rate)
    decibels = np.interp(np.log(np.maximum(hertz, 1)), np.log(list(spectrum)), list(spectrum.values()))
    size = np.sqrt(10 ** (decibels / 10) * sample_rate * n_samples / 4)
    size[0] = 0
    return np.fft.irfft(size * (rng.normal(size=len(size)) + 1j * rng.normal(size=len(size))), n_samples)


def drawn_spectrum(rng):
    """The spectrum of some room or place: it falls by 3 to 9 dB an octave down to a floor, and gently above 2 kHz."""
    hertz = 20.0 * 2 ** np.arange(0, 10.2, 0.5)
    top = rng.uniform(-81, -69)
    decibels = np.maximum(top - rng.uniform(3, 9) * np.log2(hertz / 40), top - rng.uniform(15, 40))
    decibels -= rng.uniform(0, 4) * np.log2(np.maximum(hertz / 2000, 1))
    return dict(zip(hertz, np.minimum(decibels, top) + rng.normal(0, 2, len(hertz))))


def altered(rng, samples):
    """A sound at a slightly other speed, by another microphone."""
    spectrum = np.fft.rfft(samples)
    nodes = rng.normal(0, 3, 7)
    gain = np.interp(np.linspace(0, 1, len(spectrum)) ** 0.5, np.linspace(0, 1, 7), nodes)
    n_samples = round(len(samples) * 2 ** rng.uniform(-0.15, 0.15))
    return np.fft.irfft(spectrum * 10 ** (gain / 20), n_samples) * n_samples / len(samples)


# Offices


def office_sounds(shared, shares=OFFICE_SHARES, leave_out=()):
    """Paths of the isolated sounds of task 2 of DCASE 2016, by subset and label; `leave_out` are names of sources."""
    folder = shared / "corpora" / "events" / "dcase2016_task2"
    paths = defaultdict(list)
    with open(folder / "manifest.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["source_id"] not in leave_out:
                paths[row["label"]].append(folder / row["path"])
    rng = np.random.default_rng(SEED)
    drawn = {label: [own[place] for place in rng.permutation(len(own))] for label, own in sorted(paths.items())}
    ends = np.cumsum([0, *shares.values()])
    return {
        subset: {label: own[start:end] for label, own in drawn.items()}
        for subset, start, end in zip(shares, ends, ends[1:])
    }


def office_schedules(shared):
    """Events of each of the 72 scenes by its annotation, and their ratio to the background in dB."""
    folder = shared / "corpora" / "events" / "dcase2016_task2"
    return [
        (office_truth(path), float(_ANNOTATION.fullmatch(path.stem)[1]))
        for path in sorted(folder.glob("*/annotation/*.txt"))
    ]


def rebuilt_scenes(shared):
    """The two real scenes: what a list says of each, and the names of the sounds in them."""
    folder = shared / "corpora" / "events"
    scenes = {
        str(path.resolve()): ListedRecording(office_truth(path.with_suffix(".txt")), subset="test")
        for path in sorted((folder / "dcase2016_scenes").glob("*.ogg"))
    }
    lists = {Path(path).with_suffix(".txt").name for path in scenes}
    with open(folder / "dcase2016_task2" / "dev" / "rebuild.csv", encoding="utf-8", newline="") as file:
        sources = {row["train_source_id"] for row in csv.DictReader(file) if row["scene"] in lists}
    return scenes, sources


def office_truth(path):
    """The events of an annotation; keys have the name of the sounds."""
    (listed,) = read_event_list(path).values()
    return tuple(sorted(replace(e, label="keysDrop" if e.label == "keys" else e.label) for e in listed.events))


def office_test(sounds, events, ratio, number):
    """A scene by a schedule of the challenge, over the background of its office."""
    rng = np.random.default_rng([SEED, 0, number])
    background = shaped_noise(rng, OFFICE_BED, round(SECONDS * OFFICE_RATE), OFFICE_RATE)
    schedule = place_sounds(rng, events, _loaded(sounds["test"]), (ratio, ratio))
    return (*mix_scene(schedule, background, OFFICE_RATE), "test")


def office_training(sounds, subset, number):
    """A drawn scene over the background of some other place."""
    rng = np.random.default_rng([SEED, 1, number])
    background = shaped_noise(rng, drawn_spectrum(rng), round(SECONDS * OFFICE_RATE), OFFICE_RATE)
    own = {label: [altered(rng, one) for one in of] for label, of in _loaded(sounds[subset]).items()}
    ratio = rng.uniform(-6, 6)
    plan = dict(per_minute=rng.uniform(0.5, 2.5) * len(own), polyphony=rng.integers(1, 3), gap=0.3)
    schedule = draw_schedule(rng, own, SECONDS, OFFICE_RATE, ratio=(ratio - 2, ratio + 2), **plan)
    return (*mix_scene(schedule, background, OFFICE_RATE), subset)


def office_corpus(folder, sounds, schedules, n_training, n_jobs):
    """Training scenes, a quarter of them for the validation, and a test scene for each schedule."""
    calls = [(sounds, "train" if number % 4 else "validation", number) for number in range(n_training)]
    tests = [(sounds, *schedule, number) for number, schedule in enumerate(schedules)]
    return make_scenes(folder, _office, [*calls, *tests], OFFICE_RATE, n_jobs)


def _office(*call):
    return (office_training if len(call) == 3 else office_test)(*call)


def _loaded(paths):
    return {label: [_samples(path) for path in own] for label, own in paths.items()}


@cache
def _samples(path):
    return audio.read(path).samples


# Streets


def street_sounds(shared):
    """Sounds of each label and beds, by subset: other games, other people and other shoes in the test."""
    train, test = shared / "corpora" / "noise_games", shared / "corpora" / "dev" / "noise"
    sides = {
        "train": _street_side(train, shared / "corpora" / "train"),
        "test": _street_side(test, shared / "corpora" / "dev"),
    }
    walks = defaultdict(list)
    for label, path in read_sounds(train / "manifest.csv"):
        if label == "footsteps" and re.search("walk|Step", path.name):
            walks[_WALKS.fullmatch(path.name)[1]].append(path)
    for name, own in sorted(walks.items()):
        sides["test" if name.startswith("openclonk") else "train"]["people walking"].append(tuple(own))
    held = {label: own[::4] for label, own in sides["train"].items()}
    kept = {label: [one for place, one in enumerate(own) if place % 4] for label, own in sides["train"].items()}
    return {"train": kept, "validation": held, "test": sides["test"]}


def _street_side(sounds, speech):
    """Paths of cars and beds, a tuple of paths for each speaker."""
    found = {label: [] for label in (*STREET_LABELS, _BED)}
    for label, path in read_sounds(sounds / "manifest.csv"):
        if label in ("vehicle", "engine") and not _NO_CAR.search(path.name):
            found["car"].append((path,))
        elif label in _BEDS and audio.duration(path) > 3:
            found[_BED].append((path,))
    people = defaultdict(list)
    for utterance in read_speech_manifest(speech / "speechocean762" / "manifest.csv"):
        people[voice_of(utterance), utterance.speaker].append(utterance.path)
    for (voice, _), own in sorted(people.items(), key=str):
        if voice:
            found["children" if voice == "child" else "people speaking"].append(tuple(own))
    return found


def street_scene(sounds, subset, number):
    """A drawn scene: some of the labels, each with a few cars, people or shoes, over weather and the hum of a town."""
    rng = np.random.default_rng([SEED, 2, number])
    n_samples = round(SECONDS * SAMPLE_RATE)
    own = sounds[subset]
    clips = {"noise": [load_samples(path) for (path,) in own[_BED]]}
    hum = shaped_noise(rng, drawn_spectrum(rng), n_samples, SAMPLE_RATE)
    background = hum / hum.std() + rng.uniform(0.1, 1) * bed(rng, clips, n_samples)
    heard = {
        label: [_SOUNDS[label](rng, [load_samples(path) for path in own[label][place]]) for place in drawn]
        for label in STREET_LABELS
        if rng.random() < 0.75
        for drawn in [rng.integers(len(own[label]), size=4)]
    }
    ratio = rng.uniform(0, 6)
    plan = dict(per_minute=rng.uniform(5, 15), polyphony=rng.integers(1, 4), ratio=(ratio - 3, ratio + 3))
    schedule = draw_schedule(rng, heard, SECONDS, SAMPLE_RATE, **plan) if heard else []
    return (*mix_scene(schedule, 0.01 * background, SAMPLE_RATE), subset)


def _passing(rng, clips):
    """A car that comes and goes."""
    clip = altered(rng, clips[0])
    n_samples = round(rng.uniform(3, 9) * SAMPLE_RATE)
    return np.resize(clip, n_samples) * np.hanning(n_samples)


def _speaking(rng, clips):
    """Someone who says a sentence or two."""
    return altered(rng, np.concatenate([clips[place] for place in rng.integers(len(clips), size=rng.integers(1, 3))]))


def _walking(rng, clips):
    """Some steps, of the same shoes on the same ground."""
    steps = [altered(rng, clip) for clip in clips]
    pace = rng.uniform(0.45, 0.65)
    starts = np.cumsum(rng.normal(pace, 0.05 * pace, rng.integers(5, 15)).clip(0.3))
    walk = np.zeros(round((starts[-1] + 1.5) * SAMPLE_RATE))
    for start in np.round(starts * SAMPLE_RATE).astype(int):
        step = steps[rng.integers(len(steps))] * 10 ** (rng.normal(0, 2) / 20)
        walk[start : start + len(step)] += step[: len(walk) - start]
    return walk


_SOUNDS = {"car": _passing, "children": _speaking, "people speaking": _speaking, "people walking": _walking}


def street_corpus(folder, sounds, n_training, n_test, n_jobs):
    """Training scenes, a quarter of them for the validation, and test scenes."""
    subsets = ["train" if number % 4 else "validation" for number in range(n_training)] + ["test"] * n_test
    calls = [(sounds, subset, number) for number, subset in enumerate(subsets)]
    return make_scenes(folder, street_scene, calls, SAMPLE_RATE, n_jobs)


def film_sounds(shared):
    """Sounds of each class of the shipped model, and of others, that it has not heard."""
    sounds = {}
    for label, path in read_sounds(shared / "corpora/dev/noise/manifest.csv"):
        if label in CLASS_OF:
            sounds.setdefault(CLASS_OF[label], []).append(load_samples(path))
    for corpus in ("librispeech", "ravdess", "speechocean762"):
        people = by_speaker(read_speech_manifest(shared / "corpora/dev" / corpus / "manifest.csv"))
        sounds.setdefault("speech", []).extend(load_samples(own[0].path) for own in people.values())
    return sounds
