import numpy as np
import pytest

from bechdel_stats.data.dates import year_of


@pytest.mark.parametrize(
    ("texts", "year"),
    [
        (("1999", "1999.0", "1999,0", "(1999)", "circa 1999", "c. 1999", "1999-12-31", "1999-12-31T00:00:00Z"), 1999),
        (("31/12/1999", "12/31/1999", "31.12.1999", "31 Dec 1999", "December 31, 1999", "31 décembre 1999"), 1999),
        (("19991231", "1999-2001", "1999–", "31/12/99", "31-Dec-99", "12/31/99", "1999 (France)"), 1999),
        (("1,999", "1.999"), 1999), (("2,005",), 2005), (("1,2", "1.500", "1,9999"), 1),
        (("20455", "20455.0", "20090"), 1956), (("36525",), 1999), (("946598400", "946598400000"), 1999),
        (("01/02/30",), 2030), (("01/02/31",), 1931),
        (("99",), 99), (("0",), 0), (("9999",), 9999),
        (("soon", "MCMXC", "12/31", "9" * 400, "1999%", ""), np.nan),
    ],
)  # fmt: skip
def test_years_and_dates_in_any_common_order(texts, year):
    found = {text: year_of(text) for text in texts}
    if texts == ("20455", "20455.0", "20090"):
        assert found == {"20455": 1956, "20455.0": 1956, "20090": 1955}  # days from 1899-12-30
    else:
        np.testing.assert_equal(found, dict.fromkeys(texts, year))
