import csv

import numpy as np
import pytest

from lightdiar import augment, bundle, scenes, training
from lightdiar.audio import Audio, write
from lightdiar.errors import FormatError
from lightdiar.synthesis import VOICES, synthesize_speech
from lightdiar.vad import SPEECH_CLASSES


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Four voices, two utterances each, one called a child; two noises and a piece of music."""
    folder = tmp_path_factory.mktemp("corpus")
    rng = np.random.default_rng(0)
    rows = []
    for number, (name, voice) in enumerate(VOICES.items()):
        for take in range(2):
            path = f"{name}{take}.wav"
            write(folder / path, Audio(synthesize_speech(voice, 4.0, seed=10 * number + take), 16000))
            rows.append([path, name, voice.gender, 8 if number == 0 else ""])
    save(folder / "speech.csv", ["path", "speaker", "gender", "age"], rows)
    write(folder / "hiss.wav", Audio(rng.normal(0, 0.1, 32000), 16000))
    write(folder / "babble.wav", Audio(rng.normal(0, 0.1, 32000), 16000))
    write(folder / "tune.wav", Audio(0.1 * np.sin(np.arange(48000) / 5), 16000))
    kinds = [["hiss.wav", "noise"], ["babble.wav", "noise"], ["tune.wav", "music"]]
    save(folder / "noise.csv", ["path", "kind"], kinds)
    return folder


def save(path, head, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


@pytest.mark.slow
def test_training_gives_a_bundle_that_loads_whatever_the_number_of_processes(corpus, tmp_path, monkeypatch):
    for name, value in dict(N_SCENES=3, N_COMPONENTS=4, N_FACTORS=3, N_PLDA=2).items():
        monkeypatch.setattr(training, name, value)
    said = []
    for n_jobs in (1, 2):
        training.train(
            [corpus / "speech.csv"],
            corpus / "noise.csv",
            tmp_path / str(n_jobs),
            leave_out=["*bab*"],
            n_jobs=n_jobs,
            report=said.append,
        )
    first, second = (bundle.load(tmp_path / name) for name in ("1", "2"))
    for one, other in zip(bundle._flatten(first).items(), bundle._flatten(second).items()):
        assert one[0] == other[0] and np.array_equal(one[1], other[1])
    assert first.extractor.T.shape == (4, 38, 3) and first.speech.means.shape[0] == len(SPEECH_CLASSES)
    assert said[0] == "8 utterances, 1 noises, 1 pieces of music"
    assert any("--leave-out '*bab*'" in line for line in bundle.card(tmp_path / "1")["recipe"])


def test_everybody_is_in_one_session_of_two_to_six():
    people = [training.Utterance(None, f"{n // 2}", "F", 30) for n in range(200)]
    sessions = training.draw_sessions(people, np.random.default_rng(0))
    assert sorted(id(u) for session in sessions for u in session) == sorted(map(id, people))
    sizes = [len({u.speaker for u in session}) for session in sessions]
    assert set(sizes[:-1]) == {2, 3, 4, 5, 6}
    assert sizes[-1] == 100 - sum(sizes[:-1]) <= 6  # what is left


def test_who_shares_a_recording_is_compared_with_the_others(corpus):
    """The mean taken off is theirs together: alone, each voice keeps a mean of its own."""
    utterances = training.read_speech_manifest(corpus / "speech.csv")
    sounds = corpus / "noise.csv", ()
    copies = training.session_copies(utterances, "clean", sounds, 0)
    assert [name for name, _ in copies] == [u.speaker for u in utterances]
    means = np.array([X[:, :19].mean(axis=0) for _, X in copies])
    own, others = means[0] - means[1], means[0] - means[2]  # of the same voice, of two
    assert np.linalg.norm(others) > 1.5 * np.linalg.norm(own)
    ((_, alone),) = training.session_copies(utterances[:1], "clean", sounds, 0)
    assert alone[:, :19].mean(axis=0) == pytest.approx(np.zeros(19), abs=1e-4)


def test_voices_are_women_men_and_children_by_age():
    def voice(gender, age):
        return training.voice_of(training.Utterance("x", "s", gender, age))

    assert [voice("F", 40), voice("M", 16), voice("F", 12), voice("M", 14)] == ["woman", "man", "child", None]


def test_an_adult_is_who_has_no_age(corpus):
    ages = [utterance.age for utterance in training.read_speech_manifest(corpus / "speech.csv")]
    assert ages == [8, 8, 16, 16, 16, 16, 16, 16]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("path,speaker\na,b\n", "m.csv:1: no column gender; a manifest needs path,speaker,gender"),
        ("path,speaker,gender\n", "m.csv: no rows"),
        ("path,speaker,gender\na,b,F\na,b,female\n", "m.csv:3: gender is F or M: 'female'"),
        ("path,speaker,gender,age\na,b,F,old\n", "m.csv:2: age is a number of years: 'old'"),
    ],
)
def test_wrong_manifests_are_refused_with_the_line(tmp_path, text, message):
    (tmp_path / "m.csv").write_text(text)
    with pytest.raises(FormatError, match=message):
        training.read_speech_manifest(tmp_path / "m.csv")


def test_a_noise_is_noise_or_music(tmp_path):
    (tmp_path / "m.csv").write_text("path,kind\na.wav,rumble\n")
    with pytest.raises(FormatError, match="m.csv:2: kind is noise or music: 'rumble'"):
        training.read_noise_manifest(tmp_path / "m.csv")
    with pytest.raises(FormatError, match="missing.csv: cannot be read"):
        training.read_noise_manifest(tmp_path / "missing.csv")


def test_pitch_changes_and_formants_stay():
    vowel = synthesize_speech(VOICES["Adam"], 3.0, seed=1)
    raised = augment.change_pitch(vowel, 1.5)
    assert len(raised) == pytest.approx(len(vowel) / 1.5, rel=0.02)
    from lightdiar.pitch import f0

    before, after = (np.nanmedian(f0(x, 16000).f0) for x in (vowel, raised))
    assert after / before == pytest.approx(1.5, rel=0.08)

    def band_level(x):
        power = np.abs(np.fft.rfft(x)) ** 2
        edges = np.linspace(0, len(power), 9).astype(int)
        return 10 * np.log10([power[a:b].mean() for a, b in zip(edges[:-1], edges[1:])])

    shift = band_level(raised) - band_level(vowel)
    assert np.ptp(shift[:6]) < 8  # dB; played faster, the spectrum itself would move by half


def test_speech_activity_finds_speech_between_silences():
    speech = synthesize_speech(VOICES["Clara"], 2.0, seed=0)
    samples = np.concatenate([np.zeros(16000), speech, np.zeros(16000)])
    samples += 1e-4 * np.random.default_rng(0).normal(size=64000)
    mask = augment.speech_activity(samples)
    assert len(mask) == 400 and not mask[:90].any() and not mask[310:].any() and mask[110:290].mean() > 0.7
    assert len(augment.speech_activity(np.zeros(10))) == 0


def test_a_scene_holds_what_its_labels_say():
    speech = synthesize_speech(VOICES["Bruno"], 3.0, seed=0)
    rng = np.random.default_rng(0)
    backgrounds = {"noise": [rng.normal(size=32000)], "music": [np.sin(np.arange(48000) / 5)]}
    seen = set()
    for number in range(6):
        samples, labels = scenes.make_scene(lambda rng: speech, backgrounds, np.random.default_rng(number))
        assert len(samples) == 160 * len(labels) and np.isfinite(samples).all()
        power = np.square(samples.reshape(-1, 160)).mean(axis=1)
        silent, spoken = power[labels == 0], power[labels == 3]
        if len(silent) > 50 and len(spoken) > 50:
            assert np.median(spoken) > 3 * np.median(silent)
        seen |= set(labels)
    assert seen == {0, 1, 2, 3, 4}
