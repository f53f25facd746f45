"""The ladder: a module imports only from rows above its own; the two packages know nothing of each other."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LADDERS = {
    "lightdiar": """
        errors files
        timeline
        frames gaussian audio
        formats metrics display
        result settings
        features pitch synthesis
        gmm frontend
        embedding plda vbhmm augment
        vad segmentation clustering resegmentation gender events recognition
        spectral
        bundle scenes
        pipeline training
        untrained tuning
        stream corpus
        plotting report
        cli
    """,
    "bechdel_stats": """
        schema results files credits names wordings
        texts sources audit
        plotting tables fetch
        design imputation firth
        rates contrasts formulas
        regression ordinal clusters prediction
        evaluation
        importance
        analyses findings pages
        report
        cli
    """,
}
MODULES = [
    path
    for package in LADDERS
    for path in sorted((ROOT / package).glob("*.py"))
    if path.stem not in ("__init__", "__main__", "_version")
]


def imported_names(path):
    """Full names of everything a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = f"{path.parent.name}.{node.module or ''}".rstrip(".") if node.level else node.module
            yield from (f"{module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_imports_only_go_up_the_ladder(path):
    package = path.parent.name
    rows = [row.split() for row in LADDERS[package].strip().splitlines()]
    row_of = {module: number for number, row in enumerate(rows) for module in row}
    assert path.stem in row_of, f"{path.name} has no row in the ladder: give it one"
    for name in imported_names(path):
        top, _, rest = name.partition(".")
        if top not in LADDERS:
            continue
        assert top == package, f"{package}.{path.stem} imports {name}: the packages know nothing of each other"
        module = rest.partition(".")[0]
        if module in row_of:  # otherwise a name of the package itself, such as __version__
            assert row_of[module] < row_of[path.stem], f"{package}.{path.stem} must not import {name}"
