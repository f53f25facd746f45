"""Where is speech: 10 ms frames missed and invented by lightdiar's detectors and by peers.

Run as `python benchmarks/bench_speech.py FOLDER... MANIFEST... --system frames energy silero --out results.csv`. A
manifest (path,label) lists sounds in which nobody speaks: those of a label are joined, and all that is found is false.
"""

import tempfile
from itertools import groupby
from pathlib import Path

import numpy as np
import peers
from recordings import (
    LIGHTDIAR,
    SAMPLE_RATE,
    Recording,
    find_recordings,
    pooled,
    print_table,
    read_arguments,
    read_samples,
    versions,
    write_rows,
)

from lightdiar.io.audio import Audio, write
from lightdiar.io.manifests import read_manifest
from lightdiar.signal.frames import FrameGrid
from lightdiar.timeline import union
from lightdiar.training.augment import telephone

LONGEST = 120 * SAMPLE_RATE  # of joined sounds, samples; the last one goes beyond
GAP = np.zeros(SAMPLE_RATE // 3, np.float32)  # between them
FRAMES = FrameGrid(SAMPLE_RATE, window=0.010, step=0.010)
PROTOCOL = (
    "In % of all 10 ms frames, pooled over a folder. Truth is the hand marks (lab) as they are, or the union\n"
    "of all turns (rttm), whose pauses to 0.5 s belong to the turn: there every detector's are filled too.\n"
    "Where nobody speaks, sounds of a kind are joined to two minutes as they are; hold music is music by telephone."
)


def frames(path):
    """The detector of the default pipeline, frame by frame, before pauses are filled."""
    from lightdiar.io.audio import blocks
    from lightdiar.signal.frontend import GRID, analyse
    from lightdiar.systems.diarizer import Diarizer

    return GRID.segments(Diarizer().speech(analyse(blocks(path))))


def lightdiar(path):
    """What `lightdiar.detect_speech` gives: pauses to a second filled, the soft edges of words added."""
    from lightdiar.systems.diarizer import detect_speech

    return detect_speech(path)


def energy(path):
    """Energy above the noise floor."""
    from lightdiar.stages.speech import energy_vad

    return energy_vad(read_samples(path), SAMPLE_RATE)


def ltsd(path):
    """Long-term spectral divergence."""
    from lightdiar.stages.speech import ltsd_vad

    return ltsd_vad(read_samples(path), SAMPLE_RATE)


SYSTEMS = {"frames": frames, "lightdiar": lightdiar, "energy": energy, "ltsd": ltsd, **peers.DETECTORS}


def without_speech(manifest, folder):
    """Recordings of each kind of sound, written below a folder with empty marks beside them."""
    listed = sorted((row["label"], row["path"]) for _, row in read_manifest(manifest, ("path", "label")))
    for kind, rows in groupby(listed, key=lambda row: row[0]):
        for number, samples in enumerate(joined(read_samples(Path(manifest).parent / path) for _, path in rows)):
            sounds = {kind: samples}
            if kind == "music":
                sounds["hold music"] = telephone(np.random.default_rng(number), samples).astype(np.float32)
            for name, sound in sounds.items():
                path = Path(folder, name, f"{name}-{number:02d}.wav")
                path.parent.mkdir(exist_ok=True)
                write(path, Audio(sound, SAMPLE_RATE))
                path.with_suffix(".lab").write_text("", encoding="utf-8")
                yield Recording(name, path)


def joined(sounds):
    """One after the other, in pieces of two minutes."""
    piece = []
    for sound in sounds:
        piece += [sound, GAP]
        if sum(map(len, piece)) >= LONGEST:
            yield np.concatenate(piece)
            piece = []
    if piece:
        yield np.concatenate(piece)


def score(recording, system, detect):
    """One row: numbers of 10 ms frames; `detect` makes segments of a path."""
    n_frames = FRAMES.n_frames(len(read_samples(recording.path)))
    max_gap = peers.FILLED_PAUSE if recording.path.with_suffix(".rttm").exists() else 0.0
    true = FRAMES.mask(recording.speech(), n_frames)
    found = FRAMES.mask(union(detect(recording.path), max_gap), n_frames)
    return {
        "folder": recording.folder,
        "system": system,
        "recording": recording.name,
        "n_frames": n_frames,
        "n_speech": int(true.sum()),
        "n_missed": int((true & ~found).sum()),
        "n_false_alarm": int((found & ~true).sum()),
        "versions": versions(peers.PACKAGES.get(system, LIGHTDIAR)),
    }


def pool(rows):
    """The line of one folder and system, per cent of its frames."""
    share = 100 * rows[["n_speech", "n_missed", "n_false_alarm"]].sum() / rows["n_frames"].sum()
    return {
        "files": len(rows),
        "speech": share["n_speech"],
        "missed": share["n_missed"],
        "false alarm": share["n_false_alarm"],
        "accuracy": 100 - share["n_missed"] - share["n_false_alarm"],
    }


def main(argv=None):
    arguments = read_arguments(__doc__.splitlines()[0], SYSTEMS, argv)
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for folder in arguments.folders:
            silent = folder.endswith(".csv")
            recordings = list(without_speech(folder, scratch)) if silent else find_recordings(folder)
            recordings = recordings[: 2 if arguments.quick else None]
            rows += [score(r, system, SYSTEMS[system]) for system in arguments.systems for r in recordings]
    print_table(pooled(write_rows(rows, arguments.out), pool), PROTOCOL)


if __name__ == "__main__":
    main()
