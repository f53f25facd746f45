"""The page in a real browser, as somebody uses it: with a file, with a microphone, until the server ends."""

import base64
import json
import os
import re
import signal
import subprocess
import sys
from itertools import count

import numpy as np
import pytest

from lightdiar.io.audio import Audio, read, write
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn
from lightdiar.training.synthesis import VOICES, synthesize_conversation

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::lightdiar.errors.DoubtfulResultWarning"),  # here nobody takes note of them
]
SCRIPT = "<script>document.title='run'"
SOON = 20_000  # ms


@pytest.fixture(scope="module")
def speech(tmp_path_factory):
    """A conversation of half a minute between a man and a woman, in a file."""
    path = tmp_path_factory.mktemp("speech") / "film.wav"
    sound, _, _ = synthesize_conversation({name: VOICES[name] for name in ("Bruno", "Clara")}, n_turns=8, seed=5)
    write(path, sound)
    return path


@pytest.fixture(scope="module")
def listening_browser(start_browser, speech):
    """A browser whose microphone hears the conversation, again and again."""
    return start_browser(
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={speech}",
    )


@pytest.fixture
def open_page():
    """A function that opens an address in a browser and gives the page, what its console says and where it asks."""
    contexts = []

    def open_(browser, address, **options):
        contexts.append(browser.new_context(**options))
        shown = contexts[-1].new_page()
        shown.set_default_timeout(SOON)
        shown.said, shown.asked = [], []
        shown.on("console", lambda message: shown.said.append(message.text))
        shown.on("pageerror", lambda error: shown.said.append(str(error)))
        shown.on("request", lambda request: shown.asked.append(request.url))
        shown.goto(address)
        return shown

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def show(page, open_page):
    """A function that opens the page in a browser."""
    return lambda browser, **options: open_page(browser, page.door.address, **options)


@pytest.fixture
def doubtful(monkeypatch):
    """A diarizer that is not sure: of how many people, nor of one of them."""
    names = ["SPEAKER_00", "SPEAKER_01", "SPEAKER_02"]
    speakers = [Speaker(name, 10.0, p_female) for name, p_female in zip(names, (0.99, 0.01, 0.6))]
    turns = Annotation([Turn(10 * place, 10 * place + 10, name) for place, name in enumerate(names)])

    class Doubtful:
        def __init__(self, num_speakers):
            pass

        def predict(self, path, progress):
            return Diarization(turns, speakers, duration=30.0, agreement=0.6)

    monkeypatch.setattr("lightdiar.page.session.Diarizer", Doubtful)


@pytest.fixture
def command():
    """`lightdiar page` as a process, and its address."""
    arguments = [sys.executable, "-m", "lightdiar", "page", "--no-browser", "--language", "fr"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.address = process.stdout.readline().split()[0]
        yield process
        end(process)


def end(process):
    """Ctrl-C in its terminal; on Windows, where tests share theirs, its end."""
    if process.poll() is None:
        process.terminate() if os.name == "nt" else process.send_signal(signal.SIGINT)


def saved(page, label):
    """The text of the file that a button saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def asked_nobody_else(page):
    own = re.match(r"http://127\.0\.0\.1:\d+/", page.url)[0]
    return all(url.startswith((own, "blob:", "data:")) for url in page.asked)


def faults(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page).response["violations"]
    return [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")]


def test_a_file_is_dropped_corrected_played_and_saved(browser, show, speech):
    page = show(browser, viewport={"width": 1600, "height": 900})
    assert page.title() == "Who speaks?"
    drop = """(base64) => {
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        const carried = new DataTransfer();
        carried.items.add(new File([bytes], "my <b>film.wav"));
        document.getElementById("drop").dispatchEvent(
          new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
      }"""
    page.evaluate(drop, base64.b64encode(speech.read_bytes()).decode())
    headline = page.locator("#headline")
    headline.wait_for()
    assert "ne woman's voice and one man's voice" in headline.inner_text()
    assert "my <b>film.wav" in page.locator("#which").inner_text()
    assert page.evaluate("document.activeElement.id") == "headline"

    slider = page.locator(".ld-slider")
    slider.click(position={"x": slider.bounding_box()["width"] / 2, "y": 10})
    page.get_by_role("button", name="Pause").wait_for()
    assert 12 < float(slider.get_attribute("aria-valuenow")) < 22  # of 30 s: it has jumped to the middle
    page.get_by_role("button", name="Pause").click()

    name = page.get_by_role("textbox", name="Name of SPEAKER_00")
    name.fill(SCRIPT)
    name.press("Tab")
    page.get_by_role("textbox", name=f"Name of {SCRIPT}").wait_for()
    page.get_by_role("combobox", name=f"Voice of {SCRIPT}").select_option("child")
    page.locator("#headline", has_text="child's voice").wait_for()
    assert "What you set by hand is taken as certain." in page.locator("#doubts").inner_text()
    assert page.locator(".ld-who").first.inner_text() == SCRIPT
    assert page.title() == "Who speaks?"

    title, text = saved(page, "JSON")
    assert title.endswith(".json")
    assert json.loads(text)["speakers"][0]["speaker"] == SCRIPT
    assert json.loads(text)["speakers"][0]["gender"] == "child"
    title, text = saved(page, "Report")
    assert title.endswith(".html") and b"<script>document.title" not in text and b"data:audio/flac" in text
    page.get_by_role("button", name="Undo all corrections").click()
    page.get_by_role("textbox", name="Name of SPEAKER_00").wait_for()
    assert page.said == [] and asked_nobody_else(page)


def test_what_is_doubtful_is_said(browser, show, doubtful, speech):
    page = show(browser)
    page.locator("#sound").set_input_files(speech)
    page.locator("#doubts li").first.wait_for()
    assert page.locator("#headline").inner_text() == "It sounds like 2 women's voices and one man's voice."
    doubts = page.locator("#doubts li").all_inner_texts()
    assert doubts[0].startswith("The number of voices is not sure: 3 of 5 ways of counting find it.")
    assert all(re.search(r"with a probability of \d\d%\.$", doubt) for doubt in doubts[1:3])
    assert doubts[3:] == ["Of one voice it is not sure whether it is a woman's or a man's."]
    page.get_by_role("combobox", name="Voice of SPEAKER_02").select_option("F")
    page.locator("#doubts", has_text="What you set by hand is taken as certain.").wait_for()
    assert "true share lies between" in page.locator("#share").inner_text()
    page.get_by_role("textbox", name="Name of SPEAKER_02").fill("SPEAKER_00")
    page.get_by_role("textbox", name="Name of SPEAKER_02").press("Tab")
    page.locator("#doubts", has_text="The number of voices is taken as you gave it.").wait_for()
    assert "ne woman's voice and one man's voice" in page.locator("#headline").inner_text()


def test_what_is_wrong_with_a_name_is_said_at_its_field_until_it_is_right(browser, show, doubtful, speech, tmp_path):
    page = show(browser)
    page.locator("#sound").set_input_files(speech)
    name = page.get_by_role("textbox", name="Name of SPEAKER_00")
    name.evaluate("field => { field.maxLength = 200; }")
    name.fill("x" * 101)
    name.press("Tab")
    page.locator("tr", has=name).get_by_role("alert").wait_for()
    assert page.locator("#wrong").inner_text() == "The name has 101 characters; at most 100 are possible."
    assert (name.get_attribute("aria-describedby"), name.input_value()) == ("wrong", "x" * 101)
    name.fill("[Ann]   Lee")
    name.press("Tab")
    name = page.get_by_role("textbox", name="Name of [Ann] Lee")
    name.wait_for()
    assert page.locator("#wrong").count() == 0

    page.get_by_role("button", name="SRT").click()
    assert page.locator("#unsaved").inner_text().endswith("change the name above, or save in another format.")
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    page.locator("#sound").set_input_files(tmp_path / "notes.txt")
    page.locator("#problem", has_text="notes.txt: ").wait_for()
    name.fill("Ann")
    name.press("Tab")
    page.get_by_role("textbox", name="Name of Ann").wait_for()
    assert page.locator("#problem").is_hidden() and page.locator("#unsaved").is_hidden()


def test_a_voice_is_recorded_and_the_recording_saved(listening_browser, show, tmp_path):
    page = show(listening_browser, permissions=["microphone"], viewport={"width": 400, "height": 800})
    page.locator("#drop").get_by_role("button", name="Record").click()
    page.locator("#drop .clock", has_text="0:05").wait_for()
    page.locator("#drop").get_by_role("button", name="Stop").click()
    page.locator("#headline").wait_for()
    assert "recording 1.wav, 0:0" in page.locator("#which").inner_text()
    _, content = saved(page, "Sound")
    (tmp_path / "sound.wav").write_bytes(content)
    sound = read(tmp_path / "sound.wav")
    assert 4.5 < sound.duration < 9 and np.abs(sound.samples).max() > 0.02
    _, text = saved(page, "RTTM")
    assert text.startswith(b"SPEAKER recording_1 1 ")
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    assert faults(page) == []
    assert page.said == [] and asked_nobody_else(page)


def test_people_are_enrolled_by_voice_with_consent_and_asked_about(listening_browser, show, people, tmp_path):
    page = show(listening_browser, permissions=["microphone"], color_scheme="dark")
    enrol, problem = page.locator("#enrol"), page.locator("#enrol-problem")
    enrol.get_by_role("button", name="Record").click()
    assert problem.inner_text() == "First write the name."
    page.get_by_label("Name", exact=True).fill("Zoë")
    enrol.get_by_role("button", name="Record").click()
    assert problem.inner_text() == "First ask the person, and tick the box."
    page.get_by_label("This person has agreed").check()
    enrol.get_by_role("button", name="Record").click()
    enrol.locator(".clock", has_text="0:05").wait_for()
    enrol.get_by_role("button", name="Stop").click()
    page.locator("#known", has_text="Zoë").wait_for()

    for number, name in zip(count(), ("Adam", "Emil")):
        write(tmp_path / f"{name}.wav", Audio(people[name][0].samples, 16000))
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("This person has agreed").check()
        with page.expect_file_chooser() as chooser:
            page.locator("#person-sound").click()
        page.get_by_label("This person has agreed").uncheck()  # while the file is being chosen
        chooser.value.set_files(tmp_path / f"{name}.wav")
        assert problem.inner_text() == "First ask the person, and tick the box."
        page.get_by_label("This person has agreed").check()
        page.locator("#person-sound").set_input_files(tmp_path / f"{name}.wav")
        page.locator("#known strong").nth(number + 1).wait_for()
    write(tmp_path / "who.wav", Audio(people["Emil"][1].samples, 16000))
    page.locator("#question-sound").set_input_files(tmp_path / "who.wav")
    assert page.locator("#answer .answer").inner_text() == "It is probably Emil."
    page.get_by_label("Ask about").select_option("Adam")
    page.locator("#question-sound").set_input_files(tmp_path / "who.wav")
    page.locator("#answer", has_text="No, that is probably somebody else").wait_for()
    assert faults(page) == []

    title, content = saved(page, "Save the voices")
    assert title == "class.voices"
    (tmp_path / title).write_bytes(content)
    page.get_by_role("button", name="Forget Zoë").click()
    page.locator("#people-said", has_text="Zoë is forgotten.").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#voices").set_input_files(tmp_path / title)
    page.locator("#known", has_text="Zoë").wait_for()
    assert page.locator("#known strong").all_inner_texts() == ["Zoë", "Adam", "Emil"]
    assert page.said == [] and asked_nobody_else(page)


def test_what_is_wrong_is_said_and_the_page_outlives_its_server(browser, open_page, command, speech, tmp_path):
    page = open_page(browser, command.address, viewport={"width": 400, "height": 800})
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    page.locator("#sound").set_input_files(tmp_path / "notes.txt")
    page.locator("#problem", has_text="notes.txt\xa0: c'est un texte, pas un son").wait_for()
    assert page.locator("#result").is_hidden()
    page.locator("#sound").set_input_files(speech)
    page.locator("#headline").wait_for()
    assert page.locator("#problem").is_hidden()
    page.get_by_role("link", name="English").click()
    page.locator("#headline", has_text="voice").wait_for()  # what was found is still there
    assert page.said == []

    end(command)
    stopped = page.get_by_role("alert").filter(has_text="lightdiar has stopped.")
    stopped.wait_for()
    assert command.wait(10) == 0 or os.name == "nt"
    assert page.locator("#sound").is_disabled()
    title, text = saved(page, "RTTM")  # nothing is lost
    assert title == "film.rttm" and text.startswith(b"SPEAKER film 1 ")
    assert faults(page) == []
    assert "Traceback" not in command.stderr.read()
