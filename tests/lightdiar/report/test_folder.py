import re
from dataclasses import replace

import pytest

from lightdiar.report.folder import folder_report
from lightdiar.report.results import Results
from lightdiar.systems.result import Diarization
from lightdiar.timeline import Annotation
from tests.lightdiar.report.test_many import two
from tests.lightdiar.report.test_recording import read


@pytest.fixture(scope="module")
def results(talk):
    found = {name: two(name, woman, 100 - woman) for name, woman in (("low", 10), ("half", 50), ("high", 90))}
    return Results({**found, "talk": talk}, {"gone.json": "No such file"})


def test_the_figures_in_english(results):
    said = read(folder_report(results))
    assert "Report of 4 recordings" in said
    assert "52% of the speaking time of women and men is heard in women's voices, on average over 4 recordings" in said
    assert "51% of 5 min 30 s of speech of women and men." in said  # (10 + 50 + 90 + 18) / 330
    assert re.search(r"Less than half 1 of 4; the whole interval lies on that side in [01]\.", said)
    assert "We had 4 recordings (6 min in all) heard by lightdiar" in said
    assert "1 file could not be used: gone.json : No such file" in said


def test_the_figures_in_french(results):
    said = read(folder_report(results, language="fr"))
    assert (
        "52 % du temps de parole des femmes et des hommes est entendu dans des voix de femmes, en moyenne sur 4 "
        in said
    )
    assert "1 fichier n'a pas pu être utilisé : gone.json : No such file" in said


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
    assert html.count("&lt;script&gt;") > 3


def test_it_asks_nobody_and_is_the_same_again(results):
    html = folder_report(results)
    assert not re.search(r"(?i)[a-z]+://", html)
    assert "script-src 'none'" in html
    assert html == folder_report(results)


def test_two_hundred_films_make_a_small_page(talk):
    found = {f"film{n}": replace(talk, annotation=Annotation(talk.turns, f"film{n}")) for n in range(200)}
    assert len(folder_report(Results(found)).encode()) < 500_000
