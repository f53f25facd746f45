import ast
import copy
import pickle
import threading
import warnings
from functools import lru_cache
from pathlib import Path

import pytest

import bechdel_stats
from bechdel_stats.words.messages import MESSAGES, FilmsError, FilmsWarning, Message, Verbatim, collected, warn

PACKAGE = Path(bechdel_stats.__file__).parent


@pytest.mark.parametrize("code", MESSAGES)
def test_both_languages_say_the_same_things(places, code):
    english, french = MESSAGES[code]
    assert places(english) == places(french)


def test_nothing_is_said_to_bring_about_anything(causal):
    assert causal(MESSAGES.values()) == []


@lru_cache
def all_calls():
    """(file, name, first argument) of every call of a function by its name in the package."""
    nodes = [
        (path, node)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    return [(path, getattr(node.func, "id", ""), node.args[0]) for path, node in nodes if node.args]


def calls(name):
    """(file, first argument) of every call of a function in the package."""
    return [(path, argument) for path, called, argument in all_calls() if called == name]


def test_every_code_that_is_used_is_in_the_table_and_every_one_in_the_table_is_used():
    source = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if path.stem != "messages")
    used = {argument.value for _, argument in calls("Message") if isinstance(argument, ast.Constant)}
    assert used <= set(MESSAGES)
    assert {code for code in MESSAGES if f'"{code}"' not in source} == set()


def test_what_a_report_can_show_has_a_code():
    """Errors and warnings of the analyses, and warnings about the data, are messages, not English sentences."""
    analyses = ("describe", "inference", "prediction")
    plain = [
        f"{path.relative_to(PACKAGE)}:{argument.lineno}"
        for name in ("FilmsError", "warn")
        for path, argument in calls(name)
        if isinstance(argument, (ast.Constant, ast.JoinedStr))
        and (path.parent.name in analyses or name == "warn" or path.stem == "schema")
    ]
    assert plain == []


def test_a_message_is_its_english_text_and_keeps_its_code():
    message = Message("levels_pooled", n=3, least=30)
    assert message == "3 levels with fewer than 30 films are pooled." and str(message) == message
    for other in (copy.deepcopy(message), pickle.loads(pickle.dumps(message))):
        assert (other, other.code, other.values) == (message, "levels_pooled", {"n": 3, "least": 30})
    assert Message("not_in_table", columns=["year", "budget"]) == "Not in the table of films: year, budget."


def test_errors_and_warnings_carry_their_message():
    message = Message("no_cluster_column", column=Verbatim("studio"))
    assert FilmsError(message).message.code == "no_cluster_column"
    assert str(FilmsError(message)) == "cluster: there is no column 'studio'."
    with pytest.warns(FilmsWarning, match="did not converge") as caught:
        warn(Message("not_converged"))
    assert caught[0].message.args[0].code == "not_converged"


def test_messages_are_collected_in_this_thread_only_and_filters_stay():
    filters, told = list(warnings.filters), []

    def elsewhere():
        try:
            warn("there")
        except FilmsWarning as error:  # the tests make errors of warnings
            told.append(str(error))

    with collected() as outer:
        warn("one")
        with collected() as inner:
            warn("two")
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        warn("three")
        assert warnings.filters == filters
    assert (outer, inner, told) == (["one", "three"], ["two"], ["there"])
    with pytest.warns(FilmsWarning, match="after"):
        warn("after")


def test_the_word_beside_a_number_is_singular_or_plural():
    assert [Message("subtotals_left", source="a", n=n) for n in (1, 2)] == [
        "a: 1 row of subtotals is no film and left out.",
        "a: 2 rows of subtotals are no films and left out.",
    ]
