"""Conversations with a known script, played by real voices: who is there, who meets whom, who answers whom.

A script is a row of scenes. In each, some of the cast take turns; between scenes nobody speaks for a while. Every role
is played by a person of a speech corpus, in clean sound or as in a film.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lightdiar.signal.frontend import GRID, SAMPLE_RATE
from lightdiar.timeline import Annotation, Turn
from lightdiar.training.augment import bed, change_pitch, hiss, level, room, speech_activity, telephone, tilt

CONDITIONS = ("clean", "room", "film", "phone")
_CASTS = {  # women and men of each kind of script, fewest and most
    "men only": ((0, 0), (1, 4)),
    "one woman": ((1, 1), (0, 4)),
    "women who never meet": ((2, 3), (1, 3)),
    "women who meet": ((2, 3), (0, 3)),
    "mixed company": ((0, 4), (0, 5)),
    "many": ((2, 8), (2, 8)),
}
KINDS = tuple(_CASTS)
LARGEST_CAST = tuple(max(most for _, most in numbers) for numbers in zip(*_CASTS.values()))  # women, men
_MARGIN = 6  # frames around speech that are kept
_LOUDNESS = 4.0  # decibels by which people differ, at most
_OCTAVES = -0.25, 0.6  # of acted speech: sad to shouting


@dataclass(frozen=True)
class Script:
    """Who speaks when, by roles.

    Parameters
    ----------
    turns : tuple of Turn
        Roles are W1, W2, ... for women and M1, M2, ... for men.
    seconds : float
        Length of the recording.
    """

    turns: tuple[Turn, ...]
    seconds: float

    @property
    def roles(self) -> list[str]:
        """Who has a turn, sorted."""
        return sorted({turn.speaker for turn in self.turns})


def draw_script(kind: str, rng: np.random.Generator, length: float = 1.0) -> Script:
    """Draw a script of one of `KINDS`: a minute or some, for "many" several.

    With another `length` it is about so many times as long, of the same cast: it breaks off early, as an excerpt does,
    in which some have said little or nothing and women who would meet may not; or more scenes follow.
    """
    if not 0 < length < math.inf:
        raise ValueError(f"length={length} must be above 0; 1 is usual.")
    women, men = (int(rng.integers(least, most + 1)) for least, most in _CASTS[kind])
    cast = [f"W{n + 1}" for n in range(women)] + [f"M{n + 1}" for n in range(men or not women)]
    n_parts = math.ceil(length)
    scenes = [scene for _ in range(n_parts) for scene in _draw_scenes(kind, cast, women, rng)]
    turns: list[Turn] = []
    now = float(rng.uniform(0.5, 3))
    for present in scenes:
        before: list[str] = []
        for _ in range(int(rng.integers(2, 12)) if len(present) > 1 else int(rng.integers(1, 3))):
            speaker = _next_speaker(present, before, rng)
            seconds = float(np.clip(rng.lognormal(0.9, 0.7), 0.6, 12))
            turns.append(Turn(round(now, 2), round(now + seconds, 2), speaker))
            now += seconds + float(rng.exponential(0.4))
            before.append(speaker)
        now += float(rng.uniform(5.5, 14))
    turns = [turn for turn in turns if turn.start < turns[-1].end * length / n_parts] or turns[:1]
    return Script(tuple(turns), turns[-1].end + float(rng.uniform(0.5, 2)))


def play(
    script: Script,
    cast: Mapping[str, Sequence[np.ndarray]],
    condition: str,
    backgrounds: Mapping[str, list[np.ndarray]],
    rng: np.random.Generator,
    *,
    acted: bool = False,
) -> tuple[np.ndarray, Annotation]:
    """Let people speak the turns of a script.

    Parameters
    ----------
    script : Script
    cast : dict of str to list of ndarray
        Utterances at 16 kHz of the person who plays each role.
    condition : {"clean", "room", "film", "phone"}
        Hiss 20-35 dB below the speech; in a room, too; in a room with beds of noise and music 5-20 dB below the speech
        that change every 15-60 s; by telephone.
    backgrounds : dict of str to list of ndarray
        As for `lightdiar.training.augment.bed`.
    rng : numpy.random.Generator
    acted : bool, default=False
        Whether every utterance has a pitch of its own, from sad to shouting.

    Returns
    -------
    samples : ndarray of shape (n_samples,), float32
    truth : Annotation
        The turns.
    """
    from scipy.signal import fftconvolve

    if condition not in CONDITIONS:
        raise ValueError(f"condition={condition!r} is not one of {', '.join(CONDITIONS)}.")
    n_samples = round(script.seconds * SAMPLE_RATE)
    speech = np.zeros(n_samples, np.float32)
    loudness = {role: rng.uniform(-_LOUDNESS, _LOUDNESS) for role in script.roles}
    stock = {role: _Stock(cast[role], rng, acted) for role in script.roles}
    for turn in script.turns:
        start = round(turn.start * SAMPLE_RATE)
        piece = level(stock[turn.speaker].take(round(turn.duration * SAMPLE_RATE)), loudness[turn.speaker])
        speech[start : start + len(piece)] += piece[: n_samples - start]
    if condition in ("room", "film"):
        speech = fftconvolve(speech, room(rng, rng.uniform(0.15, 0.6)))[:n_samples]
    if condition == "film":
        speech = speech + 10 ** (-5 / 20) * _beds(backgrounds, n_samples, rng)
    speech = speech + level(hiss(rng, n_samples), -rng.uniform(20, 35))
    if condition == "phone":
        speech = telephone(rng, speech)
    return level(tilt(rng, speech), -26 + rng.uniform(-6, 6)), Annotation(script.turns)


def _draw_scenes(kind, cast, n_women, rng):
    """Who is present in each scene; everybody is somewhere."""
    n_scenes = int(rng.integers(8, 31)) if kind == "many" else int(rng.integers(2, 6))
    if kind == "women who never meet":
        n_scenes = max(n_scenes, n_women)
    scenes = []
    for number in range(n_scenes):
        present = list(rng.permutation(cast)[: rng.integers(1, 1 + min(4, len(cast)))])
        if kind == "women who never meet":
            own = f"W{1 + number % n_women}"
            present = [role for role in present if role.startswith("M")] or [f"M{1 + number % (len(cast) - n_women)}"]
            present = [own, *present[:3]]
        if kind == "women who meet" and number == 0:
            present = ["W1", "W2", *(role for role in present if role not in ("W1", "W2"))][:4]
        scenes.append(present)
    for role in cast:
        if not any(role in present for present in scenes):
            allowed = [s for s in scenes if kind != "women who never meet" or role.startswith("M")]
            allowed[rng.integers(len(allowed))].append(role)
    return [scenes[place] for place in rng.permutation(len(scenes))]


def _next_speaker(present, before, rng):
    """Who speaks next: mostly the one before last, as in a dialogue."""
    if len(before) > 1 and before[-2] != before[-1] and rng.random() < 0.6:
        return before[-2]
    others = [role for role in present if role not in before[-1:]] or present
    return str(others[rng.integers(len(others))])


def _beds(backgrounds, n_samples, rng):
    """Backgrounds that change every 15-60 s, each 0-15 dB below the loudest."""
    pieces, n = [], 0
    while n < n_samples:
        length = min(n_samples - n, int(rng.uniform(15, 60) * SAMPLE_RATE))
        pieces.append(level(bed(rng, backgrounds, length), -rng.uniform(0, 15)))
        n += length
    return np.concatenate(pieces)


class _Stock:
    """What a person has to say, without pauses; it begins anew, at another pitch, when all is said."""

    def __init__(self, utterances, rng, acted):
        self.utterances, self.rng, self.acted = utterances, rng, acted
        self.left = np.zeros(0, np.float32)
        self.order: list[int] = []
        self.rounds = 0

    def take(self, n_samples):
        """The next samples, one for each asked for."""
        while len(self.left) < n_samples:
            if not self.order:
                self.order = list(self.rng.permutation(len(self.utterances)))
                self.rounds += 1
            self.left = np.concatenate([self.left, self._spoken(self.utterances[self.order.pop()])])
        piece, self.left = self.left[:n_samples], self.left[n_samples:]
        return _faded(piece)

    def _spoken(self, samples):
        if self.acted:
            samples = change_pitch(samples, 2 ** self.rng.uniform(*_OCTAVES))
        elif self.rounds > 1:  # the same sentence is never said twice in the same way
            samples = change_pitch(samples, 2 ** self.rng.uniform(-0.1, 0.1))
        return _squeezed(level(samples, 0.0))


def _squeezed(samples):
    """The utterance without its pauses; as it is if there is no speech to be found in it."""
    from scipy.ndimage import binary_dilation

    active = speech_activity(samples)
    if not active.any():
        return samples
    keep = binary_dilation(active, np.ones(2 * _MARGIN + 1, bool))
    return samples[: len(keep) * GRID.hop_length].reshape(-1, GRID.hop_length)[keep].ravel()


def _faded(piece):
    """The piece with soft ends of 10 ms."""
    ramp = np.linspace(0, 1, min(160, len(piece) // 2), dtype=np.float32)
    faded = piece.copy()
    faded[: len(ramp)] *= ramp
    faded[len(faded) - len(ramp) :] *= ramp[::-1]
    return faded
