import pandas as pd
import pytest


@pytest.fixture(scope="session")
def recordings():
    """A function that makes a table of what is heard in recordings of these names."""

    def recordings(*names):
        row = {"duration": 5400.5, "speech_seconds": 3000.0, "n_women": 2, "n_men": 3, "female_share": 0.5}
        row |= {"female_share_low": 0.4, "female_share_high": 0.6, "p_two_women": 0.9, "p_women_talk": 0.8}
        row |= {"exchanges": 1, "exchange_seconds": 30.0, "places": "0:01:05-0:01:30"}
        return pd.DataFrame([{"recording": name} | row for name in names])

    return recordings
