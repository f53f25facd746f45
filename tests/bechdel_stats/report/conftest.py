from html.parser import HTMLParser
from types import SimpleNamespace

import pandas as pd
import pytest

from bechdel_stats.data.schema import checked
from bechdel_stats.describe import clusters
from bechdel_stats.prediction import metrics
from bechdel_stats.prediction.importance import partial_dependence
from bechdel_stats.prediction.model import fit_model
from bechdel_stats.report import analyses as analyses_module
from bechdel_stats.report import report
from bechdel_stats.report.analyses import analyse
from bechdel_stats.report.report import make_report

VOID = ("meta", "img", "br", "link")
LEFT_OUT = ["overview", "imdb_rating", "imdb_votes", "crew_female_share", "cast_women", "cast_men"]


class Page(HTMLParser):
    """Checks that tags are balanced; collects texts by tag, identifiers and addresses."""

    def __init__(self, html):
        super().__init__()
        self.open, self.texts, self.ids, self.addresses = [], {}, [], []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        self.texts.setdefault(tag, []).append("")
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.addresses += [attributes[name] for name in ("href", "src") if name in attributes]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        for tag in self.open:
            self.texts[tag][-1] += data

    @property
    def text(self):
        return self.texts["main"][0]


@pytest.fixture(scope="session")
def table(films):
    """Invented films with little in them that takes long."""
    return films.drop(columns=LEFT_OUT).head(250)


def few_values(films, column, *, model):
    return partial_dependence(films, column, films[column].quantile([0.1, 0.5, 0.9]), model=model)


@pytest.fixture(scope="session")
def analyses(table):
    """Everything about the table; what takes long is cut short, and boosted trees are the other model again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(metrics, "N_BOOTSTRAP", 20)
        patch.setattr(analyses_module, "fit_trees", fit_model)
        patch.setattr(analyses_module, "partial_dependence", few_values)
        for name in ("_N_SEEDS", "_N_BOOTSTRAPS", "_N_STARTS"):
            patch.setattr(clusters, name, 2)
        return analyse(checked(table))


@pytest.fixture(scope="session")
def reports(table, analyses):
    """The report in both languages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "analyse", lambda *_: analyses)
        return {language: make_report(table, language=language) for language in ("en", "fr")}


@pytest.fixture(scope="session")
def pages(reports):
    return {language: Page(made.html) for language, made in reports.items()}


@pytest.fixture
def trend_of():
    """A function: a trend of films of 1990, 2003 and 2023, with changes: model, first, last, points, their interval."""

    def make(*changes, n_films=(30, 30)):
        columns = ["model", "first", "last", "points_per_decade", "ci_low", "ci_high"]
        table = pd.DataFrame({"year": range(1990, 2024), "n_films": 0})
        table.loc[[0, 13, 33], "n_films"] = 500, *n_films
        return SimpleNamespace(table=table, changes=pd.DataFrame(changes, columns=columns))

    return make


@pytest.fixture
def few(table):
    """Films of which little is known and little can be computed, in no time."""
    few = table.head(90)[["title", "year", "genres", "cast_female_share"]]
    return few.assign(passes=(table["rating"].head(90) == 3).astype(int))


@pytest.fixture(scope="session")
def read_page():
    """A function that reads a page and checks that its tags are balanced."""
    return Page
