import numpy as np
import pandas as pd
import pytest

from lightdiar.errors import DoubtfulResultWarning
from lightdiar.io.audio import Audio, write
from lightdiar.metrics.verification import equal_error_rate
from lightdiar.models.plda import fit_lda
from lightdiar.recognition import comparison
from lightdiar.recognition.comparison import MethodComparison, compare_methods
from lightdiar.recognition.methods import METHODS, Method, Speech
from lightdiar.training.synthesis import VOICES, synthesize_speech

CHEAP = METHODS[:4]


@pytest.fixture(scope="module")
def people():
    """Four voices; three sounds each, one of them in three parts."""
    return {
        name: [Audio(synthesize_speech(voice, 5.0, seed=10 * number + take), 16000) for take in range(3)]
        for number, (name, voice) in enumerate(VOICES.items())
    }


@pytest.fixture(scope="module")
def result(people):
    return compare_methods(people)


def frames(n_frames):
    X = np.arange(n_frames, dtype=np.float32)[:, None] * np.ones((1, 38), np.float32)
    return Speech(X[:, :19], X[:, :19], X)


def test_clear_voices_are_known_and_the_table_agrees_with_the_scores(result):
    assert result.people == tuple(VOICES)
    assert list(result.table.columns) == ["method", "year", "reference", "eer", "identification", "seconds"]
    assert list(result.table["method"]) == [method.name for method in METHODS]
    assert (result.table["seconds"] >= 0).all()
    assert result.table.set_index("method").loc["GMM-UBM, MAP", "identification"] > 0.8
    for row in result.table.itertuples():
        S = result.scores[row.method]
        assert S.shape == (len(result.speakers), 4)
        target = result.speakers[:, None] == np.arange(4)
        assert row.eer == equal_error_rate(S[target], S[~target])[0]
        assert row.identification == np.mean([row[who] == row.max() for row, who in zip(S, result.speakers)])


def test_a_folder_gives_what_the_same_sounds_give_in_memory(people, result, tmp_path):
    for name, sounds in people.items():
        (tmp_path / name).mkdir()
        for take, sound in enumerate(sounds):
            write(tmp_path / name / f"{take}.wav", sound)
    again = compare_methods(tmp_path, methods=CHEAP)
    pd.testing.assert_frame_equal(
        again.table.drop(columns="seconds"), result.table.drop(columns="seconds")[:4], atol=0.02, rtol=0
    )


def test_the_same_seed_gives_the_same_scores(people, result):
    few = compare_methods(people, methods=METHODS[4:8])
    for method in METHODS[4:8]:
        np.testing.assert_array_equal(few.scores[method.name], result.scores[method.name])


@pytest.mark.parametrize("speech", ["ltsd", "energy"])
def test_two_people_and_other_detectors_of_speech(people, speech):
    two = {name: people[name] for name in ("Adam", "Clara")}
    compared = compare_methods(two, speech=speech, methods=CHEAP)
    assert compared.people == ("Adam", "Clara")
    assert compared.table["identification"].min() > 0.5
    assert set(compared.speakers) == {0, 1}


def test_every_method_hears_the_same_and_nothing_twice(people):
    heard = []

    def fit(enrolment, background, seed):
        heard.append((enrolment, background, seed))
        return lambda pieces: heard.append(pieces) or np.zeros((len(pieces), len(enrolment)))

    compared = compare_methods(people, methods=[Method("one", 1, "", fit), Method("two", 2, "", fit)], seed=7)
    assert heard[0] == heard[2]
    assert heard[1] is heard[3]
    enrolment, _, seed = heard[0]
    assert seed == 7
    assert [len(own) for own in enrolment] == [1, 1, 1, 1]
    enrolled = np.concatenate([sound.X for own in enrolment for sound in own])
    np.testing.assert_allclose(enrolled[:, :19].mean(axis=0), 0, atol=1e-3)
    tested = np.concatenate([piece.X for piece in heard[1]])
    shifts = np.concatenate([piece.mfcc - piece.X[:, :19] for piece in [*enrolment[2], *heard[1]]])
    assert np.ptp(shifts, axis=0).max() < 1e-4 < abs(shifts).max()  # one mean for all
    assert not set(map(bytes, tested)) & set(map(bytes, enrolled))
    assert compared.table["eer"].tolist() == [0.5, 0.5]  # scores that say nothing


def test_halves_pieces_and_who_is_left_out():
    heard = {
        "files": [frames(150), frames(100), frames(1000), frames(70), frames(49)],
        "single": [frames(400)],
        "bare": [frames(200)],
        "halves too short": [frames(198)],
        "nothing to test": [frames(300), frames(49)],
        "silent": [frames(0), frames(0)],
    }
    with pytest.warns(DoubtfulResultWarning) as caught:
        names, enrolment, tests = comparison._split(heard)
    assert str(caught[0].message) == (
        "people with too little speech are left out (3): halves too short, nothing to test, silent; needed: 1 s of "
        "speech in the first half of their sounds and 0.5 s in the other"
    )
    assert names == ["files", "single", "bare"]
    assert [[len(sound) for sound in own] for own in enrolment] == [[150, 100], [200], [100]]
    assert [[len(piece) for piece in own] for own in tests] == [[500, 500, 70], [200], [100]]
    np.testing.assert_array_equal(tests[1][0].X, heard["single"][0].X[200:])


def test_one_person_is_refused(people):
    with pytest.raises(ValueError, match=r"one person \(Adam\) can be taken for nobody else; give two people or more"):
        compare_methods({"Adam": people["Adam"]})


@pytest.mark.parametrize("samples", [np.zeros(16000), np.zeros(0), 0.1 * np.random.default_rng(0).normal(size=800)])
def test_sounds_without_enough_speech_are_told(people, samples):
    short = Audio(samples.astype(np.float32), 16000)
    with pytest.raises(ValueError, match="too little speech: Bob; at least two people need 1 s of speech"):
        compare_methods({"Adam": people["Adam"], "Bob": short}, methods=CHEAP)
    with pytest.warns(DoubtfulResultWarning, match=r"left out \(1\): Bob") as caught:
        three = compare_methods({"Adam": people["Adam"], "Bob": short, "Clara": people["Clara"]}, methods=CHEAP)
    assert caught[0].filename == __file__
    assert three.people == ("Adam", "Clara")


def test_an_unknown_detector_is_refused(people):
    with pytest.raises(ValueError, match="speech='vad' must be one of trained, ltsd, energy."):
        compare_methods(people, speech="vad")


def test_a_background_of_others_is_what_lda_and_wccn_learn_from(people, result):
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(60), 5)
    W = rng.normal(size=(60, 100))[labels] + rng.normal(size=(300, 100))
    seen = []

    def fit(enrolment, background, seed):
        seen.append(background)
        return lambda pieces: np.zeros((len(pieces), len(enrolment)))

    compare_methods(people, background=(W, labels.astype(str)), methods=[Method("spy", 1, "", fit)])
    expected = fit_lda(W, labels, 50)
    np.testing.assert_allclose(seen[0].lda.mean, expected.mean)
    assert seen[0].lda.transform.shape == (100, 50)
    np.testing.assert_allclose(abs(seen[0].lda.transform), abs(expected.transform))
    with pytest.raises(ValueError, match=r"background of shape \(300, 99\) and 300 speakers; need \(n, 100\)"):
        compare_methods(people, background=(W[:, 1:], labels), methods=CHEAP)


@pytest.fixture
def small():
    table = pd.DataFrame(
        {
            "method": ["near & far", "GMM"],
            "year": [1974, 1995],
            "reference": ["Atal", "Reynolds"],
            "eer": [0.25, 0.0514],
            "identification": [0.5, 1.0],
            "seconds": [0.004, 12.345],
        }
    )
    return MethodComparison(table, {}, np.array([0, 1, 1, 2]), ("ann", "bob", "carl"))


def test_the_table_as_text(small):
    assert str(small) == (
        "2 methods, 3 people, 4 pieces; chance: EER 50 %, identified 33.3 %\n"
        "method      year  EER %  identified %  CPU s\n"
        "near & far  1974   25.0          50.0   0.00\n"
        "GMM         1995    5.1         100.0  12.35"
    )
    assert repr(small) == ("<MethodComparison 2 methods, 3 people, 4 pieces; chance: EER 50 %, identified 33.3 %>")


def test_the_table_in_a_notebook(small):
    assert small._repr_html_() == (
        "<p>2 methods, 3 people, 4 pieces; chance: EER 50 %, identified 33.3 %</p><table><thead><tr><th>method</th>"
        "<th>year</th><th>EER %</th><th>identified %</th><th>CPU s</th></tr></thead><tbody><tr><td>near &amp; far</td>"
        "<td>1974</td><td>25.0</td><td>50.0</td><td>0.00</td></tr><tr><td>GMM</td><td>1995</td><td>5.1</td>"
        "<td>100.0</td><td>12.35</td></tr></tbody></table>"
    )
