"""XML of annotations: its elements, one after the other."""

import xml.parsers.expat as expat
from collections.abc import Iterator
from pathlib import Path

from lightdiar.common.foreign import read_bytes
from lightdiar.errors import FormatError


def read_elements(path: Path) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield the line, the name and the attributes of each element.

    Raises
    ------
    FormatError
        With the line, if it is not XML, or has a DTD: a few bytes of entities can become gigabytes, or another file.
    """
    found: list[tuple[int, str, dict[str, str]]] = []
    parser = expat.ParserCreate()

    def refuse(*_):
        raise FormatError(f"{path}:{parser.CurrentLineNumber}: XML with a DTD is not read; remove <!DOCTYPE ...>.")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: found.append((parser.CurrentLineNumber, name, attributes))
    try:
        parser.Parse(read_bytes(path), True)
    except expat.ExpatError as error:
        reason = f"not XML that can be read: {expat.errors.messages[error.code]}"
        raise FormatError(f"{path}:{error.lineno}: {reason}") from None
    except FormatError:
        raise
    except (LookupError, ValueError) as error:  # of the encoding
        raise FormatError(f"{path}:{parser.CurrentLineNumber}: not XML that can be read: {error}") from None
    yield from found
