import re
from dataclasses import replace

import pandas as pd
import pytest

from bechdel_stats.report.analyses import Lack
from bechdel_stats.report.slides import to_slides
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import Message

EN = Words("en")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr"])
def test_seven_slides_lead_from_one_to_the_next(reports, read_page, language):
    page = read_page(reports[language].slides)
    assert page.ids == [f"s{number}" for number in range(1, 8)]
    assert page.addresses == [f"#s{number}" for number in range(2, 8)]
    assert len(page.texts["h1"]) == 1 and len(page.texts["h2"]) == 6 and len(page.texts["svg"]) == 4
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", reports[language].slides)
    assert "<script" not in reports[language].slides


@pytest.mark.slow
def test_slides_that_the_films_do_not_allow_are_left_out(analyses, read_page):
    none = Lack(Message("none"))
    bare = replace(analyses, rates=dict.fromkeys(analyses.rates, none), women={}, pair=none, odds=none)
    bare = replace(bare, women=dict.fromkeys(analyses.women, none))
    page = read_page(to_slides("T", bare, EN))
    assert page.texts["h2"] == ["What we do not know", "Who should be spoken to"] and page.ids == ["s1", "s2", "s3"]


@pytest.mark.slow
def test_only_the_ends_of_many_genres_are_drawn(analyses):
    table = pd.DataFrame({"genres": [f"G{n}" for n in range(12)], "n_films": 40, "n_passes": 20, "pass_rate": 0.5})
    genres = replace(analyses.rates["genres"], table=table.assign(ci_low=0.4, ci_high=0.6))
    html = to_slides("T", replace(analyses, rates=analyses.rates | {"genres": genres}), EN)
    assert [n for n in range(12) if f">G{n} (40)<" in html] == [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]
    assert "Genres that pass least and most often" in html
