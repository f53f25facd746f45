import pytest

from lightdiar.report.words import Words

EN, FR = Words("en"), Words("fr")


@pytest.mark.parametrize(
    ("seconds", "english", "french"),
    [
        (0, "0.0 s", "0,0 s"),
        (12.34, "12.3 s", "12,3 s"),
        (59.96, "1 min", "1 min"),
        (252.4, "4 min 12 s", "4 min 12 s"),
        (3599.7, "1 h", "1 h"),
        (6727, "1 h 52 min", "1 h 52 min"),
    ],
)
def test_lengths(seconds, english, french):
    assert EN.duration(seconds) == english.replace(" ", "\u00a0")
    assert FR.duration(seconds) == french.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("seconds", "decimals", "english", "french"),
    [
        (0, 0, "0:00", "0:00"),
        (59.96, 1, "1:00.0", "1:00,0"),
        (252.34, 1, "4:12.3", "4:12,3"),
        (6727.2, 0, "1:52:07", "1:52:07"),
    ],
)
def test_times(seconds, decimals, english, french):
    assert EN.clock(seconds, decimals) == english
    assert FR.clock(seconds, decimals) == french


@pytest.mark.parametrize(
    ("p", "english", "french"),
    [
        (0.0, "under 1%", "moins de 1 %"),
        (0.01, "1%", "1 %"),
        (0.834, "83%", "83 %"),
        (0.9951, "over 99%", "plus de 99 %"),
        (1.0, "over 99%", "plus de 99 %"),
    ],
)
def test_no_probability_is_none_or_all(p, english, french):
    assert EN.probability(p) == english
    assert EN.brief(p) == english.replace("under ", "<").replace("over ", ">")
    assert FR.probability(p) == french.replace(" %", "\u00a0%")


def test_none_is_one_in_french_only():
    assert EN("many_kicker", 0) == "Report of 0 recordings"
    assert FR("many_kicker", 0) == "Rapport sur 0 enregistrement"
    assert EN("many_kicker", 1) == "Report of 1 recording"
    assert FR("many_kicker", 1234) == "Rapport sur 1\u202f234 enregistrements"


def test_labels_that_are_not_of_the_model_that_ships_stay_as_they_are():
    assert [FR.label(label) for label in ("footsteps", "keys", "{x}", "label_music")] == [
        "pas",
        "keys",
        "{x}",
        "label_music",
    ]
    assert EN.label("footsteps") == "footsteps"


def test_lists():
    assert EN.listed(["a"]) == "a"
    assert FR.listed(["a", "b", "c"]) == "a, b et c"
