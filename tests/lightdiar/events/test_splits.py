import pytest

from lightdiar.errors import FormatError
from lightdiar.events.splits import numbers_of_folds, split_folder, split_list


@pytest.fixture
def lay_out(tmp_path):
    """A function that writes a folder: its meta.txt and what is in evaluation_setup."""

    def write(meta=None, **lists):
        (tmp_path / "evaluation_setup").mkdir(exist_ok=True)
        if meta is not None:
            (tmp_path / "meta.txt").write_text(meta, encoding="utf-8")
        for name, text in lists.items():
            (tmp_path / "evaluation_setup" / f"{name}.txt").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def events(entries):
    """Label and list of the first event of each recording, None if nothing tells its events."""
    return {
        entry.name: entry.told and [f"{entry.told.source.stem} {event.label}" for event in entry.told.listed.events]
        for entry in entries
    }


def test_the_nearest_list_tells_the_events(lay_out):
    folder = lay_out(
        meta="a\t0\t1\told\nb\t0\t1\told\nc\t0\t1\told\n",
        fold1_train="a\t0\t1\tnew\n",
        fold1_test="b\nc\nd\n",
        fold1_evaluate="b\t0\t1\tnew\ne\t0\t1\tnew\n",
    )
    train, test = split_folder(folder, 1)
    assert events(train) == {"a": ["fold1_train new"]}
    assert events(test) == {"b": ["fold1_evaluate new"], "e": ["fold1_evaluate new"], "c": ["meta old"], "d": []}
    assert events(split_folder(folder, None)[0]) == {name: ["meta old"] for name in "abc"}


def test_lists_without_events_leave_it_to_meta(lay_out):
    folder = lay_out("a\t0\t1\tcar\nb\n", fold1_train="a\tstreet\nb\tstreet\n", fold1_evaluate="c\td\n")
    train, test = split_folder(folder, 1)
    assert events(train) == {"a": ["meta car"], "b": []}
    assert events(test) == {"c": []}
    (folder / "meta.txt").unlink()
    assert events(split_folder(folder, 1)[0]) == {"a": None, "b": None}


def test_the_scenes_of_a_fold_are_one(lay_out):
    folder = lay_out(
        home_fold1_train="a\n", residential_area_fold1_train="b\n", home_fold1_test="c\n", FOLD12_train="d\n", notes="e"
    )
    assert [entry.name for entry in split_folder(folder, 1)[0]] == ["a", "b"]
    assert numbers_of_folds(folder) == [1, 12]


def test_folds_that_are_not_there(lay_out):
    folder = lay_out("a\nb\n", fold1_train="a\n", fold1_test="b\n", fold3_train="a\n", fold4_test="b\n")
    with pytest.raises(ValueError, match=r"has no fold 2; there are 1, 3, 4\."):
        split_folder(folder, 2)
    for number, kind in ((3, "test"), (4, "train")):
        message = rf"evaluation_setup: fold{number}_{kind}\.txt lists no recordings, or is not there"
        with pytest.raises(FormatError, match=message):
            split_folder(folder, number)
    with pytest.raises(ValueError, match=r"meta\.txt: has no fold 1; it is not divided into folds"):
        split_list(folder / "meta.txt", 1)


def test_every_recording_of_a_list_has_a_fold_or_none_has(lay_out):
    path = lay_out("path,onset,offset,label,fold,subset\nx,0,1,car,1,\ny,0,1,car,,test\n") / "meta.txt"
    with pytest.raises(FormatError, match=r"meta\.txt:3: the fold of this recording is missing: y"):
        split_list(path, 1)
    with pytest.raises(FormatError, match=r"meta\.txt:2: the subset of this recording is missing: x"):
        split_list(path, None)


def test_a_list_that_is_all_for_the_validation_trains_nothing(lay_out):
    path = lay_out("path,subset\nx,validation\ny,validation\nz,test\n") / "meta.txt"
    with pytest.raises(FormatError, match=r"meta\.txt:2: this and all other recordings to train on are for the valid"):
        split_list(path, None)
