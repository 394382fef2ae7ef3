"""A choice of one with every option in sight, each with a line of explanation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from collabdesk.ui.parts import column, holder, words

_INDENT = 24


class Radios(QWidget):
    """Options one under the other; arrow keys go from one to the next."""

    def __init__(self, options: Sequence[tuple[str, str]], told: Sequence[str]) -> None:
        """Offer keys by their words, each with what it means below it."""
        super().__init__()
        self._group = QButtonGroup(self)
        self.options: dict[str, QRadioButton] = {}
        lines: list[QWidget] = []
        for (key, said), meaning in zip(options, told, strict=True):
            one = QRadioButton(said)
            one.setAccessibleName(said)
            one.setAccessibleDescription(meaning)
            below = words(meaning, "caption", "secondary", wrap=True)
            self._group.addButton(one)
            self.options[key] = one
            lines.append(holder(column(one, holder(column(below), _INDENT, 0, 0, 0), gap=0)))
        self.setLayout(column(*lines, gap=8))

    @property
    def chosen(self) -> str:
        """The key of the one chosen, empty while none is."""
        return next((key for key, one in self.options.items() if one.isChecked()), "")

    def choose(self, key: str) -> None:
        """Choose one by its key."""
        if key in self.options:
            self.options[key].setChecked(True)
            self.setFocusProxy(self.options[key])
