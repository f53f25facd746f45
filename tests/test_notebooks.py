"""The teaching notebooks: what is stored is what they print, and the French ones do what the English ones do."""

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parent.parent / "notebooks"
SCRIPT = FOLDER / "execute.py"


def load_script():
    spec = importlib.util.spec_from_file_location("execute", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


execute = load_script()
PATHS = execute.notebooks()
ENGLISH = {path.name[:2]: path for path in PATHS if path.parent == FOLDER}
FRENCH = {path.name[:2]: path for path in PATHS if path.parent != FOLDER}
each = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.relative_to(FOLDER).as_posix())
MUST_SAY = {  # in the first cell
    "notebooks": ["> **Goals**", "> **Time**", "> **You need**", "> **Made of**"],
    "fr": ["> **Objectifs**", "> **Durée**", "> **Prérequis**", "> **Fonctions**"],
}
LAST_SECTIONS = {"notebooks": ["## Exercises", "## References"], "fr": ["## Exercices", "## Références"]}


def cells(path, kind):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def notebook(*sources, ids=None, **metadata):
    """A notebook of code cells."""
    made = [nbformat.v4.new_code_cell(source, metadata=metadata) for source in sources]
    for cell, name in zip(made, ids or []):
        cell.id = name
    return nbformat.v4.new_notebook(cells=made)


def code(path):
    """The syntax tree of each code cell, without comments and with every string empty."""

    class WithoutStrings(ast.NodeTransformer):
        def visit_Constant(self, node):
            return ast.Constant("") if isinstance(node.value, str) else node

        def visit_JoinedStr(self, node):  # the order of what is filled in may differ between languages
            filled = [self.visit(part) for part in node.values if isinstance(part, ast.FormattedValue)]
            return ast.JoinedStr(sorted(filled, key=ast.dump))

    return {cell.id: ast.dump(WithoutStrings().visit(ast.parse(cell.source))) for cell in cells(path, "code")}


def test_the_course_is_complete():
    assert list(ENGLISH) == [f"{number:02d}" for number in range(1, 9)]
    assert set(FRENCH) >= {"01", "05", "06"}


@each
def test_a_notebook_is_valid_and_holds_nothing_volatile(path):
    read = nbformat.read(path, as_version=4)
    nbformat.validate(read)
    assert (read.nbformat, read.nbformat_minor) == (4, 5)
    assert re.fullmatch(r"[a-z0-9-]+( [a-z0-9-]+)*", " ".join(cell.id for cell in read.cells))
    assert len({cell.id for cell in read.cells}) == len(read.cells)
    assert set(read.metadata) == {"kernelspec", "language_info"} and set(read.metadata.language_info) == {"name"}
    assert path.read_text(encoding="utf-8") == nbformat.writes(read) + "\n"
    for cell in cells(path, "code"):
        assert cell.execution_count is None
        assert not {"execution", "ExecuteTime"} & set(cell.metadata)
        for output in cell.outputs:
            assert output.get("name", "stdout") == "stdout" and output.output_type != "error"
            assert not re.search(r"<Figure|object at 0x|/home/|/tmp/|[A-Z]:\\", str(output.get("text", output)))


@each
def test_a_notebook_says_what_it_is_for_and_ends_with_exercises(path):
    texts = [cell.source for cell in cells(path, "markdown")]
    folder = path.parent.name
    assert re.match(rf"# {int(path.name[:2])} \S", texts[0])
    for heading in MUST_SAY[folder]:
        assert heading in texts[0], heading
    sections = re.findall(r"^## .*", "\n".join(texts), re.MULTILINE)
    assert sections[-2:] == LAST_SECTIONS[folder]
    answers = [cell for cell in cells(path, "code") if "answer" in cell.metadata.get("tags", [])]
    folded = sum(text.count("<details>") for text in texts)
    questions = re.findall(r"^\*\*\d\.\*\*", "\n".join(texts), re.MULTILINE)
    assert 3 <= len(questions) == len(answers) + folded <= 6
    assert all(cell.metadata.jupyter.source_hidden and "hide-cell" in cell.metadata.tags for cell in answers)


@each
def test_pictures_are_described_in_words(path):
    for cell in cells(path, "code"):
        if any("image/png" in output.get("data", {}) for output in cell.outputs):
            assert len(cell.metadata["mystnb"]["image"]["alt"]) > 20, cell.id


def test_the_notebooks_are_small():
    assert sum(path.stat().st_size for path in PATHS) < 2_000_000


@pytest.mark.parametrize("number", sorted(FRENCH))
def test_a_french_notebook_has_the_code_of_the_english_one(number):
    english, french = ENGLISH[number], FRENCH[number]
    assert code(french) == code(english)
    ids = [[cell.id for cell in nbformat.read(path, as_version=4).cells] for path in (english, french)]
    assert ids[0] == ids[1]
    assert [cell.source for cell in cells(french, "markdown")] != [cell.source for cell in cells(english, "markdown")]


def test_code_that_differs_is_seen(tmp_path):
    def written(source):
        path = tmp_path / "a.ipynb"
        nbformat.write(notebook(source, ids=["a"]), path)
        return code(path)

    assert written('print(f"{a} of {b}")  # here') == written('print(f"sur {b}, {a}")  # ici')
    assert written('print(f"{a} of {b}")') != written('print(f"{a} of {c}")')
    assert written("a = 1") != written("a = 2")


@pytest.mark.slow
@each
def test_a_notebook_prints_what_is_stored(path):
    run = subprocess.run([sys.executable, SCRIPT, "--check", path], capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("then", "now", "same"),
    [
        ("x 1.25", "x 1.26", True),
        ("x 1.25", "x 1.27", False),
        ("x 1.25", "y 1.25", False),
        ("-0.00", "0.00", True),
        ("4 speakers", "5 speakers", False),
        ("15 %, 7%", "16 %, 6%", True),
        ("15 %", "17 %", False),
        ("1.5e-03", "1.6e-03", True),
        ("1.5e-03", "1.7e-03", False),
        ("a  1.0\n b", "a 1.0 b", True),
        ("1.0 2.0", "1.0", False),
        ("p1 is 3", "p2 is 3", False),
    ],
)
def test_texts_are_alike_but_for_the_last_digit(then, now, same):
    assert execute.alike(then, now) is same
    assert execute.alike(now, then) is same


def test_another_text_or_a_missing_picture_is_a_difference():
    def stored(*outputs):
        made = notebook("a", ids=["one"])
        made.cells[0].outputs = [nbformat.from_dict(output) for output in outputs]
        return made

    printed = {"output_type": "stream", "name": "stdout", "text": "1.0\n"}
    picture = {"output_type": "display_data", "data": {"image/png": "AA=="}, "metadata": {}}
    assert execute.differences(stored(printed, picture), stored(printed, picture)) == []
    assert execute.differences(stored(printed, picture), stored(printed)) == [
        "cell one gives ['stdout'] instead of ['stdout', 'image/png']"
    ]
    changed = execute.differences(stored(printed), stored({**printed, "text": "1.3\n"}))
    assert changed == ["cell one prints\n1.3\n\ninstead of\n1.0\n"]


@pytest.mark.slow
def test_a_run_is_stored_without_what_is_volatile_and_reaches_no_network(tmp_path):
    sources = [
        "import sys, os\nprint('a')\nprint('warning', file=sys.stderr)\nprint(os.listdir())",
        "import urllib.request\ntry:\n    urllib.request.urlopen('http://example.com')\nexcept OSError as error:\n"
        "    print(error)",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nNone",
    ]
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook(*sources, ids=["first", "second", "third"]), path)
    runs = []
    for _ in range(2):
        run = subprocess.run([sys.executable, SCRIPT, path], capture_output=True, text=True, encoding="utf-8")
        assert (run.returncode, run.stdout) == (0, "a.ipynb: ok\n"), run.stderr
        assert "warning" in run.stderr
        runs.append(path.read_bytes())
    assert runs[0] == runs[1]
    first, second, third = cells(path, "code")
    assert first.outputs[0].text == "a\n[]\n" and len(first.outputs) == 1
    assert "the notebooks are run without a network" in second.outputs[0].text
    assert set(third.outputs[0].data) == {"image/png"}


@pytest.mark.slow
def test_a_cell_that_fails_is_reported_and_nothing_is_stored(tmp_path):
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook("1 / 0", ids=["first"]), path)
    before = path.read_bytes()
    run = subprocess.run([sys.executable, SCRIPT, path], capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 1 and "ZeroDivisionError: division by zero" in run.stdout and "\x1b" not in run.stdout
    assert path.read_bytes() == before
