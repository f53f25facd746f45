import pytest

from lightdiar.common.files import is_reserved
from lightdiar.corpus.names import names_of


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a/film.mp4", "b/talk.wav"], ["film", "talk"]),
        (["film.mp4", "film.mkv", "FILM.avi"], ["film_mp4", "film_mkv", "FILM_avi"]),
        (["s1/e1.mkv", "s2/e1.mkv", "s2/e2.mkv"], ["s1_e1", "s2_e1", "e2"]),
        (["s1/e1.mkv", "s1/e1.mp4", "s2/e1.mkv"], ["s1_e1", "e1_mp4", "s2_e1"]),
        (["x/s/e.wav", "y/s/e.wav"], ["x_s_e_wav", "y_s_e_wav"]),
        (["a_wav.mp3", "a.wav", "a.mp3"], ["a_wav_mp3", "a", "a_mp3"]),
        (["my film.wav", "my_film.wav"], ["my_film_wav", "my_film_wav_2"]),
        (["x.wav", "x.wav", "x_wav_2.mp3"], ["x_wav", "x_wav_3", "x_wav_2"]),
        (["Caf\u00e9.wav", "cafe\u0301.wav"], ["Caf\u00e9_wav", "caf\u00e9_wav_2"]),
        (["../up/film.wav", "/root/film.wav"], ["up_film", "root_film"]),
        (["row.wav", "ROW.mp3"], ["row_wav", "ROW_mp3"]),
        (["row.wav"], ["row_"]),
        (["aux.wav", "COM1.wav", "what?.wav", "a:b|c.wav", "...wav", "end. .wav"], None),
    ],
)
def test_results_have_short_names_of_which_no_two_are_alike(paths, names):
    found = names_of(paths)
    assert found == names or names is None
    assert len({name.casefold() for name in found}) == len(paths)
    assert not any(is_reserved(name) or set(name) & set('/\\<>:"|?*') or name.startswith(".") for name in found)


def test_names_are_not_too_long_for_a_file():
    long = "\u00e9" * 300
    found = names_of([f"{long}{number}.wav" for number in range(3)])
    assert all(len(name.encode()) <= 80 for name in found)
    assert [name[-1] for name in found] == ["0", "1", "2"]


def test_a_name_depends_on_others_only_where_they_are_alike():
    some = ["a/one.wav", "b/two.wav", "b/one.wav"]
    more = ["three.wav", *some, "four.wav"]
    assert names_of(more)[1:4] == names_of(some) == ["a_one", "two", "b_one"]
