"""The zip and XML below .xlsx and .ods: sizes are judged before anything is inflated, parts are read as streams."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from peti_desktop.importing.grid import Limits, Refusal

CHUNK = 64 * 1024

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]
Fed = Callable[[int], None]


class Archive:
    """A zip whose declared sizes are within limits; ``fed`` hears of every inflated byte."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits, fed: Fed) -> None:
        self._archive = archive
        self._fed = fed
        found = archive.infolist()
        # Python's zipfile never gives more bytes than a part declares, so their sum is a sound cap.
        if len(found) > limits.parts or sum(part.file_size for part in found) > limits.inflated:
            raise Refusal("inflated")
        if any(part.flag_bits & 1 for part in found):
            raise Refusal("password")
        self.sizes = {part.filename: part.file_size for part in found}

    def walk(self, name: str, start: Start, end: End, text: Text | None = None) -> None:
        """Run an XML part past the handlers; tags and attributes come without their prefixes."""
        parser = _parser(start, end, text)
        with self._archive.open(name) as stream:
            while chunk := stream.read(CHUNK):
                self._fed(len(chunk))
                parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def has(self, name: str, words: bytes) -> bool:
        """Whether a small part exists and says ``words``."""
        if self.sizes.get(name, CHUNK * 16) >= CHUNK * 16:
            return False
        return words in self._archive.read(name)


@contextmanager
def opened(path: Path, limits: Limits, fed: Fed) -> Iterator[Archive]:
    """The zip at ``path``; whatever is wrong with its structure becomes Refusal ``damaged``."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield Archive(archive, limits, fed)
    except (
        zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError, KeyError, ValueError,
        IndexError, RecursionError,
    ) as error:  # fmt: skip
        raise Refusal("damaged", str(error)) from error


def _parser(start: Start, end: End, text: Text | None) -> expat.XMLParserType:
    local: dict[str, str] = {}

    def name(tag: str) -> str:
        found = local.get(tag)
        if found is None:
            found = local[tag] = tag.rpartition(":")[2]
        return found

    def started(tag: str, attributes: dict[str, str]) -> None:
        start(name(tag), {name(key): value for key, value in attributes.items()} if attributes else attributes)

    def refuse(*_: object) -> None:
        raise Refusal("damaged", "a document type")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = started
    parser.EndElementHandler = lambda tag: end(name(tag))
    if text is not None:
        parser.CharacterDataHandler = text
    parser.buffer_text = True
    return parser
