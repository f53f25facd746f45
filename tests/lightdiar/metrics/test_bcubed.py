import numpy as np
import pytest

from lightdiar.metrics.bcubed import BCubed, bcubed


def test_the_examples_of_the_paper():
    """Links between people of 5, 2 and 5 documents: the small wrong link costs less than the large one."""
    classes = [1] * 5 + [2] * 2 + [3] * 5
    small = bcubed(classes, ["a"] * 5 + ["b"] * 7)
    large = bcubed(classes, ["a"] * 5 + ["b"] * 2 + ["a"] * 5)
    assert small.precision == pytest.approx((5 + 2 * 2 / 7 + 5 * 5 / 7) / 12)  # .7619
    assert large.precision == pytest.approx((5 * 1 / 2 + 2 + 5 * 1 / 2) / 12)  # .5833
    assert small.recall == large.recall == pytest.approx(1)


def test_all_alone_and_all_together():
    assert bcubed([1, 1, 2], [1, 2, 3]) == BCubed(1.0, pytest.approx((1 / 2 + 1 / 2 + 1) / 3))
    assert bcubed([1, 1, 2], [0, 0, 0]) == BCubed(pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3), 1.0)


def test_the_truth_is_perfect_whatever_its_names(rng):
    truth = rng.integers(0, 5, 30)
    names = np.array(["e", "a", "d", "b", "c"])
    figures = bcubed(truth, names[truth], weights=rng.random(30))
    assert (figures.precision, figures.recall, figures.f_measure) == pytest.approx((1, 1, 1))


def test_as_defined_item_by_item(rng):
    classes, clusters, weights = rng.integers(0, 4, 40), rng.integers(0, 6, 40), rng.random(40)

    def mean_over_items(own, other):
        shares = [
            weights[(own == own[i]) & (other == other[i])].sum() / weights[own == own[i]].sum() for i in range(40)
        ]
        return np.average(shares, weights=weights)

    figures = bcubed(classes, clusters, weights=weights)
    assert figures.precision == pytest.approx(mean_over_items(clusters, classes))
    assert figures.recall == pytest.approx(mean_over_items(classes, clusters))
    assert bcubed(clusters, classes, weights=weights).precision == pytest.approx(figures.recall)
    assert figures.f_measure == pytest.approx(2 / (1 / figures.precision + 1 / figures.recall))


def test_a_weight_is_a_number_of_items(rng):
    classes, clusters, times = rng.integers(0, 3, 20), rng.integers(0, 3, 20), rng.integers(0, 4, 20)
    weighted = bcubed(classes, clusters, weights=times)
    repeated = bcubed(np.repeat(classes, times), np.repeat(clusters, times))
    assert (weighted.precision, weighted.recall) == pytest.approx((repeated.precision, repeated.recall))


def test_items_of_no_weight_do_not_count():
    assert bcubed(["ann", "bob"], [0, 0], weights=[3, 0]) == BCubed(1.0, 1.0)


@pytest.mark.parametrize(
    ("arguments", "weights", "message"),
    [
        (([1, 2], [1]), None, "2 classes and 1 clusters; each item has one of both"),
        (([1, 2], [1, 1]), [1], r"weights of shape \(1,\) must be \(2,\)"),
        (([1, 2], [1, 1]), [1, -1], "a weight is negative or not finite"),
        (([1, 2], [1, 1]), [1, np.nan], "a weight is negative or not finite"),
        (([1, 2], [1, 1]), [0, 0], "none of 2 items has any weight"),
        (([], []), None, "none of 0 items has any weight"),
    ],
)
def test_rubbish_is_refused(arguments, weights, message):
    with pytest.raises(ValueError, match=message):
        bcubed(*arguments, weights=weights)
