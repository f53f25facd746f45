"""Sound that comes through a pipe: samples without a header, or a WAV whose writer did not know its length.

What has come is used at once: pieces last a tenth of a second, and nothing waits for a buffer to fill. `ffmpeg`, `sox`
and `arecord` write both kinds.
"""

import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.io import mpeg
from lightdiar.io.audio import HIGHEST_VALUE, to_mono
from lightdiar.io.chunks import TAIL, is_chunk_name
from lightdiar.io.decoders import MOST_CHANNELS
from lightdiar.io.resample import checked_rate

PIECE = 0.1  # seconds

_STREAMED = 0x7FFFFF00  # a size from here on, or 0, was written by a program that did not know it
_LARGEST_CHUNK = 1 << 20  # bytes before the sound: names, pictures of a cover
_FEW_BYTES = 4096  # in which text and frames are told from samples
_FEW_FRAMES = 3  # in a row; two are found by chance in loud samples
_EXTENSIBLE = 0xFFFE  # the kind of samples stands further on
_SUBTYPES = {  # kind of samples, bits: libsndfile's name
    (1, 8): "PCM_U8",
    (1, 16): "PCM_16",
    (1, 24): "PCM_24",
    (1, 32): "PCM_32",
    (3, 32): "FLOAT",
    (3, 64): "DOUBLE",
    (6, 8): "ALAW",
    (7, 8): "ULAW",
}
_OTHERS = {
    b"fLaC": "FLAC",
    b"OggS": "Ogg",
    b"ID3": "MP3",
    b"FORM": "AIFF",
    b".snd": "AU",
    b"caff": "CAF",
    b"\x1aE\xdf\xa3": "Matroska",
    b"RIFX": "a big-endian WAV",
    b"RIFF": "AVI or another kind of RIFF",
    b"riff": "W64",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11": "WMA",
}
_ADVICE = "Let ffmpeg convert it: ffmpeg -i SOUND -f s16le -ar 16000 -ac 1 -"


@dataclass(frozen=True)
class _Kind:
    sample_rate: int
    n_channels: int
    subtype: str
    frame_bytes: int
    n_bytes: float  # of all sound; infinity if nobody said

    @property
    def seconds(self):
        """Duration of all sound."""
        return self.n_bytes / self.frame_bytes / self.sample_rate


def piped(file: Any, raw_rate: int = 16000, name: str = "standard input") -> tuple[int, Iterator[np.ndarray]]:
    """The sample rate of the sound in a pipe, and its pieces as they come.

    Parameters
    ----------
    file : binary file with `read1`
        Such as ``sys.stdin.buffer`` or the ``stdout`` of a process.
    raw_rate : int, default=16000
        Hz of samples without a header, which are one channel of 16-bit little-endian integers.
    name : str, default="standard input"
        What messages call it.

    Returns
    -------
    sample_rate : int
        Hz; that of the header, if there is one.
    pieces : iterator of ndarray of shape (n_samples,), float32
        Mixed by `lightdiar.io.audio.to_mono`; all but the last are a tenth of a second.

    Raises
    ------
    AudioError
        If nothing comes, or text, or sound of another format.

    Warns
    -----
    DoubtfulResultWarning
        If the sound ends within a sample, or before or after its header says, or a sample is no number or beyond 1e10
        (silence takes its place).
    """
    arriving = _Arriving(file)
    first = arriving.peek(12)
    if first[:4] in (b"RIFF", b"RF64") and first[8:] == b"WAVE":
        kind = _of_header(arriving, name)
    else:
        _refuse_others(arriving, name)
        kind = _Kind(checked_rate(raw_rate), 1, "PCM_16", 2, float("inf"))
    return kind.sample_rate, _pieces(arriving, kind, name)


class _Arriving:
    """Bytes that come piece by piece."""

    def __init__(self, file):
        self._file, self._held = file, b""

    def peek(self, n_bytes):
        """The next bytes, fewer only at the end, which stay."""
        while len(self._held) < n_bytes and (new := self._file.read1(n_bytes - len(self._held))):
            self._held += new
        return self._held[:n_bytes]

    def take(self, n_bytes):
        """The next bytes, fewer only at the end."""
        taken = self.peek(n_bytes)
        self._held = self._held[len(taken) :]
        return taken


def _refuse_others(arriving, name):
    """Raise AudioError unless what comes may be samples without a header."""
    first = arriving.peek(12)
    if not first:
        raise AudioError(f"{name}: is empty. Does the program that writes to the pipe say why?")
    known = next((kind for mark, kind in _OTHERS.items() if first.startswith(mark)), None)
    if first[4:8] == b"ftyp":
        known = "MP4"
    if not known:
        known = _frames(arriving.peek(_FEW_BYTES))
    if known:
        raise AudioError(f"{name}: is {known}; a pipe is read as 16-bit samples or WAV. {_ADVICE}")
    if _is_text(arriving.peek(_FEW_BYTES)):
        raise AudioError(f"{name}: is text, no sound. {_ADVICE}")


def _frames(data):
    """Of which format bytes hold some frames in a row, wherever they begin, as those of a radio station; or None."""
    file = BytesIO(data)
    if mpeg.is_mpeg(file) or any(stream.n_frames >= _FEW_FRAMES for stream in mpeg.streams(file, len(data))[0]):
        return "MP3"
    if len(data) > 376 and data[0] == data[188] == data[376] == 0x47:  # ISO/IEC 13818-1, 2.4.3.2
        return "MPEG-TS"
    at, n_frames = max(0, data.find(b"\xff\xf1")), 0  # ADTS: ISO/IEC 13818-7, 6.2
    while data[at : at + 2] == b"\xff\xf1" and (head := int.from_bytes(data[at + 3 : at + 6], "big") >> 5 & 0x1FFF):
        at, n_frames = at + head, n_frames + 1
    return "AAC" if n_frames >= _FEW_FRAMES else None


def _is_text(data):
    """Whether bytes are text, which by chance samples never are; silence is zeros."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = data[: error.start].decode("utf-8") if error.start > len(data) - 4 else ""  # cut within a character
    return bool(text) and all(sign.isprintable() or sign in "\t\r\n\f" for sign in text)


def _of_header(arriving, name):
    """What the header of a WAV says; the sound comes next."""
    arriving.take(12)
    format_chunk = b""
    while len(head := arriving.take(8)) == 8:
        mark, n_bytes = struct.unpack("<4sI", head)
        if mark == b"data":
            break
        if n_bytes > _LARGEST_CHUNK:
            raise AudioError(f"{name}: its header is damaged: a chunk of {n_bytes} bytes before the sound. {_ADVICE}")
        chunk = arriving.take(n_bytes + n_bytes % 2)
        if mark == b"fmt ":
            format_chunk = chunk
    else:
        raise AudioError(f"{name}: ends within its header. Does the program that writes to the pipe say why?")
    if len(format_chunk) < 16:
        raise AudioError(f"{name}: its header does not say what its samples are. {_ADVICE}")
    samples, n_channels, sample_rate, _, _, bits = struct.unpack("<HHIIHH", format_chunk[:16])
    if samples == _EXTENSIBLE and len(format_chunk) >= 26:
        samples = int.from_bytes(format_chunk[24:26], "little")
    subtype = _SUBTYPES.get((samples, bits))
    if subtype is None:
        raise AudioError(f"{name}: a WAV of kind {samples} with {bits} bits cannot be read. {_ADVICE}")
    if not 1 <= n_channels <= MOST_CHANNELS:
        raise AudioError(f"{name}: it has {n_channels} channels; 1 to {MOST_CHANNELS} can be read. {_ADVICE}")
    try:
        checked_rate(sample_rate)
    except AudioError as error:
        raise AudioError(f"{name}: {error}") from None
    known = 0 < n_bytes < _STREAMED
    return _Kind(sample_rate, n_channels, subtype, n_channels * bits // 8, n_bytes if known else float("inf"))


def _pieces(arriving, kind, name):
    """Yield the sound in pieces, mixed to one channel."""
    length = kind.frame_bytes * max(1, round(PIECE * kind.sample_rate))
    n_read, n_due, doubted = 0, kind.n_bytes, False
    while data := arriving.take(min(length, n_due - n_read)):
        n_read += len(data)
        if n_read == n_due and n_read % kind.frame_bytes == 0 and _goes_on(arriving.peek(TAIL + 1)):
            n_due = float("inf")
        channels = _decoded(data[: len(data) - len(data) % kind.frame_bytes], kind)
        good = np.abs(channels) <= HIGHEST_VALUE
        if not good.all():
            channels = np.where(good, channels, np.float32(0))
            if not doubted:
                _warn(f"{name}: samples are not a number or beyond 1e10; they were replaced by silence.")
            doubted = True
        if len(channels):
            short = max(0, kind.n_channels - len(channels))  # `to_mono` takes fewer samples than channels for a mistake
            yield to_mono(np.pad(channels, ((0, short), (0, 0))))[: len(channels)]
    if n_read % kind.frame_bytes:
        _warn(f"{name}: ends within a sample: was it cut off, or are these no {8 * kind.frame_bytes}-bit samples?")
    elif n_due > kind.n_bytes:
        _warn(f"{name}: went on after the {kind.seconds:.3f} s that its header tells of; all that came was used.")
    elif arriving.peek(4) == b"RIFF":
        _warn(f"{name}: a second recording follows the first, whose {kind.seconds:.3f} s were used. {_ADVICE}")
    elif n_read < n_due < float("inf"):
        missing = kind.seconds * (1 - n_read / kind.n_bytes)
        _warn(f"{name}: ends {missing:.3f} s before its header says. What came was used.")


def _goes_on(more):
    """Whether what follows the sound that a header tells of is sound too, and no chunk, padding or tag of a player."""
    return len(more) > TAIL and not is_chunk_name(more[:4]) and bool(more.strip(b"\0"))


def _decoded(data, kind):
    """Samples of shape (n_samples, n_channels), float32."""
    import soundfile

    return soundfile.read(
        BytesIO(data),
        dtype="float32",
        always_2d=True,
        samplerate=kind.sample_rate,
        channels=kind.n_channels,
        format="RAW",
        subtype=kind.subtype,
        endian="LITTLE",
    )[0]


def _warn(message):
    warnings.warn(message, DoubtfulResultWarning, stacklevel=3)
