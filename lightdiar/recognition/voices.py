"""People known by their voices: enrol them once, then ask whether and whose a voice is.

The models ship and are never trained on the people: what is kept of a person is one voiceprint for each session, so
that people come and go without touching the others. Voiceprints are biometric data.
"""

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lightdiar.common.files import PathLike
from lightdiar.common.notation import count_of
from lightdiar.common.tables import printable, shortened
from lightdiar.errors import AudioError, DoubtfulResultWarning, LeftOutWarning
from lightdiar.io.lines import listed, usual_form
from lightdiar.recognition.answers import Candidate, Identification, Verification, posteriors
from lightdiar.recognition.listening import Heard, hear, pooled, voiceprint
from lightdiar.recognition.naming import name_speakers
from lightdiar.recognition.people import as_people, check_name, check_names, sounds_of
from lightdiar.recognition.storage import load_voices, save_voices
from lightdiar.stages.clustering import cluster_scores
from lightdiar.stages.voiceprint import Voiceprint
from lightdiar.systems.result import Diarization
from lightdiar.systems.voice_models import VoiceModels, centre, load_voice_models

if TYPE_CHECKING:
    import pandas as pd

LEAST_SECONDS, GOOD_SECONDS = 3.0, 10.0  # of speech: fewer are refused, fewer are warned of
_LITTLE = 2.0  # seconds of speech in a question
_STRANGER = -3.0  # mean nats between groups of files of a person, below which they are of two
_SURELY = 4.0  # nats beyond the odds against it among all pairs, for two names to be one person
_MOST_COMPARED = 3000  # people, all pairs of whom are looked at for two that sound alike
KNOWN = 0.5  # how probable it is that a voice is one of the people, before it is heard


class Voices:
    """People known by their voices.

    Parameters
    ----------
    models : VoiceModels, optional
        By default, those that ship.

    Examples
    --------
    >>> voices = Voices.enrol("class/")  # doctest: +SKIP
    >>> print(voices.identify("who.wav"))  # doctest: +SKIP
    ann, 4.1 s of speech, prior of a known person 0.5
    person         probability  log ratio
    ann                  0.982       +7.3
    somebody else        0.017
    bob                  0.001       -0.9
    """

    def __init__(self, models: VoiceModels | None = None) -> None:
        self.models = models or load_voice_models()
        self._people: dict[str, list[Voiceprint]] = {}

    @classmethod
    def enrol(
        cls,
        people: "PathLike | Mapping[str, Any]",
        *,
        models: VoiceModels | None = None,
        progress: Callable[[str], object] | None = None,
    ) -> "Voices":
        """Learn the voices of people.

        Parameters
        ----------
        people : path or mapping
            A folder that holds one folder for each person, any sounds below it (each folder of sounds is a session, as
            in LibriSpeech); or names with the sounds of each.
        models : VoiceModels, optional
        progress : callable, optional
            Called with a line of text after each person.

        Returns
        -------
        voices : Voices

        Raises
        ------
        ValueError
            If nobody could be enrolled, or names are impossible or too much alike.

        Warns
        -----
        LeftOutWarning
            Of people and files that are left out, and why.
        DoubtfulResultWarning
            Of people with less than 10 s of speech, whose files do not sound like one person, and of two names that
            sound like the same person (among up to 3,000).
        """
        voices = cls(models)
        found = as_people(people)
        for number, (name, sessions) in enumerate(found.items(), 1):
            try:
                voices._enrol(name, sessions)
                n_sessions = len(voices._people[name])
                done = f"{voices.seconds(name):.1f} s of speech in {count_of(n_sessions, 'session')}"
            except (ValueError, AudioError, OSError) as error:
                if len(found) == 1:
                    raise
                _warn(f"not enrolled: {error}", LeftOutWarning)
                done = "not enrolled"
            if progress:
                progress(f"[{number}/{len(found)}] {printable(name)}: {done}")
        if not voices._people:
            raise ValueError("nobody could be enrolled; each person needs 3 s of speech, better 30 s.")
        voices._warn_of_pairs(list(voices._people))
        return voices

    def add(self, name: str, sounds: Any) -> None:
        """Enrol a person, or give somebody who is enrolled another session.

        Parameters
        ----------
        name : str
        sounds : path, Audio, list of them, ...
            One session: a sound or several, as `lightdiar.io.memory.as_sound` takes them.

        Raises
        ------
        ValueError
            If there is no speech, or less than 3 s of a new person, or the name is impossible or too much like that of
            somebody else.
        AudioError
            If no sound can be read.

        Warns
        -----
        LeftOutWarning
            Of sounds that cannot be read, if others can.
        """
        name = check_name(name)
        if name not in self._people:
            check_names([*self._people, name])
        self._enrol(name, sounds_of(name, sounds))
        self._warn_of_pairs([name])

    def remove(self, name: str) -> None:
        """Forget a person: nothing of them is left here, nor in a file saved from now on.

        Raises
        ------
        ValueError
            If nobody has that name.
        """
        del self._people[self._known(name)]

    @property
    def names(self) -> tuple[str, ...]:
        """The people, in the order in which they came."""
        return tuple(self._people)

    def __len__(self) -> int:
        return len(self._people)

    def __iter__(self) -> Iterator[str]:
        return iter(self._people)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and usual_form(name) in self._people

    def __repr__(self) -> str:
        return f"<Voices of {len(self)} {'person' if len(self) == 1 else 'people'}>"

    def seconds(self, name: str) -> float:
        """How much speech a person has given."""
        return sum(session.seconds for session in self._people[self._known(name)])

    def to_frame(self) -> "pd.DataFrame":
        """Who is enrolled: a DataFrame with one row for each person and columns person, sessions, seconds."""
        import pandas as pd

        rows = [(name, len(sessions), self.seconds(name)) for name, sessions in self._people.items()]
        return pd.DataFrame(rows, columns=["person", "sessions", "seconds"])

    def save(self, path: PathLike, *, overwrite: bool = False) -> None:
        """Write the voiceprints to a file, at most 2 kB for each session; no sound is in it.

        Raises
        ------
        FileExistsError
            If the file exists, unless `overwrite`.
        ValueError
            If nobody is enrolled.
        """
        if not self._people:
            raise ValueError("nobody is enrolled, so that there is nothing to save; delete the old file instead.")
        save_voices(path, self._people, self.models.fingerprint, overwrite=overwrite)

    @classmethod
    def load(cls, path: PathLike, *, models: VoiceModels | None = None) -> "Voices":
        """Read a file that `save` wrote.

        Raises
        ------
        FormatError
            If it is not one, or damaged.
        ModelError
            If other models made it.
        """
        voices = cls(models)
        printer = voices.models.voiceprinter
        voices._people = load_voices(path, voices.models.fingerprint, printer.n_dimensions)
        return voices

    def verify(self, name: str, sound: Any, *, prior: float = 0.5) -> Verification:
        """Is it the voice of this person?

        Parameters
        ----------
        name : str
        sound : path, Audio, list of them, ...
            Of one voice; several sounds are taken together.
        prior : float, default=0.5
            How probable it is before the sound is heard.

        Returns
        -------
        answer : Verification
            Without speech, nothing is learnt: the log likelihood ratio is 0.

        Raises
        ------
        ValueError
            If nobody has that name.
        AudioError
            If the sound cannot be read.
        """
        check_prior("prior", prior)
        name = self._known(name)
        question = self._question(sound)
        ratio = float(self.log_likelihood_ratios([question])[list(self._people).index(name), 0])
        return Verification(name, ratio, prior, question.seconds)

    def identify(self, sound: Any, *, known: float = KNOWN) -> Identification:
        """Whose voice is it, if it is anybody's of the people?

        Parameters
        ----------
        sound : path, Audio, list of them, ...
            Of one voice; several sounds are taken together. For a recording of several people, see
            ``diarize(sound, voices=voices)``.
        known : float, default=0.5
            How probable it is, before the sound is heard, that it is one of them; each is as probable as the others.

        Returns
        -------
        answer : Identification
            Everybody with a probability; those and that of somebody else sum to 1.
        """
        question = self._question(sound)
        return self.identify_voiceprints([question], known=known)[0]

    def identify_voiceprints(self, voiceprints: Sequence[Voiceprint], *, known: float = KNOWN) -> list[Identification]:
        """`identify` for voiceprints, such as those of the speakers of a diarization."""
        if not self._people:
            raise ValueError("nobody is enrolled; enrol people first.")
        check_prior("known", known)
        ratios = self.log_likelihood_ratios(voiceprints).T
        answers = []
        for row, (*probabilities, nobody), question in zip(ratios, posteriors(ratios, known), voiceprints):
            people = zip(self._people, map(float, probabilities), map(float, row))
            candidates = sorted((Candidate(*one) for one in people), key=lambda one: -one.log_likelihood_ratio)
            answers.append(Identification(tuple(candidates), float(nobody), known, question.seconds))
        return answers

    def name_speakers(self, result: Diarization, *, repeat: bool = False) -> Diarization:
        """The speakers of a diarization by name, if they are known; see `lightdiar.recognition.naming.name_speakers`.

        Raises
        ------
        ValueError
            If the result holds no voiceprints: those of ``method="untrained"`` and of files do not.
        """
        voiceprints = [speaker.voice for speaker in result.speakers if speaker.voice is not None]
        if len(voiceprints) < len(result.speakers):
            raise ValueError("the result holds no voiceprints; give the voices to the diarizer: diarize(..., voices=).")
        return name_speakers(result, self.identify_voiceprints(voiceprints), repeat=repeat)

    def log_likelihood_ratios(self, voiceprints: Sequence[Voiceprint]) -> np.ndarray:
        """How much more probable each voiceprint is if it is this person than if it is not.

        Both sides are measured from the `centre` of the people, whose rooms and microphones are often alike.

        Returns
        -------
        ratios : ndarray of shape (n_people, n_voiceprints)
            Nats; 0 for voiceprints without speech.
        """
        return ratios_of_people([pooled(sessions) for sessions in self._people.values()], voiceprints, self.models)

    def _known(self, name):
        """The name as it is kept."""
        if not isinstance(name, str):
            raise TypeError(f"a name is text, not {type(name).__name__}; write {str(name)!r}.")
        if name in self:
            return usual_form(name)
        shown = shortened(repr(name), 110)
        raise ValueError(f"{shown} is not enrolled; the people are {listed(self._people) or 'none'}.")

    def _question(self, sound):
        """The voiceprint of a question; warns if it is doubtful."""
        (sounds,) = sounds_of("the question", sound).values()
        heard = [hear(one, self.models) for one in sounds]
        for one in heard:
            if one.n_people > 1:
                _warn(
                    f"{one.title}: {one.n_people} people seem to speak, but one voice is asked for; "
                    "diarize(sound, voices=voices) tells them apart."
                )
        question = voiceprint(heard, self.models)
        titles = listed([one.title for one in heard])
        if not question.seconds:
            _warn(f"{titles}: no speech found, so that nothing is learnt about the voice.")
        elif question.seconds < _LITTLE:
            _warn(
                f"{titles}: {question.seconds:.1f} s of speech found; the answer is not reliable below {_LITTLE:g} s."
            )
        return question

    def _enrol(self, name, sessions):
        """Add the sessions of one person."""
        heard = {session: self._hear_all(name, sounds) for session, sounds in sessions.items()}
        files = [one for own in heard.values() for one in own]
        seconds = sum(one.seconds for one in files)
        where = f"{seconds:.1f} s of speech found in {count_of(len(files), 'sound')}"
        before = self._people.get(name, [])
        if not seconds or (seconds < LEAST_SECONDS and not before):
            raise ValueError(f"{printable(name)}: {where}; at least {LEAST_SECONDS:g} s are needed, better 30 s.")
        if seconds + sum(one.seconds for one in before) < GOOD_SECONDS:
            _warn(f"{printable(name)}: {where}; with less than {GOOD_SECONDS:g} s there will be more errors.")
        self._warn_of_strangers(name, files, before)
        prints = [voiceprint(own, self.models) for own in heard.values() if any(one.seconds for one in own)]
        self._people.setdefault(name, []).extend(prints)

    def _hear_all(self, name, sounds) -> list[Heard]:
        """Listen to the sounds of a session; those that cannot be read are left out with a warning."""
        heard, errors = [], []
        for sound in sounds:
            try:
                heard.append(hear(sound, self.models))
            except (AudioError, OSError) as error:
                errors.append(error)
        if errors and not heard:
            raise errors[0]
        for problem in errors:
            _warn(f"{printable(name)}: left out: {problem}", LeftOutWarning)
        return heard

    def _warn_of_strangers(self, name, files, before):
        """Warn of files in which several people speak, and of files that do not sound like the rest of the person."""
        for one in files:
            if one.n_people > 1:
                _warn(f"{printable(name)}: {one.n_people} people seem to speak in {one.title}; listen to it.")
        long = [one for one in files if one.seconds >= LEAST_SECONDS]
        kept = [pooled(before)] if before else []
        prints = [*kept, *(voiceprint([one], self.models) for one in long)]
        if len(prints) < 2:
            return
        vectors = np.stack([one.vector for one in prints])
        ratios = self.models.log_likelihood_ratios(vectors, vectors)
        labels = cluster_scores((ratios + ratios.T) / 2, _STRANGER)
        own = labels[0] if kept else np.bincount(labels, [one.seconds for one in prints]).argmax()
        odd = [one.title for one, label in zip(long, labels[len(kept) :]) if label != own]
        if odd:
            _warn(f"{printable(name)}: {listed(odd)} may be of somebody else; listen to the files of this person.")

    def _warn_of_pairs(self, names):
        """Warn of people who sound like one, among `names` and between them and all others."""
        people = list(self._people)
        if not 1 < len(people) <= _MOST_COMPARED:
            return
        vectors = np.stack([pooled(sessions).vector for sessions in self._people.values()])
        middle = centre(vectors)
        places = [people.index(name) for name in names]
        ratios = self.models.log_likelihood_ratios(vectors - middle, vectors[places] - middle)
        likely = ratios > 2 * math.log(len(people)) + _SURELY
        pairs = {tuple(sorted((row, places[column]))) for row, column in np.argwhere(likely) if row != places[column]}
        for one, other in sorted(pairs):
            _warn(
                f"{printable(people[one])} and {printable(people[other])} sound like the same person; listen to both."
            )


def check_prior(name: str, value: float) -> None:
    """Raise ValueError unless it is a probability that evidence can still change."""
    if not 0 < value < 1:
        raise ValueError(f"{name}={value} is a probability between 0 and 1; 0.5 is usual.")


def ratios_of_people(enrolled: Sequence[Voiceprint], tests: Sequence[Voiceprint], models: VoiceModels) -> np.ndarray:
    """Log likelihood ratios of voiceprints against different people; see `Voices.log_likelihood_ratios`."""
    people = np.stack([one.vector for one in enrolled])
    voices = np.stack([one.vector for one in tests]) if len(tests) else people[:0]
    middle = centre(people)
    ratios = models.log_likelihood_ratios(people - middle, voices - middle, different=True)
    return np.where([one.seconds > 0 for one in tests], ratios, 0.0)


def _warn(message, category=DoubtfulResultWarning):
    warnings.warn(message, category, stacklevel=3)
