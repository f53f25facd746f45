import os
import time

import numpy as np
import pytest

from lightdiar.errors import FormatError
from lightdiar.events.corpus import Fold, Recording, folds_of, read_corpus
from lightdiar.io.audio import Audio, write
from lightdiar.timeline import Event

NAMES = [f"audio/street/{letter}.wav" for letter in "abcd"]
META = """\
audio/street/a.wav\tstreet\t0.5\t1.5\tcar
audio/street/a.wav\tstreet\t0.0\t1.0\tpeople walking
audio/street/b.wav\tstreet\t0.5\t2.3\tcar
audio/street/c.wav\tstreet\t1.0\t1.5\tchildren
audio/street/d.wav\tstreet
"""
A, B, C, D = (
    (Event(0, 1, "people walking"), Event(0.5, 1.5, "car")),
    (Event(0.5, 2, "car"),),  # clipped to the end of the recording
    (Event(1, 1.5, "children"),),
    (),
)


@pytest.fixture
def corpus(tmp_path):
    """A function that lays out a corpus of four recordings of two seconds with these lists."""
    folder = tmp_path / "corpus"
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write(folder / name, Audio(np.zeros(2 * 1000, np.float32), 1000))

    def lay_out(**lists):
        for name, text in lists.items():
            path = folder / (f"{name}.txt" if name in ("meta", "list") else f"evaluation_setup/{name}.txt")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        return folder

    return lay_out


def lines(*letters):
    return "".join(f"audio/street/{letter}.wav\tstreet\n" for letter in letters)


def told(recordings):
    return {recording.path.stem: recording.events for recording in recordings}


def test_meta_alone_is_trained_on(corpus):
    folder = corpus(meta=META)
    fold = read_corpus(folder)
    assert fold == Fold(
        tuple(Recording(folder / name, events, "street") for name, events in zip(NAMES, (A, B, C, D))), (), "corpus"
    )
    assert folds_of(folder) == []


@pytest.mark.parametrize("prefix", ["", "street_"])
def test_folds_by_the_names_of_files(corpus, prefix):
    folder = corpus(
        meta=META,
        **{
            f"{prefix}fold1_train": lines(*"ab"),
            f"{prefix}fold1_test": lines(*"cd"),
            f"{prefix}fold2_train": lines(*"cd"),
            f"{prefix}fold2_test": lines(*"ab"),
        },
    )
    assert folds_of(folder) == [1, 2]
    first, second = read_corpus(folder, 1), read_corpus(folder, 2)
    assert (told(first.train), told(first.test)) == ({"a": A, "b": B}, {"c": C, "d": D})
    assert (first.train, first.test, second.name) == (second.test, second.train, "fold 2")


def test_lists_of_folds_tell_events_themselves(corpus):
    folder = corpus(
        fold1_train=lines(*"bd") + "audio/street/a.wav\t0\t1\tcar\n",
        fold1_test=lines("c"),
        fold1_evaluate="audio/street/c.wav\tstreet\t0\t1\tcar\n",
    )
    fold = read_corpus(folder, 1)
    car = (Event(0, 1, "car"),)
    assert (told(fold.train), told(fold.test)) == ({"b": (), "d": (), "a": car}, {"c": car})
    os.remove(folder / "evaluation_setup" / "fold1_evaluate.txt")
    assert told(read_corpus(folder, 1).test) == {"c": None}  # nobody tells what is heard
    with pytest.raises(ValueError, match=r"corpus: has no meta\.txt, only folds: choose one of 1\."):
        read_corpus(folder)


def test_one_list_with_subsets_or_folds(corpus):
    rows = ["{},0,1,car,train,1", "{},0,1,car,train,2", "{},0,1,car,test,2", "{},,,,test,1"]
    text = "path,onset,offset,label,subset,fold\n" + "\n".join(map(str.format, rows, NAMES))
    path = corpus(list=text) / "list.txt"
    assert [list(told(part)) for part in (read_corpus(path).train, read_corpus(path).test)] == [["a", "b"], ["c", "d"]]
    second = read_corpus(path, 2)
    assert [list(told(part)) for part in (second.train, second.test)] == [["a", "d"], ["b", "c"]]
    assert folds_of(path) == [1, 2] and (read_corpus(path).name, second.name) == ("list.txt", "fold 2")


def test_a_list_names_what_training_is_validated_on(corpus):
    rows = ["{},0,1,car,train", "{},0,1,car,validation", "{},0,1,car,test", "{},,,,validation"]
    path = corpus(list="path,onset,offset,label,subset\n" + "\n".join(map(str.format, rows, NAMES))) / "list.txt"
    fold = read_corpus(path)
    assert [list(told(part)) for part in (fold.train, fold.test)] == [["a", "b", "d"], ["c"]]
    assert [recording.validation for recording in (*fold.train, *fold.test)] == [False, True, True, False]


def test_names_without_ending_and_as_windows_writes_them(corpus):
    rttm = corpus(list="SPEAKER a 1 0 1 <NA> <NA> car <NA> <NA>\nSPEAKER b 1 0 1 <NA> <NA> car <NA> <NA>\n")
    (rttm / "list.txt").rename(rttm / "audio" / "street" / "list.rttm")
    assert [r.path.name for r in read_corpus(rttm / "audio" / "street" / "list.rttm").train] == ["a.wav", "b.wav"]
    windows = corpus(list="audio\\street\\a.wav\t0\t1\tcar\naudio\\street\\b.wav\t0\t1\tcar\n")
    assert [recording.path for recording in read_corpus(windows / "list.txt").train] == [windows / n for n in NAMES[:2]]


def car(name, onset=0, offset=1):
    return f"audio/street/{name}.wav\tstreet\t{onset}\t{offset}\tcar\n"


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        (
            car("a") + car("b", 1, 2.6),
            "2: the recording is 2.000 s long, the event goes from 1 to 2.6 s: car in audio/str",
        ),
        (car("a") + car("b", 2.1, 2.3), "2: the recording is 2.000 s long, the event goes from 2.1 to 2.3 s: car in"),
        (car("a") + "\n" + car("z"), "3: there is no such recording in {folder}: audio/street/z.wav"),
        (car("a"), "1: only one recording to train on, and none to validate on; two are the least: audio/street/a.wav"),
        (car("a") + car("b", 1, 1), "2: the offset must be after the onset"),
        (car("a") + "meta.txt\t0\t1\tcar\n", "2: {folder}/meta.txt: "),  # which is no sound
        (car("a") + car("b" * 5000), "2: there is no such recording in"),
    ],
)
def test_errors_give_the_line(corpus, meta, message):
    folder = corpus(meta=meta)
    with pytest.raises(FormatError) as caught:
        read_corpus(folder)
    assert str(caught.value).startswith(f"{folder / 'meta.txt'}:{message.format(folder=folder)}")


def test_unknown_labels(corpus):
    folder = corpus(meta=META)
    with pytest.raises(FormatError, match=r"meta\.txt:4: the label children is not known; labels are car, people walk"):
        read_corpus(folder, labels=["car", "people walking"])


def test_trained_and_tested_on(corpus):
    folder = corpus(meta=META, fold1_train=lines(*"abc"), fold1_test="audio/../" + lines("b") + lines(*"cd"))
    message = (
        r"fold1_test\.txt:1: it is trained on, too \(fold1_train\.txt:2\), like 1 more of this fold: audio/\.\./audio"
    )
    with pytest.raises(FormatError, match=message):
        read_corpus(folder, 1)
    rows = "path,onset,offset,label,subset\n{0},0,1,car,train\n{1},0,1,car,train\n{0},1,2,car,test\n"
    path = corpus(list=rows.format(*NAMES)) / "list.txt"
    with pytest.raises(FormatError, match=r"list\.txt:4: the subset of this recording was train before"):
        read_corpus(path)


def test_no_corpus(corpus, tmp_path):
    with pytest.raises(FormatError, match="has neither meta.txt nor folds in evaluation_setup"):
        read_corpus(corpus())
    with pytest.raises(FormatError, match=r"list\.txt: no recording is listed"):
        read_corpus(corpus(list="\n\n") / "list.txt")
    with pytest.raises(FileNotFoundError):
        read_corpus(tmp_path / "nothing")
    with pytest.raises(FileNotFoundError):
        folds_of(tmp_path / "nothing")


@pytest.mark.slow
def test_ten_thousand_files_are_each_looked_at_once(tmp_path, monkeypatch):
    from lightdiar.io import audio

    write(tmp_path / "first.wav", Audio(np.zeros(200, np.float32), 1000))
    content = (tmp_path / "first.wav").read_bytes()
    names = [f"{number}.wav" for number in range(10_000)]
    for name in names:
        (tmp_path / name).write_bytes(content)
    text = "".join(f"{name}\t0\t0.1\tcar\n{name}\t0.1\t0.2\tbus\n" for name in names)
    (tmp_path / "list.txt").write_text(text, encoding="utf-8")
    asked, duration = [], audio.duration
    monkeypatch.setattr(audio, "duration", lambda path: asked.append(path) or duration(path))
    before = time.perf_counter()
    fold = read_corpus(tmp_path / "list.txt")
    assert time.perf_counter() - before < 60
    assert len(asked) == len(set(asked)) == len(fold.train) == 10_000


def test_corpora_of_real_sounds(shared):
    fold = read_corpus(shared / "corpora" / "events" / "manifest.csv")
    assert len(fold.train) == 200 and len({event.label for r in fold.train for event in r.events}) == 10
