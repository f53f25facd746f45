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
        fields = string.Formatter().parse(text)
        return sorted(field for _, field, spec, _ in fields if field is not None and "|" not in spec)  # row|rows

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
