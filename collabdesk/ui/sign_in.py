"""Signing in again before something that binds others."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QWidget

from collabdesk.ui.desk import Desk, SignIn
from collabdesk.ui.dialog import Dialog
from collabdesk.ui.form import Field, FieldBox
from collabdesk.ui.page import Surroundings
from collabdesk.ui.parts import words


class SignInDialog(Dialog):
    """Is it you?"""

    signed_in = Signal()

    def __init__(self, around: Surroundings, desk: Desk, wanted: SignIn, parent: QWidget) -> None:
        """Say why it is asked, and ask for the passphrase or the role."""
        super().__init__(around.look, "Is it you?", "small", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._around, self._desk = around, desk
        question = wanted.question
        self.body.addWidget(words(question.why, wrap=True))
        held = _held(question.minutes)
        self.box = FieldBox(around, Field("answer", question.asked, hint=held, required=True))
        self.answer = QLineEdit()
        if isinstance(self.box.control, QLineEdit):
            self.answer = self.box.control
        if question.way == "passphrase":
            self.answer.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(self.box)
        self.verb = self.add_button("Sign in", QDialogButtonBox.ButtonRole.ApplyRole, primary=True)
        self.add_button("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.verb.clicked.connect(lambda _on=False: self.send())
        self.answer.setFocus(Qt.FocusReason.OtherFocusReason)

    def send(self) -> None:
        """Look whether the answer is right; opening sealed keys takes a moment."""
        self.box.fault = ""
        self.verb.setEnabled(False)
        typed, presence = self.answer.text(), self._desk.presence
        self._around.readers.read(
            self, lambda: presence.answer(typed), lambda _none: self._right(), self._wrong
        )

    def _right(self) -> None:
        self.accept()
        self.signed_in.emit()

    def _wrong(self, fault: Exception) -> None:
        self.verb.setEnabled(True)
        explained = self._around.explainer.explain(fault)
        self.box.fault = f"{explained.happened} {explained.remedy}".strip()
        self.answer.selectAll()
        self.answer.setFocus(Qt.FocusReason.OtherFocusReason)


def ask_to_sign_in(around: Surroundings, desk: Desk, wanted: SignIn, window: QWidget) -> None:
    """Ask over whatever wanted it; then go on, or give up and say so."""
    owner = wanted.owner
    over = owner if isinstance(owner, QWidget) and owner.isVisible() else window
    dialog = SignInDialog(around, desk, wanted, over)
    dialog.finished.connect(lambda _how: over.window().activateWindow())
    dialog.signed_in.connect(wanted.then)
    dialog.rejected.connect(wanted.given_up)
    dialog.open()


def _held(minutes: int) -> str:
    if not minutes:
        return "You are asked each time; the lead provider set it so."
    return f"You are not asked again for {minutes} minute{'' if minutes == 1 else 's'}."
