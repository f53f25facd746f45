"""Stopped processes, full disks, closed pipes, poor machines: nothing lost, doubled, half or left behind."""

import contextlib
import errno
import json
import os
import random
import subprocess
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

import bechdel_stats.cli
import lightdiar.cli
from lightdiar import diarize
from lightdiar.common.files import write_text
from tests.fuzz import seeds
from tests.fuzz.server import Server
from tests.lifecycle.commands import command, contents, environment, is_temporary, run
from tests.lifecycle.strikes import SIGNALS, Batch, Corpus, Fit, errors, one_line, recover, step_by_step, strike

pytestmark = [
    pytest.mark.slow,  # processes: a second or more each
    pytest.mark.skipif(os.name == "nt", reason="signals, full devices and closed streams as POSIX has them"),
]
SAYING = [  # a command of each kind that prints
    ("lightdiar", "count", "good.wav"),
    ("lightdiar", "diarize", "good.wav"),
    ("lightdiar", "speech", "good.wav"),
    ("lightdiar", "models"),
    ("lightdiar", "--help"),
    ("bechdel-stats", "predict", "films.csv"),
    ("bechdel-stats", "audit", "films.csv"),
    ("bechdel-stats", "models"),
    ("bechdel-stats", "rates", "--help"),
]
MAIN = {"lightdiar": lightdiar.cli.main, "bechdel-stats": bechdel_stats.cli.main}  # for runs that nobody stops
WRITING = [  # command, its output
    (("lightdiar", "features", "good.wav", "--out", "out/x.npz"), "out/x.npz"),
    (("lightdiar", "diarize", "good.wav", "--out", "out"), "out/good.rttm"),
    (("bechdel-stats", "predict", "films.csv", "--out", "out/p.csv"), "out/p.csv"),
    (("bechdel-stats", "fit", "films.csv", "--out", "out/m"), "out/m/coefficients.npz"),
]


@pytest.fixture
def room(tmp_path, monkeypatch):
    """The current folder, with a sound, a table of films and an empty folder for outputs."""
    (tmp_path / "good.wav").write_bytes(seeds.tiny_wav(2.4))
    (tmp_path / "films.csv").write_bytes(seeds.table(seeds.film_rows(200)))
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- stopped ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    return Batch(tmp_path_factory.mktemp("batch") / "batch", n_files=100)


@pytest.fixture(scope="module")
def fit(tmp_path_factory):
    return Fit(tmp_path_factory.mktemp("fit") / "fit")


@pytest.mark.parametrize("job", ["batch", "fit"])
@pytest.mark.parametrize("name", SIGNALS)
def test_stopped_at_a_random_moment(name, job, request):
    """`python -m tests.lifecycle --times 100` does this longer."""
    job = request.getfixturevalue(job)
    rng = random.Random(name)
    strike(job, name, rng)
    recover(job)


def test_a_corpus_stopped_at_a_random_moment(tmp_path):
    """`python -m tests.lifecycle` does this longer, by each signal."""
    job = Corpus(tmp_path / "corpus", n_files=10, n_jobs=1)
    strike(job, "SIGKILL", random.Random(0))
    recover(job)


@pytest.mark.parametrize("arguments", [case for case, _ in WRITING[:3]], ids=lambda arguments: " ".join(arguments[:2]))
def test_stopped_before_each_thing_it_does_to_files(arguments, room):
    """After each stop the output is absent or whole; the next run makes it the same as an undisturbed one."""
    out = room / "out"

    def begin():
        for path in [path for path in out.rglob("*") if path.is_file()]:
            path.unlink()

    run(*arguments)
    reference = contents(out)
    begin()

    def check():
        for name, content in contents(out).items():
            assert reference.get(name) == content or is_temporary(name), name
        assert MAIN[arguments[0]]([*arguments[1:], "--overwrite"]) == 0
        assert contents(out) == reference

    assert step_by_step(arguments[0], arguments[1:], out, begin, check) >= 2


def test_a_fit_stopped_before_each_thing_it_does_leaves_the_old_model_or_the_new(fit):
    arguments = ["fit", str(fit.films), "--out", str(fit.target)]

    def check():
        fit.check(left_behind=True)
        assert MAIN["bechdel-stats"](arguments) == 0
        fit.check_finished()

    assert step_by_step("bechdel-stats", arguments, fit.target, fit.begin, check) >= 3


# --- output that cannot be written -----------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", SAYING, ids=lambda arguments: " ".join(arguments[:2]))
def test_standard_output_that_is_full_closed_or_not_read(arguments, room):
    full = Path("/dev/full")
    if full.exists():
        with full.open("w") as file:
            said = one_line(run(*arguments, stdout=file), arguments[0])
        assert os.strerror(errno.ENOSPC) in said
    said = one_line(_with_shell(arguments, ">&-"), arguments[0])
    assert "closed" in said
    gone, writer = os.pipe()
    os.close(gone)
    done = run(*arguments, stdout=writer)
    os.close(writer)
    assert (done.returncode, errors(done.stderr)) == (0, [])


def _with_shell(arguments, redirection):
    """Run through a shell, for what only a shell can close."""
    import shlex

    line = f"{shlex.join(command(*arguments))} {redirection}"
    return subprocess.run(["sh", "-c", line], env=environment(), capture_output=True, text=True, encoding="utf-8")


def test_other_streams_that_are_closed(room):
    done = _with_shell(("lightdiar", "count", "good.wav"), "2>&- <&-")
    assert done.returncode == 0 and done.stdout.startswith("good.wav: M ")
    assert _with_shell(("lightdiar", "count", "absent.wav"), "2>&-").returncode == 2


@pytest.mark.parametrize(("arguments", "out"), WRITING, ids=lambda value: " ".join(value[:2]) if len(value) > 3 else "")
def test_a_disk_that_fills_up_leaves_nothing_and_the_next_run_succeeds(arguments, out, room):
    import resource

    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    one_line(run(*arguments, preexec_fn=small), arguments[0])
    assert contents(room / "out") == {}
    assert not run(*arguments).returncode
    assert (room / out).exists()


def test_a_file_system_without_room(room):
    """As above, with the error that a real disk gives."""
    disk = room / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    try:
        said = one_line(run("lightdiar", "features", "good.wav", "--out", disk / "x.npz"), "lightdiar")
        assert os.strerror(errno.ENOSPC) in said
        assert contents(disk) == {}
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# --- at the same time ------------------------------------------------------------------------------------------------


def _together(*commands):
    processes = [
        subprocess.Popen(each, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) for each in commands
    ]
    ended = [process.communicate(timeout=120) for process in processes]
    assert all(b"Traceback" not in err for _, err in ended)
    return [process.returncode for process in processes], [err.decode() for _, err in ended]


def test_two_processes_on_one_output(room):
    fit_it = command("bechdel-stats", "fit", "films.csv", "--out", "out/m")
    statuses, said = _together(fit_it, fit_it)
    assert 0 in statuses and set(statuses) <= {0, 2}, said
    assert run("bechdel-stats", "models", "out/m").returncode == 0
    assert set(contents(room / "out/m")) == {"card.json", "coefficients.npz"}
    out = ("--out", "out/p.csv", "--overwrite")
    predict = command("bechdel-stats", "predict", "films.csv", *out)
    assert _together(predict, predict)[0] == [0, 0]
    assert (room / "out/p.csv").read_text(encoding="utf-8").count("\n") == 201
    each = command("lightdiar", "diarize", "good.wav", "--out", "out/d")
    statuses, said = _together(each, each)
    assert 0 in statuses and set(statuses) <= {0, 2}, said
    assert set(contents(room / "out/d")) == {"good.rttm", "good.json"}


def test_two_fetches_of_one_file_write_each_film_once(room):
    server = Server()
    server.reply = _tmdb_reply
    rows = seeds.film_rows(200)[:30]
    (room / "few.csv").write_bytes(seeds.table(rows))
    fetch = command("bechdel-stats", "fetch", "--films", "few.csv", "--tmdb", "t.jsonl", "--tmdb-url", server.url)
    os.environ["TMDB_API_KEY"] = "abc"
    try:
        statuses, said = _together(fetch, fetch)
    finally:
        del os.environ["TMDB_API_KEY"]
    lines = (room / "t.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["imdb_id"] for line in lines] == [row["imdb_id"] for row in rows]
    assert sorted(statuses) == [0, 2], said


def _tmdb_reply(path):
    number = int("".join(filter(str.isdigit, path.partition("?")[0].rpartition("/")[2])))
    found = {"movie_results": [{"id": number}]} if "/find/" in path else {"id": number, "title": "Invented"}
    return 200, {}, json.dumps(found).encode()


# --- poor machines ---------------------------------------------------------------------------------------------------


def _in_python(setting, program, *arguments, **options):
    """Run a command in a Python in which something was changed before."""
    package = program.replace("bechdel-stats", "bechdel_stats")
    code = f"import sys\n{setting}\nfrom {package}.cli import main\nsys.exit(main(sys.argv[1:]))"
    line = [sys.executable, "-c", code, *map(str, arguments)]
    options = {"env": environment(), "capture_output": True, "text": True, "encoding": "utf-8", **options}
    return subprocess.run(line, **options)


NO_NETWORK = """
def refuse(event, values):
    if event.startswith("socket."):
        raise SystemExit("network: " + event)
sys.addaudithook(refuse)
"""


@pytest.mark.parametrize("arguments", [*SAYING, *(case for case, _ in WRITING)], ids=lambda case: " ".join(case[:2]))
def test_nothing_but_fetch_opens_a_socket(arguments, room):
    done = _in_python(NO_NETWORK, *arguments)
    assert done.returncode == 0, done.stderr


def test_fetch_without_a_network_says_so(room):
    arguments = ("bechdel-stats", "fetch", "--ratings", "r.json", "--ratings-url", "http://127.0.0.1:9")
    setting = "import time; time.sleep = lambda seconds: None"
    said = one_line(_in_python(setting, *arguments), "bechdel-stats")
    assert "cannot be fetched" in said and not (room / "r.json").exists()


def test_no_home_and_no_environment(room):
    kept = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
    bare = {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONPATH": environment()["PYTHONPATH"]}
    for arguments in (SAYING[0], SAYING[5]):
        done = run(*arguments, env=bare)
        assert done.returncode == 0 and done.stdout, done.stderr


def test_no_temporary_folder(room):
    sounds = seeds.sounds(room)
    name = "film.m4a" if "film.m4a" in sounds else "vorbis.ogg"
    (room / name).write_bytes(sounds[name])
    setting = "import tempfile; tempfile._candidate_tempdir_list = lambda: ['/nonexistent']"
    done = _in_python(setting, "lightdiar", "count", name, "good.wav")
    assert "good.wav: M " in done.stdout
    if done.returncode:  # refused, then in words of our own
        assert one_line(done, "lightdiar").startswith(f"lightdiar: {name}: ") and "Errno" not in done.stderr


def test_a_user_who_may_write_nothing(room):
    """uid nobody, to whom all is read-only; where this Python cannot be run by nobody, folders without write access."""
    poor = {"env": environment(HOME="/nonexistent", TMPDIR="/nonexistent", XDG_CACHE_HOME="/nonexistent")}
    with _nothing_writable(room) as who:
        done = run("lightdiar", "count", "good.wav", **poor, **who)
        assert done.returncode == 0 and done.stdout.startswith("good.wav: M "), done.stderr
        for arguments, _ in WRITING:
            one_line(run(*arguments, **poor, **who), arguments[0])
    assert contents(room / "out") == {}


@contextmanager
def _nothing_writable(folder):
    """Yield options of a process to which a folder is read-only."""
    if os.geteuid():
        for each in (folder, folder / "out"):
            each.chmod(0o555)
        yield {}
        for each in (folder, folder / "out"):
            each.chmod(0o755)
        return
    nobody = {"user": 65534, "group": 65534, "extra_groups": []}
    with contextlib.suppress(OSError):
        for each in (folder, *list(folder.parents)[:3]):
            each.chmod(each.stat().st_mode | 0o055)
        if not run("lightdiar", "--version", cwd="/", **nobody).returncode:
            yield nobody
            return
    mounted = [["mount", "--bind", folder, folder], ["mount", "-o", "remount,ro,bind", folder]]
    if any(subprocess.run(each, capture_output=True).returncode for each in mounted):
        pytest.skip("neither may nobody use this Python, nor can a folder be mounted read-only")
    try:
        yield {"cwd": folder}  # entered anew, through the mount
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


# --- many ------------------------------------------------------------------------------------------------------------

GROWTH = """
import os, sys
from pathlib import Path
from lightdiar.systems.diarizer import Diarizer
from lightdiar.io.audio import write

def state():
    held = [line for line in open("/proc/self/status") if line.startswith("VmRSS")][0].split()[1]
    return int(held) / 1000, len(os.listdir("/proc/self/fd"))

diarizer, states = Diarizer(), []
for number, path in enumerate(2 * sorted(Path(sys.argv[1]).iterdir()), 1):
    diarizer.predict(path)
    if number in (50, 200):
        states.append(state())
(before, opened), (after, still) = states
assert after - before < 10, (before, after)
assert still == opened, (opened, still)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux says what a process holds")
def test_200_files_take_no_more_memory_or_descriptors_than_50(batch):
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, batch.sounds], env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def _as_json(path):
    return diarize(path).to_json()


@pytest.fixture(scope="module")
def few(batch):
    paths = sorted(batch.sounds.iterdir())[:16]
    return paths, [_as_json(path) for path in paths]


def test_32_threads_equal_serial(few):
    paths, serial = few
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", category=UserWarning)
        before = list(warnings.filters)
        with ThreadPoolExecutor(32) as pool:
            assert list(pool.map(_as_json, paths * 4)) == serial * 4
        assert list(warnings.filters) == before


def test_a_spawn_pool_equals_serial(few):
    paths, serial = few
    code = (
        "import sys, multiprocessing, lightdiar\n"
        "from tests.test_lifecycle import _as_json\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context('spawn').Pool(2) as pool:\n"
        "        print(repr(pool.map(_as_json, sys.argv[1:])))\n"
    )
    script = paths[0].parent.parent / "pool.py"
    script.write_text(code, encoding="utf-8")
    line = [sys.executable, str(script), *map(str, paths)]
    done = subprocess.run(line, env=environment(), capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == repr(serial)


def test_32_threads_that_write_one_file_leave_one_of_their_texts(tmp_path):
    path, texts = tmp_path / "x.txt", [f"{number}\n" * 5000 for number in range(32)]
    threads = [threading.Thread(target=write_text, args=(path, text)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text(encoding="utf-8") in texts
    assert list(tmp_path.iterdir()) == [path]
