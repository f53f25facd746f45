"""Sounds with pitch that nobody makes with a voice: tunes, sung-like tones, hums, beeps and calls, to train on.

There are never enough recordings of what has pitch but is not speech. These cost nothing, differ without end, and are
what a detector of speech confuses most: one tone at a time, in the range of voices.
"""

import numpy as np

from lightdiar.signal.frontend import SAMPLE_RATE

# semitones of major, minor, pentatonic and chromatic scales
_SCALES = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), tuple(range(12))
_HIGHEST = 7000.0  # Hz; nothing sounds above
_CONTROL = 160  # samples from one value of pitch and loudness to the next


def tune(rng: np.random.Generator, n_samples: int) -> np.ndarray:
    """One to three instruments that play random notes of a scale; some sound sung.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_samples : int

    Returns
    -------
    samples : ndarray of shape (n_samples,)
        At 16 kHz, of any level.
    """
    scale = np.array(_SCALES[rng.integers(len(_SCALES))])
    samples = np.zeros(n_samples)
    for _ in range(rng.integers(1, 4)):
        lowest = rng.integers(36, 70)  # semitones, 69 is 440 Hz
        note, beat = rng.uniform(0.1, 0.9), rng.random() < 0.5
        octaves, loud = _notes(rng, n_samples, scale, note, beat)
        samples += rng.uniform(0.3, 1) * _timbre(rng, 440 * 2 ** (octaves + (lowest - 69) / 12), loud)[:n_samples]
    return samples[:n_samples]


def hum(rng: np.random.Generator, n_samples: int) -> np.ndarray:
    """A motor, a buzzer or a call: harmonics that drift, swell or come in bursts; see `tune`."""
    n = n_samples // _CONTROL + 2
    octaves = np.cumsum(rng.normal(0, rng.choice([0.0005, 0.005, 0.03]), n))
    octaves = octaves - np.linspace(0, octaves[-1], n)
    loud = np.ones(n)
    if rng.random() < 0.5:  # as machines turn
        loud *= 1 + rng.uniform(0.2, 1) * np.sin(2 * np.pi * rng.uniform(0.5, 14) * np.arange(n) / 100)
    if rng.random() < 0.5:  # bursts, each with its glide
        at = 0
        while at < n:
            on, off = (np.array(rng.uniform([0.05, 0.05], [0.7, 1.2])) * 100).astype(int)
            octaves[at : at + on] += rng.uniform(-0.5, 0.5) * np.linspace(0, 1, on)[: n - at]
            loud[at : at + on] *= np.hanning(on + 2)[1:-1][: n - at] ** rng.uniform(0.2, 2)
            loud[at + on : at + on + off] = 0
            at += on + off
    return _timbre(rng, 2 ** (rng.uniform(np.log2(40), np.log2(900)) + octaves), loud)[:n_samples]


def _notes(rng, n_samples, scale, note, beat):
    """Octaves above the lowest note and loudness, every 10 ms."""
    n = n_samples // _CONTROL + 2
    octaves, loud = np.zeros(n), np.zeros(n)
    sustained, vibrato, rest = rng.random() < 0.5, rng.uniform(0, 0.03) * (rng.random() < 0.5), rng.uniform(0, 0.3)
    at, step = 0, 0
    while at < n:
        length = max(4, int(100 * note * (rng.choice([0.5, 1, 1, 2]) if beat else rng.uniform(0.4, 2))))
        time = np.arange(min(length, n - at)) / 100
        step = np.clip(step + rng.integers(-3, 4), 0, 2 * len(scale) - 1)
        octaves[at : at + length] = scale[step % len(scale)] / 12 + step // len(scale)
        octaves[at : at + length] += vibrato * np.sin(2 * np.pi * 5.5 * time)
        if rng.random() > rest:
            shape = np.exp(-time * 0.2) if sustained else np.exp(-time * 6)
            loud[at : at + length] = shape * np.minimum(1, (time[::-1] + 0.01) / 0.05) * rng.uniform(0.5, 1)
        at += length
    return octaves, loud


def _timbre(rng, frequency, loud):
    """Harmonics of a frequency (Hz, every 10 ms) with a spectral slope and perhaps resonances."""
    n_samples = len(frequency) * _CONTROL
    at = np.arange(n_samples) / _CONTROL
    frequency = np.interp(at, np.arange(len(frequency)), frequency)
    loud = np.interp(at, np.arange(len(loud)), loud)
    phase = 2 * np.pi * np.cumsum(frequency) / SAMPLE_RATE
    slope, odd = rng.uniform(0.5, 2.5), rng.random() < 0.15
    centres, widths = rng.uniform([250, 800, 2000], [900, 2300, 3500]), rng.uniform(80, 400, 3)
    resonant = rng.random() < 0.4
    samples = np.zeros(n_samples)
    for number in range(1, 1 + int(rng.integers(1, 25))):
        if odd and number % 2 == 0:
            continue
        height = number * frequency
        strength = number**-slope * rng.uniform(0.3, 1) * (height < _HIGHEST)
        if resonant:
            strength = strength * (0.03 + sum(1 / (1 + ((height - c) / w) ** 2) for c, w in zip(centres, widths)))
        samples += strength * np.sin(number * phase + rng.uniform(0, 2 * np.pi))
    return loud * samples + rng.choice([0, 0.01, 0.05]) * loud * rng.normal(size=n_samples)
