import pytest

from lightdiar.datasets.manifest import manifest
from lightdiar.datasets.rows import Clip
from lightdiar.errors import FormatError

VOX1 = "VoxCeleb1 ID\tVGGFace1 ID\tGender\tNationality\tSet\nid10001\tA.J._Buckley\tm\tIreland\tdev\n"
VOX2 = "VoxCeleb2 ID ,VGGFace2 ID ,Gender ,Set \nid00012 ,n000012 ,f ,dev \n"


def test_genders_of_both_editions_come_from_their_tables(dataset, reasons):
    folder = dataset(
        {
            "vox1_meta.csv": VOX1,
            "vox2_meta.csv": VOX2,
            "wav/id10001/1zcIwhmdeo4/00001.wav": 0.5,
            "wav/id10002/0_laIeN-Q44/00001.wav": 0.5,
            "dev/aac/id00012/21Uxsk56VDQ/00001.m4a": b"not looked into",
            "wav/loose.wav": 1,
        }
    )
    found = manifest(folder)
    assert found.kind == "voxceleb"
    assert found.rows == (
        Clip(folder / "dev/aac/id00012/21Uxsk56VDQ/00001.m4a", "id00012", "F"),
        Clip(folder / "wav/id10001/1zcIwhmdeo4/00001.wav", "id10001", "M", 0.5),
        Clip(folder / "wav/id10002/0_laIeN-Q44/00001.wav", "id10002", "", 0.5),
    )
    assert reasons(found) == {"wav/loose.wav": "not in idXXXXX/VIDEO"}


def test_a_table_above_the_sounds_is_found(dataset):
    folder = dataset({"vox1_meta.csv": VOX1, "wav/id10001/v/00001.wav": 0.5})
    assert manifest(folder / "wav").genders == {"id10001": "M"}


def test_an_unknown_gender_is_refused_with_the_line(dataset):
    files = {"vox1_meta.csv": VOX1 + "id10002\tX\tx\tUK\tdev\n", "wav/id10001/v/00001.wav": 0.5}
    with pytest.raises(FormatError, match="vox1_meta.csv:3: the gender is f or m: 'x'"):
        manifest(dataset(files))
