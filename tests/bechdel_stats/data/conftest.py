import pytest


def _movie(number, imdb=None, cast=(), crew=(), **more):
    """A TMDB record with credits; cast are genders in order of billing, crew are (gender, job, department)."""
    cast = [{"id": row, "gender": gender, "order": row} for row, gender in enumerate(cast)]
    crew = [
        {"id": 100 + row, "gender": gender, "job": job, "department": department}
        for row, (gender, job, department) in enumerate(crew)
    ]
    return {"id": number, "imdb_id": imdb, "original_title": "-", "credits": {"cast": cast, "crew": crew}, **more}


def _accounted(films, *n_rows):
    """Check that every row of every source is in the table or in the list of what was left out."""
    rows, dropped = films.audit.rows, films.audit.dropped
    assert rows["rows_in"].tolist() == list(n_rows)
    left_out = [dropped.loc[dropped["source"] == name, "n_rows"].sum() for name in rows["source"]]
    assert (rows["rows_kept"] + left_out).tolist() == list(n_rows)
    assert rows["rows_dropped"].tolist() == left_out
    assert films.audit.n_dropped == sum(left_out)
    assert films.audit.n_films == len(films.table)


@pytest.fixture
def ratings():
    """Three records as bechdeltest.com writes them."""
    return [
        {"id": 1, "imdbid": "0087015", "title": "C.H.U.D.", "year": 1984, "rating": 2},
        {"id": 2, "imdbid": "420238", "title": "Tale of Despereaux, The", "year": 2008, "rating": "3"},
        {"id": 3, "imdbid": "10872600", "title": "Spider-Man: No Way Home", "year": 2021, "rating": 1},
    ]


@pytest.fixture(scope="session")
def movie():
    """A function that makes a TMDB record with credits."""
    return _movie


@pytest.fixture(scope="session")
def accounted():
    """A function that checks the account of a table."""
    return _accounted
