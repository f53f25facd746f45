import numpy as np
import pytest

from lightdiar.io.audio import read
from lightdiar.signal import frontend
from lightdiar.signal.features import mfcc
from lightdiar.signal.frontend import GRID, N_FILTERS, N_MFCC, SAMPLE_RATE, analyse, analyse_chapters

SHORT_PIECE = 50  # frames: half a second, so that a short sound has seams


@pytest.fixture
def short_pieces(monkeypatch):
    monkeypatch.setattr(frontend, "_PIECE_FRAMES", SHORT_PIECE)


@pytest.fixture
def no_dither(monkeypatch):
    for name in ("_DITHER", "_LEAST_DITHER", "_NOTHING_HEARD"):
        monkeypatch.setattr(frontend, name, 0.0)


def noise(n_samples):
    return np.random.default_rng(0).normal(0, 0.1, n_samples).astype(np.float32)


def cut(samples, lengths):
    """Samples in blocks of the given lengths, repeated."""
    blocks, start, number = [], 0, 0
    while start < len(samples):
        blocks.append(samples[start : start + lengths[number % len(lengths)]])
        start, number = start + len(blocks[-1]), number + 1
    return blocks


def bytes_of(analysis):
    return analysis.mfcc.tobytes(), analysis.f0.tobytes(), analysis.strength.tobytes(), analysis.duration


def plain(samples):
    return mfcc(samples, 16000, n_mfcc=N_MFCC, n_filters=N_FILTERS)


@pytest.mark.parametrize("lengths", [[160], [1, 333, 7999], [8000], [8160, 1], [40000]])
def test_the_cut_of_the_stream_does_not_matter(voice, short_pieces, lengths):
    assert bytes_of(analyse(cut(voice, lengths))) == bytes_of(analyse([voice]))


def test_empty_blocks_do_not_matter(voice):
    assert bytes_of(analyse([voice[:0], voice[:5000], voice[:0], voice[5000:]])) == bytes_of(analyse([voice]))


def test_without_pitch_the_rest_stays_as_it_is(voice, short_pieces):
    whole, rest = analyse([voice]), analyse([voice], pitch=False)
    np.testing.assert_array_equal(rest.mfcc, whole.mfcc)
    assert np.isfinite(whole.f0).any() and np.isnan(rest.f0).all() and not rest.strength.any()
    assert len(rest.f0) == len(rest.strength) == len(rest) and rest.duration == whole.duration


@pytest.mark.parametrize("n_pieces", [1, 2])
@pytest.mark.parametrize("more", [-161, -1, 0, 1, 239, 240, 241, 399, 400, 401, 639, 640, 641, 800, 801])
def test_frames_are_counted_as_the_grid_does_around_seams(voice, short_pieces, n_pieces, more):
    n_samples = n_pieces * SHORT_PIECE * GRID.hop_length + more
    analysis = analyse([voice[:n_samples]])
    assert len(analysis) == len(analysis.f0) == len(analysis.strength) == GRID.n_frames(n_samples)
    assert analysis.duration == n_samples / 16000


@pytest.mark.parametrize("n_samples", [0, 1, 399, 400, 401, 559, 560, 561])
def test_frames_are_counted_as_the_grid_does_in_short_sounds(voice, n_samples):
    analysis = analyse(cut(voice[:n_samples], [100]))
    assert analysis.mfcc.shape == (GRID.n_frames(n_samples), N_MFCC)
    assert analysis.f0.shape == analysis.strength.shape == (GRID.n_frames(n_samples),)
    assert analysis.duration == n_samples / 16000
    assert np.isfinite(analysis.mfcc).all()


def test_frames_are_counted_as_the_grid_does_around_a_minute(voice):
    minute = np.tile(voice, 21)
    for n_samples in (959999, 960000, 960001, 960399, 960641):
        pieces = list(frontend._pieces([minute[:n_samples]]))
        assert len(pieces) == 1 + (n_samples >= 960640)
        n_frames = sum(n or GRID.n_frames(len(piece)) - lead // GRID.hop_length for piece, lead, n in pieces)
        assert n_frames == GRID.n_frames(n_samples)
    assert len(analyse([minute[:960641]])) == GRID.n_frames(960641)


@pytest.mark.parametrize("n_blocks", [50, 53, 54, 55, 103, 104, 105, 200])
def test_pieces_are_the_whole(short_pieces, no_dither, n_blocks):
    """Where the means of the pieces are 0 as that of the whole, nothing but rounding tells them apart."""
    rng = np.random.default_rng(0)
    block = rng.normal(size=GRID.hop_length)
    samples = np.outer(rng.uniform(0.05, 0.2, n_blocks), block - block.mean()).ravel()
    analysis = analyse([samples])
    assert analysis.mfcc.dtype == analysis.f0.dtype == analysis.strength.dtype == np.float32
    assert analysis.mfcc == pytest.approx(plain(samples), abs=1e-4)


def test_dither_changes_little_where_there_is_sound(voice):
    difference = analyse([voice]).mfcc - plain(voice)
    assert 0 < np.sqrt((difference**2).mean()) < 0.05
    assert abs(difference).max() < 0.5


def test_f0_and_strength_are_in_step_with_the_frames(short_pieces):
    """A tone of 150 Hz from 1 s to 2 s in silence, across the seams."""
    t = np.arange(48000) / 16000
    samples = np.where((t >= 1) & (t < 2), np.sign(np.sin(2 * np.pi * 150 * t)), 0)
    analysis = analyse([samples + 1e-2 * np.random.default_rng(0).normal(size=48000)])
    times = GRID.times(len(analysis))
    inside, outside = (times > 1.03) & (times < 1.97), (times < 0.96) | (times > 2.04)
    assert analysis.f0[inside] == pytest.approx(np.full(inside.sum(), 150), abs=1)
    assert analysis.strength[inside].min() > 0.9
    assert np.isnan(analysis.f0[outside]).mean() > 0.95


def test_digital_silence_is_finite_and_unvoiced():
    analysis = analyse([np.zeros(32000, np.float32)])
    assert np.isfinite(analysis.mfcc).all() and np.isfinite(analysis.strength).all()
    assert np.isnan(analysis.f0).mean() > 0.95
    assert analysis.mfcc[:, 0].std() < 1


def test_gain_adds_a_constant_to_the_energy_and_nothing_else(voice):
    quiet, loud = analyse([voice]), analyse([voice * 4])
    assert loud.mfcc[:, 0] - quiet.mfcc[:, 0] == pytest.approx(np.full(len(quiet), 2 * np.log(4)), abs=1e-4)
    assert loud.mfcc[:, 1:] == pytest.approx(quiet.mfcc[:, 1:], abs=1e-3)
    assert np.array_equal(loud.f0, quiet.f0, equal_nan=True)


def test_an_offset_of_the_recorder_is_taken_away(voice):
    assert analyse([voice + np.float32(0.25)]).mfcc == pytest.approx(analyse([voice]).mfcc, abs=0.01)


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_samples_that_are_no_numbers_are_refused_with_their_place(voice, short_pieces, wrong):
    samples = voice.copy()
    samples[40000] = wrong
    with pytest.raises(ValueError, match="NaN or infinity in the minute starting at 2 s; .* must be finite"):
        analyse([samples])


def test_the_input_is_left_alone(voice):
    before = voice.copy()
    analyse([voice])
    assert np.array_equal(voice, before)


def test_real_speech_in_pieces_is_the_whole(shared, no_dither, monkeypatch):
    samples = read(shared / "corpora/dev/conversations/pyannote_sample/sample.flac").samples
    whole = analyse([samples])
    monkeypatch.setattr(frontend, "_PIECE_FRAMES", 500)
    pieces = analyse(cut(samples, [12345]))
    assert len(pieces) == GRID.n_frames(len(samples))
    loud = whole.mfcc[:, 0] > np.quantile(whole.mfcc[:, 0], 0.3)
    difference = (pieces.mfcc - whole.mfcc)[loud]  # of the means of the pieces
    assert np.sqrt((difference**2).mean()) < 0.1
    assert np.mean((pieces.f0 > 0) == (whole.f0 > 0)) > 0.97
    assert 0.2 < np.mean(pieces.f0 > 0) < 0.9


def decimal(samples, decibels):
    """The samples louder by so much, rounded to float32: not by a power of two, so that every sample is rounded."""
    return (samples.astype(np.float64) * 10 ** (decibels / 20)).astype(np.float32)


@pytest.mark.parametrize("decibels", [-60, -20, 20, 100])
def test_a_quiet_recording_is_heard_as_a_loud_one(voice, short_pieces, decibels):
    """Also where it is digitally silent: before anything is heard, between, and where silence has an offset."""
    quiet = voice * np.float32(0.005)
    silence = np.zeros(9000, np.float32)
    samples = np.concatenate([silence, quiet[:44000], silence, 0.01 * quiet[:8000], silence + np.float32(0.01)])
    one, other = analyse([samples]), analyse([decimal(samples, decibels)])
    gain = np.log(10) * decibels / 10  # of the energy
    assert other.mfcc[:, 0] - one.mfcc[:, 0] == pytest.approx(np.full(len(one), gain), abs=0.01)
    assert np.mean(abs(other.mfcc[:, 1:] - one.mfcc[:, 1:]) < 0.01) > 0.999
    assert np.mean((other.f0 > 0) == (one.f0 > 0)) > 0.995


def test_digital_silence_is_75_db_below_the_piece_that_breaks_it_and_the_loudest_before_it(voice, short_pieces):
    silence = np.zeros(8640, np.float32)  # all of the first piece
    samples = np.concatenate([silence, voice, silence, silence])
    first, loudest = (max(samples[s : s + 8800].std() for s in starts) for starts in ([7840], range(7840, 65000, 8000)))
    energy = analyse([samples]).mfcc[:, 0]
    for quiet, level in ((energy[5:45], first), (energy[-45:-5], loudest)):
        noise = plain(level * 10 ** (-75 / 20) * np.random.default_rng(0).normal(size=8000))[:, 0]
        assert quiet.mean() == pytest.approx(noise.mean(), abs=0.1)


def test_hum_is_taken_out_of_all_features(voice):
    samples = np.tile(voice, 4) + 0.01 * np.random.default_rng(0).normal(size=4 * len(voice)).astype(np.float32)
    hum = 0.5 * np.sin(2 * np.pi * 50 * np.arange(len(samples)) / 16000)
    one, other = analyse([samples]), analyse([(samples + hum).astype(np.float32)])
    assert np.sqrt(np.mean((other.mfcc - one.mfcc) ** 2)) < 1
    assert np.mean((other.f0 > 0) == (one.f0 > 0)) > 0.95


@pytest.mark.parametrize(
    "n_pieces, expected", [(0, [0]), (3, [3]), (4, [4]), (5, [2, 3]), (8, [2, 2, 4]), (9, [2, 2, 2, 3])]
)
def test_what_is_longer_than_two_chapters_comes_in_chapters(short_pieces, monkeypatch, n_pieces, expected):
    """The same frames, in chapters of two pieces, the last one of up to four; nothing is lost between them."""
    monkeypatch.setattr(frontend, "_CHAPTER_FRAMES", 2 * SHORT_PIECE)
    length = SHORT_PIECE * GRID.hop_length
    sound = noise(n_pieces * length)
    whole = analyse([sound])
    found, n_frames, n_samples = [], [], 0
    for chapter in analyse_chapters([sound]):
        found.append([part.copy() for part in (chapter.mfcc, chapter.f0, chapter.strength)])
        n_frames.append(len(chapter))
        n_samples += chapter.duration * SAMPLE_RATE
    assert [round(n / SHORT_PIECE) for n in n_frames] == expected
    assert n_samples == len(sound) and whole.duration == len(sound) / SAMPLE_RATE
    for part, name in zip(zip(*found), ("mfcc", "f0", "strength")):
        np.testing.assert_array_equal(np.concatenate(part), getattr(whole, name))


def test_silence_before_the_first_sound_is_as_quiet_in_chapters(short_pieces, monkeypatch):
    monkeypatch.setattr(frontend, "_CHAPTER_FRAMES", 2 * SHORT_PIECE)
    length = SHORT_PIECE * GRID.hop_length
    sound = np.concatenate([np.zeros(4 * length, np.float32), noise(2 * length)])
    chapters = [chapter.mfcc.copy() for chapter in analyse_chapters([sound])]
    np.testing.assert_array_equal(np.concatenate(chapters), analyse([sound]).mfcc)
