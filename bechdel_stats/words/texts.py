"""Every sentence of the report and its plots, in English and French."""

TEXTS = {
    # the page
    "title": ("The Bechdel test in {n} films", "Le test de Bechdel dans {n} films"),
    "contents": ("Contents", "Sommaire"),
    "pictures_in_html": ("The figures are in the HTML version.", "Les figures sont dans la version HTML."),
    "scroll": ("Table: {title}", "Tableau : {title}"),
    "in_table": ("The numbers are in the table.", "Les nombres sont dans le tableau."),
    "picture_points": (
        "{n} points, each a tenth of the films, with their intervals.",
        "{n} points, un par dixième des films, avec leurs intervalles.",
    ),
    # the first page
    "summary": ("In short", "L'essentiel"),
    "definition": (
        "A film passes the Bechdel test when at least two named women talk to each other about something other than a "
        "man.",
        "Un film réussit le test de Bechdel quand au moins deux femmes qui portent un nom se parlent d'autre chose "
        "que d'un homme.",
    ),
    "headline": (
        "of {n} rated films pass the Bechdel test (95% interval: {low} to {high}).",
        "des {n} films notés réussissent le test de Bechdel (intervalle à 95 % : {low} à {high}).",
    ),
    "headline_unrated": (
        "Films without a rating, not counted: {n}.",
        "Films sans note, non comptés : {n}.",
    ),
    "disputed_plain": (
        "Ratings in dispute: {n}. With all of them counted as fails, {rate} of the films pass.",
        "Notes contestées : {n}. Si toutes comptent comme des échecs, {rate} des films réussissent.",
    ),
    "trend_risen": (
        "From {first} to {last}, the share of films that pass has risen by {points} percentage points per "
        "decade{alike}.",
        "De {first} à {last}, la part des films qui réussissent a augmenté de {points} points de pourcentage par "
        "décennie{alike}.",
    ),
    "trend_fallen": (
        "From {first} to {last}, the share of films that pass has fallen by {points} percentage points per "
        "decade{alike}.",
        "De {first} à {last}, la part des films qui réussissent a baissé de {points} points de pourcentage par "
        "décennie{alike}.",
    ),
    "trend_level": (
        "From {first} to {last}, there is no clear change in the share of films that pass: {points} percentage points "
        "per decade{alike}.",
        "De {first} à {last}, la part des films qui réussissent ne change pas nettement : {points} points de "
        "pourcentage par décennie{alike}.",
    ),
    "otherwise_alike": (
        ", among films that are otherwise alike",
        ", parmi des films semblables par ailleurs",
    ),
    "trend_more": (
        "Films of the {last} pass more often than those of the {first}: by {points} percentage points.",
        "Les films des {last} réussissent plus souvent que ceux des {first} : de {points} points de pourcentage.",
    ),
    "trend_fewer": (
        "Films of the {last} pass less often than those of the {first}: by {points} percentage points.",
        "Les films des {last} réussissent moins souvent que ceux des {first} : de {points} points de pourcentage.",
    ),
    "trend_same": (
        "Films of the {last} and of the {first} cannot be told apart: their pass rates differ by {points} percentage "
        "points.",
        "Les données ne permettent pas de distinguer les films des {last} de ceux des {first} : leurs taux de réussite "
        "diffèrent de {points} points de pourcentage.",
    ),
    "directors_more": (
        "Films with a woman among the directors pass more often than films without: by {points} percentage points.",
        "Les films avec au moins une réalisatrice réussissent plus souvent que les autres : de {points} points de "
        "pourcentage.",
    ),
    "directors_fewer": (
        "Films with a woman among the directors pass less often than films without: by {points} percentage points.",
        "Les films avec au moins une réalisatrice réussissent moins souvent que les autres : de {points} points de "
        "pourcentage.",
    ),
    "directors_same": (
        "Films with and without a woman among the directors cannot be told apart: their pass rates differ by {points} "
        "percentage points.",
        "Les données ne permettent pas de distinguer les films avec réalisatrice des autres : leurs taux de réussite "
        "diffèrent de {points} points de pourcentage.",
    ),
    "writers_more": (
        "Films with a woman among the writers pass more often than films without: by {points} percentage points.",
        "Les films avec au moins une femme scénariste réussissent plus souvent que les autres : de {points} points de "
        "pourcentage.",
    ),
    "writers_fewer": (
        "Films with a woman among the writers pass less often than films without: by {points} percentage points.",
        "Les films avec au moins une femme scénariste réussissent moins souvent que les autres : de {points} points "
        "de pourcentage.",
    ),
    "writers_same": (
        "Films with and without a woman among the writers cannot be told apart: their pass rates differ by {points} "
        "percentage points.",
        "Les données ne permettent pas de distinguer les films avec femme scénariste des autres : leurs taux de "
        "réussite diffèrent de {points} points de pourcentage.",
    ),
    "cast_plain": (
        "Films with ten points more women in the cast pass more often than films that are otherwise alike: by {points} "
        "percentage points.",
        "Les films qui ont dix points de femmes de plus dans leur distribution réussissent plus souvent que des films "
        "semblables par ailleurs : de {points} points de pourcentage.",
    ),
    "together_plain": (
        "Among films that are otherwise alike, “{term}” goes with a probability of passing that differs by {points} "
        "percentage points.",
        "Parmi des films semblables par ailleurs, « {term} » va de pair avec une probabilité de réussite qui diffère "
        "de {points} points de pourcentage.",
    ),
    "genre_plain": (
        "The genre whose films pass least often is {genre}: {rate} of them do.",
        "Le genre dont les films réussissent le moins souvent est « {genre} » : {rate} d'entre eux.",
    ),
    "unseen_plain": (
        "From what is known before release, a film that passes can be told from one that fails in {auc} of pairs; by "
        "chance, in half of them.",
        "D'après ce que l'on sait avant la sortie, un film qui réussit se distingue d'un film qui échoue dans {auc} "
        "des paires ; au hasard, dans la moitié.",
    ),
    "ask": ("Who should be spoken to", "À qui parler"),
    "ask_genres": ("Those who write and produce these genres", "Qui écrit et produit ces genres"),
    "ask_budget": ("Those who fund films of this size", "Qui finance des films de cette taille"),
    "ask_country": ("Those who produce films in these countries", "Qui produit des films dans ces pays"),
    "ask_directors": ("Those who choose directors", "Qui choisit les réalisateurs et réalisatrices"),
    "ask_writers": ("Those who choose writers", "Qui choisit les scénaristes"),
    "ask_group": ("{group}: {rate} of {n} films pass", "{group} : {rate} des {n} films réussissent"),
    "with_director": (
        "With a woman among the directors, {woman} of {n_woman} films pass; without, {none} of {n_none}.",
        "Avec au moins une réalisatrice, {woman} des {n_woman} films réussissent ; sans, {none} des {n_none}.",
    ),
    "with_writer": (
        "With a woman among the writers, {woman} of {n_woman} films pass; without, {none} of {n_none}.",
        "Avec au moins une femme scénariste, {woman} des {n_woman} films réussissent ; sans, {none} des {n_none}.",
    ),
    "ask_too_few": (
        "There are too few films to compare genres, budgets, countries and people: a group needs {least} films.",
        "Il y a trop peu de films pour comparer genres, budgets, pays et personnes : il en faut {least} par groupe.",
    ),
    "ask_nobody": (
        "No group stands out: none of {n} genres, budgets, countries, and kinds of directors and writers with at least "
        "{least} films fails clearly more often than the other films.",
        "Aucun groupe ne ressort : parmi {n} genres, budgets, pays et types de réalisation et de scénario d'au moins "
        "{least} films, aucun n'échoue nettement plus souvent que les autres films.",
    ),
    "ask_tested": (
        "Of {n} groups with at least {least} films, these fail more often than all other films (p adjusted for the "
        "number of groups, false discovery rate {level}). These are associations: they do not say what other films "
        "these people would have made.",
        "Sur {n} groupes d'au moins {least} films, ceux-ci échouent plus souvent que tous les autres films (p corrigée "
        "pour le nombre de groupes, taux de fausses découvertes {level}). Ce sont des associations : elles ne disent "
        "pas quels autres films ces personnes auraient faits.",
    ),
    "budget_low": ("Small budgets for their time", "Petits budgets pour leur époque"),
    "budget_middle": ("Middling budgets for their time", "Budgets moyens pour leur époque"),
    "budget_high": ("Large budgets for their time", "Gros budgets pour leur époque"),
    "caution_volunteers": (
        "Volunteers chose and rated these films; the numbers hold only for that selection.",
        "Des bénévoles ont choisi et noté ces films ; les chiffres ne valent que pour cette sélection.",
    ),
    "caution_text": (
        "The numbers hold for the films of this table, and for others only as far as these stand for them.",
        "Les chiffres valent pour les films de ce tableau, et pour d'autres dans la mesure où ceux-ci les "
        "représentent.",
    ),
    # the findings one by one
    "findings": ("The findings one by one", "Les résultats un par un"),
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
    "scores_meaning": (
        "Score 3 passes; score 2: the women talk, but only about a man; score 1: they do not talk to each other; score "
        "0: there are fewer than two.",
        "Le score 3 réussit ; score 2 : les femmes se parlent, mais seulement d'un homme ; score 1 : elles ne se "
        "parlent pas ; score 0 : elles sont moins de deux.",
    ),
    "score_share": ("score {score}: {rate}", "score {score} : {rate}"),
    "trend": ("Over time", "Au fil du temps"),
    "trend_text": (
        "{first_rate} of films from the {first} pass, and {last_rate} of those from the {last}.",
        "{first_rate} des films des {first} réussissent, et {last_rate} de ceux des {last}.",
    ),
    "trend_odds": (
        "Among films that are alike in the other attributes of the model, the odds of passing in {high} are "
        "{without} times those in {low}; among films that are also alike in cast and crew gender, {with_gender} times "
        "(both on one scale).",
        "Parmi des films semblables par les autres attributs du modèle, la cote de réussite en {high} "
        "vaut {without} fois celle de {low} ; parmi des films semblables aussi par la part des femmes (distribution et "
        "équipe), {with_gender} fois (les deux sur une même échelle).",
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
        "{genre}, compared with films that are otherwise alike: odds ratio {without}, and {with_gender} once cast and "
        "crew gender is in the model (both on one scale).",
        "« {genre} », par rapport à des films semblables par ailleurs : rapport de cotes {without}, et {with_gender} "
        "une fois la part des femmes (distribution et équipe) dans le modèle (les deux sur une même échelle).",
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
    # pass rates
    "rates": ("Pass rates", "Taux de réussite"),
    "rates_intro": (
        "The share of films that pass, with its 95% Wilson interval. Wide intervals mean few films.",
        "La part des films qui réussissent, avec son intervalle de Wilson à 95 %. Un intervalle large signifie peu de "
        "films.",
    ),
    "rates_year": ("Pass rate by decade", "Taux de réussite par décennie"),
    "rates_genres": ("Pass rate by genre", "Taux de réussite par genre"),
    "rates_budget": (
        "Pass rate by budget, in thirds of each period",
        "Taux de réussite par budget, en tiers de chaque période",
    ),
    "rates_country": ("Pass rate by country", "Taux de réussite par pays"),
    "rates_directors": ("Pass rate by women among the directors", "Taux de réussite selon la réalisation"),
    "rates_writers": ("Pass rate by women among the writers", "Taux de réussite selon le scénario"),
    "disputed_title": ("Pass rate and disputed ratings", "Taux de réussite et notes contestées"),
    "disputed_intro": (
        "The rating of {n} films is disputed; {passing} of them pass as rated. The gap between these rates is what the "
        "dispute is worth; no interval covers it.",
        "La note de {n} films est contestée ; {passing} d'entre eux réussissent d'après leur note. L'écart entre ces "
        "taux est ce que vaut la contestation ; aucun intervalle ne le couvre.",
    ),
    # over time
    "trend_intro": (
        "The share of films that pass as a smooth curve of the year, on the log odds: of all films, and adjusted, so "
        "that the films of all years are alike in everything else in the model.",
        "La part des films qui réussissent, en courbe lisse de l'année (en log-cote) : tous les films, puis ajustée, "
        "de sorte que les films de toutes les années soient semblables pour tout le reste du modèle.",
    ),
    "trend_picture": ("Share of films that pass, by year", "Part des films qui réussissent, par année"),
    "trend_changes": ("Change in ten years, on average", "Variation en dix ans, en moyenne"),
    "trend_tests": ("Is the curve flat, or a straight line?", "La courbe est-elle plate, ou droite ?"),
    "trend_crude_model": ("all films", "tous les films"),
    "trend_adjusted_model": ("adjusted", "ajustée"),
    "band": ("95% interval", "intervalle à 95 %"),
    # odds
    "model_films": (
        "{n} of {all} rated films are in the model; {left} are left out, as something in it is not known of them.",
        "{n} des {all} films notés sont dans le modèle ; {left} sont écartés, faute d'une des informations qu'il "
        "demande.",
    ),
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
    "fit": (
        "Fit: likelihood ratio to a model without terms, chi-squared {chi2}, {df} degrees of freedom, p {p}; AIC "
        "{aic}; McFadden's pseudo R² {r2}.",
        "Ajustement : rapport de vraisemblance avec un modèle sans termes, khi-deux {chi2}, {df} degrés de liberté, p "
        "{p} ; AIC {aic} ; pseudo-R² de McFadden {r2}.",
    ),
    "levels": (
        "Films and passes at each level and its reference",
        "Films et réussites à chaque modalité et à sa référence",
    ),
    "reference": ("{name}: reference, all other films", "{name} : référence, tous les autres films"),
    "margins": (
        "Differences in the probability of passing, without and with gender in the model, percentage points",
        "Différences de probabilité de réussite, sans et avec la part des femmes, en points de pourcentage",
    ),
    "each_model": ("Each model by itself", "Chaque modèle pris à part"),
    "one_scale": (
        "Odds ratios of two models differ even where nothing else does. Here the model without gender is put on the "
        "scale of the model with it (Karlson, Holm and Breen), and p tests whether the two ratios are the same; "
        "differences in probability (AME, percentage points) can be compared as they are. Each film is in both models.",
        "Les rapports de cotes de deux modèles diffèrent même quand rien d'autre ne diffère. Ici, le modèle sans la "
        "part des femmes est mis à l'échelle de celui qui la contient (Karlson, Holm et Breen), et p teste l'égalité "
        "des deux rapports ; les différences de probabilité (EMM, points de pourcentage) se comparent telles quelles. "
        "Chaque film est dans les deux modèles.",
    ),
    "imputed_title": (
        "All films, with unknown values imputed",
        "Tous les films, valeurs non renseignées imputées",
    ),
    "imputed_intro": (
        "The same attributes, with {n} films instead of the {complete} of which everything but the budget is known; "
        "levels that are rare in one of the two may be pooled there.",
        "Les mêmes attributs, avec {n} films au lieu des {complete} dont tout est renseigné, budget mis à part ; les "
        "modalités rares de l'un des deux peuvent y être regroupées.",
    ),
    "imputed_same_films": (
        "The same attributes, with the same {n} films; what is not known of them is imputed, no longer marked as "
        "unknown.",
        "Les mêmes attributs, avec les mêmes {n} films ; ce qui n'est pas renseigné est imputé, et non plus "
        "signalé comme tel.",
    ),
    "imputed_same": (
        "Both results have the same terms with an adjusted p below {limit}.",
        "Les deux résultats ont les mêmes termes de p corrigée inférieure à {limit}.",
    ),
    "imputed_differ": (
        "The adjusted p is below {limit} {differ}.",
        "La p corrigée est inférieure à {limit} {differ}.",
    ),
    "imputed_all_films": ("with all films only for {terms}", "avec tous les films seulement pour {terms}"),
    "imputed_complete": ("with complete films only for {terms}", "avec les films complets seulement pour {terms}"),
    "with_gender": ("with cast and crew gender", "avec la part des femmes (distribution et équipe)"),
    "without_gender": ("without cast and crew gender", "sans la part des femmes (distribution et équipe)"),
    "without_gender_scaled": (
        "without cast and crew gender, on the same scale",
        "sans la part des femmes (distribution et équipe), à la même échelle",
    ),
    "imputed_films": ("all films, unknown values imputed", "tous les films, valeurs non renseignées imputées"),
    "complete_films": ("complete films only", "films complets seulement"),
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
    "steps_multinomial": (
        "Each score compared with score 0, with nothing held in common: `bechdel-stats odds FILE --multinomial`.",
        "Chaque score comparé au score 0, sans rien supposer de commun : `bechdel-stats odds FICHIER --multinomial`.",
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
        "Each of {n} films is predicted by a model fitted to other films (5-fold cross-validation, seed 0), from what "
        "is known before release. Intervals are from 300 bootstrap samples of the films.",
        "Chacun de {n} films est prédit par un modèle ajusté sur d'autres films (validation croisée à 5 blocs, graine "
        "0), d'après ce que l'on sait avant la sortie. Les intervalles sont obtenus par bootstrap (300 échantillons de "
        "films).",
    ),
    "metrics": ("Predictions of unseen films", "Prédictions de films inconnus du modèle"),
    "calibration_note": (
        "Calibration of the logistic regression: slope {slope} (1 is perfect), intercept {intercept} (0 is perfect), "
        "mean gap between predicted and observed shares {ece}.",
        "Calibration de la régression logistique : pente {slope} (1 : parfait), ordonnée à l'origine {intercept} "
        "(0 : parfait), écart moyen entre parts prédites et observées {ece}.",
    ),
    "calibration_none": (
        "The logistic regression has no calibration line: its probabilities are all alike, or tell all films that pass "
        "from all that fail. Mean gap between predicted and observed shares: {ece}.",
        "La régression logistique n'a pas de droite de calibration : ses probabilités sont toutes égales, ou séparent "
        "tous les films qui réussissent de tous ceux qui échouent. Écart moyen entre parts prédites et observées : "
        "{ece}.",
    ),
    "periods": ("Predictions by decade", "Prédictions par décennie"),
    "periods_text": (
        "Each decade's films by themselves, decades with fewer than {least} films left out. Shift: what is added to "
        "the log odds so that as many films are expected to pass as do; above 0, more pass than predicted.",
        "Les films de chaque décennie pris à part ; les décennies de moins de {least} films sont omises. Décalage : ce "
        "qu'il faut ajouter aux log-cotes pour attendre autant de réussites qu'il y en a ; au-dessus de 0, plus de "
        "films réussissent que prédit.",
    ),
    "periods_worse": (
        "Later films are predicted less well: the AUC of the films of the {last} is lower than the mean of the decades "
        "before, by {apart}.",
        "Les films récents sont moins bien prédits : l'AUC des films des {last} est plus basse que la moyenne "
        "des décennies d'avant, de {apart}.",
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
        "{n} films are grouped by year, runtime, budget, origin and genres, without cast and crew gender and without "
        "the outcome. The number of types is the largest that is stable across starts and samples: agreement (adjusted "
        "Rand index) {seeds} between random starts, {bootstrap} between bootstrap samples.",
        "{n} films sont groupés par année, durée, budget, origine et genres, sans la part des femmes (distribution et "
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
        "Of {n} combinations of what is known of genre, budget, period and country with enough films, {fail} fail more "
        "often than all other films (Fisher's exact test, false discovery rate 5%).",
        "Sur {n} combinaisons de ce que l'on sait du genre, du budget, de la période et du pays avec assez de films, "
        "{fail} échouent plus souvent que tous les autres films (test exact de Fisher, taux de fausses découvertes "
        "5 %).",
    ),
    "campaign_shown": (
        "The first {shown} are shown, by shrunken rate (the rate after discounting chance).",
        "Voici les {shown} premières, par taux lissé (le taux une fois retirée la part du hasard).",
    ),
    "campaign_table": ("Combinations that fail most", "Combinaisons qui échouent le plus"),
    # data
    "lacking": ("What these films do not allow", "Ce que ces films ne permettent pas"),
    "data_rated": (
        "{rated} films have an outcome, and {unrated} have none.",
        "{rated} films ont un résultat du test, et {unrated} n'en ont pas.",
    ),
    "data": ("The data", "Les données"),
    "data_intro": (
        "What was read, what was left out, and what is missing.",
        "Ce qui a été lu, ce qui a été écarté, et ce qui manque.",
    ),
    # limits
    "limits": ("Limits", "Limites"),
    "limit_volunteers": (
        "Volunteers choose the films; they are not a sample of all films.",
        "Des bénévoles choisissent les films ; ce n'est pas un échantillon de tous les films.",
    ),
    "limit_chosen": (
        "These films stand for others only if they were not chosen for what the test asks.",
        "Ces films n'en représentent d'autres que s'ils n'ont pas été choisis pour ce que le test demande.",
    ),
    "limit_judgement": (
        "The outcome is a judgement; viewers can disagree.",
        "Le résultat est un jugement ; les spectateurs peuvent être d'avis différents.",
    ),
    "limit_binary": (
        "The data on people's gender know women and men only, and not everybody's.",
        "Les données sur le genre des personnes ne connaissent que femmes et hommes, et pas pour tout le monde.",
    ),
    "limit_tmdb": (
        "TMDB's gender 0 means not known, and these people count in no share.",
        "Le genre 0 de TMDB veut dire inconnu, et ces personnes n'entrent dans aucune part.",
    ),
    "limit_sources": (
        "Sources of gender (credits, principal cast, first names) disagree on the same films.",
        "Les sources sur le genre des personnes (génériques, rôles principaux, prénoms) se contredisent sur les mêmes "
        "films.",
    ),
    "limit_missing": (
        "Missingness varies with the year, so complete films differ from the others.",
        "La part des valeurs manquantes varie avec l'année : les films complets diffèrent donc des autres.",
    ),
    "limit_votes": (
        "Votes and ratings exist only after release; models here leave them out.",
        "Votes et notes n'existent qu'après la sortie ; les modèles présentés ici s'en passent.",
    ),
    "limit_causes": (
        "Associations are not causes. The test says nothing about the quality of a film.",
        "Les associations ne sont pas des causes. Le test ne dit rien de la qualité d'un film.",
    ),
    # glossary
    "glossary": ("Words used here", "Les mots employés"),
    "word_pass_rate": ("Pass rate", "Taux de réussite"),
    "meaning_pass_rate": (
        "the share of the rated films of a group that pass.",
        "la part des films notés d'un groupe qui réussissent.",
    ),
    "word_interval": ("95% interval", "Intervalle à 95 %"),
    "meaning_interval": (
        "the values that the films do not contradict; of 100 such intervals, about 95 contain the true value. Few "
        "films give a wide interval.",
        "les valeurs que les films ne contredisent pas ; sur 100 intervalles de ce genre, environ 95 contiennent la "
        "vraie valeur. Peu de films donnent un intervalle large.",
    ),
    "word_odds_ratio": ("Odds ratio", "Rapport de cotes"),
    "meaning_odds_ratio": (
        "the odds of passing (films that pass for each that fails) in one group, divided by those in another. 1 means "
        "no difference; 2 is not twice the pass rate.",
        "la cote de réussite (films qui réussissent pour un film qui échoue) d'un groupe, divisée par celle d'un "
        "autre. 1 signifie aucune différence ; 2 n'est pas un taux de réussite double.",
    ),
    "word_adjusted": ("Adjusted", "Ajusté"),
    "meaning_adjusted": (
        "compared among films that are alike in everything else in the model; crude is without that.",
        "comparé entre films semblables pour tout le reste du modèle ; brut veut dire sans cela.",
    ),
    "word_imputed": ("Imputed", "Imputé"),
    "meaning_imputed": (
        "an unknown value filled in several times from similar films; the interval allows for not knowing it.",
        "une valeur non renseignée, remplie plusieurs fois d'après des films semblables ; l'intervalle tient compte de "
        "ce qu'on l'ignore.",
    ),
    "word_p": ("p", "p"),
    "meaning_p": (
        "how often chance alone would show a difference at least as large if there were none.",
        "la fréquence à laquelle le hasard seul montrerait une différence au moins aussi grande s'il n'y en avait "
        "aucune.",
    ),
    "word_fdr": ("FDR, false discovery rate", "FDR, taux de fausses découvertes"),
    "meaning_fdr": (
        "who tests much finds something by chance; p (FDR) allows for that: of what is below 0.05, at most one "
        "finding in twenty is false on average.",
        "qui teste beaucoup trouve quelque chose par hasard ; p (FDR) en tient compte : sous 0,05, au plus une "
        "découverte sur vingt est fausse, en moyenne.",
    ),
    "word_ame": ("Average marginal effect (AME)", "Effet marginal moyen (EMM)"),
    "meaning_ame": (
        "an odds ratio told as percentage points of the probability of passing, averaged over the films.",
        "un rapport de cotes exprimé en points de pourcentage de la probabilité de réussite, en moyenne sur les films.",
    ),
    "word_auc": ("AUC", "AUC"),
    "meaning_auc": (
        "given a film that passes and one that fails, how often the first has the higher predicted probability: 0.5 by "
        "chance, 1 without error.",
        "face à un film qui réussit et un film qui échoue, la fréquence à laquelle le premier a la probabilité prédite "
        "la plus élevée : 0,5 au hasard, 1 sans erreur.",
    ),
    # slides
    "genres_ends": (
        "Genres that pass least and most often",
        "Les genres qui réussissent le moins et le plus souvent",
    ),
    "genres_overlap": (
        "A film counts in each of its genres.",
        "Un film compte dans chacun de ses genres.",
    ),
    "hands": ("Who directs and writes", "Qui réalise et écrit"),
    "hands_rates": ("Pass rate by who directs and writes", "Taux de réussite selon qui réalise et écrit"),
    "directors_yes": ("A woman directs", "Une femme réalise"),
    "directors_no": ("No woman directs", "Aucune ne réalise"),
    "writers_yes": ("A woman writes", "Une femme écrit"),
    "writers_no": ("No woman writes", "Aucune n'écrit"),
    "ame_title": ("Differences in the probability of passing", "Écarts de probabilité de réussite"),
    "ame_axis": (
        "Percentage points, films otherwise alike, 95% interval",
        "Points de pourcentage, films semblables par ailleurs, intervalle à 95 %",
    ),
    "together_alike": (
        "Films are compared that are alike in everything else in the model.",
        "Sont comparés des films semblables pour tout le reste du modèle.",
    ),
    "not_known": ("What we do not know", "Ce que nous ne savons pas"),
    # methods
    "methods": ("Methods and references", "Méthodes et références"),
    "methods_list": (
        "Shares: Wilson intervals (Wilson, JASA 1927; differences: Newcombe, Statistics in Medicine 1998).|"
        "Odds ratios: logistic regression with HC1 standard errors, restricted cubic splines for year and runtime "
        "(Hosmer, Lemeshow and Sturdivant, 2013; Harrell, 2015); Firth's penalised likelihood under separation "
        "(Firth, Biometrika 1993). For a spline, the odds ratio compares the quartiles of the variable "
        "and p tests the whole curve.|"
        "Two models on one scale: Karlson, Holm and Breen (Sociological Methodology, 2012).|"
        "Unknown values: multiple imputation by chained equations, pooled by Rubin's rules (van Buuren, 2018).|"
        "Trend: restricted cubic spline of the year, standardised over the films (Lane and Nelder, Biometrics 1982).|"
        "Multiple testing: false discovery rate (Benjamini and Hochberg, JRSS B 1995).|"
        "Steps of the score: proportional odds (McCullagh, JRSS B 1980), tested with Brant's test (Biometrics 1990).|"
        "Predictions: multinomial logistic regression with a ridge penalty, boosted trees for comparison; calibration "
        "line (Cox, Biometrika 1958); bootstrap intervals (Efron and Tibshirani, 1993); AUC of decades (DeLong et al., "
        "Biometrics 1988).|"
        "Permutation importance (Breiman, 2001), partial dependence (Friedman, 2001), individual curves (Goldstein et "
        "al., 2015).|"
        "Types of films: k-means on standardised attributes, their number chosen by stability (Hennig, 2007).",
        "Parts : intervalles de Wilson (Wilson, JASA 1927 ; différences : Newcombe, Statistics in Medicine 1998).|"
        "Rapports de cotes : régression logistique à erreurs types HC1, splines cubiques restreintes pour l'année et "
        "la durée (Hosmer, Lemeshow et Sturdivant, 2013 ; Harrell, 2015) ; vraisemblance pénalisée de Firth en cas de "
        "séparation (Firth, Biometrika 1993). Pour une spline, le rapport de cotes compare les quartiles de la "
        "variable et p teste la courbe entière.|"
        "Deux modèles à une même échelle : Karlson, Holm et Breen (Sociological Methodology, 2012).|"
        "Valeurs non renseignées : imputation multiple par équations chaînées, réunie selon les règles de Rubin (van "
        "Buuren, 2018).|"
        "Tendance : spline cubique restreinte de l'année, standardisée sur les films (Lane et Nelder, Biometrics "
        "1982).|"
        "Tests multiples : taux de fausses découvertes (Benjamini et Hochberg, JRSS B 1995).|"
        "Paliers du score : cotes proportionnelles (McCullagh, JRSS B 1980), testées selon Brant (Biometrics 1990).|"
        "Prédictions : régression logistique multinomiale avec pénalité ridge, arbres boostés à titre de "
        "comparaison ; droite de calibration (Cox, Biometrika 1958) ; intervalles bootstrap (Efron et Tibshirani, "
        "1993) ; AUC par décennie (DeLong et al., Biometrics 1988).|"
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
    "trend_rates": ("films of the year, or of years with few films", "films de l'année, ou d'années à peu de films"),
    "trend_crude": ("curve of all films", "courbe de tous les films"),
    "trend_curve": ("adjusted for the other attributes", "ajustée sur les autres attributs"),
    "decade_axis": ("Decade", "Décennie"),
}
