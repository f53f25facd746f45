import os
import stat

import pytest

from lightdiar.cli import main
from lightdiar.recognition.voices import Voices


def test_who_is_removed_is_no_longer_in_the_file(own_file, capsys):
    trace = Voices.load(own_file)._people["Clara"][0].vector.tobytes()
    assert trace in own_file.read_bytes()
    assert main(["remove", "Clara", "--voices", str(own_file)]) == 0
    assert capsys.readouterr() == (f"{own_file}: Clara is removed; 2 left\n", "")
    data = own_file.read_bytes()
    assert b"Clara" not in data and not any(trace[at : at + 8] in data for at in range(0, len(trace), 8))
    assert Voices.load(own_file).names == ("Adam", "Emil")
    assert [path.name for path in own_file.parent.iterdir()] == ["own.voices"]


def test_the_last_person_takes_the_file_along(own_file, capsys):
    for name in ("Adam", "Emil", "Clara"):
        assert main(["remove", name, "--voices", str(own_file)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{own_file}: Clara was the last person; the file is deleted"
    assert not own_file.exists()


def test_a_link_stays_one_and_what_it_leads_to_is_changed_and_deleted(own_file, linked, capsys):
    trace = Voices.load(own_file)._people["Clara"][0].vector.tobytes()
    assert main(["remove", "Clara", "--voices", str(linked)]) == 0
    assert linked.is_symlink() and not own_file.is_symlink()
    assert trace not in own_file.read_bytes() and Voices.load(own_file).names == ("Adam", "Emil")
    for name in ("Adam", "Emil"):
        assert main(["remove", name, "--voices", str(linked)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{linked}: Clara is removed; 2 left",
        f"{linked}: Adam is removed; 1 left",
        f"{linked}: Emil was the last person; the file is deleted",
    ]
    assert not own_file.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_new_file_is_private_and_an_old_one_keeps_its_permissions(own_file, tmp_path):
    Voices.load(own_file).save(tmp_path / "new.voices")
    assert stat.S_IMODE((tmp_path / "new.voices").stat().st_mode) == 0o600
    for mode, name in ((0o640, "Adam"), (0o664, "Clara")):
        own_file.chmod(mode)
        assert main(["remove", name, "--voices", str(own_file)]) == 0
        assert stat.S_IMODE(own_file.stat().st_mode) == mode


def test_who_is_not_there_cannot_be_removed(own_file, capsys):
    before = own_file.read_bytes()
    assert main(["remove", "Bruno", "--voices", str(own_file)]) == 2
    assert capsys.readouterr() == (
        "",
        "lightdiar: 'Bruno' is not enrolled; the people are Adam, Clara, Emil.\n",
    )
    assert own_file.read_bytes() == before
