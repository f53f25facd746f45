"""What all commands of bechdel-stats share, as a user types it."""

import subprocess
import sys
from pathlib import Path

import pytest

from bechdel_stats import cli
from bechdel_stats.words.messages import Message, warn

COMMANDS = (
    "predict",
    "explain",
    "what-if",
    "odds",
    "rates",
    "trend",
    "clusters",
    "report",
    "audit",
    "fit",
    "fetch",
    "models",
    "demo",
)


def test_help_reads_like_a_manual_and_loads_nothing_heavy():
    code = (
        "import sys\n"
        "from bechdel_stats.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as stop: status = stop.code\n"
        "print(status, [m for m in ('numpy', 'scipy', 'sklearn', 'pandas', 'statsmodels') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert lines[-1] == "0 []"
    for name in COMMANDS:
        assert any(line.split()[:1] == [name] for line in lines)
    assert "Exit status: 0 done, 2 " in done.stdout and done.stdout.isascii()


def test_every_module_of_the_folder_is_a_command():
    files = {path.stem for path in Path(cli.__file__).parent.glob("*.py")}
    assert files - {"__init__", "films"} == {command.replace("-", "_") for command in COMMANDS}
    assert cli.COMMANDS == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_in_its_help_what_the_list_says(run, capsys, command):
    with pytest.raises(SystemExit, match="^0$"):
        run("--help")
    listed = " ".join(capsys.readouterr().out.split())
    with pytest.raises(SystemExit, match="^0$"):
        run(command, "--help")
    shown = capsys.readouterr().out
    assert shown.startswith(f"usage: bechdel-stats {command} ")
    summary = " ".join(shown.split("\n\n")[1].split())
    assert f" {command} {summary} " in listed


def test_an_unknown_command_and_none_are_refused(run, capsys):
    for arguments in (["predictt"], []):
        with pytest.raises(SystemExit, match="^2$"):
            run(*arguments)
        assert "bechdel-stats: error: " in capsys.readouterr().err


def test_warnings_are_one_line_each(run, monkeypatch, path, capsys):
    def read(*_, **__):
        for n in (1, 2):
            warn(Message("without_year", until=2000, n=n))
        raise OSError("no such disk")

    monkeypatch.setattr("bechdel_stats.data.tables.read_films", read)
    assert run("odds", path) == 2
    assert capsys.readouterr().err == (
        "bechdel-stats: warning: until=2000: 1 film without a year is left out.\n"
        "bechdel-stats: warning: until=2000: 2 films without a year are left out.\n"
        "bechdel-stats: no such disk\n"
    )


def test_interrupted(run, monkeypatch, path, capsys):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("bechdel_stats.data.tables.read_films", stop)
    assert run("odds", path) == 130
    assert capsys.readouterr().err == "bechdel-stats: interrupted\n"
