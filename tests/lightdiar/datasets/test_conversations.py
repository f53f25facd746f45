from lightdiar.datasets.manifest import manifest
from lightdiar.datasets.rows import Conversation


def rttm(name, *turns):
    return "".join(
        f"SPEAKER {name} 1 {start:.6f} {length:.6f} <NA> <NA> {speaker} <NA> <NA>\n" for start, length, speaker in turns
    )


TALK = (0.4, 1.0, "spk00"), (1.2, 0.5, "spk01"), (1.8, 0.4, "spk00")


def test_voxconverse_has_its_rttm_apart_from_its_sounds(dataset, reasons):
    folder = dataset(
        {
            "audio/abjxc.wav": 2,
            "audio/afjiv.wav": 3,
            "audio/zzzzz.wav": 3,
            "voxconverse-master/dev/abjxc.rttm": rttm("abjxc", *TALK),
            "voxconverse-master/dev/afjiv.rttm": rttm("afjiv", *TALK[:1]),
            "voxconverse-master/dev/ahnss.rttm": rttm("ahnss", *TALK),
        }
    )
    found = manifest(folder)
    assert found.kind == "conversations"
    labels = folder / "voxconverse-master/dev"
    assert found.rows == (
        Conversation(folder / "audio/abjxc.wav", labels / "abjxc.rttm", 2, 2.0),
        Conversation(folder / "audio/afjiv.wav", labels / "afjiv.rttm", 1, 3.0),
    )
    assert reasons(found) == {
        "audio/zzzzz.wav": "no RTTM tells who speaks in it",
        "voxconverse-master/dev/ahnss.rttm": "there is no sound of its name",
    }


def test_one_rttm_may_tell_of_many_recordings(dataset):
    folder = dataset({"wav/a.wav": 2, "wav/b.wav": 2, "all.rttm": rttm("a", *TALK) + rttm("b", *TALK[:1])})
    assert [(row.path.name, row.rttm.name, row.speakers) for row in manifest(folder).rows] == [
        ("a.wav", "all.rttm", 2),
        ("b.wav", "all.rttm", 1),
    ]


def test_the_rttm_beside_the_sound_is_nearest(dataset, reasons):
    files = {"x/a.wav": 2, "x/a.rttm": rttm("a", *TALK), "other/a.rttm": rttm("a", *TALK[:1])}
    assert [row.speakers for row in manifest(dataset(files)).rows] == [2]
    files = {"wav/b.wav": 2, "one/b.rttm": rttm("b", *TALK), "two/b.rttm": rttm("b", *TALK)}
    assert reasons(manifest(dataset(files))) == {"wav/b.wav": "several RTTM files tell who speaks in it"}


def test_what_cannot_be_paired_is_listed_and_the_rest_is_placed(dataset, reasons):
    found = manifest(
        dataset(
            {
                "a.wav": 2,
                "a.rttm": rttm("<NA>", *TALK),  # named after its file
                "b.wav": 1.5,
                "b.rttm": rttm("b", *TALK),
                "c.wav": 2,
                "c.rttm": rttm("c", *TALK) + "SPEAKER c 1 soon 1 <NA> <NA> x <NA> <NA>\n",
                "d.flac": 2,
                "d.wav": 2,
                "d.rttm": rttm("d", *TALK),
                "e.wav": b"",
                "e.rttm": rttm("e", *TALK),
            }
        )
    )
    assert [row.path.name for row in found.rows] == ["a.wav", "d.flac"]
    assert reasons(found) == {
        "b.wav": "somebody begins to speak after its end: the turns may be of another recording",
        "c.rttm": "RTTM that cannot be read: 4: soon is not a number of seconds: SPEAKER c 1 soon 1 "
        "<NA> <NA> x <NA> <NA>",
        "c.wav": "no RTTM tells who speaks in it",
        "d.wav": "another sound of this recording is taken",
        "e.wav": "is empty (0 bytes)",
    }
