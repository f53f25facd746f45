"""Coefficients of reliability from manifests of speech and noise, end to end and small."""

import csv

import numpy as np
import pytest

from lightdiar.common.archive import CARD, read_card
from lightdiar.errors import FormatError
from lightdiar.io.audio import Audio, write
from lightdiar.representation.reliability import load_reliability
from lightdiar.systems import bundle
from lightdiar.systems.bundle import PARAMETERS
from lightdiar.systems.voice_models import load_voice_models
from lightdiar.training import plays
from lightdiar.training.augment import change_pitch
from lightdiar.training.conversations import CONDITIONS, KINDS, LARGEST_CAST
from lightdiar.training.manifests import read_speech_manifest
from lightdiar.training.synthesis import VOICES, synthesize_speech

RATE = 16000
MOST = max(LARGEST_CAST)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """Manifests: twice as many women and men as a script can need, with two children or without; too few of them."""
    folder = tmp_path_factory.mktemp("crowd")
    rng = np.random.default_rng(0)
    voices = {gender: synthesize_speech(VOICES[name], 3.0, seed=1) for gender, name in (("F", "Clara"), ("M", "Bruno"))}
    rows = []
    for number in range(4 * MOST):
        gender = "FFMM"[number % 4]
        name = f"{gender}{number}"
        write(folder / f"{name}.wav", Audio(change_pitch(voices[gender], 0.75 + number / 60), RATE))
        rows.append([f"{name}.wav", name, gender, 30])
    rows += [["F0.wav", "girl", "F", 9], ["M2.wav", "boy", "M", 9]]  # who have no roles
    _save(folder / "speech.csv", ["path", "speaker", "gender", "age"], rows)
    _save(folder / "adults.csv", ["path", "speaker", "gender", "age"], rows[: 4 * MOST])
    few = [[path, f"{name} of few", *more] for path, name, *more in rows[: 2 * MOST - 2]]
    _save(folder / "few.csv", ["path", "speaker", "gender", "age"], few)
    others = [[path, f"{name} of others", *more] for path, name, *more in rows]
    _save(folder / "others.csv", ["path", "speaker", "gender", "age"], others)
    for name, level in (("hiss", 0.1), ("wind", 0.02)):
        write(folder / f"{name}.wav", Audio(rng.normal(0, level, 32000), RATE))
        write(folder / f"{name}-tune.wav", Audio(level * np.sin(np.arange(48000) / 5), RATE))
        kinds = [[f"{name}.wav", "noise"], [f"{name}-tune.wav", "music"]]
        _save(folder / f"{name}.csv", ["path", "kind"], kinds)
    return folder


def _save(path, head, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def people_of(folder):
    return plays._adults(read_speech_manifest(folder / "speech.csv"))


@pytest.mark.parametrize("kind", range(len(KINDS)))
def test_a_conversation_is_between_people_of_the_gender_of_their_roles(crowd, kind, monkeypatch):
    casts = []
    monkeypatch.setattr(plays, "play", lambda script, cast, *more, **options: casts.append((script, cast)))
    heard = []
    monkeypatch.setattr(plays, "load_utterance", lambda utterance: heard.append(utterance.path.stem) or np.zeros(1))
    sounds = str(crowd / "wind.csv"), ()
    for number in range(kind, 10 * len(KINDS), len(KINDS)):
        heard.clear()
        plays.play_conversation([people_of(crowd)], sounds, "clean", number, 5)
        script, cast = casts[-1]
        assert sorted(cast) == script.roles and len(set(heard)) == len(cast)
        assert [name[0].replace("F", "W") for name in heard] == [role[0] for role in cast]
    assert casts[0][0] != casts[1][0]


def test_a_corpus_with_too_few_people_is_not_asked(crowd, monkeypatch):
    monkeypatch.setattr(plays, "play", lambda script, cast, *more, **options: cast)
    few = {name: own for name, own in people_of(crowd).items() if name in ("F0", "M2")}
    heard = []
    monkeypatch.setattr(plays, "load_utterance", lambda utterance: heard.append(utterance.path.stem) or np.zeros(1))
    for number in range(KINDS.index("many"), 60, len(KINDS)):
        plays.play_conversation([few, people_of(crowd), few], (str(crowd / "wind.csv"), ()), "clean", number, 5)
    assert len(set(heard)) > 20


def test_what_is_drawn_depends_on_number_and_seed_alone(crowd):
    people, sounds = [people_of(crowd)], (str(crowd / "wind.csv"), ())
    number = KINDS.index("one woman")
    calm, again, acted, other = (
        plays.play_conversation(people, sounds, "film", number, seed, acted)
        for seed, acted in ((3, 0.0), (3, 0.0), (3, 1.0), (4, 0.0))
    )
    assert calm[0].tobytes() == again[0].tobytes() and calm[1] == again[1] == acted[1] != other[1]
    assert not np.array_equal(calm[0], acted[0])


def test_what_teaches_is_of_all_lengths_and_many_people_are_never_longer():
    lengths = np.array([plays._length(0, number) for number in range(600)])
    many = np.arange(600) % len(KINDS) == KINDS.index("many")
    assert lengths.min() == pytest.approx(0.25, rel=0.05) and lengths.max() == pytest.approx(10, rel=0.05)
    assert np.median(lengths[~many]) == pytest.approx(2.5**0.5, rel=0.2) and lengths[many].max() == 1
    assert plays._length(1, 7) != plays._length(0, 7) == lengths[7]


def test_children_have_no_roles_and_train_what_their_elders_do_not(crowd):
    assert {name[0] for name in people_of(crowd)} == {"F", "M"} and len(people_of(crowd)) == 4 * MOST
    both, adults = (read_speech_manifest(crowd / f"{name}.csv") for name in ("speech", "adults"))
    first = plays._without([both, adults], 0)
    assert [utterance.speaker for utterance in first[0]] == ["girl", "boy"] and first[1:] == [adults]
    assert plays._without([both, adults], 1) == [both]


def test_every_kind_is_played_in_every_condition():
    assert plays.N_PLAYS % (len(KINDS) * len(plays.CONDITIONS)) == 0
    assert set(plays.CONDITIONS) == set(CONDITIONS)


def test_what_cannot_be_used_is_refused_before_the_work(crowd, tmp_path):
    def fit(speech=("speech.csv", "others.csv"), noise=("hiss.csv", "wind.csv"), leave_out=()):
        speech, noise = ([crowd / name for name in names] for names in (speech, noise))
        plays.train_reliability(speech, noise, tmp_path / "out", leave_out=leave_out, progress=said.append)

    said = []
    for options, error, message in (
        (dict(noise=["hiss.csv"]), ValueError, "--noise: reliability needs two manifests or more, one to train with"),
        (
            dict(speech=["few.csv"]),
            ValueError,
            f"reliability needs a manifest with at least {MOST} women and {MOST} men",
        ),
        (dict(speech=["speech.csv"]), FormatError, r"--speech without .*speech\.csv: no row is of a woman; women, men"),
        (dict(speech=["adults.csv"] * 2), FormatError, r"--speech without .*adults\.csv: no row is of a child; women"),
        (dict(leave_out=["hiss-*"]), FormatError, "hiss.csv: no rows of kind music; training needs noise and music"),
        (dict(leave_out=["wind.wav"]), FormatError, "wind.csv: no rows of kind noise; training needs noise"),
        (dict(noise=["hiss.csv", "speech.csv"]), FormatError, "speech.csv:1: no column kind"),
        (dict(speech=["hiss.csv"]), FormatError, "hiss.csv:1: no column speaker, gender"),
        (dict(speech=["none.csv"]), FormatError, "none.csv: cannot be read"),
    ):
        with pytest.raises(error, match=message):
            fit(**options)
    assert said == [] and not (tmp_path / "out").exists()


@pytest.mark.slow
def test_who_is_heard_trained_nothing_and_the_number_of_processes_changes_nothing(crowd, tmp_path, monkeypatch):
    trained, heard, fitted = [], [], []
    models, voice_models, shipped = bundle.load(), load_voice_models(), load_reliability()

    def converse(casts, *rest, play=plays.play_conversation):
        heard.append(casts)
        return play(casts, *rest)

    monkeypatch.setattr(plays, "fit_models", lambda *call: trained.append(call) or models)
    monkeypatch.setattr(plays, "fit_voice_models", lambda *call: trained.append(call) or voice_models)
    monkeypatch.setattr(plays, "play_conversation", converse)  # in this process
    monkeypatch.setattr(plays, "fit_reliability", lambda cases: fitted.append(cases) or shipped)
    monkeypatch.setattr(plays, "N_PLAYS", 1)
    said, notes = [], {"licence": ["mine"]}
    for name, n_jobs in (("one", 1), ("two", 2)):
        plays.train_reliability(
            [crowd / "speech.csv", crowd / "others.csv", crowd / "few.csv"],
            [crowd / "hiss.csv", crowd / "wind.csv"],
            tmp_path / name,
            leave_out=["*bab*"],
            notes=notes,
            n_jobs=n_jobs,
            progress=said.append,
        )
    known = [{utterance.speaker for corpus in corpora for utterance in corpus} for corpora, *_ in trained]
    assert known[0] == known[1] and known[2] == known[3] and known[:4] == known[4:]
    speech, others, few = (
        {utterance.speaker for utterance in read_speech_manifest(crowd / f"{name}.csv")}
        for name in ("speech", "others", "few")
    )
    assert known[0] == others | few | {"girl", "boy"}
    assert known[2] == speech | few | {"girl of others", "boy of others"}
    assert {sounds for _, sounds, *_ in trained} == {((str(crowd / "hiss.csv"),), ("*bab*",))}
    assert [n_jobs for _, _, n_jobs, _ in trained] == [1] * 4 + [2] * 4
    assert all(progress == said.append for *_, progress in trained)
    names = [{name for cast in casts for name in cast} for casts in heard]
    assert len(names) == 2 and not names[0] & known[0] and not names[1] & known[2]
    for file in (PARAMETERS, CARD):
        assert (tmp_path / "two" / file).read_bytes() == (tmp_path / "one" / file).read_bytes()
    assert np.array_equal(load_reliability(tmp_path / "one").gender, shipped.gender)
    one, two = ([(case.result.annotation, case.truth, case.genders) for case in cases] for cases in fitted)
    assert one == two and len(one) == 2 and all(truth for _, truth, _ in one)
    paths = [crowd / f"{name}.csv" for name in ("speech", "others")]
    one, other = ([f"models without {path}", f"conversations of {path}, 0 of 1"] for path in paths)
    assert said[:5] == said[5:] == [*one, *other, "regressions"]
    card = read_card(tmp_path / "one")
    assert card["licence"] == ["mine"] and card["sources"][0].endswith("few.csv")
    assert card["recipe"][0].startswith("lightdiar train --task reliability --speech ")
    assert card["recipe"][0].endswith("wind.csv --leave-out '*bab*' --out DIR")
    assert card["recipe"][1].startswith("2 drawn conversations, ")
