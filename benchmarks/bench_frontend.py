"""What the speaker models should look at: front ends compared, everything behind them trained and run alike.

Run as `python benchmarks/bench_frontend.py FOLDER... --speech A.csv B.csv --noise N.csv --out results.csv --jobs 2`.
The models are as large as those that ship and learn from the same sessions; detector and clustering are those that
ship. Voices are not joined afterwards, as models of their own do that. Two trainings of one front end differ by a
point or two, so smaller differences mean nothing.
"""

import sys
from dataclasses import replace
from itertools import chain
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
from scipy.fft import dct
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import istft, lfilter, stft

from lightdiar.metrics.diarization import diarization_error
from lightdiar.signal.clicks import without_clicks
from lightdiar.signal.features import deltas, log_mel, mfcc, sliding_cmvn
from lightdiar.signal.frontend import SAMPLE_RATE, analyse
from lightdiar.signal.hum import without_hum
from lightdiar.signal.lpc import lpc_cepstra
from lightdiar.stages.embedding import fit_embedder, window_statistics
from lightdiar.systems.diarizer import Diarizer, annotate
from lightdiar.training.manifests import read_speech_manifest
from lightdiar.training.sessions import session_sounds
from lightdiar.training.train import N_COMPONENTS, N_FACTORS, N_PLDA, speaker_meetings

DITHER = 10 ** (-55 / 20)  # of the sound, so that an empty band has a logarithm
PROTOCOL = (
    "DER in % of the speaking time: no collar, overlap scored, pooled over a folder; the shipped speech detection and\n"
    "clustering, voices not joined.\n"
    f"UBM {N_COMPONENTS}, i-vectors {N_FACTORS}, PLDA {N_PLDA}, trained on the sessions of `lightdiar train`."
)


def mel_cepstra(samples):
    """The cepstra of the pipeline, without log energy."""
    return analyse([samples], pitch=False).mfcc[:, 1:20]


def detailed(samples):
    """24 cepstra of 40 mel filters."""
    return mfcc(cleaned(samples), SAMPLE_RATE, n_mfcc=25, n_filters=40)[:, 1:]


def predicted(samples):
    """Cepstra of linear prediction."""
    return lpc_cepstra(cleaned(samples), SAMPLE_RATE, order=18)


def power_law(samples):
    """Cepstra of mel energies to the power 1/15, less their medium-time floor, after PNCC (Kim and Stern 2016)."""
    power = np.exp(log_mel(cleaned(samples), SAMPLE_RATE, n_filters=40))
    medium = uniform_filter1d(power, 5, axis=0)
    floor = uniform_filter1d(minimum_filter1d(medium, 100, axis=0), 100, axis=0)
    rest = power * np.maximum(medium - floor, 0.01 * medium) / np.maximum(medium, 1e-12)
    rest /= max(rest.mean(), 1e-12)
    return 100 * dct(rest ** (1 / 15), norm="ortho", axis=1)[:, 1:20]


def enhanced(samples):
    """Cepstra behind a Wiener filter (Ephraim and Malah 1984) that follows the least power in 1.5 s (Martin 2001)."""
    _, _, spectrum = stft(samples, nperseg=400)
    power = np.abs(spectrum) ** 2
    smooth, _ = lfilter([0.15], [1, -0.85], power, zi=0.85 * power[:, :1])
    noise = 1.5 * uniform_filter1d(minimum_filter1d(smooth, 120), 40) + 1e-20
    above = np.minimum(power / noise, 1e4)
    gain, before = np.empty_like(power), np.ones(len(power))
    for frame in range(power.shape[1]):
        snr = 0.98 * before + 0.02 * np.maximum(above[:, frame] - 1, 0)
        gain[:, frame] = np.maximum(snr / (1 + snr), 0.1)
        before = gain[:, frame] ** 2 * above[:, frame]
    _, clean = istft(gain * spectrum, nperseg=400)
    return mel_cepstra(clean[: len(samples)].astype(np.float32))


def cleaned(samples):
    """What the pipeline looks at: without clicks, hum and offset, over dither."""
    samples = np.concatenate(list(without_hum(without_clicks([samples]))))
    samples = samples - samples.mean(dtype=float)
    return samples + DITHER * samples.std() * np.random.default_rng(0).standard_normal(len(samples))


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
    "power law": (power_law, FROM_MEAN),
    "Wiener filter": (enhanced, FROM_MEAN),
    "40 filters": (detailed, FROM_MEAN),
    "linear prediction": (predicted, FROM_MEAN),
}


def heard(session, condition, sounds, number, cepstra):
    """Utterances of a session: list of (speaker, cepstra, frames that are speech, mean of the session)."""
    voices, share = session_sounds(session, condition, sounds, number)
    cepstra = [fitted(cepstra(copy), len(active)) for _, copy, active in voices]
    mean = share @ [X[active].mean(axis=0, dtype=float) for X, (_, _, active) in zip(cepstra, voices)]
    return [(speaker, X, active, mean) for X, (speaker, _, active) in zip(cepstra, voices)]


def fitted(X, n_frames):
    """Cepstra as float32, one row for each frame: the last one, which zeros fill, may be missing."""
    return np.pad(X, [(0, max(0, n_frames - len(X))), (0, 0)], mode="edge")[:n_frames].astype(np.float32)


def embed_with(embedder, X):
    """The stage of the pipeline with another front end, whose features of the recording are `X`."""

    def embed(analysis, segments, speech):
        N, F = window_statistics(embedder.ubm, X, segments, speech)
        return embedder.plda.project(embedder.extractor.embed(N, F))

    return embed


def analysed(recording):
    """What detector and pitch of the pipeline look at, whatever the front end."""
    return analyse([read_samples(recording.path)])


def score(recording, analysis, system, embedder):
    """One row: seconds of each error."""
    (cepstra, features), shipped = SYSTEMS[system], Diarizer()
    X = fitted(cepstra(read_samples(recording.path)), len(analysis))
    X = features(X, X[shipped.speech(analysis)].mean(axis=0, dtype=float))
    clusterer = replace(shipped.stages.clusterer, plda=embedder.plda)
    labels, _ = Diarizer(embedder=embed_with(embedder, X), clusterer=clusterer).label(analysis)
    return error_row(recording, system, diarization_error(recording.annotation(), annotate(labels, analysis.duration)))


def main(argv=None):
    def extend(parser):
        parser.add_argument("--speech", type=Path, nargs="+", required=True, help="manifests, as of lightdiar train")
        parser.add_argument("--noise", type=Path, nargs="+", required=True)
        parser.add_argument("--leave-out", nargs="*", default=["*chinese*"])
        parser.add_argument("--jobs", type=int, default=1)

    arguments = read_arguments(__doc__.splitlines()[0], SYSTEMS, argv, default=list(SYSTEMS), extend=extend)
    step = 40 if arguments.quick else 1
    meetings = speaker_meetings([read_speech_manifest(path)[::step] for path in arguments.speech])
    sounds = tuple(map(str, arguments.noise)), tuple(arguments.leave_out)
    recordings = all_recordings(arguments, truth=[".rttm"])
    parallel, rows, last = Parallel(n_jobs=arguments.jobs), [], None
    analyses = parallel(map(delayed(analysed), recordings))
    for system in arguments.systems:
        cepstra, features = SYSTEMS[system]
        if cepstra is not last:
            calls = [(*meeting, sounds, number, cepstra) for number, meeting in enumerate(meetings)]
            voices, last = list(chain.from_iterable(parallel(delayed(heard)(*call) for call in calls))), cepstra
        copies = [(speaker, features(X, mean)[active]) for speaker, X, active, mean in voices]
        embedder = fit_embedder(copies, N_COMPONENTS, N_FACTORS, N_PLDA)
        print(f"{system}: trained", file=sys.stderr, flush=True)
        rows += parallel(delayed(score)(*sound, system, embedder) for sound in zip(recordings, analyses))
    print_table(pooled(write_rows(rows, arguments.out), pooled_errors), PROTOCOL)


if __name__ == "__main__":
    main()
