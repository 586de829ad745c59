"""Reading .csv and .txt tables: their encoding and separator are found out from what they hold."""

import codecs
import csv
import io
from collections import Counter
from pathlib import Path

from peti_desktop.importing.grid import Filler, Grid, Limits, Refusal
from peti_desktop.importing.zipped import Fed

SEPARATORS = (";", "\t", ",", "|")
LOOKED_AT = 64 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read(path: Path, limits: Limits, fed: Fed) -> list[Grid]:
    """The one table of a text file, named after it; row numbers are those Excel gives it. Raises Refusal."""
    data = path.read_bytes()
    text = data.decode(encoding(data), errors="replace")
    csv.field_size_limit(limits.text)
    first, _, rest = text.partition("\n")
    if len(first.strip()) == 5 and first.lower().startswith("sep="):
        separator, text = first[4], rest  # Excel's own hint, which it does not show as a row
    else:
        separator = separator_of(text[:LOOKED_AT])
    filler = Filler(limits)
    try:
        for row, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator)):
            for column, cell in enumerate(cells):
                filler.put(row, column, cell)
            if row % 500 == 0:
                fed(sum(map(len, cells)) * 500)
    except csv.Error as error:
        raise Refusal("text" if "limit" in str(error) else "damaged", str(error)) from error
    except Refusal as refusal:
        return [Grid(path.stem, refused=refusal.code)]
    return [Grid(path.stem, filler.rows)]


def encoding(data: bytes) -> str:
    """How ``data`` spells its letters. Raises Refusal ``unknown`` when it is no text."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    sample = data[:LOOKED_AT]
    if nulls := sample.count(0):
        odd, even = sample[1::2].count(0), sample[::2].count(0)
        if max(odd, even) > len(sample) // 5 and nulls == max(odd, even):
            return "utf-16-le" if odd else "utf-16-be"
        raise Refusal("unknown")
    if sum(byte < 32 and byte not in b"\t\n\r\f\x1a" for byte in sample) > len(sample) // 100:
        raise Refusal("unknown")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def separator_of(sample: str) -> str:
    """The separator that cuts most lines of ``sample`` into the same number of cells, more than one."""

    def evenness(separator: str) -> tuple[int, int]:
        try:
            lines = [cells for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if cells]
        except csv.Error:
            return 0, 0
        widths = Counter(len(cells) for cells in lines if len(cells) > 1)
        width, times = max(widths.items(), key=lambda found: (found[1], found[0]), default=(0, 0))
        return times, width

    return max(SEPARATORS, key=evenness)
