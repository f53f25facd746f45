"""``lightdiar score``: the diarization error of RTTM files."""

import warnings
from pathlib import Path

from lightdiar.common.commandline import show, show_text
from lightdiar.common.tables import aligned
from lightdiar.errors import DoubtfulResultWarning
from lightdiar.timeline import Annotation

SUMMARY = "compare RTTM files with the truth"


def add_arguments(parser):
    parser.add_argument("reference", type=Path, metavar="REF", help="an RTTM file, or a folder of them")
    parser.add_argument("hypothesis", type=Path, metavar="HYP", help="an RTTM file, or a folder of them")
    parser.add_argument(
        "--collar", type=float, default=0.0, metavar="S", help="seconds excluded on EACH side of a boundary (0)"
    )
    parser.add_argument("--skip-overlap", action="store_true", help="exclude time where several people speak at once")
    parser.add_argument("--uem", type=Path, metavar="FILE", help="regions to score")


def run(arguments):
    """Print the diarization error of each recording and of all together."""
    from lightdiar.io.uem import read_uem
    from lightdiar.metrics.diarization import DiarizationScore, diarization_error, jaccard_error_rate

    references, hypotheses = _read_annotations(arguments.reference), _read_annotations(arguments.hypothesis)
    if len(references) == len(hypotheses) == 1:  # one recording each: the names need not agree
        hypotheses = dict(zip(references, hypotheses.values()))
    missing = sorted(set(references) - set(hypotheses))
    if missing:
        message = f"nothing found for {', '.join(missing)}: all of it counts as missed"
        warnings.warn(message, DoubtfulResultWarning, stacklevel=2)
    unknown = sorted(set(hypotheses) - set(references))
    if unknown:
        warnings.warn(f"no reference for {', '.join(unknown)}: not scored", DoubtfulResultWarning, stacklevel=2)
    regions = read_uem(arguments.uem) if arguments.uem else {}
    rows, scores = [], []
    for name, reference in sorted(references.items()):
        hypothesis, uem = hypotheses.get(name, Annotation((), name)), regions.get(name)
        result = diarization_error(
            reference, hypothesis, collar=arguments.collar, skip_overlap=arguments.skip_overlap, uem=uem
        )
        scores.append(result)
        jer = f"{100 * jaccard_error_rate(reference, hypothesis, uem=uem):.1f}"
        rows.append([name, *_percentages(result), jer, str(len(reference.speakers)), str(len(hypothesis.speakers))])
    rows.append([f"all {len(rows)}", *_percentages(sum(scores, DiarizationScore())), "", "", ""])
    overlap = "left out" if arguments.skip_overlap else "scored"
    show(f"collar {arguments.collar:g} s on each side, overlap {overlap}; % of reference speech, all = pooled")
    head = ["recording", "DER", "missed", "false alarm", "confusion", "JER", "speakers", "found"]
    show_text("\n".join(aligned([head, *rows])))


def _read_annotations(path):
    """Annotations by recording, of one RTTM file or of all in a folder."""
    from lightdiar.io.rttm import read_rttm

    files = sorted(path.glob("*.rttm")) if path.is_dir() else [path]
    if not files:
        raise ValueError(f"{path}: no .rttm file in this folder.")
    annotations = {}
    for file in files:
        found = read_rttm(file)
        # a system that found nobody writes an empty file; a recording without a name is named after its file
        for name, annotation in (found or {"": Annotation(())}).items():
            if (name or file.stem) in annotations:
                raise ValueError(
                    f"{file}: contains {name or file.stem} again; each recording may occur only once in {path}."
                )
            annotations[name or file.stem] = annotation
    return annotations


def _percentages(score):
    parts = score.der * score.total, score.missed, score.false_alarm, score.confusion
    return [f"{100 * part / score.total:.1f}" if score.total else "-" for part in parts]
