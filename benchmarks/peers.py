"""Other people's systems behind two small signatures, each imported only when it is asked for.

A diarizer takes a path and returns an `Annotation`; a speech detector takes a path and returns a list of
`Segment`. The settings are each system's own defaults unless a comment says otherwise; the README lists the
versions these adapters were run with.
"""

import tempfile
from copy import deepcopy
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from recordings import SAMPLE_RATE, read_samples

from lightdiar.io import audio
from lightdiar.timeline import Annotation, Segment, Turn, union

FILLED_PAUSE = 0.5  # seconds; the references count a pause this short as part of the turn


def resemblyzer(path):
    """d-vectors of Resemblyzer four times a second, those on silero's speech clustered by spectralcluster.

    The clustering is the package's Turn-to-Diarize configuration, which errs far less here than its ICASSP
    2018 one, with a single speaker allowed.
    """
    from resemblyzer import normalize_volume

    samples = read_samples(path)
    speech = _silero_segments(samples)
    _, dvectors, slices = _dvector_encoder().embed_utterance(
        normalize_volume(samples, -30, increase_only=True), return_partials=True, rate=4
    )
    centres = np.array([piece.start + piece.stop for piece in slices]) / 2 / SAMPLE_RATE
    edges = [time for segment in speech for time in (segment.start, segment.end)]
    chosen = np.searchsorted(edges, centres, side="right") % 2 == 1  # middle of the window in speech
    if not chosen.any():
        return Annotation((), Path(path).stem)
    labels = _spectral_clusterer().predict(dvectors[chosen])
    # each moment of speech belongs to the nearest chosen window
    cuts = [0.0, *(centres[chosen][1:] + centres[chosen][:-1]) / 2, len(samples) / SAMPLE_RATE]
    turns = [Turn(start, end, f"cluster{label}") for (start, end), label in zip(pairwise(cuts), labels)]
    return Annotation(turns, Path(path).stem).crop(speech).fill_gaps(FILLED_PAUSE)


def resemblyzer_voice(samples):
    """d-vector of Resemblyzer for a voice, prepared as the package does: its own level and detector of speech."""
    from resemblyzer import preprocess_wav

    prepared = preprocess_wav(samples, source_sr=SAMPLE_RATE)
    return _dvector_encoder().embed_utterance(prepared if len(prepared) else samples)


def pyaudioanalysis(path):
    """k-means with HMM smoothing of pyAudioAnalysis; it labels every moment, speech or not.

    Where it fails (0.3.14: a cluster of equal windows, in short recordings) the answer is empty.
    """
    from pyAudioAnalysis.audioSegmentation import speaker_diarization

    samples, step = read_samples(path), 0.1
    with tempfile.TemporaryDirectory() as folder:  # it reads wav files only
        wav = Path(folder, "recording.wav")
        audio.write(wav, audio.Audio(samples, SAMPLE_RATE))
        try:
            labels, *_ = speaker_diarization(str(wav), n_speakers=0, mid_step=step)
        except ValueError:
            labels = []
    turns = [Turn(i * step, (i + 1) * step, f"cluster{label:.0f}") for i, label in enumerate(labels)]
    return Annotation(turns, Path(path).stem).fill_gaps(FILLED_PAUSE)


def silero(path):
    """silero-vad (onnx) without the 30 ms it adds on both sides for the listener: frames agree better."""
    return _silero_segments(read_samples(path), speech_pad_ms=0)


def webrtc(path):
    """The WebRTC detector: mode 2, its longest frames (30 ms, its best), unsmoothed."""
    import webrtcvad

    detector, length = webrtcvad.Vad(2), round(0.030 * SAMPLE_RATE)
    pcm = np.round(read_samples(path) * 32767).astype("<i2")
    starts = range(0, len(pcm) - length + 1, length)
    speech = [i for i in starts if detector.is_speech(pcm[i : i + length].tobytes(), SAMPLE_RATE)]
    return union(Segment(i / SAMPLE_RATE, (i + length) / SAMPLE_RATE) for i in speech)


DIARIZERS = {"resemblyzer": resemblyzer, "pyaudioanalysis": pyaudioanalysis}
DETECTORS = {"webrtcvad-2": webrtc, "silero": silero}
PACKAGES = {  # whose versions belong beside a result
    "resemblyzer": ("Resemblyzer", "spectralcluster", "silero-vad", "torch"),
    "pyaudioanalysis": ("pyAudioAnalysis", "scikit-learn", "hmmlearn"),
    "webrtcvad-2": ("webrtcvad-wheels",),
    "silero": ("silero-vad", "onnxruntime"),
}


@cache
def _silero_model():
    from silero_vad import load_silero_vad

    return load_silero_vad(onnx=True)


def _silero_segments(samples, **settings):
    from silero_vad import get_speech_timestamps

    found = get_speech_timestamps(samples, _silero_model(), sampling_rate=SAMPLE_RATE, **settings)
    return [Segment(span["start"] / SAMPLE_RATE, span["end"] / SAMPLE_RATE) for span in found]


@cache
def _dvector_encoder():
    from resemblyzer import VoiceEncoder

    return VoiceEncoder("cpu", verbose=False)


def _spectral_clusterer():
    from spectralcluster import configs

    return configs.SpectralClusterer(
        min_clusters=1,
        max_clusters=7,
        refinement_options=configs.turntodiarize_refinement_options,
        autotune=deepcopy(configs.turntodiarize_auto_tune),  # it narrows its range at every use
        laplacian_type=configs.LaplacianType.GraphCut,
        row_wise_renorm=True,
    )
