"""What hypothesis invents: values, rows, lines and formulas that no mutation of a sound input would give."""

from functools import lru_cache
from typing import Any

import hypothesis
from hypothesis import strategies as st

_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)
_NUMBER = st.one_of(st.integers(-(10**20), 10**20), st.floats(), st.integers(0, 3), st.integers(1890, 2030))
_VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), _NUMBER, _TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_TEXT, inner, max_size=4)),
    max_leaves=12,
)
_COLUMN = st.sampled_from(
    "imdb_id imdbid id title year rating genres runtime language country budget cast_female_share credits cast crew "
    "overview release_date vote_average production_countries spoken_languages not_found passes original_title".split()
)
_TIME = st.one_of(st.floats(0, 100).map(lambda x: f"{x:.3f}"), st.floats().map(str), _TEXT)
_FIELD = st.one_of(_TEXT, st.sampled_from(["<NA>", "1", "2", "ann", "SPEAKER", "NOSCORE", "news", ";;"]), _TIME)
_TERM = st.sampled_from(
    [
        *"passes rating year runtime genre_war language ~ + - * : / ** ( ) C( I( log( rcs( bs( cr( Q( , = ==".split(),
        *"< | 1 0 2 -1 1e9 'x' \"x\" [ ] { } . ; \\ @ % && not if else np. exit(7) df=4 # ` \u00e9 0x1 1_0".split(),
        *"__import__('os') open('pwned','w') 9**9**9 Treatment( center( standardize( (1960,1985,2010)) )".split(),
        *("lambda: x", "\n"),
    ]
)

STRATEGIES: dict[str, st.SearchStrategy[Any]] = {
    "value": _VALUE,
    "records": st.lists(st.dictionaries(st.one_of(_COLUMN, _TEXT), _VALUE, max_size=6), max_size=5),
    "rows": st.lists(st.fixed_dictionaries({"title": _TEXT, "year": _NUMBER, "genres": _TEXT}), min_size=1, max_size=6),
    "rttm": st.lists(
        st.one_of(
            st.lists(_FIELD, max_size=11).map(" ".join),
            st.tuples(_FIELD, _TIME, _TIME, _FIELD).map(
                lambda f: f"SPEAKER {f[0]} 1 {f[1]} {f[2]} <NA> <NA> {f[3]} <NA> <NA>"
            ),
        ),
        max_size=8,
    ).map("\n".join),
    "lines": st.lists(st.lists(_FIELD, max_size=5).map(" ".join), max_size=8).map("\n".join),
    "formula": st.one_of(
        st.lists(_TERM, max_size=12).map(" ".join),
        st.lists(_TERM, max_size=8).map(lambda t: "passes ~ " + " ".join(t)),
        _TEXT,
    ),
    "text": _TEXT,
    "settings": st.dictionaries(
        st.one_of(st.sampled_from(["speech_bias", "pause", "speaker_prior", "loop_probability"]), _TEXT),
        _VALUE,
        max_size=4,
    ),
}


@lru_cache(maxsize=64)
def examples(name: str, seed: int, n: int = 60) -> list[Any]:
    """Values of a strategy: the same for the same seed."""
    found: list[Any] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=n,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(STRATEGIES[name])
    def collect(value):
        found.append(value)

    collect()
    return found
