"""The commands of README.md: two do everything, in cmd, PowerShell 5, bash and zsh."""

import importlib.util
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
PLAIN = [line for language, block in BLOCKS if not language for line in block.splitlines()]
COMMANDS = [line for line in PLAIN if line.startswith("python ")]
SHOWN = [line[2:] for line in PLAIN if line.startswith("$ ")]
NAMED = re.findall(r"`((?:python|pipx|lightdiar|bechdel-stats) [^`\n]*)`", README)


def start():
    spec = importlib.util.spec_from_file_location("start", ROOT / ".ci" / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_two_commands_do_everything():
    assert COMMANDS == ["python .ci/start.py", "python .ci/start.py tests"]


def test_no_command_needs_a_certain_shell():
    assert len(SHOWN) == 18 and len(NAMED) >= 6
    for command in (*COMMANDS, *SHOWN, *NAMED):
        assert not re.search(r"&&|[;|<>'`$\\^%]", command), command


@pytest.mark.parametrize("arguments", [[], ["tests"]])
def test_the_steps_stop_at_the_first_that_fails(arguments, monkeypatch):
    module, steps = start(), []

    def run(command, cwd):
        steps.append([str(part) for part in command[1:]])
        return SimpleNamespace(returncode=3 if len(steps) == 2 else 0)

    monkeypatch.setattr(module.subprocess, "run", run)
    monkeypatch.setattr(module.sys, "prefix", "somewhere")  # in an environment: none is made
    assert module.main(arguments) == 3
    assert (
        steps[0][:4] == ["-m", "pip", "install", "--quiet"] and steps[0][4] == f"{ROOT}{'[test]' if arguments else ''}"
    )
    assert steps[1] == (["-m", "pytest"] if arguments else ["-m", "lightdiar", "demo"])


def test_outside_of_an_environment_one_is_made_beside_the_script(monkeypatch, tmp_path):
    module, made = start(), []
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module.sys, "prefix", sys.base_prefix)
    monkeypatch.setattr(module.venv, "create", lambda folder, with_pip: made.append((folder, with_pip)))
    monkeypatch.setattr(module.subprocess, "run", lambda command, cwd: SimpleNamespace(returncode=0))
    assert module.main([]) == 0
    assert made == [(tmp_path / ".venv", True)]


def test_another_word_is_told_what_is_allowed(capsys):
    assert start().main(["test"]) == 2
    assert capsys.readouterr().err == "python .ci/start.py, or python .ci/start.py tests\n"
