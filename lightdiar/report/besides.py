"""Part of the report of a recording: which sounds are heard, how long, and where to listen to each."""

from collections.abc import Iterator

from lightdiar.events.result import SoundEvents
from lightdiar.report.heard import Heard
from lightdiar.report.page import Markup, element, table
from lightdiar.show.strips import Strip, strips

_MOST = 30  # labels of a sentence


def besides(heard: Heard, events: SoundEvents) -> Iterator[Markup]:
    """Say where the sounds come from, how long each label is heard, and what was listened for in vain."""
    words = heard.words
    yield element("p", words("sounds_note"))
    rows = strips(events.events)
    if not rows:
        yield element("p", words("sounds_none"))
    else:
        unsure = any(event.probability < 1 for event in events.events)
        heads = ["sound", "longest_at", "time", "of_recording", "n_times", *(["mean_probability"] * unsure)]
        lines = [_line(row, heard, unsure) for row in rows]
        yield table(words("sounds_table"), [words(key) for key in heads], lines, words, n_words=2)
    there = {event.label for event in events.events}
    silent = [words.label(label) for label in events.labels if label not in there]
    if len(silent) > _MOST:
        silent[_MOST:] = [words("other_sounds", len(silent) - _MOST)]
    if silent:
        yield element("p", words("sounds_silent", names=words.listed(silent)), class_="note")


def strip_name(row: Strip, heard: Heard) -> str:
    """What a row of events is called on the page."""
    words = heard.words
    return words.label(row.labels[0]) if len(row.labels) == 1 else words("other_sounds", len(row.labels))


def _line(row, heard, unsure):
    """The figures of a row of events."""
    words = heard.words
    longest = max(row.events, key=lambda event: event.duration)
    seconds = sum(event.duration for event in row.events)
    line = (
        strip_name(row, heard),
        heard.place(longest.start, longest.end),
        words.duration(row.seconds),
        words.share(row.seconds / heard.end),
        words.number(len(row.events)),
    )
    if not unsure:
        return line
    return (*line, words.brief(sum(event.duration * event.probability for event in row.events) / seconds))
