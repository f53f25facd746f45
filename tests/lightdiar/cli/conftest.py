import numpy as np
import pytest
import soundfile


@pytest.fixture
def silence(tmp_path):
    """Two seconds."""
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(32000), 16000)
    return path
