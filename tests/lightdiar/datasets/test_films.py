from lightdiar.datasets.manifest import manifest
from lightdiar.datasets.rows import FilmClip


def test_clips_below_the_name_of_a_film_and_films_by_themselves(dataset, reasons):
    folder = dataset(
        {
            "Brief Encounter (1945)/clips/01.mp4": b"not looked into",
            "Brief Encounter (1945)/02.mkv": b"not looked into",
            "Brief Encounter (1945)/poster.jpg": "",
            "Alien.mkv": b"not looked into",
            "empty.avi": b"",
        }
    )
    found = manifest(folder)
    assert found.kind == "films"
    assert found.rows == (
        FilmClip(folder / "Alien.mkv", "Alien"),
        FilmClip(folder / "Brief Encounter (1945)/02.mkv", "Brief Encounter (1945)"),
        FilmClip(folder / "Brief Encounter (1945)/clips/01.mp4", "Brief Encounter (1945)"),
    )
    assert reasons(found) == {"empty.avi": "is empty (0 bytes)"}
    assert str(found).splitlines()[:2] == ["films: 3 recordings", "films: 2"]


def test_sounds_are_clips_of_films_if_asked_for(dataset):
    folder = dataset({"Alien/1.wav": 0.5, "Alien/2.wav": 0.5})
    assert manifest(folder).kind == "people"
    assert {row.film for row in manifest(folder, kind="films").rows} == {"Alien"}
