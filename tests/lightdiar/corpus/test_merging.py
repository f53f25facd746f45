import json
import shutil

import pytest

from lightdiar.corpus import merge, run
from lightdiar.errors import DoubtfulResultWarning, FormatError

TEXTS = {"calm": "F/M", "both": "FFM", "child": "CM", "bad": "bad", "none": "//"}


@pytest.fixture
def parts(letters, films, tmp_path):
    folder = films(**TEXTS)
    for number in (1, 2):
        run(folder, tmp_path / f"part{number}", shard=(number, 2))
    return [tmp_path / "part1", tmp_path / "part2"]


def test_joined_parts_equal_one_run(parts, films, tmp_path, tree):
    run(films(), tmp_path / "whole")
    joined = merge(parts, tmp_path / "joined")
    assert tree(tmp_path / "joined") == tree(tmp_path / "whole")
    assert repr(joined) == "<Corpus: 5 recordings (1 failed), 7 speakers>"


def test_what_is_there_is_taken_and_it_can_be_done_again(parts, films, tmp_path, tree):
    with pytest.warns(DoubtfulResultWarning, match=r"^of 2 parts, 2 is missing\.$"):
        merge(parts[:1], tmp_path / "joined")
    assert len(merge(parts, tmp_path / "joined").recordings) == 5
    before = tree(tmp_path / "joined")
    merge(parts, tmp_path / "joined")
    assert tree(tmp_path / "joined") == before


def test_a_result_takes_the_place_of_an_error_and_not_the_other_way_round(parts, letters, films, tmp_path):
    merge(parts, tmp_path / "joined")
    run(films(bad="F"), tmp_path / "again", retry=True)
    assert merge([tmp_path / "again", *parts], tmp_path / "joined").n_failed == 0


def test_parts_that_were_not_made_alike_are_refused(parts, letters, films, tmp_path):
    run(films(), tmp_path / "other", num_speakers=2)
    with pytest.raises(
        ValueError, match=r"other: cannot be joined with .*part1: num_speakers was None, is 2\. Run all parts alike\.$"
    ):
        merge([*parts, tmp_path / "other"], tmp_path / "joined")
    assert not (tmp_path / "joined").exists()
    made = parts[1] / "run.json"
    made.write_text(json.dumps(json.loads(made.read_text()) | {"lightdiar": "0.1"}))
    with pytest.raises(
        ValueError, match=r"part2: cannot be joined with .*part1: lightdiar was '.*', is '0\.1'\. Run all"
    ):
        merge(parts, tmp_path / "joined")


def test_parts_of_two_lists_are_refused(parts, letters, tmp_path):
    other = tmp_path / "other"
    (other / "films").mkdir(parents=True)
    (other / "films" / "calm.wav").write_text("M")
    run(other, tmp_path / "results")
    with pytest.raises(
        ValueError, match=r"results: calm is films/calm\.wav, but in .*part1 it is calm\.wav: the parts are not of one"
    ):
        merge([*parts, tmp_path / "results"], tmp_path / "joined")
    assert len(merge(parts, tmp_path / "joined").recordings) == 5  # nothing was taken before


def test_a_part_that_is_not_done_is_told(parts, tmp_path):
    """Of the second part, which has two recordings, one is taken away."""
    shutil.rmtree(sorted((parts[1] / "recordings").iterdir())[0])
    joined = merge([*parts, parts[0]], tmp_path / "joined")
    assert joined.n_left == 1 and str(joined).startswith("5 recordings: ") and ", 1 not done yet; " in str(joined)


def test_a_folder_is_not_joined_with_itself_nor_nothing_with_nothing(parts, tmp_path):
    with pytest.raises(
        ValueError, match=r"part1: cannot be joined with itself; name another folder as the one to write"
    ):
        merge(parts, parts[0])
    with pytest.raises(ValueError, match=r"^nothing to merge: name the folders of results\.$"):
        merge([], tmp_path / "joined")
    with pytest.raises(FormatError, match=r"nowhere: holds no results of `lightdiar corpus`\.$"):
        merge([tmp_path / "nowhere"], tmp_path / "joined")
