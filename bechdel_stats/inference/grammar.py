"""Which formulas are read: an allow-list, checked before patsy evaluates anything.

patsy evaluates each factor of a formula as Python, whatever it is. Here a formula is taken apart first: it may hold
columns, numbers, the operators of Wilkinson and Rogers, and the functions and arithmetic of `factors`; nothing else is
handed on. What it would expand to is counted before it is expanded.
"""

import keyword
import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from bechdel_stats.inference.factors import LARGEST_POWER, Factor, Reader, Slip
from bechdel_stats.words.messages import FilmsError, Message, Verbatim
from lightdiar.common.tables import shortened

LONGEST = 10_000  # characters of a formula; the longest default one has 2,000
MOST_COLUMNS = 1_000  # of a design matrix
_MOST_OPERATORS = 300  # one within the other, as in a + b + c
_MOST_TERMS = 3_000  # while a formula is expanded
_MOST_PARTS = 200  # names, numbers and signs of one factor
_DEEPEST = 30  # brackets
_LONGEST_NUMBER = 30  # characters
_LONGEST_SHOWN = 200  # characters of a formula in a message

_TOKEN = re.compile(
    r"""(?P<name>[^\W\d]\w*)
    | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.]))
    | (?P<text>"[^"\\\x00-\x1f]*"|'[^'\\\x00-\x1f]*')
    | (?P<sign>\*\*|//|[<>=!]=|[-+*/%:(),.<>=])
    | [ ]+""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Formula:
    """The right-hand side of a formula, expanded to terms of factors; the intercept is a term without factors."""

    terms: tuple[tuple[Factor, ...], ...]

    @property
    def names(self) -> frozenset[str]:
        """Columns that the formula uses."""
        return frozenset().union(*(factor.names for term in self.terms for factor in term))

    @property
    def functions(self) -> frozenset[str]:
        """Names that the formula calls."""
        return frozenset().union(*(factor.functions for term in self.terms for factor in term))

    def n_columns(self, n_levels: Callable[[frozenset[str]], int]) -> int:
        """Number of columns of the design matrix, at most; `n_levels` counts the different values of columns."""
        return sum(math.prod(_width(factor, n_levels) for factor in term) for term in self.terms)


def _width(factor, n_levels):
    return n_levels(factor.names) if factor.width is None else factor.width


@lru_cache(maxsize=64)
def read_formula(text: str, whole: str | None = None) -> Formula:
    """Take a formula apart, without evaluating anything.

    Parameters
    ----------
    text : str
        Its right-hand side.
    whole : str, optional
        What messages show, if it is not `text`; positions in `text` must be those in `whole`.

    Raises
    ------
    FilmsError
        With the place, if the formula holds anything but what is allowed.
    """
    if len(text) > LONGEST:
        raise FilmsError(Message("formula_long", n=len(text), most=LONGEST))
    try:
        return _read(re.sub(r"[\t\r\n]", " ", text))
    except Slip as slip:
        found = Verbatim(shortened(slip.found, 40))
        place = slip.place + 1
        shown = shown_formula(text if whole is None else whole)
        raise FilmsError(
            Message("formula_place", formula=shown, place=place, found=found, reason=slip.reason)
        ) from None


def shown_formula(text: str) -> Verbatim:
    """Return a formula, or its beginning, for a message."""
    return Verbatim(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}...")


def _read(text):
    from patsy import ModelDesc, PatsyError
    from patsy.eval import EvalFactor
    from patsy.parse_formula import parse_formula

    starts = [start for start, _ in _tokens(text)]
    code, before = text.strip(), len(text) - len(text.lstrip())
    try:
        tree = parse_formula(code)
        factors: dict[str, Factor] = {}
        for node in _nodes(tree, code, before):
            start, end = node.origin.start, node.origin.end
            if bisect_left(starts, before + end) - bisect_left(starts, before + start) > _MOST_PARTS:
                raise Slip(before + start, code[start:end], Message("formula_parts", most=_MOST_PARTS))
            factors[EvalFactor(node.token.extra).code] = Reader(code[start:end], before + start).factor()
        terms = ModelDesc.from_formula(tree).rhs_termlist
    except PatsyError as error:
        start, end = (error.origin.start, error.origin.end) if error.origin else (0, len(code))
        raise Slip(before + start, code[start:end], Message("formula_slip")) from None
    return Formula(tuple(tuple(factors[factor.code] for factor in term.factors) for term in terms))


def _tokens(text) -> Iterator[tuple[int, str]]:
    """Place and text of each part of a formula; raises Slip for what is in no formula."""
    at, depth, previous = 0, 0, ["", ""]
    while at < len(text):
        found = _TOKEN.match(text, at)
        part = found[0] if found else text[at]
        kind = found.lastgroup if found else None
        if kind or not found:
            if not found or (kind == "name" and not _may_name(part)):
                raise Slip(at, part, Message("formula_foreign"))
            if kind == "text" and previous != ["Q", "("]:
                raise Slip(at, part, Message("formula_quoted"))
            if kind == "number" and (len(part) > _LONGEST_NUMBER or not math.isfinite(float(part))):
                raise Slip(at, part, Message("formula_digits", most=_LONGEST_NUMBER))
            depth += (part == "(") - (part == ")")
            if depth < 0 or depth > _DEEPEST:
                raise Slip(at, part, Message("formula_slip" if depth < 0 else "formula_brackets", most=_DEEPEST))
            previous = [previous[1], part]
            yield at, part
        at += len(part)


def _may_name(part):
    return part.isidentifier() and (part in ("True", "False") or not keyword.iskeyword(part))


def _nodes(tree, code, before):
    """Nodes of a parsed formula that are factors; raises Slip if it would expand to too much."""
    order, waiting = [], [(tree, -1, None)]
    while waiting:  # without recursion: a + b + c + ... is as deep as it is long
        node, depth, parent = waiting.pop()
        start, end = node.origin.start, node.origin.end
        if depth > _MOST_OPERATORS:
            raise Slip(before + start, code[start:end], Message("formula_deep", most=_MOST_OPERATORS))
        exponent = parent is not None and parent.type == "**" and parent.args[1] is node
        if exponent and not (node.type in ("ONE", "NUMBER") and node.token.extra in _POWERS):
            raise Slip(before + start, code[start:end], Message("formula_power", most=LARGEST_POWER))
        if node.type == "NUMBER" and not exponent:
            raise Slip(before + start, code[start:end], Message("formula_number"))
        order.append(node)
        waiting += [(child, depth + 1, node) for child in node.args]
    n_terms: dict[int, int] = {}
    for node in reversed(order):  # operands before their operator
        n_terms[id(node)] = _n_terms(node, [n_terms[id(child)] for child in node.args])
        if n_terms[id(node)] > _MOST_TERMS:
            start, end = node.origin.start, node.origin.end
            raise Slip(before + start, code[start:end], Message("formula_terms", most=_MOST_TERMS))
    return [node for node in order if node.type == "PYTHON_EXPR"]


_POWERS = {str(power) for power in range(1, LARGEST_POWER + 1)}


def _n_terms(node, n):
    """Terms while patsy expands a node, at most; of `-` the work, which is for each pair of terms."""
    if node.type == "**":
        return sum(n[0] ** power for power in range(1, min(int(node.args[1].token.extra), n[0]) + 1))
    if node.type == "*" and len(n) == 2:
        return n[0] + n[1] + n[0] * n[1]
    if node.type == ":":
        return n[0] * n[1]
    if node.type == "-" and len(n) == 2:
        return max(n[0], n[0] * n[1] // 100)
    return sum(n) if node.args else int(node.type == "PYTHON_EXPR")
