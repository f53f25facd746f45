"""Settings: the numbers that may differ between kinds of recording, kept in a small JSON file.

The defaults suit all kinds of recording; `lightdiar.training.tuning` finds others where the truth is known.
"""

import json
import math
import reprlib
from dataclasses import asdict, dataclass, fields

from lightdiar.common.files import PathLike, write_text
from lightdiar.common.foreign import read_json
from lightdiar.errors import FormatError

_LARGEST = 100_000  # bytes; a file of settings has some hundred


@dataclass(frozen=True)
class Settings:
    """The numbers that the decisions of the pipeline depend on.

    Parameters
    ----------
    speech_bias : float
        Nats added to the log odds of speech of every frame; above 0: more speech, more false alarms.
    pause : float
        Pauses of up to this many seconds belong to the turn around them.
    speaker_prior : float
        Scale of the evidence required for each speaker: `fb` of `lightdiar.models.vbhmm.vb_hmm` is 0.7 of it, and less
        in short recordings. Larger means fewer speakers.
    loop_probability : float
        Probability that the speaker of the next window is the same, in [0, 1).

    Raises
    ------
    ValueError
        If a number is not finite or out of range.
    """

    speech_bias: float = 0.0
    pause: float = 1.0
    speaker_prior: float = 10.0
    loop_probability: float = 0.95

    def __post_init__(self):
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
                raise ValueError(f"{field.name}={reprlib.repr(value)} must be a number, such as {field.default}.")
        if not abs(self.speech_bias) <= 1000:
            raise ValueError(f"speech_bias={self.speech_bias} must be from -1000 to 1000; 0 is usual.")
        if not 0 <= self.pause <= 60:
            raise ValueError(f"pause={self.pause} s must be from 0 to 60; 1 is usual.")
        if not 0 < self.speaker_prior <= 1e6:
            raise ValueError(f"speaker_prior={self.speaker_prior} must be above 0, up to a million; 10 is usual.")
        if not 0 <= self.loop_probability < 1:
            raise ValueError(f"loop_probability={self.loop_probability} must be in [0, 1); 0.95 is usual.")

    def save(self, path: PathLike) -> None:
        """Write the settings as JSON."""
        write_text(path, json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def load(cls, path: PathLike) -> "Settings":
        """Read settings from JSON; those not in the file keep their defaults.

        Raises
        ------
        FormatError
            If the file cannot be read or holds anything but these numbers.
        """
        try:
            content = read_json(path, _LARGEST)
        except OSError as error:
            raise FormatError(f"{path}: cannot be read: {error.strerror}") from None
        known = [field.name for field in fields(cls)]
        if not isinstance(content, dict) or not set(content) <= set(known):
            came = reprlib.repr(min(set(content) - set(known))) if isinstance(content, dict) else type(content).__name__
            raise FormatError(f"{path}: {came}: settings are a JSON object with any of {', '.join(known)}")
        try:
            return cls(**content)
        except (ValueError, OverflowError) as error:
            raise FormatError(f"{path}: {error}") from None


# In the band of a telephone (300-3400 Hz, 8 kHz, mu-law) less speech is missed so: the DER of 56 development recordings
# falls by 0.7 points (0.1 to 1.3), from 19.0 %. Films and meetings are what the defaults were chosen for; broadcasts
# were not tried
PRESETS = {
    "film": Settings(),
    "meeting": Settings(),
    "phone": Settings(speech_bias=0.93),
    "broadcast": Settings(),
}
