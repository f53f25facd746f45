"""Factors of a formula: a column, or a function of columns.

A factor is Python to patsy; here it is parsed, and every part of it has to be one that is listed.
"""

import ast
from dataclasses import dataclass
from typing import Any, NoReturn

from bechdel_stats.words.messages import Message, Verbatim

LARGEST_POWER = 10
_MOST_SPLINES = 100  # degrees of freedom of one spline

ELEMENTWISE = ("log", "log2", "log10", "log1p", "exp", "sqrt", "abs")  # also as np.log and so on
USAGE = {
    **{name: f"{name}(runtime)" for name in ELEMENTWISE},
    "I": "I(year - 2000)",
    "C": "C(decade) or C(decade, Treatment(1990))",
    "Q": 'Q("name of a column")',
    "rcs": "rcs(year, (1935, 1970, 2010))",
    "bs": "bs(year, df=4) or bs(year, knots=(1950, 1990), degree=3)",
    "cr": "cr(year, df=4) or cr(year, knots=(1950, 1990))",
    "center": "center(year)",
    "standardize": "standardize(year)",
}
_OPTIONS = {"bs": ("df", "knots", "degree", "include_intercept", "lower_bound", "upper_bound"), "rcs": ("knots",)}
_OPTIONS["cr"] = ("df", "knots", "lower_bound", "upper_bound")


@dataclass(frozen=True)
class Factor:
    """A column or a function of columns, and how many columns of a design matrix it gives.

    Parameters
    ----------
    names : frozenset of str
        Columns that it uses.
    functions : frozenset of str
        Names that it calls.
    width : int or None
        At most so many columns; None for one column for each level.
    """

    names: frozenset[str]
    functions: frozenset[str]
    width: int | None


class Slip(Exception):
    """A place in a formula, what is there, and why it cannot be."""

    def __init__(self, place, found, reason):
        super().__init__(reason)
        self.place, self.found, self.reason = place, found, reason


class Reader:
    """Reads one factor: a column, or functions of columns.

    Parameters
    ----------
    text : str
    before : int
        Where it begins in the formula.
    """

    def __init__(self, text: str, before: int):
        self.text, self.before = text, before
        self.names: set[str] = set()
        self.functions: set[str] = set()

    def factor(self) -> Factor:
        """Check the factor, and say what it uses; raises `Slip`."""
        try:
            node = ast.parse(self.text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            at = min(max((getattr(error, "offset", None) or 1) - 1, 0), len(self.text) - 1)
            raise Slip(self.before + at, self.text[at:], Message("formula_slip")) from None
        width = self._wide(node)
        if not self.names:
            self._refuse(node, Message("formula_constant"))
        return Factor(frozenset(self.names), frozenset(self.functions), width)

    def _wide(self, node) -> int | None:
        """Check a factor; how many columns it gives, None for one for each level."""
        name = self._called(node)
        if name == "C":
            self._categories(node)
            return None
        if name in _OPTIONS:
            return self._spline(node, name)
        self._arithmetic(node)
        compares = any(isinstance(part, ast.Compare) for part in ast.walk(node))
        return 2 if compares else 1

    def _called(self, node) -> str | None:
        """Name of the function that a node calls, if it calls one."""
        if not isinstance(node, ast.Call):
            return None
        function, name, root = node.func, None, None
        if isinstance(function, ast.Name):
            name = root = function.id
        elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            root, name = function.value.id, function.attr
        plain = isinstance(function, ast.Name)
        if name is None or root is None or name not in USAGE or not (plain or (root == "np" and name in ELEMENTWISE)):
            self._refuse(function, Message("formula_function", functions=Verbatim(", ".join(USAGE))))
        self.functions.add(root)
        return name

    def _arithmetic(self, node) -> bool:
        """Check an expression of columns and numbers; whether it holds a column."""
        if isinstance(node, ast.Name):
            self.names.add(node.id)
            return True
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return False
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
            return self._arithmetic(node.operand)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            power = self._number(node.right, Message("formula_power", most=LARGEST_POWER))
            if not self._arithmetic(node.left) or abs(power) > LARGEST_POWER:
                self._refuse(node.right, Message("formula_power", most=LARGEST_POWER))
            return True
        if isinstance(node, ast.BinOp) and isinstance(
            node.op, (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)
        ):
            return bool(self._arithmetic(node.left) | self._arithmetic(node.right))
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return bool(self._arithmetic(node.left) | self._arithmetic(node.comparators[0]))
        name = self._called(node)
        if name is None or name == "C" or name in _OPTIONS:
            self._refuse(node, Message("formula_slip"))
        (argument,) = self._arguments(node, name, 1)
        if name != "Q":
            return self._arithmetic(argument)
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            self._refuse(argument, Message("formula_usage", usage=Verbatim(USAGE["Q"])))
        self.names.add(argument.value)
        return True

    def _categories(self, node):
        """Check ``C(x)`` and ``C(x, Treatment(2))``."""
        argument, *coding = self._arguments(node, "C", 2)
        self._arithmetic(argument)
        for part in coding:
            function, values = part, []
            if isinstance(part, ast.Call):
                named = all(word.arg == "reference" for word in part.keywords)
                function, values = part.func, [*part.args, *(word.value for word in part.keywords)]
                if len(values) != 1 or not named:
                    self._refuse(part, Message("formula_usage", usage=Verbatim(USAGE["C"])))
            if not (isinstance(function, ast.Name) and function.id == "Treatment"):
                self._refuse(part, Message("formula_usage", usage=Verbatim(USAGE["C"])))
            self.functions.add("Treatment")
            for value in values:
                self._number(value, Message("formula_usage", usage=Verbatim(USAGE["C"])))

    def _spline(self, node, name) -> int:
        """Check a spline; how many columns it has, at most."""
        usage = Message("formula_usage", usage=Verbatim(USAGE[name]))
        argument, *others = self._arguments(node, name, 2, _OPTIONS[name])
        self._arithmetic(argument)
        options = dict(zip(_OPTIONS[name], others))
        for word in node.keywords:
            if word.arg in options:
                self._refuse(word.value, usage)
            options[word.arg] = word.value
        given: dict[str, Any] = {option: self._option(option, value, usage) for option, value in options.items()}
        if not {"df", "knots"} & set(given) or not 0 <= given.get("degree", 3) <= 5:
            self._refuse(node, usage)
        if max(given.get("df", 1), len(given.get("knots", ()))) > _MOST_SPLINES:
            self._refuse(node, Message("formula_splines", most=_MOST_SPLINES))
        return max(given.get("df", 1), len(given["knots"]) + given.get("degree", 3) + 1 if "knots" in given else 1)

    def _option(self, option, value, usage):
        if option == "knots":
            if not isinstance(value, (ast.Tuple, ast.List)):
                self._refuse(value, usage)
            return [self._number(part, usage) for part in value.elts]
        if option == "include_intercept":
            if not (isinstance(value, ast.Constant) and type(value.value) is bool):
                self._refuse(value, usage)
            return value.value
        number = self._number(value, usage)
        if option in ("df", "degree") and type(number) is not int:
            self._refuse(value, usage)
        return number

    def _arguments(self, node, name, most, words=()):
        """Positional arguments, one to `most`; other keywords than `words` are refused."""
        spoken = [word.arg for word in node.keywords]
        starred = any(isinstance(argument, ast.Starred) for argument in node.args)
        if not 1 <= len(node.args) <= most or starred or set(spoken) - set(words) or len(set(spoken)) < len(spoken):
            self._refuse(node, Message("formula_usage", usage=Verbatim(USAGE[name])))
        return node.args

    def _number(self, node, reason) -> Any:
        """The value of a number, perhaps with a sign."""
        sign = 1
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
            node, sign = node.operand, -1 if isinstance(node.op, ast.USub) else 1
        if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
            self._refuse(node, reason)
        return sign * node.value  # type: ignore[operator]  # int or float

    def _refuse(self, node, reason) -> NoReturn:
        at = len(self.text.encode()[: node.col_offset].decode(errors="ignore"))
        raise Slip(self.before + at, ast.get_source_segment(self.text, node) or self.text[at:], reason)
