"""Packages whose modules load when they are first used."""

import subprocess
import sys

import pytest

import lightdiar


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A package of two public names, a module that cannot be imported, and a package of no names."""
    files = {
        "shelf/__init__.py": """
            from lightdiar.common.lazy import lazy
            __getattr__, __dir__ = lazy(__name__, {"Novel": "books", "Atlas": "maps.old"})
        """,
        "shelf/books.py": "class Novel: pages = 300",
        "shelf/broken.py": "import a_package_that_nobody_has",
        "shelf/maps/__init__.py": """
            from lightdiar.common.lazy import lazy
            __getattr__, __dir__ = lazy(__name__)
        """,
        "shelf/maps/old.py": "class Atlas: pages = 60",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(line.strip() for line in text.splitlines()), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import shelf

    yield shelf
    for name in loaded():
        del sys.modules[name]


def loaded():
    return sorted(name for name in sys.modules if name.partition(".")[0] == "shelf")


def test_nothing_loads_before_it_is_used(shelf):
    assert loaded() == ["shelf"]
    assert shelf.Novel.pages == 300
    assert loaded() == ["shelf", "shelf.books"]
    assert shelf.Atlas.pages == 60
    assert loaded() == ["shelf", "shelf.books", "shelf.maps", "shelf.maps.old"]


def test_names_are_those_of_the_modules_that_hold_them(shelf):
    from shelf import Novel
    from shelf.books import Novel as same

    assert Novel is same is shelf.Novel


def test_modules_are_found_by_their_name(shelf):
    assert shelf.maps.old.Atlas is shelf.Atlas
    assert shelf.books.__name__ == "shelf.books"


def test_dir_lists_the_public_names_in_order(shelf):
    assert dir(shelf) == ["Atlas", "Novel"]
    assert dir(shelf.maps) == []


def test_what_is_not_there_is_an_attribute_error_that_says_what_is(shelf):
    with pytest.raises(AttributeError, match=r"^module 'shelf' has no attribute 'Nouvel'; it has Novel, Atlas\.$"):
        shelf.Nouvel  # noqa: B018
    with pytest.raises(AttributeError, match=r"^module 'shelf.maps' has no attribute 'new'\.$"):
        shelf.maps.new  # noqa: B018
    assert not hasattr(shelf, "__wrapped__")
    with pytest.raises(ImportError, match="cannot import name 'Nouvel' from 'shelf'"):
        from shelf import Nouvel  # noqa: F401


def test_a_module_that_cannot_be_imported_is_not_said_to_be_missing(shelf):
    with pytest.raises(ModuleNotFoundError, match="No module named 'a_package_that_nobody_has'"):
        shelf.broken  # noqa: B018


def test_importing_the_package_loads_nothing_heavy():
    heavy = "('scipy', 'sklearn', 'pandas', 'statsmodels')"
    code = f"import lightdiar, sys; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_unknown_names_say_what_there_is():
    with pytest.raises(AttributeError, match="no attribute 'Diariser'; it has count_speakers"):
        lightdiar.Diariser  # noqa: B018


def test_a_name_with_a_dot_is_an_attribute_error():
    import lightdiar

    assert not hasattr(lightdiar, "a.b")
