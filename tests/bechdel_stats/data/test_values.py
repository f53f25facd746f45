import numpy as np
import pandas as pd
import pytest

from bechdel_stats.data.values import (
    decimal_marks,
    is_missing,
    outcome_of,
    read_counts,
    read_dollars,
    read_minutes,
    read_numbers,
    read_shares,
    to_numbers,
)


def values(reading):
    return list(reading.values.values())


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["1", "2.5", "-3"], [1, 2.5, -3]),
        (["125,0", "82,5"], [125, 82.5]),
        (["391,881", "1,250,000"], [391881, 1250000]),
        (["1.250.000", "3.000"], [1250000, 3000]),
        (["1.250,5", "3.000"], [1250.5, 3000]),
        (["1,250.5", "3,000"], [1250.5, 3000]),
        (["0,333", "0,500"], [0.333, 0.5]),
        (["27 200 000", "5 000"], [27200000, 5000]),
        (["27\u00a0200\u00a0000", "27\u202f200\u202f000", "1'500", "1\u2019500"], [27200000, 27200000, 1500, 1500]),
        (["1e6", "1,5E+03"], [1e6, 1500]),
        (["8.9/10", "83%", "83 %"], [8.9, 83, 83]),
        (["~90", "ca. 90", "environ 90", "\u22125"], [90, 90, 90, -5]),
        (["12 34", "1 2345", "PG-13", "abc", "1.2.3,4,5", "--"], [np.nan] * 6),
    ],
)
def test_numbers_in_the_notation_of_any_country(texts, numbers):
    np.testing.assert_array_equal(values(read_numbers(texts)), numbers)


@pytest.mark.parametrize(
    ("texts", "votes", "popularity"),
    [
        (["1.234", "12.345", "987"], [1234, 12345, 987], [1.234, 12.345, 987]),
        (["44,591", "12,345"], [44591, 12345], [44.591, 12.345]),
        (["1.234.567", "12.345"], [1234567, 12345], [1234567, 12345]),
        (["1,234.5", "2,345"], [1234.5, 2345], [1234.5, 2345]),
        (["1.234e3", "2.5"], [1234, 2.5], [1234, 2.5]),
    ],
)
def test_three_digits_behind_a_sign_are_thousands_of_what_is_counted_and_decimals_of_what_is_measured(
    texts, votes, popularity
):
    assert values(read_counts(texts)) == votes and values(read_numbers(texts)) == popularity


def test_three_digits_behind_a_sign_are_thousands_of_dollars_and_decimals_of_millions():
    assert values(read_dollars(["500.000", "1.250"])) == [500_000, 1250]
    assert values(read_dollars(["1.250 M$", "12.500 M$"])) == [1_250_000, 12_500_000]


def test_one_value_does_not_tell_but_its_column_does():
    assert values(read_numbers(["125,000", "82,5"])) == [125, 82.5]
    assert values(read_numbers(["125,000", "8.5"])) == [125000, 8.5]
    assert decimal_marks([]) == (".", ",")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("134", 134), ("134.0", 134), ("134,0", 134), ("134 min", 134), ("134min.", 134), ("134 minutes", 134),
        ("134 mn", 134), ("134'", 134), ("2h14", 134), ("2 h 14", 134), ("2h 14m", 134), ("2h", 120),
        ("2 h 14 min", 134),
        ("2 hours 14 minutes", 134), ("2 heures et 14 minutes", 134), ("1.5 h", 90), ("2:14", 134), ("02:14:00", 134),
        ("90:00", 90), ("PT2H14M", 134), ("8040 s", 134), ("8040,0 s", 134), ("90 min (director's cut)", 90),
        ("0 days 02:15:00", 135), ("0 days 02:15:00.500000", 135), ("1 day 00:05:00", 1445), ("0 days", np.nan),
        ("1h57'", 117), ("1 h. 57 min.", 117), ("1 hour, 57 minutes", 117), ("1h:57m", 117), ("1:57 h", 117),
        ("P0DT1H57M", 117), ("PT117M", 117), ("1,170", 1170), ("1.170 min", 1170), ("7,020 s", 117), ("117.000", 117),
        ("117,500", 117.5), ("1,950 h", 117), ("117-120 min", np.nan), ("117 мин. / 01:57", 117),
        ("two hours", np.nan), ("h", np.nan), ("12/3", np.nan),
    ],
)  # fmt: skip
def test_lengths_in_minutes(text, minutes):
    np.testing.assert_array_equal(values(read_minutes([text])), [minutes])


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$1,000", 1000, ""), ("1 000 $", 1000, ""), ("US$ 5,000,000", 5e6, ""), ("5000000 USD", 5e6, ""),
        ("$1.5M", 1.5e6, ""), ("$1.5 million", 1.5e6, ""), ("2 billion dollars", 2e9, ""), ("$2B", 2e9, ""),
        ("6500k$", 6.5e6, ""), ("$12,500,000 (estimated)", 12.5e6, ""), ("€1,000,000 (est.)", 1e6, "€"),
        ("$12.5 mil", 12.5e6, ""), ("$12.5 million[1]", 12.5e6, ""), ("$3 million [note 2] (est.)", 3e6, ""),
        ("$5 (bananas)", np.nan, ""),
        ("27 200 000 €", 27.2e6, "€"), ("1,2 M€", 1.2e6, "€"), ("3 millions d'euros", 3e6, "€"), ("EUR 500k", 5e5, "€"),
        ("CA$5,000,000", 5e6, "CAD"), ("ca. $5", 5, ""), ("(1,000,000)", np.nan, ""),
        ("£3m", 3e6, "£"), ("CAD 2 000 000", 2e6, "CAD"), ("2 Md€", 2e9, "€"),
        ("cheap", np.nan, ""), ("5 bananas", np.nan, ""),
    ],
)  # fmt: skip
def test_amounts_of_money(text, amount, currency):
    reading = read_dollars([text])
    np.testing.assert_allclose(values(reading), [amount])
    assert reading.notes == ((("not_dollars", {"currency": currency}),) if currency else ())


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("0.59", 0.59), ("0,59", 0.59), ("59 %", 0.59), ("59,5%", 0.595), ("100%", 1), ("0", 0),
        ("femme", 1), ("Femmes", 1), ("F", 1), ("woman", 1), ("homme", 0), ("H", 0), ("male", 0), ("mixte", 0.5),
        ("les deux", 0.5), ("F/H", 0.5), ("1/3", 1 / 3), ("2 / 4", 0.5), ("femme, homme", 0.5),
        ("H, H, F, H", 0.25), ("femme et homme", 0.5),
        ("oui", 1), ("No", 0), ("Mulher", 1), ("vrouw", 1), ("Kvinna", 1), ("kobieta", 1), ("K/M", 0.5), ("женщина", 1),
        ("Ж, М", 0.5), ("homem", 0), ("mannelijk", 0), ("Mężczyzna", 0), ("мужской", 0),
        ("inconnu du public", np.nan), ("femme, robot", np.nan),
    ],
)  # fmt: skip
def test_shares_of_women(text, share):
    np.testing.assert_allclose(values(read_shares([text])), [share])


@pytest.mark.parametrize(
    ("texts", "shares"),
    [
        (["75/100", "3/4"], [0.75, 0.75]),
        (["40/60", "50/50", "0/100", "100/0"], [np.nan, 0.5, np.nan, np.nan]),  # whose part is first?
        (["40/60", "3/4", "75/100"], [2 / 3, 0.75, 0.75]),
        (["3/7", "7/3", "5/5"], [np.nan, np.nan, 0.5]),  # seven of three are no part
        (["0/0"], [np.nan]),
    ],
)
def test_two_parts_of_a_hundred_are_no_fraction(texts, shares):
    np.testing.assert_allclose(values(read_shares(texts)), shares)


def test_what_may_be_codes_or_counts_is_no_share():
    np.testing.assert_array_equal(values(read_shares(["2", "1", "0"])), [np.nan] * 3)
    assert values(read_shares(["1", "0"])) == [1, 0] and values(read_shares(["2 %", "1 %"])) == [0.02, 0.01]


def test_bare_numbers_above_one_are_per_cent_only_if_most_are():
    assert read_shares(["35", "1", "50"]).values == {"35": 0.35, "1": 0.01, "50": 0.5}
    assert read_shares(["35", "0.2", "0.5"]).values == {"35": 35, "0.2": 0.2, "0.5": 0.5}
    assert read_shares(["35", "0.2"]).notes == ()  # half is not most


@pytest.mark.parametrize(
    ("texts", "outcome"),
    [
        (("1", "1.0", "PASS", "Passes", "yes", "Oui", "True", "vrai", "réussi", "✓", "✔", "✔\ufe0f", "Y"), 1),
        (
            ("0", "0,0", "fail", "Failed", "NO", "non", "FALSE", "faux", "échec", "✗", "✖", "✖\ufe0f", "❌", "👎", "n"),
            0,
        ),
        (("2", "maybe", "", "peut-être"), np.nan),
    ],
)
def test_outcomes_in_words(texts, outcome):
    np.testing.assert_array_equal([outcome_of(text) for text in texts], [outcome] * len(texts))


def test_words_for_not_known():
    assert all(map(is_missing, ["", " NA ", "N/A", "nc", "Inconnu", "NSP", "non renseigné", "#N/A", "—", r"\N", "?"]))
    assert not any(map(is_missing, ["0", "nobody", "x" * 1000]))


def test_reading_a_long_odd_text_takes_no_time():
    import time

    before = time.process_time()
    for text in (
        "1 " * 50_000,
        "," * 100_000,
        "1h" * 50_000,
        "(" * 100_000,
        "$" * 100_000,
        "et " * 50_000,
        "/" * 99_999,
        "1(est" * 50_000,
        "1[a" * 50_000,
    ):
        for read in (read_numbers, read_minutes, read_dollars, read_shares):
            read([text])
    assert time.process_time() - before < 3


def test_reading_is_by_distinct_values():
    texts = pd.Series(["5"] * 1000)
    assert read_numbers(list(texts.unique())).values == {"5": 5.0}


def test_a_column_as_numbers_in_whatever_notation():
    np.testing.assert_array_equal(to_numbers(pd.Series(["2,08", "1 250,5", None, "x"])), [2.08, 1250.5, np.nan, np.nan])
    np.testing.assert_array_equal(to_numbers(pd.Series([1, 2])), [1.0, 2.0])


@pytest.mark.parametrize(
    ("texts", "outcome"),
    [
        (("Pass (3/3)", "passes the test", "meets", "bestanden", "Besteht den Test", "cumple", "supera", "vero"), 1),
        (("Passa no teste", "sim", "geslaagd", "godkänd", "tak", "да", "проходит", "Проходит тест Бекдел"), 1),
        (("não passa no teste", "não", "niet geslaagd", "inte godkänd", "nie", "нет", "не проходит"), 0),
        (("Fail (1/3)", "fails the Bechdel test", "violates Bechdel", "didn't pass", "nicht bestanden"), 0),
        (("non superato", "Ne passe pas le test", "doesn\u2019t pass", "not OK", "bocciato", "no cumple", "falsch"), 0),
    ],
)
def test_outcomes_in_sentences_and_other_languages(texts, outcome):
    assert [outcome_of(text) for text in texts] == [outcome] * len(texts)


def test_words_that_hedge_are_no_outcome():
    assert np.isnan([outcome_of(text) for text in ("barely passes", "the test", "does not fail", "not")]).all()


def test_m_beside_h_is_not_told():
    reading = read_shares(["H", "M", "H/M"])
    np.testing.assert_array_equal([reading.values[text] for text in ("H", "M", "H/M")], [0, np.nan, np.nan])
    assert reading.notes == (("h_and_m", {}),)
    assert values(read_shares(["H", "F"])) == [0, 1] and values(read_shares(["M", "F"])) == [0, 1]


@pytest.mark.parametrize(
    "text",
    [
        "1 hr 45 min", "105 minutos", "105 Minuten", "1 ora e 45 minuti", "1 Std. 45 Min.", "1 hora e 45 minutos",
        "1 uur en 45 minuten", "1 tim 45 min", "105 minuter", "1 timme och 45 minuter", "1 godz. 45 min", "105 minut",
        "1 ч 45 мин", "105 минут", "1 час 45 минут",
    ],
)  # fmt: skip
def test_lengths_in_other_languages(text):
    assert values(read_minutes([text])) == [105]
