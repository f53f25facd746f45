"""How a cue of a subtitle names its speaker.

As ``[Name] text``, which we write and players show; as ``Name: text``; or by the voice tag ``<v Name>text`` of
WebVTT [1]_. Sound descriptions such as ``[door slams]`` look like names too: of a file, only the form counts that most
of its cues have.

References
----------
.. [1] W3C, "WebVTT: the web video text tracks format", 2019, section 4.2.2.
"""

import html
import re

from lightdiar.io.turns import written_name

_TAGS = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_START = re.compile(rf"(?:[-\u2013\u2014>\s]|{_TAGS.pattern})*")  # and dashes, which mark a change of speakers
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]+)>")
_BRACKET = re.compile(r"\[([^\[\]]+)\]")
_WORD = r"[^\s:,;?!()\[\]]+"
_COLON = re.compile(rf"({_WORD}(?: {_WORD}){{0,3}})\s?:(?:\s|$)")  # a sentence before a colon is no name
_AMBIGUOUS = re.compile(r"[<>]|&(?=(?:lt|gt|amp);)")
_ESCAPED = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
EXPECTED = "write [Name] or Name: before the text, or <v Name> in WebVTT"


def name_in_brackets(speaker: str) -> str:
    """The speaker as it stands in SRT.

    ``<``, ``>`` and what would look like an escape are escaped, so that no player takes a name for a tag.

    Raises
    ------
    ValueError
        If the name has brackets, or cannot stand on a line.

    Examples
    --------
    >>> name_in_brackets("<i>Tom & Jerry")
    '[&lt;i&gt;Tom & Jerry]'
    """
    name = written_name(speaker, "SRT", "[]")
    return f"[{_AMBIGUOUS.sub(lambda found: html.escape(found[0]), name)}]"


def voice_tag(speaker: str) -> str:
    """The speaker as it stands in WebVTT; ValueError if the name cannot stand on a line.

    Examples
    --------
    >>> voice_tag("Tom & Jerry")
    '<v Tom &amp; Jerry>'
    """
    return f"<v {html.escape(written_name(speaker, 'WebVTT'), quote=False)}>"


def has_voice_tag(line: str) -> bool:
    return bool(_VOICE.search(line))


def speakers_of(cues: list[list[str]]) -> list[list[str]]:
    """The speakers that the lines of each cue name, in the form that most cues have."""
    found = [[_named(lines, form) for lines in cues] for form in (_voices, _in_brackets, _before_colon)]
    return max(found, key=lambda speakers: sum(map(bool, speakers)))


def _named(lines, form):
    names = (re.sub("[ \t]+", " ", name).strip() for line in lines for name in form(line))
    return list(dict.fromkeys(filter(None, names)))


def _voices(line):
    return map(html.unescape, _VOICE.findall(line))


def _in_brackets(line):
    found = _BRACKET.match(line[_START.match(line).end() :])
    return [re.sub("&(?:lt|gt|amp);", lambda escape: _ESCAPED[escape[0]], found[1])] if found else []


def _before_colon(line):
    found = _COLON.match(_TAGS.sub("", line[_START.match(line).end() :]))
    return [found[1]] if found else []
