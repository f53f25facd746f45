"""Data sets in miniature, laid out as the real ones."""

import numpy as np
import pytest
import soundfile


@pytest.fixture
def dataset(tmp_path):
    """Write the files of a data set: text, or seconds of sound; the folder is returned."""

    def write(files):
        folder = tmp_path / "set"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                path.write_bytes(content.encode())
            elif isinstance(content, bytes):
                path.write_bytes(content)
            else:
                soundfile.write(path, np.zeros(round(16000 * content)), 16000)
        return folder

    return write


@pytest.fixture
def reasons():
    """What a manifest says of what is not placed: reason by path."""
    return lambda manifest: {one.path: one.reason for one in manifest.unplaced}
