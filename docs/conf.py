"""The documentation: `sphinx-build -W docs build/docs`. Nothing in it needs the network to be read."""

import re
import shutil
import sys
from pathlib import Path

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging

from lightdiar import __version__

project = "lightdiar and bechdel_stats"
author = copyright = "The lightdiar authors"
version = release = __version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc"]
templates_path = ["_templates"]
exclude_patterns = ["_templates"]
myst_heading_anchors = 3
myst_enable_extensions = ["dollarmath"]
nb_execution_mode = "off"  # the outputs are stored, and tests/test_notebooks.py compares them with a run
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
default_role = "code"

html_theme = "furo"
html_title = project
html_show_sourcelink = False
html_static_path = ["_static"]
html_css_files = ["formulas.css"]

HERE = Path(__file__).parent
html_math_renderer = "mathml"


def copy_notebooks():
    """Bring the notebooks into the documentation's folder, outside of which Sphinx reads nothing."""
    shutil.rmtree(HERE / "notebooks", ignore_errors=True)
    shutil.copytree(HERE.parent / "notebooks", HERE / "notebooks", ignore=shutil.ignore_patterns("*.py", "[._]*"))


def link_notebooks(app, docname, source):
    """Links to the notebooks, which also work in the repository, lead to their pages, or if they name a file to it."""
    if docname == "notebooks":
        files = re.sub(r"(\.ipynb\]\()\.\./notebooks/", r"\1path:notebooks/", source[0])
        source[0] = files.replace("](../notebooks/", "](notebooks/")


def show_math(translator, node):
    """A formula as MathML, which browsers draw themselves: MathJax would be fetched from the network."""
    block = isinstance(node, nodes.math_block)
    try:
        formula = tex2mathml(node.astext(), as_block=block)
    except ValueError as error:
        logging.getLogger(__name__).warning("%s", error, location=node)
    else:
        translator.body.append(f'<div class="formula">{formula}</div>' if block else formula)
    raise nodes.SkipNode


def list_references(app, what, name, obj, options, lines):
    """References as a plain list, where they are used: a function also shows those that only its module spells out."""
    text = "\n".join(lines)
    known = _references(text)
    if what != "module":
        while name not in sys.modules:
            name = name.rpartition(".")[0]
        known = _references(sys.modules[name].__doc__ or "") | known
        used = {number for number in re.findall(r"\[(\d+)\]_", text) if number in known} | set(_references(text))
    else:
        used = set(known)
    text = re.sub(r"\n*References\n-{3,}\n+(?:\.\. \[\d+\] .*\n?(?:[ \t]+.*\n?)*)+", "\n\n", text)
    text = re.sub(r"\[(\d+)\]_", r"[\1]", text)
    if used:
        text += (
            "\n\n.. rubric:: References\n\n" + "\n".join(f"* [{n}] {known[n]}" for n in sorted(used, key=int)) + "\n"
        )
    lines[:] = text.split("\n")


def _references(docstring):
    """Number -> text of the reference, on one line."""
    found = re.findall(r"^ *\.\. \[(\d+)\] (.*(?:\n[ \t]+(?!\.\. \[).*)*)", docstring, re.MULTILINE)
    return {number: " ".join(text.split()) for number, text in found}


def setup(app):
    copy_notebooks()
    app.add_html_math_renderer("mathml", (show_math, None), (show_math, None))
    app.connect("source-read", link_notebooks)
    app.connect("autodoc-process-docstring", list_references, priority=400)  # before numpydoc
