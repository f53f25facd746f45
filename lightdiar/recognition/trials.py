"""How well the shipped models know your own people: every test against every person, or a list of trials."""

import math
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.common.tables import printable, shortened
from lightdiar.errors import AudioError, DoubtfulResultWarning, LeftOutWarning
from lightdiar.io.audio import Audio
from lightdiar.io.lines import listed, usual_form
from lightdiar.io.trials import Trial, read_trials
from lightdiar.recognition.identification import AllAgainstAll, forget_halves
from lightdiar.recognition.listening import hear, voiceprint
from lightdiar.recognition.people import as_people
from lightdiar.recognition.trial_report import TrialReport
from lightdiar.recognition.voices import LEAST_SECONDS, ratios_of_people
from lightdiar.signal.frontend import SAMPLE_RATE
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems.sound import open_sound
from lightdiar.systems.voice_models import VoiceModels, centre, load_voice_models

ENROLMENT_SECONDS, TEST_SECONDS = 15.0, 4.0
_SHORTEST_ENROLMENT, _SHORTEST_TEST, _LONGEST = 1.0, 0.5, 3600.0  # seconds of sound, and least of speech enrolled
_MOST_TESTS = 20  # of a person
_MOST_TRIALS = 5_000_000
_NOTHING = Voiceprint(np.zeros(0, np.float32), 0.0)
_BLOCK = 500  # tests whose ratios are computed together
_PATHS: dict[str, Callable[[Path], str]] = {
    "the folder two above each file (PERSON/SESSION/FILE)": lambda path: path.parts[-3],
    "the folder of each file": lambda path: path.parts[-2],
}
_LINKED = "the files that trials of the same person link"


def evaluate_people(
    people: PathLike | Mapping[str, Any],
    *,
    models: VoiceModels | None = None,
    enrolment_seconds: float = ENROLMENT_SECONDS,
    test_seconds: float = TEST_SECONDS,
    seed: int = 0,
    progress: Callable[[str], object] | None = None,
) -> TrialReport:
    """Try all people against each other: how well are they told apart by their voices?

    The first files of each person, at most half of them (rounded up), are enrolled; the rest is joined and cut into
    tests, of which at most 20, evenly spread, are used. Both are often of one day and one microphone: on another day
    there will be more errors. All voices are measured from the `centre` of the people who are enrolled.

    Parameters
    ----------
    people : path or mapping
        A folder that holds one folder for each person, a manifest, or names and their sounds, see
        `lightdiar.recognition.people.as_people`. Who has sound for no test is enrolled nevertheless.
    models : VoiceModels, optional
        By default, those that ship.
    enrolment_seconds : float, default=15.0
        Sound in an enrolment, at most; 1 to 3600.
    test_seconds : float, default=4.0
        Sound in a test; what is left over is not used. 0.5 to 3600.
    seed : int, default=0
        Of the draws behind intervals and open-set figures.
    progress : callable, optional
        Called with a line of text after each person.

    Returns
    -------
    report : TrialReport
        ``print(report)`` shows all figures. A test is named by the file in which it starts, and where.

    Raises
    ------
    ValueError
        If there are not two people with 1 s of speech to enrol, or nothing is left for tests, or there are more than
        2236 people, and as `as_people`.

    Warns
    -----
    DoubtfulResultWarning
        Of people and files that are left out; of people with one file, which is cut in two halves and flatters; of
        tests without speech, whose ratios are 0.

    Examples
    --------
    >>> print(evaluate_people("class/"))  # doctest: +SKIP
    """
    _check_seconds("enrolment_seconds", enrolment_seconds, _SHORTEST_ENROLMENT)
    _check_seconds("test_seconds", test_seconds, _SHORTEST_TEST)
    found = as_people(people)
    if len(found) < 2:
        raise ValueError(f"{_alone(people, found)} can be taken for nobody else; give two people or more.")
    most = min(_MOST_TESTS, _MOST_TRIALS // len(found) ** 2)
    if not most:
        raise ValueError(
            f"{len(found)} people are too many to try against each other; at most {math.isqrt(_MOST_TRIALS)} are "
            "possible. Give a part of them."
        )
    models = models or load_voice_models()
    heard = []
    for number, (name, sessions) in enumerate(found.items(), 1):
        one = _hear_person(name, sessions, enrolment_seconds, test_seconds, most, models)
        heard.append(one)
        if progress:
            done = f"{one.enrolment.seconds:.1f} s of speech enrolled, tests: {len(one.tests)}"
            progress(f"[{number}/{len(found)}] {printable(name)}: {done}")
    enrolled = [one for one in heard if one.enrolment.seconds >= _SHORTEST_ENROLMENT]
    least = f"{_SHORTEST_ENROLMENT:g} s of speech to enrol"
    _warn_of(f"people with less than {least} are left out", [one.said for one in heard if one not in enrolled])
    if len(enrolled) < 2:
        raise ValueError(f"{len(enrolled)} of {len(found)} people have {least}; two are needed.")
    if not any(one.tests for one in enrolled):
        raise ValueError(f"nobody has {test_seconds:g} s of sound left for a test; record more, or make tests shorter.")
    short = [one.said for one in enrolled if one.enrolment.seconds < LEAST_SECONDS]
    _warn_of(f"people with less than {LEAST_SECONDS:g} s of speech to enrol, whom `enrol` would refuse", short)
    _warn_of("several people seem to speak in some sounds", [title for one in enrolled for title in one.several])
    halved = [one.name for one in enrolled if one.halved]
    _warn_of("people with one sound: both halves of it are one recording, which flatters", halved)
    _warn_of("people without a test", [one.name for one in enrolled if not one.tests])
    return _all_against_all(enrolled, models, seed)


def evaluate_trials(
    trials: PathLike | Iterable[Trial],
    *,
    folder: PathLike | None = None,
    models: VoiceModels | None = None,
    seed: int = 0,
    progress: Callable[[str], object] | None = None,
) -> TrialReport:
    """Try what a list of trials says.

    All voices are measured from the `centre` of those that are enrolled. For the intervals, people must be known: they
    are named by the folder two above each file, as in LibriSpeech and VoxCeleb (``PERSON/SESSION/FILE``), or else by
    the folder of each file, or else they are the files that are linked by trials of the same person; the first that
    agrees with the list.

    Parameters
    ----------
    trials : path or iterable of Trial
        A list as `lightdiar.io.trials.read_trials` reads it; both sides are sound files, and each is heard once.
    folder : path, optional
        Where the files are; by default where the list is.
    models, seed, progress
        As in `evaluate_people`.

    Returns
    -------
    report : TrialReport
        ``print(report)`` shows all figures.

    Raises
    ------
    FormatError
        If the list is none.
    FileNotFoundError
        If a file is missing, before any is heard.
    ValueError
        If there are not both trials of the same and of different people.

    Warns
    -----
    DoubtfulResultWarning
        Of files that cannot be read, whose trials are left out; of trials without speech, whose ratios are 0; if the
        list contradicts itself, so that there are no intervals.
    """
    if isinstance(trials, (str, os.PathLike)):
        folder = Path(trials).parent if folder is None else folder
        trials = read_trials(trials)
    trials = tuple(trials)
    _check_both_kinds(trials)
    names = list(dict.fromkeys(name for trial in trials for name in (trial.enrol, trial.test)))
    paths = _on_disk(names, Path("." if folder is None else folder))
    models = models or load_voice_models()
    prints, several = {}, []
    step = math.ceil(len(names) / 100)
    for number, name in enumerate(names, 1):
        try:
            heard = hear(paths[name], models)
        except (AudioError, OSError) as error:
            _warn(f"its trials are left out: {error}", LeftOutWarning)
            continue
        several += [name] * (heard.n_people > 1)
        prints[name] = voiceprint([heard], models)
        if progress and number % step == 0:
            progress(f"[{number}/{len(names)}] {printable(name)}: {heard.seconds:.1f} s of speech")
    _warn_of("several people seem to speak in some files", several)
    readable = [trial for trial in trials if trial.enrol in prints and trial.test in prints]
    if len(readable) < len(trials):
        _warn(f"{len(trials) - len(readable)} of {len(trials)} trials are left out, because a file cannot be read.")
        _check_both_kinds(readable)
    return _of_list(readable, prints, paths, models, seed)


@dataclass(frozen=True, eq=False)
class _Person:
    """What was heard of a person."""

    name: str
    enrolment: Voiceprint
    tests: tuple[tuple[str, Voiceprint], ...]  # each with a title
    several: tuple[str, ...]  # sounds in which several people seem to speak
    halved: bool  # whether both are of one sound

    @property
    def said(self) -> str:
        return f"{self.name} ({self.enrolment.seconds:.2f} s)"


def _hear_person(name, sessions, enrolment_seconds, test_seconds, most, models) -> _Person:
    """The enrolment and at most so many tests of a person."""
    sounds = list(_titled(name, sessions))
    lengths = (round(seconds * SAMPLE_RATE) for seconds in (enrolment_seconds, test_seconds))
    parts, pieces = _parts(name, sounds, *lengths)
    heard = [(title, hear(Audio(samples, SAMPLE_RATE), models)) for title, samples in parts]
    tests = [(title, hear(Audio(samples, SAMPLE_RATE), models)) for title, samples in _spread(pieces, most)]
    return _Person(
        name,
        voiceprint([one for _, one in heard], models) if heard else _NOTHING,
        tuple((title, voiceprint([one], models)) for title, one in tests),
        tuple(title for title, one in heard if one.n_people > 1),
        len(sounds) == 1,
    )


def _all_against_all(enrolled, models, seed):
    """Report of all tests against all who are enrolled."""
    prints = [one.enrolment for one in enrolled]
    titles, tests = zip(*(test for one in enrolled for test in one.tests))
    speakers = np.repeat(np.arange(len(prints)), [len(one.tests) for one in enrolled])

    def score(kept):
        return ratios_of_people([prints[place] for place in kept], tests, models).T

    everyone = np.arange(len(prints))
    matrix = score(everyone)
    _warn_of_silence(np.repeat([test.seconds == 0 for test in tests], len(prints)))
    names = np.array([one.name for one in enrolled], dtype=object)
    rows, columns = np.tile(everyone, len(tests)), np.repeat(np.arange(len(tests)), len(prints))
    return TrialReport(
        matrix.ravel(),
        rows == speakers[columns],
        names[rows],
        np.array(titles, dtype=object)[columns],
        (names[rows], names[speakers[columns]]),
        AllAgainstAll(tuple(names), matrix, speakers, forget_halves(score, len(names), speakers, seed=seed)),
        seed=seed,
    )


def _of_list(trials, prints, paths, models, seed):
    """Report of a list of trials whose files were heard."""
    enrolled, tests = (list(dict.fromkeys(names)) for names in zip(*((trial.enrol, trial.test) for trial in trials)))
    place, column = ({name: number for number, name in enumerate(names)} for names in (enrolled, tests))
    rows = np.array([place[trial.enrol] for trial in trials])
    columns = np.array([column[trial.test] for trial in trials])
    ratios = _ratios([prints[name] for name in enrolled], [prints[name] for name in tests], rows, columns, models)
    _warn_of_silence(np.array([not (prints[one.enrol].seconds and prints[one.test].seconds) for one in trials]))
    owners, how = _owners(trials, paths)
    if not owners:
        _warn("trials of the same person link files that another trial says are of two; there are no intervals.")
    sides = [np.array(names, dtype=object)[places] for names, places in ((enrolled, rows), (tests, columns))]
    people = [np.array([owners[name] for name in side], dtype=object) for side in sides] if owners else None
    return TrialReport(
        ratios,
        np.array([trial.same for trial in trials]),
        *sides,
        (people[0], people[1]) if people else None,
        note=f"People are told by {how}." if people else "",
        seed=seed,
    )


def _ratios(
    enrolled: Sequence[Voiceprint],
    tests: Sequence[Voiceprint],
    rows: np.ndarray,
    columns: np.ndarray,
    models: VoiceModels,
) -> np.ndarray:
    """Log likelihood ratio of each pair (place in `enrolled`, place in `tests`); 0 without speech."""
    E, T = (np.stack([one.vector for one in side]) for side in (enrolled, tests))
    middle = centre(E)
    ratios = np.zeros(len(rows))
    for start in range(0, len(T), _BLOCK):
        trials = np.flatnonzero((start <= columns) & (columns < start + _BLOCK))
        own, place = np.unique(rows[trials], return_inverse=True)
        found = models.log_likelihood_ratios(E[own] - middle, T[start : start + _BLOCK] - middle)
        ratios[trials] = found[place, columns[trials] - start]
    spoken = [np.array([one.seconds > 0 for one in side]) for side in (enrolled, tests)]
    return np.where(spoken[0][rows] & spoken[1][columns], ratios, 0.0)


def _warn_of_silence(silent):
    if silent.any():
        _warn(f"no speech was found in a sound of {silent.sum()} of {len(silent)} trials; their ratios are 0.")


def _titled(name, sessions) -> Iterator[tuple[str, Any]]:
    """The sounds of a person in order, each with what to call it."""
    number = 0
    for session, sounds in sessions.items():
        for sound in sounds:
            number += 1
            is_path = isinstance(sound, (str, os.PathLike))
            own = Path(os.fsdecode(sound)).name if is_path else f"sound {number}"
            yield "/".join([name, *[session] * (session not in ("", ".")), own]), sound


def _parts(name, sounds, enrolment_length, test_length):
    """Titles and samples of the enrolment, and an iterator over those of all tests."""
    if len(sounds) == 1:
        read = list(_read(name, sounds))
        samples = read[0][1] if read else np.zeros(0, np.float32)
        half = len(samples) // 2
        (title, _), *_ = sounds
        return [(title, samples[:half][:enrolment_length])], _pieces([(title, half, samples[half:])], test_length)
    parts, n_samples, n_used = [], 0, 0
    while n_used < (len(sounds) + 1) // 2 and n_samples < enrolment_length:
        parts += [
            (title, samples[: enrolment_length - n_samples])
            for title, samples in _read(name, sounds[n_used : n_used + 1])
        ]
        n_samples, n_used = sum(len(samples) for _, samples in parts), n_used + 1
    rest = ((title, 0, samples) for title, samples in _read(name, sounds[n_used:]))
    return parts, _pieces(rest, test_length)


def _read(name, sounds) -> Iterator[tuple[str, np.ndarray]]:
    """Titles and samples at 16 kHz; what cannot be read is left out with a warning."""
    for title, sound in sounds:
        try:
            _, blocks = open_sound(sound)
            yield title, np.concatenate([np.zeros(0, np.float32), *blocks])
        except (AudioError, OSError) as error:
            _warn(f"{printable(name)}: left out: {error}", LeftOutWarning)


def _pieces(sounds, length) -> Iterator[tuple[str, np.ndarray]]:
    """Cut sounds (title, first sample, samples), joined, into pieces; each is named by where it starts."""
    title, rest = "", np.zeros(0, np.float32)
    for name, first, samples in sounds:
        before, joined = len(rest), np.concatenate([rest, samples])
        start = 0
        for start in range(0, len(joined) + 1, length):
            if start >= before:
                title = f"{name} ({(first + start - before) / SAMPLE_RATE:.1f} s)"
            if start + length <= len(joined):
                yield title, joined[start : start + length].copy()  # or all of the sound would stay in memory
        rest = joined[start:].copy()


def _spread(pieces, most):
    """At most so many of the pieces, evenly spread; no more than twice as many are held at a time."""
    held, step = [], 1
    for number, piece in enumerate(pieces):
        if number % step == 0:
            held.append(piece)
        if len(held) == 2 * most:
            held, step = held[::2], 2 * step
    if len(held) <= most:
        return held
    return [held[place] for place in np.linspace(0, len(held) - 1, most).round().astype(int)]


def _on_disk(names, folder) -> dict[str, Path]:
    """The file of each name, also where the disk writes its accents in another form."""
    listings: dict[Path, dict[str, Path]] = {}
    paths = {name: _existing(folder, name, listings) for name in names}
    missing = [name for name, path in paths.items() if not os.path.isfile(path)]
    if missing:
        first = printable(shortened(str(folder / missing[0])))
        what = "is a folder" if os.path.isdir(paths[missing[0]]) else "does not exist"
        raise FileNotFoundError(
            f"{first}: {what}; {len(missing)} of {len(names)} files of the list are not there. Name the folder that "
            "their names start from."
        )
    return paths


def _existing(folder, name, listings):
    """The path of a name, which may be too long to exist; `listings` remembers what is in folders looked through."""
    path = folder / name
    if os.path.exists(path):
        return path
    place = Path(path.anchor)
    for part in path.relative_to(place).parts:
        inside = place / part
        if not os.path.exists(inside):
            if place not in listings:
                listings[place] = {usual_form(one.name): one for one in place.iterdir()} if place.is_dir() else {}
            if usual_form(part) not in listings[place]:
                return path
            inside = listings[place][usual_form(part)]
        place = inside
    return place


def _owners(trials, paths):
    """Who speaks in each file, and how that was found; nothing if the list contradicts itself."""
    names = list(dict.fromkeys(name for trial in trials for name in (trial.enrol, trial.test)))
    for how, owner in _PATHS.items():
        if all(len(Path(os.path.abspath(paths[name])).parts) > 3 for name in names):
            owners = {name: usual_form(owner(Path(os.path.abspath(paths[name])))) for name in names}
            if _agree(owners, trials):
                return owners, how
    owners = _linked(names, trials)
    return (owners, _LINKED) if _agree(owners, trials) else ({}, "")


def _linked(names, trials):
    """Each file with the first of those that trials of the same person link it to."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    number = {name: place for place, name in enumerate(names)}
    pairs = np.array([(number[trial.enrol], number[trial.test]) for trial in trials if trial.same])
    links = coo_array((np.ones(len(pairs)), pairs.T), shape=(len(names), len(names)))
    _, labels = connected_components(links, directed=False)
    first = dict(zip(labels[::-1], names[::-1]))
    return {name: first[label] for name, label in zip(names, labels)}


def _agree(owners, trials):
    return all((owners[trial.enrol] == owners[trial.test]) == trial.same for trial in trials)


def _check_both_kinds(trials):
    n_same = sum(trial.same for trial in trials)
    if not 0 < n_same < len(trials):
        raise ValueError(f"{n_same} of {len(trials)} trials are of the same person; both kinds are needed.")


def _check_seconds(name, seconds, least):
    if not least <= seconds <= _LONGEST:
        raise ValueError(f"{name}={seconds} must be from {least:g} to {_LONGEST:g} s.")


def _alone(people, found):
    """What to say of the only person, whose folders may be the people."""
    ((name, sessions),) = found.items()
    if isinstance(people, (str, os.PathLike)) and os.path.isdir(people) and len(sessions) > 1:
        return f"one person ({printable(name)}; if the folders in it are the people, name {Path(people) / name})"
    return f"one person ({printable(name)})"


def _warn_of(what, names):
    """Warn of some; of none, nothing."""
    if names:
        _warn(f"{what} ({len(names)}): {printable(listed(names))}")


def _warn(message, category=DoubtfulResultWarning):
    warnings.warn(message, category, stacklevel=3)
