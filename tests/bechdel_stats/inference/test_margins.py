"""Average marginal effects of an ordinal model, by hand and beside statsmodels."""

import numpy as np
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from bechdel_stats.inference.contrasts import Contrast
from bechdel_stats.inference.margins import score_margins
from bechdel_stats.inference.ordinal import ordinal_odds_ratios

FORMULA = "rating ~ genre_war + cast_female_10 + rcs(year, (1950, 1970, 2000))"


@pytest.fixture(scope="module")
def result(films):
    return ordinal_odds_ratios(films, FORMULA)


def test_the_effect_of_a_level_by_hand():
    """Cuts at log 1 and log 3, a slope of log 3: chances 1/2, 1/4, 1/4 without the level, and 1/4, 1/4, 1/2 with it."""
    cuts, slope = np.log([1.0, 3.0]), np.array([np.log(3)])
    level = Contrast("war", "1 against 0", (1,), np.zeros(1), np.ones(1))
    effects, errors = score_margins(np.array([[0.0], [1.0]]), slope, cuts, np.diag([0.01, 0, 0]), level)
    assert effects == pytest.approx([-1 / 4, 0, 1 / 4])
    # only the slope is uncertain: derivatives -p(1 - p) of the cumulative chances 1/4 and 1/2
    assert errors == pytest.approx([0.1 * 3 / 16, 0.1 * (1 / 4 - 3 / 16), 0.1 / 4])


def test_the_effect_of_a_number_by_hand():
    effects, errors = score_margins(
        np.zeros((1, 1)), np.array([0.5]), np.log([1.0, 3.0]), np.diag([0.04, 0, 0]), Contrast("x", "+1", (1,))
    )
    assert effects == pytest.approx([-0.5 / 4, 0.5 * (1 / 4 - 3 / 16), 0.5 * 3 / 16])
    assert errors == pytest.approx([0.2 / 4, 0.2 * (1 / 4 - 3 / 16), 0.2 * 3 / 16])


def test_what_cannot_be_varied_alone_has_none(films):
    result = ordinal_odds_ratios(films, "rating ~ genre_war * cast_female_10")
    assert result.margins.iloc[:, 2:].isna().all(axis=None)


def test_effects_and_errors_are_those_of_predictions_of_statsmodels(films, result):
    """The effect of War from `predict`, its gradient by finite differences."""
    results = result.model_results
    model, params = results.model, np.asarray(results.params)

    def effect(at):
        ends = []
        for value in sorted(set(model.exog[:, 0].tolist()), reverse=True):  # standardised 1 and 0
            changed = model.exog.copy()
            changed[:, 0] = value
            ends.append(model.predict(at, changed).mean(axis=0))
        return ends[0] - ends[1]

    gradient = np.array([(effect(params + step) - effect(params - step)) / 2e-5 for step in 1e-5 * np.eye(len(params))])
    errors = np.sqrt(np.diag(gradient.T @ np.asarray(results.cov_params()) @ gradient))
    row = result.margins.set_index("term").loc["genre_war"]
    assert isinstance(model, OrderedModel)
    for score in range(4):
        assert row[f"ame_{score}"] == pytest.approx(100 * effect(params)[score], abs=1e-5)
        half = (row[f"ame_ci_high_{score}"] - row[f"ame_ci_low_{score}"]) / 2
        assert half == pytest.approx(100 * 1.959963984540054 * errors[score], rel=1e-4)


def test_the_slope_of_a_number_is_that_of_small_steps(films, result):
    results, scale = result.model_results, (10 * films["cast_female_share"]).std(ddof=0)
    params = np.asarray(results.params)

    def slope(at):
        ends = []
        for step in (1e-4, -1e-4):
            changed = results.model.exog.copy()
            changed[:, 1] += step / scale
            ends.append(results.model.predict(at, changed).mean(axis=0))
        return (ends[0] - ends[1]) / 2e-4

    gradient = np.array([(slope(params + step) - slope(params - step)) / 2e-4 for step in 1e-4 * np.eye(len(params))])
    errors = np.sqrt(np.diag(gradient.T @ np.asarray(results.cov_params()) @ gradient))
    row = result.margins.set_index("term").loc["cast_female_10"]
    for score in range(4):
        assert row[f"ame_{score}"] == pytest.approx(100 * slope(params)[score], abs=1e-4)
        half = (row[f"ame_ci_high_{score}"] - row[f"ame_ci_low_{score}"]) / 2
        assert half == pytest.approx(100 * 1.959963984540054 * errors[score], rel=1e-3)


def test_effects_add_up_to_nothing_and_are_shown(result):
    assert result.margins[[f"ame_{score}" for score in range(4)]].sum(axis=1).tolist() == pytest.approx([0] * 3)
    shown = str(result.summaries()[1])
    assert shown.startswith("Average marginal effects on the probability of each score, percentage points\nterm ")
    assert "ame_3" in shown and "ame_ci" not in shown
