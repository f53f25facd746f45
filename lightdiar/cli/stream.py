"""``lightdiar stream``: who speaks, while they speak."""

import argparse
import signal
from dataclasses import replace
from pathlib import Path

from lightdiar.cli.recordings import add_settings, make_folder
from lightdiar.common.commandline import OutputLost, ReaderGone, say, show_text
from lightdiar.common.files import check_output, is_reserved, write_text
from lightdiar.common.tables import aligned_columns, printable
from lightdiar.errors import LightdiarError

SUMMARY = "who speaks, while they speak: a microphone, the sound of another program, or a file that is played"

_NAME, _USUAL_RATE = "live", 16000
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def add_arguments(parser):
    parser.add_argument("source", nargs="?", metavar="FILE|-", help="a sound or film to play, or - for standard input")
    parser.add_argument(
        "--microphone",
        nargs="?",
        const="",
        metavar="NAME|N",
        help="listen to a microphone: the usual one, or that of a number or a part of a name",
    )
    parser.add_argument("--list", action="store_true", help="list the microphones, and do nothing else")
    parser.add_argument(
        "--rate",
        type=int,
        metavar="HZ",
        help="of the microphone (16000 if it can), or of 16-bit samples without a header on standard input (16000)",
    )
    parser.add_argument(
        "--speed",
        type=float,
        metavar="X",
        help="play the file X times as fast as it was recorded; inf waits for nothing (1)",
    )
    parser.add_argument(
        "--latency",
        type=float,
        default=2.0,
        metavar="S",
        help="seconds after which a turn is certain, 0 to 10; inf is the end, and finds what `diarize` finds (2)",
    )
    parser.add_argument("--step", type=float, default=0.5, metavar="S", help="seconds from one guess to the next (0.5)")
    parser.add_argument("--max-speakers", type=int, metavar="N", help="at most N speakers")
    add_settings(parser)
    parser.add_argument("--plain", action="store_true", help="print turns as lines, also on a terminal")
    parser.add_argument("--out", type=Path, metavar="DIR", help="at the end, write NAME.rttm and NAME.json to DIR")
    parser.add_argument("--name", type=_name, help="of the result (live, or the name of the file)")
    parser.add_argument("--overwrite", action="store_true", help="with --out: replace files of this name")


def run(arguments):
    """Show what is found until the sound ends or Ctrl-C is pressed; then print and write the result."""
    if arguments.list:
        return _list()
    title, usual_name, blocks = _source(arguments)
    name = arguments.name or usual_name
    outputs = {form: arguments.out / f"{name}.{form}" for form in ("rttm", "json")} if arguments.out else {}
    if outputs:
        make_folder(arguments.out)
        check_output(*outputs.values(), inputs=[arguments.source or ""], overwrite=arguments.overwrite)
    return _follow(arguments, title, name, blocks, outputs)


def _follow(arguments, title, name, blocks, outputs):
    from lightdiar.cli.display import display
    from lightdiar.live.stream import Stream

    stream = Stream(
        step=arguments.step,
        latency=arguments.latency,
        max_speakers=arguments.max_speakers,
        settings=arguments.settings,
    )
    goes_to = f"the result goes to {' and '.join(map(str, outputs.values()))}" if outputs else "nothing is written"
    say(f"listening to {title}; no sound is kept, {goes_to}. Ctrl-C ends.")
    with display(title, arguments.latency, plain=arguments.plain) as shown:
        with _Ending() as ending:
            failure = _listen(blocks, stream, shown, ending)
        n_merges = len(stream.merges)
        result = stream.finish()
        result = replace(result, annotation=replace(result.annotation, recording=name))
        for form, out in outputs.items():
            write_text(out, getattr(result, f"to_{form}")())
        shown.end(result, stream.merges[n_merges:])
    show_text(result)
    if failure:
        raise failure
    return ending.status


def _listen(blocks, stream, shown, ending):
    """Push blocks until there are no more or somebody ends it; return what went wrong once something had been heard."""
    from lightdiar.live.screen import clock

    heard = False
    try:
        for block in ending.until(blocks):
            shown.show(stream.push(block))
            heard = True
        if ending.number is not None:
            shown.say(f"ended by {ending.name} after {clock(stream.time)}; what was found follows")
    except (LightdiarError, ValueError, OSError, ReaderGone, OutputLost) as error:
        if not heard:
            raise
        return error
    return None


class _Ending:
    """Lets Ctrl-C, or another signal to end, end the listening between two blocks; a second one works as ever.

    Attributes
    ----------
    number : int or None
        Of the signal.
    """

    def __init__(self):
        self.number, self._before, self._waiting = None, {}, False

    def __enter__(self):
        wanted = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]  # as `nohup` does
        self._before = {number: signal.signal(number, self._told) for number in wanted}
        return self

    def __exit__(self, *_):
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def until(self, blocks):
        """Yield blocks until told to end; only waiting for one is interrupted."""
        while self.number is None:
            try:
                self._waiting = True
                block = next(blocks)
            except (StopIteration, KeyboardInterrupt):
                return
            finally:
                self._waiting = False
            yield block

    @property
    def name(self):
        """What people call the signal."""
        return "Ctrl-C" if self.number == signal.SIGINT else signal.Signals(self.number).name

    @property
    def status(self):
        """Of the program: Ctrl-C is how to end, other signals are not."""
        return 0 if self.number in (None, signal.SIGINT) else 128 + self.number

    def _told(self, number, _frame):
        self.number = number
        self.__exit__()
        if self._waiting:
            raise KeyboardInterrupt


def _source(arguments):
    """What is listened to, the usual name of the result, and the blocks."""
    from lightdiar.live import sources
    from lightdiar.systems.sound import name_of_recording

    source, which = arguments.source, arguments.microphone
    if (source is None) == (which is None):
        raise ValueError("listen to one thing: --microphone, a file, or - for standard input.")
    is_file = source not in (None, "-")
    if is_file and arguments.rate is not None:
        raise ValueError("--rate is of a microphone or of standard input; a file says by itself.")
    if not is_file and arguments.speed is not None:
        raise ValueError("--speed is of a file that is played.")
    if is_file:
        speed = 1.0 if arguments.speed is None else arguments.speed
        return Path(source).name, name_of_recording(source), sources.played(source, speed)
    if source == "-":
        rate = _USUAL_RATE if arguments.rate is None else arguments.rate
        return "standard input", _NAME, sources.standard_input(rate)
    found = sources.find_microphone(which or None, arguments.rate)
    title = f"the microphone {found.name} at {found.sample_rate} Hz"
    return title, _NAME, sources.microphone(found.number, found.sample_rate)


def _list():
    """Print the microphones that there are; * is the usual one."""
    from lightdiar.live.microphone import microphones

    rows = [("", "number", "name", "system", "rate")]
    for one in microphones():
        rows.append(("*" * one.is_default, str(one.number), one.name, one.system, f"{one.sample_rate} Hz"))
    if len(rows) == 1:
        raise ValueError("there is no microphone. Plug one in, or allow it in the privacy settings of the system.")
    show_text("\n".join(aligned_columns(rows, [True, False, True, True, False])))


def _name(text):
    if not text or is_reserved(text) or set(text) & set("/\\") or printable(text) != text:
        raise argparse.ArgumentTypeError(f"{text!r} cannot be the name of a file.")
    return text
