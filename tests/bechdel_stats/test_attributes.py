import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bechdel_stats
from bechdel_stats.attributes import ATTRIBUTE, ATTRIBUTE_OF_TERM, ATTRIBUTES, TERM, VARIABLES, terms_of
from bechdel_stats.data.columns import says_fails
from bechdel_stats.data.schema import standardise
from bechdel_stats.inference.design import LEVELS, TRANSFORMS, design_columns
from bechdel_stats.prediction.blocks import BLOCKS
from bechdel_stats.prediction.evaluation import without
from bechdel_stats.prediction.importance import what_if
from bechdel_stats.prediction.model import missing_columns
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import FilmsError

CARD = Path(bechdel_stats.__file__).parent / "parameters" / "card.json"
TERMS = [term for attribute in ATTRIBUTES for term in attribute.terms]
USED = [attribute.name for attribute in ATTRIBUTES if attribute.block in BLOCKS]


def places(text):
    return text.count("{}")


def test_each_attribute_and_each_term_is_there_once():
    for names in ([attribute.name for attribute in ATTRIBUTES], [term.name for term in TERMS]):
        assert [name for name, n in Counter(names).items() if n > 1] == []
        assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]*", name)] == []
    assert list(ATTRIBUTE.values()) == list(ATTRIBUTES) and list(TERM.values()) == TERMS
    assert all(term in ATTRIBUTE_OF_TERM[term.name].terms for term in TERMS)


def test_terms_of_the_blocks_are_the_columns_of_the_shipped_model_in_their_order():
    columns = json.loads(CARD.read_text(encoding="utf-8"))["columns"]
    blocks = ("basics", "gender", "text", "reception")
    assert [term.name for block in blocks for term in terms_of(block)] == columns
    assert terms_of("outcome") == terms_of("") == ()


@pytest.mark.parametrize("term", TERMS, ids=[term.name for term in TERMS])
def test_terms_say_how_they_are_computed_and_enter(term):
    assert term.how in TRANSFORMS or term.how == "level"
    assert (term.how == "level") == (ATTRIBUTE_OF_TERM[term.name].name in LEVELS)
    assert term.odds in ("", "line", "curve") and (term.odds != "curve" or len(term.knots) >= 3)
    assert list(term.knots) == sorted(set(term.knots))
    assert not term.odds or term.label, "what stands in the default table of odds ratios has a name in both languages"


def test_names_and_units_of_terms_tell_how_they_are_computed():
    for how, begin, unit in (("log10", "log10_", "x 10"), ("log1p", "log_", "+1"), ("tenths", "", "+10 points")):
        own = [term for term in TERMS if term.how == how]
        assert own and all(term.name.startswith(begin) and term.unit == unit for term in own)
    assert {term.unit for term in TERMS} == {"+1", "x 10", "+10 points"}


def test_every_label_is_in_two_languages_with_the_same_places():
    labels = [attribute.label for attribute in ATTRIBUTES] + list(VARIABLES.values())
    labels += [attribute.axis for attribute in ATTRIBUTES if attribute.axis] + [t.label for t in TERMS if t.label]
    for label in labels:
        english, french = label
        assert english.strip() == english and french.strip() == french and english and french
        assert places(english) == places(french) <= 1
        assert not re.search(r"(?<!\u00a0):", french), "French has a space that does not break before a colon"


def test_every_variable_is_known_and_has_an_attribute():
    assert {attribute.variable for attribute in ATTRIBUTES} - {""} == set(VARIABLES)
    assert {a.variable for a in ATTRIBUTES if a.same_cast} == {"cast gender"}
    cast = {a.name for a in ATTRIBUTES if a.variable == "cast gender"}
    assert cast - {a.name for a in ATTRIBUTES if a.same_cast} == {"lead_female"}  # one person, not a count


def test_kinds_blocks_and_limits_are_possible():
    assert {attribute.kind for attribute in ATTRIBUTES} == {"text", "code", "genres", "number"}
    assert {attribute.block for attribute in ATTRIBUTES} == {"", "outcome", *BLOCKS}
    for attribute in ATTRIBUTES:
        assert attribute.low < attribute.high
        assert attribute.kind == "number" or (np.isinf([attribute.low, attribute.high]).all() and attribute.zero)
        assert attribute.zero or attribute.low > 0
        assert bool(attribute.terms) == (attribute.block in BLOCKS)


# ---- one entry is enough: what uses attributes knows all of them


@pytest.mark.filterwarnings("ignore:column .*. 1 is read as a woman and 0 as a man")
@pytest.mark.parametrize("attribute", ATTRIBUTES, ids=[attribute.name for attribute in ATTRIBUTES])
def test_the_schema_reads_it_under_each_of_its_names(attribute):
    value = {"number": 3 if attribute.high >= 3 else 1, "genres": "War", "code": "FR", "text": "tt0000001"}
    value["text"] = "France" if attribute.reader == "country" else value["text"]
    if attribute.low > 3:
        value["number"] = attribute.low
    expected = "fr" if attribute.kind == "code" else value[attribute.kind]
    for name in (attribute.name, *attribute.aliases):
        films = standardise(pd.DataFrame({name: [value[attribute.kind]]}))
        assert films[attribute.name].tolist() == [
            1 - expected if attribute.name == "passes" and says_fails(name) else expected
        ]
        assert (films[attribute.name].dtype == float) == (attribute.kind == "number")
        assert name == attribute.name or name not in films


def test_the_design_has_every_term_whatever_the_table_lacks():
    columns = design_columns(standardise(pd.DataFrame({"imdb_id": ["tt0000001"]})))
    assert [name for name in TERM if name != "genre_other"] == list(columns)  # which genres are rare, a fit decides
    assert columns.isna().all().drop("budget_missing").all() and columns["budget_missing"].tolist() == [1]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_words_name_every_attribute_variable_and_term(language):
    words = Words(language)
    place = ("en", "fr").index(language)
    assert [words.name(name) for name in ATTRIBUTE] == [attribute.label[place] for attribute in ATTRIBUTES]
    others = [name for name in VARIABLES if name not in ATTRIBUTE]
    assert [words.name(name) for name in others] == [VARIABLES[name][place] for name in others]
    for term in TERMS:
        expected = term.label[place].format("1 → 2") if term.label else f"{term.name} (1 -> 2)"
        assert words.term(term.name, "1 -> 2") == expected


def test_what_if_can_change_every_attribute_that_a_model_uses():
    with pytest.raises(FilmsError, match="no column to change") as error:
        what_if({"year": 2000}, {})
    assert error.value.message.values["columns"] == USED


def test_predictions_miss_every_attribute_that_a_model_uses_and_no_other():
    seen = [name for name in USED if ATTRIBUTE[name].block != "ear"]  # few have recordings
    assert missing_columns(pd.DataFrame()) == seen
    assert missing_columns(pd.DataFrame({name: [1] for name in seen})) == []


@pytest.mark.parametrize("block", BLOCKS)
def test_films_can_do_without_each_block(block):
    films = pd.DataFrame({attribute.name: [None] for attribute in ATTRIBUTES})
    own = {attribute.name for attribute in ATTRIBUTES if attribute.block == block}
    assert set(films) - set(without(films, block)) == own != set()
