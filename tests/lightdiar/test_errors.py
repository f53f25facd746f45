"""Who catches what: an error about a file is a LightdiarError, and a ValueError for those who know nothing of it."""

import warnings

import pytest

import lightdiar
from lightdiar import errors
from lightdiar.errors import AudioError, DoubtfulResultWarning, FormatError, LightdiarError, ModelError


@pytest.mark.parametrize("kind", [FormatError, AudioError, ModelError])
def test_errors_about_files_are_caught_as_ours_and_as_value_errors(kind):
    assert kind.__bases__ == (LightdiarError, ValueError)
    for caught in (kind, LightdiarError, ValueError):
        with pytest.raises(caught, match="^talk.wav: damaged$"):
            raise kind("talk.wav: damaged")


def test_the_base_is_an_error_of_its_own_and_the_kinds_do_not_catch_each_other():
    assert LightdiarError.__bases__ == (Exception,)
    kinds = (FormatError, AudioError, ModelError)
    assert [[issubclass(one, other) for other in kinds] for one in kinds] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]


def test_doubt_is_a_warning_and_no_error():
    assert DoubtfulResultWarning.__bases__ == (UserWarning,)
    with pytest.warns(DoubtfulResultWarning, match="^very little speech$"):
        warnings.warn("very little speech", DoubtfulResultWarning, stacklevel=1)
    assert not issubclass(DoubtfulResultWarning, LightdiarError)


def test_every_error_is_public_under_its_own_name():
    defined = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert defined == {
        *("LightdiarError", "FormatError", "SpeakerNameError", "AudioError", "ModelError", "DoubtfulResultWarning"),
        "LeftOutWarning",
    }
    for name in defined:
        assert getattr(lightdiar, name) is getattr(errors, name)
        assert getattr(errors, name).__doc__
