import os
import shutil
from contextlib import redirect_stdout

import numpy as np
import pytest
import soundfile

from lightdiar.cli import main
from lightdiar.io.audio import write


@pytest.fixture
def silence(tmp_path):
    """Two seconds."""
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(32000), 16000)
    return path


@pytest.fixture
def main_unread():
    """`main` while nobody reads standard output, as after `| head -0`."""

    def run(arguments):
        reader, writer = os.pipe()
        os.close(reader)
        with open(writer, "w") as stream, redirect_stdout(stream):
            return main(arguments)

    return run


@pytest.fixture(scope="session")
def sounds(people, tmp_path_factory):
    """Files of people by name: five seconds of each."""
    folder = tmp_path_factory.mktemp("questions")
    for name, (_, short) in people.items():
        write(folder / f"{name}.wav", short)
    return {name: folder / f"{name}.wav" for name in people}


@pytest.fixture
def own_file(voices_file, tmp_path):
    """The voices of Adam, Clara and Emil, to be changed."""
    return shutil.copy(voices_file, tmp_path / "own.voices")


@pytest.fixture
def linked(own_file, tmp_path):
    """A symbolic link to the file."""
    if os.name == "nt":
        pytest.skip("Windows allows no links to everybody")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "linked.voices").symlink_to("../own.voices")
    return tmp_path / "links" / "linked.voices"
