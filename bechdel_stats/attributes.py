"""The attributes of a film: one entry each, from which everything else that names attributes is derived.

An entry gives the names under which a table may hold the attribute, its possible values, what it tells a model and when
it is known, the columns of a design matrix derived from it, and its English and French labels.
"""

from dataclasses import dataclass

from bechdel_stats.levels import COUNTRY_CODES, GENRES, LANGUAGES


@dataclass(frozen=True)
class Term:
    """A column of a design matrix derived from an attribute.

    Parameters
    ----------
    name : str
        Lower-case identifier.
    how : str, default="same"
        How it is computed: a key of `bechdel_stats.inference.design.TRANSFORMS`, or "level" for one of several columns
        computed together.
    label : (str, str), optional
        English and French; {} stands for the values compared, such as 92 → 116.
    unit : str, default="+1"
        What a one-unit increase means.
    knots : tuple of float, optional
        Of the restricted cubic spline used for predictions, and for odds ratios if `odds` is "curve".
    odds : {"", "line", "curve"}
        Whether and how it enters the default formula for odds ratios.
    predicts : bool
        Whether it is used for predictions.
    """

    name: str
    how: str = "same"
    label: tuple[str, ...] = ()
    unit: str = "+1"
    knots: tuple[float, ...] = ()
    odds: str = ""
    predicts: bool = True


@dataclass(frozen=True)
class Attribute:
    """A column of a table of films.

    Parameters
    ----------
    name : str
        Lower-case identifier.
    kind : {"text", "code", "genres", "number"}
        What its values are; numbers become float64, with NaN for unknown values.
    about : str
        What it holds, with its unit.
    label : (str, str)
        Its readable name, English and French.
    block : {"", "outcome", "basics", "gender", "text", "reception", "ear"}
        What it tells a model: basics, gender (cast and crew) and text are known before release, reception only after;
        ear is what is heard in a recording of the film.
    aliases : tuple of str
        Its other names, in public tables and in those of the languages that `docs/bechdel_stats.md` names, in lower
        case without accents; the first wins.
    low, high : float
        Smallest and largest possible value.
    zero : bool, default=True
        Whether 0 is a valid value; otherwise it means "not known", as in TMDB's budgets.
    variable : str
        Key of `VARIABLES`: attributes with the same key carry the same information and are permuted together.
    same_cast : bool
        Whether it describes the same cast as other attributes do, so that changing one invalidates the others.
    axis : (str, str), optional
        Axis label, with the unit.
    terms : tuple of Term
        Columns of a design matrix derived from it.
    reader : str
        How its values are read, if its kind alone does not say so: a key of `bechdel_stats.data.values.READERS`.
    fills : tuple of str
        Columns that stay what they are and fill in where it is not known, such as a date of release for the year.
    """

    name: str
    kind: str
    about: str
    label: tuple[str, str]
    block: str = ""
    aliases: tuple[str, ...] = ()
    low: float = float("-inf")
    high: float = float("inf")
    zero: bool = True
    variable: str = ""
    same_cast: bool = False
    axis: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    reader: str = ""
    fills: tuple[str, ...] = ()


TERM_OF_GENRE = {genre: f"genre_{genre.lower().replace(' ', '_')}" for genre in GENRES}


def _people(name, about, label, aliases=(), variable="cast gender"):
    """A count of women or men."""
    same_cast = variable == "cast gender"
    term = Term(f"log_{name}", "log1p")
    return Attribute(
        name, "number", about, label, "gender", aliases, 0.0, variable=variable, same_cast=same_cast, terms=(term,)
    )


def _share(name, about, label, variable, term, *, aliases=(), same_cast=False, axis=()):
    """A share of women."""
    return Attribute(
        name, "number", about, label, "gender", aliases, 0.0, 1.0, True, variable, same_cast, axis, (term,), "share"
    )


def _reception(name, about, label, term, aliases=(), low=float("-inf"), high=float("inf"), zero=True, reader=""):
    """A number that is known only after release."""
    variable = "votes and ratings"
    return Attribute(
        name, "number", about, label, "reception", aliases, low, high, zero, variable, terms=(term,), reader=reader
    )


def _heard(name, about, label, term):
    """A probability, or a share, that comes from the sound of a recording; see `bechdel_stats.data.ear`."""
    return Attribute(name, "number", about, label, "ear", (), 0.0, 1.0, variable="what is heard", terms=(term,))


ATTRIBUTES = (
    Attribute(
        "imdb_id", "text", "IMDb id, tt and at least seven digits", ("IMDb id", "identifiant IMDb"), "",
        ("imdbid", "imdb", "tconst", "const", "imdb_title_id", "id_imdb", "imdb_url", "imdb_link", "imdb_code",
         "movie_imdb_link"),
        reader="imdb",
    ),
    Attribute(
        "tmdb_id", "number", "TMDB id", ("TMDB id", "identifiant TMDB"), "",
        ("tmdbid", "tmdb", "id_tmdb", "tmdb_url"), low=1, zero=False, reader="tmdb",
    ),
    Attribute(
        "movielens_id", "number", "MovieLens id", ("MovieLens id", "identifiant MovieLens"), "", ("movieid",),
        low=1, zero=False, reader="count",
    ),
    Attribute(
        "recording", "text", "name of the recording of the film, without folder and ending",
        ("recording", "enregistrement"), "", ("enregistrement",), reader="recording",
    ),
    Attribute(
        "title", "text", "title", ("title", "titre"), "basics",
        ("primarytitle", "movie_title", "film_title", "title_en", "name", "movie", "film", "movie_name", "film_name",
         "project_title", "titre", "titre_du_film", "nom_du_film", "nom", "titre_francais", "titre_original",
         "filmlabel", "itemlabel", "titel", "filmtitel", "titulo", "pelicula", "titolo", "originaltitel",
         "titulo_original", "titolo_originale", "series_title",
         "titulo_do_filme", "filme", "nome_do_filme", "originele_titel", "tytul", "tytul_filmu", "tytul_oryginalny",
         "tittel", "название", "название_фильма", "фильм", "оригинальное_название"),
        variable="title",
        terms=(
            Term("title_woman", "level", ("A woman in the title", "Une femme dans le titre")),
            Term("title_man", "level", ("A man in the title", "Un homme dans le titre")),
        ),
        reader="title",
    ),
    Attribute(
        "rating", "number", "bechdeltest.com rating 0-3; 3 passes", ("rating 0-3", "note de 0 à 3"), "outcome",
        ("bechdel_rating", "bechdel_score", "bt_score", "bechdel_test_score", "note_bechdel", "score_bechdel",
         "bechdel", "bechdel_test", "bechdeltest", "test_de_bechdel", "test_bechdel", "resultat_bechdel",
         "bechdel_result", "bechdel_test_result", "bechdel_test_rating", "score"), 0, 3,
        reader="score",
    ),
    Attribute(
        "passes", "number", "1 if the film passes (rating 3), else 0", ("passes or fails", "réussite ou échec"),
        "outcome",
        ("binary", "pass", "fails", "fail", "echec",
         "bechdel_pass", "bechdel_passes", "passes_bechdel", "passes_test", "bechdel_binary",
         "bechdel_test_passed", "test_result",
         "passed", "pass_fail", "reussit", "reussi", "reussite", "passe_le_test", "passe"), 0, 1,
        reader="outcome",
    ),
    Attribute(
        "dubious", "number", "1 if the rating is disputed on bechdeltest.com, else 0",
        ("rating is disputed", "note contestée"), "", ("disputed", "douteux", "contestee"), low=0, high=1,
        reader="outcome",
    ),
    Attribute(
        "year", "number", "year of release", ("year", "année"), "basics",
        ("startyear", "release_year", "year_of_release", "title_year", "movie_year", "released_year", "annee",
         "annee_de_sortie", "annee_sortie", "annee_de_production", "production_year", "an", "jahr", "erscheinungsjahr",
         "ano", "ano_de_estreno", "anno", "anno_di_uscita", "produktionsjahr", "ano_de_produccion",
         "anno_di_produzione",
         "ano_de_lancamento", "ano_de_producao", "jaar", "releasejaar", "productiejaar", "ar", "utgivningsar",
         "produktionsar", "rok", "rok_produkcji", "rok_premiery", "год", "год_выпуска", "год_выхода",
         "год_производства"), 1870, 2100,
        variable="year",
        axis=("Year", "Année"),
        terms=(
            Term("year", label=("Year: {}", "Année\u00a0: {}"), knots=(1935, 1970, 1992, 2004, 2016), odds="curve"),
            Term("decade", "decade", predicts=False),
        ),
        reader="year",
        fills=("release_date", "released", "date_released", "date_of_release", "date_published",
               "publication_date", "publicationdate",
               "pubdate", "premiered", "date_de_sortie", "date_sortie", "sortie", "date_de_sortie_france",
               "kinostart", "fecha_de_estreno", "data_di_uscita",
               "data_de_lancamento", "lancamento", "estreia", "releasedatum", "premiardatum", "utgivningsdatum",
               "data_premiery", "premiera", "дата_выхода", "дата_выпуска", "дата_премьеры", "премьера"),
    ),
    Attribute(
        "runtime", "number", "length, minutes", ("runtime", "durée"), "basics",
        ("runtimeminutes", "runtime_minutes", "runtime_mins", "runtime_min", "run_time", "running_time", "duration",
         "duration_min", "duration_minutes", "length", "length_min", "minutes", "duree", "duree_min", "duree_minutes",
         "duree_en_minutes", "laufzeit", "spieldauer", "dauer", "duracion", "durata",
         "duracao", "speelduur", "duur", "lengte", "speltid", "langd", "czas_trwania", "dlugosc", "продолжительность",
         "длительность", "хронометраж"), 1, 1000, False,
        variable="runtime",
        axis=("Runtime (minutes)", "Durée (minutes)"),
        terms=(
            Term("runtime", "clip", ("Runtime: {} min", "Durée\u00a0: {} min"), "+1", (75, 95, 110, 140), "curve"),
            Term("half_hour", "half_hours", predicts=False),
        ),
        reader="minutes",
    ),
    Attribute(
        "budget", "number", "budget, nominal US dollars", ("budget", "budget"), "basics",
        ("budget_usd", "production_budget", "budget_dollars", "budget_us", "cout", "devis",
         "produktionsbudget", "produktionskosten", "presupuesto",
         "orcamento", "budzet", "бюджет"), 1_000, 1e9, False,
        variable="budget",
        terms=(
            Term("log10_budget", "log10", ("Budget × 10", "Budget × 10"), "x 10", odds="line"),
            Term(
                "budget_missing", "missing", ("Budget not known", "Budget non renseigné"), odds="line", predicts=False
            ),
        ),
        reader="dollars",
    ),
    Attribute(
        "genres", "genres", "genres, separated by |", ("genres", "genres"), "basics",
        ("genre", "genre_names", "genres_names", "genrelabel", "genre_s", "film_genre", "movie_genre", "main_genre",
         "genero", "generos", "genere", "generi", "listed_in", "genre_ids",
         "genrer", "gatunek", "gatunki", "жанр", "жанры"),
        variable="genres",
        terms=(
            *(Term(TERM_OF_GENRE[genre], "level", (genre, french), odds="line") for genre, french in GENRES.items()),
            Term("genre_other", "level", ("Rarer genres", "Genres plus rares"), predicts=False),
        ),
    ),
    Attribute(
        "language", "code", "original language, ISO 639-1", ("language", "langue"), "basics",
        ("original_language", "language_original", "languages", "lang", "langue", "langue_originale", "langues",
         "languagelabel", "original_language_label", "sprache", "originalsprache", "idioma", "idioma_original",
         "lingua", "lingua_originale",
         "taal", "originele_taal", "sprak", "originalsprak", "jezyk", "jezyk_oryginalny", "язык", "язык_оригинала"),
        variable="language and country",
        terms=(
            *(
                Term(f"language_{code}", "level", (f"Language: {english}", f"Langue\u00a0: {french}"), odds="line")
                for code, (english, french) in LANGUAGES.items()
            ),
            Term("language_other", "level", ("Other languages", "Autres langues"), odds="line"),
        ),
        reader="language",
    ),
    Attribute(
        "country", "text", "main country of production", ("country", "pays"), "basics",
        ("country_main", "country_of_origin", "origin_country", "production_country", "countrylabel", "pays",
         "pays_de_production", "pays_d_origine", "pays_principal", "nationalite", "land", "produktionsland",
         "herkunftsland", "pais", "pais_de_origen", "pais_de_produccion", "paese", "paese_di_origine",
         "paese_di_produzione",
         "pais_de_origem", "pais_de_producao", "land_van_herkomst", "productieland", "ursprungsland", "kraj",
         "kraj_produkcji", "страна", "страны", "страна_производства"),
        variable="language and country",
        terms=tuple(Term(f"country_{code}", "level") for code in COUNTRY_CODES),
        reader="country",
        fills=("countries", "production_countries", "countries_of_origin"),
    ),
    Attribute(
        "mpaa", "text", "certificate in the United States", ("certificate (US)", "classification (États-Unis)"), "",
        ("rated", "certificate", "content_rating", "mpaa_rating", "classification", "certification", "age_rating"),
    ),
    _share(
        "cast_female_share", "women among the credited cast of known gender",
        ("share of women in the cast", "part des femmes dans la distribution"), "cast gender",
        Term(
            "cast_female_10", "tenths", ("Cast: +10 points of women", "Distribution\u00a0: +10 points de femmes"),
            "+10 points", (1, 2.5, 4, 6, 9), "line",
        ),
        aliases=(
            "female_cast_share", "percent_female_cast", "cast_female_percent", "share_of_women_in_cast",
            "part_de_femmes", "part_de_femmes_distribution", "part_de_femmes_dans_la_distribution", "part_femmes",
            "part_des_femmes", "pourcentage_de_femmes", "femmes_dans_la_distribution", "femmes_distribution",
            "share_of_women", "female_share", "women_share", "pct_women", "frauenanteil", "anteil_frauen",
            "porcentaje_de_mujeres", "percentuale_di_donne",
            "percentagem_de_mulheres", "porcentagem_de_mulheres", "percentage_vrouwen", "aandeel_vrouwen",
            "andel_kvinnor", "odsetek_kobiet", "udzial_kobiet", "доля_женщин", "процент_женщин",
        ),
        same_cast=True,
        axis=("Women in the cast (%)", "Femmes dans la distribution (%)"),
    ),
    _people(
        "cast_women", "women in the credited cast", ("women in the cast", "femmes dans la distribution"),
        ("women_in_cast", "women_in_the_cast", "cast_female_tmdb"),
    ),
    _people(
        "cast_men", "men in the credited cast", ("men in the cast", "hommes dans la distribution"),
        ("men_in_cast", "men_in_the_cast", "cast_male_tmdb"),
    ),
    _share(
        "crew_female_share", "women among the credited crew of known gender",
        ("share of women in the crew", "part des femmes dans l'équipe"), "crew gender",
        Term(
            "crew_female_10", "tenths", ("Crew: +10 points of women", "Équipe\u00a0: +10 points de femmes"),
            "+10 points",
        ),
    ),
    _share(
        "director_female_share", "women among the directors of known gender",
        ("share of women among directors", "part des femmes à la réalisation"), "director and writer gender",
        Term("director_woman", "any", ("A woman among the directors", "Au moins une réalisatrice"), odds="line"),
        aliases=(
            "director_gender", "gender_director", "directors_gender", "director_sex", "directorgenderlabel",
            "director_gender_label", "female_director", "woman_director", "director_female", "sexe_realisation",
            "sexe_de_la_realisation", "sexe_realisateur", "sexe_du_realisateur", "genre_realisation",
            "genre_realisateur", "genre_du_realisateur", "femme_realisatrice", "realisatrice", "gender_of_director",
            "gender_of_the_director", "geschlecht_regie", "regie_geschlecht", "sexo_director", "sexo_del_director",
            "genero_director", "genero_del_director", "sesso_regista", "sesso_del_regista", "genere_del_regista",
            "genero_do_diretor", "sexo_do_diretor", "genero_do_realizador", "geslacht_regisseur",
            "geslacht_van_de_regisseur", "regissorens_kon", "kon_regissor", "plec_rezysera", "пол_режиссера",
        ),
    ),
    _share(
        "writer_female_share", "women among the writers of known gender",
        ("share of women among writers", "part des femmes au scénario"), "director and writer gender",
        Term("writer_woman", "any", ("A woman among the writers", "Au moins une femme scénariste"), odds="line"),
        aliases=(
            "writer_gender", "gender_writer", "writers_gender", "writergenderlabel", "screenwriter_gender",
            "screenwritergenderlabel", "female_writer", "woman_writer", "writer_female", "sexe_scenario",
            "sexe_du_scenario", "sexe_scenariste", "sexe_du_scenariste", "genre_scenario", "genre_scenariste",
            "femme_scenariste",
            "genero_do_roteirista", "geslacht_scenarist", "manusforfattarens_kon", "plec_scenarzysty",
            "пол_сценариста",
        ),
    ),
    _share(
        "lead_female", "1 if the first-billed actor is a woman",
        ("woman billed first", "une femme en tête d'affiche"), "cast gender",
        Term("lead_female", label=("Woman billed first", "Tête d'affiche\u00a0: une femme")),
        aliases=(
            "lead_gender", "female_lead", "gender_lead", "lead_actor_gender", "sexe_tete_d_affiche",
            "sexe_role_principal", "sexe_du_role_principal",
        ),
    ),
    _people(
        "named_women", "cast with a woman's first name",
        ("cast with a woman's first name", "prénoms féminins dans la distribution"), ("cast_female_guess",),
    ),
    _people(
        "named_men", "cast with a man's first name",
        ("cast with a man's first name", "prénoms masculins dans la distribution"), ("cast_male_guess",),
    ),
    _people(
        "principal_women", "women in the principal cast",
        ("women in the principal cast", "femmes dans les rôles principaux"), ("principal_female_imdb",),
    ),
    _people(
        "principal_men", "men in the principal cast",
        ("men in the principal cast", "hommes dans les rôles principaux"), ("principal_male_imdb",),
    ),
    _people(
        "poster_women", "women's faces on the poster", ("women on the poster", "femmes sur l'affiche"), (), "poster"
    ),
    _people("poster_men", "men's faces on the poster", ("men on the poster", "hommes sur l'affiche"), (), "poster"),
    Attribute(
        "cast_gender_source", "code", "where the gender of the cast comes from",
        ("source of cast gender", "source du genre (femme, homme) de la distribution"),
    ),
    Attribute(
        "overview", "text", "summary of the plot, in English", ("plot summary", "résumé de l'intrigue"), "text",
        ("plot", "plot_summary", "synopsis"),
        variable="summary of the plot",
        terms=tuple(
            Term(name, "level")
            for name in (
                "log_words", "log_women_words", "log_men_words", "log_different_women_words", "log_different_men_words",
                "women_words_share",
            )
        ),
    ),
    _reception(
        "imdb_rating", "mean rating on IMDb", ("IMDb rating", "note IMDb"),
        Term("imdb_rating", label=("IMDb rating: {}", "Note IMDb\u00a0: {}"), odds="line"),
        ("imdbrating", "averagerating", "imdb_score", "note_imdb", "rating_imdb", "avg_vote",
         "imdb_bewertung", "nota_imdb", "imdb_betyg", "ocena_imdb", "реитинг_imdb"), low=1, high=10,
    ),
    _reception(
        "imdb_votes", "number of votes on IMDb", ("IMDb votes", "votes IMDb"),
        Term("log10_imdb_votes", "log10", ("IMDb votes × 10", "Votes IMDb × 10"), "x 10", odds="line"),
        ("imdbvotes", "numvotes", "num_votes", "num_voted_users", "votes_imdb", "imdb_num_votes", "no_of_votes"), low=1,
        zero=False, reader="count",
    ),
    _reception(
        "tmdb_vote_average", "mean rating on TMDB", ("TMDB rating", "note TMDB"), Term("tmdb_vote_average"),
        ("vote_average",), 0.5, 10, False,
    ),
    _reception(
        "tmdb_vote_count", "number of votes on TMDB", ("TMDB votes", "votes TMDB"),
        Term("log10_tmdb_vote_count", "log10", unit="x 10"), ("vote_count",), 1, zero=False,
        reader="count",
    ),
    _reception(
        "tmdb_popularity", "popularity on TMDB", ("TMDB popularity", "popularité TMDB"),
        Term("log_tmdb_popularity", "log1p"), ("popularity",), 0,
    ),
    _reception(
        "metascore", "critics' mean on Metacritic", ("Metascore", "Metascore"), Term("metascore"),
        ("metacritic", "meta_score", "metacritic_score"), low=0, high=100,
    ),
    _reception(
        "revenue", "revenue, nominal US dollars", ("revenue", "recettes"),
        Term("log10_revenue", "log10", unit="x 10"),
        ("revenue_usd", "boxoffice", "box_office", "worldwide_gross", "worldwide_box_office", "gross", "intgross",
         "recettes",
         "bilheteria", "opbrengst", "сборы"), low=1_000, zero=False, reader="dollars",
    ),
    _heard(
        "ear_two_women", "probability, from a recording, that two women or more speak",
        ("two women heard (probability)", "deux femmes entendues (probabilité)"),
        Term("log_odds_two_women", "log_odds"),
    ),
    _heard(
        "ear_women_talk", "probability, from a recording, that two women speak to each other",
        ("two women heard speaking to each other (probability)", "deux femmes entendues se parler (probabilité)"),
        Term("log_odds_women_talk", "log_odds"),
    ),
    _heard(
        "ear_female_share", "women's share of the speaking time in a recording",
        ("share of women in the speaking time", "part des femmes dans le temps de parole"),
        Term("heard_female_10", "tenths", unit="+10 points"),
    ),
)  # fmt: skip
ATTRIBUTE = {attribute.name: attribute for attribute in ATTRIBUTES}
TERM = {term.name: term for attribute in ATTRIBUTES for term in attribute.terms}
ATTRIBUTE_OF_TERM = {term.name: attribute for attribute in ATTRIBUTES for term in attribute.terms}

VARIABLES = {  # attributes that are permuted together, in both languages
    "title": ("title", "titre"),
    "year": ("year", "année"),
    "genres": ("genres", "genres"),
    "runtime": ("runtime", "durée"),
    "budget": ("budget", "budget"),
    "language and country": ("language and country", "langue et pays"),
    "cast gender": ("cast gender", "femmes et hommes de la distribution"),
    "poster": ("poster", "affiche"),
    "director and writer gender": ("director and writer gender", "femmes à la réalisation et au scénario"),
    "crew gender": ("crew gender", "femmes dans l'équipe"),
    "summary of the plot": ("summary of the plot", "résumé de l'intrigue"),
    "votes and ratings": ("votes and ratings", "votes et notes"),
    "what is heard": ("what is heard", "ce qui s'entend"),
}


def terms_of(block: str) -> tuple[Term, ...]:
    """Return the terms of a block that are used for predictions, in the order of the attributes."""
    return tuple(
        term for attribute in ATTRIBUTES if attribute.block == block for term in attribute.terms if term.predicts
    )
