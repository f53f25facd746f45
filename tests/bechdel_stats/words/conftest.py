import re
import string

import pytest

CAUSAL = {
    "en": r"\b(effects? of|because|leads? to|due to|thanks to|impacts?|results? in|caused?|drives?|raises?|makes)\b",
    "fr": r"\b(effets? de|à cause|parce que|grâce à|dûe?s? à|impacts?|entraîne|provoque|influence|augmente|baisse)\b",
}


@pytest.fixture(scope="session")
def places():
    """A function that lists the places of a text that values fill, in alphabetical order."""

    def places(text):
        return sorted(field for _, field, _, _ in string.Formatter().parse(text) if field is not None)

    return places


@pytest.fixture(scope="session")
def causal():
    """A function that finds, among pairs of English and French, what says that something brings something about."""

    def causal(pairs):
        return [
            text
            for pair in pairs
            for text, pattern in zip(pair, CAUSAL.values())
            if re.search(pattern, text, re.IGNORECASE)
        ]

    return causal
