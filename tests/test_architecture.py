"""The ladder: a module imports only what stands above it in the tree, and its folder says where it belongs."""

import ast
from pathlib import Path

import pytest

import bechdel_stats
import lightdiar

TREES = {
    "lightdiar": """
        errors
        common          arrays notation axes lazy files exports foreign convergence archive tables processes commandline
        timeline
        io              formats resample pieces chunks mpeg layout libsndfile matroska containers languages
        io              tracks ffmpeg decoders audio piped memory lines turns rttm uem lab genders trials manifests
        io              cue_names subtitles textgrid eaf turn_table event_rows event_lists
        signal          frames features lpc pitch norms clicks hum snr frontend
        metrics         intervals diarization changes verification identification bcubed bootstrap calibration
        metrics         counts event_counts matching sound_events tagging
        show            strips svg canvas spectrogram events timeline features speech similarity gender verification
        show            counts
        models          gaussian gmm ivectors svm plda normalisation vbhmm viterbi boosting
        stages          channels speech segmentation clustering spectral embedding voiceprint voting
        stages          resegmentation gender
        systems         settings bundle voice_models joining partitioning result conversion contracts stages sound
        systems         chapters diarizer
        recognition     people answers listening naming storage voices linking
        recognition     identification trial_report trials methods comparison
        datasets        tree rows sounds tables elements truths conversations ami parquet librispeech voxceleb
        datasets        timit commonvoice people films manifest
        live            update news evidence hearing people passage ledger listener whole intake stream
        live            microphone sources screen
        events          splits corpus labels mixing features smoothing logistic gmm_pair nmf classifiers
        events          decoding training tagging result fields holdout config model detector hearing
        events          runs classes evaluation experiment assessment
        representation  dialogue reliability draws counts bechdel
        report          texts words page pictures sound event_files heard summary speaking besides dialogue by_ear
        report          closing recording results many folder
        training        synthesis augment tunes scenes conversations cards manifests sessions train voices
        training        reliability plays sounds tuning
        corpus          outcome process worker cluster local film names listing options rows folder work tables reading
        corpus          running merging
        page            words problems scratch door uploads work corrections answers saving session server
        cli             recordings cards pairs count diarize bechdel label convert speech features enrol add remove
        cli             voices verify identify link events_apply events
        cli             terminal display stream
        cli             score trials tune manifest corpus models train demo page report
    """,
    "bechdel_stats": """
        levels attributes
        words           names messages texts language
        results
        data            dates values outcomes columns titles credits readers tmdb shapes schema
        data            encodings preamble spreadsheet files ear sources matching heard audit tables fetch
        pictures        canvas svg charts odds rates trend predictions
        describe        intervals grouping rates shrinkage campaign disputed margins weights profiles clusters
        inference       factors grammar people design formulas sandwich contrasts sampling firth fit estimates
        inference       odds_result regression comparison influence scores brant margins multinomial ordinal
        inference       chained filling pooling multiple trend
        prediction      blocks imputation coefficients update model metrics predictions
        prediction      calibration evaluation with_ear over_time importance local_effects explanation
        report          groups analyses origin blocks style pages parts figures trends findings front descriptions
        report          associations predictions closing slides report
        cli             films predict explain what_if odds rates trend clusters report audit fit fetch models demo
    """,
}
ROOTS = {"lightdiar": Path(lightdiar.__file__).parent, "bechdel_stats": Path(bechdel_stats.__file__).parent}
SHARED = "lightdiar.common"  # the one folder that both packages use, beside errors and the version


def ladder(package):
    """Names of all modules, in the order of the tree; a folder itself stands behind the last row of its modules."""
    order = []
    for row in TREES[package].strip().splitlines():
        first, *others = row.split()
        if (ROOTS[package] / first).is_dir():
            order += [f"{package}.{first}.{name}" for name in others] + [f"{package}.{first}"]
        else:
            order += [f"{package}.{name}" for name in (first, *others)]
    return [name for place, name in enumerate(order) if name not in order[place + 1 :]]


def module_name(package, path):
    parts = path.relative_to(ROOTS[package]).with_suffix("").parts
    return ".".join([package, *(parts[:-1] if parts[-1] == "__init__" else parts)])


MODULES = [
    (package, module_name(package, path), path)
    for package, root in ROOTS.items()
    for path in sorted(root.rglob("*.py"))
    if module_name(package, path) not in (package, f"{package}.__main__", f"{package}._version")
]


def imported_modules(path, known):
    """Full names of the modules that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in known else node.module


@pytest.mark.parametrize(("package", "name", "path"), MODULES, ids=[name for _, name, _ in MODULES])
def test_imports_only_go_up_the_tree(package, name, path):
    order = ladder(package)
    assert name in order, f"{name} is not in the tree: give it a place"
    for imported in imported_modules(path, set(order) | set(ladder("lightdiar"))):
        top = imported.partition(".")[0]
        if top == package and imported in order:
            assert order.index(imported) < order.index(name), f"{name} must not import {imported}"
        elif top in TREES and top != package:
            allowed = imported.startswith(SHARED) or imported in ("lightdiar.errors", "lightdiar._version")
            assert allowed and package == "bechdel_stats", f"{name} must not import {imported}"


FILTERS = {  # why no other way is left
    "lightdiar.common.commandline",  # a command is its process
    "bechdel_stats.cli.demo",
    "lightdiar.common.processes",  # joblib has no argument for it
    "lightdiar.corpus.work",  # a process of its own
    "bechdel_stats.data.files",  # nor has pandas
    "bechdel_stats.data.spreadsheet",  # nor has openpyxl
}


def test_filters_of_warnings_which_are_those_of_all_threads_are_left_alone():
    changed = {name for _, name, path in MODULES if "warnings.catch_warnings(" in path.read_text(encoding="utf-8")}
    assert changed <= FILTERS


@pytest.mark.parametrize("package", TREES)
def test_the_tree_names_only_what_is_there(package):
    there = {name for owner, name, _ in MODULES if owner == package}
    assert set(ladder(package)) == there


@pytest.mark.parametrize("package", [lightdiar, bechdel_stats], ids=lambda package: package.__name__)
def test_public_names_are_the_same_for_python_and_for_editors(package):
    """What loads lazily is listed once more for type checkers: both lists agree, and each name is there."""
    tree = ast.parse(Path(package.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    listed = {alias.asname: node.module for node in block.body for alias in node.names}
    homes = {name: f"{package.__name__}.{home}" for name, home in package._HOMES.items()}
    assert listed == homes
    assert set(package.__all__) == {"__version__", *homes}
    for name in package.__all__:
        assert getattr(package, name) is not None
    assert dir(package) == sorted(homes)


def test_modules_are_reached_by_their_path_after_importing_the_package():
    assert lightdiar.signal.features.mfcc is lightdiar.mfcc
    assert bechdel_stats.inference.design.rcs is bechdel_stats.rcs
    with pytest.raises(AttributeError, match="'lightdiar.signal' has no attribute 'nothing'"):
        lightdiar.signal.nothing  # noqa: B018
