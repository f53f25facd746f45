import io
import sys
import zipfile
from datetime import date, datetime, time

import pytest

from bechdel_stats.data.tables import read_films
from bechdel_stats.words.messages import FilmsError, FilmsWarning


@pytest.fixture
def save(tmp_path):
    """A function that writes rows into a sheet of a workbook and returns its path."""
    openpyxl = pytest.importorskip("openpyxl")

    def save(rows, before=()):
        book = openpyxl.Workbook()
        for title in before:
            book.active.title = title
            book.create_sheet("films")
        for row in rows:
            book.worksheets[-1].append(row)
        book.save(tmp_path / "a.xlsx")
        return tmp_path / "a.xlsx"

    return save


def test_a_sheet_as_people_keep_it(save):
    header = ["Titre", "Date de sortie", "Durée", "Bechdel", None]
    path = save([
        ["Mes films"], [], header, ["Alien", date(1979, 9, 12), time(1, 57), "oui", None],
        ["Été", datetime(1990, 7, 1), "2h05", "non", None], [None] * 5, ["Sans date", None, 90, None],
    ])  # fmt: skip
    films = read_films(path, unrated=True).table
    assert films["title"].tolist() == ["Alien", "Été", "Sans date"]
    assert films["year"].tolist()[:2] == [1979, 1990] and films["runtime"].tolist() == [117, 125, 90]
    assert films["passes"].tolist()[:2] == [1, 0]


def test_the_first_sheet_with_rows_is_read(save):
    assert read_films(save([["title"], ["Alien"]], before=["empty"])).table["title"].tolist() == ["Alien"]


def test_without_openpyxl_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    with pytest.raises(FilmsError, match="^a.xlsx: Excel needs openpyxl. pip install openpyxl, or save it as CSV.$"):
        read_films(tmp_path / "a.xlsx")


def test_what_is_no_workbook_is_refused(save, tmp_path):
    whole = save([["title"], ["Alien"]]).read_bytes()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as empty:
        empty.writestr("x", "y")
    for content in (b"", b"PK", whole[: len(whole) // 2], archive.getvalue()):
        (tmp_path / "a.xlsx").write_bytes(content)
        with pytest.raises(FilmsError, match=r"^a.xlsx: not a complete Excel workbook"):
            read_films(tmp_path / "a.xlsx")


def test_limits_hold_before_memory_is_used(save, tmp_path, monkeypatch):
    path = save([["title"], ["Alien"], ["Aliens"]])
    monkeypatch.setattr("bechdel_stats.data.files.MOST_ROWS", 2)
    with pytest.raises(FilmsError, match="^a.xlsx: more than 2 rows"):
        read_films(path)
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b" " * 5_000_000)
    monkeypatch.setattr("bechdel_stats.data.spreadsheet._MOST_UNPACKED", 4_999_999)
    with pytest.raises(FilmsError, match="^b.xlsx: more than 4 MB, unpacked. Save it as CSV.$"):
        read_films(tmp_path / "b.xlsx")


def test_sheets_of_the_same_columns_are_joined_and_the_others_told(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Lisez-moi"
    book.active.append(["Une base de films"])
    for year in (2019, 2020):
        sheet = book.create_sheet(str(year))
        sheet.append(["Titre", "Année", "Bechdel"])
        sheet.append([f"Film {year}", year, "oui"])
    book.save(tmp_path / "a.xlsx")
    with pytest.warns(FilmsWarning, match="^a.xlsx: read are the sheets 2019, 2020; .* left out: Lisez-moi.$"):
        films = read_films(tmp_path / "a.xlsx").table
    assert films["year"].tolist() == [2019, 2020] and films["passes"].tolist() == [1, 1]


def test_columns_of_the_same_name_are_numbered(save, monkeypatch):
    path = save([["Title", "Title", "Year", "Score"], ["Alien", "Alien 1", 1979, 3], ["Quay", "Kai", 2001, 0]])
    films = read_films(path).table
    assert films["title"].tolist() == ["Alien", "Quay"] and films["Title.1"].tolist() == ["Alien 1", "Kai"]
    monkeypatch.setattr("bechdel_stats.data.files.LONGEST_CELL", 6)
    with pytest.raises(FilmsError, match="^a.xlsx: column Title.1: a text of more than 6 characters"):
        read_films(path)


def test_sheets_of_the_same_columns_in_another_order_are_joined(save):
    openpyxl = pytest.importorskip("openpyxl")
    path = save([["Title", "Year", "Score"], ["Alien", 1979, 3]])
    book = openpyxl.load_workbook(path)
    other = book.create_sheet("2001")
    other.append(["Score", "Title", "Year"])
    other.append([0, "Quay", 2001])
    book.save(path)
    films = read_films(path).table
    assert films[["title", "year", "rating"]].values.tolist() == [["Alien", 1979, 3], ["Quay", 2001, 0]]
