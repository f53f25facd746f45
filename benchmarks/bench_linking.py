"""Who is who over many recordings: are the speakers of different episodes linked to the right people?

Run as `python benchmarks/bench_linking.py FOLDER... --out results.csv`; each folder is a series of episodes.
"""

from collections import Counter

from recordings import LIGHTDIAR, find_recordings, print_table, read_arguments, versions, write_rows

from lightdiar import diarize
from lightdiar.metrics.bcubed import bcubed
from lightdiar.recognition.linking import link
from lightdiar.signal.frontend import GRID, analyse
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.systems.sound import open_sound
from lightdiar.systems.voice_models import load_voice_models

PROTOCOL = (
    "BCubed precision, recall and F in %, over the speakers of all episodes of a folder, weighted by their seconds;\n"
    "f_unweighted: each counts once. A speaker that was found is the true one with whom it shares most time.\n"
    "f_best: F if the linking knew the truth, but took two speakers of one recording for two people, as it does.\n"
    "true turns: the voices are those of the reference. threshold: nats, found from the recordings themselves."
)


def found_turns(recording):
    """The diarization as it is, and the true name of each speaker."""
    result = diarize(recording.path)
    truth = recording.annotation()

    def name_of(speaker):
        shared = Counter()
        for turn in result.turns:
            for true in truth:
                if turn.speaker == speaker.name and turn.overlap(true):
                    shared[true.speaker] += turn.overlap(true)
        return max(shared, key=shared.get, default=f"nobody in {recording.name}")

    return result, [name_of(speaker) for speaker in result.speakers]


def true_turns(recording):
    """A diarization without error, and the true name of each speaker."""
    truth = recording.annotation()
    analysis = analyse(open_sound(recording.path)[1])
    masks = {name: GRID.mask((t for t in truth if t.speaker == name), len(analysis)) for name in truth.speakers}
    voices = dict(zip(masks, load_voice_models().voiceprinter(analysis, list(masks.values()))))
    number = {name: f"SPEAKER_{place:02d}" for place, name in enumerate(masks)}
    speakers = [Speaker(number[name], seconds, 0.5, voice=voices[name]) for name, seconds in truth.seconds().items()]
    named = {speaker: name for name, speaker in number.items()}
    result = Diarization(truth.relabel(number), speakers, analysis.duration)
    return result, [named[speaker.name] for speaker in result.speakers]


SYSTEMS = {"found turns": found_turns, "true turns": true_turns}


def best_possible(table):
    """A person for each row: the true one, but somebody else for the second speaker of a recording who is the same."""
    place = table.groupby(["recording", "true"])["seconds"].rank(method="first", ascending=False)
    return list(zip(table["true"], place))


def score(folder, system, recordings):
    """One row: how well the speakers of a series are linked."""
    results, true = [], {}
    for recording in recordings:
        result, names = SYSTEMS[system](recording)
        results.append(result)
        true |= {(result.annotation.recording, one.name): name for one, name in zip(result.speakers, names)}
    linking = link(results)
    keys = zip(linking.table["recording"], linking.table["speaker"])
    table = linking.table.assign(true=[true[key] for key in keys])
    weighted = bcubed(table["true"], table["person"], weights=table["seconds"])
    return {
        "folder": folder,
        "system": system,
        "recordings": len(results),
        "speakers": len(table),
        "people": table["true"].nunique(),
        "found": len(linking.people),
        "threshold": linking.threshold,
        "precision": 100 * weighted.precision,
        "recall": 100 * weighted.recall,
        "f": 100 * weighted.f_measure,
        "f_unweighted": 100 * bcubed(table["true"], table["person"]).f_measure,
        "f_best": 100 * bcubed(table["true"], best_possible(table), weights=table["seconds"]).f_measure,
        "versions": versions(LIGHTDIAR),
    }


def main(argv=None):
    arguments = read_arguments(__doc__.splitlines()[0], SYSTEMS, argv, default=list(SYSTEMS))
    rows = []
    for folder in arguments.folders:
        recordings = find_recordings(folder, truth=[".rttm"])[: 2 if arguments.quick else None]
        rows += [score(recordings[0].folder, system, recordings) for system in arguments.systems]
    print_table(write_rows(rows, arguments.out).drop(columns="versions"), PROTOCOL)


if __name__ == "__main__":
    main()
