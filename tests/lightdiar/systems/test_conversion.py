import json
import random
import re

import pytest

from lightdiar.errors import FormatError
from lightdiar.io.formats import FORMATS
from lightdiar.io.lines import milliseconds, usual_form
from lightdiar.systems.conversion import read_recordings, read_turns, result_of, results_text, write_turns
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

TALK = Annotation([Turn(0.5, 2, "ann"), Turn(1, 3, "bob")], "talk")
RESULT = Diarization(TALK, [Speaker("ann", 1.5, 0.97), Speaker("bob", 2.0, 0.02)], 4.0)
# what some format gives a meaning: quotes, tags, escapes, formulas, comments, commas, other scripts and directions
SIGNS = [*"ab01<>&;:,.=+-@'\"\\{}()!?#%|/~^*_$`", "é", "ß", "日", "ж", "ع", "\U0001f600", "\xa0", "--> ", "&lt;", ";;"]


def random_name(rng):
    name = " ".join("".join(rng.choices(SIGNS, k=rng.randint(1, 6))) for _ in range(rng.choice((1, 1, 2))))
    return re.sub(r"(\s)\s+", r"\1", usual_form(name)).strip() or "x"


def random_annotation(rng):
    """Turns of whole milliseconds, of which any may overlap, by speakers with odd names that RTTM keeps apart."""
    names = {"_".join(name.split()): name for name in (random_name(rng) for _ in range(rng.randint(1, 5)))}
    turns = []
    for _ in range(rng.choice((0, 1, 5, 12))):
        start = rng.randint(0, rng.choice((3_000, 5_000_000)))
        end = start + rng.choice((1, rng.randint(1, 4000)))
        turns.append(Turn(start / 1000, end / 1000, rng.choice([*names.values()] or ["x"])))
    return Annotation(turns, "talk")


def in_milliseconds(annotation, *forms):
    """What must come back; RTTM has _ for white space in names."""
    turns = [(*milliseconds(turn), turn.speaker) for turn in annotation]
    return sorted((start, end, "_".join(name.split()) if "rttm" in forms else name) for start, end, name in turns)


def check_pairs(folder, seed, n_annotations):
    rng, n_pairs = random.Random(seed), 0

    def there_and_back(annotation, form):
        path = folder / f"talk{FORMATS[form].suffix}"
        path.write_text(results_text([result_of(annotation)], form), encoding="utf-8", newline="")
        (back,) = read_turns(path).values()
        assert back.recording == "talk"
        return back

    for _ in range(n_annotations):
        annotation = random_annotation(rng)
        for first in FORMATS:
            once = there_and_back(annotation, first)
            assert in_milliseconds(once) == in_milliseconds(annotation, first), first
            for second in FORMATS:
                twice = there_and_back(once, second)
                assert in_milliseconds(twice) == in_milliseconds(annotation, first, second), (first, second)
                n_pairs += 1
    return n_pairs


def test_random_annotations_go_through_every_pair_of_formats(tmp_path):
    assert check_pairs(tmp_path, 0, 4) == 4 * 64


@pytest.mark.slow
def test_many_random_annotations_go_through_every_pair_of_formats(tmp_path):
    assert check_pairs(tmp_path, 1, 40) == 40 * 64


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in ("json", "rttm")])
def test_a_name_that_no_line_can_hold_is_refused_by_every_format(form):
    with pytest.raises(ValueError, match=r"cannot hold the character U\+000A in the name 'ann\\nlee'. Rename the"):
        results_text([result_of(TALK.relabel({"ann": "ann\nlee"}))], form)


def test_methods_of_a_result_are_the_formats(tmp_path):
    for name, form in FORMATS.items():
        text = getattr(RESULT, f"to_{name}")()
        assert text == results_text([RESULT], name) and "ann" in text
        assert getattr(RESULT, f"to_{name}")(tmp_path / f"talk{form.suffix}") is None
        assert (tmp_path / f"talk{form.suffix}").read_bytes() == text.encode()
        assert read_turns(tmp_path / f"talk{form.suffix}") == {"talk": TALK}


def test_a_result_tells_its_genders_and_its_duration():
    assert RESULT.to_csv() == ("recording,start,end,speaker,gender\ntalk,0.500,2.000,ann,F\ntalk,1.000,3.000,bob,M\n")
    assert RESULT.to_textgrid().count("xmax = 4.000 ") == 5  # of the grid, of both tiers, of their last pauses


def test_genders_go_through_tables(tmp_path):
    speakers = [Speaker("ann", 1.5, 0.97), Speaker("bob", 2.0, 0.6, 0.99)]
    Diarization(TALK, speakers, 4.0).to_csv(tmp_path / "a.csv")
    found = read_recordings(tmp_path / "a.csv")["talk"]
    assert [(speaker.name, speaker.gender) for speaker in found.speakers] == [("ann", "F"), ("bob", "child")]
    assert found.to_csv() == (tmp_path / "a.csv").read_text()
    unknown = result_of(TALK)
    assert [speaker.gender for speaker in unknown.speakers] == ["uncertain", "uncertain"]
    assert json.loads(unknown.to_json())["duration"] == 3.0
    assert found.agreement is unknown.agreement is None


def test_a_json_is_read_with_all_that_it_says(tmp_path):
    RESULT.to_json(tmp_path / "a.json")
    assert read_recordings(tmp_path / "a.json") == {"talk": RESULT}


def test_several_recordings_in_one_file(tmp_path):
    news = Annotation([Turn(0, 1, "cy")], "news")
    for name in ("a.rttm", "a.csv"):
        write_turns(tmp_path / name, [TALK, news])
        assert read_turns(tmp_path / name) == {"talk": TALK, "news": news}
    assert (tmp_path / "a.csv").read_text().count("recording,") == 1
    with pytest.raises(ValueError, match="srt holds one recording, not 2; write a file for each, or use rttm or csv"):
        write_turns(tmp_path / "a.srt", [TALK, news])
    with pytest.raises(ValueError, match="srt holds one recording, not 0"):
        write_turns(tmp_path / "a.srt", [])
    assert not (tmp_path / "a.srt").exists()


def test_a_recording_without_a_name_has_that_of_its_file(tmp_path):
    for form in FORMATS.values():
        write_turns(tmp_path / f"my film{form.suffix}", Annotation(TALK.turns))
        assert list(read_turns(tmp_path / f"my film{form.suffix}")) == ["my_film"]


def test_nobody_speaks(tmp_path):
    for form in FORMATS.values():
        write_turns(tmp_path / f"talk{form.suffix}", Annotation((), "talk"))
        assert read_turns(tmp_path / f"talk{form.suffix}") == {"talk": Annotation((), "talk")}, form


def test_what_is_shorter_than_a_millisecond_is_left_out():
    result = result_of(Annotation([Turn(0, 0.0004, "ann"), Turn(1, 2, "bob")]))
    assert [speaker.name for speaker in result.speakers] == ["bob"] and len(result.turns) == 1


def test_tiers_are_of_textgrid_and_eaf(tmp_path):
    for name in ("a.TextGrid", "a.eaf"):
        write_turns(tmp_path / name, TALK)
        assert read_turns(tmp_path / name, tiers=["bob"])["a"].speakers == ["bob"]
        with pytest.raises(FormatError, match="is called cy; there is ann, bob"):
            read_turns(tmp_path / name, tiers=["cy"])
    write_turns(tmp_path / "a.srt", TALK)
    with pytest.raises(ValueError, match=r"a.srt: only .TextGrid and .eaf have tiers; leave them out."):
        read_turns(tmp_path / "a.srt", tiers=["ann"])
