"""Copies of clean speech as it would sound in other recordings: moods, rooms, background noise and music, telephones.

The shipped models are trained on these copies, because a model trained on clean speech alone confuses half of
the speakers in a film. All random numbers come from a `numpy.random.Generator`, so the same seed gives the same
copies. Audio is float32 at 16 kHz.
"""

from collections.abc import Mapping

import numpy as np

from lightdiar.signal.frontend import GRID, SAMPLE_RATE

_N_FFT, _N_CEPSTRUM = 512, 40
_REVERBERATION, _FAR_BELOW = (0.2, 4.0), (-12.0, 4.0)  # seconds; decibels of the direct sound above the tail
_EFFORT = -0.3, 0.7  # octaves of the pitch: sad to shouting
_FIRST_FORMANT = 0.35, 0.1  # octaves for an octave of pitch, and how far people differ
_SLOPE = 4.0, 1.5  # decibels per octave for an octave of pitch, and how far people differ
_MOVED, _KEPT = 700.0, 1200.0  # Hz: a spectrum moves with the first formant below, and not at all above
_SLOPE_FROM = 250.0  # Hz
_DECIBELS = 20 / np.log(10)  # of a natural logarithm of amplitude
_BANDS = 0, 125, 250, 500, 1000, 2000, 4000, SAMPLE_RATE / 2  # Hz
CONDITIONS = ("clean", "room", "band", "narrow", "phone", "film")


def level(samples: np.ndarray, decibels: float = -26.0) -> np.ndarray:
    """Scale to a root mean square of `decibels` relative to full scale; silence stays silence."""
    rms = np.sqrt(np.square(samples, dtype=np.float64).sum() / max(len(samples), 1))
    return (samples * (10 ** (decibels / 20) / max(rms, 1e-9))).astype(np.float32)


def room(rng: np.random.Generator, reverberation_time: float, below: tuple[float, float] = (2.0, 12.0)) -> np.ndarray:
    """Impulse response of a room: the direct sound and an exponentially decaying tail of noise.

    Parameters
    ----------
    rng : numpy.random.Generator
    reverberation_time : float
        RT60, seconds, above 0.003.
    below : tuple of 2 float, default=(2, 12)
        Decibels by which the tail is below the direct sound, at least and at most; negative if it is above, as far from
        the microphone.

    Returns
    -------
    response : ndarray of shape (n_samples,)
        1 at first; the tail starts 3 ms later.
    """
    n = int(reverberation_time * SAMPLE_RATE)
    response = rng.normal(size=n) * 10 ** (-3 * np.arange(n) / n)
    response[: int(0.003 * SAMPLE_RATE)] = 0
    response *= 10 ** (-rng.uniform(*below) / 20) / np.sqrt((response**2).sum())
    response[0] = 1
    return response


def far_room(rng: np.random.Generator) -> np.ndarray:
    """Impulse response of a room as small as a bathroom or as large as a church, far from the microphone."""
    return room(rng, np.exp(rng.uniform(*np.log(_REVERBERATION))), _FAR_BELOW)


def bed(rng: np.random.Generator, backgrounds: Mapping[str, list[np.ndarray]], n_samples: int) -> np.ndarray:
    """Background of unit RMS: one or two clips, each played at a random speed with a random spectral tilt.

    Parameters
    ----------
    rng : numpy.random.Generator
    backgrounds : dict of str to list of ndarray
        Clips of each kind, e.g. ``{"noise": [...], "music": [...]}``; a kind is drawn first, then a clip.
    n_samples : int

    Returns
    -------
    samples : ndarray of shape (n_samples,), float32

    Raises
    ------
    ValueError
        If there are no clips.
    """
    kinds = sorted(kind for kind in backgrounds if backgrounds[kind])
    if not kinds:
        raise ValueError(
            'backgrounds contain no clips; the film condition needs at least one, e.g. {"noise": [samples]}.'
        )
    mixture = np.zeros(n_samples, np.float32)
    for _ in range(rng.integers(1, 3)):
        clips = backgrounds[kinds[rng.integers(len(kinds))]]
        clip = vary(rng, clips[rng.integers(len(clips))])
        clip = np.roll(clip, -rng.integers(len(clip)))
        mixture += level(np.tile(clip, n_samples // len(clip) + 1)[:n_samples], -rng.uniform(0, 6))
    return level(mixture, 0.0)


def vary(rng: np.random.Generator, clip: np.ndarray) -> np.ndarray:
    """Play the clip at 0.7 to 1.4 times its speed and tilt its spectrum."""
    speed = 2 ** rng.uniform(-0.5, 0.5)
    at = np.arange(0, len(clip) - 1, speed)
    return tilt(rng, np.interp(at, np.arange(len(clip)), clip))


def tilt(rng: np.random.Generator, samples: np.ndarray) -> np.ndarray:
    """Tilt the spectrum up or down, by up to 12 dB between its ends, as another microphone would."""
    from scipy.signal import lfilter

    return lfilter([1, -rng.uniform(-0.6, 0.6)], [1], samples).astype(np.float32)


def microphone(rng: np.random.Generator, samples: np.ndarray) -> np.ndarray:
    """Colour the sound as a microphone or a loudspeaker does, good ones and bad ones.

    From each octave to the next the response rises or falls, by 4 dB (standard deviation); four in ten have no bass
    below 80-500 Hz, three in ten no treble above 3-7.5 kHz.

    Parameters
    ----------
    rng : numpy.random.Generator
    samples : ndarray of shape (n_samples,)
        At 16 kHz.

    Returns
    -------
    samples : ndarray of shape (n_samples,)
    """
    from scipy.signal import butter, fftconvolve, firwin2, sosfilt

    decibels = np.cumsum(rng.normal(0, 4, len(_BANDS)))
    response = firwin2(257, np.array(_BANDS) / _BANDS[-1], 10 ** ((decibels - decibels.mean()) / 20))
    samples = fftconvolve(samples, response, "same")
    if rng.random() < 0.4:
        samples = sosfilt(butter(2, rng.uniform(80, 500), "highpass", fs=SAMPLE_RATE, output="sos"), samples)
    if rng.random() < 0.3:
        samples = sosfilt(butter(4, rng.uniform(3000, 7500), fs=SAMPLE_RATE, output="sos"), samples)
    return samples


def hiss(rng: np.random.Generator, n_samples: int) -> np.ndarray:
    """Stationary background noise with the low-pass tilt of a quiet room, unit RMS."""
    from scipy.signal import lfilter

    return level(lfilter([1], [1, -0.95], rng.normal(size=n_samples)), 0.0)


def band(rng: np.random.Generator, samples: np.ndarray) -> np.ndarray:
    """Keep what a telephone passes, about 250 to 3500 Hz, with soft edges."""
    from scipy.signal import butter, sosfilt

    edges = [rng.uniform(150, 350), rng.uniform(3000, 3900)]
    return sosfilt(butter(4, edges, "bandpass", fs=SAMPLE_RATE, output="sos"), samples)


def telephone(rng: np.random.Generator, samples: np.ndarray) -> np.ndarray:
    """Keep what a telephone at 8 kHz passes: its band, and nothing at all above 4 kHz."""
    return narrow(band(rng, samples))


def narrow(samples: np.ndarray) -> np.ndarray:
    """Keep what a sample rate of 8 kHz can hold: nothing above 4 kHz."""
    from scipy.signal import resample_poly

    return resample_poly(resample_poly(samples, 1, 2), 2, 1)[: len(samples)]


def copy(
    samples: np.ndarray,
    condition: str,
    rng: np.random.Generator,
    backgrounds: Mapping[str, list[np.ndarray]],
    *,
    shared: np.random.Generator | None = None,
) -> np.ndarray:
    """One copy of an utterance in a recording condition.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
        Speech at 16 kHz.
    condition : {"clean", "room", "band", "narrow", "phone", "film"}
        Unchanged; far from the microphone; about 250-3500 Hz; sampled at 8 kHz; both of these; in a room, over noise or
        music 3-20 dB below the dry speech.
    rng : numpy.random.Generator
    backgrounds : dict
        As in `bed`.
    shared : numpy.random.Generator, optional
        Draws what all speakers of a recording share: the room, the telephone's band, the relative levels of background
        and hiss. By default `rng`, which draws the rest.

    Returns
    -------
    samples : ndarray of shape (n_samples,), float32
        With hiss 18-35 dB below the dry speech, at a random level of -36 to -16 dB. Peaks may exceed 1: nothing
        is clipped. Silence becomes hiss; an empty array stays empty.

    Raises
    ------
    ValueError
        If the condition is unknown, or is "film" without backgrounds.
    """
    from scipy.signal import fftconvolve

    n_samples = len(samples)
    if n_samples == 0:
        return np.zeros(0, np.float32)
    shared = rng if shared is None else shared
    speech = level(samples, 0.0)
    if condition == "room":
        speech = fftconvolve(speech, room(shared, shared.uniform(0.2, 0.9)))[:n_samples]
    elif condition == "band":
        speech = band(shared, speech)
    elif condition == "film":
        speech = fftconvolve(speech, room(shared, shared.uniform(0.15, 0.6)))[:n_samples]
        speech = speech + level(bed(rng, backgrounds, n_samples), -shared.uniform(3, 20))
    elif condition not in CONDITIONS:
        raise ValueError(f"condition={condition!r} is not one of {', '.join(CONDITIONS)}.")
    speech = speech + level(hiss(rng, n_samples), -shared.uniform(18, 35))
    if condition == "narrow":
        speech = narrow(speech)
    elif condition == "phone":
        speech = telephone(shared, speech)
    return level(speech, -26 + rng.uniform(-10, 10))


def vocal_effort(rng: np.random.Generator, samples: np.ndarray) -> np.ndarray:
    """The same words in another mood, from sad to shouting.

    With each octave of pitch the first formant rises by a third of an octave and the spectrum by 4 dB per octave [1]_;
    people differ in both.

    Parameters
    ----------
    rng : numpy.random.Generator
    samples : ndarray of shape (n_samples,)
        As in `change_pitch`.

    Returns
    -------
    samples : ndarray, float32
        0.8 to 1.6 times as fast.

    References
    ----------
    .. [1] Traunmüller and Eriksson, "Acoustic effects of variation in vocal effort by men, women, and children",
       J. Acoust. Soc. Am. 107, 2000.
    """
    octaves = rng.uniform(*_EFFORT)
    first_formant, slope = (octaves * mean + rng.normal(0, deviation) for mean, deviation in (_FIRST_FORMANT, _SLOPE))
    return change_pitch(samples, 2**octaves, first_formant=first_formant, slope=slope)


def change_pitch(samples: np.ndarray, factor: float, *, first_formant: float = 0.0, slope: float = 0.0) -> np.ndarray:
    """Change the pitch but not the vocal tract; speech becomes `factor` times as fast.

    Playing at another speed moves everything; dividing by the cepstrally smoothed spectrum and multiplying by that at
    the original speed puts the formants back.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
        Speech at 16 kHz, at least 0.1 s.
    factor : float
        0.7 to 2.
    first_formant : float, default=0.0
        Octaves by which the spectrum below 700 Hz is to move; above 1200 Hz it stays.
    slope : float, default=0.0
        Decibels per octave by which the spectrum above 250 Hz is to rise.

    Returns
    -------
    samples : ndarray of shape (about n_samples / factor,), float32
    """
    from scipy.signal import istft, stft

    at = np.arange(0, len(samples) - 1, factor)
    fast = np.interp(at, np.arange(len(samples)), samples)
    _, _, spectrum = stft(fast, nperseg=_N_FFT, noverlap=3 * _N_FFT // 4)
    cepstrum = np.fft.irfft(np.log(np.abs(spectrum) + 1e-6), axis=0)
    cepstrum[_N_CEPSTRUM : 1 - _N_CEPSTRUM] = 0
    envelope = np.fft.rfft(cepstrum, axis=0).real
    hertz = np.arange(len(envelope)) * SAMPLE_RATE / _N_FFT
    octaves = first_formant * np.clip((_KEPT - hertz) / (_KEPT - _MOVED), 0, 1)
    moved = np.minimum(np.arange(len(envelope)) * factor * 2**-octaves, len(envelope) - 1)
    below = np.minimum(moved.astype(int), len(envelope) - 2)
    share = (moved - below)[:, None]
    wanted = (1 - share) * envelope[below] + share * envelope[below + 1]
    rise = slope * np.log2(np.maximum(hertz, _SLOPE_FROM) / _SLOPE_FROM)[:, None] / _DECIBELS
    _, changed = istft(spectrum * np.exp(wanted + rise - envelope), nperseg=_N_FFT, noverlap=3 * _N_FFT // 4)
    return changed.astype(np.float32)


def speech_activity(samples: np.ndarray) -> np.ndarray:
    """Which hops of a clean utterance are speech, judged by their level.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
        At 16 kHz, one speaker, no background.

    Returns
    -------
    mask : ndarray of bool, shape (n_samples // 160,)
        Stops within words count as speech.
    """
    from scipy.ndimage import binary_closing, binary_dilation

    hops = samples[: len(samples) // GRID.hop_length * GRID.hop_length].reshape(-1, GRID.hop_length)
    if len(hops) == 0:
        return np.zeros(0, bool)
    decibels = 10 * np.log10(np.mean(np.square(hops, dtype=np.float64), axis=1) + 1e-10)
    decibels = np.convolve(decibels, np.ones(5) / 5)[2:-2]
    floor, top = np.percentile(decibels, [5, 95])
    return binary_dilation(binary_closing(decibels > max(floor + 0.4 * (top - floor), top - 28), np.ones(9, bool)))
