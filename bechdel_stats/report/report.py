"""One page for readers who are not statisticians: what the films show, how certain it is, and what they cannot show."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from bechdel_stats.data.audit import Audit
from bechdel_stats.data.schema import check_outcome, checked
from bechdel_stats.pictures.canvas import has_matplotlib, height, to_svg
from bechdel_stats.pictures.odds import plot_odds, plot_odds_pair, plot_steps, reading_order
from bechdel_stats.pictures.predictions import plot_calibration, plot_dependence, plot_importance
from bechdel_stats.pictures.rates import plot_rates, plot_types
from bechdel_stats.report.analyses import DEPENDENCES, RATES, Analyses, Lack, analyse
from bechdel_stats.report.findings import findings
from bechdel_stats.report.pages import Heading, Picture, Points, Section, Table, Text, to_html, to_markdown
from bechdel_stats.results import Summary
from bechdel_stats.words.language import Words
from bechdel_stats.words.messages import FilmsError

_N_COMBINATIONS = 15
_N_FEATURES = 3
_RATE = ("pass_rate", "ci_low", "ci_high")
_TITLES = ("source", "film", "titles", "examples", "typical_films")  # columns that are shown unchanged
_EVALUATIONS = {"logistic": "logistic", "without_gender": "logistic_without", "trees": "trees"}  # name -> column


@dataclass(frozen=True)
class Report:
    """The report.

    Parameters
    ----------
    html : str
        A self-contained page.
    markdown : str
        The same without plots.
    """

    html: str
    markdown: str

    def __repr__(self):
        return f"Report({len(self.html)} characters of HTML, {len(self.markdown)} of Markdown)"

    def _repr_html_(self):
        return self.html


def make_report(
    films: pd.DataFrame,
    audit: Audit | None = None,
    *,
    language: str = "en",
    progress: Callable[[str], object] | None = None,
) -> Report:
    """Report on one page which films pass and what is associated with it.

    A section that these films do not allow says why; the others are not affected. Without matplotlib there are no
    plots. Takes a minute or two for 8,000 films; the same films give the same bytes.

    Parameters
    ----------
    films : DataFrame
        One row per film, with `passes` or `rating`; never modified.
    audit : Audit, optional
        As in `read_films(...).audit`; by default, an audit of the table alone.
    language : {"en", "fr"}
    progress : callable, optional
        Called with the title of each section before it is computed, and with "" at the end.

    Returns
    -------
    report : Report

    Raises
    ------
    FilmsError
        If there is no outcome, or the same one for all films.
    """
    words = Words(language)
    films = checked(films)
    n_films = int(check_outcome(films).notna().sum())
    analyses = analyse(films, audit, progress and (lambda part: progress(words(part))))
    page = _Page(analyses, words, has_matplotlib())
    sections = [
        Section(key, words(key), tuple(page.blocks(make)))
        for key, make in (
            ("summary", page.summary),
            ("rates", page.rates),
            ("odds", page.odds),
            ("steps", page.steps),
            ("predictions", page.predictions),
            ("basis", page.basis),
            ("types", page.types),
            ("campaign", page.campaign),
            ("data", page.data),
            ("limits", page.limits),
            ("methods", page.methods),
        )
    ]
    if progress:
        progress("")
    title = words("title", n=words.number(n_films, 0))
    return Report(to_html(title, sections, words), to_markdown(title, sections, words))


@dataclass(frozen=True)
class _Page:
    """Makes the blocks of each section, in one language."""

    analyses: Analyses
    words: Words
    pictures: bool

    def blocks(self, make):
        """Blocks of a section; if a result is lacking, the section ends with the reason."""
        try:
            yield from make()
        except FilmsError as error:
            yield Text(self.words("not_made", reason=self.words.message(error.message)), "lack")

    def need(self, result):
        """The result; if there is none, an error with the reason."""
        if isinstance(result, Lack):
            raise FilmsError(result.reason)
        return result

    def picture(self, title, draw, result, inches):
        """A plot of a result, if plots can be drawn."""
        if self.pictures:
            svg = to_svg(lambda ax: draw(result, ax, self.words.language), inches)
            yield Picture(svg, self.words("picture", title=title))

    def notes(self, notes):
        """Notes of a result in the language of the page."""
        for note in notes:
            yield Text(self.words.message(note), "note")

    def summary(self):
        yield Text(self.words("summary_intro"))
        yield Points(findings(self.analyses, self.words))
        if not self.pictures:
            yield Text(self.words("no_pictures"), "lack")

    def rates(self):
        yield Text(self.words("rates_intro"))
        for by in RATES:
            yield Heading(self.words(f"rates_{by}"))
            yield from self.blocks(lambda by=by: self._rates_by(by))

    def _rates_by(self, by):
        rates, title = self.need(self.analyses.rates[by]), self.words(f"rates_{by}")
        inches = 3.4 if by == "year" else height(len(rates.table))
        yield from self.picture(title, plot_rates, rates, inches)
        yield _table(title, rates.table, percent=_RATE)
        yield from self.notes(rates.notes)

    def odds(self):
        words = self.words
        yield Text(words("odds_intro"))
        if self.analyses.pair:
            yield from self._odds_pair(self.analyses.pair)
            return
        yield Text(words("not_made", reason=words.message(self.analyses.pair.reason)), "lack")
        yield Heading(words("without_gender").capitalize())
        odds, title = self.need(self.analyses.odds), words("odds_full")
        yield from self.picture(title, plot_odds, odds, height(len(odds.table)))
        yield from self._odds_table(odds)

    def _odds_pair(self, pair):
        title = self.words("odds_pair")
        yield from self.picture(title, plot_odds_pair, pair, height(len(pair.table)))
        shown = pair.summary()
        table = self._with_terms(pair.table, "odds_ratio_without")[list(shown.table)].drop(columns="contrast")
        yield _table(title, table, intervals=shown.intervals)
        yield Heading(self.words("with_gender").capitalize())
        yield from self._odds_table(pair.with_gender)

    def _odds_table(self, odds):
        yield from self._convergence(odds)
        table = self._with_terms(odds.table, "odds_ratio").drop(
            columns=["contrast", "n_films", "n_passes", "p_value_contrast", "vif"]
        )
        shown = odds.summary()
        yield _table(self.words("odds_full"), table, intervals=shown.intervals, decimals=shown.decimals)
        yield Text(self.words("odds_full_text"), "note")
        yield from self.notes(odds.notes())

    def steps(self):
        words = self.words
        yield Text(words("steps_intro"))
        steps = self.need(self.analyses.steps)
        yield from self._convergence(steps)
        yield Text(self._brant(steps))
        title = words("steps_table")
        yield from self.picture(title, plot_steps, steps, height(len(steps.table)) + 0.6)
        table = self._with_terms(steps.table, "odds_ratio").drop(columns=["contrast", "p_value", "brant_p_value"])
        table = table.rename(columns={"odds_ratio": "common_odds_ratio", "p_value_fdr_brant": "p_value_brant"})
        yield _table(title, table, intervals={"common_odds_ratio": ("ci_low", "ci_high")} | steps.step_intervals)
        yield from self.notes(steps.notes()[2 - steps.proportional :])  # the first are stated above

    def _brant(self, steps):
        words, (chi2, df, p_value) = self.words, steps.brant
        if chi2 != chi2:
            return words("brant_none")
        p = f"= {words.number(p_value, 3)}" if p_value >= 0.001 else f"< {words.number(0.001, 3)}"
        return words("brant_fair" if steps.proportional else "brant_unfair", chi2=words.number(chi2, 1), df=df, p=p)

    def _convergence(self, fitted):
        if not fitted.converged:
            yield Text(self.words("not_converged"), "lack")

    def predictions(self):
        words = self.words
        yield Text(words("predictions_intro"))
        logistic = self.need(self.analyses.logistic)
        table, intervals, decimals = logistic.table[["metric"]], {}, {}
        for name, column in _EVALUATIONS.items():
            evaluation = getattr(self.analyses, name)
            if evaluation:
                names = {"value": column, "ci_low": f"{column}_low", "ci_high": f"{column}_high"}
                table = table.join(evaluation.table.rename(columns=names)[list(names.values())])
                intervals[column] = (f"{column}_low", f"{column}_high")
                decimals |= dict.fromkeys(names.values(), 3)
        yield _table(words("metrics"), table, intervals=intervals, decimals=decimals)
        slope, intercept, ece = (words.number(x) for x in (logistic.slope, logistic.intercept, logistic.ece))
        yield Text(words("calibration_note", slope=slope, intercept=intercept, ece=ece))
        yield from self.picture(words("calibration"), plot_calibration, logistic, 5)

    def basis(self):
        words = self.words
        yield Text(words("basis_intro"))
        yield Heading(words("importance"))
        yield from self.blocks(self._importance)
        for column in DEPENDENCES:
            yield Heading(words("dependence", column=words.name(column)))
            yield from self.blocks(lambda column=column: self._dependence(column))
        if self.pictures and any(self.analyses.dependences.values()):
            yield Text(words("dependence_note"), "note")

    def _importance(self):
        table, title = self.need(self.analyses.importance), self.words("importance")
        yield from self.picture(title, plot_importance, table, height(len(table), lines=2))
        table = table.assign(auc_loss=table["auc_loss"].round(3) + 0.0)  # + 0.0: no minus before zero
        yield _table(title, table, decimals={"auc_loss": 3, "auc_loss_sd": 3})
        yield Text(self.words("importance_note"), "note")

    def _dependence(self, column):
        words = self.words
        dependence = self.need(self.analyses.dependences[column])
        title = words("dependence", column=words.name(column))
        yield from self.picture(title, plot_dependence, dependence, 3.9)
        ends = dependence.table.iloc[[0, -1]]
        low, high = (words.percent(value) for value in ends["probability"])
        unit = "\u00a0min" if column == "runtime" else ""
        write = words.percent if column.endswith("_share") else lambda value, _: f"{value:.0f}{unit}"
        first, last = (write(value, 0) for value in ends["value"])
        yield Text(words("dependence_text", low=low, high=high, first=first, last=last))

    def types(self):
        words, types = self.words, self.need(self.analyses.types)
        chosen = types.stability.set_index("n_types").loc[types.n_types]
        seeds, bootstrap = words.number(chosen["ari_seeds"]), words.number(chosen["ari_bootstrap"])
        yield Text(words("types_intro", seeds=seeds, bootstrap=bootstrap))
        yield Text(words("types_held_out", correlation=words.number(types.held_out_correlation)))
        title = words("types_table")
        yield from self.picture(title, plot_types, types, height(types.n_types, lines=2))
        apart = [self._apart(types.features[types.features["type"] == number]) for number in types.table["type"]]
        columns = ["type", "name", "n_films", "share", *_RATE, "apart", "typical_films"]
        table = types.table.assign(apart=apart)[columns]
        yield _table(title, table, percent=(*_RATE, "share"), verbatim=(*_TITLES, "apart"))
        yield from self.notes(types.notes)

    def _apart(self, features):
        """What sets a type apart most, such as `Western +2.10`."""
        rows = features.head(_N_FEATURES)
        return ", ".join(
            f"{self.words.name(name)} {self.words.signed(difference)}"
            for name, difference in zip(rows["feature"], rows["difference"])
        )

    def campaign(self):
        words, found = self.words, self.need(self.analyses.campaign)
        fail_more = found.table[found.table["fails_more"]]
        shown = fail_more.head(_N_COMBINATIONS).drop(columns=["fails_more", "n_passes", "p_value"])
        yield Text(words("campaign_intro", n=words.number(found.n_tested, 0), fail=words.number(len(fail_more), 0)))
        if len(shown) < len(fail_more):
            yield Text(words("campaign_shown", shown=len(shown)))
        if len(shown):
            yield _table(words("campaign_table"), shown, percent=(*_RATE, "shrunken_rate"), decimals={"difference": 1})
        yield from self.notes(found.notes)

    def data(self):
        words, audit = self.words, self.analyses.audit
        yield Text(words("data_intro"))
        yield from self.notes((*audit.notes, *audit.warnings))
        for summary in audit.summaries():
            if len(summary.table):
                yield _audit_table(words.head(summary.title), summary.table)

    def limits(self):
        yield Points(tuple(("", text) for text in self.words("limits_list").split("|")))

    def methods(self):
        yield Points(tuple(("", text) for text in self.words("methods_list").split("|")))

    def _with_terms(self, table, ratio):
        """A table in the order of its plot, with readable terms."""
        table = reading_order(table, ratio)
        terms = [self.words.term(term, contrast) for term, contrast in zip(table["term"], table["contrast"])]
        return table.assign(term=terms)


def _table(title, table, *, percent=(), decimals=None, intervals=None, verbatim=("term", *_TITLES)):
    """A table of a result, with shares in per cent, and a pass rate with its interval."""
    percent = [name for name in percent if name in table]
    table = table.assign(**{name: 100 * table[name] for name in percent})
    decimals = dict.fromkeys(percent, 1) | (decimals or {})
    if "pass_rate" in percent:
        intervals = {"pass_rate": ("ci_low", "ci_high")}
    return Table(title, Summary(title, table, decimals=decimals, intervals=intervals), verbatim)


def _audit_table(title, table):
    """A table of the audit, shares in per cent."""
    if "n_missing" in table:
        table = table[table["n_missing"] > 0].rename(columns={"share": "missing_share"})
    decades = [name[:-1] for name in table if name.endswith("0s")]
    table = table.rename(columns={"pass_rate": "mean_pass_rate", **{f"{decade}s": decade for decade in decades}})
    shares = ["missing_share", "share", "mean_female_share", "mean_pass_rate", "mean_difference", *decades]
    verbatim = () if "mean_female_share" in table else _TITLES  # sources of gender have readable names, files do not
    return _table(title, table, percent=shares, decimals=dict.fromkeys(decades, 0), verbatim=verbatim)
