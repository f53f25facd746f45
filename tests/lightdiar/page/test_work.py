import threading
import time

import pytest

from lightdiar.errors import AudioError
from lightdiar.page.work import Work


@pytest.fixture
def work():
    own = Work()
    yield own
    own.close()


def ended(job):
    until = time.monotonic() + 5
    while job.state in ("waiting", "working"):
        assert time.monotonic() < until
        time.sleep(0.001)
    return job


def test_one_job_at_a_time_in_order(work):
    running, most, order = [], [], []

    def job(number):
        def function(_job):
            running.append(number)
            most.append(len(running))
            time.sleep(0.01)
            running.remove(number)
            order.append(number)
            return {"number": number}

        return function

    jobs = [work.start(job(number)) for number in range(5)]
    assert [ended(one).answer for one in jobs] == [{"number": number} for number in range(5)]
    assert order == [0, 1, 2, 3, 4] and set(most) == {1}


def test_progress_notes_and_answer(work):
    told, go = threading.Event(), threading.Event()

    def function(job):
        job.progress(0.25)
        work.note("it is noisy")
        told.set()
        go.wait(5)
        return {"found": 3}

    job = work.start(function)
    told.wait(5)
    assert job.to_dict() == {
        "number": 1,
        "state": "working",
        "part": 0.25,
        "answer": None,
        "problem": "",
        "notes": ["it is noisy"],
    }
    go.set()
    assert (ended(job).state, job.answer) == ("done", {"found": 3})
    work.note("nobody works")
    assert job.notes == ["it is noisy"]


def test_notes_belong_to_the_thread_that_takes_them(work):
    go, began, own = threading.Event(), threading.Event(), []

    def function(_job):
        began.set()
        go.wait(5)
        work.note("is noisy")
        return {}

    job = work.start(function)
    began.wait(5)
    with work.noting(own):
        work.note("is strange")
    work.note("is lost")
    go.set()
    assert (ended(job).notes, own) == (["is noisy"], ["is strange"])


def test_jobs_that_have_ended_are_dropped_and_their_numbers_not_used_again(work):
    go = threading.Event()
    first, second = work.start(lambda _job: {"found": 3}), work.start(lambda _job: {"went": go.wait(5)})
    ended(first)
    work.drop_ended()
    assert work.jobs == {2: second}
    go.set()
    ended(second)
    work.drop_ended()
    assert work.jobs == {} and work.start(lambda _job: {}).number == 3


def test_a_job_that_fails_does_not_end_the_next():
    reported = []
    work = Work(report=reported.append)

    def wrong(_job):
        raise AudioError("x.wav: is not audio")

    def fault(_job):
        return {}["key"]

    first, second, third = (work.start(function) for function in (wrong, fault, lambda _job: {"ok": True}))
    assert (ended(first).state, first.problem) == ("failed", "x.wav: is not audio")
    assert (ended(second).state, second.problem) == ("failed", "KeyError: 'key'")
    assert ended(third).state == "done"
    work.close()
    (text,) = reported
    assert text.startswith("Traceback") and "KeyError: 'key'" in text


def test_a_job_that_is_no_longer_wanted_ends_at_its_next_progress(work):
    def endless(job):
        while True:
            job.progress(None)
            time.sleep(0.001)

    first, second = work.start(endless), work.start(endless)
    work.stop(second)
    work.stop(first)
    assert (ended(first).state, first.problem) == ("failed", "")
    assert (ended(second).state, second.problem) == ("failed", "")


def test_a_job_that_nobody_wants_any_more_when_its_turn_comes_is_dropped(work):
    go, called = threading.Event(), []
    first = work.start(lambda _job: {"went": go.wait(5)})
    second = work.start(lambda _job: called.append("function") or {}, lambda: called.append("drop"))
    work.stop(second)
    go.set()
    assert (ended(first).state, ended(second).state, called) == ("done", "failed", ["drop"])


def test_closing_ends_what_is_done_and_what_waits():
    work = Work()
    began, later = threading.Event(), []

    def endless(job):
        began.set()
        while True:
            job.progress(None)
            time.sleep(0.001)

    first = work.start(endless)
    work.start(lambda _job: later.append(1) or {})
    began.wait(5)
    work.close()
    assert first.state == "failed" and later == [] and not work._thread.is_alive()
