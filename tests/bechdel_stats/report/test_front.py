from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.describe.disputed import disputed_sensitivity
from bechdel_stats.describe.rates import pass_rates
from bechdel_stats.report.analyses import Lack
from bechdel_stats.report.blocks import Points, Text
from bechdel_stats.report.front import asked, front, headline, sentences
from bechdel_stats.report.groups import groups_that_fail_more
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import Message

EN, FR = Words("en"), Words("fr")
NONE = Lack(Message("none"))


def made(films, **results):
    """Analyses of the columns of some films; what is not given is lacking."""
    rates = {by: pass_rates(films, by) if by in films else NONE for by in ("year", "genres", "budget", "country")}
    women = {by: pass_rates(films, by) if by in films else NONE for by in ("director_woman", "writer_woman")}
    audit = SimpleNamespace(rows=pd.DataFrame(), dropped=pd.DataFrame())
    lacking = {"pair": NONE, "odds": NONE, "logistic": NONE, "trend": NONE, "disputed": NONE}
    groups = groups_that_fail_more(films["passes"], rates, women)
    return SimpleNamespace(films=films, rates=rates, women=women, groups=groups, audit=audit, **lacking | results)


@pytest.fixture
def films():
    """100 films: 10 of 40 in War pass, 45 of 60 in Horror; a woman directs 50, of which 45 pass."""
    films = pd.DataFrame({"genres": ["War"] * 40 + ["Horror"] * 60, "year": [1955] * 40 + [2015] * 60})
    films["passes"] = [1.0] * 10 + [0.0] * 30 + [1.0] * 45 + [0.0] * 15
    films["director_woman"] = ["no"] * 40 + ["yes"] * 50 + ["no"] * 10
    return films


def test_the_headline_is_the_rate_with_its_interval_and_what_is_not_counted(films):
    shown = headline(made(films), EN)
    assert shown.number == "55.0%"
    assert shown.text == "of 100 rated films pass the Bechdel test (95% interval: 45.2% to 64.4%)."
    films.loc[0, "passes"] = np.nan
    assert headline(made(films), FR).text.endswith(" Films sans note, non comptés\u00a0: 1.")


def test_each_sentence_has_one_interval(films):
    """That of 45 of 60 against 10 of 40: 0.5 - sqrt((.75 - .6277)^2 + (.4019 - .25)^2), and likewise above."""
    said = sentences(made(films), EN)
    assert said["trend"] == (
        "Films of the 2010s pass more often than those of the 1950s: by 50.0 [30.5 to 64.2] percentage points."
    )
    assert said["women"].startswith("Films with a woman among the directors pass more often than films without: by 70")
    assert said["genres"] == "The genre whose films pass least often is War: 25.0% [14.2% to 40.2%] of them do."
    assert list(said) == ["trend", "women", "genres"] and all(text.count("[") == 1 for text in said.values())


@pytest.mark.parametrize(("ame", "said"), [(11.0, True), (-11.0, False)])
def test_women_in_the_cast_are_told_in_plain_words_where_more_of_them_go_with_passing(films, ame, said):
    row = {"term": "cast_female_10", "contrast": "+10 points", "p_value_fdr": 0.001, "ame": ame}
    odds = SimpleNamespace(table=pd.DataFrame([row | {"ame_ci_low": ame - 0.8, "ame_ci_high": ame + 0.8}]))
    told = sentences(made(films, odds=odds), EN)["together"]
    plain = (
        "Films with ten points more women in the cast pass more often than films that are otherwise alike: by 11.0 "
        "[10.2 to 11.8] percentage points."
    )
    assert (told == plain) == said and ("\u221211.0" in told) != said


def test_a_difference_is_told_in_its_direction_or_as_none(films):
    backwards = films.assign(year=np.where(films["genres"] == "War", 2015, 1955))
    assert sentences(made(backwards), EN)["trend"].endswith("1950s: by 50.0 [30.5 to 64.2] percentage points.")
    assert "pass less often than" in sentences(made(backwards), EN)["trend"]
    same = backwards.assign(passes=np.arange(100.0) % 2)
    assert sentences(made(same), FR)["trend"] == (
        "Les données ne permettent pas de distinguer les films des années 2010 de ceux des années 1950\u00a0: leurs "
        "taux de réussite diffèrent de 0,0 [\u221219,2 à +19,2] points de pourcentage."
    )


def test_who_should_be_spoken_to_has_a_rate_an_interval_and_a_number_of_films(films):
    points, tested = asked(made(films), EN)
    assert points.points == (
        ("Those who write and produce these genres", "War: 25.0% [14.2% to 40.2%] of 40 films pass."),
        (
            "Those who choose directors",
            "With a woman among the directors, 90.0% [78.6% to 95.7%] of 50 films pass; without, 20.0% [11.2% to "
            "33.0%] of 50.",
        ),
    )
    assert tested.text.startswith("Of 3 groups with at least 30 films, these fail more often than all other films (p a")


def test_where_no_group_stands_out_the_page_says_so(films):
    (only,) = asked(made(films.assign(passes=np.arange(100.0) % 2)), EN)
    assert only.text.startswith("No group stands out: none of 3 genres, budgets, countries, and kinds of directors and")


def test_the_first_page_has_a_number_a_picture_and_at_most_three_sentences(films):
    blocks = list(front(made(films), FR))
    kinds = [type(block).__name__ for block in blocks]
    assert kinds == ["Text", "Headline", "Picture", "Points", "Heading", "Points", "Text", "Text"]
    assert len(next(block for block in blocks if isinstance(block, Points)).points) == 3
    assert blocks[-1] == Text(FR("caution_text"), "note")  # nothing says that volunteers chose these films
    volunteers = made(films.assign(dubious=0))
    assert list(front(volunteers, FR))[-1] == Text(FR("caution_volunteers"), "note")


def test_disputed_ratings_are_told_below_the_headline_where_some_of_them_pass(films):
    """10 of the 55 films that pass are disputed, so 45 of 100 pass without them."""
    disputed = films.assign(dubious=[1] * 12 + [0] * 88)
    found = disputed_sensitivity(disputed)
    assert [type(block).__name__ for block in front(made(disputed, disputed=found), EN)][1:4] == [
        "Headline", "Text", "Picture",
    ]  # fmt: skip
    note = list(front(made(disputed, disputed=found), EN))[2]
    assert note == Text(
        "Ratings in dispute: 12. With all of them counted as fails, 45.0% [35.6% to 54.8%] of the films pass.", "note"
    )
    fails = films.assign(dubious=[0] * 10 + [1] * 5 + [0] * 85)  # these fail already
    assert not any(
        "dispute" in getattr(block, "text", "")
        for block in front(made(fails, disputed=disputed_sensitivity(fails)), EN)
    )
