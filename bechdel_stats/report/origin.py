"""Where the films of a report come from, so that it says of them only what holds for them."""

from bechdel_stats.report.analyses import Analyses

_VOLUNTEERS = ("bechdel", "fivethirtyeight", "538")  # in the shapes of sources whose films volunteers chose
_THEIR_COLUMNS = ("bechdel_id", "bechdelid", "bt_score", "clean_test", "dubious", "submitterid")
_UNRATED = "no rating in any source"


def by_volunteers(analyses: Analyses) -> bool:
    """Whether volunteers chose and rated the films, as on bechdeltest.com and in tables made from it."""
    shapes = " ".join(_shapes(analyses)).lower()
    columns = {str(name).lower() for name in analyses.films}
    return any(word in shapes for word in _VOLUNTEERS) or not columns.isdisjoint(_THEIR_COLUMNS)


def from_tmdb(analyses: Analyses) -> bool:
    """Whether the gender of people comes from TMDB."""
    films = analyses.films
    sources = set(films["cast_gender_source"].dropna()) if "cast_gender_source" in films else set()
    return any("TMDB" in shape for shape in _shapes(analyses)) or "tmdb" in sources


def n_unrated(analyses: Analyses) -> int:
    """Number of films without a rating, in the table or left out of it."""
    dropped = analyses.audit.dropped
    left_out = dropped.loc[dropped["reason"] == _UNRATED, "n_rows"].sum() if "reason" in dropped else 0
    return int(analyses.films["passes"].isna().sum() + left_out)


def _shapes(analyses):
    rows = analyses.audit.rows
    return [str(shape) for shape in rows["shape"]] if "shape" in rows else []
