"""The shapes of public tables, each with a few invented rows: what is read, and that the commands run on them."""

# ruff: noqa: E501  # rows of tables stay on one line

import json

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.cli import main
from bechdel_stats.data.tables import read_films
from bechdel_stats.words.messages import FilmsWarning


def csv(*lines):
    return "\n".join(lines) + "\n"


def record(**values):
    return json.dumps(values)


SHAPES = {  # name, text of the file, and what is read: columns and values of all films
    "fivethirtyeight.csv": (
        csv(
            "year,imdb,title,test,clean_test,binary,budget,domgross,intgross,code,budget_2013$,period code",
            "1999,tt0000001,Salt &amp; Iron,ok-disagree,ok,PASS,13000000,1,25000000,1999PASS,1,1",
            "2005,tt0000002,Iron,dubious,dubious,FAIL,#N/A,1,#N/A,2005FAIL,1,1",
        ),
        {"imdb_id": ["tt0000001", "tt0000002"], "title": ["Salt & Iron", "Iron"], "rating": [3, np.nan], "passes": [1, 0],
         "dubious": [0, 1], "budget": [13e6, np.nan], "revenue": [25e6, np.nan]},
    ),
    "tidytuesday.csv": (
        csv("year,id,imdb_id,title,rating", "1984,7,0087015,C.H.U.D.,2", "1985,8,12345,Lantern&#39;s Way,3"),
        {"imdb_id": ["tt0087015", "tt0012345"], "bechdel_id": [7, 8], "title": ["C.H.U.D.", "Lantern's Way"]},
    ),
    "kaggle.csv": (
        csv("title,year,bt_score,dubious,imdbid,id,submitterid,date,visible", '"Ferry, The",2001,2,1.0,123,5,9,2011-02-03,1'),
        {"title": ["The Ferry"], "rating": [2], "dubious": [1], "year": [2001], "bechdel_id": [5]},
    ),
    "dump.json": (
        json.dumps([{"rating": "3", "dubious": "0", "imdbid": "0000123", "id": "5", "title": "Quay", "year": "2001"}]),
        {"imdb_id": ["tt0000123"], "rating": [3], "dubious": [0], "year": [2001]},
    ),
    "envelope.json": (
        json.dumps({"status": "ok", "count": 1, "movies": [{"imdbid": "123", "id": 5, "title": "Quay", "rating": 1}]}),
        {"imdb_id": ["tt0000123"], "rating": [1]},
    ),
    "tmdb_5000.csv": (
        pd.DataFrame([{
            "budget": 0, "genres": json.dumps([{"id": 18, "name": "Drama"}]), "id": 5, "original_language": "en",
            "original_title": "Quay", "release_date": "2001-05-06", "title": "Quay", "vote_average": 6.1,
            "production_countries": '[{"iso_3166_1": "US", "name": "United States of America"}]',
        }]).to_csv(index=False),
        {"tmdb_id": [5], "genres": ["Drama"], "year": [2001], "country": ["United States"], "budget": [np.nan]},
    ),
    "discover.json": (
        json.dumps({"page": 1, "total_pages": 9, "results": [
            {"id": 5, "genre_ids": [28, 878], "original_language": "fr", "original_title": "Q", "title": "Quay"}]}),
        {"tmdb_id": [5], "genres": ["Action|Science Fiction"], "language": ["fr"], "title": ["Quay"]},
    ),
    "pages.jsonl": (
        record(page=1, results=[{"id": 5, "genre_ids": [18], "original_title": "Quay", "title": "Quay"}]) + "\n"
        + record(page=2, results=[{"id": 6, "genre_ids": [27], "original_title": "Pier", "title": "Pier"}]) + "\n",
        {"tmdb_id": [5, 6], "genres": ["Drama", "Horror"]},
    ),
    "movies_crew.csv": (  # BechdelAI
        csv(
            "adult,gender,id,name,credit_id,department,job", "False,1,5,Ada,c1,Directing,Director",
            "False,2,5,Abel,c2,Writing,Writer", "False,2,6,Boris,c3,Directing,Director",
        ),
        {"tmdb_id": [5, 6], "director_female_share": [1, 0], "crew_female_share": [0.5, 0]},
    ),
    "movies_cast.csv": (
        csv("gender,id,name,character,credit_id,order", "1,5,Ada,X,c1,0", "2,5,Abel,Y,c2,1", "1,5,Ada,Z,c4,2"),
        {"tmdb_id": [5], "cast_women": [1], "cast_men": [1], "lead_female": [1], "cast_gender_source": ["tmdb"]},
    ),
    "title.basics.tsv": (
        csv(
            "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres",
            "tt0000005\tmovie\tQuay\tQuai\t0\t1987\t\\N\t134\tDrama,Sci-Fi", "tt0000006\tmovie\tPier\tPier\t0\t\\N\t\\N\t\\N\t\\N",
        ),
        {"imdb_id": ["tt0000005", "tt0000006"], "title": ["Quay", "Pier"], "year": [1987, np.nan],
         "runtime": [134, np.nan], "genres": ["Drama|Science Fiction", None]},
    ),
    "your_ratings.csv": (
        csv(
            "Const,Your Rating,Date Rated,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date",
            'tt0000005,3,2025-01-01,Quay,https://x,Movie,5.3,98,1987,"Animation, Sci-Fi",86074,1987-11-20',
        ),
        {"imdb_id": ["tt0000005"], "imdb_rating": [5.3], "imdb_votes": [86074], "runtime": [98], "Your Rating": [3]},
    ),
    "omdb.json": (
        json.dumps([{
            "Title": "Quay", "Year": "1989", "Rated": "PG-13", "Released": "11 Jul 1989", "Runtime": "89 min",
            "Genre": "War, Drama", "Language": "English, French", "Country": "USA", "Metascore": "N/A",
            "imdbRating": "8.9", "imdbVotes": "391,881", "imdbID": "tt0000005", "BoxOffice": "$390,300,137",
        }]),
        {"imdb_id": ["tt0000005"], "year": [1989], "runtime": [89], "genres": ["Drama|War"], "language": ["en"],
         "country": ["United States"], "imdb_votes": [391881], "revenue": [390300137], "mpaa": ["PG-13"]},
    ),
    "movielens.csv": (
        csv("movieId,title,genres", '5,"Ferry, The (1987)",Children|Sci-Fi', "6,Pier (1990),(no genres listed)"),
        {"movielens_id": [5, 6], "title": ["The Ferry", "Pier"], "year": [1987, 1990],
         "genres": ["Family|Science Fiction", None]},
    ),
    "letterboxd.csv": (
        csv(
            "Letterboxd list export v7", "Date,Name,Tags,URL,Description", "2024-01-01,Best,,https://boxd.it/a,",
            "", "Position,Name,Year,URL,Description", "1,Quay,1999,https://boxd.it/b,", "2,Pier,2001,https://boxd.it/c,",
        ),
        {"title": ["Quay", "Pier"], "year": [1999, 2001]},
    ),
    "wikidata.json": (
        json.dumps({"head": {"vars": ["film"]}, "results": {"bindings": [
            {"film": {"type": "uri", "value": "http://www.wikidata.org/entity/Q5"}, "imdb": {"type": "literal",
             "value": "tt0000005"}, "filmLabel": {"type": "literal", "value": "Quay"}, "genreLabel": {"type": "literal",
             "value": genre}, "date": {"type": "literal", "value": "1987-01-01T00:00:00Z"}}
            for genre in ("drama film", "war film")]}}),
        {"imdb_id": ["tt0000005"], "title": ["Quay"], "genres": ["Drama|War"], "year": [1987], "wikidata_id": ["Q5"]},
    ),
    "wikidata.csv": (
        csv(
            "item,itemLabel,genre,genreLabel,duration",
            "http://www.wikidata.org/entity/Q5,Quay,http://www.wikidata.org/entity/Q1,horror film,98",
            "http://www.wikidata.org/entity/Q6,Pier,,,",
        ),
        {"wikidata_id": ["Q5", "Q6"], "title": ["Quay", "Pier"], "genres": ["Horror", None], "runtime": [98, np.nan]},
    ),
    "europe.csv": (
        csv("imdb_id;Title;Year;runtime;budget;cast_female_share;rating", "3155794,0;Quay;1983;125,0;29 200 000;0,5;1",
            "https://www.imdb.com/title/tt0000007/?ref_=x;Pier;(1950);82,5;1 000 000;0,3333;3"),
        {"imdb_id": ["tt3155794", "tt0000007"], "year": [1983, 1950], "runtime": [125, 82.5], "budget": [29.2e6, 1e6],
         "cast_female_share": [0.5, 0.3333], "passes": [0, 1]},
    ),
    "analyst.csv": (
        csv("Titre;Date de sortie;Genres;Durée;Pays;Langue;Sexe réalisation;Part de femmes (distribution);Bechdel",
            "Le quai;15/07/2009;Comédie dramatique;2h25;France;français;femme;59 %;oui",
            "La jetée;circa 1950;Épouvante-horreur;1h26;Belgique;anglais;homme;38 %;non"),
        {"year": [2009, 1950], "genres": ["Comedy|Drama", "Horror"], "runtime": [145, 86], "country": ["France", "Belgium"],
         "language": ["fr", "en"], "director_female_share": [1, 0], "cast_female_share": [0.59, 0.38], "passes": [1, 0]},
    ),
    "certificates.csv": (
        csv("imdb_id,title,rating,bechdel_rating", "tt0000005,Quay,PG-13,3", "tt0000006,Pier,R,1"),
        {"mpaa": ["PG-13", "R"], "rating": [3, 1]},
    ),
    "flags.csv": (
        csv("title,year,length,Action,Drama,Sci-Fi,Short", "Quay,1999,90,1,0,1,0", "Pier,2001,80,0,0,0,0"),
        {"genres": ["Action|Science Fiction", None], "runtime": [90, 80]},
    ),
    "numbered.csv": (csv("title,genre1,genre2", "Quay,Drama,War", "Pier,Horror,"), {"genres": ["Drama|War", "Horror"]}),
    "bare_and_numbered.csv": (
        csv("title,genre,genre2,Genre 3", "Quay,Drama,War,Horror", "Pier,Horror,,", "Jetty,,,"),
        {"genres": ["Drama|Horror|War", "Horror", None]},
    ),
    "dummies.csv": (
        csv("title,genre_Drama,genre_Science Fiction", "Quay,True,True", "Pier,False,True"),
        {"title": ["Quay", "Pier"], "genres": ["Drama|Science Fiction", "Science Fiction"]},
    ),
    "is.json": (
        json.dumps([{"title": "Quay", "Is_Drama": "1", "is_war": "0", "War?": "some"}]),
        {"genres": ["Drama"], "War?": ["some"]},
    ),
    "lists.json": (json.dumps({"title": ["Quay", "Pier"], "year": [1999, 2001]}), {"title": ["Quay", "Pier"]}),
    "split.json": (
        json.dumps({"columns": ["title", "year"], "index": [0, 1], "data": [["Quay", 1999], ["Pier", 2001]]}),
        {"title": ["Quay", "Pier"], "year": [1999, 2001]},
    ),
    "index.json": (
        json.dumps({"0": {"title": "Quay", "year": 1999}, "1": {"title": "Pier", "year": 2001}}),
        {"title": ["Quay", "Pier"], "year": [1999, 2001]},
    ),
    "millions_fr.csv": (csv("Film;Budget (en millions)", "Quay;12,5", "Pier;3"), {"budget": [12.5e6, 3e6]}),
    "millions.csv": (csv("Film,Budget (millions $)", "Quay,12.5"), {"title": ["Quay"], "budget": [12.5e6]}),
    "carets.csv": ("title^year^genres\nQuay^1999^Drama|War\n", {"title": ["Quay"], "genres": ["Drama|War"]}),
    "marks.csv": (
        csv("title,Drama,War,Comedy", "Quay,x,,x", "Pier,,X,x", "Jetty,,,"), {"genres": ["Comedy|Drama", "Comedy|War", None]},
    ),
    "stars.csv": (csv("title,is_drama,is_war", "Quay,★,-", "Pier,-,★"), {"genres": ["Drama", "War"]}),
    "votes.csv": (
        "title;imdb_rating;imdb_votes;popularity;Budget\nQuay;7,5;1.234;44,591;500.000\nPier;8,1;987;12,345;1.250\n",
        {"imdb_rating": [7.5, 8.1], "imdb_votes": [1234, 987], "tmdb_popularity": [44.591, 12.345],
         "budget": [500_000, 1250]},
    ),
    "counts.csv": ("title;vote_count\nQuay;1.234\nPier;2.345\n", {"tmdb_vote_count": [1234, 2345]}),
    "json.csv": (json.dumps([{"title": "Quay", "year": 1999}]), {"title": ["Quay"], "year": [1999]}),
    "one.json": (json.dumps({"title": ["Quay", "Pier"]}), {"title": ["Quay", "Pier"]}),
    "inside.json": (json.dumps({"films": {"title": ["Quay", "Pier"], "year": [1999, 2001]}}), {"year": [1999, 2001]}),
    "ids.json": (
        json.dumps({"tt0000001": {"title": "Quay"}, "tt0000002": {"title": "Pier"}}),
        {"imdb_id": ["tt0000001", "tt0000002"], "title": ["Quay", "Pier"]},
    ),
    "ids_inside.json": (json.dumps({"films": {"tt0000001": {"title": "Quay"}}}), {"imdb_id": ["tt0000001"]}),
    "titles.json": (json.dumps({"Quay": {"year": 1999}, "300": {"year": 2006}}), {"title": ["Quay", "300"]}),
    "rows.json": (json.dumps({"0": {"title": "Quay"}, "7": {"title": "Pier"}}), {"title": ["Quay", "Pier"]}),
    "id_columns.json": (
        json.dumps({"title": {"tt0000001": "Quay"}, "year": {"tt0000001": 1999}}),
        {"imdb_id": ["tt0000001"], "title": ["Quay"]},
    ),
    "schema.json": (
        json.dumps({
            "schema": {"fields": [{"name": "title", "type": "string"}, {"name": "year", "type": "integer"}]},
            "data": [{"title": "Quay", "year": 1999}],
        }),
        {"title": ["Quay"], "year": [1999]},
    ),
    "trakt.json": (
        json.dumps([{"rank": 1, "type": "movie", "movie": {"title": "Quay", "year": 1999, "ids": {
            "trakt": 9, "slug": "quay", "imdb": "tt0000005", "tmdb": 5}}}]),
        {"imdb_id": ["tt0000005"], "tmdb_id": [5], "title": ["Quay"], "year": [1999]},
    ),
    "external_ids.csv": (
        csv("id,title,vote_average,external_ids", '5,Quay,7.5,"{""imdb_id"": ""tt0000005"", ""tvdb_id"": null}"', "6,Pier,7,"),
        {"tmdb_id": [5, 6], "imdb_id": ["tt0000005", None]},
    ),
    "twice.json": (json.dumps(json.dumps([{"title": "Quay", "year": 1999}], indent=1)), {"title": ["Quay"], "year": [1999]}),
    "records_twice.json": (
        json.dumps([json.dumps({"title": "Quay", "year": 1999}), json.dumps({"title": "Pier", "year": 2001})]),
        {"title": ["Quay", "Pier"], "year": [1999, 2001]},
    ),
    "lines_twice.jsonl": (json.dumps(json.dumps({"title": "Quay"})) + "\n", {"title": ["Quay"]}),
    "imdb_top.csv": (
        csv("Poster_Link,Series_Title,Released_Year,Runtime,Genre,IMDB_Rating,No_of_Votes,Gross",
            'https://x,Quay,1999,117 min,"Horror, Sci-Fi",8.5,787806,"78,900,000"'),
        {"title": ["Quay"], "year": [1999], "imdb_votes": [787806], "revenue": [78_900_000]},
    ),
    "hint.csv": ("sep=;\ntitle;year\nQuay;1999\n", {"title": ["Quay"], "year": [1999]}),
    "serial.csv": (csv("title,year", "Quay,36525", "Pier,1956"), {"year": [1999, 1956]}),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_each_shape_opens_as_it_comes(name, tmp_path, recwarn):
    text, expected = SHAPES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    table = read_films(tmp_path / name).table
    for column, values in expected.items():
        found = table[column].tolist()
        assert len(found) == len(values)
        assert all(one == two or (pd.isna(one) and pd.isna(two)) for one, two in zip(found, values)), (column, found)
    assert not [str(told.message) for told in recwarn if issubclass(told.category, FilmsWarning)]


def many():
    """Forty films of both outcomes, for the commands."""
    rng = np.random.default_rng(0)
    return pd.DataFrame({
        "imdb_id": [f"tt{n:07d}" for n in range(1, 41)], "title": [f"Quay {n}" for n in range(40)],
        "year": rng.integers(1960, 2020, 40), "genres": rng.choice(["Drama", "Comedy", "Comedy|War"], 40),
        "rating": rng.integers(0, 4, 40), "runtime": rng.integers(80, 140, 40),
    })  # fmt: skip


DRESSES = {
    "semicolons in cp1252": lambda films, path: path.with_suffix(".csv").write_bytes(
        films.rename(columns={"title": "Titre", "genres": "Genres", "rating": "Bechdel", "year": "Année"})
        .assign(Durée=[f"{n // 60}h{n % 60:02d}" for n in films["runtime"]]).to_csv(index=False, sep=";").encode("cp1252")
    ),
    "utf-16 with tabs": lambda films, path: path.with_suffix(".tsv").write_bytes(
        films.to_csv(index=False, sep="\t").encode("utf-16")
    ),
    "pass and fail": lambda films, path: path.with_suffix(".csv").write_text(
        films.assign(passes=np.where(films["rating"] == 3, "PASS", "FAIL")).drop(columns="rating").to_csv(index=False)
    ),
    "json in an envelope": lambda films, path: path.with_suffix(".json").write_text(
        json.dumps({"page": 1, "results": films.to_dict("records")})
    ),
    "workbook": lambda films, path: films.to_excel(path.with_suffix(".xlsx"), index=False),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("dress", DRESSES)
def test_the_commands_run_on_every_dress(dress, tmp_path, capsys):
    DRESSES[dress](many(), tmp_path / "films")
    (path,) = tmp_path.iterdir()
    out = tmp_path / "out"
    out.mkdir()
    for arguments in (
        ["audit", path], ["predict", path], ["rates", path, "--by", "genres"],
        ["report", path, "--out", out / "fr.html", "--language", "fr"],
    ):  # fmt: skip
        assert main(list(map(str, arguments))) == 0, capsys.readouterr().err


def test_rates_by_decade_of_fivethirtyeight_by_hand(tmp_path):
    from bechdel_stats.describe.rates import pass_rates

    lines = [
        (1985, "PASS"),
        (1985, "FAIL"),
        (1989, "FAIL"),
        (1991, "PASS"),
        (1999, "PASS"),
        (2001, "FAIL"),
        (2003, "PASS"),
    ]
    rows = [f"{year},tt{n:07d},Quay {n},,,{binary}" for n, (year, binary) in enumerate(lines, start=1)]
    (tmp_path / "a.csv").write_text(csv("year,imdb,title,test,clean_test,binary", *rows))
    table = pass_rates(read_films(tmp_path / "a.csv").table, "year", min_films=1).table
    assert table[["year", "n_passes", "n_films"]].values.tolist() == [["1980s", 1, 3], ["1990s", 2, 2], ["2000s", 1, 2]]


@pytest.mark.parametrize(
    ("name", "values", "attribute", "read"),
    [
        ("women_in_cast", [2, 10], "cast_women", [2, 10]), ("Women in the cast", [0, 1], "cast_women", [0, 1]),
        ("women_in_cast", [0.25, 1], "cast_female_share", [0.25, 1]),
        ("women_in_cast", ["0,25", None], "cast_female_share", [0.25, np.nan]),
        ("women_in_cast", ["25 %", "0"], "cast_female_share", [0.25, 0]),
        ("Women in cast (%)", [25, 50], "cast_female_share", [0.25, 0.5]),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:.*read as per cent")
def test_women_in_the_cast_are_a_count_unless_they_are_written_as_shares(name, values, attribute, read):
    table = read_films(pd.DataFrame({"title": ["Quay", "Pier"], name: values, "men_in_cast": [4, 5]})).table
    np.testing.assert_array_equal(table[attribute], read)
    assert table["cast_men"].tolist() == [4, 5] and len(table.columns) == 3


def test_what_the_user_calls_a_count_is_one():
    films = pd.DataFrame({"title": ["Quay", "Pier"], "women_in_cast": [0.25, 1]})
    assert read_films(films, columns={"women_in_cast": "cast_women"}).table["cast_women"].tolist() == [0.25, 1]
    both = films.assign(cast_female_share=[0.5, 0.5])
    with pytest.warns(FilmsWarning, match="columns cast_female_share and women_in_cast differ in 2 rows"):
        read = read_films(both)
    assert read.table["cast_female_share"].tolist() == [0.5, 0.5]


def test_dummies_of_pandas_are_genres():
    films = pd.DataFrame({"title": ["Quay", "Pier", "Jetty"], "genre": ["Drama", "War", None]})
    read = read_films(pd.get_dummies(films, columns=["genre"])).table
    assert read["genres"].tolist() == ["Drama", "War", None] and list(read) == ["title", "genres"]
    one = pd.get_dummies(films.iloc[[0]], columns=["genre"])
    assert "genres" not in read_films(one).table  # one alone is no list of genres
    numbered = films.assign(genre2=["War", None, None]).convert_dtypes()
    assert read_films(numbered).table["genres"].tolist() == ["Drama|War", "War", None]


def test_films_of_which_several_tests_say_pass_or_fail_are_no_header(tmp_path):
    (tmp_path / "tests.csv").write_text(
        "Film,Year,Bechdel,Mako Mori,Vito Russo\nAlien,1979,pass,pass,fail\nHeat,1995,fail,fail,pass\n",
        encoding="utf-8",
    )
    table = read_films(tmp_path / "tests.csv").table
    assert table["title"].tolist() == ["Alien", "Heat"] and table["year"].tolist() == [1979, 1995]
    assert table["passes"].tolist() == [1, 0]


def test_the_year_of_a_title_fills_an_empty_year_and_no_other():
    films = pd.DataFrame({"title": ["Matrix (1999)", "Alien (1979)", "Heat (1996)"], "year": [np.nan, " ", 1995]})
    table = read_films(films).table
    assert table["title"].tolist() == ["Matrix", "Alien", "Heat"] and table["year"].tolist() == [1999, 1979, 1995]


@pytest.mark.parametrize(
    "text", ["title,year\nA,1999\ntitle,year\nB,2000\n", "| title | year |\n|:--|:---:|\n| A | 1999 |\n| B | 2000 |\n"]
)
def test_rows_that_repeat_or_underline_the_header_are_no_films(text, tmp_path):
    (tmp_path / "films.csv").write_text(text)
    with pytest.warns(
        FilmsWarning, match="films.csv: 1 row with the header again, or nothing but dashes, is no film and left out"
    ):
        films = read_films(tmp_path / "films.csv")
    assert films.table["title"].tolist() == ["A", "B"] and films.table["year"].tolist() == [1999, 2000]


def test_a_film_called_title_is_a_film(tmp_path):
    (tmp_path / "films.csv").write_text("title,year\ntitle,1999\nB,2000\n")
    assert read_films(tmp_path / "films.csv").table["title"].tolist() == ["title", "B"]
