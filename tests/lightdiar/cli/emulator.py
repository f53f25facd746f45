"""A terminal in place of standard output, which knows no more codes than are used."""

import re


class Terminal:
    """What stands on a terminal after all that was written to it."""

    encoding = "utf-8"

    def __init__(self, is_terminal=True):
        self.lines, self.row, self.column, self.writes, self.is_terminal = [""], 0, 0, 0, is_terminal

    def isatty(self):
        return self.is_terminal

    def flush(self):
        pass

    def write(self, text):
        self.writes += 1
        for part in re.findall(r"\x1b\[\d*[A-Za-z]|[\r\n]|[^\x1b\r\n]+", text):
            self._take(part)

    def _take(self, part):
        line = self.lines[self.row]
        if part == "\r":
            self.column = 0
        elif part == "\n":
            self.row, self.column = self.row + 1, 0
            self.lines += [""] * (self.row == len(self.lines))
        elif part[0] != "\x1b":
            self.lines[self.row] = line[: self.column].ljust(self.column) + part + line[self.column + len(part) :]
            self.column += len(part)
        elif part[-1] == "A":
            self.row -= int(part[2:-1])
        elif part[2:] == "K":
            self.lines[self.row] = line[: self.column]
        elif part[2:] == "J":
            self.lines[self.row :] = [line[: self.column]]
        elif part[2:] == "2J":
            self.lines = [""] * (self.row + 1)
        elif part[2:] == "H":
            self.row = self.column = 0
        else:
            raise AssertionError(f"a code that is not known: {part!r}")
