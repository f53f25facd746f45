"""``lightdiar score``: the diarization error of files of turns."""

import warnings
from pathlib import Path

from lightdiar.cli.recordings import add_tiers
from lightdiar.common.commandline import show, show_text
from lightdiar.common.tables import aligned, shortened
from lightdiar.errors import DoubtfulResultWarning

SUMMARY = "compare who speaks when with the truth"

_ABOUT = "a file of turns (RTTM, JSON, CSV, SRT, WebVTT, TextGrid, EAF), or a folder of them: its RTTM if there is any"
_OR = "; or a manifest (CSV: path,rttm)"


def add_arguments(parser):
    parser.add_argument("reference", type=Path, metavar="REF", help=_ABOUT + _OR)
    parser.add_argument("hypothesis", type=Path, metavar="HYP", help=_ABOUT)
    parser.add_argument(
        "--collar", type=float, default=0.0, metavar="S", help="seconds excluded on EACH side of a boundary (0)"
    )
    parser.add_argument("--skip-overlap", action="store_true", help="exclude time where several people speak at once")
    parser.add_argument("--uem", type=Path, metavar="FILE", help="regions to score")
    add_tiers(parser, "REF")


def run(arguments):
    """Print the diarization error of each recording and of all together."""
    from lightdiar.cli.pairs import read_pairs
    from lightdiar.io.lines import listed
    from lightdiar.metrics.diarization import DiarizationScore, diarization_error, jaccard_error_rate

    pairs = read_pairs(arguments.reference, arguments.hypothesis, arguments.uem, arguments.tier)
    rows, scores, silent = [], [], []
    for pair in pairs:
        reference, hypothesis, uem = pair.reference, pair.hypothesis, pair.uem
        result = diarization_error(
            reference, hypothesis, collar=arguments.collar, skip_overlap=arguments.skip_overlap, uem=uem
        )
        scores.append(result)
        if not result.total:
            silent.append(pair.name)
        jer = f"{100 * jaccard_error_rate(reference, hypothesis, uem=uem):.1f}"
        speakers = [str(len(annotation.speakers)) for annotation in (reference, hypothesis)]
        rows.append([shortened(pair.name, 100), *_percentages(result), jer, *speakers])
    if silent:
        message = f"no reference speech is scored in {listed(silent)}: DER there is 100 % if any was found, otherwise 0"
        warnings.warn(message, DoubtfulResultWarning, stacklevel=2)
    rows.append([f"all {len(rows)}", *_percentages(sum(scores, DiarizationScore())), "", "", ""])
    overlap = "left out" if arguments.skip_overlap else "scored"
    noscore = ", NOSCORE left out" if any(pair.noscore for pair in pairs) else ""
    show(f"collar {arguments.collar:g} s on each side, overlap {overlap}{noscore}; % of reference speech, all = pooled")
    head = ["recording", "DER", "missed", "false alarm", "confusion", "JER", "speakers", "found"]
    show_text("\n".join(aligned([head, *rows])))


def _percentages(score):
    parts = score.missed, score.false_alarm, score.confusion
    shares = [f"{100 * part / score.total:.1f}" if score.total else "-" for part in parts]
    return [f"{100 * score.der:.1f}", *shares]
