"""The live picture for a terminal: what was heard so far, as lines of ASCII.

Nothing is printed here, and no more is kept than is drawn, however long the stream is.
"""

import math

from lightdiar.common.tables import printable, shortened
from lightdiar.live.update import Update
from lightdiar.timeline import Segment, Turn

STRIP = 60  # seconds, a character each
WIDEST = 80

_NAME, _VOICE, _TIME, _SHARE = 12, 14, 8, 6  # characters of a column
_AROUND = 5  # lines besides those of speakers and events: two at the top, a head, an empty line, an axis
_EVENTS = 3
_NOW = 1.0  # seconds: who spoke until then is speaking
_MARKS = range(15, STRIP + 1, 15)  # of the axis, seconds ago
_WORDS = {"F": ("woman", "women"), "M": ("man", "men"), "child": ("child", "children")}


class Screen:
    """What a terminal shows of a stream.

    Parameters
    ----------
    title : str
        What is heard, such as the name of a microphone.

    Examples
    --------
    >>> from lightdiar.systems.result import Speaker
    >>> screen = Screen("desk microphone")
    >>> speakers = Speaker("SPEAKER_00", 5.0, 0.97), Speaker("SPEAKER_01", 3.0, 0.02)
    >>> turns = Turn(0, 5, "SPEAKER_00"), Turn(5, 8, "SPEAKER_01")
    >>> screen.add(Update(time=10.0, certain=turns, speakers=speakers))
    >>> print(*screen.lines(60), sep="\\n")
    0:10  desk microphone
    1 woman, 1 man; women's share of the speaking time 62%
      speaker      voice             time share
      SPEAKER_00   woman 0.97        0:05   62%  #########
      SPEAKER_01   man 0.98          0:03   38%  ######
    <BLANKLINE>
                   -45 s          -30 s          -15 s       now
      SPEAKER_00                                      #####
      SPEAKER_01                                           ###
    """

    def __init__(self, title: str) -> None:
        self.title = printable(title)
        self._update: Update | None = None
        self._turns: list[Turn] = []  # of the last minute
        self._gaps: list[Segment] = []
        self._events: list[str] = []

    def add(self, update: Update) -> None:
        """Take note of what a push found."""
        self._update = update
        self._turns += update.certain
        self._gaps += update.gaps
        for merge in update.merges:
            self._turns = [
                Turn(turn.start, turn.end, merge.into) if turn.speaker == merge.speaker else turn
                for turn in self._turns
            ]
        since = update.time - STRIP
        self._turns = [turn for turn in self._turns if turn.end > since]
        self._gaps = [gap for gap in self._gaps if gap.end > since]
        events = [f"{clock(merge.time)} {printable(str(merge))}" for merge in update.merges]
        events += [f"{clock(gap.start)} gap of {gap.duration:.1f} s: sound was lost" for gap in update.gaps]
        self._events = [*self._events, *events][-_EVENTS:]

    def lines(self, width: int = WIDEST, height: int = 20) -> list[str]:
        """Draw it.

        Parameters
        ----------
        width, height : int
            The most characters in a line, and the most lines.

        Returns
        -------
        lines : list of str
        """
        update, width = self._update, min(width, WIDEST)
        if update is None:
            return [f"{clock(0)}  {self.title}"[:width]]
        shown, others = _most_heard(update.speakers, height - _AROUND - len(self._events))
        total = sum(speaker.seconds for speaker in update.speakers)
        now = self._speaking_now(update)
        lines = [f"{clock(update.time)}  {self.title}", _summary(update)]
        if shown:
            marked = [(">" if speaker.name in now else " ", speaker) for speaker in shown]
            head = f"  {'speaker':{_NAME}} {'voice':{_VOICE}}{'time':>{_TIME}}{'share':>{_SHARE}}"
            rows = [f"{mark} {_row(speaker, total, width)}" for mark, speaker in marked]
            strips = [f"{mark} {self._strip(speaker.name, update, width)}" for mark, speaker in marked]
            lines += [head, *rows, *_row_of_others(others, total, now), "", _axis(width), *strips]
        return [line[:width].rstrip() for line in [*lines, *self._events]][:height]

    def _speaking_now(self, update):
        return {turn.speaker for turn in (*self._turns, *update.guess) if turn.end > update.time - _NOW}

    def _strip(self, name, update, width):
        """The last minute of a speaker, a second in each character: # certain, : a guess, x lost."""
        length = _strip_length(width)
        first = math.ceil(update.time) - length
        signs = [" "] * length
        for sign, segments in ((":", update.guess), ("#", self._turns), ("x", self._gaps)):
            for segment in segments:
                if getattr(segment, "speaker", name) == name:
                    start = max(0, math.floor(segment.start) - first)
                    end = min(length, math.ceil(segment.end) - first)
                    signs[start:end] = sign * (end - start)
        return f"{_cell(name)} {''.join(signs)}"


def clock(seconds: float) -> str:
    """A time as people write it.

    Examples
    --------
    >>> clock(75.9), clock(36000)
    ('1:15', '10:00:00')
    """
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _summary(update):
    """How many women and men, and women's share."""
    if not update.speakers:
        return "no speaker is certain yet"
    counts = update.counts
    counted = [f"{counts[kind]} {words[counts[kind] != 1]}" for kind, words in _WORDS.items() if kind in counts]
    share = "-" if math.isnan(update.womens_share) else f"{update.womens_share:.0%}"
    return f"{', '.join(counted)}; women's share of the speaking time {share}"


def _most_heard(speakers, n_lines):
    """Those for whom there are two lines each, in order of appearance, and the others, for whom there is one."""
    if 2 * len(speakers) <= n_lines:
        return speakers, ()
    most = max(1, (n_lines - 1) // 2)
    names = {speaker.name for speaker in sorted(speakers, key=lambda speaker: -speaker.seconds)[:most]}
    shown, others = (tuple(s for s in speakers if (s.name in names) == wanted) for wanted in (True, False))
    return shown, others


def _row(speaker, total, width):
    word = _WORDS[speaker.gender][0] if speaker.gender in _WORDS else speaker.gender
    voice = f"{word} {speaker.probability:.2f}"
    share = speaker.seconds / total if total else 0.0
    row = f"{_cell(speaker.name)} {voice:{_VOICE}}{clock(speaker.seconds):>{_TIME}}{share:>{_SHARE}.0%}"
    return f"{row}  {'#' * round(share * (width - len(row) - 4))}"


def _row_of_others(others, total, now):
    if others:
        seconds = sum(speaker.seconds for speaker in others)
        share = seconds / total if total else 0.0
        mark = ">" if any(speaker.name in now for speaker in others) else " "
        name = f"and {len(others)} more"
        yield f"{mark} {name:{_NAME + 1 + _VOICE}}{clock(seconds):>{_TIME}}{share:>{_SHARE}.0%}"


def _axis(width):
    """The line above the strips: how many seconds ago."""
    length = _strip_length(width)
    signs = [" "] * length
    for ago in _MARKS:
        if ago <= length:
            mark = f"-{ago} s"
            signs[length - ago : length - ago + len(mark)] = mark
    signs[-3:] = "now"
    return f"  {'':{_NAME}} {''.join(signs)}"


def _strip_length(width):
    return max(3, min(STRIP, width - _NAME - 3))


def _cell(name):
    return f"{shortened(printable(name), _NAME):{_NAME}}"
