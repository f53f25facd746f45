from lightdiar.metrics.changes import ChangePointScore, change_point_score, change_points
from lightdiar.timeline import Annotation, Turn


def test_change_points():
    assert change_points(Annotation([Turn(0, 10, "A"), Turn(8, 12, "B")])).tolist() == [0, 8, 10, 12]
    assert change_points(Annotation([Turn(0, 1, "a"), Turn(1, 2, "a")])).tolist() == [0, 2]
    assert change_points(Annotation()).shape == (0,)


def test_change_points_match_one_to_one_within_the_tolerance():
    assert change_point_score([1.0, 5.0], [5.25, 1.0, 1.1]) == ChangePointScore(2, 3, 2)
    assert change_point_score([5.0], [5.26]).recall == 0.0
    assert change_point_score([5.0], [5.5], tolerance=0.5).precision == 1.0
    # the nearest pair (1.0, 1.1) taken first would leave 0.9 and 1.3 alone
    assert change_point_score([1.0, 1.3], [0.9, 1.1]).n_matched == 2
    nothing = change_point_score([], [])
    assert (nothing.precision, nothing.recall) == (1.0, 1.0)
    assert ChangePointScore(2, 3, 2) + ChangePointScore(2, 1, 1) == ChangePointScore(4, 4, 3)
