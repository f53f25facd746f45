import numpy as np
import pandas as pd
import pytest

from bechdel_stats.prediction.predictions import predict_films


class Given:
    """A model that predicts what it is given."""

    def __init__(self, probabilities):
        self.probabilities = np.array(probabilities, dtype=float)
        self.has_scores = self.probabilities.shape[1] == 4

    def predict_proba(self, films):
        return self.probabilities


ROWS = [[0.28, 0.3, 0.0, 0.42], [0.1, 0.2, 0.2, 0.5], [0.0, 0.2, 0.2, 0.6], [0.7, 0.1, 0.1, 0.1]]
FILMS = pd.DataFrame({"title": list("ABCD"), "year": [1955, 1962.0, np.nan, 2015]}, index=list("wxyz"))


@pytest.fixture
def predictions():
    with pytest.warns(match="predicted without"):
        return predict_films(FILMS, model=Given(ROWS))


def test_decision_and_scores_by_hand(predictions):
    table = predictions.table
    assert table.index.tolist() == list("wxyz") and table["passes"].tolist() == [0.42, 0.5, 0.6, 0.1]
    assert table["decision"].tolist() == ["fails", "fails", "passes", "fails"]  # a half is not more probable than not
    assert table["score"].tolist() == [3, 3, 3, 0]
    assert table["expected_score"].tolist() == pytest.approx([1.56, 2.1, 2.4, 0.6])
    assert table.columns.tolist() == [
        *("title", "year", "passes", "decision", "score", "expected_score"),
        *("score_0", "score_1", "score_2", "score_3"),
    ]


def test_what_is_printed_says_what_the_score_is(predictions):
    lines = [line.rstrip() for line in str(predictions.summary()).splitlines()]
    assert lines == [
        "4 films",
        "title  year  passes  decision  score  expected_score",
        "A      1955    0.42  fails         3            1.56",
        "B      1962    0.50  fails         3            2.10",
        "C               0.60  passes        3            2.40".replace("  0.60", " 0.60"),
        "D      2015    0.10  fails         0            0.60",
        "passes: probability of passing; decision: passes if that is above 0.5.",
        "score: the most probable of 0-3; expected_score: their mean, weighted by probability.",
        "Films with score 3 that fail all the same: 2; 3 is more probable than 0, 1 or 2, not than these together.",
        "No film has score 2: it is rare, so seldom the most probable; 0.5 are expected among these films.",
    ]
    assert repr(predictions) == "Predictions(4 films, 1 decided to pass)"


def test_notes_are_there_only_if_they_are_true():
    with pytest.warns(match="predicted without"):
        notes = predict_films(FILMS[:1], model=Given([[0.1, 0.2, 0.4, 0.3]])).summary().notes
    assert [note.code for note in notes] == ["decision_read", "score_read"]


def test_a_model_of_pass_and_fail_decides_and_has_no_scores():
    with pytest.warns(match="predicted without"):
        predictions = predict_films(FILMS[:2], model=Given([[0.4, 0.6], [0.9, 0.1]]))
    assert predictions.table.columns.tolist() == ["title", "year", "passes", "decision"]
    assert predictions.table["decision"].tolist() == ["passes", "fails"]
    assert str(predictions.summary()).endswith("fitted to pass and fail: it has no scores 0-3.")


def test_rated_and_unrated_films_are_predicted_alike():
    films = pd.DataFrame({"title": ["A", "B"], "year": [1955, 1955], "rating": [3, None], "passes": [1, None]})
    with pytest.warns(match="predicted without"):
        table = predict_films(films).table
    assert len(table) == 2 and table["passes"].nunique() == 1


def test_no_film_and_no_table():
    with pytest.warns(match="predicted without"):
        assert len(predict_films(pd.DataFrame({"title": []})).table) == 0
    with pytest.raises(TypeError, match="films must be a pandas DataFrame; got list"):
        predict_films([1])
