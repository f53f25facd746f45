import re

import numpy as np
import pandas as pd
import pytest

from bechdel_stats.attributes import ATTRIBUTES
from bechdel_stats.data.columns import header, is_about_gender, is_known
from bechdel_stats.data.schema import read_columns, rename_columns, standardise
from bechdel_stats.data.tables import read_films
from bechdel_stats.words.messages import FilmsError, FilmsWarning


def test_names_of_attributes_are_headers():
    for attribute in ATTRIBUTES:
        for name in (attribute.name, *attribute.aliases, *attribute.fills):
            assert header(name) == name and is_known(name)


@pytest.mark.parametrize(
    "name", ["Runtime", "RUNTIME", " runtime ", "\ufeffruntime", "Runtime (mins)", "Durée", "Durée (min)"]
)
def test_case_accents_blanks_and_units_of_headers_do_not_matter(name):
    assert standardise(pd.DataFrame({name: [90]}))["runtime"].tolist() == [90]


def test_a_blank_year_is_filled_in_from_the_date_of_release():
    films = pd.DataFrame({"year": [1999, None, ""], "Date de sortie": ["1/2/2000", "17/10/1990", "soon"]})
    with pytest.warns(
        FilmsWarning, match="column year: 1 of 3 values cannot be used .first: 'soon'.: allowed: 1870 to 2100"
    ):
        films = standardise(films)
    np.testing.assert_array_equal(films["year"], [1999, 1990, np.nan])
    assert films["Date de sortie"].tolist() == ["1/2/2000", "17/10/1990", "soon"]


def test_short_words_for_gender_count_only_as_words():
    assert all(map(is_about_gender, ["directorgender", "Regissörens kön", "płeć reżysera"]))
    assert not any(map(is_about_gender, ["Kongress", "complection", "iconic", "полнометражный"]))


def test_codes_of_gender_are_told_from_shares():
    with pytest.warns(FilmsWarning, match="director_female_share: 1 is read as a woman and 2 as a man, as TMDB has it"):
        films = standardise(pd.DataFrame({"director_gender": [1, 2, 0, 3, 2]}))
    np.testing.assert_array_equal(films["director_female_share"], [1, 0, np.nan, np.nan, 0])
    message = (
        "column director_female_share: 1 is read as a woman and 0 as a man, as its name does not say which is which. "
        "If it is the other way round, write words."
    )
    with pytest.warns(FilmsWarning, match=f"^{message}$"):
        films = standardise(pd.DataFrame({"director_gender": [1, 0, 1]}))  # no man coded 2: a share
    assert films["director_female_share"].tolist() == [1, 0, 1]


def test_words_of_fivethirtyeight():
    films = pd.DataFrame(
        {"clean_test": ["ok", "men", "notalk", "nowomen", "dubious"], "binary": ["PASS"] + ["FAIL"] * 4}
    )
    films = standardise(films)
    np.testing.assert_array_equal(films["rating"], [3, 2, 1, 0, np.nan])
    assert films["passes"].tolist() == [1, 0, 0, 0, 0] and films["dubious"].tolist() == [0, 0, 0, 0, 1]


def test_columns_named_by_the_user():
    films = pd.DataFrame({"Ma note": [3, 0], "title": ["A", "B"], "Dauer": [90, 100]})
    read = standardise(films, {"ma note": "rating", "Dauer": "runtime", "title": ""})
    assert list(read) == ["rating", "their_title", "runtime", "passes"] and read["passes"].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"Titel": "title"}, "column Titel: the table has no such column; the nearest is title."),
        ({"xyz": "title"}, "column xyz: the table has no such column; it has title, Länge."),
        ({"Länge": "lenght"}, "lenght is no attribute of films. Known: imdb_id, tmdb_id"),
    ],
)
def test_names_that_are_not_there_are_refused(columns, message):
    with pytest.raises(FilmsError, match=message):
        standardise(pd.DataFrame({"title": ["A"], "Länge": [90]}), columns)


def test_what_each_column_was_taken_for():
    table = pd.DataFrame(
        {"Titre": ["A", "B"], "Durée": ["2h", "long"], "Note": [1, 2], "Pays": ["Ruritania", "Syldavia"]}
    )
    films, read = read_columns(table)
    assert [(c.column, c.attribute, c.n_known, c.n_unusable) for c in read] == [
        ("Titre", "title", 2, 0), ("Durée", "runtime", 2, 1), ("Note", "", 2, 0), ("Pays", "", 2, 2),
    ]  # fmt: skip
    assert [str(text) for column in read for text in column.told] == [
        "column runtime: 1 of 2 values cannot be used (first: 'long'): not a number. They count as missing.",
        "column country: 2 of 2 values cannot be used (first: 'Ruritania', 'Syldavia'): not a known name. The column "
        "is not used.",
    ]
    assert list(films) == ["title", "runtime", "Note", "their_country"]


def test_a_level_of_an_index_that_names_an_attribute_is_a_column():
    films = pd.DataFrame({"Titre": ["A", "B"], "Année": [1999, 2001], "rating": [3, 0]})
    indexed = films.set_index(["Titre", "Année"])
    read = standardise(indexed)
    assert read["title"].tolist() == ["A", "B"] and read["year"].tolist() == [1999, 2001]
    assert read.index.equals(indexed.index) and list(read.index.names) == [None, None]
    assert list(indexed.index.names) == ["Titre", "Année"] and list(indexed) == ["rating"]
    twice = films.set_index(pd.Index(["x", "y"], name="title"))
    assert standardise(twice)["title"].tolist() == ["A", "B"]
    assert list(standardise(films.rename_axis("n"))) == list(standardise(films))


def test_renaming_alone_changes_no_value():
    films = rename_columns(pd.DataFrame({"Score": ["2"], "released": ["1 May 1999"]}))
    assert films.to_dict("records") == [{"rating": "2", "released": "1 May 1999", "year": "1 May 1999"}]


_FAILS = ["Bechdel fail", "fails", "Échec Bechdel", "Ne passe pas le test de Bechdel", "Bechdel raté", "Bechdel KO"]


@pytest.mark.parametrize(
    "name",
    [*_FAILS, "Bechdel non réussi", "Does not pass Bechdel", "Bechdel invalide", "no bechdel", "not_bechdel",
     "bechdel_no", "Sans Bechdel", "bechdel_failure", "Unsuccessful Bechdel", "Violates Bechdel", "Bechdel violation",
     "Bechdel nicht bestanden", "Kein Bechdel", "Não passa no teste de Bechdel", "Niet geslaagd voor de Bechdeltest",
     "Не проходит тест Бекдел"],
)  # fmt: skip
def test_where_a_header_says_fails_yes_means_no(name):
    assert standardise(pd.DataFrame({name: ["oui", "non", None]}))["passes"].tolist()[:2] == [0, 1]


@pytest.mark.parametrize(
    "name",
    [
        "pass_fail",
        "Pass/Fail",
        "Bechdel pass/fail",
        "Bechdel pass or not",
        "Bechdel (oui/non)",
        "Bechdel (sim/não)",
        "Bechdel (tak/nie)",
        "Passa no teste de Bechdel",
    ],
)
def test_a_header_that_names_both_outcomes_says_passes(name):
    assert standardise(pd.DataFrame({name: ["pass", "fail", "PASS"]}))["passes"].tolist() == [1, 0, 1]
    assert standardise(pd.DataFrame({name: [1, 0, 1]}))["passes"].tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("name", "said"),
    [("bechdel (1=fail, 0=pass)", "1=fail"), ("passes (0 = yes)", "0 = yes"), ("Bechdel fails (0=fail)", "0=fail"),
     ("director_gender (0=female)", "0=female"), ("Director gender (1: male, 2: female)", "1: male")],
)  # fmt: skip
def test_codes_that_a_header_turns_round_are_told_and_not_used(name, said):
    message = (
        f"column {name}: its name says {said}, but 1 is read as yes, as a woman or as a pass, and it is not used. "
        "Write words in place of its codes."
    )
    with pytest.warns(FilmsWarning, match=f"^{re.escape(message)}$"):
        read = standardise(pd.DataFrame({name: [1, 0, 1]}))
    assert list(read) == [f"their_{name}"]


@pytest.mark.parametrize(
    ("name", "codes", "attribute", "values"),
    [("bechdel (1=pass, 0=fail)", [1, 0], "passes", [1, 0]), ("Bechdel fail (1 = fail)", [1, 0], "passes", [0, 1]),
     ("director_gender (1 = woman)", [1, 0], "director_female_share", [1, 0]),
     ("bechdel (0=no women, 3=pass)", [3, 0], "rating", [3, 0])],
)  # fmt: skip
def test_codes_that_a_header_explains_as_they_are_read_are_read(name, codes, attribute, values):
    assert standardise(pd.DataFrame({name: codes}))[attribute].tolist() == values


@pytest.mark.parametrize("name", ["Fail", "Bechdel failed", "Échec Bechdel"])
def test_a_cell_that_names_the_outcome_is_taken_at_its_word(name):
    assert standardise(pd.DataFrame({name: ["FAIL", "Passed", "yes", "no"]}))["passes"].tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize(
    "name", ["Durée (h)", "Durée (heures)", "runtime (hours)", "runtime_h", "length_hrs", "Duração (horas)"]
)
def test_lengths_headed_in_hours_are_minutes(name):
    assert standardise(pd.DataFrame({name: ["1,5", "2h05"]}))["runtime"].tolist() == [90, 125]
    assert standardise(pd.DataFrame({name: [1.5, 2]}))["runtime"].tolist() == [90, 120]


_ALIEN = {"title": "Alien", "year": 1979, "runtime": 117, "genres": "Horror|Science Fiction",
          "country": "United States", "language": "en", "director_female_share": 0, "cast_female_share": 0.4,
          "passes": 1}  # fmt: skip


@pytest.mark.parametrize(
    ("names", "film"),
    [
        ("Titel;Jahr;Laufzeit (Min.);Genre;Land;Sprache;Regie (Geschlecht);Frauenanteil;Bechdel-Test bestanden",
         "Alien;1979;117;Horrorfilm, Science-Fiction;Vereinigte Staaten;Englisch;männlich;40 %;ja"),
        ("Título;Año;Duración;Género;País;Idioma;Sexo del director;Porcentaje de mujeres;Pasa el test de Bechdel",
         "Alien;1979;117 minutos;Terror, Ciencia ficción;Estados Unidos;Inglés;masculino;40;sí"),
        ("Titolo;Anno;Durata;Genere;Paese;Lingua;Sesso del regista;Percentuale di donne;Supera il test di Bechdel",
         "Alien;1979;1 ora e 57 minuti;Orrore, Fantascienza;Stati Uniti;Inglese;uomo;40;sì"),
        ("Título;Ano;Duração;Gênero;País;Idioma;Gênero do diretor;Percentagem de mulheres;Passa no teste de Bechdel",
         "Alien;1979;117 minutos;Terror, Ficção científica;Estados Unidos;Inglês;masculino;40;sim"),
        ("Titel;Jaar;Speelduur;Genre;Land;Taal;Geslacht regisseur;Percentage vrouwen;Geslaagd voor de Bechdeltest",
         "Alien;1979;117 minuten;Horror, Sciencefiction;Verenigde Staten;Engels;man;40;ja"),
        ("Titel;År;Speltid;Genre;Land;Språk;Regissörens kön;Andel kvinnor;Klarar Bechdeltestet",
         "Alien;1979;1 tim 57 min;Skräck, Science fiction;Förenta staterna;Engelska;man;40;ja"),
        ("Tytuł;Rok;Czas trwania;Gatunek;Kraj;Język;Płeć reżysera;Odsetek kobiet;Test Bechdel",
         "Alien;1979;117 minut;Horror, Science fiction;Stany Zjednoczone;angielski;mężczyzna;40;tak"),
        ("Название;Год;Продолжительность;Жанр;Страна;Язык;Пол режиссёра;Доля женщин;Тест Бекдел",
         "Alien;1979;1 ч 57 мин;Ужасы, Фантастика;США;английский;мужской;40;да"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:.*read as per cent")
def test_tables_in_other_languages(names, film):
    films = standardise(pd.DataFrame([film.split(";")], columns=names.split(";")))
    assert films[list(_ALIEN)].iloc[0].to_dict() == _ALIEN


def test_columns_with_the_mark_of_a_merge_are_known():
    films = pd.DataFrame({
        "title_x": ["A", "B"], "title_y": ["A!", None], "year_x": [1999, None], "year_y": [2000, 2001],
        "rating_x": [3, 0], "rating_y": [7.5, 8.1], "runtime_right": [90, 95], "release_date_y": ["1999", "2001"],
    })  # fmt: skip
    message = (
        "column rating_y holds numbers from 7.5 to 8.1 that are not taken for Bechdel scores. If they are, say so: "
        "--column 'rating_y=rating'."
    )
    with pytest.warns(FilmsWarning, match=f"^{re.escape(message)}$") as told:
        read = standardise(films)
    assert len(told) == 1
    assert read[["title", "year", "rating", "runtime"]].values.tolist() == [["A", 1999, 3, 90], ["B", 2001, 0, 95]]
    assert {"title_y", "year_y", "their_rating_y", "release_date_y"} <= set(read)


@pytest.mark.parametrize(
    ("names", "values", "read"),
    [
        (("year_x", "year_y"), ([1999, 1980, 1990], [2001, 1981, None]), [1999, 1980, 1990]),
        (("year", "release_date"), ([1999, 1980, None], ["2001-05-01", "1981", "1990"]), [1999, 1980, 1990]),
        (("runtime", "Duration"), ([91, 118, 90], ["1h33", "117.5 min", ""]), [91, 118, 90]),
        (("director_gender", "female_director"), (["f", "m", "m"], ["no", "no", None]), [1, 0, 0]),
        (("imdb_id", "imdb_url"), (["tt0000001", "tt0000002", None], ["tt0000009", "tt2", None]),
         ["tt0000001", "tt0000002", None]),
    ],
)  # fmt: skip
def test_two_columns_of_one_attribute_that_contradict_each_other_are_told(names, values, read):
    used, column = names
    message = (
        f"columns {used} and {column} differ in 1 row (first: 0); {used} is read. If {column} is right, leave the "
        f"other out: --column '{used}='."
    )
    with pytest.warns(FilmsWarning, match=f"^{re.escape(message)}$"):
        films = standardise(pd.DataFrame(dict(zip(names, values))))
    attribute = next(name for name in ("year", "runtime", "director_female_share", "imdb_id") if name in films)
    assert films[attribute].tolist() == read


def test_contradicting_columns_are_told_once(tmp_path):
    films = pd.DataFrame({"title": ["A"], "year_x": [1999], "year_y": [1980]})
    with pytest.warns(FilmsWarning, match="table 1: columns year_x and year_y differ in 1 row") as told:
        read = read_films(films).table
        standardise(standardise(read))
    assert len(told) == 1 and films.attrs == {}


def test_a_name_without_the_mark_of_a_merge_comes_first():
    films = pd.DataFrame({"year_x": [2001], "year_y": [2001], "year": [2000]})
    assert standardise(films)["year"].tolist() == [2000]


def test_titles_languages_and_votes_of_two_columns_may_differ():
    films = pd.DataFrame({
        "title": ["Ran"], "titre_original": ["Rien"], "language": ["fr"], "languages": ["ja"], "votes_imdb": [5],
        "num_votes": [9],
    })  # fmt: skip
    assert standardise(films)["imdb_votes"].tolist() in ([5], [9])
