import pytest

import lightdiar.corpus
from lightdiar.cli import main
from lightdiar.corpus import read, run
from lightdiar.errors import FormatError
from lightdiar.io.formats import find_turns
from lightdiar.report.folder import folder_report
from lightdiar.report.results import read_results
from lightdiar.systems.conversion import result_files


@pytest.fixture
def results(letters, films, tmp_path):
    run(films(calm="F/M", both="FFM", bad="bad"), tmp_path / "results")
    return tmp_path / "results"


def test_the_tables_are_those_that_were_written(results):
    corpus = read(results)
    assert list(corpus.recordings["recording"]) == ["bad", "both", "calm"]
    assert list(corpus.speakers["recording"]) == ["both"] * 3 + ["calm"] * 2
    assert corpus.n_failed == 1
    assert repr(corpus) == "<Corpus: 3 recordings (1 failed), 5 speakers>"
    assert f"{corpus}\n" == (results / "summary.txt").read_text()
    assert corpus._repr_html_() == f"<pre>{str(corpus).replace(chr(39), '&#x27;')}</pre>"


def test_the_report_and_other_commands_read_the_folder_as_it_is(results):
    assert [path.name for path in result_files(results)] == ["both.json", "calm.json"]
    assert list(read_results([results]).found) == ["both", "calm"]
    assert [path.name for path in find_turns(results)] == ["both.rttm", "calm.rttm"]
    assert [path.name for path in find_turns(results, "calm")] == ["calm.rttm"]
    found = read(results).results
    assert found.failed == {"bad.wav": "is no sound. See bad.wav."}
    assert found.found["calm"].counts() == {"M": 1, "F": 1}
    page = folder_report(found)
    assert "bad.wav" in page
    assert "calm" in page


def test_the_page_of_a_corpus_tells_what_failed_in_it(results, tmp_path, capsys):
    assert main(["report", str(results), "--out", str(tmp_path / "page.html")]) == 0
    assert "is no sound. See bad.wav." in (tmp_path / "page.html").read_text()
    assert capsys.readouterr().err == ""


def test_results_that_are_gone_or_damaged_are_missed_everywhere(results, tmp_path, capsys):
    for options in (["count"], ["bechdel"], ["report", "--out", str(tmp_path / "whole.html")]):
        assert main([*options, str(results)]) == 0
    capsys.readouterr()
    (results / "recordings/calm/calm.json").unlink()
    corpus = read(results)
    assert corpus.n_left == 1 and list(corpus.recordings["recording"]) == ["bad", "both"]
    assert corpus.results.failed == {"bad.wav": "is no sound. See bad.wav.", str(results): "not done yet: 1"}
    missed = f"lightdiar: {results}: not done yet: 1; run `lightdiar corpus` again.\n"
    assert main(["report", str(results), "--out", str(tmp_path / "page.html")]) == 0
    assert capsys.readouterr().err == missed
    assert "not done yet: 1" in (tmp_path / "page.html").read_text()
    assert main(["count", str(results)]) == 0
    assert capsys.readouterr().err.endswith(missed)
    damaged = results / "recordings/both/both.json"
    damaged.write_text("{")
    assert main(["report", str(results), "--out", str(tmp_path / "none.html")]) == 2
    assert f"lightdiar: {damaged}: is not JSON" in capsys.readouterr().err


def test_one_page_of_several_corpora_tells_what_failed_in_each(results, letters, films, tmp_path, capsys):
    (films() / "both.wav").unlink()
    (films() / "bad.wav").rename(films() / "worse.wav")
    run(films(), tmp_path / "other")
    capsys.readouterr()
    assert main(["report", str(results), str(tmp_path / "other"), "--out", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text()
    assert "See bad.wav." in page and "See worse.wav." in page
    assert capsys.readouterr().err == ""


def test_where_all_failed_there_are_no_results(letters, films, tmp_path):
    corpus = run(films(bad="bad"), tmp_path / "results")
    assert corpus.results.found == {}
    assert list(corpus.results.failed) == ["bad.wav"]
    with pytest.raises(FormatError, match="has no results"):
        result_files(tmp_path / "results")


def test_what_is_no_folder_of_results_is_told(tmp_path):
    with pytest.raises(FormatError, match=r"holds no results of `lightdiar corpus`\.$"):
        read(tmp_path)
    with pytest.raises(FormatError, match=r"nowhere: holds no results"):
        read(tmp_path / "nowhere")


def test_the_package_has_these_names():
    assert set(lightdiar.corpus.__all__) == {"run", "Step", "read", "Corpus", "merge"}
    assert all(callable(getattr(lightdiar.corpus, name)) for name in lightdiar.corpus.__all__)
    assert dir(lightdiar.corpus) == sorted(lightdiar.corpus.__all__)
