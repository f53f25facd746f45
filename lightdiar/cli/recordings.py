"""Shared by the commands on recordings: their options, and a loop that goes on after a bad file."""

import argparse
import sys
from collections import Counter
from functools import partial
from glob import glob
from itertools import chain
from os.path import exists
from pathlib import Path
from time import perf_counter

from lightdiar.common.commandline import given, say, told
from lightdiar.common.files import check_new_folder
from lightdiar.common.tables import printable
from lightdiar.errors import FormatError, LightdiarError, SpeakerNameError
from lightdiar.systems.settings import PRESETS, Settings

_SHORTEST = 0.001  # seconds of a recording that are heard: one sample at the lowest rate
_SOON = 2.0  # seconds after which the time to go can be told


def add_options(parser, *, voices_required=False, about="recordings"):
    """Add the files, and the options for how they are diarized."""
    add_files(parser, about)
    add_diarization(parser, voices_required=voices_required)


def add_diarization(parser, *, voices_required=False):
    """Add the options for how recordings are diarized."""
    parser.add_argument("--num-speakers", type=int, metavar="N", help="exact number of speakers")
    parser.add_argument("--min-speakers", type=int, metavar="N", help="at least N speakers")
    parser.add_argument("--max-speakers", type=int, metavar="N", help="at most N speakers")
    parser.add_argument(
        "--min-speaker-seconds",
        type=float,
        default=2.0,
        metavar="S",
        help="do not count speakers who talk for less (2)",
    )
    parser.add_argument(
        "--channels",
        type=_channels,
        metavar="separate|mix|N",
        help="hear each channel for itself, all mixed, or only channel N (from 1); by default the two sides of a "
        "telephone call are separate and all else is mixed",
    )
    parser.add_argument(
        "--raw-rate", type=int, metavar="HZ", help="the files have no header: one channel of 16-bit samples at HZ"
    )
    add_part(parser)
    add_settings(parser)
    parser.add_argument(
        "--method",
        choices=["trained", "textbook", "untrained"],
        default="trained",
        help="trained: the models that ship; textbook: BIC, GMM-UBM and NCLR as taught in courses; untrained: no "
        "model of other people's voices. The last two make more errors, above all in film sound",
    )
    parser.add_argument(
        "--untrained", action="store_const", const="untrained", dest="method", help="the same as --method untrained"
    )
    parser.add_argument(
        "--force-gender", action="store_true", help="count children as men or women, whichever is likelier"
    )
    add_voices(parser, required=voices_required)
    parser.add_argument(
        "--repeat-names",
        action="store_true",
        help="several speakers may get the same name and become one; by default a name is given once",
    )


def add_part(parser):
    """Add the options for what of a film is heard."""
    parser.add_argument(
        "--track",
        type=_track,
        metavar="N|LANGUAGE",
        help="of films: audio track N, or the first in LANGUAGE (fr, fra and fre are one) that is no commentary; by "
        "default the first",
    )
    about = "seconds or H:MM:SS; the times of what is found stay those of the whole"
    parser.add_argument(
        "--start", type=_seconds, default=0.0, metavar="TIME", help=f"hear nothing before TIME: {about}"
    )
    parser.add_argument("--end", type=_seconds, metavar="TIME", help="hear nothing after TIME")


def part_of(arguments):
    """The options of `add_part` that were given, as `Diarizer.predict` takes them; ValueError if they are no part."""
    from lightdiar.io.audio import check_part

    check_part(arguments.start, arguments.end)
    if arguments.end is not None and arguments.end - arguments.start < _SHORTEST:
        raise ValueError(f"--start {arguments.start:g} --end {arguments.end:.9g}: less than a millisecond; end later.")
    parts = {"track": arguments.track, "start": arguments.start, "end": arguments.end}
    return {name: value for name, value in parts.items() if value}


def add_voices(parser, *, required):
    """Add the option --voices."""
    about = (
        "a file that `lightdiar enrol` wrote"
        if required
        else "a file that `lightdiar enrol` wrote: speakers who are in it get their names"
    )
    parser.add_argument("--voices", type=Path, required=required, metavar="FILE", help=about)


def add_files(parser, about):
    """Add the files as paths; patterns that the shell has not expanded (Windows) are expanded here."""
    parser.add_argument("files", nargs="+", type=given, metavar="FILE", action=_Expand, help=about)


def add_tiers(parser, of):
    """Add the option --tier."""
    parser.add_argument(
        "--tier",
        action="append",
        metavar="NAME",
        help=f"of {of} in TextGrid or EAF: only this tier, or this speaker of an EAF; may be repeated (all)",
    )


def add_settings(parser):
    """Add the option --settings."""
    usual = ", ".join(name for name, preset in PRESETS.items() if preset == Settings())
    other = ", ".join(name for name, preset in PRESETS.items() if preset != Settings())
    parser.add_argument(
        "--settings",
        action=_Load,
        type=given,
        default=Settings(),
        metavar="NAME",
        help=f"{other}, or a file that `lightdiar tune` wrote; {usual} are the defaults",
    )


def add_jobs(parser):
    """Add the option --jobs."""
    parser.add_argument(
        "--jobs", type=int, default=1, metavar="N", help="number of processes; does not change the result (1)"
    )


def check_jobs(n_jobs):
    """Refuse a number of processes that cannot be."""
    if n_jobs < 1:
        raise ValueError(f"--jobs {n_jobs}: the number of processes must be 1 or more.")


def seed(text):
    """The seed of random numbers, from an option."""
    if text.isascii() and text.isdigit() and len(text) <= 10:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} must be a whole number, 0 or more.")


def format_names(text, known, other=None):
    """The names of formats in a text with commas, each once; `other` is a name that may stand in place of them."""
    names = list(dict.fromkeys(text.split(",")))
    unknown = next((name for name in names if name not in known and name != other), None)
    if unknown is not None:
        either = f"{other} or " if other else ""
        raise argparse.ArgumentTypeError(f"{unknown!r} must be {either}some of {','.join(known)}, with commas.")
    return names


def make_folder(path):
    """Create the folder of --out if missing; fail before any work if nothing can be written there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise ValueError(f"--out {path}: cannot be used as a folder; name a new or existing one.") from None
    check_new_folder(path)


def check_names(paths):
    """Refuse files whose results would have one name, also where case and blanks do not tell names apart."""
    from lightdiar.io.lines import joined_name

    names = [joined_name(path.stem).casefold() for path in paths]
    n_named = Counter(names)
    twice = next((path.stem for path, name in zip(paths, names) if n_named[name] > 1), None)
    if twice:
        raise ValueError(
            f"several files are called {twice}, or nearly so: their results would have one name. Run them one by one."
        )


def say_failed(path, reason):
    """Say why a file could not be used; the others are done."""
    say(f"lightdiar: {reason if str(path) in reason else f'{path}: {reason}'}")


def say_renamed(path, result, formats):
    """Say which names RTTM, if it is among the formats, writes in another way."""
    from lightdiar.io.lines import joined_name, listed

    names = [result.annotation.recording, *result.annotation.speakers] if "rttm" in formats else []
    changed = [f"{name} is {joined_name(name)}" for name in names if joined_name(name) != name]
    if changed:
        say(f"lightdiar: warning: {path}: RTTM has no blanks in names: there {listed(changed)}")


def usable(paths, use):
    """What `use(path)` gives of each path that it takes, and the exit status; why it refuses the others is told."""
    given, status = [], 0
    for path in paths:
        try:
            given.append(use(path))
        except (LightdiarError, ValueError, OSError) as error:
            status = 2
            say_failed(path, told(error))
    return given, status


def result_files(paths):
    """The files, and the results in the folders among them, and the exit status; of a corpus, what has none is told."""
    found, status = usable(paths, _results_at)
    return list(chain.from_iterable(found)), status


def _results_at(path):
    """The file itself, or the results in a folder."""
    from lightdiar.io.formats import files_of_corpus
    from lightdiar.systems import conversion

    if path.is_dir() and files_of_corpus(path, ".json") is not None:
        _say_missing(path)
    return conversion.result_files(path)


def _say_missing(folder):
    """Say which recordings of a corpus have no result."""
    from lightdiar.corpus import read
    from lightdiar.io.lines import listed

    corpus = read(folder)
    if corpus.n_failed:
        say(f"lightdiar: {folder}: failed, and not here: {listed(map(printable, corpus.failed['path']))}")
    say_left(corpus)


def say_left(corpus):
    """Say how many recordings of a corpus are not done yet."""
    if corpus.n_left:
        say(f"lightdiar: {corpus.folder}: not done yet: {corpus.n_left}; run `lightdiar corpus` again.")


def each_file(arguments, show, done=(), *, results=False):
    """Diarize files one by one, reporting those that fail, and return the exit status.

    With `results`, a .json file is a result of `diarize` and only read.
    """
    from lightdiar.recognition.voices import Voices
    from lightdiar.systems.diarizer import Diarizer
    from lightdiar.systems.result import Diarization

    if arguments.voices is not None:
        arguments.voices = Voices.load(arguments.voices)
    diarizer = Diarizer(**diarizer_options(arguments))
    sound = part_of(arguments) | ({} if arguments.raw_rate is None else {"raw_rate": arguments.raw_rate})
    failed = 0
    for number, path in enumerate(arguments.files, 1):
        if path in done:
            say(f"{path}: already done")
            continue
        try:
            if results and path.suffix == ".json":
                show(path, Diarization.read_json(path))
                continue
            title = f"[{number}/{len(arguments.files)}] {path.name}"
            with Progress(title, partial(_seconds_heard, **sound), path) as progress:
                result = diarizer.predict(path, progress=progress, **sound)
            if arguments.channels is None and any(speaker.channel for speaker in result.speakers):
                say(f"{path}: its two channels are the sides of a call and are kept apart; --channels mix mixes them")
            show(path, result)
        except SpeakerNameError as error:  # only a voice has such a name
            failed += 1
            say_failed(path, f"{error.reason} Enrol this voice under another name.")
        except (LightdiarError, ValueError, OSError) as error:
            failed += 1
            say_failed(path, told(error))
    return 2 if failed else 0


def diarizer_options(arguments):
    """The options of `add_diarization` that are those of `Diarizer`."""
    names = (
        "num_speakers min_speakers max_speakers min_speaker_seconds force_gender channels settings method voices "
        "repeat_names"
    )
    return {name: getattr(arguments, name) for name in names.split()}


def _seconds_heard(path, start=0.0, end=None, **sound):
    """Seconds of a file that are heard; None if it does not tell its length."""
    from lightdiar.io.audio import duration

    last = min(filter(None, (duration(path, **sound), end)), default=None)
    return None if last is None else max(0.0, last - start)


def _channels(text):
    if text in ("separate", "mix"):
        return text
    if text.isascii() and text.isdigit() and len(text) <= 4 and int(text) >= 1:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} must be separate, mix or the number of a channel, from 1 to 9999.")


def _track(text):
    from lightdiar.io.tracks import checked_track

    try:
        return checked_track(int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} must be the number of an audio track, from 1 to 9999, or a language, such as eng or fr."
        ) from None


def _seconds(text):
    from lightdiar.io.lines import time_of

    try:
        return time_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


class _Load(argparse.Action):
    def __call__(self, parser, namespace, name, option_string=None):
        try:
            settings = PRESETS[name] if name in PRESETS else Settings.load(name)
        except FormatError as error:
            parser.exit(
                2, f"lightdiar: {option_string} {str(error).rstrip('.')}; or name one of {', '.join(PRESETS)}.\n"
            )
        setattr(namespace, self.dest, settings)


class _Expand(argparse.Action):
    def __call__(self, parser, namespace, names, option_string=None):
        paths = []
        for name in names:
            found = sorted(glob(name)) if any(sign in name for sign in "*?") and not exists(name) else []
            paths += map(Path, found or [name])
        setattr(namespace, self.dest, paths)


class Progress:
    """A line on the terminal that shows the progress of a file and the time to go; nothing if it is no terminal."""

    def __init__(self, title, duration, path):
        self.title, self.shown = printable(title), sys.stderr.isatty()
        self.total = duration(path) if self.shown else None
        self.begun, self.width = perf_counter(), 0

    def __enter__(self):
        return self

    def __call__(self, seconds):
        if self.shown:
            line = f"{self.title} {self._part(seconds)}"
            print(f"\r{line:<{self.width}}", end="", file=sys.stderr, flush=True)
            self.width = max(self.width, len(line))

    def __exit__(self, *_):
        if self.shown:
            print("\r" + " " * self.width, end="\r", file=sys.stderr, flush=True)

    def _part(self, seconds):
        if not self.total:
            return f"{seconds / 60:.0f} min"
        part = f"{100 * min(1, seconds / self.total):3.0f} %"
        passed = perf_counter() - self.begun
        if not 0 < seconds < self.total or passed < _SOON:
            return part
        return f"{part}, {clock((self.total - seconds) * passed / seconds)} to go"


def clock(seconds):
    """A time to go as a clock shows it, such as 0:07 or 1:02:03."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
