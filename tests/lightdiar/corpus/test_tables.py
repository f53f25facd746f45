import io

import pandas as pd
import pytest

from lightdiar.corpus import tables
from lightdiar.corpus.folder import Folder, Listed
from lightdiar.corpus.rows import Row
from lightdiar.corpus.tables import recordings_table, speakers_table, summary, write_tables


def heard(name, share, **known):
    numbers = {"duration": 3600.0, "speech": 1800.0, "share_low": 0.1, "share_high": 0.9, "agreement": 0.8}
    counts = {"n_women": 1, "n_men": 2, "n_children": 0, "cpu_seconds": 12.5}
    return Row(name, f"{name}.wav", womens_share=share, **numbers | counts | known)


SPEAKER = {"speaker": "=me", "gender": "F", "p_female": 0.9, "p_child": 0.0, "seconds": 4.0, "first": 1.0, "last": 9.5}
ROWS = [
    Row("=bad", "=bad.wav", {"year": "@1", "duration": "long"}, error="is no sound."),
    heard("calm", 0.25, speakers=[SPEAKER]),
    heard("none", None, n_women=0, n_men=0, warning="ends too early."),
]


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A function that writes the tables of rows and returns their folder."""

    def write(rows):
        monkeypatch.setattr(Folder, "rows", lambda folder: iter(rows))
        Folder(tmp_path).note_listed(Listed(len(rows)))
        write_tables(Folder(tmp_path))
        return tmp_path

    return write


def test_tables_are_written_as_people_and_spreadsheets_read_them(written):
    folder = written(ROWS)
    assert (folder / "recordings.csv").read_text().splitlines() == [
        "recording,path,year,list_duration,duration,speech,womens_share,share_low,share_high,n_women,n_men,n_children,"
        "agreement,warning,error,cpu_seconds",
        "'=bad,'=bad.wav,'@1,long,,,,,,,,,,,is no sound.,",
        "calm,calm.wav,,,3600.0,1800.0,0.25,0.1,0.9,1,2,0,0.8,,,12.5",
        "none,none.wav,,,3600.0,1800.0,,0.1,0.9,0,0,0,0.8,ends too early.,,12.5",
    ]
    assert (folder / "speakers.csv").read_text().splitlines() == [
        "recording,speaker,gender,p_female,p_child,seconds,first,last",
        "calm,'=me,F,0.9,0.0,4.0,1.0,9.5",
    ]


def test_parquet_holds_the_same_and_goes_where_pyarrow_is_not(written, monkeypatch):
    pytest.importorskip("pyarrow")
    folder = written(ROWS)
    table = pd.read_parquet(folder / "recordings.parquet")
    assert list(table["recording"]) == ["=bad", "calm", "none"]
    assert table["n_women"].sum() == 1
    assert pd.read_parquet(folder / "speakers.parquet").to_dict("records") == [{"recording": "calm", **SPEAKER}]
    monkeypatch.setattr(tables, "_parquet", lambda table: None)
    written(ROWS[1:])
    assert sorted(path.name for path in folder.iterdir()) == [
        "listed.json",
        "recordings.csv",
        "speakers.csv",
        "summary.txt",
    ]


def test_tables_of_nothing_have_their_columns(written):
    folder = written([])
    assert list(pd.read_csv(folder / "recordings.csv").columns)[-1] == "cpu_seconds"
    assert (folder / "speakers.csv").read_text().startswith("recording,")
    assert (folder / "summary.txt").read_text() == "0 recordings: 0 done, 0 failed; 0 s, 0 s of it speech\n"


def test_a_table_is_read_back_with_its_types():
    table = recordings_table(ROWS)
    again = pd.read_csv(io.StringIO(table.to_csv(index=False)), keep_default_na=False, na_values={"n_women": [""]})
    assert list(again["n_women"].dropna()) == [1, 0]
    assert table["n_women"].dtype == "Int64"
    assert table["womens_share"].isna().tolist() == [True, False, True]
    assert speakers_table(ROWS)["seconds"].dtype == "float64"


def test_the_summary_says_how_sure_the_mean_is():
    rows = [heard(f"film{number}", share) for number, share in enumerate((0.2, 0.4, 0.6))]
    rows[2] = heard("film2", 0.6, speech=5400.0)
    text = summary(recordings_table([*rows, *ROWS]), Listed(0))
    # 0.3625 of 1 h and 40 min each: (.2 + .4 + .25) / 2 + .6 * 1.5 over 3; t(3) = 3.182, s = 0.1797 by hand
    assert text.splitlines() == [
        "6 recordings: 5 done, 1 failed; 5.0 h, 3.5 h of it speech",
        "women's share of the speaking time: 36% on average (95% interval 8% to 65%); 44% of all speech together",
        "voices counted: 4 of women, 8 of men, 0 of children",
        "with a warning: 1, see recordings.csv",
        "failed:",
        "=bad  is no sound.",
    ]


def test_the_mean_of_two_has_no_interval_and_of_many_failed_only_the_first_are_told():
    failed = [Row(f"bad{number:02d}", "x", error="is \x1b[31mno sound.") for number in range(22)]
    lines = summary(recordings_table([heard("a", 0.5), heard("b", 0.5), *failed]), Listed(0, 2, 3)).splitlines()
    assert lines[0].startswith("24 recordings in part 2 of 3: 2 done, 22 failed; ")
    assert lines[1] == "women's share of the speaking time: 50% on average; 50% of all speech together"
    assert lines[4] == r"bad00  is \x1b[31mno sound."
    assert lines[-2:] == [r"bad19  is \x1b[31mno sound.", "and 2 more, see recordings.csv"]
