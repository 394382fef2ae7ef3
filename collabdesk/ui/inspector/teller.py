"""Asks who says so: the history of a record, told in the inspector, down to its change sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QWidget

from collabdesk.services.figures import history
from collabdesk.ui.desk import Desk
from collabdesk.ui.inspector.history import HistoryEntry
from collabdesk.ui.inspector.inspector import Inspector, Subject
from collabdesk.ui.inspector.signed import Telling, entries
from collabdesk.ui.workers import Ticket

if TYPE_CHECKING:
    from collabdesk.services.figures import Signed

Refuse = Callable[[Exception], None]


class Teller:
    """Fills one inspector; an older answer never comes after a newer one."""

    def __init__(self, desk: Desk, panel: Inspector, owner: QWidget, refuse: Refuse) -> None:
        """Tell in a panel on behalf of a page."""
        self.panel = panel
        self.shown: QDialog | None = None
        self._desk, self._owner, self._refuse = desk, owner, refuse
        self._signed: Sequence[Signed] = ()
        self._ticket: Ticket | None = None
        panel.change_set_wanted.connect(self._show_change_set)

    def tell(self, row: bytes, subject: Subject, telling: Telling) -> None:
        """Show a subject with the history of its record."""
        if self._ticket is not None:
            self._ticket.drop()

        def show(signed: Sequence[Signed]) -> None:
            self._signed = signed
            told: Sequence[HistoryEntry] = entries(signed, self._desk, telling)
            self.panel.show_subject(replace(subject, history=told))

        self._ticket = self._desk.ask(self._owner, history, row, done=show, failed=self._refuse)

    def say_nothing(self) -> None:
        """Nothing is chosen."""
        if self._ticket is not None:
            self._ticket.drop()
        self.panel.say_nothing()

    def _show_change_set(self, segment: object) -> None:
        from collabdesk.ui.budgets.change_set import ChangeSetDialog

        found = next((one for one in self._signed if one.author.segment == segment), None)
        if found is not None:
            self.shown = ChangeSetDialog(self.panel.look, self._desk, found, self._owner)
            self.shown.open()
