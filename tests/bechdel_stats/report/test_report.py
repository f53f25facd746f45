import re
import sys
import warnings
from dataclasses import replace
from html import unescape

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data import schema
from bechdel_stats.data.schema import standardise
from bechdel_stats.report import descriptions
from bechdel_stats.report.associations import steps
from bechdel_stats.report.blocks import Text
from bechdel_stats.report.descriptions import combinations
from bechdel_stats.report.parts import table_of
from bechdel_stats.report.report import CHAPTERS, make_report
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import FilmsError, FilmsWarning

pytestmark = pytest.mark.slow  # each makes a whole report

SECTIONS = tuple(CHAPTERS)
SAME = {  # heads that are the same word in both languages
    "Films", "Genre", "Type", "Budget", "Format", "Source", "p", "p (FDR)", "p, Brant (FDR)", "Score 3", "",
}  # fmt: skip


def lacks(made):
    return [unescape(text) for text in re.findall(r'<p class="lack">(.*?)</p>', made.html)]


def lists(made):
    """What these films do not allow, with the reasons."""
    part = made.markdown.partition("\n## What these films do not allow\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^- \*\*(.*)\.\*\* (.*)$", part, re.MULTILINE))


def test_every_section_is_there_in_order_and_nothing_is_lacking(reports, pages):
    for language, page in pages.items():
        words = Words(language)
        assert page.ids == list(SECTIONS)
        assert page.texts["h1"] == [words("title", n=250)]
        assert page.texts["h2"] == [words("contents"), *map(words, SECTIONS[1:])]
        assert page.addresses == [f"#{key}" for key in SECTIONS[1:]]
        assert re.findall(r"^## (.*)$", reports[language].markdown, re.MULTILINE) == list(map(words, SECTIONS[1:]))
        assert lacks(reports[language]) == []
        assert f'<html lang="{language}">' in reports[language].html


def test_the_page_refers_to_nothing_outside_itself(reports):
    for made in reports.values():
        html = re.sub(r'xmlns="[^"]*"', "", made.html)
        assert "http" not in html and "url(" not in html and "@import" not in html and "<script" not in html
        assert "src=" not in html and len(made.html) < 1e6


def test_no_date_and_no_path_is_written(reports, pages):
    for language, page in pages.items():
        for text in (reports[language].markdown, page.text, reports[language].slides):
            assert not re.search(r"\b20\d\d-\d\d-\d\d|\d\d:\d\d:\d\d|/home|/tmp|/work|\\\\|site-packages", text)


def test_pictures_are_titled_and_described_in_the_language_of_the_page(pages):
    english, french = pages["en"], pages["fr"]
    assert len(english.texts["svg"]) == len(french.texts["svg"]) == 16
    for page in (english, french):
        assert all(len(text) > 10 for text in [*page.texts["title"][1:], *page.texts["desc"]])
        assert len(page.texts["title"]) == len(page.texts["desc"]) + 1  # the first is that of the page
    assert any(text.startswith("Guerre") for text in french.texts["text"])
    assert not any(text.startswith("War") for text in french.texts["text"])


def test_no_number_of_the_page_mixes_notations(reports):
    for language, made in reports.items():
        shown = re.sub(r"<style>.*?</style>|<[^>]*>", " ", made.html, flags=re.DOTALL)
        assert re.findall(r"\d(?:\.\d+)?e[+-]?\d+", shown) == []
        assert re.findall(r"(?<![\w\d])-\d", shown) == []
        french = re.findall(r"\d\.\d", shown) if language == "fr" else []
        assert french == []


def test_no_sentence_is_said_twice_below_tables(reports):
    for made in reports.values():
        notes = re.findall(r'<p class="note">(.*?)</p>', made.html)
        assert len(notes) == len(set(notes)) > 8
        assert made.markdown.count("volunteers") == made.markdown.count("bénévoles") == 0


def test_every_model_says_how_many_films_it_has(reports, analyses):
    for model in (analyses.pair.with_gender, analyses.steps):
        said = f"{model.n_films} of 250 rated films are in the model; {250 - model.n_films} are left out, as something"
        assert said in reports["en"].markdown
    assert "Each of 250 films is predicted by a model fitted to other films" in reports["en"].markdown
    row = analyses.steps.table.iloc[0]
    shown = "{odds_ratio_1:.2f} [{ci_low_1:.2f}, {ci_high_1:.2f}]".format(**row)
    assert shown in reports["en"].markdown


def test_no_english_is_left_in_french_headings_and_heads(pages):
    for tag in ("h1", "h2", "h3", "caption", "figcaption"):
        english, french = pages["en"].texts[tag], pages["fr"].texts[tag]
        assert len(english) == len(french)
        assert not set(english) & set(french)


def test_columns_heads_are_translated_one_by_one(reports):
    heads = {language: re.findall(r'<th scope="col"[^>]*>(.*?)</th>', made.html) for language, made in reports.items()}
    same = {a for a, b in zip(heads["en"], heads["fr"]) if a == b and not a.isdigit()}
    assert len(heads["en"]) == len(heads["fr"]) and same <= SAME


def test_nothing_is_called_a_cause(pages):
    causal = {
        "en": r"effects? of|because|leads? to|due to|thanks to|impact|results? in|caused? by",
        "fr": r"effets? de|à cause|parce que|grâce à|impact|entraîne|provoque|influence|conséquence",
    }
    for language, page in pages.items():
        assert not re.search(causal[language], page.text, re.IGNORECASE)


def test_french_numbers_have_commas(pages):
    paragraphs = " ".join([*pages["fr"].texts["p"], *pages["fr"].texts["li"], *pages["fr"].texts["td"]])
    assert re.findall(r".{30}\d\.\d.{10}", paragraphs) == []
    assert re.search(r"\d,\d [%\[]|\d,\d\u00a0%", paragraphs)
    assert not re.search(r"\d,\d\b(?! ?points)", " ".join(pages["en"].texts["td"]).replace("[", " ["))


def test_pass_rates_are_shown_in_per_cent_with_their_notes(analyses, reports):
    row = analyses.rates["genres"].table.iloc[0]
    rate, low, high = (100 * row[name] for name in ("pass_rate", "ci_low", "ci_high"))
    shown = f"| {row['genres']} | {row['n_films']} | {row['n_passes']} | {rate:.1f} [{low:.1f}, {high:.1f}] |"
    assert shown in reports["en"].markdown
    french = f"| {rate:.1f} [{low:.1f}\u00a0; {high:.1f}] |".replace(".", ",")
    assert french in reports["fr"].markdown
    assert "A film counts in each of its genres, so the rows overlap." in reports["en"].markdown


@pytest.mark.parametrize(
    "brant, begins",
    [
        (
            (20.04, 4, 0.0001),
            "Brant's test rejects a common odds ratio for all three steps (chi-squared 20.0, 4 degree",
        ),
        (
            (2.0, 4, 0.7358),
            "Brant's test does not reject a common odds ratio for all three steps (chi-squared 2.0, 4 d",
        ),
        (
            (np.nan, 4, np.nan),
            "Brant's test of a common odds ratio for all three steps is not available: the covarianc",
        ),
    ],
)
def test_what_brants_test_says_is_said(analyses, brant, begins):
    changed = replace(analyses, steps=replace(analyses.steps, brant=brant))
    text = next(b.text for b in steps(changed, Words("en")) if isinstance(b, Text) and b.text.startswith("Brant"))
    assert text.startswith(begins)
    assert ("p < 0.001" in text, "p = 0.736" in text) == (brant[2] < 0.001, brant[2] > 0.7)


@pytest.mark.parametrize("n_shown, said", [(15, False), (3, True)])
def test_where_not_all_combinations_fit_the_page_says_how_many_do(monkeypatch, analyses, n_shown, said):
    monkeypatch.setattr(descriptions, "_N_COMBINATIONS", n_shown)
    table = pd.concat([analyses.campaign.table.head(1).assign(fails_more=True)] * 5)
    changed = replace(analyses, campaign=replace(analyses.campaign, table=table))
    texts = [block.text for block in combinations(changed, Words("en")) if isinstance(block, Text)]
    assert texts[0].startswith("Of 5 combinations of what is known of genre, budget, period and country with enough f")
    assert "films, 5 fail more often than all other films (" in texts[0]
    assert any(text.startswith("The first 3 are shown, by shrunken rate") for text in texts) == said


def test_titles_of_films_are_escaped(analyses):
    types = analyses.types
    shown = types.table.assign(typical_films="<script>alert(1)</script> | *Co* & [a](b)")
    block = table_of("Types", shown, percent=("pass_rate", "share"))
    html, markdown = block.html(Words("fr")), block.markdown(Words("fr"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; | *Co* &amp; [a](b)" in html and "<script" not in html
    assert r"&lt;script>alert(1)&lt;/script> \| \*Co\* & [a]\(b)" in markdown


def test_the_same_films_give_the_same_bytes_and_stay_as_they_were(few):
    before = few.copy(deep=True)
    first, second = make_report(few), make_report(few)
    assert first == second and "<svg" in first.html
    assert few.equals(before)


def test_without_ratings_and_with_few_films_the_rest_stands_and_each_reason_is_said_once(few, read_page):
    made = make_report(few)
    told = lists(made)
    assert told["Types of films"] == "types of films need 100 films or more; got 90. Add films."
    rating = [titles for titles, reason in told.items() if "a column rating (0-3) is needed" in reason]
    assert rating == ["Each step of the score"]
    assert lacks(made) == [] and "Pass rate by decade" in made.markdown
    lacking = {"steps", "types"}
    ids = [key for key in SECTIONS if key not in lacking]
    assert read_page(made.html).ids == [*ids[: ids.index("data")], "lacking", *ids[ids.index("data") :]]


def test_without_gender_the_other_model_stands(few):
    made = make_report(few.drop(columns="cast_female_share"), language="fr")
    assert "rien n'est renseigné" in made.markdown
    assert "Rapports de cotes bruts et ajustés" in made.markdown
    assert "une fois la part des femmes" not in made.markdown


@pytest.mark.parametrize("column", ["genres", "year"])
def test_without_a_column_its_part_is_listed(few, column):
    told = lists(make_report(few.drop(columns=column)))
    title = f"Pass rate by {'decade' if column == 'year' else 'genre'}"
    (reason,) = (reason for titles, reason in told.items() if titles.startswith(title))
    assert reason == f"Not in the table of films: {column}."


def test_unrated_films_are_counted(few):
    made = make_report(few.assign(passes=few["passes"].where(few.index >= 6)))
    assert "of 84 rated films pass the Bechdel test" in made.markdown
    assert "Films without a rating, not counted: 6." in made.markdown
    assert "84 films have an outcome, and 6 have none." in made.markdown


def test_one_country_six_films_and_a_repeated_index_are_enough(few):
    films = few.assign(country="France", year=np.repeat([1975, 1985, 2005], 30))
    films["cast_female_share"] = films["cast_female_share"].where(films["year"] > 1980)  # the audit looks at it
    made = make_report(films.set_axis([0] * 90))
    assert "| France | 90 |" in made.markdown
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FilmsWarning)  # terms separate, and the fit does not converge
        made = make_report(few.head(6).assign(passes=[0, 1, 0, 1, 0, 1]))
    assert "The fit did not converge: do not use its estimates." in lacks(made)
    assert "Of 6 films, 50.0% [18.8% to 81.2%] pass the test." in made.markdown


def test_without_an_outcome_there_is_no_report(few):
    with pytest.raises(FilmsError, match="a column passes"):
        make_report(few.drop(columns="passes"))
    with pytest.raises(FilmsError, match="holds only 1"):
        make_report(few.assign(passes=1))
    with pytest.raises(ValueError, match="language must be one of en, fr"):
        make_report(few, language="de")


def test_pictures_need_no_matplotlib(monkeypatch, few):
    with_matplotlib = make_report(few)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert make_report(few) == with_matplotlib


def test_an_audit_that_is_given_is_the_one_that_is_shown(few):
    from bechdel_stats.data.tables import read_films

    films = read_films(few.assign(imdb_id=[f"tt{number:07d}" for number in range(1, 91)]))
    made = make_report(films.table, films.audit, language="fr")
    assert "D'où viennent les films" in made.markdown
    assert "D'où viennent les films" not in make_report(few, language="fr").markdown


def test_progress_names_each_part(few):
    parts = []
    make_report(few, language="fr", progress=parts.append)
    words = Words("fr")
    keys = ("rates", "odds", "steps", "predictions", "basis", "types", "campaign")
    assert list(dict.fromkeys(parts)) == [*map(words, keys), ""]


def test_markdown_tables_have_as_many_cells_in_each_row(reports):
    for made in reports.values():
        blocks = re.findall(r"(?:^\|.*\|\n?)+", made.markdown, re.MULTILINE)
        assert len(blocks) > 10
        for block in blocks:
            counts = {len(re.findall(r"(?<!\\)\|", row)) for row in block.strip().split("\n")}
            assert len(counts) == 1


def test_a_report_checks_its_films_once(few, monkeypatch):
    tables = []

    def counted(films):
        tables.append(len(films))
        return standardise(films)

    monkeypatch.setattr(schema, "standardise", counted)
    make_report(few)
    assert [n_films for n_films in tables if n_films > 20] == [90]
