import dataclasses

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


class WithEar(Given):
    """One that was fitted with what is heard."""

    uses_ear = True


ROWS = [[0.28, 0.3, 0.0, 0.42], [0.1, 0.2, 0.2, 0.5], [0.0, 0.2, 0.2, 0.6], [0.7, 0.1, 0.1, 0.1]]
FILMS = pd.DataFrame({"title": list("ABCD"), "year": [1955, 1962.0, np.nan, 2015]}, index=list("wxyz"))


@pytest.fixture
def predictions():
    with pytest.warns(match="predicted without"):
        return predict_films(FILMS, model=Given(ROWS))


def test_one_film_is_no_films(predictions):
    assert str(dataclasses.replace(predictions, table=predictions.table.head(1)).summary()).startswith("1 film\n")


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


@pytest.fixture
def heard():
    """What `join_ear` puts beside the films: of C, nothing."""
    columns = {"recording": ["a", "b", None, "d"], "ear_two_women": [0.9, 0.2, np.nan, 1.0]}
    columns |= {"ear_women_talk": [0.8, 0.04, np.nan, 0.9], "ear_female_share": [0.5, np.nan, np.nan, 0.75]}
    columns |= {"ear_female_share_low": [0.4, np.nan, np.nan, 0.7], "ear_female_share_high": [0.6, np.nan, np.nan, 0.8]}
    columns |= {"ear_exchanges": [2, 0, np.nan, 1], "ear_exchange_seconds": [40, 0, np.nan, 9.5]}
    columns |= {"ear_places": ["0:01:05-0:01:30; 0:10:02-0:10:17", "", None, "1:00:00-1:00:09"]}
    return FILMS.assign(**columns, ear_match=["imdb_id", "title and year", None, "recording"])


def test_what_is_heard_stands_beside_what_is_predicted(heard):
    rows = [[0.28, 0.3, 0.0, 0.42], [0.1, 0.2, 0.1, 0.6], [0.0, 0.2, 0.2, 0.6], [0.7, 0.1, 0.1, 0.1]]
    with pytest.warns(match="predicted without"):
        predictions = predict_films(heard, model=WithEar(rows))
    assert predictions.table.columns.tolist()[-10:] == [
        *("recording", "ear_two_women", "ear_women_talk", "ear_female_share", "ear_female_share_low"),
        *("ear_female_share_high", "ear_exchanges", "ear_exchange_seconds", "ear_places", "ear_match"),
    ]
    assert predictions.table.index.tolist() == list("wxyz")
    lines = [line.rstrip() for line in str(predictions.summary()).splitlines()]
    assert lines[1:6] == [
        "title  year  passes  decision  score  expected_score  ear_two_women  ear_women_talk   ear_female_share"
        "  ear_exchanges  ear_places",
        "A      1955    0.42  fails         3            1.56           0.90            0.80  0.50 [0.40, 0.60]"
        "              2  0:01:05-0:01:30; 0:10:02-0:10:17",
        "B      1962    0.60  passes        3            2.20           0.20            0.04"
        "                                 0",
        "C               0.60  passes        3            2.40".replace("  0.60", " 0.60"),
        "D      2015    0.10  fails         0            0.60           1.00            0.90  0.75 [0.70, 0.80]"
        "              1  1:00:00-1:00:09",
    ]
    assert lines[-3:] == [
        "ear_two_women, ear_women_talk: how probable it is, by the voices in a recording, that two women speak, and "
        "that two women speak to each other; ear_places: where to listen. What they speak about is not heard: the ear "
        "never says that a film passes.",
        "The model was fitted with what is heard: the predictions of 3 films use it.",
        "Predicted to pass, though by ear it is unlikely (below 0.1) that two women speak to each other: 1 (B (1962)). "
        "Listen to these first.",
    ]


def test_a_model_without_the_ear_says_so(heard):
    model = WithEar(ROWS)
    model.uses_ear = False
    with pytest.warns(match="predicted without"):
        notes = predict_films(heard, model=model).summary().notes
    assert notes[-1] == "The model was fitted without what is heard, and the predictions do not use it."


def test_a_table_with_some_of_these_columns_only_is_any_table(heard):
    with pytest.warns(match="predicted without"):
        table = predict_films(heard.drop(columns="ear_places"), model=Given(ROWS)).table
    assert "ear_match" not in table
    with pytest.warns(match="predicted without"):
        table = predict_films(heard.assign(ear_exchanges="some", ear_match="x"), model=WithEar(ROWS)).table
    assert table["ear_exchanges"].isna().all()
