"""The report of a recording: who is heard, how much, when and with whom, on one page for people."""

from lightdiar.common.tables import printable
from lightdiar.report.by_ear import by_ear
from lightdiar.report.closing import limits, method, method_unknown
from lightdiar.report.dialogue import dialogue
from lightdiar.report.heard import Heard
from lightdiar.report.page import element, joined, page, section
from lightdiar.report.sound import Sound
from lightdiar.report.speaking import speaking, timeline
from lightdiar.report.summary import summary
from lightdiar.report.words import Words
from lightdiar.show.svg import COLORS
from lightdiar.systems.result import Diarization

_SPOKEN = ("play", "pause", "closer", "wider", "timeline", "nobody")  # words of the timeline's script


def recording_report(result: Diarization, *, language: str = "en", sound: Sound | None = None) -> str:
    """Report on one page who is heard in a recording.

    The page asks no network for anything, can be printed, and is read on a telephone, by keyboard and by a screen
    reader. The same result gives the same bytes.

    Parameters
    ----------
    result : Diarization
    language : {"en", "fr"}
    sound : Sound, optional
        What the page plays, from `lightdiar.report.sound.sound_for`; by default nothing.

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
    heard = Heard(result, words, plays=bool(sound.source))
    title = result.annotation.recording or words("unnamed")
    parts = [_head(title, heard), section("summary", words("summary"), summary(heard))]
    if result.turns:
        parts += [
            section("timeline-section", words("timeline"), timeline(heard, sound)),
            section("speaking", words("speaking"), speaking(heard)),
            section("dialogue", words("dialogue"), dialogue(heard)),
        ]
    if result.turns and result.genders_known:
        parts.append(section("ear", words("ear"), by_ear(heard)))
    known = result.genders_known
    how = method(words, result.min_speaker_seconds) if known else method_unknown(words)
    parts += [section("limits", words("limits"), limits(words, known)), section("method", words("method"), how)]
    return page(title, joined(parts), words, _data(heard) if result.turns else None)


def _head(title, heard):
    words, result = heard.words, heard.result
    speech = sum(segment.duration for segment in result.annotation.speech())
    length = words("length", duration=words.duration(result.duration), speech=words.duration(speech))
    kicker = element("p", words("kicker"), class_="kicker")
    return element("header", kicker, element("h1", title), element("p", length, class_="soft"))


def _data(heard):
    """What the script draws: times to 10 ms, which is what the turns are found to."""
    result, words = heard.result, heard.words
    number = {name: place for place, name in enumerate(heard.speakers)}
    speakers = [
        {"name": printable(speaker.name), "gender": heard.voice(speaker), "color": COLORS[speaker.gender]}
        for speaker in result.speakers
    ]
    turns = [[round(turn.start, 2), round(turn.end, 2), number[turn.speaker]] for turn in result.turns]
    end = max([result.duration, *(turn.end for turn in result.turns)])
    data = {"duration": round(end, 2), "speakers": speakers, "turns": turns}
    return {"data": data, "words": {key: words(key) for key in _SPOKEN}}
