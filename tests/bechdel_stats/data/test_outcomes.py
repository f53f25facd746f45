import pandas as pd
import pytest

from bechdel_stats.data.outcomes import outcome_held
from bechdel_stats.data.schema import standardise
from bechdel_stats.words.messages import FilmsWarning


@pytest.mark.parametrize(
    ("values", "name", "company", "held"),
    [
        ([0, 1, 2, 3], "rating", set(), "rating"),
        ([3, 3, 1], "rating", set(), "rating"),  # few films need not have a 0
        ([1, 2, 3] * 7, "rating", set(), ""),  # 21 films without a 0
        ([1, 2, 3] * 7, "rating", {"bechdel_id"}, "rating"),
        ([1, 2, 3] * 7, "bechdel_rating", set(), "rating"),
        ([3] * 30, "rating", set(), "rating"),  # one value: nothing to compare, and said so later
        ([4.0, 3.0, 0.5, 5.0], "rating", set(), ""),
        ([0, 1, 2, 3], "rating", {"movieid"}, ""),
        ([0, 1, 2, 3], "rating", {"letterboxd_uri"}, ""),
        ([0, 1, 2, 3] * 5 + [7], "rating", set(), "rating"),  # one slip of 21
        ([0, 1, 2, 3, 7], "rating", set(), ""),  # one of five is none
        (["PG-13", "R", "G", "PG"], "rating", set(), "mpaa"),
        (["yes", "no"], "rating", set(), "passes"),
        (["oui", "non", None], "bechdel", set(), "passes"),
        ([0, 1, 1], "bechdel", set(), "passes"),
        ([0, 1, 1], "bechdel_rating", set(), "rating"),
        ([0, 1, 2], "bechdel", set(), "rating"),
        (["a", "b"], "score", set(), ""),
        ([None, "NA"], "rating", set(), "rating"),
        (["3 - passes", "0: nobody", "1/3"], "rating", set(), "rating"),
    ],
)
def test_values_and_company_decide(values, name, company, held):
    assert outcome_held(pd.Series(values), name, company) == held


def test_taste_is_told_and_kept_under_another_name():
    taste = pd.DataFrame({"movieId": [1, 2, 3, 4], "rating": [4.0, 3.0, 0.5, 5.0]})
    told = r"column rating holds numbers from 0.5 to 5 that are not taken for Bechdel scores\. If they are, say so: "
    with pytest.warns(FilmsWarning, match=told):
        films = standardise(taste)
    assert list(films) == ["movielens_id", "their_rating"] and films["their_rating"].tolist() == [4, 3, 0.5, 5]
    assert "rating" not in standardise(films)  # without a second warning


def test_taste_is_a_score_for_whoever_says_so():
    taste = pd.DataFrame({"movieId": [1, 2, 3], "rating": [1, 3, 0]})
    assert standardise(taste, {"rating": "rating"})["passes"].tolist() == [0, 1, 0]


def test_a_name_that_says_bechdel_comes_before_one_that_does_not():
    with pytest.warns(FilmsWarning, match="^columns bechdel_score and rating differ in 3 rows"):
        films = standardise(pd.DataFrame({"rating": [3, 3, 0], "bechdel_score": [0, 1, 3]}))
    assert films["rating"].tolist() == [0, 1, 3] and films["their_rating"].tolist() == [3, 3, 0]


@pytest.mark.parametrize(
    ("name", "values", "passes"),
    [
        ("Passes Bechdel Test?", ["Yes", "No"], [1, 0]),
        ("Test de Bechdel (0-3)", ["3 - passes", "1 - they do not talk"], [1, 0]),
        ("Bechdel-Test 2024", [3, 0], [1, 0]),
        ("Bechdeltest", ["ja", "nein"], [1, 0]),
        ("Bechdeltest (Sverige)", ["ja", "nej"], [1, 0]),
    ],
)
def test_a_header_that_speaks_of_bechdel_is_the_outcome(name, values, passes):
    assert standardise(pd.DataFrame({name: values}))["passes"].tolist() == passes


def test_what_is_about_the_rating_is_not_the_outcome():
    films = standardise(
        pd.DataFrame({"bechdel_id": [3, 0], "Bechdel URL": ["x", "y"], "bechdel_added": ["2012", "2013"]})
    )
    assert not {"rating", "passes"} & set(films)


def test_criteria_of_the_test_are_not_its_outcome():
    criteria = pd.DataFrame({"bechdel_1": [1, 1], "Bechdel criterion 2 passed": [1, 1], "Bechdel no man": [0, 1]})
    told = r"columns bechdel_1, Bechdel criterion 2 passed, Bechdel no man: each may be the outcome of the Bechdel test"
    with pytest.warns(FilmsWarning, match=told) as caught:
        assert not {"rating", "passes"} & set(standardise(criteria))
    assert len(caught) == 1
    assert standardise(criteria, {"Bechdel no man": "passes", "bechdel_1": ""})["passes"].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("name", "values"), [("Bechdel passed", [0, 1]), ("Bechdel", [2, 3]), ("rating", [1, 3]), ("binary", ["no", "yes"])]
)
def test_beside_criteria_a_column_about_the_whole_test_is_the_outcome(name, values):
    films = standardise(pd.DataFrame({"bechdel_1": [1, 1], "bechdel_2": [1, 1], name: values}))
    assert films["passes"].tolist() == [0, 1]


def test_words_decide_what_a_column_holds_though_most_are_no_outcome():
    with pytest.warns(FilmsWarning, match="passes: 2 of 4 values .*'barely passes', 'disputed'.: allowed: 0 and 1"):
        films = standardise(pd.DataFrame({"bechdel": ["passed", "failed", "barely passes", "disputed"]}))
    assert films["passes"].tolist()[:2] == [1, 0]


def test_a_score_with_a_footnote_is_that_score():
    films = standardise(pd.DataFrame({"rating": ["3*", "1\u2020", "2\u00b2", "0[1]", "3 [a] (disputed)"]}))
    assert films["rating"].tolist() == [3, 1, 2, 0, 3]
    assert standardise(pd.DataFrame({"rating": ["'3", "'1", "'0"]}))["rating"].tolist() == [3, 1, 0]


def test_a_number_among_signs_is_no_word_for_a_pass():
    with pytest.warns(
        FilmsWarning, match=r"^column rating: 3 of 3 values cannot be used \(first: '\(3\)', '\(1\)', '#1'\)"
    ):
        assert "passes" not in standardise(pd.DataFrame({"bechdel": ["(3)", "(1)", "#1"]}))
    assert standardise(pd.DataFrame({"bechdel pass": [" 1 ", "0.0", "yes!", "1 (3/3)"]}))["passes"].tolist() == [
        1,
        0,
        1,
        1,
    ]


def test_a_number_of_violations_is_no_score():
    with pytest.warns(FilmsWarning, match="column Bechdel violations holds numbers from 0 to 3 that are not taken"):
        assert "rating" not in standardise(pd.DataFrame({"Bechdel violations": [0, 3, 1]}))


@pytest.mark.parametrize("name", ["Reverse Bechdel test", "bechdel_predicted", "Bechdel probability"])
def test_other_tests_and_predictions_are_no_outcome(name):
    assert not {"rating", "passes"} & set(standardise(pd.DataFrame({name: [1, 0]})))


def test_outcomes_that_differ_in_brackets_only_are_told_unless_one_has_none():
    films = pd.DataFrame({"Bechdel (1)": [1, 1], "Bechdel (2)": [1, 0]})
    with pytest.warns(FilmsWarning, match=r"columns Bechdel \(1\), Bechdel \(2\): each may be the outcome"):
        assert "passes" not in standardise(films)
    assert standardise(films.assign(Bechdel=[0, 1]))["passes"].tolist() == [0, 1]
    assert standardise(films, {"Bechdel (2)": "passes"})["passes"].tolist() == [1, 0]
