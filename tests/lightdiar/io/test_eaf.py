import re
import warnings
import xml.etree.ElementTree as ElementTree

import pytest

from lightdiar.errors import FormatError
from lightdiar.io.eaf import eaf_text, read_eaf, says_more
from lightdiar.timeline import Annotation, Turn

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pympi.Elan import Eaf

TALK = Annotation([Turn(0.5, 2, "ann & <b>"), Turn(1, 3, '"bob"'), Turn(2, 3.25, "ann & <b>")], "talk")
TEXT = """\
<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="1970-01-01T00:00:00+00:00" FORMAT="3.0" VERSION="3.0" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>
    <TIME_ORDER>
        <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="500"/>
        <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="1000"/>
        <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="2000"/>
        <TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="2000"/>
        <TIME_SLOT TIME_SLOT_ID="ts5" TIME_VALUE="3000"/>
        <TIME_SLOT TIME_SLOT_ID="ts6" TIME_VALUE="3250"/>
    </TIME_ORDER>
    <TIER LINGUISTIC_TYPE_REF="default-lt" PARTICIPANT="ann &amp; &lt;b&gt;" TIER_ID="ann &amp; &lt;b&gt;">
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts3">
                <ANNOTATION_VALUE>ann &amp; &lt;b&gt;</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts4" TIME_SLOT_REF2="ts6">
                <ANNOTATION_VALUE>ann &amp; &lt;b&gt;</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="default-lt" PARTICIPANT='"bob"' TIER_ID='"bob"'>
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts5">
                <ANNOTATION_VALUE>"bob"</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>
"""
# who speaks, a translation of what is said, and gestures
TIERS = (
    '<ANNOTATION_DOCUMENT><TIME_ORDER><TIME_SLOT TIME_SLOT_ID="x" TIME_VALUE="0"/>'
    '<TIME_SLOT TIME_SLOT_ID="y" TIME_VALUE="1500"/><TIME_SLOT TIME_SLOT_ID="z"/></TIME_ORDER>\n{}'
    '<TIER TIER_ID="words" PARENT_REF="a"><ANNOTATION>'
    '<ALIGNABLE_ANNOTATION TIME_SLOT_REF1="x" TIME_SLOT_REF2="z"/></ANNOTATION></TIER></ANNOTATION_DOCUMENT>'
)
TIER = '<TIER {}><ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="{}" TIME_SLOT_REF2="{}"/></ANNOTATION></TIER>\n'
ANN = TIER.format('TIER_ID="a" PARTICIPANT="Ann"', "x", "y")


def test_eaf_to_the_letter(text_file):
    assert eaf_text(TALK) == TEXT
    assert read_eaf(text_file(TEXT)) == {"file": Annotation(TALK.turns, "file")}


@pytest.mark.parametrize(
    ("units", "end"), [("milliseconds", 1.5), ("PAL-frames", 60.0), ("PAL-50-frames", 30.0), ("NTSC-frames", 50.05)]
)
def test_times_are_read_in_their_units(text_file, units, end):
    text = TIERS.format(ANN).replace("<TIME_ORDER>", f'<HEADER TIME_UNITS="{units}"/><TIME_ORDER>')
    (turn,) = read_eaf(text_file(text))["file"]
    assert (turn.start, turn.end) == (0, pytest.approx(end))


def test_unknown_units_of_time_are_told(text_file):
    path = text_file(TIERS.format(ANN).replace("<TIME_ORDER>", '<HEADER TIME_UNITS="s"/><TIME_ORDER>'))
    with pytest.raises(FormatError) as caught:
        read_eaf(path)
    units = "milliseconds, PAL-frames, PAL-50-frames, NTSC-frames"
    assert str(caught.value) == f"{path}:1: TIME_UNITS must be one of {units}, not s"


def test_pympi_reads_the_same_tiers(text_file):
    found = Eaf(str(text_file(eaf_text(TALK))))
    assert list(found.tiers) == ["ann & <b>", '"bob"']
    assert found.get_annotation_data_for_tier("ann & <b>") == [(500, 2000, "ann & <b>"), (2000, 3250, "ann & <b>")]
    assert found.get_annotation_data_for_tier('"bob"') == [(1000, 3000, '"bob"')]
    assert found.get_parameters_for_tier('"bob"')["PARTICIPANT"] == '"bob"'


def test_what_pympi_writes_is_read(tmp_path):
    made = Eaf()
    made.remove_tier("default")
    made.add_tier("speech of ann", part="ann")
    made.add_annotation("speech of ann", 500, 2000, "hello")
    made.add_tier("bob")
    made.add_annotation("bob", 1000, 3000, "")
    made.to_file(str(tmp_path / "made.eaf"))
    assert read_eaf(tmp_path / "made.eaf") == {"made": Annotation([Turn(0.5, 2, "ann"), Turn(1, 3, "bob")], "made")}


def test_turns_of_one_speaker_that_overlap_have_tiers_of_their_own(text_file):
    annotation = Annotation([Turn(0, 2, "ann"), Turn(1, 3, "ann"), Turn(5, 6, "ann-2"), Turn(1.5, 2.5, "ann")], "file")
    text = eaf_text(annotation)
    tiers = [(tier.get("TIER_ID"), tier.get("PARTICIPANT")) for tier in ElementTree.fromstring(text).iter("TIER")]
    assert tiers == [("ann", "ann"), ("ann-3", "ann"), ("ann-4", "ann"), ("ann-2", "ann-2")]
    assert read_eaf(text_file(text)) == {"file": annotation}


def test_nobody_is_a_tier_without_turns(text_file):
    text = eaf_text(Annotation())
    assert [tier.get("TIER_ID") for tier in ElementTree.fromstring(text).iter("TIER")] == ["default"]
    assert read_eaf(text_file(text)) == {"file": Annotation((), "file")}


def test_tiers_are_chosen(text_file):
    path = text_file(TIERS.format(ANN + TIER.format('TIER_ID="gestures"', "x", "y")))
    assert read_eaf(path)["file"].speakers == ["Ann", "gestures"]
    for name in ("a", "Ann"):  # the tier, and who speaks on it
        assert read_eaf(path, [name])["file"] == Annotation([Turn(0, 1.5, "Ann")], "file")
    with pytest.raises(FormatError) as caught:
        read_eaf(path, ["Bob"])
    assert str(caught.value) == f"{path}:1: no tier is called Bob; there is a (Ann), gestures, words"


def test_a_speaker_stands_for_tiers_without_a_parent(text_file):
    path = text_file(
        TIERS.format(ANN)
        .replace('"words"', '"words" PARTICIPANT="Ann"')
        .replace('"z"/></TIME', '"z" TIME_VALUE="9"/></TIME')
    )
    assert read_eaf(path, ["Ann"])["file"] == Annotation([Turn(0, 1.5, "Ann")], "file")
    assert read_eaf(path, ["words"])["file"] == Annotation([Turn(0, 0.009, "Ann")], "file")


def test_what_annotations_say_beside_names(text_file):
    path = text_file(eaf_text(TALK))
    assert not says_more(path)
    path = text_file(TEXT.replace('<ANNOTATION_VALUE>"bob"', "<ANNOTATION_VALUE>hello &amp; good day"))
    assert says_more(path) and says_more(path, ['"bob"']) and not says_more(path, ["ann & <b>"])


def test_elan_finds_the_sound_beside_the_file(text_file):
    found = Eaf(str(text_file(eaf_text(TALK, "my <film> & more.WAV"))))
    assert found.get_linked_files() == [
        {
            "MEDIA_URL": "./my <film> & more.WAV",
            "MIME_TYPE": "audio/x-wav",
            "RELATIVE_MEDIA_URL": "./my <film> & more.WAV",
        }
    ]
    assert read_eaf(text_file(eaf_text(TALK, "\x01film"))) == {"file": Annotation(TALK.turns, "file")}
    assert 'MIME_TYPE="unknown"' in eaf_text(TALK, "film.opus")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_encodings_are_those_that_xml_tells(text_file, encoding):
    said = '<?xml version="1.0" encoding="ISO-8859-1"?>' if encoding == "latin-1" else ""
    path = text_file(said + TIERS.format(ANN.replace("Ann", "Zo\u00eb")), encoding)
    assert read_eaf(path)["file"].speakers == ["Zo\u00eb"]


BOMB = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]>'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<ANNOTATION_DOCUMENT/>", "1: a tier is needed for each speaker; there is none"),
        ("hello", "1: not XML that can be read: syntax error"),
        ("", "1: not XML that can be read: no element found"),
        ("<html>\n</html>", "1: EAF begins with ANNOTATION_DOCUMENT, not html"),
        ("<ANNOTATION_DOCUMENT>\n<a>", "2: not XML that can be read: no element found"),
        (f"{BOMB}<ANNOTATION_DOCUMENT/>", "1: a DTD is not read, since it can do harm; save the file in ELAN again"),
        ('<?xml version="1.0" encoding="xx"?><a/>', "1: not XML that can be read: unknown encoding: xx"),
        (
            '<?xml version="1.0" encoding="gb2312"?><a/>',
            "1: not XML that can be read: multi-byte encodings are not supported",
        ),
        (
            TIERS.format(TIER.format('TIER_ID="a"', "x", "z")),
            "2: time slot z has no time; align the annotation in ELAN: a",
        ),
        (TIERS.format(TIER.format('TIER_ID="a"', "y", "x")), "2: the end lies 1.5 s before the start: a"),
        (TIERS.format(TIER.format('NAME="a"', "y", "x")), "2: TIER lacks TIER_ID"),
        (TIERS.format(ANN + TIER.format('TIER_ID=""', "x", "y")), "3: TIER lacks TIER_ID"),
        (TIERS.replace("1500", "1.5").format(ANN), "2: a time is a whole number of milliseconds, not 1.5: Ann"),
        (TIERS.format(ANN.replace("_REF1", "")), "2: ALIGNABLE_ANNOTATION lacks TIME_SLOT_REF1"),
    ],
)
def test_what_is_no_eaf_is_told_with_its_line(text_file, text, message):
    path = text_file(text)
    with pytest.raises(FormatError) as caught:
        read_eaf(path)
    assert re.sub(r", line \d+.*", "", str(caught.value)) == f"{path}:{message}"
