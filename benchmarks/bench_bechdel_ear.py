"""The Bechdel test by ear: are its answers right, and its probabilities true?

Run as `python benchmarks/bench_bechdel_ear.py --shared SHARED --out results.csv`.

Conversations by drawn scripts (`lightdiar.training.conversations`): men only, one woman, women who never meet, women
who meet, mixed company, many people; a minute or two each, several for many. People and backgrounds are those of the
development sets, which trained nothing.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from recordings import LIGHTDIAR, print_table, versions, write_rows

from lightdiar.io.audio import Audio
from lightdiar.metrics.calibration import calibration
from lightdiar.representation.bechdel import bechdel_by_ear
from lightdiar.representation.draws import draw_truths
from lightdiar.representation.reliability import load_reliability
from lightdiar.signal.frontend import SAMPLE_RATE
from lightdiar.systems.diarizer import diarize
from lightdiar.training.conversations import KINDS
from lightdiar.training.manifests import by_speaker, read_speech_manifest, voice_of
from lightdiar.training.plays import genders_of, play_conversation
from lightdiar.training.reliability import Case
from lightdiar.training.train import parallel

CORPORA = ("librispeech", "ravdess", "speechocean762")
CONDITIONS = ("clean", "film")
SEED = 22
PROTOCOL = (
    "Own speech detection and speakers; a person counts from 2 s of speech on. right: the likelier answer, % of\n"
    "recordings; commoner: always the commoner answer; sure: mean probability of the likelier answer; error: expected\n"
    "calibration error in ten bins, about 7 by chance for 200 recordings; share: in so many % of the recordings\n"
    "women's share lies in its 95 % interval, and the mean width of that in points."
)


def case_of(corpora, sounds, condition, number):
    """The diarization of one conversation, with its truth."""
    samples, truth = play_conversation(corpora, sounds, condition, number, SEED)
    return Case(diarize(Audio(samples, SAMPLE_RATE)), truth, genders_of(truth))


def row_of(case, condition, number):
    """What was true, and what was said."""
    heard = bechdel_by_ear(case.result)
    counted = case.seconds >= 2
    n_women, n_men = int((case.woman & counted).sum()), int((~case.woman & counted).sum())
    draws = draw_truths(case.result, load_reliability())
    low, high = heard.share_interval
    return {
        "condition": condition,
        "kind": KINDS[number % len(KINDS)],
        "number": number,
        "seconds": case.result.duration,
        "n_women": n_women,
        "n_men": n_men,
        "two_women": n_women >= 2,
        "women_talk": case.women_talk,
        "female_share": case.seconds[case.woman].sum() / case.seconds.sum(),
        "p_two_women": heard.p_two_women,
        "p_women_talk": heard.p_women_talk,
        "likeliest_women": int(heard.p_women.argmax()),
        "p_likeliest_women": heard.p_women.max(),
        "p_true_women": (draws.women == n_women).mean(),
        "likeliest_men": int(heard.p_men.argmax()),
        "p_likeliest_men": heard.p_men.max(),
        "p_true_men": (draws.men == n_men).mean(),
        "share_low": low,
        "share_high": high,
        "versions": versions(LIGHTDIAR),
    }


def criterion(rows, name):
    """Figures of one criterion."""
    p, true = rows[f"p_{name}"].to_numpy(), rows[name].to_numpy()
    return {
        "what": name,
        "right": 100 * ((p > 0.5) == true).mean(),
        "commoner": 100 * max(true.mean(), 1 - true.mean()),
        "sure": 100 * np.maximum(p, 1 - p).mean(),
        "error": 100 * calibration(p, true).error,
    }


def number(rows, who):
    """Figures of the number of women or men: the probability of the likeliest one, and whether it is right."""
    p, right = rows[f"p_likeliest_{who}"].to_numpy(), (rows[f"likeliest_{who}"] == rows[f"n_{who}"]).to_numpy()
    return {
        "what": f"number of {who}",
        "right": 100 * right.mean(),
        "commoner": 100 * rows[f"n_{who}"].value_counts(normalize=True).max(),
        "sure": 100 * p.mean(),
        "error": 100 * calibration(p, right).error,
    }


def share(rows):
    """How often women's share lies in its interval, and how wide that is."""
    inside = rows["female_share"].between(rows["share_low"] - 1e-3, rows["share_high"] + 1e-3)
    return {
        "what": "share",
        "right": 100 * inside.mean(),
        "sure": 95.0,
        "width": 100 * (rows["share_high"] - rows["share_low"]).mean(),
    }


def bins(rows, name):
    """The calibration table of a criterion."""
    found = calibration(rows[f"p_{name}"], rows[name], n_bins=5)
    return [
        {"what": name, "recordings": n, "said": 100 * said, "true": 100 * true}
        for n, said, true in zip(found.counts, found.predicted, found.observed)
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help="folder of the shared recordings")
    parser.add_argument("--out", required=True, help="CSV of the rows of all recordings")
    parser.add_argument("--count", type=int, default=200, help="recordings of each condition (200)")
    parser.add_argument("--quick", action="store_true", help="six recordings of each condition")
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    dev = arguments.shared / "corpora" / "dev"
    corpora = [
        by_speaker([u for u in read_speech_manifest(dev / name / "manifest.csv") if voice_of(u) in ("woman", "man")])
        for name in CORPORA
    ]
    sounds = str(dev / "noise" / "manifest.csv"), ()
    rows = []
    for condition in CONDITIONS:
        numbers = range(6 if arguments.quick else arguments.count)
        cases = parallel(case_of, [(corpora, sounds, condition, number) for number in numbers], arguments.jobs)
        rows += [row_of(case, condition, number) for number, case in zip(numbers, cases)]
    frame = write_rows(rows, arguments.out)
    figures, tables = [], []
    for condition, own in frame.groupby("condition", sort=False):
        found = [criterion(own, "two_women"), criterion(own, "women_talk"), number(own, "women"), number(own, "men")]
        figures += [{"condition": condition, **figure} for figure in (*found, share(own))]
        tables += [{"condition": condition, **line} for name in ("two_women", "women_talk") for line in bins(own, name)]
    print_table(pd.DataFrame(figures), PROTOCOL)
    print_table(pd.DataFrame(tables), "Calibration: of what was given so many %, so many % were true.")


if __name__ == "__main__":
    main()
