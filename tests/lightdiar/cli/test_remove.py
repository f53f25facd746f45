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


def test_who_is_not_there_cannot_be_removed(own_file, capsys):
    before = own_file.read_bytes()
    assert main(["remove", "Bruno", "--voices", str(own_file)]) == 2
    assert capsys.readouterr() == (
        "",
        "lightdiar: 'Bruno' is not enrolled; the people are Adam, Clara, Emil.\n",
    )
    assert own_file.read_bytes() == before
