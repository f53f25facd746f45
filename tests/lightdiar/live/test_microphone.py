"""Microphones of a fake sound system: which is meant, what is refused, and sound that was lost."""

import builtins
import sys
from itertools import islice

import numpy as np
import pytest

from lightdiar.errors import AudioError, DoubtfulResultWarning
from lightdiar.live import microphone
from lightdiar.live.microphone import Microphone, find_microphone, hear, microphones
from lightdiar.live.update import Gap
from tests.lightdiar.live.sounds import PortAudioError

RATE = 16000


def block(value, n_samples=1600):
    return np.full(n_samples, value)


@pytest.fixture
def desk(system):
    system.add("loudspeaker", channels=0)
    system.add("Desk Mic")
    system.add("Desk Mic", system=1)
    system.add("headset")
    return system


def test_the_list_has_what_can_record(desk):
    assert microphones() == [
        Microphone(1, "Desk Mic", "ALSA", 44100, True),
        Microphone(2, "Desk Mic", "JACK", 44100, False),
        Microphone(3, "headset", "ALSA", 44100, False),
    ]


@pytest.mark.parametrize(("which", "number"), [(None, 1), ("desk", 1), ("jack", 2), ("HEAD", 3), ("3", 3), (2, 2)])
def test_a_microphone_is_meant_by_name_or_number_first_in_the_usual_system(desk, which, number):
    assert find_microphone(which).number == number


def test_the_whole_name_is_meant_rather_than_a_part_of_another(desk):
    desk.add("headset pro")
    assert find_microphone("Headset").number == 3 and find_microphone("pro").number == 4


def test_a_sound_system_that_fails_is_one_line(desk, monkeypatch):
    def fail():
        raise PortAudioError("Error querying host API: Unanticipated host error")

    monkeypatch.setattr(desk, "query_hostapis", fail)
    with pytest.raises(AudioError, match="^the sound system cannot be used: Error querying host API: Unanticipated"):
        microphones()


def test_a_name_of_several_or_of_none_is_one_line(desk):
    with pytest.raises(AudioError, match=r"^there is no microphone yeti. `lightdiar stream --list` names those that"):
        find_microphone("yeti")
    with pytest.raises(AudioError, match="^there is no microphone 0. "):  # a loudspeaker
        find_microphone(0)
    with pytest.raises(AudioError, match=r"may be 1 \(Desk Mic, ALSA\), 3 \(headset, ALSA\); give its number"):
        find_microphone("e")


def test_without_any_microphone_there_is_one_line(system):
    assert microphones() == []
    with pytest.raises(AudioError, match="^there is no microphone. Plug one in, or allow it in the privacy settings"):
        find_microphone()


def test_a_microphone_records_at_16_kHz_if_it_can_and_otherwise_as_usual(system):
    system.add("plain", rate=48000)
    system.add("stubborn", rate=44100, rates=())
    assert find_microphone("plain").sample_rate == 16000
    assert find_microphone("stubborn").sample_rate == 44100
    assert find_microphone("plain", 48000).sample_rate == 48000
    with pytest.raises(
        AudioError, match="microphone plain does not record at 8000 Hz; its usual rate is 48000 Hz. Leave the rate out"
    ):
        find_microphone("plain", 8000)
    with pytest.raises(AudioError, match="sample_rate=0 must be an integer from 1000"):
        find_microphone("plain", 0)


def test_a_microphone_that_is_refused_says_why_and_what_to_do(desk):
    desk.refusal = desk.PortAudioError("Error opening\nInputStream: Device unavailable", -9985, (0, 5, "access denied"))
    expected = (
        r"^the microphone Desk Mic cannot be used: Error opening InputStream: Device unavailable \(access denied\). "
        "Close other programs that use it, allow it in the privacy settings of the system, or choose another: "
        "`lightdiar stream --list`.$"
    )
    for refused in (lambda: find_microphone("1"), lambda: next(hear(microphones()[0]))):
        with pytest.raises(AudioError, match=expected):
            refused()


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (
            ModuleNotFoundError(name="sounddevice"),
            ImportError,
            "^the microphone needs sounddevice: python -m pip",
        ),
        (OSError("PortAudio library not found"), AudioError, "needs the PortAudio library. Install it, for instance"),
        (PortAudioError("Error initializing\nPortAudio"), AudioError, "^the sound system cannot be used: Error init"),
    ],
)
def test_what_is_not_installed_is_one_line(monkeypatch, error, kind, message):
    real = builtins.__import__

    def fail(name, *args, **kwargs):
        if name == "sounddevice":
            raise error
        return real(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", fail)
    with pytest.raises(kind, match=message):
        microphones()


def test_samples_arrive_in_order_and_are_kept_though_their_memory_is_used_again(desk):
    desk.calls = [(block(8192), 5.0, False), (block(-32768), 5.1, False)]
    first, second = islice(hear(find_microphone()), 2)
    assert first.tolist() == [0.25] * 1600 and second.tolist() == [-1] * 1600 and first.dtype == np.float32
    (options,) = desk.opened
    assert (options["device"], options["samplerate"], options["channels"], options["dtype"]) == (1, RATE, 1, "int16")
    assert options["blocksize"] == 1600


def test_what_the_sound_system_lost_is_a_gap_as_long_as_its_clock_says(desk, monkeypatch):
    clock = iter([0.0, 0.1, 3.0, 3.1])
    monkeypatch.setattr(microphone.time, "monotonic", lambda: next(clock))
    desk.calls = [(block(1), 5.0, True), (block(2), 5.1, False), (block(3), 5.7, True), (block(4), 9.0, False)]
    found = list(islice(hear(find_microphone()), 5))
    assert [piece if isinstance(piece, Gap) else piece[0] * 32768 for piece in found] == [1, 2, Gap(0.5), 3, 4]


def test_a_clock_that_is_wrong_or_missing_loses_no_more_than_went_by(desk, monkeypatch):
    clock = iter([0.0, 0.7, 1.0])
    monkeypatch.setattr(microphone.time, "monotonic", lambda: next(clock))
    desk.calls = [(block(1), 5.0, False), (block(2), 5000.0, True), (block(3), 5000.0, True)]
    found = list(islice(hear(find_microphone()), 4))
    assert [piece for piece in found if isinstance(piece, Gap)] == [Gap(0.7)] and len(found[-1]) == 1600
    clock = iter([0.0, 0.7])
    desk.calls = [(block(1), 0, False), (block(2), 0, True)]
    assert list(islice(hear(find_microphone()), 2))[1] == Gap(0.6)


def test_blocks_for_which_there_is_no_room_are_a_gap_before_the_next(desk, monkeypatch):
    monkeypatch.setattr(microphone, "_MOST_BLOCKS", 2)
    ear = microphone._Ear(RATE)

    def call(value):
        times = type("", (), {"inputBufferAdcTime": value / 10})
        ear.hear(block(value)[:, None], 1600, times, type("", (), {"input_overflow": False}))

    for value in range(1, 6):
        call(value)
    assert [n_lost for n_lost, _ in (ear.blocks.get(), ear.blocks.get())] == [0, 0]
    call(6)
    n_lost, samples = ear.blocks.get()
    assert n_lost == 3 * 1600 and samples[0] == 6


def test_a_microphone_that_was_unplugged_is_one_line_after_what_was_heard(desk, monkeypatch):
    monkeypatch.setattr(microphone, "_PATIENCE", 0.001)
    desk.calls, desk.stays_active = [(block(1), 0.0, False)], False
    blocks = hear(find_microphone())
    assert len(next(blocks)) == 1600
    expected = r"^the microphone Desk Mic gives no more sound. Was it unplugged\? Start again, or choose another"
    with pytest.raises(AudioError, match=expected):
        next(blocks)
    assert desk.n_asked == 1
    monkeypatch.setattr(microphone, "_LOST_AFTER", 0.003)
    desk.calls, desk.stays_active = [], True
    with pytest.raises(AudioError, match=expected):
        next(hear(find_microphone()))


def test_nothing_but_zeros_is_told_once(desk):
    desk.calls = [(block(0, 16000), n, False) for n in range(12)]
    with pytest.warns(DoubtfulResultWarning, match="gives nothing but silence. Is it switched on, and may") as warned:
        list(islice(hear(find_microphone()), 12))
    assert len(warned) == 1
    desk.calls[4] = (np.eye(1, 16000)[0], 4, False)
    list(islice(hear(find_microphone()), 12))  # no warning
