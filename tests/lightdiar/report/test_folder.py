import re
from dataclasses import replace

import pytest

from lightdiar.report.folder import folder_report
from lightdiar.report.results import Results
from lightdiar.representation.bechdel import bechdel_by_ear
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn
from tests.lightdiar.report.test_many import one_man, two
from tests.lightdiar.report.test_recording import read


@pytest.fixture(scope="module")
def results(talk):
    found = {name: two(name, woman, 100 - woman) for name, woman in (("low", 10), ("half", 50), ("high", 90))}
    return Results({**found, "talk": talk}, {"/home/ann/results/gone.json": "No such file"})


def test_the_figures_in_english(results):
    said = read(folder_report(results))
    assert "Report of 4 recordings" in said
    assert "52% of the speaking time of women and men is heard in women's voices, on average over 4 recordings" in said
    assert "51% of 5 min 30 s of speech of women and men." in said  # (10 + 50 + 90 + 18) / 330
    assert re.search(r"Less than half 1 of 4; the whole interval lies on that side in (none|1)\.", said)
    assert "We had 4 recordings (6 min in all) heard by lightdiar" in said
    assert "On average, women's voices have 52% of the speaking time (95% interval: 0% to 100%)." in said
    assert "They have less than half of it in one of the recordings." in said
    assert "1 file could not be used: results/gone.json : No such file" in said
    assert "ann" not in said


def test_the_figures_in_french(results):
    said = read(folder_report(results, language="fr"))
    assert (
        "52 % du temps de parole des femmes et des hommes est entendu dans des voix de femmes, en moyenne sur 4 "
        in said
    )
    assert "Elles en ont moins de la moitié dans un enregistrement." in said
    assert "1 fichier n'a pas pu être utilisé : results/gone.json : No such file" in said


def test_none_and_all_are_said_in_words():
    men = Results({name: one_man(name) for name in "abc"})
    said = read(folder_report(men))
    assert (
        "They have less than half of it in all of the recordings. That two women speak to each other is probable (80% "
        in said
    )
    assert "(80% or more) in none of the recordings. It is improbable (20% or less) in all of the recordings." in said
    said = read(folder_report(men, language="fr"))
    assert (
        "que deux femmes se parlent dans aucun enregistrement. C'est improbable (20 % ou moins) dans tous les " in said
    )
    assert "Largest share" not in said and "most probably speak" not in said


def test_one_or_two_recordings_have_no_extremes_and_no_paragraph():
    html = folder_report(Results({name: two(name, 1, 2) for name in "ab"}))
    assert 'id="quote"' not in html and 'id="extremes"' not in html


def test_numbers_of_people_are_the_likeliest_and_say_how_sure():
    names = ("Ann", "Bea", "Cleo", "Dan")
    turns = [Turn(9 * place, 9 * place + 9, name) for place, name in enumerate(names)]
    speakers = [Speaker(name, 9.0, 0.1 if name == "Dan" else 0.55) for name in names]
    doubtful = Diarization(Annotation(turns, "doubt"), speakers, 50.0)
    table = read(re.search(r"(?s)<tbody>.*?</tbody>", folder_report(Results({"doubt": doubtful})))[0])
    ear = bechdel_by_ear(doubtful)
    assert (ear.p_women.argmax(), ear.p_men.argmax(), doubtful.counts()) == (2, 2, {"M": 1, "F": 3})
    assert f" 2 {ear.p_women[2]:.0%} 3 found 2 {ear.p_men[2]:.0%} 1 found " in table


def test_recordings_without_genders_are_named_apart(turns_only):
    html = folder_report(Results({"turns": turns_only, "a": two("a", 1, 2)}))
    assert "The genders are not known in 1 recording, which has no share: turns." in read(html)
    assert "turns" not in re.search(r'(?s)<section id="all">.*?</section>', html)[0].replace("Ann turns", "")


def test_names_link_to_their_pages_and_places(results):
    html = folder_report(results, pages={"talk": "talk.html"})
    assert '<a href="talk.html">talk</a>' in html
    assert '<a href="talk.html#t=0.00" aria-label="talk at 0:00" class="place">0:00</a>' in html
    assert set(re.findall(r'href="([^"#]+)', html)) == {"talk.html"}
    assert "href" not in folder_report(results)


def test_every_recording_stands_in_the_table_in_the_order_of_shares(results):
    table = re.search(r'(?s)<section id="all">.*?</section>', folder_report(results))[0]
    assert re.findall(r'scope="row">(\w+)', table) == ["low", "half", "talk", "high"]


def test_recordings_in_which_nobody_speaks_are_named_and_not_counted():
    silent = Diarization(Annotation([], "mute"), [], 10.0)
    said = read(folder_report(Results({"mute": silent, "a": two("a", 1, 1)})))
    assert "That is 1 recording: see its own report." in said
    assert "Nobody, or only children, were heard in 1 recording, which has no share: mute." in said
    assert "There is no share to report" in read(folder_report(Results({"mute": silent})))


def test_names_are_text():
    name = "<script>alert(1)</script>"
    html = folder_report(Results({name: two(name, 1, 2)}, {name: name}))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 3


def test_it_asks_nobody_and_is_the_same_again(results):
    html = folder_report(results)
    assert not re.search(r"(?i)[a-z]+://", html)
    assert "script-src 'none'" in html
    assert html == folder_report(results)


def test_two_hundred_films_make_a_small_page(talk):
    found = {f"film{n}": replace(talk, annotation=Annotation(talk.turns, f"film{n}")) for n in range(200)}
    assert len(folder_report(Results(found)).encode()) < 500_000
