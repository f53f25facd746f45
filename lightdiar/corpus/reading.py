"""The results of a corpus, read."""

from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from lightdiar.common.files import PathLike
from lightdiar.common.notation import count_of
from lightdiar.corpus.folder import Folder, Listed
from lightdiar.corpus.tables import recordings_table, speakers_table, summary
from lightdiar.report.results import Results, read_results

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Corpus:
    """What was heard in many recordings.

    Parameters
    ----------
    folder : Path
        Where the results are.
    recordings : DataFrame
        A row for each recording: recording (the name of its results), path, the columns of the list, duration (of what
        was heard of it) and speech (s), womens_share with share_low and share_high, n_women, n_men, n_children,
        agreement, warning, error (blank if there is none) and cpu_seconds.
    speakers : DataFrame
        A row for each speaker: recording, speaker, gender, p_female, p_child, seconds, and when they speak first and
        last (s).
    listed : Listed
        How many recordings there were to do.
    """

    folder: Path
    recordings: "pd.DataFrame"
    speakers: "pd.DataFrame"
    listed: Listed

    @cached_property
    def results(self) -> Results:
        """The result of each recording, for `lightdiar.folder_report`; read when it is first asked for."""
        found = read_results([self.folder]) if self.n_failed < len(self.recordings) else Results()
        return Results(found.found, found.failed | self.missing)

    @property
    def missing(self) -> dict[str, str]:
        """Why recordings have no result: the error of each that failed, and how many are not done yet."""
        left = {str(self.folder): f"not done yet: {self.n_left}"} if self.n_left else {}
        return dict(zip(self.failed["path"], self.failed["error"])) | left

    @property
    def failed(self) -> "pd.DataFrame":
        """The rows of the recordings that could not be diarized."""
        return self.recordings[self.recordings["error"] != ""]

    @property
    def n_failed(self) -> int:
        """How many they are."""
        return len(self.failed)

    @property
    def n_left(self) -> int:
        """How many recordings are not done yet."""
        return max(0, self.listed.n_recordings - len(self.recordings))

    def __repr__(self) -> str:
        n = len(self.recordings)
        return (
            f"<Corpus: {count_of(n, 'recording')} ({self.n_failed} failed), {count_of(len(self.speakers), 'speaker')}>"
        )

    def __str__(self) -> str:
        return summary(self.recordings, self.listed)

    def _repr_html_(self):
        return f"<pre>{escape(str(self))}</pre>"


def read(results: PathLike) -> Corpus:
    """Read what `run`, or `lightdiar corpus`, wrote, also while it still works.

    Parameters
    ----------
    results : path
        The folder.

    Returns
    -------
    corpus : Corpus

    Raises
    ------
    FormatError
        If it is no such folder, or one of another layout.
    """
    folder = Folder(Path(results))
    folder.described()
    rows = list(folder.rows())
    return Corpus(folder.path, recordings_table(rows), speakers_table(rows), folder.listed())
