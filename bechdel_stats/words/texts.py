"""Every sentence of the report and its plots, in English and French."""

TEXTS = {
    # the page
    "title": ("The Bechdel test in {n} films", "Le test de Bechdel dans {n} films"),
    "contents": ("Contents", "Sommaire"),
    "no_pictures": (
        "No figures: they require matplotlib (pip install lightdiar[plot]).",
        "Pas de figures : elles nécessitent matplotlib (pip install lightdiar[plot]).",
    ),
    "pictures_in_html": ("The figures are in the HTML version.", "Les figures sont dans la version HTML."),
    "not_made": ("Not available: {reason}", "Non disponible : {reason}"),
    "scroll": ("Table: {title}", "Tableau : {title}"),
    "picture": ("{title}. The numbers are in the table.", "{title}. Les nombres sont dans le tableau."),
    # the plain-language summary
    "summary": ("In short", "L'essentiel"),
    "summary_intro": (
        "A film passes the Bechdel test when at least two named women talk to each other about something other than a "
        "man: score 3. Score 2: they talk, but only about a man; score 1: they do not talk to each other; score 0: "
        "there are fewer than two. Square brackets give 95% confidence intervals.",
        "Un film réussit le test de Bechdel quand au moins deux femmes qui portent un nom se parlent d'autre chose "
        "que d'un homme : score 3. Score 2 : elles se parlent, mais seulement d'un homme ; score 1 : elles ne se "
        "parlent pas ; score 0 : elles sont moins de deux. Entre crochets : les intervalles de confiance à 95 %.",
    ),
    "share": ("How many pass", "Combien réussissent"),
    "share_text": (
        "Of {n} films, {rate} pass the test.",
        "Sur {n} films, {rate} réussissent le test.",
    ),
    "scores_text": (
        "Among those that fail, score {score} is the most common, with {rate} of all films; {others}.",
        "Parmi ceux qui échouent, le score {score} est le plus fréquent, avec {rate} de l'ensemble des films ; "
        "{others}.",
    ),
    "score_share": ("score {score}: {rate}", "score {score} : {rate}"),
    "trend": ("Over time", "Au fil du temps"),
    "trend_text": (
        "{first_rate} of films from the {first} pass, and {last_rate} of those from the {last}.",
        "{first_rate} des films des {first} réussissent, et {last_rate} de ceux des {last}.",
    ),
    "trend_odds": (
        "Among films that are alike in the other attributes of the model, the odds of passing in {high} are "
        "{without} times those in {low}; among films that are also alike in cast and crew gender, {with_gender} times.",
        "Parmi des films semblables par les autres attributs du modèle, la cote de réussite en {high} "
        "vaut {without} fois celle de {low} ; parmi des films semblables aussi par la part des femmes (distribution et "
        "équipe), {with_gender} fois.",
    ),
    "genres_finding": ("Genres", "Genres"),
    "genres_text": (
        "Among genres with {n} films or more, the pass rate is lowest for {low} and highest for {high}.",
        "Parmi les genres d'au moins {n} films, le taux de réussite est le plus bas pour {low} et le plus élevé pour "
        "{high}.",
    ),
    "and": (" and ", " et "),
    "genre_rate": ("{genre} ({rate})", "« {genre} » ({rate})"),
    "genre_odds": (
        "{genre}, compared with films that are otherwise alike: odds ratio {without}, and {with_gender} with cast and "
        "crew gender in the model.",
        "« {genre} », par rapport à des films semblables par ailleurs : rapport de cotes {without}, et {with_gender} "
        "une fois la part des femmes (distribution et équipe) dans le modèle.",
    ),
    "together": ("Strongest associations with passing", "Associations les plus nettes avec la réussite"),
    "together_text": (
        "With everything else in the model held equal: {terms}.",
        "Toutes les autres variables du modèle étant égales : {terms}.",
    ),
    "together_term": (
        "“{term}” is associated with a difference of {ame} percentage points in the probability of passing (odds "
        "ratio {odds})",
        "« {term} » est associé à un écart de {ame} points de pourcentage de la probabilité de réussite (rapport de "
        "cotes {odds})",
    ),
    "together_none": (
        "No attribute is significant after adjusting for multiple testing (false discovery rate 5%).",
        "Aucun attribut n'est significatif après correction pour tests multiples (taux de fausses découvertes 5 %).",
    ),
    "unseen": ("How well unseen films are predicted", "Prédire des films inconnus du modèle"),
    "unseen_text": (
        "From what is known before release, the model is right for {accuracy} of unseen films; always giving the more "
        "common answer would be right for {majority}. Given a film that passes and one that fails, it gives the first "
        "the higher probability in {auc} of pairs (AUC).",
        "D'après ce que l'on sait avant la sortie, le modèle a raison pour {accuracy} des films qu'il n'a pas vus ; "
        "prédire toujours l'issue la plus fréquente serait exact pour {majority}. Face à un film qui réussit et un "
        "film qui échoue, il attribue la probabilité la plus élevée au premier dans {auc} des paires (AUC).",
    ),
    "unseen_without": (
        "Without cast and crew gender or the plot summary: {auc} of pairs.",
        "Sans la part des femmes ni le résumé de l'intrigue : {auc} des paires.",
    ),
    "unseen_trees": ("Boosted trees: {auc}.", "Arbres boostés : {auc}."),
    "kinds": ("Types of films", "Types de films"),
    "kinds_text": (
        "Of {n} types of films, found without using the outcome, “{low}” has the lowest pass rate, {low_rate}, and "
        "“{high}” the highest, {high_rate}.",
        "Sur {n} types de films, obtenus sans utiliser le résultat du test, « {low} » a le taux de réussite le plus "
        "bas, {low_rate}, et « {high} » le plus élevé, {high_rate}.",
    ),
    "caution": ("What this does not say", "Ce que cela ne dit pas"),
    "caution_text": (
        "Volunteers chose and rated these films; the numbers hold only for that selection. They are associations: "
        "they do not say what a film with another cast or another genre would have been.",
        "Des bénévoles ont choisi et noté ces films ; les chiffres ne valent que pour cette sélection. Ce sont des "
        "associations : elles ne disent pas ce qu'aurait été un film avec une autre distribution ou un autre genre.",
    ),
    # pass rates
    "rates": ("Pass rates", "Taux de réussite"),
    "rates_intro": (
        "The share of films that pass, with its 95% Wilson interval. Wide intervals mean few films.",
        "La part des films qui réussissent, avec son intervalle de Wilson à 95 %. Un intervalle large signifie peu de "
        "films.",
    ),
    "rates_year": ("Pass rate by decade", "Taux de réussite par décennie"),
    "rates_genres": ("Pass rate by genre", "Taux de réussite par genre"),
    "rates_country": ("Pass rate by country", "Taux de réussite par pays"),
    # odds
    "odds": ("What is associated with passing", "Ce qui est associé à la réussite"),
    "odds_intro": (
        "An odds ratio above 1 means that the odds of passing are higher where the attribute is present (or larger by "
        "the amount shown) among films that are alike in everything else in the model; below 1, lower. Genres and "
        "year are associated with passing partly through who is cast, so two models of the same films are shown side "
        "by side: with and without cast and crew gender.",
        "Un rapport de cotes supérieur à 1 signifie que la cote de réussite est plus élevée là où l'attribut est "
        "présent (ou supérieur de la quantité indiquée) parmi des films semblables pour tout le reste du modèle ; "
        "inférieur à 1, qu'elle est plus faible. Genres et année sont associés à la réussite en partie à travers la "
        "distribution : deux modèles des mêmes films figurent donc côte à côte, avec et sans la part des femmes "
        "(distribution et équipe).",
    ),
    "odds_pair": (
        "Odds ratios with and without cast and crew gender in the model",
        "Rapports de cotes avec et sans la part des femmes (distribution et équipe) dans le modèle",
    ),
    "odds_full": (
        "Crude and adjusted odds ratios; differences in probability",
        "Rapports de cotes bruts et ajustés ; différences de probabilité",
    ),
    "odds_full_text": (
        "Crude: the term alone, same films. Adjusted: with all others. AME: average marginal effect, the average "
        "difference in the probability of passing with the rest held equal, in percentage points. p (FDR): adjusted "
        "for multiple testing (Benjamini-Hochberg).",
        "Brut : le terme seul, sur les mêmes films. Ajusté : avec tous les autres. EMM : effet marginal moyen, la "
        "différence moyenne de probabilité de réussite à valeurs égales du reste, en points de pourcentage. p (FDR) : "
        "corrigée pour tests multiples (Benjamini-Hochberg).",
    ),
    "with_gender": ("with cast and crew gender", "avec la part des femmes (distribution et équipe)"),
    "without_gender": ("without cast and crew gender", "sans la part des femmes (distribution et équipe)"),
    "odds_axis": (
        "Odds ratio of passing, 95% interval (log scale)",
        "Rapport de cotes de la réussite, intervalle à 95 % (échelle log)",
    ),
    "not_converged": (
        "The fit did not converge: do not use its estimates.",
        "L'ajustement n'a pas convergé : ses estimations ne sont pas utilisables.",
    ),
    # steps
    "steps": ("Each step of the score", "Chaque palier du score"),
    "steps_intro": (
        "The score climbs in steps: two women; who talk to each other; about something other than a man. The ordinal "
        "model has one odds ratio per term for all three; next to it are the odds ratios of reaching each score, each "
        "from its own model.",
        "Le score monte par paliers : deux femmes ; qui se parlent ; d'autre chose que d'un homme. Le modèle ordinal "
        "a un seul rapport de cotes par terme pour les trois ; à côté figurent ceux pour l'atteinte de chaque score, "
        "chacun tiré de son propre modèle.",
    ),
    "brant_fair": (
        "Brant's test does not reject a common odds ratio for all three steps (chi-squared {chi2}, {df} degrees of "
        "freedom, p {p}).",
        "Le test de Brant ne rejette pas un rapport de cotes commun aux trois paliers (khi-deux {chi2}, {df} degrés "
        "de liberté, p {p}).",
    ),
    "brant_unfair": (
        "Brant's test rejects a common odds ratio for all three steps (chi-squared {chi2}, {df} degrees of freedom, p "
        "{p}): read the three score columns, not the common odds ratio.",
        "Le test de Brant rejette un rapport de cotes commun aux trois paliers (khi-deux {chi2}, {df} degrés de "
        "liberté, p {p}) : il faut lire les trois colonnes de scores, non le rapport de cotes commun.",
    ),
    "brant_none": (
        "Brant's test of a common odds ratio for all three steps is not available: the covariance of the three models "
        "cannot be estimated from these films. Compare the three score columns.",
        "Le test de Brant d'un rapport de cotes commun aux trois paliers n'est pas disponible : la covariance des "
        "trois modèles ne peut pas être estimée sur ces films. Il faut comparer les trois colonnes de scores.",
    ),
    "steps_table": ("Odds ratios of a higher score", "Rapports de cotes d'un score plus élevé"),
    "steps_axis": (
        "Odds ratio of a higher score, 95% interval (log scale)",
        "Rapport de cotes d'un score plus élevé, intervalle à 95 % (échelle log)",
    ),
    "all_steps": ("all steps", "tous les paliers"),
    "reaching": ("reaching score {score}", "atteindre le score {score}"),
    # predictions
    "predictions": ("How good the predictions are", "Qualité des prédictions"),
    "predictions_intro": (
        "Each film is predicted by a model fitted to other films (5-fold cross-validation, seed 0), from what is "
        "known before release. Intervals are from 300 bootstrap samples of the films.",
        "Chaque film est prédit par un modèle ajusté sur d'autres films (validation croisée à 5 blocs, graine 0), "
        "d'après ce que l'on sait avant la sortie. Les intervalles sont obtenus par bootstrap (300 échantillons de "
        "films).",
    ),
    "metrics": ("Predictions of unseen films", "Prédictions de films inconnus du modèle"),
    "calibration_note": (
        "Calibration of the logistic regression: slope {slope} (1 is perfect), intercept {intercept} (0 is perfect), "
        "mean gap between predicted and observed shares {ece}.",
        "Calibration de la régression logistique : pente {slope} (1 : parfait), ordonnée à l'origine {intercept} "
        "(0 : parfait), écart moyen entre parts prédites et observées {ece}.",
    ),
    "calibration": ("Predicted probabilities and observed shares", "Probabilités prédites et parts observées"),
    "calibration_x": ("Predicted probability of passing (%)", "Probabilité de réussite prédite (%)"),
    "calibration_y": ("Films that pass (%), 95% interval", "Films qui réussissent (%), intervalle à 95 %"),
    "perfect": ("perfect calibration", "calibration parfaite"),
    # what predictions are based on
    "basis": ("What the predictions are based on", "Sur quoi reposent les prédictions"),
    "basis_intro": (
        "These numbers describe the model, not the world: what it predicts for films as one attribute varies, not "
        "what a change would bring about.",
        "Ces chiffres décrivent le modèle, non le monde : ce qu'il prédit pour des films quand un attribut varie, non "
        "ce qu'un changement produirait.",
    ),
    "importance": (
        "Loss of AUC when an attribute is shuffled among unseen films",
        "Perte d'AUC quand un attribut est permuté entre films inconnus du modèle",
    ),
    "importance_axis": ("Loss of AUC, ± standard deviation over folds", "Perte d'AUC, ± écart type entre blocs"),
    "importance_note": (
        "Columns that carry the same information are shuffled together; attributes overlap in information, so the "
        "losses do not add up.",
        "Les colonnes porteuses de la même information sont permutées ensemble ; les attributs se recoupent, les "
        "pertes ne s'additionnent donc pas.",
    ),
    "dependence": (
        "Predicted probability of passing by {column}",
        "Probabilité de réussite prédite selon : {column}",
    ),
    "dependence_text": (
        "Mean prediction: {low} at {first}; {high} at {last}.",
        "Prédiction moyenne : {low} pour {first} ; {high} pour {last}.",
    ),
    "dependence_note": (
        "In the figures, the line is the mean over films, all else unchanged; the band, the middle 80% of films; the "
        "thin lines, individual films.",
        "Dans les figures, la ligne est la moyenne des films, tout le reste inchangé ; la bande, les 80 % centraux "
        "des films ; les lignes fines, des films individuels.",
    ),
    "dependence_axis": ("Predicted probability of passing (%)", "Probabilité de réussite prédite (%)"),
    "explanation_axis": (
        "Probability of passing (%), from average to film",
        "Probabilité de réussite (%), du film moyen au film",
    ),
    "local_effects_axis": (
        "Change of the predicted probability (points)",
        "Variation de la probabilité prédite (points)",
    ),
    "mean_curve": ("mean", "moyenne"),
    "middle_80": ("middle 80% of films", "80 % centraux des films"),
    "single_films": ("individual films", "films individuels"),
    # types
    "types": ("Types of films", "Types de films"),
    "types_intro": (
        "Films are grouped by year, runtime, budget, origin and genres, without cast and crew gender and without the "
        "outcome. The number of types is the largest that is stable across starts and samples: agreement (adjusted "
        "Rand index) {seeds} between random starts, {bootstrap} between bootstrap samples.",
        "Les films sont groupés par année, durée, budget, origine et genres, sans la part des femmes (distribution et "
        "équipe) ni le résultat du test. Le nombre de types est le plus grand qui reste stable d'un départ et d'un "
        "échantillon à l'autre : accord (indice de Rand ajusté) de {seeds} entre départs aléatoires et de {bootstrap} "
        "entre échantillons bootstrap.",
    ),
    "types_held_out": (
        "Pass rates of types formed on one half of the films have a correlation of {correlation} with those in the "
        "other half.",
        "Les taux de réussite de types formés sur une moitié des films ont une corrélation de {correlation} avec ceux "
        "de l'autre moitié.",
    ),
    "types_table": ("Types of films and their pass rates", "Types de films et leurs taux de réussite"),
    # campaign
    "campaign": ("Where films fail most", "Là où les films échouent le plus"),
    "campaign_intro": (
        "Among {n} combinations of genre, budget, period and country with enough films, the number that fail more "
        "often than all other films is {fail} (Fisher's exact test, false discovery rate 5%).",
        "Parmi {n} combinaisons de genre, budget, période et pays avec assez de films, le nombre de celles qui "
        "échouent plus souvent que l'ensemble des autres films est de {fail} (test exact de Fisher, taux de fausses "
        "découvertes 5 %).",
    ),
    "campaign_shown": (
        "The first {shown} are shown, by shrunken rate (the rate after discounting chance).",
        "Voici les {shown} premières, par taux lissé (le taux une fois retirée la part du hasard).",
    ),
    "campaign_table": ("Combinations that fail most", "Combinaisons qui échouent le plus"),
    # data
    "data": ("The data", "Les données"),
    "data_intro": (
        "What was read, what was left out, and what is missing.",
        "Ce qui a été lu, ce qui a été écarté, et ce qui manque.",
    ),
    # limits
    "limits": ("Limits", "Limites"),
    "limits_list": (
        "Volunteers choose the films; they are not a sample of all films.|"
        "A rating is a judgement; viewers can disagree, and some ratings are disputed.|"
        "Gender data are binary and incomplete: TMDB's 0 means not known, and these people count in no share.|"
        "Sources of gender (credits, principal cast, first names) disagree on the same films.|"
        "Missingness varies with the year, so complete films differ from the others.|"
        "Votes and ratings exist only after release; models here leave them out.|"
        "Associations are not causes. The test says nothing about the quality of a film.",
        "Des bénévoles choisissent les films ; ce n'est pas un échantillon de tous les films.|"
        "Une note est un jugement ; les spectateurs peuvent être d'avis différents, et certaines notes sont "
        "contestées.|"
        "Les données sur le genre des personnes sont binaires et incomplètes : le 0 de TMDB veut dire inconnu, et ces "
        "personnes n'entrent dans aucune part.|"
        "Les sources sur le genre des personnes (génériques, rôles principaux, prénoms) se contredisent sur les mêmes "
        "films.|"
        "La part des valeurs manquantes varie avec l'année : les films complets diffèrent donc des autres.|"
        "Votes et notes n'existent qu'après la sortie ; les modèles présentés ici s'en passent.|"
        "Les associations ne sont pas des causes. Le test ne dit rien de la qualité d'un film.",
    ),
    # methods
    "methods": ("Methods and references", "Méthodes et références"),
    "methods_list": (
        "Shares: Wilson intervals (Wilson, JASA 1927; Newcombe, Statistics in Medicine 1998).|"
        "Odds ratios: logistic regression with HC1 standard errors, restricted cubic splines for year and runtime "
        "(Hosmer, Lemeshow and Sturdivant, 2013; Harrell, 2015); Firth's penalised likelihood under separation "
        "(Firth, Biometrika 1993). For a spline, the odds ratio compares the quartiles of the variable "
        "and p tests the whole curve.|"
        "Multiple testing: false discovery rate (Benjamini and Hochberg, JRSS B 1995).|"
        "Steps of the score: proportional odds (McCullagh, JRSS B 1980), tested with Brant's test (Biometrics 1990).|"
        "Predictions: multinomial logistic regression with a ridge penalty, boosted trees for comparison; calibration "
        "line (Cox, Biometrika 1958); bootstrap intervals (Efron and Tibshirani, 1993).|"
        "Permutation importance (Breiman, 2001), partial dependence (Friedman, 2001), individual curves (Goldstein et "
        "al., 2015).|"
        "Types of films: k-means on standardised attributes, their number chosen by stability (Hennig, 2007).",
        "Parts : intervalles de Wilson (Wilson, JASA 1927 ; Newcombe, Statistics in Medicine 1998).|"
        "Rapports de cotes : régression logistique à erreurs types HC1, splines cubiques restreintes pour l'année et "
        "la durée (Hosmer, Lemeshow et Sturdivant, 2013 ; Harrell, 2015) ; vraisemblance pénalisée de Firth en cas de "
        "séparation (Firth, Biometrika 1993). Pour une spline, le rapport de cotes compare les quartiles de la "
        "variable et p teste la courbe entière.|"
        "Tests multiples : taux de fausses découvertes (Benjamini et Hochberg, JRSS B 1995).|"
        "Paliers du score : cotes proportionnelles (McCullagh, JRSS B 1980), testées selon Brant (Biometrics 1990).|"
        "Prédictions : régression logistique multinomiale avec pénalité ridge, arbres boostés à titre de "
        "comparaison ; droite de calibration (Cox, Biometrika 1958) ; intervalles bootstrap (Efron et Tibshirani, "
        "1993).|"
        "Importance par permutation (Breiman, 2001), dépendance partielle (Friedman, 2001), courbes individuelles "
        "(Goldstein et al., 2015).|"
        "Types de films : k-moyennes sur attributs standardisés, leur nombre choisi par stabilité (Hennig, 2007).",
    ),
    # plots
    "rate_axis": (
        "Films that pass (%), 95% interval; number of films in brackets",
        "Films qui réussissent (%), intervalle à 95 % ; nombre de films entre parenthèses",
    ),
    "rate_axis_short": ("Films that pass (%), 95% interval", "Films qui réussissent (%), intervalle à 95 %"),
    "decade_axis": ("Decade", "Décennie"),
}
