"""What the speaker models should look at: front ends compared, everything behind them trained and run alike.

Run as `python benchmarks/bench_frontend.py FOLDER... --speech A.csv B.csv --noise N.csv --out results.csv --jobs 2`.
The models are smaller than those that ship and see every second utterance in three conditions, so that a table takes
half an hour; only differences between its lines mean anything.
"""

import sys
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from recordings import (
    all_recordings,
    error_row,
    pooled,
    pooled_errors,
    print_table,
    read_arguments,
    read_samples,
    write_rows,
)

from lightdiar.metrics.diarization import diarization_error
from lightdiar.signal.features import deltas, log_mel, sliding_cmvn, warp
from lightdiar.signal.frontend import SAMPLE_RATE, analyse
from lightdiar.stages.embedding import fit_embedder, window_statistics
from lightdiar.stages.voting import VBClusterer
from lightdiar.systems.diarizer import Diarizer, annotate
from lightdiar.training import augment
from lightdiar.training.manifests import backgrounds, load_utterance, read_speech_manifest
from lightdiar.training.sessions import active_frames, draw_sessions

CONDITIONS = "clean", "room", "film"
N_COMPONENTS, N_FACTORS, N_PLDA, UBM_FRAMES = 128, 80, 40, 100_000
PROTOCOL = (
    "DER in % of the speaking time: no collar, overlap scored, the shipped speech detection, pooled over a folder.\n"
    f"UBM {N_COMPONENTS}, i-vectors {N_FACTORS}, PLDA {N_PLDA}; every second utterance, {', '.join(CONDITIONS)}."
)


def mel_cepstra(samples):
    """The cepstra of the pipeline, without log energy."""
    return analyse([samples], pitch=False).mfcc[:, 1:20]


def subtracted(samples):
    """Cepstra after spectral subtraction (Berouti et al. 1979): the 10 % quietest frames of each bin are the noise."""
    from scipy.signal import istft, stft

    _, _, spectrum = stft(samples, nperseg=400)
    power = np.abs(spectrum) ** 2
    noise = np.quantile(power, 0.1, axis=1, keepdims=True)
    gain = np.sqrt(np.maximum(1 - 2 * noise / np.maximum(power, 1e-12), 0.1))
    _, clean = istft(gain * spectrum, nperseg=400)
    return mel_cepstra(clean[: len(samples)].astype(np.float32))


def power_law(samples):
    """Cepstra of mel energies to the power 1/15, less their medium-time floor, after PNCC (Kim and Stern 2016)."""
    from scipy.fft import dct
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    power = np.exp(log_mel(samples, SAMPLE_RATE, n_filters=40))
    medium = uniform_filter1d(power, 5, axis=0)
    floor = uniform_filter1d(minimum_filter1d(medium, 100, axis=0), 100, axis=0)
    rest = power * np.maximum(medium - floor, 0.01 * medium) / np.maximum(medium, 1e-12)
    rest /= max(rest.mean(), 1e-12)
    return 100 * dct(rest ** (1 / 15), norm="ortho", axis=1)[:, 1:20].astype(np.float32)


def with_slopes(normalise):
    """Normalised cepstra and their slopes."""
    return lambda X, mean: np.concatenate([normalise(X, mean), deltas(X, 2)], axis=1).astype(np.float32)


FROM_MEAN = with_slopes(lambda X, mean: X - mean)
SYSTEMS = {
    "recording mean, slopes": (mel_cepstra, FROM_MEAN),
    "recording mean, static": (mel_cepstra, lambda X, mean: (X - mean).astype(np.float32)),
    "no normalisation": (mel_cepstra, with_slopes(lambda X, mean: X)),
    "sliding mean 3 s": (mel_cepstra, with_slopes(lambda X, mean: sliding_cmvn(X, 300))),
    "sliding mean, variance": (mel_cepstra, with_slopes(lambda X, mean: sliding_cmvn(X, 300, variance=True))),
    "warping 3 s": (mel_cepstra, with_slopes(lambda X, mean: warp(X, 300))),
    "spectral subtraction": (subtracted, FROM_MEAN),
    "power law": (power_law, FROM_MEAN),
}


def heard(session, condition, sounds, number, cepstra):
    """Cepstra of a session, the frames that are speech, and their common mean: list of (speaker, X, active, mean)."""
    voices = []
    for place, utterance in enumerate(session):
        samples = load_utterance(utterance)
        rng, shared = np.random.default_rng([0, number, place]), np.random.default_rng([1, number])
        copy = augment.copy(samples, condition, rng, backgrounds(*sounds), shared=shared)
        X = cepstra(copy)
        active = active_frames(samples, len(X))
        if active.any():
            voices.append((utterance.speaker, X.astype(np.float32), active))
    mean = np.mean([X[active].mean(axis=0, dtype=float) for _, X, active in voices], axis=0)
    return [(*voice, mean) for voice in voices]


def fit(voices, features):
    """The chain of embeddings of one front end."""
    copies = [(speaker, features(X, mean)[active]) for speaker, X, active, mean in voices]
    return fit_embedder(copies, N_COMPONENTS, N_FACTORS, N_PLDA, n_frames=UBM_FRAMES)


def embed_with(embedder, X):
    """The stage of the pipeline with another front end, whose features of the recording are `X`."""

    def embed(analysis, segments, speech):
        N, F = window_statistics(embedder.ubm, X, segments, speech)
        return embedder.plda.project(embedder.extractor.embed(N, F))

    return embed


def score(recording, sound, system, embedder):
    """One row: seconds of each error."""
    analysis, samples = sound
    cepstra, features = SYSTEMS[system]
    X = cepstra(samples)  # the last frame, which zeros fill, may be missing
    X = np.pad(X, [(0, max(0, len(analysis) - len(X))), (0, 0)], mode="edge")[: len(analysis)]
    speech = Diarizer().speech(analysis)
    X = features(X, X[speech].mean(axis=0, dtype=float))
    diarizer = Diarizer(embedder=embed_with(embedder, X), clusterer=VBClusterer(embedder.plda))
    labels, _ = diarizer.label(analysis)
    truth = recording.annotation()
    errors = diarization_error(truth, annotate(labels, analysis.duration))
    return error_row(recording, system, errors)


def main(argv=None):
    def extend(parser):
        parser.add_argument("--speech", type=Path, nargs="+", required=True, help="manifests, as of lightdiar train")
        parser.add_argument("--noise", type=Path, required=True)
        parser.add_argument("--leave-out", nargs="*", default=["*chinese*"])
        parser.add_argument("--jobs", type=int, default=1)

    arguments = read_arguments(__doc__.splitlines()[0], SYSTEMS, argv, default=list(SYSTEMS), extend=extend)
    step = 40 if arguments.quick else 2
    corpora = [read_speech_manifest(path)[::step] for path in arguments.speech]
    rng, sounds = np.random.default_rng(0), (arguments.noise, tuple(arguments.leave_out))
    meetings = [
        (session, condition) for corpus in corpora for condition in CONDITIONS for session in draw_sessions(corpus, rng)
    ]
    recordings = all_recordings(arguments, truth=[".rttm"])
    sounds_heard = [(analyse([samples]), samples) for samples in map(read_samples, (r.path for r in recordings))]
    rows, last = [], None
    for system in arguments.systems:
        cepstra, features = SYSTEMS[system]
        if cepstra is not last:
            calls = [(*meeting, sounds, number, cepstra) for number, meeting in enumerate(meetings)]
            voices, last = (
                [
                    v
                    for voices in Parallel(n_jobs=arguments.jobs)(delayed(heard)(*call) for call in calls)
                    for v in voices
                ],
                cepstra,
            )
        embedder = fit(voices, features)
        print(f"{system}: trained", file=sys.stderr, flush=True)
        rows += [score(r, sound, system, embedder) for r, sound in zip(recordings, sounds_heard)]
    print_table(pooled(write_rows(rows, arguments.out), pooled_errors), PROTOCOL)


if __name__ == "__main__":
    main()
