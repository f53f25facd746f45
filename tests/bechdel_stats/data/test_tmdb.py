from bechdel_stats.data.credits import Shares
from bechdel_stats.data.tmdb import is_tmdb, lighten, names


def test_a_record_is_of_tmdb_if_it_has_its_id_and_one_of_its_columns():
    assert is_tmdb(["id", "original_title"]) and is_tmdb(["credits"]) and is_tmdb({"movie_id": 1, "cast": []})
    assert not is_tmdb(["id", "title"]) and not is_tmdb(["original_title"])


def test_a_light_record_has_shares_and_names_and_the_given_one_stays():
    cast = [{"gender": 1}, {"gender": 2}]
    record = {"id": 5, "credits": {"cast": cast}, "genres": [{"id": 1, "name": "War"}], "other": [1]}
    before = {**record}
    light = lighten(record)
    assert record == before and set(light) == set(record)
    assert isinstance(light["credits"], Shares) and light["credits"]["cast_female_share"] == 0.5
    assert light["genres"] == "War" and light["other"] == [1]
    assert lighten(light) == light
    other = {"cast": cast, "genres": [{"name": "War"}]}
    assert lighten(other) is other


def test_countries_without_a_name_have_their_code():
    assert names([{"iso_3166_1": "FR"}, {"name": "Japan"}, None, 5]) == "FR|Japan|5" and names("a|b") == "a|b"
