import re
from dataclasses import replace

import numpy as np
import pytest

from lightdiar.common.archive import read_arrays, write_archive
from lightdiar.errors import ModelError
from lightdiar.models.normalisation import adaptive_s_norm
from lightdiar.stages.gender import VoiceprintGender
from lightdiar.systems import bundle, voice_models
from lightdiar.systems.bundle import PARAMETERS, write_models
from lightdiar.systems.voice_models import centre, load_voice_models


@pytest.fixture
def vectors():
    """Of 6 enrolments and 4 tests."""
    rng = np.random.default_rng(1)
    return rng.normal(size=(6, 8)), rng.normal(size=(4, 8))


def test_scores_are_those_of_each_plda_normalised_by_the_cohort(tiny_models, vectors):
    enrolled, tests = vectors
    scores = tiny_models.scores(enrolled, tests)
    assert scores.shape == (3, 6, 4)
    for own, (part, plda) in zip(scores, tiny_models.voiceprinter.plans):
        cohort = tiny_models.cohort[:, part]
        expected = adaptive_s_norm(
            plda.log_likelihood_ratio(enrolled[:, part], tests[:, part]),
            plda.log_likelihood_ratio(enrolled[:, part], cohort),
            plda.log_likelihood_ratio(tests[:, part], cohort),
        )
        assert own == pytest.approx(expected)
    assert scores[2].tolist() == [[min(one[-1], other[-1]) for other in tests] for one in enrolled]


def test_people_who_are_different_belong_to_the_cohort_of_one_another(tiny_models, vectors):
    enrolled, tests = vectors
    found, usual = (tiny_models.scores(enrolled, tests, different=different) for different in (True, False))
    for own, others, (part, plda) in zip(found, usual, tiny_models.voiceprinter.plans):
        cohort = tiny_models.cohort[:, part]
        expected = adaptive_s_norm(
            plda.log_likelihood_ratio(enrolled[:, part], tests[:, part]),
            plda.log_likelihood_ratio(enrolled[:, part], cohort),
            plda.log_likelihood_ratio(tests[:, part], cohort),
            peers=plda.log_likelihood_ratio(enrolled[:, part]),
        )
        assert own == pytest.approx(expected) and own != pytest.approx(others)
    assert np.array_equal(found[2], usual[2])
    ratios = tiny_models.log_likelihood_ratios(enrolled, tests, different=True)
    assert ratios == pytest.approx(np.tensordot(tiny_models.slopes, found, axes=1) - 2)


def test_more_people_than_are_compared_with_one_another_have_the_cohort_alone(tiny_models, vectors, monkeypatch):
    usual, peers = (tiny_models.scores(*vectors, different=different) for different in (False, True))
    monkeypatch.setattr(voice_models, "_MOST_PEERS", 6)
    assert np.array_equal(tiny_models.scores(*vectors, different=True), peers)
    monkeypatch.setattr(voice_models, "_MOST_PEERS", 5)
    assert np.array_equal(tiny_models.scores(*vectors, different=True), usual)


def test_the_ratio_is_the_weighted_sum_of_the_scores(tiny_models, vectors):
    first, second, clear = tiny_models.scores(*vectors)
    assert tiny_models.log_likelihood_ratios(*vectors) == pytest.approx(first + 0.7 * second + 0.5 * clear - 2.0)
    other = replace(tiny_models, slopes=np.array([0.0, 2.0, 0.0]), offset=np.array(0.5))
    assert other.log_likelihood_ratios(*vectors) == pytest.approx(2 * second + 0.5)


def test_enrolment_and_test_may_change_places(tiny_models, vectors):
    ratios = tiny_models.log_likelihood_ratios(*vectors)
    assert tiny_models.log_likelihood_ratios(*vectors[::-1]) == pytest.approx(ratios.T)


def test_each_pair_is_scored_for_itself(tiny_models, vectors):
    enrolled, tests = vectors
    ratios = tiny_models.log_likelihood_ratios(enrolled, tests)
    assert tiny_models.log_likelihood_ratios(enrolled[2:4], tests[1:2]) == pytest.approx(ratios[2:4, 1:2])
    assert tiny_models.log_likelihood_ratios(enrolled, tests[:0]).shape == (6, 0)


def test_the_centre_is_the_mean_shrunk_to_that_of_training_as_if_by_ten_more():
    one, many = np.ones((1, 4)), np.ones((990, 4))
    assert centre(one) == pytest.approx([1 / 11, 1 / 11, 1 / 11, 0])
    assert centre(many) == pytest.approx([0.99, 0.99, 0.99, 0])  # the last is the clearness, which is no place
    assert centre(np.zeros((0, 4))).tolist() == [0, 0, 0, 0]


def test_models_that_make_other_vectors_have_another_fingerprint(tiny_models):
    mark = tiny_models.fingerprint
    assert re.fullmatch("[0-9a-f]{32}", mark)
    assert replace(tiny_models).fingerprint == mark
    printer = tiny_models.voiceprinter
    ubm, extractor = printer.ubm, printer.extractor
    others = [
        replace(printer, mean=printer.mean + 1),
        replace(printer, ubm=replace(ubm, means=ubm.means + 1)),
        replace(printer, ubm=replace(ubm, covariances=ubm.covariances * 2)),
        replace(printer, extractor=replace(extractor, T=extractor.T * 2)),
        replace(printer, ivector_plda=replace(printer.ivector_plda, mean=printer.ivector_plda.mean + 1)),
        replace(printer, ivector_plda=replace(printer.ivector_plda, transform=2 * printer.ivector_plda.transform)),
        replace(printer, supervector_plda=replace(printer.supervector_plda, mean=printer.supervector_plda.mean + 1)),
    ]
    marks = {replace(tiny_models, voiceprinter=other).fingerprint for other in others}
    assert len(marks) == len(others) and mark not in marks


def test_models_are_read_as_they_were_written(tiny_models, tmp_path, vectors):
    write_models(tiny_models, tmp_path, {"sources": ["nowhere"]})
    found = load_voice_models(tmp_path)
    assert load_voice_models(tmp_path) is found
    assert found.fingerprint == tiny_models.fingerprint
    assert np.array_equal(found.log_likelihood_ratios(*vectors), tiny_models.log_likelihood_ratios(*vectors))
    write_models(found, tmp_path / "again", {"sources": ["nowhere"]})
    assert (tmp_path / "again" / PARAMETERS).read_bytes() == (tmp_path / PARAMETERS).read_bytes()


def test_models_of_another_kind_are_refused(tiny_models, tmp_path):
    with pytest.raises(ModelError, match=r"parameters.npz: voiceprinter.mean is missing"):
        load_voice_models(bundle.SHIPPED)
    write_models(tiny_models, tmp_path, {})
    with pytest.raises(ModelError, match=r"parameters.npz: speech.means is missing|is missing"):
        bundle.load(tmp_path)
    with pytest.raises(ModelError, match=r"card.json: cannot be read"):
        load_voice_models(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("cohort", np.ones((3, 6)), r"cohort has shape \(3, 6\); the vectors have 8 dimensions."),
        ("cohort", np.ones(7), r"cohort has shape \(7,\); the vectors have 8 dimensions."),
        ("slopes", np.ones(2), r"slopes of shape \(2,\) and offset \(\); three slopes, one offset."),
        ("offset", np.ones(1), r"slopes of shape \(3,\) and offset \(1,\); three slopes, one offset."),
        ("voiceprinter.mean", np.ones(19), "mean does not match the other models"),
        ("voiceprinter.ubm.weights", np.ones(8), "voiceprinter.ubm.weights must sum to 1"),
        ("voiceprinter.ivector_plda.phi", np.zeros(4), "voiceprinter.ivector_plda.phi must be positive"),
        ("more", np.ones(1), "more is not a parameter of these models"),
    ],
)
def test_damaged_models_are_refused(tiny_models, tmp_path, name, array, message):
    write_models(tiny_models, tmp_path, {})
    arrays = read_arrays(tmp_path / PARAMETERS)
    write_archive(tmp_path / "wrong" / PARAMETERS, {**arrays, name: array}, {})
    with pytest.raises(ModelError, match=message):
        load_voice_models(tmp_path / "wrong")


def test_arrays_in_memory_are_checked_too(tiny_models):
    with pytest.raises(ValueError, match=r"cohort has shape \(3, 6\); the vectors have 8 dimensions"):
        replace(tiny_models, cohort=np.ones((3, 6)))
    with pytest.raises(ValueError, match="three slopes, one offset"):
        replace(tiny_models, slopes=np.ones((3, 1)))
    with pytest.raises(ValueError, match="gender does not match the other models"):
        replace(tiny_models, gender=VoiceprintGender(np.ones((3, 4)), np.ones(3)))


def test_gender_is_that_of_the_supervector(tiny_models):
    vectors = np.random.default_rng(0).normal(size=(5, 8))  # 4 of the i-vector, 3 of the supervector, the clearness
    found = tiny_models.women_men_children(vectors)
    assert np.array_equal(found, tiny_models.gender.probabilities(vectors[:, 4:7]))
    assert found.shape == (5, 3) and found.sum(axis=1) == pytest.approx(np.ones(5))


def test_gender_does_not_change_what_vectors_mean(tiny_models):
    other = VoiceprintGender(np.ones((3, 3)), np.ones(3))
    assert replace(tiny_models, gender=other).fingerprint == tiny_models.fingerprint


def test_the_models_that_ship():
    models = load_voice_models()
    assert load_voice_models() is models
    assert 4 * models.voiceprinter.n_dimensions + 8 < 1900  # 2 kB for each session, with a name
    assert (models.slopes[:2] > 0).all() and len(models.cohort) > 50
    ratios = models.log_likelihood_ratios(models.cohort[:100], models.cohort[:100])
    assert np.array_equal(ratios.argmax(axis=1), np.arange(100)) and np.diag(ratios).min() > 0 > np.median(ratios)
