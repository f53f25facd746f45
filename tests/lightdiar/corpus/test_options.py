import json

import pytest

from lightdiar._version import __version__
from lightdiar.corpus.options import Options, difference
from lightdiar.systems.diarizer import Diarizer
from lightdiar.systems.settings import PRESETS, Settings


def test_a_diarizer_has_these_options():
    options = Options(min_speakers=2, channels="mix", settings=PRESETS["phone"], method="untrained", track=2, end=60.0)
    wanted = Diarizer(min_speakers=2, channels="mix", settings=PRESETS["phone"], method="untrained")
    assert repr(options.diarizer()) == repr(wanted)
    assert options.heard() == {"raw_rate": None, "track": 2, "start": 0.0, "end": 60.0}


def test_by_default_it_is_the_usual_one():
    assert repr(Options().diarizer()) == "Diarizer()"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"num_speakers": 0}, ValueError, "num_speakers=0 must be an integer of at least 1"),
        ({"start": 5, "end": 4}, ValueError, "need 0 <= start < end"),
        ({"track": 0}, ValueError, "track"),
        ({"voices": object()}, TypeError, "voices must be the path of a file"),
        ({"colour": 1}, TypeError, "colour"),
    ],
)
def test_impossible_options_are_told(options, error, message):
    with pytest.raises(error, match=message):
        Options(**options).diarizer()


def test_all_that_results_depend_on_is_described():
    described = json.loads(json.dumps(Options(min_speakers=2).described()))
    assert (described["layout"], described["lightdiar"]) == (1, __version__)
    assert described["options"]["min_speakers"] == 2
    assert sorted(described["models"]) == ["parameters", "reliability", "voices"]
    assert all(len(checksum) == 64 for checksum in described["models"].values())


def test_people_are_described_by_what_their_file_holds(tmp_path):
    one, copy, other = (tmp_path / name for name in ("a.voices", "b.voices", "c.voices"))
    one.write_bytes(b"ann")
    copy.write_bytes(b"ann")
    other.write_bytes(b"bob")
    same, again, others = (Options(voices=path).described() for path in (one, copy, other))
    assert same == again
    assert difference(same, others) == "the file of voices is another"
    assert str(tmp_path) not in json.dumps(same)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, ""),
        ({"min_speakers": 2}, "min_speakers was None, is 2"),
        ({"settings": Settings(speech_bias=0.9, pause=0.5)}, "speech_bias was 0.0, is 0.9, pause was 1.0, is 0.5"),
        ({"track": "fr", "end": 9.0}, "track was None, is 'fra', end was None, is 9.0"),
    ],
)
def test_differences_are_told_in_words(change, told):
    assert difference(Options().described(), Options(**change).described()).startswith(told)
    assert bool(difference(Options().described(), Options(**change).described())) == bool(change)
