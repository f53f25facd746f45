"""The messages of results, warnings and errors: a code with values, in English, and in French for a page.

A `Message` is its own English text, so it prints like any string; `Words.message` gives it in the language of a page,
with readable names of columns, genres and countries. Every code exists in both languages; `{n} {n:row|rows}` is 1 row
or 2 rows. Errors that stop a command before there is a page, such as an unreadable file, are in English only and need
no code.
"""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from numbers import Integral
from string import Formatter
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

MESSAGES = {
    # rates and types
    "genres_overlap": (
        "A film counts in each of its genres, so the rows overlap.",
        "Un film compte dans chacun de ses genres : les lignes se recoupent.",
    ),
    "budget_thirds": (
        "Budgets are split into thirds within each period.",
        "Les budgets sont répartis en tiers au sein de chaque période.",
    ),
    "levels_pooled": (
        "{n} levels with fewer than {least} films are pooled.",
        "{n} modalités de moins de {least} films sont regroupées.",
    ),
    "levels_shown_by": (
        "min_films={least} (--min-films {least}) shows each of them.",
        "min_films={least} (--min-films {least}) les montre tous.",
    ),
    "other_levels": ("other ({n} levels)", "autres, {n} modalités"),
    "campaign_tested": (
        "Tested: {n} combinations of at least {least} films; p-values are adjusted over all of them (FDR).",
        "Testées : {n} combinaisons d'au moins {least} films ; les valeurs p sont corrigées sur leur ensemble (FDR).",
    ),
    "campaign_columns": (
        "Differences are percentage points against all other films; shrunken rates are rates after discounting chance.",
        "Les écarts sont en points de pourcentage, par rapport à tous les autres films ; un taux lissé est le taux "
        "une fois retirée la part du hasard.",
    ),
    "not_in_table": ("Not in the table of films: {columns}.", "Absent du tableau des films : {columns}."),
    "no_column": (
        "no column {column}; this table has {columns}.",
        "pas de colonne {column} ; ce tableau contient {columns}.",
    ),
    "no_column_close": (
        "no column {column}: did you mean {close}? This table has {columns}.",
        "pas de colonne {column} : vouliez-vous dire {close} ? Ce tableau contient {columns}.",
    ),
    "nothing_to_combine": (
        "no attribute to combine: one or more of genres, budget, year and country are needed.",
        "aucun attribut à combiner : il en faut un au moins parmi genres, budget, année et pays.",
    ),
    "no_combination": (
        "no combination of these {n} films has {least} or more.",
        "aucune combinaison de ces {n} films n'en a {least} ou plus.",
    ),
    "types_blind": (
        "The outcome was not used to form the types; pass rates have 95% Wilson intervals.",
        "Le résultat du test n'a pas servi à former les types ; taux de réussite avec intervalles de Wilson à 95 %.",
    ),
    "types_joined": (
        "Types with fewer than {least} films have joined the nearest ones: {n} fewer types.",
        "Les types de moins de {least} films ont rejoint les plus proches : {n} de moins.",
    ),
    "types_one": (
        "no two groups of {least} films differ enough to be types. Add films or attributes.",
        "il n'y a pas deux groupes de {least} films assez différents pour être des types. Ajoutez des films ou des "
        "attributs.",
    ),
    "types_unstable": (
        "Not stable: other films of the same kind would give other types (similarity {similarity:.2f}; {least} or more "
        "is stable). Do not cite them.",
        "Instables : d'autres films du même genre donneraient d'autres types (similarité {similarity:.2f} ; stable à "
        "partir de {least}). À ne pas citer.",
    ),
    "types_doubtful": (
        "Less certain than the others (similarity below {least}): {names}.",
        "Moins sûrs que les autres (similarité inférieure à {least}) : {names}.",
    ),
    "types_alike": (
        "The types do not differ in their pass rates beyond chance (chi-square test, p = {p:.2f}). Do not cite them.",
        "Les types ne diffèrent pas par leurs taux de réussite au-delà du hasard (test du khi-deux, p = {p:.2f}). À ne "
        "pas citer.",
    ),
    "types_rates": (
        "Pass rates of types do not hold in films they were not fitted to (correlation {correlation:.2f}; {least} or "
        "more is needed). Do not cite them.",
        "Les taux de réussite des types ne valent pas pour des films étrangers à leur formation (corrélation "
        "{correlation:.2f} ; il faut {least} ou plus). À ne pas citer.",
    ),
    "unknown_is_average": (
        "Unknown values count as average: {columns}.",
        "Les valeurs non renseignées comptent comme moyennes : {columns}.",
    ),
    "column_share": ("{column} ({share:.0%})", "{column} ({share:.0%})"),
    "same_for_all": (
        "Left out, as it is the same or unknown for all films: {columns}.",
        "Écarté, identique ou inconnu pour tous les films : {columns}.",
    ),
    "types_too_few": (
        "types of films need {least} films or more; got {n}. Add films.",
        "les types demandent au moins {least} films ; ce tableau en contient {n}. Ajoutez des films.",
    ),
    "types_too_alike": (
        "two or more of year, runtime, budget, language, country, genres must differ; got {columns}.",
        "il faut que deux au moins parmi année, durée, budget, langue, pays et genres varient ; reçu : {columns}.",
    ),
    "disputed_unknown": (
        "Of {n} {n:film|films} it is not known whether the rating is disputed; {n:it counts|they count} as rated.",
        "On ignore pour {n} {n:film|films} si la note est contestée ; elle est prise telle quelle.",
    ),
    "no_disputed": (
        "no column dubious with values (1 where a rating is disputed): there is no telling which ratings are disputed. "
        "Take films as rated, or add the column.",
        "pas de colonne dubious renseignée (1 quand la note est contestée) : rien ne dit quelles notes le sont. Prenez "
        "les films tels qu'ils sont notés, ou ajoutez la colonne.",
    ),
    "margins_count": (
        "margins: a column n or share and one or more columns of films are needed; this table has {columns}.",
        "marges : il faut une colonne n ou share, et une ou plusieurs colonnes des films ; ce tableau contient "
        "{columns}.",
    ),
    "margins_number": (
        "margins: counts and shares are numbers of 0 or more; got {first}.",
        "marges : les effectifs et les parts sont des nombres positifs ou nuls ; reçu {first}.",
    ),
    "margins_year": (
        "margins: {text} is not a range of years. Write 1994, 1990s, 1990-1999, before 1970 or 2005 and later.",
        "marges : {text} n'est pas une période. Écrivez 1994, 1990s, 1990-1999, avant 1970 ou 2005 et après.",
    ),
    "margins_overlap": (
        "margins: the cells {one} and {other} overlap. A film may be in one of them only.",
        "marges : les cases {one} et {other} se recoupent. Un film ne peut être que dans l'une d'elles.",
    ),
    "margins_no_film": (
        "margins: none of the {n} films is in a cell of each margin. Are years, countries and genres written as here?",
        "marges : aucun des {n} films n'est dans une case de chaque marge. Les années, les pays et les genres sont-ils "
        "écrits comme ici ?",
    ),
    "margins_empty": (
        "Cells of the margins without films, {share:.1%} in all, are left out: {cells}.",
        "Cases des marges sans aucun film, {share:.1%} en tout, écartées : {cells}.",
    ),
    "margins_empty_cells": (
        "margins: cells without films hold {share:.0%} of the target, more than {most:.0%}: {cells}. No weights can "
        "stand for them: give wider cells.",
        "marges : les cases sans aucun film contiennent {share:.0%} de la cible, plus de {most:.0%} : {cells}. Aucun "
        "poids ne peut en tenir lieu : donnez des cases plus larges.",
    ),
    "margins_outside": (
        "{n} {n:film is|films are} in no cell of some margin, and left out: {margins}.",
        "{n} {n:film n'est|films ne sont} dans aucune case d'une des marges, et {n:est écarté|sont écartés} : "
        "{margins}.",
    ),
    "margins_not_met": (
        "margins: no positive weights meet all of them. Give fewer margins, or wider cells.",
        "marges : aucun jeu de poids positifs ne les respecte toutes. Donnez-en moins, ou des cases plus larges.",
    ),
    "weights_of_rates": (
        "weights: one number of 0 or more for each of the {n} films is needed, or NaN to leave a film out.",
        "poids : il faut pour chacun des {n} films un nombre positif ou nul, ou NaN pour l'écarter.",
    ),
    "weighted_to_margins": (
        "Weighted to the given margins (design effect {effect:.2f}); intervals are Wilson's with the effective number "
        "of films.",
        "Pondéré d'après les marges données (variance multipliée par {effect:.2f}) ; intervalles de Wilson pour "
        "l'effectif équivalent.",
    ),
    "none": ("none", "aucun"),
    # outcome
    "no_outcome": (
        "no outcome: a column {column} is needed; this table has {columns}.",
        "pas de résultat : il faut une colonne {column} ; ce tableau contient {columns}.",
    ),
    "passes_or_rating": ("passes (0 or 1) or rating (0-3)", "passes (0 ou 1) ou rating (0 à 3)"),
    "rating_needed": ("rating (0-3)", "rating (0 à 3)"),
    "no_columns": ("no columns", "aucune colonne"),
    "one_outcome": (
        "column {column} holds {found} in {n} {n:row|rows}: nothing to compare. Add other films.",
        "colonne {column} : {found} sur {n} {n:ligne|lignes}, donc rien à comparer. Ajoutez d'autres films.",
    ),
    "only_value": ("only {value:g}", "seulement {value:g}"),
    "no_value": ("no value", "aucune valeur"),
    # models
    "volunteers": (
        "Associations in these films, not causes.",
        "Des associations dans ces films, non des causes.",
    ),
    "quartiles": (
        "-> compares the quartiles of a variable that enters as a curve; p tests the whole curve.",
        "-> compare les quartiles d'une variable entrée sous forme de courbe ; p teste la courbe entière.",
    ),
    "several_terms": (
        "A variable that enters several terms has no single marginal effect: read these terms together.",
        "Une variable présente dans plusieurs termes n'a pas d'effet marginal propre : ces termes se lisent ensemble.",
    ),
    "few_events": (
        "Few films for so many terms: {n} with the rarer outcome for {k} columns. Below {least} for each, odds ratios "
        "are rough and too far from 1.",
        "Peu de films pour tant de termes : {n} avec le résultat le plus rare, pour {k} colonnes. Au-dessous de "
        "{least} pour chacune, les rapports de cotes sont grossiers et trop loin de 1.",
    ),
    "not_known": ("Not known: {columns}.", "Non renseignés : {columns}."),
    "films_left_out": (
        "{n} of {n_films} films {n:is|are} left out. Not known: {columns}.",
        "{n} {n:film|films} sur {n_films} {n:est écarté|sont écartés}. Non renseigné : {columns}.",
    ),
    "column_in_films": ("{column} in {n} {n:film|films}", "{column} pour {n} {n:film|films}"),
    "column_of_films": ("{column} ({n})", "{column} ({n})"),
    "left_out": (
        "Left out (empty, constant or nearly so, or the reference level): {columns}.",
        "Écarté (vide, constant ou presque, ou modalité de référence) : {columns}.",
    ),
    "pooled": ("Too rare to stand alone, pooled: {columns}.", "Trop rares pour figurer seuls, regroupés : {columns}."),
    "separated": (
        "Occurring with one outcome only: {terms}. Fitted by Firth's penalised likelihood; intervals of these terms "
        "are profile intervals.",
        "Présent avec un seul résultat du test : {terms}. Ajustement par vraisemblance pénalisée de Firth ; "
        "intervalles de profil pour ces termes.",
    ),
    "separated_now": (
        "occurring with one outcome only: {terms}. Fitted by Firth's penalised likelihood instead{clusters}.",
        "présent avec un seul résultat du test : {terms}. Ajusté par vraisemblance pénalisée de Firth{clusters}.",
    ),
    "without_clusters": (", without the clusters by {column}", ", sans les grappes par {column}"),
    "nothing": ("", ""),
    "not_converged": (
        "the fit did not converge: do not use its estimates. Leave terms out, or pool rare levels.",
        "l'ajustement n'a pas convergé : ses estimations ne sont pas utilisables. Retirez des termes, ou regroupez "
        "les modalités rares.",
    ),
    "ordinal_not_converged": (
        "the ordinal fit did not converge: do not use its estimates. Leave terms out, or pool rare levels.",
        "l'ajustement ordinal n'a pas convergé : ses estimations ne sont pas utilisables. Retirez des termes, ou "
        "regroupez les modalités rares.",
    ),
    "multinomial_not_converged": (
        "the multinomial fit did not converge and is left out. Leave terms out, or pool rare levels.",
        "l'ajustement multinomial n'a pas convergé et n'est pas donné. Retirez des termes, ou regroupez les modalités "
        "rares.",
    ),
    "steps_columns": (
        "odds_ratio_1, _2, _3: of reaching that score, each from its own model.",
        "odds_ratio_1, _2, _3 : pour l'atteinte de ce score, chacun tiré de son propre modèle.",
    ),
    "not_proportional": (
        "The odds are not proportional: read these three, or `.multinomial`, not the common odds ratio.",
        "Les cotes ne sont pas proportionnelles : il faut lire ces trois rapports, ou `.multinomial`, non le rapport "
        "commun.",
    ),
    "imputed_values": (
        "Imputed {n} times, from similar films: {columns}.",
        "Imputé {n} fois, d'après des films semblables : {columns}.",
    ),
    "imputed_at_random": (
        "Unknown values are taken to be distributed as the known ones of films with the same outcome and the same "
        "other attributes.",
        "Les valeurs non renseignées sont supposées réparties comme les valeurs connues de films de même résultat et "
        "de mêmes autres attributs.",
    ),
    "imputed_with": (
        "Also in the imputation models: {columns}.",
        "Aussi dans les modèles d'imputation : {columns}.",
    ),
    "imputed_columns": (
        "df, fmi: degrees of freedom of the interval, and the fraction of its information that is missing; _complete: "
        "the {n} films of which everything is known, with an indicator of unknown budgets if there are any.",
        "df, fmi : degrés de liberté de l'intervalle et part de son information qui manque ; _complete : les {n} films "
        "dont tout est renseigné, avec un indicateur des budgets non renseignés s'il y en a.",
    ),
    "no_complete_result": (
        "No result of complete films to compare with: {reason}",
        "Pas de résultat des films complets à mettre en regard : {reason}",
    ),
    "separated_imputed": (
        "Occurring with one outcome only: {terms}. Fitted by Firth's penalised likelihood, with Wald intervals.",
        "Présent avec un seul résultat du test : {terms}. Ajustement par vraisemblance pénalisée de Firth, intervalles "
        "de Wald.",
    ),
    "nothing_to_impute": (
        "{columns}: known for no film with an outcome: nothing to impute from. Leave it out of the formula.",
        "{columns} : renseigné pour aucun film qui a un résultat, donc rien d'où imputer. Retirez-le de la formule.",
    ),
    "indicator_imputed": (
        "formula {formula!r}: {column} is 0 for all films once budgets are imputed. Leave it out.",
        "formule {formula!r} : {column} vaut 0 pour tous les films une fois les budgets imputés. Retirez-le.",
    ),
    "no_years": (
        "a trend needs films of two years or more: a column year, known for films with an outcome; this table has "
        "{columns}.",
        "une tendance demande des films d'au moins deux années : une colonne year, renseignée pour des films qui ont "
        "un résultat ; ce tableau contient {columns}.",
    ),
    "trend_periods": (
        "Rates are those of all films of a period; crude and adjusted are the curves in its middle.",
        "Les taux sont ceux de tous les films d'une période ; crude et adjusted sont les courbes en son milieu.",
    ),
    "trend_adjusted": (
        "Adjusted: the mean probability of the same {n} complete films, as if all were of that year, with their own "
        "{columns}.",
        "Ajusté : la probabilité moyenne des mêmes {n} films complets, comme si tous étaient de cette année, avec "
        "leurs propres {columns}.",
    ),
    "trend_unadjusted": ("No adjusted curve: {reason}", "Pas de courbe ajustée : {reason}"),
    "no_complete_film": (
        "no film is complete. Not known: {columns}. Fill them, or give a formula without them.",
        "aucun film n'est complet. Non renseigné : {columns}. Complétez ces colonnes, ou donnez une formule sans "
        "elles.",
    ),
    "all_alike": (
        "no column tells these {n} films apart: all are empty or constant.",
        "aucune colonne ne distingue ces {n} films : toutes sont vides ou constantes.",
    ),
    "formula_shape": (
        "formula {formula!r}: it must read `{outcome} ~ term + term`.",
        "formule {formula!r} : elle doit s'écrire `{outcome} ~ terme + terme`.",
    ),
    "formula_long": (
        "a formula of {n} characters; at most {most} are read.",
        "une formule de {n} caractères ; {most} au plus sont lus.",
    ),
    "formula_place": (
        "formula {formula!r}: at character {place}, {found!r}: {reason}.",
        "formule {formula!r} : au caractère {place}, {found!r} : {reason}.",
    ),
    "formula_slip": (
        "something is missing, too many or out of place here",
        "il manque ici quelque chose, ou il y a quelque chose de trop",
    ),
    "formula_foreign": (
        "not part of a formula, which holds columns, numbers, functions and + - * / : ** ( )",
        "cela n'entre pas dans une formule, faite de colonnes, de nombres, de fonctions et de + - * / : ** ( )",
    ),
    "formula_function": (
        "the functions of a formula are {functions}",
        "les fonctions d'une formule sont {functions}",
    ),
    "formula_usage": ("it is written as {usage}", "cela s'écrit {usage}"),
    "formula_quoted": (
        'text in quotes can only name a column, as in Q("my score")',
        'un texte entre guillemets ne peut que nommer une colonne, comme Q("ma note")',
    ),
    "formula_constant": ("no column in it", "elle ne contient aucune colonne"),
    "formula_number": (
        "a number other than 0 and 1 stands in a function or as an exponent",
        "un nombre autre que 0 et 1 se place dans une fonction ou en exposant",
    ),
    "formula_power": (
        "an exponent is a number up to {most}, and a whole one outside functions",
        "un exposant est un nombre d'au plus {most}, et entier hors des fonctions",
    ),
    "formula_digits": (
        "a number has at most {most} characters, and is finite",
        "un nombre a au plus {most} caractères et est fini",
    ),
    "formula_parts": (
        "at most {most} names, numbers and signs in one function",
        "au plus {most} noms, nombres et signes dans une fonction",
    ),
    "formula_brackets": (
        "brackets are nested at most {most} deep",
        "les parenthèses s'emboîtent sur {most} niveaux au plus",
    ),
    "formula_deep": ("at most {most} operators in a row", "au plus {most} opérateurs à la suite"),
    "formula_terms": ("it expands to more than {most} terms", "elle se développe en plus de {most} termes"),
    "formula_splines": (
        "a spline has at most {most} knots or degrees of freedom",
        "une spline a au plus {most} nœuds ou degrés de liberté",
    ),
    "formula_wide": (
        "formula {formula!r}: up to {n} columns; at most {most} are possible. Leave interactions or C(...) out.",
        "formule {formula!r} : jusqu'à {n} colonnes ; {most} au plus sont possibles. Retirez-en.",
    ),
    "formula_two_meanings": (
        "formula {formula!r}: {name} is both a column and a function there. Rename the column.",
        "formule {formula!r} : {name} y est à la fois une colonne et une fonction. Renommez la colonne.",
    ),
    "not_defined": ("{name!r} is not defined", "{name!r} n'est pas défini"),
    "formula_outcome": (
        "formula {formula!r}: {column} is the outcome. Leave it out of the right-hand side.",
        "formule {formula!r} : {column} est la variable à expliquer. Retirez-la du membre de droite.",
    ),
    "own_column": (
        "column {column} of the table is used as it is, not computed from {attribute}; in {n} {n:film|films} the two "
        "differ. Rename the column if it means something else.",
        "la colonne {column} du tableau sert telle quelle, sans être calculée d'après {attribute} ; pour {n} "
        "{n:film|films}, les deux diffèrent. Renommez la colonne si elle signifie autre chose.",
    ),
    "formula_complex": (
        "{column} holds complex numbers: make real ones of them, such as films[{column!r}].abs().",
        "{column} contient des nombres complexes : faites-en des nombres réels, comme films[{column!r}].abs().",
    ),
    "formula_text": (
        "{column} is text: make columns of 0 and 1 of it, such as (films[{column!r}] == value) * 1.",
        "{column} est du texte : faites-en des colonnes de 0 et 1, comme (films[{column!r}] == valeur) * 1.",
    ),
    "formula_intercept": (
        "formula {formula!r}: it needs the intercept and a term. Leave `0`, `- 1` or a lone `1` out.",
        "formule {formula!r} : il faut la constante et un terme. Retirez `0`, `- 1` ou un `1` seul.",
    ),
    "formula_unusable": (
        "the formula cannot be used: {reason}. It may name {columns}.",
        "la formule ne peut pas servir : {reason}. Elle peut nommer {columns}.",
    ),
    "formula_endless": (
        "{term} has no finite value in some films, such as the log of 0. Use np.log1p, or a rank.",
        "{term} n'a pas de valeur finie pour certains films, comme le log de 0. Utilisez np.log1p ou un rang.",
    ),
    "too_few_films": (
        "{n} films are complete, and the formula has {n_columns} columns: too few films for it.",
        "{n} films sont complets, et la formule a {n_columns} colonnes : c'est trop peu de films pour elle.",
    ),
    "wide_column": (
        "column {column} varies by {deviation:.0e}: its odds ratio per unit reads 1.000. Use a log or a ratio.",
        "la colonne {column} varie de {deviation:.0e} : son rapport de cotes par unité s'affiche 1,000. Prenez un log "
        "ou un rapport.",
    ),
    "column_follows": (
        "column {columns} is a linear combination of the others (or is constant): leave it out of the formula.",
        "la colonne {columns} est combinaison linéaire des autres (ou constante) : retirez-la de la formule.",
    ),
    "few_ratings": (
        "{n} films are complete, with {n_ratings} different ratings; 3 or 4 are needed.",
        "{n} films sont complets, avec {n_ratings} scores différents ; il en faut 3 ou 4.",
    ),
    "step_separated": (
        "{terms}: all or none of their films reach some rating. Give a formula without them, or more films.",
        "{terms} : tous leurs films, ou aucun, atteignent l'un des scores. Donnez une formule sans ces termes, ou "
        "plus de films.",
    ),
    "few_outcomes": (
        "{n} films are complete, with fewer than two outcomes: nothing to compare.{lacking}",
        "{n} films sont complets, avec moins de deux résultats : rien à comparer.{lacking}",
    ),
    "few_outcomes_lacking": (" Not known: {columns}.", " Non renseigné : {columns}."),
    "no_cluster_column": ("cluster: there is no column {column!r}.", "grappes : pas de colonne {column!r}."),
    "one_cluster": (
        "cluster: {column} is the same in all {n} complete films; clusters need several values.",
        "grappes : {column} est identique pour les {n} films complets ; des grappes demandent plusieurs valeurs.",
    ),
    "few_clusters": (
        "cluster: {column} has {n} values in these films, and {term} has {n_columns} columns, whose joint test takes "
        "more clusters than columns. Give a formula with fewer, such as a line for a curve, or another column.",
        "grappes : {column} a {n} valeurs pour ces films, et {term} a {n_columns} colonnes, dont le test conjoint "
        "demande plus de grappes que de colonnes. Donnez une formule qui en a moins, comme une droite au lieu d'une "
        "courbe, ou une autre colonne.",
    ),
    "small_clusters": (
        "cluster: {column} has only {n} values in these films; below {least}, intervals are wide and tests rough.",
        "grappes : {column} n'a que {n} valeurs pour ces films ; au-dessous de {least}, les intervalles sont "
        "larges et les tests approximatifs.",
    ),
    "lone_cluster": (
        "cluster: without the films of {column} {value}, nothing can be said of {term}, and so of its error. Leave "
        "that term out of the formula, or give another column.",
        "grappes : sans les films de {column} {value}, on ne peut rien dire de {term}, ni donc de son erreur. Retirez "
        "ce terme de la formule, ou donnez une autre colonne.",
    ),
    "no_weights_column": ("weights: there is no column {column!r}.", "poids : pas de colonne {column!r}."),
    "weights_index": (
        "weights: their index is not that of the films. Give them in the order of the films, or name a column.",
        "poids : leur index n'est pas celui des films. Donnez-les dans l'ordre des films, ou nommez une colonne.",
    ),
    "weights_length": (
        "weights: {n} for {n_films} films. Give one each.",
        "poids : {n} pour {n_films} films. Donnez-en un par film.",
    ),
    "weights_unusable": (
        "weights: {n} of {n_films} are negative or no finite numbers (first: {first}). Give a number of 0 or more, or "
        "none to leave a film out.",
        "poids : {n} sur {n_films} sont négatifs ou ne sont pas des nombres finis (le premier : {first}). Donnez un "
        "nombre positif ou nul, ou rien pour écarter un film.",
    ),
    "weights_zero": (
        "weights: all {n} are 0. Give some films a weight above 0.",
        "poids : les {n} sont nuls. Donnez à des films un poids supérieur à 0.",
    ),
    "separated_weights": (
        "occurring with one outcome only: {terms}. Firth's penalised likelihood takes no weights. Leave them out of "
        "the formula, or leave the weights out.",
        "présent avec un seul résultat du test : {terms}. La vraisemblance pénalisée de Firth n'admet pas de poids. "
        "Retirez ces termes de la formule, ou retirez les poids.",
    ),
    "weighted": (
        "Films are weighted; n_films and n_passes count films. Standard errors take the weights into account.",
        "Les films sont pondérés ; n_films et n_passes comptent des films. Les erreurs types tiennent compte des "
        "poids.",
    ),
    "weighted_zero": (
        "{n} {n:film of weight 0 or none is|films of weight 0 or none are} left out.",
        "{n} {n:film de poids nul ou sans poids est écarté|films de poids nul ou sans poids sont écartés}.",
    ),
    "collinear": (
        "nearly a combination of the other terms (variance inflation factor above {limit}): {terms}. Their odds ratios "
        "are hardly separate; read them together, or leave one out.",
        "presque une combinaison des autres termes (facteur d'inflation de la variance supérieur à {limit}) : {terms}. "
        "Leurs rapports de cotes se séparent à peine ; ces termes se lisent ensemble, ou retirez-en un.",
    ),
    "no_gender_to_pair": (
        "{columns} are empty: nothing to pair.",
        "{columns} : rien n'est renseigné, il n'y a rien à mettre en regard.",
    ),
    "only_gender_to_pair": (
        "nothing but cast and crew gender tells these films apart: there is no model without it.",
        "rien d'autre que la part des femmes ne distingue ces films : il n'y a pas de modèle sans elle.",
    ),
    "rescaled": (
        "odds_ratio_rescaled: without gender, on the scale of the model with gender (Karlson, Holm and Breen); "
        "p_value_rescaled tests that the two are the same. Odds ratios of two models are not comparable otherwise.",
        "odds_ratio_rescaled : sans la part des femmes, sur l'échelle du modèle qui la contient (Karlson, Holm et "
        "Breen) ; p_value_rescaled teste l'égalité des deux. Les rapports de cotes de deux modèles ne sont pas "
        "comparables autrement.",
    ),
    "margins_compared": (
        "ame: average marginal effects, in percentage points; the difference is with gender less without.",
        "ame : effets marginaux moyens, en points de pourcentage ; l'écart est le modèle avec la part des femmes moins "
        "le modèle sans elle.",
    ),
    "not_compared": (
        "A term occurs with one outcome only: there is no common scale, nor an error of the differences.",
        "Un terme est présent avec un seul résultat du test : pas d'échelle commune, ni d'erreur des écarts.",
    ),
    "no_influence": (
        "influence can only be computed for a converged maximum likelihood fit, without separation or weights.",
        "les films influents ne se calculent que pour un ajustement par maximum de vraisemblance qui a convergé, sans "
        "séparation ni poids.",
    ),
    "other_table": (
        "these are {n} films; the result was fitted to a table of {n_fitted}. Give that one.",
        "reçu {n} films ; le résultat vient d'un tableau de {n_fitted}. Donnez celui-là.",
    ),
    "other_films": (
        "these are not the films of the result, or not in their order. Give the table it was fitted to.",
        "ce ne sont pas les films du résultat, ou pas dans leur ordre. Donnez le tableau d'où il vient.",
    ),
    # predictions
    "missing_rating": (
        "column rating: no film has {ratings}; a model needs each of 0-3.",
        "colonne rating : aucun film n'a {ratings} ; un modèle demande chaque score de 0 à 3.",
    ),
    "nothing_known": (
        "nothing is known of these films: a model needs title, year, genres, runtime, language or budget.",
        "on ne sait rien de ces films : un modèle demande le titre, l'année, les genres, la durée, la langue ou le "
        "budget.",
    ),
    "no_scores": (
        "this model was fitted to pass and fail, so it has no scores 0-3. Ask for probabilities (proba=True) or "
        "predict_films.",
        "ce modèle est ajusté sur la réussite et l'échec : il n'a pas de scores de 0 à 3. Demandez les probabilités "
        "(proba=True) ou predict_films.",
    ),
    "too_few_for_block": (
        "{blocks} known for {n} films, which do not cover all outcomes: too few to use.",
        "{blocks} : connu pour {n} films, qui ne couvrent pas tous les résultats ; c'est trop peu pour servir.",
    ),
    "predicted_without": (
        "predicted without {columns}. Any of them would help; see bechdel_stats.attributes.",
        "prédit sans {columns}. N'importe lequel de ces attributs aiderait ; voir bechdel_stats.attributes.",
    ),
    "decision_read": (
        "passes: probability of passing; decision: passes if that is above 0.5.",
        "passes : probabilité de réussir ; decision : réussite si elle dépasse 0,5.",
    ),
    "score_read": (
        "score: the most probable of 0-3; expected_score: their mean, weighted by probability.",
        "score : le plus probable de 0 à 3 ; expected_score : leur moyenne, pondérée par les probabilités.",
    ),
    "score_apart": (
        "Films with score 3 that fail all the same: {n}; 3 is more probable than 0, 1 or 2, not than these together.",
        "Films de score 3 qui échouent pourtant : {n} ; 3 est plus probable que 0, 1 ou 2, non que ceux-ci ensemble.",
    ),
    "score_2_rare": (
        "No film has score 2: it is rare, so seldom the most probable; {expected:.1f} are expected among these films.",
        "Aucun film n'a le score 2 : rare, il est peu souvent le plus probable ; on en attend {expected:.1f} parmi ces "
        "films.",
    ),
    "passes_only": (
        "The model was fitted to pass and fail: it has no scores 0-3.",
        "Le modèle est ajusté sur la réussite et l'échec : il n'a pas de scores de 0 à 3.",
    ),
    # the ear
    "ear_joined": (
        "{n} of {n_recordings} recordings {n:belongs|belong} to one of these {n_films} films.",
        "{n} {n:enregistrement|enregistrements} sur {n_recordings} {n:appartient|appartiennent} à l'un de ces "
        "{n_films} films.",
    ),
    "ear_alone": ("Films without a recording: {n} ({films}).", "Films sans enregistrement : {n} ({films})."),
    "ear_no_film": (
        "Recordings of none of these films: {n} ({recordings}). Give their IMDb ids in a column imdb_id of the table "
        "of recordings, or their names in a column recording of the films.",
        "Enregistrements d'aucun de ces films : {n} ({recordings}). Donnez leurs identifiants dans une colonne imdb_id "
        "du tableau des enregistrements, ou leurs noms dans une colonne recording de celui des films.",
    ),
    "ear_doubtful": ("Doubtful, {decision}: {n} ({recordings}).", "Douteux, {decision} : {n} ({recordings})."),
    "recording_of_film": ("{recording}: {film}", "{recording} : {film}"),
    "ear_read": (
        "ear_two_women, ear_women_talk: how probable it is, by the voices in a recording, that two women speak, and "
        "that two women speak to each other; ear_places: where to listen. What they speak about is not heard: the ear "
        "never says that a film passes.",
        "ear_two_women, ear_women_talk : probabilité, d'après les voix d'un enregistrement, que deux femmes parlent, "
        "et que deux femmes se parlent ; ear_places : où écouter. De quoi elles parlent ne s'entend pas : l'oreille ne "
        "dit jamais qu'un film réussit.",
    ),
    "ear_used": (
        "The model was fitted with what is heard: the predictions of {n} {n:film|films} use it.",
        "Le modèle est ajusté avec ce qui s'entend : les prédictions de {n} {n:film|films} s'en servent.",
    ),
    "ear_not_used": (
        "The model was fitted without what is heard, and the predictions do not use it.",
        "Le modèle est ajusté sans ce qui s'entend, et les prédictions ne s'en servent pas.",
    ),
    "ear_against": (
        "Predicted to pass, though by ear it is unlikely (below {most}) that two women speak to each other: {n} "
        "({films}). Listen to these first.",
        "Réussite prédite, alors qu'à l'oreille il est peu probable (moins de {most}) que deux femmes se parlent : {n} "
        "({films}). À écouter d'abord.",
    ),
    "ear_too_few": (
        "What is heard is not fitted: recordings of {least} films that pass and of {least} that fail are needed; there "
        "are {n_pass} and {n_fail}.",
        "Ce qui s'entend n'entre pas dans le modèle : il faut des enregistrements de {least} films qui réussissent et "
        "de {least} qui échouent ; il y en a {n_pass} et {n_fail}.",
    ),
    "ear_compared": (
        "Unseen films with a recording, predicted by models of other films without and with what is heard. difference: "
        "with minus without, and its 95% interval. Higher auc and accuracy are better, and lower brier and log_loss.",
        "Films inconnus du modèle et pourvus d'un enregistrement, prédits sans et avec ce qui s'entend. difference : "
        "avec moins sans, et son intervalle à 95 %. Plus auc et accuracy sont élevés, et brier et log_loss bas, mieux "
        "c'est.",
    ),
    "ear_better": (
        "With what is heard these films are predicted better (log_loss).",
        "Avec ce qui s'entend, ces films sont mieux prédits (log_loss).",
    ),
    "ear_worse": (
        "With what is heard these films are predicted worse (log_loss): fit without it.",
        "Avec ce qui s'entend, ces films sont moins bien prédits (log_loss) : ajustez sans cela.",
    ),
    "ear_unsettled": (
        "Whether predictions with what is heard are better, these films do not settle (log_loss).",
        "Les prédictions sont-elles meilleures avec ce qui s'entend ? Ces films ne permettent pas de trancher "
        "(log_loss).",
    ),
    "contributions_read": (
        "log_odds: what sets this film apart from the average film, in log odds of passing; they add up to the "
        "difference. odds_ratio: the same as a factor of the odds.",
        "log_odds : ce qui distingue ce film du film moyen, en log des cotes de réussite ; leur somme est l'écart. "
        "odds_ratio : le même en facteur des cotes.",
    ),
    "contributions_path": (
        "The model has four scores: log odds of passing are split along the straight line between the two films "
        "(Aumann and Shapley).",
        "Le modèle a quatre scores : le log des cotes est réparti le long du segment entre les deux films (Aumann et "
        "Shapley).",
    ),
    "contributions_expected": (
        "Not known, taken as expected from the rest: {columns}.",
        "Non renseigné, pris à sa valeur attendue d'après le reste : {columns}.",
    ),
    "no_such_film": (
        "no film {film!r}: give a title, an IMDb id, or a row from 1 to {n}.",
        "pas de film {film!r} : donnez un titre, un identifiant IMDb, ou une ligne de 1 à {n}.",
    ),
    "several_films": (
        "{film!r} may be {films}. Give an IMDb id or a row.",
        "{film!r} peut être {films}. Donnez un identifiant IMDb ou une ligne.",
    ),
    "film_at_row": ("{title} ({year}, row {row})", "{title} ({year}, ligne {row})"),
    "not_a_model": (
        "{folder}: not a model that can be used: {reason}. Fit one with `bechdel-stats fit`.",
        "{folder} : pas un modèle utilisable : {reason}. Ajustez-en un avec `bechdel-stats fit`.",
    ),
    "not_measurable": (
        "all films pass, or none: predictions cannot be evaluated. Test on other films.",
        "tous les films réussissent, ou aucun : les prédictions ne peuvent pas être évaluées. Testez sur d'autres "
        "films.",
    ),
    "periods_read": (
        "in_the_large: what all logits lack; above 0, more films pass than predicted. slope: 1 is right; below, "
        "predictions are too extreme. Intervals of the AUC are 95 % (DeLong).",
        "in_the_large : ce qui manque à tous les logits ; au-dessus de 0, plus de films réussissent que prédit. slope "
        ": 1 est juste ; au-dessous, les prédictions sont trop tranchées. Intervalles de l'AUC à 95 % (DeLong).",
    ),
    "without_year": (
        "until={until:d}: {n} {n:film without a year is|films without a year are} left out.",
        "until={until:d} : {n} {n:film sans année est écarté|films sans année sont écartés}.",
    ),
    "one_side": (
        "until={until:d}: {n_before} films up to then and {n_after} after; both are needed.",
        "until={until:d} : {n_before} films jusque-là et {n_after} après ; il en faut des deux côtés.",
    ),
    "few_for_folds": (
        "{n_folds} folds need {n_folds} films that pass and {n_folds} that fail; the rarer outcome has {n}.",
        "{n_folds} blocs demandent {n_folds} films qui réussissent et {n_folds} qui échouent ; l'issue la plus rare "
        "en compte {n}.",
    ),
    "no_group_column": ("groups: there is no column {column!r}.", "groupes : pas de colonne {column!r}."),
    "few_groups": (
        "{n_folds} folds need {n_folds} groups; {column} has {n} different values.",
        "{n_folds} blocs demandent {n_folds} groupes ; {column} a {n} valeurs différentes.",
    ),
    "not_a_model_column": (
        "{column!r} is not a numeric column that a model uses, with values in this table.",
        "{column!r} n'est pas une colonne de nombres qu'un modèle utilise et qui a des valeurs dans ce tableau.",
    ),
    "one_value": (
        "{column!r} is {value:g} in all films: nothing changes along it.",
        "{column!r} vaut {value:g} pour tous les films : rien ne varie avec elle.",
    ),
    "one_film": ("one film is needed; got {n} rows.", "il faut un seul film ; reçu {n} lignes."),
    "no_change": (
        "changes: no column to change. Columns that can be changed: {columns}.",
        "changes : aucune colonne à changer. Colonnes possibles : {columns}.",
    ),
    "unusable_change": (
        "changes: no model uses {unusable}. Columns that can be changed: {columns}.",
        "changes : aucun modèle n'utilise {unusable}. Colonnes possibles : {columns}.",
    ),
    "impossible_change": (
        "{column} = {value} is not possible; {allowed}.",
        "{column} = {value} n'est pas possible ; {allowed}.",
    ),
    "model_not_world": (
        "What the model predicts for films that are otherwise like this one, not what a change would bring about.",
        "Ce que le modèle prédit pour des films semblables par ailleurs à celui-ci, non ce qu'un changement "
        "produirait.",
    ),
    "types_without_outcome": (
        "types of films without an outcome have no pass rates to draw: add passes or rating.",
        "sans résultat du test, les types n'ont pas de taux de réussite à dessiner : ajoutez passes ou rating.",
    ),
    # the audit of the data
    "chosen": (
        "Films are chosen and rated by volunteers: rates hold for the films they chose, not for all films.",
        "Les films sont choisis et notés par des bénévoles : les taux valent pour les films choisis, non pour tous.",
    ),
    "missing_follows_year": (
        "Missingness varies with the year in {n} {n:column|columns}, most in {ranges}.",
        "La part des valeurs manquantes varie avec l'année dans {n} {n:colonne|colonnes}, surtout : {ranges}.",
    ),
    "missing_follows_year_once": (
        "Missingness varies with the year in 1 column: {ranges}.",
        "La part des valeurs manquantes varie avec l'année dans 1 colonne : {ranges}.",
    ),
    "missing_range": (
        "{column} ({low:.0%} in the {low_decade} to {high:.0%} in the {high_decade})",
        "{column} ({low:.0%} dans les {low_decade} à {high:.0%} dans les {high_decade})",
    ),
    "gender_sources": (
        "The gender of the cast comes from {n} sources; the share of women is {shares}.",
        "Le genre (femme ou homme) des membres de la distribution vient de {n} sources ; la part des femmes y est : "
        "{shares}.",
    ),
    "share_of_source": ("{share:.0%} ({source})", "{share:.0%} ({source})"),
    "gender_disagrees": (
        "Sources of gender disagree on the same films: the share of women has a correlation of {correlation:.2f} "
        "between {one} and {other} ({n} {n:film|films}).",
        "Les sources sur le genre des personnes se contredisent sur les mêmes films : la part des femmes a une "
        "corrélation de {correlation:.2f} entre {one} et {other} ({n} {n:film|films}).",
    ),
    "of_source": ("{source}: {message}", "{source} : {message}"),
    "unusable_values": (
        "column {column}: {n} of {n_known} values cannot be used (first: {first}): {reason}. They count as missing.",
        "colonne {column} : {n} valeurs sur {n_known} ne peuvent pas servir (les premières : {first}) : {reason}. "
        "Elles comptent comme manquantes.",
    ),
    "unusable_column": (
        "column {column}: {n} of {n_known} values cannot be used (first: {first}): {reason}. The column is not used.",
        "colonne {column} : {n} valeurs sur {n_known} ne peuvent pas servir (les premières : {first}) : {reason}. La "
        "colonne ne sert pas.",
    ),
    "not_a_number": ("not a number", "pas un nombre"),
    "not_known_names": ("not a known name", "nom inconnu"),
    "allowed_ratings": ("allowed: 0, 1, 2 and 3", "admis : 0, 1, 2 et 3"),
    "allowed_outcomes": ("allowed: 0 and 1, yes and no, PASS and FAIL", "admis : 0 et 1, oui et non, PASS et FAIL"),
    "allowed_share": ("allowed: 0 to 1, or 0 % to 100 %", "admis : de 0 à 1, ou de 0 % à 100 %"),
    "allowed_range": ("allowed: {low:.10g} to {high:.10g}", "admis : de {low:.10g} à {high:.10g}"),
    "allowed_least": ("allowed: {low:.10g} or more", "admis : {low:.10g} ou plus"),
    "allowed_known": ("allowed: a known value", "admis : une valeur connue"),
    "allowed_text": ("allowed: a text", "admis : un texte"),
    "allowed_imdb": ("allowed: an IMDb id or its link", "admis : un identifiant IMDb ou son lien"),
    "read_as_per_cent": (
        "column {column}: most values are above 1 and are read as per cent.",
        "colonne {column} : la plupart des valeurs dépassent 1 et sont lues comme des pourcentages.",
    ),
    "read_as_fractions": (
        "column {column}: its name says per cent, but no value is above 1: 0.5 is read as 50 %, not as 0.5 %.",
        "colonne {column} : son nom annonce des pourcentages, mais aucune valeur ne dépasse 1 : 0,5 est lu comme 50 %, "
        "non comme 0,5 %.",
    ),
    "first_of_blocks": (
        "column {column}: known in the first row of each block only, as where cells were merged; the other {n} rows "
        "count as unknown. Fill it down.",
        "colonne {column} : renseignée seulement sur la première ligne de chaque bloc, comme après une fusion de "
        "cellules ; les {n} autres lignes comptent comme non renseignées. Recopiez-la vers le bas.",
    ),
    "read_as_codes": (
        "column {column}: 1 is read as a woman and 2 as a man, as TMDB has it.",
        "colonne {column} : 1 est lu comme une femme et 2 comme un homme, comme sur TMDB.",
    ),
    "one_is_a_woman": (
        "column {column}: 1 is read as a woman and 0 as a man, as its name does not say which is which. If it is the "
        "other way round, write words.",
        "colonne {column} : 1 est lu comme une femme et 0 comme un homme, son nom ne le disant pas. Si c'est "
        "l'inverse, écrivez des mots.",
    ),
    "h_and_m": (
        "column {column}: beside H, M may be a woman (mujer) or a man, and is not used. Write F for women.",
        "colonne {column} : à côté de H, M peut être une femme (mujer) ou un homme, et ne sert pas. Écrivez F pour les "
        "femmes.",
    ),
    "read_as_hours": (
        "column {column}: lengths from 1 to 10 that are not all whole are read as hours.",
        "colonne {column} : des durées de 1 à 10 qui ne sont pas toutes entières sont lues comme des heures.",
    ),
    "not_dollars": (
        "column {column}: amounts in {currency} are read as they are, without conversion to dollars.",
        "colonne {column} : les montants en {currency} sont lus tels quels, sans conversion en dollars.",
    ),
    "unknown_genres": (
        "genres: {n} unknown {n:name counts|names count} as missing, with the number of films: {shown}.",
        "genres : {n} {n:nom inconnu compte comme manquant|noms inconnus comptent comme manquants}, avec leur nombre "
        "de films : {shown}.",
    ),
    "name_and_count": ("{name} ({n})", "{name} ({n})"),
    "not_bechdel": (
        "column {column} holds numbers from {low:g} to {high:g} that are not taken for Bechdel scores. If they are, "
        "say so: --column '{column}=rating'.",
        "la colonne {column} contient des nombres de {low:g} à {high:g} qui ne sont pas pris pour des notes de "
        "Bechdel. Si c'en sont, dites-le : --column '{column}=rating'.",
    ),
    "not_scores": (
        "column {column} holds no numbers and is not taken for Bechdel scores.",
        "la colonne {column} ne contient pas de nombres et n'est pas prise pour des notes de Bechdel.",
    ),
    "turned_round": (
        "column {column}: its name says {said}, but 1 is read as yes, as a woman or as a pass, and it is not used. "
        "Write words in place of its codes.",
        "colonne {column} : son nom dit {said}, mais 1 est lu comme oui, une femme ou une réussite ; elle ne sert pas. "
        "Remplacez ses codes par des mots.",
    ),
    "several_outcomes": (
        "columns {columns}: each may be the outcome of the Bechdel test, or one criterion of it, and none is used. Say "
        "which is the outcome: --column '{column}=passes'.",
        "colonnes {columns} : chacune peut être le résultat du test de Bechdel, ou un seul de ses critères ; aucune ne "
        "sert. Dites laquelle est le résultat : --column '{column}=passes'.",
    ),
    "column_not_there": (
        "column {column}: the table has no such column; {near}.",
        "colonne {column} : le tableau n'a pas cette colonne ; {near}.",
    ),
    "nearest_column": ("the nearest is {column}", "la plus proche est {column}"),
    "its_columns": ("it has {columns}", "il a {columns}"),
    "no_attribute": (
        "{name} is no attribute of films. Known: {known}.",
        "{name} n'est pas un attribut des films. Connus : {known}.",
    ),
    "contradiction": (
        "rating and passes contradict each other in {n} {n:row|rows} (first: {first}); both count as missing there. A "
        "film passes when its rating is 3.",
        "rating et passes se contredisent sur {n} {n:ligne|lignes} (la première : {first}) ; les deux y comptent "
        "comme manquants. Un film réussit quand sa note est 3.",
    ),
    "no_score_of_3": (
        "column {column}: two scores and no 3 among {n} films, so that none passes. If the scores are a pass and a "
        "fail, write 1 and 0, and say so: --column '{column}=passes'.",
        "colonne {column} : deux notes et aucun 3 pour {n} films, donc aucun ne réussit. Si ces notes sont une "
        "réussite et un échec, écrivez 1 et 0, et dites-le : --column '{column}=passes'.",
    ),
    "levels_of_names": (
        "films has names of columns on {n} levels, such as {first}; one is allowed. read_films(films).table joins "
        "them.",
        "les colonnes ont des noms sur {n} niveaux, comme {first} ; il en faut un seul. read_films(films).table les "
        "réunit.",
    ),
    "columns_differ": (
        "columns {used} and {column} differ in {n} {n:row|rows} (first: {first}); {used} is read. If {column} is "
        "right, leave the other out: --column '{used}='.",
        "les colonnes {used} et {column} diffèrent sur {n} {n:ligne|lignes} (la première : {first}) ; {used} est lue. "
        "Si {column} est juste, écartez l'autre : --column '{used}='.",
    ),
    "columns_not_used": ("Not used: {columns}.", "Ne servent pas : {columns}."),
    "sheets_left": (
        "{source}: read are the sheets {read}; other columns, and so left out: {left}.",
        "{source} : lues, les feuilles {read} ; écartées, car d'autres colonnes : {left}.",
    ),
    "second_header": (
        "{source}: the header goes on in the row below it; names of columns are made of both.",
        "{source} : l'en-tête se poursuit sur la ligne suivante ; les noms des colonnes viennent des deux.",
    ),
    "headers_left": (
        "{source}: {n} {n:row|rows} with the header again, or nothing but dashes, {n:is no film|are no films} and "
        "left out.",
        "{source} : {n} {n:ligne|lignes} avec l'en-tête de nouveau, ou rien que des tirets, {n:écartée|écartées} : "
        "{n:ce n'est pas un film|ce ne sont pas des films}.",
    ),
    "subtotals_left": (
        "{source}: {n} {n:row of subtotals is no film|rows of subtotals are no films} and left out.",
        "{source} : {n} {n:ligne|lignes} de sous-totaux, {n:écartée|écartées} : "
        "{n:ce n'est pas un film|ce ne sont pas des films}.",
    ),
    "totals_left": (
        "{source}: {n} {n:row|rows} of totals or means at the foot {n:is no film|are no films} and left out.",
        "{source} : {n} {n:ligne|lignes} de totaux ou de moyennes en bas du tableau, {n:écartée|écartées} : "
        "{n:ce n'est pas un film|ce ne sont pas des films}.",
    ),
    "series_left": (
        "{source}: {n} {n:row|rows} of series, episodes or games {n:is no film|are no films} and left out.",
        "{source} : {n} {n:ligne|lignes} de séries, d'épisodes ou de jeux, {n:écartée|écartées} : "
        "{n:ce n'est pas un film|ce ne sont pas des films}.",
    ),
    "not_utf8": (
        "{source}: not UTF-8; read as {encoding}.",
        "{source} : n'est pas en UTF-8 ; lu comme {encoding}.",
    ),
    "encoded_twice": (
        "{source}: letters that were encoded in UTF-8 twice are read as they were before.",
        "{source} : des lettres encodées deux fois en UTF-8 sont lues comme avant la seconde fois.",
    ),
    "damaged_utf8": (
        "{source}: {n} {n:place is|places are} not UTF-8 and replaced by the sign for an unknown character.",
        "{source} : {n} {n:endroit n'est pas en UTF-8 et est remplacé|endroits ne sont pas en UTF-8 et sont remplacés} "
        "par le signe d'un caractère inconnu.",
    ),
    "line_cut_off": (
        "{source}: the last line is cut off and left out. Fetch again to complete it.",
        "{source} : la dernière ligne est coupée et a été écartée. Relancez la collecte pour la compléter.",
    ),
    "being_fetched": (
        "{file}: another fetch is writing this file. Wait for it to end, or name another file.",
        "{file} : une autre collecte écrit ce fichier. Attendez qu'elle finisse, ou nommez un autre fichier.",
    ),
    "series_on_tmdb": (
        "{n} of the titles {n:is a|are} series on TMDB, not {n:a film|films}. That is noted, and not asked for again.",
        "{n} des titres {n:est une série|sont des séries} sur TMDB, non {n:un film|des films}. C'est noté, et ne sera "
        "plus demandé.",
    ),
    "unreadable": ("{reason}", "Illisible : {reason}"),
    "bad_line": ("{reason}: {line}. Correct or delete it.", "{reason} : {line}. Corrigez ou supprimez la ligne."),
    "many_rows": (
        "{source}: more than {most} rows. Keep the films you need.",
        "{source} : plus de {most} lignes. Gardez les films qu'il vous faut.",
    ),
    "many_columns": (
        "{source}: more than {most} columns. Keep the columns you need.",
        "{source} : plus de {most} colonnes. Gardez celles qu'il vous faut.",
    ),
    "many_cells": (
        "{source}: more than {most} cells. Keep the films and the columns you need.",
        "{source} : plus de {most} cellules. Gardez les films et les colonnes qu'il vous faut.",
    ),
    "long_cell": (
        "{source}: column {column}: a text of more than {most} characters. Shorten it, or leave the column out.",
        "{source} : colonne {column} : un texte de plus de {most} caractères. Raccourcissez-le, ou retirez la colonne.",
    ),
    "long_record": (
        "{source}: a line of more than {most} characters; each must hold one film.",
        "{source} : une ligne de plus de {most} caractères ; chacune doit décrire un seul film.",
    ),
    "much_memory": (
        "{source}: record {number}: the values up to there take more than {most} MB. Keep the columns you need.",
        "{source} : enregistrement {number} : les valeurs jusque-là prennent plus de {most} Mo. Gardez les colonnes "
        "qu'il vous faut.",
    ),
    "large_object": (
        "{source}: one JSON object of more than {most} MB, or of too many values. Save it as JSON lines, a record on "
        "each.",
        "{source} : un seul objet JSON de plus de {most} Mo, ou de trop de valeurs. Enregistrez-le en JSON Lines, un "
        "film par ligne.",
    ),
    "large_table": (
        "{source}: more than {most} MB, unpacked. Keep the columns you need, or split it: several files are joined.",
        "{source} : plus de {most} Mo, une fois décompressé. Gardez les colonnes qu'il vous faut, ou coupez-le en "
        "deux : plusieurs fichiers sont réunis.",
    ),
    "unusable_ids": (
        "{n} of {n_ids} IMDb ids cannot be used (first: {first!r}) and {n:is|are} not requested.",
        "{n} {n:identifiant|identifiants} IMDb sur {n_ids} ne {n:peut|peuvent} pas servir (le premier : {first!r}) et "
        "ne {n:sera|seront} pas {n:demandé|demandés}.",
    ),
}


class Verbatim(str):
    """Text that is the same in every language: a title, a file name, user input."""


class Message(str):
    """A message, as a code with values.

    Parameters
    ----------
    code : str
        One of `MESSAGES`.
    **values
        Numbers, words (columns, genres, countries), messages, `Verbatim` texts, or lists of these.

    Examples
    --------
    >>> message = Message("levels_pooled", n=3, least=30)
    >>> message
    '3 levels with fewer than 30 films are pooled.'
    >>> message.code, message.values
    ('levels_pooled', {'n': 3, 'least': 30})
    """

    code: str
    values: dict[str, Any]

    def __new__(cls, code: str, **values: object) -> "Message":
        self = super().__new__(cls, _English().vformat(MESSAGES[code][0], (), values))
        self.code, self.values = code, values
        return self

    def __getnewargs_ex__(self):
        return (self.code,), self.values


class FilmsError(ValueError):
    """Raised if a table of films cannot be used; the message names the column and says what to do."""

    @property
    def message(self) -> str:
        """The message: a `Message`, or untranslated text."""
        return self.args[0]


class FilmsWarning(UserWarning):
    """Issued if part of a table of films, or of a model fitted to it, is unreliable; the message says which."""


_COLLECTED: ContextVar[list[str] | None] = ContextVar("_COLLECTED", default=None)


@contextmanager
def collected() -> Iterator[list[str]]:
    """Collect the messages that `warn` is given in this block, in this thread, instead of issuing them.

    `warnings.catch_warnings` would change the filters of all threads.
    """
    messages: list[str] = []
    token = _COLLECTED.set(messages)
    try:
        yield messages
    finally:
        _COLLECTED.reset(token)


def warn(message: str) -> None:
    """Issue a FilmsWarning that points to the user's line that called into this package; see `collected`."""
    messages = _COLLECTED.get()
    if messages is not None:
        messages.append(message)
        return
    frame: FrameType | None
    level, frame = 1, sys._getframe(1)
    while frame and frame.f_globals.get("__name__", "").startswith("bechdel_stats"):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, FilmsWarning, stacklevel=level + 1)


def check_kind(name: str, value: object, kind: type | tuple[type, ...], allowed: str) -> None:
    """Raise TypeError unless an argument is of a kind; `allowed` says of which, and where it comes from."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {allowed}; got {type(value).__name__}.")


def check_whole(name: str, value: Any, least: int = 0) -> None:
    """Raise TypeError unless an argument is a whole number, ValueError if it is less than `least`."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not whole or value < least:
        shown = " ".join(f"{value!r:.40}".split())
        error = ValueError if whole else TypeError
        raise error(f"{name} must be a whole number, {least} or more; got {shown}.")


def numbers_given(name: str, values: object, usual: str) -> "np.ndarray":
    """Return an argument as an array of float; TypeError if it holds anything else. `usual` is one that works."""
    import numpy as np

    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        shown = " ".join(f"{values!r:.40}".split())
        raise TypeError(f"{name} must hold numbers, such as {usual}; got {shown}.") from None


def form_of(n: float, forms: str, singular: tuple[int, ...] = (1,)) -> str:
    """Return the form of a word that stands with a number, of a singular and a plural such as "row|rows"."""
    one, several = forms.split("|")
    return one if n in singular else several


class _English(Formatter):
    def format_field(self, value, spec):
        if isinstance(value, (list, tuple)):
            return ", ".join(map(str, value))
        if "|" in spec:
            return form_of(value, spec)
        return super().format_field(value, spec)
