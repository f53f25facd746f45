"""What is fuzzed: every command and every parser, each with a function that makes one case of it."""

import gzip
import hashlib
import io
import json
import os
import random
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tests.fuzz import seeds
from tests.fuzz.mutate import CELLS, NAMES, PEOPLE, damaged, damaged_json, damaged_rows, damaged_text, damaged_value
from tests.fuzz.strategies import examples

BLOCK = 1000  # cases that share the values hypothesis invented


@dataclass(frozen=True)
class Case:
    """One input: files, and what is done with them.

    Parameters
    ----------
    argv : tuple of str
        Program and arguments; for a parser "api", its name and the file.
    files : dict of str to bytes
        Written to an empty folder in which the case runs.
    outputs : tuple of str
        Files and folders that may appear; all of them must if the status is 0.
    stdout : str
        What may be printed there: a key of `judge.PRINTED`.
    n_files : int
        Recordings named, of which each gives one result; 0 if that does not apply.
    survivor : str
        A sound file whose result must be there whatever happens to the others.
    answers : tuple
        What the server answers, one after the other: (status, headers, body).
    environment : dict
    links : dict of str to str
        Symbolic links and where they lead, made after the files.
    """

    argv: tuple[str, ...]
    files: dict[str, bytes]
    outputs: tuple[str, ...] = ()
    stdout: str = "text"
    n_files: int = 0
    survivor: str = ""
    answers: tuple[tuple[int, dict[str, str], bytes], ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """An entry point: its share of the inputs, and how a case is made."""

    name: str
    share: float
    make: Callable[["Draw"], Case]
    seconds: float = 10.0  # limit; more only where a sound input of this size needs about as long


class Draw:
    """The choices of one case, all from its seed and number."""

    def __init__(self, seed: int, number: int, sounds: dict[str, bytes]):
        self.rng = random.Random(f"{seed}:{number}")
        self.block = seed * 10_000 + number // BLOCK
        self.sounds = {name: content for name, content in sounds.items() if name != seeds.VOICES}
        self.voices = sounds[seeds.VOICES]

    def invented(self, name: str) -> Any:
        """A value that hypothesis made."""
        return self.rng.choice(examples(name, self.block))

    def sound(self) -> tuple[str, bytes]:
        """A damaged sound and the ending of its name."""
        name = self.rng.choice(sorted(self.sounds))
        data = self.sounds[name]
        if self.rng.random() < 0.95:
            data = damaged(self.rng, data, [self.sounds[other] for other in self.rng.choices(sorted(self.sounds), k=2)])
        ending = name.partition(".")[2]
        if self.rng.random() < 0.1:
            ending = self.rng.choice(("wav", "mp3", "mp4", "raw", "gsm", "au", "sd2", "txt", "vox", "flac", "m3u8"))
        return ending, data

    def person(self) -> str:
        """A name: of somebody enrolled, odd, or whatever hypothesis made; as it can stand on a command line."""
        what = self.rng.random()
        name = self.rng.choice(seeds.PEOPLE if what < 0.3 else PEOPLE if what < 0.9 else CELLS[:60])
        name = str(self.invented("text")) if what > 0.95 else name
        return os.fsdecode(name.replace("\x00", "").encode("utf-8", "surrogatepass"))

    def file_name(self, ending: str) -> str:
        """Usually plain, sometimes odd."""
        odd = ("a b", "\u00e9t\u00e9", "x.y", "CON", "nul.", "-x", "a'b", "$(touch pwned)", "l" * 240, "x: M 9  F 9\ny")
        odd += ("\x1b[31mx", "\u202ex", "\udce9", "*", "[a]", "%s", "\\", "?")
        stem = self.rng.choice(odd) if self.rng.random() < 0.12 else "damaged"
        stem = stem if sys.platform == "linux" else "damaged"  # other systems refuse some of these names
        return f"{stem}.{ending}"[-250:]


def films(draw: Draw) -> tuple[str, bytes]:
    """A damaged table of films: name and content."""
    rng = draw.rng
    kind, ending = rng.choice((("own", ".csv"), ("own", ".tsv"), *FILM_KINDS))
    rows = {"own": seeds.film_rows, "bechdel": seeds.bechdeltest, "tmdb": seeds.tmdb}[kind]()
    what = rng.random()
    plain = ending.removesuffix(".gz")
    if what < 0.55 or (plain != ".json" and what < 0.7):
        changed = damaged_rows(rng, rows) if kind == "own" or rng.random() < 0.5 else damaged_value(rng, rows, 5)
        if not (isinstance(changed, list) and changed and all(isinstance(row, dict) and row for row in changed)):
            ending = ".json.gz" if ending.endswith(".gz") else ".json"
        try:
            content = seeds.film_file(changed, ending)
        except (ValueError, UnicodeError):
            content = json.dumps(changed).encode()
            ending = ".json"
    elif what < 0.7:
        content = damaged_json(rng, rows[:30])
    elif what < 0.8 and plain != ".xlsx":
        content = damaged_text(rng, seeds.film_file(rows[:60], plain).decode())
    elif what < 0.9:
        invented = draw.invented(rng.choice(("records", "value", "rows")))
        ending = rng.choice((".json", ".jsonl"))
        lines = invented if ending == ".jsonl" and isinstance(invented, list) else [invented]
        text = "\n".join(json.dumps(line) for line in lines) if ending == ".jsonl" else json.dumps(invented)
        content = text.encode("utf-8", "surrogatepass")
    else:
        content = damaged(rng, seeds.film_file(rows[:60], ending))
    if ending.endswith(".gz") and content[:2] != b"\x1f\x8b" and rng.random() < 0.9:
        content = gzip.compress(content, mtime=0)
    return f"films{ending}", content


FILM_KINDS = (
    *(("own", ending) for ending in (".json", ".jsonl", ".xlsx", ".csv.gz", ".json.gz", ".tsv.gz", ".jsonl.gz")),
    *(("bechdel", ending) for ending in (".json", ".csv")),
    *(("tmdb", ending) for ending in (".json", ".jsonl", ".csv")),
)


# --- sound -----------------------------------------------------------------------------------------------------------


def _sound_command(command, *options, printed="text", outputs=()):
    def make(draw):
        ending, data = draw.sound()
        name = draw.file_name(ending)
        files, others = {name: data}, []
        if draw.rng.random() < 0.25:
            others = ["good.wav"]
            files["good.wav"] = seeds.tiny_wav(1.0)
        stem = name[: name.rfind(".")]
        written = tuple(out.replace("STEM", each) for out in outputs for each in [stem, *["good"] * bool(others)])
        argv = ("lightdiar", command, *options, "--", name, *others)
        survivor = "good" if others and not (outputs and stem.casefold() == "good") else ""
        return Case(argv, files, written, printed, n_files=1 + len(others), survivor=survivor)

    return make


def _one_sound(command, *options, printed="text", outputs=()):
    def make(draw):
        ending, data = draw.sound()
        name = draw.file_name(ending)
        return Case(("lightdiar", command, *options, "--", name), {name: data}, outputs, printed)

    return make


def _sound_options(draw):
    """Odd values of options, on a sound file."""
    rng = draw.rng
    command = rng.choice(("count", "diarize", "speech", "features", "demo", "tune"))
    common = ["--num-speakers", "--min-speakers", "--max-speakers", "--min-speaker-seconds", "--settings", "--method"]
    names = {
        "count": common,
        "diarize": [*common, "--format"],
        "speech": ["--settings"],
        "features": ["--out"],
        "demo": ["--seed"],
        "tune": ["--trials", "--seed"],
    }[command]
    value = rng.choice(
        ("0", "1", "2", "3", "-1", "999999999", "1e9", "nan", "inf", "", " ", "film", "phone", "textbook")
    )
    value = value if rng.random() < 0.8 else rng.choice(CELLS)[:1000].replace("\x00", "")
    options = [rng.choice(names), value]
    if command == "features":
        options = [
            "--out",
            rng.choice(("o.npz", "o.csv", "o.txt", "absent/o.npz", "o", "", "good.wav", "l" * 300 + ".csv")),
        ]
    if command == "demo":
        options = ["--seed", rng.choice(("-1", "x", "1e3", "", "nan"))]  # a sound seed takes seconds
    if command == "tune":
        options += ["--out", "t.json"]
    rest = [] if command == "demo" else ["good.wav"]
    written = ("o.npz?", "o.csv?", "t.json?")
    kind = "json" if options == ["--format", "json"] else "text"
    files = {"good.wav": seeds.tiny_wav(1.0), "good.rttm": b"SPEAKER good 1 0.0 0.9 <NA> <NA> ann <NA> <NA>\n"}
    return Case(
        ("lightdiar", command, *(text.encode("utf-8", "replace").decode() for text in options), *rest),
        files,
        written,
        kind,
    )


def _read_sound(draw):
    ending, data = draw.sound()
    call = draw.rng.choice(("read", "blocks", "duration"))
    return Case(("api", call, f"damaged.{ending}"), {f"damaged.{ending}": data})


# --- texts -----------------------------------------------------------------------------------------------------------


def _text(draw, text, invented=None):
    if invented and draw.rng.random() < 0.25:
        return str(draw.invented(invented)).encode("utf-8", "surrogatepass")
    return damaged_text(draw.rng, text)


def _score(draw):
    rng = draw.rng
    reference, hypothesis = seeds.RTTM.encode(), seeds.RTTM.replace("ann", "x").encode()
    files = {"ref.rttm": reference, "hyp.rttm": hypothesis}
    extra = []
    which = rng.choice(("ref.rttm", "hyp.rttm", "regions.uem"))
    if which == "regions.uem" or rng.random() < 0.2:
        files["regions.uem"] = _text(draw, seeds.UEM, "lines")
        extra = ["--uem", "regions.uem"]
    if which != "regions.uem":
        files[which] = _text(draw, seeds.RTTM, "rttm")
    if rng.random() < 0.3:
        extra += rng.choice(
            (["--collar", "0.25"], ["--skip-overlap"], ["--collar", rng.choice(("nan", "-1", "inf", "1e308", "x"))])
        )
    return Case(("lightdiar", "score", *extra, "ref.rttm", "hyp.rttm"), files)


def _turns(draw):
    """A damaged file of turns: its name and content."""
    rng = draw.rng
    ending, text = rng.choice(sorted(seeds.turns().items()))
    content = damaged(rng, text.encode()) if rng.random() < 0.2 else _text(draw, text)
    if rng.random() < 0.1:
        content = content.decode("utf-8", "replace").encode("utf-16")
    if rng.random() < 0.1:
        ending = rng.choice(sorted(seeds.turns()))
    return ending[1:], content


def _read_turns(draw):
    ending, content = _turns(draw)
    return Case(("api", "read_turns", f"damaged.{ending}"), {f"damaged.{ending}": content})


def _convert(draw):
    ending, content = _turns(draw)
    name = draw.file_name(ending)
    to = draw.rng.choice(("rttm", "json", "csv", "srt", "vtt", "textgrid", "eaf", "audacity"))
    options = ["--tier", draw.rng.choice(("ann", "x", ""))] if draw.rng.random() < 0.1 else []
    out = to != "audacity" and draw.rng.random() < 0.7  # which is empty where nobody speaks
    argv = ("lightdiar", "convert", "--to", to, *options, *(["--out", "o"] if out else []), "--", name)
    return Case(argv, {name: content}, ("o?",) if out else ())


def _label(draw):
    """A damaged subtitle, of SRT or WebVTT; the sound is well."""
    text = seeds.SUBTITLE if draw.rng.random() < 0.6 else f"WEBVTT\n\n{seeds.SUBTITLE.replace(',', '.')}"
    name = draw.file_name(draw.rng.choice(("srt", "vtt")))
    argv = ("lightdiar", "label", "--out", "o.srt", "--", name, "good.wav")
    return Case(argv, {name: _text(draw, text), "good.wav": seeds.tiny_wav(1.0)}, ("o.srt",), n_files=1)


def _many_speakers(draw):
    """Large truths: many speakers, recordings or turns."""
    rng = draw.rng
    n = rng.choice((300, 1000, 3000))
    kind = rng.randrange(3)
    length = rng.choice((0.5, 90))
    lines = [
        f"SPEAKER {'r' if kind else f'r{k}'} 1 {k if kind == 1 else k % 97} {length} <NA> <NA> s{k} <NA> <NA>"
        for k in range(n)
    ]
    content = ("\n".join(lines) + "\n").encode()
    return Case(("lightdiar", "score", "a.rttm", "b.rttm"), {"a.rttm": content, "b.rttm": content})


def _parser(call, name, text, invented=None):
    def make(draw):
        return Case(("api", call, name), {name: _text(draw, text, invented)})

    return make


def _settings(draw):
    content = damaged_json(draw.rng, json.loads(seeds.SETTINGS))
    if draw.rng.random() < 0.3:
        content = json.dumps(draw.invented("settings")).encode("utf-8", "surrogatepass")
    files = {"s.json": content, "good.wav": seeds.tiny_wav(1.0)}
    return Case(("lightdiar", "speech", "--settings", "s.json", "good.wav"), files, stdout="segments")


def _tune(draw):
    ending, data = draw.sound()
    truth = _text(draw, seeds.RTTM.split("SPEAKER talk")[0], "rttm")
    files = {f"a.{ending}": data, "a.rttm": truth, "b.wav": seeds.tiny_wav(1.0), "b.rttm": b""}
    if draw.rng.random() < 0.5:
        files[f"a.{ending}"] = seeds.tiny_wav(1.0)
    argv = ("lightdiar", "tune", f"a.{ending}", "b.wav", "--trials", "1", "--out", "t.json")
    return Case(argv, files, ("t.json?",))


def _train(draw):
    rng = draw.rng
    files = {
        "s.csv": seeds.SPEECH_MANIFEST.encode(),
        "n.csv": seeds.NOISE_MANIFEST.encode(),
        "c.json": b'{"licence": ["none"]}',
        "noise.wav": seeds.tiny_wav(),
        "music.wav": seeds.tiny_wav(),
    }
    which = rng.choice(("s.csv", "n.csv", "c.json", "noise.wav"))
    if which == "s.csv":
        files[which] = _text(draw, seeds.SPEECH_MANIFEST, "lines")
    elif which == "n.csv":
        files[which] = _text(draw, seeds.NOISE_MANIFEST, "lines")
    elif which == "c.json":
        files[which] = damaged_json(rng, {"licence": ["none"], "sources": ["a", "b"]})
    else:
        files[which] = draw.sound()[1]
    return Case(
        ("lightdiar", "train", "--speech", "s.csv", "--noise", "n.csv", "--card", "c.json", "--out", "m"), files
    )


# --- sound events ----------------------------------------------------------------------------------------------------


def _event_list(draw):
    name = draw.rng.choice(("x.txt", "x.csv"))
    return Case(("api", "read_event_list", name), {name: _text(draw, draw.rng.choice(seeds.EVENTS), "lines")})


def _corpus(draw):
    """A list, or a folder in the layout of DCASE, with damage to a text of it; the sounds are well."""
    rng = draw.rng
    files = {f"c/{name}.wav": seeds.tiny_wav(1.0) for name in "abc"}
    if rng.random() < 0.5:
        files["c/x.csv"] = _text(draw, rng.choice(seeds.EVENTS), "lines")
        return Case(("api", "read_corpus", "c/x.csv"), files)
    files |= {f"c/{name}": text.encode() for name, text in seeds.SPLITS.items()}
    name = rng.choice(sorted(seeds.SPLITS))
    files[f"c/{name}"] = _text(draw, seeds.SPLITS[name], "lines")
    if rng.random() < 0.2:
        del files[f"c/{rng.choice(sorted(seeds.SPLITS))}"]
    return Case(("api", "read_corpus", "c"), files)


def _data_set(draw):
    """A data set with damage to the text that comes with it, and perhaps to its sound."""
    name = draw.rng.choice(sorted(seeds.DATA_SETS))
    text, sound = seeds.DATA_SETS[name]
    data = draw.sound()[1] if draw.rng.random() < 0.2 else seeds.tiny_wav(7.0)
    files = {f"set/{name}": _text(draw, text, "lines"), f"set/{sound}": data}
    return Case(("lightdiar", "manifest", "set", "--out", "m.csv"), files, ("m.csv?", "m/ES2002a.rttm?"))


def _events_apply(draw):
    """A damaged sound, a damaged model, or an odd option."""
    rng = draw.rng
    files = {f"model/{name}": content for name, content in seeds.event_model().items()}
    options, outputs, what = [], ("o?",), rng.random()
    ending, data = draw.sound() if what < 0.4 else ("wav", seeds.tiny_wav(1.0))
    if 0.4 <= what < 0.7:
        files = _damaged_model(rng, seeds.event_model())
    elif what >= 0.7:
        odd = rng.choice(("0", "-1", "1e9", "nan", " ", "csv,csv", "csv,x", "json", ",", "x", "o", "absent/o", "model"))
        options = [f"--{rng.choice(('format', 'out', 'model', 'jobs'))}={odd}", *["--resume"] * (rng.random() < 0.2)]
        outputs = (f"{odd}?",)
    elif rng.random() < 0.5:
        options = ["--out", "o", "--format", rng.choice(("dcase", "csv,json", "textgrid,audacity"))]
    if not any(option.startswith("--model") for option in options):
        options += ["--model", "model"]
    name = draw.file_name(ending)
    return Case(("lightdiar", "events", "apply", *options, "--", name), {name: data, **files}, outputs)


# --- models ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def _shipped(package):
    from importlib.resources import files

    folder = files(package) / "parameters"
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}


def _model_files(draw, package):
    """A model that ships, with damage."""
    return _damaged_model(draw.rng, _shipped(package))


def _damaged_model(rng, files):
    """A model with damage: to its card, its bytes, or its arrays under a card that vouches for them."""
    files = dict(files)
    (npz,) = (name for name in files if name.endswith(".npz"))
    card = json.loads(files["card.json"])
    what = rng.random()
    if what < 0.35:
        files["card.json"] = damaged_json(rng, card)
    elif what < 0.55:
        files[npz] = damaged(rng, files[npz])
    else:
        files[npz] = _damaged_arrays(rng, files[npz])
        files["card.json"] = json.dumps({**card, "sha256": hashlib.sha256(files[npz]).hexdigest()}).encode()
    return {f"model/{name}": content for name, content in files.items()}


def _damaged_arrays(rng, content):
    """An npz in which one or two arrays are others, and sometimes another one is, or the zip is damaged itself."""
    import numpy as np

    arrays = _unzipped(content)
    for name in rng.sample(sorted(arrays), rng.choice((1, 1, 2))):
        array = np.load(io.BytesIO(arrays[name]))
        change = rng.randrange(9)
        if change == 0:
            del arrays[name]
            continue
        if change == 1:
            arrays[name] = damaged(rng, arrays[name])
            continue
        if change == 2:
            array = array[: len(array) // 2] if array.ndim else array.reshape(1)
        elif change == 3:
            array = array.astype(float)
            array.flat[:1] = rng.choice((np.nan, np.inf, 1e300, -1))
        elif change == 4:
            array = array.astype(rng.choice(("<i8", "<f4", "S5", ">f8", "<c16", "?")))
        elif change == 5:
            array = array.astype(float) * rng.choice((0, -1, 1e200, 1e-300))
        elif change == 6:
            array = array.reshape(-1) if array.ndim > 1 else array[None]
        elif change == 7:
            array = np.zeros(rng.choice(((), (0,), (3,), (1, 1), (2000, 1000))))
        else:
            array = np.random.default_rng(rng.getrandbits(32)).permutation(array) if array.ndim else array + 1
        buffer = io.BytesIO()
        np.save(buffer, array)
        arrays[name] = buffer.getvalue()
    if rng.random() < 0.1:
        arrays[rng.choice(("extra.npy", "../out.npy", "a\nb.npy", "x.txt", ""))] = arrays[rng.choice(sorted(arrays))]
    method = rng.choice(
        (zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2)
    )
    if rng.random() < 0.05:
        arrays["bomb.npy"] = bytes(400_000_000)
    zipped = _zipped(arrays, method)
    return zipped if rng.random() < 0.9 else damaged(rng, zipped)


def _unzipped(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(entries, method=zipfile.ZIP_STORED):
    """Entries as a zip, the same for the same entries; what is long is packed, whatever the method."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries.items():
            packed = zipfile.ZIP_DEFLATED if len(content) > 100_000_000 else method
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, packed)
    return buffer.getvalue()


def _models(program, package):
    def make(draw):
        return Case((program, "models", "model"), _model_files(draw, package))

    return make


def _own_model(draw):
    files = _model_files(draw, "bechdel_stats") | {"f.csv": seeds.film_file(seeds.film_rows()[:20], ".csv")}
    return Case(("bechdel-stats", "predict", "f.csv", "--model", "model", "--out", "p.csv"), files, ("p.csv",))


# --- people ----------------------------------------------------------------------------------------------------------


def _voices_file(draw):
    """A file of voices with damage: to its bytes, its arrays, or the JSON in it."""
    import numpy as np

    rng, content = draw.rng, draw.voices
    what = rng.random()
    if what < 0.15:
        return damaged(rng, content)
    if what < 0.4:
        return _damaged_arrays(rng, content)
    arrays = _unzipped(content)
    head = json.loads(np.load(io.BytesIO(arrays["people.npy"])).tobytes())
    if what < 0.55:
        text = damaged_json(rng, head)
    elif what < 0.6:
        text = json.dumps({**head, "people": draw.invented("rows")}).encode()
    else:  # the vectors fit, and the names are odd
        for row in rng.sample(head["people"], rng.choice((1, 1, 1, 3))):
            row[0] = draw.person()
        text = json.dumps(head, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")
    buffer = io.BytesIO()
    np.save(buffer, np.frombuffer(text, np.uint8))
    return _zipped({**arrays, "people.npy": buffer.getvalue()})


def _list_voices(draw):
    return Case(("lightdiar", "voices", "a.voices"), {"a.voices": _voices_file(draw)})


def _damaged_voices(draw):
    """All other commands that read a file of voices, on one that is damaged."""
    rng = draw.rng
    command = rng.choice(("verify", "identify", "diarize", "diarize", "count", "link", "add", "remove"))
    speaker = rng.choice(seeds.PEOPLE)
    files = {"a.voices": _voices_file(draw), "good.wav": seeds.voice_wav(speaker)}
    options = ["--voices", "a.voices"]
    if command in ("verify", "add", "remove"):
        options += ["--", speaker if rng.random() < 0.6 else draw.person()]
    if command == "diarize" and rng.random() < 0.6:
        options += ["--out", "d"]
    sound = ["good.wav"] if command != "remove" else []
    outputs = {"diarize": ("d/good.rttm?", "d/good.json?"), "add": ("a.voices",), "remove": ("a.voices?",)}
    printed = "counts" if command == "count" else "text"
    return Case(("lightdiar", command, *options, *sound), files, outputs.get(command, ()), printed, n_files=1)


def _folder_of_people(draw):
    """Files and links of a folder of people: odd names, damaged sounds, links that lead astray; some may be well."""
    rng = draw.rng
    files, links = {}, {}
    if rng.random() < 0.8:
        files["p/Adam/a.wav"] = seeds.voice_wav("Adam")
    if rng.random() < 0.5:
        files["p/Clara/1/c.wav"] = files["p/Clara/2/c.wav"] = seeds.voice_wav("Clara")
    for _ in range(rng.choice((0, 1, 1, 2))):
        person = _as_folder(draw.person() if rng.random() < 0.7 else rng.choice(seeds.PEOPLE))
        session = rng.choice(("", "", "1/", "2/3/", ".hidden/", "\udce9/", "a\nb/", "x.wav/"))
        ending, content = draw.sound()
        files[f"p/{person}/{session}{_as_folder(draw.file_name(ending))}"] = content
        if rng.random() < 0.5:
            files[f"p/{person}/well.wav"] = seeds.voice_wav(rng.choice(seeds.PEOPLE))
    if rng.random() < 0.2:
        files[f"p/{rng.choice(('stray.wav', 'notes.txt', '.hidden.wav', 'x.MP3'))}"] = draw.sound()[1]
    files.setdefault("p/Bruno/notes.txt", b"hers")
    for place in rng.sample(("p/again", "p/Bruno/b.wav", "p/Bruno/up", "p/linked"), rng.choice((0, 0, 1, 2))):
        if place not in files:
            there = ("..", ".", "../..", "/dev/null", "/dev/zero", "/proc/self/fd", "absent", "b.wav", "up")
            links[place] = rng.choice((*there, "Adam", "../Adam", "../Adam/a.wav", "../Clara/1", os.devnull))
    return files, links


def _as_folder(name):
    """A name as one that a file system takes."""
    name = os.fsdecode(os.fsencode(name.replace("/", "_"))[:200])
    name = name if sys.platform == "linux" else "odd.wav"
    return name if name.strip(".") else f"{name}x"


def _enrol(draw):
    files, links = _folder_of_people(draw)
    argv = ("lightdiar", "enrol", "p", "--out", "o.voices")
    if draw.rng.random() < 0.9:
        return Case(argv, files, ("o.voices",), links=links)
    links["o.voices"] = draw.rng.choice(("o.voices", "absent/o.voices", "other.voices", "p", "p/Bruno/notes.txt"))
    return Case(argv, files, ("o.voices?", "other.voices?"), links=links)


def _add(draw):
    """An odd name, or a damaged sound; the file of voices is well."""
    rng = draw.rng
    ending, content = draw.sound()
    sounds = {draw.file_name(ending): content} if rng.random() < 0.4 else {}
    if not sounds or rng.random() < 0.4:
        sounds["well.wav"] = seeds.voice_wav(rng.choice(seeds.PEOPLE))
    argv = ("lightdiar", "add", "--voices", "a.voices", "--", draw.person(), *sounds)
    return Case(argv, {"a.voices": draw.voices, **sounds}, ("a.voices",))


def _remove(draw):
    argv = ("lightdiar", "remove", "--voices", "a.voices", "--", draw.person())
    return Case(argv, {"a.voices": draw.voices}, ("a.voices",))


_PRIORS = (
    "0",
    "1",
    "0.5",
    "0.01",
    "-1",
    "nan",
    "inf",
    "5e-324",
    "1e-300",
    "1e-17",
    "0.9999999999999999",
    "1e999",
    "x",
    "",
)


def _ask(command, option):
    """A question with an odd prior or a damaged sound; the file of voices is well."""

    def make(draw):
        rng = draw.rng
        prior = [f"{option}={rng.choice(_PRIORS)}"] if rng.random() < 0.5 else []
        ending, content = draw.sound()
        files = {draw.file_name(ending): content} if not prior or rng.random() < 0.3 else {}
        well = not files or rng.random() < 0.3
        if well:
            files["well.wav"] = seeds.voice_wav(rng.choice(seeds.PEOPLE))
        person = [draw.person() if rng.random() < 0.4 else rng.choice(seeds.PEOPLE)] if command == "verify" else []
        argv = ("lightdiar", command, "--voices", "a.voices", *prior, "--", *person, *files)
        survivor = "well" if well and command == "identify" and not prior else ""
        return Case(argv, {"a.voices": draw.voices, **files}, n_files=len(files), survivor=survivor)

    return make


def _trial_list(draw):
    rng = draw.rng
    files = {f"{name}.wav": seeds.voice_wav(voice) for name, voice in zip("abc", ("Adam", "Adam", "Clara"))}
    text = seeds.TRIALS
    if rng.random() < 0.3:
        odd = draw.file_name("wav").replace("/", "_")
        files[odd] = files["c.wav"]
        text = (
            text.replace("c.wav", odd) if rng.random() < 0.3 else f'1,a.wav,b.wav\n0,b.wav,"{odd}"\n0,"{odd}",a.wav\n'
        )
    if rng.random() < 0.4:
        files[rng.choice(("a.wav", "c.wav"))] = draw.sound()[1]
    content = _text(draw, text, "lines") if rng.random() < 0.8 else text.encode("utf-8", "surrogatepass")
    options, outputs = _trial_options(draw)
    return Case(("lightdiar", "trials", "list.txt", *options), {"list.txt": content, **files}, outputs)


def _trial_folder(draw):
    files, links = _folder_of_people(draw)
    options, outputs = _trial_options(draw)
    options += ["--test=1"] if draw.rng.random() < 0.6 else []
    if draw.rng.random() < 0.3:
        value = draw.rng.choice(("0.5", "1", "3", "0", "-1", "nan", "inf", "3600", "x"))
        options.append(f"--{draw.rng.choice(('enrolment', 'test'))}={value}")
    return Case(("lightdiar", "trials", "p", *options), files, outputs, links=links)


def _trial_options(draw):
    return (["--out", "d"], ("d/",)) if draw.rng.random() < 0.3 else ([], ())


def _link(draw):
    """Several sounds, some of them damaged, sometimes with a file of voices."""
    rng = draw.rng
    files = {}
    for _ in range(rng.choice((1, 2))):
        ending, content = draw.sound()
        files[rng.choice(("", "", "e1/", "e2/")) + draw.file_name(ending)] = content
    well = rng.random() < 0.6
    if well:
        files["well.wav"] = seeds.voice_wav(rng.choice(seeds.PEOPLE))
        files["e2/well.flac"] = seeds.voice_wav(rng.choice(seeds.PEOPLE))
    options = ["--voices", "a.voices"] if rng.random() < 0.3 else []
    options += ["--repeat-names"] if rng.random() < 0.2 else []
    threshold = rng.choice(("",) * 20 + ("0", "-1e9", "1e308", "nan", "inf", "x"))
    options += [f"--threshold={threshold}"] if threshold else []
    out = rng.choice(("",) * 6 + ("t.csv", "t.csv", "absent/t.csv", "d", "l" * 300 + ".csv", "well.wav"))
    argv = ("lightdiar", "link", *options, *(["--out", out] if out else []), "--", *files)
    refused = threshold in ("nan", "inf", "x") or out in files or out not in ("", "t.csv", "d", "well.wav")
    return Case(
        argv,
        {"a.voices": draw.voices, **files},
        (f"{out}?",) if out and not refused else (),
        n_files=len(files),
        survivor="well" if well and not refused else "",
    )


# --- films -----------------------------------------------------------------------------------------------------------


def _film_command(command, *options, outputs=()):
    def make(draw):
        name, content = films(draw)
        files, others = {name: content}, []
        if draw.rng.random() < 0.2:
            files["second.json"] = seeds.film_file(seeds.bechdeltest(), ".json")
            others = ["second.json"]
        return Case(("bechdel-stats", command, name, *others, *options), files, outputs)

    return make


def _any_out(command, *options):
    def make(draw):
        out = "o" + draw.rng.choice((".csv", ".md", ".tex", ".html", ".txt"))
        return _film_command(command, *options, "--out", out, outputs=(out,))(draw)

    return make


def _fit(draw):
    name, content = films(draw)
    files = {name: content, "c.json": b'{"licence": ["none"], "sources": ["a"]}'}
    if draw.rng.random() < 0.3:
        files["c.json"] = damaged_json(draw.rng, {"licence": ["none"], "sources": ["a", "b"], "figures": {"a": 1}})
        name = "f.csv"
        files[name] = seeds.film_file(seeds.film_rows(), ".csv")
    return Case(("bechdel-stats", "fit", name, "--card", "c.json", "--out", "m"), files, ("m/",))


def _margins(draw):
    """A table of margins, damaged, for films that are well."""
    rng = draw.rng
    rows = [{"year": "1990s", "country": "", "n": 50}, {"year": "2000-2025", "country": "", "n": 60.5}]
    rows += [{"year": "", "country": name, "n": 30} for name in ("US", "France")]
    content = seeds.table(damaged_rows(rng, rows)) if rng.random() < 0.7 else damaged(rng, seeds.table(rows))
    files = {"f.csv": seeds.film_file(seeds.film_rows(), ".csv"), "m.csv": content}
    return Case(("bechdel-stats", "rates", "f.csv", "--by", "genres", "--margins", "m.csv"), files)


def _ear(draw):
    """What is heard in recordings, damaged, for films that are well."""
    rng = draw.rng
    rows = seeds.ear_rows()
    content = seeds.table(damaged_rows(rng, rows)) if rng.random() < 0.7 else damaged(rng, seeds.table(rows))
    files = {"f.csv": seeds.film_file(seeds.film_rows()[:40], ".csv"), "e.csv": content}
    return Case(("bechdel-stats", "predict", "f.csv", "--ear", "e.csv", "--out", "p.csv"), files, ("p.csv",))


def _fit_with_ear(draw):
    rows = damaged_rows(draw.rng, seeds.ear_rows()) if draw.rng.random() < 0.8 else seeds.ear_rows()
    files = {"f.csv": seeds.film_file(seeds.film_rows(), ".csv"), "e.csv": seeds.table(rows)}
    return Case(("bechdel-stats", "fit", "f.csv", "--ear", "e.csv", "--out", "m"), files, ("m/",))


def _which_film(command):
    """A film by an odd name, and odd changes of it."""

    def make(draw):
        rng = draw.rng
        which = rng.choice(("0", "1", "tt0000001", "The", "", "nobody", "9" * 30, *CELLS[-12:])).replace("\x00", "")
        name = rng.choice(("cast_female_share", "genres", "title", "rating", "nothing", ""))
        change = f"--set={name}={rng.choice(('0.5', '50 %', 'War', '-1', 'nan', '', '1e999'))}"
        argv = ("bechdel-stats", command, *([change] if command == "what-if" else []), "--", which, "f.csv")
        return Case(argv, {"f.csv": seeds.film_file(seeds.film_rows()[:9], ".csv")})

    return make


def _column(draw):
    """A column named by the user."""
    theirs, ours = (draw.rng.choice(("title", "year", "RATING", "", "=", "nothing", *CELLS[-12:])) for _ in range(2))
    name, content = films(draw)
    option = f"--column={theirs}={ours}".replace("\x00", "").encode("utf-8", "replace").decode()
    return Case(("bechdel-stats", "audit", name, option), {name: content})


def _formula(draw):
    rng = draw.rng
    if rng.random() < 0.35:
        formula = str(draw.invented("formula"))
    else:
        formula = damaged_text(rng, rng.choice(seeds.FORMULAS)).decode("utf-8", "replace")
    formula = formula.replace("\x00", "")[:20_000].encode("utf-8", "replace").decode()
    rows = seeds.film_rows()
    if rng.random() < 0.15:
        rows = [{**row, rng.choice(NAMES) or "x": row["runtime"]} for row in rows]
    options = rng.choice(([], [], [], ["--ordinal"], ["--cluster", "year"], ["--plot", "p.svg"]))
    argv = ("bechdel-stats", "odds", "f.csv", f"--formula={formula}", *options)
    return Case(
        argv,
        {"f.csv": seeds.table([dict.fromkeys(rows[0], "") | row for row in rows])},
        ("p.svg",) if "--plot" in options else (),
    )


def _film_options(draw):
    rng = draw.rng
    command, names = rng.choice(
        (
            ("odds", ("--conf-level", "--cluster", "--gender", "--plot", "--out")),
            ("rates", ("--by", "--min-films", "--conf-level", "--plot", "--out")),
            ("clusters", ("--types", "--labels", "--out")),
            ("predict", ("--model", "--ear", "--out")),
            ("report", ("--out", "--language")),
            ("fit", ("--card", "--ear", "--out")),
        )
    )
    option = rng.choice(names)
    values = ["0", "1", "-1", "0.5", "nan", "inf", "1e9", "", " ", "99999999999999999999", "x"]
    if option in ("--plot", "--out", "--labels", "--model", "--card", "--ear"):
        values = [
            "o.xyz",
            "absent/o.csv",
            "",
            "f.csv",
            "o",
            ".",
            "l" * 300 + ".csv",
            "CON.csv",
            "o.csv.gz",
            "/",
            "a\nb.xlsx",
        ]
    if option in ("--by", "--cluster"):
        values += ["year", "genres", "title", "nothing", "rating", "passes", *CELLS[-12:]]
    value = rng.choice(values).replace("\x00", "")
    argv = ("bechdel-stats", command, "f.csv", option, value)
    if command in ("report", "fit") and option != "--out":
        argv += ("--out", "absent/r.html")
    written = (f"{value}?",) if value.startswith(("o", "CON", "absent")) else ()
    if command == "fit" and value in ("", "."):
        written = ("card.json?", "coefficients.npz?")
    return Case(argv, {"f.csv": seeds.film_file(seeds.film_rows(), ".csv")}, written)


def _small_report(draw):
    case = _film_command("report", "--out", "r.html", "r.md", "--language", draw.rng.choice(("en", "fr")))(draw)
    return Case(case.argv, case.files, ("r.html", "r.md"))


# --- fetching --------------------------------------------------------------------------------------------------------


def _headers(draw, body):
    rng = draw.rng
    headers = {"Content-Type": "application/json"}
    if rng.random() < 0.2:
        headers["Retry-After"] = rng.choice(
            ("\u00b2", "1", "-1", "nan", "1e9", "Wed, 21 Oct 2015 07:28:00 GMT", "x" * 5000, "9" * 500)
        )
    if rng.random() < 0.15:
        headers["Content-Length"] = rng.choice(("0", "5", str(10**12), "-1", "x", str(len(body) + 50)))
    if rng.random() < 0.1:
        headers["Location"] = rng.choice(
            ("file:///etc/passwd", "ftp://127.0.0.1/", "/again", "//", "http://[", "\u00e9")
        )
    if rng.random() < 0.1:
        headers["Content-Encoding"] = rng.choice(("gzip", "deflate", "br"))
    return headers


def _answer(draw, value):
    rng = draw.rng
    body = (
        damaged_json(rng, value)
        if rng.random() < 0.8
        else json.dumps(draw.invented("value")).encode("utf-8", "replace")
    )
    if rng.random() < 0.01:
        body = b'[{"imdbid": "1", "rating": "3"}' + b" " * 150_000_000
    status = rng.choice((200,) * 12 + (204, 301, 302, 304, 400, 401, 404, 429, 500, 503, 999))
    return status, _headers(draw, body), body


def _fetch_ratings(draw):
    answers = tuple(_answer(draw, seeds.bechdeltest()[:20]) for _ in range(5))
    argv = ("bechdel-stats", "fetch", "--ratings", "r.json", "--ratings-url", "SERVER")
    return Case(argv, {}, ("r.json",), answers=answers)


def _fetch_tmdb(draw):
    rng, record = draw.rng, seeds.tmdb()[0]
    answers = tuple(
        _answer(draw, value if rng.random() < 0.5 else record)
        if rng.random() < 0.4
        else (200, {}, json.dumps(value).encode())
        for value in ({"movie_results": [{"id": record["id"]}]}, record) * 6
    )
    files = {"f.csv": seeds.film_file(seeds.film_rows()[:4], ".csv")}
    if rng.random() < 0.4:
        done = "".join(json.dumps(each) + "\n" for each in seeds.tmdb()[:2])
        files["t.jsonl"] = damaged_text(rng, done)
    argv = ("bechdel-stats", "fetch", "--films", "f.csv", "--tmdb", "t.jsonl", "--tmdb-url", "SERVER")
    key = (
        "abc" if rng.random() < 0.9 else rng.choice(CELLS)[:200].replace("\x00", "").encode("utf-8", "replace").decode()
    )
    return Case(argv, files, ("t.jsonl?",), answers=answers, environment={"TMDB_API_KEY": key})


# --- functions on values ---------------------------------------------------------------------------------------------


def _value_call(call):
    def make(draw):
        value = draw.rng.choice(CELLS) if draw.rng.random() < 0.7 else draw.invented(draw.rng.choice(("text", "value")))
        if isinstance(value, str) and draw.rng.random() < 0.5:
            value = value + draw.rng.choice(CELLS)
        return Case(("api", call, "value.json"), {"value.json": json.dumps(value).encode()})

    return make


ENTRIES = (
    Entry("lightdiar count", 60, _sound_command("count", printed="counts")),
    Entry("lightdiar count --json", 40, _sound_command("count", "--json", printed="json lines")),
    Entry("lightdiar diarize", 60, _sound_command("diarize", printed="text")),
    Entry("lightdiar diarize --format rttm", 30, _sound_command("diarize", "--format", "rttm", printed="rttm")),
    Entry("lightdiar diarize --format json", 30, _sound_command("diarize", "--format", "json", printed="json")),
    Entry(
        "lightdiar diarize --out", 60, _sound_command("diarize", "--out", "d", outputs=("d/STEM.rttm", "d/STEM.json"))
    ),
    Entry("lightdiar diarize --method textbook", 20, _sound_command("diarize", "--method", "textbook")),
    Entry("lightdiar speech", 40, _one_sound("speech", printed="segments")),
    Entry("lightdiar features", 40, _one_sound("features", "--out", "o.npz", outputs=("o.npz",))),
    Entry("lightdiar features (csv)", 10, _one_sound("features", "--out", "o.csv", outputs=("o.csv",))),
    Entry("lightdiar, options", 30, _sound_options),
    Entry("io.audio.read, blocks, duration", 100, _read_sound),
    Entry("lightdiar score", 80, _score),
    Entry("lightdiar score (large)", 3, _many_speakers),
    Entry("lightdiar convert", 80, _convert),
    Entry("lightdiar label", 25, _label),
    Entry("systems.conversion.read_turns", 60, _read_turns),
    Entry("lightdiar --settings", 40, _settings),
    Entry("lightdiar tune", 15, _tune),
    Entry("lightdiar train", 40, _train),
    Entry("lightdiar models", 40, _models("lightdiar", "lightdiar")),
    Entry("lightdiar voices", 40, _list_voices),
    Entry("lightdiar --voices (damaged)", 60, _damaged_voices),
    Entry("lightdiar enrol", 30, _enrol),
    Entry("lightdiar add", 25, _add),
    Entry("lightdiar remove", 15, _remove),
    Entry("lightdiar verify", 25, _ask("verify", "--prior")),
    Entry("lightdiar identify", 25, _ask("identify", "--known")),
    Entry("lightdiar trials LIST", 20, _trial_list),
    Entry("lightdiar trials FOLDER", 8, _trial_folder),
    Entry("lightdiar link", 25, _link),
    Entry("io.rttm.read_rttm", 40, _parser("read_rttm", "x.rttm", seeds.RTTM, "rttm")),
    Entry("io.uem.read_uem", 20, _parser("read_uem", "x.uem", seeds.UEM, "lines")),
    Entry("io.lab.read_lab", 20, _parser("read_lab", "x.lab", seeds.LAB, "lines")),
    Entry("io.genders.read_genders", 20, _parser("read_genders", "x.csv", seeds.GENDERS, "lines")),
    Entry("io.trials.read_trials", 20, _parser("read_trials", "x.txt", seeds.TRIALS, "lines")),
    Entry("io.event_lists.read_event_list", 40, _event_list),
    Entry("events.corpus.read_corpus", 30, _corpus),
    Entry("lightdiar manifest", 20, _data_set),
    Entry("lightdiar events apply", 40, _events_apply),
    Entry("training.manifests", 20, _parser("manifest", "x.csv", seeds.SPEECH_MANIFEST, "lines")),
    Entry("bechdel-stats predict", 60, _film_command("predict")),
    Entry("bechdel-stats predict --out", 60, _any_out("predict")),
    Entry("bechdel-stats predict --model", 40, _own_model),
    Entry("bechdel-stats predict --ear", 40, _ear),
    Entry("bechdel-stats odds", 40, _any_out("odds")),
    Entry("bechdel-stats odds --ordinal", 10, _film_command("odds", "--ordinal")),
    Entry("bechdel-stats odds --formula", 80, _formula),
    Entry("bechdel-stats odds --multinomial", 6, _film_command("odds", "--multinomial")),
    Entry("bechdel-stats odds --impute", 6, _film_command("odds", "--impute", "2"), seconds=30),
    Entry("bechdel-stats odds --weights", 10, _film_command("odds", "--gender", "with", "--weights", "runtime")),
    Entry("bechdel-stats trend", 10, _any_out("trend")),
    Entry("bechdel-stats explain", 20, _which_film("explain")),
    Entry("bechdel-stats what-if", 20, _which_film("what-if")),
    Entry("bechdel-stats rates --margins", 20, _margins),
    Entry("bechdel-stats audit --column", 30, _column),
    Entry("bechdel-stats rates", 50, _any_out("rates")),
    Entry("bechdel-stats rates --campaign", 20, _film_command("rates", "--campaign")),
    Entry(
        "bechdel-stats rates --plot", 8, _film_command("rates", "--by", "year", "--plot", "p.svg", outputs=("p.svg",))
    ),
    Entry("bechdel-stats clusters", 4, _film_command("clusters", "--labels", "l.csv", outputs=("l.csv",))),
    Entry("bechdel-stats report", 1.5, _small_report, seconds=30),
    Entry("bechdel-stats audit", 60, _film_command("audit")),
    Entry("bechdel-stats audit --out", 30, _any_out("audit")),
    Entry("bechdel-stats fit", 30, _fit),
    Entry("bechdel-stats fit --ear", 4, _fit_with_ear, seconds=60),
    Entry("bechdel-stats models", 40, _models("bechdel-stats", "bechdel_stats")),
    Entry("bechdel-stats, options", 40, _film_options),
    Entry("bechdel-stats fetch --ratings", 40, _fetch_ratings),
    Entry("bechdel-stats fetch --tmdb", 40, _fetch_tmdb),
    Entry("data.sources.clean_title", 30, _value_call("clean_title")),
    Entry("data.sources.imdb_id", 10, _value_call("imdb_id")),
    Entry("data.credits.parse_list", 20, _value_call("parse_list")),
    Entry("data.tables.read_films (records)", 40, _value_call("read_films")),
)
BY_NAME = {entry.name: entry for entry in ENTRIES}


def entry_of(seed: int, number: int, kind: str = "") -> Entry:
    """The entry point of an input; `kind` is part of the names it is chosen from."""
    chosen = [entry for entry in ENTRIES if re.search(re.escape(kind), entry.name)]
    return random.Random(f"entry {seed}:{number}").choices(chosen, [entry.share for entry in chosen])[0]
