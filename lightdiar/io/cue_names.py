"""How a cue of a subtitle names its speaker.

As ``[Name] text``, which we write and players show; as ``Name: text``; or by the voice tag ``<v Name>text`` of
WebVTT [1]_. Each cue is read by its own form. What else looks so is told from names by the whole file:

- ``[door slams]`` alone is a sound, unless no cue has other text, or the same name stands before text elsewhere.
- ``[laughs] text`` is a name if each of its words begins with a capital (or has no case), or if at least half of the
  cues with text begin with brackets.
- ``He said: text`` is a name if it is in capitals, or two cues have it. One that occurs once is a name if its words
  begin with capitals, and at least half of the cues with text have words before a colon.

References
----------
.. [1] W3C, "WebVTT: the web video text tracks format", 2019, section 4.2.2.
"""

import html
import re
from collections import Counter
from collections.abc import Collection, Sequence

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
VOICE, BRACKETS, COLON = "<v Name>", "[Name]", "Name:"

_Found = tuple[str, str]  # the form and the name


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


def speakers_of(cues: Sequence[Sequence[str]]) -> tuple[list[list[str]], list[str]]:
    """The speakers that each cue names, and the forms in which they stand.

    Parameters
    ----------
    cues : sequence of sequence of str
        The lines of each cue.

    Returns
    -------
    speakers : list of list of str
        Of each cue those named, each once; none if no speaker is.
    forms : list of str
        Which of ``<v Name>``, ``[Name]`` and ``Name:`` name somebody.

    Examples
    --------
    >>> speakers_of([["[Ann] hi"], ["BOB: hey"], ["[door slams]"], ["He said: no"]])
    ([['Ann'], ['BOB'], [], []], ['[Name]', 'Name:'])
    """
    found = [list(dict.fromkeys(pair for line in lines for pair in _named(line))) for lines in cues]
    spoken = [any(map(_text_outside, lines)) for lines in cues]
    n_cues = Counter(pair for names in found for pair in names)
    with_text = [{form for form, _ in names} for names, has_text in zip(found, spoken) if has_text]
    usual = {form for form in (BRACKETS, COLON) if 2 * sum(form in forms for forms in with_text) >= len(with_text)}

    def counts(form, name):
        if form == VOICE:
            return True
        if form == BRACKETS:
            return form in usual or _has_capitals(name)
        return _is_in_capitals(name) or n_cues[form, name] > 1 or (form in usual and _has_capitals(name))

    kept = [[pair for pair in names if counts(*pair)] for names in found]
    before_text = {pair for names, has_text in zip(kept, spoken) if has_text for pair in names}
    if any(spoken):
        kept = [
            names if has_text else [pair for pair in names if pair[0] == VOICE or pair in before_text]
            for names, has_text in zip(kept, spoken)
        ]
    taken = {form for names in kept for form, _ in names}
    speakers = [list(dict.fromkeys(name for _, name in names)) for names in kept]
    return speakers, [form for form in (VOICE, BRACKETS, COLON) if form in taken]


def has_words(lines: Collection[str], speakers: Collection[str]) -> bool:
    """Whether a cue says more than the names of its speakers."""
    names = {*speakers, *(f"[{name}]" for name in speakers), *(f"{name}:" for name in speakers), ""}
    return any(html.unescape(_TAGS.sub("", line)).strip() not in names for line in lines)


def _named(line: str) -> list[_Found]:
    """What stands in a line as names do; by one form."""
    start = line[_START.match(line).end() :]  # type: ignore[union-attr]  # it matches nothing, too
    if voices := _VOICE.findall(line):
        found = [(VOICE, html.unescape(name)) for name in voices]
    elif bracket := _BRACKET.match(start):
        found = [(BRACKETS, re.sub("&(?:lt|gt|amp);", lambda escape: _ESCAPED[escape[0]], bracket[1]))]
    elif colon := _COLON.match(_TAGS.sub("", start)):
        found = [(COLON, colon[1])]
    else:
        return []
    return [(form, name) for form, given in found if (name := re.sub("[ \t]+", " ", given).strip())]


def _text_outside(line):
    """Whether there is text outside brackets and tags."""
    return bool(_BRACKET.sub("", _TAGS.sub("", line)).strip(" \t-\u2013\u2014>:\u266a"))


def _is_in_capitals(name):
    return name == name.upper() and any(map(str.isalpha, name))


def _has_capitals(name):
    return not any(word[0].islower() for word in name.split())
