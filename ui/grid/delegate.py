"""How a cell is painted and edited: zone chips, the mark of a problem, and the same inputs as in the forms."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from peti_desktop.records.fields import Field, Severity
from peti_desktop.records.record import Record
from ui import theme
from ui.chips import paint_zone_chip
from ui.grid.model import PROBLEMS, ZONE, RecordModel
from ui.inputs import (
    BLANKS,
    ChoiceInput,
    Input,
    LineInput,
    LinkInput,
    Links,
    NoteInput,
    SpokenInput,
    blank_of,
    make_input,
    raw_of,
)

AnyIndex = QModelIndex | QPersistentModelIndex
EndEditHint: TypeAlias = QStyledItemDelegate.EndEditHint
MARK: Final = 9
ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
ENDED, MAY_BE_NA = "ended", "may_be_na"
"""Properties of an editor in a cell: it was closed; its field takes the blanks."""


class CellDelegate(QStyledItemDelegate):
    """``edited(row, field name, raw)`` when somebody finished changing a cell."""

    edited = Signal(int, str, str)

    def __init__(self, links: Mapping[str, Links], keeper: QObject) -> None:
        super().__init__(keeper)
        self._links = links

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        zone = theme.tones(option.palette).zones.get(str(index.data(ZONE)))  # type: ignore[attr-defined]
        if zone is None:
            super().paint(painter, option, index)
        else:
            self._paint_zone(painter, option, index, zone)
        problems = index.data(PROBLEMS)
        if problems:
            self._paint_mark(painter, option, problems[0].severity)

    def _paint_zone(
        self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex, zone: theme.ZoneLook
    ) -> None:
        empty = QStyleOptionViewItem(option)
        self.initStyleOption(empty, index)
        empty.text = ""  # type: ignore[attr-defined]
        style = option.widget.style()  # type: ignore[attr-defined]
        style.drawControl(style.ControlElement.CE_ItemViewItem, empty, painter, option.widget)  # type: ignore[attr-defined]
        look = theme.tones(option.palette)  # type: ignore[attr-defined]
        chosen = bool(option.state & style.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        painter.setPen(QColor(look.on_accent_soft if chosen else look.text))
        where = QRectF(option.rect).adjusted(8, 0, 0, 0)  # type: ignore[attr-defined]
        paint_zone_chip(painter, where, zone, QFont(option.font))  # type: ignore[attr-defined]
        painter.restore()

    def _paint_mark(self, painter: QPainter, option: QStyleOptionViewItem, severity: Severity) -> None:
        """A filled corner stops, a hollow one warns: shape first, colour second."""
        look = theme.tones(option.palette)  # type: ignore[attr-defined]
        colour = QColor(look.stops if severity is Severity.STOPS else look.warns)
        corner = QPointF(option.rect.topRight()) + QPointF(1, 0)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colour)
        painter.setBrush(colour if severity is Severity.STOPS else Qt.BrushStyle.NoBrush)
        painter.drawPolygon(QPolygonF([corner, corner - QPointF(MARK, 0), corner + QPointF(0, MARK)]))
        painter.restore()

    def createEditor(self, over: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:  # noqa: ARG002
        model = _model(index)
        field = model.columns[index.column()]
        made = make_input(field, model.catalogues, self._links.get(field.name), over)
        made.setProperty(MAY_BE_NA, field.may_be_na)
        if isinstance(made, ChoiceInput):
            made.picked.connect(lambda _code: self._finish(made))
        return made

    def _finish(self, made: Input, hint: EndEditHint = EndEditHint.NoHint) -> None:
        """Take what is written and close the editor, once: a list tells its choice and lets the key through."""
        if not made.property(ENDED):
            made.setProperty(ENDED, True)
            self.commitData.emit(made)
            self.closeEditor.emit(made, hint)

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        assert isinstance(editor, LineInput | SpokenInput | NoteInput | ChoiceInput)
        raw = _raw(index)
        editor.set_raw(raw)
        if isinstance(editor, ChoiceInput):
            editor.line.selectAll()
        else:
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:  # noqa: ARG002
        assert isinstance(editor, LineInput | SpokenInput | NoteInput | ChoiceInput)
        raw = editor.raw()
        if isinstance(editor, LinkInput) and raw and raw not in BLANKS and editor.code is None:
            return  # half a name is no record
        if raw != _raw(index):
            self.edited.emit(index.row(), _model(index).columns[index.column()].name, raw)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:  # noqa: ARG002
        where = option.rect  # type: ignore[attr-defined]
        if isinstance(editor, NoteInput):
            # A note needs room: its editor is wider and higher than its cell, as far as the table reaches.
            where.setHeight(editor.height())
            where.setWidth(max(where.width(), 320))
        editor.setGeometry(where)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(editor, QWidget):
            assert isinstance(editor, LineInput | SpokenInput | NoteInput | ChoiceInput)
            if self._ends(editor, event):
                return True
        return super().eventFilter(editor, event)

    def _ends(self, editor: LineInput | SpokenInput | NoteInput | ChoiceInput, event: QKeyEvent) -> bool:
        """End the cell at Enter, and at the key of a blank.

        Qt would end it later, after keys that are already waiting, and then a second time.
        """
        if editor.property(ENDED):
            return True
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTER and not held:
            note = isinstance(editor, NoteInput)  # Shift+Enter breaks its line
            self._finish(editor, EndEditHint.NoHint if note else EndEditHint.SubmitModelCache)
            return True
        blank = blank_of(event) if editor.property(MAY_BE_NA) else None
        if blank is None:
            return False
        editor.set_raw(blank.value)
        self._finish(editor)
        return True


def _model(index: AnyIndex) -> RecordModel:
    model = index.model()
    assert isinstance(model, RecordModel)
    return model


def raw_text(model: RecordModel, record: Record, field: Field) -> str:
    """What an editor of the cell starts from: the draft, else the value as it is typed."""
    if field.name in record.drafts:
        return record.drafts[field.name]
    if field.name not in model.record_type.by_name:
        return model.text(record, field)
    return raw_of(field, record.values.get(field.name), model.catalogues)


def _raw(index: AnyIndex) -> str:
    model = _model(index)
    return raw_text(model, model.record(index.row()), model.columns[index.column()])
