"""What is shipped, and what it depends on."""

import configparser
import importlib.util
import io
import re
import tarfile
import zipfile
from pathlib import Path

import pytest

import bechdel_stats
import lightdiar

ROOT = Path(__file__).parent.parent
if not (ROOT / ".ci").is_dir():
    pytest.skip("an sdist has no .ci", allow_module_level=True)


def script(name):
    """A script of .ci as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = script("build")
FILES = {"x-1/b.py": b"b = 1\n", "x-1/a.txt": b"a\n"}


def sdist(names, *, mtime, uid, mode):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.uid, member.uname, member.mode = len(FILES[name]), mtime, uid, "me", mode
            archive.addfile(member, io.BytesIO(FILES[name]))
    return buffer.getvalue()


def test_an_sdist_tells_neither_when_nor_by_whom_it_was_built():
    first = build.plain_sdist(sdist(FILES, mtime=1, uid=0, mode=0o644), 1000)
    second = build.plain_sdist(sdist(reversed(FILES), mtime=2, uid=7, mode=0o600), 1000)
    assert first == second
    assert first != build.plain_sdist(sdist(FILES, mtime=1, uid=0, mode=0o644), 1001)
    with tarfile.open(fileobj=io.BytesIO(first)) as archive:
        assert archive.getnames() == ["x-1/a.txt", "x-1/b.py"]
        assert {name: archive.extractfile(name).read() for name in FILES} == FILES
        assert {(m.mtime, m.uid, m.uname, m.mode) for m in archive.getmembers()} == {(1000, 0, "", 0o644)}


def wheel(path, files, date=(2020, 1, 1, 0, 0, 0), mode=0o644):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date)
            entry.external_attr = mode << 16
            archive.writestr(entry, content)
    return path


def test_a_wheel_tells_neither_when_nor_with_which_rights_it_was_built(tmp_path):
    first = wheel(tmp_path / "a.whl", FILES).read_bytes()
    second = wheel(tmp_path / "b.whl", FILES, (2021, 1, 1, 0, 0, 0), 0o600).read_bytes()
    assert first != second
    assert build.plain_wheel(first, build.EPOCH) == build.plain_wheel(second, build.EPOCH)
    with zipfile.ZipFile(io.BytesIO(build.plain_wheel(first, build.EPOCH))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == FILES


def test_a_wheel_holds_what_the_packages_need_and_nothing_else(tmp_path):
    needed = ["lightdiar/cli/count.py", "lightdiar/py.typed", "lightdiar/parameters/card.json"]
    needed += ["bechdel_stats/parameters/coefficients.npz", "bechdel_stats/vocabulary/genres.tsv"]
    needed += ["lightdiar-1.0.dist-info/licenses/LICENSE"]
    assert build.not_needed(wheel(tmp_path / "a.whl", dict.fromkeys(needed, b""))) == []
    extra = ["lightdiar/notes.txt", "tests/test_x.py", "lightdiar/__pycache__/x.cpython-311.pyc", "lightdiar/x.npz"]
    assert build.not_needed(wheel(tmp_path / "b.whl", dict.fromkeys(needed + extra, b""))) == extra


@pytest.mark.parametrize("package", [lightdiar, bechdel_stats], ids=lambda package: package.__name__)
def test_the_packages_hold_only_what_the_wheel_may(package):
    root = Path(package.__file__).parent
    files = [path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    names = [path.relative_to(root.parent).as_posix() for path in files]
    assert [name for name in names if not build.NEEDED.fullmatch(name)] == []


def requirements():
    """Lower bound of each direct dependency, by name."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = config["options.extras_require"]
    lines = config["options"]["install_requires"] + extras["plot"] + extras["tables"] + extras["page"]
    return dict(re.findall(r"^([\w-]+)>=([\d.]+)$", lines, re.MULTILINE))


def test_the_lowest_versions_supported_are_those_tested():
    pinned = dict(line.split("==") for line in (ROOT / ".ci/oldest.txt").read_text(encoding="utf-8").split())
    lowest = requirements()
    assert len(lowest) == 15
    only_one = {"python_speech_features"}  # of which there is no newer version than the lowest
    for name in set(lowest) - only_one:
        assert f"{pinned[name]}.".startswith(f"{lowest[name]}."), name


def test_every_dependency_is_listed_with_its_licence():
    page = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([\w-]+) \|[^|]*\| ([^|]+) \|", page, re.MULTILINE))
    for name, lowest in requirements().items():
        plain = name.lower().replace("_", "-")
        assert rows[plain] not in ("", "not stated")
        assert f"| {plain} | {lowest} |" in page
