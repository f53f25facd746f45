import builtins

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_curve

from lightdiar.metrics.identification import identification_rate
from lightdiar.metrics.verification import equal_error_rate
from lightdiar.recognition import trial_report
from lightdiar.recognition.identification import AllAgainstAll, forget_halves
from lightdiar.recognition.trial_report import TrialReport


def report_of(matrix, speakers, names, listed=False):
    """The report of all tests against all people, as one or as a list of trials."""
    matrix, speakers = np.array(matrix, float), np.array(speakers)
    n_tests, n_people = matrix.shape
    rows, columns = np.tile(np.arange(n_people), n_tests), np.repeat(np.arange(n_tests), n_people)
    people = np.array(names, dtype=object)
    halves = forget_halves(lambda kept: matrix[:, kept], n_people, speakers)
    tests = np.array([f"{names[who]}/{number}.wav" for number, who in enumerate(speakers)], dtype=object)
    return TrialReport(
        matrix.ravel(),
        rows == speakers[columns],
        people[rows],
        tests[columns],
        None if listed else (people[rows], people[speakers[columns]]),
        None if listed else AllAgainstAll(tuple(names), matrix, speakers, halves),
        "A note." if listed else "",
    )


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    monkeypatch.setattr(trial_report, "_N_DRAWS", 30)


@pytest.fixture(scope="module")
def report():
    """25 people, four tests of each."""
    rng = np.random.default_rng(0)
    speakers = np.repeat(np.arange(25), 4)
    matrix = rng.normal(-4, 2, (100, 25))
    matrix[np.arange(100), speakers] += 6
    return report_of(matrix, speakers, [f"p{number}" for number in range(25)])


@pytest.fixture
def small():
    """Two people, three tests; one test of ann is taken for bob."""
    return report_of([[4, -3], [-1, 1], [-2, 3]], [0, 0, 1], ["ann", "bob"])


def values(report):
    return report.figures().set_index("figure")["value"].to_dict()


def test_figures_agree_with_scikit_learn(report):
    same, accepted = report.same, report.ratios >= 0
    false, true, _ = roc_curve(same, report.ratios, drop_intermediate=False)
    known = {
        "equal error rate": (false + 1 - true)[np.argmin(abs(false - (1 - true)))] / 2,
        "minimal DCF, prior 0.01": min(1 - true + 99 * false),
        "minimal DCF, prior 0.05": min(1 - true + 19 * false),
        "true-positive rate": recall_score(same, accepted),
        "false-positive rate": 1 - recall_score(~same, ~accepted),
        "precision": precision_score(same, accepted),
        "F-measure": f1_score(same, accepted),
        "accuracy": accuracy_score(same, accepted),
    }
    found = values(report)
    assert {name: found[name] for name in known} == pytest.approx(known, abs=1e-9)
    for prior in (0.01, 0.05):
        strict = report.ratios >= np.log(1 / prior - 1)
        cost = 1 - recall_score(same, strict) + (1 / prior - 1) * (1 - recall_score(~same, ~strict))
        assert found[f"actual DCF, prior {prior}"] == pytest.approx(cost, abs=1e-9)


def test_figures_by_hand(small):
    """Ratios of the same person 4, -1, 3; of others -3, 1, -2."""
    found = values(small)
    assert found["true-positive rate"] == found["precision"] == found["F-measure"] == pytest.approx(2 / 3)
    assert found["false-positive rate"] == pytest.approx(1 / 3) and found["accuracy"] == pytest.approx(2 / 3)
    assert found["equal error rate"] == pytest.approx(1 / 3) and found["identified, closed set"] == pytest.approx(2 / 3)
    bits = [np.log2(1 + np.exp(-sign * r)) for sign, r in ((1, 4), (1, -1), (1, 3), (-1, -3), (-1, 1), (-1, -2))]
    assert found["Cllr"] == pytest.approx(np.mean(bits), abs=1e-12)


def test_intervals_are_around_the_values(report):
    table = report.figures()
    assert list(table.columns) == ["figure", "value", "low", "high"] and len(table) == 18
    assert (table["low"] <= table["high"]).all()
    inside = table.set_index("figure").loc[["equal error rate", "Cllr", "accuracy", "identified, closed set"]]
    assert ((inside["low"] < inside["value"]) & (inside["value"] < inside["high"])).all()


def test_figures_are_computed_once_and_cannot_be_spoilt(report):
    table = report.figures()
    table["value"] = 0
    assert report._intervals is report._intervals and report.figures()["value"].max() > 0


def test_of_very_many_trials_some_are_drawn_but_all_are_measured(report, monkeypatch):
    monkeypatch.setattr(trial_report, "_MOST_OTHERS", 1000)
    fewer = TrialReport(**{name: getattr(report, name) for name in report.__dataclass_fields__})
    assert values(fewer) == values(report)
    rates = fewer.figures().set_index("figure").loc["equal error rate"]
    assert rates["low"] < rates["value"] < rates["high"]


def test_text(small):
    lines = str(small).splitlines()
    assert lines[:3] + lines[-3:] == [
        "people: 2, tests: 3, trials: 6, of the same person: 3",
        "figure                                       value  low  high",
        "equal error rate                            33.3 %    -     -",
        "Decisions at a log likelihood ratio of 0. DCF and Cllr: 0 is perfect, 1 says nothing.",
        "Open set: half of the people unknown, means of 20 draws; the last three as `identify` answers, "
        "prior of a known person 0.5.",
        "No intervals: 2 speakers are too few to draw from; 5 are needed.",
    ]
    assert "minimal DCF, prior 0.01                      0.333    -     -" in lines
    assert repr(small) == "<TrialReport people: 2, tests: 3, trials: 6, of the same person: 3>"
    assert small.figures()[["low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(("n_people", "end"), [(19, "; of fewer than 20 they are too narrow."), (20, ".")])
def test_few_people_have_narrow_intervals(n_people, end):
    report = report_of(np.eye(n_people), range(n_people), [f"p{number}" for number in range(n_people)])
    assert str(report).endswith(f"low, high: 95 % intervals by drawing the {n_people} speakers anew{end}")
    assert str(report).splitlines()[2].split() == "equal error rate 0.0 % 0.0 % 0.0 %".split()


def test_text_of_a_list_has_no_people(small):
    listed = report_of([[4, -3], [-1, 1], [-2, 3]], [0, 0, 1], ["ann", "bob"], listed=True)
    lines = str(listed).splitlines()
    assert lines[0] == "enrolled sounds: 2, tests: 3, trials: 6, of the same person: 3"
    assert lines[2].split() == ["equal", "error", "rate", "33.3", "%", "-", "-"]
    assert lines[-1] == "A note." and "Open set" not in str(listed) and "identified" not in str(listed)
    assert listed.figures()[["low", "high"]].isna().all(axis=None)
    assert values(listed).items() <= values(small).items()


def test_html_escapes(small):
    html = small._repr_html_()
    assert html.startswith("<p>people: 2, tests: 3") and "<td>equal error rate</td><td>33.3 %</td>" in html
    assert "<th>figure</th><th>value</th><th>low</th><th>high</th>" in html
    noted = TrialReport(**{name: getattr(small, name) for name in small.__dataclass_fields__} | {"note": "<b>"})
    assert "&lt;b&gt;" in noted._repr_html_() and "<b>" not in noted._repr_html_()


def test_confusion(small):
    assert small.confusion().to_numpy().tolist() == [[1, 1], [0, 1]]
    table = report_of([[4, -3], [-1, 1], [-2, 3]], [0, 0, 1], ["ann", "bob"], listed=True).confusion()
    assert table.to_dict("index") == {
        "same person": {"accepted": 2, "refused": 1},
        "different people": {"accepted": 1, "refused": 2},
    }


def test_trials_as_a_table(small):
    table = small.to_frame()
    assert table.iloc[0].to_dict() == {"enrol": "ann", "test": "ann/0.wav", "same": 1, "log_likelihood_ratio": 4.0}
    assert table["same"].tolist() == [1, 0, 1, 0, 0, 1] and len(table) == 6


def test_the_table_gives_the_figures_back(report):
    """Whoever has scores.csv can compute what was printed."""
    table = report.to_frame()
    scores = table.groupby("same")["log_likelihood_ratio"]
    rate, _ = equal_error_rate(scores.get_group(1), scores.get_group(0))
    matrix = table.pivot(index="test", columns="enrol", values="log_likelihood_ratio")
    own = [list(matrix.columns).index(name.split("/")[0]) for name in matrix.index]
    assert values(report)["equal error rate"] == rate
    assert values(report)["identified, closed set"] == identification_rate(matrix, own)


def test_plot_has_three_panels(small):
    figure = small.plot()
    det, scores, reliability = figure.axes
    assert "EER 33.3 %" in det.get_legend().get_texts()[1].get_text()
    assert scores.get_xlabel() == "Log likelihood ratio (nats)"
    assert "threshold 0: accepts 33.3 % of different people" in scores.get_legend().get_texts()[2].get_text()
    assert reliability.get_ylabel() == "Observed: same person (%)"
    figure.draw_without_rendering()


def test_without_matplotlib_a_plot_says_what_to_install(small, monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest):
        if name.partition(".")[0] == "matplotlib":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ImportError, match=r"plots need matplotlib: pip install lightdiar\[plot\]"):
        small.plot()
