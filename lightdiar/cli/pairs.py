"""What `lightdiar score` compares: truth and output of each recording, and which of its time is scored.

Channels are those of RTTM and UEM. If truth and output both have several, they are paired channel by channel. If only
one of them has, both describe the whole recording, and a name that occurs on two channels is two speakers.
"""

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from lightdiar.errors import DoubtfulResultWarning
from lightdiar.io import rttm
from lightdiar.io.formats import FORMATS, find_turns
from lightdiar.io.lines import NOTHING, listed, name_of
from lightdiar.io.manifests import is_manifest, recording_of_sound, sounds_with_truth
from lightdiar.io.rttm import Channel, join_channels
from lightdiar.io.uem import read_channels as read_regions
from lightdiar.timeline import Annotation, Segment, difference

_SILENCE = Channel(Annotation())


@dataclass(frozen=True)
class Pair:
    """Truth and output of a recording or a channel, and its scored regions: None for all of it."""

    name: str
    reference: Annotation
    hypothesis: Annotation
    uem: list[Segment] | None
    noscore: bool


def read_pairs(
    reference: Path, hypothesis: Path, uem: Path | None = None, tiers: Collection[str] | None = None
) -> list[Pair]:
    """Read what is compared, sorted by name; warns of what is not, and why.

    Parameters
    ----------
    reference, hypothesis : Path
        A file of turns, or a folder of them: see `read_truth` and `lightdiar.io.formats.find_turns`. A manifest of
        conversations (path,rttm) stands for its files of turns, whose recordings are called like the sounds.
    uem : Path, optional
        Scored regions; recordings without any are left out.
    tiers : collection of str, optional
        Of the truth, as for `read_truth`.

    Raises
    ------
    FormatError
        If a file cannot be read.
    ValueError
        If a recording occurs in two files, a folder holds no file of turns, or the UEM has no region for any recording.
    """
    references, hypotheses = _read(reference, tiers), _read(hypothesis)
    if len(references) == len(hypotheses) == 1:  # one recording each: the names need not agree
        hypotheses = dict(zip(references, hypotheses.values()))
    _warn("nothing found for", sorted(set(references) - set(hypotheses)), "all of it counts as missed")
    _warn("no reference for", sorted(set(hypotheses) - set(references)), "not scored")
    ignored = [name for name, own in hypotheses.items() if any(channel.unscored for channel in own.values())]
    _warn(f"{hypothesis}: for", sorted(ignored), "NOSCORE lines of an output are not honoured")
    regions = _read_uem(uem) if uem else None
    pairs, without = [], []
    for name, true in sorted(references.items()):
        found = hypotheses.get(name, {})
        if len(true) > 1 and len(found) != 1:
            rows = _by_channel(name, true, found)
        else:
            for side, channels in ((reference, true), (hypothesis, found)):
                if len(channels) > 1:
                    what = f"only {side} has several channels ({listed(channels)}): scored as one recording"
                    _warn("of", [name], f"{what}, a name on two channels as two speakers")
            rows = [(name, None, join_channels(true), join_channels(found) if found else _SILENCE)]
        for label, channel, one, other in rows:
            inside = None if regions is None else _regions(regions.get(name, {}), channel, true)
            if inside == []:
                without.append(label)
                continue
            if one.unscored:
                inside = difference(_whole(one, other) if inside is None else inside, one.unscored)
            pairs.append(Pair(label, one.annotation, other.annotation, inside, bool(one.unscored)))
    if regions is not None and not pairs:
        there = listed(sorted(name for name, own in regions.items() if any(own.values()))) or "nothing"
        raise ValueError(
            f"{uem}: no region for {listed(sorted(references))}; it has some for {there}. "
            "A line is: recording channel start end."
        )
    _warn(f"{uem}: no region for", without, "not scored")
    return pairs


def read_truth(path: Path, tiers: Collection[str] | None = None) -> dict[tuple[str, str], Channel]:
    """Channels of each recording in a file, RTTM unless its ending says another format; nobody, if it is empty.

    Only the `tiers` are read, if they are given; ValueError if the format has none.
    """
    from lightdiar.systems.conversion import read_turns

    if tiers is None and path.suffix.lower() not in {form.suffix.lower() for form in FORMATS.values()} - {".rttm"}:
        return rttm.read_channels(path) or {("", NOTHING): _SILENCE}
    return {(name, NOTHING): Channel(annotation) for name, annotation in read_turns(path, tiers=tiers).items()}


def read_truth_of(sound: Path, path: Path, tiers: Collection[str] | None = None) -> dict[str, Channel]:
    """Channels of the recording that a sound is, in a file of turns: the only one in it, or the one of its name.

    Raises
    ------
    FormatError
        If the file cannot be read.
    ValueError
        If it holds several recordings, none of this name.
    """
    found = read_truth(path, tiers)
    names = {name for name, _ in found}
    name = next(iter(names)) if len(names) == 1 else recording_of_sound(sound, names)
    if name is None:
        raise ValueError(f"{path}: holds {len(names)} recordings, none called {name_of(sound.stem)}; it must hold one.")
    return {channel: own for (recording, channel), own in found.items() if recording == name}


def _read(path, tiers=None):
    """Channels of each recording, of one file, of all in a folder or of all in a manifest."""
    recordings: dict[str, dict[str, Channel]] = {}
    home: dict[str, Path] = {}
    for file, name, channel, found in _channels(path, tiers):
        own = recordings.setdefault(name, {})
        if home.setdefault(name, file) != file or channel in own:
            raise ValueError(f"{file}: contains {name} again; each recording may occur only once in {path}.")
        own[channel] = found
    return recordings


def _channels(path, tiers):
    """Each channel with its file and the name of its recording; one without a name is named after its file."""
    if is_manifest(path, "rttm"):
        for sound, turns in sounds_with_truth(path):
            for channel, found in read_truth_of(sound, turns, tiers).items():
                yield sound, name_of(sound.stem), channel, found
        return
    files = find_turns(path) if path.is_dir() else [path]
    if not files:
        raise ValueError(f"{path}: no file of turns in this folder, such as NAME.rttm, NAME.TextGrid or NAME.eaf.")
    for file in files:
        for (name, channel), found in read_truth(file, tiers).items():
            yield file, name or name_of(file.stem), channel, found


def _read_uem(path):
    """Regions of each channel of each recording."""
    regions: dict[str, dict[str, list[Segment]]] = {}
    for (name, channel), own in read_regions(path).items():
        regions.setdefault(name or name_of(path.stem), {}).setdefault(channel, []).extend(own)
    return regions


def _by_channel(name, true, found):
    """Label, channel, truth and output of each channel of the truth."""
    label = {channel: f"{name}/{channel}" for channel in {**true, **found}}
    if found:
        _warn(
            "nothing found for",
            [label[channel] for channel in true if channel not in found],
            "all of it counts as missed",
        )
        _warn("no reference for", [label[channel] for channel in found if channel not in true], "not scored")
    return [(label[channel], channel, one, found.get(channel, _SILENCE)) for channel, one in sorted(true.items())]


def _regions(own: Mapping[str, list[Segment]], channel: str | None, true: Mapping[str, Channel]) -> list[Segment]:
    """Scored regions of a channel; of the whole recording (None) those of its channels in the truth."""
    if channel is not None:
        return own.get(channel, [])
    if len(own) == 1 or NOTHING in true:
        return [segment for segments in own.values() for segment in segments]
    return [segment for name in true for segment in own.get(name, ())]


def _whole(*channels):
    """All time in which anyone speaks."""
    return [turn.segment for channel in channels for turn in channel.annotation]


def _warn(before, names, after):
    """Warn of names; of none, nothing."""
    if names:
        warnings.warn(f"{before} {listed(names)}: {after}", DoubtfulResultWarning, stacklevel=4)
