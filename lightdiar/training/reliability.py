"""How far diarizations can be believed, learnt from diarizations of recordings whose truth is known.

Each speaker who was found stands for the person to whom most of that time belongs. That tells whose gender was right,
who is only a part of somebody else, who was missed, and whether those who seem to answer each other do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from lightdiar.metrics.intervals import scored_intervals
from lightdiar.representation.dialogue import who_answers_whom
from lightdiar.representation.draws import draw_truths, may_hide
from lightdiar.representation.reliability import (
    COUNTED,
    Reliability,
    distinct_columns,
    gender_columns,
    missed_columns,
    recording_columns,
    talking_columns,
)
from lightdiar.systems.result import Diarization
from lightdiar.timeline import Annotation

_ALONE = 0.02  # share of the time of one gender, from which on the other is there too
# fitted to one of the two corpora of training, the regressions are up to 7 points too sure of the other, 3 or 4 on
# average over what is asked: so much surer than right they would be of people and rooms unlike both
_DOUBT = 0.06
_NEVER = 0.005  # least probability that a draw gives, as there are some thousands of them


@dataclass(frozen=True, eq=False)
class Case:
    """A diarization and the truth.

    Parameters
    ----------
    result : Diarization
    truth : Annotation
    genders : dict of str to str
        "F" or "M" for each speaker of the truth.
    """

    result: Diarization
    truth: Annotation
    genders: Mapping[str, str]

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Who speaks in the truth, in order of first appearance."""
        return who_answers_whom(self.truth).speakers

    @cached_property
    def seconds(self) -> np.ndarray:
        """Speaking time of each of the people."""
        seconds = self.truth.seconds()
        return np.array([seconds[name] for name in self.people])

    @cached_property
    def woman(self) -> np.ndarray:
        """Which of the people are women."""
        return np.array([self.genders[name] == "F" for name in self.people])

    @cached_property
    def shared(self) -> np.ndarray:
        """Seconds that each speaker of the result shares with each of the people, shape (n_speakers, n_people)."""
        time = scored_intervals(self.truth, self.result.annotation, None)
        true, found, seconds = time.shared(time.overlaps())
        rows = {speaker.name: row for row, speaker in enumerate(self.result.speakers)}
        columns = {name: column for column, name in enumerate(self.people)}
        shared = np.zeros((len(rows), len(columns)))
        found_rows = [rows[time.hypothesis.speakers[number]] for number in found]
        shared[found_rows, [columns[time.reference.speakers[number]] for number in true]] = seconds
        return shared

    @cached_property
    def person(self) -> np.ndarray:
        """Whom each speaker of the result stands for: a number of `people`, shape (n_speakers,)."""
        return self.shared.argmax(axis=1)

    @cached_property
    def heard(self) -> np.ndarray:
        """Which speakers of the result are people at all, not noise."""
        return self.shared.max(axis=1) > 0

    @cached_property
    def distinct(self) -> np.ndarray:
        """Which speakers of the result hold more than any other of a person who counts."""
        distinct = np.zeros(len(self.person), bool)
        for person in np.unique(self.person[self.heard]):
            own = self.heard & (self.person == person)
            distinct[np.where(own, self.shared[:, person], -1).argmax()] = self.seconds[person] >= COUNTED
        return distinct

    @property
    def missed(self) -> int:
        """How many people who count no speaker of the result stands for."""
        return int((self.seconds >= COUNTED).sum() - self.distinct.sum())

    @cached_property
    def talk(self) -> np.ndarray:
        """Which of the people answer each other, bool, shape (n_people, n_people); only those who count."""
        counts = who_answers_whom(self.truth).counts
        counted = self.seconds >= COUNTED
        return (counts + counts.T > 0) & np.outer(counted, counted)

    @property
    def women_talk(self) -> bool:
        """The second criterion: whether two women talk with each other."""
        return bool((self.talk & np.outer(self.woman, self.woman)).any())


def fit_reliability(cases: Sequence[Case]) -> Reliability:
    """Fit the regressions to diarizations whose truth is known.

    Parameters
    ----------
    cases : sequence of Case
        Of people and backgrounds that trained none of the models that diarized them: otherwise the diarizations are
        better than those that will be met.

    Returns
    -------
    reliability : Reliability
    """
    cases = [case for case in cases if case.result.speakers]
    gender = _fit("Binomial", ((gender_columns(c.result)[c.heard], c.woman[c.person[c.heard]]) for c in cases))
    distinct = _fit("Binomial", ((distinct_columns(c.result), c.distinct) for c in cases))
    missed = _fit("Poisson", ((missed_columns(c.result)[None], [c.missed]) for c in cases))
    talking = _fit("Binomial", (_pairs_of_one_gender(c) for c in cases))
    reliability = Reliability(gender, distinct, missed, talking, 0.0, _fit_confusion(cases), _DOUBT)
    return _with_hidden(reliability, cases)


def _fit(family, parts):
    """Coefficients of a generalized linear model."""
    import statsmodels.api as sm

    X, y = (np.concatenate(part) for part in zip(*parts))
    return sm.GLM(y.astype(float), X, family=getattr(sm.families, family)()).fit(tol=1e-12).params


def _pairs_of_one_gender(case):
    """Columns and outcome of the pairs who seem to answer each other, of women and, for more of them, of men."""
    answers = who_answers_whom(case.result.annotation).counts
    pairs = np.argwhere(np.triu(answers + answers.T, 1))
    one, other = case.person[pairs].T
    alike = case.woman[one] == case.woman[other]
    return talking_columns(case.result, answers, pairs[alike]), case.talk[one, other][alike]


def _fit_confusion(cases):
    """Coefficients of the share of time that belongs to somebody else, and the concentration of its distribution.

    If the genders were right, the rest of the difference in women's share is due to time that was given to others.
    """
    import statsmodels.api as sm

    X, moved = [], []
    for case in cases:
        seconds = np.array([speaker.seconds for speaker in case.result.speakers])
        found = seconds[case.woman[case.person]].sum() / seconds.sum()
        true = case.seconds[case.woman].sum() / case.seconds.sum()
        if _ALONE < found < 1 - _ALONE:
            X.append(recording_columns(case.result))
            moved.append((true - found) / (1 - found) if true > found else (found - true) / found)
    fit = sm.GLM(np.array(moved), np.array(X), family=sm.families.Binomial()).fit(tol=1e-12)
    mean = fit.fittedvalues
    concentration = (mean * (1 - mean)).mean() / np.mean((moved - mean) ** 2) - 1  # by the second moment
    return np.array([*fit.params, concentration])


def _with_hidden(reliability, cases):
    """The same with the likeliest probability that a woman who was not found talks with another."""
    from scipy.optimize import minimize_scalar

    known, open_, talk = [], [], []
    for case in cases:
        draws = draw_truths(case.result, reliability)
        shown = draws.women_talk  # by those who were found alone
        known.append(shown.mean())
        open_.append((may_hide(draws.women, draws.missed_women) & ~shown).mean())
        talk.append(case.women_talk)
    known, open_, talk = np.array(known), np.array(open_), np.array(talk)

    def surprise(hidden):
        p = np.clip(known + hidden * open_, _NEVER, 1 - _NEVER)
        return -np.log(np.where(talk, p, 1 - p)).sum()

    found = minimize_scalar(surprise, bounds=(0, 1), method="bounded", options={"xatol": 1e-4})
    return replace(reliability, hidden=float(found.x))
