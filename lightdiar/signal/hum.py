"""Hum and rumble, taken out before anything is computed from the sound.

Speech has no steady tones: over 16 s those of the mains, 50 or 60 Hz and their multiples, stand out of the spectrum
around them by far more than any voice does, and are brought down to it. Below the voice, sound is turned down as far
as there is more of it than in ordinary recordings. Where there is neither, not a bit of the sound changes. A fixed
high-pass filter would leave the harmonics of the hum and change all other sound too.

Windows overlap by half and add up to 1, so the sound is processed as it arrives, and where it is cut does not matter.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from lightdiar.signal.frames import recut

_RATE = 16000  # Hz
_LONGEST, _SHORTEST = 128000, 64000  # samples between windows: 8 s, down to 4 in a short sound
_WHOLE = 1600  # samples: whole periods of 50 and of 60 Hz
_MATCH, _LEEWAY = 16000, 800  # samples: see `_continued`

_MAINS, _HIGHEST = (50.0, 60.0), 1000.0  # Hz; multiples up to the highest
_OFF = 0.005  # share by which the mains, or the recorder's clock, may be off
_AROUND, _CROWD = 16.0, 0.9  # Hz, share: a tone stands out of the loudest tenth of so much spectrum around it, ...
_STEADY = 22.0  # dB: ... by so much. In simulated sound without hum or music hardly anything does
_WEAK = 9.0  # dB, for the other multiples once one is found
_BROAD = 0.3  # Hz on either side of a tone, as the mains wander
_ROUNDING = 1e-13  # of the largest power: no tone

_OFFSET, _RUMBLE, _VOICE = 0.5, 60.0, 90.0  # Hz: all from the first to the second is rumble, nothing above the third
_ORDINARY = -3.0  # dB relative to the rest of the sound: so much rumble is in clean recordings and stays
_STEEP = 6.0  # each dB more leaves so many dB less,
_LEAST = -22.0  # until this is left


def without_hum(blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Take hum and rumble out of a recording that arrives in blocks.

    Parameters
    ----------
    blocks : iterable of ndarray of shape (n_samples,)
        Mono audio at 16 kHz; where it is cut does not matter. Sound of less than 5 s is left alone, and so is what is
        around a sample that is not finite.

    Yields
    ------
    samples : ndarray of shape (n_samples,)
        As many in all, cut differently.
    """
    pieces = recut(blocks, _LONGEST)
    held = np.concatenate([np.zeros(0, np.float32), *islice(pieces, 2)])
    hop = min(_LONGEST, (len(held) - _MATCH) // _WHOLE * _WHOLE)
    if hop < _SHORTEST:
        yield held
        return
    window = np.hanning(2 * hop + 1)[:-1].astype(np.float32)
    held, n_before = np.concatenate([_continued(held[::-1], hop, hop)[::-1], held]), hop
    hum = None
    for piece in pieces:
        held = np.concatenate([held, piece])
        if len(held) >= 4 * hop:
            clean, hum = _clean_hop(held, window, hum)
            yield clean[n_before:]
            held, n_before = held[hop:], 0
    n_held, n_hops = len(held), -(-len(held) // hop)
    held, rest = np.concatenate([held, _continued(held, hop, (n_hops + 1) * hop - n_held)]), []
    for start in range(0, n_hops * hop, hop):
        clean, hum = _clean_hop(held[start:], window, hum)
        rest.append(clean)
    yield np.concatenate(rest)[n_before:n_held]


def _continued(samples, lag, n_samples):
    """What follows the end of a sound if it repeats itself after `lag` samples, or a few less, shape (n_samples,).

    How much less is where its waves match those at the end best, so that a hum goes on: one that stopped would sound
    like a click there.
    """
    from scipy.fft import irfft, rfft

    end, n_fft = samples[-_MATCH:].astype(np.float64), 2 * _MATCH
    before = samples[-_MATCH - lag : len(samples) - lag + _LEEWAY].astype(np.float64)
    correlation = irfft(rfft(before, n_fft) * rfft(end, n_fft).conj(), n_fft)
    lag -= int(correlation[: _LEEWAY + 1].argmax())
    return np.resize(samples[-lag:], n_samples)


def _clean_hop(samples, window, before):
    """The first hop of a sound without its hum, and the hum that this window sees in the next hop, None for none.

    `before` is the hum that the last window saw in this hop.
    """
    hop = len(window) // 2
    hum = _hum((samples[: 2 * hop] * window).astype(np.float32, copy=False))
    found = [part for part in (before, hum) if part is not None]
    clean = samples[:hop] - sum(part[:hop] for part in found) if found else samples[:hop]
    return clean, None if hum is None else hum[hop:]


def _hum(windowed):
    """Hum and rumble of a windowed stretch of sound, float32; None if there are none."""
    from scipy.fft import irfft, rfft

    resolution = _RATE / len(windowed)
    spectrum, n_low = rfft(windowed), round(_HIGHEST / resolution)
    spectrum, high = spectrum[:n_low], spectrum[n_low:]
    power, above = np.square(spectrum.real, dtype=np.float64), float(np.vdot(high, high).real)
    power += np.square(spectrum.imag, dtype=np.float64)
    removed = np.zeros(n_low)  # share of each amplitude
    if 0 < power.sum() + above < np.inf:
        _find_tones(removed, power, resolution)
        _find_rumble(removed, power, above, resolution)
    if not removed.any():
        return None
    return irfft(spectrum * removed.astype(np.float32), len(windowed))


def _find_tones(removed, power, resolution):
    """Bring the steady tones of the mains down to the median of the spectrum around them.

    Where there are many tones side by side, as in a loop of a second, there is no hum.
    """
    n_around = round(_AROUND / resolution)
    first, end = n_around, len(power) // n_around * n_around
    bands = power[first:end].reshape(-1, n_around)
    around, tenth = np.maximum(np.quantile(bands, [0.5, _CROWD], axis=1, keepdims=True), _ROUNDING * power.max())
    height = (bands / tenth).ravel()
    loud = first + np.flatnonzero(height > 10 ** (_STEADY / 10))
    mains = [frequency for frequency in _MAINS if _is_multiple(loud * resolution, frequency).any()]
    if mains:
        loud = first + np.flatnonzero(height > 10 ** (_WEAK / 10))
        steady = loud[np.any([_is_multiple(loud * resolution, frequency) for frequency in mains], axis=0)]
        n_broad = max(2, round(_BROAD / resolution))
        tone = np.zeros(end - first, bool)
        for number in range(-n_broad, n_broad + 1):
            tone[np.clip(steady + number, first, end - 1) - first] = True
        left = np.sqrt(around / np.maximum(bands, around)).ravel()
        removed[first:end] = np.where(tone, 1 - left, 0)


def _is_multiple(frequency, mains):
    """Which frequencies are multiples of that of the mains, as far as those are exact."""
    multiple = mains * np.maximum(1, np.round(frequency / mains))
    return abs(frequency - multiple) <= _OFF * multiple


def _find_rumble(removed, power, above, resolution):
    """Turn down what is below the voice if there is more of it than in ordinary recordings.

    `above` is the power of the frequencies that `power` leaves out.
    """
    frequency = np.arange(int(_VOICE / resolution)) * resolution
    share = np.clip((_VOICE - frequency) / (_VOICE - _RUMBLE), 0, 1)
    kept = power * (1 - removed) ** 2
    kept[: frequency.searchsorted(_OFFSET)] = 0
    low, rest = kept[: len(share)], above + kept[len(share) :].sum()
    rumble, rest = low @ share**2, rest + low @ (1 - share) ** 2
    if rumble <= 10 ** (_ORDINARY / 10) * rest:
        return
    level = 10 * np.log10(rumble / max(rest, _ROUNDING * rumble))
    wanted = max(_ORDINARY - _STEEP * (level - _ORDINARY), _LEAST)
    left = 1 - (1 - 10 ** ((wanted - level) / 20)) * share
    left[frequency < _OFFSET] = 1
    removed[: len(share)] = 1 - (1 - removed[: len(share)]) * left
