"""The command line: the only place that reads arguments, prints and exits."""

import argparse
import json
import os
import sys
import warnings
from pathlib import Path

from lightdiar._version import __version__
from lightdiar.errors import DoubtfulResultWarning, FormatError, LightdiarError
from lightdiar.settings import PRESETS, Settings
from lightdiar.timeline import Annotation

_DESCRIPTION = """\
Who speaks when in a recording, and how many men and women: classical statistics, no deep learning, no network.

  lightdiar count film.wav                    men and women who speak
  lightdiar diarize film.wav                  the turns and the speakers
  lightdiar diarize *.wav --out results       RTTM and JSON of every file
  lightdiar speech film.wav                   where somebody speaks
  lightdiar features film.wav --out film.npz  MFCC, pitch and voicing every 10 ms
  lightdiar score reference/ results/         diarization error rate
  lightdiar tune mine/*.wav --out mine.json   settings for your kind of recording, where you know the truth
  lightdiar train                             every shipped parameter anew, from manifests of speech and noise
  lightdiar models                            where the shipped models come from
  lightdiar demo                              a synthetic conversation, diarized and scored

Sound: WAV, FLAC, OGG and MP3 at any rate and channel count; mp4, mkv, m4a and others if ffmpeg is on the PATH.
"""
_EPILOG = """\
Exit status: 0 done, 2 a file or an argument could not be used (the others are done), 130 interrupted.
`lightdiar COMMAND --help` tells the options of a command. A file whose name begins with - comes after --."""


def main(argv=None):
    """Run the command line; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):  # a name the terminal cannot show must not end the work
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    arguments = _parser().parse_args(argv)
    if "files" in arguments:
        arguments.files = list(_expand(arguments.files))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", DoubtfulResultWarning)
        warnings.showwarning = _show_warning
        try:
            return arguments.run(arguments)
        except BrokenPipeError:  # the reader of our output had enough, as `head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except (LightdiarError, ValueError, OSError) as error:
            print(f"lightdiar: {error}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("lightdiar: interrupted", file=sys.stderr)
            return 130


def count(arguments):
    """Print the men and women of each file."""

    def show(path, result):
        counts = result.counts()
        if arguments.json:
            print(json.dumps({"file": str(path), **counts, "agreement": result.agreement}), flush=True)
            return
        counted = [speaker for speaker in result.speakers if speaker.seconds >= result.min_speaker_seconds]
        uncertain = sum(speaker.gender == "uncertain" for speaker in counted)
        doubts = [f"gender of {uncertain} uncertain"] * (uncertain > 0) + ["number uncertain"] * (result.agreement < 1)
        note = f"  ({', '.join(doubts)})" if doubts else ""
        print(f"{path}: {'  '.join(f'{gender} {number}' for gender, number in counts.items())}{note}", flush=True)

    return _each_file(arguments, show)


def diarize(arguments):
    """Print or write the turns and speakers of each file."""
    done = set()
    if arguments.resume and not arguments.out:
        raise ValueError("--resume needs --out DIR: it looks there for what is done.")
    if arguments.out:
        stems = [path.stem.casefold() for path in arguments.files]
        twice = next((path.stem for path in arguments.files if stems.count(path.stem.casefold()) > 1), None)
        if twice:
            raise ValueError(
                f"several files are called {twice}: their results would overwrite each other. Run them one by one "
                "with another --out."
            )
        _make_folder(arguments.out)
        if arguments.resume:
            done = {path for path in arguments.files if (arguments.out / f"{path.stem}.rttm").exists()}

    def show(path, result):
        if arguments.out:
            result.to_json(arguments.out / f"{path.stem}.json")
            result.to_rttm(arguments.out / f"{path.stem}.rttm")  # last: with it the file is done
        elif arguments.format == "text":
            for turn in result.turns:
                print(f"{turn.start:10.3f} {turn.end:10.3f}  {turn.speaker}")
        else:
            print(result.to_rttm() if arguments.format == "rttm" else result.to_json(), end="", flush=True)
            return
        print(result, flush=True)

    return _each_file(arguments, show, done)


def speech(arguments):
    """Print where somebody speaks, as label files have it."""
    from lightdiar.pipeline import detect_speech

    for segment in detect_speech(arguments.file, settings=arguments.settings):
        print(f"{segment.start:.3f} {segment.end:.3f} speech")
    return 0


def features(arguments):
    """Write MFCC, pitch and voicing of a file."""
    import numpy as np

    from lightdiar.audio import blocks
    from lightdiar.files import replacing
    from lightdiar.frontend import GRID, analyse

    if arguments.out.suffix not in (".npz", ".csv"):
        raise ValueError(f"--out {arguments.out}: the name must end in .npz or .csv.")
    if not arguments.out.parent.is_dir():
        raise ValueError(f"--out {arguments.out}: there is no folder {arguments.out.parent}. Make it first.")
    analysis = analyse(blocks(arguments.file))
    times = GRID.times(len(analysis))
    with replacing(arguments.out) as file:
        if arguments.out.suffix == ".npz":
            np.savez(file, times=times, mfcc=analysis.mfcc, f0=analysis.f0, strength=analysis.strength)
        else:
            columns = ["time", "f0", "strength", *(f"mfcc_{k}" for k in range(analysis.mfcc.shape[1]))]
            file.write((",".join(columns) + "\n").encode())
            for part in np.array_split(np.arange(len(times)), 1 + len(times) // 10_000):
                table = np.column_stack([times[part], analysis.f0[part], analysis.strength[part], analysis.mfcc[part]])
                np.savetxt(file, table, fmt="%.5g", delimiter=",")
    print(f"{arguments.out}: {len(analysis)} frames of {GRID.step} s")
    return 0


def score(arguments):
    """Print the diarization error of each recording and of all."""
    from lightdiar.formats import read_uem
    from lightdiar.metrics import DiarizationScore, diarization_error, jaccard_error_rate

    references, hypotheses = _read_annotations(arguments.reference), _read_annotations(arguments.hypothesis)
    if len(references) == len(hypotheses) == 1:  # one recording each: their names need not agree
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
    print(f"collar {arguments.collar:g} s on each side, overlap {overlap}; % of reference speech, all = pooled")
    _print_table(["recording", "DER", "missed", "false alarm", "confusion", "JER", "speakers", "found"], rows)
    return 0


def tune(arguments):
    """Search for settings on recordings with a truth beside them and write what is better than the defaults."""
    from lightdiar.formats import read_rttm
    from lightdiar.tuning import tune as search

    if arguments.out.suffix != ".json" or not arguments.out.parent.is_dir():
        raise ValueError(f"--out {arguments.out}: name a .json file in a folder that exists.")
    truths = [path.with_suffix(".rttm") for path in arguments.files]
    for path, truth in zip(arguments.files, truths):
        if not path.is_file() or not truth.is_file():
            raise ValueError(f"{path}: the sound and its truth {truth.name} must both be there, side by side.")
    if len({path.resolve() for path in arguments.files}) < len(arguments.files):
        raise ValueError("a recording is named twice; what is searched on must not be in the hold-out.")
    recordings = []
    for path, truth in zip(arguments.files, truths):
        annotations = list(read_rttm(truth).values()) or [Annotation(())]  # nobody speaks
        if len(annotations) > 1:
            raise ValueError(f"{truth}: holds {len(annotations)} recordings; it must hold one.")
        recordings.append((path, annotations[0]))
    found = search(recordings, n_trials=arguments.trials, seed=arguments.seed, report=_report)
    print(f"on {found.n_held} of {len(recordings)} recordings, which the search did not see:")
    print(f"  defaults  {found.default}")
    print(f"  tuned     {found.tuned}")
    if found.n_held < 3:
        print("  so few recordings prove little; give more of them.")
    if not found.better:
        print("no better than the defaults there: nothing is written. More recordings or --trials may help.")
        return 0
    found.settings.save(arguments.out)
    print(f"{arguments.out}: written; use it with --settings {arguments.out}")
    return 0


def models(arguments):
    """Print the model card."""
    from lightdiar.bundle import SHIPPED, card, load

    folder = arguments.folder or SHIPPED
    load(folder)  # a card is only worth showing for parameters that are intact
    for key, value in card(folder).items():
        print(f"{key}:")
        for line in value if isinstance(value, list) else [value]:
            print(f"  {line}")
    return 0


def train(arguments):
    """Train all models from manifests and write a bundle."""
    from lightdiar.training import train as fit

    notes = json.loads(arguments.card.read_text(encoding="utf-8")) if arguments.card else None
    options = dict(leave_out=arguments.leave_out, notes=notes, n_jobs=arguments.jobs, report=_report)
    fit(arguments.speech, arguments.noise, arguments.out, **options)
    print(f"{arguments.out}: trained")
    return 0


def demo(arguments):
    """Diarize a synthetic conversation and compare with the truth."""
    from lightdiar.audio import write
    from lightdiar.metrics import diarization_error
    from lightdiar.pipeline import diarize as run
    from lightdiar.synthesis import synthesize_conversation

    sound, truth, genders = synthesize_conversation(seed=arguments.seed)
    if arguments.save:
        write(arguments.save, sound)
        print(f"{arguments.save}: {sound.duration:.1f} s written")
    print(f"truth: {len(truth.speakers)} speakers, {len(truth)} turns")
    for name, seconds in truth.seconds().items():
        print(f"  {name:10}  {genders[name]}  {seconds:6.1f} s")
    result = run(sound)
    print(f"found: {result}")
    print(f"{diarization_error(truth, result.annotation)}, no collar")
    return 0


def _each_file(arguments, show, done=()):
    """Diarize files one by one; a file that fails is reported and the others go on."""
    from lightdiar.audio import duration
    from lightdiar.pipeline import Diarizer
    from lightdiar.untrained import UntrainedDiarizer

    diarizer = (UntrainedDiarizer if arguments.untrained else Diarizer)(
        num_speakers=arguments.num_speakers,
        min_speakers=arguments.min_speakers,
        max_speakers=arguments.max_speakers,
        min_speaker_seconds=arguments.min_speaker_seconds,
        force_gender=arguments.force_gender,
        settings=arguments.settings,
    )
    failed = 0
    for number, path in enumerate(arguments.files, 1):
        if path in done:
            _report(f"{path}: done before")
            continue
        try:
            with _Progress(f"[{number}/{len(arguments.files)}] {path.name}", duration, path) as progress:
                result = diarizer.predict(path, progress=progress)
            show(path, result)
        except (LightdiarError, ValueError, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            failed += 1
            named = str(error) if str(path) in str(error) else f"{path}: {error}"
            print(f"lightdiar: {named}", file=sys.stderr)
    return 2 if failed else 0


def _make_folder(path):
    """The folder, made if missing; refused before any work if nothing can be written there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise ValueError(f"--out {path}: cannot be a folder; name one that is new or exists.") from None
    if not os.access(path, os.W_OK):
        raise ValueError(f"--out {path}: nothing may be written there; name another folder.")


def _expand(names):
    """Paths of the files named; a pattern that no shell has expanded (Windows) is expanded here."""
    from glob import glob

    for name in names:
        found = sorted(glob(name)) if any(sign in name for sign in "*?") and not Path(name).exists() else [name]
        yield from map(Path, found or [name])


class _Progress:
    """A line on the terminal that says how far a file is; nothing where nobody watches."""

    def __init__(self, title, duration, path):
        self.title, self.shown = title, sys.stderr.isatty()
        self.total = duration(path) if self.shown else None

    def __enter__(self):
        return self

    def __call__(self, seconds):
        if self.shown:
            part = f"{100 * min(1, seconds / self.total):3.0f} %" if self.total else f"{seconds / 60:.0f} min"
            print(f"\r{self.title} {part}", end="", file=sys.stderr, flush=True)

    def __exit__(self, *_):
        if self.shown:
            print("\r" + " " * (len(self.title) + 8), end="\r", file=sys.stderr, flush=True)


def _read_annotations(path):
    """Recording -> Annotation of an RTTM file, or of all in a folder."""
    from lightdiar.formats import read_rttm

    files = sorted(path.glob("*.rttm")) if path.is_dir() else [path]
    if not files:
        raise ValueError(f"{path}: no .rttm file in this folder.")
    annotations = {}
    for file in files:
        found = read_rttm(file)
        # who found nobody writes an empty file; one without a name is called as its file
        for name, annotation in (found or {"": Annotation(())}).items():
            if (name or file.stem) in annotations:
                raise ValueError(f"{file}: holds {name or file.stem} again; a recording may occur only once in {path}.")
            annotations[name or file.stem] = annotation
    return annotations


def _percentages(score):
    parts = score.der * score.total, score.missed, score.false_alarm, score.confusion
    return [f"{100 * part / score.total:.1f}" if score.total else "-" for part in parts]


def _print_table(head, rows):
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        first, rest = row[0].ljust(widths[0]), (cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))
        print("  ".join([first, *rest]).rstrip())


def _report(line):
    print(line, file=sys.stderr, flush=True)


def _show_warning(message, category, filename, lineno, file=None, line=None):
    print(f"lightdiar: warning: {message}", file=sys.stderr)


def _parser():
    parser = argparse.ArgumentParser(
        prog="lightdiar",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"lightdiar {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(run, summary):
        sub = commands.add_parser(run.__name__, help=summary, description=summary)
        sub.set_defaults(run=run)
        return sub

    sub = command(count, "count the men and women who speak in each file")
    _add_recordings(sub)
    sub.add_argument("--json", action="store_true", help="one JSON object per line")

    sub = command(diarize, "who speaks when: turns, speakers, genders and speaking time of each file")
    _add_recordings(sub)
    sub.add_argument("--out", type=Path, metavar="DIR", help="write NAME.rttm and NAME.json of each file to DIR")
    sub.add_argument("--resume", action="store_true", help="with --out: skip files whose .rttm is there")
    sub.add_argument("--format", choices=["text", "rttm", "json"], default="text", help="what to print without --out")

    sub = command(speech, "print where somebody speaks: start, end in seconds, one line each")
    sub.add_argument("file", type=Path, metavar="FILE")

    _add_settings(sub)

    sub = command(features, "write 24 MFCC, pitch (Hz) and voicing strength of every 10 ms")
    sub.add_argument("file", type=Path, metavar="FILE")
    sub.add_argument("--out", type=Path, required=True, metavar="OUT", help="a .npz or .csv file")

    sub = command(score, "compare RTTM files with the truth")
    sub.add_argument("reference", type=Path, metavar="REF", help="an RTTM file, or a folder of them")
    sub.add_argument("hypothesis", type=Path, metavar="HYP", help="an RTTM file, or a folder of them")
    sub.add_argument("--collar", type=float, default=0.0, metavar="S", help="seconds left out on EACH side (0)")
    sub.add_argument("--skip-overlap", action="store_true", help="leave out where several people speak at once")
    sub.add_argument("--uem", type=Path, metavar="FILE", help="regions to score")

    sub = command(tune, "find settings for your kind of recording, from some whose truth you know")
    sub.add_argument("files", nargs="+", metavar="FILE", help="recordings, each with its truth NAME.rttm beside it")
    sub.add_argument("--out", type=Path, required=True, metavar="FILE", help="the .json file for --settings")
    sub.add_argument("--trials", type=int, default=40, metavar="N", help="settings to try (40)")
    sub.add_argument("--seed", type=int, default=0, help="other trials and another hold-out (0)")

    sub = command(models, "tell where the models come from, how they were made and what they reach")
    sub.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="another bundle than the shipped one")

    sub = command(train, "train every shipped parameter from manifests (CSV: path,speaker,gender,age; path,kind)")
    sub.add_argument("--speech", type=Path, nargs="+", required=True, metavar="CSV", help="manifests of speech")
    sub.add_argument("--noise", type=Path, required=True, metavar="CSV", help="manifest of noise and music")
    sub.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the bundle is written")
    sub.add_argument(
        "--leave-out", action="append", default=[], metavar="GLOB", help="noise not to use, such as '*babble*'"
    )
    sub.add_argument(
        "--card", type=Path, metavar="JSON", help="entries of the model card: sources, licence, figures"
    )
    sub.add_argument("--jobs", type=int, default=1, metavar="N", help="processes; the result is the same (1)")

    sub = command(demo, "make a synthetic conversation, diarize it and compare with the truth")
    sub.add_argument("--seed", type=int, default=0, help="another conversation (0)")
    sub.add_argument("--save", type=Path, metavar="FILE", help="keep the sound as .wav or .flac")
    return parser


def _add_settings(sub):
    usual = ", ".join(name for name, preset in PRESETS.items() if preset == Settings())
    other = ", ".join(name for name, preset in PRESETS.items() if preset != Settings())
    sub.add_argument(
        "--settings",
        type=_settings,
        default=Settings(),
        metavar="NAME",
        help=f"{other}, or a file that `lightdiar tune` wrote; {usual} are the defaults",
    )


def _settings(name):
    try:
        return PRESETS[name] if name in PRESETS else Settings.load(name)
    except FormatError as error:
        raise argparse.ArgumentTypeError(f"{error}; or name one of {', '.join(PRESETS)}.") from None


def _add_recordings(sub):
    sub.add_argument("files", nargs="+", metavar="FILE", help="recordings")
    sub.add_argument("--num-speakers", type=int, metavar="N", help="exactly N speakers")
    sub.add_argument("--min-speakers", type=int, metavar="N", help="at least N speakers")
    sub.add_argument("--max-speakers", type=int, metavar="N", help="at most N speakers")
    sub.add_argument(
        "--min-speaker-seconds", type=float, default=2.0, metavar="S", help="who speaks for less is not counted (2)"
    )
    _add_settings(sub)
    sub.add_argument("--untrained", action="store_true", help="without the shipped models; errs much more")
    sub.add_argument("--force-gender", action="store_true", help="children count as men or women, whichever is likelier")


