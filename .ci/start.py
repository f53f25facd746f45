"""Install both packages and show what they do: ``python .ci/start.py``. Run the tests: ``python .ci/start.py tests``.

Works in a virtual environment: the one it is started in, or `.venv` beside the project, made if it is missing. So it
works, too, where the system's Python must not be installed into (Debian, Ubuntu), and in a shell without ``&&``.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEMOS = ["-m", "lightdiar", "demo"], ["-m", "bechdel_stats", "demo"]


def main(arguments: list[str]) -> int:
    """Install, then run the demos or the tests; return the first status that is not 0."""
    if arguments not in ([], ["tests"]):
        print("python .ci/start.py, or python .ci/start.py tests", file=sys.stderr)
        return 2
    scripts = Path(sys.executable).parent
    if sys.prefix == sys.base_prefix:
        scripts = ROOT / ".venv" / ("Scripts" if os.name == "nt" else "bin")
        if not scripts.is_dir():
            try:
                venv.create(ROOT / ".venv", with_pip=True)
            except subprocess.CalledProcessError:  # Debian packs pip for environments apart
                print("No environment can be made here: install python3-venv, or start this in one.", file=sys.stderr)
                shutil.rmtree(ROOT / ".venv")
                return 2
    install = ["-m", "pip", "install", "--quiet", f"{ROOT}[test]" if arguments else str(ROOT)]
    for step in (install, *([["-m", "pytest"]] if arguments else DEMOS)):
        status = subprocess.run([scripts / "python", *step], cwd=ROOT).returncode
        if status:
            return status
    print(f"The commands are in {scripts}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
