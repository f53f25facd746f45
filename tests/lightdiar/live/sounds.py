"""A sound system without microphones of its own: what it has and does is told by the test."""

import threading
import types

import numpy as np


class PortAudioError(Exception):
    """As sounddevice's."""


class FakeSystem(types.ModuleType):
    """In place of the module sounddevice.

    `calls` are what the callback gets: samples, the time of the first of them, and whether sound was lost before.
    """

    PortAudioError = PortAudioError

    def __init__(self):
        super().__init__("sounddevice")
        self.devices, self.default, self.rates, self.calls, self.refusal = [], None, {}, [], None
        self.opened, self.stays_active, self.n_asked = [], True, 0

    def add(self, name, rate=44100, channels=1, system=0, rates=(16000,)):
        number = len(self.devices)
        self.devices.append(
            dict(index=number, name=name, hostapi=system, max_input_channels=channels, default_samplerate=float(rate))
        )
        self.rates[number] = {rate, *rates}
        if channels and self.default is None:
            self.default = number

    def query_hostapis(self):
        return ({"name": "ALSA"}, {"name": "JACK"})

    def query_devices(self, device=None, kind=None):
        if kind is None:
            return self.devices
        if self.default is None:
            raise PortAudioError("Error querying device -1")
        return self.devices[self.default]

    def check_input_settings(self, device, channels, dtype, samplerate):
        if self.refusal:
            raise self.refusal
        if samplerate not in self.rates[device]:
            raise PortAudioError("Invalid sample rate", -9997)

    def InputStream(self, **options):
        if self.refusal:
            raise self.refusal
        self.opened.append(options)
        return FakeStream(self, options["callback"])


class FakeStream:
    def __init__(self, system, callback):
        self.system, self.callback = system, callback

    def __enter__(self):
        def play():
            for samples, start, lost in self.system.calls:
                times = types.SimpleNamespace(inputBufferAdcTime=start)
                flags = types.SimpleNamespace(input_overflow=lost)
                block = np.array(samples, np.int16)[:, None]
                self.callback(block, len(block), times, flags)
                block[:] = 99  # the sound system uses its memory again

        self.thread = threading.Thread(target=play)
        self.thread.start()
        self.thread.join()
        return self

    def __exit__(self, *_):
        pass

    @property
    def active(self):
        self.system.n_asked += 1
        return self.system.stays_active
