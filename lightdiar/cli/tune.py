"""``lightdiar tune``: settings for one kind of recording, found on examples whose truth is known."""

from pathlib import Path

from lightdiar.cli.recordings import add_files, add_tiers, seed
from lightdiar.common.commandline import say, show
from lightdiar.common.files import check_output

SUMMARY = "find settings for your kind of recording, from examples whose truth you know"


_SMALL = 0.1  # of the error: on 7 development sets, half of the gains below it were no gain on further recordings


def add_arguments(parser):
    add_files(
        parser,
        "recordings, each with its truth beside it: NAME.rttm, or else NAME.TextGrid, .eaf and so on; or a manifest of "
        "them (CSV: path,rttm)",
    )
    add_tiers(parser, "the truths")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the .json file for --settings")
    parser.add_argument("--overwrite", action="store_true", help="replace FILE if it exists")
    parser.add_argument("--trials", type=int, default=40, metavar="N", help="settings to try (40)")
    parser.add_argument("--seed", type=seed, default=0, help="random seed for the trials (0)")


def run(arguments):
    """Search for settings on recordings with known truth, and write them if they beat the defaults where left out."""
    from lightdiar.cli.pairs import read_truth_of
    from lightdiar.io.rttm import join_channels
    from lightdiar.metrics.diarization import DiarizationScore
    from lightdiar.training.tuning import tune as search

    if arguments.out.suffix != ".json":
        raise ValueError(f"--out {arguments.out}: name a .json file.")
    pairs = [pair for path in arguments.files for pair in _pairs(path)]
    inputs = [*arguments.files, *(path for pair in pairs for path in pair)]
    check_output(arguments.out, inputs=inputs, overwrite=arguments.overwrite)
    if len({path.resolve() for path, _ in pairs}) < len(pairs):
        raise ValueError("a recording is named twice; the search and the hold-out must not share recordings.")
    recordings = []
    for path, truth in pairs:
        known = join_channels(read_truth_of(path, truth, arguments.tier))
        if known.unscored:
            raise ValueError(f"{truth}: has NOSCORE lines, but all of a recording is tuned on; annotate that time.")
        recordings.append((path, known.annotation))
    found = search(recordings, n_trials=arguments.trials, seed=arguments.seed, progress=say)
    if found.better:
        found.settings.save(arguments.out)
    less = sum(tuned.der < default.der for tuned, default in zip(found.tuned, found.default))
    more = sum(tuned.der > default.der for tuned, default in zip(found.tuned, found.default))
    defaults, tuned = (sum(scores, DiarizationScore()) for scores in (found.default, found.tuned))
    show(f"each of {len(recordings)} recordings left out in turn, with the settings that were best on the others:")
    show(f"  defaults  {defaults}")
    show(f"  tuned     {tuned}")
    show(f"  less error on {less}, more on {more}")
    if not found.better:
        show("tuning does not beat the defaults on recordings it has not seen: nothing was written, keep the defaults.")
        return
    if tuned.der > (1 - _SMALL) * defaults.der:
        show("  a gain this small is luck as often as not; more recordings would tell.")
    show(f"{arguments.out}: written; use it with --settings {arguments.out}")


def _pairs(path):
    """A recording and the file of turns beside it, or those of a manifest."""
    from lightdiar.io.manifests import is_manifest, sounds_with_truth

    return sounds_with_truth(path) if is_manifest(path, "rttm") else [(path, _truth_of(path))]


def _truth_of(path):
    """The file of turns beside a recording."""
    from lightdiar.io.formats import find_turns

    found = find_turns(path.parent, path.stem) if path.is_file() else []
    if not found:
        raise ValueError(
            f"{path}: the recording and its truth {path.stem}.rttm, or another file of turns, must both exist in the "
            "same folder."
        )
    if len(found) > 1:
        names = ", ".join(truth.name for truth in found)
        raise ValueError(f"{path}: {names} could each be its truth; leave one there, or convert it to RTTM.")
    return found[0]
