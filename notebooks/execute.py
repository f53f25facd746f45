"""Run the notebooks and store what they print: ``python notebooks/execute.py [--check] [FILE...]``.

The notebooks are their own sources: edit them in Jupyter, then run this. Each is run from top to bottom by a fresh
kernel, in an empty folder and without a network. What is stored differs only where the notebook does: no times, no
counters, small pictures. With ``--check`` nothing is stored; what the cells print is compared with what is stored.
"""

import argparse
import base64
import io
import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FOLDER = Path(__file__).resolve().parent
SECONDS = 300  # for one cell, on a slow machine
COLORS = 96  # of a stored picture
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\w)(?: ?%)?")

# read by the kernel when it starts
CONFIG = """\
c.InlineBackend.rc = {"figure.dpi": 75, "figure.figsize": (8, 3), "savefig.dpi": 75}
c.HistoryManager.enabled = False
c.IPKernelApp.log_level = "ERROR"  # it warns of its own ports
"""
STARTUP = """\
import sys


def refuse(event, arguments):
    if event == "socket.connect" and arguments[1][0] not in ("127.0.0.1", "::1", "localhost"):
        raise OSError("the notebooks are run without a network")
    if event == "socket.getaddrinfo" and arguments[0] not in (None, "127.0.0.1", "::1", "localhost"):
        raise OSError("the notebooks are run without a network")


sys.addaudithook(refuse)
del refuse, sys
"""


def main(arguments: list[str]) -> int:
    """Run the notebooks; return 1 if one fails or, with ``--check``, prints something else."""
    parser = argparse.ArgumentParser(description="Run the notebooks and store what they print.")
    parser.add_argument("--check", action="store_true", help="store nothing: compare with what is stored")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="notebooks (default: all)")
    options = parser.parse_args(arguments)
    failed = False
    for path in options.files or notebooks():
        stored = nbformat.read(path, as_version=4)
        try:
            run = execute(stored)
        except CellExecutionError as error:
            problems = [re.sub(r"\x1b\[[\d;]*m", "", str(error))]  # without colours
        else:
            problems = differences(stored, run) if options.check else []
            if not options.check:
                path.write_text(nbformat.writes(run) + "\n", encoding="utf-8", newline="\n")
        failed |= bool(problems)
        print(f"{path.name}: {'; '.join(problems) or 'ok'}", flush=True)
    return int(failed)


def notebooks() -> list[Path]:
    """The notebooks, English and French."""
    return sorted([*FOLDER.glob("[0-9]*.ipynb"), *FOLDER.glob("fr/[0-9]*.ipynb")])


def execute(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook as it is after a run, without what changes from run to run; what it says on stderr goes there."""
    notebook = nbformat.from_dict(notebook)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # on Windows the kernel may still hold it
        profile, work = Path(folder) / "profile_default", Path(folder) / "work"
        (profile / "startup").mkdir(parents=True)
        work.mkdir()
        (profile / "ipython_kernel_config.py").write_text(CONFIG, encoding="utf-8")
        (profile / "startup" / "offline.py").write_text(STARTUP, encoding="utf-8")
        one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        places = {"IPYTHONDIR": folder, "JUPYTER_RUNTIME_DIR": folder, "PYTHONPATH": str(FOLDER.parent)}
        client = NotebookClient(notebook, timeout=SECONDS, kernel_name="python3", record_timing=False)
        client.execute(cwd=str(work), env={**os.environ, **one_thread, **places})
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [output for output in map(plain, joined(cell.outputs)) if output]
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def joined(outputs: list) -> list:
    """The outputs of a cell, with what it prints in one piece however it arrived."""
    whole = []
    for output in outputs:
        if output.output_type == "stream" and whole and whole[-1].get("name") == output.name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


def plain(output: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    """An output as it is stored; None for what is said on stderr, which is passed on."""
    if output.output_type == "stream":
        if output.name == "stdout":
            return output
        print(output.text, file=sys.stderr)
        return None
    if "execution_count" in output:
        output.execution_count = None
    if "image/png" in output.data:
        output.data = {"image/png": small(output.data["image/png"])}
    elif "text/html" in output.data and "<audio" in output.data["text/html"]:
        output.data.pop("text/plain")  # an address in memory
    return output


def small(png: str) -> str:
    """A picture with a palette of few colours: a third of the bytes."""
    from PIL import Image

    buffer = io.BytesIO()
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    picture.quantize(COLORS, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def differences(stored: nbformat.NotebookNode, run: nbformat.NotebookNode) -> list[str]:
    """What the cells print now and did not print then; cells tagged ``optional`` may print anything."""
    found = []
    for then, now in zip(stored.cells, run.cells, strict=True):
        if then.cell_type == "code" and "optional" not in then.metadata.get("tags", []):
            if kinds(then) != kinds(now):
                found.append(f"cell {then.id} gives {kinds(now)} instead of {kinds(then)}")
            elif not alike(text(then), text(now)):
                found.append(f"cell {then.id} prints\n{text(now)}\ninstead of\n{text(then)}")
    return found


def kinds(cell: nbformat.NotebookNode) -> list[str]:
    """What a cell shows, in order: stdout, image/png, text/html, text/plain."""
    return [kind for output in cell.outputs for kind in ([output.name] if "name" in output else sorted(output.data))]


def text(cell: nbformat.NotebookNode) -> str:
    """What a cell prints."""
    return "\n".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def alike(then: str, now: str) -> bool:
    """The same words, and numbers that differ by no more than one in their last digit; whole ones are the same."""
    if NUMBER.sub("#", then).split() != NUMBER.sub("#", now).split():
        return False
    return all(
        abs(a - b) <= 1.001 * max(unit, other)
        for (a, unit), (b, other) in zip(map(_value, NUMBER.findall(then)), map(_value, NUMBER.findall(now)))
    )


def _value(printed):
    """A number and one in its last digit; a whole number is exact, unless it is a percentage."""
    number = printed.rstrip(" %")
    mantissa, _, exponent = number.partition("e")
    decimals = len(mantissa.partition(".")[2])
    exact = number == printed and not decimals and not exponent
    return float(number), 0.0 if exact else 10.0 ** (int(exponent or 0) - decimals)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
