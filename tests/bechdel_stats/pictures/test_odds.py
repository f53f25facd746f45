from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.pictures.odds import plot_odds, plot_odds_imputed, plot_odds_pair, plot_steps, reading_order


def test_odds_ratios_are_where_they_are_on_a_log_axis_with_a_line_at_one(odds, labels, intervals):
    ax = plot_odds(odds)
    assert ax.get_xscale() == "log"
    assert any(np.array_equal(line.get_xdata(), [1, 1]) for line in ax.lines)
    assert labels(ax.yaxis) == ["Cast: +10 points of women", "Runtime: 92 → 116 min", "War"]
    assert ax.containers[0].lines[0].get_xdata().tolist() == [2.0, 1.25, 0.5]
    # an interval without an end stops at the edge
    np.testing.assert_allclose(intervals(ax), [[1.6, 20], [1.0, 1.5], [0.25, 0.8]])
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first row is on top


def test_genres_are_read_by_ratio_after_gender_and_numbers():
    terms = ["year", "genre_war", "genre_horror", "language_fr", "genre_drama", "director_woman"]
    table = pd.DataFrame({"term": terms, "odds_ratio": [0.1, 0.5, 1.6, 9.0, np.nan, 0.2]})
    order = reading_order(table, "odds_ratio")["term"].tolist()
    assert order[:2] == ["director_woman", "year"] and order[-1] == "language_fr"
    assert order.index("genre_horror") < order.index("genre_war")


def test_a_pair_has_two_kinds_of_marks_and_leaves_out_what_one_model_lacks(odds, labels):
    table = odds.table.rename(columns=lambda name: f"{name}_with" if name not in ("term", "contrast") else name)
    for name in ("odds_ratio", "ci_low", "ci_high"):
        table[f"{name}_without"] = [1.0, 0.3, np.nan]
    ax = plot_odds_pair(SimpleNamespace(table=table), language="fr")
    with_gender, without = (container.lines[0] for container in ax.containers)
    assert (len(with_gender.get_xdata()), len(without.get_xdata())) == (3, 2)
    assert with_gender.get_marker() != without.get_marker()
    assert [text.get_text()[:4] for text in ax.get_legend().get_texts()] == ["avec", "sans"]
    assert "Guerre" in labels(ax.yaxis) and "échelle log" in ax.get_xlabel()
    assert "0,5" in labels(ax.xaxis)


def test_steps_stand_beside_the_common_odds_ratio(odds):
    table = odds.table.assign(odds_ratio_1=[1.1, 0.6, 1.9], odds_ratio_2=[1.2, 0.5, 2.0], odds_ratio_3=[1.3, 0.4, 99.0])
    ax = plot_steps(SimpleNamespace(table=table))
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert sorted(names) == ["all steps", "reaching score 1", "reaching score 2", "reaching score 3"]
    drawn = {line.get_label(): line.get_xdata() for line in ax.lines}
    assert drawn["reaching score 1"].tolist() == [1.9, 1.1, 0.6]
    assert drawn["reaching score 3"].tolist() == [20.0, 1.3, 0.4]


def test_other_languages_are_refused(odds):
    with pytest.raises(ValueError, match="language must be one of en, fr; got 'de'"):
        plot_odds(odds, language="de")


def test_ratios_beyond_the_edge_stop_there_and_what_is_no_number_is_not_drawn(odds, intervals):
    table = odds.table.assign(
        odds_ratio=[99.0, 0.001, np.nan], ci_low=[0.5, 0.0001, np.nan], ci_high=[999, 2.0, np.nan]
    )
    ax = plot_odds(SimpleNamespace(table=table))
    np.testing.assert_allclose(intervals(ax), [[0.5, 20], [0.05, 2]])
    assert ax.containers[0].lines[0].get_xydata().tolist() == [[20, 1], [0.05, 2]]  # the row of gender is empty


def test_terms_of_ones_own_are_read_among_the_numbers():
    table = pd.DataFrame({"term": ["genre_war", "my_score", "crew_female_10"], "odds_ratio": [9.0, 2.0, 0.1]})
    assert reading_order(table, "odds_ratio")["term"].tolist() == ["crew_female_10", "my_score", "genre_war"]


def test_imputed_films_stand_beside_complete_ones(labels, odds):
    table = odds.table.assign(odds_ratio_complete=[1.3, np.nan, 2.1], ci_low_complete=1.1, ci_high_complete=3.0)
    ax = plot_odds_imputed(SimpleNamespace(table=table))
    assert labels(ax.yaxis) == ["Cast: +10 points of women", "Runtime: 92 → 116 min", "War"]
    assert [len(container.lines[0].get_xdata()) for container in ax.containers] == [3, 2]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["all films, unknown values imputed", "complete films only"]
