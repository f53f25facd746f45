"""Parts of the report of a recording: the timeline, and who speaks how long."""

from collections.abc import Iterator

from lightdiar.report.heard import KINDS, Heard
from lightdiar.report.page import Markup, element, table
from lightdiar.report.pictures import bar
from lightdiar.report.sound import Sound


def timeline(heard: Heard, sound: Sound) -> Iterator[Markup]:
    """Show the turns of each speaker over time, to click on, and all of them as a table."""
    words = heard.words
    yield element("div", id="timeline")
    yield element("noscript", element("p", words("no_script")))
    yield from _player(sound, words)
    if not heard.result.turns:
        return
    rows = [
        (words.clock(turn.start, 1), words.clock(turn.end, 1), turn.speaker, heard.voice(heard.speakers[turn.speaker]))
        for turn in heard.result.turns
    ]
    heads = [words(key) for key in ("start", "end", "speaker", "voice")]
    turns = table(words("turns"), heads, rows, words, n_words=4, titled=False, stacks=False)
    yield element("details", element("summary", words("turns_table", len(rows))), turns)


def _player(sound, words):
    if not sound.source:
        yield element("p", words(f"sound_{sound.lack}", suffix=sound.suffix), class_="note screen")
        return
    name = sound.name or words("sound_embedded")
    yield element("audio", id="sound", src=sound.source, preload="metadata")
    yield element("p", words("sound_lost", file=name), class_="warn", id="lost", hidden=True, role="status")
    yield element("p", words("timeline_how"), class_="note screen")
    if sound.name:
        yield element("p", words("sound_beside", file=name), class_="note screen")


def speaking(heard: Heard) -> Iterator[Markup]:
    """Show speaking time by voice and by speaker."""
    words = heard.words
    if heard.result.genders_known:
        heads = [words(key) for key in ("voice", "of_speech", "voices", "time", "of_which_uncertain")]
        yield table(words("by_gender"), heads, _genders(heard), words, n_words=2)
    if any(speaker.gender == "uncertain" != speaker.likelier_gender for speaker in heard.result.speakers):
        yield element("p", words("note_uncertain"), class_="note")
    heads = [words(key) for key in ("speaker", "of_speech", "heard_as", "time", "n_turns", "mean_turn")]
    yield table(words("by_speaker"), heads, _speakers(heard), words, n_words=3)


def _genders(heard):
    """A row for women's and men's voices, and one for children's and for others if there are any."""
    words = heard.words
    for kind in (*KINDS, "uncertain"):
        own = [speaker for speaker in heard.result.speakers if speaker.likelier_gender == kind]
        if not own and kind not in "FM":
            continue
        seconds = sum(speaker.seconds for speaker in own)
        unsure = sum(speaker.seconds for speaker in own if speaker.gender == "uncertain")
        yield (
            words(f"all_{kind}"),
            _with_bar(seconds / heard.total, kind, words),
            words.number(len(own)),
            words.duration(seconds),
            words.duration(unsure) if unsure else "\u2013",
        )


def _speakers(heard):
    """A row for each speaker, who speaks most first."""
    words, n_turns = heard.words, heard.n_turns
    for speaker in sorted(heard.result.speakers, key=lambda speaker: -speaker.seconds):
        yield (
            speaker.name,
            _with_bar(speaker.seconds / heard.total, speaker.gender, words),
            _gender(speaker, words),
            words.duration(speaker.seconds),
            words.number(n_turns[speaker.name]),
            words.duration(speaker.seconds / n_turns[speaker.name]),
        )


def _with_bar(share, kind, words):
    return element("div", bar(share, kind), element("span", words.share(share)), class_="share")


def _gender(speaker, words):
    if speaker.likelier_gender == "uncertain":
        return words("unknown")
    if speaker.told:
        return words("gender_told", gender=words(speaker.gender))
    key = "likelier" if speaker.gender == "uncertain" else "gender_sure"
    return words(key, gender=words(speaker.likelier_gender), p=words.brief(speaker.probability))
