"""Admitting laptops by the words read out over the telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from collabdesk.errors import CollabDeskError
from collabdesk.ui.dialog import Dialog
from collabdesk.ui.form import Field, FieldBox
from collabdesk.ui.messages import Banner
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import words

if TYPE_CHECKING:
    from collabdesk.services.workspace import Workspace
    from collabdesk.ui.house import House

WAYS = (
    "The person at the other laptop reads its eight words to you. Type them as you hear them; "
    "the first four letters of each are enough."
)


class InviteDialog(Dialog):
    """Which laptop do you admit?"""

    admitted = Signal(object)
    """The laptops admitted, in words."""

    def __init__(
        self, around: Surroundings, house: House, workspace: Workspace, parent: QWidget
    ) -> None:
        """Ask for the words of one or two laptops."""
        super().__init__(around.look, "Which laptop do you admit?", "medium", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._around, self._house, self._workspace = around, house, workspace
        self.words = FieldBox(around, Field("words", "Its eight words", hint=WAYS, required=True))
        self.more = FieldBox(
            around,
            Field("more", "Eight words of another laptop", hint="Only to admit two at once."),
        )
        self.banner = Banner(around.look)
        join = words(
            f"They join with this workspace's words: "
            f"{' '.join(house.doors.workspace_words(workspace))}",
            ink="secondary",
            wrap=True,
        )
        for thing in (self.banner, self.words, self.more, join):
            self.body.addWidget(thing)
        self.verb = self.add_button("Admit", QDialogButtonBox.ButtonRole.ApplyRole, primary=True)
        self.add_button("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.verb.clicked.connect(lambda _on=False: self.send())
        self.words.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def send(self) -> None:
        """Look for the laptops and admit them."""
        self.words.fault = self.more.fault = ""
        self.banner.hide()
        typed = [box.text for box in (self.words, self.more) if box.text.strip()] or [""]
        self.verb.setEnabled(False)
        doors, workspace = self._house.doors, self._workspace
        self._around.readers.read(
            self, lambda: doors.enrol(workspace, typed), self._done, self._refuse
        )

    def _done(self, admitted: tuple[str, ...]) -> None:
        self.accept()
        self.admitted.emit(admitted)

    def _refuse(self, fault: Exception) -> None:
        self.verb.setEnabled(True)
        explained = self._around.explainer.explain(fault)
        if isinstance(fault, CollabDeskError) and fault.field == "words":
            self.words.fault = f"{explained.happened} {explained.remedy}".strip()
            self.words.control.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.banner.refuse(explained)
