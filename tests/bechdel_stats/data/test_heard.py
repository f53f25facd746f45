import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.ear import read_ear
from bechdel_stats.data.heard import HEARD, join_ear
from bechdel_stats.data.sources import read_source
from bechdel_stats.words.language import Words

UNKNOWN, APART = "joined: a year is not known", "joined: the years differ by one"
SEVERAL, NONE = "not joined: it may be several films", "not joined: none of these films"
TWICE = "not joined: another recording is of the same film"


@pytest.fixture
def joined(recordings):
    """A function that joins recordings of these names to films given as (title, year, imdb_id, recording)."""

    def joined(films, *names, **columns):
        films = pd.DataFrame(films, columns=["title", "year", "imdb_id", "recording"][: len(films[0])])
        return join_ear(films, read_ear(recordings(*names).assign(**columns)))

    return joined


def found(heard):
    return heard.recordings[["title", "match"]].to_numpy(dtype=object).tolist()


FILMS = [
    ("Alien", 1979, "tt0078748"), ("King Kong", 1933, "tt0024216"), ("King Kong", 2005, "tt0360717"),
    ("1917", 2019, "tt8579674"), ("Airport 1975", 1974, None), ("2001: A Space Odyssey", 1968, None),
    ("The Thing", 1982, None), ("Mr. & Mrs. Smith", 2005, None), ("Amélie", 2001, None), ("Undated", None, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "title", "match"),
    [
        ("tt0078748", "Alien", "imdb_id"),
        ("copy of TT0078748.final", "Alien", "imdb_id"),
        ("Alien (1979)", "Alien", "title and year"),
        ("alien_1979", "Alien", "title and year"),
        ("Alien.1979.1080p.BluRay.x264", "Alien", "title and year"),
        ("King Kong [2005]", "King Kong", "title and year"),
        ("2001 - A Space Odyssey (1968)", "2001: A Space Odyssey", "title and year"),
        ("Thing, The (1982)", "The Thing", "title and year"),
        ("Mr. & Mrs. Smith 2005", "Mr. & Mrs. Smith", "title and year"),
        ("alien", "Alien", UNKNOWN),
        ("1917", "1917", UNKNOWN),  # a title, neither a year nor an IMDb id
        ("Airport 1975", "Airport 1975", UNKNOWN),
        ("undated (1950)", "Undated", UNKNOWN),
        ("amelie_2002", "Amélie", APART),
        ("King Kong", None, SEVERAL),
        ("tt0078748 and tt0024216", None, SEVERAL),
        ("King Kong (1976)", None, NONE),
        ("Aliens (1986)", None, NONE),
        ("Alien tt0000099 (1979)", None, NONE),  # the film of that title and year has another id
        ("film1979", None, NONE),
        ("007", None, NONE),
    ],
)
def test_the_film_of_a_name(joined, name, title, match):
    assert found(joined(FILMS, name)) == [[title, match]]


def test_a_title_that_ends_in_a_year_is_doubtful_beside_the_film_of_that_year(joined):
    films = [("Airport", 1975), ("Airport 1975", 1974)]
    assert found(joined(films, "airport_1975")) == [[None, SEVERAL]]
    assert found(joined(films[:1], "airport_1975")) == [["Airport", "title and year"]]


def test_the_column_imdb_id_decides_before_the_name(joined):
    heard = joined(FILMS, "disc 1", "Alien (1979)", imdb_id=["360717", "tt0024216"])
    assert heard.recordings[["title", "year", "match"]].values.tolist() == [
        ["King Kong", 2005, "imdb_id"],
        ["King Kong", 1933, "imdb_id"],
    ]


def test_the_column_recording_of_the_films_keeps_its_zeros(recordings, tmp_path):
    (tmp_path / "films.csv").write_text("title,recording\nA,007\nB,7\nC,NA\nD,'=1+1\nE,x.y.1999\n", encoding="utf-8")
    films = read_source(tmp_path / "films.csv").table
    recordings("7", "007", "NA", "=1+1", "x.y.1999").to_csv(tmp_path / "ear.csv", index=False)
    heard = join_ear(films, read_ear(tmp_path / "ear.csv"))
    assert found(heard) == [[title, "recording"] for title in "BACDE"]


def test_names_of_digits_alone_are_names(recordings, tmp_path):
    (tmp_path / "films.csv").write_text("title,recording\nA,007\nB,7\nC,1917\n", encoding="utf-8")
    recordings("7", "007", "01917").to_csv(tmp_path / "ear.csv", index=False)
    heard = join_ear(read_source(tmp_path / "films.csv").table, read_ear(tmp_path / "ear.csv"))
    assert found(heard) == [["B", "recording"], ["A", "recording"], [None, NONE]]


def test_where_id_and_recording_contradict_each_other_nothing_is_joined(joined):
    films = [("A", 2000, "tt0000001", "x"), ("B", 2001, "tt0000002", None)]
    assert found(joined(films, "x", imdb_id="tt0000002")) == [[None, SEVERAL]]
    assert found(joined(films, "x", imdb_id="tt0000001")) == [["A", "imdb_id"]]
    assert found(joined([("A", 2000, None, "x"), ("B", 2000, None, "x")], "x")) == [[None, SEVERAL]]


def test_two_recordings_of_one_film_are_both_left_out(joined):
    heard = joined(FILMS, "alien_1979", "tt0078748", "Undated")
    assert found(heard) == [[None, TWICE], [None, TWICE], ["Undated", UNKNOWN]]
    assert heard.films["ear_match"].notna().sum() == 1


def test_films_keep_their_rows_and_get_what_is_heard(recordings):
    films = pd.DataFrame(
        {"title": ["A", "B", "A"], "year": [2000, 2001, 2000], "recording": [None, "other", None]}, index=[5, 5, 9]
    )
    before = films.copy()
    ear = read_ear(recordings("A (2000)").assign(exchanges=3, places="0:00:01-0:00:02", female_share=np.nan))
    heard = join_ear(films, ear).films
    pd.testing.assert_frame_equal(films, before)
    assert heard.index.tolist() == [5, 5, 9]
    assert heard["ear_women_talk"].isna().tolist() == [False, True, False]  # a film in two rows has it twice
    assert heard["recording"].tolist() == ["A (2000)", "other", "A (2000)"]
    row = heard.iloc[0][[*HEARD.values(), "ear_match"]]
    assert row.drop("ear_female_share").tolist() == [0.9, 0.8, 0.4, 0.6, 3, 30, "0:00:01-0:00:02", "title and year"]
    assert np.isnan(row["ear_female_share"])


def test_everything_is_counted_and_what_is_doubtful_or_left_is_named(joined):
    heard = joined(FILMS, "alien", "King Kong", "nothing\x1b", "1917 (2018)")
    assert repr(heard) == "Heard(4 recordings, 2 films with one)"
    assert [line.rstrip() for line in str(heard.summary()).splitlines()] == [
        "Recordings and their films",
        "recording    title  year  match",
        "alien        Alien  1979  joined: a year is not known",
        "King Kong                 not joined: it may be several films",
        "nothing\\x1b               not joined: none of these films",
        "1917 (2018)  1917   2019  joined: the years differ by one",
        "2 of 4 recordings belong to one of these 10 films.",
        "Films without a recording: 8 (King Kong (1933), King Kong (2005), Airport 1975 (1974), "
        "2001: A Space Odyssey (1968), The Thing (1982), ...).",
        "Doubtful, joined: a year is not known: 1 (alien: Alien (1979)).",
        "Doubtful, joined: the years differ by one: 1 (1917 (2018): 1917 (2019)).",
        "Doubtful, not joined: it may be several films: 1 (King Kong).",
        "Recordings of none of these films: 1 (nothing\\x1b). Give their IMDb ids in a column imdb_id of the table of "
        "recordings, or their names in a column recording of the films.",
    ]


def test_the_notes_are_in_french_too(joined):
    heard = joined(FILMS[:1], "alien")
    assert [Words("fr").message(note) for note in heard.notes] == [
        "1 enregistrement sur 1 appartient à l'un de ces 1 films.",
        "Douteux, réunis\u00a0: une année n'est pas renseignée\u00a0: 1 (alien\u00a0: Alien (1979)).",
    ]


def test_films_without_titles_are_named_by_their_ids(joined):
    heard = joined([(None, 2000, "tt0000001"), (None, np.nan, "tt0000002")], "tt0000001")
    assert heard.notes[1] == "Films without a recording: 1 (tt0000002)."


def test_thousands_of_recordings_take_no_time(recordings):
    import time

    names = [f"Film {number} ({1950 + number % 70})" for number in range(3000)]
    films = pd.DataFrame({"title": [name[:-7] for name in names], "year": [int(name[-5:-1]) for name in names]})
    before = time.process_time()
    heard = join_ear(films, read_ear(recordings(*names)))
    assert heard.recordings["match"].eq("title and year").all() and time.process_time() - before < 5
