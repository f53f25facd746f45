"""What all pictures share, and what holds for every one of them."""

import importlib
import sys

import numpy as np
import pytest

from lightdiar.show.canvas import all_finite, block_means, blocks, one_channel, time_axis
from lightdiar.show.events import plot_confusion, plot_events, plot_events_over_spectrogram
from lightdiar.show.features import plot_features
from lightdiar.show.gender import plot_gender
from lightdiar.show.similarity import plot_similarity
from lightdiar.show.spectrogram import plot_spectrogram
from lightdiar.show.speech import plot_speech
from lightdiar.show.timeline import plot_timeline
from lightdiar.show.verification import plot_scores
from lightdiar.signal.frames import FrameGrid
from lightdiar.timeline import Annotation, Event, Segment, Turn

pytestmark = pytest.mark.usefixtures("no_window")

TALK = Annotation([Turn(0, 0.4, "ann"), Turn(0.5, 0.9, "bob")])
SOUND = np.sin(np.arange(8000) / 10)
EVENTS = [Event(0, 0.4, "door", 0.5), Event(0.2, 0.9, "music")]
PICTURES = {
    "timeline": lambda ax: plot_timeline(TALK, 1.0, ax=ax),
    "spectrogram": lambda ax: plot_spectrogram(SOUND, 8000, ax=ax),
    "features": lambda ax: plot_features(np.eye(5), FrameGrid(8000), ax=ax),
    "speech": lambda ax: plot_speech(SOUND, 8000, {"hand": [Segment(0, 0.5)]}, ax=ax),
    "similarity": lambda ax: plot_similarity(np.eye(3), [0, 1, 2], TALK, ax=ax),
    "gender": lambda ax: plot_gender([120.0, 130.0], 0.2, ax=ax),
    "scores": lambda ax: plot_scores([1.0], [0.0], ax=ax),
    "events": lambda ax: plot_events(EVENTS, ax, reference=EVENTS),
    "events over a sound": lambda ax: plot_events_over_spectrogram(SOUND, 8000, EVENTS, ax),
    "confusion": lambda ax: plot_confusion([[2, 1], [0, 3]], ["door", "music"], ax),
}
MODULES = ("canvas", *PICTURES.keys() - {"scores", "confusion", "events over a sound"}, "verification")


@pytest.mark.parametrize("name", PICTURES)
def test_the_given_axes_are_drawn_on_and_returned(name, axes):
    import matplotlib.pyplot as plt

    _, other = plt.subplots()
    assert PICTURES[name](axes) is axes
    assert axes.has_data() and not other.has_data()
    assert plt.gca() is other  # what is current stays so


@pytest.mark.parametrize("name", PICTURES)
def test_without_axes_there_are_new_ones_in_a_figure_of_their_own(name, axes):
    import matplotlib.pyplot as plt

    new = PICTURES[name](None)
    assert new.figure is not axes.figure and plt.get_fignums() == [1, 2]
    assert new.figure.get_figwidth() == 6.2


@pytest.mark.parametrize("name", PICTURES)
def test_the_same_input_gives_the_same_pixels_with_nothing_cut_off(name, axes):
    import matplotlib.pyplot as plt

    pixels = []
    for ax in (axes, plt.subplots(figsize=(6, 3), layout="constrained")[1]):
        PICTURES[name](ax).figure.canvas.draw()
        pixels.append(np.array(ax.figure.canvas.buffer_rgba()))
    np.testing.assert_array_equal(*pixels)
    box, page = axes.get_tightbbox(axes.figure.canvas.get_renderer()), axes.figure.bbox
    assert min(box.x0, box.y0) > -2 and box.x1 < page.x1 + 2 and box.y1 < page.y1 + 2


@pytest.mark.parametrize("name", PICTURES)
def test_without_matplotlib_the_way_to_it_is_told(name, monkeypatch):
    monkeypatch.setattr("lightdiar.common.axes.find_spec", lambda module: None)
    with pytest.raises(ImportError, match=r"^plots need matplotlib: pip install lightdiar\[plot\]$"):
        PICTURES[name](None)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_modules_load_without_matplotlib(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    module = sys.modules[f"lightdiar.show.{name}"]
    spec = importlib.util.find_spec(module.__name__)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (0.02, ["0 s", "0.005 s", "0.01 s", "0.015 s", "0.02 s"]),
        (6.0, ["0 s", "1 s", "2 s", "3 s", "4 s", "5 s", "6 s"]),
        (300.0, ["0:00", "1:00", "2:00", "3:00", "4:00", "5:00"]),
        (7200.0, ["0:00:00", "0:20:00", "0:40:00", "1:00:00", "1:20:00", "1:40:00", "2:00:00"]),
    ],
)
def test_times_are_round(end, expected, axes, drawn):
    time_axis(axes, end)
    assert drawn(axes.xaxis) == expected
    assert axes.get_xlim() == (0, end) and axes.get_xlabel() == "Time"


def test_times_stay_round_in_a_part_of_the_picture(axes, drawn):
    time_axis(axes, 7200.0)
    axes.set_xlim(3600, 3605)
    assert drawn(axes.xaxis) == [f"1:00:0{second}" for second in range(6)]
    axes.set_xlim(599.9, 600.3)
    assert drawn(axes.xaxis) == ["9:59.9", "10:00.0", "10:00.1", "10:00.2", "10:00.3"]
    axes.set_xlim(-3, 3)
    assert drawn(axes.xaxis) == ["0 s", "0.5 s", "1 s", "1.5 s", "2 s", "2.5 s", "3 s"]  # nothing is before 0


def test_time_may_run_downwards(axes, drawn):
    time_axis(axes, 3.0, downwards=True)
    assert axes.get_ylim() == (3, 0) and axes.get_ylabel() == "Time"
    assert drawn(axes.yaxis) == ["0 s", "0.5 s", "1 s", "1.5 s", "2 s", "2.5 s", "3 s"]


def test_blocks_are_equal_and_no_more_than_asked_for():
    assert blocks(7, 3).tolist() == [0, 3, 6, 7]
    assert blocks(3, 1000).tolist() == [0, 1, 2, 3]
    assert len(blocks(720_000)) == 1001
    np.testing.assert_allclose(block_means(np.array([[1.0], [3], [5], [9]]), np.array([0, 3, 4])), [[3], [9]])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_samples_that_cannot_be_drawn_are_refused(bad):
    assert not all_finite(np.array([1, bad, 2.0]))
    with pytest.raises(ValueError, match=r"^samples contain NaN or infinity.*np\.nan_to_num replaces them\.$"):
        one_channel([0.0, bad])
    with pytest.raises(ValueError, match=r"shape \(2, 3\); give one channel, shape \(n_samples,\)"):
        one_channel(np.zeros((2, 3)))
    samples = np.zeros(3)
    assert one_channel(samples) is samples and one_channel([]).shape == (0,)
