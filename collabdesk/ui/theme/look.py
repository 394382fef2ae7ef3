"""The look in force: widgets hold it, ask it by role and redraw when it changes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from collabdesk.ui.theme.palette import palette_for, roles_from, system_contrast_is_on
from collabdesk.ui.theme.stylesheet import stylesheet_for
from collabdesk.ui.theme.tokens import Theme, Tokens, load_tokens


class Look(QObject):
    """One theme for the whole application."""

    changed = Signal()

    def __init__(self, tokens: Tokens | None = None, parent: QObject | None = None) -> None:
        """Start in light at 100 %; nothing is applied before `use`."""
        super().__init__(parent)
        self._tokens = tokens or load_tokens()
        self._theme = Theme(self._tokens)

    @property
    def theme(self) -> Theme:
        """The theme in force."""
        return self._theme

    def use(self, name: str = "light", text_size: int = 100) -> None:
        """Apply a theme and a text size; a contrast theme of the computer goes first."""
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            return
        if system_contrast_is_on():
            self._theme = self._from_system(application.palette(), text_size)
        else:
            self._theme = Theme(self._tokens, name, text_size)
            application.setPalette(palette_for(self._theme))
        application.setFont(self._theme.font())
        sheet = stylesheet_for(self._theme)
        # Every widget there is gets its style anew, which takes long: not for the same sheet.
        if application.styleSheet() != sheet:
            application.setStyleSheet(sheet)
        self.changed.emit()

    def _from_system(self, palette: QPalette, text_size: int) -> Theme:
        roles = list(self._tokens.colours("light"))
        return Theme(self._tokens, "system", text_size, roles_from(palette, roles))
