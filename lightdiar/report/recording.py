"""The report of a recording: who is heard, how much, when and with whom, on one page for people."""

from lightdiar.common.tables import printable
from lightdiar.events.result import SoundEvents
from lightdiar.report.besides import besides, strip_name
from lightdiar.report.by_ear import by_ear
from lightdiar.report.closing import limits, method, method_unknown
from lightdiar.report.dialogue import dialogue
from lightdiar.report.heard import Heard
from lightdiar.report.page import element, joined, page, section
from lightdiar.report.sound import Sound
from lightdiar.report.speaking import speaking, timeline
from lightdiar.report.summary import summary
from lightdiar.report.words import Words
from lightdiar.show.strips import strips
from lightdiar.show.svg import COLORS
from lightdiar.systems.result import Diarization, check_result

_SPOKEN = ("play", "pause", "closer", "wider", "nobody")  # words of the timeline's script
_MOST_BARS = 1000  # of a row of events


def recording_report(
    result: Diarization,
    *,
    language: str = "en",
    sound: Sound | None = None,
    events: SoundEvents | None = None,
) -> str:
    """Report on one page who is heard in a recording.

    The page asks no network for anything, can be printed, and is read on a telephone, by keyboard and by a screen
    reader. The same result gives the same bytes.

    Parameters
    ----------
    result : Diarization
    language : {"en", "fr"}
    sound : Sound, optional
        What the page plays, from `lightdiar.report.sound.sound_for`; by default nothing.
    events : SoundEvents, optional
        What else is heard: rows below those of the speakers, and a table. However many there are, they take at most
        300 kB of the page: labels after the twelfth share a row, and of very many events neighbours are joined.

    Returns
    -------
    html : str

    Raises
    ------
    ValueError
        If the language is another one.

    Examples
    --------
    >>> from lightdiar import Annotation, Diarization, Speaker, Turn
    >>> talk = Annotation([Turn(0, 6, "ann"), Turn(6, 8, "bob")], "news")
    >>> result = Diarization(talk, [Speaker("ann", 6.0, 0.99), Speaker("bob", 2.0, 0.01)], duration=9.0)
    >>> "<h1>news</h1>" in recording_report(result)
    True
    """
    words, sound = Words(language), sound or Sound()
    heard = Heard(check_result(result), words, plays=bool(sound.source), events=events)
    sounds = bool(events and events.events)
    title = result.annotation.recording or words("unnamed")
    parts = [_head(title, heard), section("summary", words("summary"), summary(heard))]
    when = words("timeline_besides" if sounds else "timeline")
    if result.turns or sounds:
        parts.append(section("timeline-section", when, timeline(heard, sound)))
    if result.turns:
        parts.append(section("speaking", words("speaking"), speaking(heard)))
    if events is not None:
        parts.append(section("besides", words("sounds"), besides(heard, events)))
    if result.turns:
        parts.append(section("dialogue", words("dialogue"), dialogue(heard)))
    if result.turns and result.genders_known:
        parts.append(section("ear", words("ear"), by_ear(heard)))
    known = result.genders_known
    how = method(words, result.min_speaker_seconds) if known else method_unknown(words)
    parts += [section("limits", words("limits"), limits(words, known)), section("method", words("method"), how)]
    return page(title, joined(parts), words, _data(heard, when) if result.turns or sounds else None)


def _head(title, heard):
    words, result = heard.words, heard.result
    speech = sum(segment.duration for segment in result.annotation.speech())
    length = words("length", duration=words.duration(result.duration), speech=words.duration(speech))
    kicker = element("p", words("kicker"), class_="kicker")
    return element("header", kicker, element("h1", title), element("p", length, class_="soft"))


def _data(heard, title):
    """What the script draws: times to 10 ms, which is what the turns are found to."""
    result, words = heard.result, heard.words
    number = {name: place for place, name in enumerate(heard.speakers)}
    speakers = [
        {"name": printable(speaker.name), "gender": heard.voice(speaker), "color": COLORS[speaker.gender]}
        for speaker in result.speakers
    ]
    turns = [[round(turn.start, 2), round(turn.end, 2), number[turn.speaker]] for turn in result.turns]
    data = {"duration": round(heard.end, 2), "speakers": speakers, "turns": turns, "sounds": _sounds(heard)}
    return {"data": data, "words": {"timeline": title, **{key: words(key) for key in _SPOKEN}}}


def _sounds(heard):
    """Rows of events, with so few bars that they stay small."""
    rows = strips(heard.events.events if heard.events else ())
    return [
        {
            "name": printable(strip_name(row, heard)),
            "bars": [[round(bar.start, 2), round(bar.end, 2)] for bar in row.bars(_MOST_BARS)],
        }
        for row in rows
    ]
