import json

import numpy as np
import pytest
import soundfile

from lightdiar.cli import main
from lightdiar.representation.counts import CountProbabilities
from lightdiar.systems.diarizer import Diarizer
from lightdiar.systems.result import Diarization, Speaker
from lightdiar.timeline import Annotation, Turn

RATE = 16000


@pytest.fixture
def sure(monkeypatch):
    """The numbers that were counted are certain."""

    def certain(result):
        counts = result.counts()
        joint = np.zeros((counts["F"] + 1, counts["M"] + 1))
        joint[-1, -1] = 1
        return CountProbabilities("", counts, joint)

    monkeypatch.setattr("lightdiar.representation.counts.count_probabilities", certain)


def test_children_are_printed_after_men_and_women(silence, sure, capsys, monkeypatch):
    def predict(diarizer, path, progress):
        child = Speaker("SPEAKER_00", 9.0, 0.6, 0.0 if diarizer.force_gender else 0.99)
        return Diarization(Annotation([Turn(0, 9, "SPEAKER_00")]), [child], 9.0, agreement=1.0)

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)
    assert main(["count", str(silence)]) == main(["count", "--json", str(silence)]) == 0
    assert main(["count", "--force-gender", str(silence)]) == 0
    text, data, forced = capsys.readouterr().out.splitlines()
    assert text == f"{silence}: M 0  F 0  child 1"
    chances = {"agreement": 1.0, "p_men": [1], "p_women": [1]}
    assert json.loads(data) == {"file": str(silence), "M": 0, "F": 0, "child": 1, **chances}
    assert forced == f"{silence}: M 0  F 1  (gender of 1 uncertain)"


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_24", "PCM_32", "FLOAT"])
@pytest.mark.parametrize(("rate", "channels"), [(96000, 1), (8000, 6), (22050, 2)])
def test_any_wav_is_read(tmp_path, capsys, subtype, rate, channels):
    path = tmp_path / "odd.wav"
    soundfile.write(path, np.zeros((rate, channels)), rate, subtype=subtype)
    assert main(["count", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: M 0  F 0\n"


def test_not_a_number_is_silence_with_a_warning(tmp_path, capsys):
    path = tmp_path / "nan.wav"
    soundfile.write(path, np.full(RATE, np.nan), RATE, subtype="FLOAT")
    assert main(["count", str(path)]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"{path}: M 0  F 0\n"
    assert captured.err.startswith("lightdiar: warning: ") and captured.err.count("\n") == 1


def test_too_many_speakers_are_refused(silence, capsys):
    assert main(["count", str(silence), "--num-speakers", "2"]) == 2
    assert "silence.wav: at least 2 speakers requested, but there is no speech." in capsys.readouterr().err


@pytest.mark.parametrize("how", [["--untrained"], ["--method", "untrained"]])
def test_counting_without_any_shipped_model(conversation, conversation_file, how, no_bundle, heard_once, capsys):
    assert main(["count", *how, str(conversation_file)]) == 0
    assert capsys.readouterr() == (f"{conversation_file}: M 2  F 2\n", "")


def test_counting_as_the_textbook_does(conversation_file, heard_once, capsys):
    assert main(["count", "--method", "textbook", "--json", str(conversation_file)]) == 0
    found = Diarizer(method="textbook").predict(conversation_file)
    assert json.loads(capsys.readouterr().out) == {"file": str(conversation_file), **found.counts(), "agreement": 1.0}
    assert main(["count", "--method", "textbook", "--num-speakers", "4", str(conversation_file)]) == 0
    assert capsys.readouterr().out == f"{conversation_file}: M 2  F 2\n"


def test_doubt_is_said(silence, capsys, monkeypatch):
    def predict(diarizer, path, progress):
        turns = [Turn(0, 9, "a"), Turn(9, 12, "b"), Turn(12, 13, "c")]
        speakers = [Speaker("a", 9.0, 0.6), Speaker("b", 3.0, 0.1), Speaker("c", 1.0, 0.5)]  # c is too short to count
        return Diarization(Annotation(turns), speakers, 13.0, agreement=0.6)

    chances = CountProbabilities("", {"M": 1, "F": 1}, np.array([[0.0, 0.0], [0.35, 0.4], [0.1, 0.15]]))
    monkeypatch.setattr("lightdiar.representation.counts.count_probabilities", lambda result: chances)
    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)
    assert main(["count", str(silence)]) == main(["count", "--json", str(silence)]) == 0
    text, data = capsys.readouterr().out.splitlines()
    assert text == (
        f"{silence}: M 1  F 1  (1 below 2 s not counted, gender of 1 uncertain, likeliest 1 man (55%: 0-1) and 1 woman "
        "(75%: 1-2))"
    )
    more = {"agreement": 0.6, "p_men": [0.45, 0.55], "p_women": [0, 0.75, 0.25]}
    assert json.loads(data) == {"file": str(silence), "M": 1, "F": 1, **more}


@pytest.mark.parametrize("options", [["--min-speaker-seconds", "5"], ["--method", "textbook"]])
def test_what_was_not_learnt_has_no_probabilities(silence, capsys, monkeypatch, options):
    def predict(diarizer, path, progress):
        speakers = [Speaker("a", 9.0, 0.9)]
        least = diarizer.min_speaker_seconds
        return Diarization(Annotation([Turn(0, 9, "a")]), speakers, 13.0, least, agreement=0.6)

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)
    assert main(["count", *options, str(silence)]) == main(["count", "--json", *options, str(silence)]) == 0
    text, data = capsys.readouterr().out.splitlines()
    assert text == f"{silence}: M 0  F 1  (number uncertain)" and "p_men" not in json.loads(data)


def test_where_the_number_was_given_nothing_is_said_of_how_sure_it_is(conversation_file, heard_once, capsys):
    options = ["--untrained", "--num-speakers", "4", str(conversation_file)]
    assert main(["count", *options]) == main(["count", "--json", *options]) == 0
    text, data = capsys.readouterr().out.splitlines()
    assert "number uncertain" not in text and json.loads(data)["agreement"] is None


def test_who_is_known_is_named(voices_file, conversation_file, heard_once, capsys):
    options = ["--voices", str(voices_file), str(conversation_file)]
    assert main(["count", *options]) == main(["count", "--json", *options]) == 0
    text, data = capsys.readouterr().out.splitlines()
    assert text.startswith(f"{conversation_file}: M 2  F 2  (") and json.loads(data)["F"] == 2
    known = text.partition("known: ")[2].rstrip(")").split(", ")
    assert json.loads(data)["known"] == known
    assert len(set(known)) == len(known) and {"Adam", "Clara"} <= set(known) <= {"Adam", "Clara", "Emil"}


def test_names_stand_behind_the_doubts(silence, voices_file, sure, capsys, monkeypatch):
    def predict(diarizer, path, progress):
        turns = [Turn(0, 9, "Zoë van Dam"), Turn(9, 12, "SPEAKER_01"), Turn(12, 13, "bob")]
        speakers = [
            Speaker("Zoë van Dam", 9.0, 0.9, p_name=0.9),
            Speaker("SPEAKER_01", 3.0, 0.1),
            Speaker("bob", 1.0, 0.5, p_name=0.6),
        ]
        return Diarization(Annotation(turns), speakers, 13.0, agreement=1.0)

    monkeypatch.setattr("lightdiar.systems.diarizer.Diarizer.predict", predict)
    assert main(["count", str(silence)]) == 0
    assert capsys.readouterr().out == f"{silence}: M 1  F 1  (1 below 2 s not counted, known: Zoë van Dam, bob)\n"
    assert main(["count", "--json", "--voices", str(voices_file), str(silence)]) == 0
    counts = {"file": str(silence), "M": 1, "F": 1, "agreement": 1.0, "p_men": [0, 1], "p_women": [0, 1]}
    assert json.loads(capsys.readouterr().out) == {**counts, "known": ["Zoë van Dam", "bob"]}


@pytest.mark.parametrize("long", [f"{'a' * 300}.wav", f"{'a' * 300}?.wav"])
def test_a_folder_without_results_and_an_impossible_name_do_not_stop_the_others(silence, tmp_path, capsys, long):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["count", str(empty), long, str(silence)]) == 2
    out, err = capsys.readouterr()
    assert out == f"{silence}: M 0  F 0\n"
    first, second = err.splitlines()
    assert first.startswith(f"lightdiar: {empty}: has no results; make them with")
    assert second.startswith(f"lightdiar: {long}: File name too long")
    assert main(["count", str(empty)]) == 2


def test_silence_knows_nobody(silence, voices_file, capsys):
    options = [str(silence), "--voices", str(voices_file), "--repeat-names"]
    assert main(["count", *options]) == main(["count", "--json", *options]) == 0
    captured = capsys.readouterr()
    text, data = captured.out.splitlines()
    assert captured.err == "" and text == f"{silence}: M 0  F 0"
    nobody = {"agreement": 1.0, "p_men": [1.0], "p_women": [1.0]}
    assert json.loads(data) == {"file": str(silence), "M": 0, "F": 0, **nobody, "known": []}
