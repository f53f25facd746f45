import pandas as pd
import pytest

from bechdel_stats.describe import clusters


@pytest.fixture
def quick(monkeypatch):
    """Fewer random starts and samples: what is tested here does not depend on them."""
    for name in ("_N_SEEDS", "_N_BOOTSTRAPS", "_N_STARTS", "_N_SPLITS"):
        monkeypatch.setattr(clusters, name, 2)


def test_clusters_write_the_type_of_each_film(run, quick, path, table, tmp_path, capsys):
    labels = tmp_path / "types.csv"
    assert run("clusters", path, "--types", "3", "--labels", labels) == 0
    assert pd.read_csv(labels)["type"].nunique() == 3
    printed = capsys.readouterr().out
    assert "Film " in printed  # typical films
    written = pd.read_csv(labels)
    assert written["imdb_id"].tolist() == table["imdb_id"].tolist()
    assert list(written) == ["imdb_id", "title", "year", "type"]
    sizes = written["type"].value_counts()
    assert f"types                                 {sizes.size}\n" in printed
    rows = [line.split() for line in printed.splitlines() if line.strip()[:1].isdigit()]
    assert [int(row[0]) for row in rows] == [1, 2, 3]
    assert all(str(sizes[number]) in row for number, row in enumerate(rows, start=1))


def test_the_seed_is_passed_on(run, monkeypatch, path, tmp_path):
    asked = []

    def film_types(films, **options):
        asked.append(options)
        raise ValueError("enough")

    monkeypatch.setattr(clusters, "film_types", film_types)
    assert run("clusters", path) == run("clusters", path, "--types", "4", "--seed", "7") == 2
    assert asked == [{"n_types": None, "seed": 0}, {"n_types": 4, "seed": 7}]


def test_labels_are_csv_and_said_before_any_work(refused, tmp_path):
    error = refused("clusters", "nowhere.csv", "--labels", tmp_path / "types.txt")
    assert error.endswith("types.txt: the name must end in .csv; got .txt.\n")


def test_too_many_types_are_refused(refused, path):
    assert "n_types=41 for 400 films; allowed are 2 to 40" in refused("clusters", path, "--types", "41")
