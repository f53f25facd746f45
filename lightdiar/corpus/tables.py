"""The tables of a corpus, of recordings and of speakers, and their summary; made from the rows, whenever wanted."""

import io
from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from lightdiar.common.files import write_bytes, write_text
from lightdiar.common.notation import count_of
from lightdiar.common.tables import aligned, disarmed_table, printable, shortened
from lightdiar.corpus.folder import Folder, Listed
from lightdiar.corpus.rows import SPEAKER, Row
from lightdiar.report.many import mean_interval

if TYPE_CHECKING:
    import pandas as pd

_OF_ROW = [each.name for each in fields(Row) if each.name not in ("columns", "part", "state", "speakers")]
_COUNTS = ["n_women", "n_men", "n_children"]
_WORDS = ["recording", "path", "warning", "error", "speaker", "gender"]
_MOST_FAILED = 20  # recordings in a summary


def recordings_table(rows: Sequence[Row]) -> "pd.DataFrame":
    """A row for each recording: its name, what the list says of it, and what was found, as `Row` has it."""
    import pandas as pd

    extra = list(dict.fromkeys(name for row in rows for name in row.columns))
    columns: dict[str, list[object]] = {name: [getattr(row, name) for row in rows] for name in _OF_ROW[:2]}
    for name in extra:
        columns[f"list_{name}" if name in _OF_ROW else name] = [row.columns.get(name, "") for row in rows]
    columns |= {name: [getattr(row, name) for row in rows] for name in _OF_ROW[2:]}
    table = pd.DataFrame(columns)
    types = {name: "Int64" if name in _COUNTS else "float64" for name in _OF_ROW if name not in _WORDS}
    return table.astype(types)


def speakers_table(rows: Sequence[Row]) -> "pd.DataFrame":
    """A row for each speaker of each recording: recording, speaker, gender, p_female, p_child, seconds, first, last."""
    import pandas as pd

    found = [{"recording": row.recording, **speaker} for row in rows for speaker in row.speakers]
    table = pd.DataFrame(found, columns=["recording", *SPEAKER])
    return table.astype({name: "float64" for name in SPEAKER if name not in _WORDS})


def write_tables(folder: Folder) -> None:
    """Write the tables, as CSV and, where pyarrow is installed, as Parquet, and the summary; raises CannotGoOn."""
    rows = list(folder.rows())
    recordings, speakers = recordings_table(rows), speakers_table(rows)
    with folder.writable():
        for name, table in (("recordings", recordings), ("speakers", speakers)):
            write_text(folder.path / f"{name}.csv", disarmed_table(table).to_csv(index=False, lineterminator="\n"))
            content = _parquet(table)
            if content is None:
                (folder.path / f"{name}.parquet").unlink(missing_ok=True)  # of an earlier run, with other rows
            else:
                write_bytes(folder.path / f"{name}.parquet", content)
        write_text(folder.path / "summary.txt", summary(recordings, folder.listed()) + "\n")


def _parquet(table):
    """The table as Parquet; None without pyarrow."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        return None
    content = io.BytesIO()
    table.to_parquet(content, engine="pyarrow", index=False)
    return content.getvalue()


def summary(recordings: "pd.DataFrame", listed: Listed) -> str:
    """What was heard in a corpus, and what of it is missing, in a few lines."""
    failed = recordings[recordings["error"] != ""]
    done = recordings[recordings["error"] == ""]
    hours, speech = _hours(done["duration"]), _hours(done["speech"])
    n, n_left = max(listed.n_recordings, len(recordings)), listed.n_recordings - len(recordings)
    left = f", {n_left} not done yet" if n_left > 0 else ""
    of_part = f" in part {listed.number} of {listed.n_parts}" if listed.n_parts > 1 else ""
    lines = [
        f"{count_of(n, 'recording')}{of_part}: {len(done)} done, {len(failed)} failed{left}; "
        f"{hours}, {speech} of it speech"
    ]
    spoken = done.dropna(subset=["womens_share"])
    if len(spoken):
        shares, seconds = spoken["womens_share"].to_numpy(), spoken["speech"].to_numpy()
        interval = mean_interval(shares) if shares.min() < shares.max() else None  # else it would be exactly known
        sure = f" (95% interval {interval[0]:.0%} to {interval[1]:.0%})" if interval else ""
        together = f"; {shares @ seconds / seconds.sum():.0%} of all speech together" if seconds.sum() else ""
        lines.append(f"women's share of the speaking time: {shares.mean():.0%} on average{sure}{together}")
        women, men, children = (int(done[name].sum()) for name in _COUNTS)
        lines.append(f"voices counted: {women} of women, {men} of men, {children} of children")
    if n_doubtful := int((done["warning"] != "").sum()):
        lines.append(f"with a warning: {n_doubtful}, see recordings.csv")
    if len(failed):
        reasons = failed[["recording", "error"]].head(_MOST_FAILED).itertuples(index=False)
        lines += ["failed:", *aligned([(name, printable(shortened(error))) for name, error in reasons], 2)]
    if len(failed) > _MOST_FAILED:
        lines.append(f"and {len(failed) - _MOST_FAILED} more, see recordings.csv")
    return "\n".join(lines)


def _hours(seconds):
    total = seconds.sum()
    return f"{total / 3600:.1f} h" if total >= 360 else f"{total:.0f} s"
