from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.inference.comparison import odds_with_and_without_gender
from bechdel_stats.inference.multiple import imputed_odds_ratios
from bechdel_stats.pictures.odds import reading_order
from bechdel_stats.report.analyses import Lack
from bechdel_stats.report.associations import imputed, odds
from bechdel_stats.report.blocks import Heading, Picture, Table, Text
from bechdel_stats.report.figures import odds_picture
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import Message

EN, FR = Words("en"), Words("fr")
NONE = Lack(Message("none"))


@pytest.fixture(scope="module")
def some(films):
    """400 invented films, a quarter of the runtimes not known."""
    some = films.head(400)[["rating", "year", "genres", "runtime", "cast_female_share", "director_female_share"]]
    return some.assign(runtime=some["runtime"].where(some.index % 4 > 0))


@pytest.fixture(scope="module")
def chapters(some):
    pair = odds_with_and_without_gender(some)
    found = SimpleNamespace(pair=pair, odds=None, imputed=imputed_odds_ratios(some, n_imputations=2))
    found.films = some.assign(passes=(some["rating"] == 3).astype(float))
    return found, {words.language: list(odds(found, words)) for words in (EN, FR)}


def tables(blocks, words=EN):
    return {
        block.title: {head: cells for head, cells, _ in block.columns(words)}
        for block in blocks
        if isinstance(block, Table)
    }


def imputed_of(*rows, n_films=10, n_complete=8):
    """An imputed result: term, p of all films, p of complete films."""
    table = pd.DataFrame(rows, columns=["term", "p_value_fdr", "p_value_fdr_complete"]).assign(contrast="1 against 0")
    ratios = ("odds_ratio", "ci_low", "ci_high")
    table = table.assign(**{f"{name}{kind}": 1.0 for name in ratios for kind in ("", "_complete")})
    return SimpleNamespace(
        table=table, n_films=n_films, n_complete=n_complete, imputed={"runtime": 2}, converged=True, complete=True,
        notes=lambda: (),
    )  # fmt: skip


def sentence(*rows, words=EN):
    return next(
        block.text
        for block in imputed(imputed_of(*rows), words)
        if "0.05" in getattr(block, "text", "").replace(",", ".")
    )


def test_the_conclusions_that_differ_are_named_in_one_sentence():
    both, neither = ("genre_war", 0.049, 0.01), ("genre_crime", 0.05, 0.9)  # 0.05 is not below 0.05
    assert sentence(both, neither) == "Both results have the same terms with an adjusted p below 0.05."
    only = (("genre_horror", 0.049, 0.05), ("genre_music", 0.06, 0.02), ("genre_drama", 0.01, np.nan))
    assert sentence(both, neither, *only) == (
        "The adjusted p is below 0.05 with all films only for “Horror”; with complete films only for “Music”."
    )
    assert sentence(both, only[1], words=FR) == (
        "La p corrigée est inférieure à 0,05 avec les films complets seulement pour «\u00a0Musique\u00a0»."
    )


def test_imputation_is_shown_only_where_something_is_not_known():
    assert list(imputed(NONE, EN)) == []
    known = imputed_of(("genre_war", 0.1, 0.1))
    known.imputed = {}
    assert list(imputed(known, EN)) == []


def test_films_are_counted_and_an_imputation_of_the_same_films_says_so():
    row = ("genre_war", 0.1, 0.1)
    more, same = (list(imputed(imputed_of(row, n_complete=n), EN))[1].text for n in (8, 10))
    assert more.startswith("The same attributes, with 10 films instead of the 8 of which everything but the budget is")
    assert same.startswith("The same attributes, with the same 10 films; what is not known of them is imputed")


def test_a_result_without_complete_films_has_no_empty_columns():
    alone = imputed_of(("genre_war", 0.1, np.nan))
    alone.complete = None
    (table,) = tables(imputed(alone, EN)).values()
    assert list(table) == ["Term", "All films, imputed [95% CI]", "p (FDR), imputed"]


def test_ratios_of_both_models_stand_on_one_scale_in_picture_and_table(chapters):
    found, blocks = chapters
    shown = tables(blocks["en"])
    title = "Odds ratios with and without cast and crew gender in the model"
    row = found.pair.table.set_index("term").loc["genre_war"]
    place = shown[title]["Term"].index("War")
    rescaled = "{odds_ratio_rescaled:.2f} [{ci_low_rescaled:.2f}, {ci_high_rescaled:.2f}]".format(**row)
    assert shown[title]["Without, rescaled [95% CI]"][place] == rescaled
    differences = next(cells for name, cells in shown.items() if name.startswith("Differences in the probability"))
    apart = "{ame_difference:.1f} [{ame_ci_low_difference:.1f}, {ame_ci_high_difference:.1f}]".format(**row)
    assert differences["Difference of AME, points [95% CI]"][place] == apart.replace("-", "\u2212")
    series = {
        words: tuple(f"{name}_{kind}" for name in ("odds_ratio", "ci_low", "ci_high"))
        for words, kind in ((EN("with_gender"), "with"), (EN("without_gender_scaled"), "rescaled"))
    }
    table = reading_order(found.pair.table, "odds_ratio_without")
    assert odds_picture(title, table, series, EN("odds_axis"), EN) in blocks["en"]
    assert "Each model by itself" in shown


def test_where_there_is_no_common_scale_the_chapter_says_so(chapters):
    found, _ = chapters
    scaled = [name for name in found.pair.one_scale if name.endswith("_rescaled")]
    pair = SimpleNamespace(
        table=found.pair.table.assign(**dict.fromkeys(scaled, np.nan)),
        with_gender=found.pair.with_gender, summary=found.pair.summary, summaries=found.pair.summaries,
    )  # fmt: skip
    blocks = list(odds(SimpleNamespace(pair=pair, films=found.films, imputed=NONE), EN))
    assert Text(EN.message(Message("not_compared")), "lack") in blocks
    assert "Odds ratios with and without cast and crew gender in the model" not in tables(blocks)
    assert "same scale" not in next(block for block in blocks if isinstance(block, Picture)).svg


def test_fit_and_references_stand_under_the_odds_table(chapters):
    found, blocks = chapters
    fit = found.pair.with_gender.statistics
    line = next(block.text for block in blocks["en"] if getattr(block, "text", "").startswith("Fit: "))
    assert line == (
        f"Fit: likelihood ratio to a model without terms, chi-squared {fit.chi2:.1f}, {fit.df} degrees of freedom, p < "
        f"0.001; AIC {fit.aic:.1f}; McFadden's pseudo R² {fit.mcfadden:.3f}."
    )
    levels = tables(blocks["fr"], FR)["Films et réussites à chaque modalité et à sa référence"]
    assert levels["Modalité"] == [
        "Au moins une réalisatrice\u00a0: référence, tous les autres films", "Au moins une réalisatrice",
    ]  # fmt: skip
    assert levels["Rapport de cotes ajusté [IC à 95\u00a0%]"][0] == "1,00"
    assert sum(map(int, levels["Films"])) == found.pair.with_gender.n_films


def test_imputed_ratios_follow_with_what_was_imputed(chapters):
    found, blocks = chapters
    assert Heading("All films, with unknown values imputed") in blocks["en"]
    shown = tables(blocks["en"])["All films, with unknown values imputed"]
    row = found.imputed.table.set_index("term").loc["genre_war"]
    place = shown["Term"].index("War")
    assert shown["All films, imputed [95% CI]"][place] == "{odds_ratio:.2f} [{ci_low:.2f}, {ci_high:.2f}]".format(**row)
    assert shown["Complete films [95% CI]"][place].startswith(f"{row['odds_ratio_complete']:.2f} [")
    said = [block.text for block in blocks["en"] if isinstance(block, Text)]
    assert "Imputed 2 times, from similar films: runtime in 100 films." in said
    assert not any("df, fmi" in text for text in said)
