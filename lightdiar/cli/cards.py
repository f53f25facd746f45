"""Shared by the commands that train: what people add to a model card."""

from lightdiar.common.foreign import read_json
from lightdiar.errors import FormatError


def card_entries(path):
    """Entries of the model card, from a JSON file."""
    from lightdiar.common.archive import LARGEST_ENTRIES

    try:
        entries = read_json(path, LARGEST_ENTRIES)
    except FormatError as error:
        raise ValueError(f"--card {error}") from None
    if not isinstance(entries, dict):
        raise ValueError(f"--card {path}: must be a JSON object, a value for each entry of the card.")
    return entries
