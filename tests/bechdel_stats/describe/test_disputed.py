import numpy as np
import pandas as pd
import pytest

from bechdel_stats.describe.disputed import disputed_sensitivity, treat_disputed
from bechdel_stats.describe.intervals import wilson
from bechdel_stats.words.messages import FilmsError


@pytest.fixture
def films():
    return pd.DataFrame(
        {"rating": [3, 3, 3, 2, 1, 0, None], "dubious": [1, 0, None, 1, 0, 0, 1]}, index=list("abcdefg")
    )


def test_disputed_passes_become_fails_of_the_last_step_or_are_left_out(films):
    before = films.copy()
    failed = treat_disputed(films, "fail")
    assert failed["passes"].fillna(-1).tolist() == [0, 1, 1, 0, 0, 0, -1]
    assert failed["rating"].fillna(-1).tolist() == [2, 3, 3, 2, 1, 0, -1]
    assert treat_disputed(films, "leave out").index.tolist() == ["b", "c", "e", "f"]
    assert treat_disputed(films, "as rated")["rating"].equals(films["rating"].astype(float))
    pd.testing.assert_frame_equal(films, before)
    only_passes = pd.DataFrame({"passes": [1, 1, 0], "dubious": [True, False, False]})
    assert treat_disputed(only_passes, "fail")["passes"].tolist() == [0, 1, 0]


def test_the_three_rates_by_hand_and_as_printed(films):
    found = disputed_sensitivity(films)
    assert found.table["how"].tolist() == ["as rated", "fail", "leave out"]
    assert found.table[["n_films", "n_passes"]].to_numpy().tolist() == [[6, 3], [6, 2], [4, 2]]
    assert found.table["pass_rate"].tolist() == pytest.approx([3 / 6, 2 / 6, 2 / 4])
    assert found.table.loc[1, ["ci_low", "ci_high"]].tolist() == pytest.approx(wilson(2, 6))
    assert (found.n_films, found.n_disputed, found.n_changed, found.n_unknown) == (6, 2, 1, 1)
    assert repr(found) == "DisputedSensitivity(n_films=6, n_disputed=2)"
    assert str(found.summary()) == (
        "Pass rate and disputed ratings\n"
        "films                       6\n"
        "disputed                    2\n"
        "of these pass as rated      1\n"
        "not known whether disputed  1\n"
        "confidence level            0.95\n"
        "how        n_films  n_passes  pass_rate  ci_low  ci_high\n"
        "as rated         6         3      0.500   0.188    0.812\n"
        "fail             6         2      0.333   0.097    0.700\n"
        "leave out        4         2      0.500   0.150    0.850\n"
        "Of 1 film it is not known whether the rating is disputed; it counts as rated."
    )


def test_where_all_ratings_are_disputed_none_is_left(films):
    found = disputed_sensitivity(films.assign(dubious=1)).table.set_index("how")
    assert found.loc["leave out", "n_films"] == 0 and np.isnan(found.loc["leave out", "pass_rate"])


def test_what_cannot_be_told_is_refused(films):
    for without in (films.drop(columns="dubious"), films.assign(dubious=None)):
        with pytest.raises(
            FilmsError, match=r"^no column dubious with values .* Take films as rated, or add the column\.$"
        ):
            treat_disputed(without, "fail")
        with pytest.raises(FilmsError, match="no column dubious"):
            disputed_sensitivity(without)
        assert len(treat_disputed(without, "as rated")) == 7
    with pytest.raises(ValueError, match="how must be one of 'as rated', 'fail', 'leave out'; got 'drop'"):
        treat_disputed(films, "drop")
    with pytest.raises(FilmsError, match="no outcome"):
        disputed_sensitivity(films[["dubious"]])
    with pytest.raises(ValueError, match="conf_level"):
        disputed_sensitivity(films, 95)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::bechdel_stats.words.messages.FilmsWarning")
def test_real_films_counted_as_fails(shared):
    found = disputed_sensitivity(pd.read_csv(shared / "films" / "films.csv.gz", low_memory=False))
    assert found.n_disputed == 618
    assert found.table["pass_rate"].round(3).tolist()[:2] == [0.572, 0.514]
