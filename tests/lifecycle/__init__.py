"""What a process that is stopped leaves behind, and whether the next run makes it good.

``python -m tests.lifecycle --times 100`` stops a batch and a corpus of 200 files, and a `fit` over an existing
model, at random moments (`strikes`); `tests/test_lifecycle.py` does so a few times, and everything else: full disks,
closed pipes, two processes on one output, machines without a home, a temporary folder or a network.
"""
