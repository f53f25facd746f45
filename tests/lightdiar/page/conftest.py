"""A page that runs: its server in a thread, and a client that sends exactly what a test says."""

import contextlib
import http.client
import io
import json
import threading
import time
from urllib.parse import quote

import numpy as np
import pytest
import soundfile

from lightdiar.page import server
from lightdiar.page.door import Door
from lightdiar.page.scratch import scratch_folder
from lightdiar.page.session import Session
from lightdiar.page.work import Work


class Client:
    """Asks the page as the browser does that shows it, unless a test says otherwise."""

    def __init__(self, door, session, announced):
        self.door, self.session, self.port, self.announced = door, session, door.port, announced
        self.inside = f"/{door.secret}/"

    def ask(self, method, path="", body=None, **headers):
        """Status, headers and body of an answer. A path without a slash before it is one of the page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            origin = {} if method in ("GET", "HEAD") else {"Origin": f"http://127.0.0.1:{self.port}"}
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            sent = {name: value for name, value in {**origin, **given}.items() if value is not None}
            connection.request(method, path if path.startswith("/") else self.inside + path, body, sent)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def json(self, method, path, body=None, **headers):
        """Status and JSON of an answer."""
        status, _, content = self.ask(method, path, body, **headers)
        return status, json.loads(content) if content else None

    def send(self, path, content, title, method="POST"):
        """Send a sound and wait for the end of its job."""
        status, job = self.json(method, path, content, X_Name=quote(title))
        assert status == 202, job
        return self.end_of(job)

    def end_of(self, job):
        until = time.monotonic() + 60
        while job["state"] in ("waiting", "working"):
            assert time.monotonic() < until
            time.sleep(0.01)
            _, job = self.json("GET", f"jobs/{job['number']}")
        return job

    def files(self):
        """What lies in the folder of the session, but for the mark that it is in use."""
        return sorted(path.name for path in self.session.folder.iterdir() if path.name != "in-use")


@pytest.fixture(scope="session")
def running_page():
    """The server that all tests of a process ask."""
    announced = []
    with contextlib.closing(Work()) as work, server.listening(None) as sock, scratch_folder() as folder:
        session = Session(folder, work)
        door = Door(server.application(session), sock.getsockname()[1], announced.append)
        own = server.server_of(door)
        thread = threading.Thread(target=own.run, args=[[sock]])
        thread.start()
        yield Client(door, session, announced)
        own.should_exit = True
        thread.join()


@pytest.fixture
def page(running_page):
    """A page on which nothing has been done yet."""
    yield running_page
    session = running_page.session
    for recording in list(session.recordings.values()):
        session.forget(recording)
    for person in session.people()["people"]:
        session.remove_person(person["name"])
    session.work.jobs.clear()
    running_page.announced.clear()


@pytest.fixture(scope="session")
def sounds(people):
    """The bytes of a WAV file of each person, long and short."""
    return {name: [wav(audio.samples) for audio in takes] for name, takes in people.items()}


@pytest.fixture(scope="session")
def talk(people):
    """Two people, one after the other: the bytes of a WAV file, 24 s."""
    return wav(np.concatenate([people["Adam"][0].samples, people["Clara"][0].samples]))


def wav(samples):
    file = io.BytesIO()
    soundfile.write(file, samples, 16000, subtype="PCM_16", format="WAV")
    return file.getvalue()
