import numpy as np
import pytest

from lightdiar.common.archive import CARD, read_card
from lightdiar.errors import FormatError
from lightdiar.io.audio import Audio, write
from lightdiar.stages.embedding import N_STATIC, speaker_features
from lightdiar.systems.bundle import PARAMETERS
from lightdiar.systems.voice_models import load_voice_models
from lightdiar.training import voices as training
from lightdiar.training.manifests import Utterance
from lightdiar.training.synthesis import VOICES, synthesize_speech

NATURAL = ("clean", False), ("film", True), ("phone", False)
FASTER_OR_SLOWER = ("clean", False), ("room", True)
RATE = 16000


@pytest.fixture
def few_conditions(monkeypatch):
    """In this process."""
    monkeypatch.setattr(training, "NATURAL", NATURAL)
    monkeypatch.setattr(training, "FASTER_OR_SLOWER", FASTER_OR_SLOWER)


@pytest.fixture
def sounds(corpus):
    """Manifests of noise and what is left out of them, as `session_pieces` takes them."""
    return (str(corpus / "noise.csv"),), ("*bab*",)


@pytest.mark.slow
def test_training_gives_models_that_load_whatever_the_number_of_processes(corpus, tmp_path, monkeypatch):
    for name, value in dict(N_COMPONENTS=4, N_FACTORS=5, N_PRINCIPAL=12, N_SUPERVECTOR=6).items():
        monkeypatch.setattr(training, name, value)
    said, notes = [], {"licence": ["mine"]}
    noise = [corpus / "noise.csv", corpus / "noise.csv"]
    for name, n_jobs in (("one", 1), ("two", 2)):
        training.train_voices(
            [corpus / "speech.csv"],
            noise,
            tmp_path / name,
            leave_out=["*bab*"],
            notes=notes,
            n_jobs=n_jobs,
            progress=said.append,
        )
    for file in (PARAMETERS, CARD):
        first = (tmp_path / "one" / file).read_bytes()
        assert (tmp_path / "two" / file).read_bytes() == first
    models = load_voice_models(tmp_path / "one")
    printer = models.voiceprinter
    assert printer.extractor.T.shape == (4, 38, 5) and printer.n_dimensions == 5 + 6 + 1
    assert len(models.cohort) == 3 * 4  # conditions of people; voices at another speed are nobody's
    assert np.isfinite(models.slopes).all() and np.isfinite(models.offset)
    assert said[:6] == said[6:] and said[1].endswith(" pieces: background model")
    expected = ["total variability", "weights of the scores", "all people", "women, men and children"]
    assert [said[0], *said[2:6]] == ["4 people: sessions", *expected]
    assert models.gender.coefficients.shape == (3, 6) and (models.gender.coefficients != 0).all()
    card = read_card(tmp_path / "one")
    assert card["licence"] == ["mine"] and card["sources"][0].endswith("speech.csv: 4 people")
    assert card["recipe"][0].startswith("lightdiar train --task voices --speech ")
    assert card["recipe"][0].endswith("noise.csv --leave-out '*bab*' --out DIR")


def test_the_speech_of_a_person_becomes_pieces_in_every_condition_and_at_every_speed(corpus, few_conditions, sounds):
    utterances = [Utterance(corpus / f"Adam{take}.wav", "Adam", "M", 30.0) for take in range(2)]
    pieces = training.session_pieces(2, "Adam", utterances, sounds)
    assert {(piece.person, piece.corpus) for piece in pieces} == {("2/Adam", 2)}
    assert {piece.voice for piece in pieces} == {"2/Adam", "2/Adam/1", "2/Adam/2"}
    natural = [piece for piece in pieces if piece.voice == "2/Adam"]
    other = [piece for piece in pieces if piece.voice != "2/Adam"]
    assert {(piece.condition, piece.acted) for piece in natural} == set(NATURAL)
    assert {(piece.condition, piece.acted) for piece in other} == set(FASTER_OR_SLOWER)
    assert {piece.session for piece in pieces} == {0, 1}
    assert len({(piece.voice, piece.session, piece.copy) for piece in pieces}) == 2 * (3 + 2 + 2)
    for piece in pieces:
        assert piece.X.shape == (len(piece.weights), 39) and piece.X.dtype == np.float16
        assert 100 <= len(piece.X) < 700 and np.isfinite(piece.X).all()
        assert 0.001 <= piece.weights.min() and piece.weights.max() <= 1
    again = training.session_pieces(2, "Adam", utterances, sounds)
    assert all(np.array_equal(one.X, two.X) for one, two in zip(pieces, again))
    other = training.session_pieces(2, "Adam2", utterances, sounds)
    one, two = (next(piece for piece in found if piece.condition == "film") for found in (pieces, other))
    assert not np.array_equal(one.X[:100], two.X[:100])  # the same sound of somebody else is heard in another film


def test_who_hardly_speaks_gives_no_pieces(tmp_path, few_conditions, sounds):
    write(tmp_path / "short.wav", Audio(synthesize_speech(VOICES["Adam"], 1.0, seed=1), RATE))
    assert training.session_pieces(0, "Adam", [Utterance(tmp_path / "short.wav", "Adam", "M", 30.0)], sounds) == []


def test_features_are_those_of_the_voiceprinter():
    rng = np.random.default_rng(0)
    mfcc, mean = rng.normal(size=(200, 24)).astype(np.float32), rng.normal(size=N_STATIC)
    X = np.concatenate([mfcc[:, :N_STATIC], training._slopes(mfcc)], axis=1)
    piece = training._Piece("a", "a", 0, 0, 0, "clean", False, X, np.ones(200))
    assert training._features(piece, mean) == pytest.approx(speaker_features(mfcc, mean), abs=1e-5)


def test_weights_of_the_scores_are_those_of_logistic_regression():
    """Truth: with these two normal distributions the ratio is 1.5 first + 0.5 second - 0.5 third - 1."""
    rng = np.random.default_rng(0)
    slope, offset = np.array([1.5, 0.5, -0.5]), -1.0
    middle = -offset * slope / (slope @ slope)
    same, other = (rng.normal(size=(40_000, 3)) + middle + side * slope / 2 for side in (1, -1))
    slopes, found = training._fit_weights(same, other)
    assert slopes == pytest.approx(slope, abs=0.05) and found == pytest.approx(offset, abs=0.05)


def test_manifests_that_cannot_be_used_are_refused_before_the_work(corpus, tmp_path):
    def train(speech="speech.csv", noise="noise.csv", leave_out=()):
        where = tmp_path if speech == "adults.csv" else corpus
        training.train_voices([where / speech], [corpus / noise], tmp_path / "out", leave_out=leave_out)

    rows = ["path,speaker,gender", "a.wav,a,F", "b.wav,b,M", "c.wav,c,"]
    (tmp_path / "adults.csv").write_text("\n".join(rows), encoding="utf-8")
    for options, message in (
        (dict(leave_out=["*"]), "noise.csv: no rows of kind noise; training needs noise and music"),
        (dict(leave_out=["tune*"]), "noise.csv: no rows of kind music; training needs noise and music"),
        (
            dict(speech="adults.csv"),
            "adults.csv: no row is of a child; women, men and children, with F or M",
        ),
        (dict(noise="speech.csv"), "speech.csv:1: no column kind"),
        (dict(speech="noise.csv"), "noise.csv:1: no column speaker, gender"),
        (dict(speech="none.csv"), "none.csv: cannot be read"),
    ):
        with pytest.raises(FormatError, match=message):
            train(**options)
    assert not (tmp_path / "out").exists()
