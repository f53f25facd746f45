"""Values as people write them: numbers in the notation of any country, amounts of money, lengths, shares and outcomes.

A column is read as a whole, because one value does not tell: "125,000" is 125 beside "82,5", and 125 thousand beside
"1,250,000". What cannot be read is not guessed: it counts as missing and is told.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bechdel_stats.data.dates import years_of
from bechdel_stats.levels import plain

ERRORS = frozenset("|#n/a|#ref!|#value!|#div/0!|#name?|#null!|#num!".split("|"))  # of spreadsheets, and nothing
MISSING = ERRORS | frozenset(
    "na|n/a|n.a.|nan|none|null|nil|unknown|\\n|-|--|–|—|?|nd|n.d.|nc|n.c.|tbd|tba|not available|undefined|<na>|"
    "unbekannt|keine angabe|k.a.|desconocido|desconocida|sconosciuto|sconosciuta|n.v.|s/d|"
    "desconhecido|desconhecida|onbekend|okänd|okänt|nieznany|nieznana|неизвестно|"
    "inconnu|inconnue|non renseigné|non renseignée|non connu|nsp|ne sait pas|non communiqué|non disponible".split("|")
)  # in lower case; all mean "not known"
LONGEST = max(map(len, MISSING))
PASSING = frozenset(
    "pass passes passed passe reussi reussit reussite valide ok meets satisfies bestanden besteht pasa cumple supera "
    "superado aprobado aprueba passa passato superato aprovado geslaagd slaagt godkand godkant klarar zdaje zdany "
    "zalicza проиден проходит".split()
)
FAILING = frozenset(
    "fail fails failed failing failure failures flunked unsuccessful ko invalide echec echecs echoue echoues violate "
    "violates violated violating violation violations durchgefallen suspenso suspende bocciato fallito reprovado "
    "reprova gezakt zakt underkand underkant oblany oblewa провален".split()
)  # words of cells and of headers, as `plain` writes them
NEGATIONS = frozenset("not no non nicht ne pas didn doesn t nao niet inte ikke nie не".split())
_AROUND = frozenset(
    "the it does did film movie bechdel wallace test teste bechdeltest bechdeltestet le du de el il den al voor тест "
    "бекдел".split()
)  # say nothing
_YES = frozenset("1 yes y true t oui o vrai si ja wahr verdadero vero sim verdadeiro waar sant tak prawda да".split())
_NO = frozenset("0 no n false f non faux rate nein nee nej nei falsch falso nao nie onwaar falskt falsz нет".split())
OUTCOMES = {**dict.fromkeys(PASSING | _YES, 1.0), **dict.fromkeys(FAILING | _NO, 0.0)}  # of the test
_SCORE_BEHIND = re.compile(r"[.,]0+$| *\(\d ?(?:/ ?3)?\)$")  # of an outcome: 1.0, pass (3/3)
_SIGNS = dict.fromkeys("✓✔✅☑👍", 1.0) | dict.fromkeys("✗✘✖❌☒👎", 0.0)
WOMEN = frozenset(
    "f femme femmes female females woman women w fem feminin feminine elle she fille girl mujer mujeres femenino "
    "femenina frau frauen weiblich donna donne femmina femminile mulher mulheres feminino feminina vrouw vrouwen "
    "vrouwelijk kvinna kvinnor kvinde kvinne kvinnlig k kobieta kobiety женщина женщины женскии ж".split()
)
_MEN = frozenset(
    "m h homme hommes male males man men masculin masculine il he garcon boy hombre hombres masculino mann manner "
    "mannlich uomo uomini maschio maschile homem homens mannen mannelijk mand manlig mezczyzna mezczyzni мужчина "
    "мужчины мужскои м".split()
)
_BOTH = frozenset("mixte mixed mix both les deux mixte f h h f f m m f equipe mixte".split()) - {"f", "h", "m"}
SCALES = {
    **dict.fromkeys(("k", "mille", "thousand", "milliers"), 1e3),
    **dict.fromkeys(("m", "mm", "mil", "mio", "mln", "млн", "million", "millions"), 1e6),
    **dict.fromkeys(("md", "mds", "mrd", "milliard", "milliards", "b", "bn", "billion", "billions"), 1e9),
}
_DOLLARS = frozenset(("$", "us$", "usd", "dollar", "dollars", "$us", "us", "us dollars", "dollars us"))
_CURRENCIES = {
    "€": "€", "£": "£", "¥": "¥", "₹": "₹", "₩": "₩", "₽": "₽", "eur": "€", "euro": "€", "euros": "€", "gbp": "£",
    "livres": "£", "jpy": "¥", "yen": "¥", "yens": "¥", "inr": "₹", "rs": "₹", "krw": "₩", "rub": "₽",
    "c$": "CAD", "ca$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "f": "FRF", "francs": "FRF",
    "dm": "DEM", "lire": "ITL", "kr": "kr",
}  # fmt: skip
_CODES = "chf cad aud nzd sek nok dkk cny rmb frf dem itl esp pln czk huf brl mxn hkd".split()
_CURRENCIES |= {code: code.upper() for code in _CODES}
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009\u2007]+")
_NUMBER = re.compile(r"([^\d.,+\-]*)([+-]?(?:\d[\d ., '’]*|[.,]\d+)(?:e[+-]?\d+)?)(.*)", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?")
_THREE = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")  # thousands, or decimals
_ABOUT = re.compile(r"^(?:[~≈]|(?:circa|ca\.?|c\.|about|approx\.?|environ|env\.?)(?![^\W\d_]|\$))\s*", re.IGNORECASE)
_REMARK = re.compile(r" ?(?:\(est[^()]{0,20}\)|\[[\w ]{1,20}\])", re.IGNORECASE)  # behind amounts of IMDb and Wikipedia
_CLOCK = re.compile(r"(?:(\d{1,3}) days? )?(\d{1,3}):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?: ?h(?:rs?|ours?)?)?", re.IGNORECASE)
_LENGTH = re.compile(
    r"(?:p(?:0d)?t)?(?:(\d+(?:[.,]\d+)?) ?(?:h|hr|hrs|hour|hours|heures?|std|stunden?|horas?|or[ae]|uur|uren|"
    r"tim|timm(?:e|ar)|timer|godz|godzin[ay]?|ч|час(?:а|ов)?)\.?)?[,:]? ?"
    r"(?:(?:et|and|und|y|e|en|och|og|i|и) )?"
    r"(?:(\d+(?:[.,]\d+)?)(?: ?(?:m|mn|min|mins|minutes?|minuten|minutos?|minuut|minut(?:[oiya]|er)?|мин|минут[аы]?|"
    r"'|′)\.?|(?= ?(?:\(|$))))? ?"
    r"(?:(\d+(?:[.,]\d+)?) ?(?:s|sec|seconds|secondes|\"|″))?(?: ?\(.*\)| ?/ ?\d{1,2}:\d\d)?",
    re.IGNORECASE,
)
_SCORE = re.compile(  # with the mark of a text in front, and a footnote, or what it stands for, behind it
    r"\s*'?(-?\d{1,3}(?:[.,]\d{1,9})?)\s*(?:[*†‡§¹²³]{1,3}|\[\w{1,3}\])?\s*(?:[-–—:/(=].*)?", re.DOTALL
)
_GROUPED_MINUTES = re.compile(r"^(\d)[.,](\d{3})$")  # 1,170; but 117.000 is 117
_HOURS_OF_CLOCK = 6  # 2:25 is two hours; 125:00 is minutes
_FRACTION = re.compile(r"\s*(\d{1,4})\s*/\s*(\d{1,4})\s*")  # one woman of three
_OF = re.compile(r"\d ?/ ?(5|10|20|100)(?:[.,]0)?\s*$")  # what a mark is of
_WORDS = re.compile(r"[^\W\d_]+")
_PEOPLE = re.compile(r"[|;,/&+]|\bet\b|\band\b")


@dataclass(frozen=True, eq=False)
class Reading:
    """What the distinct texts of a column are read as.

    Parameters
    ----------
    values : dict of str -> float
        NaN for what cannot be used.
    notes : tuple of (str, dict)
        Codes of messages about the column as a whole, with their values.
    """

    values: dict[str, float]
    notes: tuple[tuple[str, dict[str, str]], ...] = ()


def is_missing(text: str) -> bool:
    """Return whether a text only says that a value is not known."""
    return len(text) <= LONGEST + 2 and text.strip().lower() in MISSING


def read_numbers(texts: Sequence[str]) -> Reading:
    """Read plain numbers; a per cent sign and what stands behind a slash ("8.1/10") are left out."""
    marks = decimal_marks(texts)
    return Reading({text: _plain_number(text, marks) for text in texts})


def read_counts(texts: Sequence[str]) -> Reading:
    """Read whole numbers, such as votes: three digits behind a comma or a point are thousands."""
    marks = decimal_marks(texts, whole=True)
    return Reading({text: _plain_number(text, marks) for text in texts})


def highest_mark(text: str) -> float:
    """Return the best mark that a text names, 5 for "4/5"; NaN if it names none."""
    found = _OF.search(text)
    return float(found[1]) if found else np.nan


def holds_numbers(values: pd.Series) -> bool:
    """Return whether a column is one of numbers that have an order; complex ones have none."""
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_complex_dtype(values)


def to_numbers(values: pd.Series) -> pd.Series:
    """Return a column as numbers, in whatever notation; NaN for what is none."""
    if holds_numbers(values):
        return values.astype(float)
    texts = values.map(lambda value: "" if value is None or value != value else str(value))
    return texts.map(read_numbers(list(texts.unique())).values).astype(float)


def read_scores(texts: Sequence[str]) -> Reading:
    """Read scores: numbers, "3/3", and "1 - they do not talk"."""
    return Reading({text: score_of(text) for text in texts})


def score_of(text: str) -> float:
    """Return the number in front of a text, or NaN."""
    found = _SCORE.fullmatch(text)
    return float(found[1].replace(",", ".")) if found else np.nan


def read_years(texts: Sequence[str]) -> Reading:
    """Read years, from dates too; see `dates.years_of`."""
    return Reading(years_of(texts))


def read_outcomes(texts: Sequence[str]) -> Reading:
    """Read outcomes: 1 and 0, PASS and FAIL, yes and no, oui and non, True and False."""
    return Reading({text: outcome_of(text) for text in texts})


def read_minutes(texts: Sequence[str]) -> Reading:
    """Read lengths in minutes: 134, "134 min", "2h14", "2:14", "2 h 14 min", "PT2H14M", "8040 s".

    Examples
    --------
    >>> list(read_minutes(["134 min", "2h14", "02:14:00", "PT2H14M", "134,0", "long"]).values.values())
    [134.0, 134.0, 134.0, 134.0, 134.0, nan]
    """
    return Reading({text: _minutes_of(_clean(text)) for text in texts})


def read_dollars(texts: Sequence[str]) -> Reading:
    """Read amounts of money; another currency than dollars is read and told.

    Examples
    --------
    >>> read_dollars(["$1,000", "27 200 000", "1.5 million", "$2B"]).values
    {'$1,000': 1000.0, '27 200 000': 27200000.0, '1.5 million': 1500000.0, '$2B': 2000000000.0}
    >>> read_dollars(["1,2 M€"])
    Reading(values={'1,2 M€': 1200000.0}, notes=(('not_dollars', {'currency': '€'}),))
    """
    scaled = any(not SCALES.keys().isdisjoint(_WORDS.findall(text.lower())) for text in texts)
    marks = decimal_marks(texts, whole=not scaled)  # 1.250 is a number of dollars, or of millions
    found = {text: _amount_of(text, marks) for text in texts}
    foreign = sorted({currency for _, currency in found.values() if currency})
    notes = (("not_dollars", {"currency": ", ".join(foreign)}),) if foreign else ()
    return Reading({text: amount for text, (amount, _) in found.items()}, notes)


def currency_in(header: str) -> str:
    """Return the currency that a header names, such as € or CAD; empty for dollars or none.

    Examples
    --------
    >>> [currency_in(header) for header in ("Devis (M€)", "budget_eur", "Budget (USD)", "Budget")]
    ['€', '€', '', '']
    """
    words = re.findall(r"[^\w\s]|[^\W\d_]{3,}", header.lower())
    return next((_CURRENCIES[word] for word in words if word in _CURRENCIES), "")


def read_shares(texts: Sequence[str]) -> Reading:
    """Read shares of women: 0.59, "59 %", "0,59"; 59 where most values are above 1; "femme", "male", "F/M"; "3/4".

    Which part of "40/60" is that of women is not told, nor what 2 is in a column of 0, 1, 2 and 3: NaN.

    Examples
    --------
    >>> read_shares(["59 %", "femme", "man", "mixte", "F, M, M"]).values
    {'59 %': 0.59, 'femme': 1.0, 'man': 0.0, 'mixte': 0.5, 'F, M, M': 0.3333333333333333}
    >>> read_shares(["35", "50,5"])
    Reading(values={'35': 0.35, '50,5': 0.505}, notes=(('read_as_per_cent', {}),))
    """
    marks = decimal_marks(texts)
    values: dict[str, float] = _fractions(texts)
    notes: tuple[tuple[str, dict[str, str]], ...] = ()
    if {"h", "m"} <= {part for text in texts for part in _people_of(text)}:  # hombre and mujer, or homme and male
        values |= {text: np.nan for text in texts if "m" in _people_of(text)}
        notes = (("h_and_m", {}),)
    bare = []
    for text in texts:
        if text in values:
            continue
        number = np.nan if "/" in text else _plain_number(text, marks)
        if number != number:
            values[text] = _share_of_people(plain(text), text)
        elif "%" in text:
            values[text] = number / 100
        else:
            values[text] = number
            bare.append(text)
    whole = whole_of_shares(np.array([values[text] for text in bare]))
    values |= {text: values[text] / whole for text in bare}
    return Reading(values, (*notes, ("read_as_per_cent", {})) if whole == 100 else notes)


def whole_of_shares(numbers: np.ndarray) -> float:
    """Return 100 where most shares are above 1, so that 1 is one per cent, else 1; NaN if they may be codes or counts.

    Examples
    --------
    >>> [whole_of_shares(np.array(shares)) for shares in ([35, 1, 50], [0.35, 1, 0], [2, 1, 0])]
    [100.0, 1.0, nan]
    """
    some = numbers[numbers > 0]
    if (some > 1).any() and np.isin(some, (1, 2, 3)).all():
        return np.nan
    return 100.0 if np.sum((some > 1) & (some <= 100)) > len(some) / 2 else 1.0


def _fractions(texts):
    """The shares that fractions in some texts are; NaN for two parts of 100, or of any whole, that are not alike."""
    found = {text: (int(m[1]), int(m[2])) for text in texts if (m := _FRACTION.fullmatch(text))}
    parts = sum(one + other == 100 for one, other in found.values())
    two_parts = 2 * parts > len(found) or any(one > whole for one, whole in found.values())
    half = {text: 0.5 for text, (one, other) in found.items() if one == other and (two_parts or one + other == 100)}
    return {text: np.nan if two_parts or not whole else one / whole for text, (one, whole) in found.items()} | half


READERS: dict[str, Callable[[Sequence[str]], Reading]] = {
    "number": read_numbers,
    "count": read_counts,
    "score": read_scores,
    "year": read_years,
    "outcome": read_outcomes,
    "minutes": read_minutes,
    "dollars": read_dollars,
    "share": read_shares,
}


def words_of(text: str) -> list[str]:
    """Return the words of a text; in Portuguese, "passa no teste" negates nothing."""
    return plain(text).replace("no teste", "teste").split()


def outcome_of(text: str) -> float:
    """Return 1 or 0 for an outcome of the test, NaN for anything else.

    Examples
    --------
    >>> [outcome_of(text) for text in ("oui", "Pass (3/3)", "violates Bechdel", "does not pass the test", "barely")]
    [1.0, 1.0, 0.0, 0.0, nan]
    """
    whole = _SCORE_BEHIND.sub("", text).strip()
    words = [word for word in words_of(whole) if word not in _AROUND]
    if words in (["0"], ["1"]) and whole != words[0]:
        return np.nan  # "(1)" and "1†" are no words
    said = [word for word in words if word not in NEGATIONS]
    if len(said) < len(words) and set(said) <= PASSING and said:
        return 0.0
    return OUTCOMES.get(" ".join(words), _SIGNS.get(text.strip().replace("\ufe0f", ""), np.nan))


def decimal_marks(texts: Sequence[str], whole: bool = False) -> tuple[str, str]:
    """Return the signs that the numbers in some texts use for decimals and for thousands.

    Where all have three digits behind their one sign, it is that of thousands if they are `whole`, else of decimals.

    Examples
    --------
    >>> decimal_marks(["125,000", "82,5"]), decimal_marks(["125,000", "8.5"]), decimal_marks(["1.250.000", "3.000"])
    ((',', '.'), ('.', ','), (',', '.'))
    >>> decimal_marks(["12.345", "987"]), decimal_marks(["12.345", "987"], whole=True)
    (('.', ','), (',', '.'))
    """
    comma = point = 0  # evidence for each as the sign of decimals
    either = set()
    for text in texts:
        found = _NUMBER.fullmatch(_clean(text))
        number, *exponent = re.split("[eE]", found[2]) if found else [""]
        commas, points = number.count(","), number.count(".")
        if commas and points:
            last = number.rfind(",") > number.rfind(".")
            comma, point = comma + last, point + (not last)
        elif commas + points == 1 and not exponent and _THREE.fullmatch(number.strip()):
            either.add("," if commas else ".")
        else:
            comma, point = comma + (commas == 1 or points > 1), point + (points == 1 or commas > 1)
    if comma == point and len(either) == 1:
        return (",", ".") if ("," in either) != whole else (".", ",")
    return (",", ".") if comma > point else (".", ",")


def number_of(text: str, marks: tuple[str, str]) -> float:
    """Return a number in the notation of a column, or NaN; blanks and apostrophes may set apart thousands."""
    text = text.strip()
    if re.search(r"[ '’]", text):
        if not _GROUPED.fullmatch(text):
            return np.nan
        text = re.sub(r"[ '’]", "", text)
    decimal, thousands = marks
    if text.count(thousands) == 1 and decimal not in text and not re.fullmatch(r"[+-]?\d{1,3}.\d{3}(e.*)?", text):
        decimal, thousands = thousands, decimal  # one that is written otherwise
    try:
        return float(text.replace(thousands, "").replace(decimal, "."))
    except ValueError:
        return np.nan


def _clean(text):
    """A text with plain blanks, signs and no word for "about" in front."""
    return _ABOUT.sub("", _SPACES.sub(" ", text).strip().replace("\u2212", "-"))


def _plain_number(text, marks):
    text = _clean(text)
    found = _NUMBER.fullmatch(text)
    if found and not found[1].strip() and re.fullmatch(r" ?%?|/ ?(?:5|10|20|100)(?:[.,]0)?", found[3].strip()):
        return number_of(found[2], marks)
    try:
        return float(text)  # inf, and digits that are written otherwise
    except ValueError:
        return np.nan


def _minutes_of(text):
    if found := _CLOCK.fullmatch(text):
        days, first, second, third = (int(part or 0) for part in found.groups())
        if found[1] or found[4] or first <= _HOURS_OF_CLOCK:
            return days * 1440.0 + first * 60 + second + third / 60
        return first + second / 60
    found = _LENGTH.fullmatch(text)
    if not found or not any(found.groups()):
        return number_of(text, (".", ",")) if re.fullmatch(r"-?[\d., ]+", text) else np.nan
    hours = float((found[1] or "0").replace(",", "."))
    minutes, seconds = (
        float(_GROUPED_MINUTES.sub(r"\1\2", part or "0").replace(",", ".")) for part in found.groups()[1:]
    )
    return hours * 60 + minutes + seconds / 60


def _amount_of(text, marks):
    """An amount, and its currency if that is not dollars; in brackets it is what spreadsheets write for less than 0."""
    text = _REMARK.sub("", _clean(text))
    found = None if text.startswith("(") and text.endswith(")") else _NUMBER.fullmatch(text)
    if not found:
        return np.nan, ""
    words = " ".join((found[1], found[3])).lower().replace("€", " € ").replace("£", " £ ")
    amount, currency = number_of(found[2], marks), ""
    for word in re.findall(r"[^\W\d_]*\$[^\W\d_]*|[^\W\d_]+|[^\w\s.()'’]", words):
        if word not in _DOLLARS and word not in _CURRENCIES:
            word = word.strip("$")  # k$
        if word in SCALES and amount == amount:
            amount *= SCALES[word]
        elif word in _CURRENCIES:
            currency = _CURRENCIES[word]
        elif word not in _DOLLARS and word not in ("de", "d", "of"):
            return np.nan, ""
    return amount, currency


def _people_of(text):
    """The words for people in a text, such as f and m in "F, M"."""
    return [part for part in map(plain, _PEOPLE.split(text.lower())) if part]


def _share_of_people(words, text):
    """The share of women among people given by words: one word, or several set apart; NaN if one of them is unknown."""
    if words in _BOTH or set(words.split()) == {"les", "deux"}:
        return 0.5
    shares = [1.0 if part in WOMEN else 0.0 if part in _MEN else np.nan for part in _people_of(text)]
    if len(shares) == 1 and shares[0] != shares[0]:
        return outcome_of(text)  # "a woman directs": yes or no
    return float(np.mean(shares)) if shares else np.nan


def shares_of_codes(texts: Sequence[str]) -> dict[str, float]:
    """Return the shares of women in texts of TMDB's codes, nothing if some are no codes or no man (2) is among them.

    1 is a woman and 2 a man, 0 and 3 count in no share; the codes of several people stand in a row.

    Examples
    --------
    >>> shares_of_codes(["2", "1|2", "0"]), shares_of_codes(["1", "0"]), shares_of_codes(["2", "35"])
    ({'2': 0.0, '1|2': 0.5, '0': nan}, {}, {})
    """
    codes = {text: [re.sub(r"[.,]0+$", "", part.strip()) for part in re.split(r"[|;/]|, ", text)] for text in texts}
    different = set().union(*codes.values())
    if "2" not in different or not different <= {"0", "1", "2", "3"}:
        return {}
    people = {text: [code == "1" for code in row if code in "12"] for text, row in codes.items()}
    return {text: float(np.mean(women)) if women else np.nan for text, women in people.items()}
