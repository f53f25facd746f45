import re
import sys

import pytest

from bechdel_stats.pictures.canvas import height, save_plot, to_svg, wrap
from bechdel_stats.pictures.odds import plot_odds
from bechdel_stats.pictures.rates import plot_rates
from lightdiar.common.axes import has_matplotlib

matplotlib = pytest.importorskip("matplotlib")
plt = pytest.importorskip("matplotlib.pyplot")


def test_an_ax_that_is_given_is_drawn_into_and_returned(odds, rates):
    figure, (first, second) = plt.subplots(1, 2)
    assert plot_odds(odds, first) is first
    assert plot_rates(rates["genres"], second) is second
    assert plt.get_fignums() == [figure.number]


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_picture_is_the_same_file(tmp_path, odds, suffix):
    files = [tmp_path / f"{number}.{suffix}" for number in range(2)]
    for file in files:
        save_plot(plot_odds(odds), file)
    first, second = (file.read_bytes() for file in files)
    assert first == second and len(first) > 1000
    assert b"Date" not in first and str(tmp_path).encode() not in first


def test_pictures_are_written_as_png_svg_or_pdf(tmp_path, odds):
    ax = plot_odds(odds)
    with pytest.raises(ValueError, match=r"\.png, \.svg or \.pdf; got \.bmp"):
        save_plot(ax, tmp_path / "odds.bmp")
    with pytest.raises(FileNotFoundError, match="does not exist"):
        save_plot(ax, tmp_path / "missing" / "odds.png")
    assert not list(tmp_path.iterdir())


def test_svg_keeps_text_as_text_and_global_settings_as_they_were(odds):
    before = dict(matplotlib.rcParams)
    svg = to_svg(lambda ax: plot_odds(odds, ax, "fr"), 3)
    assert ">Guerre</text>" in svg and not plt.get_fignums()
    assert dict(matplotlib.rcParams) == before


def test_a_notebook_that_draws_this_first_goes_on_showing_its_pictures(monkeypatch, odds):
    figure = plt.figure

    def first_figure(*args, **kwargs):  # what the backend of a notebook does
        monkeypatch.setitem(matplotlib.rcParams, "interactive", True)
        return figure(*args, **kwargs)

    monkeypatch.setitem(matplotlib.rcParams, "interactive", False)
    monkeypatch.setattr(plt, "figure", first_figure)
    plot_odds(odds)
    assert matplotlib.is_interactive()


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch, odds):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"^plots need matplotlib: pip install lightdiar\[plot\]$"):
        plot_odds(odds)
    assert not has_matplotlib()


def test_a_row_more_makes_a_picture_higher_by_its_lines_of_text():
    assert height(10) == pytest.approx(1.4 + 10 * 0.24) and height(10, lines=2) == pytest.approx(1.4 + 10 * 0.46)


def test_labels_break_between_words_only():
    assert wrap("Science-fiction et western") == "Science-fiction et western"
    assert wrap("Science-fiction et western", 16) == "Science-fiction\net western"
    assert wrap("Science-fiction", 5) == "Science-fiction"


def test_a_picture_is_as_high_as_it_is_asked_to_be_and_always_as_wide(odds):
    sizes = []
    for inches in (2, 4):
        svg = to_svg(lambda ax: plot_odds(odds, ax), inches)
        sizes.append([float(number) for number in re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', svg).groups()])
    assert sizes == [[446.4, 144], [446.4, 288]]  # 6.2 inches of 72 points
