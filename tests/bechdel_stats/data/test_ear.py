import numpy as np
import pytest

from bechdel_stats.data.ear import COLUMNS, is_ear, read_ear
from bechdel_stats.data.tables import read_films
from bechdel_stats.results import csv_text
from bechdel_stats.words.messages import FilmsError


def test_the_columns_are_those_of_the_bridge():
    assert COLUMNS == (
        *("recording", "duration", "speech_seconds", "n_women", "n_men", "female_share", "female_share_low"),
        *("female_share_high", "p_two_women", "p_women_talk", "exchanges", "exchange_seconds", "places"),
    )


def test_a_table_is_read_as_it_was_written(recordings, tmp_path):
    recordings("alien", "007", "NA", "=1+1").to_csv(tmp_path / "ear.csv", index=False)
    ear = read_ear(tmp_path / "ear.csv")
    assert ear["recording"].tolist() == ["alien", "007", "NA", "=1+1"]  # names, not numbers or "not known"
    assert ear["p_women_talk"].tolist() == [0.8] * 4 and ear["places"].tolist() == ["0:01:05-0:01:30"] * 4
    assert ear["imdb_id"].isna().all()


def test_what_was_disarmed_for_spreadsheets_is_read_as_it_was(recordings, tmp_path):
    (tmp_path / "ear.csv").write_text(csv_text(recordings("=1+1", "-x", "'Tis")), encoding="utf-8")
    assert read_ear(tmp_path / "ear.csv")["recording"].tolist() == ["=1+1", "-x", "'Tis"]


def test_a_spreadsheet_may_have_changed_the_notation_and_the_order(recordings, tmp_path):
    table = recordings("007", "b").assign(imdb_id=[78748, None], remark="kept by nobody").astype({"imdb_id": "Int64"})
    table = table[table.columns[::-1]].rename(columns={"p_two_women": " P_two_women"})
    table.to_csv(tmp_path / "ear.csv", index=False, sep=";", decimal=",")
    ear = read_ear(tmp_path / "ear.csv")
    assert ear["recording"].tolist() == ["007", "b"] and ear["p_two_women"].tolist() == [0.9, 0.9]
    assert ear["imdb_id"].tolist() == ["tt0078748", None] and "remark" not in ear


def test_a_recording_without_speech_has_probabilities_and_no_share(recordings):
    shares = ["female_share", "female_share_low", "female_share_high"]
    silent = recordings("a").assign(**dict.fromkeys(shares, np.nan), places=None)
    ear = read_ear(silent)
    assert ear[shares].isna().all(axis=None) and ear["places"].tolist() == [""]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"p_two_women": [0.5, 1.2]}, "table: row 2: p_two_women is '1.2'; it must be a number from 0 to 1."),
        ({"p_women_talk": [0.5, None]}, "table: row 2: p_women_talk is empty; it must be a number from 0 to 1."),
        ({"female_share": ["much", 0.5]}, "table: row 1: female_share is 'much'; it must be a number from 0 to 1."),
        ({"female_share_low": [-0.1, 0]}, "table: row 1: female_share_low is '-0.1'; it must be a number from 0 to 1."),
        ({"n_women": [1, 1.5]}, "table: row 2: n_women is '1.5'; it must be a whole number, 0 or more."),
        ({"exchanges": [1, np.inf]}, "table: row 2: exchanges is 'inf'; it must be a whole number, 0 or more."),
        ({"duration": ["=1+1", 5]}, "table: row 1: duration is '=1+1'; it must be seconds, 0 or more."),
        ({"recording": ["a", " "]}, "table: row 2: recording is empty. Name it, or delete the row."),
        ({"recording": ["a", "a "]}, "table: row 2: recording 'a' is in row 1 too. Keep one of them."),
        ({"imdb_id": [None, "nm1"]}, "table: row 2: imdb_id is 'nm1'; it must be tt and digits, or empty."),
        ({"p_two_women": ["\x1b[31m", 1]}, r"table: row 1: p_two_women is '\\x1b[31m'; it must be a number from"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_row(recordings, change, message):
    with pytest.raises(FilmsError) as error:
        read_ear(recordings("a", "b").assign(**change))
    assert str(error.value).startswith(message)


def test_missing_columns_and_an_empty_table_are_refused(recordings, tmp_path):
    with pytest.raises(FilmsError, match=r"^ear.csv: no column exchanges, places. `lightdiar bechdel FILE... --out"):
        recordings("a").drop(columns=["places", "exchanges"]).to_csv(tmp_path / "ear.csv", index=False)
        read_ear(tmp_path / "ear.csv")
    with pytest.raises(FilmsError, match="^table: no recordings in it. Leave it out.$"):
        read_ear(recordings("a")[:0])
    with pytest.raises(FileNotFoundError):
        read_ear(tmp_path / "nowhere.csv")


def test_recordings_are_not_taken_for_films(recordings):
    """Their share of women is not that of a cast, nor is their length in minutes."""
    assert is_ear(COLUMNS) and not is_ear(["title", "female_share", "duration"])
    with pytest.raises(FilmsError, match="^table 1: a table of recordings, not of films: give it as --ear table 1 "):
        read_films(recordings("a"))
