import unicodedata
from pathlib import Path

import numpy as np
import pytest

from lightdiar.errors import DoubtfulResultWarning, FormatError
from lightdiar.io.audio import Audio, write
from lightdiar.io.trials import Trial
from lightdiar.recognition import listening, trial_report, trials
from lightdiar.recognition.listening import hear, voiceprint
from lightdiar.recognition.trials import evaluate_people, evaluate_trials
from lightdiar.recognition.voices import Voices
from lightdiar.systems.voice_models import centre

SILENCE = Audio(np.zeros(16000 * 6, np.float32), 16000)


@pytest.fixture(autouse=True)
def quick(heard_once, monkeypatch):
    monkeypatch.setattr(trial_report, "_N_DRAWS", 5)
    monkeypatch.setattr(listening, "_number_of_people", lambda *_: 1)  # diarizes, which takes longer than all else


@pytest.fixture
def three(people):
    """Adam, Clara and Emil, 12 s and 5 s of each."""
    return {name: list(people[name]) for name in ("Adam", "Clara", "Emil")}


@pytest.fixture(scope="module")
def corpus(people, tmp_path_factory):
    """PERSON/SESSION/FILE, and silence."""
    folder = tmp_path_factory.mktemp("corpus")
    for name in ("Adam", "Clara"):
        for session, sound in zip(("one", "two"), people[name]):
            (folder / name / session).mkdir(parents=True)
            write(folder / name / session / "a.wav", sound)
    write(folder / "silence.wav", SILENCE)
    return folder


LIST = """\
1 Adam/one/a.wav Adam/two/a.wav
0 Adam/one/a.wav Clara/two/a.wav
0 Clara/one/a.wav Adam/two/a.wav
1 Clara/one/a.wav Clara/two/a.wav
"""


@pytest.fixture
def list_of(corpus):
    def save(text):
        path = corpus / "trials.txt"
        path.write_text(text, encoding="utf-8")
        return path

    return save


def cut(audio, start, end):
    return Audio(audio.samples[round(start * 16000) : round(end * 16000)], 16000)


def printed(models, *sounds):
    return voiceprint([hear(sound, models) for sound in sounds], models)


def test_ratios_are_those_of_voices(three, tiny_models):
    """Enrolment is the first 6 s of the first sound; tests are 2 s each of the second, which has 5 s."""
    report = evaluate_people(three, models=tiny_models, enrolment_seconds=6, test_seconds=2)
    voices = Voices(tiny_models)
    voices._people = {name: [printed(tiny_models, cut(long, 0, 6))] for name, (long, _) in three.items()}
    tests = [printed(tiny_models, cut(short, start, start + 2)) for _, short in three.values() for start in (0, 2)]
    assert report.everybody.ratios == pytest.approx(voices.log_likelihood_ratios(tests).T, abs=1e-9)
    assert report.everybody.people == ("Adam", "Clara", "Emil") and len(np.unique(report.ratios)) == 18
    assert report.everybody.speakers.tolist() == [0, 0, 1, 1, 2, 2]
    table = report.to_frame()
    assert table["test"].unique().tolist()[:3] == [
        "Adam/sound 2 (0.0 s)",
        "Adam/sound 2 (2.0 s)",
        "Clara/sound 2 (0.0 s)",
    ]
    assert table.loc[table["same"] == 1, "enrol"].tolist() == ["Adam", "Adam", "Clara", "Clara", "Emil", "Emil"]
    assert table["log_likelihood_ratio"].tolist() == report.everybody.ratios.ravel().tolist()


def test_who_is_forgotten_leaves_the_centre(three, tiny_models):
    """Without Clara, the ratios are those of a class in which she never was."""
    everybody = evaluate_people(three, models=tiny_models, enrolment_seconds=6, seed=1).everybody
    unknown = np.random.default_rng(1).choice(np.arange(3), 1, replace=False)[0]
    kept = [name for name in three if name != list(three)[unknown]]
    voices = Voices(tiny_models)
    voices._people = {name: [printed(tiny_models, cut(three[name][0], 0, 6))] for name in kept}
    tests = [printed(tiny_models, cut(short, 0, 4)) for _, short in three.values()]
    best = voices.log_likelihood_ratios(tests).max(axis=0)
    assert everybody.halves[0].best == pytest.approx(best, abs=1e-9)
    assert not np.allclose(np.delete(everybody.ratios, unknown, axis=1).max(axis=1), best)


def test_half_of_the_sounds_is_enrolled_however_short(three, tiny_models):
    """Of three sounds two are enrolled, though 15 s are wanted; of the third, 4 s are a test."""
    sounds = {name: [cut(long, 0, 4), cut(long, 4, 8), short] for name, (long, short) in three.items()}
    report = evaluate_people(sounds, models=tiny_models)
    parts = {name: [own[0], own[1]] for name, own in sounds.items()}
    voices = Voices(tiny_models)
    voices._people = {name: [printed(tiny_models, *own)] for name, own in parts.items()}
    tests = [printed(tiny_models, cut(own[2], 0, 4)) for own in sounds.values()]
    assert report.everybody.ratios == pytest.approx(voices.log_likelihood_ratios(tests).T, abs=1e-9)


def test_the_last_sound_of_an_enrolment_is_cut(three, tiny_models):
    """4 s and the first 2 s of the next sound are 6 s."""
    sounds = {name: [cut(long, 0, 4), cut(long, 4, 8), short, short] for name, (long, short) in three.items()}
    parts = {name: [cut(long, 0, 4), cut(long, 4, 6), short, short] for name, (long, short) in three.items()}
    found, known = (evaluate_people(own, models=tiny_models, enrolment_seconds=6) for own in (sounds, parts))
    assert found.ratios == pytest.approx(known.ratios, abs=1e-9)


def test_one_sound_is_cut_in_two_and_said(three, tiny_models):
    alone = {**three, "Clara": three["Clara"][:1]}
    with pytest.warns(
        DoubtfulResultWarning, match=r"both halves of it are one recording, which flatters \(1\): Clara$"
    ):
        report = evaluate_people(alone, models=tiny_models)
    halves = {**three, "Clara": [cut(three["Clara"][0], 0, 6), cut(three["Clara"][0], 6, 12)]}
    known = evaluate_people(halves, models=tiny_models)
    assert report.ratios == pytest.approx(known.ratios, abs=1e-9)
    assert "Clara/sound 1 (6.0 s)" in report.tests


def test_who_has_no_test_is_enrolled(three, tiny_models):
    short = {**three, "Emil": [three["Emil"][0], cut(three["Emil"][1], 0, 1)]}
    with pytest.warns(DoubtfulResultWarning, match=r"people without a test \(1\): Emil$"):
        report = evaluate_people(short, models=tiny_models)
    assert report.everybody.ratios.shape == (2, 3) and report.everybody.speakers.tolist() == [0, 1]


def test_silent_people_are_left_out(three, tiny_models):
    with pytest.warns(
        DoubtfulResultWarning, match=r"^people with less than 1 s of speech to enrol are left out \(1\): "
    ):
        report = evaluate_people({**three, "Eve": [SILENCE, SILENCE]}, models=tiny_models)
    assert report.everybody.people == ("Adam", "Clara", "Emil")
    with (
        pytest.raises(ValueError, match=r"^1 of 2 people have 1 s of speech to enrol; two are needed\.$"),
        pytest.warns(),
    ):
        evaluate_people({"Adam": three["Adam"], "Eve": [SILENCE, SILENCE]}, models=tiny_models)


def test_people_whom_enrol_would_refuse_are_named(three, tiny_models):
    with pytest.warns(DoubtfulResultWarning, match=r"whom `enrol` would refuse \(3\): Adam \(\d\.\d\d s\), Clara"):
        evaluate_people(three, models=tiny_models, enrolment_seconds=2.5)


def test_sounds_of_several_people_are_named(three, tiny_models, list_of, monkeypatch):
    """Of what is enrolled; in a list, of all files."""
    monkeypatch.setattr(listening, "_number_of_people", lambda *_: 2)
    with pytest.warns(DoubtfulResultWarning, match=r"in some sounds \(3\): Adam/sound 1, Clara/sound 1, Emil/sound 1$"):
        evaluate_people(three, models=tiny_models)
    with pytest.warns(DoubtfulResultWarning, match=r"in some files \(4\): Adam/one/a\.wav, Adam/two/a\.wav, Clara/two"):
        evaluate_trials(list_of(LIST), models=tiny_models)


def test_tests_without_speech_say_nothing(three, tiny_models):
    silent = {**three, "Emil": [three["Emil"][0], SILENCE]}
    with pytest.warns(
        DoubtfulResultWarning, match=r"^no speech was found in a sound of 3 of 9 trials; their ratios are 0"
    ):
        report = evaluate_people(silent, models=tiny_models)
    assert report.everybody.ratios[2].tolist() == [0, 0, 0] and (report.everybody.ratios[:2] != 0).all()


def test_nothing_left_for_tests(three, tiny_models):
    with pytest.raises(
        ValueError, match=r"^nobody has 30 s of sound left for a test; record more, or make tests shorter"
    ):
        evaluate_people(three, models=tiny_models, test_seconds=30)


def test_a_file_that_cannot_be_read_is_left_out(corpus, tiny_models, tmp_path):
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"no sound at all")
    sounds = {name: [corpus / name / "one/a.wav", corpus / name / "two/a.wav"] for name in ("Adam", "Clara")}
    known = evaluate_people(sounds, models=tiny_models)
    with pytest.warns(DoubtfulResultWarning) as told:
        report = evaluate_people({**sounds, "Adam": [sounds["Adam"][0], bad, sounds["Adam"][1]]}, models=tiny_models)
    assert len(told) == 1 and str(told[0].message).startswith(f"Adam: left out: {bad}: ")
    assert report.ratios == pytest.approx(known.ratios)


def test_progress_of_a_folder(corpus, tiny_models):
    told = []
    report = evaluate_people(corpus_of_people(corpus), models=tiny_models, progress=told.append)
    assert [line.split(":")[0] for line in told] == ["[1/2] Adam", "[2/2] Clara"]
    assert told[0].endswith(" s of speech enrolled, tests: 1")
    assert report.tests.tolist() == ["Adam/two/a.wav (0.0 s)"] * 2 + ["Clara/two/a.wav (0.0 s)"] * 2


def corpus_of_people(corpus):
    """Sessions as a folder of people gives them; the corpus itself has a sound of nobody."""
    return {
        name: {session: (corpus / name / session / "a.wav",) for session in ("one", "two")}
        for name in ("Adam", "Clara")
    }


def test_rubbish_instead_of_people(tmp_path, three, tiny_models):
    with pytest.raises(ValueError, match=r"is empty; it must hold one folder"):
        evaluate_people(tmp_path, models=tiny_models)
    with pytest.raises(NotADirectoryError, match=r"does not exist; name a folder"):
        evaluate_people(tmp_path / "none", models=tiny_models)
    with pytest.raises(
        ValueError, match=r"^one person \(Adam\) can be taken for nobody else; give two people or more\.$"
    ):
        evaluate_people({"Adam": three["Adam"]}, models=tiny_models)
    with pytest.raises(ValueError, match="the names 'Adam' and 'adam' are too much alike"):
        evaluate_people({"Adam": three["Adam"], "adam": three["Clara"]}, models=tiny_models)
    with pytest.raises(
        ValueError, match=r"^2237 people are too many to try against each other; at most 2236 are possible"
    ):
        evaluate_people({f"p{number}": three["Adam"] for number in range(2237)}, models=tiny_models)
    for option, value in (("enrolment_seconds", 0.5), ("test_seconds", 0), ("test_seconds", float("nan"))):
        with pytest.raises(ValueError, match=rf"^{option}={value} must be from "):
            evaluate_people(three, models=tiny_models, **{option: value})


def test_people_are_as_many_as_can_be_tried_against_each_other(three, tiny_models, monkeypatch):
    monkeypatch.setattr(trials, "_MOST_TRIALS", 9)
    report = evaluate_people(three, models=tiny_models)
    assert len(report.ratios) == 9  # one test of each
    monkeypatch.setattr(trials, "_MOST_TRIALS", 8)
    with pytest.raises(ValueError, match=r"^3 people are too many to try against each other; at most 2 are possible"):
        evaluate_people(three, models=tiny_models)


@pytest.mark.parametrize(("name", "least"), [("enrolment_seconds", 1.0), ("test_seconds", 0.5)])
def test_seconds_from_the_least_to_an_hour(name, least, three, tiny_models):
    for seconds in (least - 0.01, 3600.1):
        with pytest.raises(ValueError, match=rf"^{name}={seconds} must be from {least:g} to 3600 s\."):
            evaluate_people(three, models=tiny_models, **{name: seconds})
    for seconds in (least, 3600.0):
        with pytest.raises(ValueError, match="^one person"):  # which is looked at after the seconds
            evaluate_people({"Adam": three["Adam"]}, models=tiny_models, **{name: seconds})


def test_a_folder_above_the_people_is_recognised(corpus, tiny_models, tmp_path):
    (tmp_path / "test-other").mkdir()
    for name in ("Adam", "Clara"):
        (tmp_path / "test-other" / name).symlink_to(corpus / name)
    with pytest.raises(
        ValueError, match=r"^one person \(test-other; if the folders in it are the people, name .*test-other\)"
    ):
        evaluate_people(tmp_path, models=tiny_models)


def test_pieces_are_the_sounds_joined_and_say_where_they_start(rng):
    sounds = [(f"s{number}", 100 * number, rng.normal(size=n)) for number, n in enumerate((5, 3, 40, 0, 1, 16, 7))]
    pieces = list(trials._pieces([(name, 16 * first, samples.repeat(16)) for name, first, samples in sounds], 160))
    joined = np.concatenate([samples for _, _, samples in sounds])
    assert len(pieces) == len(joined) // 10 == 7
    assert np.concatenate([samples for _, samples in pieces]).tolist() == joined.repeat(16)[:1120].tolist()
    by_name = {name: (first, samples) for name, first, samples in sounds}
    for title, samples in pieces:
        name, seconds = title.rstrip(" s)").split(" (")
        first, own = by_name[name]
        start = round(float(seconds) * 1000) - first  # 16 samples are 0.001 s, but titles have tenths
        assert abs(start - np.flatnonzero(own == samples[0])[0]) <= 50
    assert list(trials._pieces([], 160)) == []


def test_titles_of_pieces_by_hand():
    second = np.zeros(16000, np.float32)
    sounds = [("a", 0, second.repeat(3)), ("b", 0, second), ("c", 32000, second.repeat(3))]
    titles = [title for title, _ in trials._pieces(sounds, 32000)]
    assert titles == ["a (0.0 s)", "a (2.0 s)", "c (2.0 s)"]


@pytest.mark.parametrize(("n", "most"), [(0, 3), (3, 3), (4, 3), (7, 3), (100, 20), (39, 20), (1000, 1)])
def test_many_pieces_are_thinned_evenly(n, most):
    kept = trials._spread(iter(range(n)), most)
    assert len(kept) == min(n, most) and kept == sorted(set(kept))
    if n > most > 1:
        gaps = np.diff([*kept, n])
        assert kept[0] == 0 and gaps.max() <= 3 * n / most
    elif n <= most:
        assert kept == list(range(n))


def test_a_list_has_the_ratios_of_its_files(list_of, corpus, tiny_models, monkeypatch):
    heard = []
    monkeypatch.setattr(trials, "hear", lambda sound, models: heard.append(sound) or hear(sound, models))
    report = evaluate_trials(list_of(LIST), models=tiny_models)
    assert len(heard) == len(set(heard)) == 4
    enrolled, tests = (
        np.stack([printed(tiny_models, corpus / name / session / "a.wav").vector for name in ("Adam", "Clara")])
        for session in ("one", "two")
    )
    middle = centre(enrolled)
    known = tiny_models.log_likelihood_ratios(enrolled - middle, tests - middle)
    assert report.ratios == pytest.approx(known.ravel(), abs=1e-9)
    assert report.same.tolist() == [True, False, False, True] and report.everybody is None
    assert report.enrolled[1] == "Adam/one/a.wav" and report.tests[1] == "Clara/two/a.wav"
    assert report.people[0].tolist() == ["Adam", "Adam", "Clara", "Clara"]
    assert report.note == "People are told by the folder two above each file (PERSON/SESSION/FILE)."


def test_blocks_change_nothing(list_of, tiny_models, monkeypatch):
    whole = evaluate_trials(list_of(LIST), models=tiny_models)
    monkeypatch.setattr(trials, "_BLOCK", 1)
    assert evaluate_trials(list_of(LIST), models=tiny_models).ratios == pytest.approx(whole.ratios, abs=1e-9)


def test_trials_from_memory_need_a_folder(corpus, tiny_models, monkeypatch):
    listed = [Trial(True, "Adam/one/a.wav", "Adam/two/a.wav"), Trial(False, "Adam/one/a.wav", "Clara/two/a.wav")]
    told = []
    report = evaluate_trials(iter(listed), folder=corpus, models=tiny_models, progress=told.append)
    assert len(report.ratios) == 2 and told[0].startswith("[1/3] Adam/one/a.wav: ") and len(told) == 3
    monkeypatch.chdir(corpus)
    assert evaluate_trials(listed, models=tiny_models).ratios.tolist() == report.ratios.tolist()


def test_accents_on_the_disk_may_be_in_another_form(people, tiny_models, tmp_path):
    """The list has one character for each letter, as `read_trials` gives it; the disk has two, and one unseen."""
    folder = tmp_path / unicodedata.normalize("NFD", "Zoë") / "é"
    folder.mkdir(parents=True)
    for place, sound in enumerate((people["Adam"][1], people["Clara"][1])):
        write(folder / unicodedata.normalize("NFD", f"ï\u200b{place}.wav"), sound)
    path = tmp_path / "list.csv"
    path.write_text("label,enrol,test\n1,Zoë/é/ï0.wav,Zoë/é/ï0.wav\n0,Zoë/é/ï0.wav,Zoë/é/ï1.wav\n", encoding="utf-8")
    report = evaluate_trials(path, models=tiny_models)
    assert report.tests.tolist() == ["Zoë/é/ï0.wav", "Zoë/é/ï1.wav"]
    assert report.note == "People are told by the files that trials of the same person link."


def test_missing_files_are_told_before_any_is_heard(list_of, corpus, tiny_models, monkeypatch):
    monkeypatch.setattr(trials, "hear", None)
    with pytest.raises(
        FileNotFoundError, match=r"Eve/b\.wav: does not exist; 2 of 6 files of the list are not there\. "
    ):
        evaluate_trials(list_of(LIST + "0 Eve/b.wav Eve/c.wav\n"), models=tiny_models)
    with pytest.raises(FileNotFoundError, match=r"Adam/one: is a folder; 1 of 5 files of the list are not there\. "):
        evaluate_trials(list_of(LIST + "0 Adam/one Adam/one/a.wav\n"), models=tiny_models)


@pytest.mark.parametrize("name", ["a" * 5000, "a/" * 40_000, "/" + "b" * 300 + "/c"])
def test_a_name_that_is_too_long_is_that_of_no_file(list_of, tiny_models, name):
    with pytest.raises(FileNotFoundError, match=r"does not exist; 1 of 5 files of the list are not there\. ") as error:
        evaluate_trials(list_of(f"{LIST}0 Adam/one/a.wav {name}\n"), models=tiny_models)
    assert len(str(error.value)) < 400


def test_files_that_cannot_be_read_take_their_trials_along(list_of, corpus, tiny_models):
    (corpus / "bad.wav").write_bytes(b"no sound at all")
    with pytest.warns(DoubtfulResultWarning) as told:
        report = evaluate_trials(list_of(LIST + "0 bad.wav Adam/one/a.wav\n"), models=tiny_models)
    lines = [str(one.message) for one in told]
    assert len(lines) == 2 and lines[0].startswith("its trials are left out: ") and "bad.wav" in lines[0]
    assert lines[1] == "1 of 5 trials are left out, because a file cannot be read."
    assert len(report.ratios) == 4
    only = "1 Adam/one/a.wav Adam/two/a.wav\n0 bad.wav Adam/one/a.wav\n"
    with (
        pytest.raises(ValueError, match=r"^1 of 1 trials are of the same person; both kinds are needed"),
        pytest.warns(),
    ):
        evaluate_trials(list_of(only), models=tiny_models)


def test_silence_in_a_list(list_of, tiny_models):
    text = LIST + "0 silence.wav Adam/two/a.wav\n0 Adam/one/a.wav silence.wav\n"
    with pytest.warns(
        DoubtfulResultWarning, match=r"^no speech was found in a sound of 2 of 6 trials; their ratios are 0"
    ):
        report = evaluate_trials(list_of(text), models=tiny_models)
    assert report.ratios[4:].tolist() == [0, 0] and (report.ratios[:4] != 0).all()


def test_rubbish_instead_of_a_list(list_of, tiny_models):
    with pytest.raises(FormatError, match=r"trials\.txt:1: no trial in it"):
        evaluate_trials(list_of("\n"), models=tiny_models)
    with pytest.raises(ValueError, match=r"^2 of 2 trials are of the same person; both kinds are needed\.$"):
        evaluate_trials(list_of("1 a b\n1 c d\n"), models=tiny_models)
    with pytest.raises(ValueError, match=r"^0 of 0 trials"):
        evaluate_trials([], models=tiny_models)


LAYOUTS = {
    "the folder two above each file (PERSON/SESSION/FILE)": ("ann/1/a", "ann/2/a", "bob/1/a", ["ann", "ann", "bob"]),
    "the folder of each file": ("set/ann/a", "set/ann/b", "set/bob/a", ["ann", "ann", "bob"]),
    "the files that trials of the same person link": ("set/x/a", "set/x/b", "set/x/c", ["0", "0", "2"]),
}


@pytest.mark.parametrize("how", LAYOUTS)
def test_people_of_a_list_by_the_layout_that_agrees_with_it(how):
    *files, known = LAYOUTS[how]
    listed = [Trial(True, "0", "1"), Trial(False, "2", "1"), Trial(False, "0", "2")]
    owners, told = trials._owners(listed, {str(place): Path("/data", file) for place, file in enumerate(files)})
    assert list(owners.values()) == known or [owners[name] for name in "012"] == known
    assert told == how


def test_a_list_that_contradicts_itself_has_no_intervals(list_of, tiny_models):
    text = LIST + "1 Adam/one/a.wav Clara/one/a.wav\n"
    with pytest.warns(
        DoubtfulResultWarning, match=r"^trials of the same person link files that another trial says are of"
    ):
        report = evaluate_trials(list_of(text), models=tiny_models)
    assert report.people is None and report.note == "" and "Cllr" in str(report)


def test_the_shipped_models_tell_synthetic_voices_apart(three):
    report = evaluate_people(three)
    assert report.figures().set_index("figure")["value"]["identified, closed set"] == 1
    assert report.ratios[report.same].min() > report.ratios[~report.same].max()


def test_somebody_whose_only_sound_is_broken_is_left_out(tmp_path, three, tiny_models):
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"")
    with pytest.warns(DoubtfulResultWarning) as told:
        report = evaluate_people({**three, "Eve": bad}, models=tiny_models)
    assert str(told[0].message).startswith(f"Eve: left out: {bad}: ")
    assert report.everybody.people == ("Adam", "Clara", "Emil")
