"""Every sentence of the reports, in English and French.

``one|several`` stands for a singular and a plural. A voice is heard as a woman's, a man's or a child's; no sentence
says what somebody is, nor why a recording is as it is.
"""

# of `docs/lightdiar.md`, where it is said how they were measured
ACCURACY = {
    "clean": "96.1",  # genders right, per cent
    "film": "93.4",
    "child_clean": "36",  # children recognised, per cent
    "child_film": "16",
    "counted": "64",  # recordings with the right number of speakers
    "recordings": "107",
    "calm_clean": "5.6",  # diarization error rate, per cent
    "calm_film": "10.8",
    "acted_clean": "14.6",
    "acted_film": "18.4",
}

TEXTS = {
    # parts of sentences
    "under": ("under {limit}", "moins de {limit}"),
    "over": ("over {limit}", "plus de {limit}"),
    "between": ("{low} to {high}", "{low} à {high}"),
    "and": ("{before} and {last}", "{before} et {last}"),
    "none": ("none", "aucun"),
    "of_who": ("{name} ({voice})", "{name} ({voice})"),
    "F": ("woman's voice", "voix de femme"),
    "M": ("man's voice", "voix d'homme"),
    "child": ("child's voice", "voix d'enfant"),
    "uncertain": ("uncertain", "incertaine"),
    "unknown": ("not known", "inconnue"),
    "all_F": ("women's voices", "voix de femmes"),
    "all_M": ("men's voices", "voix d'hommes"),
    "all_child": ("children's voices", "voix d'enfants"),
    "all_uncertain": ("not known", "inconnues"),
    # the head of a page
    "kicker": ("Report of a recording", "Rapport sur un enregistrement"),
    "unnamed": ("Recording", "Enregistrement"),
    "length": ("{duration} long, {speech} of speech", "durée {duration}, dont {speech} de parole"),
    "table_of": ("Table: {title}", "Tableau : {title}"),
    # in short
    "summary": ("In short", "L'essentiel"),
    "share": (
        "of the speaking time of women and men is heard in women's voices. With a probability of 95%, the true share "
        "lies between {low} and {high}.",
        "du temps de parole des femmes et des hommes est entendu dans des voix de femmes. Avec une probabilité de 95 "
        "%, la part réelle se situe entre {low} et {high}.",
    ),
    "share_unknown": (
        "Women's share of the speaking time cannot be told: with a probability of 95%, it lies between {low} and "
        "{high}.",
        "La part des femmes dans le temps de parole ne peut être établie : avec une probabilité de 95 %, elle se situe "
        "entre {low} et {high}.",
    ),
    "nothing": (
        "Nobody was heard to speak in this recording. It is silent, or what it holds was taken for music or noise: "
        "quiet speech under loud music can be missed.",
        "Aucune parole n'a été entendue dans cet enregistrement. Il est silencieux, ou ce qu'il contient a été pris "
        "pour de la musique ou du bruit : une parole faible sous une musique forte peut échapper.",
    ),
    "no_share": (
        "Only children's voices were heard: there is no share of women and men.",
        "Seules des voix d'enfants ont été entendues : il n'y a pas de part des femmes et des hommes.",
    ),
    "genders_unknown": (
        "The genders are not known in this file: there is no share of women and men, and nothing to say of the Bechdel "
        "test. If the turns come from a file without genders, diarize the sound to have them.",
        "Les genres ne sont pas connus dans ce fichier : il n'y a pas de part des femmes et des hommes, et rien à dire "
        "du test de Bechdel. Si les tours viennent d'un fichier sans genres, faites écouter le son pour les avoir.",
    ),
    "legend_interval": ("interval of women's share: {between}", "intervalle de la part des femmes : {between}"),
    "picture_share": (
        "Women's voices have {share} of the speaking time, men's {rest}; interval {between}.",
        "Les voix de femmes ont {share} du temps de parole, celles d'hommes {rest} ; intervalle : {between}.",
    ),
    "most_heard": ("Heard most", "Voix la plus entendue"),
    "most_heard_is": ("{who}: {share} of the speech", "{who} : {share} de la parole"),
    "speakers": ("Speakers", "Locuteurs"),
    "women": ("Women's voices", "Voix de femmes"),
    "men": ("Men's voices", "Voix d'hommes"),
    "children": ("Children's voices", "Voix d'enfants"),
    "count_sure": (
        "{n}. This number is right with a probability of {p}; {range}.",
        "{n}. Ce nombre est exact avec une probabilité de {p} ; {range}.",
    ),
    "count_other": (
        "{n} found. The likeliest number is {likely}, with a probability of {p}; {range}.",
        "{n} dans les résultats. Le nombre le plus probable est {likely}, avec une probabilité de {p} ; {range}.",
    ),
    "range_one": ("others have less than 5% together", "tous les autres ensemble ont moins de 5 %"),
    "range": ("{low} to {high} with 95%", "{low} à {high} avec 95 %"),
    "count_plain": ("{n}", "{n}"),
    "speakers_sure": ("How sure the number is", "Fiabilité du nombre"),
    "agreement": (
        "{n} of five ways of counting found as many voices.",
        "{n} façon de compter sur cinq a trouvé autant de voix.|{n} façons de compter sur cinq ont trouvé autant de "
        "voix.",
    ),
    "agreement_all": (
        "All five ways of counting found as many voices.",
        "Les cinq façons de compter ont trouvé autant de voix.",
    ),
    "not_judged": (
        "Not judged: the number was given, or this result says nothing of it.",
        "Non évaluée : le nombre a été donné, ou ce résultat n'en dit rien.",
    ),
    "short_voices": (
        " {n} voice with less than {limit}\u00a0s is not counted.| {n} voices with less than {limit}\u00a0s each are "
        "not counted.",
        " {n} voix de moins de {limit}\u00a0s n'est pas comptée.| {n} voix de moins de {limit}\u00a0s chacune ne sont "
        "pas comptées.",
    ),
    "background": (
        " Speech is {snr}\u00a0dB louder than what is behind it.",
        " La parole est plus forte de {snr}\u00a0dB que le fond.",
    ),
    "background_louder": (
        " Speech is {snr}\u00a0dB quieter than what is behind it.",
        " La parole est plus faible de {snr}\u00a0dB que le fond.",
    ),
    "in_short_ear": ("Bechdel test, by ear", "Test de Bechdel, à l'oreille"),
    "in_short_ear_is": (
        "Two women speak: {two}. Two women speak to each other: {talk}. What about cannot be heard.",
        "Deux femmes parlent : {two}. Deux femmes se parlent : {talk}. De quoi, cela ne s'entend pas ici.",
    ),
    # the timeline
    "timeline": ("Who speaks when", "Qui parle quand"),
    "timeline_besides": (
        "Who speaks when, and what else is heard",
        "Qui parle quand, et ce qu'on entend d'autre",
    ),
    "timeline_how": (
        "Click anywhere to listen from there. On the keyboard: left and right move by 5 seconds, up and down go from "
        "turn to turn, space plays.",
        "Cliquez n'importe où pour écouter à partir de là. Au clavier : gauche et droite avancent ou reculent de 5 "
        "secondes, haut et bas passent d'un tour de parole à l'autre, espace lance la lecture.",
    ),
    "sound_none": ("This page holds no sound.", "Cette page ne contient pas le son."),
    "sound_missing": (
        "The recording was not found beside its result, so this page cannot play it. Put it there and make the page "
        "again.",
        "L'enregistrement n'a pas été trouvé à côté de son résultat : cette page ne peut pas le lire. Mettez-le là et "
        "refaites la page.",
    ),
    "sound_unplayable": (
        "Browsers do not play {suffix} files, so this page cannot play the recording. Listen with a media player at "
        "the times given.",
        "Les navigateurs ne lisent pas les fichiers {suffix} : cette page ne peut pas lire l'enregistrement. Écoutez "
        "aux temps indiqués avec un lecteur multimédia.",
    ),
    "sound_beside": (
        "The sound is the file {file}, seen from this page: keep them together.",
        "Le son est le fichier {file}, vu de cette page : gardez-les ensemble.",
    ),
    "sound_lost": (
        "The sound cannot be played: {file} is not where this page expects it, or the browser does not know its kind.",
        "Le son ne peut pas être lu : {file} n'est pas là où cette page l'attend, ou le navigateur n'en connaît pas "
        "le format.",
    ),
    "sound_embedded": ("that is in this page", "contenu dans cette page"),
    "no_script": (
        "The timeline needs JavaScript. The table below holds the same.",
        "La frise a besoin de JavaScript. Le tableau ci-dessous contient la même chose.",
    ),
    "turns_table": (
        "All turns as a table ({n})|All turns as a table ({n})",
        "Tous les tours de parole ({n}), en tableau",
    ),
    "turns": ("Turns", "Tours de parole"),
    "start": ("start", "début"),
    "end": ("end", "fin"),
    "speaker": ("speaker", "locuteur"),
    "voice": ("voice", "voix"),
    "play": ("Play", "Écouter"),
    "pause": ("Pause", "Pause"),
    "closer": ("Zoom in", "Agrandir"),
    "wider": ("Zoom out", "Réduire"),
    "nobody": ("nobody speaks", "personne ne parle"),
    "play_from": ("Play from {time}", "Écouter à partir de {time}"),
    "show_at": ("Show {time} on the timeline", "Montrer {time} sur la frise"),
    # speaking time
    "speaking": ("How long they speak", "Combien de temps ils parlent"),
    "by_gender": ("Speaking time by voice", "Temps de parole par type de voix"),
    "by_speaker": ("Speaking time by speaker", "Temps de parole par locuteur"),
    "time": ("time", "temps"),
    "of_speech": ("share", "part"),
    "voices": ("speakers", "locuteurs"),
    "of_which_uncertain": ("of which uncertain", "dont incertain"),
    "heard_as": ("heard as", "entendue comme"),
    "n_turns": ("turns", "tours"),
    "mean_turn": ("mean turn", "tour moyen"),
    "gender_told": ("{gender}, said by a person", "{gender}, indiqué par une personne"),
    "gender_sure": ("{gender}, {p}", "{gender}, {p}"),
    "likelier": ("uncertain: {gender} {p}", "incertaine : {gender} {p}"),
    "note_uncertain": (
        "A voice is uncertain where neither answer has a probability of 80%; its time stands with the likelier one.",
        "Une voix est incertaine quand aucune réponse n'atteint une probabilité de 80 % ; son temps est compté avec "
        "la plus probable.",
    ),
    # sounds besides speech
    "sounds": ("Sounds that are heard", "Les sons entendus"),
    "sounds_note": (
        "These sounds come from a list made for this recording, as a rule by a program, which is often wrong: it knows "
        "only the kinds of sound it was trained on, takes one for another, and misses quiet ones. Listen before you "
        "quote them. Sounds may overlap, and speech is a sound too.",
        "Ces sons viennent d'une liste faite pour cet enregistrement, en général par un programme, qui se trompe "
        "souvent : il ne connaît que les sortes de sons qu'il a apprises, prend l'une pour l'autre et manque les sons "
        "faibles. Écoutez avant de citer. Les sons peuvent se superposer, et la parole est aussi un son.",
    ),
    "sounds_none": ("The list has no sound.", "La liste ne contient aucun son."),
    "sounds_silent": ("Listened for, but not heard: {names}.", "Recherchés, mais non entendus : {names}."),
    "sounds_table": ("How long each sound is heard", "Combien de temps chaque son est entendu"),
    "sound": ("sound", "son"),
    "longest_at": ("longest at", "le plus long à"),
    "of_recording": ("share of the recording", "part de l'enregistrement"),
    "n_times": ("times", "fois"),
    "mean_probability": ("mean probability", "probabilité moyenne"),
    "other_sounds": ("{n} other|{n} others", "{n} autre|{n} autres"),
    "label_alarm": ("alarm", "alarme"),
    "label_animal": ("animal", "animal"),
    "label_crowd": ("crowd", "foule"),
    "label_door": ("door", "porte"),
    "label_engine": ("engine", "moteur"),
    "label_explosion": ("explosion", "explosion"),
    "label_fire": ("fire", "feu"),
    "label_footsteps": ("footsteps", "pas"),
    "label_impact": ("impact", "choc"),
    "label_laughter": ("laughter", "rires"),
    "label_machine": ("machine", "machine"),
    "label_music": ("music", "musique"),
    "label_speech": ("speech", "parole"),
    "label_vehicle": ("vehicle", "véhicule"),
    "label_water": ("water", "eau"),
    "label_weapon": ("weapon", "arme"),
    "label_weather": ("weather", "intempéries"),
    # dialogue
    "dialogue": ("Who answers whom", "Qui répond à qui"),
    "dialogue_none": (
        "Nobody answers anybody: no turn begins within {pause} seconds after another speaker's.",
        "Personne ne répond à personne : aucun tour ne commence dans les {pause} secondes qui suivent celui d'une "
        "autre voix.",
    ),
    "dialogue_intro": (
        "An answer is a turn that begins within {pause} seconds after another speaker's. There is one.|An answer is a "
        "turn that begins within {pause} seconds after another speaker's. There are {n}{parts}.",
        "Une réponse est un tour qui commence dans les {pause} secondes qui suivent celui d'une autre voix. Il y en a "
        "une.|Une réponse est un tour qui commence dans les {pause} secondes qui suivent celui d'une autre voix. Il y "
        "en a {n}{parts}.",
    ),
    "dialogue_parts": (": {parts}", " : {parts}"),
    "answers_FF": ("{share} between women's voices", "{share} entre voix de femmes"),
    "answers_MM": ("{share} between men's voices", "{share} entre voix d'hommes"),
    "answers_FM": ("{share} between a woman's and a man's", "{share} entre une voix de femme et une voix d'homme"),
    "answers_child": ("{share} with a child's", "{share} avec une voix d'enfant"),
    "answers_uncertain": ("{share} with a voice that is not known", "{share} avec une voix inconnue"),
    "dialogue_most": (
        "{one} and {other} answer each other most: {n} time.|{one} and {other} answer each other most: {n} times.",
        "{one} et {other} se répondent le plus : {n} fois.",
    ),
    "matrix": ("How often each speaker is answered, and by whom", "Combien de fois on répond à chacun, et qui"),
    "pairs": ("Pairs that answer each other most", "Paires qui se répondent le plus"),
    "second": ("and", "et"),
    "answers": ("answers", "réponses"),
    # by ear
    "ear": ("The Bechdel test, by ear", "Le test de Bechdel, à l'oreille"),
    "ear_intro": (
        "The test asks whether at least two women, who have names, speak to each other about something other than a "
        "man. Voices tell something about the first two conditions and nothing about the third. Nothing here says "
        "that this recording passes the test or fails it.",
        "Le test demande si au moins deux femmes, qui portent un nom, se parlent d'autre chose que d'un homme. Les "
        "voix disent quelque chose des deux premières conditions et rien de la troisième. Rien ici ne dit que cet "
        "enregistrement réussit le test ou y échoue.",
    ),
    "criterion_1": ("At least two women speak", "Au moins deux femmes parlent"),
    "criterion_2": ("Two women speak to each other", "Deux femmes se parlent"),
    "criterion_3": ("about something other than a man", "d'autre chose que d'un homme"),
    "with_probability": ("probability {p}", "probabilité : {p}"),
    "not_audible": ("not audible: listen, or read", "ne s'entend pas ici : écoutez, ou lisez"),
    "ear_note": (
        "The probabilities allow for voices that are heard wrong and for speakers that are counted wrong. To speak to "
        "each other means here to take turns within {pause} seconds with nobody else in between.",
        "Les probabilités tiennent compte des voix mal entendues et des locuteurs mal comptés. Se parler veut dire "
        "ici prendre la parole tour à tour à {pause} secondes au plus, sans que personne d'autre ne parle entre-temps.",
    ),
    "places": ("Places to listen to", "Passages à écouter"),
    "places_none": (
        "No exchange was found between voices that are probably women's.",
        "Aucun échange n'a été trouvé entre des voix qui sont probablement de femmes.",
    ),
    "places_more": (
        "{n} more is less likely.|{n} more are less likely.",
        "{n} autre est moins probable.|{n} autres sont moins probables.",
    ),
    "at": ("at", "à"),
    "between_whom": ("between", "entre"),
    "lasts": ("length", "durée"),
    "probability": ("probability", "probabilité"),
    # what the figures do not mean
    "limits": ("What the figures do not mean", "Ce que les chiffres ne disent pas"),
    "limit_voice": (
        "A computer hears voices, not people. \u201cWoman\u201d and \u201cman\u201d say what a voice sounds like, not "
        "who somebody is. In tests, {clean}% of adult voices are called right in clean sound and {film}% in film "
        "sound; high voices of men and low voices of women are called wrong, sometimes with a high probability.",
        "Un ordinateur entend des voix, pas des personnes. « Femme » et « homme » disent à quoi une voix ressemble, "
        "pas qui est quelqu'un. Dans nos essais, {clean} % des voix d'adultes sont bien reconnues dans un son propre "
        "et {film} % dans un son de film ; des voix aiguës d'hommes et graves de femmes sont prises l'une pour "
        "l'autre, parfois avec une forte probabilité.",
    ),
    "limit_child": (
        "Children are counted apart only where that is very probable: {child_clean}% of them are in clean sound, "
        "{child_film}% in film sound. The others are mostly called women.",
        "Les enfants ne sont comptés à part que si c'est très probable : {child_clean} % le sont dans un son propre, "
        "{child_film} % dans un son de film. La plupart des autres passent pour des femmes.",
    ),
    "limit_count": (
        "The number of speakers was right in {counted} of {recordings} test recordings. One voice that whispers, then "
        "shouts, can be taken for two people; two that are alike, for one.",
        "Le nombre de locuteurs était exact dans {counted} enregistrements d'essai sur {recordings}. Une voix qui "
        "chuchote, puis crie, peut passer pour deux personnes ; deux voix semblables, pour une seule.",
    ),
    "limit_film": (
        "Music, noise and rooms make it harder. The errors (speech missed, found where there is none, or given to the "
        "wrong speaker) are {calm_clean}% of the speech where it is calm and clean and {calm_film}% in film sound; "
        "for acted emotion they are {acted_clean}% and {acted_film}%.",
        "La musique, le bruit et les salles compliquent l'écoute. Les erreurs (parole manquée, trouvée là où il n'y "
        "en a pas ou donnée au mauvais locuteur) sont de {calm_clean} % de la parole quand elle est calme et propre, "
        "de {calm_film} % dans un son de film ; pour des émotions jouées, de {acted_clean} % et de {acted_film} %.",
    ),
    "limit_overlap": (
        "Where two people speak at once, only one is counted. Singing and voices in the background count as speech.",
        "Quand deux personnes parlent à la fois, une seule est comptée. Le chant et les voix de fond comptent comme "
        "de la parole.",
    ),
    "limit_answer": (
        "An answer is a matter of time, not of sense: who speaks next need not speak to the one before.",
        "Une réponse est affaire de temps, non de sens : qui parle ensuite ne s'adresse pas forcément à qui vient de "
        "parler.",
    ),
    "limit_cause": (
        "The figures describe sound. They do not say why it is so, and they do not say whether a film is good.",
        "Les chiffres décrivent un son. Ils ne disent pas pourquoi il est ainsi, ni si un film est bon.",
    ),
    "method": ("How this was made", "Comment ce rapport est fait"),
    "method_text": (
        "lightdiar {version} found where somebody speaks, divided it into turns, grouped the turns by voice, and "
        "heard each voice as a woman's, a man's or a child's, by classical statistics on one computer; nothing was "
        "sent anywhere. Speakers with less than {limit}\u00a0s are shown but not counted. The share of women leaves "
        "out children. The same recording gives the same report.",
        "lightdiar {version} a cherché où quelqu'un parle, découpé cette parole en tours, groupé les tours par voix "
        "et entendu chaque voix comme celle d'une femme, d'un homme ou d'un enfant, par des statistiques classiques "
        "sur un seul ordinateur ; rien n'a été envoyé nulle part. Les locuteurs de moins de {limit}\u00a0s sont "
        "montrés mais pas comptés. La part des femmes laisse de côté les enfants. Le même enregistrement donne le "
        "même rapport.",
    ),
    "method_unknown": (
        "lightdiar {version} took the turns and speakers as they are, counted their time, and found who answers whom. "
        "The same turns give the same report.",
        "lightdiar {version} a pris les tours et les locuteurs tels quels, compté leur temps et cherché qui répond à "
        "qui. Les mêmes tours donnent le même rapport.",
    ),
    # the report of many recordings
    "many_kicker": (
        "Report of {n} recording|Report of {n} recordings",
        "Rapport sur {n} enregistrement|Rapport sur {n} enregistrements",
    ),
    "many_title": ("How much women are heard", "Combien on entend les femmes"),
    "many_nothing": (
        "There is no share to report: nobody was heard to speak in these recordings, only children were, or the "
        "genders are not known.",
        "Il n'y a pas de part à rapporter : dans ces enregistrements, personne n'a été entendu, ou seulement des "
        "enfants, ou les genres ne sont pas connus.",
    ),
    "many_share": (
        "of the speaking time of women and men is heard in women's voices, on average over {n} recordings (95% "
        "interval: {between}).",
        "du temps de parole des femmes et des hommes est entendu dans des voix de femmes, en moyenne sur {n} "
        "enregistrements (intervalle à 95 % : {between}).",
    ),
    "many_share_few": (
        "of the speaking time of women and men is heard in women's voices. That is {n} recording: see its own "
        "report.|of the speaking time of women and men is heard in women's voices, on average over {n} recordings, too "
        "few for an interval.",
        "du temps de parole des femmes et des hommes est entendu dans des voix de femmes. C'est {n} enregistrement : "
        "voir son propre rapport.|du temps de parole des femmes et des hommes est entendu dans des voix de femmes, en "
        "moyenne sur {n} enregistrements, trop peu pour un intervalle.",
    ),
    "together": ("All speech together", "Toute la parole ensemble"),
    "together_is": (
        "{share} of {speech} of speech of women and men.",
        "{share} de {speech} de parole de femmes et d'hommes.",
    ),
    "below_half": ("Less than half", "Moins de la moitié"),
    "above_half": ("More than half", "Plus de la moitié"),
    "half_is": (
        "{k} of {n}; the whole interval lies on that side in {m}.",
        "{k} sur {n} ; l'intervalle entier est de ce côté dans {m}.",
    ),
    "two_women": ("Two women speak", "Deux femmes parlent"),
    "women_talk": ("Two women speak to each other", "Deux femmes se parlent"),
    "likely_is": (
        "Probable (80% or more) in {high} of {n}, improbable (20% or less) in {low}.",
        "Probable (80 % ou plus) dans {high} sur {n}, improbable (20 % ou moins) dans {low}.",
    ),
    "distribution": ("How the recordings differ", "Comment les enregistrements diffèrent"),
    "distribution_title": (
        "Number of recordings by women's share of the speaking time, per cent",
        "Nombre d'enregistrements selon la part des femmes dans le temps de parole, en pour cent",
    ),
    "bin_is": ("{low} to {high}%: {n}", "{low} à {high} % : {n}"),
    "all_recordings": ("Every recording", "Tous les enregistrements"),
    "all_note": (
        "Sorted by women's share. The dot is the share, the line its 95% interval, which stands below the share; the "
        "upright line is a half. Of women and men who speak for at least 2 seconds, the likeliest number stands with "
        "its probability and, below, the number in the result if that is another one.",
        "Triés selon la part des femmes. Le point est la part, le trait son intervalle à 95 %, écrit sous la part ; la "
        "ligne verticale est la moitié. Pour les femmes et les hommes qui parlent au moins 2 secondes, le nombre le "
        "plus probable est donné avec sa probabilité et, dessous, le nombre du résultat s'il est différent.",
    ),
    "recording": ("recording", "enregistrement"),
    "dots": ("0 to 100%", "0 à 100 %"),
    "womens_share": ("women's share", "part des femmes"),
    "count_found": ("{n} found", "trouvé : {n}"),
    "n_women": ("women", "femmes"),
    "n_men": ("men", "hommes"),
    "p_two": ("two women speak", "deux femmes parlent"),
    "p_each": ("to each other", "entre elles"),
    "p_talk": ("two women speak to each other", "deux femmes se parlent"),
    "extremes": ("Worth listening to", "À écouter"),
    "extremes_note": (
        "The ends of a list are where mistakes gather: listen before you quote them.",
        "Les erreurs se rassemblent aux extrémités d'une liste : écoutez avant de citer.",
    ),
    "lowest": ("Smallest share of women's voices", "Plus petite part de voix de femmes"),
    "highest": ("Largest share of women's voices", "Plus grande part de voix de femmes"),
    "likeliest": ("Two women most probably speak to each other", "Deux femmes se parlent le plus probablement"),
    "listen_at": ("exchanges of women's voices at", "échanges de voix de femmes à"),
    "listen_in": ("{recording} at {time}", "{recording} à {time}"),
    "quote": ("A paragraph to publish", "Un paragraphe à publier"),
    "quote_text": (
        "We had {n} recordings ({duration} in all) heard by lightdiar {version}, a program that tells voices apart "
        "and says of each whether it sounds like a woman's or a man's. On average, women's voices have {share} of the "
        "speaking time (95% interval: {between}). {below} {probable} {improbable} The figures describe voices, not "
        "people, and no causes; in tests, the program found the right number of speakers in {counted} of {recordings} "
        "recordings.",
        "Nous avons fait écouter {n} enregistrements ({duration} en tout) par lightdiar {version}, un programme qui "
        "distingue les voix et dit de chacune si elle ressemble à celle d'une femme ou d'un homme. En moyenne, les "
        "voix de femmes ont {share} du temps de parole (intervalle à 95 % : {between}). {below} {probable} "
        "{improbable} Les chiffres décrivent des voix, pas des personnes, et aucune cause ; dans nos essais, le "
        "programme a trouvé le bon nombre de locuteurs dans {counted} enregistrements sur {recordings}.",
    ),
    "quote_below": (
        "They have less than half of it in one of the recordings.|They have less than half of it in {n} of the "
        "recordings.",
        "Elles en ont moins de la moitié dans un enregistrement.|Elles en ont moins de la moitié dans {n} "
        "enregistrements.",
    ),
    "quote_below_none": (
        "They have less than half of it in none of the recordings.",
        "Elles n'en ont moins de la moitié dans aucun enregistrement.",
    ),
    "quote_below_all": (
        "They have less than half of it in all of the recordings.",
        "Elles en ont moins de la moitié dans tous les enregistrements.",
    ),
    "quote_probable": (
        "That two women speak to each other is probable (80% or more) in one of the recordings.|That two women speak "
        "to each other is probable (80% or more) in {n} of the recordings.",
        "Il est probable (80 % ou plus) que deux femmes se parlent dans un enregistrement.|Il est probable (80 % ou "
        "plus) que deux femmes se parlent dans {n} enregistrements.",
    ),
    "quote_probable_none": (
        "That two women speak to each other is probable (80% or more) in none of the recordings.",
        "Il n'est probable (80 % ou plus) que deux femmes se parlent dans aucun enregistrement.",
    ),
    "quote_probable_all": (
        "That two women speak to each other is probable (80% or more) in all of the recordings.",
        "Il est probable (80 % ou plus) que deux femmes se parlent dans tous les enregistrements.",
    ),
    "quote_improbable": (
        "It is improbable (20% or less) in one of the recordings.|It is improbable (20% or less) in {n} of the "
        "recordings.",
        "C'est improbable (20 % ou moins) dans un enregistrement.|C'est improbable (20 % ou moins) dans {n} "
        "enregistrements.",
    ),
    "quote_improbable_none": (
        "It is improbable (20% or less) in none of the recordings.",
        "Ce n'est improbable (20 % ou moins) dans aucun enregistrement.",
    ),
    "quote_improbable_all": (
        "It is improbable (20% or less) in all of the recordings.",
        "C'est improbable (20 % ou moins) dans tous les enregistrements.",
    ),
    "missing": ("What is missing", "Ce qui manque"),
    "missing_nothing": ("Nothing: every result could be read.", "Rien : tous les résultats ont pu être lus."),
    "missing_silent": (
        "Nobody, or only children, were heard in {n} recording, which has no share: {names}.|Nobody, or only "
        "children, were heard in {n} recordings, which have no share: {names}.",
        "Personne, ou seulement des enfants, n'a été entendu dans {n} enregistrement, qui n'a pas de part : "
        "{names}.|Personne, ou seulement des enfants, n'a été entendu dans {n} enregistrements, qui n'ont pas de part "
        ": {names}.",
    ),
    "missing_unknown": (
        "The genders are not known in {n} recording, which has no share: {names}. Diarize its sound to have them.|The "
        "genders are not known in {n} recordings, which have no share: {names}. Diarize their sound to have them.",
        "Les genres ne sont pas connus dans {n} enregistrement, qui n'a pas de part : {names}. Faites écouter le son "
        "pour les avoir.|Les genres ne sont pas connus dans {n} enregistrements, qui n'ont pas de part : {names}. "
        "Faites écouter le son pour les avoir.",
    ),
    "missing_failed": (
        "{n} file could not be used:|{n} files could not be used:",
        "{n} fichier n'a pas pu être utilisé :|{n} fichiers n'ont pas pu être utilisés :",
    ),
    "missing_note": ("They are in none of the figures above.", "Ils ne sont dans aucun des chiffres ci-dessus."),
}
