"""The one form: labelled fields, a verb, and each refusal at the field it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from collabdesk.errors import CollabDeskError
from collabdesk.ui.desk import Desk
from collabdesk.ui.dialog import Dialog, Size
from collabdesk.ui.grid import GridColumn, Kind
from collabdesk.ui.messages import Banner
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import Picture, holder, row, words
from collabdesk.ui.radios import Radios
from collabdesk.ui.theme import Look
from collabdesk.ui.theme.tokens import LARGE_TEXT

if TYPE_CHECKING:
    from collabdesk.services.workspace import Done

Shape = Literal["line", "text", "day", "choice", "radio", "tick"]
Values = Mapping[str, str]
Make = Callable[[Values], object]
YES: Final = "yes"
_LINES: Final = 3
_PART: Final = 0.3
_SHORTEST: Final = 12
"""Signs a choice shows at least; its longest entry does not make a form wider."""


@dataclass(frozen=True)
class Field:
    """One question of a form; `half` lets two stand side by side.

    `told` explains each of the choices where all of them are in sight.
    """

    key: str
    label: str
    shape: Shape = "line"
    hint: str = ""
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    half: bool = False
    told: tuple[str, ...] = ()


def day(values: Values, key: str) -> dt.date | None:
    """Read a date as typed, as 07/04/2026; nothing typed is no date. Raises Refusal."""
    found = GridColumn(key, key, kind=Kind.DATE).parse(values[key])
    return found if isinstance(found, dt.date) else None


def day_text(date: dt.date | None) -> str:
    """Write a date as a field takes it."""
    return f"{date:%d/%m/%Y}" if date else ""


class FieldBox(QWidget):
    """Label, control, and what is wrong with what stands in it."""

    def __init__(self, around: Surroundings, asked: Field) -> None:
        """Build the control of the field's shape."""
        super().__init__()
        self.asked = asked
        self.control = _control(around, asked)
        said = f"{asked.label}, required" if asked.required else asked.label
        self.control.setAccessibleName(said)
        self.control.setAccessibleDescription(asked.hint)
        self._sign = Picture(around.look, "refused", "mark.danger", "icon.control")
        self._fault = words("", "caption", "danger", wrap=True)
        self._faulty = holder(row(self._sign, self._fault, gap=4))
        self._faulty.layout().setStretch(1, 1)  # type: ignore[union-attr] # row() made it
        self._faulty.hide()
        self.setLayout(_stacked(self, asked))
        self.text = asked.value

    @property
    def faulty(self) -> QWidget:
        """The line with what is wrong."""
        return self._faulty

    @property
    def text(self) -> str:
        """What stands in the control."""
        match self.control:
            case QPlainTextEdit():
                return self.control.toPlainText()
            case QComboBox():
                return str(self.control.currentData() or "")
            case Radios():
                return self.control.chosen
            case QCheckBox():
                return YES if self.control.isChecked() else ""
            case QLineEdit():
                return self.control.text()
        return ""

    @text.setter
    def text(self, text: str) -> None:
        match self.control:
            case QPlainTextEdit():
                self.control.setPlainText(text)
            case QComboBox():
                self.control.setCurrentIndex(max(self.control.findData(text), 0))
            case Radios():
                self.control.choose(text)
            case QCheckBox():
                self.control.setChecked(bool(text))
            case QLineEdit():
                self.control.setText(text)

    @property
    def fault(self) -> str:
        """What is said to be wrong."""
        return self._fault.text()

    @fault.setter
    def fault(self, said: str) -> None:
        self._fault.setText(said)
        self._faulty.setVisible(bool(said))
        self.control.setAccessibleDescription(said or self.asked.hint)


def _control(around: Surroundings, asked: Field) -> QWidget:
    if asked.shape == "text":
        area = QPlainTextEdit()
        area.setTabChangesFocus(True)
        area.setFixedHeight(around.look.theme.px("size.chip") * _LINES + 14)
        return area
    if asked.shape == "choice":
        box = QComboBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(_SHORTEST)
        for key, said in asked.choices:
            box.addItem(said, key)
        return box
    if asked.shape == "radio":
        return Radios(asked.choices, asked.told)
    if asked.shape == "tick":
        return QCheckBox(asked.label)
    line = QLineEdit()
    line.setPlaceholderText("dd/mm/yyyy" if asked.shape == "day" else "")
    return line


def _stacked(box: FieldBox, asked: Field) -> QGridLayout:
    cells = QGridLayout()
    cells.setContentsMargins(4, 4, 4, 4)
    cells.setVerticalSpacing(4)
    label = words(asked.label, "bodyStrong")
    label.setBuddy(box.control)
    need = words("required" if asked.required else "", "caption", "secondary")
    if asked.shape != "tick":
        cells.addWidget(label, 0, 0)
        cells.addWidget(need, 0, 1, Qt.AlignmentFlag.AlignRight)
    cells.addWidget(box.control, 1, 0, 1, 2)
    hint: QLabel = words(asked.hint, "caption", "secondary", wrap=True)
    if not asked.hint:
        hint.hide()
    cells.addWidget(hint, 2, 0, 1, 2)
    cells.addWidget(box.faulty, 3, 0, 1, 2)
    cells.setColumnStretch(0, 1)
    cells.setRowStretch(4, 1)
    return cells


class _Sheet(QScrollArea):
    """The fields; they scroll only where the screen is too low for them."""

    def __init__(self, look: Look, fields: QWidget) -> None:
        super().__init__()
        self._look = look
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        fields.setProperty("ground", "page")
        self.setWidget(fields)

    def sizeHint(self) -> QSize:
        """Ask for the height of the fields, as far as the screen has it."""
        inside = self.widget()
        layout = inside.layout()
        wide = max(inside.width(), inside.sizeHint().width())
        high = inside.sizeHint().height()
        if layout is not None and layout.hasHeightForWidth():
            high = max(high, layout.totalHeightForWidth(wide))
        return QSize(wide, min(high, round(self.screen().availableSize().height() * 0.62)))

    def minimumSizeHint(self) -> QSize:
        """Ask for that height at least, so that the form grows with what is said in it.

        With large text a low screen has no room for that: then a part of it must do.
        """
        high = self.sizeHint().height()
        if self._look.theme.text_size >= LARGE_TEXT:
            high = min(high, round(self.screen().availableSize().height() * _PART))
        return QSize(0, high)


class FormDialog(Dialog):
    """A form that sends a command; what was typed is kept when it is closed unsent."""

    sent = Signal(object)
    """The command was carried out: `services.workspace.Done`."""

    def __init__(  # noqa: PLR0913, PLR0917 what a form is declared with
        self,
        around: Surroundings,
        desk: Desk,
        question: str,
        verb: str,
        fields: Sequence[Field],
        make: Make,
        *,
        draft: MutableMapping[str, str] | None = None,
        said: str = "",
        size: Size = "medium",
        parent: QWidget | None = None,
    ) -> None:
        """Ask for the fields; `make` turns what was typed into a command."""
        super().__init__(around.look, question, size, parent)
        self._around, self._desk, self._make = around, desk, make
        self._draft = {} if draft is None else draft
        self.boxes = {asked.key: FieldBox(around, asked) for asked in fields}
        for key, text in self._draft.items():
            if key in self.boxes:
                self.boxes[key].text = text
        self.banner = Banner(around.look)
        self.body.addWidget(self.banner)
        if said:
            self.body.addWidget(words(said, ink="secondary", wrap=True))
        self._sheet = _Sheet(around.look, self._laid_out())
        self.body.addWidget(self._sheet, 1)
        self.verb = self.add_button(verb, QDialogButtonBox.ButtonRole.ApplyRole, primary=True)
        self.add_button("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.verb.clicked.connect(lambda _on=False: self.send())
        first = next((box.control for box in self.boxes.values()), self.verb)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _laid_out(self) -> QWidget:
        self._cells = QGridLayout()
        self._cells.setContentsMargins(0, 0, 0, 0)
        self._cells.setHorizontalSpacing(8)
        self._cells.setColumnStretch(0, 1)
        self._cells.setColumnStretch(1, 1)
        self._lay_out(list(self.boxes.values()))
        return holder_of(self._cells)

    def ask_only(self, keys: Container[str]) -> None:
        """Ask for these fields alone; what stands in the others is kept."""
        asked = [box for key, box in self.boxes.items() if key in keys]
        for box in self.boxes.values():
            self._cells.removeWidget(box)
            box.setVisible(box in asked)
        self._lay_out(asked)
        self._sheet.updateGeometry()

    def _lay_out(self, boxes: Sequence[FieldBox]) -> None:
        cells = self._cells
        for place in range(cells.rowCount()):
            cells.setRowStretch(place, 0)
        line, right = 0, False
        for box in boxes:
            half = box.asked.half
            line += right and not half
            cells.addWidget(box, line, int(right and half), 1, 1 if half else 2)
            right = half and not right
            line += not right
        cells.setRowStretch(line + 1, 1)

    @property
    def values(self) -> dict[str, str]:
        """What stands in the fields."""
        return {key: box.text for key, box in self.boxes.items()}

    def send(self) -> None:
        """Send the command; a refusal stands at its field and nothing typed is lost."""
        self._clear()
        try:
            command = self._make(self.values)
        except CollabDeskError as refusal:
            self.refuse(refusal)
            return
        self.verb.setEnabled(False)
        self.carry_out(command)

    def carry_out(self, command: object) -> None:
        """Send the command to the desk; a form that decides otherwise says so here."""
        self._desk.submit(self, command, self._sent, self.refuse)

    def refuse(self, fault: Exception) -> None:
        """Say at the field, or over the form, why it was not done."""
        self.verb.setEnabled(True)
        explained = self._around.explainer.explain(fault)
        key = fault.field if isinstance(fault, CollabDeskError) else ""
        box = self.boxes.get(key)
        if box is None:
            self.banner.refuse(explained)
        else:
            box.fault = f"{explained.happened} {explained.remedy}".strip()
            box.control.setFocus(Qt.FocusReason.OtherFocusReason)
            self._sheet.ensureWidgetVisible(box)
        self._sheet.updateGeometry()

    def reject(self) -> None:
        """Close; what was typed stands here again next time."""
        self._draft.update(self.values)
        super().reject()

    def _clear(self) -> None:
        self.banner.hide()
        for box in self.boxes.values():
            box.fault = ""

    def _sent(self, done: Done) -> None:
        self._draft.clear()
        self.accept()
        self.sent.emit(done)


def holder_of(cells: QGridLayout) -> QWidget:
    """Return a plain widget round a grid of fields."""
    made = QWidget()
    made.setLayout(cells)
    return made
