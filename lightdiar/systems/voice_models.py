"""The shipped models of voices: from voiceprints to the evidence that two are of one person, and to women and men."""

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from lightdiar.models.normalisation import adaptive_s_norm
from lightdiar.stages.gender import VoiceprintGender
from lightdiar.stages.voiceprint import Voiceprinter
from lightdiar.systems.bundle import SHIPPED, read_models

SHIPPED_VOICES = SHIPPED / "voices"
_MOST_PEERS = 1000  # people who are compared with one another, which takes their square
_COMMON = 10.0  # people whose mean counts as much as the mean of the training speakers


@dataclass(frozen=True, eq=False)
class VoiceModels:
    """All models of speaker recognition.

    Parameters
    ----------
    voiceprinter : Voiceprinter
    cohort : ndarray of shape (n_cohort, n_dimensions)
        Vectors of training speakers, in clean and in film sound and over the telephone, to normalise scores by.
    slopes : ndarray of shape (3,)
        Nats for each unit of the normalised score of i-vectors, of that of supervectors, and of the lesser clearness of
        the two sides: noise makes the scores of different speakers lower.
    offset : float
        Nats.
    gender : VoiceprintGender
    """

    voiceprinter: Voiceprinter
    cohort: np.ndarray
    slopes: np.ndarray
    offset: float | np.ndarray
    gender: VoiceprintGender

    def __post_init__(self):
        n = self.voiceprinter.n_dimensions
        if np.ndim(self.cohort) != 2 or self.cohort.shape[1] != n:
            raise ValueError(f"cohort has shape {np.shape(self.cohort)}; the vectors have {n} dimensions.")
        if np.shape(self.slopes) != (3,) or np.ndim(self.offset) != 0:
            raise ValueError(
                f"slopes of shape {np.shape(self.slopes)} and offset {np.shape(self.offset)}; three slopes, one offset."
            )
        if self.gender.coefficients.shape[1] != len(self.voiceprinter.supervector_plda.phi):
            raise ValueError("gender does not match the other models.")

    @cached_property
    def fingerprint(self) -> str:
        """Short text that tells these models from others: vectors of different models cannot be compared."""
        printer = self.voiceprinter
        ubm = printer.ubm
        projections = (array for _, plda in printer.plans for array in (plda.mean, plda.transform))
        arrays = (printer.mean, ubm.weights, ubm.means, ubm.covariances, printer.extractor.T, *projections, self.cohort)
        digest = hashlib.sha256()
        for array in arrays:
            digest.update(np.ascontiguousarray(array, np.float32).tobytes())
        return digest.hexdigest()[:32]

    def scores(self, enrolled: np.ndarray, tests: np.ndarray, *, different: bool = False) -> np.ndarray:
        """Normalised scores of the two PLDA and the lesser clearness, shape (3, n_enrolled, n_tests).

        See `log_likelihood_ratios`.
        """
        different = different and len(enrolled) <= _MOST_PEERS
        normalised = []
        for part, plda in self.voiceprinter.plans:
            own, tested, cohort = enrolled[:, part], tests[:, part], self.cohort[:, part]
            normalised.append(
                adaptive_s_norm(
                    plda.log_likelihood_ratio(own, tested),
                    plda.log_likelihood_ratio(own, cohort),
                    plda.log_likelihood_ratio(tested, cohort),
                    peers=plda.log_likelihood_ratio(own) if different else None,
                )
            )
        return np.stack([*normalised, np.minimum(enrolled[:, -1:], tests[:, -1])])

    def log_likelihood_ratios(self, enrolled: np.ndarray, tests: np.ndarray, *, different: bool = False) -> np.ndarray:
        """Same speaker against different speakers, for all pairs.

        The two PLDA scores, each normalised by the cohort, and the clearness are weighed by logistic regression [1]_.

        Parameters
        ----------
        enrolled : ndarray of shape (n_enrolled, n_dimensions)
            Vectors of voiceprints, less the `centre` of the collection they belong to.
        tests : ndarray of shape (n_tests, n_dimensions)
            Likewise, less the same centre.
        different : bool, default=False
            Whether the enrolled are different people, who then belong to the cohort of one another's scores, unless
            there are more than 1,000.

        Returns
        -------
        ratios : ndarray of shape (n_enrolled, n_tests)
            Nats; positive favours the same speaker.

        References
        ----------
        .. [1] Brummer, Burget, Cernocky et al., "Fusion of heterogeneous speaker recognition systems in the STBU
           submission for the NIST speaker recognition evaluation 2006", IEEE Trans. Audio, Speech and Language
           Processing 15, 2007.
        """
        return np.tensordot(self.slopes, self.scores(enrolled, tests, different=different), axes=1) + self.offset

    def women_men_children(self, vectors: np.ndarray) -> np.ndarray:
        """Probabilities of each, shape (n_voices, 3), from vectors of voiceprints, no centre being taken off them.

        Only supervectors are asked: what i-vectors know besides did not help.
        """
        return self.gender.probabilities(vectors[:, self.voiceprinter.plans[1][0]])


def centre(vectors: np.ndarray) -> np.ndarray:
    """What the voices of a collection have in common, shape (n_dimensions,): the room, the microphone, the background.

    It is the mean of the vectors, shrunk towards 0, the mean of the training speakers, as if there were ten more of
    those: a few people may all be women, or children.
    """
    middle = vectors.sum(axis=0) / (len(vectors) + _COMMON)
    middle[-1] = 0  # the clearness is no place
    return middle


@lru_cache(maxsize=2)
def load_voice_models(folder: str | Path = SHIPPED_VOICES) -> VoiceModels:
    """Read the models of speaker recognition, by default those that ship; raises ModelError as `bundle.load`."""
    return read_models(VoiceModels, folder)
