"""Who speaks, while they speak: error, number of speakers and CPU time against the latency of a stream.

Run as `python benchmarks/bench_streaming.py FOLDER... --out streaming.csv`.
"""

import math
import time

from recordings import (
    SAMPLE_RATE,
    counted,
    error_row,
    find_recordings,
    pooled,
    pooled_errors,
    print_table,
    read_arguments,
    read_samples,
    write_rows,
)

from lightdiar import Annotation, Diarizer, Stream, diarization_error
from lightdiar.systems import bundle

PROTOCOL = (
    "DER in % of the speaking time: no collar, overlap scored, own speech detection, pooled over a folder, of the\n"
    "result at the end; and as told, of the turns under the names that they had when they became certain. Speakers\n"
    "count from 2 s of speech on. Merges are names given up, per recording. CPU in % of one core; the sound is pushed\n"
    "in tenths of a second."
)
LATENCIES = {"0.5 s": 0.5, "1 s": 1.0, "2 s": 2.0, "5 s": 5.0, "offline": math.inf}
BLOCK = SAMPLE_RATE // 10


def listen(samples, latency):
    """Result of a stream, its turns as they were told, and the number of merges."""
    stream = Stream(latency=latency)
    told = [turn for i in range(0, len(samples), BLOCK) for turn in stream.push(samples[i : i + BLOCK]).certain]
    result = stream.finish()
    rest = result.annotation.turns if not told else [turn for turn in result.turns if turn.start >= told[-1].end]
    return result, Annotation([*told, *rest]), len(stream.merges)


def offline(samples):
    """The same of a `Diarizer`, which tells everything at the end."""
    result = Diarizer().predict((samples, SAMPLE_RATE))
    return result, result.annotation, 0


def score(recording, system):
    """One row: seconds of each error, the counts, and the share of a core."""
    samples, latency = read_samples(recording.path), LATENCIES[system]
    start = time.process_time()
    result, told, n_merges = offline(samples) if latency == math.inf else listen(samples, latency)
    share = (time.process_time() - start) / (len(samples) / SAMPLE_RATE)
    reference = recording.annotation()
    return error_row(
        recording,
        system,
        diarization_error(reference, result.annotation),
        der_as_told=diarization_error(reference, told).der,
        n_true=len(counted(reference)),
        n_found=len(counted(result.annotation)),
        n_merges=n_merges,
        cpu_share=share,
    )


def pool(rows):
    """The line of one folder and latency."""
    off = (rows["n_found"] - rows["n_true"]).abs()
    return {
        **pooled_errors(rows),
        "DER as told": 100 * (rows["der_as_told"] * rows["total"]).sum() / rows["total"].sum(),
        "count right %": 100 * (off == 0).mean(),
        "count off by": off.mean(),
        "merges": rows["n_merges"].mean(),
        "CPU %": 100 * rows["cpu_share"].mean(),
    }


def main(argv=None):
    arguments = read_arguments(__doc__.splitlines()[0], LATENCIES, argv, default=list(LATENCIES))
    bundle.load()  # not part of the first recording's time
    rows = []
    for folder in arguments.folders:
        recordings = find_recordings(folder, truth=[".rttm"])[: 2 if arguments.quick else None]
        rows += [score(recording, system) for system in arguments.systems for recording in recordings]
    frame = write_rows(rows, arguments.out)
    print_table(pooled(frame, pool), PROTOCOL)


if __name__ == "__main__":
    main()
