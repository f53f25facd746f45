"""The reports in a real browser: they open, play, ask nobody, and can be read by everybody."""

from dataclasses import replace

import numpy as np
import pytest

from lightdiar.events.result import SoundEvents
from lightdiar.io.audio import Audio, write
from lightdiar.report.folder import folder_report
from lightdiar.report.recording import recording_report
from lightdiar.report.results import Results
from lightdiar.report.sound import sound_for
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Event, Turn
from tests.lightdiar.report.test_many import two

pytestmark = pytest.mark.slow
NASTY = "<img src=x onerror=document.title='run'>"
SOUNDS = SoundEvents([Event(30, 45, "music", 0.8), Event(2, 3, NASTY)], ("music", NASTY, "water"), 60.0)


@pytest.fixture(scope="module")
def pages(tmp_path_factory, talk, film):
    """Files of reports: with sound in the page and beside it, without sound, of many, of nothing."""
    folder = tmp_path_factory.mktemp("reports")
    sound = folder / "talk 1.wav"
    write(sound, Audio(0.1 * np.sin(np.arange(60 * 16000) / 5), 16000))
    found = {"talk": talk, NASTY: two(NASTY, 20, 30), "c": two("c", 40, 30), "film": film}
    texts = {
        "embedded": recording_report(talk, sound=sound_for(sound, folder / "embedded.html", duration=60.0)),
        "beside": recording_report(
            talk, language="fr", sound=sound_for(sound, folder / "beside.html", 60.0, "beside"), events=SOUNDS
        ),
        "film": recording_report(film, language="fr"),
        "many": folder_report(Results(found, {NASTY: NASTY}), pages={"talk": "beside.html"}),
        "lost": recording_report(talk, sound=sound_for(folder / "gone.wav", folder / "lost.html", 60.0, "beside")),
        "clip": recording_report(
            replace(talk, annotation=Annotation(talk.turns[:3]), speakers=talk.speakers[:2], duration=22.0)
        ),
        "nothing": recording_report(Diarization(Annotation([]), [], 5.0)),
        "nasty": recording_report(Diarization(Annotation([Turn(0, 5, NASTY)]), [Speaker(NASTY, 5.0, 0.9)], 5.0)),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8", newline="\n")
    return {name: (folder / f"{name}.html").as_uri() for name in texts}


@pytest.fixture
def open_page(browser, pages):
    """A function that opens a report and gives the page, what its console said, and what it asked for."""
    contexts = []

    def open_(name, width=1000, **options):
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, **options))
        page = contexts[-1].new_page()
        said, asked = [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(pages[name.partition("#")[0]] + "".join(name.partition("#")[1:]))
        return page, said, asked

    yield open_
    for context in contexts:
        context.close()


def wait(page, condition):
    """Wait until a condition on the sound holds; the page forbids the `eval` with which playwright would wait."""
    for _ in range(200):
        if page.evaluate(f"(() => {{ const sound = document.getElementById('sound'); return {condition}; }})()"):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"{condition} never held")


def _middle(page, row):
    """Where a row lies on the timeline, from its top."""
    place = page.locator(".ld-row").nth(row).bounding_box()
    return place["y"] + place["height"] / 2 - page.locator(".ld-slider").bounding_box()["y"]


NAMES = ("embedded", "beside", "film", "many", "nothing", "nasty")


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_at_every_width_and_asks_nobody(open_page, name):
    page, said, asked = open_page(name)
    for width in (400, 800, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.title() != "run"
    assert said == []
    assert all(url.startswith(("file:", "data:")) for url in asked)
    assert len([url for url in asked if url.startswith("file:")]) == (2 if name == "beside" else 1)


@pytest.mark.parametrize(
    ("name", "scheme"), [("embedded", "light"), ("beside", "dark"), ("many", "dark"), ("many", "light")]
)
def test_no_serious_fault_of_accessibility(open_page, name, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page, _, _ = open_page(name, 400 if name == "beside" else 1000, color_scheme=scheme)
    found = axe.Axe().run(page).response["violations"]
    serious = [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")]
    assert serious == []


@pytest.mark.parametrize(("name", "row"), [("embedded", 0), ("beside", 4)])
def test_a_click_on_the_timeline_plays_from_there(open_page, name, row):
    """Also on a row of sounds, below those of the speakers."""
    page, said, _ = open_page(name)
    wait(page, "sound.readyState >= 1")
    assert page.evaluate("document.getElementById('sound').duration") == pytest.approx(60.0, abs=0.1)
    slider = page.locator(".ld-slider")
    box = slider.bounding_box()
    slider.click(position={"x": box["width"] / 2, "y": _middle(page, row)})
    wait(page, "sound.currentTime > 30.2")
    assert page.evaluate("document.getElementById('sound').currentTime") < 33
    page.locator(".ld-play").click()
    assert page.evaluate("document.getElementById('sound').paused")
    assert said == []


def test_a_place_to_listen_to_plays_and_stops(open_page):
    page, _, _ = open_page("embedded")
    wait(page, "sound.readyState >= 1")
    page.locator("[data-play]").first.click()
    wait(page, "sound.currentTime > 0.1")
    page.evaluate("document.getElementById('sound').currentTime = 18.9")
    wait(page, "sound.paused")
    assert page.evaluate("document.getElementById('sound').currentTime") == pytest.approx(19.0, abs=0.3)


def test_the_keyboard_alone_goes_from_turn_to_turn(open_page):
    page, _, _ = open_page("film")
    slider = page.get_by_role("slider", name="Qui parle quand")
    slider.focus()
    values = []
    for key in ("Home", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowRight", "End"):
        page.keyboard.press(key)
        values.append(float(slider.get_attribute("aria-valuenow")))
    turns = page.evaluate("JSON.parse(document.getElementById('data').textContent).data.turns")
    first, second = turns[0][0], turns[1][0]
    assert values == pytest.approx([0, first, second, first, first + 5, 7200], abs=0.02)
    assert slider.get_attribute("aria-valuetext") == "2:00:00, personne ne parle"


def test_zoom_keeps_the_page_in_its_width(open_page):
    page, _, _ = open_page("film", 400)
    wide = page.locator(".ld-slider").bounding_box()["width"]
    for _ in range(2):
        page.get_by_role("button", name="Agrandir").click()
    assert page.locator(".ld-slider").bounding_box()["width"] == pytest.approx(4 * wide, rel=0.01)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


@pytest.mark.parametrize("name", NAMES)
def test_no_table_is_cut_off(open_page, name):
    page, _, _ = open_page(name)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    for width in (400, 700, 1000):
        page.set_viewport_size({"width": width, "height": 800})
        tables = "[...document.querySelectorAll('.table')].filter((table) => table.scrollWidth > table.clientWidth)"
        assert page.evaluate(f"{tables}.map((table) => table.ariaLabel)") == []


def test_on_a_telephone_each_figure_stands_below_its_heading(open_page):
    page, _, _ = open_page("many", 400)
    cell = page.locator("#all tbody tr").first.locator("td.number").first
    assert cell.evaluate("(cell) => getComputedStyle(cell, '::before').content") == '"women\'s share"'
    page.set_viewport_size({"width": 1000, "height": 800})
    assert cell.evaluate("(cell) => getComputedStyle(cell, '::before').content") == "none"


def test_zoom_stands_beside_the_clock_on_a_telephone_and_the_name_below(open_page):
    page, _, _ = open_page("beside#t=33.5", 400)
    assert page.locator(".ld-now").bounding_box()["width"] > 350
    tops = [page.locator(part).bounding_box()["y"] for part in (".ld-play", ".ld-zoom >> nth=0", ".ld-zoom >> nth=1")]
    assert max(tops) - min(tops) < 5


def test_the_axis_goes_to_the_end(open_page):
    page, _, _ = open_page("clip")
    assert page.locator(".ld-tick").all_inner_texts() == ["0:00", "0:05", "0:10", "0:15", "0:20"]


def test_a_link_with_a_time_opens_there(open_page):
    page, _, _ = open_page("beside#t=33.5")
    assert page.locator(".ld-clock").inner_text() == "0:33 / 1:00"
    assert page.locator(".ld-now").inner_text() == "Carl \u00b7 musique"
    slider = page.get_by_role("slider")
    assert slider.get_attribute("aria-valuetext") == "0:33, Carl, musique"
    names = page.locator(".ld-sound .ld-name").all_inner_texts()
    assert names == ["musique", NASTY]
    slider.hover(position={"x": slider.bounding_box()["width"] * 40 / 60, "y": _middle(page, 3)})
    assert slider.get_attribute("title") == "musique 0:30\u20130:45"


def test_a_sound_that_is_gone_is_said(open_page):
    page, _, _ = open_page("lost")
    page.locator("#lost").wait_for(state="visible")
    assert page.locator("#lost").inner_text().startswith("The sound cannot be played: gone.wav is not where")
