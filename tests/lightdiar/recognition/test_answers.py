import math
import xml.etree.ElementTree as ET

import pytest

from lightdiar.recognition.answers import Candidate, Identification, Verification


@pytest.mark.parametrize(
    ("ratio", "prior", "probability"),
    [
        (0.0, 0.5, 0.5),
        (0.0, 0.01, 0.01),
        (math.log(3), 0.5, 0.75),
        (math.log(3), 0.25, 0.5),
        (math.log(99), 0.01, 0.5),
        (-math.log(4), 0.5, 0.2),
        (1e4, 0.5, 1.0),
        (-1e4, 0.5, 0.0),
        (-710.0, 0.5, 0.0),
    ],
)
def test_a_prior_moves_the_probability_as_bayes_says(ratio, prior, probability):
    assert Verification("ann", ratio, prior, 4.0).probability == pytest.approx(probability, abs=1e-12)


def test_the_person_is_accepted_if_that_is_more_probable_than_not():
    assert Verification("ann", 0.1, 0.5, 4.0).accepted and not Verification("ann", 0.0, 0.5, 4.0).accepted
    assert not Verification("ann", 4.5, 0.01, 4.0).accepted and Verification("ann", 4.7, 0.01, 4.0).accepted


def test_a_verification_to_the_letter():
    yes, no = Verification("Zoë", math.log(3), 0.5, 4.06), Verification("a\nb", -7.249, 0.01, 1.0)
    assert str(yes) == "Zoë: yes, probability 0.750 (prior 0.5), log likelihood ratio +1.1, 4.1 s of speech"
    assert str(no) == "a\\nb: no, probability 0.000 (prior 0.01), log likelihood ratio -7.2, 1.0 s of speech"
    silent = Verification("ann", 0.0, 0.9, 0.0)
    assert str(silent) == "ann: no answer, no speech found" and not silent.accepted


def answer(*probabilities, nobody, known=0.5):
    people = [Candidate(name, p, math.log(p)) for name, p in zip("ann bob cleo dan eve".split(), probabilities)]
    return Identification(tuple(people), nobody, known, 4.06)


def test_the_name_is_that_of_whoever_has_nine_tenths_of_the_probability():
    assert answer(0.9, 0.04, nobody=0.06).name == "ann"
    assert answer(0.899, 0.041, nobody=0.06).name is None
    assert answer(0.2, 0.1, nobody=0.7).name is None


def test_an_identification_to_the_letter():
    assert str(answer(0.9, 0.02, nobody=0.08)).splitlines() == [
        "ann, 4.1 s of speech, prior of a known person 0.5",
        "person         probability  log ratio",
        "ann                  0.900       -0.1",
        "somebody else        0.080",
        "bob                  0.020       -3.9",
    ]
    assert str(answer(0.2, nobody=0.8, known=0.01)).splitlines() == [
        "nobody for certain, 4.1 s of speech, prior of a known person 0.01",
        "person         probability  log ratio",
        "somebody else        0.800",
        "ann                  0.200       -1.6",
    ]


def test_of_many_people_ten_are_shown():
    people = tuple(Candidate(f"p{number}", 0.08, 0.1) for number in range(12))
    lines = str(Identification(people, 0.04, 0.5, 3.0)).splitlines()
    assert len(lines) == 14 and lines[2].startswith("p0") and lines[11].startswith("p9")
    assert lines[12:] == ["somebody else        0.040", "and 2 more people"]
    assert str(Identification(people[:10], 0.2, 0.5, 3.0)).splitlines()[2:4] == [
        "somebody else        0.200",
        "p0                   0.080       +0.1",
    ]


def test_html_is_well_formed_and_escaped():
    people = (Candidate("<Ann & Bob>", 0.9, 3.0), Candidate("c\x1bd", 0.02, -3.0))
    page = ET.fromstring(f"<div>{Identification(people, 0.08, 0.5, 3.0)._repr_html_()}</div>")
    assert page.find("p").text == "<Ann & Bob>, 3.0 s of speech, prior of a known person 0.5"
    cells = [cell.text for cell in page.iter("td")]
    assert cells == ["<Ann & Bob>", "0.900", "+3.0", "somebody else", "0.080", None, "c\\x1bd", "0.020", "-3.0"]
