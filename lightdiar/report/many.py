"""What many recordings have in common and where they differ: shares of women's voices, and how sure they are."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lightdiar.representation.bechdel import BechdelByEar, bechdel_by_ear
from lightdiar.systems.result import Diarization

FEWEST = 3  # recordings whose mean has an interval, and which have extremes
_ENDS = 3  # recordings at each end
PROBABLE, IMPROBABLE = 0.8, 0.2


@dataclass(frozen=True, eq=False)
class Film:
    """One of many recordings: its name, the women and men who were counted, and what is heard of the Bechdel test."""

    name: str
    counts: dict[str, int]
    seconds: float
    ear: BechdelByEar


def mean_interval(shares: np.ndarray) -> tuple[float, float] | None:
    """95 % interval of the mean of shares, from Student's t; None if there are fewer than three."""
    from scipy.stats import t

    n = len(shares)
    if n < FEWEST:
        return None
    half = t.ppf(0.975, n - 1) * shares.std(ddof=1) / math.sqrt(n)
    return max(0.0, float(shares.mean() - half)), min(1.0, float(shares.mean() + half))


@dataclass(frozen=True, eq=False)
class Many:
    """Recordings in the order of women's share.

    Parameters
    ----------
    films : tuple of Film
        Those in which women or men are heard.
    silent : tuple of str
        Names of those in which neither are heard.
    unknown : tuple of str
        Names of those in which no gender is known.
    duration : float
        Of the films, seconds.
    """

    films: tuple[Film, ...]
    silent: tuple[str, ...]
    unknown: tuple[str, ...]
    duration: float

    @property
    def shares(self) -> np.ndarray:
        """Women's share in each film."""
        return np.array([film.ear.female_share for film in self.films])

    @property
    def mean(self) -> float:
        """Mean of the shares."""
        return float(self.shares.mean())

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of the mean, from Student's t over the recordings; None if there are few.

        It holds for recordings that were drawn by chance from many; what is unsure of each is part of how they differ.
        """
        return mean_interval(self.shares)

    @property
    def together(self) -> tuple[float, float]:
        """Women's share of all speech of women and men, and its seconds."""
        seconds = np.array([film.seconds for film in self.films])
        return float(self.shares @ seconds / seconds.sum()), float(seconds.sum())

    def beside_half(self, below: bool) -> tuple[int, int]:
        """Number of films with less, or more, than half, and of those whose interval lies on that side."""
        ends = [(film.ear.female_share, film.ear.share_interval[below]) for film in self.films]
        sides = [(share < 0.5, end < 0.5) if below else (share > 0.5, end > 0.5) for share, end in ends]
        return sum(side for side, _ in sides), sum(side and whole for side, whole in sides)

    @property
    def lowest(self) -> tuple[Film, ...]:
        """A few films in which women have the smallest shares, the smallest first."""
        return tuple(film for film in self.films[: self._n_ends] if film.ear.female_share < 1)

    @property
    def highest(self) -> tuple[Film, ...]:
        """A few films in which women have the largest shares, the largest first; none in which they have none."""
        ends = self.films[::-1][: self._n_ends]
        return tuple(film for film in ends if film.ear.female_share > 0)

    @property
    def likeliest(self) -> tuple[Film, ...]:
        """A few films in which two women probably speak to each other, the most probable first."""
        films = sorted(self.films, key=lambda film: -film.ear.p_women_talk)
        return tuple(film for film in films[: self._n_ends] if film.ear.p_women_talk > 0.5)

    @property
    def _n_ends(self):
        return min(_ENDS, len(self.films) // 2) if len(self.films) >= FEWEST else 0

    def bins(self) -> list[int]:
        """Number of films in each tenth of the shares."""
        return np.histogram(self.shares, bins=10, range=(0, 1))[0].tolist()

    def likely(self, name: str) -> tuple[int, int]:
        """Number of films in which a criterion of `BechdelByEar` is probable, and improbable."""
        p = np.array([getattr(film.ear, name) for film in self.films])
        return int((p >= PROBABLE).sum()), int((p <= IMPROBABLE).sum())


def compare(results: Mapping[str, Diarization]) -> Many:
    """Put results in order by women's share."""
    films, silent, unknown = [], [], []
    for name, result in results.items():
        if not result.genders_known:
            unknown.append(name)
            continue
        if math.isnan(result.female_share):
            silent.append(name)
            continue
        seconds = sum(speaker.seconds for speaker in result.speakers if speaker.likelier_gender in "FM")
        films.append(Film(name, result.counts(), seconds, bechdel_by_ear(result)))
    films.sort(key=lambda film: (film.ear.female_share, film.name))
    return Many(tuple(films), tuple(silent), tuple(unknown), sum(film.ear.duration for film in films))
