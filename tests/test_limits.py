"""Every module, name and test in the table of limits is there."""

import re
from importlib import import_module
from operator import attrgetter
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
LIMITS = (PROJECT / "docs" / "limits.md").read_text(encoding="utf-8")
NAMES = sorted(set(re.findall(r"`((?:lightdiar|bechdel_stats)(?:\.\w+)+)`", LIMITS)))
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)`", LIMITS)))


@pytest.mark.parametrize("name", NAMES)
def test_names_in_the_table_exist(name):
    module, _, attribute = name.rpartition(".")
    try:
        import_module(name)
    except ModuleNotFoundError:
        attrgetter(attribute)(import_module(module))


def test_tests_in_the_table_exist():
    assert len(NAMES) > 50 < len(TESTS) and [path for path in TESTS if not (PROJECT / path).is_file()] == []
