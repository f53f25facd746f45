import pytest

from lightdiar.datasets.manifest import manifest
from lightdiar.datasets.rows import Conversation
from lightdiar.errors import FormatError
from lightdiar.io.rttm import read_rttm
from lightdiar.timeline import Turn

HEAD = '<?xml version="1.0" encoding="ISO-8859-1" standalone="yes"?>\n'
NITE = 'xmlns:nite="http://nite.sourceforge.net/"'
MEETINGS = f"""{HEAD}<nite:root nite:id="meet.00" {NITE}>
  <meeting nite:id="meet_1" observation="ES2002a" duration="4" type="scenario">
    <speaker nite:id="ES2002a_2" channel="1" nxt_agent="B" global_name="FEE005" role="PM"/>
    <speaker nite:id="ES2002a_1" channel="0" nxt_agent="A" global_name="MEE006" role="ID"/>
  </meeting>
  <meeting nite:id="meet_2" observation="ES2002b"><speaker nxt_agent="A" global_name="FEE005"/></meeting>
</nite:root>
"""
WORDS_A = f"""{HEAD}<nite:root nite:id="ES2002a.A.words" {NITE}>
  <w nite:id="ES2002a.A.words0" starttime="0.5" endtime="0.8">Hi</w>
  <w nite:id="ES2002a.A.words1" starttime="0.8" endtime="0.8" punc="true">,</w>
  <w nite:id="ES2002a.A.words2" starttime="0.8" endtime="1.25">I'm</w>
  <vocalsound nite:id="ES2002a.A.words3" starttime="1.25" endtime="1.5" type="laugh"/>
  <w nite:id="ES2002a.A.words4" starttime="1.5" endtime="2">David</w>
  <w nite:id="ES2002a.A.words6" starttime="2.5" endtime="2.75" punc="true">.</w>
  <w nite:id="ES2002a.A.words5">whenever</w>
</nite:root>
"""
WORDS_B = f"""{HEAD}<nite:root nite:id="ES2002a.B.words" {NITE}>
  <w nite:id="ES2002a.B.words0" starttime="1" endtime="3">Okay</w>
</nite:root>
"""


def meeting(**more):
    return {
        "amicorpus/ES2002a/audio/ES2002a.Mix-Headset.wav": 4,
        "amicorpus/ES2002a/audio/ES2002a.Array1-01.wav": 4,
        "amicorpus/ES2002a/audio/ES2002a.Headset-0.wav": 4,
        "ami_public_manual_1.6.2/corpusResources/meetings.xml": MEETINGS,
        "ami_public_manual_1.6.2/words/ES2002a.A.words.xml": WORDS_A,
        "ami_public_manual_1.6.2/words/ES2002a.B.words.xml": WORDS_B,
    } | more


def test_words_without_pauses_are_turns_of_people_with_names(dataset, reasons, tmp_path):
    folder = dataset(meeting())
    found = manifest(folder, extract=tmp_path / "m")
    sound = folder / "amicorpus/ES2002a/audio/ES2002a.Mix-Headset.wav"
    assert found.kind == "ami"
    assert found.rows == (Conversation(sound, tmp_path / "m/ES2002a.rttm", 2, 4.0, "en"),)
    turns = read_rttm(tmp_path / "m/ES2002a.rttm")["ES2002a"].turns
    assert turns == (Turn(0.5, 1.25, "MEE006"), Turn(1.0, 3.0, "FEE005"), Turn(1.5, 2.0, "MEE006"))
    assert reasons(found) == {
        "amicorpus/ES2002a/audio/ES2002a.Array1-01.wav": "another microphone of its meeting is taken",
        "amicorpus/ES2002a/audio/ES2002a.Headset-0.wav": "the microphone of one person",
    }


def test_rttm_comes_first_and_nothing_is_written_then(dataset, tmp_path):
    rttm = "SPEAKER ES2002a 1 0.5 1.0 <NA> <NA> MEE006 <NA> <NA>\n"
    folder = dataset(meeting(**{"rttms/dev/ES2002a.rttm": rttm}))
    (row,) = manifest(folder, extract=tmp_path / "m").rows
    assert (row.rttm, row.speakers) == (folder / "rttms/dev/ES2002a.rttm", 1)
    assert not (tmp_path / "m").exists()


def test_without_a_mix_an_array_is_taken(dataset, tmp_path):
    files = {name: content for name, content in meeting().items() if "Mix" not in name}
    files["amicorpus/ES2002a/audio/ES2002a.Array1-02.wav"] = 4
    (row,) = manifest(dataset(files), extract=tmp_path / "m").rows
    assert row.path.name == "ES2002a.Array1-01.wav"


def test_a_folder_for_the_turns_is_needed_and_must_be_new(dataset, tmp_path):
    folder = dataset(meeting())
    with pytest.raises(ValueError, match="set: holds turns in XML; name a new folder for what is in there: extract="):
        manifest(folder)
    (tmp_path / "m").mkdir()
    (tmp_path / "m/mine.txt").touch()
    with pytest.raises(FileExistsError, match="m: is there already; to unpack turns in XML, remove it"):
        manifest(folder, extract=tmp_path / "m")


def test_a_wrong_time_is_refused_with_the_line(dataset, tmp_path):
    words = WORDS_A.replace('starttime="1.5"', 'starttime="later"')
    folder = dataset(meeting(**{"ami_public_manual_1.6.2/words/ES2002a.A.words.xml": words}))
    with pytest.raises(FormatError, match="ES2002a.A.words.xml:7: later is not a number of seconds"):
        manifest(folder, extract=tmp_path / "m")


def test_what_is_not_placed_is_not_written(dataset, tmp_path):
    folder = dataset(meeting(**{"amicorpus/ES2002a/audio/ES2002a.Mix-Headset.wav": b"no sound"}))
    with pytest.raises(ValueError, match="nothing could be placed as ami"):
        manifest(folder, extract=tmp_path / "m")
    assert not (tmp_path / "m").exists()
