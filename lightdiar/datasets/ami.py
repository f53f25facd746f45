"""AMI [1]_: ``MEETING/audio/MEETING.Mix-Headset.wav`` with RTTM, or with the words of the manual annotations.

Of each meeting one sound is taken: the mix of the headsets, or else that of the lapel microphones, or else the first
microphone of the first array that is there. RTTM comes first; where there is none, turns are made of
``words/MEETING.A.words.xml`` as in [2]_: words that follow each other without a pause are one turn, and what is no word
is left out. corpusResources/meetings.xml names the people, by which they are known in several meetings.

References
----------
.. [1] Carletta et al., "The AMI meeting corpus: a pre-announcement", MLMI 2005.
.. [2] Landini, Profant, Diez and Burget, "Bayesian HMM clustering of x-vector sequences (VBx) in speaker diarization",
   Computer Speech and Language 71, 2022.
"""

import re
from pathlib import Path, PurePosixPath

from lightdiar.common.files import write_text
from lightdiar.datasets.elements import read_elements
from lightdiar.datasets.rows import Conversation, Kind, Read, Unplaced, new_folder
from lightdiar.datasets.tree import Tree
from lightdiar.datasets.truths import paired, read_truths, truth_of
from lightdiar.errors import FormatError
from lightdiar.io.lines import number_of, segment_of
from lightdiar.io.rttm import rttm_text
from lightdiar.timeline import Annotation, Turn

_SOUND = re.compile(r"([A-Z]{2}\d{4}[a-z]?)\.(Mix-Headset|Mix-Lapel|Array\d-\d\d)")  # of all who are in the room
_NEAR = re.compile(r"[A-Z]{2}\d{4}[a-z]?\.(Headset|Lapel)-\d")
_WORDS = re.compile(r"([A-Z]{2}\d{4}[a-z]?)\.([A-Z])\.words\.xml")
_PREFERRED = ("Mix-Headset", "Mix-Lapel")


def _fits(tree: Tree) -> bool:
    return any(_SOUND.fullmatch(sound.stem) or _NEAR.fullmatch(sound.stem) for sound in tree.sounds)


def _read(tree: Tree, extract: Path | None) -> Read:
    meetings: dict[str, list[PurePosixPath]] = {}
    unplaced = []
    for sound in tree.sounds:
        if found := _SOUND.fullmatch(sound.stem):
            meetings.setdefault(found[1], []).append(sound)
        else:
            near = _NEAR.fullmatch(sound.stem)
            unplaced.append(Unplaced(str(sound), "the microphone of one person" if near else "no meeting by its name"))
    taken = [min(sounds, key=_preference) for sounds in meetings.values()]
    others = (sound for sounds in meetings.values() for sound in sounds if sound not in taken)
    unplaced += [Unplaced(str(sound), "another microphone of its meeting is taken") for sound in others]
    truths, unread = read_truths(tree)
    told = {name.partition(".")[0] for name in truths}
    words = _from_words(tree, meetings.keys() - told, extract)
    truths |= {meeting: [truth_of(path, [annotation])] for meeting, (path, annotation) in words.items()}
    rows, alone = paired(tree, taken, truths, "en")
    used = {row.rttm for row in rows if isinstance(row, Conversation)}
    for path, annotation in words.values():
        if path in used:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_text(path, rttm_text(annotation))
    return rows, unplaced + alone + unread


def _preference(sound):
    microphone = sound.stem.partition(".")[2]
    return _PREFERRED.index(microphone) if microphone in _PREFERRED else len(_PREFERRED), microphone, str(sound)


def _from_words(tree: Tree, meetings: set[str], extract: Path | None) -> dict[str, tuple[Path, Annotation]]:
    """Who speaks when in meetings by their words, and the RTTM in the folder `extract` that is to tell it."""
    files: dict[str, dict[str, Path]] = {}
    for file in tree.ending(".words.xml"):
        named = _WORDS.fullmatch(file.name)
        if named and named[1] in meetings:
            files.setdefault(named[1], {})[named[2]] = tree.folder / file
    if not files:
        return {}
    folder = new_folder(extract, tree.folder, "turns in XML")
    names = _names(tree.near("meetings.xml"))
    found = {}
    for meeting, agents in sorted(files.items()):
        turns = [
            turn for agent, path in sorted(agents.items()) for turn in _turns(path, names.get((meeting, agent), agent))
        ]
        found[meeting] = folder / f"{meeting}.rttm", Annotation(turns, meeting)
    return found


def _names(path):
    """The name of each person (a letter) of a meeting."""
    names, meeting = {}, ""
    for _, element, attributes in read_elements(path) if path else ():
        if element == "meeting":
            meeting = attributes.get("observation", "")
        elif element == "speaker" and attributes.get("global_name"):
            names[meeting, attributes.get("nxt_agent", "")] = attributes["global_name"]
    return names


def _turns(path, speaker):
    """Turns of a person: words that follow each other without a pause."""
    words = []
    for number, element, attributes in read_elements(path):
        if element != "w" or attributes.get("punc") or not {"starttime", "endtime"} <= attributes.keys():
            continue
        try:
            word = segment_of(number_of(attributes["starttime"]), number_of(attributes["endtime"]))
        except ValueError as error:
            raise FormatError(f"{path}:{number}: {error}") from None
        if word:
            words.append(word)
    turns: list[list[float]] = []
    for word in sorted(words, key=lambda word: word.start):
        if turns and word.start <= turns[-1][1]:
            turns[-1][1] = max(turns[-1][1], word.end)
        else:
            turns.append([word.start, word.end])
    return [Turn(start, end, speaker) for start, end in turns]


AMI = Kind("ami", "MEETING.Mix-Headset.wav with RTTM or words/*.words.xml", _fits, _read)
