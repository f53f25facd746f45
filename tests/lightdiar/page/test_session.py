import subprocess
import sys

import pytest

_CODE = """
import shutil, sys, time
from pathlib import Path
from lightdiar.page.session import Session
from lightdiar.page.work import Work

def ended(job):
    while job.state in ("waiting", "working"):
        time.sleep(0.01)
    assert job.state == "done", job.problem

folder, sound = map(Path, sys.argv[1:])
work = Work()
session = Session(folder, work)
session.warm_up()
ended(work.jobs[1])
before = set(sys.modules)
path = session.new_file("talk.wav")
shutil.copy(sound, path)
ended(session.diarize(path, "talk.wav"))
print(sorted(set(sys.modules) - before))
work.close()
"""


@pytest.mark.slow
def test_after_the_warm_up_nothing_is_left_to_load(conversation_file, tmp_path):
    command = [sys.executable, "-c", _CODE, str(tmp_path), str(conversation_file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.returncode) == ("[]\n", 0)
