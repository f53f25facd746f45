import operator

import pytest

from lightdiar.common.processes import parallel


@pytest.mark.parametrize("n_jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_results_come_in_the_order_of_the_calls(n_jobs):
    calls = [(number, 10) for number in (3, 1, 2)]
    assert parallel(operator.mul, calls, n_jobs) == parallel(operator.mul, calls, n_jobs, batch=1) == [30, 10, 20]
    assert parallel(operator.mul, [], n_jobs) == []
