"""Decisions about partners and laptops: signed in for, then signed between two exchanges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from collabdesk.ui.desk import Desk
from collabdesk.ui.form import Field, FormDialog
from collabdesk.ui.house import House
from collabdesk.ui.page import Surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collabdesk.services.workspace import Workspace

T = TypeVar("T")
Work = Callable[["Workspace"], str]
"""Something to sign, which returns in words what it did."""


@dataclass(frozen=True)
class Question:
    """A decision as a form: what is asked, its verb, its fields, and what is signed then."""

    asked: str
    verb: str
    said: str
    fields: Sequence[Field]
    sign: Callable[[dict[str, str]], Work]


class Decider(QObject):
    """Signs what people decide here, one decision at a time, off the window's thread."""

    decided = Signal(str)
    """Something was signed: what, in words."""
    refused = Signal(object)

    def __init__(self, around: Surroundings, desk: Desk, house: House, page: QWidget) -> None:
        """Decide over a page."""
        super().__init__(page)
        self.around, self.desk, self.house, self.page = around, desk, house, page
        self.dialog: QDialog | None = None

    def decide(
        self,
        owner: QObject,
        work: Work,
        done: Callable[[], object] | None = None,
        refused: Callable[[Exception], object] | None = None,
    ) -> None:
        """Sign something once the person has signed in; say what it did."""

        def told(said: str) -> None:
            if done is not None:
                done()
            self.decided.emit(said)

        self.run(owner, work, told, refused or self.refused.emit)

    def run(
        self,
        owner: QObject,
        work: Callable[[Workspace], T],
        done: Callable[[T], object],
        refused: Callable[[Exception], object],
    ) -> None:
        """Sign something once the person has signed in."""
        workspace = self.desk.workspace

        def go_on() -> None:
            self.house.sharing.run(owner, lambda: work(workspace), done, refused)

        self.desk.sure(owner, go_on, refused)

    def read(
        self,
        owner: QObject,
        work: Callable[[Workspace], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Look something up off the window's thread."""
        workspace = self.desk.workspace
        self.around.readers.read(owner, lambda: work(workspace), done, failed or self.refused.emit)

    def ask(self, question: Question) -> None:
        """Ask a question over the page."""
        self.open(DecisionForm(self, question))

    def open(self, dialog: QDialog) -> None:
        """Open a dialog without waiting for its answer."""
        self.dialog = dialog
        dialog.finished.connect(lambda _how: self._close(dialog))
        dialog.open()

    def _close(self, dialog: QDialog) -> None:
        if self.dialog is dialog:
            self.dialog = None
        dialog.deleteLater()


class DecisionForm(FormDialog):
    """A form whose verb signs a decision."""

    def __init__(self, decider: Decider, question: Question) -> None:
        """Ask over the window of the page."""
        self._decider = decider
        super().__init__(
            decider.around,
            decider.desk,
            question.asked,
            question.verb,
            question.fields,
            lambda values: question.sign(dict(values)),
            said=question.said,
            parent=decider.page.window(),
        )

    def carry_out(self, command: object) -> None:
        """Sign instead of sending a command."""
        if callable(command):
            self._decider.decide(self, command, self.accept, self.refuse)
