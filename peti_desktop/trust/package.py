"""The normal form of our workbooks: which parts there are, and every byte outside their contents.

Content types and relationships follow from the list of parts, so they are compared, never interpreted (findings
on signing, 5.1 and 5.2 steps 3 and 4). A change here changes the file format: see ``template.FORMAT``.
"""

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from peti_desktop.trust import container, diagnosis
from peti_desktop.trust.verdict import Refusal

MAX_RELATIONSHIPS_BYTES = 64 * 1024
MAX_SIGNATURE_BYTES = 512 * 1024

TYPES = "[Content_Types].xml"
ROOT = "_rels/.rels"
ORIGIN = "_xmlsignatures/origin.sigs"
ORIGIN_RELS = "_xmlsignatures/_rels/origin.sigs.rels"
SIGNATURE = "_xmlsignatures/sig1.xml"
WORKBOOK = "xl/workbook.xml"

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_MAIN = "application/vnd.openxmlformats-officedocument."
_RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_SIGS_TYPE = "application/vnd.openxmlformats-package.digital-signature-origin"
_SIGNATURE_TYPE = "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml"
RELATIONSHIPS_TYPE = _RELS_TYPE
RELATIONSHIPS_NAMESPACE = _PACKAGE + "relationships"


@dataclass(frozen=True)
class _Kind:
    """A kind of content part: its name, its content type, and which relationship leads to it from whom."""

    name: str
    content_type: str
    relationship: str
    owner: str


_NUMBER = r"[1-9][0-9]{0,2}"
_SHEET = rf"xl/worksheets/sheet{_NUMBER}\.xml"
_DRAWING = rf"xl/drawings/drawing{_NUMBER}\.xml"
_KINDS = (
    _Kind(r"xl/workbook\.xml", _MAIN + "spreadsheetml.sheet.main+xml", "officeDocument", ""),
    _Kind(r"xl/styles\.xml", _MAIN + "spreadsheetml.styles+xml", "styles", r"xl/workbook\.xml"),
    _Kind(r"xl/theme/theme1\.xml", _MAIN + "theme+xml", "theme", r"xl/workbook\.xml"),
    _Kind(r"xl/sharedStrings\.xml", _MAIN + "spreadsheetml.sharedStrings+xml", "sharedStrings", r"xl/workbook\.xml"),
    _Kind(_SHEET, _MAIN + "spreadsheetml.worksheet+xml", "worksheet", r"xl/workbook\.xml"),
    _Kind(rf"xl/tables/table{_NUMBER}\.xml", _MAIN + "spreadsheetml.table+xml", "table", _SHEET),
    _Kind(_DRAWING, _MAIN + "drawing+xml", "drawing", _SHEET),
    _Kind(rf"xl/media/image{_NUMBER}\.png", "image/png", "image", _DRAWING),
)
_REQUIRED = {WORKBOOK, "xl/styles.xml"}
_ROW = re.compile(r'Id="([A-Za-z0-9]{1,12})" Type="([^"<>&]{1,120})" Target="([^"<>&]{1,120})"/>')
_ROW_ID = re.compile(r"rId[1-9][0-9]{0,3}")
_ATTRIBUTE = re.compile(r'([A-Za-z]+)="([^"]*)"')


@dataclass(frozen=True)
class Row:
    """One relationship; ``target`` in its one relative spelling."""

    id: str
    type: str
    target: str


def normalise(workbook: bytes) -> dict[str, bytes]:
    """An openpyxl workbook in normal form: everything but the signature part.

    Document properties are dropped. Raises ``ValueError`` for what our writer must not write: parts outside the
    profile (comments, outside links, charts), formulas. A recalculation on opening is switched off, for it makes
    Excel ask to save, and saving drops the signature.
    """
    given = container.inflate(workbook, container.directory(workbook))
    parts = {name: part for name, part in given.items() if _kind(name)}
    dropped = {TYPES, ROOT, "docProps/app.xml", "docProps/core.xml"}
    relationships = {name for name in given if _owner(name) in parts}
    if foreign := set(given) - set(parts) - dropped - relationships:
        raise ValueError(f"parts outside the profile: {sorted(foreign)}")
    parts[WORKBOOK] = parts[WORKBOOK].replace(b' fullCalcOnLoad="1"', b' fullCalcOnLoad="0"')
    if formulas := [name for name, part in parts.items() if b"<f>" in part or b"<f " in part]:
        raise ValueError(f"formulas in {formulas}")
    contents = tuple(parts)
    for name in sorted(relationships):
        if rows := tuple(_written_row(text, _owner(name)) for text in _row_texts(given[name].decode("utf-8"))):
            parts[name] = relationships_part(rows)
    parts |= _structure(contents)
    _check_tree(parts)
    return parts


def read(data: bytes) -> dict[str, bytes]:
    """The parts of a signed workbook in normal form, signature part included; raises ``Refusal`` for all else.

    Nothing is proven yet but the form: ``signature.verify`` goes on from here.
    """
    try:
        entries = container.directory(data)
        _check_names({entry.name: entry.size for entry in entries})
        parts = container.inflate(data, entries)
    except Refusal as refusal:
        raise diagnosis.explained(data, refusal) from refusal
    _check_tree(parts)
    return parts


def write(parts: Mapping[str, bytes], *, stored: bool = False) -> bytes:
    """The parts as a file with a fixed date; ``stored`` skips compression, for a reader in memory."""
    return container.zipped(parts, (TYPES, ROOT), stored=stored)


def content_type(name: str) -> str:
    """The content type of a content or relationships part."""
    kind = _kind(name)
    return kind.content_type if kind else _RELS_TYPE


def signed_names(parts: Iterable[str]) -> tuple[str, ...]:
    """The parts a signature covers: all contents and their relationships, sorted."""
    outside = {TYPES, ORIGIN, ORIGIN_RELS, SIGNATURE}
    return tuple(sorted(set(parts) - outside))


def signed_rows(name: str, part: bytes) -> tuple[Row, ...]:
    """The signed rows of a relationships part; the way to the signature itself cannot be among them."""
    return tuple(row for row in _rows(name, part) if row.target != ORIGIN)


def relationships_part(rows: Iterable[Row]) -> bytes:
    """A relationships part: rows sorted by Id as text, no white space between."""
    body = "".join(
        f'<Relationship Id="{row.id}" Type="{row.type}" Target="{row.target}"/>'
        for row in sorted(rows, key=lambda row: row.id)
    )
    return f'{_DECLARATION}<Relationships xmlns="{RELATIONSHIPS_NAMESPACE}">{body}</Relationships>'.encode()


@lru_cache(maxsize=1024)
def _kind(name: str) -> _Kind | None:
    return next((kind for kind in _KINDS if re.fullmatch(kind.name, name)), None)


def _owner(relationships: str) -> str:
    """The part whose relationships these are: ``xl/workbook.xml`` for ``xl/_rels/workbook.xml.rels``."""
    folder, _, file = relationships.rpartition("/")
    if not folder.endswith("/_rels") or not file.endswith(".rels"):
        return "?"
    return f"{folder.removesuffix('/_rels')}/{file.removesuffix('.rels')}"


@lru_cache(maxsize=64)
def _structure(contents: tuple[str, ...]) -> Mapping[str, bytes]:
    """The parts that follow from the list of content parts alone: the same in many files."""
    signature = Row("rId1", _PACKAGE + "relationships/digital-signature/signature", "sig1.xml")
    root = (
        Row("rId1", _OFFICE + "officeDocument", WORKBOOK),
        Row("rId2", _PACKAGE + "relationships/digital-signature/origin", ORIGIN),
    )
    return {
        TYPES: types_part(contents),
        ROOT: relationships_part(root),
        ORIGIN: b"",
        ORIGIN_RELS: relationships_part((signature,)),
    }


def types_part(contents: Iterable[str]) -> bytes:
    """The content types that a package of these content parts has."""
    defaults = {"rels": _RELS_TYPE, "sigs": _SIGS_TYPE, "xml": "application/xml"}
    overrides = {SIGNATURE: _SIGNATURE_TYPE}
    for name in contents:
        if name.endswith(".png"):
            defaults["png"] = content_type(name)
        else:
            overrides[name] = content_type(name)
    rows = [f'<Default Extension="{key}" ContentType="{defaults[key]}"/>' for key in sorted(defaults)]
    rows += [f'<Override PartName="/{key}" ContentType="{overrides[key]}"/>' for key in sorted(overrides)]
    return f'{_DECLARATION}<Types xmlns="{_PACKAGE}content-types">{"".join(rows)}</Types>'.encode()


def _check_names(sizes: Mapping[str, int]) -> None:
    """Step 3: the signature files, workbook and styles are there, and nothing outside the closed list."""
    signatures = {ORIGIN, ORIGIN_RELS, SIGNATURE}
    if not any(name.startswith("_xmlsignatures/") for name in sizes):
        raise Refusal("sin_firma", "no hay _xmlsignatures/")
    if second := [name for name in sizes if name.startswith("_xmlsignatures/") and name not in signatures]:
        raise Refusal("segunda_firma", ", ".join(sorted(second)))
    fixed = signatures | {TYPES, ROOT}
    if missing := (fixed | _REQUIRED) - set(sizes):
        raise Refusal("estructura_cambiada", f"faltan {', '.join(sorted(missing))}")
    foreign = [name for name in sizes if name not in fixed and not _kind(name) and not _kind(_owner(name))]
    if foreign:
        raise Refusal("partes_ajenas", ", ".join(sorted(foreign)[:10]))
    for name, size in sizes.items():
        limit = MAX_SIGNATURE_BYTES if name == SIGNATURE else MAX_RELATIONSHIPS_BYTES
        if not _kind(name) and size > limit:
            raise Refusal("muy_grande", f"{name}: {size} bytes; el límite es {limit}")


def _check_tree(parts: Mapping[str, bytes]) -> None:
    """Step 4: types and relationships equal what the parts require; each part is reached once, by its type."""
    contents = tuple(name for name in parts if _kind(name))
    for name, expected in _structure(contents).items():
        if parts[name] != expected:
            raise _rewired(f"{name} no es el que corresponde a las partes")
    reached = [WORKBOOK]
    for name in signed_names(parts):
        if name != ROOT and not _kind(name):
            reached += _targets(name, parts[name], contents)
    if sorted(reached) != sorted(contents):
        raise _rewired("una parte no está enlazada exactamente una vez")


def _targets(name: str, part: bytes, contents: tuple[str, ...]) -> list[str]:
    """The parts to which a relationships part leads."""
    owner = _owner(name)
    rows = _rows(name, part)
    if not rows or owner not in contents or len({row.id for row in rows}) != len(rows):
        raise _rewired(f"{name} está vacío, repite filas o no tiene dueño")
    reachable = _reachable(owner, contents)
    try:
        return [reachable[row.type, row.target] for row in rows]
    except KeyError as error:
        raise _rewired(f"{name} lleva a {error}") from error


@lru_cache(maxsize=256)
def _reachable(owner: str, contents: tuple[str, ...]) -> Mapping[tuple[str, str], str]:
    """The contents that a relationship of ``owner`` may lead to, by its type and target."""
    return {
        (_OFFICE + kind.relationship, _relative(target, owner)): target
        for target in contents
        if (kind := _kind(target)) and re.fullmatch(kind.owner, owner)
    }


def _rows(name: str, part: bytes) -> tuple[Row, ...]:
    """The rows of a relationships part, which must be the very bytes ``relationships_part`` writes for them."""
    pieces = part.decode("utf-8", "replace").split("<Relationship ")[1:]
    last = len(pieces) - 1
    rows = []
    for number, piece in enumerate(pieces):
        match = _ROW.fullmatch(piece.removesuffix("</Relationships>") if number == last else piece)
        if not match or (name != ROOT and not _ROW_ID.fullmatch(match[1])):
            raise _rewired(f"{name}: fila {number + 1} ilegible")
        rows.append(Row(*match.groups()))
    if relationships_part(rows) != part:
        raise _rewired(f"{name} no está en forma normal")
    return tuple(rows)


def _row_texts(part: str) -> list[str]:
    return [piece.partition(">")[0] for piece in part.split("<Relationship ")[1:]]


def _written_row(text: str, owner: str) -> Row:
    """A row of our own writer's, in whatever order and spelling it has, with its target made relative."""
    attributes = {key: unescape(value) for key, value in _ATTRIBUTE.findall(text)}
    if attributes.get("TargetMode", "Internal") != "Internal":
        raise ValueError(f"outside link in {owner}: {attributes['Target']}")
    target = posixpath.normpath(posixpath.join("/" + posixpath.dirname(owner), attributes["Target"]))
    return Row(attributes["Id"], attributes["Type"], _relative(target.removeprefix("/"), owner))


def _relative(target: str, owner: str) -> str:
    return posixpath.relpath("/" + target, "/" + posixpath.dirname(owner))


def _rewired(detail: str) -> Refusal:
    return Refusal("estructura_cambiada", detail)
