"""One setting as a line: its words, its control, who set it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from collabdesk.errors import CollabDeskError
from collabdesk.host.settings_declaration import Kind, Setting
from collabdesk.ui.parts import column, holder, row, rule, words
from collabdesk.ui.theme import Look

YES_NO = {"yes": "Yes", "no": "No"}
Keep = Callable[[str, str], object]


class SettingLine(QWidget):
    """A setting that is kept as soon as it is changed; a refusal stands under it."""

    def __init__(self, look: Look, setting: Setting, text: str, origin: str, keep: Keep) -> None:
        """Show a value as it is kept in text, and who set it."""
        super().__init__()
        self.setting, self._keep, self._kept = setting, keep, text
        self.control = _control(setting)
        self.control.setAccessibleName(setting.words)
        self.control.setAccessibleDescription(f"{setting.help} {setting.range_words}")
        self.control.setWhatsThis(f"{setting.help} {setting.range_words}")
        self.control.setMinimumWidth(look.theme.px("size.inspectorMin"))
        self._origin = words(origin, "caption", "secondary", wrap=True)
        self._fault = words("", "caption", "danger", wrap=True)
        self._fault.hide()
        said = column(
            words(setting.words, "bodyStrong", wrap=True),
            words(setting.help, "caption", "secondary", wrap=True),
            gap=0,
        )
        unit = words(setting.unit, ink="secondary")
        entry = column(holder(row(self.control, unit)), self._origin, self._fault, gap=2)
        both = row(holder(said), holder(entry), gap=24)
        both.setStretch(0, 3)
        both.setStretch(1, 2)
        self.setLayout(column(holder(both, 4, 8, 4, 8), rule(), gap=0))
        self.show_value(text, origin)
        self._listen()

    def show_value(self, text: str, origin: str) -> None:
        """Show what is in force."""
        self._kept = text
        self._origin.setText(origin)
        if isinstance(self.control, QComboBox):
            self.control.setCurrentIndex(max(self.control.findData(text), 0))
        else:
            self.control.setText(text)
            self.control.setCursorPosition(0)

    def fix(self, why: str) -> None:
        """Let nobody change it here, and say why."""
        self.control.setEnabled(False)
        self._origin.setText(why)

    def refuse(self, fault: CollabDeskError) -> None:
        """Say under the setting why it was not kept."""
        self._fault.setText(str(fault))
        self._fault.show()

    @property
    def fault(self) -> str:
        """What is said to be wrong."""
        return self._fault.text() if self._fault.isVisibleTo(self) else ""

    def _listen(self) -> None:
        if isinstance(self.control, QComboBox):
            self.control.activated.connect(lambda _place: self._send())
        else:
            self.control.editingFinished.connect(self._send)

    def _send(self) -> None:
        box = self.control
        text = str(box.currentData()) if isinstance(box, QComboBox) else box.text().strip()
        if text == self._kept:
            return
        self._fault.hide()
        try:
            self.setting.parse(text)
            self._keep(self.setting.key, text)
        except CollabDeskError as fault:
            self.refuse(fault)


def _control(setting: Setting) -> QComboBox | QLineEdit:
    choices = YES_NO if setting.kind is Kind.YES_NO else setting.choices
    if not choices:
        return QLineEdit()
    box = QComboBox()
    for key, said in choices.items():
        box.addItem(said, key)
    return box
