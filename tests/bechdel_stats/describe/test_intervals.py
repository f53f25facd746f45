import numpy as np
import pytest

from bechdel_stats.describe.intervals import adjust_fdr, check_level, wilson

# Benjamini and Hochberg (1995), section 4: four of fifteen are rejected at 0.05 (Bonferroni rejects three)
BH1995 = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1,
]  # fmt: skip


@pytest.mark.parametrize(  # Newcombe (1998), table I, method 3
    "n_passes, n_films, low, high",
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(n_passes, n_films, low, high):
    assert wilson(n_passes, n_films) == pytest.approx((low, high), abs=5e-5)
    assert wilson(n_films - n_passes, n_films) == pytest.approx((1 - high, 1 - low), abs=5e-5)


def test_wilson_by_hand_at_its_ends_and_without_films():
    z2 = 1.959963984540054**2
    assert wilson(0, 10) == (0, pytest.approx(z2 / (10 + z2)))
    assert wilson(10, 10)[1] == 1
    low, high = wilson([3, 0], [4, 0])
    assert np.isnan([low[1], high[1]]).all() and low[0] < 0.75 < high[0]


def test_a_higher_level_gives_a_wider_interval():
    lows, highs = zip(*(wilson(7, 20, level) for level in (0.5, 0.9, 0.99)))
    assert list(lows) == sorted(lows, reverse=True) and list(highs) == sorted(highs)


def test_wilson_refuses_rubbish():
    with pytest.raises(ValueError, match="between 0 and n_films"):
        wilson(5, 4)
    with pytest.raises(ValueError, match="conf_level must lie between 0 and 1; got 95"):
        wilson(1, 4, 95)


def test_fdr_as_published():
    adjusted = adjust_fdr(BH1995)
    assert (adjusted <= 0.05).tolist() == [True] * 4 + [False] * 11
    assert adjusted[:4] == pytest.approx([0.0015, 0.003, 0.0095, 0.0095 * 15 / 4])
    assert adjusted[5] == adjusted[6] == pytest.approx(0.0298 * 15 / 7)  # never smaller than for a smaller p-value


def test_fdr_keeps_places_and_does_not_count_what_was_not_tested():
    shuffled = adjust_fdr([np.nan, *BH1995[::-1], np.nan])
    assert np.isnan(shuffled[[0, -1]]).all()
    assert shuffled[1:-1].tolist() == adjust_fdr(BH1995)[::-1].tolist()
    assert np.isnan(adjust_fdr([np.nan])).all() and adjust_fdr([]).size == 0
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjust_fdr([0.5, 1.5])


@pytest.mark.parametrize("level", [0, 1, -0.1, 95, float("nan")])
def test_a_level_lies_between_0_and_1(level):
    with pytest.raises(ValueError, match=rf"^conf_level must lie between 0 and 1; got {level}\. Usual is 0\.95\.$"):
        check_level(level)


@pytest.mark.parametrize("level", [1e-9, 0.5, 0.95, 1 - 1e-9])
def test_a_level_inside_is_used_as_it_is(level):
    check_level(level)
    low, high = wilson(1, 2, level)
    assert low + high == pytest.approx(1) and 0 <= low < 0.5 < high <= 1


def test_intervals_of_arrays_are_those_of_their_numbers():
    lows, highs = wilson([0, 7, 20], 20, 0.9)
    assert list(zip(lows, highs)) == [wilson(n_passes, 20, 0.9) for n_passes in (0, 7, 20)]
