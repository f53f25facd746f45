import sys

import pytest

from tests.lightdiar.live.sounds import FakeSystem


@pytest.fixture
def system(monkeypatch):
    found = FakeSystem()
    monkeypatch.setitem(sys.modules, "sounddevice", found)
    return found
