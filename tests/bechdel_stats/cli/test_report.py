import pytest

from bechdel_stats.report import report
from bechdel_stats.report.report import Report


@pytest.fixture
def asked(monkeypatch):
    """What the report is asked for; it is made of two words."""
    asked = []

    def make_report(films, audit, **options):
        asked.append((films, audit, options))
        return Report("<p>page</p>", "marks", "<p>talk</p>")

    monkeypatch.setattr(report, "make_report", make_report)
    return asked


def test_the_report_is_written_in_the_format_of_each_suffix(run, asked, path, tmp_path, capsys):
    files = [tmp_path / "r.html", tmp_path / "r.md"]
    assert run("report", path, "--out", *files) == 0
    assert [file.read_text(encoding="utf-8") for file in files] == ["<p>page</p>", "marks"]
    assert capsys.readouterr().out == "".join(f"{file}\n" for file in files)


def test_slides_are_written_with_the_page_or_alone(run, asked, path, tmp_path, refused):
    page, talk, alone = (tmp_path / name for name in ("r.md", "talk.html", "alone.html"))
    assert run("report", path, "--out", page, "--slides", talk) == run("report", path, "--slides", alone) == 0
    assert [file.read_text(encoding="utf-8") for file in (page, talk, alone)] == ["marks", "<p>talk</p>", "<p>talk</p>"]
    assert "name a page with --out FILE.html or slides with --slides FILE.html." in refused("report", path)
    assert "talk.pdf: the name must end in .html" in refused("report", path, "--slides", tmp_path / "talk.pdf")
    assert "is named twice" in refused("report", path, "--out", tmp_path / "x.html", "--slides", tmp_path / "x.html")


@pytest.mark.parametrize("arguments, language", [((), "en"), (("--language", "fr"), "fr")])
def test_films_their_audit_and_the_language_reach_the_report(run, asked, path, tmp_path, arguments, language):
    assert run("report", path, "--out", tmp_path / "r.md", *arguments) == 0
    ((films, audit, options),) = asked
    assert len(films) == audit.n_films == 400 and audit.rows["source"].tolist() == ["films.csv"]
    assert options["language"] == language and callable(options["progress"])


def test_other_formats_and_folders_that_are_not_there_are_refused_before_any_work(refused, asked, tmp_path):
    assert "r.pdf: the name must end in .html, .md; got .pdf." in refused(
        "report", "no.csv", "--out", tmp_path / "r.pdf"
    )
    error = refused("report", "nowhere.csv", "--out", tmp_path / "r.html", tmp_path / "nowhere" / "r.md")
    assert "r.md: folder " in error
    assert asked == [] and not list(tmp_path.iterdir())
