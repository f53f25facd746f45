"""Runs a command and ends it, as kill -9 would, just before the n-th thing that it does to files in a folder.

``python -m tests.lifecycle.stopper N FOLDER PROGRAM ARGUMENT ...``: status 137 if it was stopped, else the command's.
"""

import os
import sys

EVENTS = {"open", "os.rename", "os.remove", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.truncate"}


def main() -> int:
    wanted, folder, program, *arguments = sys.argv[1:]
    left, folder = int(wanted), os.path.abspath(folder)

    def touches(value):
        return isinstance(value, (str, bytes)) and os.path.abspath(os.fsdecode(value)).startswith(folder)

    def watch(event, values):
        nonlocal left
        if event not in EVENTS or not any(touches(value) for value in values):
            return
        if event == "open" and not (isinstance(values[2], int) and values[2] & (os.O_WRONLY | os.O_RDWR)):
            return
        left -= 1
        if not left:
            os._exit(137)

    if program == "lightdiar":
        from lightdiar.cli import main
    else:
        from bechdel_stats.cli import main
    sys.addaudithook(watch)
    return main(arguments)


if __name__ == "__main__":
    sys.exit(main())
