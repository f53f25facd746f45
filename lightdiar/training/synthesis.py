"""Synthetic speech: a source, a filter, and a known truth to compare with.

In the source-filter theory of speech [1]_, the vocal folds cut the air stream into pulses (here the pulse of
[2]_, with the small irregularities of a living voice), or a narrow passage makes it hiss; the vocal tract, a
chain of resonances called formants, then colours the sound. Formants that glide from phone to phone at four or
five syllables a second make it sound like talking. Nobody will mistake it for a person, but its speakers differ
as people do: in pitch, in the length and shape of the vocal tract, and in the softness of the voice.

References
----------
.. [1] Fant, "Acoustic Theory of Speech Production", Mouton, 1960.
.. [2] Rosenberg, "Effect of glottal pulse shape on the quality of natural vowels", JASA 49, 1971.
.. [3] Peterson and Barney, "Control methods used in a study of the vowels", JASA 24, 1952.
.. [4] Klatt, "Software for a cascade/parallel formant synthesizer", JASA 67, 1980.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lightdiar.io.audio import Audio
from lightdiar.timeline import Annotation, Turn

STEP = 0.010  # seconds from one filter to the next
LEVEL = 0.07  # RMS of speech, about -23 dB below full scale
NOISE_LEVEL = 4.0  # of hiss relative to pulses: gives 4 to 8 kHz its share of the speech spectrum
VOWELS = {  # first three formants of men, Hz [3]_
    "i": (270, 2290, 3010),
    "e": (530, 1840, 2480),
    "ae": (660, 1720, 2410),
    "a": (730, 1090, 2440),
    "o": (570, 840, 2410),
    "u": (300, 870, 2240),
    "uh": (640, 1190, 2390),
    "er": (490, 1350, 1690),
}


class _Phone(NamedTuple):
    seconds: float
    voicing: float  # amplitude of the pulses
    noise: float  # amplitude of the hiss
    formants: tuple
    noise_at: float = 3000.0  # where the hiss is strongest, Hz
    noise_width: float = 6000.0


_PAUSE = _Phone(0.25, 0.0, 0.01, (500, 1500, 2500))
_CONSONANTS = [  # each a sequence of phones: a stop is a closure and a burst
    [_Phone(0.07, 0.40, 0.00, (250, 1100, 2200))],  # m
    [_Phone(0.06, 0.40, 0.00, (250, 1600, 2500))],  # n
    [_Phone(0.06, 0.60, 0.00, (350, 1000, 2600))],  # l
    [_Phone(0.06, 0.60, 0.00, (330, 1100, 1600))],  # r
    [_Phone(0.06, 0.60, 0.00, (290, 650, 2200))],  # w
    [_Phone(0.06, 0.60, 0.00, (270, 2200, 2900))],  # y
    [_Phone(0.10, 0.00, 0.25, (320, 1600, 2500), 5500, 2500)],  # s
    [_Phone(0.10, 0.00, 0.25, (320, 1800, 2500), 3000, 1500)],  # sh
    [_Phone(0.09, 0.00, 0.08, (320, 1000, 2300), 4500, 6000)],  # f
    [_Phone(0.07, 0.30, 0.12, (280, 1600, 2500), 5500, 2500)],  # z
    [_Phone(0.06, 0.35, 0.05, (280, 1000, 2300), 4500, 6000)],  # v
    [_Phone(0.06, 0.00, 0.00, (250, 800, 2200)), _Phone(0.015, 0.0, 0.2, (300, 800, 2200), 1000, 2000)],  # p
    [_Phone(0.06, 0.00, 0.00, (250, 1700, 2600)), _Phone(0.02, 0.0, 0.3, (300, 1700, 2600), 4500, 3000)],  # t
    [_Phone(0.06, 0.00, 0.00, (250, 2000, 2300)), _Phone(0.03, 0.0, 0.3, (300, 2000, 2300), 2000, 1000)],  # k
    [_Phone(0.05, 0.15, 0.00, (250, 1700, 2600)), _Phone(0.01, 0.5, 0.2, (300, 1700, 2600), 4500, 3000)],  # d
]


def _check(name, value, lowest, highest):
    if not lowest <= value <= highest:
        raise ValueError(f"{name}={value}: must be from {lowest} to {highest}.")


@dataclass(frozen=True)
class Voice:
    """What characterises a speaker, whatever is said.

    Parameters
    ----------
    f0 : float
        Mean pitch, Hz, from 60 to 400.
    gender : str
        "M" or "F"; used only for the truth.
    formant_scale : float, default=1.0
        Formants relative to a man of average size, from 0.7 to 1.5; women have about 1.15.
    formant_shape : tuple of 3 floats, default=(1.0, 1.0, 1.0)
        Factors on the first three formants, each from 0.7 to 1.5: no two vocal tracts have the same proportions.
    open_quotient : float, default=0.6
        Fraction of each cycle in which the vocal folds are open, from 0.3 to 0.9; smaller for a pressed voice.
    softness : float, default=0.2
        Pole of a low-pass filter on the pulses, from 0 to 0.9; larger sounds duller.
    breath : float, default=0.03
        Hiss that leaks through the open folds, relative to the pulses, from 0 to 1.

    Raises
    ------
    ValueError
        If a value lies outside its range.
    """

    f0: float
    gender: str
    formant_scale: float = 1.0
    formant_shape: tuple[float, float, float] = (1.0, 1.0, 1.0)
    open_quotient: float = 0.6
    softness: float = 0.2
    breath: float = 0.03

    def __post_init__(self):
        _check("f0", self.f0, 60, 400)
        if self.gender not in ("M", "F"):
            raise ValueError(f"gender={self.gender!r}: must be 'M' or 'F'.")
        _check("formant_scale", self.formant_scale, 0.7, 1.5)
        if len(self.formant_shape) != 3:
            raise ValueError(f"formant_shape={self.formant_shape} must hold 3 factors, such as (1.0, 1.0, 1.0).")
        for factor in self.formant_shape:
            _check("formant_shape", factor, 0.7, 1.5)
        _check("open_quotient", self.open_quotient, 0.3, 0.9)
        _check("softness", self.softness, 0.0, 0.9)
        _check("breath", self.breath, 0.0, 1.0)


VOICES = {
    "Adam": Voice(104, "M", 0.85, (0.80, 1.14, 0.82), open_quotient=0.64, softness=0.31, breath=0.12),
    "Bruno": Voice(131, "M", 1.00, (1.19, 0.80, 1.04), open_quotient=0.74, softness=0.00, breath=0.18),
    "Clara": Voice(205, "F", 1.17, (0.94, 1.14, 0.97), open_quotient=0.68, softness=0.00, breath=0.02),
    "Diana": Voice(235, "F", 1.26, (1.00, 1.05, 1.02), open_quotient=0.72, softness=0.68, breath=0.01),
}


def synthesize_conversation(
    voices: Mapping[str, Voice] | None = None, *, n_turns: int = 16, sample_rate: int = 16000, seed: int = 0
) -> tuple[Audio, Annotation, dict[str, str]]:
    """Let several voices talk in turn in a quiet room.

    Nobody interrupts; turns of 1.5 to 4.5 s are separated by silences of 0.3 to 0.9 s, together 3.6 s on average.
    Pauses inside a turn are shorter than 0.5 s and belong to it.

    Parameters
    ----------
    voices : dict of str to Voice, default=VOICES
        Speakers by name; everyone speaks once before anyone speaks twice.
    n_turns : int, default=16
        The default makes about a minute.
    sample_rate : int, default=16000
        Hz, from 8000 to 48000.
    seed : int, default=0
        The same seed gives the same conversation.

    Returns
    -------
    audio : Audio
    reference : Annotation
        Who speaks when, exact to the sample.
    genders : dict of str to str
        "M" or "F" for each speaker.

    Raises
    ------
    ValueError
        If there are no voices, `n_turns` is negative, or the sample rate is out of range.
    """
    voices = VOICES if voices is None else voices
    if not voices or n_turns < 0:
        raise ValueError(f"{len(voices)} voices, {n_turns} turns: need at least 1 voice and 0 or more turns.")
    _check("sample_rate", sample_rate, 8000, 48000)
    rng = np.random.default_rng(seed)
    order: list[str] = []
    while len(order) < n_turns:
        circle = [str(name) for name in rng.permutation(list(voices))]
        if order and circle[0] == order[-1]:
            circle.reverse()
        order += circle
    pieces, turns, position = [], [], 0
    for name in order[:n_turns]:
        silence = np.zeros(round(rng.uniform(0.3, 0.9) * sample_rate), np.float32)
        speech = synthesize_speech(voices[name], rng.uniform(1.5, 4.5), sample_rate=sample_rate, seed=rng)
        start = position + len(silence)
        position = start + len(speech)
        turns.append(Turn(start / sample_rate, position / sample_rate, name))
        pieces += [silence, speech]
    samples = np.concatenate([*pieces, np.zeros(sample_rate // 2, np.float32)])
    samples += rng.normal(0, LEVEL / 300, len(samples)).astype(np.float32)
    genders = {name: voice.gender for name, voice in voices.items()}
    return Audio(samples, sample_rate), Annotation(turns, "synthetic"), genders


def synthesize_speech(
    voice: Voice, seconds: float, *, sample_rate: int = 16000, seed: int | np.random.Generator = 0
) -> np.ndarray:
    """Let a voice babble: random syllables in phrases with falling pitch and short breath pauses.

    Parameters
    ----------
    voice : Voice
    seconds : float
        At least 0.1; the voice sounds from beginning to end.
    sample_rate : int, default=16000
        Hz, from 8000 to 48000.
    seed : int or numpy Generator, default=0

    Returns
    -------
    samples : ndarray of shape (round(seconds * sample_rate),), float32
        RMS 0.07.

    Raises
    ------
    ValueError
        If `seconds` or `sample_rate` is out of range.
    """
    _check("seconds", seconds, 0.1, 3600)
    rng = np.random.default_rng(seed)
    phones, seconds_each, pitch = _babble(seconds, rng)
    return _render(voice, phones, seconds_each, pitch, round(seconds * sample_rate), sample_rate, rng)


def synthesize_vowel(
    voice: Voice,
    vowel: str,
    seconds: float = 0.5,
    *,
    sample_rate: int = 16000,
    seed: int | np.random.Generator = 0,
) -> np.ndarray:
    """Hold one vowel at the mean pitch of the voice.

    Parameters
    ----------
    voice : Voice
    vowel : str
        A key of `VOWELS`.
    seconds, sample_rate, seed
        As in `synthesize_speech`.

    Returns
    -------
    samples : ndarray of shape (round(seconds * sample_rate),), float32

    Raises
    ------
    ValueError
        If the vowel is unknown, or `seconds` or `sample_rate` is out of range.
    """
    _check("seconds", seconds, 0.1, 3600)
    if vowel not in VOWELS:
        raise ValueError(f"vowel={vowel!r} is unknown; choose from {', '.join(VOWELS)}.")
    phone = _Phone(seconds, 1.0, 0.0, VOWELS[vowel])
    rng = np.random.default_rng(seed)
    return _render(voice, [phone], [seconds], [(0.0, 0.0)], round(seconds * sample_rate), sample_rate, rng)


def _babble(seconds, rng):
    """Phones that fill `seconds`, the length of each, and the pitch contour as (time, log of f0 / mean)."""
    phones, lengths, pitch = [], [], []
    time, phrase_end = 0.0, rng.uniform(1.0, 2.5)
    phrase_start = time
    while time < seconds:
        if time > phrase_end and seconds - time > 1.0:
            phones.append(_PAUSE)
            lengths.append(rng.uniform(0.15, 0.4))
            phrase_start = time = time + lengths[-1]
            phrase_end = time + rng.uniform(1.0, 2.5)
        vowel = _Phone(0.14, 1.0, 0.0, VOWELS[rng.choice(list(VOWELS))])
        syllable = [*_CONSONANTS[rng.integers(len(_CONSONANTS))], vowel]
        new = [phone.seconds * rng.lognormal(0, 0.15) for phone in syllable]
        phones += syllable
        lengths += new
        time += sum(new)
        fallen = (time - phrase_start) / (phrase_end - phrase_start)
        pitch.append((time - new[-1] / 2, 0.1 - 0.2 * fallen + rng.normal(0, 0.04)))
    times, height = np.array(pitch).T
    pace = seconds / time
    return phones, np.array(lengths) * pace, np.column_stack([times * pace, height - height.mean()])


def _render(voice, phones, seconds_each, pitch, n_samples, sample_rate, rng):
    """Turn phones into sound: make both sources, filter each, add."""
    _check("sample_rate", sample_rate, 8000, 48000)
    ends = np.round(np.cumsum(seconds_each) * sample_rate).astype(int)
    ends[-1] = n_samples
    which = np.repeat(np.arange(len(phones)), np.diff(ends, prepend=0))
    times, height = np.transpose(pitch)
    f0 = voice.f0 * np.exp(np.interp(np.arange(n_samples) / sample_rate, times, height))
    voicing, noise = (
        _smooth(np.array([getattr(phone, what) for phone in phones])[which], round(STEP * sample_rate))
        for what in ("voicing", "noise")
    )
    flow, pulses = _glottis(voice, f0, sample_rate, rng)
    hiss = rng.normal(0, 1, n_samples)

    hop = round(STEP * sample_rate)
    frames = which[::hop]
    tract = _smooth(np.array([phone.formants for phone in phones], dtype=float)[frames], 5)
    tract *= voice.formant_scale * np.array(voice.formant_shape)
    # above the third formant the tract is a uniform tube, 17 cm long, closed at the folds
    upper = np.arange(3500, 0.47 * sample_rate / voice.formant_scale, 1000) * voice.formant_scale
    tract = np.hstack([tract, np.broadcast_to(upper, (len(tract), len(upper)))])
    voiced = _filter(voicing * (pulses + voice.breath * flow * hiss), tract, 50 + 0.04 * tract, hop, sample_rate)

    place = np.array([(phone.noise_at, phone.noise_width) for phone in phones])[frames]
    centre = np.minimum(place[:, :1] * voice.formant_scale, 0.45 * sample_rate)
    unvoiced = _filter(NOISE_LEVEL * noise * np.diff(hiss, prepend=0), centre, place[:, 1:], hop, sample_rate)
    edge = np.minimum(1, np.minimum(np.arange(n_samples), np.arange(n_samples)[::-1]) / (0.005 * sample_rate))
    samples = (voiced + unvoiced) * edge
    return (samples * (LEVEL / np.sqrt(np.mean(samples**2)))).astype(np.float32)


def _glottis(voice, f0, sample_rate, rng):
    """Air flow through the folds [2]_ and its slope, which is what the lips radiate; each shape (n_samples,)."""
    cycles = np.cumsum(f0) / sample_rate
    n_cycles = int(cycles[-1]) + 2
    jitter = np.interp(cycles, np.arange(n_cycles), rng.normal(0, 0.005, n_cycles))
    shimmer = 1 + rng.normal(0, 0.03, n_cycles)[cycles.astype(int)]
    phase = (cycles + jitter) % 1
    opening, closed = 2 / 3 * voice.open_quotient, voice.open_quotient
    flow = np.select(
        [phase < opening, phase < closed],
        [
            0.5 - 0.5 * np.cos(np.pi * phase / opening),
            np.cos(np.pi / 2 * (phase - opening) / (closed - opening)),
        ],
    )
    slope = np.diff(flow, prepend=0) * shimmer * sample_rate / f0
    return flow, _one_pole(slope, voice.softness)


def _one_pole(samples, pole):
    from scipy.signal import lfilter

    return lfilter([1 - pole], [1, -pole], samples)


def _filter(samples, frequencies, bandwidths, hop, sample_rate):
    """Send samples through resonances in series that change from frame to frame.

    Each resonance is a pair of poles with gain 1 at 0 Hz [4]_. Frames of two hops under a Hann window are
    filtered as a whole and added up where they overlap.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
    frequencies, bandwidths : ndarray of shape (n_frames, n_resonances)
        Hz, in the middle of each hop.
    """
    radius = np.exp(-np.pi * bandwidths / sample_rate)
    middle, last = -2 * radius * np.cos(2 * np.pi * frequencies / sample_rate), radius**2
    n_frames, n_resonances = frequencies.shape
    poles = np.zeros((n_frames, 2 * n_resonances + 1))
    poles[:, 0] = 1
    for i in range(n_resonances):
        before = poles.copy()
        poles[:, 1:] += middle[:, i, None] * before[:, :-1]
        poles[:, 2:] += last[:, i, None] * before[:, :-2]
    poles /= (1 + middle + last).prod(axis=1, keepdims=True)

    n_fft = 8 * hop  # 80 ms: the resonances have died away
    padded = np.zeros((n_frames + 1) * hop)
    padded[hop // 2 : hop // 2 + len(samples)] = samples
    window = 0.5 - 0.5 * np.cos(np.pi * np.arange(2 * hop) / hop)
    pieces = np.lib.stride_tricks.sliding_window_view(padded, 2 * hop)[::hop] * window
    filtered = np.fft.irfft(np.fft.rfft(pieces, n_fft) / np.fft.rfft(poles, n_fft), n_fft)
    out = np.zeros((n_frames + 7, hop))
    for i, part in enumerate(filtered.reshape(n_frames, 8, hop).transpose(1, 0, 2)):
        out[i : i + n_frames] += part
    return out.ravel()[hop // 2 : hop // 2 + len(samples)]


def _smooth(track, width):
    """Moving average along the first axis, edges held."""
    ends = [(width // 2, width - 1 - width // 2)] + [(0, 0)] * (track.ndim - 1)
    return np.lib.stride_tricks.sliding_window_view(np.pad(track, ends, mode="edge"), width, axis=0).mean(axis=-1)
