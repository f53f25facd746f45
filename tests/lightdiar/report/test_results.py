from lightdiar.events.result import SoundEvents
from lightdiar.report.results import Results, read_results


def test_a_folder_gives_its_results_and_why_others_are_missing(talk, tmp_path):
    talk.to_json(tmp_path / "talk.json")
    (tmp_path / "other.json").write_text("[1]", encoding="utf-8")
    (tmp_path / "talk.rttm").write_text("", encoding="utf-8")
    results = read_results([tmp_path])
    assert list(results.found) == ["talk"]
    assert results.found["talk"].turns == talk.turns
    assert list(results.failed) == [str(tmp_path / "other.json")]
    assert results.failed[str(tmp_path / "other.json")].startswith(
        "is not a result that `lightdiar diarize` wrote as JSON"
    )


def test_sound_events_beside_a_result_are_left_out(talk, tmp_path):
    talk.to_json(tmp_path / "talk.json")
    SoundEvents((), ("door",), 9.0, "talk").to_json(tmp_path / "talk.events.json")
    assert read_results([tmp_path]) == Results({"talk": talk}, {})
    (tmp_path / "talk.json").unlink()
    assert read_results([tmp_path]).found == {}


def test_recordings_of_one_name_stay_two(talk, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        talk.to_json(tmp_path / folder / "talk.json")
    assert list(read_results([tmp_path / "a", tmp_path / "b"]).found) == ["talk", "b/talk"]


def test_however_many_have_one_name_none_is_lost(talk, tmp_path):
    folders = [tmp_path / place / "results" for place in "abc"]
    for folder in folders:
        folder.mkdir(parents=True)
        talk.to_json(folder / "talk.json")
        (folder / "bad.json").write_text("[1]", encoding="utf-8")
    results = read_results(folders)
    assert list(results.found) == ["talk", "results/talk", "results/talk (2)"]
    assert list(results.failed) == [str(folder / "bad.json") for folder in folders]


def test_a_file_that_is_given_twice_counts_once(talk, tmp_path, monkeypatch):
    talk.to_json(tmp_path / "talk.json")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other").mkdir()
    results = read_results([tmp_path, "talk.json", "other/../talk.json", "gone.json", tmp_path / "gone.json"])
    assert list(results.found) == ["talk"] and list(results.failed) == [str(tmp_path / "gone.json")]


def test_a_folder_without_results_is_one_that_failed_and_the_others_are_read(talk, tmp_path):
    (tmp_path / "empty").mkdir()
    talk.to_json(tmp_path / "talk.json")
    results = read_results([tmp_path / "empty", tmp_path / "talk.json"])
    assert list(results.found) == ["talk"]
    reason = f"has no results; make them with `lightdiar diarize FILE... --out {tmp_path / 'empty'}`."
    assert results.failed == {str(tmp_path / "empty"): reason}


def test_a_file_that_is_not_there_is_told(tmp_path):
    gone = tmp_path / "gone.json"
    assert read_results([gone]).failed == {str(gone): "No such file or directory"}
