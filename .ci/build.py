"""Build the wheel and the sdist so that two builds of the same tree give the same bytes.

``python .ci/build.py DIR``. Setuptools writes times, users, rights and the order in which the disk lists files into
what it builds; both files are packed again without them. SOURCE_DATE_EPOCH sets the time that stands there instead.
A file in the wheel that the packages do not need is an error.
"""

import gzip
import io
import os
import re
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
EPOCH = 315_532_800  # 1980-01-01, the first day that a zip knows

NEEDED = re.compile(
    r"(lightdiar|bechdel_stats)/(\w+/)*(\w+\.py|py\.typed|parameters/((voices|reliability|events)/)?(card\.json|\w+\.npz)|vocabulary/\w+\.tsv"
    r"|(show|page)/assets/\w+\.(js|css|html))"
    r"|lightdiar-[\w.]+\.dist-info/(METADATA|WHEEL|RECORD|entry_points\.txt|top_level\.txt|(licenses/)?LICENSE)"
)


def build(out: Path, *options: str) -> list[Path]:
    """Build into a folder and return the files."""
    stamp = int(os.environ.get("SOURCE_DATE_EPOCH", EPOCH))
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(stamp)}
    subprocess.run([sys.executable, "-m", "build", "--outdir", out, *options, ROOT], check=True, env=environment)
    for path in out.glob("*.tar.gz"):
        path.write_bytes(plain_sdist(path.read_bytes(), stamp))
    for path in out.glob("*.whl"):
        path.write_bytes(plain_wheel(path.read_bytes(), stamp))
        if extra := not_needed(path):
            raise SystemExit(f"{path}: {', '.join(extra)}: not needed by the packages")
    return sorted(out.iterdir())


def plain_sdist(sdist: bytes, stamp: int) -> bytes:
    """The same sdist with one time, nobody's name, plain rights, in the order of names."""
    packed = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(sdist)) as old,
        gzip.GzipFile("", "wb", fileobj=packed, mtime=stamp) as file,
        tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as new,
    ):
        for member in sorted(old.getmembers(), key=lambda member: member.name):
            plain = tarfile.TarInfo(member.name)
            plain.type, plain.size, plain.mtime = member.type, member.size, stamp
            plain.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            new.addfile(plain, old.extractfile(member) if member.isfile() else None)
    return packed.getvalue()


def plain_wheel(wheel: bytes, stamp: int) -> bytes:
    """The same wheel with one time and plain rights."""
    packed, date = io.BytesIO(), time.gmtime(stamp)[:6]
    with zipfile.ZipFile(io.BytesIO(wheel)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date)
            entry.external_attr, entry.create_system = 0o100644 << 16, 3
            new.writestr(entry, old.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def not_needed(wheel: Path) -> list[str]:
    """Files in a wheel that are neither modules nor parameters nor what describes the package."""
    with zipfile.ZipFile(wheel) as archive:
        return [name for name in archive.namelist() if not NEEDED.fullmatch(name)]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    print(*build(folder, *sys.argv[2:]), sep="\n")
