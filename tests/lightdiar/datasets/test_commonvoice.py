import pytest

from lightdiar.datasets.manifest import manifest
from lightdiar.datasets.rows import Clip
from lightdiar.errors import FormatError

HEAD = (
    "client_id\tpath\tsentence_id\tsentence\tsentence_domain\tup_votes\tdown_votes\tage\tgender\taccents\tvariant\t"
    "locale\tsegment\n"
)
ANN, BOB, CLEO = ("a" * 128, "b" * 128, "c" * 128)


def line(client, number, gender="", age=""):
    path = f"common_voice_br_{number}.mp3"
    return f'{client}\t{path}\t1f\t"Demat, emezi.\t\t2\t0\t{age}\t{gender}\t\t\tbr\t\n'


def breton(**more):
    return {
        "cv-corpus-17.0/br/validated.tsv": HEAD
        + line(ANN, 1, "female_feminine", "teens")
        + line(BOB, 2, "male", "fourties")
        + line(CLEO, 3, "do_not_wish_to_say")
        + line(CLEO, 9),
        "cv-corpus-17.0/br/train.tsv": HEAD + line(ANN, 1),
        "cv-corpus-17.0/br/clip_durations.tsv": "clip\tduration[ms]\ncommon_voice_br_1.mp3\t3456\n",
        "cv-corpus-17.0/br/validated_sentences.tsv": "sentence_id\tsentence\n1f\tDemat\n",
        "cv-corpus-17.0/br/clips/common_voice_br_1.mp3": b"not looked into",
        "cv-corpus-17.0/br/clips/common_voice_br_2.mp3": 0.576,
        "cv-corpus-17.0/br/clips/common_voice_br_3.wav": 0.5,  # converted
        "cv-corpus-17.0/br/clips/common_voice_br_4.mp3": b"of invalidated.tsv",
    } | more


def test_what_validated_tsv_lists_is_placed(dataset, reasons):
    folder = dataset(breton())
    found = manifest(folder)
    clips = folder / "cv-corpus-17.0/br/clips"
    assert found.kind == "commonvoice"
    assert found.rows[0] == Clip(clips / "common_voice_br_1.mp3", "a" * 16, "F", 3.456, "br", 15)
    assert found.rows[1].seconds == pytest.approx(0.576, abs=0.05)
    assert (found.rows[1].gender, found.rows[1].age) == ("M", 45)
    assert found.rows[2] == Clip(clips / "common_voice_br_3.wav", "c" * 16, "", 0.5, "br")
    assert reasons(found) == {
        "cv-corpus-17.0/br/clips/common_voice_br_4.mp3": "is not listed",
        "cv-corpus-17.0/br/clips/common_voice_br_9.mp3": "is listed, but not there",
    }


def test_without_validated_tsv_its_parts_are_read(dataset):
    files = {name: content for name, content in breton().items() if not name.endswith("/validated.tsv")}
    assert [row.speaker for row in manifest(dataset(files)).rows] == ["a" * 16]


def test_names_are_as_long_as_it_takes_to_tell_people_apart(dataset):
    first, second = "a" * 20 + "b" * 108, "a" * 20 + "c" * 108
    files = {"br/validated.tsv": HEAD + line(first, 1) + line(second, 2)}
    files |= {f"br/clips/common_voice_br_{number}.mp3": 0.5 for number in (1, 2)}
    assert [row.speaker for row in manifest(dataset(files)).rows] == ["a" * 20 + "b", "a" * 20 + "c"]


def test_broken_tables_are_refused_with_the_line(dataset):
    with pytest.raises(FormatError, match="validated.tsv:2: 2 cells; the first line has 13"):
        manifest(dataset(breton(**{"cv-corpus-17.0/br/validated.tsv": HEAD + "x\ty\n"})))
    with pytest.raises(FormatError, match="clip_durations.tsv:2: not a whole number of ms: '3.4'"):
        manifest(dataset(breton(**{"cv-corpus-17.0/br/clip_durations.tsv": "clip\tduration\nx.mp3\t3.4\n"})))
